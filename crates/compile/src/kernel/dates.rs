//! Dates: completed years, and steps on the calendar.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array, Float64Array, PrimitiveArray};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::calendar;
use crate::types::TimeUnit;

/// Days from the first day of our era to 1970-01-01, as chrono counts them.
const EPOCH: i32 = 719_163;

/// The day that Arrow counts as `days` since 1970.
#[must_use]
pub fn date(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH)?)
}

/// Days since 1970, as Arrow counts them.
#[must_use]
pub fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// Completed years from `birth` to `at`, as a number; missing before birth.
pub fn age(birth: Expr, at: Expr) -> Expr {
    let signature = Signature::exact(vec![DataType::Date32; 2], Volatility::Immutable);
    ScalarUDF::from(Age { signature }).call(vec![birth, at])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Age {
    signature: Signature,
}

impl ScalarUDFImpl for Age {
    fn name(&self) -> &'static str {
        "age"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [births, at] = take_function_args(self.name(), &args.args)?;
        let births = births.to_array(args.number_rows)?;
        let births = births.as_primitive::<Date32Type>();
        let years: Float64Array = match at {
            ColumnarValue::Scalar(ScalarValue::Date32(at)) => {
                let at = at.and_then(date);
                births.iter().map(|birth| years(birth, at)).collect()
            }
            other => {
                let at = other.to_array(args.number_rows)?;
                let pairs = births.iter().zip(at.as_primitive::<Date32Type>());
                pairs.map(|(birth, at)| years(birth, at.and_then(date))).collect()
            }
        };
        Ok(ColumnarValue::Array(Arc::new(years)))
    }
}

fn years(birth: Option<i32>, at: Option<NaiveDate>) -> Option<f64> {
    calendar::age(date(birth?)?, at?).map(f64::from)
}

/// `date` moved by `count` units; months clip to the last day of the month.
pub fn shift(date: Expr, count: i64, unit: TimeUnit) -> Expr {
    let signature = Signature::exact(vec![DataType::Date32], Volatility::Immutable);
    ScalarUDF::from(Shift { count, unit, signature }).call(vec![date])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Shift {
    count: i64,
    unit: TimeUnit,
    signature: Signature,
}

impl Shift {
    fn moved(&self, day: i32) -> Option<i32> {
        calendar::shift(date(day)?, self.count, self.unit).map(days)
    }
}

impl ScalarUDFImpl for Shift {
    fn name(&self) -> &'static str {
        "shift"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [dates] = take_function_args(self.name(), &args.args)?;
        if let ColumnarValue::Scalar(ScalarValue::Date32(day)) = dates {
            let moved = day.and_then(|day| self.moved(day));
            return Ok(ColumnarValue::Scalar(ScalarValue::Date32(moved)));
        }
        let dates = dates.to_array(args.number_rows)?;
        let dates: &PrimitiveArray<Date32Type> = dates.as_primitive();
        let moved: Date32Array = dates.iter().map(|day| self.moved(day?)).collect();
        Ok(ColumnarValue::Array(Arc::new(moved) as ArrayRef))
    }
}

/// The first day of the unit in which `date` lies.
pub fn start_of(date: Expr, unit: TimeUnit) -> Expr {
    let signature = Signature::exact(vec![DataType::Date32], Volatility::Immutable);
    ScalarUDF::from(StartOf { unit, signature }).call(vec![date])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct StartOf {
    unit: TimeUnit,
    signature: Signature,
}

impl ScalarUDFImpl for StartOf {
    fn name(&self) -> &'static str {
        "start_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [dates] = take_function_args(self.name(), &args.args)?;
        let dates = dates.to_array(args.number_rows)?;
        let dates: &PrimitiveArray<Date32Type> = dates.as_primitive();
        let start = |day: i32| Some(days(calendar::start_of(date(day)?, self.unit)));
        let starts: Date32Array = dates.iter().map(|day| start(day?)).collect();
        Ok(ColumnarValue::Array(Arc::new(starts) as ArrayRef))
    }
}

#[cfg(test)]
mod tests {
    use super::{date, days};
    use crate::calendar;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(calendar::date("1970-01-01").map(days), Some(0));
        assert_eq!(date(20_089), calendar::date("2025-01-01"));
    }
}
