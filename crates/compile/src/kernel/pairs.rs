//! Numbers with their weights: how far they lie from their weighted mean.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    ArrayRef, AsArray, BooleanBufferBuilder, Float64Builder, ListArray, ListBuilder,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, Expr, ScalarFunctionArgs,
    ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::exact::Total;

/// A number and its weight in one column; null where one is.
pub fn pair(number: Expr, weight: Expr) -> Expr {
    PAIR.call(vec![number, weight])
}

/// The sum of w(x − m)² over the pairs of a group, m their weighted mean; null over nothing.
pub fn spread(pairs: Expr) -> Expr {
    SPREAD.call(vec![pairs])
}

static PAIR: LazyLock<ScalarUDF> = LazyLock::new(|| {
    let signature = Signature::exact(vec![DataType::Float64; 2], Volatility::Immutable);
    ScalarUDF::from(Pair { signature })
});

static SPREAD: LazyLock<AggregateUDF> = LazyLock::new(|| {
    let signature = Signature::exact(vec![numbers()], Volatility::Immutable);
    AggregateUDF::from(Spread { signature })
});

fn numbers() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Pair {
    signature: Signature,
}

impl ScalarUDFImpl for Pair {
    fn name(&self) -> &'static str {
        "pair"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(numbers())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [number, weight] = take_function_args("pair", &args.args)?;
        let (number, weight) =
            (number.to_array(args.number_rows)?, weight.to_array(args.number_rows)?);
        let both =
            number.as_primitive::<Float64Type>().iter().zip(weight.as_primitive::<Float64Type>());
        let mut values = Float64Builder::with_capacity(2 * args.number_rows);
        let mut known = BooleanBufferBuilder::new(args.number_rows);
        let mut lengths = Vec::with_capacity(args.number_rows);
        for pair in both {
            let pair = match pair {
                (Some(number), Some(weight)) => Some([number, weight]),
                _ => None,
            };
            values.append_slice(pair.as_ref().map_or(&[], |pair| pair.as_slice()));
            known.append(pair.is_some());
            lengths.push(if pair.is_some() { 2 } else { 0 });
        }
        let item = Arc::new(Field::new_list_field(DataType::Float64, true));
        let offsets = OffsetBuffer::from_lengths(lengths);
        let nulls = NullBuffer::new(known.finish());
        let made = ListArray::try_new(item, offsets, Arc::new(values.finish()), Some(nulls))?;
        Ok(ColumnarValue::Array(Arc::new(made)))
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Spread {
    signature: Signature,
}

impl AggregateUDFImpl for Spread {
    fn name(&self) -> &'static str {
        "weighted_spread"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Pairs(Vec::new())))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format_state_name(args.name, "pairs"), numbers(), true))])
    }
}

/// All pairs so far, in any order, each number before its weight.
#[derive(Debug)]
struct Pairs(Vec<f64>);

impl Pairs {
    fn add(&mut self, lists: &ArrayRef) {
        for pairs in lists.as_list::<i32>().iter().flatten() {
            self.0.extend(pairs.as_primitive::<Float64Type>().iter().flatten());
        }
    }
}

impl Accumulator for Pairs {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [pairs] = take_function_args("weighted_spread", columns)?;
        self.add(pairs);
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [states] = take_function_args("weighted_spread", states)?;
        self.add(states);
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let mut list = ListBuilder::new(Float64Builder::new());
        list.values().append_slice(&self.0);
        list.append(true);
        Ok(vec![ScalarValue::List(Arc::new(list.finish()))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(squares(&self.0)))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.capacity() * size_of::<f64>()
    }
}

/// Equal numbers lie nowhere but at their mean, however that is rounded. Sums are exact, so no
/// order of pairs changes them.
fn squares(pairs: &[f64]) -> Option<f64> {
    let pairs = || pairs.chunks_exact(2).filter_map(|pair| <[f64; 2]>::try_from(pair).ok());
    let [first, _] = pairs().next()?;
    if pairs().all(|[number, _]| number.total_cmp(&first).is_eq()) {
        return Some(0.0);
    }
    let (mut weights, mut weighted, mut squares) =
        (Total::default(), Total::default(), Total::default());
    for [number, weight] in pairs() {
        weights.add(weight);
        weighted.add(number * weight);
    }
    let mean = weighted.value() / weights.value();
    for [number, weight] in pairs() {
        squares.add(weight * (number - mean).powi(2));
    }
    Some(squares.value())
}

#[cfg(test)]
mod tests {
    use super::squares;

    #[test]
    fn distances_count_as_often_as_they_weigh() {
        // Mean (1 + 2·4 + 1·9) / 4 = 4.5: 12.25 + 2·0.25 + 20.25.
        let found = squares(&[1.0, 1.0, 4.0, 2.0, 9.0, 1.0]).unwrap();
        assert!((found - 33.0).abs() < 1e-12, "{found}");
        assert_eq!(squares(&[0.1, 3.0, 0.1, 0.7]), Some(0.0));
        assert_eq!(squares(&[]), None);
    }
}
