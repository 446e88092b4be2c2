//! A batch taken apart into texts and numbers.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// One value of a batch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// `night_shelter`
    Text(String),
    /// `12`, `0.42`
    Number(f64),
}

impl Cell {
    /// The text, or nothing.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Empty | Self::Number(_) => "",
        }
    }

    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Empty | Self::Text(_) => None,
        }
    }
}

/// The values of a column, from top to bottom. What is neither text nor number is shown as Arrow
/// shows it.
pub(crate) fn cells(column: &ArrayRef) -> Vec<Cell> {
    if is_number(column.data_type()) {
        let Ok(numbers) = cast(column, &DataType::Float64) else { return Vec::new() };
        let numbers = numbers.as_primitive::<Float64Type>();
        return numbers.iter().map(|value| value.map_or(Cell::Empty, Cell::Number)).collect();
    }
    let options = FormatOptions::default();
    let Ok(texts) = ArrayFormatter::try_new(column, &options) else { return Vec::new() };
    let cell = |row| {
        if column.is_null(row) { Cell::Empty } else { Cell::Text(texts.value(row).to_string()) }
    };
    (0..column.len()).map(cell).collect()
}

/// Whether the values of a column are numbers.
pub(crate) fn is_number(kind: &DataType) -> bool {
    kind.is_numeric()
}
