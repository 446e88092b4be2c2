//! Conditions joined, with what is the same of everybody worked out at once.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit, not};

/// Both hold; what is the same of everybody is worked out here.
pub(super) fn both(one: Expr, two: Expr) -> Expr {
    match (truth(&one), truth(&two)) {
        (Some(false), _) | (_, Some(false)) => lit(false),
        (Some(true), _) => two,
        (_, Some(true)) => one,
        _ => one.and(two),
    }
}

/// One holds, or both.
pub(super) fn either(one: Expr, two: Expr) -> Expr {
    match (truth(&one), truth(&two)) {
        (Some(true), _) | (_, Some(true)) => lit(true),
        (Some(false), _) => two,
        (_, Some(false)) => one,
        _ => one.or(two),
    }
}

/// What is true or false of everybody.
fn truth(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Literal(ScalarValue::Boolean(truth), _) => *truth,
        _ => None,
    }
}

/// The contrary; unknown stays unknown.
pub(super) fn negated(expr: Expr) -> Expr {
    truth(&expr).map_or_else(|| not(expr), |truth| lit(!truth))
}
