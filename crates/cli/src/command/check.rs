//! `interplay check`: the problems of a project's rules.

mod sarif;

use clap::{Args, ValueEnum};
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::{Diagnostic, Severity, Sources, Span};
use serde_json::{Value, json};

use crate::progress::Bar;
use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::terminal;

/// Tells every problem of the rules, without looking at any data
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How the problems are written
    #[arg(long, value_enum, default_value_t = Style::Text)]
    format: Style,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Style {
    /// Under the text they speak of, on standard error
    Text,
    /// As one array, on standard output
    Json,
    /// As a log in SARIF 2.1.0, on standard output
    Sarif,
}

pub(crate) async fn run(asked: &Asked, arguments: &Arguments) -> Result<(), Stop> {
    let session = project::open(asked, &Bar::default()).await?;
    let (problems, sources) = (session.problems(), session.sources());
    match arguments.format {
        Style::Json => {
            let array: Vec<Value> =
                problems.iter().map(|problem| object(problem, sources)).collect();
            terminal::results(&format!("{:#}\n", Value::from(array)))?;
        }
        Style::Sarif => {
            terminal::results(&format!("{:#}\n", sarif::log(problems, sources)))?;
        }
        Style::Text if problems.is_empty() => {
            let count = sources.iter().count();
            let files = if count == 1 { "file" } else { "files" };
            terminal::tell(&format!("no problems in {count} {files}"));
        }
        Style::Text => {
            terminal::problems(problems, sources);
            terminal::tell(&more(problems));
        }
    }
    if has_error(problems) { Err(Stop::Problems) } else { Ok(()) }
}

/// Where more is said of the problems.
fn more(problems: &[Diagnostic]) -> String {
    let code = problems.first().map_or("CODE", |problem| problem.code);
    format!(
        "\n`interplay explain-problem {code}` says more of a problem, by the word in its brackets"
    )
}

fn object(problem: &Diagnostic, sources: &Sources) -> Value {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let others = problem.others.iter().map(|other| {
        let mut value = place(other.span, sources);
        insert(&mut value, "message", json!(other.text));
        value
    });
    let mut value = place(problem.span, sources);
    insert(&mut value, "code", json!(problem.code));
    insert(&mut value, "severity", json!(severity));
    insert(&mut value, "message", json!(problem.message));
    insert(&mut value, "help", json!(problem.helps));
    insert(&mut value, "others", others.collect());
    value
}

fn insert(value: &mut Value, name: &str, member: Value) {
    if let Value::Object(members) = value {
        members.insert(name.to_owned(), member);
    }
}

/// File, and first and last place; lines and letters are counted from one, the last is out.
fn place(span: Span, sources: &Sources) -> Value {
    let (name, text) = match sources.get(span.source) {
        Some(source) => (source.name.as_str(), source.text.as_str()),
        None => ("", ""),
    };
    let (line, column) = line_and_column(text, span.start);
    let (end_line, end_column) = line_and_column(text, span.end);
    json!({
        "file": name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    })
}

/// Where the byte at `offset` stands.
pub(super) fn line_and_column(text: &str, offset: u32) -> (usize, usize) {
    let mut end = (offset as usize).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use interplay_diagnostic::{Diagnostic, Sources, Span};
    use serde_json::json;

    use super::{line_and_column, object};

    #[test]
    fn places_are_counted_in_letters_from_one() {
        assert_eq!(line_and_column("é: a\nb: c", 0), (1, 1));
        assert_eq!(line_and_column("é: a\nb: c", 2), (1, 2));
        assert_eq!(line_and_column("é: a\nb: c", 9), (2, 4));
        assert_eq!(line_and_column("é: a\nb: c", 99), (2, 5));
    }

    #[test]
    fn a_problem_is_one_object() {
        let mut sources = Sources::new();
        let source = sources.add("rules/a.interplay", "one two\nthree");
        let span = Span { source, start: 4, end: 7 };
        let problem = Diagnostic::error("unknown-name", span, "there is no `two`")
            .with_other(Span { source, start: 8, end: 13 }, "here")
            .with_help("did you mean `too`?");
        let expected = json!({
            "code": "unknown-name",
            "severity": "error",
            "message": "there is no `two`",
            "file": "rules/a.interplay",
            "line": 1, "column": 5, "end_line": 1, "end_column": 8,
            "help": ["did you mean `too`?"],
            "others": [{
                "message": "here",
                "file": "rules/a.interplay",
                "line": 2, "column": 1, "end_line": 2, "end_column": 6,
            }],
        });
        assert_eq!(object(&problem, &sources), expected);
    }
}
