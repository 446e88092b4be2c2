//! Where lines may break.
//!
//! Groups as in Wadler's *A prettier printer* (2003): each stands on one line if it fits there,
//! and else all of its own breaks are taken.

use std::borrow::Cow;

use super::comment;
use super::page::Page;
use crate::tree::Within;

/// The last column in which a line may end.
const WIDTH: usize = 100;

/// How much further in the lines of a [`Doc::Nest`] begin.
const STEP: usize = 2;

/// A text with the places where its lines may break.
#[derive(Debug)]
pub(super) enum Doc {
    /// Text without breaks.
    Text(Cow<'static, str>),
    /// A space, or a line end.
    Line,
    /// Nothing, or a line end.
    Soft,
    /// A space or a line end, or always a line end, with the comments that stand there.
    Place {
        /// Whether it is always a line end.
        hard: bool,
        /// Whether what is closed here stands further in.
        closes: bool,
        /// What stands there, if anything does.
        said: Option<Within>,
    },
    /// Text that stands only where the group is on one line.
    Flat(&'static str),
    /// Parts whose lines begin further in.
    Nest(Vec<Self>),
    /// Parts that stand on one line if they fit.
    Group(Vec<Self>),
}

impl Doc {
    /// Text without breaks.
    pub(super) fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Several parts one after the other, with no breaks of their own.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        Self::Group(parts)
    }

    /// A place for comments, a space or a line end.
    pub(super) fn place(hard: bool) -> Self {
        Self::Place { hard, closes: false, said: None }
    }

    /// The same before a closing brace.
    pub(super) fn close(hard: bool) -> Self {
        Self::Place { hard, closes: true, said: None }
    }

    /// The same with the comments of its places, which are counted from the first.
    pub(super) fn with(mut self, comments: &[Within]) -> Self {
        if !comments.is_empty() {
            self.comment_on(&mut 0, comments);
        }
        self
    }

    fn comment_on(&mut self, count: &mut usize, comments: &[Within]) {
        match self {
            Self::Place { said, .. } => {
                *said = comments.iter().find(|within| within.place == *count).cloned();
                *count += 1;
            }
            Self::Nest(parts) | Self::Group(parts) => {
                parts.iter_mut().for_each(|part| part.comment_on(count, comments));
            }
            Self::Text(_) | Self::Line | Self::Soft | Self::Flat(_) => {}
        }
    }

    /// The text, if its first line begins in `column` and the others at `indent`.
    pub(super) fn layout(&self, indent: usize, column: usize) -> Page {
        let mut printed = Page::default();
        let mut column = column;
        let mut ahead = vec![(indent, false, self)];
        while let Some((indent, flat, doc)) = ahead.pop() {
            match doc {
                Self::Text(text) => {
                    printed.push(text);
                    column += text.chars().count();
                }
                Self::Flat(text) if flat => {
                    printed.push(text);
                    column += text.chars().count();
                }
                Self::Line | Self::Place { .. } if flat => {
                    printed.push(" ");
                    column += 1;
                }
                Self::Flat(_) => {}
                Self::Soft if flat => {}
                Self::Line | Self::Soft | Self::Place { .. } => {
                    printed.trim();
                    if let Self::Place { said: Some(said), closes, .. } = doc {
                        said_at(said, indent + usize::from(*closes) * STEP, &mut printed);
                    }
                    printed.push("\n");
                    printed.push(&" ".repeat(indent));
                    column = indent;
                }
                Self::Nest(parts) => {
                    ahead.extend(parts.iter().rev().map(|part| (indent + STEP, flat, part)));
                }
                Self::Group(parts) => {
                    let flat = flat || fits(WIDTH.saturating_sub(column), doc, &ahead);
                    ahead.extend(parts.iter().rev().map(|part| (indent, flat, part)));
                }
            }
        }
        printed
    }

    /// The text on one line, if it has one.
    pub(super) fn flat(&self) -> Option<String> {
        let mut printed = String::new();
        self.push_flat(&mut printed).then_some(printed)
    }

    fn push_flat(&self, printed: &mut String) -> bool {
        match self {
            Self::Text(text) => printed.push_str(text),
            Self::Flat(text) => printed.push_str(text),
            Self::Line | Self::Place { hard: false, said: None, .. } => printed.push(' '),
            Self::Soft => {}
            Self::Place { .. } => return false,
            Self::Nest(parts) | Self::Group(parts) => {
                return parts.iter().all(|part| part.push_flat(printed));
            }
        }
        true
    }
}

/// The comment beside the line so far, and those on lines of their own above the next.
fn said_at(said: &Within, indent: usize, printed: &mut Page) {
    if let Some(beside) = &said.beside {
        printed.comment_beside();
        comment(beside, printed);
    }
    for line in &said.above {
        printed.push("\n");
        printed.push(&" ".repeat(indent));
        comment(line, printed);
    }
}

/// Whether `group` on one line, and what follows it up to the next break, takes at most `room`.
fn fits(room: usize, group: &Doc, after: &[(usize, bool, &Doc)]) -> bool {
    let mut left = room;
    let mut parts = vec![(true, group)];
    let mut after = after.iter().rev();
    loop {
        let next = parts.pop().or_else(|| after.next().map(|(_, flat, doc)| (*flat, *doc)));
        let Some((flat, doc)) = next else { return true };
        let width = match doc {
            Doc::Text(text) => text.chars().count(),
            Doc::Flat(text) if flat => text.chars().count(),
            Doc::Line | Doc::Place { hard: false, said: None, .. } if flat => 1,
            Doc::Flat(_) => 0,
            Doc::Soft if flat => 0,
            Doc::Place { .. } if flat => return false,
            Doc::Line | Doc::Soft | Doc::Place { .. } => return true,
            Doc::Nest(inner) | Doc::Group(inner) => {
                parts.extend(inner.iter().rev().map(|part| (flat, part)));
                0
            }
        };
        if width > left {
            return false;
        }
        left -= width;
    }
}

#[cfg(test)]
mod tests {
    use super::Doc;

    fn list(count: usize) -> Doc {
        let mut parts = vec![Doc::Soft];
        for index in 0..count {
            if index > 0 {
                parts.extend([Doc::text(","), Doc::Line]);
            }
            parts.push(Doc::text("word"));
        }
        Doc::Group(vec![Doc::text("("), Doc::Nest(parts), Doc::Soft, Doc::text(")")])
    }

    #[test]
    fn a_group_stands_on_one_line_if_it_fits() {
        assert_eq!(list(3).layout(0, 0).aligned(), "(word, word, word)");
    }

    #[test]
    fn a_group_that_does_not_fit_breaks_everywhere() {
        assert_eq!(list(3).layout(0, 90).aligned(), "(\n  word,\n  word,\n  word\n)");
    }

    #[test]
    fn what_follows_a_group_counts_too() {
        let doc = |tail| Doc::Group(vec![list(1), Doc::text(tail)]);
        assert_eq!(doc("12").layout(0, 92).aligned(), "(word)12");
        assert_eq!(doc("123").layout(0, 92).aligned(), "(\n  word\n)123");
    }
}
