//! `parquet("stays-*.parquet")`: columns with types; their values are read as plain text.

use bytes::Bytes;

use super::option::{DATES, DECIMAL, Reading, THOUSANDS};
use super::raw::Raw;
use super::{Place, SourceFormat};
use crate::{problems, rows};

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
    let (schema, batches) =
        rows::read(file.clone()).map_err(|fault| problems::no_parquet(&fault))?;
    Raw::from_batches(&schema, &batches)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use datafusion::arrow::array::{
        ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int64Array, ListArray,
        RecordBatch, StringArray, TimestampMillisecondArray,
    };
    use datafusion::arrow::datatypes::Int32Type;
    use parquet::arrow::ArrowWriter;

    use super::super::option::Reading;
    use super::read;

    fn file(batch: &RecordBatch) -> Vec<u8> {
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
        file
    }

    #[test]
    fn dates_and_numbers_become_plain_text() {
        let columns: [(&str, ArrayRef); 4] = [
            ("day", Arc::new(Date32Array::from(vec![Some(20_089), None]))),
            ("number", Arc::new(Float64Array::from(vec![1e15, 12.5]))),
            ("client", Arc::new(Int64Array::from(vec![17, 18]))),
            ("kind", Arc::new(StringArray::from(vec![Some("intake"), None]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let raw = read(&Bytes::from(file(&batch)), &Reading::default()).unwrap();
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

    #[test]
    fn moments_keep_their_time_and_dictionaries_their_texts() {
        let moments = TimestampMillisecondArray::from(vec![1_735_775_999_000]);
        let kinds: DictionaryArray<Int32Type> = vec!["intake"].into_iter().collect();
        let columns: [(&str, ArrayRef); 3] = [
            ("moment", Arc::new(moments)),
            ("kind", Arc::new(kinds)),
            ("yes", Arc::new(BooleanArray::from(vec![true]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let raw = read(&Bytes::from(file(&batch)), &Reading::default()).unwrap();
        let row: Vec<_> = raw.columns.iter().map(|column| column.text(0)).collect();
        assert_eq!(row, [Some("2025-01-01T23:59:59"), Some("intake"), Some("true")]);
    }

    #[test]
    fn lists_are_answered_in_words() {
        let values = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
        let batch = RecordBatch::try_from_iter([("values", Arc::new(values) as ArrayRef)]).unwrap();
        let error = read(&Bytes::from(file(&batch)), &Reading::default()).unwrap_err();
        assert!(error.starts_with("the column `values` holds List"), "{error}");
    }

    #[test]
    fn a_damaged_file_never_ends_the_program() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["one", "two", "three"]));
        let whole = file(&RecordBatch::try_from_iter([("texts", texts)]).unwrap());
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x55;
            drop(read(&Bytes::from(damaged), &Reading::default()));
            drop(read(&Bytes::copy_from_slice(&whole[..place]), &Reading::default()));
        }
    }
}
