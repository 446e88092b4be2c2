//! The organisations' data: read, mapped to the shared record, validated, pseudonymised, pooled.

mod error;
mod hot;
mod key;
mod load;
mod map;
mod mapping;
mod problems;
mod quarantine;
mod scan;
mod snapshot;
mod source;
mod table;

pub use error::{DeliveryFault, PoolError};
pub use hot::Hot;
pub use hot::build::HotBuilder;
pub use hot::order::{Cell, content_hash};
pub use key::Key;
pub use load::{LoadReport, Progress, Step, load};
pub use scan::{BATCH_SUBJECT_COUNT, SubjectScan};
pub use snapshot::{Coverage, Covered, CoveredBy, Delivery, KeyKind, Snapshot, open};
pub use source::option::SourceOption;
pub use source::{FORMATS, SourceFormat, check_source};
