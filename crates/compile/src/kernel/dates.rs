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
use crate::calendar::kind::Edge;
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
                let ages = at.and_then(date).map(Ages::at);
                births.iter().map(|birth| ages.as_ref()?.of(birth?)).collect()
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

/// The ages of many on one day, found by comparing days.
struct Ages {
    at: NaiveDate,
    /// The last day of birth of those who have completed so many years.
    latest: Vec<i32>,
}

/// Older than this, an age is computed on the calendar.
const OLDEST: i32 = 120;

impl Ages {
    fn at(at: NaiveDate) -> Self {
        let reached = |birth: i32, years: i32| {
            date(birth).and_then(|birth| calendar::age(birth, at)).is_some_and(|age| age >= years)
        };
        let latest = (0..=OLDEST).map_while(|years| {
            let near = calendar::shift(at, -i64::from(years), TimeUnit::Year)?;
            // The birthday of 29 February moves by a day at most.
            let near = days(near);
            [near + 1, near, near - 1].into_iter().find(|birth| reached(*birth, years))
        });
        Self { at, latest: latest.collect() }
    }

    fn of(&self, birth: i32) -> Option<f64> {
        let lived = days(self.at).checked_sub(birth)?;
        if lived < 0 {
            return None;
        }
        // A day or two off at birthdays, put right by the table.
        let near = usize::try_from(lived / 365).ok()?;
        let reached = |years: usize| self.latest.get(years).map(|latest| birth <= *latest);
        match (reached(near), reached(near + 1)) {
            (Some(true), Some(false)) => Some(f64::from(u32::try_from(near).ok()?)),
            (Some(false), Some(false)) if near > 0 && reached(near - 1) == Some(true) => {
                Some(f64::from(u32::try_from(near - 1).ok()?))
            }
            _ => years(Some(birth), Some(self.at)),
        }
    }
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
        let quick = match self.unit {
            TimeUnit::Day | TimeUnit::Week => None,
            TimeUnit::Month => self.months(day, 1),
            TimeUnit::Quarter => self.months(day, 3),
            TimeUnit::Year => self.months(day, 12),
        };
        quick.or_else(|| calendar::shift(date(day)?, self.count, self.unit).map(days))
    }

    /// Days and dates of our time by arithmetic; the rest on the calendar.
    fn months(&self, day: i32, factor: i32) -> Option<i32> {
        let count = i32::try_from(self.count).ok().filter(|count| count.abs() < 10_000)?;
        let (year, month, day_of_month) = civil(day)?;
        let months = year * 12 + month + count * factor;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
        Some(day_number(year, month, day_of_month.min(length(year, month))))
    }
}

/// Within this many days of 1970, dates are computed by plain arithmetic.
const NEAR: i32 = 200_000;

/// Year, month from 0, and day from 1 of a day: years are counted from March, so that the day
/// that some years have stands last; in four centuries they repeat.
fn civil(day: i32) -> Option<(i32, i32, i32)> {
    if !(-NEAR..NEAR).contains(&day) {
        return None;
    }
    // Days since 1 March of the year 0.
    let all = day + MARCH;
    let era = all / CENTURIES;
    let in_era = all - era * CENTURIES;
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let year = year + era * 400;
    Some(if month < 10 { (year, month + 2, day) } else { (year + 1, month - 10, day) })
}

/// From 1 March of the year 0 to 1970.
const MARCH: i32 = 719_468;

/// Days in four centuries.
const CENTURIES: i32 = 146_097;

/// The contrary of [`civil`].
fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - MARCH
}

/// How many days a month has.
fn length(year: i32, month: i32) -> i32 {
    match month {
        1 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
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
        let days = match self.unit {
            TimeUnit::Day => Some(self.count),
            TimeUnit::Week => self.count.checked_mul(7),
            TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year => None,
        };
        let step = days.and_then(|days| i32::try_from(days).ok()).filter(|it| it.abs() < NEAR);
        let moved: Date32Array = match step {
            Some(step) => dates
                .iter()
                .map(|day| match day? {
                    day if (-NEAR..NEAR).contains(&day) => Some(day + step),
                    day => self.moved(day),
                })
                .collect(),
            None => dates.iter().map(|day| self.moved(day?)).collect(),
        };
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

/// The first or last day of a declared period, as `date` sees it.
pub fn edge(date: Expr, edge: &Edge) -> Expr {
    let signature = Signature::exact(vec![DataType::Date32], Volatility::Immutable);
    ScalarUDF::from(FindEdge { edge: edge.clone(), signature }).call(vec![date])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct FindEdge {
    edge: Edge,
    signature: Signature,
}

impl ScalarUDFImpl for FindEdge {
    fn name(&self) -> &'static str {
        "edge"
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
        let found = |day: i32| self.edge.seen_from(date(day)?).map(days);
        let edges: Date32Array = dates.iter().map(|day| found(day?)).collect();
        Ok(ColumnarValue::Array(Arc::new(edges) as ArrayRef))
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{Signature, Volatility};

    use super::{Ages, Shift, date, days};
    use crate::calendar;
    use crate::types::TimeUnit;

    #[test]
    fn quick_ages_are_those_of_the_calendar() {
        for at in
            ["2024-02-28", "2024-02-29", "2025-02-28", "2025-03-01", "1900-02-28", "2000-01-01"]
        {
            let at = calendar::date(at).unwrap();
            let ages = Ages::at(at);
            for birth in days(at) - 50_000..days(at) + 500 {
                let exact = calendar::age(date(birth).unwrap(), at).map(f64::from);
                assert_eq!(ages.of(birth), exact, "{birth} at {at}");
            }
        }
    }

    #[test]
    fn quick_steps_are_those_of_the_calendar() {
        let signature = || Signature::any(1, Volatility::Immutable);
        for unit in [TimeUnit::Month, TimeUnit::Quarter, TimeUnit::Year] {
            for count in [-1200, -13, -12, -3, -1, 0, 1, 2, 6, 11, 12, 13, 1999] {
                let shift = Shift { count, unit, signature: signature() };
                for day in
                    (-200_100..-199_900).chain((-60_000..60_000).step_by(7)).chain(19_000..20_500)
                {
                    let exact = calendar::shift(date(day).unwrap(), count, unit).map(days);
                    assert_eq!(shift.moved(day), exact, "{day} by {count} {unit:?}");
                }
            }
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(calendar::date("1970-01-01").map(days), Some(0));
        assert_eq!(date(20_089), calendar::date("2025-01-01"));
    }
}
