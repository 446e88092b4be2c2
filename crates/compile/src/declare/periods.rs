//! `periods school_year starts 09-01`, `periods campaign { winter: 2024-11-01 .. 2025-03-31 }`

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Expr, ItemKind, Key, Value};

use crate::calendar::kind::{Cycle, Declared, Named};
use crate::calendar::{self, Period};
use crate::catalog::Calendar;
use crate::problems;
use crate::shape::{self, Headers};
use crate::types::TimeUnit;

/// Headings that figures have anyway.
const TAKEN: [&str; 3] = ["missing", "none", "total"];

/// Reads a kind of period. One with a problem is still known by name.
pub(super) fn declare(declaration: &tree::Declaration, problems: &mut Vec<Diagnostic>) -> Calendar {
    let is_start = |header: &tree::Header| matches!(header, tree::Header::Starts(_));
    let headers = Headers::read(declaration, false, is_start, problems);
    let (name, span) = (declaration.name.item.text(), declaration.name.span);
    if TimeUnit::from_word(&name).is_some() || name == "period" {
        problems.push(problems::kind_of_period_taken(&name, span));
    }
    let items = shape::items(declaration, problems);
    let start = headers.others.iter().find_map(|header| match &header.item {
        tree::Header::Starts(day) => Some(day),
        _ => None,
    });
    let cycle = match (start, items) {
        (Some(day), []) => yearly(day, problems),
        (Some(day), [first, ..]) => {
            problems.push(problems::starts_or_named(first.span, day.span));
            yearly(day, problems)
        }
        (None, []) => {
            let wanted = "the day on which they begin, `starts 09-01`, or named periods, \
                          `{ winter: 2024-11-01 .. 2025-03-31 }`";
            problems.push(problems::missing_header("periods", wanted, span));
            Cycle::Named(Vec::new())
        }
        (None, items) => named(items, problems),
    };
    Calendar { kind: Arc::new(Declared { name, cycle }), title: headers.title, span }
}

/// `09-01`; a day that some years lack begins nothing every year.
fn yearly(written: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> Cycle {
    // 2023 is a year without a 29 February.
    let day = calendar::date(&format!("2023-{}", written.item));
    if day.is_none() {
        let found = format!("`{}`", written.item);
        problems.push(problems::wrong_type("a day that every year has", &found, written.span));
    }
    let day = day.unwrap_or_default();
    Cycle::Yearly { month: day.month(), day: day.day() }
}

fn named(items: &[tree::Item], problems: &mut Vec<Diagnostic>) -> Cycle {
    let mut all: Vec<(Named, Span)> = Vec::new();
    for item in items {
        let (name, value) = match &item.kind {
            ItemKind::Clause { label, value } => (label.clone(), value),
            ItemKind::Keyed { key, value } => {
                if !matches!(key.item, Key::Period(_) | Key::Number(_)) {
                    let found = format!("`{}`", shape::key_text(&key.item));
                    problems.push(problems::wrong_type("a word or a year", &found, key.span));
                    continue;
                }
                (Spanned::new(shape::key_text(&key.item), key.span), value)
            }
            _ => {
                let wanted = "a name and its days, such as `winter: 2024-11-01 .. 2025-03-31`,";
                problems.push(problems::wrong_type(wanted, "something else", item.span));
                continue;
            }
        };
        if TAKEN.contains(&name.item.as_str()) {
            let found = format!("`{}`", name.item);
            problems.push(problems::wrong_type("a name that no heading has", &found, name.span));
        } else if let Some((_, first)) = all.iter().find(|(known, _)| known.name == name.item) {
            problems.push(problems::declared_twice("period", &name.item, name.span, *first));
        } else if let Some((period, title)) = days(value, problems) {
            all.push((Named { name: name.item, title, period }, name.span));
        }
    }
    all.sort_by_key(|(named, _)| named.period);
    let mut kept: Vec<(Named, Span)> = Vec::new();
    for (named, span) in all {
        let last = kept.last().filter(|(before, _)| before.period.last >= named.period.first);
        if let Some((before, other)) = last {
            let shared = Period {
                first: named.period.first,
                last: before.period.last.min(named.period.last),
            };
            problems.push(problems::periods_overlap(
                (&before.name, *other),
                (&named.name, span),
                shared,
            ));
        } else {
            kept.push((named, span));
        }
    }
    Cycle::Named(kept.into_iter().map(|(named, _)| named).collect())
}

/// `2024-11-01 .. 2025-03-31 "The winter of 2024"`
fn days(
    value: &Spanned<Value>,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Period, Option<String>)> {
    let Value::Expression { expr, title } = &value.item else {
        let wanted = "days, such as `2024-11-01 .. 2025-03-31`,";
        problems.push(problems::wrong_type(wanted, "something else", value.span));
        return None;
    };
    let found = match &expr.item {
        Expr::Range { from, to } => {
            let (first, last) = (written(&from.item), written(&to.item));
            first.zip(last).map(|(one, two)| Period { first: one.first, last: two.last })
        }
        other => written(other),
    };
    match found {
        Some(period) if period.first <= period.last => {
            Some((period, title.as_ref().map(|title| title.item.clone())))
        }
        Some(_) => {
            problems.push(problems::empty_period(expr.span));
            None
        }
        None => {
            let wanted = "days that are written out, such as `2024-11-01 .. 2025-03-31`,";
            problems.push(problems::wrong_type(wanted, "something else", expr.span));
            None
        }
    }
}

fn written(expr: &Expr) -> Option<Period> {
    match expr {
        Expr::Period(text) | Expr::Number(text) => calendar::period(text),
        Expr::Date(text) => {
            let day: NaiveDate = calendar::date(text)?;
            Some(Period { first: day, last: day })
        }
        _ => None,
    }
}
