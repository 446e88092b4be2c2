//! Which problems are told: none that only follows from another, and none twice.

use interplay_compile::Lost;
use interplay_diagnostic::{Diagnostic, Sources, Span};

/// How many further places of a problem are shown.
const MOST_PLACES: usize = 2;

/// The problems that are worth telling beside those of form, by place. A name that is unknown in
/// many places is told once: most often its declaration was changed.
pub(crate) fn told(
    lost: &Lost,
    problems: &[Diagnostic],
    of_form: &[Diagnostic],
    sources: &Sources,
) -> Vec<Diagnostic> {
    let mut left = lost.first_of(problems, of_form, |place| written(sources, place));
    left.sort_by_key(|problem| (problem.span, problem.code));
    // A query finds again what is wrong with the rules it names.
    left.dedup();
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut places: Vec<Vec<Span>> = Vec::new();
    for problem in left {
        let is_same = |first: &Diagnostic| {
            problem.code.starts_with("unknown-")
                && (first.code, &first.message) == (problem.code, &problem.message)
        };
        match told.iter().position(is_same).and_then(|at| places.get_mut(at)) {
            Some(places) => places.push(problem.span),
            None => {
                told.push(problem);
                places.push(Vec::new());
            }
        }
    }
    told.into_iter().zip(places).map(|(problem, places)| with_places(problem, &places)).collect()
}

fn with_places(problem: Diagnostic, places: &[Span]) -> Diagnostic {
    let shown = places.iter().take(MOST_PLACES);
    let problem = shown.fold(problem, |problem, place| problem.with_other(*place, "here too"));
    match places.len().saturating_sub(MOST_PLACES) {
        0 => problem,
        1 => problem.with_help("it stands in one more place"),
        more => problem.with_help(format!("it stands in {more} more places")),
    }
}

/// A number of people or rows in a sentence, in groups of three digits as in a table: `3 873`
pub(crate) fn count(number: impl std::fmt::Display) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        text.extend((index > 0 && left.is_multiple_of(3)).then_some(' '));
        text.push(digit);
    }
    text
}

/// The author's words at a place.
pub(crate) fn written(sources: &Sources, span: Span) -> &str {
    let text = sources.get(span.source).map_or("", |source| source.text.as_str());
    text.get(span.start as usize..span.end as usize).unwrap_or("")
}
