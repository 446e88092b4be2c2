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
    way: Differing,
) -> Diagnostic {
    let number = |unit: &Unit| Type::Number(Some(unit.clone()));
    let problem = types_differ(&number(one), one_at, &number(two), two_at);
    if !problem.helps.is_empty() {
        return problem;
    }
    match way {
        Differing::Turned => problem.with_help(format!("write `(…) in {one}`")),
        Differing::Undeclared(unit, other) => problem.with_help(format!(
            "nothing says how much a `{unit}` is in `{other}`; where something does, it is \
             declared: `unit {unit} = … {other}`"
        )),
        Differing::Apart => problem,
    }
}

/// How two units that differ stand to each other.
pub(crate) enum Differing {
    /// The second can be turned into the first.
    Turned,
    /// The one could be declared to be some of the other.
    Undeclared(String, String),
    /// Nothing can be said.
    Apart,
}
