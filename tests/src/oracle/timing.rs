//! semantics.md, "Rows and time": which rows a timing phrase leaves.

use chrono::{Days, NaiveDate};
use interplay_syntax::tree::{Direction, Edge, Expr, Relation, Timing};

use super::codebook::{Record, Shape};
use super::expression::{date, duration, period};
use super::scope::{Scope, first_day};
use super::time::{Duration, Period};
use super::value::Truth;
use super::world::Row;

/// The days a phrase looks at, both ends in; `None` is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The first day.
    first: Option<NaiveDate>,
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

/// Whether a phrase with this window holds of `row`.
pub(super) fn holds_of(
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
pub(super) fn observed_days(
    data_date: NaiveDate,
    record: &Record,
    row: &Row,
) -> (NaiveDate, NaiveDate) {
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
