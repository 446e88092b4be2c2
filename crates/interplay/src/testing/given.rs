//! The rows of a test, as batches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::NaiveDate;
use chrono_tz::Tz;
use interplay_compile::calendar::{self, Period};
use interplay_compile::catalog::test::Given;
use interplay_compile::catalog::{Catalog, FieldType};
use interplay_compile::instant::{self, Instant, Written};
use interplay_compile::kernel::dates;
use interplay_pool::Hot;
use interplay_syntax::tree;

use crate::coverage::Delivered;
use crate::error::Error;
use crate::rows;

/// The hot form of given rows.
pub(super) fn hot(catalog: &Catalog, given: &[Given]) -> Result<Hot, Error> {
    rows::hot(catalog, &batches(catalog, given)?)
}

/// Given rows, a batch for each table that has some.
pub(super) fn batches(catalog: &Catalog, given: &[Given]) -> Result<Vec<rows::Given>, Error> {
    let mut batches = Vec::new();
    for rows in given.iter().filter(|given| !given.table.rows.is_empty()) {
        batches.extend(batch(catalog, rows)?);
    }
    Ok(batches)
}

/// For which days rows were delivered, as far as the test says it.
pub(super) fn stated(given: &[Given]) -> Vec<Delivered> {
    let stated = given
        .iter()
        .filter_map(|rows| Some(Delivered::stated(&rows.organisation, &rows.record, rows.covers?)));
    stated.collect()
}

/// What was delivered, where the test says it of some rows. What it says nothing of was delivered
/// for all days, and did not happen.
pub(super) fn delivered(catalog: &Catalog, given: &[Given]) -> Option<Vec<Delivered>> {
    let mut delivered = stated(given);
    if delivered.is_empty() {
        return None;
    }
    let own = given.iter().map(|rows| &rows.organisation);
    let organisations: BTreeSet<&String> = catalog.organisations.keys().chain(own).collect();
    let always = Period { first: NaiveDate::MIN, last: NaiveDate::MAX };
    for record in catalog.records.keys() {
        for organisation in &organisations {
            let is_own =
                |one: &Delivered| one.record == *record && one.organisation == **organisation;
            if !delivered.iter().any(is_own) {
                delivered.push(Delivered::stated(organisation, record, always));
            }
        }
    }
    Some(delivered)
}

/// Rows of a record as one organisation registered them; none where the record is not known.
fn batch(catalog: &Catalog, given: &Given) -> Result<Option<rows::Given>, Error> {
    let Some(record) = catalog.records.get(&given.record) else { return Ok(None) };
    let zone = catalog.timezone_of(&given.organisation, &record.name);
    let (mut fields, mut columns) = (Vec::<Field>::new(), Vec::<ArrayRef>::new());
    for field in &record.fields {
        fields.push(Field::new(&field.name, field.kind.arrow(), true));
        let cells = cells(given, &field.name);
        columns.push(match field.kind {
            FieldType::Instant => {
                let days =
                    cells.into_iter().map(|cell| Some(dates::days(moment(cell?, zone)?.day)));
                Arc::new(days.collect::<Date32Array>())
            }
            _ => column(&field.kind, &cells),
        });
    }
    if let Some((end, mark)) = record.end().zip(record.mark()) {
        let ends = cells(given, end);
        let marks: Vec<_> =
            ends.into_iter().map(|end| end.filter(|end| *end == "unknown")).collect();
        fields.push(Field::new(mark, DataType::Utf8, true));
        columns.push(column(&FieldType::Text, &marks));
    }
    for name in record.instants() {
        let seconds = cells(given, name).into_iter().map(|cell| moment(cell?, zone)?.seconds);
        fields.push(Field::new(instant::place(name), DataType::Float64, true));
        columns.push(Arc::new(seconds.collect::<Float64Array>()));
    }
    if !record.anonymous && !record.is_built_in() {
        fields.push(Field::new(&record.subject, DataType::Utf8, true));
        columns.push(column(&FieldType::Text, &cells(given, &record.subject)));
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(Error::bug("reading a test's rows"))?;
    let (record, organisation) = (given.record.clone(), given.organisation.clone());
    Ok(Some(rows::Given { record, organisation, batch }))
}

/// One row of a test and where it lies.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Which of the given tables.
    pub(super) table: usize,
    /// Which of its rows.
    pub(super) row: usize,
    /// Whom it is about.
    pub(super) subject: String,
    /// The kind of subject: `person`
    pub(super) of: String,
}

/// All given rows, in their order.
pub(super) fn all(catalog: &Catalog, given: &[Given]) -> Vec<Row> {
    let mut all = Vec::new();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (table, rows) in given.iter().enumerate() {
        let Some(record) = catalog.records.get(&rows.record) else { continue };
        for (row, subject) in cells(rows, &record.subject).into_iter().enumerate() {
            let count = counts.entry((&rows.record, &rows.organisation)).or_default();
            *count += 1;
            // An anonymous subject is a row by itself, and told by its place.
            let subject = match record.anonymous {
                true => format!("row {count} of {}", rows.organisation),
                false if record.is_built_in() => rows.organisation.clone(),
                false => subject.unwrap_or_default().to_owned(),
            };
            all.push(Row { table, row, subject, of: record.subject.clone() });
        }
    }
    all
}

/// The given rows of which `keep` holds.
pub(super) fn only(given: &[Given], rows: &[Row], keep: impl Fn(&Row) -> bool) -> Vec<Given> {
    let mut kept = given.to_vec();
    for (at, given) in kept.iter_mut().enumerate() {
        let own: Vec<&Row> = rows.iter().filter(|row| row.table == at).collect();
        let mut number = 0;
        given.table.rows.retain(|_| {
            let row = own.iter().find(|row| row.row == number);
            number += 1;
            row.is_none_or(|row| keep(row))
        });
    }
    kept
}

/// `arrived 2025-01-01, left 2025-01-05`: what a row says, its subject apart.
pub(super) fn told(catalog: &Catalog, given: &Given, row: usize) -> String {
    let subject = catalog.records.get(&given.record).map(|record| record.subject.as_str());
    let Some(cells) = given.table.rows.get(row).map(|row| &row.cells) else { return String::new() };
    let cells = given.table.columns.iter().zip(cells);
    let said = cells
        .filter(|(column, cell)| Some(column.item.as_str()) != subject && !cell.item.is_empty());
    let said: Vec<String> =
        said.map(|(column, cell)| format!("{} {}", column.item, cell.item)).collect();
    said.join(", ")
}

/// The cells under a column; none where the column is not written or the cell is empty.
fn cells<'t>(given: &'t Given, name: &str) -> Vec<Option<&'t str>> {
    let at = given.table.columns.iter().position(|column| column.item == name);
    let cell = |row: &'t tree::TableRow| {
        let text = row.cells.get(at?)?.item.as_str();
        (!text.is_empty()).then_some(text)
    };
    given.table.rows.iter().map(cell).collect()
}

/// Where nothing says by whose clock moments are told, all are told by one clock.
fn moment(cell: &str, zone: Option<Tz>) -> Option<Instant> {
    Some(Written::read(cell)?.at(zone.unwrap_or(Tz::UTC)))
}

fn column(kind: &FieldType, cells: &[Option<&str>]) -> ArrayRef {
    match kind {
        FieldType::Date | FieldType::Instant | FieldType::BirthDate => {
            let days = cells.iter().map(|cell| calendar::date((*cell)?).map(dates::days));
            Arc::new(days.collect::<Date32Array>())
        }
        FieldType::Number(_) => {
            let numbers = cells.iter().map(|cell| (*cell)?.parse::<f64>().ok());
            Arc::new(numbers.collect::<Float64Array>())
        }
        FieldType::Text | FieldType::Code(_) | FieldType::Subject(_) => {
            Arc::new(cells.iter().copied().collect::<StringArray>())
        }
    }
}
