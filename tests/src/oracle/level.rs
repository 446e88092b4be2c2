//! semantics.md, "Codes within codes": in which code of a level another lies on a day.

use chrono::NaiveDate;
use interplay_syntax::tree::{Expr, Timing};

use super::codebook::{Branch, CodeList};
use super::expression::{date, reference, value};
use super::scope::Scope;
use super::value::{Truth, Value, or};

/// `X at level district`, perhaps with the date of `at tree of`.
pub(super) fn lifted<'a>(
    scope: &Scope<'a>,
    operand: &'a Expr,
    level: &str,
    tree_of: Option<&'a Expr>,
) -> Value<'a> {
    let (operand, inner) = taken_apart(operand);
    let day = day(scope, tree_of.or(inner), operand);
    match value(scope, operand) {
        Value::Code { list, code } => {
            let above = day.and_then(|day| above(&scope.book.codes[&list], &code, level, day));
            above.map_or(Value::Missing, |code| Value::Code { list, code })
        }
        Value::Missing => Value::Missing,
        other => panic!("the oracle needs a code here, not {other:?}"),
    }
}

/// `X at tree of D`: X, and D.
pub(super) fn taken_apart(expr: &Expr) -> (&Expr, Option<&Expr>) {
    match expr {
        Expr::Parenthesised(inner) => match taken_apart(&inner.item) {
            (_, None) => (expr, None),
            found => found,
        },
        Expr::Timed { operand, timing } => match &timing.item {
            Timing::AtTree(day) if !is_lifted(&operand.item) => (&operand.item, Some(&day.item)),
            _ => (expr, None),
        },
        _ => (expr, None),
    }
}

/// The day of the tree by which a value at a level was lifted, if it was said, and where it is
/// asked: of a value of another subject, of that one.
fn kept<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Option<(Scope<'a>, &'a Expr)> {
    let defined = |name: &str| scope.book.definitions.get(name).copied();
    match expr {
        Expr::Parenthesised(inner) => kept(scope, &inner.item),
        Expr::Name(name) => kept(&scope.outside(), defined(name)?),
        Expr::Field { base, field } => match reference(scope, &base.item) {
            Value::Subject { kind, name } => {
                kept(&scope.of_other(&kind, &name), defined(&field.item)?)
            }
            _ => None,
        },
        Expr::Timed { operand, timing } => match &timing.item {
            Timing::AtTree(day) if is_lifted(&operand.item) => Some((scope.clone(), &day.item)),
            Timing::AtLevel(_) => match taken_apart(&operand.item) {
                (_, Some(day)) => Some((scope.clone(), day)),
                (operand, None) => kept(scope, operand),
            },
            _ => None,
        },
        _ => None,
    }
}

fn is_lifted(expr: &Expr) -> bool {
    matches!(expr, Expr::Timed { timing, .. } if matches!(timing.item, Timing::AtLevel(_)))
}

/// The day of the tree: that of `at tree of`, else that of a value at a level, else the first of
/// the period.
pub(super) fn day<'a>(
    scope: &Scope<'a>,
    tree_of: Option<&'a Expr>,
    operand: &'a Expr,
) -> Option<NaiveDate> {
    match tree_of.map(|day| (scope.clone(), day)).or_else(|| kept(scope, operand)) {
        Some((scope, day)) => date(&scope, day),
        None => Some(scope.period.first),
    }
}

/// The code of `level` that `code` is, or in which it lies, on `day`.
fn above(list: &CodeList, code: &str, level: &str, day: NaiveDate) -> Option<String> {
    let branch = on(list, code, day)?;
    if branch.level == level {
        return Some(code.to_owned());
    }
    above(list, branch.within.as_ref()?, level, day)
}

/// The row of a code that holds on `day`.
pub(super) fn on<'l>(list: &'l CodeList, code: &str, day: NaiveDate) -> Option<&'l Branch> {
    let mut rows = list.tree.iter().filter(|branch| branch.code == code);
    rows.find(|branch| branch.from <= day && day < branch.until)
}

/// Whether `code` is `other`, or lies in it: asked at the level of `other`. Unknown when the code
/// has no code of that level above it.
pub(super) fn lies_in(list: &CodeList, code: &str, other: &str, day: Option<NaiveDate>) -> Truth {
    let branch = list.tree.iter().find(|branch| branch.code == other);
    let level = branch.map(|branch| branch.level.as_str()).expect("a code of the tree");
    let above = day.and_then(|day| above(list, code, level, day));
    or(Some(code == other), above.map(|above| above == other))
}

/// Whether `finer` lies in `coarser` on `day`: so the two stand in one cell even of nobody.
pub(super) fn is_in(list: &CodeList, finer: &str, coarser: &str, day: NaiveDate) -> bool {
    let level = list.tree.iter().find(|branch| branch.code == coarser).map(|it| &it.level);
    level.and_then(|level| above(list, finer, level, day)).as_deref() == Some(coarser)
}
