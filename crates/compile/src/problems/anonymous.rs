//! Problems of anonymous subjects, of whom each row is one by itself.

use interplay_diagnostic::{Diagnostic, Span};

use crate::catalog::Record;

fn anonymous(span: Span, message: String) -> Diagnostic {
    Diagnostic::error("anonymous", span, message)
}

/// `map { respondent: `id` … }`, or a column `respondent` of given rows
pub(crate) fn anonymous_named(record: &str, subject: &str, span: Span) -> Diagnostic {
    let message =
        format!("each row of `{record}` is a `{subject}` by itself, and nothing says whose it is");
    anonymous(span, message).with_help(format!("leave it out: `{subject}` is declared `anonymous`"))
}

/// `record visit of respondent at day { … }` beside another record of it
pub(crate) fn anonymous_twice(subject: &str, name: &str, span: Span, first: &Record) -> Diagnostic {
    let other = &first.name;
    let message = format!(
        "nobody could know which rows of `{name}` and of `{other}` are of the same `{subject}`"
    );
    anonymous(span, message)
        .with_other(first.span, format!("the record of `{subject}`, which is anonymous"))
        .with_help("declare a subject for it: `subject … anonymous`")
}

/// `record answer of respondent once by majority { … }`
pub(crate) fn anonymous_settled(subject: &str, span: Span) -> Diagnostic {
    let message = format!("an anonymous `{subject}` has one row, which disagrees with no other");
    anonymous(span, message).with_help("write `once`")
}

/// `record call of person at day { answer: respondent … }`
pub(crate) fn anonymous_referred(subject: &str, span: Span) -> Diagnostic {
    let message = format!("no row can refer to a `{subject}`: nothing tells one from another");
    anonymous(span, message).with_help(format!("`{subject}` is declared `anonymous`"))
}

/// `record answer of respondent at day { home: household … }`
pub(crate) fn anonymous_refers(own: &str, subject: &str, span: Span) -> Diagnostic {
    let message =
        format!("a row of an anonymous `{own}` that refers to a `{subject}` would say whose it is");
    anonymous(span, message)
        .with_help(format!("keep what is needed of the `{subject}` as a field, such as a code"))
}

/// `any other answer`, `the 2nd answer`
pub(crate) fn anonymous_other(record: &Record, span: Span) -> Diagnostic {
    let (name, subject) = (&record.name, &record.subject);
    let message = format!("there is no other row: each row of `{name}` is a `{subject}` by itself");
    anonymous(span, message).with_help(format!("`{subject}` is declared `anonymous`"))
}

/// `change: from … to …` among an anonymous subject
pub(crate) fn anonymous_followed(subject: &str, span: Span) -> Diagnostic {
    let message =
        format!("an anonymous `{subject}` has one row, so no change of each can be followed");
    anonymous(span, message)
        .with_help("ask how all of them differ from one period to another: `compare previous`")
}
