//! Whether an entry of the REPL is whole.

use interplay_diagnostic::SourceId;

use crate::token::{Token, TokenKind, lex};
use crate::words;

/// Whether a text can be run, or its author is still writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All brackets are closed, and the last line ends with nothing that asks for more.
    Complete,
    /// More lines are to come.
    Incomplete,
}

/// Whether `text` is whole: in the REPL an entry ends at a line end with all brackets closed and
/// nothing left open.
///
/// ```
/// use interplay_syntax::{Completeness, completeness};
///
/// assert_eq!(completeness("measure reach in 2025 by"), Completeness::Incomplete);
/// assert_eq!(completeness("measure reach in 2025 by district"), Completeness::Complete);
/// ```
#[must_use]
pub fn completeness(text: &str) -> Completeness {
    let (tokens, _) = lex(SourceId::default(), text);
    let tokens: Vec<Token> = tokens.into_iter().filter(|token| !token.kind.is_comment()).collect();
    let is_open = open_brackets(&tokens);
    let asks_for_more = match tokens.as_slice() {
        [.., before, last] => continues(text, *last, Some(before.kind)),
        [only] => continues(text, *only, None),
        [] => false,
    };
    match is_open {
        None => Completeness::Complete,
        Some(open) if open > 0 || asks_for_more => Completeness::Incomplete,
        Some(_) => Completeness::Complete,
    }
}

/// Whether a bracket of `text` is not closed yet.
#[must_use]
pub fn has_open_bracket(text: &str) -> bool {
    let (tokens, _) = lex(SourceId::default(), text);
    open_brackets(&tokens).is_some_and(|open| open > 0)
}

/// How many brackets are open at the end; none when one is closed that was not opened.
fn open_brackets(tokens: &[Token]) -> Option<usize> {
    tokens.iter().try_fold(0_usize, |open, token| match token.kind {
        TokenKind::OpenBrace | TokenKind::OpenParen => Some(open + 1),
        // A bracket too many is not mended by writing on.
        TokenKind::CloseBrace | TokenKind::CloseParen => open.checked_sub(1),
        _ => Some(open),
    })
}

/// Whether something must follow the token `last`, which stands after one of the kind `before`.
pub(crate) fn continues(text: &str, last: Token, before: Option<TokenKind>) -> bool {
    use TokenKind::{
        AndSign, Arrow, Bar, Colon, Comma, Dot, DotDot, Equal, Greater, GreaterOrEqual, InSign,
        Less, LessOrEqual, Minus, Name, OrSign, Plus, Slash, Star, Text,
    };
    let written = text.get(last.span.start as usize..last.span.end as usize).unwrap_or_default();
    match last.kind {
        AndSign | Arrow | Bar | Colon | Comma | Dot | DotDot | Equal | Greater | GreaterOrEqual
        | InSign | Less | LessOrEqual | Minus | OrSign | Plus | Slash | Star => true,
        // A text that is not closed ends with its line.
        Text => written.len() < 2 || !written.ends_with(['"', '\'', '\u{201d}', '\u{2019}']),
        Name => before != Some(Dot) && asks_for_more(written, before),
        _ => false,
    }
}

/// Whether something must follow `word` at the end of a line. Some reserved words may end one:
/// `kind is first`, `compare previous`, `unknown_counts_as: no`.
fn asks_for_more(word: &str, before: Option<TokenKind>) -> bool {
    let may_end = ["any", "best", "every", "first", "last", "missing", "no", "previous", "unknown"];
    // A lone word is what the REPL calls a command.
    before.is_some() && words::is_reserved(word) && !may_end.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::{Completeness, completeness};

    #[track_caller]
    fn check(text: &str, expected: Completeness) {
        assert_eq!(completeness(text), expected, "{text}");
    }

    #[test]
    fn open_brackets_texts_and_operators_ask_for_more() {
        for text in [
            "indicator reach {",
            "measure reach in 2025 where (gender is f",
            "measure reach in 2025 where gender is f and",
            "measure reach,",
            "define a of person =",
            "indicator reach \"Young",
            "measure reach in",
            "test \"a\" {\n  given stay {\n    person | arrived |",
            "measure reach by  # a comment",
        ] {
            check(text, Completeness::Incomplete);
        }
    }

    #[test]
    fn a_line_that_asks_for_nothing_is_whole() {
        for text in [
            "",
            "help",
            "measure reach in 2025 by district",
            "measure reach in 2025 compare previous",
            "indicator reach { count: homeless_youth }",
            "indicator reach \"Young people\"",
            "measure reach in 2025)",
            "define a of person = intake.where",
        ] {
            check(text, Completeness::Complete);
        }
    }
}
