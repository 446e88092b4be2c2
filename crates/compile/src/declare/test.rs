//! `test "a shared night is one night" { given … { … } expect: … is 5 }`

use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{self, Expr, ItemKind};

use super::source::day;
use crate::catalog::{Catalog, Expect, FieldType, Given, Record, Test};
use crate::shape::{self, Clauses, Headers};
use crate::{calendar, problems};

/// Who registered a row when the test does not say.
const NOBODY: &str = "given";

pub(super) fn declare(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Test {
    Headers::read(declaration, false, |_| false, problems);
    let span = declaration.name.span;
    let (mut given, mut expects) = (Vec::new(), Vec::new());
    let mut plain = Vec::new();
    for item in shape::items(declaration, problems) {
        match &item.kind {
            ItemKind::Given { record, organisation, table } => {
                given.extend(rows(catalog, record, organisation.as_ref(), table, problems));
            }
            ItemKind::Expect { query, value } => {
                let span = value.span;
                if let Some(value) = expected(value, problems) {
                    let value = value.figure();
                    expects.push(Expect { query: query.clone(), value, span });
                }
            }
            _ => plain.push(item),
        }
    }
    let clauses = Clauses::read("test", span, plain, &["data_date"], problems);
    let data_date = clauses.expression("data_date", problems).and_then(|expr| {
        let found = day(expr, true);
        if found.is_none() {
            problems.push(problems::wrong_type("a date", "something else", expr.span));
        }
        found
    });
    Test { name: declaration.name.item.text(), data_date, given, expects, span }
}

fn rows(
    catalog: &Catalog,
    record: &tree::Word,
    organisation: Option<&tree::Word>,
    table: &tree::Table,
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
    let mut kinds = Vec::new();
    for column in &table.columns {
        // The end of a row may be said to be unknown.
        let end = found.end() == Some(column.item.as_str());
        let kind = found.field(&column.item).map(|field| (&field.kind, field.optional));
        kinds.push((kind, end));
        if column.item != found.subject && found.field(&column.item).is_none() {
            let fields = found.fields.iter().map(|field| field.name.as_str());
            let known = fields.chain([found.subject.as_str()]);
            problems.push(problems::unknown_name("field", &column.item, column.span, known));
        }
    }
    required(found, table, problems);
    for row in &table.rows {
        // A row of another width was reported when it was read.
        for (cell, (kind, end)) in row.cells.iter().zip(&kinds) {
            if *end && cell.item == "unknown" {
                continue;
            }
            cell_reads(catalog, cell, *kind, problems);
        }
    }
    Some(Given {
        record: found.name.clone(),
        organisation: organisation.map_or(NOBODY.to_owned(), |word| word.item.clone()),
        table: table.clone(),
    })
}

fn required(record: &Record, table: &tree::Table, problems: &mut Vec<Diagnostic>) {
    let fields = record.fields.iter().filter(|field| !field.optional);
    let wanted = fields.map(|field| &field.name).chain([&record.subject]);
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
    kind: Option<(&FieldType, bool)>,
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
        Some((FieldType::Number(_), _)) if text.parse::<f64>().is_err() => {
            problems.push(problems::cell_value(text, "a number, such as 12.5", cell.span));
        }
        Some((FieldType::Code(list), _)) => {
            if let Some(list) = catalog.codes.get(list)
                && !list.has(text)
            {
                let known = list.codes.iter().map(|(code, _)| code.as_str());
                problems.push(problems::unknown_code(&list.name, text, cell.span, known));
            }
        }
        _ => {}
    }
}

/// What stands after `is` of an `expect:`.
enum Expected {
    Missing,
    Figure(f64),
}

impl Expected {
    fn figure(self) -> Option<f64> {
        match self {
            Self::Missing => None,
            Self::Figure(figure) => Some(figure),
        }
    }
}

/// The figure after `is`: a number, a percentage, a fraction or `missing`.
fn expected(value: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) -> Option<Expected> {
    let figure = match &value.item {
        Expr::Missing => return Some(Expected::Missing),
        Expr::Number(digits) | Expr::Period(digits) => digits.parse().ok(),
        Expr::Quantity { number, unit } => {
            let scale = if unit.item == "%" { 100.0 } else { 1.0 };
            number.parse::<f64>().ok().map(|number| number / scale)
        }
        Expr::Negative(inner) => {
            let inner = expected(inner, problems)?.figure();
            inner.map(|figure| -figure)
        }
        Expr::Binary { operator: tree::BinaryOperator::Divide, left, right } => {
            let (left, right) = (expected(left, problems), expected(right, problems));
            let (left, right) = (left?.figure(), right?.figure());
            left.zip(right).map(|(left, right)| left / right)
        }
        _ => None,
    };
    if figure.is_none() {
        problems.push(problems::wrong_type("a figure or `missing`", "something else", value.span));
    }
    figure.map(Expected::Figure)
}
