//! The organisations' data: read, mapped to the shared record, validated, pseudonymised, pooled.

mod error;
mod hot;
mod map;
mod problems;
mod scan;

pub use error::PoolError;
pub use hot::Hot;
pub use hot::build::HotBuilder;
pub use hot::order::{Cell, content_hash};
pub use scan::{BATCH_SUBJECT_COUNT, SubjectScan};
