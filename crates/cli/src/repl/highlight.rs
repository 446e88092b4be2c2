//! Colours by the lexer: keywords, labels, numbers, texts, comments.

use interplay_compile::query::VERBS;
use interplay_diagnostic::SourceId;
use interplay_syntax::tree::DeclarationKind;
use interplay_syntax::{Place, Token, TokenKind, is_reserved, lex};

use super::meta;

const KEYWORD: &str = "\u{1b}[34m";
const LABEL: &str = "\u{1b}[36m";
const NUMBER: &str = "\u{1b}[35m";
const TEXT: &str = "\u{1b}[32m";
const COLUMN: &str = "\u{1b}[33m";
const COMMENT: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The text with colours, and otherwise letter by letter the same.
pub(super) fn coloured(text: &str) -> String {
    let (tokens, _) = lex(SourceId(0), text);
    let mut shown = String::new();
    let mut done = 0;
    for (at, token) in tokens.iter().enumerate() {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        let own = text.get(start..end).unwrap_or_default();
        shown.push_str(text.get(done..start).unwrap_or_default());
        match colour(token, tokens.get(at + 1), own) {
            Some(colour) => shown.extend([colour, own, PLAIN]),
            None => shown.push_str(own),
        }
        done = end;
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    shown
}

fn colour(token: &Token, next: Option<&Token>, text: &str) -> Option<&'static str> {
    match token.kind {
        TokenKind::Name if next.is_some_and(|next| next.kind == TokenKind::Colon) => Some(LABEL),
        TokenKind::Name if is_keyword(token, text) => Some(KEYWORD),
        TokenKind::Number
        | TokenKind::Ordinal
        | TokenKind::Date
        | TokenKind::Period
        | TokenKind::MonthDay => Some(NUMBER),
        TokenKind::Text => Some(TEXT),
        TokenKind::Column => Some(COLUMN),
        TokenKind::Comment | TokenKind::Docs => Some(COMMENT),
        _ => None,
    }
}

/// Verbs and kinds are keywords where a statement begins, reserved words anywhere.
fn is_keyword(token: &Token, text: &str) -> bool {
    let begins = token.place == Place::ColumnOne;
    let starts = || {
        VERBS.iter().any(|verb| verb.name == text)
            || DeclarationKind::ALL
                .iter()
                .any(|(words, _)| words.split(' ').any(|word| word == text))
            || meta::COMMANDS.iter().any(|command| command.name == text)
    };
    is_reserved(text) || (begins && starts())
}

#[cfg(test)]
mod tests {
    use super::coloured;

    fn without_colours(text: &str) -> String {
        let parts: Vec<&str> = text.split('\u{1b}').collect();
        let rest = |part: &str| part.split_once('m').map(|(_, rest)| rest.to_owned());
        let first = parts.first().copied().unwrap_or_default().to_owned();
        parts.iter().skip(1).fold(first, |text, part| text + &rest(part).expect("a colour"))
    }

    #[test]
    fn colours_change_no_letter() {
        let texts = [
            "measure reach in 2025 by district # all",
            "record stay of person { place: é  }\n",
            "\"open\n`open\n@€ 12",
            "",
        ];
        for text in texts {
            assert_eq!(without_colours(&coloured(text)), text);
        }
    }

    #[test]
    fn words_are_coloured_by_what_they_are() {
        let shown = coloured("measure reach in 2025");
        assert_eq!(
            shown,
            "\u{1b}[34mmeasure\u{1b}[0m reach \u{1b}[34min\u{1b}[0m \u{1b}[35m2025\u{1b}[0m"
        );
    }
}
