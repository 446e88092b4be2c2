//! What an expression comes to, and the logic of three values.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::codebook::Record;
use super::days::Set;
use super::time::Duration;
use super::world::Row;

/// True, false, or `None`: unknown.
pub(super) type Truth = Option<bool>;

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// A number, whatever its unit.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A text, or the label of a band.
    Text(String),
    /// A code of a list; `organisation` is a list of its own.
    Code {
        /// `living_situation`
        list: String,
        /// `emergency`
        code: String,
    },
    /// A reference.
    Subject {
        /// `household`
        kind: String,
        /// Which of them.
        name: String,
    },
    /// `6 months`
    Duration(Duration),
    /// A set of days; where a number is wanted, how many.
    Days(Set),
    /// A condition.
    Truth(Truth),
    /// What `first` and `last` find, or nothing.
    Row(Option<(&'a Record, &'a Row)>),
    /// Nothing, or not to be known.
    Missing,
    /// The end of a row, which should be known and is not.
    Unknown,
}

impl Value<'_> {
    /// A number, or missing.
    pub(super) fn number_or_missing(number: Option<f64>) -> Self {
        number.map_or(Self::Missing, Self::Number)
    }

    /// A date, or missing.
    pub(super) fn date_or_missing(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Missing, Self::Date)
    }

    /// As a condition. What is missing is unknown.
    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Truth(truth) => *truth,
            Self::Missing | Self::Unknown => None,
            // `among: organisation` is everyone.
            Self::Code { list, .. } if list == "organisation" => Some(true),
            other => panic!("the oracle needs a condition here, not {other:?}"),
        }
    }

    /// As a number. A duration in days is a number of days.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Duration(Duration::Days(days)) => Some(f64::from(*days)),
            Self::Days(set) => {
                set.as_ref().map(|set| u32::try_from(set.len()).map_or(f64::INFINITY, f64::from))
            }
            Self::Missing | Self::Unknown => None,
            other => panic!("the oracle needs a number here, not {other:?}"),
        }
    }

    /// As a date.
    pub(super) fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Missing | Self::Unknown => None,
            other => panic!("the oracle needs a date here, not {other:?}"),
        }
    }

    /// Whether there is no value to go on with.
    pub(super) fn has_none(&self) -> bool {
        matches!(self, Self::Unknown) || self.is_missing()
    }

    /// Whether there is nothing: what `is missing` asks. Never unknown.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing | Self::Row(None) | Self::Days(None))
    }

    /// How two values lie to each other, or `None` when one is missing.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (one, other) if one.has_none() || other.has_none() => None,
            (Self::Date(one), Self::Date(other)) => Some(one.cmp(other)),
            (Self::Text(one), Self::Text(other))
            | (Self::Subject { name: one, .. }, Self::Subject { name: other, .. }) => {
                Some(one.cmp(other))
            }
            (one, other) => one.number()?.partial_cmp(&other.number()?),
        }
    }
}

/// Kleene's `and`: one false makes it false.
pub(super) fn and(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

/// Kleene's `or`: one true makes it true.
pub(super) fn or(one: Truth, other: Truth) -> Truth {
    not(and(not(one), not(other)))
}

/// Kleene's `not`: the unknown stays unknown.
pub(super) fn not(truth: Truth) -> Truth {
    truth.map(|truth| !truth)
}
