//! `explain stably_housed in 2025`: how many people each clause kept, dropped or left unknown.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{self, Expr};

use super::{CheckedQuery, Verb, measure};
use crate::calendar::Period;
use crate::check::{Checker, Scope};
use crate::indicator::{Measure, Told};
use crate::problems;
use crate::target_group::Step;
use crate::term::{Selection, Term};
use crate::trace::Walk;

pub(super) const VERB: Verb = Verb {
    name: "explain",
    summary: "how many people each clause of an indicator kept, dropped or left unknown",
    parts: &["in", "where"],
    check,
};

/// A checked `explain` query.
#[derive(Debug)]
pub struct Explained {
    /// What all of it is about.
    pub subject: String,
    /// The period asked for; none is all time up to the data date.
    pub period: Option<Period>,
    /// The clauses of the indicator; of one that is made of others, theirs one after the other.
    pub chains: Vec<Chain>,
}

/// The clauses of one indicator.
#[derive(Debug)]
pub struct Chain {
    /// `stably_housed`
    pub name: String,
    /// All rows of the record of which rows are counted, where they are.
    pub rows: Option<Selection>,
    /// In the order they are asked: of subjects, or of those rows.
    pub steps: Vec<Step>,
    /// How many of the last steps are the indicator's own, asked of those whom it is about.
    pub own: usize,
    /// Whom the numbers of its figure count, where it counts subjects.
    pub told: Told,
    /// Of whom it is unknown whether they are among the people, where that may be.
    pub perhaps: Option<Term>,
}

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let [thing] = query.things.as_slice() else {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("explain", "one indicator", span));
    };
    let measure = measure::measure(checker, thing)?;
    let subject = measure.indicator.among().subject.clone();
    let period = match &query.period {
        None => None,
        Some(period) => Some(measure::period(checker, &subject, period)?),
    };
    if let Some(expr) = &query.condition {
        checker.condition(&measure.indicator.among().scope(), expr)?;
    }
    let mut chains = Vec::new();
    let condition = query.condition.as_ref();
    collect(checker, &measure, (condition, &measure.indicator.among().scope()), &mut chains);
    let needs = |step: &Step| Term::mentions_period(&step.condition);
    if period.is_none() && chains.iter().flat_map(|chain| &chain.steps).any(needs) {
        return checker.note(problems::period_needed(&measure.name, thing.span));
    }
    Some(CheckedQuery::Explain(Explained { subject, period, chains }))
}

/// The clauses of an indicator, or of those it is made of.
fn collect(
    checker: &mut Checker<'_>,
    measure: &Measure,
    (condition, scope): (Option<&Spanned<Expr>>, &Scope),
    chains: &mut Vec<Chain>,
) {
    let made_of = measure.indicator.made_of();
    for part in &made_of {
        collect(checker, part, (condition, scope), chains);
    }
    if !made_of.is_empty() || chains.iter().any(|chain| chain.name == measure.name) {
        return;
    }
    let among = measure.indicator.among();
    let mut steps = Vec::new();
    let rows = measure.indicator.counted().map(|(selection, written)| {
        steps.extend(Walk::new(checker, &among.subject).chosen(written, selection));
        Selection::all(&selection.record, selection.side.clone(), 0)
    });
    steps.extend(among.steps.iter().cloned());
    // What is wrong with it was told when it was checked for all.
    let before = checker.problems.len();
    let asked = condition.and_then(|expr| {
        let condition = checker.condition(scope, expr)?;
        Some(Step { span: expr.span, condition, of: vec![expr.clone()] })
    });
    checker.problems.truncate(before);
    let perhaps =
        Some(&among.steps).filter(|steps| rows.is_none() && !steps.is_empty()).map(|_| {
            let asked = asked.iter().map(|step| Term::IsTrue(Box::new(step.condition.clone())));
            let unknown = Term::IsUnknown(Box::new(among.condition()));
            asked.fold(Term::Seen, Term::and).and(unknown)
        });
    steps.extend(asked);
    // Rows that are counted are all that a count of them asks for.
    let mut own = Vec::new();
    if among.rows.is_some() || rows.is_none() {
        own = measure.indicator.steps();
    }
    let told = measure.indicator.told(&everyone(&steps));
    let (name, of_own) = (measure.name.clone(), own.len());
    steps.extend(own);
    chains.push(Chain { name, rows, steps, own: of_own, told, perhaps });
}

/// Whom all steps keep.
fn everyone(steps: &[Step]) -> Term {
    steps
        .iter()
        .fold(Term::Seen, |kept, step| kept.and(Term::IsTrue(Box::new(step.condition.clone()))))
}
