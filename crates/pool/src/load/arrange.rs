//! The order of a table's rows: by bucket, subject, time and content.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use datafusion::arrow::compute::take_record_batch;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use interplay_compile::catalog::Record;

use crate::error::PoolError;
use crate::hot::bucket;
use crate::hot::derive::BUCKET_COUNT;
use crate::hot::order::{Cell, content_hash};
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
    /// The last column, where it says of which rows the end is unknown.
    mark: Option<usize>,
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
            mark: record.mark().map(|_| record.fields.len()),
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
        let subjects = self.subjects.value(one).cmp(self.subjects.value(other));
        subjects.then_with(|| start(one).cmp(&start(other)))
    }

    fn hash(&self, row: usize) -> u64 {
        let marked = self.mark.is_none_or(|mark| self.fields.column(mark).is_valid(row));
        let count = self.fields.num_columns() - usize::from(!marked);
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
