//! `memory("stays")`: Arrow batches that an embedding program registered under that name.

use datafusion::arrow::array::RecordBatch;

use super::option::{DATES, DECIMAL, THOUSANDS};
use super::raw::Raw;
use super::{Place, SourceFormat};

pub(super) const FORMAT: SourceFormat = SourceFormat {
    name: "memory",
    summary: "batches that the embedding program registers under this name",
    options: &[DATES, DECIMAL, THOUSANDS],
    place: Place::Registered,
};

/// The rows of all batches, one after the other.
pub(crate) fn read(batches: &[RecordBatch]) -> Result<Raw, String> {
    match batches.first() {
        None => Ok(Raw::default()),
        Some(first) => Raw::from_batches(first.schema_ref(), batches),
    }
}
