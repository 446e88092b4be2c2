//! `organisation harbour "…" { kind: shelter  since: 2015-01-01 }`, and by when sources deliver.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, DeclarationKind, Direction, Expr};

use super::HEADINGS;
use super::source::day;
use crate::calendar::{self, Period};
use crate::catalog::{Catalog, Organisation};
use crate::organisation::{DECLARED_KINDS, Due, FACTS};
use crate::problems;
use crate::shape::{self, Clauses, Headers, key_text};
use crate::types::TimeUnit;

pub(super) fn declare(
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Organisation {
    let headers = Headers::read(declaration, false, |_| false, problems);
    let span = declaration.name.span;
    heads_no_table(&declaration.name.item.text(), span, problems);
    let items = shape::items(declaration, problems);
    let clauses = Clauses::read("organisation", span, items, &FACTS, problems);
    let mut properties = BTreeMap::new();
    for label in FACTS {
        let Some(expr) = clauses.expression(label, problems) else { continue };
        match (&expr.item, label) {
            (Expr::Name(text) | Expr::Text(text), "kind")
            | (Expr::Date(text), "since" | "until") => {
                properties.insert(label.to_owned(), text.clone());
            }
            (_, label) => {
                let wanted = if label == "kind" { "a word" } else { "a date" };
                problems.push(problems::wrong_expr(wanted, expr));
            }
        }
    }
    let day = |label| properties.get(label).and_then(|text: &String| calendar::date(text));
    if let (Some(since), Some(until)) = (day("since"), day("until"))
        && until < since
    {
        let place = |label| clauses.span(label).unwrap_or(span);
        problems.push(problems::since_until(place("since"), place("until")));
    }
    Organisation { name: declaration.name.item.text(), title: headers.title, properties, span }
}

/// An organisation has no name that heads what is none's or all's.
fn heads_no_table(name: &str, span: Span, problems: &mut Vec<Diagnostic>) {
    if HEADINGS.contains(&name) {
        let heads = if name == "total" { "all together" } else { "what is under no organisation" };
        let means = format!("in tables `{name}` is the heading of {heads}");
        problems.push(problems::taken_word("an organisation", name, &means, span));
    }
}

/// Where the project declares the kinds of organisations, each is one of them.
pub(super) fn kinds(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(list) = catalog.codes.get(DECLARED_KINDS) else { return };
    let Some(tree::Body::Block(block)) = &declaration.body else { return };
    if declaration.kind.item != DeclarationKind::Organisation {
        return;
    }
    for item in &block.items {
        if let tree::ItemKind::Clause { label, value } = &item.kind
            && label.item == "kind"
            && let tree::Value::Expression { expr, .. } = &value.item
            && let Expr::Name(kind) | Expr::Text(kind) = &expr.item
            && !list.has(kind)
        {
            let known = list.codes.iter().map(|(code, _)| code.as_str());
            problems.push(problems::unknown_code(&list.name, kind, expr.span, known));
        }
    }
}

/// `30 days after quarter`
pub(super) fn due(expr: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) -> Option<Due> {
    let found = match &expr.item {
        Expr::Relative { duration, direction: Direction::After, anchor } => {
            let length = match &duration.item {
                Expr::Quantity { number, unit } => {
                    number.parse().ok().zip(TimeUnit::from_word(&unit.item))
                }
                _ => None,
            };
            let each = match &anchor.item {
                Expr::Name(word) => TimeUnit::from_word(word),
                _ => None,
            };
            let each = each.filter(|each| *each != TimeUnit::Day);
            length.zip(each).map(|((count, unit), each)| Due { count, unit, each })
        }
        _ => None,
    };
    if found.is_none() {
        let wanted = "how long after which periods, such as `30 days after quarter`,";
        problems.push(problems::wrong_expr(wanted, expr));
    }
    found
}

/// `{ 2025-Q1: 2025-04-12, 2025-Q2: 2025-07-30 }`: when what is about a period was received
pub(super) fn received(
    expr: &Spanned<Expr>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(Period, NaiveDate)> {
    let Expr::Map(rows) = &expr.item else {
        let wanted = "periods with days, such as `{ 2025-Q1: 2025-04-12 }`,";
        problems.push(problems::wrong_expr(wanted, expr));
        return Vec::new();
    };
    let mut days: Vec<(Period, NaiveDate)> = Vec::new();
    for row in rows {
        let key = key_text(&row.key.item);
        let one = calendar::date(&key).map(|day| Period { first: day, last: day });
        let Some(period) = one.or_else(|| calendar::period(&key)) else {
            let wanted = "a period, such as `2025-Q1`,";
            problems.push(problems::wrong_type(wanted, &format!("`{key}`"), row.key.span));
            continue;
        };
        let Some(day) = day(&row.value, false).filter(|_| is_day(&row.value)) else {
            problems.push(problems::wrong_expr("a date", &row.value));
            continue;
        };
        if let Some(other) = days
            .iter()
            .position(|(other, _)| other.first <= period.last && period.first <= other.last)
        {
            let first = rows.get(other).map_or(row.key.span, |row| row.key.span);
            problems.push(problems::key_twice(&key, row.key.span, first));
            continue;
        }
        days.push((period, day));
    }
    days
}

fn is_day(expr: &Spanned<Expr>) -> bool {
    matches!(expr.item, Expr::Date(_))
}
