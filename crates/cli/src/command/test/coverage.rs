//! Which conditions no test has both ways, for people and for programs.

use std::collections::BTreeMap;

use interplay::{Coverage, Covered};
use interplay_diagnostic::Sources;
use serde_json::{Value, json};

use super::place;

/// The conditions of each file that lack an outcome, and how much is met of all.
pub(super) fn text(coverage: &Coverage, sources: &Sources) -> String {
    let mut files: BTreeMap<&str, Vec<(usize, &Covered)>> = BTreeMap::new();
    for covered in coverage.conditions.iter().filter(|it| lacks(it).is_some()) {
        if let Some((file, line)) = place(covered.span, sources) {
            files.entry(file).or_default().push((line, covered));
        }
    }
    let mut text = String::new();
    for (file, conditions) in files {
        text.extend(["\n", file, "\n"]);
        for (line, covered) in conditions {
            let lacks = lacks(covered).unwrap_or_default();
            text.extend([format!("{line:>6}  {lacks:<11}  {}\n", covered.words)]);
        }
    }
    text + &summary(coverage)
}

/// `34 of 52 outcomes of 26 conditions are met: 65%`
fn summary(coverage: &Coverage) -> String {
    let (met, outcomes) = (coverage.met(), coverage.outcomes());
    let count = coverage.conditions.len();
    format!("\n{met} of {outcomes} outcomes of {count} conditions are met: {}\n", percent(coverage))
}

/// Rounded down: what is not all is never said to be.
pub(super) fn percent(coverage: &Coverage) -> String {
    format!("{:.0}%", (coverage.share() * 100.0).floor())
}

/// What no test shows of a condition.
fn lacks(covered: &Covered) -> Option<&'static str> {
    match (covered.asked, covered.met, covered.unmet) {
        (false, ..) => Some("never asked"),
        (true, false, false) => Some("never known"),
        (true, false, true) => Some("never true"),
        (true, true, false) => Some("never false"),
        (true, true, true) => None,
    }
}

/// `{ "met": 34, "outcomes": 52, "conditions": [ … ] }`
pub(super) fn object(coverage: &Coverage, sources: &Sources) -> Value {
    let conditions = coverage.conditions.iter().map(|covered| {
        let (file, line) = place(covered.span, sources).unzip();
        json!({
            "condition": covered.words,
            "file": file,
            "line": line,
            "asked": covered.asked,
            "true": covered.met,
            "false": covered.unmet,
        })
    });
    json!({
        "met": coverage.met(),
        "outcomes": coverage.outcomes(),
        "conditions": conditions.collect::<Vec<_>>(),
    })
}
