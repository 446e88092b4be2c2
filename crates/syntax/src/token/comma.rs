//! Numbers whose decimals stand after a comma, as many countries write them: read as what is
//! meant, always with a problem.
//!
//! In parentheses a comma may divide a list, which asks for a space after it. A list that has such
//! a space elsewhere is a list, and a comma without one stands in a number; a list of two numbers
//! and nothing else could be either, and is told.

use super::{Lexer, TokenKind, number};
use crate::problems;
use crate::words;

/// What a number between two others, or after a bracket, may be part of.
enum Among {
    /// A single value.
    None,
    /// A list, none of whose commas has a space after it so far.
    List,
    /// A list with spaces after its commas.
    SpacedList,
}

impl<'a> Lexer<'a> {
    /// What follows a number with its decimals, where `after` follows the number that begins
    /// `rest`.
    pub(super) fn with_decimals(
        &mut self,
        kind: TokenKind,
        rest: &'a str,
        after: &'a str,
    ) -> &'a str {
        let first = rest.get(..rest.len().saturating_sub(after.len())).unwrap_or_default();
        let Some(end) = decimals(kind, first, after) else { return after };
        let is_key = end.trim_start().starts_with(':');
        let goes_on = end.strip_prefix(',').is_some_and(|next| is_number(next).is_some());
        if is_key || goes_on || self.follows_comma() {
            return after;
        }
        let span = self.between(rest, end);
        match self.among() {
            Among::List if end.trim_start().starts_with([',', ')']) => {
                let is_whole = end.trim_start().starts_with(')')
                    && self.tokens.last().is_some_and(|it| it.kind == TokenKind::OpenParen);
                if is_whole {
                    self.problems.push(problems::maybe_decimal(span, self.text_of(span)));
                    return after;
                }
                let is_spaced = end.trim_start().strip_prefix(',').is_some_and(is_apart);
                if !is_spaced {
                    return after;
                }
            }
            Among::List | Among::SpacedList | Among::None => {}
        }
        self.problems.push(problems::decimal_comma(span, self.text_of(span)));
        end
    }

    /// Whether the number is joined by a comma to the one before it.
    fn follows_comma(&self) -> bool {
        let [.., number, comma] = self.tokens.as_slice() else { return false };
        let end = self.tokens.last().map_or(0, |token| token.span.end);
        let next = self.text.get(end as usize..).unwrap_or_default();
        number.kind == TokenKind::Number
            && comma.kind == TokenKind::Comma
            && number.span.end == comma.span.start
            && !is_apart(next)
    }

    /// What the number ahead may be part of, by what stands before it.
    fn among(&self) -> Among {
        let is_first = match self.tokens.last().map(|token| token.kind) {
            Some(TokenKind::OpenParen) => true,
            Some(TokenKind::Comma) => false,
            _ => return Among::None,
        };
        let mut depth = 0_usize;
        let mut is_spaced = false;
        for token in self.tokens.iter().rev() {
            match token.kind {
                TokenKind::CloseParen | TokenKind::CloseBrace => depth += 1,
                TokenKind::OpenParen if depth == 0 => {
                    return if is_spaced && !is_first { Among::SpacedList } else { Among::List };
                }
                TokenKind::OpenBrace if depth == 0 => return Among::None,
                TokenKind::OpenParen | TokenKind::OpenBrace => depth -= 1,
                TokenKind::Comma if depth == 0 => {
                    let next = self.text.get(token.span.end as usize..).unwrap_or_default();
                    is_spaced |= is_apart(next);
                }
                _ => {}
            }
        }
        Among::None
    }
}

/// What follows `,5` at the start of `after`, where `first` is a number before it. Two years are
/// no number.
fn decimals<'a>(kind: TokenKind, first: &str, after: &'a str) -> Option<&'a str> {
    let next = after.strip_prefix(',').filter(|_| kind == TokenKind::Number)?;
    let end = is_number(next)?;
    let second = next.get(..next.len().saturating_sub(end.len()))?;
    (!words::is_year(first) || !words::is_year(second)).then_some(end)
}

/// What follows the number with which `text` begins.
fn is_number(text: &str) -> Option<&str> {
    match number(text) {
        Ok((end, TokenKind::Number)) => Some(end),
        _ => None,
    }
}

/// Whether a space or a new line begins `text`.
fn is_apart(text: &str) -> bool {
    text.starts_with(char::is_whitespace)
}

/// The number in digits with a point, whichever sign stands before its decimals.
pub(crate) fn pointed(text: &str) -> String {
    let Some((whole, decimals)) = text.rsplit_once(['.', ',']).filter(|_| text.contains(','))
    else {
        return text.to_owned();
    };
    format!("{}.{decimals}", whole.replace(['.', ','], ""))
}
