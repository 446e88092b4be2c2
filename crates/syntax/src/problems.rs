//! Every problem of lexing and parsing: the one place for their wording.

use interplay_diagnostic::{Diagnostic, Span, suggest};

/// Letters that belong to no word of the language.
pub(crate) fn unknown_text(span: Span, text: &str) -> Diagnostic {
    let shown: Vec<String> = text.chars().take(8).map(shown).collect();
    let more = if text.chars().count() > shown.len() { "…" } else { "" };
    Diagnostic::error(
        "unknown-text",
        span,
        format!("`{}`{more} has no meaning in a rule", shown.concat()),
    )
    .with_help("a text stands in `\"…\"`, the column of a source in backticks")
}

/// A letter that can be seen.
fn shown(letter: char) -> String {
    let invisible = letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}');
    if invisible { format!("U+{:04X}", u32::from(letter)) } else { letter.to_string() }
}

/// `==`, `&&`
pub(crate) fn foreign_sign(span: Span, text: &str, instead: &str) -> Diagnostic {
    Diagnostic::error("foreign-sign", span, format!("`{text}` has no meaning in a rule"))
        .with_help(format!("here one writes {instead}"))
}

/// `'North ward'`
pub(crate) fn foreign_quotes(span: Span) -> Diagnostic {
    Diagnostic::error("foreign-quotes", span, "a text stands between straight double quotes")
        .with_help("write `\"…\"`")
}

/// `// a remark`
pub(crate) fn foreign_comment(span: Span) -> Diagnostic {
    Diagnostic::error("foreign-comment", span, "a comment begins with `#`")
        .with_help("write `#` before each line of it")
}

/// `"North ward` and then the end of the line
pub(crate) fn open_text(span: Span) -> Diagnostic {
    Diagnostic::error("open-text", span, "the text is not closed in its line")
        .with_help("close it with `\"`")
}

/// `` `Client nr. `` and then the end of the line
pub(crate) fn open_column(span: Span) -> Diagnostic {
    Diagnostic::error("open-column", span, "the name of the column is not closed in its line")
        .with_help("close it with a backtick")
}

/// `"deliveries\stays"`
pub(crate) fn unknown_escape(span: Span, letter: char) -> Diagnostic {
    Diagnostic::error("unknown-escape", span, format!("`\\{letter}` has no meaning in a text"))
        .with_help("a backslash is written `\\\\`, and a quotation mark `\\\"`")
}

/// `31/01/2025`
pub(crate) fn foreign_date(span: Span, text: &str, readings: Vec<String>) -> Diagnostic {
    let problem = Diagnostic::error(
        "foreign-date",
        span,
        format!("`{text}` is not written as a date: year, month and day, as in `2025-01-31`"),
    );
    let mut readings = readings;
    readings.dedup();
    if readings.is_empty() {
        return problem;
    }
    problem.with_help(format!("write {}", suggest::choice(readings)))
}

/// `2025-02-31`
pub(crate) fn impossible_date(span: Span, text: &str, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::error("impossible-date", span, format!("there is no day `{text}`"));
    let problem = match near {
        Some(near) => problem.with_help(format!("the last day of that month is `{near}`")),
        None => problem.with_help("the months are `01` to `12`"),
    };
    problem.with_help(subtraction(text))
}

/// `30-10`
pub(crate) fn impossible_month_day(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("impossible-date", span, format!("there is no day `{text}` in a year"))
        .with_help("month and day are written like `09-01`, the first of September")
        .with_help(subtraction(text))
}

/// `2025-13`, `2025-Q5`, `2025-W60`
pub(crate) fn impossible_period(span: Span, text: &str) -> Diagnostic {
    let problem =
        Diagnostic::error("impossible-date", span, format!("there is no period `{text}`"))
            .with_help("a month is written `2025-03`, a quarter `2025-Q1`, a week `2025-W05`");
    if text.contains(char::is_alphabetic) {
        return problem;
    }
    problem.with_help(subtraction(text))
}

/// `2025-q1`, `2025-3`
pub(crate) fn foreign_period(span: Span, text: &str, canonical: &str) -> Diagnostic {
    let problem =
        Diagnostic::error("foreign-date", span, format!("`{text}` is not written as a period"))
            .with_help(format!("write `{canonical}`"));
    if text.contains(char::is_alphabetic) {
        return problem;
    }
    problem.with_help(subtraction(text))
}

/// `2023-2025`
pub(crate) fn dash_between_years(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("foreign-date", span, format!("`{text}` is not written as a period"))
        .with_help(format!("from year to year is written `{}`", text.replace('-', " .. ")))
        .with_help(subtraction(text))
}

fn subtraction(text: &str) -> String {
    format!("a subtraction is written with spaces: `{}`", text.replace('-', " - "))
}
