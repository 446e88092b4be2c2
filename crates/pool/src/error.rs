//! What can go wrong in the world when the pool is read or written.

use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};

/// A cause, whatever library it comes from.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// What was tried, on what, and why it did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// A file or folder could not be read or written.
    #[error("cannot {doing} `{}`", path.display())]
    File {
        /// `read`, `write`, `create the folder`
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A file of the pool is not what the pool wrote.
    #[error("`{}` is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Deliveries that cannot be read as their sources say: all of them.
    #[error("{}", crate::problems::deliveries(faults))]
    Deliveries {
        /// One a file and reason.
        faults: Vec<DeliveryFault>,
    },
    /// Rows that do not have the form of their record.
    #[error("record `{record}`: {what}")]
    Rows {
        /// `stay`
        record: String,
        /// What is wrong with them.
        what: String,
    },
    /// A pool was built with another key.
    #[error("{0}")]
    Key(String),
    /// A table of the pool could not be read or written.
    #[error("cannot {doing} the table of `{record}`")]
    Table {
        /// `read`, `write`
        doing: &'static str,
        /// `stay`
        record: String,
        /// What the table's library says.
        #[source]
        source: Cause,
    },
    /// A fault of Interplay's own.
    #[error("a fault of Interplay itself while {during}")]
    Bug {
        /// `building the hot form`
        during: &'static str,
        /// What was found.
        #[source]
        source: Cause,
    },
}

/// Why a delivery cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryFault {
    /// `night_shelter.stays`
    pub source_name: String,
    /// The file, if it is one file's fault.
    pub file: Option<String>,
    /// In the steward's words.
    pub what: String,
}

impl PoolError {
    /// For `map_err`: what was tried on which file.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }

    /// For `map_err`: what we were at when a thing that cannot fail failed.
    pub(crate) fn bug<E: Into<Cause>>(during: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Bug { during, source: source.into() }
    }

    /// For `map_err`: a file of ours that does not read.
    pub(crate) fn damaged<E: ToString>(path: &Path) -> impl FnOnce(E) -> Self {
        move |source| Self::Damaged { path: path.to_owned(), what: source.to_string() }
    }

    /// For `map_err`: what was tried on which record's table.
    pub(crate) fn table<E: Into<Cause>>(
        doing: &'static str,
        record: &str,
    ) -> impl FnOnce(E) -> Self {
        move |source| Self::Table { doing, record: record.to_owned(), source: source.into() }
    }
}
