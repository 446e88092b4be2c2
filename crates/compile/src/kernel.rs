//! Functions of our own that plans call: over a subject's rows, over dates, and exact sums.

mod bits;
pub mod dates;
pub mod exact;
pub mod involved;
pub mod ranges;
pub mod select;
pub mod tally;
