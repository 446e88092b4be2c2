//! Where something stands in the text.

use std::hash::{Hash, Hasher};

use crate::source::SourceId;

/// A stretch of one source, in bytes, half-open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file, query or REPL entry it stands in.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// From the start of `self` to the end of `last`, which stands later in the same source.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        Self { source: self.source, start: self.start, end: last.end.max(self.end) }
    }
}

/// A thing and the place where it is written.
///
/// Two spanned things are equal when the things are: a tree read back from its printed form
/// equals the tree that was printed.
#[derive(Clone, Copy, Debug)]
pub struct Spanned<T> {
    /// What stands there.
    pub item: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `item`, written at `span`.
    pub fn new(item: T, span: Span) -> Self {
        Self { item, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.item == other.item
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.item.hash(state);
    }
}
