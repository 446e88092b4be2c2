//! `grammar/interplay.ebnf` and the parser's doc comments say the same.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Productions by name, spaces and line ends evened out.
fn productions(text: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines() {
        if let Some((left, _)) = line.split_once("::=").filter(|_| !line.starts_with(' ')) {
            name = left.trim().to_owned();
            assert!(!found.contains_key(&name), "`{name}` stands twice");
        }
        if !name.is_empty() {
            let rule = found.entry(name.clone()).or_default();
            rule.push_str(line);
            rule.push(' ');
        }
    }
    let even = |rule: String| rule.split_whitespace().collect::<Vec<_>>().join(" ");
    found.into_iter().map(|(name, rule)| (name, even(rule))).collect()
}

/// The blocks marked `text` in the doc comments of a source file that hold productions.
fn blocks(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in source.lines() {
        let line = line.trim_start();
        let doc = line.strip_prefix("///").map(|line| line.strip_prefix(' ').unwrap_or(line));
        match (doc, open.take()) {
            (Some("```text"), None) => open = Some(String::new()),
            (Some("```"), Some(block)) => found.push(block),
            (Some(text), Some(block)) => open = Some(block + text + "\n"),
            _ => {}
        }
    }
    found.retain(|block| block.contains("::="));
    found
}

fn documented() -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source.join("input.rs"), source.join("parse.rs")];
    let rooms = fs::read_dir(source.join("parse")).unwrap();
    files.extend(rooms.map(|entry| entry.unwrap().path()));
    files.sort();
    let texts = files.iter().map(|file| blocks(&fs::read_to_string(file).unwrap()).concat());
    texts.collect()
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("(*") {
        kept.push_str(before);
        rest = after.split_once("*)").unwrap().1;
    }
    kept + rest
}

#[test]
fn the_grammar_is_what_the_parser_says_of_itself() {
    let written = fs::read_to_string(root().join("grammar/interplay.ebnf")).unwrap();
    let written = productions(&without_comments(&written));
    let documented = productions(&documented());
    for (name, rule) in &documented {
        assert_eq!(written.get(name), Some(rule), "grammar/interplay.ebnf");
    }
    for name in written.keys() {
        assert!(documented.contains_key(name), "no parser says that it reads `{name}`");
    }
}

#[test]
fn every_name_in_the_grammar_is_explained() {
    let written = fs::read_to_string(root().join("grammar/interplay.ebnf")).unwrap();
    let written = productions(&without_comments(&written));
    let tokens = [
        "COLUMN", "DATE", "LABEL", "MONTHDAY", "NUMBER", "ORDINAL", "PERIOD", "STRING", "TABLE",
        "letter", "digit",
    ];
    for (name, rule) in &written {
        let (_, right) = rule.split_once("::=").unwrap();
        // Every second part stands between quotation marks: words of the language.
        let outside = right.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let names = outside.split(|letter: char| !(letter.is_alphabetic() || letter == '_'));
        for used in names.filter(|used| !used.is_empty()) {
            let is_known = written.contains_key(used) || tokens.contains(&used);
            assert!(is_known, "`{name}` uses `{used}`, which nothing explains");
        }
    }
}
