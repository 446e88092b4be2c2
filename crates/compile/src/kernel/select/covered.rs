//! The days that rows cover: how many there are, and which.

use datafusion::arrow::array::{Array, ArrayRef, PrimitiveArray};
use datafusion::arrow::datatypes::Date32Type;
use datafusion::common::Result;

use super::super::days::{Growing, count, extend};
use super::super::ranges::Dates;
use super::{Rows, Subject};

/// The days that rows cover, half-open.
pub(super) struct Cover<'a> {
    pub(super) starts: &'a PrimitiveArray<Date32Type>,
    /// None for rows at a day; a missing end is later than every date.
    pub(super) ends: Option<&'a PrimitiveArray<Date32Type>>,
    /// Not missing where the end is unknown; then the end is missing.
    pub(super) marks: Option<&'a ArrayRef>,
    /// 1 where a stay of no night counts its day.
    pub(super) least: i32,
    /// The two days, both in, that are looked at; the second is never after the data date.
    pub(super) cut: &'a Option<(Dates, Dates)>,
}

impl Cover<'_> {
    fn span(&self, row: usize) -> (i32, i32) {
        let start = self.starts.value(row);
        let end = match self.ends {
            None => start + 1,
            // What is certain.
            Some(_) if self.is_marked(row) => start.saturating_add(self.least),
            Some(ends) if ends.is_null(row) => i32::MAX,
            Some(ends) => ends.value(row).max(start.saturating_add(self.least)),
        };
        (start, end)
    }

    fn is_marked(&self, row: usize) -> bool {
        self.marks.is_some_and(|marks| marks.is_valid(row))
    }

    /// The first of the days that are looked at, and the one after the last.
    fn bounds(&self, at: usize) -> Option<(i32, i32)> {
        match self.cut {
            None => Some((i32::MIN, i32::MAX)),
            Some((first, last)) => Some((first.get(at)?, last.get(at)?.saturating_add(1))),
        }
    }
}

impl Rows<'_> {
    /// How many days: those of two rows are counted once.
    pub(super) fn count_days(&self, cover: &Cover<'_>) -> ArrayRef {
        self.numbers(|subject, at| {
            if subject.unknown() {
                return None;
            }
            if cover.marks.is_some() {
                return Some((subject.any(), count(&days(subject, cover, at)?)));
            }
            let (first, after) = cover.bounds(at)?;
            let (mut found, mut covered, mut until) = (false, 0_i64, i32::MIN);
            for row in subject.rows() {
                found = true;
                let (start, end) = cover.span(row);
                let start = start.max(first).max(until);
                let end = end.min(after);
                if end > start {
                    covered += i64::from(end) - i64::from(start);
                    until = end;
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "days are far below 2^53")]
            Some((found, covered as f64))
        })
    }

    /// Which days.
    pub(super) fn days(&self, cover: &Cover<'_>) -> Result<ArrayRef> {
        let mut made = Growing::default();
        for (at, subject) in self.subjects() {
            let set = subject.and_then(|subject| {
                let set = days(&subject, cover, at)?;
                (subject.any() || !self.open.get(at)).then_some(set)
            });
            made.push(set.as_deref());
        }
        made.finish()
    }
}

fn days(subject: &Subject<'_>, cover: &Cover<'_>, at: usize) -> Option<Vec<i32>> {
    let (first, after) = cover.bounds(at)?;
    let mut set = Vec::new();
    for row in subject.rows() {
        let (start, end) = cover.span(row);
        extend(&mut set, start.max(first), end.min(after));
    }
    // A stay with an unknown end may last as long as days are looked at.
    let lasts = |row: usize| {
        let from = cover.starts.value(row).max(first);
        from < after && !set.chunks_exact(2).any(|ends| ends[0] <= from && after <= ends[1])
    };
    let open =
        cover.marks.is_some() && subject.rows().any(|row| cover.is_marked(row) && lasts(row));
    (!open && !subject.unknown()).then_some(set)
}
