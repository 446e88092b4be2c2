//! The organisations' data: read, mapped to the shared record, validated, pseudonymised, pooled.

mod error;
mod hot;
mod key;
mod map;
mod mapping;
mod problems;
mod scan;
mod source;

pub use error::PoolError;
pub use hot::Hot;
pub use hot::build::HotBuilder;
pub use hot::order::{Cell, content_hash};
pub use key::Key;
pub use scan::{BATCH_SUBJECT_COUNT, SubjectScan};
pub use source::option::SourceOption;
pub use source::{FORMATS, SourceFormat, check_source};
