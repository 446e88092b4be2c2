//! Codes exchanged for those in which they lie, by a table.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, Int32Array};
use datafusion::arrow::datatypes::{DataType, Int32Type};
use datafusion::common::Result;
use datafusion::common::utils::take_function_args;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The number that `table` has for each number; missing where it has none, and where the number
/// is missing.
pub fn lifted(value: Expr, mut table: Vec<(i32, i32)>) -> Expr {
    table.sort_unstable();
    let signature = Signature::exact(vec![DataType::Int32], Volatility::Immutable);
    ScalarUDF::from(Lifted { signature, table: table.into() }).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Lifted {
    signature: Signature,
    /// Sorted by the first of two.
    table: Arc<[(i32, i32)]>,
}

impl Lifted {
    fn of(&self, number: i32) -> Option<i32> {
        let at = self.table.binary_search_by_key(&number, |(from, _)| *from).ok()?;
        self.table.get(at).map(|(_, to)| *to)
    }
}

impl ScalarUDFImpl for Lifted {
    fn name(&self) -> &'static str {
        "lifted"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [numbers] = take_function_args(self.name(), &args.args)?;
        let numbers = numbers.to_array(args.number_rows)?;
        let numbers = numbers.as_primitive::<Int32Type>();
        let found: Int32Array = numbers.iter().map(|number| self.of(number?)).collect();
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}
