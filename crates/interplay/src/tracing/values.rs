//! What terms come to for one subject, or for each of its rows.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use chrono::NaiveDate;
use interplay_compile::calendar::Period;
use interplay_compile::kernel::dates;
use interplay_compile::term::Term;
use interplay_compile::types::Type;
use interplay_pool::Hot;

use super::line::Value;
use crate::engine::{Engine, Only};
use crate::error::Error;

/// The values of terms for one subject.
pub(super) struct Values<'e> {
    cells: Cells<'e>,
    places: HashMap<Term, usize>,
}

/// A batch with what is needed to read it.
pub(super) struct Cells<'e> {
    batch: RecordBatch,
    hot: &'e Hot,
}

impl<'e> Values<'e> {
    /// Asks the engine for all of them at once.
    pub(super) async fn read(
        engine: &'e Engine<'e>,
        only: &Only,
        cell: Period,
        terms: Vec<Term>,
    ) -> Result<Self, Error> {
        let mut places = HashMap::new();
        let mut asked = Vec::new();
        for term in terms {
            if !places.contains_key(&term) {
                places.insert(term.clone(), asked.len());
                asked.push(term);
            }
        }
        let batch = engine.values(only, cell, &asked).await?;
        Ok(Self { cells: Cells::new(engine, batch), places })
    }

    /// A condition that was asked for.
    pub(super) fn truth(&self, term: &Term) -> Option<bool> {
        self.cells.truth(*self.places.get(term)?, 0)
    }

    /// A value that was asked for.
    pub(super) fn of(&self, term: &Term, kind: &Type) -> Value {
        self.places.get(term).map_or_else(Value::missing, |at| self.cells.of(*at, 0, kind))
    }

    /// A date that was asked for.
    pub(super) fn day(&self, term: &Term) -> Option<NaiveDate> {
        self.cells.day(*self.places.get(term)?, 0)
    }
}

impl<'e> Cells<'e> {
    pub(super) fn new(engine: &Engine<'e>, batch: RecordBatch) -> Self {
        Self { batch, hot: engine.hot }
    }

    pub(super) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// A condition; none where it is unknown.
    pub(super) fn truth(&self, column: usize, row: usize) -> Option<bool> {
        let values = self.batch.columns().get(column)?.as_boolean_opt()?;
        (row < values.len() && values.is_valid(row)).then(|| values.value(row))
    }

    /// A date.
    pub(super) fn day(&self, column: usize, row: usize) -> Option<NaiveDate> {
        let values = self.batch.columns().get(column)?.as_primitive_opt::<Date32Type>()?;
        let there = row < values.len() && values.is_valid(row);
        there.then(|| dates::date(values.value(row))).flatten()
    }

    /// Whether there is anything.
    pub(super) fn is_there(&self, column: usize, row: usize) -> bool {
        let values = self.batch.columns().get(column);
        values.is_some_and(|values| row < values.len() && values.is_valid(row))
    }

    /// A value of any type, as its reader sees it.
    pub(super) fn of(&self, column: usize, row: usize, kind: &Type) -> Value {
        let Some(values) = self.batch.columns().get(column) else { return Value::missing() };
        if row >= values.len() || values.is_null(row) {
            return if *kind == Type::Truth { Value::truth(None) } else { Value::missing() };
        }
        match (values.data_type(), kind) {
            (DataType::Boolean, _) => Value::truth(self.truth(column, row)),
            (DataType::Float64, kind) => {
                let number = values.as_primitive::<Float64Type>().value(row);
                let unit = match kind {
                    Type::Number(Some(unit)) => unit.to_string(),
                    _ => String::new(),
                };
                Value::number(number, unit)
            }
            (DataType::Date32, _) => {
                let day = self.day(column, row);
                day.map_or_else(Value::missing, |day| Value::text(day.to_string()))
            }
            (DataType::Int32, Type::Subject(subject)) => {
                let place = values.as_primitive::<Int32Type>().value(row);
                let name = self.hot.name(subject, place);
                name.map_or_else(Value::missing, |name| Value::text(format!("{subject} {name}")))
            }
            (DataType::Int32, _) => {
                let text = self.hot.said(values.as_primitive::<Int32Type>().value(row));
                text.map_or_else(Value::missing, Value::text)
            }
            _ => Value::missing(),
        }
    }
}
