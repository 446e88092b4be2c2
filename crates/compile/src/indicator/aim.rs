//! `baseline:` and `target:` of an indicator: what it was, and what it should become.
//!
//! ```text
//! better:   higher
//! baseline: { 2023: 42% }
//! target:   { 2026: 55%, 2027: 60% }
//! ```
//!
//! A target binds the figure of its own period. Before that, a figure is *on track* when it is at
//! or beyond the straight line from the baseline to the next target; without a baseline nothing
//! is said before a target's own period.

use chrono::{Datelike, NaiveDate};
use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{Expr, Key, MapRow};

use super::Better;
use crate::calendar::{self, Period};
use crate::catalog::Unit;
use crate::check::Checker;
use crate::expression::written;
use crate::problems;
use crate::shape::{self, Clauses};
use crate::types::TimeUnit;

/// What only rounding puts on the other side of a line is on the line.
const NEAR: f64 = 1e-9;

/// Figures declared for periods of one kind: years, quarters, months or weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Aim {
    unit: TimeUnit,
    /// Which way is better; there where there is a target.
    better: Option<Better>,
    /// In the order of time.
    baselines: Vec<(Period, f64)>,
    /// In the order of time.
    targets: Vec<(Period, f64)>,
}

/// What is declared for one figure, and how it stands to that.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Aimed {
    /// The latest baseline that is no later, and its period.
    pub baseline: Option<(Period, f64)>,
    /// The target of the figure's own period.
    pub target: Option<(Period, f64)>,
    /// What the figure is held against: its target, or its place on the line to the next one.
    pub expected: Option<f64>,
    /// None where there is nothing to hold it against, no figure, or the period is not over.
    pub standing: Option<Standing>,
}

/// How a figure stands to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// At its target, or beyond.
    Reached,
    /// Short of its target.
    NotReached,
    /// On the line to the next target, or beyond.
    OnTrack,
    /// Short of that line.
    Behind,
}

impl Standing {
    /// In words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotReached => "not reached",
            Self::OnTrack => "on track",
            Self::Behind => "behind",
        }
    }
}

impl Aim {
    /// Whether there is a target, and not a baseline alone.
    #[must_use]
    pub fn has_target(&self) -> bool {
        !self.targets.is_empty()
    }

    /// Whether there is a baseline.
    #[must_use]
    pub fn has_baseline(&self) -> bool {
        !self.baselines.is_empty()
    }

    /// What is declared for the total of `cell`, and how `value` stands to it.
    #[must_use]
    pub fn of(&self, cell: Period, value: Option<f64>, data_date: NaiveDate) -> Aimed {
        if calendar::unit_around(cell.first, self.unit) != cell {
            return Aimed::default();
        }
        let earlier = self.baselines.iter().rev();
        let baseline = earlier.copied().find(|(period, _)| period.first <= cell.first);
        let target = self.targets.iter().copied().find(|(period, _)| *period == cell);
        let expected = target.map(|(_, value)| value).or_else(|| self.on_line(cell));
        let value = value.filter(|_| cell.last <= data_date);
        let standing = expected.zip(value).zip(self.better).map(|((expected, value), better)| {
            let short = match better {
                Better::Higher => expected - value,
                Better::Lower => value - expected,
            };
            let is_there = short <= NEAR * expected.abs().max(1.0);
            match (target, is_there) {
                (Some(_), true) => Standing::Reached,
                (Some(_), false) => Standing::NotReached,
                (None, true) => Standing::OnTrack,
                (None, false) => Standing::Behind,
            }
        });
        Aimed { baseline, target, expected, standing }
    }

    /// Where the straight line from the baseline to the next target passes in `cell`.
    fn on_line(&self, cell: Period) -> Option<f64> {
        let (from, was) =
            self.baselines.iter().rev().find(|(period, _)| period.first < cell.first)?;
        let (to, wanted) = self.targets.iter().find(|(period, _)| period.first > cell.first)?;
        let place = |period: &Period| ordinal(period.first, self.unit);
        let way = (place(&cell) - place(from)) / (place(to) - place(from));
        Some(was + (wanted - was) * way)
    }
}

/// The number of the unit that begins on `first`, each one more than the one before.
fn ordinal(first: NaiveDate, unit: TimeUnit) -> f64 {
    let months = f64::from(first.year()) * 12.0 + f64::from(first.month0());
    match unit {
        TimeUnit::Year => months / 12.0,
        TimeUnit::Quarter => months / 3.0,
        TimeUnit::Month => months,
        TimeUnit::Week => f64::from(first.num_days_from_ce()) / 7.0,
        TimeUnit::Day => f64::from(first.num_days_from_ce()),
    }
}

/// The labels that are read here.
pub(super) const CLAUSES: [&str; 2] = ["baseline", "target"];

/// Reads `baseline:` and `target:`, if they are there.
pub(super) fn check(
    checker: &mut Checker<'_>,
    clauses: &Clauses<'_>,
    (unit, is_share): (Option<&Unit>, bool),
    better: Option<Better>,
) -> Option<Aim> {
    let mut periods = Periods { kind: None };
    let [baselines, targets] = CLAUSES.map(|label| {
        let expr = clauses.expression(label, &mut checker.problems)?;
        declared(checker, expr, (unit, is_share), &mut periods)
    });
    if let (Some(span), None) = (clauses.span("target"), better)
        && !clauses.has("better")
    {
        return checker.note(problems::better_needed(span));
    }
    let (unit, _) = periods.kind?;
    let (baselines, targets) = (baselines.unwrap_or_default(), targets.unwrap_or_default());
    if let (Some((from, _)), Some((to, _))) = (baselines.first(), targets.last())
        && from.first >= to.first
        && let Some(span) = clauses.span("baseline")
    {
        checker.problems.push(problems::baseline_late(span));
    }
    Some(Aim { unit, better, baselines, targets })
}

/// What kind of period the first key is, with its text.
struct Periods {
    kind: Option<(TimeUnit, String)>,
}

/// `{ 2026: 55%, 2027: 60% }`
fn declared(
    checker: &mut Checker<'_>,
    expr: &Spanned<Expr>,
    (unit, is_share): (Option<&Unit>, bool),
    periods: &mut Periods,
) -> Option<Vec<(Period, f64)>> {
    let Expr::Map(rows) = &expr.item else {
        let wanted = "periods with what is aimed at, such as `{ 2026: 55% }`,";
        return checker.note(problems::wrong_expr(wanted, expr));
    };
    let mut found: Vec<(Period, f64, Span)> = Vec::new();
    let mut sound = true;
    for row in rows {
        let (period, value) = (periods.read(checker, row), checker.amount(unit, &row.value));
        let (Some(period), Some(value)) = (period, value) else {
            sound = false;
            continue;
        };
        if let Some((.., first)) = found.iter().find(|(other, ..)| *other == period) {
            let key = shape::key_text(&row.key.item);
            checker.problems.push(problems::key_twice(&key, row.key.span, *first));
            sound = false;
        }
        if is_share && !(0.0..=1.0).contains(&value) {
            let percent = written(&row.value);
            checker.problems.push(problems::aimed_beyond(&percent, row.value.span));
            sound = false;
        }
        found.push((period, value, row.key.span));
    }
    found.sort_by_key(|(period, ..)| *period);
    sound.then(|| found.into_iter().map(|(period, value, _)| (period, value)).collect())
}

impl Periods {
    /// A year, a quarter, a month or a week, whichever the others are.
    fn read(&mut self, checker: &mut Checker<'_>, row: &MapRow) -> Option<Period> {
        let text = shape::key_text(&row.key.item);
        let period = match &row.key.item {
            Key::Period(text) => calendar::period(text),
            Key::Text(_) | Key::Number(_) | Key::Date(_) | Key::Word(_) => None,
        };
        let units = [TimeUnit::Year, TimeUnit::Quarter, TimeUnit::Month, TimeUnit::Week];
        let unit = period.and_then(|period| {
            units.into_iter().find(|unit| calendar::unit_around(period.first, *unit) == period)
        });
        let found = format!("`{text}`");
        let Some(unit) = unit else {
            let wanted = "a period such as `2026` or `2026-Q1`";
            return checker.note(problems::wrong_type(wanted, &found, row.key.span));
        };
        match &self.kind {
            None => self.kind = Some((unit, text)),
            Some((kind, _)) if *kind == unit => {}
            Some((kind, first)) => {
                let wanted = format!("a {}, as `{first}` is,", kind.word());
                return checker.note(problems::wrong_type(&wanted, &found, row.key.span));
            }
        }
        period
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, Better, Standing};
    use crate::calendar::{date, period};
    use crate::types::TimeUnit;

    fn aim(better: Better) -> Aim {
        let year = |text: &str, value| (period(text).unwrap(), value);
        Aim {
            unit: TimeUnit::Year,
            better: Some(better),
            baselines: vec![year("2023", 0.42)],
            targets: vec![year("2026", 0.54), year("2027", 0.60)],
        }
    }

    fn standing(better: Better, cell: &str, value: f64) -> Option<Standing> {
        let day = date("2030-01-01").unwrap();
        aim(better).of(period(cell).unwrap(), Some(value), day).standing
    }

    #[test]
    fn before_a_target_the_line_decides() {
        // 42 % in 2023, 54 % in 2026: 4 points a year, 46 % in 2024.
        assert_eq!(standing(Better::Higher, "2024", 0.46), Some(Standing::OnTrack));
        assert_eq!(standing(Better::Higher, "2024", 0.459), Some(Standing::Behind));
        assert_eq!(standing(Better::Lower, "2024", 0.459), Some(Standing::OnTrack));
    }

    #[test]
    fn in_its_own_period_a_target_is_reached_or_not() {
        assert_eq!(standing(Better::Higher, "2026", 0.54), Some(Standing::Reached));
        assert_eq!(standing(Better::Higher, "2027", 0.54), Some(Standing::NotReached));
    }

    #[test]
    fn nothing_binds_other_periods_and_those_that_are_not_over() {
        for cell in ["2023", "2022", "2028", "2024-Q1"] {
            assert_eq!(standing(Better::Higher, cell, 0.5), None, "{cell}");
        }
        let day = date("2026-12-30").unwrap();
        let aimed = aim(Better::Higher).of(period("2026").unwrap(), Some(0.9), day);
        assert_eq!((aimed.standing, aimed.expected), (None, Some(0.54)));
    }
}
