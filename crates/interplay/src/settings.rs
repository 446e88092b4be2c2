//! `interplay.toml`: where the rules lie, where the pool is kept, where the key comes from.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use interplay_diagnostic::suggest;
use interplay_pool::Key;
use serde::Deserialize;

use crate::error::Error;

/// The name of the settings file in a project's folder.
pub const FILE: &str = "interplay.toml";

/// A project's settings. A word that none of these fields reads is an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The project's name, for readers.
    pub name: String,
    /// Folders or files with rules, relative to the project.
    #[serde(default = "rules")]
    pub rules: Vec<PathBuf>,
    /// Where the pool is kept, relative to the project.
    #[serde(default = "pool")]
    pub pool: PathBuf,
    /// In which language titles and labels are read, where the rules give them in several.
    pub language: Option<String>,
    /// Where the key for pseudonyms comes from; needed once something is loaded.
    pub key: Option<KeySource>,
    /// Figures look no further than this day; else the latest day that a delivery covers.
    pub data_date: Option<Day>,
}

/// A day, with or without quotation marks.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Day {
    /// `data_date = 2025-12-31`
    Date(toml::value::Datetime),
    /// `data_date = "2025-12-31"`
    Text(String),
}

/// Where the key for pseudonyms comes from: never from the project itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum KeySource {
    /// `key = "demonstration"`: built in, for samples
    Named(String),
    /// `key = { environment = "COALITION_KEY" }`
    Environment {
        /// The variable's name.
        environment: String,
    },
    /// `key = { file = "/secure/coalition.key" }`
    File {
        /// A file outside the project.
        file: PathBuf,
    },
}

fn rules() -> Vec<PathBuf> {
    vec![PathBuf::from("rules")]
}

fn pool() -> PathBuf {
    PathBuf::from(".interplay/pool")
}

/// Every setting.
const WORDS: &[&str] = &["data_date", "key", "language", "name", "pool", "rules"];

/// A key shorter than this could be guessed.
const SHORTEST_KEY: usize = 16;

impl Settings {
    /// Reads the settings of the project in `root`.
    ///
    /// # Errors
    /// When the file is missing or does not read.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let path = root.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(Error::file("read", &path))?;
        let fault = |what: String| Error::Settings { path: PathBuf::from(FILE), what };
        let table: toml::Table = toml::from_str(&text).map_err(|problem| {
            let at = problem.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or_default().lines().count().max(1);
            fault(format!("line {line} does not read as `word = value`: {}", problem.message()))
        })?;
        if let Some(word) = table.keys().find(|word| !WORDS.contains(&word.as_str())) {
            let help = match suggest::nearest(word, WORDS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", suggest::list(WORDS)),
            };
            return Err(fault(format!("there is no setting `{word}`; {help}")));
        }
        if !table.contains_key("name") {
            return Err(fault("the project has no name: write `name = \"…\"`".to_owned()));
        }
        toml::from_str(&text).map_err(|problem| {
            let at = problem.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or_default();
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
            fault(format!(
                "`{}` is not what that setting takes; docs/settings.md shows it",
                line.trim()
            ))
        })
    }

    /// The data date that is set, if one is.
    ///
    /// # Errors
    /// When it is no date.
    pub fn data_date(&self) -> Result<Option<NaiveDate>, Error> {
        let text = match &self.data_date {
            None => return Ok(None),
            Some(Day::Text(text)) => text.clone(),
            Some(Day::Date(date)) => date.to_string(),
        };
        match interplay_compile::calendar::date(&text) {
            Some(date) => Ok(Some(date)),
            None => Err(Error::Settings {
                path: PathBuf::from(FILE),
                what: format!("`data_date = \"{text}\"` is no date such as 2025-12-31"),
            }),
        }
    }

    /// The key for pseudonyms.
    ///
    /// # Errors
    /// When it is not where the settings say, too short, or inside the project.
    pub fn key(&self, root: &Path) -> Result<Key, Error> {
        let Some(key) = &self.key else {
            return Err(Error::Key(
                "interplay.toml says nothing of the key for pseudonyms; say \
                 `key = { environment = \"NAME\" }` or `key = { file = \"PATH\" }`"
                    .to_owned(),
            ));
        };
        let bytes = match key {
            KeySource::Named(name) if name == "demonstration" => return Ok(Key::Demonstration),
            KeySource::Named(name) => {
                return Err(Error::Key(format!(
                    "`key = \"{name}\"`: a key is never written into a project; say \
                     `key = {{ environment = \"NAME\" }}` or `key = {{ file = \"PATH\" }}`"
                )));
            }
            KeySource::Environment { environment } => {
                std::env::var(environment).map(String::into_bytes).map_err(|_| {
                    Error::Key(format!(
                        "the key for pseudonyms is missing: `{environment}` is not set"
                    ))
                })?
            }
            KeySource::File { file } => {
                let path = root.join(file);
                let inside = path.canonicalize().ok().zip(root.canonicalize().ok());
                if inside.is_some_and(|(path, root)| path.starts_with(root)) {
                    let path = file.display();
                    return Err(Error::Key(format!(
                        "the key file `{path}` lies inside the project, where it would be shared \
                         with it; keep it elsewhere"
                    )));
                }
                std::fs::read(&path).map_err(Error::file("read the key file", &path))?
            }
        };
        let key = bytes.trim_ascii().to_vec();
        if key.len() < SHORTEST_KEY {
            return Err(Error::Key(format!(
                "the key for pseudonyms is too short: at least {SHORTEST_KEY} characters are needed"
            )));
        }
        Ok(Key::Bytes(key))
    }
}
