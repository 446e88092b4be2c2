//! Which rows of each subject lie in a window: found by search in the sorted lists.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBufferBuilder, Int32Array, ListArray, PrimitiveArray,
    UInt32Array,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Float64Type, Int32Type,
};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::ColumnarValue;

/// A date for each subject, often the same one.
#[derive(Debug)]
pub(super) enum Dates {
    /// The same for all; none is missing.
    One(Option<i32>),
    /// One each.
    Each(PrimitiveArray<Date32Type>),
}

impl Dates {
    /// Reads an argument of type Date32.
    pub(super) fn read(value: &ColumnarValue) -> Result<Self> {
        match value {
            ColumnarValue::Scalar(ScalarValue::Date32(day)) => Ok(Self::One(*day)),
            ColumnarValue::Array(array) => match array.as_primitive_opt::<Date32Type>() {
                Some(days) => Ok(Self::Each(days.clone())),
                None => exec_err!("a date is expected, found {}", array.data_type()),
            },
            ColumnarValue::Scalar(other) => exec_err!("a date is expected, found {other}"),
        }
    }

    /// The date of subject `at`.
    pub(super) fn get(&self, at: usize) -> Option<i32> {
        match self {
            Self::One(day) => *day,
            Self::Each(days) => days.is_valid(at).then(|| days.value(at)),
        }
    }
}

/// The rows in a window, subject by subject, as positions in the child arrays.
#[derive(Debug)]
pub(super) struct Ranges {
    /// First row and the one after the last. Empty when a bound is missing.
    pub(super) spans: Vec<(u32, u32)>,
    /// Whether a bound is missing, per subject; none when it never is.
    missing: Option<Vec<bool>>,
    /// How many rows there are in all spans.
    pub(super) total: usize,
    /// Whether the spans lie one after the other without a gap.
    contiguous: bool,
    /// Where the first list begins and the last one ends.
    all: (u32, u32),
    /// Where each list begins.
    offsets: OffsetBuffer<i32>,
}

/// Lists shorter than this are scanned: a search does not pay.
const SHORT: usize = 64;

/// When at least one row in so many lies in a span, a condition is asked of all rows: that costs
/// less than gathering.
const DENSE: usize = 4;

impl Ranges {
    /// Rows of `keys` from `low` to `high`, both in. With `latest`, only the last of them.
    pub(super) fn find(keys: &ListArray, low: &Dates, high: &Dates, latest: bool) -> Result<Self> {
        let Some(days) = keys.values().as_primitive_opt::<Date32Type>() else {
            return exec_err!("rows are sorted by a date, found {}", keys.value_type());
        };
        let (offsets, days) = (keys.offsets(), days.values());
        let mut found = Self {
            spans: Vec::with_capacity(keys.len()),
            missing: None,
            total: 0,
            contiguous: true,
            all: (row(keys.offsets()[0]), row(keys.offsets()[keys.len()])),
            offsets: keys.offsets().clone(),
        };
        for at in 0..keys.len() {
            let (start, end) = (row(offsets[at]), row(offsets[at + 1]));
            let (mut first, mut last) = (start, start);
            if let (Some(low), Some(high)) = (low.get(at), high.get(at)) {
                let (before, until) = search(&days[start as usize..end as usize], low, high);
                (first, last) = (start + before, start + until.max(before));
                if latest && last > first {
                    first = last - 1;
                }
            } else {
                found.missing.get_or_insert_with(|| vec![false; keys.len()])[at] = true;
            }
            let touches = found.spans.last().is_none_or(|(_, end)| *end == first);
            found.contiguous &= touches || first == last;
            if first == last && !touches {
                // An empty span takes the place where the last ended, so that it leaves no gap.
                let here = found.spans.last().map_or(first, |(_, end)| *end);
                (first, last) = (here, here);
            }
            found.total += (last - first) as usize;
            found.spans.push((first, last));
        }
        Ok(found)
    }

    /// Whether a bound of subject `at` is missing.
    pub(super) fn is_missing(&self, at: usize) -> bool {
        self.missing.as_ref().is_some_and(|missing| missing[at])
    }

    /// Where the rows of subject `at` begin.
    pub(super) fn list_start(&self, at: usize) -> usize {
        self.offsets.get(at).map_or(0, |offset| row(*offset) as usize)
    }

    /// Whether conditions are asked of all rows, not only of those in the spans.
    fn dense(&self) -> bool {
        self.total.saturating_mul(DENSE) >= (self.all.1 - self.all.0) as usize
    }

    /// How many rows conditions are asked of.
    pub(super) fn asked(&self) -> usize {
        if self.dense() { (self.all.1 - self.all.0) as usize } else { self.total }
    }

    /// Where the first row of each span stands among the rows that conditions are asked of.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        let dense = self.dense();
        let mut gathered = 0;
        self.spans.iter().map(move |(first, last)| {
            let place = gathered;
            gathered += (last - first) as usize;
            if dense { (*first).saturating_sub(self.all.0) as usize } else { place }
        })
    }

    /// Which of its subject's rows each row is that conditions are asked of.
    pub(super) fn numbering(&self) -> Int32Array {
        let (dense, lists) = (self.dense(), self.offsets.windows(2).zip(&self.spans));
        let numbers = lists.flat_map(|(list, (first, last))| {
            let (begin, end) = (row(list[0]), row(list[1]));
            let rows = if dense { begin..end } else { *first..*last };
            rows.map(move |row| i32::try_from(row - begin).unwrap_or(i32::MAX))
        });
        Int32Array::from_iter_values(numbers)
    }

    /// The values of the rows that conditions are asked of, one after the other.
    pub(super) fn gather(&self, values: &ArrayRef) -> Result<ArrayRef> {
        if self.dense() {
            return Ok(values.slice(self.all.0 as usize, self.asked()));
        }
        if self.contiguous {
            let start = self.spans.first().map_or(0, |(first, _)| *first as usize);
            return Ok(values.slice(start, self.total));
        }
        match values.data_type() {
            DataType::Date32 => Ok(self.primitive::<Date32Type>(values)),
            DataType::Int32 => Ok(self.primitive::<Int32Type>(values)),
            DataType::Float64 => Ok(self.primitive::<Float64Type>(values)),
            _ => {
                let rows = self.spans.iter().flat_map(|(first, last)| *first..*last);
                Ok(take(values, &UInt32Array::from_iter_values(rows), None)?)
            }
        }
    }

    fn primitive<T: ArrowPrimitiveType>(&self, values: &ArrayRef) -> ArrayRef {
        let array = values.as_primitive::<T>();
        let all = array.values();
        let mut out: Vec<T::Native> = Vec::with_capacity(self.total);
        for (first, last) in &self.spans {
            out.extend_from_slice(&all[*first as usize..*last as usize]);
        }
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0).map(|nulls| {
            let mut kept = BooleanBufferBuilder::new(self.total);
            for (first, last) in &self.spans {
                let (first, length) = (*first as usize, (*last - *first) as usize);
                kept.append_buffer(&nulls.inner().slice(first, length));
            }
            NullBuffer::new(kept.finish())
        });
        Arc::new(PrimitiveArray::<T>::new(out.into(), nulls))
    }

    /// Columns with one value a subject, repeated for each of the subject's rows.
    pub(super) fn spread(&self, columns: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        let mut subjects: Vec<u32> = Vec::with_capacity(self.asked());
        if self.dense() {
            for (at, ends) in (0_u32..).zip(self.offsets.windows(2)) {
                subjects.extend(std::iter::repeat_n(at, row(ends[1] - ends[0]) as usize));
            }
        } else {
            for (at, (first, last)) in (0_u32..).zip(&self.spans) {
                subjects.extend(std::iter::repeat_n(at, (last - first) as usize));
            }
        }
        let subjects = UInt32Array::from(subjects);
        columns.iter().map(|column| Ok(take(column, &subjects, None)?)).collect()
    }
}

/// How many days lie before `low`, and how many up to `high`.
fn search(days: &[i32], low: i32, high: i32) -> (u32, u32) {
    if days.len() > SHORT {
        let before = days.partition_point(|day| *day < low);
        return (position(before), position(days.partition_point(|day| *day <= high)));
    }
    let (mut before, mut until) = (0_u32, 0_u32);
    for day in days {
        before = before.wrapping_add(u32::from(*day < low));
        until = until.wrapping_add(u32::from(*day <= high));
    }
    (before, until)
}

/// Offsets are never negative.
#[expect(clippy::cast_sign_loss, reason = "Arrow's list offsets are never negative")]
fn row(offset: i32) -> u32 {
    offset as u32
}

/// Positions in a list fit its 32-bit offsets.
#[expect(clippy::cast_possible_truncation, reason = "a list has at most 2^31 items")]
fn position(at: usize) -> u32 {
    at as u32
}
