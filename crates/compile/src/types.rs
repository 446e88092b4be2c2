//! Types of values, and units of numbers.

use std::fmt;

use crate::catalog::{FieldType, Unit};

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// True, false or unknown.
    Truth,
    /// With a unit, or a bare number that fits any.
    Number(Option<Unit>),
    /// A day.
    Date,
    /// Free text.
    Text,
    /// A code of the list with this name.
    Code(String),
    /// A reference to a subject of that type.
    Subject(String),
    /// `missing`: fits everywhere.
    Missing,
}

impl Type {
    /// The type of values in a field.
    #[must_use]
    pub fn of_field(kind: &FieldType) -> Self {
        match kind {
            FieldType::Date | FieldType::Instant | FieldType::BirthDate => Self::Date,
            FieldType::Number(unit) => Self::Number(unit.clone()),
            FieldType::Text => Self::Text,
            FieldType::Code(list) => Self::Code(list.clone()),
            FieldType::Subject(subject) => Self::Subject(subject.clone()),
        }
    }

    /// Whether values of both can stand on the two sides of a comparison. A bare number takes the
    /// other side's unit.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, _) | (_, Self::Missing) => true,
            (Self::Number(one), Self::Number(two)) => match (one, two) {
                (Some(one), Some(two)) => one == two,
                (None, _) | (_, None) => true,
            },
            _ => self == other,
        }
    }

    /// The more telling of two types that fit: of a bare number and euros, euros.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        match (&self, &other) {
            (_, Self::Missing) => self,
            (Self::Missing | Self::Number(None), _) => other,
            _ => self,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth => write!(out, "a condition"),
            Self::Number(None) => write!(out, "a number"),
            Self::Number(Some(unit)) => write!(out, "a number in {unit}"),
            Self::Date => write!(out, "a date"),
            Self::Text => write!(out, "a text"),
            Self::Code(list) => write!(out, "a code of `{list}`"),
            Self::Subject(subject) => write!(out, "a reference to `{subject}`"),
            Self::Missing => write!(out, "`missing`"),
        }
    }
}

impl Unit {
    /// A unit of one word: `nights`, `EUR`.
    #[must_use]
    pub fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), per: None }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.per {
            None => write!(out, "{}", self.name),
            Some(per) if self.name.is_empty() => write!(out, "per {per}"),
            Some(per) => write!(out, "{} per {per}", self.name),
        }
    }
}

/// Units that need no declaration, besides those that fields declare.
pub const UNITS: &[&str] =
    &["%", "EUR", "days", "hours", "min", "months", "nights", "persons", "rows", "weeks", "years"];

/// Steps on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// `day`
    Day,
    /// `week`: seven days, from Monday
    Week,
    /// `month`
    Month,
    /// `quarter`: three months
    Quarter,
    /// `year`
    Year,
}

impl TimeUnit {
    /// Every unit of time with its singular and plural.
    pub const ALL: &'static [(&'static str, &'static str, Self)] = &[
        ("day", "days", Self::Day),
        ("week", "weeks", Self::Week),
        ("month", "months", Self::Month),
        ("quarter", "quarters", Self::Quarter),
        ("year", "years", Self::Year),
    ];

    /// `month` or `months`
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let row = Self::ALL.iter().find(|(one, many, _)| *one == word || *many == word);
        row.map(|(_, _, unit)| *unit)
    }

    /// `month`
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, _, unit)| *unit == self).map_or("", |(one, _, _)| one)
    }
}
