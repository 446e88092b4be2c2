//! A trace set out for readers: clauses with what they look at beneath, set in.

use std::ops::Range;

use arrow::array::RecordBatch;

use crate::cell::{Cell, cells};
use crate::number;

/// One line of a trace.
pub(crate) struct Branch {
    /// How far it is set in.
    pub(crate) depth: usize,
    /// `2. any stay overlapping period → true`
    pub(crate) text: String,
    /// Whether it is a row of a record.
    pub(crate) is_row: bool,
}

/// The lines of a trace, from top to bottom.
pub(crate) fn branches(batch: &RecordBatch) -> Vec<Branch> {
    let column = |name: &str| batch.column_by_name(name).map(cells).unwrap_or_default();
    let columns = Columns {
        texts: NAMES.map(|name| (name, column(name))),
        numbers: ["clause", "depth", "value"].map(|name| (name, column(name))),
    };
    let kinds: Vec<&str> = (0..batch.num_rows()).map(|row| columns.text("kind", row)).collect();
    let mut branches = Vec::new();
    let mut row = 0;
    while row < kinds.len() {
        let rest = kinds.get(row..).unwrap_or_default();
        let together = rest.iter().take_while(|kind| **kind == "row").count();
        if together == 0 {
            let (depth, text) = (columns.depth(row), columns.line(row));
            branches.push(Branch { depth, text, is_row: false });
            row += 1;
            continue;
        }
        let depth = columns.depth(row);
        let texts = columns.rows(row, together);
        branches.extend(texts.into_iter().map(|text| Branch { depth, text, is_row: true }));
        row += together;
    }
    branches
}

/// So many rows in a row that are left away for one reason are one line.
const ALIKE: usize = 4;

/// What lies deeper is not set in further.
const DEEPEST: u32 = 12;

const NAMES: [&str; 9] =
    ["kind", "what", "outcome", "unit", "organisation", "from", "until", "fields", "why"];

/// The columns of a trace.
struct Columns {
    texts: [(&'static str, Vec<Cell>); 9],
    numbers: [(&'static str, Vec<Cell>); 3],
}

impl Columns {
    fn text(&self, name: &str, row: usize) -> &str {
        let column = self.texts.iter().find(|(known, _)| *known == name);
        column.and_then(|(_, cells)| cells.get(row)).map_or("", Cell::text)
    }

    fn number(&self, name: &str, row: usize) -> Option<f64> {
        let column = self.numbers.iter().find(|(known, _)| *known == name);
        column.and_then(|(_, cells)| cells.get(row)).and_then(Cell::number)
    }

    fn depth(&self, row: usize) -> usize {
        let depth = self.number("depth", row).unwrap_or(0.0);
        let deeper = (0_u32..DEEPEST).take_while(|deep| f64::from(*deep) < depth);
        deeper.count()
    }

    /// A clause, a condition, a value, or the head of rows.
    fn line(&self, row: usize) -> String {
        let number = self.number("clause", row).filter(|_| self.text("kind", row) == "clause");
        let number = number.map(|number| format!("{}. ", number::count(number)));
        let unit = self.text("unit", row);
        let value = self.number("value", row).map(|value| match unit {
            "" => number::plain(value),
            "%" => format!("{} %", number::plain(value * 100.0)),
            unit => format!("{} {unit}", number::plain(value)),
        });
        let outcome = value.unwrap_or(self.text("outcome", row).to_owned());
        let days = self.days(row);
        let mut line = format!("{}{}", number.unwrap_or_default(), self.text("what", row));
        for (sign, more) in [(" → ", outcome.as_str()), (", days looked at: ", days.as_str())] {
            if !more.is_empty() {
                line.push_str(sign);
                line.push_str(more);
            }
        }
        match self.text("why", row) {
            "" => line,
            why => format!("{line} ({why})"),
        }
    }

    /// `2025-01-01 .. 2025-01-05`, `up to 2025-12-31`
    fn days(&self, row: usize) -> String {
        let (from, until) = (self.text("from", row), self.text("until", row));
        match (from, until, self.text("kind", row)) {
            ("", "", _) => String::new(),
            (from, "", "row") => from.to_owned(),
            (from, until, "row") => format!("{from} until {until}"),
            (from, "", _) => format!("from {from}"),
            ("", until, _) => format!("up to {until}"),
            (from, until, _) if from == until => from.to_owned(),
            (from, until, _) => format!("{from} .. {until}"),
        }
    }

    /// Rows that are left away one after the other for one reason; each other row by itself.
    fn runs(&self, first: usize, count: usize) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        let key = |row: usize| [self.text("outcome", row), self.text("why", row)];
        for row in first..first + count {
            match runs.last_mut() {
                Some(run) if key(row)[0] == "not kept" && key(run.start) == key(row) => {
                    run.end = row + 1;
                }
                _ => runs.push(row..row + 1),
            }
        }
        runs
    }

    /// Many rows alike in one line: how many, from when to when.
    fn together(&self, run: &Range<usize>) -> String {
        let [first, last] =
            [run.start, run.end.saturating_sub(1)].map(|row| self.text("from", row));
        let [outcome, why] = ["outcome", "why"].map(|name| self.text(name, run.start));
        format!("{outcome}  {} rows that begin from {first} to {last}  ({why})", run.len())
    }

    /// Rows under each other, their parts in columns.
    fn rows(&self, first: usize, count: usize) -> Vec<String> {
        let parts = |row: usize| {
            let [outcome, organisation, fields, why] =
                ["outcome", "organisation", "fields", "why"].map(|name| self.text(name, row));
            let why = if why.is_empty() { String::new() } else { format!("({why})") };
            [outcome.to_owned(), organisation.to_owned(), self.days(row), fields.to_owned(), why]
        };
        let runs = self.runs(first, count);
        let is_short = |run: &Range<usize>| run.len() < ALIKE;
        let rows: Vec<[String; 5]> = runs
            .iter()
            .filter(|run| is_short(run))
            .flat_map(|run| run.clone().map(parts))
            .collect();
        let width = |at: usize| {
            let letters = rows.iter().filter_map(|row| row.get(at)).map(|it| it.chars().count());
            letters.max().unwrap_or(0)
        };
        let widths = [0, 1, 2, 3, 4].map(width);
        let line = |row: &[String; 5]| {
            let cells = row.iter().zip(widths).filter(|(_, width)| *width > 0);
            let cells = cells.map(|(text, width)| format!("{text:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let mut rows = rows.iter();
        let mut lines = Vec::new();
        for run in &runs {
            if is_short(run) {
                lines.extend(rows.by_ref().take(run.len()).map(line));
            } else {
                lines.push(self.together(run));
            }
        }
        lines
    }
}
