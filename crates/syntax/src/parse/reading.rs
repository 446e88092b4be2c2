//! Selections that can be read in two ways (G5).

use interplay_diagnostic::{Diagnostic, Span, Spanned};

use crate::input::Tokens;
use crate::problems;
use crate::token::TokenKind;
use crate::tree::Expr;

/// The problem of a selection with `where` that can be read in two ways.
pub(super) fn two_readings(
    input: Tokens<'_>,
    rest: Tokens<'_>,
    rows: &Spanned<Expr>,
    condition: &Spanned<Expr>,
) -> Option<Diagnostic> {
    use TokenKind::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let compared = rest
        .kind()
        .is_some_and(|kind| matches!(kind, Equal | Greater | GreaterOrEqual | Less | LessOrEqual));
    let asked = input.scope.asked_from;
    let is_near = asked.is_some() && (compared || is_open(&condition.item));
    if !(input.scope.in_condition || is_near) {
        return None;
    }
    // `membership of household` are rows, of which `household` is only the side.
    let rows = Span { start: input.scope.rows_from.unwrap_or(rows.span.start), ..rows.span };
    let from = Span { start: asked.unwrap_or(rows.start).min(rows.start), ..rows };
    let prefix = input.text(Span { end: rows.start, ..from });
    let first = first_part(condition);
    let text = |span: Span| input.text(span);
    let selection = |end: u32| text(Span { end, ..rows });
    let narrow = selection(first.end);
    let tail = text(Span { start: first.end, ..condition.span });
    let wide = selection(condition.span.end);
    let mut readings = vec![format!("{prefix}({narrow}){tail}")];
    if compared {
        let sign = rest.found().unwrap_or_default();
        readings = vec![format!("{prefix}({wide}) {sign} …"), format!("{prefix}({wide} {sign} …)")];
    } else if tail.is_empty() {
        let where_on = text(Span { start: rows.end, ..condition.span });
        readings.push(format!("({prefix}{}){where_on}", text(rows)));
    } else {
        readings.push(format!("{prefix}({wide})"));
    }
    Some(problems::two_readings(Span { end: condition.span.end, ..from }, &readings))
}

/// Whether a condition ends with an operand that an operator may still have meant to join.
fn is_open(condition: &Expr) -> bool {
    match condition {
        Expr::Binary { .. } => true,
        Expr::Not(operand) => is_open(&operand.item),
        Expr::Compare { right, .. } | Expr::Is { right, .. } | Expr::In { right, .. } => {
            matches!(right.item, Expr::Binary { .. })
        }
        Expr::Between { high, .. } => matches!(high.item, Expr::Binary { .. }),
        _ => false,
    }
}

/// The first of the conditions joined by `and` and `or`, or the whole.
fn first_part(condition: &Spanned<Expr>) -> Span {
    match &condition.item {
        Expr::Binary { left, .. } => first_part(left),
        Expr::Compare { left, right, .. } if matches!(right.item, Expr::Binary { .. }) => {
            left.span.to(first_part(right))
        }
        _ => condition.span,
    }
}
