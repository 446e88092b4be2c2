//! Messages about lists with levels and their trees.

use interplay_diagnostic::{Diagnostic, Span};

use super::wrong_type;

/// `area is north`, where `north` is a district
pub(crate) fn level_after_is(code: &str, level: &str, span: Span) -> Diagnostic {
    let message = format!("`{code}` is a {level}, in which other codes lie");
    Diagnostic::error("group-after-is", span, message).with_help(format!("write `in {code}`"))
}

/// `gender at level district`
pub(crate) fn no_levels(found: &str, span: Span) -> Diagnostic {
    let message = format!("a code of a list with `levels:` is expected here, and this is {found}");
    Diagnostic::error("no-levels", span, message)
}

/// `area at tree of 2020-01-01` alone
pub(crate) fn tree_of_what(span: Span) -> Diagnostic {
    let message = "`at tree of` says by which tree, and nothing here is asked of a tree";
    Diagnostic::error("tree-of-what", span, message)
        .with_help("it stands after `at level …`, or before `in`")
}

/// A row of `tree { … }` that does not fit the others.
pub(crate) fn tree_row(message: String, span: Span) -> Diagnostic {
    Diagnostic::error("tree-row", span, message)
}

/// Days on which a code of a tree is not there, between days on which it is.
pub(crate) fn tree_gap(code: &str, days: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("tree-gap", span, format!("`{code}` has no row {days}"))
        .with_help("what lies there on those days has no place in the tree")
}

/// `1: "Low"`, `"very low": "Very low"` in `codes`
pub(crate) fn code_not_a_word(found: &str, span: Span) -> Diagnostic {
    let is_part = |letter: char| if letter.is_alphanumeric() { letter } else { '_' };
    let mut word: String = found.to_lowercase().chars().map(is_part).collect();
    if !word.starts_with(char::is_alphabetic) {
        word.insert_str(0, "code_");
    }
    wrong_type("a code, which is a word,", &format!("`{found}`"), span).with_help(format!(
        "call it `{word}`; a source turns the texts of its export into codes: \
         `recode(…, {{ \"{found}\": {word} }})`"
    ))
}
