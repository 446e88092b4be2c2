//! Titles and labels in several languages: `"Living rough" nl "Op straat" fr "À la rue"`.

use interplay_diagnostic::Spanned;

use crate::input::Tokens;
use crate::token::{TokenKind, unquoted};
use crate::tree::Labels;
use crate::words;

/// Whether a language and a text in it stand ahead, and no entry with that text as its key.
pub(super) fn is_in_language(input: Tokens<'_>) -> bool {
    input.word().is_some_and(words::is_language)
        && input.kind_at(1) == Some(TokenKind::Text)
        && !input.skip(1).is_entry()
}

/// ```text
/// labels ::= STRING { WORD STRING }
/// ```
///
/// Asked where a text is ahead. The words are languages, such as `nl` or `pt_BR`.
pub(super) fn labels(input: Tokens<'_>) -> (Tokens<'_>, Labels) {
    let text = |at: Tokens<'_>| Spanned::new(unquoted(at.text(at.here())), at.here());
    let (mut rest, mut others) = (input.skip(1), Vec::new());
    while is_in_language(rest) {
        let language = Spanned::new(rest.text(rest.here()).to_owned(), rest.here());
        others.push((language, text(rest.skip(1))));
        rest = rest.skip(2);
    }
    (rest, Labels { plain: text(input), others })
}
