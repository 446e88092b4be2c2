//! Problems that only the command line can see; their wording stands here.

use interplay_diagnostic::{Diagnostic, suggest};
use interplay_syntax::tree::Word;

/// ```text
/// measure reach in 2025 as cvs
///                          ^^^
/// ```
pub(crate) fn unknown_format<'a>(
    written: &Word,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let message = format!("there is no format `{}`", written.item);
    let problem = Diagnostic::error("unknown-format", written.span, message);
    match suggest::nearest(&written.item, known.clone()) {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None => problem.with_help(format!("the formats are {}", suggest::list(known))),
    }
}
