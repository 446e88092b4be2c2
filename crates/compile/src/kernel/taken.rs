//! Some values of a list, by their places.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array, AsArray, ListArray, UInt32Array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int32Type};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

/// The values of `list` at `places`, counted from 0 in each row's list, as a list.
pub fn taken(list: Expr, places: Expr) -> Expr {
    TAKEN.call(vec![list, places])
}

static TAKEN: LazyLock<ScalarUDF> = LazyLock::new(|| {
    ScalarUDF::from(Taken { signature: Signature::any(2, Volatility::Immutable) })
});

#[derive(Debug, PartialEq, Eq, Hash)]
struct Taken {
    signature: Signature,
}

impl ScalarUDFImpl for Taken {
    fn name(&self) -> &'static str {
        "taken"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        let [list, _] = take_function_args("taken", kinds)?;
        let DataType::List(item) = list else {
            return internal_err!("a list is expected, found {list}");
        };
        let item = Field::new_list_field(item.data_type().clone(), true);
        Ok(DataType::List(Arc::new(item)))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let kinds: Vec<DataType> =
            args.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        Ok(Arc::new(Field::new("taken", self.return_type(&kinds)?, false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [list, places] = take_function_args("taken", &args.args)?;
        let list = list.to_array(args.number_rows)?;
        let places = places.to_array(args.number_rows)?;
        let (list, places): (&ListArray, &ListArray) = (list.as_list(), places.as_list());
        let numbers = places.values().as_primitive::<Int32Type>().values();
        let mut rows: Vec<u32> = Vec::with_capacity(numbers.len());
        let mut lengths: Vec<usize> = Vec::with_capacity(places.len());
        for (start, ends) in list.offsets().iter().zip(places.offsets().windows(2)) {
            let of_subject = match ends {
                [first, last] => numbers.get(at(*first)..at(*last)).unwrap_or_default(),
                _ => &[],
            };
            rows.extend(of_subject.iter().map(|place| start.saturating_add(*place).unsigned_abs()));
            lengths.push(of_subject.len());
        }
        let values = take(list.values(), &UInt32Array::from(rows), None)?;
        let item = Arc::new(Field::new_list_field(values.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths(lengths);
        let made = ListArray::try_new(item, offsets, values, None)?;
        Ok(ColumnarValue::Array(Arc::new(made)))
    }
}

/// Arrow's offsets are never negative.
fn at(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or_default()
}
