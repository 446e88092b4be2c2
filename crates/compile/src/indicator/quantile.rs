//! `quantile`: the number below which a part of the people lie, say nine in ten.
//!
//! ```text
//! indicator long_wait { among: housed_youth  quantile: housed.arrived - intake.day  level: 90% }
//! ```
//!
//! Between two of the numbers it lies on the line between them: type 7 of R. J. Hyndman and Y. Fan,
//! "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996). At 50% it is
//! the median, at 0% and 100% the smallest and the largest number.
//!
//! People whose number is missing or unknown are left out, and shown. Over nobody it is empty.

use interplay_syntax::tree::Expr;

use super::value::{self, OfNumber};
use super::{Indicator, Kind, Part};
use crate::check::{Checker, Scope};
use crate::kernel::gathered::Made;
use crate::problems;
use crate::shape::Clauses;
use crate::term::Term;

pub(super) const KIND: Kind = Kind {
    name: "quantile",
    summary: "the number below which a part of the people lie",
    clauses: &["among", "level"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let value = value::check(checker, clauses, KIND.name);
    let level = level(checker, clauses);
    let (value, level) = (value?, level?);
    let part = move |number| Part::Gathered(number, Made::quantile(level));
    let figure = |made, _| made;
    Some(Box::new(OfNumber { value, part, figure, estimate: None, level: Some(level) }))
}

/// `level: 90%`, the same for everybody.
fn level(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<f64> {
    let expr = clauses.wanted("level", &mut checker.problems)?;
    let (Expr::Quantity { .. } | Expr::Number(_)) = &expr.item else {
        return checker.note(problems::wrong_expr(LEVEL, expr));
    };
    match checker.number(&Scope::of(""), expr)? {
        (Term::Number(bits), None) if (0.0..=1.0).contains(&f64::from_bits(bits)) => {
            Some(f64::from_bits(bits))
        }
        _ => checker.note(problems::wrong_expr(LEVEL, expr)),
    }
}

const LEVEL: &str = "a level from 0% to 100%";
