//! `mean`: the mean of a number over the people.
//!
//! ```text
//! indicator nights { among: homeless_youth  mean: nights of stay within period }
//! ```
//!
//! People whose number is missing or unknown are left out, and shown. Over nobody it is empty.

use super::value::{self, Value};
use super::{Figure, Indicator, Kind, Part, counted};
use crate::catalog::Unit;
use crate::check::Checker;
use crate::shape::Clauses;
use crate::target_group::{Among, Step};
use crate::term::Term;

pub(super) const KIND: Kind = Kind {
    name: "mean",
    summary: "the mean of a number over the people",
    clauses: &["among"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let value = value::check(checker, clauses, KIND.name)?;
    Some(Box::new(Mean(value)))
}

#[derive(Debug)]
struct Mean(Value);

impl Indicator for Mean {
    fn among(&self) -> &Among {
        &self.0.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let [known, unknown] = self.0.sizes(people);
        vec![Part::Sum(self.0.number(people)), known, unknown]
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let people = counted(parts.get(1));
        let sum = parts.first().copied().flatten();
        Figure {
            value: sum.map(|sum| sum / people),
            denominator: Some(people),
            unknown: counted(parts.get(2)),
            ..Figure::default()
        }
    }

    fn unit(&self) -> Option<Unit> {
        self.0.unit.clone()
    }

    fn steps(&self) -> Vec<Step> {
        self.0.steps()
    }
}
