//! Dates that are made of others, and those that are the same for everybody.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Term;
use crate::calendar::kind::{Declared, Edge, Which};
use crate::calendar::{self, Period};
use crate::types::TimeUnit;

impl Term {
    /// The day `count` units later.
    #[must_use]
    pub fn shifted(self, count: i64, unit: TimeUnit) -> Self {
        if count == 0 { self } else { Self::Shift { date: Box::new(self), count, unit } }
    }

    /// The first day of the unit in which the date lies.
    #[must_use]
    pub fn start_of(self, unit: TimeUnit) -> Self {
        if unit == TimeUnit::Day { self } else { Self::StartOf { date: Box::new(self), unit } }
    }

    /// The first or last day of a declared period, as the date sees it.
    #[must_use]
    pub fn edge(self, kind: &Arc<Declared>, which: Which, is_last: bool) -> Self {
        let edge = Edge { kind: Arc::clone(kind), which, is_last };
        Self::Edge { date: Box::new(self), edge }
    }

    /// The date that it is for everybody, once the data date is known, and the period.
    #[must_use]
    pub fn fixed_date(&self, data_date: NaiveDate, period: Option<Period>) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            Self::DataDate => Some(data_date),
            Self::PeriodStart => period.map(|it| it.first),
            Self::PeriodEnd => period.map(|it| it.last),
            Self::PreviousStart => calendar::previous(period?).map(|it| it.first),
            Self::PreviousEnd => calendar::previous(period?).map(|it| it.last),
            Self::Shift { date, count, unit } => {
                calendar::shift(date.fixed_date(data_date, period)?, *count, *unit)
            }
            Self::StartOf { date, unit } => {
                Some(calendar::start_of(date.fixed_date(data_date, period)?, *unit))
            }
            Self::Edge { date, edge } => edge.seen_from(date.fixed_date(data_date, period)?),
            Self::UpTo { date, last } => {
                let date = date.fixed_date(data_date, period)?;
                (date <= last.fixed_date(data_date, period)?).then_some(date)
            }
            _ => None,
        }
    }

    /// Whether it is a date that is the same for everybody.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        match self {
            Self::Date(_) | Self::DataDate => true,
            Self::Shift { .. } | Self::StartOf { .. } | Self::Edge { .. } | Self::UpTo { .. } => {
                self.children().into_iter().all(Self::is_fixed)
            }
            _ => false,
        }
    }
}
