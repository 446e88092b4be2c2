//! The rows that a selection considers, each with what became of it.

use chrono::NaiveDate;
use interplay_compile::calendar::{self, Period};
use interplay_compile::term::{Look, Term};
use interplay_compile::trace::Rows;
use interplay_compile::types::Type;
use interplay_diagnostic::Span;

use super::Tracing;
use super::line::{Line, Value};
use super::values::{Cells, Values};
use crate::error::Error;

/// Where the columns of a row lie in what the engine says of it.
struct Columns {
    kept: usize,
    in_time: usize,
    has_known: Option<usize>,
    conditions: usize,
    taken: Option<usize>,
    asked: usize,
}

/// The rows of a record, and what the engine says of each.
pub(super) struct Considered<'e> {
    cells: Cells<'e>,
    columns: Columns,
    is_timeless: bool,
    /// What holds on a day after the data date is asked: no row is taken yet.
    is_to_come: bool,
}

/// The days that are looked at; none where a date is missing.
struct Looking {
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    is_missing: bool,
}

impl<'e, W: Fn(Span) -> String> Tracing<'e, W> {
    /// A line for the selection, and what became of each row of its record.
    pub(super) async fn head(
        &mut self,
        rows: &Rows,
        what: String,
        values: &Values<'_>,
        depth: usize,
    ) -> Result<Considered<'e>, Error> {
        let (terms, columns) = asked(rows);
        let fields = rows.columns();
        let all = rows.all();
        let batch = self.engine.each_row((&self.only, &all), self.cell, (&fields, &terms)).await?;
        let cells = Cells::new(self.engine, batch);
        let kept = (0..cells.rows()).any(|row| cells.truth(columns.kept, row) == Some(true));
        let looking = looking(rows, values);
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let (from, until) = (day(looking.first), day(looking.last));
        let is_to_come = rows.selection.latest_at.is_some()
            && looking.last.is_some_and(|last| last > self.engine.data_date);
        let is_settled = kept && !is_to_come;
        let mut why = if is_settled { Vec::new() } else { self.nothing(rows, &looking) };
        if cells.rows() == 0 {
            why.insert(0, format!("there are no rows of `{}`", all.record));
        }
        let why = why.join("; ");
        self.lines.push(Line { kind: "rows", what, depth, from, until, why, ..Line::default() });
        Ok(Considered { cells, columns, is_timeless: looking.is_missing, is_to_come })
    }

    /// A line for each row. Where no time is known, none of them is looked at.
    pub(super) fn rows(&mut self, rows: &Rows, considered: &Considered<'_>, depth: usize) {
        let Considered { cells, columns, is_timeless, is_to_come } = considered;
        let count = if *is_timeless { 0 } else { cells.rows() };
        for row in 0..count {
            let taken = columns.taken.filter(|_| !is_to_come);
            let taken = taken.map(|column| cells.truth(column, row) == Some(true));
            let line = self.row(rows, (cells, columns), (row, taken), depth + 1);
            self.lines.push(line);
        }
    }

    /// What may be there all the same, where nothing was found.
    fn nothing(&self, rows: &Rows, looking: &Looking) -> Vec<String> {
        if looking.is_missing {
            return vec!["a date of its timing is missing, so nothing is found".to_owned()];
        }
        let mut why = Vec::new();
        let data_date = self.engine.data_date;
        let last = looking.last.unwrap_or(data_date).min(data_date);
        let first = looking.first.unwrap_or(NaiveDate::MIN);
        let record = &rows.selection.record;
        let gaps = self.engine.undelivered.gaps.get(record);
        for (organisation, gap) in gaps.into_iter().flatten() {
            let (from, to) = (gap.first.max(first), gap.last.min(last));
            let knows = self.knowing.get(organisation).is_some_and(|since| *since <= data_date);
            if knows && from <= to {
                let days = calendar::name(Period { first: from, last: to });
                why.push(format!("`{organisation}` did not deliver `{record}` for {days}"));
            }
        }
        if let Some(last) = looking.last.filter(|last| *last > data_date) {
            why.push(format!("not over before {last}, and the data go up to {data_date}"));
        }
        why
    }

    fn row(
        &self,
        rows: &Rows,
        (cells, columns): (&Cells<'_>, &Columns),
        (row, taken): (usize, Option<bool>),
        depth: usize,
    ) -> Line {
        let kept = cells.truth(columns.kept, row);
        let (outcome, mut why) = match (kept, taken) {
            (Some(true), Some(true)) => ("taken", Vec::new()),
            (Some(true), Some(false)) => ("kept", vec!["another row is taken".to_owned()]),
            (Some(true), None) => ("kept", Vec::new()),
            (Some(false), _) => ("not kept", self.why_not(rows, (cells, columns), row)),
            (None, _) => ("unknown", self.why_not(rows, (cells, columns), row)),
        };
        if kept == Some(true) {
            for (at, (span, _, kind)) in rows.asked.iter().enumerate() {
                let value = cells.of(columns.asked + at, row, kind).shown();
                why.push(format!("`{}`: {value}", (self.words)(*span)));
            }
        }
        let lasts = rows.days.1.is_some();
        let day = |column| cells.day(column, row).map(|day| day.to_string());
        let until = match day(1) {
            _ if !lasts => String::new(),
            _ if cells.is_there(2, row) => "unknown".to_owned(),
            None => "ongoing".to_owned(),
            Some(day) => day,
        };
        let fields = (4..).zip(&rows.fields).map(|(column, (name, kind))| {
            let shown = cells.of(column, row, kind).shown();
            // A field is mostly called as those to whom it refers.
            let shown = shown.strip_prefix(&format!("{name} ")).unwrap_or(&shown);
            format!("{name}: {shown}")
        });
        Line {
            kind: "row",
            depth,
            outcome: outcome.to_owned(),
            organisation: cells.of(3, row, &Type::Text).text,
            from: day(0).unwrap_or_default(),
            until,
            fields: fields.collect::<Vec<_>>().join(", "),
            why: why.join("; "),
            ..Line::default()
        }
    }

    /// Which phrase or condition a row does not meet.
    fn why_not(
        &self,
        rows: &Rows,
        (cells, columns): (&Cells<'_>, &Columns),
        row: usize,
    ) -> Vec<String> {
        match cells.truth(columns.in_time, row) {
            Some(false) => return vec![not_in_time(rows).to_owned()],
            None => return vec!["its end is unknown, and so is whether it is in time".to_owned()],
            Some(true) => {}
        }
        let mut why = Vec::new();
        for (at, (span, _)) in rows.conditions.iter().enumerate() {
            let truth = cells.truth(columns.conditions + at, row);
            if truth != Some(true) {
                let found = Value::truth(truth).text;
                why.push(format!("`{}` is {found}", (self.words)(*span)));
            }
        }
        if columns.has_known.is_some_and(|column| cells.truth(column, row) != Some(true)) {
            let field = rows.selection.known.as_ref().map_or("", |(field, _)| field);
            why.push(format!("`{field}` is missing"));
        }
        why
    }
}

/// What a row that the timing does not leave is not.
fn not_in_time(rows: &Rows) -> &'static str {
    let selection = &rows.selection;
    if selection.latest_at.is_some() {
        return "not the last row on or before that day";
    }
    match selection.windows.as_slice() {
        [window] if rows.days.1.is_some() => match window.look {
            Look::Overlap => "no day of it is in this time",
            Look::Inside => "not all of it is in this time",
            Look::Start => "it does not start in this time",
            Look::End => "it does not end in this time",
        },
        _ => "not in this time",
    }
}

/// What is asked of each row behind its fields, and where each answer lies.
fn asked(rows: &Rows) -> (Vec<Term>, Columns) {
    let before = rows.columns().len();
    let mut terms = vec![rows.kept(), rows.in_time()];
    let mut push = |more: Vec<Term>| {
        let at = before + terms.len();
        terms.extend(more);
        at
    };
    let known = rows.has_known();
    let has_known = known.map(|known| push(vec![known]));
    let conditions = rows.conditions.iter().map(|(_, term)| rows.asked_of_row(term.clone()));
    let conditions = push(conditions.collect());
    let taken = rows.taken.clone().map(|taken| push(vec![taken]));
    let asked = push(rows.asked.iter().map(|(_, term, _)| term.clone()).collect());
    let columns =
        Columns { kept: before, in_time: before + 1, has_known, conditions, taken, asked };
    (terms, columns)
}

/// From when to when rows are looked at, all phrases together.
fn looking(rows: &Rows, values: &Values<'_>) -> Looking {
    let selection = &rows.selection;
    let mut looking = Looking { first: None, last: None, is_missing: false };
    let lasts = selection.windows.iter().filter_map(|window| window.last.as_ref());
    for term in lasts.chain(&selection.latest_at) {
        match values.day(term) {
            Some(day) => looking.last = Some(looking.last.map_or(day, |last| last.min(day))),
            None => looking.is_missing = true,
        }
    }
    for term in selection.windows.iter().filter_map(|window| window.first.as_ref()) {
        match values.day(term) {
            Some(day) => looking.first = Some(looking.first.map_or(day, |first| first.max(day))),
            None => looking.is_missing = true,
        }
    }
    looking
}
