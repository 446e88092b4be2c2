//! semantics.md, "Selections": the rows a phrase leaves, and what is said of them.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use interplay_syntax::tree::{Expr, KeyOrder, Relation, Timing};

use super::codebook::{Codebook, FieldType, Record, Shape, seconds_of};
use super::days::Set;
use super::expression::{period, value};
use super::scope::{Scope, field_of, typed};
use super::silence::{both, is_silent, named};
use super::time::Period;
use super::timing::{at_its_longest, at_its_shortest, days, holds_of, nights, window};
use super::value::{Truth, Value, and, not};
use super::world::Row;

/// The rows of one record that timing and condition leave.
#[derive(Clone, Debug)]
pub(super) struct Selection<'a> {
    /// Where it was asked.
    scope: Scope<'a>,
    record: &'a Record,
    /// In order of time; those of which timing or condition is false are gone.
    rows: Vec<Found<'a>>,
    /// A date in a phrase is missing: nothing is found, and nothing is known.
    is_blind: bool,
    /// Where the windows end together: the earliest of their ends, if one has an end. Later than
    /// the data date, what was not found may still come.
    end: Option<NaiveDate>,
    /// Where the windows begin together: the latest of their beginnings; `as of X` on a record at
    /// a day begins on the day of the row that it finds.
    begin: Option<NaiveDate>,
    /// The organisations to which conditions limit the rows.
    named: Option<BTreeSet<String>>,
    data_date: NaiveDate,
    /// `within P`: nights and days outside are cut off.
    cuts: Vec<Period>,
    /// `as of X` on a record at a day: only the row that holds is left.
    pub(super) holds_as_of: bool,
}

/// A row of a selection.
#[derive(Clone, Copy, Debug)]
struct Found<'a> {
    row: &'a Row,
    /// Whether it lies in time as asked: true, or unknown for its end is.
    lies: Truth,
    /// Whether its condition is true or unknown.
    holds: Truth,
}

impl Found<'_> {
    fn truth(self) -> Truth {
        and(self.lies, self.holds)
    }
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
        Expr::Of { word, .. } => book.records.get(&word.item),
        Expr::Where { rows, .. } | Expr::Between { value: rows, .. } => record_of(book, &rows.item),
        _ => None,
    }
}

/// The rows that `expr` selects.
pub(super) fn select<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Selection<'a> {
    match expr {
        Expr::Name(name) => match scope.book.definitions.get(name) {
            Some(body) => select(&scope.outside(), body),
            None => all_rows(scope, name, side(scope, name)),
        },
        Expr::Of { word, operand, .. } => select_side(scope, &word.item, &operand.item),
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
        Expr::Between { value, negated: false, low, high } => {
            let (low, high) = (low.clone(), high.clone());
            let relation = Relation::BetweenDates { low, high };
            let mut selection = select(scope, &value.item);
            selection.narrow(scope, &Timing::Relation { edge: None, relation });
            selection
        }
        other => panic!("the oracle needs rows here, not {other:?}"),
    }
}

/// `every S where C`: of the rows of S none for which C does not hold, and at least one. The last
/// `where` is what is asked.
pub(super) fn every<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Truth {
    let (selection, question) = questioned(scope, expr);
    let mut answer = if selection.is_blind || selection.certain().next().is_none() {
        None
    } else if selection.is_single() {
        Some(true)
    } else if selection.end.is_some_and(|end| end > selection.data_date) {
        // A row for which it does not hold may still come.
        None
    } else if selection.is_silent() {
        // Or it is there, and was not delivered.
        None
    } else {
        Some(true)
    };
    for found in &selection.rows {
        let asked = value(&scope.inside(selection.record, found.row), question).truth();
        answer = and(answer, not(and(found.truth(), not(asked))));
    }
    answer
}

/// Rows without the condition of the last `where`, and that condition.
fn questioned<'a>(scope: &Scope<'a>, expr: &'a Expr) -> (Selection<'a>, &'a Expr) {
    match expr {
        Expr::Parenthesised(inner) => questioned(scope, &inner.item),
        Expr::Where { rows, condition } => (select(scope, &rows.item), &condition.item),
        Expr::Timed { operand, timing } => {
            let (mut selection, question) = questioned(scope, &operand.item);
            selection.narrow(scope, &timing.item);
            (selection, question)
        }
        other => panic!("`every` asks nothing of {other:?}"),
    }
}

/// `membership of household as of X`: timing and conditions belong to the rows.
fn select_side<'a>(scope: &Scope<'a>, record: &str, expr: &'a Expr) -> Selection<'a> {
    match expr {
        Expr::Timed { operand, timing } => {
            let mut selection = select_side(scope, record, &operand.item);
            selection.narrow(scope, &timing.item);
            selection
        }
        Expr::Where { rows, condition } => {
            let mut selection = select_side(scope, record, &rows.item);
            selection.keep(scope, &condition.item);
            selection
        }
        Expr::Name(field) => {
            let is_own = scope.book.records.get(record).is_some_and(|it| it.subject == *field);
            all_rows(scope, record, (!is_own).then_some(field))
        }
        other => panic!("the oracle needs a side of `{record}` here, not {other:?}"),
    }
}

/// The field by which the rows of a record are those of the subject asked about; none for its own.
fn side<'a>(scope: &Scope<'a>, name: &str) -> Option<&'a str> {
    let record = scope.book.records.get(name)?;
    if record.subject == scope.person.kind {
        return None;
    }
    record.references(scope.person.kind).first().copied()
}

fn all_rows<'a>(scope: &Scope<'a>, name: &str, side: Option<&str>) -> Selection<'a> {
    let record = scope.book.records.get(name);
    let record = record.unwrap_or_else(|| panic!("`{name}` is no record"));
    let found = |row: &&'a Row| Found { row, lies: Some(true), holds: Some(true) };
    let rows = scope.rows_of(record, side).iter().map(found).collect();
    let data_date = scope.data_date;
    Selection {
        scope: scope.clone(),
        record,
        rows,
        is_blind: false,
        end: None,
        begin: None,
        named: None,
        data_date,
        cuts: Vec::new(),
        holds_as_of: false,
    }
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
        let begin = match (timing, &self.record.shape) {
            (Timing::AsOf(_), Shape::At(_)) => None,
            _ => window.first,
        };
        self.begin = self.begin.into_iter().chain(begin).max();
        match (timing, &self.record.shape) {
            // Of the rows on or before X the last one only.
            (Timing::AsOf(_), Shape::At(day)) => {
                // What will hold on a day to come nobody knows yet.
                let is_to_come = window.last.is_some_and(|last| last > self.data_date);
                if is_to_come && !self.is_single() {
                    self.is_blind = true;
                    self.rows.clear();
                    return;
                }
                self.rows.retain(|it| it.row.date(day).is_some_and(|day| window.reaches(day)));
                self.rows.drain(..self.rows.len().saturating_sub(1));
                self.begin = self.rows.first().and_then(|found| found.row.date(day));
                self.holds_as_of = true;
            }
            _ => {
                let record = self.record;
                for found in &mut self.rows {
                    let lies = holds_of(scope, timing, window, (record, found.row));
                    found.lies = and(found.lies, lies);
                }
                self.rows.retain(|found| found.lies != Some(false));
            }
        }
        if let Timing::Within(span) = timing {
            self.cuts.extend(period(scope, &span.item));
        }
    }

    /// Asks `condition` of each row.
    fn keep(&mut self, scope: &Scope<'a>, condition: &'a Expr) {
        for found in &mut self.rows {
            let asked = value(&scope.inside(self.record, found.row), condition).truth();
            found.holds = and(found.holds, asked);
        }
        self.rows.retain(|found| found.holds != Some(false));
        self.named = both(self.named.take(), named(scope.book, condition));
    }

    /// Whether somebody who knows the subject did not deliver some of the days looked at.
    fn is_silent(&self) -> bool {
        is_silent(&self.scope, self.record, (self.begin, self.end), self.named.as_ref())
    }

    /// `any other`, `no other`: not the row at hand.
    #[must_use]
    pub(super) fn others(mut self, scope: &Scope<'a>) -> Self {
        let (record, hand) = scope.rows.last().expect("a row at hand");
        assert_eq!(record.name, self.record.name, "the row at hand is of another record");
        self.rows.retain(|found| !std::ptr::eq(found.row, *hand));
        self
    }

    /// `known only`: the rows that have a value of `field`.
    #[must_use]
    pub(super) fn with(mut self, field: &str) -> Self {
        self.rows.retain(|found| !field_of(self.record, found.row, field).has_none());
        self
    }

    /// Only the rows that `organisation` registered.
    #[must_use]
    pub(super) fn of_organisation(mut self, organisation: &str) -> Self {
        self.rows.retain(|found| found.row.organisation == organisation);
        self.named = both(self.named.take(), Some(BTreeSet::from([organisation.to_owned()])));
        self
    }

    /// The rows whose condition is true, with their record.
    pub(super) fn found(&self) -> impl Iterator<Item = (&'a Record, &'a Row)> {
        self.certain().map(|row| (self.record, row))
    }

    /// The rows that lie in time as asked and whose condition is true.
    fn certain(&self) -> impl DoubleEndedIterator<Item = &'a Row> {
        self.rows.iter().filter(|found| found.truth() == Some(true)).map(|found| found.row)
    }

    /// The rows whose condition is true and that lie, or perhaps lie, in time as asked: of these
    /// one is picked, and nothing when it is one of which that is unknown.
    fn pickable(&self) -> Vec<Found<'a>> {
        self.rows.iter().copied().filter(|found| found.holds == Some(true)).collect()
    }

    fn picked(&self, found: Option<&Found<'a>>) -> Value<'a> {
        let sure = found.filter(|found| found.lies == Some(true));
        Value::Row(sure.map(|found| (self.record, found.row)))
    }

    /// Whether it is unknown of a row if it is one of them.
    fn has_doubt(&self) -> bool {
        self.rows.iter().any(|found| found.truth().is_none())
    }

    /// Whether the subject is one row, beside which no other is to come.
    fn is_single(&self) -> bool {
        self.scope.book.anonymous.contains(&self.record.subject)
    }

    /// Whether nothing was found in a window that reaches past the data date, or of which not
    /// everything was delivered.
    fn may_still_come(&self) -> bool {
        self.certain().next().is_none() && self.may_have_more()
    }

    /// Whether there may be rows beside those that were found.
    pub(super) fn may_have_more(&self) -> bool {
        if self.is_single() {
            return false;
        }
        self.end.is_some_and(|end| end > self.data_date) || self.is_silent()
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

    /// `nights of S`, `days of S`: those in every `within P`
    #[must_use]
    pub(super) fn covered(&self, word: &str) -> Set {
        let covered = if word == "nights" { nights } else { days };
        let all = |shape: fn(&Record, &Row, NaiveDate) -> Row| -> BTreeSet<NaiveDate> {
            let rows = self.certain().map(|row| shape(self.record, row, self.data_date));
            let days = rows.flat_map(|row| covered(self.data_date, self.record, &row));
            days.filter(|day| self.cuts.iter().all(|cut| cut.contains(*day))).collect()
        };
        // A stay with an unknown end lasts no night, or up to the data date.
        let (least, most) = (all(at_its_shortest), all(at_its_longest));
        (self.is_certain() && least == most).then_some(least)
    }

    /// Whether how many rows there are can be known.
    fn is_certain(&self) -> bool {
        !self.is_blind && !self.has_doubt() && !self.may_still_come()
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

    /// Of each row the fields of these names, if all can be known.
    #[must_use]
    pub(super) fn fields(&self, names: &[&str]) -> Option<Vec<Vec<f64>>> {
        if self.is_blind || self.has_doubt() {
            return None;
        }
        let row = |row: &'a Row| {
            names.iter().map(|name| field_of(self.record, row, name).number()).collect()
        };
        self.certain().map(row).collect()
    }

    /// `mean of F of S`: as the sum
    #[must_use]
    pub(super) fn mean(&self, field: &str) -> Option<f64> {
        self.sum(field).map(|sum| sum / size(self.certain().count()))
    }

    /// `min of F of S`, `max of F of S`: missing over no rows, unknown when F of a row is missing
    /// or a row's condition is unknown.
    #[must_use]
    pub(super) fn extreme(&self, field: &str, wanted: Ordering) -> Value<'a> {
        if self.is_blind || self.has_doubt() {
            return Value::Missing;
        }
        let values: Vec<Value<'a>> =
            self.certain().map(|row| field_of(self.record, row, field)).collect();
        if values.iter().any(Value::has_none) {
            return Value::Missing;
        }
        let further = values.into_iter().reduce(|found, value| {
            if value.compare(&found) == Some(wanted) { value } else { found }
        });
        further.unwrap_or(Value::Missing)
    }

    /// `organisations of S`
    #[must_use]
    pub(super) fn organisations(&self) -> Option<f64> {
        let organisations: BTreeSet<&str> =
            self.certain().map(|row| row.organisation.as_str()).collect();
        self.is_certain().then(|| size(organisations.len()))
    }

    /// `the 2nd S`
    #[must_use]
    pub(super) fn nth(&self, number: u32) -> Value<'a> {
        let before = usize::try_from(number).expect("a small number") - 1;
        let rows = self.pickable();
        if rows.iter().take(before).any(|found| found.lies.is_none()) {
            return Value::Row(None);
        }
        self.picked(rows.get(before))
    }

    /// `best S by (F descending, G)`: what comes first by the keys, a missing value last; of
    /// equals the first in time.
    #[must_use]
    pub(super) fn best(&self, keys: &[KeyOrder]) -> Value<'a> {
        let mut rows = self.pickable();
        // Of one day the moment decides, before the keys that follow.
        let instants = keys.iter().flat_map(|key| {
            let name = &key.field.item;
            let is_instant = self.record.fields.get(name) == Some(&FieldType::Instant);
            let seconds = is_instant.then(|| (seconds_of(name), key.descending));
            [(name.clone(), key.descending)].into_iter().chain(seconds)
        });
        for (name, descending) in instants.collect::<Vec<_>>().into_iter().rev() {
            let value = |found: &Found<'_>| match self.record.fields.contains_key(&name) {
                true => field_of(self.record, found.row, &name),
                false => typed(found.row.get(&name), &FieldType::Number),
            };
            rows.sort_by(|one, other| match (value(one), value(other)) {
                (one, other) if one.has_none() || other.has_none() => {
                    one.has_none().cmp(&other.has_none())
                }
                (one, other) => {
                    let order = one.compare(&other).expect("two values");
                    if descending { order.reverse() } else { order }
                }
            });
        }
        self.picked(rows.first())
    }

    /// `first S`
    #[must_use]
    pub(super) fn first(&self) -> Value<'a> {
        self.picked(self.pickable().first())
    }

    /// `last S`
    #[must_use]
    pub(super) fn last(&self) -> Value<'a> {
        self.picked(self.pickable().last())
    }
}

fn size(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
