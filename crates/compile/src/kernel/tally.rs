//! For how many a condition is true.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array};
use datafusion::arrow::compute::and;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, ScalarValue, not_impl_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature,
    Volatility,
};

/// How many rows of a group `of` is true for; 0 over nothing.
pub fn tally(of: Expr) -> Expr {
    TALLY.call(vec![of])
}

static TALLY: LazyLock<AggregateUDF> = LazyLock::new(|| {
    let signature = Signature::exact(vec![DataType::Boolean], Volatility::Immutable);
    AggregateUDF::from(Tally { signature })
});

#[derive(Debug, PartialEq, Eq, Hash)]
struct Tally {
    signature: Signature,
}

impl AggregateUDFImpl for Tally {
    fn name(&self) -> &'static str {
        "tally"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn is_nullable(&self) -> bool {
        false
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(0)))
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One(0)))
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

/// The count of everything.
#[derive(Debug)]
struct One(i64);

impl Accumulator for One {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [truth] = take_function_args("tally", columns)?;
        self.0 += i64::try_from(truth.as_boolean().true_count()).unwrap_or(i64::MAX);
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [counts] = take_function_args("tally", states)?;
        self.0 += counts.as_primitive::<Int64Type>().iter().flatten().sum::<i64>();
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(self.0)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// A count a group.
#[derive(Debug)]
struct Groups(Vec<i64>);

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.0.resize(total, 0);
        let [truth] = take_function_args("tally", columns)?;
        let mut truth = truth.as_boolean().clone();
        if let Some(filter) = filter {
            truth = and(&truth, filter)?;
        }
        let yes = match truth.nulls() {
            Some(known) => truth.values() & known.inner(),
            None => truth.values().clone(),
        };
        for row in yes.set_indices() {
            self.0[groups[row]] += 1;
        }
        Ok(())
    }

    fn merge_batch(&mut self, columns: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.0.resize(total, 0);
        let [counts] = take_function_args("tally", columns)?;
        for (count, group) in counts.as_primitive::<Int64Type>().iter().zip(groups) {
            self.0[*group] += count.unwrap_or(0);
        }
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from(emit.take_needed(&mut self.0))))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit)?])
    }

    fn convert_to_state(&self, _: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        not_impl_err!("a tally is always added up first")
    }

    fn size(&self) -> usize {
        self.0.capacity() * size_of::<i64>()
    }
}
