//! Rows from tables of texts, and results as tables of texts, for case files.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::codebook::FieldType::{self, Instant};
use super::codebook::{Codebook, seconds_of};
use super::partners::ORGANISATION;
use super::world::{Datum, Row};
use super::{Cell, Period};

/// One line of a given table: the first column is the subject, unless it is anonymous or whoever
/// delivered; an empty cell is missing.
#[must_use]
pub fn given_row(
    book: &Codebook<'_>,
    record: &str,
    (organisation, delivery): (&str, usize),
    columns: &[String],
    cells: &[String],
) -> Row {
    let record = book.records.get(record).unwrap_or_else(|| panic!("no record `{record}`"));
    let is_delivery = record.subject == ORGANISATION;
    let is_named = !is_delivery && !book.anonymous.contains(&record.subject);
    let subject = if is_delivery { Some(organisation.to_owned()) } else { None };
    let named = cells.first().filter(|_| is_named).cloned();
    let subject = subject.or(named).unwrap_or_default();
    let named = columns.iter().zip(cells).skip(usize::from(is_named));
    let fields = named.map(|(name, cell)| {
        let holds = record.fields.get(name);
        let holds = holds.unwrap_or_else(|| panic!("`{}` has no field `{name}`", record.name));
        (name.clone(), datum(cell, holds))
    });
    let mut fields: BTreeMap<String, Datum> = fields.collect();
    let named = columns.iter().zip(cells);
    for (name, cell) in named.filter(|(name, _)| record.fields.get(*name) == Some(&Instant)) {
        fields.insert(seconds_of(name), time_of_day(cell));
    }
    Row { subject, organisation: organisation.to_owned(), delivery, fields }
}

fn datum(cell: &str, holds: &FieldType) -> Datum {
    if cell.is_empty() {
        return Datum::Missing;
    }
    if cell == "unknown" && matches!(holds, FieldType::Date | Instant) {
        return Datum::Unknown;
    }
    match holds {
        FieldType::Number => Datum::Number(cell.parse().expect("a number")),
        FieldType::Date | FieldType::DateOfBirth => Datum::Date(cell.parse().expect("a date")),
        Instant => Datum::Date(cell.split('T').next().unwrap_or(cell).parse().expect("a date")),
        FieldType::Text | FieldType::Subject(_) => Datum::Text(cell.to_owned()),
        FieldType::Codes(_) => Datum::Code(cell.to_owned()),
    }
}

/// `2025-03-01T23:30`: the seconds of the clock that all rows of a case are told by; missing where
/// only the day is written.
fn time_of_day(cell: &str) -> Datum {
    let Ok(moment) = format!("{cell}:00").parse::<NaiveDateTime>() else { return Datum::Missing };
    Datum::Number(moment.and_utc().timestamp() as f64)
}

/// A line for each cell, columns aligned; numbers to six decimals. Further numbers stand last, and
/// the interval of what has no bounds.
#[must_use]
pub fn cells_as_table(cells: &[Cell]) -> String {
    let Some(first) = cells.first() else {
        return String::new();
    };
    let mut lines: Vec<Vec<String>> = Vec::new();
    let names = first.groups.iter().map(|(name, _)| name.as_str());
    let sizes = ["measure", "value", "numerator", "denominator", "unknown", "lower", "upper"];
    let is_aimed = |cell: &Cell| cell.aim != super::Aim::default();
    let aims: &[&str] = if cells.iter().any(is_aimed) {
        &["baseline", "target", "expected", "target_status"]
    } else {
        &[]
    };
    let compares: &[&str] =
        if first.compared.is_some() { &["compared period", "compared"] } else { &[] };
    let betweens: &[&str] = if cells.iter().any(|cell| cell.between.0.is_some()) {
        &["difference_low", "difference_high"]
    } else {
        &[]
    };
    let (low, high) = (|cell: &Cell| cell.interval.0, |cell: &Cell| cell.interval.1);
    let is_alone = |cell: &Cell| cell.lower.is_none() && low(cell).or(high(cell)).is_some();
    let intervals: &[&str] =
        if cells.iter().any(is_alone) { &["interval_low", "interval_high"] } else { &[] };
    let further: BTreeSet<&String> = cells.iter().flat_map(|cell| cell.further.keys()).collect();
    let last = aims
        .iter()
        .chain(compares)
        .chain(betweens)
        .chain(intervals)
        .copied()
        .chain(further.iter().map(|name| name.as_str()));
    let headings = ["period"].into_iter().chain(names).chain(sizes).chain(last);
    lines.push(headings.map(str::to_owned).collect());
    for cell in cells {
        let mut line = vec![period(Period { first: cell.period.0, last: cell.period.1 })];
        let headings = cell.groups.iter().map(|(_, heading)| heading.as_deref());
        line.extend(headings.map(|heading| heading.unwrap_or("total").to_owned()));
        line.push(cell.measure.clone());
        let sizes = [cell.value, cell.numerator, cell.denominator, Some(cell.unknown)];
        line.extend(sizes.into_iter().chain([cell.lower, cell.upper]).map(number));
        if !aims.is_empty() {
            let (baseline, target) = (cell.aim.baseline, cell.aim.target);
            let declared = [baseline.map(|it| it.0), target.map(|it| it.0), cell.aim.expected];
            line.extend(declared.map(number));
            line.push(cell.aim.standing.clone().unwrap_or_default());
        }
        if let Some((value, (first, last))) = cell.compared {
            line.extend([period(Period { first, last }), number(value)]);
        }
        if !betweens.is_empty() {
            line.extend([cell.between.0, cell.between.1].map(number));
        }
        if !intervals.is_empty() {
            line.extend([low(cell), high(cell)].map(number));
        }
        line.extend(further.iter().map(|name| number(cell.further.get(*name).copied())));
        lines.push(line);
    }
    aligned(&lines)
}

/// The values alone: a line for each measure, a column for each heading of the one breakdown. `?`
/// stands where nothing is known of anybody, nothing where there is nobody.
#[must_use]
pub fn cells_as_grid(cells: &[Cell]) -> String {
    let mut lines = vec![vec![String::new()]];
    for cell in cells {
        let [(_, heading)] = cell.groups.as_slice() else {
            panic!("a grid has one breakdown");
        };
        let heading = heading.as_deref().unwrap_or("total").to_owned();
        let column = lines[0].iter().position(|other| *other == heading);
        let column = column.unwrap_or_else(|| {
            lines[0].push(heading);
            lines[0].len() - 1
        });
        let row = lines.iter().position(|line| line[0] == cell.measure);
        let row = row.unwrap_or_else(|| {
            lines.push(vec![cell.measure.clone()]);
            lines.len() - 1
        });
        let unknown = if cell.unknown > 0.0 { "?" } else { "" };
        let value = cell.value.map_or_else(|| unknown.to_owned(), |value| number(Some(value)));
        lines[row].resize(column, String::new());
        lines[row].push(value);
    }
    aligned(&lines)
}

fn period(period: Period) -> String {
    format!("{} .. {}", period.first, period.last)
}

/// Up to six decimals, without zeros at the end; nothing when there is no number.
fn number(number: Option<f64>) -> String {
    let text = number.map_or_else(String::new, |number| format!("{number:.6}"));
    let text = if text.contains('.') { text.trim_end_matches('0') } else { &text };
    text.trim_end_matches('.').to_owned()
}

fn aligned(lines: &[Vec<String>]) -> String {
    let count = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(padded.collect::<Vec<_>>().join(" | ").trim_end());
        text.push('\n');
    }
    text
}
