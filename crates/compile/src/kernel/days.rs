//! Sets of days: what is made of those that selections cover.
//!
//! A set is a list of days, two for each stretch of it: the first day in, and the first day after
//! it that is out. Stretches rise and neither touch nor overlap. A set that cannot be known is
//! null, and so is whatever is made of it.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, ListArray, PrimitiveArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Date32Type, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::ranges::Dates;
use crate::term::Physical;
use crate::term::days::Days;

/// The Arrow type of a set.
#[must_use]
pub fn kind() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Date32, true)))
}

/// What `make` makes of its arguments; nothing after `data_date` is seen.
pub fn call(make: Days, data_date: i32, of: Vec<Expr>) -> Expr {
    let signature = Signature::variadic_any(Volatility::Immutable);
    ScalarUDF::from(OfDays { make, data_date, signature }).call(of)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OfDays {
    make: Days,
    data_date: i32,
    signature: Signature,
}

impl ScalarUDFImpl for OfDays {
    fn name(&self) -> &'static str {
        self.make.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(if self.make.physical() == Physical::Number { DataType::Float64 } else { kind() })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let sets = |at: usize| -> Result<Sets> {
            match args.args.get(at) {
                Some(set) => Ok(Sets(set.to_array(rows)?.as_list::<i32>().clone())),
                None => exec_err!("{} lacks a set of days", self.make.name()),
            }
        };
        let dates = |at: usize| match args.args.get(at) {
            Some(date) => Dates::read(date),
            None => exec_err!("{} lacks a date", self.make.name()),
        };
        let one = sets(0)?;
        let made: ArrayRef = match self.make {
            Days::Count => {
                let counts = (0..rows).map(|at| Some(count(one.get(at)?)));
                Arc::new(counts.collect::<Float64Array>())
            }
            Days::Union | Days::Minus | Days::Intersect => {
                let (two, keeps) = (sets(1)?, keeps(self.make));
                let mut made = Growing::default();
                for at in 0..rows {
                    let set = one.get(at).zip(two.get(at));
                    made.push(set.map(|(one, two)| joined(one, two, keeps)).as_deref());
                }
                made.finish()?
            }
            Days::Within => {
                let (first, last) = (dates(1)?, dates(2)?);
                let mut made = Growing::default();
                for at in 0..rows {
                    let parts = one.get(at).zip(first.get(at).zip(last.get(at)));
                    let set = parts
                        .and_then(|(set, (first, last))| cut(set, first, last, self.data_date));
                    made.push(set.as_deref());
                }
                made.finish()?
            }
        };
        Ok(ColumnarValue::Array(made))
    }
}

/// Whether a day that is in the one set or not, and in the other or not, is in what is made.
fn keeps(make: Days) -> fn(bool, bool) -> bool {
    match make {
        Days::Minus => |one, two| one && !two,
        Days::Intersect => |one, two| one && two,
        Days::Union | Days::Within | Days::Count => |one, two| one || two,
    }
}

/// The sets of many subjects.
struct Sets(ListArray);

impl Sets {
    /// The stretches of subject `at`.
    fn get(&self, at: usize) -> Option<&[i32]> {
        let offset = |at: usize| usize::try_from(self.0.value_offsets()[at]).unwrap_or_default();
        let days: &PrimitiveArray<Date32Type> = self.0.values().as_primitive();
        self.0.is_valid(at).then(|| &days.values()[offset(at)..offset(at + 1)])
    }
}

pub(super) fn count(stretches: &[i32]) -> f64 {
    let days = stretches.chunks_exact(2).map(|ends| i64::from(ends[1]) - i64::from(ends[0]));
    #[expect(clippy::cast_precision_loss, reason = "days are far below 2^53")]
    let count = days.sum::<i64>() as f64;
    count
}

/// Sets, put together one subject after the other.
#[derive(Debug, Default)]
pub(super) struct Growing {
    days: Vec<i32>,
    lengths: Vec<usize>,
    known: Vec<bool>,
}

impl Growing {
    /// The set of the next subject; none when it cannot be known.
    pub(super) fn push(&mut self, set: Option<&[i32]>) {
        self.days.extend_from_slice(set.unwrap_or_default());
        self.lengths.push(set.map_or(0, <[i32]>::len));
        self.known.push(set.is_some());
    }

    pub(super) fn finish(self) -> Result<ArrayRef> {
        let item = Arc::new(Field::new_list_field(DataType::Date32, true));
        let offsets = OffsetBuffer::from_lengths(self.lengths);
        let nulls = Some(NullBuffer::from(self.known)).filter(|nulls| nulls.null_count() > 0);
        let days = Arc::new(Date32Array::from(self.days));
        Ok(Arc::new(ListArray::try_new(item, offsets, days, nulls)?))
    }
}

/// Adds a stretch to a set whose stretches all begin no later.
pub(super) fn extend(set: &mut Vec<i32>, first: i32, after: i32) {
    match set.last_mut() {
        Some(end) if first <= *end => *end = after.max(*end),
        _ if first < after => set.extend([first, after]),
        _ => {}
    }
}

/// The days that two sets make: each day is in the one or not, and in the other or not, and
/// `keeps` says what becomes of it.
fn joined(one: &[i32], two: &[i32], keeps: fn(bool, bool) -> bool) -> Vec<i32> {
    let mut made = Vec::new();
    let (mut in_one, mut in_two, mut inside) = (0, 0, false);
    // At a border with an odd number before it a stretch ends, at any other one begins.
    while let Some(border) = one.get(in_one).into_iter().chain(two.get(in_two)).min().copied() {
        in_one += usize::from(one.get(in_one) == Some(&border));
        in_two += usize::from(two.get(in_two) == Some(&border));
        if keeps(in_one % 2 == 1, in_two % 2 == 1) != inside {
            inside = !inside;
            made.push(border);
        }
    }
    made
}

/// The days from `first` to `last`, both in. When there is none, and days up to `last` may still
/// come, nothing is known.
fn cut(set: &[i32], first: i32, last: i32, data_date: i32) -> Option<Vec<i32>> {
    let made = joined(set, &[first, last.saturating_add(1)], |one, two| one && two);
    let made = if first > last { Vec::new() } else { made };
    (last <= data_date || !made.is_empty()).then_some(made)
}

#[cfg(test)]
mod tests {
    use super::{cut, extend, joined};

    #[test]
    fn a_day_of_two_sets_is_one_day() {
        let (one, two) = ([1, 4, 8, 9], [3, 6, 9, 10]);
        assert_eq!(joined(&one, &two, |one, two| one || two), [1, 6, 8, 10]);
        assert_eq!(joined(&one, &two, |one, two| one && two), [3, 4]);
        assert_eq!(joined(&one, &two, |one, two| one && !two), [1, 3, 8, 9]);
        assert_eq!(joined(&two, &one, |one, two| one && !two), [4, 6, 9, 10]);
        assert_eq!(joined(&one, &[], |one, two| one && !two), one);
    }

    #[test]
    fn stretches_that_touch_are_one() {
        let mut set = Vec::new();
        for (first, after) in [(1, 3), (2, 2), (3, 5), (4, 5), (7, 7), (8, 9)] {
            extend(&mut set, first, after);
        }
        assert_eq!(set, [1, 5, 8, 9]);
    }

    #[test]
    fn what_may_still_come_is_not_nothing() {
        assert_eq!(cut(&[1, 4], 2, 10, 5), Some(vec![2, 4]));
        assert_eq!(cut(&[1, 4], 5, 6, 9), Some(vec![]));
        assert_eq!(cut(&[1, 4], 5, 10, 9), None);
    }
}
