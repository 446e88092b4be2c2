//! Functions of our own that plans call: over a subject's rows, over dates, and over groups.

mod bits;
pub mod dates;
pub mod days;
pub mod exact;
pub mod gathered;
pub mod involved;
pub mod lifted;
pub mod look;
pub mod pairs;
pub mod ranges;
pub mod select;
pub(crate) mod silent;
pub mod survival;
pub mod taken;
pub mod tally;
