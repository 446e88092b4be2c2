//! Text to tree, for tests: what cannot be read stops them.

use interplay_diagnostic::Sources;
use interplay_diagnostic::render::render;
use interplay_syntax::parse;
use interplay_syntax::tree::{Program, Query, StatementKind};

/// The program that `text` writes.
///
/// # Panics
///
/// When the text has a problem: it is shown.
#[must_use]
#[track_caller]
pub fn program(text: &str) -> Program {
    let mut sources = Sources::new();
    let id = sources.add("program", text);
    let (program, problems) = parse(id, text);
    assert!(problems.is_empty(), "{}\n{text}", render(&problems, &sources, false));
    program
}

/// The query that `text` writes.
///
/// # Panics
///
/// When the text has a problem, or is no query.
#[must_use]
#[track_caller]
pub fn query(text: &str) -> Query {
    match program(text).statements.as_slice() {
        [statement] => match &statement.kind {
            StatementKind::Query(query) => query.clone(),
            StatementKind::Declaration(_) => panic!("a declaration stands for a query: {text}"),
        },
        statements => panic!("{} statements stand for one query: {text}", statements.len()),
    }
}
