//! semantics.md, "Units": what a number is counted in, as far as turning it into another unit needs.

use interplay_syntax::tree::{BinaryOperator, Expr, Timing};

use super::codebook::Codebook;
use super::expression::value;
use super::scope::Scope;
use super::selection::record_of;
use super::value::Value;

/// How much a unit is, of what is made of no other: minutes, or a unit of the program's own.
fn length(book: &Codebook<'_>, unit: &str) -> f64 {
    match unit {
        "min" | "minute" | "minutes" => 1.0,
        "hour" | "hours" => 60.0,
        "day" | "days" => 1_440.0,
        "week" | "weeks" => 10_080.0,
        other => match declared(book, other) {
            Some(Some((count, of))) => count * length(book, of),
            // The checker has seen that both are made of this.
            Some(None) | None => 1.0,
        },
    }
}

/// What a unit is declared to be made of.
fn declared<'b>(book: &'b Codebook<'_>, unit: &str) -> Option<&'b Option<(f64, String)>> {
    book.units.get(unit).or_else(|| book.units.get(unit.trim_end_matches('s')))
}

/// The unit after `in`, if that is what stands there.
pub(super) fn unit_word<'e>(book: &Codebook<'_>, right: &'e Expr) -> Option<&'e str> {
    let Expr::Name(word) = right else { return None };
    let is_one = ["min", "hours", "days", "weeks"].contains(&word.as_str());
    let mut made = book.units.values().flatten();
    let is_base = made.any(|(_, of)| of == word);
    (is_one || is_base || declared(book, word).is_some()).then_some(word.as_str())
}

/// `X in hours`
pub(super) fn in_unit<'a>(scope: &Scope<'a>, left: &'a Expr, right: &Expr) -> Value<'a> {
    let to = unit_word(scope.book, right).expect("a unit");
    let number = value(scope, left).number();
    Value::number_or_missing(number.map(|number| {
        let from = unit_of(scope, left).expect("a number with a unit");
        turned(scope.book, number, (&from, to))
    }))
}

/// A number of one unit as one of another.
fn turned(book: &Codebook<'_>, number: f64, (from, to): (&str, &str)) -> f64 {
    let (from, to) = (length(book, from), length(book, to));
    if from % to == 0.0 {
        number * (from / to)
    } else if to % from == 0.0 {
        number / (to / from)
    } else {
        number * from / to
    }
}

/// What `expr` is a number of.
fn unit_of<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Option<String> {
    match expr {
        Expr::Parenthesised(inner) | Expr::Negative(inner) => unit_of(scope, &inner.item),
        Expr::Quantity { unit, .. } => Some(unit.item.clone()),
        Expr::In { right, .. } => unit_word(scope.book, &right.item).map(str::to_owned),
        Expr::Choose(rows) => rows.iter().find_map(|row| unit_of(scope, &row.value.item)),
        Expr::Name(name) => {
            let own = scope.rows.iter().rev().find_map(|(record, _)| record.units.get(name));
            let once = || scope.book.once_record_with(scope.person.kind, name)?.units.get(name);
            let defined = || unit_of(&scope.outside(), scope.book.definitions.get(name)?);
            own.or_else(once).cloned().or_else(defined)
        }
        Expr::Field { base, field } => match record_of(scope.book, &base.item) {
            Some(record) => record.units.get(&field.item).cloned(),
            None => unit_of_row(scope, &base.item, &field.item),
        },
        Expr::Of { word, operand, .. } => match (word.item.as_str(), &operand.item) {
            ("nights" | "days", _) => Some(word.item.clone()),
            (_, Expr::Of { word: field, operand, .. }) => {
                record_of(scope.book, &operand.item)?.units.get(&field.item).cloned()
            }
            _ => None,
        },
        Expr::Binary { operator, left, right } => match operator {
            BinaryOperator::Subtract if is_date(scope, &left.item) => Some("days".to_owned()),
            _ => unit_of(scope, &left.item).or_else(|| unit_of(scope, &right.item)),
        },
        Expr::Timed { operand, timing } => match (&operand.item, &timing.item) {
            (Expr::Name(name), Timing::At(_)) if name == "age" => Some("years".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// The unit of a field of `first …`, of a definition that is a row.
fn unit_of_row(scope: &Scope<'_>, base: &Expr, field: &str) -> Option<String> {
    let record = match base {
        Expr::Parenthesised(inner) => return unit_of_row(scope, &inner.item, field),
        Expr::Name(name) if name == "this" => {
            let (record, _) = scope.rows.iter().rev().nth(1)?;
            return record.units.get(field).cloned();
        }
        Expr::Name(name) => return unit_of_row(scope, scope.book.definitions.get(name)?, field),
        Expr::Quantified { operand, .. } | Expr::Best { operand, .. } => {
            record_of(scope.book, &operand.item)
        }
        other => record_of(scope.book, other),
    };
    record?.units.get(field).cloned()
}

fn is_date(scope: &Scope<'_>, expr: &Expr) -> bool {
    matches!(value(scope, expr), Value::Date(_))
}
