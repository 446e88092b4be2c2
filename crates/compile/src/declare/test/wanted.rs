//! What stands after `is` of an `expect:`.

use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{BinaryOperator, Expr, Key, Quantifier};

use super::case::Case;
use crate::catalog::test::{Amount, Wanted};
use crate::figures::as_heading;
use crate::problems;
use crate::shape;

/// A figure, `missing`, `withheld`, or those of some headings.
pub(super) fn wanted(
    value: &Spanned<Expr>,
    case: &Case<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Spanned<Wanted>> {
    let value = case.expression(value, problems)?;
    let found = match &value.item {
        Expr::Missing => Wanted::Missing,
        Expr::Name(word) if word == "withheld" => Wanted::Withheld,
        Expr::Quantified { quantifier, operand } if is_no_data(quantifier.item, &operand.item) => {
            Wanted::NoData
        }
        Expr::Map(rows) => {
            let row = |row: &interplay_syntax::tree::MapRow| {
                // In quotes it is a text of the data, whatever it says.
                let heading = match &row.key.item {
                    Key::Text(text) => as_heading(text),
                    key => shape::key_text(key),
                };
                let heading = Spanned::new(heading, row.key.span);
                Some((heading, wanted(&row.value, case, problems)?))
            };
            // Every row is looked at, so that all its problems are told.
            let rows: Vec<Option<_>> = rows.iter().map(row).collect();
            Wanted::Rows(rows.into_iter().collect::<Option<_>>()?)
        }
        _ => match amount(&value) {
            Some(amount) => Wanted::Figure(amount),
            None => {
                let wanted =
                    "a figure, `missing`, `no data`, `withheld` or `{ heading: figure, … }`";
                problems.push(problems::wrong_expr(wanted, &value));
                return None;
            }
        },
    };
    Some(Spanned::new(found, value.span))
}

/// `no data` reads as `no` of something called `data`.
fn is_no_data(quantifier: Quantifier, of: &Expr) -> bool {
    quantifier == Quantifier::No && matches!(of, Expr::Name(name) if name == "data")
}

/// How far off a figure may be.
pub(super) fn distance(
    within: &Spanned<Expr>,
    case: &Case<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Spanned<Amount>> {
    let within = case.expression(within, problems)?;
    match amount(&within).filter(|amount| amount.value >= 0.0) {
        Some(amount) => Some(Spanned::new(amount, within.span)),
        None => {
            let wanted = "how far off the figure may be, such as `0.001` or `1%`,";
            problems.push(problems::wrong_expr(wanted, &within));
            None
        }
    }
}

/// A number, a percentage, a number with its unit, a fraction.
fn amount(expr: &Spanned<Expr>) -> Option<Amount> {
    match &expr.item {
        Expr::Number(digits) | Expr::Period(digits) => {
            Some(Amount { value: digits.parse().ok()?, unit: None })
        }
        Expr::Quantity { number, unit } => {
            let scale = if unit.item == "%" { 100.0 } else { 1.0 };
            let value = number.parse::<f64>().ok()? / scale;
            Some(Amount { value, unit: Some(unit.item.clone()) })
        }
        Expr::Parenthesised(inner) => amount(inner),
        Expr::Negative(inner) => {
            let inner = amount(inner)?;
            Some(Amount { value: -inner.value, ..inner })
        }
        Expr::Binary { operator: BinaryOperator::Divide, left, right } => {
            let (left, right) = (amount(left)?, amount(right)?);
            let value = left.value / right.value;
            let plain = right.unit.is_none() && value.is_finite();
            plain.then_some(Amount { value, unit: left.unit })
        }
        _ => None,
    }
}
