//! Problems of names that mean something already, and of comparisons with nothing.

use interplay_diagnostic::{Diagnostic, Span};

use super::suggest_plain;

/// `gender = missing`: with nothing every comparison is unknown
pub(crate) fn missing_compared(left: &str, span: Span) -> Diagnostic {
    let message = "a comparison with `missing` is unknown of everybody";
    Diagnostic::error("missing-compared", span, message)
        .with_help(format!("write `{left} is missing` or `{left} is not missing`"))
}

/// `gender in (f, missing)`
pub(crate) fn missing_among(left: &str, span: Span) -> Diagnostic {
    let message = "`missing` is no value that another can be";
    Diagnostic::error("missing-compared", span, message)
        .with_help(format!("write `({left} in (…) or {left} is missing)`"))
}

/// `codes answer { total: … }`, `organisation none`, `dimension month of person = …`
pub(crate) fn taken_word(what: &str, name: &str, means: &str, span: Span) -> Diagnostic {
    Diagnostic::error("taken-word", span, format!("{what} cannot be called `{name}`"))
        .with_help(format!("{means}; another name keeps the two apart"))
}

/// `age at start of period` of a subject with two dates of birth
pub(crate) fn births(subject: &str, fields: &[(String, Span)], span: Span) -> Diagnostic {
    let names: Vec<String> = fields.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = format!("the age of `{subject}` can be from {}", suggest_plain(&names));
    let problem = Diagnostic::error("ambiguous-name", span, message);
    let problem = fields.iter().fold(problem, |problem, (name, at)| {
        problem.with_other(*at, format!("`{name}` is a date of birth"))
    });
    problem.with_help(
        "only one field of a subject can have the type `date of birth`; of another say `date`",
    )
}
