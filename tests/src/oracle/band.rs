//! `band(age at start of period, 16, 18)`: numbers put into bands, each with a name to read.

use interplay_syntax::tree::{Expr, Timing};

use super::expression::{number_of, value};
use super::scope::Scope;
use super::value::Value;

/// What the band is called in which the first of `arguments` lies; the others are the limits. A
/// limit belongs to the band above it.
pub(super) fn label<'a>(scope: &Scope<'a>, arguments: &[&'a Expr]) -> Value<'a> {
    let Some((of, limits)) = arguments.split_first() else {
        panic!("`band` needs a number and limits");
    };
    let Some(number) = value(scope, of).number() else {
        return Value::Missing;
    };
    let below = limits.iter().filter(|limit| limit_of(limit) <= number).count();
    labels(arguments).into_iter().nth(below).map_or(Value::Missing, Value::Text)
}

/// What the bands are called, the lowest first. Of years, nights and days there are only whole
/// ones, and so `16 to 17` says it; of other numbers it is `16 to under 18`.
pub(super) fn labels(arguments: &[&Expr]) -> Vec<String> {
    let Some((of, limits)) = arguments.split_first() else {
        return Vec::new();
    };
    let limits: Vec<f64> = limits.iter().map(|limit| limit_of(limit)).collect();
    let is_whole = has_whole_unit(of) && limits.iter().all(|limit| limit.fract() == 0.0);
    let mut labels = Vec::new();
    labels.extend(limits.first().map(|first| format!("under {first}")));
    labels.extend(limits.windows(2).map(|pair| match (is_whole, pair[1] - 1.0) {
        (true, last) if last <= pair[0] => format!("{last}"),
        (true, last) => format!("{} to {last}", pair[0]),
        (false, _) => format!("{} to under {}", pair[0], pair[1]),
    }));
    labels.extend(limits.last().map(|last| format!("{last} and over")));
    labels
}

/// Whether `expr` is an age, or a number of nights or days, as it stands.
fn has_whole_unit(expr: &Expr) -> bool {
    match expr {
        Expr::Parenthesised(inner) => has_whole_unit(&inner.item),
        Expr::Timed { timing, .. } => matches!(timing.item, Timing::At(_)),
        Expr::Of { word, .. } => matches!(word.item.as_str(), "nights" | "days"),
        _ => false,
    }
}

fn limit_of(limit: &Expr) -> f64 {
    match limit {
        Expr::Number(digits) => number_of(digits),
        Expr::Quantity { number, .. } => number_of(number),
        other => panic!("a limit of a band is a number, not {other:?}"),
    }
}
