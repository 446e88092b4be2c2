//! What `sum`, `mean`, `median` and `quantile` share: a number of each of the people.

use interplay_diagnostic::Span;

use super::Part;
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::Term;

/// A number over `among:`.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) among: Among,
    pub(super) unit: Option<Unit>,
    number: Term,
    span: Span,
}

/// Reads `among:` and the number after `label:`.
pub(super) fn check(
    checker: &mut Checker<'_>,
    clauses: &Clauses<'_>,
    label: &str,
) -> Option<Value> {
    let among = clauses.wanted("among", &mut checker.problems);
    let expr = clauses.wanted(label, &mut checker.problems)?;
    let among = target_group::among(checker, among?)?;
    let (number, unit) = checker.number(&Scope::of(&among.subject), expr)?;
    Some(Value { among, unit, number, span: expr.span })
}

impl Value {
    /// The number of those who count; missing for the others.
    pub(super) fn number(&self, people: &Term) -> Term {
        Term::Choose {
            rows: vec![(people.clone(), self.number.clone())],
            otherwise: Box::new(Term::Missing(crate::term::Physical::Number)),
        }
    }

    /// How many of the people have a number, and how many have none.
    pub(super) fn sizes(&self, people: &Term) -> [Part; 2] {
        let missing = Term::IsMissing(Box::new(self.number.clone()));
        [
            Part::Count(people.clone().and(missing.clone().negated())),
            Part::Count(people.clone().and(missing)),
        ]
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let known = Term::IsMissing(Box::new(self.number.clone())).negated();
        vec![Step { span: self.span, condition: known }]
    }
}
