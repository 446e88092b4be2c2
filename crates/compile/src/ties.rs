//! Where `first`, `last`, `the 2nd` and `best` fall back on a hash of the row, and it matters.
//!
//! Rows of one day have no order of their own (D8). Whether another row of that day would have given
//! another value is asked of every subject, with the terms of this room, so that it can be told
//! beside the figures.

use std::collections::BTreeMap;

use crate::catalog::lists;
use crate::indicator::Part;
use crate::query::measure::Measured;
use crate::term::{Aggregate, Selection, Term};

/// What picks one row, and what it reads of it. The order is that of the notes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Picking {
    /// The type of subject that is asked: `person`
    pub subject: String,
    /// What the lists of the rows are called: `contact`
    pub lists: String,
    /// `contact`
    pub record: String,
    /// `first`
    pub word: String,
    /// `kind`
    pub field: String,
}

/// Everything in a query that picks one row, each with whether that fell back on the hash and
/// mattered.
#[must_use]
pub fn pickings(measured: &Measured) -> BTreeMap<Picking, Term> {
    let mut found = Found::default();
    let subject = measured.subject.as_str();
    let plain = |term: Term| term;
    for (at, measure) in measured.measures.iter().enumerate() {
        let mut people = measure.indicator.among().condition();
        if let Some(condition) = measured.conditions.get(at) {
            people = people.and(condition.clone());
        }
        for part in &measure.indicator.parts(&people) {
            found.part(part, subject);
        }
    }
    for dimension in measured.breakdowns.iter().filter_map(|it| it.domain.term()) {
        found.term(dimension, subject, &plain);
    }
    found.0
}

#[derive(Default)]
struct Found(BTreeMap<Picking, Term>);

/// What asks of a subject something that is asked of one of its rows.
type Around<'a> = &'a dyn Fn(Term) -> Term;

impl Found {
    fn part(&mut self, part: &Part, subject: &str) {
        let plain = |term: Term| term;
        match part {
            Part::Over(rows, part) => {
                self.selection(rows, subject, &plain);
                let around = |term: Term| any(rows, term);
                for term in part.terms() {
                    self.term(term, subject, &around);
                }
            }
            Part::Rows(people, selection)
            | Part::RowsUnknown(people, selection)
            | Part::RowsSubjects(people, selection) => {
                self.term(people, subject, &plain);
                self.selection(selection, subject, &plain);
            }
            _ => {
                for term in part.terms() {
                    self.term(term, subject, &plain);
                }
            }
        }
    }

    fn term(&mut self, term: &Term, subject: &str, around: Around<'_>) {
        match term {
            Term::Selected { aggregate, selection } => {
                self.picking(aggregate, selection, subject, around);
                self.selection(selection, subject, around);
            }
            Term::Of { subject: other, reference, term } => {
                self.term(reference, subject, around);
                // Whoever is referred to is asked by itself.
                self.term(term, other, &|term| term);
            }
            _ => {
                for child in term.children() {
                    self.term(child, subject, around);
                }
            }
        }
    }

    /// What is asked where a selection begins and ends, and of each of its rows.
    fn selection(&mut self, selection: &Selection, subject: &str, around: Around<'_>) {
        for bound in selection.bounds() {
            self.term(bound, subject, around);
        }
        if let Some(condition) = &selection.condition {
            self.term(condition, subject, &|term| around(any(selection, term)));
        }
    }

    fn picking(
        &mut self,
        aggregate: &Aggregate,
        selection: &Selection,
        subject: &str,
        around: Around<'_>,
    ) {
        let (Some(word), Some(field)) = (aggregate.word(), aggregate.picked()) else { return };
        let picking = Picking {
            subject: subject.to_owned(),
            lists: lists(&selection.record, selection.side.as_deref()),
            record: selection.record.clone(),
            word,
            field: field.to_owned(),
        };
        let tied = Aggregate::Tied(Box::new(aggregate.clone()));
        let tied = around(Term::made(tied, selection.clone()));
        match self.0.remove(&picking) {
            None => self.0.insert(picking, tied),
            Some(Term::Or(terms)) if terms.contains(&tied) => {
                self.0.insert(picking, Term::Or(terms))
            }
            Some(known) if known == tied => self.0.insert(picking, known),
            Some(known) => self.0.insert(picking, known.or(tied)),
        };
    }
}

/// Whether a condition is true of one of the rows in a selection's time.
fn any(selection: &Selection, condition: Term) -> Term {
    let condition = Some(Term::IsTrue(Box::new(condition)));
    Term::made(Aggregate::Any, Selection { condition, known: None, ..selection.clone() })
}
