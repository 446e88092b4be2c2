//! Problems of moments: whose clock tells them.

use interplay_diagnostic::{Diagnostic, Span};

/// `timezone: "Europe/Brussel"`
pub(crate) fn unknown_timezone(written: &str, near: Option<&str>, span: Span) -> Diagnostic {
    let message = format!("there is no time zone `{written}`");
    let help = match near {
        Some(near) => format!("did you mean `\"{near}\"`?"),
        None => "a time zone is called by a place, such as `\"Europe/Brussels\"`".to_owned(),
    };
    Diagnostic::error("unknown-timezone", span, message).with_help(help)
}

/// `map { moment: `Tijdstip` }` of an instant, where nothing says by whose clock it is told
pub(crate) fn timezone_needed(field: &str, span: Span) -> Diagnostic {
    let message = format!("nothing says in which time zone the day of `{field}` is told");
    Diagnostic::error("timezone-needed", span, message).with_help(
        "say `timezone: \"Europe/Brussels\"` in the source, or in the library for all sources",
    )
}

/// A cell `2025-03-01T22:30Z` of a given table, where nothing says by whose clock days are told
pub(crate) fn cell_without_timezone(text: &str, span: Span) -> Diagnostic {
    let message = format!("nothing says in which time zone the day of `{text}` is told");
    Diagnostic::error("timezone-needed", span, message).with_help(
        "say `timezone: \"Europe/Brussels\"` in the library, or write the time that the clock \
         there showed, such as 2025-03-01T23:30",
    )
}

/// `record call of person at instant { moment: instant }`
pub(crate) fn at_no_field(own: Option<&str>, span: Span) -> Diagnostic {
    let message = "behind `at` stands the field that says when, and there is no field `instant`";
    let field = own.unwrap_or("moment");
    Diagnostic::error("unknown-name", span, message).with_help(format!(
        "the type of the field says that it is an instant: `at {field} {{ {field}: instant … }}`"
    ))
}
