//! semantics.md, "Sets of days": the days that rows cover, and sets made of sets.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use interplay_syntax::tree::{BinaryOperator, Expr, Timing};

use super::expression::{period, value};
use super::scope::Scope;
use super::selection::{record_of, select};
use super::value::Value;

/// Days, or `None` when they cannot be known.
pub(super) type Set = Option<BTreeSet<NaiveDate>>;

/// `nights of S`, `days of S`: of rows, of a set, or of either joined
pub(super) fn of(scope: &Scope<'_>, word: &str, operand: &Expr) -> Set {
    match operand {
        Expr::Parenthesised(inner) if is_joined(&inner.item) => of(scope, word, &inner.item),
        Expr::Binary { operator, left, right } if is_joined(operand) => {
            join(*operator, of(scope, word, &left.item), of(scope, word, &right.item))
        }
        Expr::Timed { operand, timing } if is_joined(&operand.item) => {
            within(scope, of(scope, word, &operand.item), &timing.item)
        }
        rows if record_of(scope.book, rows).is_some() => select(scope, rows).covered(word),
        set => match value(scope, set) {
            Value::Days(set) => set,
            other => panic!("the oracle needs a set of days here, not {other:?}"),
        },
    }
}

fn is_joined(expr: &Expr) -> bool {
    match expr {
        Expr::Parenthesised(inner) => is_joined(&inner.item),
        Expr::Binary { operator, .. } => matches!(
            operator,
            BinaryOperator::Union | BinaryOperator::Minus | BinaryOperator::Intersect
        ),
        _ => false,
    }
}

/// Of two sets of which one cannot be known, nothing is known.
pub(super) fn join(operator: BinaryOperator, one: Set, two: Set) -> Set {
    let (one, two) = (one?, two?);
    Some(match operator {
        BinaryOperator::Union => &one | &two,
        BinaryOperator::Minus => &one - &two,
        BinaryOperator::Intersect => &one & &two,
        other => panic!("{other:?} joins no sets"),
    })
}

/// The days of a set in a period. When there is none, and the period ends after the data date, a
/// day may still come.
pub(super) fn within(scope: &Scope<'_>, set: Set, timing: &Timing) -> Set {
    let Timing::Within(span) = timing else { panic!("{timing:?} after a set of days") };
    let period = period(scope, &span.item)?;
    let mut set = set?;
    set.retain(|day| period.contains(*day));
    (period.last <= scope.data_date || !set.is_empty()).then_some(set)
}
