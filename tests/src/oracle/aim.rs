//! semantics.md, "Figures": what is declared for a total, and how the figure stands to it.

use chrono::{Datelike, NaiveDate};
use interplay_syntax::tree::{Expr, Key};

use super::figure::Clauses;
use super::index::number;
use super::time::{Period, Unit};

/// What is declared for a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aim {
    /// The latest baseline, and its period.
    pub baseline: Option<(f64, (NaiveDate, NaiveDate))>,
    /// The target of the figure's own period, and that.
    pub target: Option<(f64, (NaiveDate, NaiveDate))>,
    /// The target, or the line to the next one.
    pub expected: Option<f64>,
    /// `on track`
    pub standing: Option<String>,
}

/// Of the total of `cell`.
pub(super) fn of(clauses: &Clauses<'_>, cell: Period, value: Option<f64>, day: NaiveDate) -> Aim {
    let (baselines, targets) = (declared(clauses, "baseline"), declared(clauses, "target"));
    let Some(unit) = baselines.iter().chain(&targets).map(|(text, ..)| unit(text)).next() else {
        return Aim::default();
    };
    let around = unit.around(cell.first);
    if (around.first, around.last) != (cell.first, cell.last) {
        return Aim::default();
    }
    let dates = |period: Period| (period.first, period.last);
    let before = |period: &Period| period.first < cell.first;
    let baseline = baselines.iter().rev().find(|(_, period, _)| period.first <= cell.first);
    let mut aim = Aim {
        baseline: baseline.map(|(_, period, value)| (*value, dates(*period))),
        ..Aim::default()
    };
    let target = targets.iter().find(|(_, period, _)| dates(*period) == dates(cell));
    aim.target = target.map(|(_, period, value)| (*value, dates(*period)));
    aim.expected = aim.target.map(|(value, _)| value);
    if aim.target.is_none() {
        let from = baselines.iter().rev().find(|(_, period, _)| before(period));
        let to = targets.iter().find(|(_, period, _)| period.first > cell.first);
        if let (Some((_, from, was)), Some((_, to, wanted))) = (from, to) {
            let all = steps(unit, from.first, to.first);
            aim.expected = Some(was + (wanted - was) * steps(unit, from.first, cell.first) / all);
        }
    }
    if let (Some(expected), Some(value), true) = (aim.expected, value, cell.last <= day) {
        let margin = 1e-9 * expected.abs().max(1.0);
        let is_there = match clauses.get("better") {
            Some(Expr::Name(word)) if word == "higher" => value >= expected - margin,
            Some(_) => value <= expected + margin,
            None => return aim,
        };
        let word = match (aim.target, is_there) {
            (Some(_), true) => "reached",
            (Some(_), false) => "not reached",
            (None, true) => "on track",
            (None, false) => "behind",
        };
        aim.standing = Some(word.to_owned());
    }
    aim
}

/// How many units lie between the first days of two of them.
fn steps(unit: Unit, from: NaiveDate, to: NaiveDate) -> f64 {
    let mut day = from;
    let mut steps = 0.0;
    while day < to {
        day = unit.around(day).last.succ_opt().expect("a later day");
        steps += 1.0;
    }
    steps
}

fn unit(text: &str) -> Unit {
    match text.split_once('-').map(|(_, rest)| rest.chars().next()) {
        None => Unit::Year,
        Some(Some('Q')) => Unit::Quarter,
        Some(Some('W')) => Unit::Week,
        Some(_) => Unit::Month,
    }
}

/// The periods with their values, in order of time.
fn declared(clauses: &Clauses<'_>, label: &str) -> Vec<(String, Period, f64)> {
    let Some(Expr::Map(rows)) = clauses.get(label).copied() else { return Vec::new() };
    let row = rows.iter().map(|row| {
        let Key::Period(text) = &row.key.item else { panic!("a period") };
        let period = Period::written(text).expect("a period");
        (text.clone(), period, number(&row.value.item))
    });
    let mut rows: Vec<_> = row.collect();
    rows.sort_by_key(|(_, period, _)| period.first.num_days_from_ce());
    rows
}
