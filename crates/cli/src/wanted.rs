//! The format that a question itself asks for: `measure reach in 2025 as csv`.

use interplay::Outcome;
use interplay_diagnostic::{SourceId, Sources};
use interplay_report::{FORMATS, Format, format};
use interplay_syntax::parse;
use interplay_syntax::tree::{StatementKind, Word};

use crate::problems;
use crate::stop::Stop;
use crate::terminal;

/// Tells of formats that there are not, before anything is computed for them.
pub(crate) fn check(name: &str, text: &str) -> Result<(), Stop> {
    let unknown: Vec<Word> =
        words(text).into_iter().filter(|word| format::named(&word.item).is_none()).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut sources = Sources::new();
    sources.add(name, text);
    let known = || FORMATS.iter().map(|format| format.name);
    let found: Vec<_> =
        unknown.iter().map(|word| problems::unknown_format(word, known())).collect();
    terminal::problems(&found, &sources);
    Err(Stop::Problems)
}

/// Whether a text asks and declares nothing.
pub(crate) fn is_empty(text: &str) -> bool {
    let (program, problems) = parse(SourceId(0), text);
    program.statements.is_empty() && problems.is_empty()
}

/// The format an outcome's question asks for.
pub(crate) fn format(outcome: &Outcome) -> Option<&'static Format> {
    words(&outcome.title).first().and_then(|word| format::named(&word.item))
}

/// What stands after `as` in the questions of a text.
fn words(text: &str) -> Vec<Word> {
    let (program, _) = parse(SourceId(0), text);
    let formats = program.statements.into_iter().filter_map(|statement| match statement.kind {
        StatementKind::Query(query) => query.format,
        StatementKind::Declaration(_) => None,
    });
    formats.collect()
}

#[cfg(test)]
mod tests {
    use super::{check, words};

    #[test]
    fn a_question_may_name_its_format() {
        assert_eq!(
            words("measure reach in 2025 as csv").first().map(|word| word.item.clone()),
            Some("csv".to_owned())
        );
        assert!(check("query", "measure reach in 2025 by year as json").is_ok());
        assert!(check("query", "measure reach in 2025").is_ok());
        assert!(check("query", "measure reach as scroll").is_err());
    }
}
