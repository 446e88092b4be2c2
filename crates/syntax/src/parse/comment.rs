//! Comments: which belong to what.
//!
//! The grammar does not see comments. Whoever has read a statement, an item or a row asks which
//! comments stand in the gap before it, and which beside it.

use crate::input::Tokens;
use crate::token::{Place, Token, TokenKind};

/// Comments on lines of their own from byte `from` up to `to`; with `all` also those that stand
/// beside a token there, and documentation.
pub(super) fn above(input: Tokens<'_>, from: u32, to: u32, all: bool) -> Vec<String> {
    let wanted = |comment: &&Token| {
        let own_line = comment.place != Place::Inside;
        if all {
            own_line || !is_beside_start(input, from, comment)
        } else {
            own_line && comment.kind == TokenKind::Comment
        }
    };
    between(input, from, to).filter(wanted).map(|comment| said(input, comment)).collect()
}

/// Lines of documentation from byte `from` up to `to`.
pub(super) fn docs(input: Tokens<'_>, from: u32, to: u32) -> Vec<String> {
    between(input, from, to)
        .filter(|comment| comment.kind == TokenKind::Docs && comment.place != Place::Inside)
        .map(|comment| said(input, comment))
        .collect()
}

/// The comment in the line of the token that ends at `from`, before what is ahead in `rest`.
pub(super) fn beside(rest: Tokens<'_>, from: u32) -> Option<String> {
    let to = rest.ahead.first().map_or(u32::MAX, |token| token.span.start);
    beside_before(rest, from, to)
}

/// The comment in the line of the token that ends at `from`, if it stands before `to`.
pub(super) fn beside_before(input: Tokens<'_>, from: u32, to: u32) -> Option<String> {
    let found = between(input, from, to).next()?;
    (found.place == Place::Inside).then(|| said(input, found))
}

/// Whether a comment stands in the line of what ends at `from`: it belongs to that.
fn is_beside_start(input: Tokens<'_>, from: u32, comment: &Token) -> bool {
    let gap = input.file.text.get(from as usize..comment.span.start as usize);
    gap.is_some_and(|gap| gap.trim_matches([' ', '\t', ',']).is_empty())
}

fn between<'a>(input: Tokens<'a>, from: u32, to: u32) -> impl Iterator<Item = &'a Token> {
    let comments = &input.file.comments;
    let start = comments.partition_point(|comment| comment.span.start < from);
    comments.iter().skip(start).take_while(move |comment| comment.span.start < to)
}

/// What a comment says, without its marks and outer spaces.
pub(super) fn said(input: Tokens<'_>, comment: &Token) -> String {
    let text = input.text(comment.span);
    let marks: &[&str] = match comment.kind {
        TokenKind::Docs => &["##"],
        _ => &["#", "//", "/*"],
    };
    let said = marks.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    said.trim().to_owned()
}
