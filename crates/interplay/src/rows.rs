//! Rows given in memory, in the form of the codebook.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use chrono::NaiveDate;
use interplay_compile::calendar::Period;
use interplay_compile::catalog::{Catalog, Record};
use interplay_compile::check::ORGANISATION;
use interplay_compile::organisation;
use interplay_pool::{Hot, HotBuilder};

use crate::coverage::Delivered;
use crate::error::Error;

/// Rows of a record as one organisation registered them.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) record: String,
    pub(crate) organisation: String,
    pub(crate) batch: RecordBatch,
}

/// In how many buckets rows given in memory lie.
const BUCKETS: usize = 8;

/// The hot form of given rows, and of the organisations that are declared.
pub(crate) fn hot(catalog: &Catalog, given: &[Given]) -> Result<Hot, Error> {
    let records: Vec<&Record> = catalog.records.values().collect();
    let itself = organisation::itself();
    let mut builder = HotBuilder::new(records.iter().copied().chain([&itself]), BUCKETS);
    for name in catalog.organisations.keys() {
        let names = StringArray::from(vec![name.as_str()]);
        let column: ArrayRef = Arc::new(names.clone());
        let fields = RecordBatch::try_from_iter([(ORGANISATION, column)]);
        let fields = fields.map_err(Error::bug("listing the organisations"))?;
        builder.add(&itself.name, name, &names, &fields)?;
    }
    for (at, rows) in given.iter().enumerate() {
        let Some(record) = records.iter().find(|record| record.name == rows.record) else {
            return Err(Error::Unknown(format!("there is no record `{}`", rows.record)));
        };
        let subjects = subjects(record, rows, at)?;
        let fields = (0..rows.batch.num_columns())
            .filter(|at| rows.batch.schema().field(*at).name() != &record.subject);
        let fields = rows.batch.project(&fields.collect::<Vec<_>>());
        let fields = fields.map_err(Error::bug("taking the fields of given rows"))?;
        builder.add(&rows.record, &rows.organisation, &subjects, &fields)?;
    }
    Ok(builder.build()?)
}

/// Whose the rows are. Each row of an anonymous subject is one by itself, named by its place.
fn subjects(record: &Record, rows: &Given, at: usize) -> Result<StringArray, Error> {
    let (name, subject) = (&record.name, &record.subject);
    if record.is_built_in() {
        // Whose delivery it is says who delivered it.
        return Ok(StringArray::from(vec![rows.organisation.as_str(); rows.batch.num_rows()]));
    }
    let column = rows.batch.column_by_name(subject);
    let is_field = record.field(subject).is_some();
    if record.anonymous && (is_field || column.is_none()) {
        let named = |row| Some(format!("{at} {row}"));
        return Ok((0..rows.batch.num_rows()).map(named).collect());
    }
    if record.anonymous {
        return Err(Error::Unknown(format!(
            "rows of `{name}` take no column `{subject}`: each row is one by itself, for \
             `{subject}` is declared `anonymous`"
        )));
    }
    let subjects = column.and_then(|column| column.as_string_opt::<i32>());
    let needed = || format!("rows of `{name}` need a text column `{subject}`");
    subjects.cloned().ok_or_else(|| Error::Unknown(needed()))
}

/// What rows given in memory cover, when something was said of it: of an organisation and a record
/// of which nothing was said, everything.
pub(crate) fn delivered(catalog: &Catalog, stated: &[Delivered]) -> Option<Vec<Delivered>> {
    if stated.is_empty() {
        return None;
    }
    let mut delivered = stated.to_vec();
    for record in catalog.delivered_records().map(|record| &record.name) {
        for organisation in catalog.organisations.keys() {
            let is_own =
                |one: &Delivered| one.record == *record && one.organisation == *organisation;
            if stated.iter().any(is_own) {
                continue;
            }
            let always = Period { first: NaiveDate::MIN, last: NaiveDate::MAX };
            delivered.push(Delivered::stated(organisation, record, always));
        }
    }
    Some(delivered)
}
