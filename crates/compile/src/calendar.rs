//! Days, months and periods. A period has a first and a last day, both in.

pub mod kind;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::types::TimeUnit;

/// From a first to a last day, both in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, in.
    pub last: NaiveDate,
}

/// `date` moved by `count` units; months and longer clip to the last day of the month. None when
/// the calendar ends before.
#[must_use]
pub fn shift(date: NaiveDate, count: i64, unit: TimeUnit) -> Option<NaiveDate> {
    let size = count.unsigned_abs();
    let days = |factor: u64| {
        let days = Days::new(size.checked_mul(factor)?);
        if count < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
    };
    let months = |factor: u32| {
        let months = Months::new(u32::try_from(size).ok()?.checked_mul(factor)?);
        if count < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
    };
    match unit {
        TimeUnit::Day => days(1),
        TimeUnit::Week => days(7),
        TimeUnit::Month => months(1),
        TimeUnit::Quarter => months(3),
        TimeUnit::Year => months(12),
    }
}

/// Completed years from `birth` to `at`; none before birth. The birthday of 29 February is the
/// 28th in a year without a 29th.
#[must_use]
pub fn age(birth: NaiveDate, at: NaiveDate) -> Option<i32> {
    let years = at.year() - birth.year();
    let birthday = shift(birth, i64::from(years), TimeUnit::Year)?;
    let completed = if birthday <= at { years } else { years - 1 };
    (completed >= 0).then_some(completed)
}

/// The first day of the unit in which `date` lies.
#[must_use]
pub fn start_of(date: NaiveDate, unit: TimeUnit) -> NaiveDate {
    let month = match unit {
        TimeUnit::Day => return date,
        TimeUnit::Week => {
            let since = u64::from(date.weekday().num_days_from_monday());
            return date.checked_sub_days(Days::new(since)).unwrap_or(date);
        }
        TimeUnit::Month => date.month(),
        TimeUnit::Quarter => (date.month() - 1) / 3 * 3 + 1,
        TimeUnit::Year => 1,
    };
    NaiveDate::from_ymd_opt(date.year(), month, 1).unwrap_or(date)
}

/// The unit in which `date` lies.
#[must_use]
pub fn unit_around(date: NaiveDate, unit: TimeUnit) -> Period {
    let first = start_of(date, unit);
    let next = shift(first, 1, unit).and_then(|next| next.pred_opt());
    Period { first, last: next.unwrap_or(NaiveDate::MAX) }
}

/// The period right before one, as long as it: as many months where it is whole months, else as
/// many days.
#[must_use]
pub fn previous(period: Period) -> Option<Period> {
    let Period { first, last } = period;
    let last_before = first.pred_opt()?;
    let next = last.succ_opt()?;
    if first.day() == 1 && next.day() == 1 {
        let years = i64::from(next.year()) - i64::from(first.year());
        let months = years * 12 + i64::from(next.month()) - i64::from(first.month());
        let first = shift(first, -months, TimeUnit::Month)?;
        return Some(Period { first, last: last_before });
    }
    let days = (last - first).num_days() + 1;
    Some(Period { first: shift(first, -days, TimeUnit::Day)?, last: last_before })
}

/// `2025`, `2025-Q1`, `2025-03`, `2025-W05`: the period that a literal stands for.
#[must_use]
pub fn period(literal: &str) -> Option<Period> {
    let (year, rest) = match literal.split_once('-') {
        None => (literal, None),
        Some((year, rest)) => (year, Some(rest)),
    };
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let sound = |rest: &str| match rest.strip_prefix(['Q', 'W']) {
        Some(number) => digits(number, 1 + usize::from(rest.starts_with('W'))),
        None => digits(rest, 2),
    };
    if !digits(year, 4) || year == "0000" || !rest.is_none_or(sound) {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    let (first, unit) = match rest {
        None => (NaiveDate::from_ymd_opt(year, 1, 1)?, TimeUnit::Year),
        Some(rest) => {
            if let Some(quarter) = rest.strip_prefix('Q') {
                let quarter: u32 = quarter.parse().ok()?;
                let month = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
                (NaiveDate::from_ymd_opt(year, month, 1)?, TimeUnit::Quarter)
            } else if let Some(week) = rest.strip_prefix('W') {
                let week: u32 = week.parse().ok()?;
                (NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?, TimeUnit::Week)
            } else {
                (NaiveDate::from_ymd_opt(year, rest.parse().ok()?, 1)?, TimeUnit::Month)
            }
        }
    };
    Some(unit_around(first, unit))
}

/// A period in the shortest words: `2025`, `2025-Q1`, `2025-03`, or its two days.
#[must_use]
pub fn name(period: Period) -> String {
    let Period { first, last } = period;
    let whole = |unit| unit_around(first, unit) == period;
    if first == last {
        first.to_string()
    } else if whole(TimeUnit::Year) {
        format!("{:04}", first.year())
    } else if whole(TimeUnit::Quarter) {
        format!("{:04}-Q{}", first.year(), (first.month() - 1) / 3 + 1)
    } else if whole(TimeUnit::Month) {
        format!("{:04}-{:02}", first.year(), first.month())
    } else if whole(TimeUnit::Week) {
        format!("{:04}-W{:02}", first.iso_week().year(), first.iso_week().week())
    } else if start_of(first, TimeUnit::Year) == first
        && unit_around(last, TimeUnit::Year).last == last
    {
        format!("{:04} .. {:04}", first.year(), last.year())
    } else {
        format!("{first} .. {last}")
    }
}

/// `2025-01-31` as a day.
#[must_use]
pub fn date(literal: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(literal, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::kind::PeriodKind;
    use super::{Period, age, date, name, period, previous, shift};
    use crate::types::TimeUnit;

    #[test]
    fn months_clip_to_the_last_day() {
        assert_eq!(shift(date("2025-01-31").unwrap(), 1, TimeUnit::Month), date("2025-02-28"));
        assert_eq!(shift(date("2024-03-31").unwrap(), -1, TimeUnit::Month), date("2024-02-29"));
    }

    #[test]
    fn one_is_a_year_older_on_the_birthday() {
        let born = date("2004-02-29").unwrap();
        assert_eq!(age(born, date("2022-02-27").unwrap()), Some(17));
        assert_eq!(age(born, date("2022-02-28").unwrap()), Some(18));
        assert_eq!(age(born, date("2024-02-28").unwrap()), Some(19));
        assert_eq!(age(born, date("2003-12-31").unwrap()), None);
    }

    #[test]
    fn periods_read_and_show_alike() {
        for text in ["2025", "2025-Q3", "2025-03", "2025-W05"] {
            assert_eq!(period(text).map(name).as_deref(), Some(text));
        }
        assert_eq!(period("2025-13"), None);
        assert_eq!(period("2025-Q5"), None);
    }

    #[test]
    fn the_period_before_is_as_long() {
        for (text, before) in [
            ("2025", "2024"),
            ("2025-Q1", "2024-Q4"),
            ("2025-03", "2025-02"),
            ("2025-W01", "2024-W52"),
        ] {
            let found = period(text).and_then(previous).map(name);
            assert_eq!(found.as_deref(), Some(before));
        }
        let part = Period { first: date("2025-03-10").unwrap(), last: date("2025-03-19").unwrap() };
        assert_eq!(previous(part).map(name).as_deref(), Some("2025-02-28 .. 2025-03-09"));
    }

    #[test]
    fn a_period_is_cut_at_borders() {
        let whole =
            Period { first: date("2025-02-10").unwrap(), last: date("2025-07-01").unwrap() };
        let parts: Vec<String> =
            PeriodKind::Unit(TimeUnit::Quarter).cut(whole).into_iter().map(name).collect();
        assert_eq!(parts, ["2025-02-10 .. 2025-03-31", "2025-Q2", "2025-07-01"]);
    }
}
