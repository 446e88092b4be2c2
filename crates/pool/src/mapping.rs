//! From a row of an export to a row of the shared record, or to the reasons why not.
//!
//! A row with a fault is rejected whole and counted; every fault of it is told. What identifies
//! people is shown in no reason: the room `shown` says what is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch,
    RecordBatchOptions, StringArray,
};
use datafusion::arrow::compute::{filter, filter_record_batch};
use datafusion::arrow::datatypes::{DataType, Field as ArrowField, Schema};
use interplay_compile::catalog::{
    CodeList, Field, FieldType, MapExpr, Record, RecordTiming, Source,
};

use crate::error::PoolError;
use crate::key::Key;
use crate::problems;
use crate::source::option::Reading;
use crate::source::raw::Raw;
use value::{Reader, Value};

pub(crate) mod asked;
pub(crate) mod identifier;
mod pseudonym;
mod require;
mod shown;
mod value;

/// Days from the first of January of the year 1 to that of 1970.
const EPOCH: i32 = 719_163;

/// Days since 1970.
pub(crate) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// The date of so many days since 1970.
pub(crate) fn date_of(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH)?)
}

/// What is needed to map the rows of one source.
#[derive(Debug)]
pub(crate) struct Mapper<'a> {
    pub(crate) source: &'a Source,
    pub(crate) record: &'a Record,
    pub(crate) codes: &'a BTreeMap<String, CodeList>,
    pub(crate) reading: &'a Reading,
    pub(crate) key: &'a Key,
    /// What tells this delivery from all others, whatever its files are called.
    pub(crate) delivery: String,
}

/// The rows of one delivery, mapped.
#[derive(Debug)]
pub(crate) struct Mapped {
    /// Pseudonyms.
    pub(crate) subjects: StringArray,
    /// On which line of the delivery each stands.
    pub(crate) lines: Int64Array,
    /// A column for each field of the record, of its type.
    pub(crate) fields: RecordBatch,
    pub(crate) faults: Vec<Fault>,
    pub(crate) read_count: usize,
    pub(crate) rejected_count: usize,
}

/// Why a row was rejected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    pub(crate) line: u64,
    /// The field that has no value; empty when it is the row as a whole.
    pub(crate) field: String,
    /// In words.
    pub(crate) reason: String,
    /// What is shown of the text that does not read; nothing when it identifies somebody.
    pub(crate) value: Option<String>,
}

impl Mapper<'_> {
    /// Maps every row. `Err` when the delivery lacks a column that is mapped, with all of them.
    pub(crate) fn map(&self, raw: &Raw) -> Result<Result<Mapped, PoolError>, Vec<String>> {
        // Where no batch was registered there are no rows, and nobody knows their columns.
        let known = !raw.columns.is_empty();
        let missing = identifier::columns(self.source)
            .filter(|_| known)
            .filter_map(|column| absent(raw, column).or_else(|| self.of_no_place(raw, column)))
            .collect::<BTreeSet<_>>();
        if missing.is_empty() { Ok(self.mapped(raw)) } else { Err(missing.into_iter().collect()) }
    }

    /// What to say when the column holds moments, and nobody knows by whose clock.
    fn of_no_place(&self, raw: &Raw, column: &str) -> Option<String> {
        let found = raw.columns.iter().find(|found| found.name == column)?;
        let unplaced = found.moments && self.source.timezone.is_none();
        unplaced.then(|| problems::moments_of_no_place(column))
    }

    fn mapped(&self, raw: &Raw) -> Result<Mapped, PoolError> {
        let row_count = raw.lines.len();
        let mut rejected = Rejected::new(raw);
        let subjects = self.subjects(raw, &mut rejected);
        let (mut columns, mut places): (Vec<ArrayRef>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
        for field in &self.record.fields {
            let reader = Reader::new(self, raw, field.kind.clone(), Some(&subjects));
            let values = self.values(field, &reader, &mut rejected);
            if self.record.instants().any(|name| name == field.name) {
                let seconds = values.iter().map(Value::seconds);
                places.push(Arc::new(seconds.collect::<Float64Array>()));
            }
            columns.push(column(field, values));
        }
        columns.extend(self.unknown_ends(raw, &subjects));
        columns.extend(places);
        let schema = Arc::new(schema(self.record));
        let options = RecordBatchOptions::new().with_row_count(Some(row_count));
        let bug = "putting mapped rows together";
        let fields = RecordBatch::try_new_with_options(schema, columns, &options)
            .map_err(PoolError::bug(bug))?;
        self.check_rows(&fields, raw, &mut rejected)?;
        self.check_keys(&fields, &subjects, &mut rejected)?;
        let keep = BooleanArray::from(rejected.rows.iter().map(|bad| !bad).collect::<Vec<_>>());
        let subjects = filter(&subjects, &keep).map_err(PoolError::bug(bug))?;
        let subjects = subjects.as_string::<i32>().clone();
        let kept = raw.lines.iter().zip(&rejected.rows).filter(|(_, bad)| !**bad);
        let lines = kept.map(|(line, _)| i64::try_from(*line).unwrap_or(i64::MAX));
        let lines = Int64Array::from_iter_values(lines);
        let fields = filter_record_batch(&fields, &keep).map_err(PoolError::bug(bug))?;
        let rejected_count = rejected.rows.iter().filter(|bad| **bad).count();
        rejected.faults.sort();
        let faults = rejected.faults;
        Ok(Mapped { subjects, lines, fields, faults, read_count: row_count, rejected_count })
    }

    fn subjects(&self, raw: &Raw, rejected: &mut Rejected<'_>) -> StringArray {
        let subject = &self.record.subject;
        if self.record.anonymous {
            let named = |row| self.key.keyed(format!("{}\u{1f}{row}", self.delivery).as_bytes());
            return (0..raw.lines.len()).map(|row: usize| Some(named(row))).collect();
        }
        let mapping = self.source.map.iter().find(|mapping| mapping.field == *subject);
        let reader = Reader::new(self, raw, FieldType::Text, None);
        let none = MapExpr::Missing;
        let written = mapping.map_or(&none, |mapping| &mapping.value.item);
        let name = |row: usize| match written {
            MapExpr::Pseudonym(_) => match reader.value(written, row) {
                Ok(Value::Text(name)) => Some(name.into_owned()),
                _ => None,
            },
            // A bare identifier becomes a pseudonym too: none is ever kept.
            other => reader.pseudonym([other].into_iter(), row),
        };
        (0..raw.lines.len())
            .map(|row| {
                let name = name(row);
                if name.is_none() {
                    rejected.add(row, subject, problems::missing_subject(subject), None);
                }
                name
            })
            .collect()
    }

    fn values<'v>(
        &'v self,
        field: &Field,
        reader: &Reader<'v>,
        rejected: &mut Rejected<'_>,
    ) -> Vec<Value<'v>> {
        let mapping = self.source.map.iter().find(|mapping| mapping.field == field.name);
        let rows = 0..rejected.raw.lines.len();
        let value = |row: usize| {
            let written = mapping.map_or(&MapExpr::Missing, |mapping| &mapping.value.item);
            let value = reader.value(written, row);
            match value {
                Ok(Value::Missing) if self.is_required(field) => {
                    rejected.add(row, &field.name, problems::missing_field(&field.name), None);
                    Value::Missing
                }
                Ok(value) => value,
                Err(fault) => {
                    rejected.add(row, &field.name, fault.reason, fault.value);
                    Value::Missing
                }
            }
        };
        rows.map(value).collect()
    }

    /// Which rows have an end that should be known and is not.
    fn unknown_ends(&self, raw: &Raw, subjects: &StringArray) -> Option<ArrayRef> {
        let RecordTiming::During { end, .. } = &self.record.timing else { return None };
        let reader = Reader::new(self, raw, FieldType::Date, Some(subjects));
        let mapping = self.source.map.iter().find(|mapping| mapping.field == *end);
        let is_unknown =
            |row: usize| mapping.is_some_and(|mapping| reader.is_unknown(&mapping.value.item, row));
        let marks = (0..raw.lines.len()).map(|row| is_unknown(row).then_some(UNKNOWN));
        Some(Arc::new(marks.collect::<StringArray>()))
    }

    /// Rows are put in order by their start, so that is never missing.
    fn is_required(&self, field: &Field) -> bool {
        !field.optional || self.record.start() == Some(&field.name)
    }
}

/// The values of a field.
fn column(field: &Field, values: Vec<Value<'_>>) -> ArrayRef {
    let values = values.into_iter();
    match field.kind.arrow() {
        DataType::Date32 => Arc::new(values.map(Value::day).collect::<Date32Array>()),
        DataType::Float64 => Arc::new(values.map(Value::number).collect::<Float64Array>()),
        _ => Arc::new(values.map(Value::text).collect::<StringArray>()),
    }
}

/// What stands in the mark of a row with an unknown end.
const UNKNOWN: &str = "unknown";

/// The columns of a record's mapped rows.
pub(crate) fn schema(record: &Record) -> Schema {
    let columns = record.columns();
    Schema::new(
        columns
            .iter()
            .map(|field| ArrowField::new(&field.name, field.kind.arrow(), true))
            .collect::<Vec<_>>(),
    )
}

/// What to say when the delivery has not exactly one column of that name.
fn absent(raw: &Raw, column: &str) -> Option<String> {
    let known = raw.columns.iter().map(|column| column.name.as_str());
    match known.clone().filter(|name| *name == column).count() {
        0 => Some(problems::missing_column(column, known)),
        1 => None,
        _ => Some(problems::column_twice(column)),
    }
}

/// The rows that cannot be used, and why.
#[derive(Debug)]
struct Rejected<'a> {
    raw: &'a Raw,
    rows: Vec<bool>,
    faults: Vec<Fault>,
}

impl<'a> Rejected<'a> {
    fn new(raw: &'a Raw) -> Self {
        let mut rejected = Self { raw, rows: vec![false; raw.lines.len()], faults: Vec::new() };
        for (row, reason) in &raw.broken {
            rejected.add(*row, "", reason.clone(), None);
        }
        rejected
    }

    /// A row that does not read at all has no other faults.
    fn add(&mut self, row: usize, field: &str, reason: String, value: Option<String>) {
        if !field.is_empty() && self.raw.broken.contains_key(&row) {
            return;
        }
        if let Some(bad) = self.rows.get_mut(row) {
            *bad = true;
        }
        let line = self.raw.lines.get(row).copied().unwrap_or(0);
        self.faults.push(Fault { line, field: field.to_owned(), reason, value });
    }
}

#[cfg(test)]
pub(crate) mod tests;
