//! The constructs of the language, held against what the samples use: their rules, tests and pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use interplay_compile::indicator::{COMMON, KINDS};
use interplay_compile::query::VERBS;
use interplay_compile::selection::AGGREGATES;
use interplay_compile::types::TimeUnit;
use interplay_pool::FORMATS as SOURCE_FORMATS;
use interplay_report::FORMATS;
use interplay_syntax::tree::{DeclarationKind, Program};

use crate::{engine, text};
use seen::Seen;

mod seen;

/// What belongs to other parts of the language, or cannot stand in a sample, with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("declaration `bridge`", "library versions"),
    ("declaration `contribution rule`", "contributions"),
    ("declaration `timeline`", "sets of days (D24)"),
    ("header `from` of `record`", "derived records (D22)"),
    ("header `where` of `record`", "derived records (D22)"),
    ("header `is` of `subject`", "derived subjects (D22)"),
    ("`library` with `use:`", "library versions"),
    ("`library` with `silence:`", "to all three coalitions silence says nothing"),
    ("source format `memory`", "it reads what an embedding program hands over"),
];

/// What follows no table: the phrases that the grammar itself knows, by the name under which
/// [`Seen`] notes them.
const PHRASES: &[&str] = &[
    // Selections (D8, D21)
    "any",
    "any other",
    "no",
    "no other",
    "every",
    "first",
    "last",
    "the 2nd",
    "best … by",
    "ascending",
    "descending",
    "known only",
    "this.F",
    "organisation of a row",
    // Timing (D9)
    "during P",
    "overlapping P",
    "within P",
    "before X",
    "after X",
    "on or before X",
    "on or after X",
    "within D before X",
    "within D after X",
    "within D of X",
    "between D and D before X",
    "between D and D after X",
    "between DATE and DATE",
    "starting RELATION",
    "ending RELATION",
    "starting in P",
    "ending in P",
    "as of X",
    // Dates and periods (D6, D7)
    "D before X",
    "D after X",
    "the D before X",
    "the D after X",
    "A .. B",
    "last N UNITS",
    "previous period",
    "previous UNIT",
    "UNIT N of P",
    "year to date",
    "2025",
    "2025-Q1",
    "2025-03",
    "2025-W05",
    "2025-01-31",
    // Values, conditions, units (D4, D10, D14, D15, D23)
    "age at DATE",
    "PARAMETER at DATE",
    "X in UNIT",
    "A per B",
    "50%",
    "a text",
    "a number with its unit",
    "choose",
    "else",
    "band",
    "recode",
    "pseudonym",
    "is CODE",
    "is not CODE",
    "is missing",
    "is not missing",
    "is unknown",
    "in",
    "not in",
    "between",
    "not between",
    "not",
    "and",
    "or",
    "+",
    "-",
    "*",
    "/",
    "=",
    "<",
    ">",
    "<=",
    ">=",
    "-X",
    "union",
    "minus",
    "intersect",
    "missing",
    "unknown",
    // Levels (D13)
    "at level L",
    "at tree of DATE",
    // Fields
    "a code, missing or not",
    "a date of birth",
    "an instant",
    "`record` with `key:`",
    "a number in a unit",
    "a reference to a subject",
    "a field of text",
    // Clauses of all kinds
    "a title",
    "a title in another language",
    "a label in another language",
    "## documentation",
    "rounded down",
    "rounded half even",
    "rounded half up",
    "rounded up",
    "from X to Y",
    "require: with a reason",
    // Questions
    "several measures",
    "by organisation",
    "by something",
    "by several",
    "in P",
    "where",
    "compare PERIOD",
    "compare previous",
    "compare previous UNIT",
    "compare same period last UNIT",
    "compare target",
    "compare baseline",
    // Organisations (D28)
    "by a kind of organisation",
    "organisation counted",
    "delivery looked at",
    // Tests
    "given from",
    "expect is",
    "expect is about",
    "expect by … is { … }",
    "expect is missing",
    "expect is withheld",
    "expect problem",
    "for each",
    "with PARAMETER",
];

/// Every construct that no sample uses, and every exception that has become none.
#[must_use]
pub fn unused(samples: &[PathBuf]) -> Vec<String> {
    let mut seen = Seen::default();
    for sample in samples {
        let programs: Vec<Program> = texts(sample).iter().map(|text| text::program(text)).collect();
        seen.sample(&programs);
    }
    let seen = seen.words();
    let all = all();
    let elsewhere = |word: &str| ELSEWHERE.iter().any(|(name, _)| *name == word);
    let lacking = all.difference(&seen).filter(|word| !elsewhere(word));
    let lacking = lacking.map(|word| format!("no sample uses {word}"));
    let there = ELSEWHERE.iter().filter(|(name, _)| seen.contains(*name));
    lacking.chain(there.map(|(name, why)| format!("no exception ({why}): {name}"))).collect()
}

/// The rules, tests and sources of a sample, and the questions of its page.
fn texts(sample: &Path) -> Vec<String> {
    let read = |path: &Path| std::fs::read_to_string(path).expect("a file of the sample");
    let mut texts = Vec::new();
    for folder in ["rules", "sources"] {
        for entry in std::fs::read_dir(sample.join(folder)).expect("a folder of the sample") {
            texts.push(read(&entry.expect("an entry").path()));
        }
    }
    let page = read(&sample.join("README.md"));
    // Beside the fence may stand a language.
    let questions = page.split("```interplay").skip(1).filter_map(|rest| rest.split_once('\n'));
    texts.extend(questions.filter_map(|(_, rest)| Some(rest.split_once("```")?.0.to_owned())));
    texts
}

/// Every construct, as the tables of the language and its grammar know them.
fn all() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = PHRASES.iter().map(|phrase| (*phrase).to_owned()).collect();
    for (words, kind) in DeclarationKind::ALL {
        let declaration = format!("declaration `{words}`");
        if ELSEWHERE.iter().any(|(name, _)| *name == declaration) {
            continue;
        }
        all.insert(declaration);
        all.extend(kind.headers().iter().map(|header| format!("header `{header}` of `{words}`")));
    }
    for way in ["", " by latest", " by majority", " by organisations"] {
        all.insert(format!("once{way}"));
    }
    for kind in KINDS {
        all.insert(format!("kind `{}`", kind.name));
        all.extend(kind.clauses.iter().map(|clause| with(kind.name, clause)));
    }
    all.extend(COMMON.iter().map(|clause| with("indicator", clause)));
    for declaration in
        ["library", "organisation", "disclosure protected", "codes", "report", "test", "source"]
    {
        let clauses = clauses(declaration);
        assert!(!clauses.is_empty(), "the clauses of {declaration} are told");
        let words = declaration.split(' ').next().unwrap_or(declaration);
        all.extend(clauses.iter().map(|clause| with(words, clause)));
    }
    all.extend(AGGREGATES.iter().map(|(word, _)| format!("{word} of")));
    for verb in VERBS {
        all.insert(format!("question `{}`", verb.name));
    }
    all.extend(FORMATS.iter().map(|format| format!("as {}", format.name)));
    all.extend(
        TimeUnit::ALL
            .iter()
            .filter(|(one, _, _)| *one != "day")
            .map(|(one, _, _)| format!("by {one}")),
    );
    for format in SOURCE_FORMATS {
        all.insert(format!("source format `{}`", format.name));
        all.extend(format.options.iter().map(|option| with("source", option.name)));
    }
    all
}

fn with(what: &str, clause: &str) -> String {
    format!("`{what}` with `{clause}:`")
}

/// The clauses that a declaration takes, as the checker tells an author who writes another.
fn clauses(declaration: &str) -> Vec<String> {
    let header = match declaration {
        "library" => "library a.b version \"1.0.0\" { zzzq: 1 }",
        "organisation" => "organisation a { zzzq: 1 }",
        "disclosure protected" => "disclosure protected { zzzq: 1 }",
        "codes" => "codes a { zzzq { } }",
        "report" => "report a every year { zzzq: 1 }",
        "test" => "test \"a\" { zzzq: 1 }",
        _ => "source a.b for c { zzzq: 1 }",
    };
    let told = engine::diagnostics(&format!("{header}\n")).text();
    let clauses = told.lines().filter_map(|line| line.split_once("its clauses are "));
    let names = clauses.flat_map(|(_, names)| names.split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}
