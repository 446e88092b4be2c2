//! The outcome of tests as one object, for programs.

use interplay::{Coverage, Differing, Failure, Found, RowTold, Standing, SubjectTold, TestOutcome};
use interplay_diagnostic::{Sources, Span};
use serde_json::{Value, json};

use super::{coverage, place};

/// `{ "passed": 3, "failed": 1, "tests": [ … ] }`
pub(super) fn object(
    outcomes: &[TestOutcome],
    coverage: Option<&Coverage>,
    sources: &Sources,
) -> Value {
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    let tests: Vec<Value> = outcomes.iter().map(|outcome| test(outcome, sources)).collect();
    let coverage = coverage.map(|coverage| coverage::object(coverage, sources));
    json!({ "passed": outcomes.len() - failed, "failed": failed, "tests": tests, "coverage": coverage })
}

fn test(outcome: &TestOutcome, sources: &Sources) -> Value {
    let (file, line) = at(outcome.span, sources);
    let failures: Vec<Value> = outcome.failures.iter().map(|it| failure(it, sources)).collect();
    json!({
        "name": outcome.name,
        "case": outcome.case,
        "file": file,
        "line": line,
        "passed": outcome.passed,
        "failures": failures,
    })
}

fn at(span: Span, sources: &Sources) -> (Option<&str>, Option<usize>) {
    place(span, sources).unzip()
}

fn failure(failure: &Failure, sources: &Sources) -> Value {
    match failure {
        Failure::Figures { asked, span, figures, subjects } => json!({
            "asked": asked,
            "line": at(*span, sources).1,
            "figures": figures.iter().map(differing).collect::<Vec<_>>(),
            "subjects": subjects.iter().map(subject).collect::<Vec<_>>(),
        }),
        Failure::Problem { code, text, span, found } => json!({
            "asked": text,
            "line": at(*span, sources).1,
            "expected_problem": code,
            "found_problems": found
                .iter()
                .map(|(code, message)| json!({ "code": code, "message": message }))
                .collect::<Vec<_>>(),
        }),
    }
}

fn differing(figure: &Differing) -> Value {
    json!({
        "heading": figure.heading,
        "expected": figure.expected,
        "found": found(figure.found),
        "unit": figure.unit,
    })
}

/// A number as it is; what is none as a word.
fn found(found: Found) -> Value {
    match found {
        Found::Value(value) => json!(value),
        Found::Missing => json!("missing"),
        Found::NoData => json!("no data"),
        Found::Withheld => json!("withheld"),
        Found::NoHeading => json!("no heading"),
    }
}

fn subject(subject: &SubjectTold) -> Value {
    let (standing, clause) = match &subject.standing {
        None => (None, None),
        Some(Standing::Counts(_)) => (Some("counts"), None),
        Some(Standing::Holds(true)) => (Some("holds"), None),
        Some(Standing::Holds(false)) => (Some("does not hold"), None),
        Some(Standing::Left(clause)) => (Some("left out"), Some(clause)),
        Some(Standing::Unknown(clause)) => (Some("unknown"), Some(clause)),
        Some(Standing::NotSeen) => (Some("not seen"), None),
    };
    json!({
        "subject": subject.of,
        "name": subject.name,
        "standing": standing,
        "clause": clause,
        "rows": subject.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn row(row: &RowTold) -> Value {
    let without = row.without.iter().map(|without| {
        json!({
            "heading": without.heading,
            "found": found(without.found),
            "as_expected": without.as_expected,
        })
    });
    json!({
        "record": row.record,
        "organisation": row.organisation,
        "row": row.text,
        "without": without.collect::<Vec<_>>(),
    })
}
