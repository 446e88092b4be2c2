//! Sums that are exact, rounded once: no order of rows can change them; and so are the squared
//! distances from a mean.
//!
//! The total is kept as a list of floats that do not overlap, so that their sum is the exact sum
//! of all that was added: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast
//! Robust Geometric Predicates", Discrete & Computational Geometry 18 (1997), section 2. Two
//! totals merge by adding the parts of one to the other.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Float64Builder, ListArray, ListBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, ScalarValue, not_impl_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature,
    Volatility,
};

/// An exact total of floats.
#[derive(Clone, Debug, Default)]
pub struct Total {
    /// Whole numbers, the common case, while their sum stays exact in a float.
    whole: f64,
    // Invariant: no two parts overlap, smallest first.
    parts: Vec<f64>,
    /// Whether anything was added.
    any: bool,
}

/// Whole numbers up to here are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Total {
    /// Adds a number.
    pub fn add(&mut self, value: f64) {
        self.any = true;
        let whole = self.whole + value;
        if is_whole(value) && whole.abs() < EXACT {
            self.whole = whole;
        } else {
            self.push(value);
        }
    }

    fn push(&mut self, mut value: f64) {
        let mut kept = 0;
        for at in 0..self.parts.len() {
            let mut part = self.parts[at];
            if value.abs() < part.abs() {
                std::mem::swap(&mut value, &mut part);
            }
            let high = value + part;
            let low = part - (high - value);
            if low != 0.0 {
                self.parts[kept] = low;
                kept += 1;
            }
            value = high;
        }
        self.parts.truncate(kept);
        self.parts.push(value);
    }

    /// Whether anything was added.
    #[must_use]
    pub fn any(&self) -> bool {
        self.any
    }

    /// The sum, rounded once; 0 over nothing.
    #[must_use]
    pub fn value(&self) -> f64 {
        if self.parts.is_empty() {
            return self.whole;
        }
        let mut all = self.clone();
        all.push(self.whole);
        // From the largest part down; what is left below decides the last rounding.
        let mut parts = all.parts.iter().rev();
        let Some(mut sum) = parts.next().copied() else { return 0.0 };
        let mut rest = 0.0;
        for part in parts.by_ref() {
            let before = sum;
            sum = before + part;
            rest = part - (sum - before);
            if rest != 0.0 {
                break;
            }
        }
        // A tie is settled by the sign of what follows: half-way is rounded as the exact sum is.
        if let Some(next) = parts.next()
            && ((rest < 0.0 && *next < 0.0) || (rest > 0.0 && *next > 0.0))
        {
            let twice = rest * 2.0;
            let moved = sum + twice;
            #[expect(clippy::float_cmp, reason = "asks whether the step was exact")]
            if twice == moved - sum {
                sum = moved;
            }
        }
        sum
    }

    fn parts(&self) -> impl Iterator<Item = f64> + '_ {
        self.parts.iter().copied().chain([self.whole])
    }

    /// Adds the product of two numbers without rounding it: what its rounding loses is a float too.
    fn add_product(&mut self, one: f64, two: f64) {
        let product = one * two;
        self.add(product);
        self.add(one.mul_add(two, -product));
    }
}

/// What adds up exactly, and from what.
trait Sums: Default + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// Adds a number.
    fn add(&mut self, value: f64);

    /// Adds what [`Sums::state`] gave of another.
    fn merge(&mut self, state: &[f64]);

    /// All of it, for merging; none over nothing.
    fn state(&self) -> Option<Vec<f64>>;

    /// What it comes to; none over nothing.
    fn made(&self) -> Option<f64>;
}

impl Sums for Total {
    fn add(&mut self, value: f64) {
        Self::add(self, value);
    }

    fn merge(&mut self, state: &[f64]) {
        state.iter().for_each(|part| Self::add(self, *part));
    }

    fn state(&self) -> Option<Vec<f64>> {
        self.any.then(|| self.parts().collect())
    }

    fn made(&self) -> Option<f64> {
        self.any.then(|| self.value())
    }
}

/// The sums that a variance is made of.
#[derive(Clone, Debug, Default)]
struct Moments {
    count: f64,
    sum: Total,
    squares: Total,
}

impl Sums for Moments {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum.add(value);
        self.squares.add_product(value, value);
    }

    fn merge(&mut self, state: &[f64]) {
        let [count, sums, parts @ ..] = state else { return };
        self.count += count;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
        let (sum, squares) = parts.split_at((*sums as usize).min(parts.len()));
        self.sum.merge(sum);
        self.squares.merge(squares);
    }

    fn state(&self) -> Option<Vec<f64>> {
        let sum: Vec<f64> = self.sum.parts().collect();
        #[expect(clippy::cast_precision_loss, reason = "there are few parts")]
        let lead = [self.count, sum.len() as f64];
        (self.count > 0.0)
            .then(|| lead.into_iter().chain(sum).chain(self.squares.parts()).collect())
    }

    /// The sum of the squared distances from the mean, Σx² − 2mΣx + nm² with m the rounded mean:
    /// exact up to the last step, so equal numbers give 0.
    fn made(&self) -> Option<f64> {
        let mean = self.sum.value() / self.count;
        let mut all = self.squares.clone();
        self.sum.parts().for_each(|part| all.add_product(-2.0 * mean, part));
        let square = mean * mean;
        all.add_product(self.count, square);
        all.add_product(self.count, mean.mul_add(mean, -square));
        (self.count > 0.0).then(|| all.value().max(0.0))
    }
}

/// Whether it is a whole number so small that a float holds it exactly.
#[expect(clippy::cast_possible_truncation, reason = "a number too large comes out changed")]
#[expect(clippy::cast_precision_loss, reason = "a number too large comes out changed")]
#[expect(clippy::float_cmp, reason = "asks whether the number is whole")]
fn is_whole(value: f64) -> bool {
    (value as i64) as f64 == value && value.abs() < EXACT
}

/// The exact sum of an expression over a group; null over nothing.
pub fn sum(of: Expr) -> Expr {
    SUM.call(vec![of])
}

/// The same in parts that [`sum_of_parts`] adds up further without rounding between.
pub fn parts(of: Expr) -> Expr {
    PARTS.call(vec![of])
}

/// The exact sum of what [`parts`] gave.
pub fn sum_of_parts(of: Expr) -> Expr {
    SUM_OF_PARTS.call(vec![of])
}

/// The sum of the squared distances of an expression from its mean over a group; null over nothing.
pub fn spread(of: Expr) -> Expr {
    SPREAD.call(vec![of])
}

/// The same in parts that [`spread_of_parts`] adds up further.
pub fn spread_parts(of: Expr) -> Expr {
    SPREAD_PARTS.call(vec![of])
}

/// The squared distances of what [`spread_parts`] gave.
pub fn spread_of_parts(of: Expr) -> Expr {
    SPREAD_OF_PARTS.call(vec![of])
}

static SUM: LazyLock<AggregateUDF> = LazyLock::new(|| Exact::function(Of::Sum, Stage::Whole));
static PARTS: LazyLock<AggregateUDF> = LazyLock::new(|| Exact::function(Of::Sum, Stage::First));
static SUM_OF_PARTS: LazyLock<AggregateUDF> =
    LazyLock::new(|| Exact::function(Of::Sum, Stage::Second));
static SPREAD: LazyLock<AggregateUDF> = LazyLock::new(|| Exact::function(Of::Spread, Stage::Whole));
static SPREAD_PARTS: LazyLock<AggregateUDF> =
    LazyLock::new(|| Exact::function(Of::Spread, Stage::First));
static SPREAD_OF_PARTS: LazyLock<AggregateUDF> =
    LazyLock::new(|| Exact::function(Of::Spread, Stage::Second));

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Of {
    /// A sum.
    Sum,
    /// Squared distances from the mean.
    Spread,
}

/// From what to what it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// From numbers to what is made of them.
    Whole,
    /// From numbers to parts.
    First,
    /// From parts to what is made of them.
    Second,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Exact {
    of: Of,
    stage: Stage,
    signature: Signature,
}

fn list() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)))
}

impl Exact {
    fn function(of: Of, stage: Stage) -> AggregateUDF {
        let taken = if stage == Stage::Second { list() } else { DataType::Float64 };
        let signature = Signature::exact(vec![taken], Volatility::Immutable);
        AggregateUDF::from(Self { of, stage, signature })
    }
}

impl AggregateUDFImpl for Exact {
    fn name(&self) -> &'static str {
        match (self.of, self.stage) {
            (Of::Sum, Stage::Whole) => "exact_sum",
            (Of::Sum, Stage::First) => "exact_parts",
            (Of::Sum, Stage::Second) => "exact_sum_of_parts",
            (Of::Spread, Stage::Whole) => "exact_spread",
            (Of::Spread, Stage::First) => "exact_spread_parts",
            (Of::Spread, Stage::Second) => "exact_spread_of_parts",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(if self.stage == Stage::First { list() } else { DataType::Float64 })
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(match self.of {
            Of::Sum => Box::new(One { stage: self.stage, sums: Total::default() }),
            Of::Spread => Box::new(One { stage: self.stage, sums: Moments::default() }),
        })
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let name = format_state_name(args.name, "parts");
        Ok(vec![Arc::new(Field::new(name, list(), true))])
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(match self.of {
            Of::Sum => Box::new(Groups::<Total> { stage: self.stage, sums: Vec::new() }),
            Of::Spread => Box::new(Groups::<Moments> { stage: self.stage, sums: Vec::new() }),
        })
    }
}

/// The sums of everything.
#[derive(Debug)]
struct One<S> {
    stage: Stage,
    sums: S,
}

impl<S: Sums> Accumulator for One<S> {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        if self.stage == Stage::Second {
            return self.merge_batch(columns);
        }
        let [values] = take_function_args("exact", columns)?;
        for value in values.as_primitive::<Float64Type>().iter().flatten() {
            self.sums.add(value);
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [states] = take_function_args("exact", states)?;
        for state in states.as_list::<i32>().iter().flatten() {
            self.sums.merge(state.as_primitive::<Float64Type>().values());
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = lists(std::iter::once(&self.sums));
        Ok(vec![ScalarValue::List(Arc::new(list))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if self.stage == Stage::First {
            return Ok(ScalarValue::List(Arc::new(lists(std::iter::once(&self.sums)))));
        }
        Ok(ScalarValue::Float64(self.sums.made()))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// Sums a group.
#[derive(Debug)]
struct Groups<S> {
    stage: Stage,
    sums: Vec<S>,
}

impl<S: Sums> GroupsAccumulator for Groups<S> {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        let [values] = take_function_args("exact", columns)?;
        let kept =
            |row: usize| filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        self.sums.resize(total, S::default());
        if self.stage == Stage::Second {
            for (row, (state, group)) in values.as_list::<i32>().iter().zip(groups).enumerate() {
                if let (Some(state), true) = (state, kept(row)) {
                    self.sums[*group].merge(state.as_primitive::<Float64Type>().values());
                }
            }
            return Ok(());
        }
        for (row, (value, group)) in
            values.as_primitive::<Float64Type>().iter().zip(groups).enumerate()
        {
            if let (Some(value), true) = (value, kept(row)) {
                self.sums[*group].add(value);
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, columns: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.sums.resize(total, S::default());
        let [states] = take_function_args("exact", columns)?;
        for (state, group) in states.as_list::<i32>().iter().zip(groups) {
            if let Some(state) = state {
                self.sums[*group].merge(state.as_primitive::<Float64Type>().values());
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let sums = emit.take_needed(&mut self.sums);
        if self.stage == Stage::First {
            return Ok(Arc::new(lists(sums.iter())));
        }
        Ok(Arc::new(sums.iter().map(Sums::made).collect::<Float64Array>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        let sums = emit.take_needed(&mut self.sums);
        Ok(vec![Arc::new(lists(sums.iter()))])
    }

    fn convert_to_state(&self, _: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        not_impl_err!("a sum is always added up first")
    }

    fn size(&self) -> usize {
        self.sums.capacity() * size_of::<S>()
    }
}

/// The state of each; null where nothing was added.
fn lists<'a, S: Sums>(all: impl Iterator<Item = &'a S>) -> ListArray {
    let mut lists = ListBuilder::new(Float64Builder::new());
    for sums in all {
        let state = sums.state();
        lists.values().append_slice(state.as_deref().unwrap_or_default());
        lists.append(state.is_some());
    }
    lists.finish()
}

#[cfg(test)]
mod tests {
    use super::{Moments, Sums, Total};

    #[test]
    fn squared_distances_are_exact_and_merge() {
        let mut moments = Moments::default();
        for value in [1e9 + 1.0, 1e9 + 2.0, 1e9 + 4.0] {
            moments.add(value);
        }
        let mut other = Moments::default();
        other.add(1e9 + 5.0);
        moments.merge(&other.state().unwrap());
        // Mean 3, squares 4 + 1 + 1 + 4.
        assert_eq!(moments.made(), Some(10.0));
        let mut equal = Moments::default();
        for value in [0.1; 7] {
            equal.add(value);
        }
        assert_eq!(equal.made(), Some(0.0));
        assert_eq!(Moments::default().made(), None);
    }

    fn total(values: &[f64]) -> f64 {
        let mut total = Total::default();
        for value in values {
            total.add(*value);
        }
        total.value()
    }

    #[test]
    fn ten_tenths_are_one() {
        assert_eq!(total(&[0.1; 10]).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn what_cancels_leaves_no_trace() {
        assert_eq!(total(&[1e16, 1.5, -1e16]).to_bits(), 1.5_f64.to_bits());
        assert_eq!(total(&[0.1, 3.0, -0.1, -3.0]).to_bits(), 0.0_f64.to_bits());
    }
}
