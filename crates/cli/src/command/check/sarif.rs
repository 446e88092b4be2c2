//! Problems in SARIF 2.1.0 (OASIS 2020), the form in which code reviews and editors take them.

use std::collections::BTreeSet;

use interplay_diagnostic::{Diagnostic, Severity, Sources, Span};
use serde_json::{Value, json};

use super::line_and_column;
use crate::pages::Page;

/// One run of `interplay check`, with a rule for each code among the problems.
pub(super) fn log(problems: &[Diagnostic], sources: &Sources) -> Value {
    let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let results: Vec<Value> =
        problems.iter().map(|problem| result(problem, &codes, sources)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "interplay",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// What a code means, from its page.
fn rule(code: &str) -> Value {
    match Page::find(code) {
        Some(page) => json!({
            "id": code,
            "shortDescription": { "text": page.summary() },
            "help": { "text": page.plain(90) },
        }),
        None => json!({ "id": code }),
    }
}

fn result(problem: &Diagnostic, codes: &[&str], sources: &Sources) -> Value {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let lines = std::iter::once(&problem.message).chain(&problem.helps);
    let text = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
    let related = problem.others.iter().zip(1_u32..).map(|(other, id)| {
        json!({
            "id": id,
            "message": { "text": other.text },
            "physicalLocation": location(other.span, sources),
        })
    });
    json!({
        "ruleId": problem.code,
        "ruleIndex": codes.iter().position(|code| *code == problem.code),
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(problem.span, sources) }],
        "relatedLocations": related.collect::<Vec<_>>(),
    })
}

/// Lines and letters are counted from one, and the end is out, as in SARIF.
fn location(span: Span, sources: &Sources) -> Value {
    let (name, text) = match sources.get(span.source) {
        Some(source) => (source.name.as_str(), source.text.as_str()),
        None => ("", ""),
    };
    let (line, column) = line_and_column(text, span.start);
    let (end_line, end_column) = line_and_column(text, span.end);
    json!({
        "artifactLocation": { "uri": uri(name) },
        "region": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        },
    })
}

/// The name of a file as a relative reference: what an address may not hold is written as `%20`.
fn uri(name: &str) -> String {
    let written = |byte: u8| match byte {
        b'\\' => "/".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(written).collect()
}

#[cfg(test)]
mod tests {
    use interplay_diagnostic::{Diagnostic, Sources, Span};
    use serde_json::{Value, json};

    use super::{log, uri};

    fn one() -> Value {
        let mut sources = Sources::new();
        let source = sources.add("rules/a b.interplay", "é one\ntwo");
        let problem =
            Diagnostic::warning("never-matches", Span { source, start: 3, end: 6 }, "never")
                .with_other(Span { source, start: 7, end: 10 }, "here")
                .with_help("leave it out");
        log(&[problem], &sources)
    }

    #[test]
    fn a_log_has_what_the_standard_requires() {
        let log = one();
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["name"], "interplay");
        let result = &run["results"][0];
        assert_eq!(result["message"]["text"], "never\nleave it out");
        assert_eq!(result["level"], "warning");
        let rule = &run["tool"]["driver"]["rules"][0];
        assert_eq!((&rule["id"], &result["ruleIndex"]), (&json!("never-matches"), &json!(0)));
        assert_eq!(result["ruleId"], rule["id"]);
        assert!(rule["help"]["text"].as_str().is_some_and(|text| text.contains("Mended")));
    }

    #[test]
    fn places_are_counted_in_letters_from_one() {
        let result = &one()["runs"][0]["results"][0];
        let place = json!({
            "artifactLocation": { "uri": "rules/a%20b.interplay" },
            "region": { "startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 6 },
        });
        assert_eq!(result["locations"][0]["physicalLocation"], place);
        let related = &result["relatedLocations"][0];
        assert_eq!(related["physicalLocation"]["region"]["startLine"], 2);
        assert_eq!(related["message"]["text"], "here");
    }

    #[test]
    fn an_address_holds_no_odd_letters() {
        assert_eq!(uri("rules\\é.interplay"), "rules/%C3%A9.interplay");
    }
}
