//! Which organisations have a row of a subject in a period.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, ListArray, PrimitiveArray,
};
use datafusion::arrow::buffer::{BooleanBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Int32Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Stands for everybody: the total.
pub const TOTAL: i32 = -2;

/// Stands for no organisation at all, and elsewhere for a missing value.
pub const NONE: i32 = -1;

/// How the rows of a record lie in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lies {
    /// Two lists: the day and the organisation.
    At,
    /// Three lists: start, end and organisation.
    During,
    /// Four lists: start, end, of which rows the end is unknown, and organisation.
    Marked,
}

/// The organisations, rising, of rows seen by `last` that lie on a day from `first` to `last`;
/// [`NONE`] when there is none; and [`TOTAL`]. `lists` holds the lists of each record in turn.
pub fn involved(first: i32, last: i32, records: Vec<Lies>, lists: Vec<Expr>) -> Expr {
    let signature = Signature::variadic_any(Volatility::Immutable);
    ScalarUDF::from(Involved { first, last, records, signature }).call(lists)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Involved {
    first: i32,
    last: i32,
    records: Vec<Lies>,
    signature: Signature,
}

impl ScalarUDFImpl for Involved {
    fn name(&self) -> &'static str {
        "involved"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(Arc::new(Field::new_list_field(DataType::Int32, true))))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let lists = args.args.iter().map(|list| list.to_array(args.number_rows));
        let lists: Vec<ArrayRef> = lists.collect::<Result<_>>()?;
        let mut rest = lists.as_slice();
        let mut records = Vec::new();
        for lies in &self.records {
            let (taken, left) = match (lies, rest) {
                (Lies::At, [day, organisation, left @ ..]) => {
                    (Rows::new(day, None, organisation), left)
                }
                (Lies::During, [start, end, organisation, left @ ..]) => {
                    (Rows::new(start, Some(end), organisation), left)
                }
                (Lies::Marked, [start, end, marks, organisation, left @ ..]) => {
                    let marks = Some(marks.as_list::<i32>().values());
                    (Rows { marks, ..Rows::new(start, Some(end), organisation) }, left)
                }
                _ => return exec_err!("a record's lists are missing"),
            };
            records.push(taken);
            rest = left;
        }
        let mut made: Vec<i32> = Vec::with_capacity(args.number_rows * 2);
        let mut lengths: Vec<usize> = Vec::with_capacity(args.number_rows);
        let mut found: Vec<i32> = Vec::new();
        for subject in 0..args.number_rows {
            found.clear();
            // A period that begins after the data date has no day that is seen.
            for rows in records.iter().filter(|_| self.first <= self.last) {
                rows.involved(subject, self.first, self.last, &mut found);
            }
            found.sort_unstable();
            if found.is_empty() {
                found.push(NONE);
            }
            made.push(TOTAL);
            made.extend_from_slice(&found);
            lengths.push(found.len() + 1);
        }
        let item = Arc::new(Field::new_list_field(DataType::Int32, true));
        let offsets = OffsetBuffer::from_lengths(lengths);
        let made = ListArray::try_new(item, offsets, Arc::new(Int32Array::from(made)), None)?;
        Ok(ColumnarValue::Array(Arc::new(made)))
    }
}

/// Whether any of the sorted lists of days begins on or before `data_date`, or all are empty: a
/// subject without dated rows is known by what has no date.
pub fn seen(data_date: i32, days: Vec<Expr>) -> Expr {
    let signature = Signature::variadic_any(Volatility::Immutable);
    ScalarUDF::from(Seen { data_date, signature }).call(days)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Seen {
    data_date: i32,
    signature: Signature,
}

impl ScalarUDFImpl for Seen {
    fn name(&self) -> &'static str {
        "seen"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let lists = args.args.iter().map(|list| list.to_array(args.number_rows));
        let lists: Vec<ArrayRef> = lists.collect::<Result<_>>()?;
        let lists = lists.iter().map(|list| {
            let list: &ListArray = list.as_list();
            (list.offsets(), list.values().as_primitive::<Date32Type>().values())
        });
        let mut lists: Vec<_> = lists.collect();
        // One day that is seen is enough: the shorter lists lie closer together.
        lists.sort_by_key(|(offsets, _)| offsets.last().copied());
        let seen = BooleanBuffer::collect_bool(args.number_rows, |subject| {
            let mut undated = true;
            for (offsets, days) in &lists {
                let (first, end) = (offsets[subject], offsets[subject + 1]);
                if first < end {
                    if days[usize::try_from(first).unwrap_or_default()] <= self.data_date {
                        return true;
                    }
                    undated = false;
                }
            }
            undated
        });
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::new(seen, None))))
    }
}

/// The lists of one record.
struct Rows<'a> {
    offsets: &'a [i32],
    starts: &'a [i32],
    /// A missing end is later than every date.
    ends: Option<&'a PrimitiveArray<Date32Type>>,
    /// Not missing where the end is unknown.
    marks: Option<&'a ArrayRef>,
    organisations: &'a [i32],
}

impl<'a> Rows<'a> {
    fn new(starts: &'a ArrayRef, ends: Option<&'a ArrayRef>, organisations: &'a ArrayRef) -> Self {
        let starts: &ListArray = starts.as_list();
        let organisations: &ListArray = organisations.as_list();
        Self {
            offsets: starts.offsets(),
            starts: starts.values().as_primitive::<Date32Type>().values(),
            ends: ends.map(|ends| ends.as_list::<i32>().values().as_primitive()),
            marks: None,
            organisations: organisations.values().as_primitive::<Int32Type>().values(),
        }
    }

    fn involved(&self, subject: usize, first: i32, last: i32, found: &mut Vec<i32>) {
        let place = |offset: i32| usize::try_from(offset).unwrap_or_default();
        let (begin, end) = (place(self.offsets[subject]), place(self.offsets[subject + 1]));
        for row in begin..end {
            let start = self.starts[row];
            if start > last {
                break;
            }
            // An end that is unknown may be the first day.
            let known = self.marks.is_none_or(|marks| marks.is_null(row));
            let lasts = |ends: &PrimitiveArray<Date32Type>| {
                known && (ends.is_null(row) || ends.value(row) > first)
            };
            let reaches = start >= first || self.ends.is_some_and(lasts);
            if reaches && !found.contains(&self.organisations[row]) {
                found.push(self.organisations[row]);
            }
        }
    }
}
