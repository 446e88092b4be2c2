//! Days, durations and periods, as semantics.md ("Values", "Figures") reads them.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// A stretch of days, both ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// `6 months`, as a number of days or a number of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Duration {
    /// Days and weeks.
    Days(u32),
    /// Months, quarters and years.
    Months(u32),
}

/// What `by year|quarter|month|week` cuts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `year`
    Year,
    /// `quarter`
    Quarter,
    /// `month`
    Month,
    /// `week`, from Monday
    Week,
}

impl Duration {
    /// `6`, `months`. Other units have no length in time.
    pub(super) fn of(number: &str, unit: &str) -> Option<Self> {
        let number: u32 = number.parse().ok()?;
        match unit {
            "day" | "days" => Some(Self::Days(number)),
            "week" | "weeks" => Some(Self::Days(7 * number)),
            "month" | "months" => Some(Self::Months(number)),
            "quarter" | "quarters" => Some(Self::Months(3 * number)),
            "year" | "years" => Some(Self::Months(12 * number)),
            _ => None,
        }
    }

    /// The day this long after `day`; months clip to the last day of the month.
    pub(super) fn after(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => day + Days::new(u64::from(days)),
            Self::Months(months) => day + Months::new(months),
        }
    }

    /// The day this long before `day`; months clip to the last day of the month.
    pub(super) fn before(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => day - Days::new(u64::from(days)),
            Self::Months(months) => day - Months::new(months),
        }
    }
}

impl Period {
    /// One day.
    pub fn day(day: NaiveDate) -> Self {
        Self { first: day, last: day }
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// `2025`, `2025-Q1`, `2025-03`, `2025-W05`
    pub fn written(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-').unwrap_or((text, ""));
        let year: i32 = year.parse().ok()?;
        let (unit, first) = match (part.get(..1), part.get(1..)) {
            (None, _) => (Unit::Year, NaiveDate::from_ymd_opt(year, 1, 1)?),
            (Some("Q"), Some(quarter)) => {
                let quarter: u32 = quarter.parse().ok()?;
                (Unit::Quarter, NaiveDate::from_ymd_opt(year, 3 * quarter - 2, 1)?)
            }
            (Some("W"), Some(week)) => {
                (Unit::Week, NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)?)
            }
            _ => (Unit::Month, NaiveDate::from_ymd_opt(year, part.parse().ok()?, 1)?),
        };
        Some(unit.around(first))
    }

    /// The period that ends the day before, as long: as many months where it is whole months,
    /// else as many days.
    pub(super) fn before(self) -> Self {
        let last = self.first - Days::new(1);
        let is_months = self.first.day() == 1 && (self.last + Days::new(1)).day() == 1;
        let mut first = self.first;
        let mut day = self.first;
        while day <= self.last {
            if is_months {
                first = first - Months::new(1);
                day = day + Months::new(1);
            } else {
                first = first - Days::new(1);
                day = day + Days::new(1);
            }
        }
        Self { first, last }
    }

    /// Cut at the borders of `unit`, each part with the name of the unit it lies in. The first and
    /// the last may be parts of theirs.
    pub fn cut(self, unit: Unit) -> Vec<(String, Self)> {
        let mut parts = Vec::new();
        let mut day = self.first;
        while day <= self.last {
            let whole = unit.around(day);
            let part = Self { first: day, last: whole.last.min(self.last) };
            parts.push((unit.label(day), part));
            day = whole.last + Days::new(1);
        }
        parts
    }
}

impl Unit {
    /// The unit of a breakdown, if the word names one.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "year" => Some(Self::Year),
            "quarter" => Some(Self::Quarter),
            "month" => Some(Self::Month),
            "week" => Some(Self::Week),
            _ => None,
        }
    }

    /// The `count` whole units that are over on `today`.
    pub(super) fn last_whole(self, count: f64, today: NaiveDate) -> Period {
        let mut unit = self.around(today);
        if unit.last > today {
            unit = self.around(unit.first - Days::new(1));
        }
        let last = unit.last;
        let mut counted = 1.0;
        while counted < count {
            unit = self.around(unit.first - Days::new(1));
            counted += 1.0;
        }
        Period { first: unit.first, last }
    }

    /// The unit with this number among those that begin in `period`.
    pub(super) fn nth_in(self, number: f64, period: Period) -> Option<Period> {
        let days = period.first.iter_days().take_while(|day| *day <= period.last);
        let mut begins = days.filter(|day| self.around(*day).first == *day);
        let mut counted = 1.0;
        while counted < number {
            begins.next()?;
            counted += 1.0;
        }
        Some(self.around(begins.next()?))
    }

    /// The whole unit in which `day` lies.
    pub(super) fn around(self, day: NaiveDate) -> Period {
        let month = |month| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        let first = match self {
            Self::Year => month(1),
            Self::Quarter => month(day.month0() / 3 * 3 + 1),
            Self::Month => month(day.month()),
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
        };
        let next = match self {
            Self::Year => first + Months::new(12),
            Self::Quarter => first + Months::new(3),
            Self::Month => first + Months::new(1),
            Self::Week => first + Days::new(7),
        };
        Period { first, last: next - Days::new(1) }
    }

    /// How the unit in which `day` lies is called.
    fn label(self, day: NaiveDate) -> String {
        match self {
            Self::Year => format!("{}", day.year()),
            Self::Quarter => format!("{}-Q{}", day.year(), day.month0() / 3 + 1),
            Self::Month => format!("{}-{:02}", day.year(), day.month()),
            Self::Week => format!("{}-W{:02}", day.iso_week().year(), day.iso_week().week()),
        }
    }
}

/// Completed years from `birth` to `day`. The birthday of someone born on 29 February is the 28th
/// in a year without a 29th; before birth there is no age.
pub(super) fn age(birth: NaiveDate, day: NaiveDate) -> Option<f64> {
    if day < birth {
        return None;
    }
    let birthday = NaiveDate::from_ymd_opt(day.year(), birth.month(), birth.day())
        .or_else(|| NaiveDate::from_ymd_opt(day.year(), 2, 28))?;
    let years = day.year() - birth.year() - i32::from(day < birthday);
    Some(f64::from(years))
}
