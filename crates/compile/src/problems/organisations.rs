//! Problems of organisations, and of what every project has without declaring it.

use interplay_diagnostic::{Diagnostic, Span};

use super::near;
use crate::organisation::FACTS;

/// `record stay … { organisation: text }`
pub(crate) fn reserved_field(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("reserved-field", span, format!("every row has a field `{name}` already"))
        .with_help("it holds who registered the row")
}

/// `record delivery of person at day { … }`, `subject organisation`, `source harbour.log for delivery`
pub(crate) fn built_in(kind: &str, name: &str, span: Span) -> Diagnostic {
    let message = format!("every project has `{name}`, so no {kind} of that name is declared");
    let message = match kind {
        "record" if name == "delivery" => {
            "`delivery` is what organisations delivered, and every project has it".to_owned()
        }
        _ => message,
    };
    Diagnostic::error("built-in", span, message)
        .with_help(format!("ask about it as it is: `describe {name}`; or take another name"))
}

/// `record audit of organisation at day { … }`
pub(crate) fn record_of_organisations(span: Span) -> Diagnostic {
    let message = "of `organisation` every project has the record `delivery`, and no other";
    Diagnostic::error("built-in", span, message)
        .with_help("what is known of an organisation stands in its declaration: `kind`, `since`")
}

/// `any (contact where organisation.kid is shelter)`
pub(crate) fn no_fact(name: &str, span: Span) -> Diagnostic {
    let message = format!("of an organisation no `{name}` is declared");
    near(Diagnostic::error("unknown-name", span, message), name, FACTS, "what can be is")
}
