//! A number written beside an indicator, in what the indicator is counted in: a target, the end of
//! a range.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use crate::catalog::Unit;
use crate::check::Checker;
use crate::problems;

impl Checker<'_> {
    /// `42%` of a share, `365` or `365 nights` of nights. A share is written in percent: `0.42`
    /// and `42` could both be meant otherwise.
    pub(crate) fn amount(&mut self, unit: Option<&Unit>, expr: &Spanned<Expr>) -> Option<f64> {
        let is_share = unit.is_some_and(|unit| *unit == Unit::plain("%"));
        let found = match &expr.item {
            Expr::Parenthesised(inner) => return self.amount(unit, inner),
            Expr::Negative(inner) => return self.amount(unit, inner).map(|found| -found),
            Expr::Number(digits) | Expr::Period(digits) if !is_share => digits.parse().ok(),
            Expr::Quantity { number, unit: written } if written.item == "%" => {
                let number: Option<f64> = number.parse().ok();
                number.filter(|_| is_share || unit.is_none()).map(|number| number / 100.0)
            }
            Expr::Quantity { number, unit: written } => {
                let written = self.catalog.unit(&written.item, None);
                let way = unit.and_then(|unit| self.catalog.way(&written, unit));
                let number: Option<f64> = number.parse().ok();
                number.zip(way).map(|(number, way)| way.number(number))
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        let wanted = match unit {
            _ if is_share => "a percentage such as `42%`".to_owned(),
            Some(unit) => format!("a number in {unit}"),
            None => "a number".to_owned(),
        };
        let found = match &expr.item {
            Expr::Number(digits) | Expr::Period(digits) => format!("`{digits}`"),
            Expr::Quantity { number, unit } if unit.item == "%" => format!("`{number}%`"),
            Expr::Quantity { number, unit } => format!("`{number} {}`", unit.item),
            _ => return self.note(problems::wrong_expr(&wanted, expr)),
        };
        self.note(problems::wrong_type(&wanted, &found, expr.span))
    }
}
