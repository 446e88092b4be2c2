//! Numbers that need all others of their group at once, such as a quantile.
//!
//! The state is the list of all numbers so far, so two states merge by joining their lists. They
//! are sorted before anything is made of them: no order of rows can change the result.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Builder, ListBuilder};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility,
};

use super::exact::Total;
use super::survival::{self, Limit};

/// What is made of all numbers of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Made {
    /// The number below which a part of them lies; the part as the bits of a float from 0 to 1.
    Quantile(u64),
    /// The standard deviation of a sample: √(Σ(x − mean)² / (n − 1)); none of one number.
    Deviation,
    /// The median of times, coded with how they ended, or a limit of it.
    Survival(Limit),
}

impl Made {
    /// The quantile at `level`, from 0 to 1.
    #[must_use]
    pub fn quantile(level: f64) -> Self {
        Self::Quantile(level.to_bits())
    }

    /// Functions that make different things have different names.
    fn name(self) -> String {
        match self {
            Self::Quantile(level) => format!("quantile_{}", f64::from_bits(level)),
            Self::Deviation => "deviation".to_owned(),
            Self::Survival(limit) => format!("survival_{limit:?}").to_lowercase(),
        }
    }

    /// Of `sorted`, smallest first; none over nothing.
    fn of(self, sorted: &[f64]) -> Option<f64> {
        match self {
            Self::Quantile(level) => quantile(sorted, f64::from_bits(level)),
            Self::Deviation => deviation(sorted),
            Self::Survival(limit) => survival::median(sorted, limit),
        }
    }
}

/// With n numbers, at h = (n − 1)·level counted from 0, on the line between the two around h:
/// type 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American
/// Statistician 50 (1996).
fn quantile(sorted: &[f64], level: f64) -> Option<f64> {
    let most = sorted.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "there are fewer subjects than 2^52")]
    let place = most as f64 * level;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to n - 1")]
    let below = place.floor() as usize;
    let low = sorted.get(below)?;
    let high = sorted.get((below + 1).min(most))?;
    Some(low + (place - place.floor()) * (high - low))
}

/// Equal numbers deviate by nothing, however their mean is rounded.
fn deviation(sorted: &[f64]) -> Option<f64> {
    let ([least, .., most], Some(freedom)) = (sorted, sorted.len().checked_sub(1)) else {
        return None;
    };
    if least.total_cmp(most).is_eq() {
        return Some(0.0);
    }
    let (mut sum, mut squares) = (Total::default(), Total::default());
    sorted.iter().for_each(|number| sum.add(*number));
    #[expect(clippy::cast_precision_loss, reason = "there are fewer subjects than 2^52")]
    let (count, freedom) = (sorted.len() as f64, freedom as f64);
    let mean = sum.value() / count;
    sorted.iter().for_each(|number| squares.add((number - mean).powi(2)));
    Some((squares.value() / freedom).sqrt())
}

/// What is `made` of an expression over a group; null is left out, and is made of nothing.
pub fn gathered(made: Made, of: Expr) -> Expr {
    let signature = Signature::exact(vec![DataType::Float64], Volatility::Immutable);
    AggregateUDF::from(Gathered { made, name: made.name(), signature }).call(vec![of])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Gathered {
    made: Made,
    name: String,
    signature: Signature,
}

impl AggregateUDFImpl for Gathered {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Numbers { made: self.made, all: Vec::new() }))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let item = Arc::new(Field::new_list_field(DataType::Float64, true));
        let name = format_state_name(args.name, "numbers");
        Ok(vec![Arc::new(Field::new(name, DataType::List(item), true))])
    }
}

/// All numbers so far, in any order.
#[derive(Debug)]
struct Numbers {
    made: Made,
    all: Vec<f64>,
}

impl Accumulator for Numbers {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [values] = take_function_args("gathered", columns)?;
        self.all.extend(values.as_primitive::<Float64Type>().iter().flatten());
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [states] = take_function_args("gathered", states)?;
        for numbers in states.as_list::<i32>().iter().flatten() {
            self.all.extend(numbers.as_primitive::<Float64Type>().iter().flatten());
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let mut list = ListBuilder::new(Float64Builder::new());
        list.values().append_slice(&self.all);
        list.append(true);
        Ok(vec![ScalarValue::List(Arc::new(list.finish()))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.all.sort_unstable_by(f64::total_cmp);
        Ok(ScalarValue::Float64(self.made.of(&self.all)))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.all.capacity() * size_of::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::{deviation, quantile};

    fn near(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found - wanted).abs() < 1e-12)
    }

    #[test]
    fn quantiles_lie_on_the_line_between_two_numbers() {
        let numbers = [1.0, 2.0, 4.0, 8.0];
        // h = 3 · 0.9 = 2.7, between 4 and 8.
        assert!(near(quantile(&numbers, 0.9), 6.8));
        assert!(near(quantile(&numbers, 0.5), 3.0));
        assert!(near(quantile(&numbers, 0.0), 1.0) && near(quantile(&numbers, 1.0), 8.0));
        assert!(near(quantile(&[7.0], 0.3), 7.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn one_number_has_no_deviation_and_equal_ones_deviate_by_nothing() {
        // Mean 5, squares 9 + 1 + 1 + 9 = 20, 20 / 3.
        assert!(near(deviation(&[2.0, 4.0, 6.0, 8.0]), (20.0_f64 / 3.0).sqrt()));
        assert!(near(deviation(&[0.1, 0.1, 0.1]), 0.0));
        assert_eq!(deviation(&[7.0]), None);
    }
}
