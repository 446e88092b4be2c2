//! What README.md shows is what comes out.
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sample, as the front page names it.
const SAMPLE: &str = "samples/youth-homelessness";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Copies a folder without what runs have left in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_name() == ".interplay" {
            continue;
        }
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Line ends mean nothing: the page wraps what a terminal does not.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The questions of the page, each with all that is shown in its block.
fn shown(page: &str) -> Vec<(String, String)> {
    let blocks = page.split("```text\n").skip(1).filter_map(|block| block.split("```").next());
    let mut shown = Vec::new();
    for block in blocks {
        for line in block.lines() {
            let asked = line.strip_prefix("interplay> ").map(str::to_owned);
            let asked = asked.or_else(|| {
                let query = line.strip_prefix("$ interplay query ")?.split('\'').nth(1)?;
                Some(query.to_owned())
            });
            shown.extend(asked.map(|query| (query, words(block))));
        }
    }
    shown
}

#[test]
fn the_front_page_shows_what_comes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root().join(SAMPLE), &folder.path().join(SAMPLE));
    let page = fs::read_to_string(root().join("README.md")).expect("the front page");
    let shown = shown(&page);
    assert!(shown.len() >= 4, "{shown:?}");
    for (query, block) in shown {
        let output = Command::new(env!("CARGO_BIN_EXE_interplay"))
            .args(["query", "--project", SAMPLE, &query])
            .current_dir(folder.path())
            .output()
            .expect("the program runs");
        let results = String::from_utf8_lossy(&output.stdout).into_owned();
        // A session does not repeat what was typed.
        let results = words(results.split_once('\n').map_or("", |(_, rest)| rest));
        assert!(block.contains(&results), "{query}\n{results}\n{block}");
        let problems = String::from_utf8_lossy(&output.stderr).into_owned();
        let first = problems.lines().next().unwrap_or_default();
        assert!(block.contains(&words(first)), "{query}\n{problems}\n{block}");
    }
}

#[test]
fn the_rule_on_the_front_page_is_the_sample_s() {
    let page = fs::read_to_string(root().join("README.md")).expect("the front page");
    let rule = page.split("```interplay\n").nth(1).and_then(|rest| rest.split("```").next());
    let rules = root().join(SAMPLE).join("rules/indicators.interplay");
    let rules = fs::read_to_string(rules).expect("the rules");
    assert!(rules.contains(rule.expect("a rule")));
}
