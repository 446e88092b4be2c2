//! Rows of text and numbers under headings.

use arrow::array::RecordBatch;

use crate::cell::{Cell, cells};
use crate::number;
use crate::sheet::{Column, Line, Sheet};

/// The listing as it is. A column of nothing but numbers stands at the right, also where they
/// come as texts.
pub(super) fn sheet(batch: &RecordBatch) -> Sheet {
    let schema = batch.schema();
    let values: Vec<Vec<Cell>> = batch.columns().iter().map(cells).collect();
    let columns: Vec<Column> = schema
        .fields()
        .iter()
        .zip(&values)
        .map(|(field, values)| Column {
            is_number: holds_numbers(values),
            ..Column::words(field.name())
        })
        .collect();
    let line = |at: usize| {
        let cells = columns.iter().zip(&values);
        Line::new(
            cells
                .map(|(column, values)| values.get(at).map(|cell| text(cell, column)))
                .map(Option::unwrap_or_default),
        )
    };
    let lines = (0..batch.num_rows()).map(line).collect();
    Sheet { columns, lines }
}

fn text(cell: &Cell, column: &Column) -> String {
    match cell {
        Cell::Number(value) => number::plain(*value),
        Cell::Text(text) if column.is_number => {
            text.parse().map_or_else(|_| text.clone(), number::plain)
        }
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
    }
}

/// Whether there is a number, and nothing but numbers and what stands in place of one.
fn holds_numbers(values: &[Cell]) -> bool {
    let is_number = |cell: &Cell| match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.parse::<f64>().is_ok(),
        Cell::Empty => false,
    };
    let stands_in = |cell: &Cell| match cell {
        Cell::Text(text) => text.is_empty() || text == number::WITHHELD,
        Cell::Number(_) | Cell::Empty => true,
    };
    values.iter().any(is_number) && values.iter().all(|cell| is_number(cell) || stands_in(cell))
}
