//! The order of a table's rows: by bucket, subject, day, moment and content.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use datafusion::arrow::compute::take_record_batch;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use interplay_compile::catalog::Record;

use crate::error::PoolError;
use crate::hot::bucket;
use crate::hot::derive::BUCKET_COUNT;
use crate::hot::order::{Cell, Moment, content_hash};
use crate::table::Rows;

/// One batch a bucket, sorted; each is made when it is asked for.
pub(super) fn arranged(
    record: &Record,
    rows: RecordBatch,
) -> Result<impl Iterator<Item = Result<RecordBatch, PoolError>>, PoolError> {
    let sorting = Sorting::new(record, &rows)?;
    let mut buckets = vec![Vec::new(); BUCKET_COUNT];
    for (row, subject) in (0_u32..).zip(sorting.subjects.iter()) {
        buckets[bucket::of(subject.unwrap_or_default(), BUCKET_COUNT)].push(row);
    }
    Ok(buckets.into_iter().map(move |mut order| {
        sorting.sort(&mut order);
        take_record_batch(&rows, &UInt32Array::from(order))
            .map_err(PoolError::bug("sorting the rows of a table"))
    }))
}

#[derive(Debug)]
struct Sorting {
    subjects: StringArray,
    organisations: StringArray,
    deliveries: StringArray,
    lines: Int64Array,
    fields: RecordBatch,
    /// The place of the day or start among the fields.
    start: Option<usize>,
    /// Where the seconds of the start stand, if it is an instant.
    moment: Option<usize>,
    /// How many columns are fields.
    field_count: usize,
    /// Whether a column behind them says of which rows the end is unknown.
    marked: bool,
}

impl Sorting {
    fn new(record: &Record, rows: &RecordBatch) -> Result<Self, PoolError> {
        let Rows { subjects, organisations, deliveries, lines, fields } = Rows::of(record, rows)?;
        let start = record.start();
        Ok(Self {
            subjects: subjects.as_string().clone(),
            organisations: organisations.as_string().clone(),
            deliveries: deliveries.as_string().clone(),
            lines: lines.as_primitive::<Int64Type>().clone(),
            fields,
            start: record.fields.iter().position(|field| start == Some(&field.name)),
            moment: record.moment_at(),
            field_count: record.fields.len(),
            marked: record.mark().is_some(),
        })
    }

    fn sort(&self, order: &mut [u32]) {
        order.sort_unstable_by(|one, other| self.by_time(*one as usize, *other as usize));
        for run in
            order.chunk_by_mut(|one, next| self.by_time(*one as usize, *next as usize).is_eq())
        {
            if run.len() > 1 {
                run.sort_by_cached_key(|row| {
                    let row = *row as usize;
                    let delivery = self.deliveries.value(row).to_owned();
                    (self.hash(row), delivery, self.lines.value(row))
                });
            }
        }
    }

    fn by_time(&self, one: usize, other: usize) -> Ordering {
        let start = |row: usize| {
            self.start
                .map(|start| self.fields.column(start).as_primitive::<Date32Type>().value(row))
        };
        let moment = |row: usize| {
            let seconds = self.fields.column(self.moment?).as_primitive::<Float64Type>();
            Some(Moment(seconds.is_valid(row).then(|| seconds.value(row))))
        };
        let subjects = self.subjects.value(one).cmp(self.subjects.value(other));
        let days = || start(one).cmp(&start(other));
        subjects.then_with(days).then_with(|| moment(one).cmp(&moment(other)))
    }

    fn hash(&self, row: usize) -> u64 {
        let marked = self.marked && self.fields.column(self.field_count).is_valid(row);
        let count = self.field_count + usize::from(marked);
        let cells = self.fields.columns().iter().take(count).map(|column| {
            if column.is_null(row) {
                return Cell::Missing;
            }
            match column.data_type() {
                DataType::Date32 => Cell::Date(column.as_primitive::<Date32Type>().value(row)),
                DataType::Float64 => Cell::Number(column.as_primitive::<Float64Type>().value(row)),
                _ => Cell::Text(column.as_string::<i32>().value(row)),
            }
        });
        content_hash(self.organisations.value(row), cells)
    }
}
