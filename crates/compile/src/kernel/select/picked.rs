//! One row of each subject: the first, the last, the one of a number, the best; and whether it was
//! picked for nothing but its hash.

use std::cmp::Ordering;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, ListArray, PrimitiveArray, make_comparator,
};
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::{Date32Type, Float64Type};
use datafusion::common::Result;

use super::ranked::Ordered;
use super::{Made, Rows, Subject, dates};

/// The keys of `best`.
pub(super) struct Ranks<'a> {
    keys: Vec<Ordered<'a>>,
    /// A bit for each, set when the higher comes first.
    descending: u32,
}

impl<'a> Ranks<'a> {
    pub(super) fn read(keys: &'a [ListArray], descending: u32) -> Result<Self> {
        let keys = keys.iter().map(|key| Ordered::read(key.values())).collect::<Result<_>>()?;
        Ok(Self { keys, descending })
    }

    /// How a row stands to another: less is better.
    fn compare(&self, row: usize, other: usize) -> Ordering {
        let ranks = self.keys.iter().enumerate();
        let mut ranks = ranks.map(|(at, key)| key.rank(row, other, self.descending >> at & 1 == 1));
        ranks.find(|rank| rank.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// When rows start: the day, and where it is known the moment.
pub(super) struct Starts<'a> {
    days: &'a PrimitiveArray<Date32Type>,
    moments: Option<&'a PrimitiveArray<Float64Type>>,
}

impl<'a> Starts<'a> {
    pub(super) fn read(days: &'a ListArray, moments: Option<&'a ListArray>) -> Result<Self> {
        let moments = moments.and_then(|moments| moments.values().as_primitive_opt());
        Ok(Self { days: dates(days.values())?, moments })
    }

    /// Whether nobody knows which of two rows started first.
    fn are_one(&self, row: usize, other: usize) -> bool {
        let moment = |row: usize| {
            let known = self.moments.filter(|moments| moments.is_valid(row));
            known.map(|moments| moments.value(row))
        };
        let differ =
            moment(row).zip(moment(other)).is_some_and(|(one, two)| one.total_cmp(&two).is_ne());
        self.days.value(row) == self.days.value(other) && !differ
    }
}

impl Rows<'_> {
    /// The value in the row that is picked; missing when there is none.
    pub(super) fn pick(
        &self,
        made: Made,
        values: &ArrayRef,
        ranks: Option<&Ranks<'_>>,
    ) -> Result<ArrayRef> {
        self.taken(values, |subject| self.picked(made, subject, ranks))
    }

    /// Whether another row of the same day, and not of another moment, equally good, of which the
    /// condition is true, has another value than the row that is picked. False where none is.
    pub(super) fn tied(
        &self,
        made: Made,
        starts: &Starts<'_>,
        values: &ArrayRef,
        ranks: Option<&Ranks<'_>>,
    ) -> Result<BooleanArray> {
        let compare = make_comparator(values, values, SortOptions::default())?;
        let is_tied = |subject: &Subject<'_>| {
            let Some(picked) = self.picked(made, subject, ranks) else { return false };
            let is_like = |row: &usize| {
                let is_as_good = ranks.is_none_or(|ranks| ranks.compare(*row, picked).is_eq());
                starts.are_one(*row, picked) && is_as_good
            };
            subject.rows().filter(is_like).any(|row| compare(row, picked).is_ne())
        };
        let found = self.subjects();
        Ok(found.map(|(_, subject)| Some(subject.is_some_and(|it| is_tied(&it)))).collect())
    }

    fn picked(
        &self,
        made: Made,
        subject: &Subject<'_>,
        ranks: Option<&Ranks<'_>>,
    ) -> Option<usize> {
        match made {
            Made::First if self.careful => subject.sure(subject.possible().next()),
            Made::First => subject.rows().next(),
            Made::Last if self.careful => subject.sure(subject.possible().next_back()),
            Made::Last => subject.last(),
            Made::Nth(number) => self.nth(subject, number),
            Made::Best { .. } => {
                let ranks = ranks?;
                let better =
                    |found, row| if ranks.compare(row, found).is_lt() { row } else { found };
                if self.careful {
                    return subject.sure(subject.possible().reduce(better));
                }
                subject.rows().reduce(better)
            }
            _ => None,
        }
    }

    /// The row of this number, counted from 1.
    fn nth(&self, subject: &Subject<'_>, number: u32) -> Option<usize> {
        let before = number.saturating_sub(1) as usize;
        if self.careful {
            // One that is unknown before it could be it, or move it.
            let rows = subject.possible().take(before + 1).map(|row| subject.sure(Some(row)));
            let rows: Option<Vec<usize>> = rows.collect();
            return rows.and_then(|rows| rows.get(before).copied());
        }
        subject.rows().nth(before)
    }
}
