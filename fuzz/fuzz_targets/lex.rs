//! Any text is cut into tokens that stand in it, one behind the other.
#![no_main]

use interplay_diagnostic::SourceId;
use interplay_syntax::lex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (tokens, _) = lex(SourceId(0), text);
    let mut end = 0;
    for token in tokens {
        assert!(end <= token.span.start && token.span.start <= token.span.end);
        assert!(text.get(token.span.start as usize..token.span.end as usize).is_some());
        end = token.span.end;
    }
});
