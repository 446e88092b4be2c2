//! `trace`: what each clause of a rule looks at of one subject, row by row.
//!
//! Every answer is that of the engine, asked for one subject: the verdict of a clause is that of
//! the step that `explain` counts, and a row is kept where the selection finds it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use interplay_compile::calendar::Period;
use interplay_compile::query::trace::{Traced, Traces};
use interplay_compile::term::{Supposed, Term};
use interplay_compile::trace::{Answers, Clause, Looked, What};
use interplay_compile::types::Type;
use interplay_diagnostic::Span;

use crate::engine::{self, Engine, Only};
use crate::error::Error;
use crate::outcome::Listed;
use line::{Line, Value};
use values::Values;

mod line;
mod rows;
mod values;

/// The lines of a trace. `words` gives a place in the author's words.
pub(crate) async fn trace(
    engine: &Engine<'_>,
    traced: &Traced,
    words: impl Fn(Span) -> String,
) -> Result<Listed, Error> {
    let Some(table) = engine.hot.only(&traced.subject, &traced.pseudonym) else {
        let subject = &traced.subject;
        return Err(Error::Unknown(format!(
            "no {subject} in the pool is known by this pseudonym; `interplay pseudonym SOURCE` \
             makes the pseudonym of an identifier"
        )));
    };
    let only = Only { subject: traced.subject.clone(), table };
    let cell = traced.period.unwrap_or(engine::everything(engine.data_date));
    let knowing = engine.knowing(&only).await?;
    let mut tracing = Tracing { engine, only, cell, knowing, words, lines: Vec::new() };
    for traces in &traced.chains {
        tracing.rule(traces).await?;
    }
    let notes = vec![format!(
        "The pseudonym stands for one {} alone: treat what is shown as that one's file.",
        traced.subject
    )];
    line::listed(&tracing.lines, notes)
}

/// A trace on its way.
struct Tracing<'e, W> {
    engine: &'e Engine<'e>,
    only: Only,
    cell: Period,
    /// Which organisations know the subject, and since when.
    knowing: BTreeMap<String, NaiveDate>,
    words: W,
    lines: Vec<Line>,
}

/// Why a condition is unknown, or a value missing.
fn reason(delivered: bool, over: bool) -> &'static str {
    match (delivered, over) {
        (true, _) => "not delivered",
        (false, true) => "not over yet",
        (false, false) => "a value is missing",
    }
}

/// What would be known if less were unknown.
fn suppositions(term: &Term, lacks: fn(Box<Term>) -> Term) -> [Term; 2] {
    [Supposed::Delivered, Supposed::Over].map(|that| lacks(Box::new(term.clone().supposed(that))))
}

/// All terms that are asked of the subject itself.
fn collect(looked: &Looked, into: &mut Vec<Term>) {
    match &looked.what {
        What::Condition(term) => condition(term, into),
        What::Value(term, _) => {
            into.push(term.clone());
            into.extend(suppositions(term, Term::IsMissing));
        }
        What::Period(first, last) => into.extend([first.clone(), last.clone()]),
        What::Rows(rows) => into.extend(rows.selection.bounds().into_iter().cloned()),
    }
    looked.beneath.iter().for_each(|one| collect(one, into));
}

fn condition(term: &Term, into: &mut Vec<Term>) {
    into.push(term.clone());
    into.extend(suppositions(term, Term::IsUnknown));
}

impl<W: Fn(Span) -> String> Tracing<'_, W> {
    async fn rule(&mut self, traces: &Traces) -> Result<(), Error> {
        let mut terms = vec![Term::Seen];
        for clause in &traces.clauses {
            condition(&clause.step.condition, &mut terms);
            clause.looks.iter().for_each(|looked| collect(looked, &mut terms));
        }
        traces.rows.iter().for_each(|looked| collect(looked, &mut terms));
        terms.extend(traces.further.iter().map(|one| one.term.clone()));
        let values = Values::read(self.engine, &self.only, self.cell, terms).await?;
        let at = self.lines.len();
        self.lines.push(Line {
            rule: traces.name.clone(),
            kind: "rule",
            what: traces.title.clone().unwrap_or(traces.name.clone()),
            outcome: outcome(traces, &values),
            ..Line::default()
        });
        if let Some(rows) = &traces.rows {
            self.looked(rows, &values, 1).await?;
        }
        for (number, clause) in (1..).zip(&traces.clauses) {
            self.clause(clause, number, &values).await?;
        }
        for one in &traces.further {
            let kind = Type::Number(one.unit.clone());
            let value = values.of(&one.term, &kind);
            if !value.is_missing() {
                self.lines.push(Line::valued("value", one.name.to_owned(), 1, value));
            }
        }
        for line in self.lines.iter_mut().skip(at) {
            line.rule.clone_from(&traces.name);
        }
        Ok(())
    }

    async fn clause(
        &mut self,
        clause: &Clause,
        number: usize,
        values: &Values<'_>,
    ) -> Result<(), Error> {
        let step = &clause.step;
        let truth = values.truth(&step.condition);
        let outcome = match (clause.answers, truth) {
            (_, None) => "unknown",
            (Answers::Holds, Some(true)) => "true",
            (Answers::Holds, Some(false)) => "false",
            (Answers::Known, Some(_)) => "known",
            (Answers::Keeps, Some(true)) => "kept",
            (Answers::Keeps, Some(false)) => "dropped",
        };
        let at = self.lines.len();
        self.lines.push(Line {
            kind: "clause",
            depth: 1,
            what: (self.words)(step.span),
            outcome: outcome.to_owned(),
            why: self.unknown(&step.condition, values),
            ..Line::default()
        });
        for looked in &clause.looks {
            self.looked(looked, values, 2).await?;
        }
        for line in self.lines.iter_mut().skip(at) {
            line.clause = Some(number);
        }
        Ok(())
    }

    /// Why a condition is unknown, where it is.
    fn unknown(&self, term: &Term, values: &Values<'_>) -> String {
        if values.truth(term).is_some() {
            return String::new();
        }
        let known = suppositions(term, Term::IsUnknown).map(|it| values.truth(&it) == Some(false));
        reason(known[0], known[1]).to_owned()
    }

    /// What the words of a clause name, and what that looks at.
    async fn looked(
        &mut self,
        looked: &Looked,
        values: &Values<'_>,
        depth: usize,
    ) -> Result<(), Error> {
        let what = (self.words)(looked.span);
        match &looked.what {
            What::Condition(term) => {
                let value = Value::truth(values.truth(term));
                let why = self.unknown(term, values);
                self.lines.push(Line { why, ..Line::valued("condition", what, depth, value) });
            }
            What::Value(term, kind) => {
                let value = values.of(term, kind);
                let known = suppositions(term, Term::IsMissing);
                let known = known.map(|it| values.truth(&it) == Some(false));
                let why = match value.is_missing() && (known[0] || known[1]) {
                    true => reason(known[0], known[1]).to_owned(),
                    false => String::new(),
                };
                self.lines.push(Line { why, ..Line::valued("value", what, depth, value) });
            }
            What::Period(first, last) => {
                let [from, until] = [first, last].map(|day| values.of(day, &Type::Date).text);
                let line = Line { kind: "period", what, depth, from, until, ..Line::default() };
                self.lines.push(line);
            }
            What::Rows(rows) => {
                let cells = self.head(rows, what, values, depth).await?;
                self.beneath(looked, values, depth).await?;
                self.rows(rows, &cells, depth);
                return Ok(());
            }
        }
        self.beneath(looked, values, depth).await
    }

    async fn beneath(
        &mut self,
        looked: &Looked,
        values: &Values<'_>,
        depth: usize,
    ) -> Result<(), Error> {
        for beneath in &looked.beneath {
            Box::pin(self.looked(beneath, values, depth + 1)).await?;
        }
        Ok(())
    }
}

/// How the clauses together turn out: the first that does not keep the subject decides.
fn outcome(traces: &Traces, values: &Values<'_>) -> String {
    if values.truth(&Term::Seen) != Some(true) {
        return "not known by the data date".to_owned();
    }
    if traces.rows.is_some() {
        return "rows are counted".to_owned();
    }
    for (number, clause) in (1..).zip(&traces.clauses) {
        match (values.truth(&clause.step.condition), clause.answers) {
            (Some(true), _) => {}
            (Some(false), Answers::Keeps) => return format!("dropped by clause {number}"),
            (Some(false), _) => return format!("clause {number} is false"),
            (None, _) => return format!("clause {number} is unknown"),
        }
    }
    "kept by every clause".to_owned()
}
