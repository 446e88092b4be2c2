//! Selections as higher-order functions over a record's parallel lists.
//!
//! Arguments, in this order: the lists (the first holds the day that rows are sorted by, the
//! second what the aggregate reads, if it reads anything), the first and the last day of the
//! window on the sorted day, whether the window reaches past the data date, for nights and days
//! the two days that they are cut to, and the condition as a lambda over the lists.
//!
//! A missing bound gives null: the window cannot be placed. Nothing found in a window that
//! reaches past the data date gives null for `any`, `count`, `organisations`, `nights` and `days`:
//! it may still come.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, ListArray, PrimitiveArray,
};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature,
    HigherOrderUDF, HigherOrderUDFImpl, LambdaArgument, LambdaParametersProgress, ValueOrLambda,
    Volatility,
};

use super::bits::Holds;
use super::ranges::{Dates, Ranges};
use crate::term::days::Covering;
use covered::Cover;
use picked::{Ranks, Starts};

mod covered;
mod goals;
mod picked;
mod ranked;

/// What is made of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Made {
    /// Whether the condition holds for one: Boolean.
    Any,
    /// For how many: Float64.
    Count,
    /// The sum of the second list: Float64.
    Sum,
    /// The second list's value in the first row.
    First,
    /// The second list's value in the last row.
    Last,
    /// The second list's value in this row, counted from 1.
    Nth(u32),
    /// The mean of the second list: Float64.
    Mean,
    /// The least of the second list.
    Least,
    /// The greatest of the second list.
    Most,
    /// The second list's value in the row that comes first by the keys, which are the lists after
    /// it.
    Best {
        /// How many.
        keys: usize,
        /// A bit for each, set when the higher comes first.
        descending: u32,
    },
    /// T of goals, whose scores are the second list: Float64.
    Goals {
        /// Whether the third list holds their weights.
        weighted: bool,
    },
    /// Different values of the second list: Float64.
    Distinct,
    /// Distinct days from the first list on, up to the second if rows last: how many, Float64, or
    /// which.
    Covered {
        /// The end is out; of days there is one at least.
        covering: Covering,
        /// Whether there is a second list, with ends.
        lasting: bool,
        /// Whether there is a third, which says of which rows the end is unknown.
        marked: bool,
        /// Which, as a set.
        as_set: bool,
    },
    /// Which of the subject's rows they are, counted from 0: a list of Int32.
    Kept,
}

/// How rows are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct How {
    /// At the last row only.
    pub latest: bool,
    /// A row of which the condition is unknown is not passed over: nothing is picked instead of it.
    pub careful: bool,
    /// Asks of the row that is picked whether only its hash was for it: whether another of its day,
    /// equally good, has another value.
    pub tied: Option<Tie>,
}

/// What rows that only their hash tells apart have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tie {
    /// The day.
    Day,
    /// The day, and not two moments that differ: one list more, behind the keys of `best`, says
    /// when on its day each row starts.
    Moment,
}

/// The function that makes `made` of the rows.
#[must_use]
pub fn function(made: Made, how: How) -> Arc<HigherOrderUDF> {
    let words = [
        (how.latest, "_as_of"),
        (how.careful, "_careful"),
        (how.tied.is_some(), "_tied"),
        (how.tied == Some(Tie::Moment), "_at_moments"),
    ];
    let words = words.into_iter().filter_map(|(is_so, word)| is_so.then_some(word));
    let name = format!("{made:?}{}", words.collect::<String>()).to_lowercase();
    let signature = HigherOrderSignature::variadic_any(Volatility::Immutable);
    Arc::new(HigherOrderUDF::new_from_impl(Select { made, how, name, signature }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Select {
    made: Made,
    how: How,
    name: String,
    signature: HigherOrderSignature,
}

impl HigherOrderUDFImpl for Select {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn lambda_parameters(
        &self,
        _: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let items = fields.iter().filter_map(|field| match field {
            ValueOrLambda::Value(value) => match value.data_type() {
                DataType::List(item) => Some(Arc::clone(item)),
                _ => None,
            },
            ValueOrLambda::Lambda(_) => None,
        });
        // Last, which of the subject's rows it is.
        let which = Arc::new(Field::new("row", DataType::Int32, true));
        Ok(LambdaParametersProgress::Complete(vec![items.chain([which]).collect()]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs<'_>) -> Result<FieldRef> {
        let kind = match self.made {
            _ if self.how.tied.is_some() => DataType::Boolean,
            Made::Any => DataType::Boolean,
            Made::Kept => DataType::List(Arc::new(Field::new_list_field(DataType::Int32, false))),
            Made::Count
            | Made::Sum
            | Made::Mean
            | Made::Goals { .. }
            | Made::Distinct
            | Made::Covered { as_set: false, .. } => DataType::Float64,
            Made::Covered { as_set: true, .. } => super::days::kind(),
            Made::First
            | Made::Last
            | Made::Nth(_)
            | Made::Least
            | Made::Most
            | Made::Best { .. } => match args.arg_fields.get(1) {
                Some(ValueOrLambda::Value(list)) => match list.data_type() {
                    DataType::List(item) => item.data_type().clone(),
                    other => return plan_err!("a list is expected, found {other}"),
                },
                _ => return plan_err!("a second list is expected"),
            },
        };
        Ok(Arc::new(Field::new(&self.name, kind, true)))
    }

    fn clear_null_values(&self) -> bool {
        false
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let window = Arguments::read(&args)?;
        let Some(keys) = window.lists.first() else {
            return exec_err!("a selection needs the list it is sorted by");
        };
        let ranges = Ranges::find(keys, &window.low, &window.high, self.how.latest)?;
        let holds = window.holds(&ranges)?;
        let (holds, open, careful) = (holds.as_ref(), &window.open, self.how.careful);
        let rows = Rows { ranges: &ranges, holds, open, careful };
        let second = window.lists.get(1);
        if let Some(tie) = self.how.tied {
            let ranks = self.ranks(&window.lists)?;
            let place = if let Made::Best { keys, .. } = self.made { 2 + keys } else { 2 };
            let moments = window.lists.get(place).filter(|_| tie == Tie::Moment);
            let starts = Starts::read(keys, moments)?;
            let tied = rows.tied(self.made, &starts, values(second)?, ranks.as_ref())?;
            return Ok(ColumnarValue::Array(Arc::new(tied)));
        }
        let made: ArrayRef = match self.made {
            Made::Any => Arc::new(rows.any()),
            Made::Kept => rows.kept()?,
            Made::Count => rows.numbers(|rows, _| count(rows)),
            Made::Sum => rows.sum(values(second)?)?,
            Made::First | Made::Last | Made::Nth(_) | Made::Best { .. } => {
                rows.pick(self.made, values(second)?, self.ranks(&window.lists)?.as_ref())?
            }
            Made::Mean => rows.mean(values(second)?)?,
            Made::Least => rows.extreme(values(second)?, false)?,
            Made::Most => rows.extreme(values(second)?, true)?,
            Made::Goals { weighted } => {
                let weights = window.lists.get(2).filter(|_| weighted).map(ListArray::values);
                rows.goals(values(second)?, weights)?
            }
            Made::Distinct => rows.distinct(values(second)?)?,
            Made::Covered { covering, lasting, marked, as_set } => {
                let starts = dates(keys.values())?;
                let ends = if lasting { Some(dates(values(second)?)?) } else { None };
                let marks = if marked { Some(values(window.lists.get(2))?) } else { None };
                let least = i32::from(covering == Covering::Days);
                let cover = Cover { starts, ends, marks, least, cut: &window.cut };
                if as_set { rows.days(&cover)? } else { rows.count_days(&cover) }
            }
        };
        Ok(ColumnarValue::Array(made))
    }
}

impl Select {
    /// The keys of `best`, which are the lists after the second.
    fn ranks<'a>(&self, lists: &'a [ListArray]) -> Result<Option<Ranks<'a>>> {
        let Made::Best { keys, descending } = self.made else { return Ok(None) };
        let Some(keys) = lists.get(2..2 + keys) else { return exec_err!("`best` lacks a key") };
        Ranks::read(keys, descending).map(Some)
    }
}

/// The arguments, told apart.
struct Arguments<'a> {
    lists: Vec<ListArray>,
    low: Dates,
    high: Dates,
    open: Open,
    cut: Option<(Dates, Dates)>,
    lambda: Option<&'a LambdaArgument>,
}

/// Whether a window reaches past the data date.
enum Open {
    One(bool),
    Each(BooleanArray),
}

impl Open {
    fn get(&self, at: usize) -> bool {
        match self {
            Self::One(open) => *open,
            Self::Each(open) => open.is_valid(at) && open.value(at),
        }
    }
}

impl<'a> Arguments<'a> {
    fn read(args: &'a HigherOrderFunctionArgs) -> Result<Self> {
        let (mut lists, mut scalars, mut lambda) = (Vec::new(), Vec::new(), None);
        for (argument, field) in args.args.iter().zip(&args.arg_fields) {
            match (argument, field) {
                (ValueOrLambda::Lambda(found), _) => lambda = Some(found),
                (ValueOrLambda::Value(value), ValueOrLambda::Value(field))
                    if matches!(field.data_type(), DataType::List(_)) =>
                {
                    lists.push(value.to_array(args.number_rows)?.as_list::<i32>().clone());
                }
                (ValueOrLambda::Value(value), _) => scalars.push(value),
            }
        }
        let (low, high, open, cut) = match scalars.as_slice() {
            [low, high, open] => (low, high, open, None),
            [low, high, open, first, last] => {
                (low, high, open, Some((Dates::read(first)?, Dates::read(last)?)))
            }
            _ => return exec_err!("a window has three or five parts, found {}", scalars.len()),
        };
        if lists.iter().any(|list| lists.first().map(first_row) != Some(first_row(list))) {
            return exec_err!("the lists of a selection differ in where their rows begin");
        }
        let open = match open {
            ColumnarValue::Scalar(ScalarValue::Boolean(open)) => Open::One(*open == Some(true)),
            other => Open::Each(other.to_array(args.number_rows)?.as_boolean().clone()),
        };
        let (low, high) = (Dates::read(low)?, Dates::read(high)?);
        Ok(Self { lists, low, high, open, cut, lambda })
    }

    /// The condition of the rows in the ranges; none when all hold.
    fn holds(&self, ranges: &Ranges) -> Result<Option<Holds>> {
        let Some(lambda) = self.lambda else { return Ok(None) };
        let gathered: Vec<_> =
            self.lists.iter().map(|list| move || ranges.gather(list.values())).collect();
        let which = || -> Result<ArrayRef> { Ok(Arc::new(ranges.numbering())) };
        let columns: Vec<&dyn Fn() -> Result<ArrayRef>> = gathered
            .iter()
            .map(|gather| gather as &dyn Fn() -> Result<ArrayRef>)
            .chain([&which as &dyn Fn() -> Result<ArrayRef>])
            .collect();
        match lambda.evaluate(&columns, |captured| ranges.spread(captured))? {
            ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))) => Ok(None),
            other => Ok(Some(Holds::new(other.into_array(ranges.asked())?.as_boolean()))),
        }
    }
}

/// Where the first row stands: parallel lists share it, and how many rows there are.
fn first_row(list: &ListArray) -> (i32, i32) {
    let offsets = list.offsets();
    (offsets.first().copied().unwrap_or_default(), offsets.last().copied().unwrap_or_default())
}

fn values(list: Option<&ListArray>) -> Result<&ArrayRef> {
    match list {
        Some(list) => Ok(list.values()),
        None => exec_err!("a second list is expected"),
    }
}

fn dates(values: &ArrayRef) -> Result<&PrimitiveArray<Date32Type>> {
    match values.as_primitive_opt::<Date32Type>() {
        Some(days) => Ok(days),
        None => exec_err!("days are expected, found {}", values.data_type()),
    }
}

/// Rows in their windows, with their conditions.
struct Rows<'a> {
    ranges: &'a Ranges,
    holds: Option<&'a Holds>,
    open: &'a Open,
    /// Whether a row of which the condition is unknown is picked, and then nothing.
    careful: bool,
}

/// The rows of one subject.
struct Subject<'a> {
    holds: Option<&'a Holds>,
    /// Where the rows stand among those the condition was asked of.
    asked: usize,
    /// Where they stand in the lists.
    first: usize,
    length: usize,
}

impl Subject<'_> {
    fn any(&self) -> bool {
        match self.holds {
            None => self.length > 0,
            Some(holds) => holds.any_yes(self.asked, self.length),
        }
    }

    fn count(&self) -> usize {
        self.holds.map_or(self.length, |holds| holds.count_yes(self.asked, self.length))
    }

    fn unknown(&self) -> bool {
        self.holds.is_some_and(|holds| holds.any_unknown(self.asked, self.length))
    }

    /// Positions in the lists of the rows for which the condition is true.
    fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        let some = self.holds.map(|holds| holds.places(self.asked, self.length));
        let all = if self.holds.is_none() { self.length } else { 0 };
        some.into_iter().flatten().chain(0..all).map(|at| self.first + at)
    }

    /// Positions of those for which it is true or unknown.
    fn possible(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let holds = |at: &usize| {
            self.holds.is_none_or(|it| it.is_yes(self.asked + at) || it.is_unknown(self.asked + at))
        };
        (0..self.length).filter(holds).map(|at| self.first + at)
    }

    /// The row, if the condition is true of it.
    fn sure(&self, row: Option<usize>) -> Option<usize> {
        row.filter(|row| self.holds.is_none_or(|it| it.is_yes(self.asked + row - self.first)))
    }

    /// The last of them.
    fn last(&self) -> Option<usize> {
        let is_yes = |at: &usize| self.holds.is_none_or(|holds| holds.is_yes(self.asked + at));
        (0..self.length).rev().find(is_yes).map(|at| self.first + at)
    }
}

fn count(subject: &Subject<'_>) -> Option<(bool, f64)> {
    let rows = subject.count();
    (!subject.unknown()).then(|| (rows > 0, number(rows)))
}

#[expect(clippy::cast_precision_loss, reason = "a subject has far fewer than 2^53 rows")]
fn number(rows: usize) -> f64 {
    rows as f64
}

impl<'a> Rows<'a> {
    fn subjects(&self) -> impl Iterator<Item = (usize, Option<Subject<'a>>)> {
        let (ranges, holds) = (self.ranges, self.holds);
        let spans = ranges.spans.iter().zip(ranges.places()).enumerate();
        spans.map(move |(at, ((first, last), asked))| {
            let length = (last - first) as usize;
            let subject = Subject { holds, asked, first: *first as usize, length };
            (at, (!ranges.is_missing(at)).then_some(subject))
        })
    }

    fn any(&self) -> BooleanArray {
        let found = self.subjects().map(|(at, subject)| {
            let subject = subject?;
            if subject.any() {
                return Some(true);
            }
            (!self.open.get(at) && !subject.unknown()).then_some(false)
        });
        let found: Vec<Option<bool>> = found.collect();
        let yes = BooleanBuffer::collect_bool(found.len(), |at| found[at] == Some(true));
        let known = BooleanBuffer::collect_bool(found.len(), |at| found[at].is_some());
        BooleanArray::new(yes, Some(NullBuffer::new(known)).filter(|it| it.null_count() > 0))
    }

    /// A number for each subject, from whether something was found and how much.
    fn numbers(
        &self,
        mut make: impl FnMut(&Subject<'_>, usize) -> Option<(bool, f64)>,
    ) -> ArrayRef {
        let subjects = self.ranges.spans.len();
        let (mut values, mut known) = (Vec::with_capacity(subjects), Vec::with_capacity(subjects));
        for (at, subject) in self.subjects() {
            let made = subject.and_then(|subject| make(&subject, at));
            let made = made.filter(|(found, _)| *found || !self.open.get(at));
            values.push(made.map_or(0.0, |(_, value)| value));
            known.push(made.is_some());
        }
        let nulls = Some(NullBuffer::from(known)).filter(|nulls| nulls.null_count() > 0);
        Arc::new(Float64Array::new(values.into(), nulls))
    }

    /// Over no rows missing; a missing value among the rows makes the sum unknown.
    fn sum(&self, values: &ArrayRef) -> Result<ArrayRef> {
        let Some(values) = values.as_primitive_opt::<Float64Type>() else {
            return exec_err!("numbers are expected, found {}", values.data_type());
        };
        let missing = values.nulls().filter(|nulls| nulls.null_count() > 0);
        let all = values.values();
        Ok(self.numbers(|subject, _| {
            if subject.unknown() {
                return None;
            }
            let mut total = super::exact::Total::default();
            for row in subject.rows() {
                if missing.is_some_and(|missing| missing.is_null(row)) {
                    return None;
                }
                total.add(all[row]);
            }
            total.any().then(|| (true, total.value()))
        }))
    }

    /// Which of its rows each subject keeps; those of which the condition is unknown it does not.
    fn kept(&self) -> Result<ArrayRef> {
        let (mut kept, mut lengths) = (Vec::new(), Vec::with_capacity(self.ranges.spans.len()));
        for (at, subject) in self.subjects() {
            let before = kept.len();
            let first = self.ranges.list_start(at);
            let rows = subject.iter().flat_map(Subject::rows);
            kept.extend(rows.map(|row| i32::try_from(row - first).unwrap_or(i32::MAX)));
            lengths.push(kept.len() - before);
        }
        let item = Arc::new(Field::new_list_field(DataType::Int32, false));
        let (offsets, kept) =
            (OffsetBuffer::from_lengths(lengths), Arc::new(Int32Array::from(kept)));
        Ok(Arc::new(ListArray::try_new(item, offsets, kept, None)?))
    }
}
