//! What is known of other subjects, looked up by their places.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::{TakeOptions, take};
use datafusion::arrow::datatypes::{DataType, Int32Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The value at the place that `reference` names; missing where it names none.
pub fn look(reference: Expr, values: &ArrayRef) -> Expr {
    let signature = Signature::exact(vec![DataType::Int32], Volatility::Immutable);
    ScalarUDF::from(Look { values: Arc::clone(values), signature }).call(vec![reference])
}

#[derive(Debug)]
struct Look {
    /// By place.
    values: ArrayRef,
    signature: Signature,
}

/// Two are the same when they look into the same array, not into equal ones.
impl PartialEq for Look {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.values, &other.values)
    }
}

impl Eq for Look {}

impl Hash for Look {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.values).cast::<()>().hash(state);
    }
}

impl ScalarUDFImpl for Look {
    fn name(&self) -> &'static str {
        "look"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.values.data_type().clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [places] = take_function_args(self.name(), &args.args)?;
        let places = places.to_array(args.number_rows)?;
        let Some(places) = places.as_primitive_opt::<Int32Type>() else {
            return exec_err!("places are expected, found {}", places.data_type());
        };
        let options = TakeOptions { check_bounds: true };
        Ok(ColumnarValue::Array(take(&self.values, places, Some(options))?))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, Int32Array};
    use datafusion::arrow::datatypes::{DataType, Field, Float64Type};
    use datafusion::config::ConfigOptions;
    use datafusion::logical_expr::{
        ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
    };

    use super::Look;

    fn looked(places: Vec<Option<i32>>) -> datafusion::common::Result<Vec<Option<f64>>> {
        let values: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None, Some(3.0)]));
        let signature = Signature::exact(vec![DataType::Int32], Volatility::Immutable);
        let number_rows = places.len();
        let found = Look { values, signature }.invoke_with_args(ScalarFunctionArgs {
            args: vec![ColumnarValue::Array(Arc::new(Int32Array::from(places)))],
            arg_fields: vec![Arc::new(Field::new("place", DataType::Int32, true))],
            number_rows,
            return_field: Arc::new(Field::new("look", DataType::Float64, true)),
            config_options: Arc::new(ConfigOptions::default()),
        })?;
        Ok(found.to_array(number_rows)?.as_primitive::<Float64Type>().iter().collect())
    }

    #[test]
    fn a_place_has_its_value_and_no_place_has_none() {
        let found = looked(vec![Some(2), None, Some(1), Some(0)]).unwrap();
        assert_eq!(found, [Some(3.0), None, None, Some(1.0)]);
    }

    #[test]
    fn a_place_that_is_not_there_is_an_error() {
        assert!(looked(vec![Some(3)]).is_err());
    }
}
