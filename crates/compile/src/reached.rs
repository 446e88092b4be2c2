//! What terms say of other subjects than the one a plan is about.
//!
//! `household.poor` asks of each person something about a household. It is computed for all
//! households in a plan of their own, in the order of their places, and the plan about persons
//! looks it up by place: there is no join, and nothing moves. What leans on further subjects is
//! computed after them; equal terms are computed once a cell.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use datafusion::catalog::TableProvider;
use datafusion::common::Result;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use crate::calendar::Period;
use crate::lower::{Ground, Lowering};
use crate::plan::part_column;
use crate::term::{Operator, Physical, Term};

/// Values of terms for all subjects of a type, by their places.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    values: HashMap<Key, ArrayRef>,
}

/// Of which subject, what, and in which period if it mentions one.
type Key = (String, Term, Option<Period>);

/// Terms about one subject that can be computed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// `household`
    pub subject: String,
    /// Each once.
    pub terms: Vec<Term>,
}

impl Reached {
    /// The values of a term about `subject` in a cell, once they are there.
    #[must_use]
    pub fn get(&self, subject: &str, term: &Term, period: Period) -> Option<&ArrayRef> {
        self.values.get(&key(subject, term, period))
    }

    /// Keeps the values of a term: one for each subject of its type.
    pub fn insert(&mut self, subject: &str, term: &Term, period: Period, values: ArrayRef) {
        self.values.insert(key(subject, term, period), values);
    }

    /// Forgets what was computed for one cell alone.
    pub fn leave(&mut self) {
        self.values.retain(|(_, _, period), _| period.is_none());
    }

    /// What has to be computed before `terms` can be in a cell, in this order.
    #[must_use]
    pub fn stages(&self, terms: &[&Term], period: Period) -> Vec<Stage> {
        let mut ranked: BTreeMap<(usize, &str), Vec<&Term>> = BTreeMap::new();
        for term in terms {
            rank(term, &mut |rank, subject, term| {
                let known = self.get(subject, term, period).is_some();
                let stage = ranked.entry((rank, subject)).or_default();
                if !known && !stage.contains(&term) {
                    stage.push(term);
                }
            });
        }
        let stages = ranked.into_iter().filter(|(_, terms)| !terms.is_empty());
        let stage = |((_, subject), terms): ((usize, &str), Vec<&Term>)| Stage {
            subject: subject.to_owned(),
            terms: terms.into_iter().cloned().collect(),
        };
        stages.map(stage).collect()
    }
}

fn key(subject: &str, term: &Term, period: Period) -> Key {
    (subject.to_owned(), term.clone(), term.mentions_period().then_some(period))
}

/// How many terms about other subjects lie in one another at most; each is told with its own
/// number of those within it.
fn rank<'t>(term: &'t Term, tell: &mut impl FnMut(usize, &'t str, &'t Term)) -> usize {
    if let Term::Of { subject, reference, term } = term {
        let within = rank(term, tell);
        tell(within, subject, term);
        return rank(reference, tell).max(within + 1);
    }
    term.children().into_iter().map(|child| rank(child, tell)).max().unwrap_or(0)
}

/// Of which other subject a number is, if it is as much as that one's: summed up, it would be
/// brought in again by everyone who refers to it. A part of it, as of rent by heads, is not.
pub(crate) fn brought_by_each(term: &Term) -> Option<&str> {
    match term {
        Term::Of { subject, term, .. } if term.physical() == Physical::Number => Some(subject),
        Term::Arithmetic { operator: Operator::Add | Operator::Subtract, left, right } => {
            brought_by_each(left).or_else(|| brought_by_each(right))
        }
        Term::Arithmetic { left, right, .. } => match (left.as_ref(), right.as_ref()) {
            (Term::Number(_), number) | (number, Term::Number(_)) => brought_by_each(number),
            _ => None,
        },
        Term::Choose { rows, otherwise } => {
            let values = rows.iter().map(|(_, value)| value).chain([otherwise.as_ref()]);
            values.into_iter().find_map(brought_by_each)
        }
        _ => None,
    }
}

/// The plan of a stage: a [`part_column`] for each term, a row for each subject in the order of
/// the table.
pub fn plan(
    stage: &Stage,
    ground: Ground<'_>,
    table: &Arc<dyn TableProvider>,
) -> Result<LogicalPlan> {
    let mut lowering = Lowering::new(ground, &stage.subject, "c");
    let mut columns: Vec<Expr> = Vec::with_capacity(stage.terms.len());
    for (at, term) in stage.terms.iter().enumerate() {
        columns.push(lowering.column(term)?.alias(part_column(at)));
    }
    let scan = LogicalPlanBuilder::scan("subjects", provider_as_source(Arc::clone(table)), None)?;
    lowering.staged(scan)?.project(columns)?.build()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Reached, Stage};
    use crate::calendar::Period;
    use crate::term::{Physical, Term};

    fn of(subject: &str, reference: Term, term: Term) -> Term {
        Term::Of {
            subject: subject.to_owned(),
            reference: Box::new(reference),
            term: Box::new(term),
        }
    }

    fn field(name: &str) -> Term {
        let (record, field) = ("file".to_owned(), name.to_owned());
        Term::Property { record, field, physical: Physical::Subject }
    }

    #[test]
    fn what_lies_deepest_comes_first_and_once() {
        let owner = of("person", field("owner"), field("birth"));
        let twice = of("house", field("house"), owner.clone()).and(owner.clone());
        let day = NaiveDate::MIN;
        let stages = Reached::default().stages(&[&twice], Period { first: day, last: day });
        let stage =
            |subject: &str, term: Term| Stage { subject: subject.to_owned(), terms: vec![term] };
        assert_eq!(stages, [stage("person", field("birth")), stage("house", owner)]);
    }
}
