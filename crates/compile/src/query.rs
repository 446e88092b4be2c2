//! Queries, one room a verb.

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree;

use crate::calendar::Period;
use crate::check::{Checker, Model};
use crate::problems;

pub mod cells;
pub mod compare;
pub mod describe;
pub(crate) mod expected;
pub mod explain;
pub mod list;
pub mod measure;
pub mod trace;
pub mod values;

/// Every verb, by name. A new verb is a file and a line here.
pub const VERBS: &[Verb] =
    &[describe::VERB, explain::VERB, list::VERB, measure::VERB, trace::VERB, values::VERB];

/// All that the checker, the manual and the REPL need to know of one verb.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// The word a query begins with.
    pub name: &'static str,
    /// One line for `help` and the manual.
    pub summary: &'static str,
    /// The parts that may follow the things: `in`, `by`, `where`, `as`.
    pub parts: &'static [&'static str],
    /// Resolves the query. None means that a problem is noted.
    check: fn(&mut Checker<'_>, &tree::Query) -> Option<CheckedQuery>,
}

/// A query whose every name is found.
#[derive(Debug)]
pub enum CheckedQuery {
    /// `measure …`
    Measure(measure::Measured),
    /// `explain …`
    Explain(explain::Explained),
    /// `trace …`
    Trace(trace::Traced),
    /// `list …`, `describe …`: answered from the model alone
    Listing(Listing),
}

impl CheckedQuery {
    /// What it counts.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Measure(measured) => Some(&measured.subject),
            Self::Explain(explained) => Some(&explained.subject),
            Self::Trace(traced) => Some(&traced.subject),
            Self::Listing(_) => None,
        }
    }
}

/// Rows of text under headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// Checks a query against a model. `period` stands for a query's own when it names none, as in a
/// report.
#[must_use]
pub fn check(model: &Model, query: &tree::Query) -> (Option<CheckedQuery>, Vec<Diagnostic>) {
    check_on(model, query, None)
}

/// The period that an expression stands for on that data date; none where it is no period, or none
/// that stands by itself.
#[must_use]
pub fn period(
    model: &Model,
    written: &Spanned<tree::Expr>,
    data_date: NaiveDate,
) -> Option<Period> {
    let mut checker = Checker::new(&model.catalog);
    checker.data_date = Some(data_date);
    measure::period(&mut checker, "", &tree::QueryPeriod::Span(written.clone()))
}

/// Checks a query once the data date is known, on which `last 4 quarters` depends.
#[must_use]
pub fn check_on(
    model: &Model,
    query: &tree::Query,
    data_date: Option<NaiveDate>,
) -> (Option<CheckedQuery>, Vec<Diagnostic>) {
    let mut checker = Checker::new(&model.catalog);
    checker.data_date = data_date;
    let checked = checked(&mut checker, query);
    let mut problems = checker.told();
    problems.sort_by_key(|problem| (problem.span, problem.code));
    problems.dedup();
    (checked.filter(|_| !interplay_diagnostic::problem::has_error(&problems)), problems)
}

fn checked(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let Some(verb) = VERBS.iter().find(|verb| verb.name == query.verb.item) else {
        let is_rule = |name: &str| checker.catalog.rules.contains_key(name);
        let verb = &query.verb;
        if is_rule(&verb.item) || query.things.first().is_some_and(|it| is_rule(&it.item)) {
            return checker.note(problems::measure_lacks(&verb.item, verb.span));
        }
        let known = VERBS.iter().map(|verb| verb.name);
        return checker.note(problems::unknown_verb(&query.verb.item, query.verb.span, known));
    };
    let unused = unused(verb, query);
    for (part, span) in &unused {
        checker.problems.push(problems::unused_part(verb.name, part, *span));
    }
    let checked = (verb.check)(checker, query);
    checked.filter(|_| unused.is_empty())
}

/// Parts that are written and that the verb does not take: nothing is ignored.
fn unused(verb: &Verb, query: &tree::Query) -> Vec<(&'static str, Span)> {
    let parts = [
        ("of", query.link.as_ref().map(|word| word.span)),
        ("in", query.period.as_ref().map(|period| period.span().unwrap_or(query.span))),
        (
            "by",
            query.by.first().zip(query.by.last()).map(|(first, last)| first.span().to(last.span())),
        ),
        ("where", query.condition.as_ref().map(|expr| expr.span)),
        ("using", query.using.as_ref().map(|word| word.span)),
        ("compare", query.compare.as_ref().map(|other| other.span().unwrap_or(query.span))),
        ("as", query.format.as_ref().map(|word| word.span)),
    ];
    let written = parts.into_iter().filter_map(|(part, span)| Some((part, span?)));
    written.filter(|(part, _)| !verb.parts.contains(part)).collect()
}

/// Looks a query's names up, for what is noted on the way.
pub(crate) fn asks(checker: &mut Checker<'_>, query: &tree::Query) {
    drop(checked(checker, query));
}

/// A `show:` line of a report: the report gives the period.
pub(crate) fn check_shown(checker: &mut Checker<'_>, query: &tree::Query) {
    if query.verb.item == trace::VERB.name {
        checker.problems.push(problems::trace_in_report(query.verb.span));
        return;
    }
    // How a line is shown is the report's own.
    if let Some(format) = &query.format {
        checker.problems.push(problems::not_available("`as` in a line of a report", format.span));
    }
    if query.period.is_some() {
        drop(checked(checker, query));
        return;
    }
    // Any period does for finding problems; the report's own is set when it runs.
    let mut query = query.clone();
    let year = Spanned::new(tree::Expr::Period("2000".to_owned()), query.span);
    if query.verb.item == measure::VERB.name || query.verb.item == explain::VERB.name {
        query.period = Some(tree::QueryPeriod::Span(year));
        checker.period_follows = true;
    }
    drop(checked(checker, &query));
    checker.period_follows = false;
}

#[cfg(test)]
mod tests {
    use super::VERBS;

    #[test]
    fn verbs_are_sorted_and_unique() {
        assert!(VERBS.is_sorted_by(|one, next| one.name < next.name));
    }
}
