//! What a rule looks at, as it is written: for `trace`, which shows it of one subject.
//!
//! A clause is a tree of what its words name: conditions, values, and rows with the phrases that
//! choose among them. Every part is the term that the engine would compute anyway, so what is shown
//! of a clause cannot differ from what the clause does.

use interplay_diagnostic::Span;

use crate::catalog::mark;
use crate::check::ORGANISATION;
use crate::expression::{Pick, physical};
use crate::target_group::Step;
use crate::term::{Aggregate, Comparison, PLACE, Physical, Selection, Supposed, Term};
use crate::types::Type;

mod rows;
mod walk;

pub(crate) use walk::Walk;

/// One clause of a rule, and what it looks at.
#[derive(Debug)]
pub struct Clause {
    /// Its words and its condition.
    pub step: Step,
    /// How it answers.
    pub answers: Answers,
    /// What its words name, in the order written.
    pub looks: Vec<Looked>,
}

/// How a clause says what it does to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// A condition, by being true, false or unknown.
    Holds,
    /// A number, by being known or not.
    Known,
    /// `exclude:` and its like, by keeping or dropping.
    Keeps,
}

/// Something that the words of a clause name.
#[derive(Debug)]
pub struct Looked {
    /// Where its words stand.
    pub span: Span,
    /// What it is.
    pub what: What,
    /// What it looks at itself.
    pub beneath: Vec<Self>,
}

/// What a part of a clause is.
#[derive(Debug)]
pub enum What {
    /// `place in homeless`
    Condition(Term),
    /// `age at start of period`
    Value(Term, Type),
    /// `the 12 months before intake.day`
    Period(Term, Term),
    /// `stay overlapping period where place in homeless`
    Rows(Box<Rows>),
}

/// Rows of a record, and which of them are looked at.
#[derive(Debug)]
pub struct Rows {
    /// Those that are kept. It stands in the condition of a row, of all rows of the record.
    pub selection: Selection,
    /// Which one row is taken of those kept, where one is.
    pub taken: Option<Term>,
    /// Each part of its condition.
    pub conditions: Vec<(Span, Term)>,
    /// Fields that the rule names, without those that say when the row is.
    pub fields: Vec<(String, Type)>,
    /// The field with the first day, and that with the end if a row lasts.
    pub days: (String, Option<String>),
    /// Asked of each row that is kept: what the other clauses of an indicator over rows say.
    pub asked: Vec<(Span, Term, Type)>,
}

impl Rows {
    /// All rows of the record that are the subject's.
    #[must_use]
    pub fn all(&self) -> Selection {
        Selection::all(&self.selection.record, self.selection.side.clone(), 0)
    }

    /// What is read of each row: its days, whether its end is unknown, who registered it, and the
    /// fields that the rule names.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, Physical)> {
        let (start, end) = &self.days;
        let end = end.as_ref().unwrap_or(start);
        let days = [(start.clone(), Physical::Date), (end.clone(), Physical::Date)];
        let others = [(mark(end), Physical::Symbol), (ORGANISATION.to_owned(), Physical::Symbol)];
        let fields = self.fields.iter().map(|(name, kind)| (name.clone(), physical(kind)));
        days.into_iter().chain(others).chain(fields).collect()
    }

    /// Whether a row of [`Rows::all`] is kept.
    #[must_use]
    pub fn kept(&self) -> Term {
        rows::at_hand(self.selection.clone())
    }

    /// Whether its days are those that are looked at.
    #[must_use]
    pub fn in_time(&self) -> Term {
        rows::at_hand(Selection { condition: None, known: None, ..self.selection.clone() })
    }

    /// Whether it has the value without which it is left out.
    #[must_use]
    pub fn has_known(&self) -> Option<Term> {
        let (field, physical) = self.selection.known.clone()?;
        let field = Term::RowField { depth: self.selection.depth, field, physical };
        Some(self.asked_of_row(field.is_there()))
    }

    /// What a condition on a row of the selection says of a row of [`Rows::all`].
    #[must_use]
    pub fn asked_of_row(&self, condition: Term) -> Term {
        let Selection { record, side, depth, .. } = &self.selection;
        rows::at_hand(Selection::all(record, side.clone(), *depth).filtered(condition))
    }
}

impl Looked {
    fn new(span: Span, what: What, beneath: Vec<Self>) -> Self {
        Self { span, what, beneath }
    }

    /// The rows that are kept, where it is of rows.
    #[must_use]
    pub fn selection(&self) -> Option<&Selection> {
        match &self.what {
            What::Rows(rows) => Some(&rows.selection),
            _ => None,
        }
    }
}
