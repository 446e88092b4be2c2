//! What a test expects: a figure, or a problem.

use interplay_diagnostic::{Span, Spanned};
use nom::Parser;

use super::expression::sum;
use super::primary::{map, named};
use super::query::query;
use crate::input::{Parsed, Tokens, any_word, expect, word};
use crate::token::{TokenKind, unquoted};
use crate::tree::{Expr, ItemKind, Query, Word};

/// What is expected, and how far from it a figure may lie.
type Wanted = (Spanned<Expr>, Option<Spanned<Expr>>);

/// ```text
/// expect ::= query ( "is" figure | ( "is" "about" | "≈" ) figure "within" figure )
/// ```
///
/// Where `is` was read as part of a condition, as in `where housed is 3`, it is given back: an
/// expectation ends with it.
pub(super) fn expectation(input: Tokens<'_>) -> Parsed<'_, (Spanned<Query>, Wanted)> {
    let (rest, mut query) = query(input)?;
    if rest.kind() == Some(TokenKind::About) {
        let (rest, wanted) = about(rest.skip(1))?;
        return Ok((rest, (query, wanted)));
    }
    if rest.word() == Some("is") {
        let (rest, wanted) = wanted(rest.skip(1))?;
        return Ok((rest, (query, wanted)));
    }
    let taken = query.item.condition.take();
    let Some(Ok((condition, value))) = taken.map(give_back) else {
        return rest.fail("`is` and the value that is expected");
    };
    let span = Span { end: condition.span.end, ..query.span };
    (query.span, query.item.span) = (span, span);
    query.item.condition = Some(condition);
    if matches!(&value.item, Expr::Name(name) if name == ABOUT) {
        let (rest, wanted) = about(rest)?;
        return Ok((rest, (query, wanted)));
    }
    Ok((rest, (query, (value, None))))
}

/// Before a figure that need only be near.
const ABOUT: &str = "about";

/// What stands after `is`.
fn wanted(input: Tokens<'_>) -> Parsed<'_, Wanted> {
    if input.word() == Some(ABOUT) {
        return about(input.skip(1));
    }
    let (rest, value) = figure(input)?;
    Ok((rest, (value, None)))
}

/// What stands after `is about`.
fn about(input: Tokens<'_>) -> Parsed<'_, Wanted> {
    let (rest, value) = figure(input)?;
    let what = "`within` and how far from it the figure may lie, such as `within 0.001`,";
    let (rest, _) = expect(what, word("within")).parse(rest)?;
    let (rest, within) = figure(rest)?;
    Ok((rest, (value, Some(within))))
}

/// ```text
/// figure ::= map | sum
/// ```
///
/// A name is one by itself: `within` after it is no timing phrase.
fn figure(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    if input.kind() == Some(TokenKind::OpenBrace) {
        return map(input);
    }
    if input.word_at(1) == Some("within")
        && let Ok((rest, word)) = crate::input::name(input)
    {
        return Ok((rest, named(word)));
    }
    sum(input)
}

/// Takes `is 3` off the end of a condition, if it ends so.
fn give_back(condition: Spanned<Expr>) -> Result<(Spanned<Expr>, Spanned<Expr>), ()> {
    match condition.item {
        Expr::Is { left, negated: false, right } => Ok((*left, *right)),
        Expr::Binary { operator, left, right } => {
            let (right, value) = give_back(*right)?;
            let span = left.span.to(right.span);
            let item = Expr::Binary { operator, left, right: Box::new(right) };
            Ok((Spanned::new(item, Span { end: span.end, ..condition.span }), value))
        }
        Expr::Not(operand) => {
            let (operand, value) = give_back(*operand)?;
            let span = Span { end: operand.span.end, ..condition.span };
            Ok((Spanned::new(Expr::Not(Box::new(operand)), span), value))
        }
        _ => Err(()),
    }
}

/// ```text
/// problem ::= WORD { "-" WORD } "in" STRING
/// ```
///
/// Stands after `expect`.
pub(super) fn expected_problem(input: Tokens<'_>) -> Parsed<'_, ItemKind> {
    if !input.has_label("problem") {
        return input.fail("`problem:` or `:`");
    }
    let (rest, code) = code(input.skip(2))?;
    let what = "`in` and the text that has the problem, such as `in \"measure raech in 2025\"`,";
    let (rest, _) = expect(what, word("in")).parse(rest)?;
    if rest.kind() != Some(TokenKind::Text) {
        return rest.fail(what);
    }
    let text = Spanned::new(unquoted(rest.text(rest.here())), rest.here());
    Ok((rest.skip(1), ItemKind::ExpectProblem { code, text }))
}

/// `unknown-name`
fn code(input: Tokens<'_>) -> Parsed<'_, Word> {
    let part = || expect("the code of a problem, such as `unknown-name`,", any_word);
    let (mut rest, _) = part().parse(input)?;
    while rest.kind() == Some(TokenKind::Minus) {
        (rest, _) = part().parse(rest.skip(1))?;
    }
    let text = input.texts(input.ahead.len() - rest.ahead.len(), "");
    Ok((rest, Spanned::new(text, input.span_to(rest))))
}
