//! Problems of references between subjects, and of units.

use interplay_diagnostic::{Diagnostic, Span};

use super::{many_rows, near};
use crate::catalog::Unit;

/// `amount in hours`, where the amount is in EUR
pub(crate) fn no_conversion(from: Option<&Unit>, to: &Unit, span: Span) -> Diagnostic {
    let Some(from) = from else {
        let message = format!("a number without a unit cannot be turned into {to}");
        return Diagnostic::error("no-conversion", span, message)
            .with_help(format!("say what it is a number of, as in `3 {to}`"));
    };
    let message = format!("{from} cannot be turned into {to}");
    let has = |words: &[&str]| [from, to].iter().any(|unit| words.contains(&unit.name.as_str()));
    let why = if has(&["months", "quarters", "years"]) {
        "; how many days a month or a year has is no fact"
    } else if has(&["nights"]) {
        "; a night is no number of hours, and the days of rows are `days of …`"
    } else {
        ""
    };
    let help = format!("min, hours, days and weeks are turned into each other{why}");
    Diagnostic::error("no-conversion", span, message).with_help(help)
}

/// `sum of minutes of contact in hours / 2`
pub(crate) fn unit_then_more(unit: &str, span: Span) -> Diagnostic {
    let message = format!("after `in {unit}` a number ends, and here it goes on");
    Diagnostic::error("unit-then-more", span, message)
        .with_help(format!("write `(… in {unit})` in parentheses, and the rest after them"))
}

/// `sum: home.household.income` among persons
pub(crate) fn multiplied(of: &str, among: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "multiplied",
        span,
        format!("this is a number of a `{of}`, and each `{among}` that refers to it would add it"),
    )
    .with_help(format!("add it up once: `among: {of}`"))
    .with_help(format!("or ask for its mean or median over every `{among}`"))
}

/// `(membership as of start of period).household`, of which several rows may hold on one day
pub(crate) fn may_overlap(record: &str, span: Span) -> Diagnostic {
    many_rows(record, span).with_help(format!(
        "or declare `{record}` as `without overlap`: then at most one row holds as of a day"
    ))
}

/// `transfer of house`, where no field `house` refers to anybody
pub(crate) fn no_side<'a>(
    record: &str,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem = Diagnostic::error(
        "unknown-name",
        span,
        format!("a row of `{record}` is nobody's by `{name}`"),
    );
    near(problem, name, known, "known are")
}

/// `household.tenur`
pub(crate) fn unknown_of<'a>(
    subject: &str,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("`{subject}` has no once-field and no definition `{name}`");
    near(Diagnostic::error("unknown-name", span, message), name, known, "known are")
}

/// `record contact of person at day without overlap { … }`
pub(crate) fn overlap_of_days(span: Span) -> Diagnostic {
    let message = "`without overlap` is for a record that lasts: `during … until …`";
    Diagnostic::error("unknown-header", span, message)
}
