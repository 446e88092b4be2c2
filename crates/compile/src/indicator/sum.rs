//! `sum`: the sum of a number over the people.
//!
//! ```text
//! indicator repaid { among: clients  sum: sum of amount of repayment during period }
//! ```
//!
//! `weight: F` weighs each of the people; see `weight`.
//!
//! People whose number is missing or unknown are left out, and shown. Over nobody it is empty.

use super::value::{self, OfNumber};
use super::{Indicator, Kind, Part};
use crate::check::Checker;
use crate::problems;
use crate::shape::Clauses;

pub(super) const KIND: Kind = Kind {
    name: "sum",
    summary: "the sum of a number over the people",
    clauses: &["among", "weight"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let value = value::check(checker, clauses, KIND.name)?;
    if let Some(other) = value.brought_by_each() {
        return checker.note(problems::multiplied(other, value.subject(), value.span()));
    }
    Some(Box::new(OfNumber { value, part: Part::Sum, figure: |made, _| made, is_mean: false }))
}
