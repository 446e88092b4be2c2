//! The files of a source.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::problems;

/// Wild cards stop at folders, and hidden files are asked for by name.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A file of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// From the project's folder, with `/`.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// The location as a pattern; why it is none, otherwise.
pub(crate) fn pattern(location: &str) -> Result<Pattern, String> {
    Pattern::new(location).map_err(|fault| fault.msg.to_owned())
}

/// The files that match `location` in the project's folder, by name.
pub(crate) fn files(project: &Path, location: &str) -> Result<Vec<Found>, String> {
    let root = Pattern::escape(&project.to_string_lossy());
    let place = Path::new(&root).join(location);
    let paths = glob::glob_with(&place.to_string_lossy(), OPTIONS)
        .map_err(|fault| problems::no_pattern(location, fault.msg))?;
    let mut found = Vec::new();
    for path in paths {
        let path = path.map_err(|fault| problems::unreadable(&fault))?;
        if path.is_file() {
            let inside = path.strip_prefix(project).unwrap_or(&path);
            let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
            let name = parts.collect::<Vec<_>>().join("/");
            found.push(Found { name, path });
        }
    }
    found.sort();
    if found.is_empty() { Err(problems::no_files(location)) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::files;

    #[test]
    fn files_come_by_name_and_none_is_an_error() {
        let project = tempfile::tempdir().unwrap();
        let dir = project.path().join("in [1]");
        fs::create_dir(&dir).unwrap();
        for name in ["stays-2024.csv", "stays-2023.csv", "other.csv"] {
            fs::write(dir.join(name), "a\n").unwrap();
        }
        let names = |place: &str| -> Vec<String> {
            files(&dir, place).unwrap().into_iter().map(|file| file.name).collect()
        };
        assert_eq!(names("stays-*.csv"), ["stays-2023.csv", "stays-2024.csv"]);
        let error = files(&dir, "gone/*.csv").unwrap_err();
        assert_eq!(error, "no file matches `gone/*.csv`");
    }
}
