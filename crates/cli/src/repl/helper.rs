//! What the line editor asks while somebody types.

use std::borrow::Cow;

use interplay_syntax::{Completeness, completeness, has_open_bracket};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::complete::Names;
use super::{highlight, meta};

/// Names to complete and colours to show.
pub(super) struct ReplHelper {
    /// What is declared now.
    pub(super) names: Names,
    /// Whether the terminal shows colours.
    pub(super) is_coloured: bool,
}

/// Whether an entry may end here: all brackets are closed, and nothing is left open.
pub(super) fn is_complete(entry: &str) -> bool {
    meta::find(entry).is_some() || completeness(entry) == Completeness::Complete
}

/// Whether a line in column one begins the next entry: only an open bracket holds it back.
pub(super) fn may_end(entry: &str) -> bool {
    is_complete(entry) || !has_open_bracket(entry)
}

impl Helper for ReplHelper {}

impl Hinter for ReplHelper {
    type Hint = String;
}

impl Completer for ReplHelper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, words) = self.names.complete(line.get(..pos).unwrap_or(line));
        // The only word that fits is followed by a space, so that the next can be typed.
        let end = if words.len() == 1 && pos == line.len() { " " } else { "" };
        let pairs = words.into_iter().map(|display| {
            let replacement = format!("{display}{end}");
            Pair { display, replacement }
        });
        Ok((start, pairs.collect()))
    }
}

impl Highlighter for ReplHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.is_coloured { Cow::Owned(highlight::coloured(line)) } else { Cow::Borrowed(line) }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.is_coloured {
            Cow::Owned(format!("\u{1b}[1;34m{prompt}\u{1b}[0m"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        // A letter may make a word of another sort; moving the cursor does not.
        self.is_coloured && kind != CmdKind::MoveCursor
    }
}

impl Validator for ReplHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let entry = context.input();
        // An empty line ends an entry in any case, so that nobody is caught in an open bracket.
        let is_ended = is_complete(entry) || entry.ends_with("\n\n");
        Ok(if is_ended { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}
