//! `source harbour.stays for stay { from: csv("…") map { … } require: … }`

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{self, Expr, ItemKind, Value};

use super::{organisation, timezone};
use crate::catalog::{Catalog, FieldType, Format, MapExpr, Mapping, Record, Requirement, Source};
use crate::check::{Checker, Scope};
use crate::shape::{self, Clauses, Headers};
use crate::{calendar, lower, problems};
use map::MapReader;

mod map;

pub(super) fn declare(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let takes = |header: &tree::Header| matches!(header, tree::Header::For(_));
    let headers = Headers::read(declaration, false, takes, problems);
    let record = record(catalog, declaration, &headers, problems);
    let organisation = delivering(catalog, declaration, problems);
    let items = shape::items(declaration, problems);
    let plain = items.iter().filter(|item| !is_map(item) && !is_require(item));
    let known = ["from", "covers", "timezone", "due", "received", "map", "require"];
    let span = declaration.name.span;
    let clauses = Clauses::read("source", span, plain, &known, problems);
    let from = clauses.wanted("from", problems).and_then(|expr| format(expr, problems));
    let covers = clauses.expression("covers", problems).and_then(|expr| covered(expr, problems));
    let (own, is_told) = (timezone::read(&clauses, problems), clauses.has("timezone"));
    let due =
        clauses.expression("due", problems).and_then(|expr| organisation::due(expr, problems));
    let received = clauses.expression("received", problems);
    let received = received.map(|expr| organisation::received(expr, problems));
    let record = record?;
    let (mut map, mut require) = (Vec::new(), Vec::new());
    for item in items {
        match &item.kind {
            ItemKind::Block { block, .. } if is_map(item) => {
                for entry in &block.items {
                    map.extend(mapping(catalog, record, entry, problems));
                }
            }
            ItemKind::Clause { value, .. } if is_require(item) => {
                require.extend(requirement(catalog, record, value, problems));
            }
            _ => {}
        }
    }
    complete(record, &map, declaration, problems);
    let timezone = own.or(catalog.timezone);
    if timezone.is_none() && !is_told {
        timezone::needed(record, &map, problems);
    }
    Some(Source {
        name: declaration.name.item.text(),
        organisation: organisation?,
        record: record.name.clone(),
        from: from?,
        covers,
        timezone,
        due,
        received: received.unwrap_or_default(),
        map,
        require,
        span,
    })
}

fn record<'a>(
    catalog: &'a Catalog,
    declaration: &tree::Declaration,
    headers: &Headers<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<&'a Record> {
    let word = headers.others.iter().find_map(|header| match &header.item {
        tree::Header::For(word) => Some(word),
        _ => None,
    });
    let Some(word) = word else {
        let span = declaration.name.span;
        problems.push(problems::missing_header("source", "a record: `for …`", span));
        return None;
    };
    let record = catalog.records.get(&word.item);
    if record.is_some_and(Record::is_built_in) {
        problems.push(problems::built_in("record", &word.item, word.span));
        return None;
    }
    if record.is_none() {
        let known = catalog.delivered_records().map(|record| record.name.as_str());
        problems.push(problems::unknown_name("record", &word.item, word.span, known));
    }
    record
}

fn delivering(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Option<String> {
    let tree::Name::Path(words) = &declaration.name.item else { return None };
    let first = words.first()?;
    if !catalog.organisations.contains_key(&first.item) {
        let known = catalog.organisations.keys().map(String::as_str);
        problems.push(problems::unknown_name("organisation", &first.item, first.span, known));
        return None;
    }
    Some(first.item.clone())
}

fn is_map(item: &tree::Item) -> bool {
    matches!(&item.kind, ItemKind::Block { words, .. }
        if words.len() == 1 && words.first().is_some_and(|word| word.item == "map"))
}

fn is_require(item: &tree::Item) -> bool {
    matches!(&item.kind, ItemKind::Clause { label, .. } if label.item == "require")
}

/// `csv("stays-*.csv", separator: ";")`
fn format(expr: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) -> Option<Format> {
    let Expr::Call { function, arguments } = &expr.item else {
        let wanted = "a format and a place, as in `csv(\"stays.csv\")`,";
        problems.push(problems::wrong_expr(wanted, expr));
        return None;
    };
    let (mut location, mut options) = (None, Vec::new());
    for argument in arguments {
        let Some(text) = literal(&argument.value) else {
            problems.push(problems::wrong_expr("a text", &argument.value));
            continue;
        };
        let text = Spanned::new(text, argument.value.span);
        match &argument.label {
            Some(label) => options.push((label.clone(), text)),
            None if location.is_none() => location = Some(text),
            None => {
                let span = argument.value.span;
                problems.push(problems::wrong_type("an option with a label", "a text", span));
            }
        }
    }
    if location.is_none() {
        problems.push(problems::missing_clause(&function.item, "a place, a text", function.span));
    }
    Some(Format { name: function.clone(), location: location?, options })
}

fn literal(expr: &Spanned<Expr>) -> Option<String> {
    match &expr.item {
        Expr::Text(text) | Expr::Number(text) | Expr::Name(text) | Expr::Period(text) => {
            Some(text.clone())
        }
        _ => None,
    }
}

fn covered(expr: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) -> Option<(NaiveDate, NaiveDate)> {
    let ends = match &expr.item {
        Expr::Range { from, to } => day(from, false).zip(day(to, true)),
        _ => day(expr, false).zip(day(expr, true)),
    };
    if ends.is_none() {
        problems.push(problems::wrong_expr("a period, such as `2023 .. 2025`,", expr));
    }
    ends
}

/// The first or the last day that a literal stands for.
pub(super) fn day(expr: &Spanned<Expr>, last: bool) -> Option<NaiveDate> {
    match &expr.item {
        Expr::Date(text) => calendar::date(text),
        Expr::Period(text) | Expr::Number(text) => {
            calendar::period(text).map(|period| if last { period.last } else { period.first })
        }
        _ => None,
    }
}

fn mapping(
    catalog: &Catalog,
    record: &Record,
    item: &tree::Item,
    problems: &mut Vec<Diagnostic>,
) -> Option<Mapping> {
    let ItemKind::Clause { label, value } = &item.kind else {
        problems.push(problems::unknown_clause("map", "…", item.span, &[]));
        return None;
    };
    let field = record.field(&label.item);
    if field.is_none() && label.item == record.subject && record.anonymous {
        problems.push(problems::anonymous_named(&record.name, &record.subject, label.span));
        return None;
    }
    if field.is_none() && label.item != record.subject {
        let fields = record.fields.iter().map(|field| field.name.as_str());
        let own = Some(record.subject.as_str()).filter(|_| !record.anonymous);
        let known = fields.chain(own);
        problems.push(problems::unknown_name("field", &label.item, label.span, known));
        return None;
    }
    let Value::Expression { expr, title: None } = &value.item else {
        problems.push(problems::wrong_value("one value", value));
        return None;
    };
    let end = record.end() == Some(label.item.as_str());
    let mut reader = MapReader { catalog, kind: field.map(|field| &field.kind), end, problems };
    let mut value = reader.read(expr)?;
    if record.anonymous && value.item.makes_pseudonym() {
        problems.push(problems::anonymous_named(&record.name, &record.subject, value.span));
        return None;
    }
    // Whom a row refers to is kept as a pseudonym, as whose row it is.
    if let (Some(FieldType::Subject(_)), false) =
        (field.map(|field| &field.kind), matches!(value.item, MapExpr::Pseudonym(_)))
    {
        let span = value.span;
        value = Spanned::new(MapExpr::Pseudonym(vec![value]), span);
    }
    Some(Mapping { field: label.item.clone(), value })
}

fn requirement(
    catalog: &Catalog,
    record: &Record,
    value: &Spanned<Value>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Requirement> {
    let Value::Expression { expr, title } = &value.item else {
        problems.push(problems::wrong_value("a condition", value));
        return None;
    };
    let Some(title) = title else {
        let wanted = "a text after the condition, the reason given for a rejected row";
        problems.push(problems::missing_clause("require", wanted, expr.span));
        return None;
    };
    let mut checker = Checker::new(catalog);
    let condition = checker.condition(&Scope::mapped(record), expr);
    problems.append(&mut checker.problems);
    Some(Requirement {
        condition: lower::mapped_condition(&condition?),
        message: title.item.clone(),
    })
}

/// The subject and every field that may not be missing must be mapped.
fn complete(
    record: &Record,
    map: &[Mapping],
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) {
    let required = record.fields.iter().filter(|field| !field.optional);
    let own = Some(&record.subject).filter(|_| !record.anonymous);
    let wanted = required.map(|field| &field.name).chain(own);
    let mut seen: Vec<&str> = Vec::new();
    for mapping in map {
        if seen.contains(&mapping.field.as_str()) {
            let span = mapping.value.span;
            let first = declaration.name.span;
            problems.push(problems::clause_twice(&mapping.field, span, first));
        }
        seen.push(&mapping.field);
    }
    for name in wanted {
        if !map.iter().any(|mapping| mapping.field == *name) {
            let span = declaration.name.span;
            problems.push(problems::missing_clause("map", &format!("`{name}: …`"), span));
        }
    }
}
