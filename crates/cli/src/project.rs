//! The project a command works on, and its session.

use std::future::Future;
use std::path::{Path, PathBuf};

use interplay::Session;
use interplay_diagnostic::problem::has_error;

use crate::progress::Bar;
use crate::stop::Stop;
use crate::terminal;

/// The file that makes a folder a project.
const SETTINGS: &str = "interplay.toml";

/// What the command line says of the project, besides what is wanted of it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Where it lies.
    pub(crate) folder: PathBuf,
    /// `--language nl`
    pub(crate) language: Option<String>,
}

/// The folder that was given, or else the nearest one with a project, from here upwards.
pub(crate) fn folder(given: Option<&Path>) -> Result<PathBuf, Stop> {
    if let Some(folder) = given {
        if folder.join(SETTINGS).is_file() {
            return Ok(folder.to_owned());
        }
        let message = format!("{} holds no project: there is no `{SETTINGS}`", folder.display());
        return Err(Stop::World(message));
    }
    let here =
        std::env::current_dir().map_err(|error| Stop::world("cannot tell the folder", &error))?;
    match here.ancestors().find(|folder| folder.join(SETTINGS).is_file()) {
        // Names of files stay short when the project is here.
        Some(folder) if folder == here => Ok(PathBuf::from(".")),
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Stop::World(format!(
            "no project here: there is no `{SETTINGS}` in this folder or above it \
             (`interplay new DIR` makes a project, `--project DIR` names one)"
        ))),
    }
}

/// Opens the project that is asked for; `bar` shows how far a load is.
pub(crate) async fn open(asked: &Asked, bar: &Bar) -> Result<Session, Stop> {
    let mut builder = Session::builder().project(&asked.folder);
    if let Some(language) = &asked.language {
        builder = builder.language(language);
    }
    if let Some(listener) = bar.listener() {
        builder = builder.progress(listener);
    }
    builder.open().await.map_err(|error| match error {
        interplay::Error::Language { .. } if asked.language.is_some() => {
            Stop::Usage(error.to_string())
        }
        error => error.into(),
    })
}

/// Opens the project that is asked for and tells the problems of its rules; with an error among them
/// nothing can be asked.
pub(crate) async fn open_sound(asked: &Asked) -> Result<Session, Stop> {
    let session = open(asked, &Bar::default()).await?;
    terminal::problems(session.problems(), session.sources());
    if has_error(session.problems()) { Err(Stop::Problems) } else { Ok(session) }
}

/// What comes out of `work`, unless Ctrl-C comes first.
pub(crate) async fn unless_cancelled<T>(work: impl Future<Output = T>) -> Result<T, Stop> {
    tokio::select! {
        biased;
        signal = tokio::signal::ctrl_c() => {
            Err(signal.map_or_else(|error| Stop::world("cannot listen for Ctrl-C", &error), |()| Stop::Cancelled))
        }
        done = work => Ok(done),
    }
}
