//! Problems of keys, by which rows of one organisation are told apart, and of who is believed.

use interplay_diagnostic::{Diagnostic, Span};

/// `record profile of person once { key: person … }`
pub(crate) fn key_of_once(span: Span) -> Diagnostic {
    let message =
        "a once-record has no rows to tell apart: each of its fields is settled by itself";
    Diagnostic::error("row-key", span, message)
        .with_help("leave the key out; `once by latest` takes what was delivered last")
}

/// `number: text?   key: number`
pub(crate) fn key_may_be_missing(field: &str, span: Span) -> Diagnostic {
    let message = format!("`{field}` may be missing, and a row without it could be any");
    Diagnostic::error("row-key", span, message)
        .with_help("write its type without `?`: a row that lacks it is then put aside when loaded")
}

/// `key: day, day`, `once by organisations a, a`
pub(crate) fn named_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("key-twice", span, format!("`{name}` is named twice"))
        .with_other(first, "the first time")
}
