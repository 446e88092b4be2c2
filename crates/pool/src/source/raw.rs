//! A delivery as it was read, before any meaning: columns of text, and where each row stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, RecordBatch, StringArray, StringBuilder,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, SchemaRef};

use crate::problems;

/// Rows of one file, or of what an embedding program registered.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    pub(crate) columns: Vec<RawColumn>,
    /// The line on which each row begins, or its number.
    pub(crate) lines: Vec<u64>,
    /// Rows that cannot be read at all, and why.
    pub(crate) broken: BTreeMap<usize, String>,
}

/// One column of text; a missing value is null, an empty text or blanks.
#[derive(Debug)]
pub(crate) struct RawColumn {
    pub(crate) name: String,
    pub(crate) values: StringArray,
    /// Whether the texts were made from dates or numbers here: they are then plain, whatever the
    /// source says of dates and decimal signs.
    pub(crate) typed: bool,
}

impl RawColumn {
    /// The trimmed text, if there is any.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        let text = self.values.is_valid(row).then(|| self.values.value(row).trim());
        text.filter(|text| !text.is_empty())
    }
}

impl Raw {
    /// Columns of any type as text: dates as `2025-01-31`, numbers as `12.5`.
    pub(crate) fn from_batches(
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<Self, String> {
        let mut columns = Vec::new();
        for (place, field) in schema.fields().iter().enumerate() {
            let mut values = StringBuilder::new();
            let mut typed = true;
            for batch in batches {
                let column = batch.columns().get(place);
                let column = column.ok_or_else(|| problems::other_columns(field.name()))?;
                typed = !is_text(column.data_type());
                let texts = texts(column)
                    .ok_or_else(|| problems::no_text_form(field.name(), column.data_type()))?;
                for text in &texts {
                    values.append_option(text);
                }
            }
            columns.push(RawColumn { name: field.name().clone(), values: values.finish(), typed });
        }
        let row_count: usize = batches.iter().map(RecordBatch::num_rows).sum();
        Ok(Self { columns, lines: (1..).take(row_count).collect(), broken: BTreeMap::new() })
    }

    /// A hash of every name and value.
    pub(crate) fn content(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for column in &self.columns {
            hasher.update(&column.name.len().to_le_bytes()).update(column.name.as_bytes());
            hasher.update(&[u8::from(column.typed)]).update(&column.values.len().to_le_bytes());
            for text in &column.values {
                match text {
                    None => hasher.update(&[0]),
                    Some(text) => {
                        hasher.update(&[1]).update(&text.len().to_le_bytes());
                        hasher.update(text.as_bytes())
                    }
                };
            }
        }
        hasher.finalize()
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn texts(column: &ArrayRef) -> Option<StringArray> {
    let to = |kind: DataType, column: &ArrayRef| cast(column, &kind).ok();
    let column = match column.data_type() {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let numbers = to(DataType::Float64, column)?;
            Arc::new(plain(numbers.as_primitive::<Float64Type>()))
        }
        // A moment becomes its day, where it was measured.
        DataType::Timestamp(_, _) | DataType::Date64 => {
            to(DataType::Utf8, &to(DataType::Date32, column)?)?
        }
        DataType::Dictionary(_, values) => {
            return texts(&to(values.as_ref().clone(), column)?);
        }
        DataType::Null
        | DataType::Boolean
        | DataType::Date32
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Decimal32(_, _)
        | DataType::Decimal64(_, _)
        | DataType::Decimal128(_, _)
        | DataType::Decimal256(_, _) => to(DataType::Utf8, column)?,
        kind if kind.is_integer() => to(DataType::Utf8, column)?,
        _ => return None,
    };
    Some(column.as_string::<i32>().clone())
}

/// `12.5`, `3`: never with an exponent.
fn plain(numbers: &Float64Array) -> StringArray {
    numbers.iter().map(|number| number.map(|number| number.to_string())).collect()
}
