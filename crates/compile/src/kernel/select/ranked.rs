//! Rows told apart by their values: the least, the most, and how many different ones.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use datafusion::common::{Result, exec_err};

use super::super::exact::Total;
use super::{Rows, Subject};

/// Values that have an order.
pub(super) enum Ordered<'a> {
    Days(&'a PrimitiveArray<Date32Type>),
    Numbers(&'a PrimitiveArray<Float64Type>),
}

impl<'a> Ordered<'a> {
    pub(super) fn read(values: &'a ArrayRef) -> Result<Self> {
        match values.data_type() {
            DataType::Date32 => Ok(Self::Days(values.as_primitive())),
            DataType::Float64 => Ok(Self::Numbers(values.as_primitive())),
            other => exec_err!("numbers or days are expected, found {other}"),
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Days(days) => days.is_null(row),
            Self::Numbers(numbers) => numbers.is_null(row),
        }
    }

    fn compare(&self, one: usize, two: usize) -> Ordering {
        match self {
            Self::Days(days) => days.value(one).cmp(&days.value(two)),
            Self::Numbers(numbers) => numbers.value(one).total_cmp(&numbers.value(two)),
        }
    }

    /// The lower first, or the higher; what is missing comes last either way.
    pub(super) fn rank(&self, one: usize, two: usize, descending: bool) -> Ordering {
        match (self.is_null(one), self.is_null(two)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if descending => self.compare(two, one),
            (false, false) => self.compare(one, two),
        }
    }
}

impl Rows<'_> {
    /// The mean, missing over no rows, and when one of them is missing.
    pub(super) fn mean(&self, values: &ArrayRef) -> Result<ArrayRef> {
        let Some(numbers) = values.as_primitive_opt::<Float64Type>() else {
            return exec_err!("numbers are expected, found {}", values.data_type());
        };
        Ok(self.numbers(|subject, _| {
            if subject.unknown() {
                return None;
            }
            let mut total = Total::default();
            let mut count = 0_usize;
            for row in subject.rows() {
                if numbers.is_null(row) {
                    return None;
                }
                total.add(numbers.value(row));
                count += 1;
            }
            (count > 0).then(|| (true, total.value() / super::number(count)))
        }))
    }

    /// The least or the greatest value; missing over no rows, and when one of them is missing.
    pub(super) fn extreme(&self, values: &ArrayRef, most: bool) -> Result<ArrayRef> {
        let order = Ordered::read(values)?;
        let extreme = |subject: &Subject<'_>| {
            let mut found: Option<usize> = None;
            if subject.unknown() {
                return None;
            }
            for row in subject.rows() {
                if order.is_null(row) {
                    return None;
                }
                let further = found.is_none_or(|found| {
                    let ordering = order.compare(row, found);
                    if most { ordering.is_gt() } else { ordering.is_lt() }
                });
                if further {
                    found = Some(row);
                }
            }
            found
        };
        self.taken(values, extreme)
    }

    /// How many different values there are.
    pub(super) fn distinct(&self, values: &ArrayRef) -> Result<ArrayRef> {
        let Some(symbols) = values.as_primitive_opt::<Int32Type>() else {
            return exec_err!("symbols are expected, found {}", values.data_type());
        };
        Ok(self.numbers(|subject, _| {
            if subject.unknown() {
                return None;
            }
            let mut seen: Vec<i32> = Vec::new();
            for row in subject.rows() {
                let symbol = symbols.value(row);
                if !seen.contains(&symbol) {
                    seen.push(symbol);
                }
            }
            Some((!seen.is_empty(), super::number(seen.len())))
        }))
    }

    /// The values in one row of each subject; missing where there is none.
    pub(super) fn taken(
        &self,
        values: &ArrayRef,
        row: impl Fn(&Subject<'_>) -> Option<usize>,
    ) -> Result<ArrayRef> {
        let rows = self.subjects().map(|(_, subject)| u32::try_from(row(&subject?)?).ok());
        Ok(take(values, &rows.collect::<UInt32Array>(), None)?)
    }
}
