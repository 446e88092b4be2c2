//! Sums that are exact, rounded once: no order of rows can change them.
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

    /// Adds the parts of another total.
    fn add_all(&mut self, parts: &ArrayRef) {
        for part in parts.as_primitive::<Float64Type>().iter().flatten() {
            self.add(part);
        }
    }

    fn parts(&self) -> impl Iterator<Item = f64> + '_ {
        self.parts.iter().copied().chain([self.whole])
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

static SUM: LazyLock<AggregateUDF> = LazyLock::new(|| ExactSum::function(Stage::Whole));
static PARTS: LazyLock<AggregateUDF> = LazyLock::new(|| ExactSum::function(Stage::First));
static SUM_OF_PARTS: LazyLock<AggregateUDF> = LazyLock::new(|| ExactSum::function(Stage::Second));

/// From what to what a sum leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// From numbers to their sum.
    Whole,
    /// From numbers to the parts of their sum.
    First,
    /// From parts to their sum.
    Second,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ExactSum {
    stage: Stage,
    signature: Signature,
}

fn list() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)))
}

impl ExactSum {
    fn function(stage: Stage) -> AggregateUDF {
        let taken = if stage == Stage::Second { list() } else { DataType::Float64 };
        let signature = Signature::exact(vec![taken], Volatility::Immutable);
        AggregateUDF::from(Self { stage, signature })
    }
}

impl AggregateUDFImpl for ExactSum {
    fn name(&self) -> &'static str {
        match self.stage {
            Stage::Whole => "exact_sum",
            Stage::First => "exact_parts",
            Stage::Second => "exact_sum_of_parts",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(if self.stage == Stage::First { list() } else { DataType::Float64 })
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One { stage: self.stage, total: Total::default() }))
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
        Ok(Box::new(Groups { stage: self.stage, totals: Vec::new() }))
    }
}

/// The total of everything.
#[derive(Debug)]
struct One {
    stage: Stage,
    total: Total,
}

impl Accumulator for One {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        if self.stage == Stage::Second {
            return self.merge_batch(columns);
        }
        let [values] = take_function_args("exact_sum", columns)?;
        for value in values.as_primitive::<Float64Type>().iter().flatten() {
            self.total.add(value);
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [states] = take_function_args("exact_sum", states)?;
        for parts in states.as_list::<i32>().iter().flatten() {
            self.total.add_all(&parts);
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = lists(std::iter::once(&self.total));
        Ok(vec![ScalarValue::List(Arc::new(list))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if self.stage == Stage::First {
            return Ok(ScalarValue::List(Arc::new(lists(std::iter::once(&self.total)))));
        }
        Ok(ScalarValue::Float64(self.total.any.then(|| self.total.value())))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.total.parts.capacity() * size_of::<f64>()
    }
}

/// A total a group.
#[derive(Debug)]
struct Groups {
    stage: Stage,
    totals: Vec<Total>,
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        let [values] = take_function_args("exact_sum", columns)?;
        let kept =
            |row: usize| filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        self.totals.resize(total, Total::default());
        if self.stage == Stage::Second {
            for (row, (parts, group)) in values.as_list::<i32>().iter().zip(groups).enumerate() {
                if let (Some(parts), true) = (parts, kept(row)) {
                    self.totals[*group].add_all(&parts);
                }
            }
            return Ok(());
        }
        for (row, (value, group)) in
            values.as_primitive::<Float64Type>().iter().zip(groups).enumerate()
        {
            if let (Some(value), true) = (value, kept(row)) {
                self.totals[*group].add(value);
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, columns: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.totals.resize(total, Total::default());
        let [states] = take_function_args("exact_sum", columns)?;
        for (parts, group) in states.as_list::<i32>().iter().zip(groups) {
            if let Some(parts) = parts {
                self.totals[*group].add_all(&parts);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let totals = emit.take_needed(&mut self.totals);
        if self.stage == Stage::First {
            return Ok(Arc::new(lists(totals.iter())));
        }
        let sums = totals.iter().map(|total| total.any.then(|| total.value()));
        Ok(Arc::new(sums.collect::<Float64Array>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = emit.take_needed(&mut self.totals);
        Ok(vec![Arc::new(lists(totals.iter()))])
    }

    fn convert_to_state(&self, _: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        not_impl_err!("a sum is always added up first")
    }

    fn size(&self) -> usize {
        self.totals.capacity() * size_of::<Total>()
    }
}

/// The parts of each total; null where nothing was added.
fn lists<'a>(totals: impl Iterator<Item = &'a Total>) -> ListArray {
    let mut lists = ListBuilder::new(Float64Builder::new());
    for total in totals {
        if total.any {
            for part in total.parts() {
                lists.values().append_value(part);
            }
        }
        lists.append(total.any);
    }
    lists.finish()
}

#[cfg(test)]
mod tests {
    use super::Total;

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
