//! `given stay from harbour { … }`: rows of a record as an organisation registered them.

use chrono_tz::Tz;
use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{self, Expr};

use super::case::Case;
use crate::calendar::Period;
use crate::catalog::test::Given;
use crate::catalog::{Catalog, FieldType, Record};
use crate::check::code_list;
use crate::instant::Written;
use crate::{calendar, problems};

/// Who registered a row when the test does not say.
const NOBODY: &str = "given";

/// The rows of a record as an organisation registered them, each cell checked.
pub(super) fn rows(
    catalog: &Catalog,
    record: &tree::Word,
    (organisation, covers): (Option<&tree::Word>, Option<&Spanned<Expr>>),
    (written, case): (&tree::Table, &Case<'_>),
    problems: &mut Vec<Diagnostic>,
) -> Option<Given> {
    if let Some(word) = organisation
        && !catalog.organisations.is_empty()
        && !catalog.organisations.contains_key(&word.item)
    {
        let known = catalog.organisations.keys().map(String::as_str);
        problems.push(problems::unknown_name("organisation", &word.item, word.span, known));
    }
    let Some(found) = catalog.records.get(&record.item) else {
        let known = catalog.records.keys().map(String::as_str);
        problems.push(problems::unknown_name("record", &record.item, record.span, known));
        return None;
    };
    if found.is_built_in() && organisation.is_none() {
        let wanted = "whose deliveries they are: `from …`";
        problems.push(problems::missing_header("given delivery", wanted, record.span));
    }
    let covers = covers.and_then(|covers| covered(covers, found, problems));
    let table = case.table(written);
    let mut kinds = Vec::new();
    for column in &table.columns {
        // The end of a row may be said to be unknown.
        let end = found.end() == Some(column.item.as_str());
        let kind = found.field(&column.item).map(|field| (&field.kind, field.optional));
        kinds.push((kind, end));
        if found.field(&column.item).is_some() {
            continue;
        }
        // Whose delivery it is stands behind `from`.
        let named = !found.anonymous && !found.is_built_in();
        if column.item == found.subject && found.anonymous {
            let (record, subject) = (&found.name, &found.subject);
            problems.push(problems::anonymous_named(record, subject, column.span));
        } else if column.item != found.subject || !named {
            let fields = found.fields.iter().map(|field| field.name.as_str());
            let own = Some(found.subject.as_str()).filter(|_| named);
            let known = fields.chain(own);
            problems.push(problems::unknown_name("field", &column.item, column.span, known));
        }
    }
    required(found, &table, problems);
    for row in &written.rows {
        for (cell, (kind, _)) in row.cells.iter().zip(&kinds) {
            one_meaning(catalog, case, cell, *kind, problems);
        }
    }
    for row in &table.rows {
        // A row of another width was reported when it was read.
        for (cell, (kind, end)) in row.cells.iter().zip(&kinds) {
            if *end && cell.item == "unknown" {
                continue;
            }
            let organisation = organisation.map_or(NOBODY, |word| &word.item);
            let zone = catalog.timezone_of(organisation, &found.name);
            cell_reads(catalog, cell, (*kind, zone), problems);
        }
    }
    Some(Given {
        record: found.name.clone(),
        organisation: organisation.map_or(NOBODY.to_owned(), |word| word.item.clone()),
        covers,
        table,
    })
}

/// The days that were delivered: written out, of a record with time.
fn covered(
    written: &Spanned<Expr>,
    record: &Record,
    problems: &mut Vec<Diagnostic>,
) -> Option<Period> {
    if record.start().is_none() {
        let found = format!("`{}`, which has no time,", record.name);
        problems.push(problems::wrong_type("a record with time", &found, written.span));
        return None;
    }
    let one = |expr: &Expr| match expr {
        Expr::Period(text) | Expr::Number(text) => calendar::period(text),
        Expr::Date(text) => calendar::date(text).map(|day| Period { first: day, last: day }),
        _ => None,
    };
    let found = match &written.item {
        Expr::Range { from, to } => {
            let (first, last) = (one(&from.item), one(&to.item));
            first.zip(last).map(|(one, two)| Period { first: one.first, last: two.last })
        }
        expr => one(expr),
    };
    match found {
        Some(period) if period.first <= period.last => Some(period),
        Some(_) => {
            problems.push(problems::empty_period(written.span));
            None
        }
        None => {
            let wanted = "days that are written out, such as `2024-01-01 .. 2024-06-30`,";
            problems.push(problems::wrong_type(wanted, "something else", written.span));
            None
        }
    }
}

/// A cell that names a column of the cases is no code of its own list.
fn one_meaning(
    catalog: &Catalog,
    case: &Case<'_>,
    cell: &tree::Word,
    kind: Option<(&FieldType, bool)>,
    problems: &mut Vec<Diagnostic>,
) {
    let Some((FieldType::Code(list), _)) = kind else { return };
    let is_code = code_list(catalog, list).is_some_and(|list| list.has(&cell.item));
    if is_code && case.cell(&cell.item).is_some() {
        let meanings = [format!("a code of `{list}`"), "a column of `for each`".to_owned()];
        problems.push(problems::ambiguous_name(&cell.item, &meanings, cell.span));
    }
}

fn required(record: &Record, table: &tree::Table, problems: &mut Vec<Diagnostic>) {
    let fields = record.fields.iter().filter(|field| !field.optional);
    let named = !record.anonymous && !record.is_built_in();
    let own = Some(&record.subject).filter(|_| named);
    let wanted = fields.map(|field| &field.name).chain(own);
    for name in wanted {
        if !table.columns.iter().any(|column| column.item == *name) {
            let wanted = format!("a column `{name}`");
            problems.push(problems::missing_clause("given", &wanted, table.span));
        }
    }
}

fn cell_reads(
    catalog: &Catalog,
    cell: &tree::Word,
    (kind, zone): (Option<(&FieldType, bool)>, Option<Tz>),
    problems: &mut Vec<Diagnostic>,
) {
    let text = cell.item.as_str();
    if text.is_empty() {
        // An empty cell is missing; the subject and required fields may not be.
        if kind.is_none_or(|(_, optional)| !optional) {
            problems.push(problems::cell_value("", "a value that may not be missing", cell.span));
        }
        return;
    }
    match kind {
        Some((FieldType::Date | FieldType::BirthDate, _)) if calendar::date(text).is_none() => {
            problems.push(problems::cell_value(text, "a date, such as 2025-01-31", cell.span));
        }
        Some((FieldType::Instant, _)) => match Written::read(text) {
            None => {
                let wanted = "a moment, such as 2025-01-31T23:30, or its day";
                problems.push(problems::cell_value(text, wanted, cell.span));
            }
            Some(Written::Fixed(_)) if zone.is_none() => {
                problems.push(problems::moments::cell_without_timezone(text, cell.span));
            }
            Some(_) => {}
        },
        Some((FieldType::Number(_), _)) if text.parse::<f64>().is_err() => {
            problems.push(problems::cell_value(text, "a number, such as 12.5", cell.span));
        }
        Some((FieldType::Code(list), _)) => {
            if let Some(list) = code_list(catalog, list)
                && !list.has(text)
            {
                let known = list.codes.iter().map(|(code, _)| code.as_str());
                problems.push(problems::unknown_code(&list.name, text, cell.span, known));
            }
        }
        _ => {}
    }
}
