//! The organisations' data: read, mapped to the shared record, validated, pseudonymised, pooled.
//!
//! The life of a delivery:
//!
//! 1. [`check_source`] says what a source's format and options are worth, before any file is read.
//! 2. [`load`] finds the files of every source; those whose content is known stay as they are.
//! 3. A format of [`FORMATS`] reads a new file as columns of text; the source's mapping makes rows
//!    of the shared record of them, with pseudonyms for people. A row that does not fit goes to
//!    quarantine with the reason.
//! 4. The rows go into one Delta table a record, in buckets by subject: the truth, which any tool
//!    can read.
//! 5. [`HotBuilder`] makes the [`Hot`] form of the tables: one row per subject, mapped into
//!    memory. It can be thrown away at any time.
//! 6. The manifest is renamed in, and [`open`] gives the [`Snapshot`] that it names.
//! 7. [`Hot::table`] gives the engine a [`SubjectScan`]: slices of the mapped files.

mod error;
mod hot;
mod key;
mod load;
mod map;
mod mapping;
mod problems;
mod quarantine;
mod rows;
mod scan;
mod snapshot;
mod source;
mod table;

pub use error::{DeliveryFault, PoolError};
pub use hot::Hot;
pub use hot::build::HotBuilder;
pub use hot::noted::{Disagreement, Noted};
pub use hot::order::{Cell, content_hash};
pub use key::Key;
pub use load::{LoadReport, Progress, Step, load};
pub use mapping::asked::Asked;
pub use scan::{BATCH_SUBJECT_COUNT, SubjectScan};
pub use snapshot::{Coverage, Covered, CoveredBy, Delivery, KeyKind, Snapshot, open};
pub use source::option::SourceOption;
pub use source::{FORMATS, SourceFormat, check_source};
