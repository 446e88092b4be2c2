//! semantics.md, "Selections": the rows a phrase leaves, and what is said of them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use interplay_syntax::tree::{Expr, Timing};

use super::codebook::{Codebook, Record, Shape};
use super::expression::{period, value};
use super::scope::{Scope, field_of};
use super::time::Period;
use super::timing::{days, holds_of, nights, window};
use super::value::{Truth, Value, and, not};
use super::world::Row;

/// The rows of one record that timing and condition leave.
#[derive(Clone, Debug)]
pub(super) struct Selection<'a> {
    record: &'a Record,
    /// In order of time, each with whether its condition is true or unknown; false ones are gone.
    rows: Vec<(&'a Row, Truth)>,
    /// A date in a phrase is missing: nothing is found, and nothing is known.
    is_blind: bool,
    /// Where the windows end together: the earliest of their ends, if one has an end. Later than
    /// the data date, what was not found may still come.
    end: Option<NaiveDate>,
    data_date: NaiveDate,
    /// `within P`: nights and days outside are cut off.
    cuts: Vec<Period>,
}

/// The record whose rows `expr` selects, or `None` when `expr` is no selection.
pub(super) fn record_of<'a>(book: &'a Codebook<'a>, expr: &Expr) -> Option<&'a Record> {
    match expr {
        Expr::Name(name) => match book.definitions.get(name) {
            Some(body) => record_of(book, body),
            None => book.records.get(name),
        },
        Expr::Parenthesised(inner) => record_of(book, &inner.item),
        Expr::Timed { operand, .. } => record_of(book, &operand.item),
        Expr::Where { rows, .. } => record_of(book, &rows.item),
        _ => None,
    }
}

/// The rows that `expr` selects.
pub(super) fn select<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Selection<'a> {
    match expr {
        Expr::Name(name) => match scope.book.definitions.get(name) {
            Some(body) => select(&scope.outside(), body),
            None => all_rows(scope, name),
        },
        Expr::Parenthesised(inner) => select(scope, &inner.item),
        Expr::Timed { operand, timing } => {
            let mut selection = select(scope, &operand.item);
            selection.narrow(scope, &timing.item);
            selection
        }
        Expr::Where { rows, condition } => {
            let mut selection = select(scope, &rows.item);
            selection.keep(scope, &condition.item);
            selection
        }
        other => panic!("the oracle needs rows here, not {other:?}"),
    }
}

fn all_rows<'a>(scope: &Scope<'a>, name: &str) -> Selection<'a> {
    let record = scope.book.records.get(name);
    let record = record.unwrap_or_else(|| panic!("`{name}` is no record"));
    let rows = scope.rows_of(record).iter().map(|row| (*row, Some(true))).collect();
    let data_date = scope.data_date;
    Selection { record, rows, is_blind: false, end: None, data_date, cuts: Vec::new() }
}

impl<'a> Selection<'a> {
    /// Leaves the rows of which `timing` holds.
    fn narrow(&mut self, scope: &Scope<'a>, timing: &Timing) {
        let Some(window) = window(scope, timing) else {
            self.is_blind = true;
            self.rows.clear();
            return;
        };
        self.end = self.end.into_iter().chain(window.last).min();
        match (timing, &self.record.shape) {
            // Of the rows on or before X the last one only.
            (Timing::AsOf(_), Shape::At(day)) => {
                self.rows.retain(|(row, _)| row.date(day).is_some_and(|day| window.reaches(day)));
                self.rows.drain(..self.rows.len().saturating_sub(1));
            }
            _ => {
                let record = self.record;
                self.rows.retain(|(row, _)| holds_of(scope, timing, window, (record, row)));
            }
        }
        if let Timing::Within(span) = timing {
            self.cuts.extend(period(scope, &span.item));
        }
    }

    /// Asks `condition` of each row.
    fn keep(&mut self, scope: &Scope<'a>, condition: &'a Expr) {
        for (row, truth) in &mut self.rows {
            let asked = value(&scope.inside(self.record, row), condition).truth();
            *truth = and(*truth, asked);
        }
        self.rows.retain(|(_, truth)| *truth != Some(false));
    }

    /// Only the rows that `organisation` registered.
    #[must_use]
    pub(super) fn of_organisation(mut self, organisation: &str) -> Self {
        self.rows.retain(|(row, _)| row.organisation == organisation);
        self
    }

    /// The rows whose condition is true.
    fn certain(&self) -> impl DoubleEndedIterator<Item = &'a Row> {
        self.rows.iter().filter(|(_, truth)| *truth == Some(true)).map(|(row, _)| *row)
    }

    /// Whether the condition of a row in the window is unknown.
    fn has_doubt(&self) -> bool {
        self.rows.iter().any(|(_, truth)| truth.is_none())
    }

    /// Whether the window reaches past the data date and nothing was found in it.
    fn may_still_come(&self) -> bool {
        self.end.is_some_and(|end| end > self.data_date) && self.certain().next().is_none()
    }

    /// `any S`
    #[must_use]
    pub(super) fn any(&self) -> Truth {
        if self.is_blind {
            None
        } else if self.certain().next().is_some() {
            Some(true)
        } else if self.has_doubt() || self.may_still_come() {
            None
        } else {
            Some(false)
        }
    }

    /// `no S` is `not any S`
    #[must_use]
    pub(super) fn no(&self) -> Truth {
        not(self.any())
    }

    /// `count of S`
    #[must_use]
    pub(super) fn count(&self) -> Option<f64> {
        self.is_certain().then(|| size(self.certain().count()))
    }

    /// `nights of S`: distinct nights
    #[must_use]
    pub(super) fn nights(&self) -> Option<f64> {
        let nights = self.certain().flat_map(|row| nights(self.data_date, self.record, row));
        self.is_certain().then(|| size(self.distinct(nights)))
    }

    /// `days of S`: distinct days
    #[must_use]
    pub(super) fn days(&self) -> Option<f64> {
        let days = self.certain().flat_map(|row| days(self.data_date, self.record, row));
        self.is_certain().then(|| size(self.distinct(days)))
    }

    /// Whether how many rows there are can be known.
    fn is_certain(&self) -> bool {
        !self.is_blind && !self.has_doubt() && !self.may_still_come()
    }

    /// How many different days of `days` are in every `within P`.
    fn distinct(&self, days: impl Iterator<Item = NaiveDate>) -> usize {
        let inside = days.filter(|day| self.cuts.iter().all(|cut| cut.contains(*day)));
        inside.collect::<BTreeSet<_>>().len()
    }

    /// `sum of F of S`: missing over no rows, unknown when F of a row is missing or a row's
    /// condition is unknown.
    #[must_use]
    pub(super) fn sum(&self, field: &str) -> Option<f64> {
        if self.is_blind || self.has_doubt() || self.certain().next().is_none() {
            return None;
        }
        self.certain().map(|row| field_of(self.record, row, field).number()).sum()
    }

    /// `first S`
    #[must_use]
    pub(super) fn first(&self) -> Value<'a> {
        Value::Row(self.certain().next().map(|row| (self.record, row)))
    }

    /// `last S`
    #[must_use]
    pub(super) fn last(&self) -> Value<'a> {
        Value::Row(self.certain().next_back().map(|row| (self.record, row)))
    }
}

fn size(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
