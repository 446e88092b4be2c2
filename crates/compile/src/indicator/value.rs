//! What `sum`, `mean`, `median` and `quantile` share: a number of each of the people, of which
//! one is made.

use std::fmt;

use interplay_diagnostic::Span;

use super::{Figure, Indicator, Part, Sample, counted};
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::Term;

/// A number over `among:`.
#[derive(Debug)]
pub(super) struct Value {
    among: Among,
    unit: Option<Unit>,
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
    fn number(&self, people: &Term) -> Term {
        Term::Choose {
            rows: vec![(people.clone(), self.number.clone())],
            otherwise: Box::new(Term::Missing(crate::term::Physical::Number)),
        }
    }

    /// How many of the people have a number, and how many have none.
    fn sizes(&self, people: &Term) -> [Part; 2] {
        let missing = Term::IsMissing(Box::new(self.number.clone()));
        [
            Part::Count(people.clone().and(missing.clone().negated())),
            Part::Count(people.clone().and(missing)),
        ]
    }
}

/// One number made of those of the people: the difference between the kinds is in `part` and
/// `figure`.
pub(super) struct OfNumber<P> {
    /// The number of each of the people.
    pub(super) value: Value,
    /// How they are put together.
    pub(super) part: P,
    /// The figure, of what was made and of how many people have a number.
    pub(super) figure: fn(f64, f64) -> f64,
    /// Whether it is a mean, which has an interval.
    pub(super) is_mean: bool,
}

impl<P> fmt::Debug for OfNumber<P> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OfNumber").field("value", &self.value).finish_non_exhaustive()
    }
}

impl<P: Fn(Term) -> Part + Send + Sync> Indicator for OfNumber<P> {
    fn among(&self) -> &Among {
        &self.value.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let [known, unknown] = self.value.sizes(people);
        let spread = self.is_mean.then(|| Part::Spread(self.value.number(people)));
        [(self.part)(self.value.number(people)), known, unknown].into_iter().chain(spread).collect()
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let people = counted(parts.get(1));
        let made = parts.first().copied().flatten();
        let value = made.map(|made| (self.figure)(made, people));
        let made = value.zip(parts.get(3).copied().flatten());
        let sample = made.and_then(|(mean, squares)| Sample::mean(mean, people, squares));
        Figure {
            value,
            denominator: Some(people),
            unknown: counted(parts.get(2)),
            interval: Sample::around(sample),
            sample,
            ..Figure::default()
        }
    }

    fn unit(&self) -> Option<Unit> {
        self.value.unit.clone()
    }

    fn steps(&self) -> Vec<Step> {
        let known = Term::IsMissing(Box::new(self.value.number.clone())).negated();
        vec![Step::known(self.value.span, known)]
    }
}
