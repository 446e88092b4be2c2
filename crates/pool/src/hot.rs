//! The hot form: everything the engine reads of one snapshot, one row per subject.
//!
//! A subject's rows of a record lie together, in time order, so that a rule about one subject is
//! answered without a join, a sort or a hash. A row that refers to another subject lies with that
//! one too, and a reference is the place of a subject in the order of its type. Texts, codes and organisations are numbers
//! (*symbols*) into one sorted table, so that comparing them is comparing numbers, also for order.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, StringArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use interplay_compile::catalog::{FieldType, Record, RecordTiming, lists};
use interplay_compile::silence::{KNOWN, SINCE};
use serde::{Deserialize, Serialize};

use crate::scan::SubjectScan;
use noted::Noted;
use symbols::Symbols;

pub(crate) mod bucket;
pub(crate) mod build;
pub(crate) mod came;
pub(crate) mod derive;
mod disk;
mod known;
pub(crate) mod noted;
mod once;
pub(crate) mod order;
pub(crate) mod symbols;

#[cfg(test)]
pub(crate) mod tests;

/// Everything the engine reads of one snapshot. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hot {
    symbols: Symbols,
    subjects: BTreeMap<String, Arc<SubjectSet>>,
    noted: Noted,
}

impl Hot {
    /// The number that stands for `text` in the scan's columns; `None` when no row holds it.
    ///
    /// Symbols are ordered as their texts are.
    #[must_use]
    pub fn symbol(&self, text: &str) -> Option<i32> {
        self.symbols.find(text)
    }

    /// The text that `symbol` stands for.
    #[must_use]
    pub fn text(&self, symbol: i32) -> Option<&str> {
        self.symbols.text(symbol)
    }

    /// The number that stands for `text`, also where no row holds it: a district may be known from
    /// a tree alone, and a rule may write a text of its own. Such numbers are behind all symbols,
    /// each text has its own, and they are in no order.
    #[must_use]
    pub fn number(&self, text: &str) -> i32 {
        self.symbols.number(text)
    }

    /// What a number stands for.
    #[must_use]
    pub fn said(&self, number: i32) -> Option<String> {
        self.symbols.said(number)
    }

    /// How many subjects of that type have a row of any record.
    #[must_use]
    pub fn count(&self, subject: &str) -> usize {
        self.subjects.get(subject).map_or(0, |set| set.count())
    }

    /// The columns of [`Hot::table`]; none for a subject type without records.
    #[must_use]
    pub fn schema(&self, subject: &str) -> SchemaRef {
        self.subjects
            .get(subject)
            .map_or_else(|| Arc::new(Schema::empty()), |set| Arc::clone(&set.schema))
    }

    /// One row per subject of that type, in a fixed order, dealt to `partitions` partitions.
    #[must_use]
    pub fn table(&self, subject: &str, partitions: usize) -> Arc<dyn TableProvider> {
        let set = self
            .subjects
            .get(subject)
            .map_or_else(|| Arc::new(SubjectSet::new(Vec::new(), Vec::new())), Arc::clone);
        Arc::new(SubjectScan::new(set, partitions))
    }

    /// The one subject of that name as a table of one row; none when no row is about it.
    #[must_use]
    pub fn only(&self, subject: &str, name: &str) -> Option<Arc<dyn TableProvider>> {
        let set = self.subjects.get(subject)?;
        let bucket = bucket::of(name, set.buckets.len());
        let place = set.buckets.get(bucket)?.place(name)?;
        Some(Arc::new(SubjectScan::of_one(Arc::clone(set), (bucket, place))))
    }

    /// What the subject at a place among those of its type is called: what a reference refers to.
    #[must_use]
    pub fn name(&self, subject: &str, place: i32) -> Option<&str> {
        let mut place = usize::try_from(place).ok()?;
        for bucket in &self.subjects.get(subject)?.buckets {
            if place < bucket.subject_count {
                return bucket.names.is_valid(place).then(|| bucket.names.value(place));
            }
            place -= bucket.subject_count;
        }
        None
    }

    /// What was noted of the rows while they were laid out.
    #[must_use]
    pub fn noted(&self) -> &Noted {
        &self.noted
    }
}

/// All subjects of one type.
#[derive(Debug)]
pub(crate) struct SubjectSet {
    /// The records about them, by name.
    pub(crate) records: Vec<Shape>,
    /// One column a field, `stay.arrived`, in the order of `records`.
    pub(crate) schema: SchemaRef,
    /// Where each column of the schema lies: the record and its column.
    pub(crate) places: Vec<(usize, usize)>,
    /// In the order of their numbers; some may be empty.
    pub(crate) buckets: Vec<Bucket>,
}

impl SubjectSet {
    pub(crate) fn new(records: Vec<Shape>, buckets: Vec<Bucket>) -> Self {
        let (mut fields, mut places) = (Vec::new(), Vec::new());
        for (record, shape) in records.iter().enumerate() {
            for (column, (name, kind)) in shape.columns.iter().enumerate() {
                fields.push(shape.field(name, *kind));
                places.push((record, column));
            }
        }
        Self { records, schema: Arc::new(Schema::new(fields)), places, buckets }
    }

    pub(crate) fn count(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.subject_count).sum()
    }
}

/// A record's name and columns, as they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shape {
    /// `stay`, `membership@household`
    pub(crate) name: String,
    /// Whether a subject has one value a column, or a list.
    pub(crate) once: bool,
    /// The fields in the order declared; then, if there is a row with an unknown end, which those
    /// are; then the seconds of fields that are instants; then in lists `organisation`, and whose row it is where that is not plain.
    pub(crate) columns: Vec<(String, Kind)>,
}

impl Shape {
    /// The rows of a record as its own subjects have them, or those to whom a field refers: these
    /// have a last column that says whose row it is.
    pub(crate) fn of(record: &Record, side: Option<&str>) -> Self {
        let once = matches!(record.timing, RecordTiming::Once(_));
        let mut columns: Vec<_> =
            record.columns().iter().map(|it| (it.name.clone(), Kind::of(&it.kind))).collect();
        if !once {
            columns.push((ORGANISATION.to_owned(), Kind::Symbol));
        }
        if side.is_some() {
            columns.push((record.subject.clone(), Kind::Subject));
        }
        Self { name: lists(&record.name, side), once, columns }
    }

    /// Which organisations know a subject, and since when; a row each.
    pub(crate) fn of_known() -> Self {
        let columns = [(ORGANISATION, Kind::Symbol), (SINCE, Kind::Date)];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        Self { name: KNOWN.to_owned(), once: false, columns }
    }

    fn field(&self, column: &str, kind: Kind) -> Field {
        let name = format!("{}.{column}", self.name);
        if self.once {
            Field::new(name, kind.arrow(), true)
        } else {
            Field::new_list(name, Field::new_list_field(kind.arrow(), true), false)
        }
    }
}

/// The column that says whose row it is.
pub(crate) const ORGANISATION: &str = "organisation";

/// How a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Days since 1970.
    Date,
    /// 64-bit float.
    Number,
    /// A text's place in the table of symbols.
    Symbol,
    /// A subject's place among those of its type.
    Subject,
}

impl Kind {
    pub(crate) fn of(field: &FieldType) -> Self {
        match field {
            FieldType::Date | FieldType::Instant | FieldType::BirthDate => Self::Date,
            FieldType::Number(_) => Self::Number,
            FieldType::Text | FieldType::Code(_) => Self::Symbol,
            FieldType::Subject(_) => Self::Subject,
        }
    }

    pub(crate) fn arrow(self) -> DataType {
        match self {
            Self::Date => DataType::Date32,
            Self::Number => DataType::Float64,
            Self::Symbol | Self::Subject => DataType::Int32,
        }
    }
}

/// Some of the subjects, with all their rows.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) subject_count: usize,
    /// What each subject is called, rising: its pseudonym.
    pub(crate) names: StringArray,
    /// One a record, in the order of [`SubjectSet::records`].
    pub(crate) records: Vec<Rows>,
}

impl Bucket {
    /// The place in the bucket of the subject called `name`.
    fn place(&self, name: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.names.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.names.value(middle).cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// The rows of one record for the subjects of a bucket.
#[derive(Debug)]
pub(crate) struct Rows {
    /// Where each subject's rows begin and end; `None` for a once-record, which has one value a
    /// subject.
    // Invariant: one more offset than subjects; the last is the length of every column.
    pub(crate) offsets: Option<OffsetBuffer<i32>>,
    /// One a column of the [`Shape`].
    pub(crate) columns: Vec<ArrayRef>,
}
