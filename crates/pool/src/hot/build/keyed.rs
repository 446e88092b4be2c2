//! Rows of a record with a key: of those of one organisation with equal keys the latest counts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Int32Array, RecordBatch, StringArray, new_null_array,
};
use datafusion::arrow::compute::{filter, filter_record_batch};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::row::{OwnedRow, RowConverter, Rows, SortField};
use interplay_compile::catalog::Record;
use interplay_compile::instant;

use super::Origin;
use crate::error::PoolError;
use crate::problems;

/// Rows that wait until it is known which of them count.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) origins: Vec<Origin>,
    pub(super) subjects: StringArray,
    pub(super) fields: RecordBatch,
}

/// The rows that count, and of each that does not the place of its delivery.
pub(super) fn latest(
    record: &Record,
    batches: Vec<Batch>,
) -> Result<(Vec<Batch>, Vec<u32>), PoolError> {
    let bug = "telling rows apart by their key";
    let keys = keys(record, &batches)?;
    // Of each key the row that counts: its batch and its place there.
    let mut latest: HashMap<OwnedRow, (usize, usize)> = HashMap::new();
    let mut replaced = Vec::new();
    let mut keep: Vec<Vec<bool>> =
        batches.iter().map(|batch| vec![true; batch.origins.len()]).collect();
    for (at, rows) in keys.iter().enumerate() {
        for (row, key) in rows.iter().enumerate() {
            match latest.entry(key.owned()) {
                Entry::Vacant(entry) => drop(entry.insert((at, row))),
                Entry::Occupied(mut entry) => {
                    let (other_at, other) = *entry.get();
                    let came = |at: usize, row: usize| batches[at].origins[row].1;
                    let is_later = came(at, row) > came(other_at, other);
                    let (gone_at, gone) = if is_later { (other_at, other) } else { (at, row) };
                    keep[gone_at][gone] = false;
                    replaced.push(came(gone_at, gone).delivery);
                    if is_later {
                        entry.insert((at, row));
                    }
                }
            }
        }
    }
    let kept = batches.into_iter().zip(keep).map(|(batch, keep)| batch.only(keep));
    let kept = kept.collect::<Result<_, _>>().map_err(PoolError::bug(bug))?;
    Ok((kept, replaced))
}

/// What tells the rows of each batch apart: the organisation, then the key.
fn keys(record: &Record, batches: &[Batch]) -> Result<Vec<Rows>, PoolError> {
    let bug = || PoolError::bug("telling rows apart by their key");
    let mut converter: Option<RowConverter> = None;
    let mut keys = Vec::with_capacity(batches.len());
    for batch in batches {
        let columns = batch.key(record).map_err(|what| {
            let record = record.name.clone();
            PoolError::Rows { record, what }
        })?;
        let converter = match &mut converter {
            Some(converter) => converter,
            None => {
                let kinds = columns.iter().map(|column| SortField::new(column.data_type().clone()));
                converter.insert(RowConverter::new(kinds.collect()).map_err(bug())?)
            }
        };
        keys.push(converter.convert_columns(&columns).map_err(bug())?);
    }
    Ok(keys)
}

impl Batch {
    fn key(&self, record: &Record) -> Result<Vec<ArrayRef>, String> {
        let organisations = self.origins.iter().map(|(organisation, _)| *organisation);
        let organisations = Int32Array::from_iter_values(organisations);
        let mut columns: Vec<ArrayRef> = vec![Arc::new(organisations)];
        for name in &record.key {
            let Some(field) = record.field(name) else {
                columns.push(Arc::new(self.subjects.clone()));
                continue;
            };
            let (wanted, count) = (field.kind.arrow(), self.subjects.len());
            let column = self.fields.column_by_name(name).map(Arc::clone);
            let column = column.unwrap_or_else(|| new_null_array(&wanted, count));
            if *column.data_type() != wanted {
                return Err(problems::other_type(name, column.data_type(), &wanted));
            }
            if column.null_count() > 0 {
                return Err(problems::row_without_key(name));
            }
            columns.push(column);
        }
        // Of two moments of one day each is its own row.
        for name in record.instants().filter(|name| record.key.iter().any(|part| part == name)) {
            let place = self.fields.column_by_name(&instant::place(name)).map(Arc::clone);
            let count = self.subjects.len();
            columns.push(place.unwrap_or_else(|| new_null_array(&DataType::Float64, count)));
        }
        Ok(columns)
    }

    fn only(self, keep: Vec<bool>) -> Result<Self, ArrowError> {
        if keep.iter().all(|keep| *keep) {
            return Ok(self);
        }
        let mut kept = keep.iter();
        let mut origins = self.origins;
        origins.retain(|_| kept.next().copied().unwrap_or(true));
        let keep = BooleanArray::from(keep);
        let subjects = filter(&self.subjects, &keep)?;
        let subjects = datafusion::arrow::array::AsArray::as_string::<i32>(&subjects).clone();
        Ok(Self { origins, subjects, fields: filter_record_batch(&self.fields, &keep)? })
    }
}
