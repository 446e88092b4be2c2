//! Problems of `trace`, which shows the rows of one subject.

use interplay_diagnostic::{Diagnostic, Span};

/// `trace reach in 2025 where person is "…"`, and no policy allows it
pub(crate) fn trace_not_allowed(span: Span) -> Diagnostic {
    let message = "`trace` shows the rows of one subject, and the disclosure policy of this project \
                   does not allow that";
    Diagnostic::error("trace-not-allowed", span, message).with_help(
        "where those who read the answers may see whom they are about, the rules say so: \
         `disclosure protected { trace: allowed }`",
    )
}

/// `show: trace …` in a report
pub(crate) fn trace_in_report(span: Span) -> Diagnostic {
    let message = "a report goes from hand to hand, and `trace` shows the rows of one subject";
    Diagnostic::error("trace-not-allowed", span, message)
        .with_help("ask it by itself, with `interplay query` or in a session")
}

/// `trace reach in 2025`, of nobody
pub(crate) fn trace_of_whom(subject: &str, span: Span) -> Diagnostic {
    let wanted = format!("whose rows are shown: `where {subject} is \"PSEUDONYM\"`");
    super::missing_clause("trace", &wanted, span)
        .with_help("`interplay pseudonym SOURCE` makes the pseudonym of an identifier")
}
