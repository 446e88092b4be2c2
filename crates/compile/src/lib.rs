//! What a program means: names, types and units are checked, and rules lowered to plans.
//!
//! The life of a query:
//!
//! 1. [`check::check`] reads the declarations of all rule files into a [`check::Model`]: every
//!    name found, every type known, all problems told at once.
//! 2. [`query::check`] resolves a query against the model. What rules say of one subject becomes
//!    [`term::Term`]s, in which the period is still open.
//! 3. [`plan::plan`] lowers the terms for each period to per-subject columns of one plan, and
//!    adds them up by grouping sets.
//! 4. [`figures::place`] reads the rows that come out, and each kind of indicator makes its
//!    [`indicator::Figure`] of them.

pub mod asked;
pub mod calendar;
pub mod catalog;
pub mod check;
pub mod contained;
pub mod dimension;
pub mod figures;
pub mod hierarchy;
pub mod indicator;
pub mod instant;
pub mod kernel;
pub mod lower;
pub mod organisation;
pub mod plan;
pub mod planning;
pub mod query;
pub mod reached;
pub mod selection;
pub mod silence;
pub mod statistics;
pub mod target_group;
pub mod term;
pub mod ties;
pub mod trace;
pub mod types;

mod amount;
mod dated;
mod days;
mod declare;
mod expression;
mod lost;
mod period;
mod problems;
mod shape;
mod timing;
mod turned;
mod units;

pub use check::{Model, check};
pub use lost::Lost;
