//! Expressions: operators by one table and a climbing loop, and what stands between them.

use interplay_diagnostic::Spanned;
use nom::Parser;

use super::phrase::phrase;
use super::year;
use crate::input::{Parsed, Scope, Tokens, expect, within, word};
use crate::problems;
use crate::token::TokenKind;
use crate::tree::{BinaryOperator, Comparison, Expr};
use crate::words;

/// How strongly an operator binds; the strongest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    Or,
    And,
    Not,
    Compare,
    Range,
    Sum,
    Product,
    Set,
    /// Nothing binds more strongly: only prefixes and phrases.
    Operand,
}

/// What stands between two operands.
#[derive(Clone, Copy, Debug)]
enum Operator {
    Binary(BinaryOperator),
    Compare(Comparison),
    Is,
    In,
    Between,
    Range,
}

/// Operators written as words.
const WORDS: &[(&str, Strength, Operator)] = &[
    ("or", Strength::Or, Operator::Binary(BinaryOperator::Or)),
    ("and", Strength::And, Operator::Binary(BinaryOperator::And)),
    ("is", Strength::Compare, Operator::Is),
    ("in", Strength::Compare, Operator::In),
    ("between", Strength::Compare, Operator::Between),
    ("union", Strength::Set, Operator::Binary(BinaryOperator::Union)),
    ("minus", Strength::Set, Operator::Binary(BinaryOperator::Minus)),
    ("intersect", Strength::Set, Operator::Binary(BinaryOperator::Intersect)),
];

/// Operators written as signs.
const SIGNS: &[(TokenKind, Strength, Operator)] = &[
    (TokenKind::OrSign, Strength::Or, Operator::Binary(BinaryOperator::Or)),
    (TokenKind::AndSign, Strength::And, Operator::Binary(BinaryOperator::And)),
    (TokenKind::InSign, Strength::Compare, Operator::In),
    (TokenKind::Equal, Strength::Compare, Operator::Compare(Comparison::Equal)),
    (TokenKind::Less, Strength::Compare, Operator::Compare(Comparison::Less)),
    (TokenKind::Greater, Strength::Compare, Operator::Compare(Comparison::Greater)),
    (TokenKind::LessOrEqual, Strength::Compare, Operator::Compare(Comparison::LessOrEqual)),
    (TokenKind::GreaterOrEqual, Strength::Compare, Operator::Compare(Comparison::GreaterOrEqual)),
    (TokenKind::DotDot, Strength::Range, Operator::Range),
    (TokenKind::Plus, Strength::Sum, Operator::Binary(BinaryOperator::Add)),
    (TokenKind::Minus, Strength::Sum, Operator::Binary(BinaryOperator::Subtract)),
    (TokenKind::Star, Strength::Product, Operator::Binary(BinaryOperator::Multiply)),
    (TokenKind::Slash, Strength::Product, Operator::Binary(BinaryOperator::Divide)),
];

/// ```text
/// expr ::= or_expr
/// or_expr ::= and_expr { "or" and_expr }
/// and_expr ::= not_expr { "and" not_expr }
/// not_expr ::= "not" not_expr | comparison
/// ```
pub(super) fn expr(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    within(input, Scope::default(), |input| climb(input, Strength::Or))
}

/// A condition that stands by itself: after `where`, before `->`.
pub(super) fn condition(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    within(input, in_condition(), |input| climb(input, Strength::Or))
}

/// A value without comparisons and conditions.
pub(super) fn sum(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    within(input, input.scope, |input| climb(input, Strength::Sum))
}

fn in_condition() -> Scope {
    Scope { in_condition: true, ..Scope::default() }
}

/// ```text
/// range ::= sum [ ".." sum ]
/// sum ::= product { ( "+" | "-" ) product }
/// product ::= set { ( "*" | "/" ) set }
/// set ::= unary { ( "union" | "minus" | "intersect" ) unary }
/// ```
///
/// Reads operands joined by operators that bind at least as strongly as `least`.
fn climb(input: Tokens<'_>, least: Strength) -> Parsed<'_, Spanned<Expr>> {
    let start = input;
    let (mut input, mut left) = operand(input, least)?;
    // Comparisons and ranges stand once: the next operator must bind less strongly.
    let mut most = Strength::Operand;
    while let Some((count, strength, operator, negated)) = operator(input) {
        let chains = !matches!(strength, Strength::Compare | Strength::Range);
        if strength < least || strength > most || (strength == most && !chains) {
            break;
        }
        if matches!(operator, Operator::Binary(BinaryOperator::And | BinaryOperator::Or)) {
            input.mark();
        }
        let before = input;
        let (rest, item) = join(input.skip(count), left, (operator, strength, negated))?;
        let (rest, ()) = rest.joined(before)?;
        left = Spanned::new(item, start.span_to(rest));
        (input, most) = (rest, strength);
    }
    Ok((input, left))
}

/// The operator ahead: its length in tokens, its strength, and whether `not` belongs to it.
fn operator(input: Tokens<'_>) -> Option<(usize, Strength, Operator, bool)> {
    let kind = input.kind()?;
    // A line that begins with a sign and a label is an item of a list with bullets.
    if !input.same_line_at(0) && input.is_label_at(1) {
        return None;
    }
    if let Some((_, strength, operator)) = SIGNS.iter().find(|(sign, ..)| *sign == kind) {
        return Some((1, *strength, *operator, false));
    }
    let found = |text: &str| WORDS.iter().find(|(word, ..)| *word == text);
    match (input.word()?, input.word_at(1)) {
        ("is", Some("not")) => Some((2, Strength::Compare, Operator::Is, true)),
        ("not", Some(next @ ("in" | "between"))) => {
            found(next).map(|(_, strength, operator)| (2, *strength, *operator, true))
        }
        (text, _) => found(text).map(|(_, strength, operator)| (1, *strength, *operator, false)),
    }
}

/// ```text
/// comparison ::= range [ compare range | "is" [ "not" ] code | [ "not" ] "in" range
///              | [ "not" ] "between" sum "and" sum ]
/// compare ::= "=" | "<" | ">" | "<=" | ">="
/// ```
///
/// Stands after the operator: reads what is on its right and joins it with `left`.
fn join(
    input: Tokens<'_>,
    left: Spanned<Expr>,
    (operator, strength, negated): (Operator, Strength, bool),
) -> Parsed<'_, Expr> {
    let left = Box::new(left);
    let right = |input, least| within(input, in_condition(), |input| climb(input, least));
    match operator {
        Operator::Binary(operator) => {
            let (rest, right) = right(input, stronger(strength))?;
            Ok((rest, Expr::Binary { operator, left, right: Box::new(right) }))
        }
        Operator::Compare(comparison) => {
            let (rest, right) = right(input, Strength::Range)?;
            Ok((rest, Expr::Compare { comparison, left, right: Box::new(right) }))
        }
        Operator::Is => {
            let (rest, right) = code(input)?;
            Ok((rest, Expr::Is { left, negated, right: Box::new(right) }))
        }
        Operator::In => {
            let (rest, right) = right(input, Strength::Range)?;
            Ok((rest, Expr::In { left, negated, right: Box::new(year(right)) }))
        }
        Operator::Between => {
            let (input, low) = right(input, Strength::Sum)?;
            let (input, _) =
                expect("`and` and the upper end of `between`", word("and")).parse(input)?;
            let (rest, high) = right(input, Strength::Sum)?;
            let (value, low, high) = (left, Box::new(low), Box::new(high));
            Ok((rest, Expr::Between { value, negated, low, high }))
        }
        Operator::Range => {
            let (rest, right) = right(input, Strength::Sum)?;
            let (from, to) = years(*left, right);
            Ok((rest, Expr::Range { from: Box::new(from), to: Box::new(to) }))
        }
    }
}

/// ```text
/// code ::= range | WORD
/// ```
///
/// After `is` a reserved word is a code, `missing` and `unknown` apart.
fn code(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    match (input.word(), input.next()) {
        (Some("in"), _) => input.refuse(problems::is_in(input.here())),
        (Some(text), Some((rest, token)))
            if words::is_reserved(text) && !matches!(text, "missing" | "unknown" | "not") =>
        {
            Ok((rest, Spanned::new(Expr::Name(text.to_owned()), token.span)))
        }
        _ => within(input, in_condition(), |input| climb(input, Strength::Range)),
    }
}

/// Four digits on one side of `..` are a year when the other side is a period or four digits.
fn years(from: Spanned<Expr>, to: Spanned<Expr>) -> (Spanned<Expr>, Spanned<Expr>) {
    let is_period = |side: &Spanned<Expr>| match &side.item {
        Expr::Number(digits) => words::is_year(digits),
        Expr::Period(_) | Expr::Date(_) => true,
        _ => false,
    };
    if is_period(&from) && is_period(&to) { (year(from), year(to)) } else { (from, to) }
}

fn stronger(strength: Strength) -> Strength {
    match strength {
        Strength::Or => Strength::And,
        Strength::And => Strength::Not,
        Strength::Not => Strength::Compare,
        Strength::Compare => Strength::Range,
        Strength::Range => Strength::Sum,
        Strength::Sum => Strength::Product,
        Strength::Product => Strength::Set,
        Strength::Set | Strength::Operand => Strength::Operand,
    }
}

/// ```text
/// unary ::= "-" unary | phrase
/// ```
///
/// `not` stands here too, where a condition may: see `not_expr`.
fn operand(input: Tokens<'_>, least: Strength) -> Parsed<'_, Spanned<Expr>> {
    if input.word() == Some("not") && least <= Strength::Not {
        let inner = |input| climb(input, Strength::Not);
        let (rest, operand) = within(input.skip(1), in_condition(), inner)?;
        return Ok((rest, Spanned::new(Expr::Not(Box::new(operand)), input.span_to(rest))));
    }
    if input.kind() == Some(TokenKind::Minus) {
        let inner = |input| operand(input, Strength::Operand);
        let (rest, operand) = within(input.skip(1), input.scope, inner)?;
        return Ok((rest, Spanned::new(Expr::Negative(Box::new(operand)), input.span_to(rest))));
    }
    phrase(input)
}
