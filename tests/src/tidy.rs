//! What keeps the house tidy: each function lists what is not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::case::files_with_ending;

/// The crates from the lowest to the highest: each may use those on lines above its own.
const STOREYS: &[&[&str]] = &[
    &["interplay-diagnostic"],
    &["interplay-syntax"],
    &["interplay-compile"],
    &["interplay-library", "interplay-pool"],
    &["interplay"],
    &["interplay-report"],
    &["interplay-cli"],
];

/// The crates that may name DataFusion.
const PLANNERS: &[&str] = &["interplay-compile", "interplay-pool", "interplay"];

/// No file is longer.
const MOST_LINES: usize = 600;

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every source file of the workspace, with its path from the root and its text.
fn sources() -> Vec<(String, String)> {
    let folders = ["crates", "tests", "bench"].map(|folder| root().join(folder));
    let paths = folders.iter().flat_map(|folder| files_with_ending(folder, "rs"));
    paths.map(|path| (name(&path), fs::read_to_string(&path).expect("a source is text"))).collect()
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Crates that use one which does not lie below them, or that name DataFusion and should not.
#[must_use]
pub fn arrows() -> Vec<String> {
    let mut wrong = Vec::new();
    let manifests = files_with_ending(&root().join("crates"), "toml");
    for path in manifests.iter().filter(|path| path.ends_with("Cargo.toml")) {
        let text = fs::read_to_string(path).expect("a manifest is text");
        let own = words_of(&text, "[package]", "name").pop().unwrap_or_default();
        let Some(storey) = storey_of(&own) else {
            wrong.push(format!("{} is on no storey", name(path)));
            continue;
        };
        for used in dependencies(&text) {
            let is_ours = used == "interplay" || used.starts_with("interplay-");
            if is_ours && storey_of(&used).is_none_or(|below| below >= storey) {
                wrong.push(format!("{own} uses {used}"));
            }
            if used.starts_with("datafusion") && !PLANNERS.contains(&own.as_str()) {
                wrong.push(format!("{own} names {used}"));
            }
        }
    }
    wrong
}

fn storey_of(name: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&name))
}

/// The names on the left of a manifest's `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let lines = section_of(manifest, "[dependencies]");
    let names = lines.filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn words_of(manifest: &str, section: &str, key: &str) -> Vec<String> {
    let lines = section_of(manifest, section);
    let pairs = lines.filter_map(|line| line.split_once('='));
    let values = pairs.filter(|(left, _)| left.trim() == key);
    values.map(|(_, value)| value.trim().trim_matches('"').to_owned()).collect()
}

fn section_of<'a>(manifest: &'a str, section: &str) -> impl Iterator<Item = &'a str> {
    let lines = manifest.lines().map(str::trim).skip_while(move |line| *line != section);
    let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>().into_iter()
}

/// Files that should be two.
#[must_use]
pub fn long_files() -> Vec<String> {
    let long = sources().into_iter().filter(|(_, text)| text.lines().count() > MOST_LINES);
    long.map(|(name, text)| format!("{name} has {} lines", text.lines().count())).collect()
}

/// Files that do not open with `//!`, and those named in the old way.
#[must_use]
pub fn silent_modules() -> Vec<String> {
    let silent = sources()
        .into_iter()
        .filter(|(name, text)| !text.starts_with("//!") || name.ends_with("mod.rs"));
    silent.map(|(name, _)| name).collect()
}

/// Files with something unfinished or skipped in them.
#[must_use]
pub fn leftovers() -> Vec<String> {
    // In two parts, so that this file holds none of them.
    let words = [("to", "do!("), ("unimple", "mented!("), ("#[ig", "nore"), ("TO", "DO")];
    let words = words.map(|(head, tail)| format!("{head}{tail}"));
    let mut found = Vec::new();
    for (name, text) in sources() {
        for word in words.iter().filter(|word| text.contains(*word)) {
            found.push(format!("{name} holds {word}"));
        }
    }
    found
}

/// The code words in every `problems.rs`, sorted.
#[must_use]
pub fn problem_codes() -> Vec<String> {
    let texts = sources()
        .into_iter()
        .filter(|(name, _)| name.ends_with("problems.rs") || name.contains("/problems/"));
    let codes: BTreeSet<String> = texts.flat_map(|(_, text)| codes(&text)).collect();
    codes.into_iter().collect()
}

/// The code words for which `suite/problem` holds no case of that name that shows it.
#[must_use]
pub fn codes_without_case() -> Vec<String> {
    let folder = root().join("tests/suite/problem");
    let shows = |code: &String| {
        let case = fs::read_to_string(folder.join(format!("{code}.case"))).unwrap_or_default();
        let problems = case.split("--- problems").nth(1).unwrap_or_default();
        problems.contains(&format!("[{code}]: "))
    };
    problem_codes().into_iter().filter(|code| !shows(code)).collect()
}

/// The first text after each `Diagnostic::error(` and `Diagnostic::warning(`.
fn codes(text: &str) -> Vec<String> {
    let parts = text.split("Diagnostic::").skip(1);
    let calls = parts
        .filter_map(|part| part.strip_prefix("error(").or_else(|| part.strip_prefix("warning(")));
    let words = calls.filter_map(|call| call.trim_start().strip_prefix('"')?.split('"').next());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{codes, dependencies};

    #[test]
    fn dependencies_are_the_names_of_their_section() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\n# why\nb.workspace = true\n\
                        c = { path = \"c\" }\n[[bin]]\nname = \"d\"\n";
        assert_eq!(dependencies(manifest), ["b", "c"]);
    }

    #[test]
    fn codes_are_first_texts_of_diagnostics() {
        let text = "Diagnostic::error(\n  \"one\", span, \"x\") Diagnostic::warning(\"two\", span)";
        assert_eq!(codes(text), ["one", "two"]);
    }
}
