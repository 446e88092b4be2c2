//! `parameter poverty_line in EUR per month { 2023-01-01: 1366   2024-01-01: 1450 }`

use std::collections::BTreeMap;

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Expr, ItemKind, Key, Value};

use crate::calendar;
use crate::catalog::{Catalog, Parameter, Unit};
use crate::problems;
use crate::shape::{self, Headers};
use crate::types::Type;

/// Reads a parameter: a number from each of some days on.
pub(super) fn declare(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Option<Parameter> {
    let is_unit = |header: &tree::Header| matches!(header, tree::Header::In(_));
    let headers = Headers::read(declaration, false, is_unit, problems);
    let unit = headers.others.first().and_then(|header| match &header.item {
        tree::Header::In(unit) => {
            let per = unit.per.as_ref().map(|per| per.item.as_str());
            Some(catalog.unit(&unit.name.item, per))
        }
        _ => None,
    });
    let span = declaration.name.span;
    let items = shape::items(declaration, problems);
    if items.is_empty() {
        let wanted = "a value from some day on, such as `2025-01-01: 1`";
        problems.push(problems::missing_clause("parameter", wanted, span));
        return None;
    }
    let mut rows = Vec::new();
    for item in items {
        let ItemKind::Keyed { key, value } = &item.kind else {
            let found = "an entry without a date";
            problems.push(problems::wrong_type("a date with its value", found, item.span));
            continue;
        };
        match &value.item {
            Value::Expression { expr, title: None } => rows.push((key, expr.clone())),
            _ => {
                let wanted = Type::Number(unit.clone()).to_string();
                problems.push(problems::wrong_value(&wanted, value));
            }
        }
    }
    let steps = steps(rows.into_iter(), unit.as_ref(), problems);
    let name = declaration.name.item.text();
    // A parameter of no sound value is still known by name.
    Some(Parameter { name, title: headers.title, unit, steps, span })
}

/// From each day on a value, in the order of days.
pub(super) fn steps<'t>(
    rows: impl Iterator<Item = (&'t Spanned<Key>, Spanned<Expr>)>,
    unit: Option<&Unit>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(NaiveDate, f64)> {
    let mut steps: BTreeMap<NaiveDate, (f64, Span)> = BTreeMap::new();
    for (key, value) in rows {
        let (day, value) = (day(key, problems), number(&value, unit, problems));
        let (Some(day), Some(value)) = (day, value) else { continue };
        if let Some((_, first)) = steps.get(&day) {
            let label = shape::key_text(&key.item);
            problems.push(problems::clause_twice(&label, key.span, *first));
        } else {
            steps.insert(day, (value, key.span));
        }
    }
    steps.into_iter().map(|(day, (value, _))| (day, value)).collect()
}

/// `2024-01-01`; `2024` is its first day
fn day(key: &Spanned<Key>, problems: &mut Vec<Diagnostic>) -> Option<NaiveDate> {
    let day = match &key.item {
        Key::Date(text) => calendar::date(text),
        Key::Period(text) => calendar::period(text).map(|period| period.first),
        Key::Text(_) | Key::Number(_) | Key::Word(_) => None,
    };
    if day.is_none() {
        let found = format!("`{}`", shape::key_text(&key.item));
        problems.push(problems::wrong_type("a date such as `2025-01-01`", &found, key.span));
    }
    day
}

/// A number in the parameter's unit.
pub(super) fn number(
    value: &Spanned<Expr>,
    unit: Option<&Unit>,
    problems: &mut Vec<Diagnostic>,
) -> Option<f64> {
    let found = constant(&value.item, unit);
    if found.is_none() {
        let wanted = Type::Number(unit.cloned()).to_string();
        problems.push(problems::wrong_expr(&wanted, value));
    }
    found
}

fn constant(expr: &Expr, unit: Option<&Unit>) -> Option<f64> {
    match expr {
        Expr::Number(digits) => digits.parse().ok(),
        Expr::Quantity { number, unit: written } if written.item == "%" && unit.is_none() => {
            number.parse().ok().map(|value: f64| value / 100.0)
        }
        Expr::Quantity { number, unit: written } => {
            let word = written.item.as_str();
            let is_own = |word: &str| unit.is_some_and(|unit| *unit == Unit::written(word, None));
            let fits = is_own(word) || word.strip_suffix('s').is_some_and(is_own);
            if fits { number.parse().ok() } else { None }
        }
        Expr::Negative(inner) => constant(&inner.item, unit).map(|value| -value),
        Expr::Parenthesised(inner) => constant(&inner.item, unit),
        _ => None,
    }
}
