//! What habits from elsewhere write, read as what is meant, always with a problem.

use interplay_diagnostic::{Diagnostic, Span};

use super::{Lexer, TokenKind};
use crate::problems;

/// Text, the token it is read as, and what this language writes.
const SIGNS: &[(&str, Option<TokenKind>, &str)] = &[
    ("==", Some(TokenKind::Equal), "`=`, and between codes `is`"),
    ("=>", Some(TokenKind::Arrow), "`->` in a table of `choose`, and `>=` to compare"),
    ("<>", Some(TokenKind::Equal), "`is not` between codes, and `not (a = b)` between numbers"),
    ("!=", Some(TokenKind::Equal), "`is not` between codes, and `not (a = b)` between numbers"),
    (
        "\u{2260}",
        Some(TokenKind::Equal),
        "`is not` between codes, and `not (a = b)` between numbers",
    ),
    ("\u{2264}", Some(TokenKind::LessOrEqual), "`<=`"),
    ("\u{2265}", Some(TokenKind::GreaterOrEqual), "`>=`"),
    (":=", Some(TokenKind::Colon), "`:` after a label, and `=` after the name of a definition"),
    ("&&", Some(TokenKind::AndSign), "`and`"),
    ("||", Some(TokenKind::OrSign), "`or`"),
    ("&", Some(TokenKind::AndSign), "`and`"),
    ("!", None, "`not`"),
    (";", None, "nothing between clauses, and `,` between the parts of a list"),
    ("...", Some(TokenKind::DotDot), "`..`"),
    ("\u{2026}", Some(TokenKind::DotDot), "`..`"),
    ("\u{2192}", Some(TokenKind::Arrow), "`->`"),
    ("\u{2013}", Some(TokenKind::Minus), "`-`, and `..` between two dates"),
    ("\u{2014}", Some(TokenKind::Minus), "`-`, and `..` between two dates"),
    ("\u{2212}", Some(TokenKind::Minus), "`-`"),
    ("\u{00d7}", Some(TokenKind::Star), "`*`"),
    ("\u{00f7}", Some(TokenKind::Slash), "`/`"),
    ("[", Some(TokenKind::OpenParen), "`(` and `)` around a list, and `{` and `}` around clauses"),
    ("%in%", Some(TokenKind::InSign), "`in`"),
    ("%>%", None, "one clause after the other: nothing is piped"),
    ("|>", None, "one clause after the other: nothing is piped"),
    ("**", Some(TokenKind::Star), "`*`, as often as is wanted"),
    ("^", Some(TokenKind::Star), "`*`, as often as is wanted"),
    (
        "$",
        Some(TokenKind::Dot),
        "`.` between a row and its field, and `EUR` and other units after a number",
    ),
    ("\u{20ac}", None, "`EUR`, after the number"),
    ("~", None, "`from … to …`, or a condition after `where`"),
];

/// Quotation marks that are not `"`, and what closes them.
const QUOTES: &[(char, &str)] = &[
    ('\'', "'"),
    ('\u{201c}', "\u{201d}\u{201c}\""),
    ('\u{201d}', "\u{201d}\""),
    ('\u{201e}', "\u{201d}\u{201c}\""),
    ('\u{2018}', "\u{2019}"),
    ('\u{2019}', "\u{2019}"),
    ('\u{00ab}', "\u{00bb}"),
];

/// Whether some habit begins with `letter`, other than ASCII ones.
pub(super) fn is_known(letter: char) -> bool {
    !letter.is_ascii()
        && (SIGNS.iter().any(|(text, ..)| text.starts_with(letter))
            || QUOTES.iter().any(|(open, _)| *open == letter))
}

impl<'a> Lexer<'a> {
    /// Reads what a habit wrote at the start of `rest`: what is left, and the token that is meant.
    pub(super) fn habit(&mut self, rest: &'a str) -> Option<(&'a str, Option<TokenKind>)> {
        if let Some(after) = foreign_comment(rest) {
            let span = self.between(rest, after);
            self.problems.push(problems::foreign_comment(span));
            return Some((after, Some(TokenKind::Comment)));
        }
        if let Some(after) = rest.strip_prefix(']') {
            // Its opening bracket is reported; once is enough.
            return Some((after, Some(TokenKind::CloseParen)));
        }
        if let Some(after) = foreign_text(rest) {
            let span = self.between(rest, after);
            self.problems.push(problems::foreign_quotes(span));
            return Some((after, Some(TokenKind::Text)));
        }
        SIGNS.iter().find_map(|(text, kind, instead)| {
            let after = rest.strip_prefix(text)?;
            let span = self.between(rest, after);
            self.problems.push(problems::foreign_sign(span, text, instead));
            Some((after, *kind))
        })
    }
}

/// What follows `// …` or `/* … */`.
fn foreign_comment(text: &str) -> Option<&str> {
    if let Some(line) = text.strip_prefix("//") {
        return Some(line.trim_start_matches(|letter| letter != '\n'));
    }
    let inside = text.strip_prefix("/*")?;
    Some(inside.split_once("*/").map_or("", |(_, after)| after))
}

/// What follows a text in other quotation marks, if they are closed in the same line.
fn foreign_text(text: &str) -> Option<&str> {
    let open = text.chars().next()?;
    let (_, closing) = QUOTES.iter().find(|(quote, _)| *quote == open)?;
    let inside = text.strip_prefix(open)?;
    let line = inside.lines().next().unwrap_or_default();
    let at = line.find(|letter| closing.contains(letter))?;
    let after = inside.get(at..)?;
    let close = after.chars().next()?;
    after.strip_prefix(close)
}

/// What follows a text or column, read as far as `after`: one that is not closed gives back the
/// brackets and the comma with which its line ends.
pub(super) fn given_back<'a>(kind: TokenKind, rest: &'a str, after: &'a str) -> &'a str {
    let quote = match kind {
        TokenKind::Text => '"',
        TokenKind::Column => '`',
        _ => return after,
    };
    let read = rest.get(..rest.len().saturating_sub(after.len())).unwrap_or_default();
    let is_closed = read.len() > 1 && read.ends_with(quote) && !read.ends_with("\\\"");
    let end = read.trim_end_matches(|letter: char| " \t{}(),".contains(letter));
    let has_sign = read.get(end.len()..).is_some_and(|tail| !tail.trim().is_empty());
    if is_closed || !has_sign || end.len() < 2 {
        return after;
    }
    rest.get(end.len()..).unwrap_or(after)
}

/// What is wrong inside a text in the right quotation marks.
pub(super) fn text_problem(text: &str, span: Span) -> Option<Diagnostic> {
    let mut letters = text.chars().skip(1);
    let mut closed = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' => closed = true,
            '\\' => match letters.next() {
                Some('"' | '\\') => {}
                Some(other) => return Some(problems::unknown_escape(span, other)),
                None => return Some(problems::open_text(span)),
            },
            _ => {}
        }
    }
    (!closed).then(|| problems::open_text(span))
}

/// What a text token says: without its quotation marks, escapes read.
pub(crate) fn unquoted(text: &str) -> String {
    let mut letters = text.chars();
    let open = letters.next().unwrap_or('"');
    let escapes = open == '"';
    let closing = QUOTES.iter().find(|(quote, _)| *quote == open).map_or("\"", |(_, close)| close);
    let mut said = String::new();
    while let Some(letter) = letters.next() {
        if letter == '\\' && escapes {
            match letters.next() {
                Some(escaped @ ('"' | '\\')) => said.push(escaped),
                Some(other) => said.extend(['\\', other]),
                None => said.push('\\'),
            }
        } else if closing.contains(letter) {
            break;
        } else {
            said.push(letter);
        }
    }
    said
}

/// What a column token names: without its backticks.
pub(crate) fn unticked(text: &str) -> String {
    text.trim_matches('`').to_owned()
}
