//! What is written, in the words of a message.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{BinaryOperator, Expr, Quantifier, Value};

/// A short expression as its author wrote it, for help lines; what is longer is `…`.
pub(crate) fn written(expr: &Spanned<Expr>) -> String {
    short(&expr.item).unwrap_or_else(|| "…".to_owned())
}

fn short(expr: &Expr) -> Option<String> {
    Some(match expr {
        Expr::Name(name) => name.clone(),
        Expr::Number(text) | Expr::Date(text) | Expr::Period(text) | Expr::MonthDay(text) => {
            text.clone()
        }
        Expr::Quantity { number, unit } if unit.item == "%" => format!("{number}%"),
        Expr::Quantity { number, unit } => format!("{number} {}", unit.item),
        Expr::Negative(inner) => format!("-{}", short(&inner.item)?),
        Expr::Field { base, field } => format!("{}.{}", written(base), field.item),
        Expr::Parenthesised(inner) => format!("({})", written(inner)),
        Expr::Range { from, to } => format!("{} .. {}", short(&from.item)?, short(&to.item)?),
        Expr::LastPeriods { count, unit } => format!("last {} {}", count.item, unit.item),
        Expr::ToDate(unit) => format!("{} to date", unit.item),
        Expr::Missing => "missing".to_owned(),
        Expr::Unknown => "unknown".to_owned(),
        Expr::Of { word, operand, .. } => format!("{} of {}", word.item, short(&operand.item)?),
        Expr::Quantified { quantifier, operand } => {
            let word = match quantifier.item {
                Quantifier::First => "first",
                Quantifier::Last => "last",
                _ => return None,
            };
            format!("{word} {}", short(&operand.item)?)
        }
        _ => return None,
    })
}

/// What stands there, after `and this is …`.
pub(crate) fn described(expr: &Spanned<Expr>) -> String {
    if let Some(text) = short(&expr.item).filter(|text| !text.contains('…')) {
        return format!("`{text}`");
    }
    match &expr.item {
        Expr::Parenthesised(inner) => described(inner),
        Expr::Text(text) if text.chars().count() <= 30 => format!("the text `\"{text}\"`"),
        Expr::Text(_) => "a text".to_owned(),
        Expr::Column(name) => format!("the column `{name}`"),
        Expr::Call { function, .. } => format!("`{}(…)`", function.item),
        Expr::List(_) => "a list".to_owned(),
        Expr::Map(_) => "a table `{ … }`".to_owned(),
        Expr::Choose(_) => "`choose { … }`".to_owned(),
        Expr::Binary { operator: BinaryOperator::And | BinaryOperator::Or, .. }
        | Expr::Not(_)
        | Expr::Compare { .. }
        | Expr::Is { .. }
        | Expr::In { .. }
        | Expr::Between { .. } => "a condition".to_owned(),
        Expr::Binary { .. } | Expr::Negative(_) => "a calculation".to_owned(),
        Expr::Relative { .. } => "a date".to_owned(),
        Expr::Range { .. } | Expr::ThePeriod { .. } => "a period".to_owned(),
        Expr::Of { word, .. } => format!("`{} of …`", word.item),
        Expr::Quantified { quantifier, .. } => match quantifier.item {
            Quantifier::Any | Quantifier::AnyOther => "`any …`".to_owned(),
            Quantifier::No | Quantifier::NoOther => "`no …`".to_owned(),
            Quantifier::Every => "`every …`".to_owned(),
            Quantifier::First | Quantifier::Last | Quantifier::The(_) => "a row".to_owned(),
        },
        Expr::Best { .. } => "a row".to_owned(),
        Expr::Where { .. } | Expr::Timed { .. } | Expr::Field { .. } => "a selection".to_owned(),
        _ => "a value".to_owned(),
    }
}

/// What stands after a label.
pub(crate) fn described_value(value: &Value) -> String {
    match value {
        Value::Expression { title: Some(_), .. } => "a value and a text".to_owned(),
        Value::Expression { expr, title: None } => described(expr),
        Value::Labels(_) => "a text in several languages".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::FromTo { .. } => "`from … to …`".to_owned(),
        Value::Rounding(_) => "a rounding".to_owned(),
        Value::Type(name) => format!("the type `{}`", name.name.item),
    }
}

/// The comparison with a code that stands last in a condition: `gender in f` of `a and gender in f`
pub(crate) fn last_asked(expr: &Spanned<Expr>) -> Option<&Spanned<Expr>> {
    match &expr.item {
        Expr::Is { right, .. } | Expr::In { right, .. } => {
            matches!(right.item, Expr::Name(_)).then_some(expr)
        }
        Expr::Where { condition: inner, .. }
        | Expr::Binary {
            operator: BinaryOperator::And | BinaryOperator::Or, right: inner, ..
        }
        | Expr::Not(inner) => last_asked(inner),
        _ => None,
    }
}
