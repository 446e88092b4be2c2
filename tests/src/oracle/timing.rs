//! semantics.md, "Rows and time": which rows a timing phrase leaves.

use chrono::{Days, NaiveDate};
use interplay_syntax::tree::{Direction, Edge, Expr, Relation, Timing};

use super::codebook::{Record, Shape};
use super::expression::{date, duration, period};
use super::scope::{Scope, first_day};
use super::time::{Duration, Period};
use super::value::Truth;
use super::world::{Datum, Row};

/// The days a phrase looks at, both ends in; `None` is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The first day.
    pub(super) first: Option<NaiveDate>,
    /// The last day.
    pub(super) last: Option<NaiveDate>,
}

impl Window {
    fn between(first: NaiveDate, last: NaiveDate) -> Self {
        Self { first: Some(first), last: Some(last) }
    }

    fn of(period: Period) -> Self {
        Self::between(period.first, period.last)
    }

    /// Whether a row with the days from `start` to `end` overlaps it.
    fn overlaps(self, start: NaiveDate, end: NaiveDate) -> bool {
        self.last.is_none_or(|last| start <= last) && self.first.is_none_or(|first| end >= first)
    }

    /// Whether `day` is not after its end: what `as of` asks of a row at a day.
    pub(super) fn reaches(self, day: NaiveDate) -> bool {
        self.last.is_none_or(|last| day <= last)
    }
}

/// The window of a phrase, or `None` when a date in it is missing.
pub(super) fn window(scope: &Scope<'_>, timing: &Timing) -> Option<Window> {
    match timing {
        Timing::During(span) | Timing::Overlapping(span) | Timing::Within(span) => {
            Some(Window::of(period(scope, &span.item)?))
        }
        Timing::EdgeIn { period: span, .. } => Some(Window::of(period(scope, &span.item)?)),
        Timing::Relation { relation, .. } => window_of_relation(scope, relation),
        Timing::AsOf(point) => {
            let day = date(scope, &point.item)?;
            Some(Window::between(day, day))
        }
        Timing::At(_)
        | Timing::AtLevel(_)
        | Timing::AtTree(_)
        | Timing::From(_)
        | Timing::Until(_) => panic!("the oracle does not know `{timing:?}` on rows"),
    }
}

fn window_of_relation(scope: &Scope<'_>, relation: &Relation) -> Option<Window> {
    let day = |point: &Expr| date(scope, point);
    let one = Days::new(1);
    let window = match relation {
        // s < X, which is s <= X - 1.
        Relation::Before(point) => Window { first: None, last: Some(day(&point.item)? - one) },
        Relation::OnOrBefore(point) => Window { first: None, last: Some(day(&point.item)?) },
        // e > X, which is e >= X + 1.
        Relation::After(point) => Window { first: Some(day(&point.item)? + one), last: None },
        Relation::OnOrAfter(point) => Window { first: Some(day(&point.item)?), last: None },
        Relation::Within { duration: reach, direction, anchor } => {
            let (reach, anchor) = (duration(&reach.item), day(&anchor.item)?);
            match direction {
                Direction::Before => Window::between(reach.before(anchor), anchor),
                Direction::After => Window::between(anchor, reach.after(anchor)),
                Direction::Around => Window::between(reach.before(anchor), reach.after(anchor)),
            }
        }
        Relation::BetweenDurations { low, high, direction, anchor } => {
            let (low, high): (Duration, Duration) = (duration(&low.item), duration(&high.item));
            let anchor = day(&anchor.item)?;
            match direction {
                Direction::Before => Window::between(high.before(anchor), low.before(anchor)),
                Direction::After => Window::between(low.after(anchor), high.after(anchor)),
                Direction::Around => panic!("`between D1 and D2 of X` is no phrase"),
            }
        }
        Relation::BetweenDates { low, high } => Window::between(day(&low.item)?, day(&high.item)?),
    };
    Some(window)
}

/// A phrase on a single date: unknown when the date, or one in the phrase, is missing.
pub(super) fn holds_on(scope: &Scope<'_>, day: Option<NaiveDate>, timing: &Timing) -> Truth {
    Some(window(scope, timing)?.overlaps(day?, day?))
}

/// Whether a phrase with this window holds of `row`: where its end is unknown, whatever it is.
pub(super) fn holds_of(
    scope: &Scope<'_>,
    timing: &Timing,
    window: Window,
    (record, row): (&Record, &Row),
) -> Truth {
    let near = [window.first, window.last, Some(scope.data_date)];
    let ends = possible_ends(record, row, near.into_iter().flatten());
    let mut answers = ends.iter().map(|row| holds(scope, timing, window, (record, row)));
    let first = answers.next()?;
    answers.all(|answer| answer == first).then_some(first)
}

/// The row with each end that it may have, as far as that can differ: its start, and the days
/// around those that something depends on. A row whose end is known is itself.
fn possible_ends(record: &Record, row: &Row, near: impl Iterator<Item = NaiveDate>) -> Vec<Row> {
    let (Shape::During(start, end), true) = (&record.shape, has_unknown_end(record, row)) else {
        return vec![row.clone()];
    };
    let start = row.date(start).expect("a row has a start");
    let days = near.flat_map(|day| (day - Days::new(1)).iter_days().take(4)).chain([start]);
    days.filter(|day| *day >= start).map(|day| ending(row, end, day)).collect()
}

fn has_unknown_end(record: &Record, row: &Row) -> bool {
    matches!(&record.shape, Shape::During(_, end) if *row.get(end) == Datum::Unknown)
}

fn ending(row: &Row, end: &str, day: NaiveDate) -> Row {
    let mut row = row.clone();
    row.fields.insert(end.to_owned(), Datum::Date(day));
    row
}

/// The row with the earliest end that it may have.
pub(super) fn at_its_shortest(record: &Record, row: &Row, _: NaiveDate) -> Row {
    match &record.shape {
        Shape::During(start, end) if has_unknown_end(record, row) => {
            ending(row, end, row.date(start).expect("a row has a start"))
        }
        _ => row.clone(),
    }
}

/// The row with an end later than all days that are seen.
pub(super) fn at_its_longest(record: &Record, row: &Row, data_date: NaiveDate) -> Row {
    match &record.shape {
        Shape::During(_, end) if has_unknown_end(record, row) => {
            ending(row, end, data_date + Days::new(1))
        }
        _ => row.clone(),
    }
}

/// Whether the row, whatever its end is, overlaps a period as observed.
pub(super) fn surely_overlaps(
    data_date: NaiveDate,
    period: Period,
    (record, row): (&Record, &Row),
) -> bool {
    let near = [period.first, period.last, data_date].into_iter();
    possible_ends(record, row, near).iter().all(|row| {
        let (first, last) = observed_days(data_date, record, row);
        Window::of(period).overlaps(first, last)
    })
}

fn holds(
    scope: &Scope<'_>,
    timing: &Timing,
    window: Window,
    (record, row): (&Record, &Row),
) -> bool {
    let (start, end) = observed_days(scope.data_date, record, row);
    let edge = match timing {
        // Wholly inside, with the true end; a missing end is not inside.
        Timing::During(_) => {
            let whole = true_last_day(record, row);
            return whole.is_some_and(|whole| {
                window.first.is_none_or(|first| start >= first)
                    && window.last.is_none_or(|last| whole <= last)
            });
        }
        Timing::EdgeIn { edge, .. } => Some(*edge),
        Timing::Relation { edge, .. } => *edge,
        _ => None,
    };
    match edge {
        None => window.overlaps(start, end),
        Some(Edge::Starting) => window.overlaps(start, start),
        // The end as registered; a missing end is not found.
        Some(Edge::Ending) => {
            registered_end(record, row).is_some_and(|end| window.overlaps(end, end))
        }
    }
}

/// The first day of a row and its observed last day: max(start, min(end - 1, DD)), with DD for a
/// missing end. A stay of no night lies on its day.
fn observed_days(data_date: NaiveDate, record: &Record, row: &Row) -> (NaiveDate, NaiveDate) {
    let start = first_day(record, row).expect("a record with time gives each row a first day");
    let last = true_last_day(record, row).map_or(data_date, |last| last.min(data_date));
    (start, last.max(start))
}

/// The day before the end, or the start for a stay of no night; nothing while it goes on.
fn true_last_day(record: &Record, row: &Row) -> Option<NaiveDate> {
    let start = first_day(record, row)?;
    match &record.shape {
        Shape::Once(_) | Shape::At(_) => Some(start),
        Shape::During(_, end) => Some((row.date(end)? - Days::new(1)).max(start)),
    }
}

/// The end as it is registered; of a row at a day, that day.
fn registered_end(record: &Record, row: &Row) -> Option<NaiveDate> {
    match &record.shape {
        Shape::Once(_) | Shape::At(_) => first_day(record, row),
        Shape::During(_, end) => row.date(end),
    }
}

/// The nights of a row: every n with start <= n < end and n <= DD. A row at a day has none.
pub(super) fn nights(data_date: NaiveDate, record: &Record, row: &Row) -> Vec<NaiveDate> {
    let Shape::During(_, end) = &record.shape else {
        return Vec::new();
    };
    let (start, last) = observed_days(data_date, record, row);
    let end = row.date(end);
    start
        .iter_days()
        .take_while(|night| *night <= last && end.is_none_or(|end| *night < end))
        .collect()
}

/// The days of a row: from its first to its observed last.
pub(super) fn days(data_date: NaiveDate, record: &Record, row: &Row) -> Vec<NaiveDate> {
    let (start, last) = observed_days(data_date, record, row);
    start.iter_days().take_while(|day| *day <= last).collect()
}
