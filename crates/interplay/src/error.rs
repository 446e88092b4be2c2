//! What can go wrong that is no fault of a rule's author.

use std::error::Error as StdError;
use std::path::PathBuf;

use interplay_pool::PoolError;

/// A cause, whatever library it comes from.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// What was tried, on what, and why it did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder of the project could not be read or written.
    #[error("cannot {doing} `{}`", path.display())]
    File {
        /// `read`, `write`
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The project's settings do not read.
    #[error("`{}`: {what}", path.display())]
    Settings {
        /// `interplay.toml`
        path: PathBuf,
        /// What is wrong, and what is expected.
        what: String,
    },
    /// The key for pseudonyms is not to be had.
    #[error("{0}")]
    Key(String),
    /// The rules have problems, so that nothing can be loaded or computed by them.
    #[error("the rules have problems; `interplay check` lists them")]
    Rules,
    /// Nothing has a title or a label in the language that is asked for.
    #[error("{}", no_language(asked, known))]
    Language {
        /// `de`
        asked: String,
        /// `en`, `fr`, `nl`
        known: Vec<String>,
    },
    /// No report, or no test, is called that.
    #[error("{0}")]
    Unknown(String),
    /// Nothing says up to when the data go.
    #[error("there is no data date: set `data_date` in interplay.toml, or load a delivery")]
    NoDataDate,
    /// The pool, or a delivery for it.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// Memory ran out, or another limit of the machine was met, while a query ran.
    #[error("the query could not be finished")]
    Run {
        /// What the engine says.
        #[source]
        source: Cause,
    },
    /// A fault of Interplay's own.
    #[error("a fault of Interplay itself while {during}; please report it")]
    Bug {
        /// `lowering a query`
        during: &'static str,
        /// What was found.
        #[source]
        source: Cause,
    },
}

fn no_language(asked: &str, known: &[String]) -> String {
    let nothing = format!("no title or label is in the language `{asked}`");
    if known.is_empty() {
        return format!("{nothing}, and the rules name no other; write `\"…\" {asked} \"…\"`");
    }
    let known: Vec<String> = known.iter().map(|language| format!("`{language}`")).collect();
    format!("{nothing}; there are {}", known.join(", "))
}

impl Error {
    /// The exit code of a command that ends with it: 70 for a fault of ours, else 3; 1 when the
    /// rules are to be mended.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Bug { .. } | Self::Pool(PoolError::Bug { .. }) => 70,
            Self::Rules => 1,
            _ => 3,
        }
    }

    pub(crate) fn bug<E: Into<Cause>>(during: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Bug { during, source: source.into() }
    }

    pub(crate) fn file(
        doing: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// A DataFusion error during a run is the world's, unless it is internal.
    pub(crate) fn run(error: datafusion::error::DataFusionError) -> Self {
        use datafusion::error::DataFusionError;
        let internal = matches!(
            error.find_root(),
            DataFusionError::Internal(_)
                | DataFusionError::Plan(_)
                | DataFusionError::SchemaError(..)
        );
        if internal {
            Self::Bug { during: "running a query", source: Box::new(error) }
        } else {
            Self::Run { source: Box::new(error) }
        }
    }
}
