//! The lines of a trace, as a batch.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};

use crate::error::Error;
use crate::outcome::Listed;

/// One line: a rule, a clause, what its words name, or a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) rule: String,
    pub(super) clause: Option<usize>,
    pub(super) depth: usize,
    pub(super) kind: &'static str,
    pub(super) what: String,
    pub(super) outcome: String,
    pub(super) number: Option<f64>,
    pub(super) unit: String,
    pub(super) organisation: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) fields: String,
    pub(super) why: String,
}

/// What something comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    /// In words; empty for a number.
    pub(super) text: String,
    pub(super) number: Option<f64>,
    pub(super) unit: String,
}

const MISSING: &str = "missing";

impl Value {
    pub(super) fn missing() -> Self {
        Self::text(MISSING.to_owned())
    }

    pub(super) fn text(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    pub(super) fn number(number: f64, unit: String) -> Self {
        Self { text: String::new(), number: Some(number), unit }
    }

    pub(super) fn truth(truth: Option<bool>) -> Self {
        let word = match truth {
            Some(true) => "true",
            Some(false) => "false",
            None => "unknown",
        };
        Self::text(word.to_owned())
    }

    pub(super) fn is_missing(&self) -> bool {
        self.number.is_none() && self.text == MISSING
    }

    /// In one text: `30 min`
    pub(super) fn shown(&self) -> String {
        match self.number {
            Some(number) if self.unit.is_empty() => number.to_string(),
            Some(number) => format!("{number} {}", self.unit),
            None => self.text.clone(),
        }
    }
}

impl Line {
    /// A line that says what something comes to.
    pub(super) fn valued(kind: &'static str, what: String, depth: usize, value: Value) -> Self {
        let Value { text: outcome, number, unit } = value;
        Self { depth, kind, what, outcome, number, unit, ..Self::default() }
    }
}

/// The lines as they are handed out.
pub(super) fn listed(lines: &[Line], notes: Vec<String>) -> Result<Listed, Error> {
    let text = |of: &dyn Fn(&Line) -> String| {
        let texts = lines.iter().map(|line| Some(of(line)).filter(|text| !text.is_empty()));
        Arc::new(texts.collect::<StringArray>()) as ArrayRef
    };
    let number = |of: &dyn Fn(&Line) -> Option<f64>| {
        Arc::new(lines.iter().map(of).collect::<Float64Array>()) as ArrayRef
    };
    #[expect(clippy::cast_precision_loss, reason = "a rule has few clauses, and they are flat")]
    let count = |count: usize| count as f64;
    let columns = [
        ("rule", text(&|line| line.rule.clone())),
        ("clause", number(&|line| line.clause.map(count))),
        ("depth", number(&|line| Some(count(line.depth)))),
        ("kind", text(&|line| line.kind.to_owned())),
        ("what", text(&|line| line.what.clone())),
        ("outcome", text(&|line| line.outcome.clone())),
        ("value", number(&|line| line.number)),
        ("unit", text(&|line| line.unit.clone())),
        ("organisation", text(&|line| line.organisation.clone())),
        ("from", text(&|line| line.from.clone())),
        ("until", text(&|line| line.until.clone())),
        ("fields", text(&|line| line.fields.clone())),
        ("why", text(&|line| line.why.clone())),
    ];
    let columns = columns.into_iter().map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns);
    let batch = batch.map_err(Error::bug("writing a trace"))?;
    Ok(Listed { batch, notes })
}
