//! Messages about kinds of period.

use interplay_diagnostic::{Diagnostic, Span};

use super::near;
use crate::calendar::{self, Period};

/// `periods month starts 01-15`
pub(crate) fn kind_of_period_taken(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("declared-twice", span, format!("`{name}` has a meaning of its own in time"))
        .with_help(format!("give it another name, such as `our_{name}`"))
}

/// `periods school_year starts 09-01 { winter: … }`
pub(crate) fn starts_or_named(span: Span, starts: Span) -> Diagnostic {
    Diagnostic::error(
        "clause-twice",
        span,
        "periods begin on one day of each year, or are named one by one",
    )
    .with_other(starts, "they begin on this day already")
}

/// `{ winter: 2024-11-01 .. 2025-03-31   spring: 2025-03-01 .. 2025-05-31 }`
pub(crate) fn periods_overlap(
    (earlier, first): (&str, Span),
    (name, span): (&str, Span),
    shared: Period,
) -> Diagnostic {
    let days = calendar::name(shared);
    Diagnostic::error(
        "periods-overlap",
        span,
        format!("`{name}` shares days with `{earlier}`: {days}"),
    )
    .with_other(first, format!("`{earlier}` is here"))
    .with_help("periods of one kind share no day, for a day would stand under two headings; declare two kinds")
}

/// `2025-01-01 .. 2024-01-01`
pub(crate) fn empty_period(span: Span) -> Diagnostic {
    Diagnostic::error("empty-period", span, "the period ends before it starts")
}

/// `between 5 months and 1 month before X`, `2025-12-31 .. 2025-01-01`: no day lies in it, whatever
/// the period; `instead` is the same in order.
pub(crate) fn turned(instead: Option<String>, span: Span) -> Diagnostic {
    let message = "this ends before it starts, so no day lies in it";
    let problem = Diagnostic::error("empty-period", span, message);
    match instead {
        Some(instead) => problem.with_help(format!("in order it is `{instead}`")),
        None => problem.with_help("the earlier day stands first"),
    }
}

/// `count of contact between 5 and 1`
pub(crate) fn turned_numbers(low: &str, high: &str, span: Span) -> Diagnostic {
    let message = format!("no number lies between {low} and {high}");
    Diagnostic::error("bounds-order", span, message)
        .with_help(format!("the smaller stands first: `between {high} and {low}`"))
}

/// `band(age, 18, 16)`
pub(crate) fn bounds_order(span: Span) -> Diagnostic {
    Diagnostic::error("bounds-order", span, "the bounds of bands rise from one to the next")
}

/// `quarter 5 of 2024`
pub(crate) fn no_such_part(
    (unit, number): (&str, i64),
    of: &str,
    most: i64,
    span: Span,
) -> Diagnostic {
    let message = format!("there is no {unit} {number} in {of}");
    let problem = Diagnostic::error("unknown-name", span, message);
    match most {
        0 => problem.with_help(format!("no {unit} begins in {of}")),
        1 => problem.with_help(format!("there is `{unit} 1 of {of}` alone")),
        most => {
            problem.with_help(format!("there are `{unit} 1 of {of}` to `{unit} {most} of {of}`"))
        }
    }
}

/// An organisation's `until:` before its `since:`
pub(crate) fn since_until(since: Span, until: Span) -> Diagnostic {
    let message = "the organisation is gone before it is there";
    Diagnostic::error("empty-period", until, message)
        .with_other(since, "it is there since this day")
}

/// `baseline: { 2026: 50% }`, later than any target
pub(crate) fn baseline_late(span: Span) -> Diagnostic {
    let message = "no target is later than this baseline, so it leads to none";
    Diagnostic::warning("baseline-late", span, message)
        .with_help("a baseline is what the figure was before its first target")
}

/// `in campaign wintr`
pub(crate) fn unknown_period_of<'a>(
    kind: &str,
    which: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-name", span, format!("`{kind}` has no period `{which}`"));
    let mut known = known.into_iter().peekable();
    if known.peek().is_none() {
        return problem.with_help(format!(
            "it is called by the year in which it begins, such as `{kind} 2025`"
        ));
    }
    near(problem, which, known, "it has")
}

/// `period 2024`, `campagne winter`, where there is no such kind of period
pub(crate) fn unknown_kind_of_period<'a>(
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-name", span, format!("no `periods` are called `{name}`"));
    near(problem, name, known, "there are")
}

/// `compare same period last campaign`
pub(crate) fn no_same_days(kind: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "nothing-to-compare",
        span,
        format!("the periods of `{kind}` are named one by one: none has the same days as another"),
    )
    .with_help(format!("the one before is `compare previous {kind}`"))
}

/// `by week, year`
pub(crate) fn finer_first(fine: &str, coarse: &str, span: Span) -> Diagnostic {
    Diagnostic::error("breakdown-twice", span, format!("`{coarse}` is longer than `{fine}`"))
        .with_help(format!("the longer stands first: `by {coarse}, {fine}`"))
}
