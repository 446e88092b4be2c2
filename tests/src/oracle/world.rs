//! The data the oracle looks at: plain rows, as they lie in the pool after loading.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::codebook::Codebook;

/// Everything the organisations delivered, and the day up to which it tells.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Nothing that begins later is seen.
    pub data_date: NaiveDate,
    /// Every declared organisation, in the order declared.
    pub organisations: Vec<String>,
    /// The rows of each record, by the record's name.
    pub records: BTreeMap<String, Vec<Row>>,
    /// For which days an organisation delivered a record, both ends in; for all of them where
    /// nothing is said of the two.
    pub covered: Covered,
}

/// By record and organisation.
pub type Covered = BTreeMap<(String, String), Vec<(NaiveDate, NaiveDate)>>;

/// One row of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whom it is about: `ann`
    pub subject: String,
    /// Who delivered it: `night_shelter`
    pub organisation: String,
    /// In which of its deliveries: a later one has a higher number. The rows of one stand in their
    /// order, and none of them is of another organisation.
    pub delivery: usize,
    /// What it says. A field that is not here is missing.
    pub fields: BTreeMap<String, Datum>,
}

/// What one field of one row holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// `40`
    Number(f64),
    /// `2025-01-31`
    Date(NaiveDate),
    /// `North ward`
    Text(String),
    /// `emergency`
    Code(String),
    /// Nothing is known.
    Missing,
    /// Of the end of a row: that it should be known and is not.
    Unknown,
}

impl Row {
    /// The field called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> &Datum {
        self.fields.get(name).unwrap_or(&Datum::Missing)
    }

    /// The date in the field called `name`, if there is one.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.get(name) {
            Datum::Date(date) => Some(*date),
            Datum::Number(_)
            | Datum::Text(_)
            | Datum::Code(_)
            | Datum::Missing
            | Datum::Unknown => None,
        }
    }
}

impl World {
    /// The same, with every row of an anonymous subject a subject by itself.
    pub(super) fn told_apart(&self, book: &Codebook<'_>) -> Cow<'_, Self> {
        let is_anonymous = |name: &String| {
            let record = book.records.get(name);
            record.is_some_and(|record| book.anonymous.contains(&record.subject))
        };
        if !self.records.keys().any(is_anonymous) {
            return Cow::Borrowed(self);
        }
        let mut world = self.clone();
        for (_, rows) in world.records.iter_mut().filter(|(name, _)| is_anonymous(name)) {
            for (place, row) in rows.iter_mut().enumerate() {
                row.subject = format!("row {place}");
            }
        }
        Cow::Owned(world)
    }
}
