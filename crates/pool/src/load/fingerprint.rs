//! What a source says, as one text: rows are mapped again when it changes, and only then.

use std::collections::BTreeMap;
use std::fmt::Write;

use interplay_compile::catalog::{CodeList, FieldType, MapCondition, MapExpr, Record, Source};

use crate::snapshot::manifest::FORM;

/// Everything that decides how a file of `source` is mapped, but for the key.
///
/// Where a declaration stands in the rules, and its titles, are left out.
pub(super) fn declaration(
    source: &Source,
    record: &Record,
    codes: &BTreeMap<String, CodeList>,
) -> String {
    let mut text = format!("form {FORM}\nsource {} {}\n", source.name, source.organisation);
    let mut line = |written: std::fmt::Arguments<'_>| {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{written}");
    };
    line(format_args!("record {} {} {:?}", record.name, record.subject, record.timing));
    if record.anonymous {
        line(format_args!("anonymous"));
    }
    if !record.key.is_empty() {
        line(format_args!("key {:?}", record.key));
    }
    for field in &record.fields {
        line(format_args!("field {} {:?} {}", field.name, field.kind, field.optional));
        if let FieldType::Code(list) = &field.kind
            && let Some(list) = codes.get(list)
        {
            let known: Vec<_> = list.codes.iter().map(|(code, _)| code).collect();
            line(format_args!("codes {} {known:?}", list.name));
        }
    }
    line(format_args!("from {} {:?}", source.from.name.item, source.from.location.item));
    for (name, value) in &source.from.options {
        line(format_args!("option {} {:?}", name.item, value.item));
    }
    line(format_args!("covers {:?}", source.covers));
    line(format_args!("timezone {:?}", source.timezone.map(chrono_tz::Tz::name)));
    for mapping in &source.map {
        line(format_args!("map {} {}", mapping.field, expression(&mapping.value.item)));
    }
    for requirement in &source.require {
        line(format_args!("require {} {:?}", requirement.condition, requirement.message));
    }
    text
}

fn expression(written: &MapExpr) -> String {
    match written {
        MapExpr::Column(name) => format!("column {name:?}"),
        MapExpr::Text(text) => format!("text {text:?}"),
        MapExpr::Number(number) => format!("number {number:?}"),
        MapExpr::Date(date) => format!("date {date}"),
        MapExpr::Missing => "missing".to_owned(),
        MapExpr::Unknown => "unknown".to_owned(),
        MapExpr::Choose { rows, otherwise } => {
            let rows: Vec<_> = rows
                .iter()
                .map(|(when, value)| format!("{} {}", condition(when), expression(value)))
                .collect();
            format!("choose {rows:?} {}", expression(otherwise))
        }
        MapExpr::Recode { value, rows, otherwise } => {
            let rows: Vec<_> =
                rows.iter().map(|(key, value)| format!("{key:?} {}", expression(value))).collect();
            let otherwise = otherwise.as_ref().map(|value| expression(value));
            format!("recode ({}) {rows:?} {otherwise:?}", expression(&value.item))
        }
        MapExpr::Pseudonym(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| expression(&part.item)).collect();
            format!("pseudonym {parts:?}")
        }
        MapExpr::Arithmetic { operator, left, right } => {
            format!("({}) {operator:?} ({})", expression(&left.item), expression(&right.item))
        }
    }
}

fn condition(written: &MapCondition) -> String {
    match written {
        MapCondition::In(value, texts) => format!("({}) in {texts:?}", expression(&value.item)),
        MapCondition::IsMissing(value) => format!("({}) is missing", expression(&value.item)),
        MapCondition::Not(inner) => format!("not ({})", condition(inner)),
        MapCondition::And(one, two) => format!("({}) and ({})", condition(one), condition(two)),
        MapCondition::Or(one, two) => format!("({}) or ({})", condition(one), condition(two)),
    }
}
