//! Figures split by time: how the periods are called, and what is said of them.

use std::collections::BTreeSet;

use interplay_compile::calendar::kind::{Cycle, Declared, PeriodKind};
use interplay_compile::calendar::{self, Period};
use interplay_compile::query::cells::{Cell, Under};

use crate::outcome::Breakdown;

/// More periods than this are not told one by one.
const MOST_TOLD: usize = 4;

/// Under which periods a figure stands, one for each kind.
pub(crate) fn headings(cell: Option<&Cell>, kinds: &[PeriodKind]) -> Vec<String> {
    let of = |at| cell.map(|cell| cell.heading(at, kinds)).unwrap_or_default();
    (0..kinds.len()).map(of).collect()
}

/// The kinds of period, as breakdowns.
pub(crate) fn breakdowns(kinds: &[PeriodKind], cells: &[Cell]) -> Vec<Breakdown> {
    let one = |(at, kind): (usize, &PeriodKind)| {
        let own = cells.iter().filter_map(|cell| match cell.under.get(at) {
            Some(Under::One(period)) => Some((kind.name(*period), kind.label(*period)?)),
            _ => None,
        });
        let labels: BTreeSet<(String, String)> = own.collect();
        let labels = labels.into_iter().collect();
        let name = kind.word().to_owned();
        Breakdown { column: name.clone(), name, labels, is_time: true, kinds: None }
    };
    kinds.iter().enumerate().map(one).collect()
}

/// What a reader must know of the periods: when declared ones are, which days lie in none, and
/// which reach beyond the longer one under which they stand.
pub(crate) fn notes(kinds: &[PeriodKind], cells: &[Cell], notes: &mut Vec<String>) {
    for kind in kinds {
        if let PeriodKind::Declared(declared) = kind {
            notes.extend(of_kind(declared));
        }
    }
    notes.extend(beyond(kinds, cells));
    if let (Some(finest), Some(whole)) = (kinds.last(), cells.last()) {
        notes.extend(in_none(finest, whole.period));
    }
}

fn of_kind(declared: &Declared) -> Option<String> {
    let name = &declared.name;
    match declared.cycle {
        Cycle::Yearly { month: 1, day: 1 } | Cycle::Named(_) => None,
        Cycle::Yearly { month, day } => Some(format!(
            "A `{name}` begins on {month:02}-{day:02} and is called by the year in which it begins."
        )),
    }
}

fn beyond(kinds: &[PeriodKind], cells: &[Cell]) -> Option<String> {
    let own = |cell: &Cell| {
        let at = cell.under.iter().rposition(|under| *under != Under::Total)?;
        let above = kinds.get(..at)?.iter().rev().zip(cell.under.get(..at)?.iter().rev());
        let (coarser, _) = above.into_iter().find(|(_, under)| matches!(under, Under::One(_)))?;
        Some((kinds.get(at)?, coarser))
    };
    let found: Vec<&Cell> = cells.iter().filter(|cell| cell.reaches_beyond()).collect();
    let (kind, coarser) = own(found.first()?)?;
    let named = found.iter().filter_map(|cell| {
        let (kind, _) = own(cell)?;
        let (name, days) = (kind.name(cell.period), days(cell.period));
        Some(if name == days { days } else { format!("{name}, {days}") })
    });
    let named: Vec<String> = named.take(MOST_TOLD).collect();
    let more = found.len().saturating_sub(MOST_TOLD);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Some(format!(
        "A `{}` stands under the `{}` in which it begins, and may reach beyond it: {}{more}.",
        kind.word(),
        coarser.word(),
        named.join("; ")
    ))
}

fn days(period: Period) -> String {
    format!("{} .. {}", period.first, period.last)
}

/// Which days of the whole lie in no period of a kind.
fn in_none(kind: &PeriodKind, whole: Period) -> Option<String> {
    let mut open = Vec::new();
    let mut next = Some(whole.first);
    for part in kind.cut(whole) {
        if let (Some(first), Some(last)) = (next, part.first.pred_opt())
            && first <= last
        {
            open.push(Period { first, last });
        }
        next = part.last.succ_opt();
    }
    if let Some(first) = next.filter(|first| *first <= whole.last) {
        open.push(Period { first, last: whole.last });
    }
    if open.is_empty() {
        return None;
    }
    let more = open.len().saturating_sub(MOST_TOLD);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let open: Vec<String> = open.into_iter().take(MOST_TOLD).map(calendar::name).collect();
    Some(format!(
        "No `{}` holds {}{more}: those days count in the total alone.",
        kind.word(),
        open.join(", ")
    ))
}
