//! Which conditions rules ask, and how each may come out: for the coverage of tests.
//!
//! A condition is the smallest thing that is true, false or unknown: of `a and not b` they are a
//! and b. It is asked of the subjects that a rule asks it of: those of an indicator's `among:`; of
//! the rows of a selection; of those that no earlier row of a `choose` took.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{BinaryOperator, Expr, Query};

use crate::check::{Checker, Model, Scope};
use crate::query;
use crate::term::{Aggregate, Selection, Term};

/// A condition, and what holds of a subject that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Where its words stand.
    pub span: Span,
    /// Of what: `person`
    pub subject: String,
    /// It is true of such a subject, or of a row of it.
    pub met: Term,
    /// It is false of such a subject, or of a row of it.
    pub unmet: Term,
    /// In how many selections it stands whose rows are still to be named.
    depth: usize,
}

/// Notes conditions while rules are checked.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    asked: Vec<Asked>,
    /// Whom the indicator that is being checked is about, once that is known.
    people: Option<Term>,
}

/// The conditions of all rules, by place.
#[must_use]
pub fn everywhere(model: &Model) -> Vec<Span> {
    let mut checker = Checker::new(&model.catalog);
    checker.recorder = Some(Recorder::default());
    checker.rules(model);
    let asked = checker.recorder.map(|recorder| recorder.asked).unwrap_or_default();
    let spans: BTreeSet<Span> = asked.into_iter().map(|asked| asked.span).collect();
    spans.into_iter().collect()
}

/// The conditions that a query asks, its own among them.
#[must_use]
pub fn by_query(model: &Model, asked: &Query, data_date: Option<NaiveDate>) -> Vec<Asked> {
    let mut checker = Checker::new(&model.catalog);
    checker.data_date = data_date;
    checker.recorder = Some(Recorder::default());
    query::asks(&mut checker, asked);
    checker.recorder.map(|recorder| recorder.asked).unwrap_or_default()
}

impl Recorder {
    fn push(&mut self, asked: Asked) {
        let asked = self.among_people(asked);
        if !self.asked.contains(&asked) {
            self.asked.push(asked);
        }
    }

    /// A condition about the subject itself is asked of the indicator's people alone.
    fn among_people(&self, asked: Asked) -> Asked {
        match &self.people {
            Some(people) if asked.depth == 0 => Asked {
                met: people.clone().and(asked.met),
                unmet: people.clone().and(asked.unmet),
                ..asked
            },
            _ => asked,
        }
    }
}

impl Checker<'_> {
    /// How many conditions are noted so far.
    pub(crate) fn noted(&self) -> usize {
        self.recorder.as_ref().map_or(0, |recorder| recorder.asked.len())
    }

    /// Notes a condition that is made of no others.
    pub(crate) fn asks(&mut self, scope: &Scope, expr: &Spanned<Expr>, term: &Term) {
        if let Expr::Parenthesised(inner) = &expr.item {
            return self.asks(scope, inner, term);
        }
        if self.recorder.is_some() && is_single(&expr.item) {
            self.asks_after(scope, expr.span, term, &[]);
        }
    }

    /// Notes the condition of a row of `choose`, asked where none of the `earlier` is true.
    pub(crate) fn asks_in_turn(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
        term: &Term,
        earlier: &[(Term, Term)],
    ) {
        match &expr.item {
            Expr::Parenthesised(inner) => self.asks_in_turn(scope, inner, term, earlier),
            _ => self.asks_after(scope, expr.span, term, earlier),
        }
    }

    fn asks_after(&mut self, scope: &Scope, span: Span, term: &Term, earlier: &[(Term, Term)]) {
        let Some(recorder) = &mut self.recorder else { return };
        let is_true = |term: &Term| Term::IsTrue(Box::new(term.clone()));
        let reached = earlier
            .iter()
            .fold(Term::Truth(Some(true)), |all, (row, _)| all.and(is_true(row).negated()));
        let depth = scope.rows.len();
        // As a condition that stands by itself it was noted when it was read.
        recorder.asked.retain(|asked| earlier.is_empty() || asked.span != span);
        recorder.push(Asked {
            span,
            subject: scope.subject.clone(),
            met: reached.clone().and(is_true(term)),
            unmet: reached.and(is_true(&term.clone().negated())),
            depth,
        });
    }

    /// Conditions noted since `before` that stand in the `where` of a selection are asked of its
    /// rows.
    pub(crate) fn asked_of_rows(&mut self, before: usize, scope: &Scope, rows: &Selection) {
        let Some(recorder) = &mut self.recorder else { return };
        let depth = scope.rows.len();
        let own = recorder.asked.split_off(before.min(recorder.asked.len()));
        for asked in own {
            if asked.depth != depth + 1 {
                recorder.asked.push(asked);
                continue;
            }
            let any = |condition: Term| {
                let rows = Selection { depth, ..rows.clone() }.filtered(condition);
                Term::IsTrue(Box::new(Term::made(Aggregate::Any, rows)))
            };
            let (met, unmet) = (any(asked.met), any(asked.unmet));
            recorder.push(Asked { met, unmet, depth, ..asked });
        }
    }

    /// From here on conditions are asked of these people; of everybody when there are none.
    pub(crate) fn asked_of(&mut self, people: Option<Term>) -> Option<Term> {
        let recorder = self.recorder.as_mut()?;
        std::mem::replace(&mut recorder.people, people)
    }
}

/// Whether a condition is made of no others that stand in its words; a name stands for one that
/// stands elsewhere.
fn is_single(expr: &Expr) -> bool {
    use BinaryOperator::{And, Or};
    !matches!(
        expr,
        Expr::Binary { operator: And | Or, .. }
            | Expr::Not(_)
            | Expr::Where { .. }
            | Expr::Name(_)
            | Expr::Choose(_)
            | Expr::Unknown
    )
}
