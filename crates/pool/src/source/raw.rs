//! A delivery as it was read, before any meaning: columns of text, and where each row stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray, StringBuilder,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef, TimeUnit};

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
    /// Whether it held moments: which day each is on depends on a place. Moments of no place, all
    /// at midnight, are days.
    pub(crate) moments: bool,
}

impl RawColumn {
    /// The trimmed text, if there is any.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        let text = self.values.is_valid(row).then(|| self.values.value(row).trim());
        text.filter(|text| !text.is_empty())
    }
}

impl Raw {
    /// Columns of any type as text: dates as `2025-01-31`, numbers as `12.5`, moments as
    /// `2025-01-31T23:30:00`, with `Z` behind it where they are told by the clock of Greenwich.
    pub(crate) fn from_batches(
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<Self, String> {
        let mut columns = Vec::new();
        for (place, field) in schema.fields().iter().enumerate() {
            let mut values = StringBuilder::new();
            let (mut typed, mut moments) = (true, false);
            let parts = batches.iter().map(|batch| batch.columns().get(place));
            let parts: Option<Vec<&ArrayRef>> = parts.collect();
            let parts = parts.ok_or_else(|| problems::other_columns(field.name()))?;
            let days = parts.iter().all(|column| are_days(column));
            for column in parts {
                let kind = column.data_type();
                typed = !is_text(kind);
                moments = !days && is_moment(kind);
                let texts = texts(column, days)
                    .ok_or_else(|| problems::no_text_form(field.name(), kind))?;
                for text in &texts {
                    values.append_option(text);
                }
            }
            columns.push(RawColumn {
                name: field.name().clone(),
                values: values.finish(),
                typed,
                moments,
            });
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

fn is_moment(kind: &DataType) -> bool {
    match kind {
        DataType::Timestamp(_, _) | DataType::Date64 => true,
        DataType::Dictionary(_, values) => is_moment(values),
        _ => false,
    }
}

/// How many of what a moment is counted in make a second.
fn per_second(kind: &DataType) -> i64 {
    match kind {
        DataType::Timestamp(TimeUnit::Second, _) => 1,
        DataType::Timestamp(TimeUnit::Microsecond, _) => 1_000_000,
        DataType::Timestamp(TimeUnit::Nanosecond, _) => 1_000_000_000,
        _ => 1_000,
    }
}

/// Whether moments of no place are all at midnight: many programs have no other days.
fn are_days(column: &ArrayRef) -> bool {
    let kind = column.data_type();
    let day = 86_400 * per_second(kind);
    let of_no_place = matches!(kind, DataType::Timestamp(_, None) | DataType::Date64);
    let counts = cast(column, &DataType::Int64).ok().filter(|_| of_no_place);
    counts.is_some_and(|counts| {
        counts.as_primitive::<Int64Type>().iter().flatten().all(|count| count % day == 0)
    })
}

/// `2025-01-31T23:30:00`; what lies beyond the calendar is no moment, and reads as none.
fn moments(counts: &Int64Array, per_second: i64, greenwich: bool) -> StringArray {
    let sign = if greenwich { "Z" } else { "" };
    let text = |count: i64| {
        let part = count.rem_euclid(per_second) * (1_000_000_000 / per_second);
        let moment = u32::try_from(part).ok();
        let moment =
            moment.and_then(|part| DateTime::from_timestamp(count.div_euclid(per_second), part));
        moment.map_or_else(|| count.to_string(), |moment| format!("{:?}{sign}", moment.naive_utc()))
    };
    counts.iter().map(|count| count.map(text)).collect()
}

fn texts(column: &ArrayRef, days: bool) -> Option<StringArray> {
    let to = |kind: DataType, column: &ArrayRef| cast(column, &kind).ok();
    let column = match column.data_type() {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let numbers = to(DataType::Float64, column)?;
            Arc::new(plain(numbers.as_primitive::<Float64Type>()))
        }
        DataType::Timestamp(_, None) | DataType::Date64 if days => {
            to(DataType::Utf8, &to(DataType::Date32, column)?)?
        }
        kind @ (DataType::Timestamp(_, _) | DataType::Date64) => {
            let counts = to(DataType::Int64, column)?;
            let greenwich = matches!(kind, DataType::Timestamp(_, Some(_)));
            Arc::new(moments(counts.as_primitive::<Int64Type>(), per_second(kind), greenwich))
        }
        DataType::Dictionary(_, values) => {
            return texts(&to(values.as_ref().clone(), column)?, false);
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
