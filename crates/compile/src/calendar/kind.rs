//! Kinds of period: years, quarters, months, weeks and days, and those that a project declares.
//!
//! Periods of one kind share no day. Those of the calendar and yearly ones leave no day out;
//! between named ones there may be days that lie in none.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::{Period, shift, start_of, unit_around};
use crate::types::TimeUnit;

/// A kind of period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// `quarter`
    Unit(TimeUnit),
    /// `school_year`, where a project declares it
    Declared(Arc<Declared>),
}

/// `periods school_year starts 09-01`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Declared {
    /// `school_year`
    pub name: String,
    /// When they are.
    pub cycle: Cycle,
}

/// When the periods of a declared kind are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cycle {
    /// `starts 09-01`: from that day to the day before it a year later. Invariant: every year has
    /// the day.
    Yearly {
        /// 9
        month: u32,
        /// 1
        day: u32,
    },
    /// `{ winter: 2024-11-01 .. 2025-03-31 }`. Invariant: in the order of time, sharing no day.
    Named(Vec<Named>),
}

/// `winter: 2024-11-01 .. 2025-03-31 "The winter of 2024"`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// `winter`
    pub name: String,
    /// `The winter of 2024`
    pub title: Option<String>,
    /// Its days.
    pub period: Period,
}

impl Declared {
    /// The one in which `day` lies.
    #[must_use]
    pub fn around(&self, day: NaiveDate) -> Option<Period> {
        match &self.cycle {
            Cycle::Yearly { .. } => self.year(self.year_of(day)),
            Cycle::Named(all) => {
                let periods = all.iter().map(|named| named.period);
                periods.into_iter().find(|it| it.first <= day && day <= it.last)
            }
        }
    }

    /// The `count`-th of those that begin on `day` or later, from 1.
    #[must_use]
    pub fn begun(&self, day: NaiveDate, count: i64) -> Option<Period> {
        match &self.cycle {
            Cycle::Yearly { .. } => {
                let year = self.year_of(day);
                let begins = self.year(year).is_some_and(|it| it.first == day);
                self.year(year.checked_add(count - i64::from(begins))?)
            }
            Cycle::Named(all) => {
                let mut later = all.iter().filter(|named| named.period.first >= day);
                Some(later.nth(usize::try_from(count - 1).ok()?)?.period)
            }
        }
    }

    /// The `count`-th back of those that end before `day`, from 1.
    #[must_use]
    pub fn over(&self, day: NaiveDate, count: i64) -> Option<Period> {
        match &self.cycle {
            Cycle::Yearly { .. } => self.year(self.year_of(day).checked_sub(count)?),
            Cycle::Named(all) => {
                let mut earlier = all.iter().rev().filter(|named| named.period.last < day);
                Some(earlier.nth(usize::try_from(count - 1).ok()?)?.period)
            }
        }
    }

    /// `2024` of `school_year 2024`, `winter` of `campaign winter`
    #[must_use]
    pub fn called(&self, which: &str) -> Option<Period> {
        match &self.cycle {
            Cycle::Yearly { .. } => {
                let is_year = which.len() == 4 && which.bytes().all(|byte| byte.is_ascii_digit());
                self.year(which.parse().ok().filter(|year| is_year && *year > 0)?)
            }
            Cycle::Named(all) => {
                all.iter().find(|named| named.name == which).map(|named| named.period)
            }
        }
    }

    /// What its named periods are called.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match &self.cycle {
            Cycle::Yearly { .. } => Vec::new(),
            Cycle::Named(all) => all.iter().map(|named| named.name.as_str()).collect(),
        }
    }

    /// What one of them is called: `2024`, `winter`
    fn name_of(&self, period: Period) -> Option<String> {
        match &self.cycle {
            Cycle::Yearly { .. } => {
                let whole = self.around(period.first) == Some(period);
                whole.then(|| format!("{:04}", period.first.year()))
            }
            Cycle::Named(all) => {
                let found = all.iter().find(|named| named.period == period);
                found.map(|named| named.name.clone())
            }
        }
    }

    /// What one of them is called for readers: `2024/25`, `The winter of 2024`
    fn label_of(&self, period: Period) -> Option<String> {
        match &self.cycle {
            Cycle::Yearly { .. } => {
                let (first, last) = (period.first.year(), period.last.year());
                let name = self.name_of(period)?;
                Some(if first == last { name } else { format!("{name}/{:02}", last % 100) })
            }
            Cycle::Named(all) => all.iter().find(|named| named.period == period)?.title.clone(),
        }
    }

    /// The one that begins in a year.
    fn year(&self, year: i64) -> Option<Period> {
        let Cycle::Yearly { month, day } = self.cycle else { return None };
        let start = |year| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
        Some(Period { first: start(year)?, last: start(year + 1)?.pred_opt()? })
    }

    /// The year in which the one begins in which `day` lies.
    fn year_of(&self, day: NaiveDate) -> i64 {
        let Cycle::Yearly { month, day: first } = self.cycle else { return 0 };
        i64::from(day.year()) - i64::from((day.month(), day.day()) < (month, first))
    }
}

impl PeriodKind {
    /// `quarter`, `school_year`
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Unit(unit) => unit.word(),
            Self::Declared(declared) => &declared.name,
        }
    }

    /// The one in which `day` lies, if it lies in one.
    #[must_use]
    pub fn around(&self, day: NaiveDate) -> Option<Period> {
        match self {
            Self::Unit(unit) => Some(unit_around(day, *unit)),
            Self::Declared(declared) => declared.around(day),
        }
    }

    /// The last that ends before `day` and before the one in which `day` lies.
    #[must_use]
    pub fn before(&self, day: NaiveDate) -> Option<Period> {
        match self {
            Self::Unit(unit) => Some(unit_around(start_of(day, *unit).pred_opt()?, *unit)),
            Self::Declared(declared) => declared.over(day, 1),
        }
    }

    /// The same days one of these earlier; none where they differ in length.
    #[must_use]
    pub fn earlier(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Unit(unit) => shift(day, -1, *unit),
            Self::Declared(declared) => match declared.cycle {
                Cycle::Yearly { .. } => shift(day, -1, TimeUnit::Year),
                Cycle::Named(_) => None,
            },
        }
    }

    /// Those of its periods that have days in `period`, cut to it.
    #[must_use]
    pub fn cut(&self, period: Period) -> Vec<Period> {
        let mut parts = Vec::new();
        let mut day = period.first;
        while day <= period.last {
            let whole = match self {
                Self::Declared(declared) => declared.around(day).or_else(|| declared.begun(day, 1)),
                Self::Unit(unit) => Some(unit_around(day, *unit)),
            };
            let Some(whole) = whole.filter(|whole| whole.first <= period.last) else { break };
            let last = whole.last.min(period.last);
            parts.push(Period { first: whole.first.max(period.first), last });
            let Some(next) = last.succ_opt() else { break };
            day = next;
        }
        parts
    }

    /// Its longest period, in days.
    #[must_use]
    pub fn longest(&self) -> i64 {
        let days = |period: Period| (period.last - period.first).num_days() + 1;
        match self {
            Self::Unit(TimeUnit::Day) => 1,
            Self::Unit(TimeUnit::Week) => 7,
            Self::Unit(TimeUnit::Month) => 31,
            Self::Unit(TimeUnit::Quarter) => 92,
            Self::Unit(TimeUnit::Year) => 366,
            Self::Declared(declared) => match &declared.cycle {
                Cycle::Yearly { .. } => 366,
                Cycle::Named(all) => {
                    all.iter().map(|named| days(named.period)).max().unwrap_or_default()
                }
            },
        }
    }

    /// What one of its periods is called where figures are split by it; its days where it is a
    /// part of one.
    #[must_use]
    pub fn name(&self, period: Period) -> String {
        let declared = match self {
            Self::Unit(_) => None,
            Self::Declared(declared) => declared.name_of(period),
        };
        declared.unwrap_or_else(|| super::name(period))
    }

    /// What readers see in place of its name.
    #[must_use]
    pub fn label(&self, period: Period) -> Option<String> {
        match self {
            Self::Unit(_) => None,
            Self::Declared(declared) => declared.label_of(period),
        }
    }
}

/// A date that is found by a declared kind of period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    /// `school_year`
    pub kind: Arc<Declared>,
    /// Which of them.
    pub which: Which,
    /// Whether it is its last day, and not its first.
    pub is_last: bool,
}

/// Which of the periods of a kind, as a date sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// The one in which the date lies.
    Around,
    /// The n-th of those that begin on the date or later.
    Begun(i64),
    /// The n-th back of those that end before the date.
    Over(i64),
}

impl Edge {
    /// The day, as seen from `day`.
    #[must_use]
    pub fn seen_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let found = match self.which {
            Which::Around => self.kind.around(day),
            Which::Begun(count) => self.kind.begun(day, count),
            Which::Over(count) => self.kind.over(day, count),
        }?;
        Some(if self.is_last { found.last } else { found.first })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Cycle, Declared, Named, PeriodKind};
    use crate::calendar::{Period, date, name};

    fn days(first: &str, last: &str) -> Period {
        Period { first: date(first).unwrap(), last: date(last).unwrap() }
    }

    fn school_year() -> Declared {
        Declared { name: "school_year".to_owned(), cycle: Cycle::Yearly { month: 9, day: 1 } }
    }

    fn campaign() -> Declared {
        let named = |name: &str, first, last| Named {
            name: name.to_owned(),
            title: None,
            period: days(first, last),
        };
        let all = vec![
            named("winter", "2024-11-01", "2025-03-31"),
            named("spring", "2025-04-01", "2025-05-31"),
            named("autumn", "2025-09-01", "2025-10-31"),
        ];
        Declared { name: "campaign".to_owned(), cycle: Cycle::Named(all) }
    }

    #[test]
    fn a_year_begins_on_its_day() {
        let found = |day: &str| school_year().around(date(day).unwrap()).map(|it| it.first);
        assert_eq!(found("2024-08-31"), date("2023-09-01"));
        assert_eq!(found("2024-09-01"), date("2024-09-01"));
        assert_eq!(school_year().called("2024"), Some(days("2024-09-01", "2025-08-31")));
    }

    #[test]
    fn the_next_begin_on_the_day_or_later_and_the_last_end_before_it() {
        let kind = school_year();
        let on = date("2024-09-01").unwrap();
        let after = date("2024-09-02").unwrap();
        assert_eq!(kind.begun(on, 1), kind.called("2024"));
        assert_eq!(kind.begun(after, 1), kind.called("2025"));
        assert_eq!(kind.over(on, 1), kind.called("2023"));
        assert_eq!(kind.over(after, 2), kind.called("2022"));
        let kind = campaign();
        let gap = date("2025-06-15").unwrap();
        assert_eq!(kind.around(gap), None);
        assert_eq!(kind.begun(gap, 1), kind.called("autumn"));
        assert_eq!(kind.over(gap, 2), kind.called("winter"));
        assert_eq!(kind.over(date("2025-05-31").unwrap(), 1), kind.called("winter"));
        assert_eq!(kind.begun(gap, 2), None);
    }

    #[test]
    fn days_between_named_periods_lie_in_no_part() {
        let kind = PeriodKind::Declared(Arc::new(campaign()));
        let parts: Vec<String> = kind
            .cut(days("2025-05-01", "2025-12-31"))
            .into_iter()
            .map(|it| kind.name(it))
            .collect();
        assert_eq!(parts, [name(days("2025-05-01", "2025-05-31")), "autumn".to_owned()]);
        assert_eq!(kind.cut(days("2025-06-01", "2025-08-31")), []);
    }

    #[test]
    fn readers_see_both_years() {
        let kind = PeriodKind::Declared(Arc::new(school_year()));
        let period = school_year().called("1999").unwrap();
        assert_eq!(
            (kind.name(period), kind.label(period)),
            ("1999".into(), Some("1999/00".into()))
        );
    }
}
