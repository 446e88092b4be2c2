//! Any text is checked, the queries in it too, and its problems can be shown.
#![no_main]

use interplay_compile::{check, query};
use interplay_diagnostic::{Sources, render};
use interplay_syntax::parse;
use interplay_syntax::tree::StatementKind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let (program, _) = parse(sources.add("text", text), text);
    let (model, problems) = check(std::slice::from_ref(&program));
    assert_eq!(render(&problems, &sources, false).is_empty(), problems.is_empty());
    for statement in &program.statements {
        if let StatementKind::Query(query) = &statement.kind {
            drop(render(&query::check(&model, query).1, &sources, false));
        }
    }
});
