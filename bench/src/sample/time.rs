//! The three years that the sample covers, and how its files cut them up.

use chrono::{Datelike, Days, NaiveDate};

/// The day on which the first delivery begins.
pub(super) fn first_day() -> NaiveDate {
    day(2023, 1, 1)
}

/// The data date: nobody knows more than what was so on this day.
pub(super) fn last_day() -> NaiveDate {
    day(2025, 12, 31)
}

/// A day that exists.
pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day that exists")
}

/// So many days later.
pub(super) fn later(date: NaiveDate, days: u32) -> NaiveDate {
    date + Days::new(u64::from(days))
}

/// So many days earlier.
pub(super) fn earlier(date: NaiveDate, days: u32) -> NaiveDate {
    date - Days::new(u64::from(days))
}

/// `2024`: the year's file in which a row of this day stands. What was before stands in the first.
pub(super) fn year(date: NaiveDate) -> String {
    covered(date).year().to_string()
}

/// `2024-Q3`
pub(super) fn quarter(date: NaiveDate) -> String {
    let date = covered(date);
    format!("{}-Q{}", date.year(), date.month0() / 3 + 1)
}

/// `2024-07`
pub(super) fn month(date: NaiveDate) -> String {
    covered(date).format("%Y-%m").to_string()
}

fn covered(date: NaiveDate) -> NaiveDate {
    date.clamp(first_day(), last_day())
}
