//! The pages of `docs/problems`: one a problem, with an example that has it and one that is mended.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case::files_with_ending;
use crate::engine;

/// The folder of the pages.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/problems")
}

/// One page.
#[derive(Debug)]
struct Page {
    /// `unknown-clause`, as the file is called
    code: String,
    text: String,
}

impl Page {
    /// The examples of the page, in their order.
    fn examples(&self) -> Vec<&str> {
        examples(&self.text)
    }
}

fn pages() -> Vec<Page> {
    let files = files_with_ending(&folder(), "md");
    let pages = files.into_iter().map(|path| Page {
        code: path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        text: fs::read_to_string(&path).expect("a page is text"),
    });
    pages.filter(|page| page.code != "README").collect()
}

/// What stands between `` ```interplay `` and `` ``` ``.
fn examples(text: &str) -> Vec<&str> {
    let parts = text.split("```interplay\n").skip(1);
    parts.filter_map(|part| Some(part.split_once("```")?.0)).collect()
}

/// The codes that have a page.
#[must_use]
pub fn codes() -> Vec<String> {
    pages().into_iter().map(|page| page.code).collect()
}

/// Pages that do not hold what a page holds, or whose examples do not show it: the first has the
/// problem once and no other, the second none at all.
#[must_use]
pub fn faults() -> Vec<String> {
    let readme = fs::read_to_string(folder().join("README.md")).expect("the page of the pages");
    let codebook = examples(&readme).concat();
    pages().iter().flat_map(|page| faults_of(page, &codebook)).collect()
}

fn faults_of(page: &Page, codebook: &str) -> Vec<String> {
    let code = &page.code;
    let sentence =
        page.text.strip_prefix(&format!("# {code}\n\n")).and_then(|it| it.lines().next());
    if !sentence.is_some_and(|sentence| sentence.ends_with('.')) {
        return vec![format!("{code}: the page opens with `# {code}` and one sentence")];
    }
    let examples = page.examples();
    let [failing, mended] = examples.as_slice() else {
        return vec![format!("{code}: the page has {} examples, not two", examples.len())];
    };
    let found = |example| engine::diagnostics(&format!("{codebook}\n{example}"));
    let (failing, mended) = (found(failing), found(mended));
    let mut faults = Vec::new();
    if failing.codes() != [code.as_str()] {
        faults.push(format!("{code}: the failing example\n{}", failing.text()));
    }
    if !mended.codes().is_empty() {
        faults.push(format!("{code}: the mended example\n{}", mended.text()));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::examples;

    #[test]
    fn examples_stand_between_fences() {
        assert_eq!(examples("a\n```interplay\nb\n```\n```text\nc\n```\n"), ["b\n"]);
    }
}
