//! Where two answers to one query differ.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Cell;
use super::breakdown::{MISSING, NONE};
use super::time::Unit;

/// How far two figures may lie apart, in proportion: the last bits of a division.
const TOLERANCE: f64 = 1e-9;

type Key = ((NaiveDate, NaiveDate), Vec<(String, Option<String>)>, String);

/// A line for each cell in which `expected` and `found` differ.
///
/// A cell under `missing` or `none` in which nobody stands may be there or not, and one of nobody
/// may be there under other headings too: of codes that nobody who counts has. A breakdown by time
/// is told by the period alone, and need not stand among the groups.
#[must_use]
pub fn differences(expected: &[Cell], found: &[Cell]) -> Vec<String> {
    let (expected, found) = (by_key(expected), by_key(found));
    let keys: BTreeSet<&Key> = expected.keys().chain(found.keys()).collect();
    let mut lines = Vec::new();
    for key in keys {
        match (expected.get(key), found.get(key)) {
            (Some(expected), Some(found)) if is_same(expected, found) => {}
            (Some(cell), None) if is_rest(cell) && is_of_nobody(cell) => {}
            (None, Some(cell)) if is_of_nobody(cell) => {}
            (expected, found) => lines.push(format!(
                "{} {:?} {} .. {}: expected {}, found {}",
                key.2,
                key.1,
                key.0.0,
                key.0.1,
                shown(expected.copied()),
                shown(found.copied())
            )),
        }
    }
    lines
}

/// Whether a breakdown cuts time: by a unit, or by a kind that random programs declare.
fn is_time(name: &str) -> bool {
    Unit::named(name).is_some() || ["campaign", "school_year"].contains(&name)
}

fn by_key(cells: &[Cell]) -> BTreeMap<Key, &Cell> {
    let keyed = cells.iter().map(|cell| {
        let mut groups = cell.groups.clone();
        groups.retain(|(name, _)| !is_time(name));
        ((cell.period, groups, cell.measure.clone()), cell)
    });
    keyed.collect()
}

fn shown(cell: Option<&Cell>) -> String {
    cell.map_or_else(
        || "no such cell".to_owned(),
        |cell| {
            format!(
                "{:?} ({:?} of {:?}, unknown {}, bounds {:?} {:?}, interval {:?}, \
                 compared {:?} {:?} {:?}, {:?}) {:?}",
                cell.value,
                cell.numerator,
                cell.denominator,
                cell.unknown,
                cell.lower,
                cell.upper,
                cell.interval,
                cell.compared,
                cell.compared_sizes,
                cell.between,
                cell.aim,
                cell.further
            )
        },
    )
}

fn is_same(one: &Cell, other: &Cell) -> bool {
    let numbers = |cell: &Cell| {
        let (low, high) = cell.interval;
        [
            cell.value,
            cell.numerator,
            cell.denominator,
            Some(cell.unknown),
            cell.lower,
            cell.upper,
            low,
            high,
            cell.compared.and_then(|(value, _)| value),
            cell.between.0,
            cell.between.1,
            cell.aim.baseline.map(|(value, _)| value),
            cell.aim.target.map(|(value, _)| value),
            cell.aim.expected,
        ]
    };
    let sizes = || one.compared_sizes.iter().zip(&other.compared_sizes);
    let period = |cell: &Cell| cell.compared.map(|(_, period)| period);
    let names: BTreeSet<&String> = one.further.keys().chain(other.further.keys()).collect();
    let further = |name: &String, cell: &Cell| cell.further.get(name).copied();
    period(one) == period(other)
        && one.aim.standing == other.aim.standing
        && numbers(one).into_iter().zip(numbers(other)).all(|(one, other)| is_close(one, other))
        && sizes().all(|(one, other)| is_close(*one, *other))
        && names.into_iter().all(|name| is_close(further(name, one), further(name, other)))
}

fn is_close(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            (one - other).abs() <= TOLERANCE * one.abs().max(other.abs()).max(1.0)
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether the cell is one of those that stand only for somebody.
fn is_rest(cell: &Cell) -> bool {
    cell.groups.iter().any(|(_, heading)| matches!(heading.as_deref(), Some(MISSING | NONE)))
}

/// Whether nobody stands in the cell.
fn is_of_nobody(cell: &Cell) -> bool {
    let nothing = |number: Option<f64>| number.is_none_or(|number| number.abs() < TOLERANCE);
    // Of nobody an index has points all the same.
    let is_index = cell.further.keys().any(|name| name.ends_with("_points"));
    let other = cell.compared.and_then(|(value, _)| value);
    (is_index || (nothing(cell.value) && nothing(other)))
        && nothing(cell.denominator)
        && nothing(Some(cell.unknown))
}
