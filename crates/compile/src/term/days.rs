//! Sets of days, as values of one subject.
//!
//! A set begins as the nights or days that a selection covers, [`Aggregate::Covered`]; everything
//! here makes a set of sets, or a number of one. A function on sets is a line here, its
//! arithmetic in `kernel/days.rs`, and where it is written.
//!
//! [`Aggregate::Covered`]: super::Aggregate::Covered

use super::Physical;

/// What is made of sets of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Days {
    /// `A union B`: the days of either
    Union,
    /// `A minus B`: the days of A that are not days of B
    Minus,
    /// `A intersect B`: the days of both
    Intersect,
    /// `A within P`: of a set, the first day and the last, the days from the one to the other;
    /// unknown when there is none and the last lies after the data date
    Within,
    /// How many days there are.
    Count,
}

impl Days {
    /// As plans call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Union => "days_union",
            Self::Minus => "days_minus",
            Self::Intersect => "days_intersect",
            Self::Within => "days_within",
            Self::Count => "days_count",
        }
    }

    /// How what it makes is kept.
    #[must_use]
    pub fn physical(self) -> Physical {
        match self {
            Self::Union | Self::Minus | Self::Intersect | Self::Within => Physical::Days,
            Self::Count => Physical::Number,
        }
    }
}

/// Which days rows cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Covering {
    /// `nights of`: from the first day up to the end, which is out
    Nights,
    /// `days of`: the same, and the first day in any case
    Days,
}

impl Covering {
    /// `nights`, `days`: what they are counted in
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nights => "nights",
            Self::Days => "days",
        }
    }
}
