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
use datafusion::common::{Result, ScalarValue};
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
        #[expect(clippy::float_cmp, reason = "asks whether the number is whole")]
        if value.trunc() == value && whole.abs() < EXACT && value.abs() < EXACT {
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

    /// The sum, rounded once; 0 over nothing.
    #[must_use]
    pub fn value(&self) -> f64 {
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
}

/// The exact sum of an expression over a group; null over nothing.
pub fn sum(of: Expr) -> Expr {
    SUM.call(vec![of])
}

static SUM: LazyLock<AggregateUDF> = LazyLock::new(|| {
    let signature = Signature::exact(vec![DataType::Float64], Volatility::Immutable);
    AggregateUDF::from(ExactSum { signature })
});

#[derive(Debug, PartialEq, Eq, Hash)]
struct ExactSum {
    signature: Signature,
}

impl AggregateUDFImpl for ExactSum {
    fn name(&self) -> &'static str {
        "exact_sum"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One(Total::default())))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let item = Arc::new(Field::new_list_field(DataType::Float64, true));
        let name = format_state_name(args.name, "parts");
        Ok(vec![Arc::new(Field::new(name, DataType::List(item), true))])
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups(Vec::new())))
    }
}

/// The total of everything.
#[derive(Debug)]
struct One(Total);

impl Accumulator for One {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [values] = take_function_args("exact_sum", columns)?;
        for value in values.as_primitive::<Float64Type>().iter().flatten() {
            self.0.add(value);
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [states] = take_function_args("exact_sum", states)?;
        for parts in states.as_list::<i32>().iter().flatten() {
            for part in parts.as_primitive::<Float64Type>().iter().flatten() {
                self.0.add(part);
            }
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = lists(std::iter::once(&self.0));
        Ok(vec![ScalarValue::List(Arc::new(list))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.0.any.then(|| self.0.value())))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.parts.capacity() * size_of::<f64>()
    }
}

/// A total a group.
#[derive(Debug)]
struct Groups(Vec<Total>);

impl Groups {
    fn emitted(&mut self, emit: EmitTo) -> Vec<Total> {
        emit.take_needed(&mut self.0)
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.0.resize(total, Total::default());
        let [values] = take_function_args("exact_sum", columns)?;
        for (row, (value, group)) in
            values.as_primitive::<Float64Type>().iter().zip(groups).enumerate()
        {
            let kept = filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
            if let (Some(value), true) = (value, kept) {
                self.0[*group].add(value);
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, columns: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.0.resize(total, Total::default());
        let [states] = take_function_args("exact_sum", columns)?;
        for (parts, group) in states.as_list::<i32>().iter().zip(groups) {
            let Some(parts) = parts else { continue };
            for part in parts.as_primitive::<Float64Type>().iter().flatten() {
                self.0[*group].add(part);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let totals = self.emitted(emit);
        let sums = totals.iter().map(|total| total.any.then(|| total.value()));
        Ok(Arc::new(sums.collect::<Float64Array>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = self.emitted(emit);
        Ok(vec![Arc::new(lists(totals.iter()))])
    }

    fn convert_to_state(
        &self,
        columns: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let [values] = take_function_args("exact_sum", columns)?;
        let values = values.as_primitive::<Float64Type>();
        let totals = values.iter().enumerate().map(|(row, value)| {
            let kept = filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
            let mut total = Total::default();
            if let (Some(value), true) = (value, kept) {
                total.add(value);
            }
            total
        });
        let totals: Vec<Total> = totals.collect();
        Ok(vec![Arc::new(lists(totals.iter()))])
    }

    fn size(&self) -> usize {
        self.0.capacity() * size_of::<Total>()
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
