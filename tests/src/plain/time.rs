//! Days and periods.

use chrono::{Datelike, Months, NaiveDate};

/// From the first to the last day, both in.
#[derive(Clone, Debug)]
pub(super) struct Period {
    pub(super) name: String,
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
}

impl Period {
    /// A year.
    pub(super) fn year(year: i32) -> Self {
        Self { name: year.to_string(), first: date(year, 1, 1), last: date(year, 12, 31) }
    }

    /// A quarter of a year, from 1 to 4.
    pub(super) fn quarter(year: i32, quarter: u32) -> Self {
        let first = date(year, quarter * 3 - 2, 1);
        let next = first.checked_add_months(Months::new(3)).expect("a date in the calendar");
        Self {
            name: format!("{year}-Q{quarter}"),
            first,
            last: next.pred_opt().expect("a date in the calendar"),
        }
    }

    pub(super) fn contains(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The day up to which anything is seen.
pub(super) fn data_date() -> NaiveDate {
    date(2025, 12, 31)
}

pub(super) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date in the calendar")
}

/// So many months later; the 31st becomes the last day of a shorter month.
pub(super) fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).expect("a date in the calendar")
}

/// So many months earlier, in the same way.
pub(super) fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).expect("a date in the calendar")
}

/// Completed years; who is born on 29 February has a birthday on the 28th in other years.
pub(super) fn age(birth: NaiveDate, day: NaiveDate) -> Option<i32> {
    let birthday = birth.with_year(day.year()).unwrap_or_else(|| date(day.year(), 2, 28));
    let years = day.year() - birth.year();
    let age = if day < birthday { years - 1 } else { years };
    (day >= birth).then_some(age)
}
