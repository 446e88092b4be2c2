//! `weight: F`: how many others somebody stands for, in a survey.
//!
//! ```text
//! indicator content { among: answer during period   share: content is yes   weight: weight }
//! ```
//!
//! A weight counts when it is above 0; of whom it is missing, or is not, the figure is unknown.
//! Sizes stay numbers of those who answered, each once. Intervals take the effective sample size,
//! (Σw)² / Σw², for the size (L. Kish, "Survey Sampling", 1965).

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::{Part, counted};
use crate::check::{Checker, Scope};
use crate::problems;
use crate::shape::Clauses;
use crate::term::{Comparison, Operator, Term};

/// What a reader of a weighted figure should know.
pub(super) const REMARK: &str = "Where figures are weighted, their sizes count everyone once, and \
     intervals rest on the effective sample size.";

/// The name of the effective sample size among the further numbers.
pub(super) const EFFECTIVE: &str = "effective_n";

/// Of fewer than two, as effective sizes go, there is no interval of a mean; a billionth is
/// forgiven.
pub(super) const LEAST: f64 = 2.0 - 1e-9;

/// A number above 0, or missing.
#[derive(Clone, Debug)]
pub(super) struct Weight(Term);

/// The clause, which may be left away; the outer none means that a problem is noted.
#[expect(clippy::option_option, reason = "a clause may be left away, or have a problem")]
pub(super) fn read(
    checker: &mut Checker<'_>,
    scope: &Scope,
    clauses: &Clauses<'_>,
) -> Option<Option<Weight>> {
    if !clauses.has("weight") {
        return Some(None);
    }
    let expr = clauses.expression("weight", &mut checker.problems)?;
    let (weight, _) = checker.number(scope, expr)?;
    if matches!(&weight, Term::Number(bits) if f64::from_bits(*bits) <= 0.0) || is_negative(expr) {
        return checker.note(problems::wrong_expr("a weight above 0", expr));
    }
    let counts = weight.clone().compared(Comparison::Greater, Term::number(0.0));
    Some(Some(Weight(weight.where_true(counts))))
}

/// `-1`
fn is_negative(expr: &Spanned<Expr>) -> bool {
    match &expr.item {
        Expr::Negative(inner) => matches!(inner.item, Expr::Number(_)),
        Expr::Parenthesised(inner) => is_negative(inner),
        _ => false,
    }
}

fn product(left: Term, right: Term) -> Term {
    let (left, right) = (Box::new(left), Box::new(right));
    Term::Arithmetic { operator: Operator::Multiply, left, right }
}

impl Weight {
    /// Whether somebody has none.
    pub(super) fn lacks(&self) -> Term {
        Term::IsMissing(Box::new(self.0.clone()))
    }

    /// A condition, unknown of whom the weight is missing.
    pub(super) fn known(&self, condition: Term) -> Term {
        let rows = vec![(self.lacks(), Term::Truth(None))];
        Term::Choose { rows, otherwise: Box::new(condition) }
    }

    /// A number, missing of whom the weight is.
    pub(super) fn of(&self, number: Term) -> Term {
        number.where_true(self.0.is_there())
    }

    /// A number times the weight.
    pub(super) fn times(&self, number: Term) -> Term {
        product(number, self.0.clone())
    }

    /// The weights of those for whom the condition is true.
    pub(super) fn sum(&self, condition: Term) -> Part {
        Part::Sum(self.0.clone().where_true(condition))
    }

    /// Their squares.
    pub(super) fn squares(&self, condition: Term) -> Part {
        Part::Sum(product(self.0.clone(), self.0.clone()).where_true(condition))
    }

    /// The squared distances of a number from its weighted mean, each as often as it weighs.
    pub(super) fn spread(&self, number: Term) -> Part {
        Part::Pairs(number, self.0.clone())
    }
}

/// The effective sample size; 0 of nobody.
pub(super) fn effective(sum: Option<&Option<f64>>, squares: Option<&Option<f64>>) -> f64 {
    let (sum, squares) = (counted(sum), counted(squares));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}
