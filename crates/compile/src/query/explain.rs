//! `explain stably_housed in 2025`: how many people each clause kept, dropped or left unknown.

use interplay_syntax::tree;

use super::{CheckedQuery, Verb, measure};
use crate::calendar::Period;
use crate::check::{Checker, Scope};
use crate::indicator::Measure;
use crate::problems;
use crate::target_group::Step;
use crate::term::Term;

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
    /// In the order they are asked.
    pub steps: Vec<Step>,
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
    let condition = match &query.condition {
        None => None,
        Some(expr) => {
            let condition = checker.condition(&Scope::of(&subject), expr)?;
            Some(Step { span: expr.span, condition, of: vec![expr.clone()] })
        }
    };
    let mut chains = Vec::new();
    if !collect(&measure, condition.as_ref(), &mut chains) {
        let what = "`explain` of an indicator over rows";
        return checker.note(problems::not_available(what, thing.span));
    }
    let needs = |step: &Step| Term::mentions_period(&step.condition);
    if period.is_none() && chains.iter().flat_map(|chain| &chain.steps).any(needs) {
        return checker.note(problems::period_needed(&measure.name, thing.span));
    }
    Some(CheckedQuery::Explain(Explained { subject, period, chains }))
}

/// The clauses of an indicator, or of those it is made of; false where one is about rows.
fn collect(measure: &Measure, condition: Option<&Step>, chains: &mut Vec<Chain>) -> bool {
    let made_of = measure.indicator.made_of();
    let mut sound = measure.indicator.among().rows.is_none();
    for part in &made_of {
        sound &= collect(part, condition, chains);
    }
    let known = |chain: &Chain| chain.name == measure.name;
    if made_of.is_empty() && !chains.iter().any(known) {
        let mut steps = measure.indicator.among().steps.clone();
        steps.extend(condition.cloned());
        steps.extend(measure.indicator.steps());
        chains.push(Chain { name: measure.name.clone(), steps });
    }
    sound
}
