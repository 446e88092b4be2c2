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
    /// What is explained.
    pub measure: Measure,
    /// The period asked for; none is all time up to the data date.
    pub period: Option<Period>,
    /// The clauses in the order they are asked.
    pub steps: Vec<Step>,
}

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let [thing] = query.things.as_slice() else {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("explain", "one indicator", span));
    };
    let measure = measure::measure(checker, thing)?;
    let among = measure.indicator.among();
    if among.rows.is_some() {
        let what = "`explain` of an indicator over rows";
        return checker.note(problems::not_available(what, thing.span));
    }
    let period = match &query.period {
        None => None,
        Some(period) => Some(measure::period(checker, &among.subject, period)?),
    };
    let mut steps = among.steps.clone();
    if let Some(expr) = &query.condition {
        let condition = checker.condition(&Scope::of(&among.subject), expr)?;
        steps.push(Step { span: expr.span, condition });
    }
    steps.extend(measure.indicator.steps());
    let needs = |step: &Step| Term::mentions_period(&step.condition);
    if period.is_none() && steps.iter().any(needs) {
        return checker.note(problems::period_needed(&measure.name, thing.span));
    }
    Some(CheckedQuery::Explain(Explained { measure, period, steps }))
}
