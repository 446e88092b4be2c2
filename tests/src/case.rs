//! Case files: one behaviour each, as text that can be read, checked and rewritten.
//!
//! ```text
//! # A shared night is one night.
//!
//! --- program
//! record stay of person during arrived until left { … }
//!
//! --- result
//! …
//! ```
//!
//! A case opens with a sentence, then come sections. A test says what the sections should hold;
//! where the file says otherwise, the test fails and shows both. `UPDATE=1` rewrites the file
//! instead, and the reviewer reads the difference.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One case file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Where it lies.
    pub path: PathBuf,
    /// The lines that begin with `#`, without the mark: what the case shows.
    pub sentence: String,
    /// In the order written.
    pub sections: Vec<Section>,
}

/// `--- given stay harbour` and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `given`
    pub name: String,
    /// `stay`, `harbour`
    pub words: Vec<String>,
    /// The lines up to the next section, without empty lines at either end.
    pub text: String,
}

impl Case {
    /// Reads `text`, which lies at `path`.
    #[must_use]
    pub fn read(path: &Path, text: &str) -> Self {
        let mut case = Self { path: path.to_owned(), sentence: String::new(), sections: vec![] };
        let mut sentence = Vec::new();
        for line in text.lines() {
            if let Some(header) = line.strip_prefix("--- ") {
                let mut words = header.split_whitespace().map(str::to_owned);
                let name = words.next().unwrap_or_default();
                let words = words.collect();
                case.sections.push(Section { name, words, text: String::new() });
            } else if let Some(section) = case.sections.last_mut() {
                section.text.push_str(line);
                section.text.push('\n');
            } else if let Some(comment) = line.strip_prefix('#') {
                sentence.push(comment.trim());
            }
        }
        for section in &mut case.sections {
            section.text = section.text.trim_matches('\n').to_owned();
        }
        case.sentence = sentence.join("\n");
        case
    }

    /// The text of the file.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = String::new();
        for line in self.sentence.lines() {
            text.push_str(format!("# {line}").trim_end());
            text.push('\n');
        }
        for section in &self.sections {
            let header = [vec![section.name.clone()], section.words.clone()].concat().join(" ");
            let _infallible = write!(text, "\n--- {header}\n{}\n", section.text);
        }
        text
    }

    /// The text of the first section called `name`, if there is one.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&str> {
        self.sections_called(name).next().map(|section| section.text.as_str())
    }

    /// The sections called `name`.
    pub fn sections_called(&self, name: &str) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.name == name)
    }
}

/// Runs every case of `folder`, and those of the folders in it, against `run`.
///
/// `run` gets a case and says what its sections hold in truth, by name; sections it does not name
/// are given ones. `FILTER=word` runs only the cases whose path holds the word.
///
/// # Panics
///
/// When a case differs and `UPDATE` is not set, and when there is no case at all.
#[track_caller]
pub fn check(folder: &Path, run: impl Fn(&Case) -> Vec<(String, String)>) {
    let filter = std::env::var("FILTER").unwrap_or_default();
    let is_update = std::env::var_os("UPDATE").is_some();
    let paths = files_with_ending(folder, "case");
    assert!(!paths.is_empty(), "no case lies in {}", folder.display());
    let mut differences = String::new();
    for path in paths.iter().filter(|path| path.to_string_lossy().contains(&filter)) {
        let text = fs::read_to_string(path).expect("a case can be read");
        let written = Case::read(path, &text.replace("\r\n", "\n"));
        assert!(!written.sentence.is_empty(), "{} says no sentence", path.display());
        let mut found = written.clone();
        for (name, text) in run(&written) {
            let section = found.sections.iter_mut().find(|section| section.name == name);
            let section = section.unwrap_or_else(|| panic!("{path:?} asks for no `{name}`"));
            text.trim_matches('\n').clone_into(&mut section.text);
        }
        if is_update {
            fs::write(path, found.print()).expect("a case can be written");
        } else if found != written {
            differences.push_str(&difference(&written, &found));
        }
    }
    assert!(differences.is_empty(), "{differences}\n(UPDATE=1 rewrites the cases)");
}

/// Where two readings of a case differ, line by line: `-` is the file, `+` is the truth.
fn difference(written: &Case, found: &Case) -> String {
    let mut text = format!("\n{}: {}\n", written.path.display(), written.sentence);
    for (one, other) in written.sections.iter().zip(&found.sections) {
        if one == other {
            continue;
        }
        let _infallible = writeln!(text, "--- {}", one.name);
        let (old, new): (Vec<_>, Vec<_>) =
            (one.text.lines().collect(), other.text.lines().collect());
        let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[same..], &new[same..]);
        let ends = old.iter().rev().zip(new.iter().rev());
        let same_at_end = ends.take_while(|(old, new)| old == new).count();
        if same > 0 {
            let _infallible = writeln!(text, "  … {same} equal lines");
        }
        for line in &old[..old.len() - same_at_end] {
            let _infallible = writeln!(text, "- {line}");
        }
        for line in &new[..new.len() - same_at_end] {
            let _infallible = writeln!(text, "+ {line}");
        }
    }
    text
}

/// Every file under `folder` whose name ends in `.ending`, sorted by path.
#[must_use]
pub fn files_with_ending(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with_ending(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The lines of a table section as cells: `a | b` is two. An empty cell is an empty text.
#[must_use]
pub fn table(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Case, table};

    #[test]
    fn a_case_reads_back_as_it_is_printed() {
        let text = "# One night.\n# Twice.\n\n--- given stay harbour\na | b\n\n--- result\n5\n";
        let case = Case::read(Path::new("one.case"), text);
        assert_eq!(case.sections[0].words, ["stay", "harbour"]);
        assert_eq!(case.section("result"), Some("5"));
        assert_eq!(case.print(), text);
    }

    #[test]
    fn an_empty_cell_is_an_empty_text() {
        assert_eq!(table("ann |  | 3"), [["ann", "", "3"]]);
    }
}
