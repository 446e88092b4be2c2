//! `parquet("stays-*.parquet")`: columns with types; their values are read as plain text.

use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::option::{DATES, DECIMAL, Reading, THOUSANDS};
use super::raw::Raw;
use super::{Place, SourceFormat};
use crate::problems;

pub(super) const FORMAT: SourceFormat = SourceFormat {
    name: "parquet",
    summary: "Parquet files; dates and numbers are taken as they are",
    options: &[DATES, DECIMAL, THOUSANDS],
    place: Place::Files(read),
};

fn read(file: &Bytes, _: &Reading) -> Result<Raw, String> {
    if file.is_empty() {
        return Err(problems::empty_file());
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(file.clone())
        .map_err(|fault| problems::no_parquet(&fault))?;
    let schema = std::sync::Arc::clone(builder.schema());
    let reader = builder.build().map_err(|fault| problems::no_parquet(&fault))?;
    let batches: Result<Vec<RecordBatch>, ArrowError> = reader.collect();
    Raw::from_batches(&schema, &batches.map_err(|fault| problems::no_parquet(&fault))?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use datafusion::arrow::array::{
        ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    };
    use parquet::arrow::ArrowWriter;

    use super::super::option::Reading;
    use super::read;

    #[test]
    fn dates_and_numbers_become_plain_text() {
        let columns: [(&str, ArrayRef); 4] = [
            ("day", Arc::new(Date32Array::from(vec![Some(20_089), None]))),
            ("number", Arc::new(Float64Array::from(vec![1e15, 12.5]))),
            ("client", Arc::new(Int64Array::from(vec![17, 18]))),
            ("kind", Arc::new(StringArray::from(vec![Some("intake"), None]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let raw = read(&Bytes::from(file), &Reading::default()).unwrap();
        let first: Vec<_> = raw.columns.iter().map(|column| column.text(0)).collect();
        assert_eq!(
            first,
            [Some("2025-01-01"), Some("1000000000000000"), Some("17"), Some("intake")]
        );
        let second: Vec<_> = raw.columns.iter().map(|column| column.text(1)).collect();
        assert_eq!(second, [None, Some("12.5"), Some("18"), None]);
        let typed: Vec<_> = raw.columns.iter().map(|column| column.typed).collect();
        assert_eq!(typed, [true, true, true, false]);
    }

    #[test]
    fn other_files_are_answered_in_words() {
        let error = read(&Bytes::from_static(b"a;b\n1;2\n"), &Reading::default()).unwrap_err();
        assert!(error.starts_with("it is no Parquet file"), "{error}");
    }
}
