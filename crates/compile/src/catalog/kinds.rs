//! Kinds of period by name: those of the calendar, and those that a project declares.

use std::sync::Arc;

use interplay_diagnostic::Span;

use super::Catalog;
use crate::calendar::kind::{Declared, PeriodKind};
use crate::types::TimeUnit;

/// A kind of period that a project declares: `periods school_year "School year" starts 09-01`
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The kind.
    pub kind: Arc<Declared>,
    /// What it is, for readers.
    pub title: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

impl Catalog {
    /// `quarter`, `quarters`, and `school_year` where it is declared
    #[must_use]
    pub fn kind_of_period(&self, word: &str) -> Option<PeriodKind> {
        if let Some(unit) = TimeUnit::from_word(word) {
            return Some(PeriodKind::Unit(unit));
        }
        let one = self.kinds.get(word);
        let found = one.or_else(|| self.kinds.get(word.strip_suffix('s')?))?;
        Some(PeriodKind::Declared(Arc::clone(&found.kind)))
    }

    /// The words for kinds of period.
    pub fn kinds_of_period(&self) -> impl Iterator<Item = &str> {
        TimeUnit::ALL.iter().map(|(one, ..)| *one).chain(self.kinds.keys().map(String::as_str))
    }
}
