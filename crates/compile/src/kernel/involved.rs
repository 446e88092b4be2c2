//! Which organisations have a row of a subject in a period.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Builder, ListArray, ListBuilder, PrimitiveArray,
};
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
                _ => return exec_err!("a record's lists are missing"),
            };
            records.push(taken);
            rest = left;
        }
        let mut made = ListBuilder::new(Int32Builder::new());
        let mut found: Vec<i32> = Vec::new();
        for subject in 0..args.number_rows {
            found.clear();
            // A period that begins after the data date has no day that is seen.
            for rows in records.iter().filter(|_| self.first <= self.last) {
                rows.involved(subject, self.first, self.last, &mut found);
            }
            found.sort_unstable();
            found.dedup();
            made.values().append_value(TOTAL);
            if found.is_empty() {
                made.values().append_value(NONE);
            }
            made.values().append_slice(&found);
            made.append(true);
        }
        Ok(ColumnarValue::Array(Arc::new(made.finish())))
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
        let lists: Vec<&ListArray> = lists.iter().map(|list| list.as_list()).collect();
        let seen = (0..args.number_rows).map(|subject| {
            let firsts = lists.iter().filter_map(|list| {
                let offsets = list.offsets();
                let (first, end) = (offsets[subject], offsets[subject + 1]);
                let days: &PrimitiveArray<Date32Type> = list.values().as_primitive();
                (first < end).then(|| days.value(usize::try_from(first).unwrap_or_default()))
            });
            let mut firsts = firsts.peekable();
            Some(firsts.peek().is_none() || firsts.any(|day| day <= self.data_date))
        });
        Ok(ColumnarValue::Array(Arc::new(seen.collect::<BooleanArray>())))
    }
}

/// The lists of one record.
struct Rows<'a> {
    starts: &'a ListArray,
    ends: Option<&'a ListArray>,
    organisations: &'a ListArray,
}

impl<'a> Rows<'a> {
    fn new(starts: &'a ArrayRef, ends: Option<&'a ArrayRef>, organisations: &'a ArrayRef) -> Self {
        let ends = ends.map(|ends| ends.as_list());
        Self { starts: starts.as_list(), ends, organisations: organisations.as_list() }
    }

    fn involved(&self, subject: usize, first: i32, last: i32, found: &mut Vec<i32>) {
        let offsets = self.starts.offsets();
        let days: &PrimitiveArray<Date32Type> = self.starts.values().as_primitive();
        let organisations: &PrimitiveArray<Int32Type> = self.organisations.values().as_primitive();
        let rows = offsets[subject]..offsets[subject + 1];
        for row in rows.filter_map(|row| usize::try_from(row).ok()) {
            let start = days.value(row);
            if start > last {
                break;
            }
            let reaches = start >= first
                || self.ends.is_some_and(|ends| {
                    let ends: &PrimitiveArray<Date32Type> = ends.values().as_primitive();
                    ends.is_null(row) || ends.value(row) > first
                });
            if reaches {
                found.push(organisations.value(row));
            }
        }
    }
}
