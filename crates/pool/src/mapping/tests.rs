//! Rows are mapped, or rejected with a reason that a data steward can act on.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{Date32Type, Float64Type};
use datafusion::logical_expr::ident;
use interplay_compile::catalog::{
    CodeList, Conflict, Field, FieldType, Format, MapCondition, MapExpr, Mapping, Record,
    RecordTiming, Requirement, Source,
};
use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::BinaryOperator;

use super::{Fault, Mapped, Mapper, identifier};
use crate::key::Key;
use crate::source::{self, Place};

mod moments;

pub(crate) fn spanned<T>(item: T) -> Spanned<T> {
    Spanned::new(item, Span::default())
}

pub(crate) fn column(name: &str) -> MapExpr {
    MapExpr::Column(name.to_owned())
}

pub(crate) fn pseudonym(columns: &[&str]) -> MapExpr {
    MapExpr::Pseudonym(columns.iter().map(|name| spanned(column(name))).collect())
}

pub(crate) fn recode(name: &str, rows: &[(&str, &str)], otherwise: Option<MapExpr>) -> MapExpr {
    let text = |text: &str| MapExpr::Text(text.to_owned());
    let rows = rows.iter().map(|(from, to)| ((*from).to_owned(), text(to))).collect();
    let value = Box::new(spanned(column(name)));
    MapExpr::Recode { value, rows, otherwise: otherwise.map(Box::new) }
}

pub(crate) fn format(name: &str, location: &str, options: &[(&str, &str)]) -> Format {
    let written = |text: &str| spanned(text.to_owned());
    let options = options.iter().map(|(name, value)| (written(name), written(value))).collect();
    Format { name: written(name), location: written(location), options }
}

pub(crate) fn source(name: &str, record: &str, from: Format, map: Vec<(&str, MapExpr)>) -> Source {
    let map = map
        .into_iter()
        .map(|(field, value)| Mapping { field: field.to_owned(), value: spanned(value) });
    Source {
        name: name.to_owned(),
        organisation: name.split('.').next().unwrap_or_default().to_owned(),
        record: record.to_owned(),
        from,
        covers: None,
        timezone: None,
        due: None,
        received: Vec::new(),
        map: map.collect(),
        require: Vec::new(),
        span: Span::default(),
    }
}

pub(crate) fn field(name: &str, kind: FieldType, optional: bool) -> Field {
    Field { name: name.to_owned(), kind, optional }
}

pub(crate) fn stay() -> Record {
    Record {
        name: "stay".to_owned(),
        title: None,
        subject: "person".to_owned(),
        anonymous: false,
        timing: RecordTiming::During { start: "arrived".to_owned(), end: "left".to_owned() },
        without_overlap: false,
        key: Vec::new(),
        fields: vec![
            field("arrived", FieldType::Date, false),
            field("left", FieldType::Date, true),
            field("place", FieldType::Code("living_situation".to_owned()), true),
            field("hours", FieldType::Number(None), true),
        ],
        span: Span::default(),
    }
}

pub(crate) fn profile() -> Record {
    Record {
        name: "profile".to_owned(),
        title: None,
        subject: "person".to_owned(),
        anonymous: false,
        timing: RecordTiming::Once(Conflict::Agree),
        without_overlap: false,
        key: Vec::new(),
        fields: vec![field("gender", FieldType::Text, true)],
        span: Span::default(),
    }
}

pub(crate) fn codes() -> BTreeMap<String, CodeList> {
    let name = "living_situation".to_owned();
    let codes = ["emergency", "temporary", "housed"].map(|code| (code.to_owned(), String::new()));
    let list = CodeList {
        name: name.clone(),
        title: None,
        codes: codes.to_vec(),
        groups: BTreeMap::new(),
        translations: BTreeMap::new(),
        tree: None,
        span: Span::default(),
    };
    BTreeMap::from([(name, list)])
}

const OPTIONS: &[(&str, &str)] =
    &[("dates", "day/month/year"), ("decimal", ","), ("separator", ";")];

fn stays() -> Source {
    let minutes = column("Minuten");
    let hours = MapExpr::Arithmetic {
        operator: BinaryOperator::Divide,
        left: Box::new(spanned(minutes)),
        right: Box::new(spanned(MapExpr::Number(60.0))),
    };
    let soort = recode("Soort", &[("nacht", "emergency"), ("huis", "house")], None);
    source(
        "night_shelter.stays",
        "stay",
        format("csv", "stays.csv", OPTIONS),
        vec![
            ("person", pseudonym(&["Client nr."])),
            ("arrived", column("Datum in")),
            ("left", column("Datum uit")),
            ("place", soort),
            ("hours", hours),
        ],
    )
}

fn mapped(source: &Source, text: &str) -> Result<Mapped, Vec<String>> {
    mapped_to(&stay(), "one delivery", source, text)
}

fn mapped_to(
    record: &Record,
    delivery: &str,
    source: &Source,
    text: &str,
) -> Result<Mapped, Vec<String>> {
    let format = source::format(&source.from.name.item).unwrap();
    let Place::Files(read) = format.place else { panic!("a format of files") };
    let reading = source::reading(format, &source.from).unwrap();
    let raw = read(&Bytes::from(text.to_owned()), &reading).unwrap();
    let (codes, key, delivery) = (codes(), Key::Demonstration, delivery.to_owned());
    let (codes, reading, key) = (&codes, &reading, &key);
    let mapper = Mapper { source, record, codes, reading, key, delivery };
    Ok(mapper.map(&raw)?.unwrap())
}

fn reasons(faults: &[Fault]) -> Vec<String> {
    faults
        .iter()
        .map(|fault| {
            let value = fault.value.as_deref().unwrap_or("-");
            format!("{} {} [{value}] {}", fault.line, fault.field, fault.reason)
        })
        .collect()
}

const HEADER: &str = "Client nr.;Datum in;Datum uit;Soort;Minuten\n";

#[test]
fn rows_are_mapped_by_the_words_of_their_source() {
    let rows = "05.06.01-123.45;31/01/2025;;nacht;90,5\n050601 123 45;1/2/2025;02/02/2025;;\n";
    let mapped = mapped(&stays(), &format!("{HEADER}{rows}")).unwrap();
    assert_eq!(reasons(&mapped.faults), [""; 0]);
    assert_eq!((mapped.read_count, mapped.rejected_count, mapped.subjects.len()), (2, 0, 2));
    assert_eq!(mapped.subjects.value(0), mapped.subjects.value(1));
    assert_eq!(mapped.subjects.value(0).len(), 32);
    let days = mapped.fields.column(0).as_primitive::<Date32Type>();
    assert_eq!(days.values(), &[20_119, 20_120]);
    assert_eq!(mapped.fields.column(1).as_primitive::<Date32Type>().null_count(), 1);
    assert_eq!(mapped.fields.column(2).as_string::<i32>().value(0), "emergency");
    let hours = mapped.fields.column(3).as_primitive::<Float64Type>();
    assert!((hours.value(0) - 90.5 / 60.0).abs() < 1e-12);
}

#[test]
fn every_fault_of_every_row_is_told_and_nobody_is_shown() {
    let rows = "a1;31/02/2025;1.2.25;dag;1.5\n;01/01/2025;;nacht;3\nb2;;;huis;\nc3;05/01/2025;04/01/2025;;\n\
                d4;01/01/2025\ne5;01/01/2025;01/01/2025;nacht;1\n";
    let mapped = mapped(&stays(), &format!("{HEADER}{rows}")).unwrap();
    assert_eq!(
        reasons(&mapped.faults),
        [
            "2 arrived [31/02/2025] \"31/02/2025\" in `Datum in` is no date of the form \
             day/month/year",
            "2 hours [1.5] \"1.5\" in `Minuten` is no number with the decimal sign `,`",
            "2 left [1.2.25] \"1.2.25\" in `Datum uit` is no date of the form day/month/year",
            "2 place [aaa] \"aaa\" in `Soort` is not one that the source recodes",
            "3 person [-] it is not known whose row it is: the person is missing",
            "4 arrived [-] `arrived` is missing",
            "4 place [house] \"house\" is not on the list `living_situation`",
            "5 left [-] `left` lies before `arrived`",
            "6  [-] the row has 2 cells where the header has 5",
        ]
    );
    assert_eq!((mapped.read_count, mapped.rejected_count, mapped.subjects.len()), (6, 5, 1));
}

#[test]
fn each_row_of_an_anonymous_subject_is_one_by_itself_and_keeps_its_name() {
    let anonymous = Record { anonymous: true, ..stay() };
    let rows = "x;31/01/2025;;nacht;90\nx;31/01/2025;;nacht;90\nx;bad;;nacht;90\nx;01/02/2025;;;\n";
    let named = |delivery: &str| -> Vec<String> {
        let found = mapped_to(&anonymous, delivery, &stays(), &format!("{HEADER}{rows}")).unwrap();
        found.subjects.iter().flatten().map(str::to_owned).collect()
    };
    let (names, again, other) = (named("one"), named("one"), named("another"));
    assert_eq!(names, again);
    let all: BTreeSet<&String> = names.iter().chain(&other).collect();
    assert_eq!((names.len(), all.len()), (3, 6));
}

#[test]
fn an_end_that_should_be_known_is_told_from_one_that_is_to_come() {
    let mut source = stays();
    let condition = MapCondition::And(
        Box::new(MapCondition::In(spanned(column("Soort")), vec!["weg".to_owned()])),
        Box::new(MapCondition::IsMissing(spanned(column("Datum uit")))),
    );
    let rows = vec![(condition, MapExpr::Unknown)];
    let otherwise = Box::new(column("Datum uit"));
    source.map[2].value.item = MapExpr::Choose { rows, otherwise };
    let kinds = [("nacht", "emergency"), ("weg", "housed")];
    source.map[3].value.item = recode("Soort", &kinds, None);
    let rows =
        "a1;1/1/2025;;nacht;\nb2;1/1/2025;;weg;\nc3;1/1/2025;2/1/2025;weg;\nd4;1/1/2025;;;\n";
    let mapped = mapped(&source, &format!("{HEADER}{rows}")).unwrap();
    assert_eq!(reasons(&mapped.faults), [""; 0]);
    let left = mapped.fields.column(1).as_primitive::<Date32Type>();
    assert_eq!(left.iter().collect::<Vec<_>>(), [None, None, Some(20_090), None]);
    let marks = mapped.fields.column_by_name("left?").unwrap().as_string::<i32>();
    assert_eq!(marks.iter().collect::<Vec<_>>(), [None, Some("unknown"), None, None]);
}

#[test]
fn a_source_may_require_more_and_its_reason_is_the_one_given() {
    let mut source = stays();
    let condition = ident("left").gt_eq(ident("arrived"));
    let message = "the stay ends before it starts".to_owned();
    source.require.push(Requirement { condition, message });
    let rows = "c3;05/01/2025;04/01/2025;;\nd4;05/01/2025;;;\n";
    let mapped = mapped(&source, &format!("{HEADER}{rows}")).unwrap();
    assert_eq!(reasons(&mapped.faults), ["2  [-] the stay ends before it starts"]);
    assert_eq!(mapped.subjects.len(), 1);
}

#[test]
fn all_columns_that_are_not_there_are_named_with_the_nearest() {
    let header = "Client nr.;Datum In;Soort;Soort;Datum uit\n";
    let missing = mapped(&stays(), header).unwrap_err();
    assert_eq!(
        missing,
        [
            "there is no column `Datum in`; did you mean `Datum In`?",
            "there is no column `Minuten`; its columns are `Client nr.`, `Datum In`, `Soort`, \
             `Soort` and `Datum uit`",
            "two columns are called `Soort`",
        ]
    );
}

#[test]
fn what_identifies_a_person_is_not_shown_where_it_does_not_read() {
    let mut source = stays();
    source.map[0].value.item = pseudonym(&["Client nr.", "Datum in"]);
    let mapped = mapped(&source, &format!("{HEADER}a1;31/02/2005;;;\n")).unwrap();
    assert_eq!(
        reasons(&mapped.faults),
        ["2 arrived [-] the value in `Datum in` is no date of the form day/month/year"]
    );
}

#[test]
fn a_date_in_an_identifier_is_the_same_however_it_is_written() {
    let mut source = stays();
    source.map[0].value.item = pseudonym(&["Client nr.", "Datum uit"]);
    let rows = "ann;01/02/2025;03/02/2025;;\n";
    let slashes = mapped(&source, &format!("{HEADER}{rows}")).unwrap();
    source.from = format("csv", "a", &[("separator", ";")]);
    let rows = "Ann;2025-02-01;2025-02-03;;\n";
    let dashes = mapped(&source, &format!("{HEADER}{rows}")).unwrap();
    assert_eq!(slashes.subjects, dashes.subjects);
}

#[test]
fn an_identifier_that_a_field_would_keep_is_a_problem() {
    let mut source = stays();
    source.map[3].value.item = column("Client nr.");
    let problems = source::check_source(&source);
    let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["`place` would keep `Client nr.`, by which people are known"]);
}

#[test]
fn an_identifier_is_kept_by_no_way_through_an_expression() {
    let client = || column("Client nr.");
    let sum = |left: MapExpr, right: MapExpr| MapExpr::Arithmetic {
        operator: BinaryOperator::Add,
        left: Box::new(spanned(left)),
        right: Box::new(spanned(right)),
    };
    let chosen = MapExpr::Recode {
        value: Box::new(spanned(column("Soort"))),
        rows: vec![("nacht".to_owned(), sum(MapExpr::Number(1.0), client()))],
        otherwise: None,
    };
    let otherwise = recode("Client nr.", &[("zz", "x")], Some(client()));
    for value in [otherwise, chosen, sum(client(), MapExpr::Number(0.0))] {
        let mut source = stays();
        source.map[4].value.item = value;
        let problems = source::check_source(&source);
        let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["`hours` would keep `Client nr.`, by which people are known"]);
    }
    // What is only chosen by an identifier is not the identifier.
    let mut source = stays();
    source.map[3].value.item = recode("Client nr.", &[("zz", "housed")], Some(MapExpr::Missing));
    assert!(source::check_source(&source).is_empty());
}

#[test]
fn a_part_of_an_identifier_is_kept_as_a_date_or_a_code_only() {
    let mut source = stays();
    source.map[0].value.item = pseudonym(&["Client nr.", "Datum in"]);
    assert_eq!(identifier::refused(&source, &stay()), None);
    source.map[4].value.item = column("Client nr.");
    let refused = identifier::refused(&source, &stay());
    assert_eq!(
        refused.as_deref(),
        Some("`hours` would keep `Client nr.`, by which people are known, and a pool keeps none")
    );
    // A subject that is a bare column is made a pseudonym, so its column is kept nowhere else.
    source.map[0].value.item = column("Client nr.");
    assert!(identifier::refused(&source, &stay()).is_some());
}

#[test]
fn a_column_behind_a_recode_is_read_as_the_source_writes_it() {
    let mut source = stays();
    let end = column("Datum uit");
    source.map[2].value.item = MapExpr::Recode {
        value: Box::new(spanned(end.clone())),
        rows: vec![("31/12/9999".to_owned(), MapExpr::Missing)],
        otherwise: Some(Box::new(end)),
    };
    source.map[4].value.item = recode("Minuten", &[("x", "0")], Some(column("Minuten")));
    let rows = "a1;31/01/2025;01/02/2025;;90,5\nb2;31/01/2025;31/12/9999;;x\n";
    let mapped = mapped(&source, &format!("{HEADER}{rows}")).unwrap();
    assert_eq!(reasons(&mapped.faults), [""; 0]);
    let ends: Vec<_> = mapped.fields.column(1).as_primitive::<Date32Type>().iter().collect();
    assert_eq!(ends, [Some(20_120), None]);
    let hours: Vec<_> = mapped.fields.column(3).as_primitive::<Float64Type>().iter().collect();
    assert_eq!(hours, [Some(90.5), Some(0.0)]);
}

#[test]
fn a_shifted_cell_shows_nobody() {
    let rows = "85013112345;85013112345;85.01.31 123-45;Jan Peeters;Jan\n\
                Jan-77;x Jan Peeters 99912345678;;nachtt;9991234567,8,1\n";
    let mapped = mapped(&stays(), &format!("{HEADER}{rows}")).unwrap();
    let shown = reasons(&mapped.faults).join("\n");
    for part in ["8501", "12345", "Jan", "Peeters", "999123"] {
        assert!(!shown.contains(part), "`{part}` stands in {shown}");
    }
    assert!(shown.contains("2 place [aaa aaaaaaa]") && shown.contains("3 place [nachtt]"));
    assert!(shown.contains("3 arrived [a aaa aaaaaaa 99999999999]"), "{shown}");
}

#[test]
fn a_code_that_many_people_have_is_shown_and_a_name_is_not() {
    let rows: String = (1..6).map(|person| format!("k{person};1/2/2025;;dagopvang;\n")).collect();
    let mapped = mapped(&stays(), &format!("{HEADER}{rows}k1;1/2/2025;;Peeters;\n")).unwrap();
    let shown: Vec<_> = mapped.faults.iter().filter_map(|fault| fault.value.as_deref()).collect();
    assert_eq!(shown, ["dagopvang", "dagopvang", "dagopvang", "dagopvang", "dagopvang", "aaaaaaa"]);
}
