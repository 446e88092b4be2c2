//! What an expression begins with: names, calls, brackets, and the fields after them.

use interplay_diagnostic::{Diagnostic, Spanned};
use nom::Parser;

use super::choose::choose;
use super::expression::expr;
use super::{entry_key, list_of};
use crate::foreign::{between_values, instead_of};
use crate::input::{Parsed, Tokens, any_word, expect, name, token};
use crate::problems;
use crate::token::TokenKind;
use crate::tree::{Argument, Expr, MapRow, Word};
use crate::words;

/// ```text
/// postfix ::= primary { "." WORD }
/// ```
pub(super) fn postfix(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let (mut rest, mut base) = primary(input)?;
    while rest.kind() == Some(TokenKind::Dot) {
        let before = rest;
        let Some((after, field)) = field(rest.skip(1)) else {
            return rest.skip(1).fail("the name of a field after `.`");
        };
        (rest, ()) = after.joined(before)?;
        let item = Expr::Field { base: Box::new(base), field };
        base = Spanned::new(item, input.span_to(rest));
    }
    Ok((rest, base))
}

/// Any word is a field after a dot.
fn field(input: Tokens<'_>) -> Option<(Tokens<'_>, Word)> {
    any_word(input).ok()
}

/// ```text
/// primary ::= NAME | call | "(" expr { "," expr } ")" | map | choose
/// call ::= NAME "(" [ argument { "," argument } ] ")"
/// ```
fn primary(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    match input.kind() {
        Some(TokenKind::OpenParen) => parenthesised(input),
        Some(TokenKind::OpenBrace) => map(input),
        _ if input.word() == Some("choose") => choose(input),
        _ => {
            if let Some(problem) = foreign_here(input) {
                return input.refuse(problem);
            }
            let (rest, word) = expect("a value", name).parse(input)?;
            if rest.kind() == Some(TokenKind::OpenParen) && rest.same_line_at(0) {
                return call(input, rest.skip(1), word);
            }
            Ok((rest, named(word)))
        }
    }
}

/// The problem of what elsewhere begins a value: `if a then b`, `CASE WHEN`, `is.na(…)`,
/// `DISTINCT person`.
fn foreign_here(input: Tokens<'_>) -> Option<Diagnostic> {
    let next = input.skip(1);
    let word = input.found().filter(|_| input.kind() == Some(TokenKind::Name))?;
    if word == "is" && next.kind() == Some(TokenKind::Dot) {
        let asked = next.skip(1).found()?;
        let span = input.span_to(next.skip(2));
        return Some(problems::foreign_word(span, input.text(span), instead_of(asked)?));
    }
    let goes_on = next.same_line_at(0) && next.word().is_some_and(words::begins_expression);
    let instead = between_values(word).filter(|_| goes_on && !words::is_reserved(word))?;
    Some(problems::foreign_word(input.here(), word, instead))
}

pub(super) fn named(word: Word) -> Spanned<Expr> {
    Spanned::new(Expr::Name(word.item), word.span)
}

fn call<'a>(start: Tokens<'a>, input: Tokens<'a>, function: Word) -> Parsed<'a, Spanned<Expr>> {
    let (mut rest, mut arguments) = (input, Vec::new());
    while arguments.is_empty() || rest.kind() == Some(TokenKind::Comma) {
        if rest.kind() == Some(TokenKind::CloseParen) {
            break;
        }
        let (after, argument) = argument(rest.skip(usize::from(!arguments.is_empty())))?;
        arguments.push(argument);
        rest = after;
    }
    let close = token(TokenKind::CloseParen, "`)`");
    let (rest, _) = expect("`,` and a further argument, or `)`", close).parse(rest)?;
    let item = Expr::Call { function, arguments };
    Ok((rest, Spanned::new(item, start.span_to(rest))))
}

/// ```text
/// argument ::= [ LABEL ":" ] expr
/// ```
fn argument(input: Tokens<'_>) -> Parsed<'_, Argument> {
    if !input.is_label_at(0) {
        let (rest, value) = expr(input)?;
        return Ok((rest, Argument { label: None, value }));
    }
    let label = Spanned::new(input.text(input.here()).to_owned(), input.here());
    let (rest, value) = expr(input.skip(2))?;
    Ok((rest, Argument { label: Some(label), value }))
}

fn parenthesised(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let (rest, mut items) = list_of(input.skip(1), "a value", expr)?;
    let close = token(TokenKind::CloseParen, "`)`");
    let (rest, _) = expect("`)`, which closes the `(`", close).parse(rest)?;
    let item = match (items.len(), items.pop()) {
        (1, Some(only)) => Expr::Parenthesised(Box::new(only)),
        (_, last) => Expr::List(items.into_iter().chain(last).collect()),
    };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// ```text
/// map ::= "{" map_row { [ "," ] map_row } [ "," ] "}"
/// map_row ::= key ":" expr
/// key ::= LABEL | STRING | NUMBER | DATE | PERIOD
/// ```
pub(super) fn map(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let (mut rest, mut rows) = (input.skip(1), Vec::new());
    while rest.kind() != Some(TokenKind::CloseBrace) {
        rest.mark();
        let (after, row) = map_row(rest)?;
        rows.push(row);
        let comma = after.kind() == Some(TokenKind::Comma);
        rest = after.skip(usize::from(comma));
    }
    if !rows.is_empty() {
        rest.mark();
    }
    let rest = rest.skip(1);
    Ok((rest, Spanned::new(Expr::Map(rows), input.span_to(rest))))
}

fn map_row(input: Tokens<'_>) -> Parsed<'_, MapRow> {
    let Some((rest, key)) = entry_key(input) else {
        return input.fail("a row `key: value`, or `}`");
    };
    let (rest, value) = expr(rest)?;
    Ok((rest, MapRow { key, value }))
}
