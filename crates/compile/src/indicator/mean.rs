//! `mean`: the mean of a number over the people.
//!
//! ```text
//! indicator nights { among: homeless_youth  mean: nights of stay within period }
//! ```
//!
//! The 95 % interval is mean ± t·s/√n, with s the standard deviation of the sample and t the point
//! of Student's distribution with n − 1 degrees of freedom ("Student", "The probable error of a
//! mean", Biometrika 6 (1908)). Of one person there is none.
//!
//! `weight: F` weighs each of the people; see `weight`.
//!
//! People whose number is missing or unknown are left out, and shown. Over nobody it is empty.

use super::value::{self, Estimate, OfNumber};
use super::{Indicator, Kind, Part};
use crate::check::Checker;
use crate::shape::Clauses;

pub(super) const KIND: Kind = Kind {
    name: "mean",
    summary: "the mean of a number over the people",
    clauses: &["among", "weight"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let value = value::check(checker, clauses, KIND.name)?;
    Some(Box::new(OfNumber {
        value,
        part: Part::Sum,
        figure: |made, people| made / people,
        estimate: Some(Estimate::Mean),
        level: None,
    }))
}
