//! Decision tables.

use interplay_diagnostic::Spanned;
use nom::Parser;

use super::expression::{condition, expr};
use super::group_end;
use crate::complete;
use crate::input::{Parsed, Scope, Tokens, expect, token, within};
use crate::token::{Place, TokenKind};
use crate::tree::{ChooseRow, Expr};
use crate::words;

/// ```text
/// choose ::= "choose" "{" [ choose_row { "," choose_row } [ "," ] ] "}"
/// ```
///
/// A row ends with a comma or with its line; a line that begins with `and`, `or`, `->` or
/// another operator continues the row (G7).
pub(super) fn choose(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let open = token(TokenKind::OpenBrace, "`{`");
    let (mut rest, _) = expect("`{` and the rows of `choose`", open).parse(input.skip(1))?;
    let mut rows = Vec::new();
    while rest.kind() != Some(TokenKind::CloseBrace) {
        if rest.ahead.is_empty() {
            return rest.fail("`}`, which closes `choose`");
        }
        rest.mark();
        let length = row_length(rest);
        let (own, later) = rest.ahead.split_at_checked(length).unwrap_or((rest.ahead, &[]));
        let (left, row) = choose_row(Tokens { ahead: own, ..rest })?;
        if !left.ahead.is_empty() {
            return left.fail("the end of the row: a comma or a new line");
        }
        rows.push(row);
        rest = Tokens { ahead: later, ..left };
        rest = rest.skip(usize::from(rest.kind() == Some(TokenKind::Comma)));
    }
    rest.mark();
    let rest = rest.skip(1);
    Ok((rest, Spanned::new(Expr::Choose(rows), input.span_to(rest))))
}

/// How many tokens belong to the row ahead.
fn row_length(input: Tokens<'_>) -> usize {
    let mut at = 0;
    while let Some(token) = input.ahead.get(at) {
        let ends = match token.kind {
            TokenKind::Comma | TokenKind::CloseBrace => true,
            _ => at > 0 && token.place != Place::Inside && !continues(input, at),
        };
        if ends {
            return at.max(1);
        }
        at = group_end(input.ahead, at).unwrap_or(at) + 1;
    }
    at
}

/// Whether the line that begins with the token `at` continues the one before it.
fn continues(input: Tokens<'_>, at: usize) -> bool {
    use TokenKind::{Column, Date, MonthDay, Name, Number, OpenBrace, OpenParen, Period, Text};
    let last = at.checked_sub(1).and_then(|last| input.ahead.get(last));
    let before = at.checked_sub(2).and_then(|before| input.kind_at(before));
    if last.is_some_and(|last| complete::continues(input.file.text, *last, before)) {
        return true;
    }
    let input = input.skip(at);
    match input.kind() {
        Some(Name) => {
            let negated = input.has_words(&["not", "in"]) || input.has_words(&["not", "between"]);
            negated || input.word().is_some_and(|word| !words::begins_expression(word))
        }
        Some(Number | Date | Period | MonthDay | Text | Column | OpenParen | OpenBrace) | None => {
            false
        }
        Some(_) => true,
    }
}

/// ```text
/// choose_row ::= ( expr | "else" ) "->" expr
/// ```
fn choose_row(input: Tokens<'_>) -> Parsed<'_, ChooseRow> {
    let (rest, found) = if input.word() == Some("else") {
        (input.skip(1), None)
    } else {
        let (rest, found) = condition(input)?;
        (rest, Some(found))
    };
    let arrow = token(TokenKind::Arrow, "`->`");
    let (rest, _) = expect("`->` and the value of the row", arrow).parse(rest)?;
    let (rest, value) = within(rest, Scope::default(), expr)?;
    Ok((rest, ChooseRow { condition: found, value }))
}
