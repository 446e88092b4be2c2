//! The hot form as the engine sees it, through its scan.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, RecordBatch, StringArray,
};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Date32Type, Int32Type};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::prelude::SessionContext;
use interplay_compile::catalog::{Conflict, Field, FieldType, Record, RecordTiming};
use interplay_diagnostic::Span;

use crate::{Hot, HotBuilder};

fn field(name: &str, kind: FieldType) -> Field {
    Field { name: name.to_owned(), kind, optional: true }
}

fn record(name: &str, timing: RecordTiming, fields: Vec<Field>) -> Record {
    let (title, subject) = (None, "person".to_owned());
    Record {
        name: name.to_owned(),
        title,
        subject,
        anonymous: false,
        timing,
        without_overlap: false,
        key: Vec::new(),
        fields,
        span: Span::default(),
    }
}

fn records() -> [Record; 3] {
    let during = RecordTiming::During { start: "arrived".to_owned(), end: "left".to_owned() };
    let at = RecordTiming::At { day: "day".to_owned() };
    let place = FieldType::Code("living_situation".to_owned());
    [
        record(
            "profile",
            RecordTiming::Once(Conflict::Majority),
            vec![field("birth_date", FieldType::BirthDate), field("gender", FieldType::Text)],
        ),
        record(
            "stay",
            during,
            vec![
                field("arrived", FieldType::Date),
                field("left", FieldType::Date),
                field("place", place),
            ],
        ),
        record(
            "contact",
            at,
            vec![field("day", FieldType::Date), field("minutes", FieldType::Number(None))],
        ),
    ]
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn days(values: &[Option<i32>]) -> ArrayRef {
    Arc::new(Date32Array::from(values.to_vec()))
}

/// Rows of arrived, left and place.
fn stays(rows: &[(i32, Option<i32>, &str)]) -> RecordBatch {
    let arrived: Vec<_> = rows.iter().map(|row| Some(row.0)).collect();
    let left: Vec<_> = rows.iter().map(|row| row.1).collect();
    let places: Vec<_> = rows.iter().map(|row| Some(row.2)).collect();
    RecordBatch::try_from_iter_with_nullable([
        ("arrived", days(&arrived), true),
        ("left", days(&left), true),
        ("place", texts(&places), true),
    ])
    .unwrap()
}

fn people(names: &[&str]) -> StringArray {
    StringArray::from(names.to_vec())
}

/// Ann is known to two organisations, Ben to one; Cem has a profile only.
fn small(buckets: usize) -> Hot {
    let mut builder = HotBuilder::new(&records(), buckets);
    let profile = |births: &[Option<i32>], genders: &[Option<&str>]| {
        let (births, genders) = (days(births), texts(genders));
        let columns = [("birth_date", births, true), ("gender", genders, true)];
        RecordBatch::try_from_iter_with_nullable(columns).unwrap()
    };
    let told = profile(&[Some(9), Some(8), None], &[Some("f"), None, Some("x")]);
    builder.add("profile", "shelter", &people(&["ann", "ben", "cem"]), &told).unwrap();
    let told = profile(&[Some(10), Some(9)], &[Some("f"), Some("f")]);
    builder.add("profile", "harbour", &people(&["ann", "ann"]), &told).unwrap();
    let rows = stays(&[(30, None, "temporary"), (5, Some(7), "emergency")]);
    builder.add("stay", "shelter", &people(&["ann", "ben"]), &rows).unwrap();
    let rows = stays(&[(10, Some(20), "temporary"), (30, Some(31), "housed")]);
    builder.add("stay", "harbour", &people(&["ann", "ann"]), &rows).unwrap();
    builder.build().unwrap()
}

pub(crate) fn scanned(hot: &Hot, partitions: usize) -> RecordBatch {
    all(hot, "person", partitions)
}

fn all(hot: &Hot, subject: &str, partitions: usize) -> RecordBatch {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let batches = runtime.block_on(async {
        let context = SessionContext::new();
        let frame = context.read_table(hot.table(subject, partitions)).unwrap();
        frame.collect_partitioned().await.unwrap().into_iter().flatten().collect::<Vec<_>>()
    });
    concat_batches(&hot.schema(subject), &batches).unwrap()
}

#[test]
fn one_row_a_subject_with_rows_in_time_order() {
    let hot = small(1);
    assert_eq!(hot.count("person"), 3);
    let rows = scanned(&hot, 1);
    let names: Vec<_> = rows.schema().fields().iter().map(|field| field.name().clone()).collect();
    let contact = ["contact.day", "contact.minutes", "contact.organisation"];
    let profile = ["profile.birth_date", "profile.gender"];
    let stay = ["stay.arrived", "stay.left", "stay.place", "stay.organisation"];
    let known = ["#known.organisation", "#known.since"];
    assert_eq!(names, [&contact[..], &profile[..], &stay[..], &known[..]].concat());
    let arrived = rows.column_by_name("stay.arrived").unwrap().as_list::<i32>();
    assert_eq!(arrived.value(0).as_primitive::<Date32Type>().values(), &[10, 30, 30]);
    assert_eq!(arrived.value(1).as_primitive::<Date32Type>().values(), &[5]);
    assert_eq!(arrived.value(2).len(), 0);
    let organisations = rows.column_by_name("stay.organisation").unwrap().as_list::<i32>();
    let first = organisations.value(0).as_primitive::<Int32Type>().value(0);
    assert_eq!(hot.text(first), Some("harbour"));
    let left = rows.column_by_name("stay.left").unwrap().as_list::<i32>().value(0);
    assert_eq!(left.null_count(), 1);
}

#[test]
fn once_records_are_flat_and_disagreement_is_counted() {
    let hot = small(1);
    let rows = scanned(&hot, 1);
    let births = rows.column_by_name("profile.birth_date").unwrap();
    let births: Vec<_> = births.as_primitive::<Date32Type>().iter().collect();
    assert_eq!(births, [Some(9), Some(8), None]);
    let genders = rows.column_by_name("profile.gender").unwrap().as_primitive::<Int32Type>();
    let genders: Vec<_> =
        genders.iter().map(|gender| gender.and_then(|gender| hot.text(gender))).collect();
    assert_eq!(genders, [Some("f"), None, Some("x")]);
    let (field, told) = hot.noted().disagreements.first_key_value().unwrap();
    let organisations: Vec<_> = told.organisations.iter().map(String::as_str).collect();
    assert_eq!(
        (field.as_str(), told.subject_count, told.missing_count),
        ("profile.birth_date", 1, 0)
    );
    assert_eq!(organisations, ["harbour"]);
    assert_eq!(hot.noted().disagreements.len(), 1);
}

#[test]
fn rows_of_one_day_are_ordered_by_their_content_not_by_how_they_came() {
    let built = |rows: &[(i32, Option<i32>, &str)]| {
        let mut builder = HotBuilder::new(&records(), 1);
        let whose = people(&vec!["ann"; rows.len()]);
        builder.add("stay", "harbour", &whose, &stays(rows)).unwrap();
        pretty_format_batches(&[scanned(&builder.build().unwrap(), 1)]).unwrap().to_string()
    };
    let rows = [(3, None, "a"), (3, Some(4), "b"), (3, None, "c"), (3, None, "a")];
    let mut turned = rows;
    turned.reverse();
    assert_eq!(built(&rows), built(&turned));
}

/// Enough people for several batches and buckets.
fn large() -> Hot {
    let mut builder = HotBuilder::new(&records(), 7);
    let names: Vec<String> = (0..60_000).map(|number| format!("p{number}")).collect();
    let whose = StringArray::from(names.iter().map(String::as_str).collect::<Vec<_>>());
    let count = i32::try_from(names.len()).unwrap();
    let contacts = RecordBatch::try_from_iter([
        ("day", Arc::new(Date32Array::from_iter_values(0..count)) as ArrayRef),
        ("minutes", Arc::new(Float64Array::from_iter_values((0..count).map(f64::from)))),
    ])
    .unwrap();
    builder.add("contact", "harbour", &whose, &contacts).unwrap();
    builder.build().unwrap()
}

#[test]
fn one_and_four_partitions_give_the_same_rows() {
    let hot = large();
    assert_eq!(scanned(&hot, 1), scanned(&hot, 4));
    assert_eq!(scanned(&hot, 1).num_rows(), 60_000);
    assert_eq!(scanned(&hot, 1), scanned(&hot, 400));
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let place = tempfile::tempdir().unwrap();
    for (name, hot) in [("small", small(3)), ("large", large())] {
        let dir = place.path().join(name);
        hot.write(&dir).unwrap();
        hot.write(&dir).unwrap();
        let opened = Hot::open(&dir).unwrap();
        assert_eq!(scanned(&hot, 2), scanned(&opened, 2));
        assert_eq!(opened.noted(), hot.noted());
        assert_eq!(opened.symbol("harbour"), hot.symbol("harbour"));
        assert_eq!(opened.count("person"), hot.count("person"));
    }
    let left = std::fs::read_dir(place.path()).unwrap().count();
    assert_eq!(left, 2, "nothing is left beside the two folders");
}

#[test]
fn a_damaged_file_is_an_error_that_names_it() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("hot");
    small(1).write(&dir).unwrap();
    let file = dir.join("person/0000/stay.offsets.arrow");
    std::fs::write(&file, b"short").unwrap();
    let error = Hot::open(&dir).unwrap_err().to_string();
    assert!(error.contains("stay.offsets.arrow") && error.contains("cut short"), "{error}");
}

#[test]
fn no_subjects_give_no_rows_and_the_right_columns() {
    let hot = HotBuilder::new(&records(), 4).build().unwrap();
    assert_eq!(hot.count("person"), 0);
    let rows = scanned(&hot, 4);
    assert_eq!((rows.num_rows(), rows.num_columns()), (0, 11));
    assert_eq!(hot.count("household"), 0);
    assert_eq!(hot.schema("household").fields().len(), 0);
}

#[test]
fn rows_that_do_not_fit_are_refused_in_words() {
    let mut builder = HotBuilder::new(&records(), 1);
    let rows = stays(&[(3, None, "a")]);
    let refused = |error: Result<(), crate::PoolError>| error.unwrap_err().to_string();
    let error = refused(builder.add("visit", "harbour", &people(&["ann"]), &rows));
    assert_eq!(error, "record `visit`: there is no record of that name");
    let error = refused(builder.add("contact", "harbour", &people(&["ann"]), &rows));
    assert_eq!(error, "record `contact`: there is no field `arrived`");
    let error = refused(builder.add("stay", "harbour", &people(&["ann", "ben"]), &rows));
    assert_eq!(error, "record `stay`: 2 subjects were given for 1 rows");
}

#[test]
fn unknown_ends_are_kept_where_there_are_such() {
    let hot = |marks: &[Option<&str>]| {
        let mut builder = HotBuilder::new(&records(), 2);
        let rows = stays(&[(5, None, "emergency"), (5, None, "emergency")]);
        let fields =
            rows.schema().fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
        let columns = fields.into_iter().zip(rows.columns().iter().map(Arc::clone));
        let columns = columns.chain([("left?".to_owned(), texts(marks))]);
        let columns = columns.map(|(name, column)| (name, column, true));
        let rows = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        builder.add("stay", "shelter", &people(&["ann", "ben"]), &rows).unwrap();
        builder.build().unwrap()
    };
    let none = scanned(&hot(&[None, None]), 1);
    assert!(none.column_by_name("stay.left?").is_none());
    let some = scanned(&hot(&[None, Some("unknown")]), 1);
    let marks = some.column_by_name("stay.left?").unwrap().as_list::<i32>();
    let marked = (0..2).filter(|at| marks.value(*at).null_count() == 0).count();
    assert_eq!((marks.len(), marked), (2, 1));
}

/// Rows of since, household and quit; the record says nothing but that.
fn memberships() -> Record {
    let during = RecordTiming::During { start: "since".to_owned(), end: "quit".to_owned() };
    let household = FieldType::Subject("household".to_owned());
    record(
        "membership",
        during,
        vec![
            field("since", FieldType::Date),
            field("quit", FieldType::Date),
            field("household", household),
        ],
    )
}

/// Ann and Ben live in h1 from one day on, Cem nowhere.
fn housed(buckets: usize) -> Hot {
    let mut builder = HotBuilder::new(&[memberships()], buckets);
    let rows = RecordBatch::try_from_iter_with_nullable([
        ("since", days(&[Some(3), Some(3), Some(4)]), true),
        ("household", texts(&[Some("h1"), Some("h1"), None]), true),
    ])
    .unwrap();
    builder.add("membership", "harbour", &people(&["ben", "ann", "cem"]), &rows).unwrap();
    builder.build().unwrap()
}

#[test]
fn a_row_lies_with_whom_it_refers_to_and_says_whose_it_is() {
    for buckets in [1, 5] {
        let hot = housed(buckets);
        assert_eq!((hot.count("person"), hot.count("household")), (3, 1));
        let homes = all(&hot, "household", 2);
        let back = homes.column_by_name("membership@household.person").unwrap();
        let back = back.as_list::<i32>().value(0);
        let back: Vec<_> = back.as_primitive::<Int32Type>().iter().flatten().collect();
        // Whose rows begin on one day and say the same are in the order of their names, and a
        // place is that in the scan.
        let persons = all(&hot, "person", 2);
        let since = persons.column_by_name("membership.since").unwrap().as_list::<i32>();
        let days = |place: &i32| {
            let days = since.value(usize::try_from(*place).unwrap());
            days.as_primitive::<Date32Type>().value(0)
        };
        assert_eq!(back.iter().map(days).collect::<Vec<_>>(), [3, 3]);
        assert_ne!(back[0], back[1]);
        let home = persons.column_by_name("membership.household").unwrap().as_list::<i32>();
        let named: Vec<_> = (0..3).map(|row| home.value(row)).collect();
        let named: Vec<_> = named.iter().map(|home| home.as_primitive::<Int32Type>()).collect();
        assert_eq!(named.iter().filter(|home| home.null_count() == 1).count(), 1);
        assert!(named.iter().all(|home| home.is_null(0) || home.value(0) == 0));
    }
}

#[test]
fn references_are_read_back_the_same() {
    let place = tempfile::tempdir().unwrap();
    let (hot, dir) = (housed(3), place.path().join("hot"));
    hot.write(&dir).unwrap();
    let opened = Hot::open(&dir).unwrap();
    for subject in ["person", "household"] {
        assert_eq!(all(&hot, subject, 1), all(&opened, subject, 2));
    }
}
