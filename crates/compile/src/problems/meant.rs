//! Problems where what is written is near to something else, which is offered.

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{Expr, Value};

use super::{many_rows, wrong_type};
use crate::expression::{described, described_value, last_asked, written};
use crate::types::TimeUnit;

/// `person is ann`, where `person` is the subject itself
pub(crate) fn subject_as_value(name: &str, span: Span) -> Diagnostic {
    wrong_type("a value or a condition", &format!("the subject `{name}` itself"), span)
        .with_help("ask for a field of it, or for its rows: `any …`, `first …`, `count of …`")
}

/// `last stay.place`
pub(crate) fn field_of_pick(picks: &str, record: &str, field: &str, span: Span) -> Diagnostic {
    let mut problem = many_rows(record, span);
    problem.helps.clear();
    problem.with_help(format!("write `({picks} {record}).{field}`"))
}

/// `in last quarter`
pub(crate) fn unit_alone(picks: &str, word: &str, unit: TimeUnit, span: Span) -> Diagnostic {
    let message = format!("there is no period `{picks} {word}`");
    let problem = Diagnostic::error("unknown-name", span, message);
    let one = unit.word();
    match picks {
        "last" => problem.with_help(format!("the last that is over is `last 1 {one}`")),
        _ => problem.with_help(format!("the first of a period is `{one} 1 of period`")),
    }
}

/// `gender in f, m`
pub(crate) fn list_for_one(items: &[Spanned<Expr>], span: Span) -> Diagnostic {
    let several = || {
        let (first, others) = items.split_first()?;
        let asked = last_asked(first)?;
        let (left, word, right) = match &asked.item {
            Expr::Is { left, right, negated } | Expr::In { left, right, negated } => {
                (left, if *negated { "not in" } else { "in" }, right)
            }
            _ => return None,
        };
        let names = [right.as_ref()].into_iter().chain(others);
        let names = names.map(|item| match &item.item {
            Expr::Name(name) => Some(name.as_str()),
            _ => None,
        });
        let names = names.collect::<Option<Vec<&str>>>()?.join(", ");
        Some((asked.span.to(span), format!("{} {word} ({names})", written(left))))
    };
    match several() {
        Some((asked, instead)) => {
            let span = Span { end: span.end, ..asked };
            wrong_type("one value", "a list", span)
                .with_help(format!("several codes stand in parentheses: `{instead}`"))
        }
        None => wrong_type("one value", "a list", span),
    }
}

/// `age at 2025`: of a period it is not said which of its days
pub(crate) fn period_as_date(period: &str, span: Span) -> Diagnostic {
    wrong_type("a date", "a period", span)
        .with_help(format!("write `start of {period}` or `end of {period}`"))
}

/// `measure reach in period`, `measure reach in previous year`
pub(crate) fn period_of_query(period: &str, span: Span) -> Diagnostic {
    let wanted = "a period that stands by itself";
    let problem = wrong_type(wanted, "one that follows from `period`", span);
    let unit = period.strip_prefix("previous ").and_then(TimeUnit::from_word);
    match unit {
        Some(unit) => {
            let one = unit.word();
            problem.with_help(format!("the last {one} that is over is `last 1 {one}`"))
        }
        None => problem.with_help("name one: `2025`, `2025-Q1`, `last 4 quarters`, `year to date`"),
    }
}

/// `compare next`
pub(crate) fn unknown_comparison(word: &str, span: Span) -> Diagnostic {
    let known = ["baseline", "previous", "same period last year", "target"];
    let message = format!("nothing is called `{word}` that figures are compared with");
    let problem = Diagnostic::error("unknown-name", span, message);
    let near = interplay_diagnostic::suggest::nearest(word, known);
    match near {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None => problem.with_help(
            "after `compare` stands `previous`, `same period last year`, `target`, `baseline` or \
             a period such as `2024`",
        ),
    }
}

/// `indicator reach "One" "Two" { … }`, `record … at day at day`
pub(crate) fn header_twice(of: &str, what: &str, span: Span) -> Diagnostic {
    // A word of the language, or what is meant by it.
    let what = if what.starts_with("a ") { what.to_owned() } else { format!("`{what}`") };
    Diagnostic::error("unknown-header", span, format!("the `{of}` has {what} already"))
        .with_help("leave one of the two out")
}

/// `define period of person = …`
pub(crate) fn reserved_name(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` means something of its own, and can be no name");
    Diagnostic::error("reserved-name", span, message)
        .with_help(format!("choose another, such as one of several words: `{name}_…`"))
}

/// `disclosure none "For all" { }`
pub(crate) fn no_title(of: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::error("unknown-header", span, format!("`{of}` takes no title"));
    match of {
        "test" => problem.with_help("what stands behind `test` is its title"),
        _ => problem.with_help("nobody would see it; a comment begins with `#`"),
    }
}

/// `band(of: age at start of period, 18)`
pub(crate) fn named_argument(function: &str, label: &Spanned<String>) -> Diagnostic {
    let message = format!("`{function}` has no option `{}`", label.item);
    Diagnostic::error("unknown-option", label.span, message)
        .with_help(format!("what `{function}` is made of stands without a name"))
}

/// An expression where another thing is wanted.
pub(crate) fn wrong_expr(wanted: &str, expr: &Spanned<Expr>) -> Diagnostic {
    wrong_type(wanted, &described(expr), expr.span)
}

/// What stands after a label where another thing is wanted.
pub(crate) fn wrong_value(wanted: &str, value: &Spanned<Value>) -> Diagnostic {
    wrong_type(wanted, &described_value(&value.item), value.span)
}

/// A second library, or a second policy of disclosure
pub(crate) fn only_one(kind: &str, (name, span): (&str, Span), first: (&str, Span)) -> Diagnostic {
    let message = format!("there is one {kind} in a project, and `{name}` is a second");
    Diagnostic::error("declared-twice", span, message)
        .with_other(first.1, format!("`{}` is declared here", first.0))
}

/// A name with an `is missing` or comparison that SQL or Excel users write with `=`.
pub(crate) fn use_is(left: &str, right: &str, span: Span) -> Diagnostic {
    Diagnostic::error("use-is", span, format!("`{right}` is a code, compared with `is`"))
        .with_help(format!("write `{left} is {right}`"))
}
