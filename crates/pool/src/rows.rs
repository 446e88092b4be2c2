//! Parquet files read whole.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

use crate::error::Cause;
use crate::problems;

/// The columns and rows of a Parquet file.
///
/// The reader panics over some damaged files. That is a fault of the file all the same, and no
/// reason to end the program.
pub(crate) fn read<File: ChunkReader + 'static>(
    file: File,
) -> Result<(SchemaRef, Vec<RecordBatch>), Cause> {
    let read = catch_unwind(AssertUnwindSafe(|| -> Result<_, ParquetError> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        let schema = Arc::clone(builder.schema());
        let batches: Result<Vec<RecordBatch>, _> = builder.build()?.collect();
        Ok((schema, batches?))
    }));
    match read {
        Ok(read) => Ok(read?),
        Err(_) => Err(problems::damaged_pages().into()),
    }
}
