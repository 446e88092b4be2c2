//! Small numbers of people are withheld, and as much more as is needed so that what is shown does
//! not tell them.
//!
//! A number of people from 1 to 4 (the range is declared) is withheld wherever it stands, and it is
//! made sure that it might be more than 4 for all that can be worked out from the rest of the
//! result: there are other numbers, all possible, that add up in the same ways and differ in
//! nothing that is shown. `table` says which numbers of people a result tells and how they add up,
//! `counts` holds them, `search` looks for the other numbers.
//!
//! What is worked out from several results together is not looked at.

use interplay_compile::catalog::Disclosure;
use interplay_compile::figures::Placed;
use interplay_compile::query::compare::Against;
use interplay_compile::query::measure::Measured;

use self::table::Table;
use crate::engine::Measures;

mod counts;
mod program;
mod search;
mod steps;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use self::steps::{NUMBERS, Steps, steps};

/// What of each figure is withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Withheld {
    /// The figure as a whole.
    pub(crate) figure: bool,
    /// For how many it is unknown, and the bounds that tell it.
    pub(crate) unknown: bool,
}

/// What is withheld of the figures of a query, and of those beside them, in the same order.
pub(crate) fn withheld(
    measured: &Measured,
    measures: &Measures,
    data_date: chrono::NaiveDate,
    policy: Disclosure,
) -> [Vec<Withheld>; 2] {
    let Measures { placed, compared, cells, compared_cells, .. } = measures;
    let Disclosure::Protected { most, .. } = policy else {
        return [placed, compared].map(|side| vec![Withheld::default(); side.len()]);
    };
    // What is declared is known to everybody.
    let is_declared = matches!(measured.compare, Some(Against::Declared(_)));
    let beside = if is_declared { &[] } else { compared.as_slice() };
    let mut table = Table::new(measured, data_date, i64::from(most));
    table.add(placed, cells, true);
    table.add(beside, compared_cells, false);
    for one in placed.iter().chain(beside) {
        if one.figure.outermost.is_some_and(|people| policy.is_small(people)) {
            table.hide(one);
        }
    }
    table.relate([cells, compared_cells]);
    table.counts.protect(|count| is_small(policy, count), i64::from(most));
    let found = |side: &[Placed]| {
        let hidden = side.iter().map(|one| table.hidden(one));
        hidden.map(|(figure, unknown)| Withheld { figure, unknown }).collect()
    };
    if is_declared {
        return [found(placed), vec![Withheld::default(); compared.len()]];
    }
    [found(placed), found(compared)]
}

fn is_small(policy: Disclosure, count: i64) -> bool {
    u32::try_from(count).is_ok_and(|count| policy.is_small(f64::from(count)))
}
