//! Comments: which belong to what.
//!
//! The grammar does not see comments. Whoever has read a statement, an item or a row asks which
//! comments stand in the gap before it, and which beside it.

use crate::input::Tokens;
use crate::token::{Place, Token, TokenKind};
use crate::tree::{Comments, EMPTY_LINE, Within};

/// Comments on lines of their own from byte `from` up to `to`; with `all` also those that stand
/// beside a token there, and documentation. An empty line after one is kept as [`EMPTY_LINE`].
pub(super) fn above(input: Tokens<'_>, from: u32, to: u32, all: bool) -> Vec<String> {
    let wanted = |comment: &Token| {
        let own_line = comment.place != Place::Inside;
        if all {
            own_line || !is_beside_start(input, from, comment)
        } else {
            own_line && comment.kind == TokenKind::Comment
        }
    };
    let mut found = Vec::new();
    let mut comments = between(input, from, to).peekable();
    while let Some(comment) = comments.next() {
        if !wanted(comment) {
            continue;
        }
        found.push(said(input, comment));
        let next = comments.peek().map(|next| next.span.start).or((!all).then_some(to));
        if next.is_some_and(|next| has_empty_line(input, comment.span.end, next)) {
            found.push(EMPTY_LINE.to_owned());
        }
    }
    found
}

/// Comments on lines of their own from byte `from` up to `to`, where something begins: those above
/// its documentation, and those below.
pub(super) fn around(input: Tokens<'_>, from: u32, to: u32) -> Comments {
    let is_docs = |it: &&Token| it.kind == TokenKind::Docs && it.place != Place::Inside;
    let docs_end = between(input, from, to).filter(is_docs).last().map(|docs| docs.span.end);
    let split = docs_end.unwrap_or(to);
    let inside = above(input, split, to, false);
    Comments { above: above(input, from, split, false), inside, ..Comments::default() }
}

/// Adds the comments inside what goes from byte `from` up to `to`. Those at a place where a line
/// of it may begin stay there, the others stand above it.
pub(super) fn inside(input: Tokens<'_>, (from, to): (u32, u32), comments: &mut Comments) {
    let places = input.file.places.borrow();
    let places: Vec<u32> = places.range(from..to).copied().collect();
    for comment in between(input, from, to) {
        let own_line = comment.place != Place::Inside;
        let next = input.ahead.partition_point(|token| token.span.start < comment.span.start);
        let start = |at: usize| input.ahead.get(at).map(|token| token.span.start);
        let place = |start: u32| places.binary_search(&start).ok();
        // What stands beside `and` at the end of a line speaks of what stands before that.
        let last = next.checked_sub(1).filter(|at| is_joint(input, *at));
        let found = start(next).and_then(place).or_else(|| last.and_then(start).and_then(place));
        let said = said(input, comment);
        let Some(found) = found else {
            comments.above.push(said);
            continue;
        };
        if comments.within.last().is_none_or(|last| last.place != found) {
            comments.within.push(Within { place: found, ..Within::default() });
        }
        if let Some(last) = comments.within.last_mut() {
            if own_line || last.beside.is_some() || !last.above.is_empty() {
                last.above.push(said);
            } else {
                last.beside = Some(said);
            }
        }
    }
}

/// Whether the token `at` joins what stands before it with what follows.
fn is_joint(input: Tokens<'_>, at: usize) -> bool {
    matches!(input.word_at(at), Some("and" | "or" | "where"))
}

/// Whether nothing but spaces and an empty line stands from byte `from` up to `to`.
fn has_empty_line(input: Tokens<'_>, from: u32, to: u32) -> bool {
    let gap = input.file.text.get(from as usize..to as usize).unwrap_or_default();
    gap.trim().is_empty() && gap.matches('\n').count() > 1
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
