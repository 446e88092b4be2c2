//! Any text is read, and its problems can be shown.
#![no_main]

use interplay_diagnostic::{Sources, render};
use interplay_syntax::{completeness, parse, parse_expression};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let source = sources.add("text", text);
    let (_, problems) = parse(source, text);
    assert_eq!(render(&problems, &sources, false).is_empty(), problems.is_empty());
    drop(parse_expression(source, text));
    assert_eq!(completeness(text), completeness(text));
});
