//! `sum`: the sum of a number over the people.
//!
//! ```text
//! indicator repaid { among: clients  sum: sum of amount of repayment during period }
//! ```
//!
//! `weight: F` weighs each of the people; see `weight`. A weighted sum is the total of all whom the
//! people stand for, an estimate: with W the sum of the weights, which is taken as known, it is W
//! times the weighted mean, and so is its interval (W. G. Cochran, "Sampling Techniques", 1977). A
//! sum without weights is of those who are there, and has none.
//!
//! People whose number is missing or unknown are left out, and shown. Over nobody it is empty.

use super::value::{self, Estimate, OfNumber};
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
    let estimate = Some(Estimate::Total);
    let (figure, level) = (|made, _| made, None);
    Some(Box::new(OfNumber { value, part: Part::Sum, figure, estimate, level }))
}
