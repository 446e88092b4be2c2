//! Files mapped into memory, and Arrow IPC read from them without a copy.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::buffer::Buffer;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::convert::fb_to_schema;
use datafusion::arrow::ipc::reader::{FileDecoder, read_footer_length};
use datafusion::arrow::ipc::root_as_footer;
use datafusion::arrow::ipc::writer::FileWriter;
use memmap2::Mmap;

use crate::error::PoolError;

/// An IPC file ends in the footer's length and the magic word.
const TRAILER_BYTES: usize = 10;

/// Writes `batch` as one uncompressed Arrow IPC file.
pub(crate) fn write(path: &Path, batch: &RecordBatch) -> Result<(), PoolError> {
    let file = File::create(path).map_err(PoolError::file("write", path))?;
    let written = FileWriter::try_new_buffered(file, batch.schema_ref()).and_then(|mut writer| {
        writer.write(batch)?;
        writer.finish()
    });
    written.map_err(PoolError::damaged(path))
}

/// The one batch of an Arrow IPC file; its arrays point into the mapped file.
pub(crate) fn read(path: &Path) -> Result<RecordBatch, PoolError> {
    decode(&mapped(path)?).map_err(PoolError::damaged(path))
}

fn mapped(path: &Path) -> Result<Buffer, PoolError> {
    let file = File::open(path).map_err(PoolError::file("read", path))?;
    #[expect(
        unsafe_code,
        reason = "files of the hot form are renamed in whole and never written again; a file \
                  that is removed while it is mapped stays readable"
    )]
    let map = unsafe { Mmap::map(&file) }.map_err(PoolError::file("read", path))?;
    Ok(Buffer::from(Bytes::from_owner(map)))
}

fn decode(file: &Buffer) -> Result<RecordBatch, ArrowError> {
    let short = || ArrowError::ParseError("the file is cut short".to_owned());
    let trailer_start = file.len().checked_sub(TRAILER_BYTES).ok_or_else(short)?;
    let (body, trailer) = file.split_at(trailer_start);
    let footer_length = read_footer_length(trailer.try_into().map_err(|_| short())?)?;
    let footer_start = trailer_start.checked_sub(footer_length).ok_or_else(short)?;
    let footer = root_as_footer(body.get(footer_start..).ok_or_else(short)?)
        .map_err(|fault| ArrowError::ParseError(fault.to_string()))?;
    let schema = footer.schema().ok_or_else(short)?;
    let schema: SchemaRef = Arc::new(fb_to_schema(schema));
    let blocks = footer.recordBatches().ok_or_else(short)?;
    if blocks.len() != 1 {
        return Err(ArrowError::ParseError("the file holds not one batch".to_owned()));
    }
    let block = blocks.get(0);
    let place = usize::try_from(block.offset()).map_err(|_| short())?;
    let length = i64::from(block.metaDataLength())
        .checked_add(block.bodyLength())
        .and_then(|length| usize::try_from(length).ok())
        .ok_or_else(short)?;
    if place.checked_add(length).is_none_or(|end| end > file.len()) {
        return Err(short());
    }
    FileDecoder::new(schema, footer.version())
        .read_record_batch(block, &file.slice_with_length(place, length))?
        .ok_or_else(short)
}
