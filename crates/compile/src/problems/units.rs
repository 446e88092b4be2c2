//! Messages about units.

use interplay_diagnostic::{Diagnostic, Span};

use super::types_differ;
use crate::catalog::Unit;
use crate::types::Type;

/// `unit hour = 50 min`
pub(crate) fn unit_of_fact(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("declared-twice", span, format!("how much a `{name}` is, is a fact"))
        .with_help(format!("give it another name, such as `our_{name}`"))
}

/// `unit a = 2 b`, `unit b = 3 a`
pub(crate) fn unit_of_itself(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("cycle", span, format!("the unit `{name}` is made of itself"))
}

/// `minutes + sessions`
pub(crate) fn units_differ(
    (one, one_at): (&Unit, Span),
    (two, two_at): (&Unit, Span),
    can_turn: bool,
) -> Diagnostic {
    let number = |unit: &Unit| Type::Number(Some(unit.clone()));
    let problem = types_differ(&number(one), one_at, &number(two), two_at);
    let is_rate = one.per.is_some() || two.per.is_some();
    if !problem.helps.is_empty() || is_rate {
        problem
    } else if can_turn {
        problem.with_help(format!("write `(…) in {one}`"))
    } else {
        problem.with_help(format!(
            "nothing says how much a `{two}` is in `{one}`; if something does, declare it, as in \
             `unit {two} = 45 {one}`"
        ))
    }
}
