//! `median`: the middle of a number over the people.
//!
//! ```text
//! indicator wait { among: housed_youth  median: housed.arrived - intake.day }
//! ```
//!
//! People whose number is missing or unknown are left out, and shown. Over nobody it is empty.

use super::value::{self, OfNumber};
use super::{Indicator, Kind, Part};
use crate::check::Checker;
use crate::shape::Clauses;

pub(super) const KIND: Kind = Kind {
    name: "median",
    summary: "the middle of a number over the people",
    clauses: &["among"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let value = value::check(checker, clauses, KIND.name)?;
    let (part, estimate, level) = (Part::Median, None, Some(0.5));
    Some(Box::new(OfNumber { value, part, figure: |made, _| made, estimate, level }))
}
