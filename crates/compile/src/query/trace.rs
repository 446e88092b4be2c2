//! `trace stably_housed in 2025 where person is "…"`: what the clauses of a rule look at of one
//! subject, row by row.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{self, Expr};

use super::{CheckedQuery, Verb, measure};
use crate::calendar::Period;
use crate::catalog::RuleKind;
use crate::check::Checker;
use crate::indicator::{Measure, OfOne};
use crate::problems;
use crate::target_group::{self, Step};
use crate::term::Term;
use crate::trace::{Clause, Looked, Walk};

pub(super) const VERB: Verb = Verb {
    name: "trace",
    summary: "for one subject, which rows made each clause of an indicator true, false or unknown",
    parts: &["of", "in", "where", "as"],
    check,
};

/// A checked `trace` query.
#[derive(Debug)]
pub struct Traced {
    /// Of what sort the one is: `person`
    pub subject: String,
    /// Its pseudonym.
    pub pseudonym: String,
    /// The period asked for; none is all time up to the data date.
    pub period: Option<Period>,
    /// The rules: one, or those of which an indicator is made.
    pub chains: Vec<Traces>,
    /// `as json`
    pub format: Option<String>,
}

/// What is looked at for one rule.
#[derive(Debug)]
pub struct Traces {
    /// `stably_housed`
    pub name: String,
    /// `Stably housed six months after intake`
    pub title: Option<String>,
    /// The rows that are counted, where rows are.
    pub rows: Option<Looked>,
    /// In the order they are asked.
    pub clauses: Vec<Clause>,
    /// What is made of the one subject, beside what the clauses say.
    pub further: Vec<OfOne>,
}

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    if !checker.catalog.trace_allowed {
        return checker.note(problems::trace_not_allowed(query.verb.span));
    }
    let [thing] = query.things.as_slice() else {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("trace", "one indicator or group", span));
    };
    let (subject, chains) = chains(checker, thing)?;
    let period = match &query.period {
        None => None,
        Some(period) => Some(measure::period(checker, &subject, period)?),
    };
    let pseudonym = pseudonym(checker, &subject, query)?;
    let steps = chains.iter().flat_map(|chain| &chain.clauses).map(|clause| &clause.step.condition);
    let further = chains.iter().flat_map(|chain| &chain.further).map(|one| &one.term);
    let mut counted = chains.iter().filter_map(|chain| chain.rows.as_ref());
    let counted = counted.any(|rows| rows.selection().is_some_and(mentions_period));
    if period.is_none() && (counted || steps.chain(further).any(Term::mentions_period)) {
        return checker.note(problems::period_needed(&thing.item, thing.span));
    }
    let format = query.format.as_ref().map(|word| word.item.clone());
    Some(CheckedQuery::Trace(Traced { subject, pseudonym, period, chains, format }))
}

fn mentions_period(rows: &crate::term::Selection) -> bool {
    rows.children().into_iter().any(Term::mentions_period)
}

/// The one of whom rows are asked: `where person is "…"`
fn pseudonym(checker: &mut Checker<'_>, subject: &str, query: &tree::Query) -> Option<String> {
    let Some(expr) = &query.condition else {
        return checker.note(problems::trace_of_whom(subject, query.verb.span));
    };
    match said(expr) {
        Some((of, pseudonym)) if of == subject => Some(pseudonym.to_owned()),
        _ => checker.note(problems::trace_of_whom(subject, expr.span)),
    }
}

fn said(expr: &Spanned<Expr>) -> Option<(&str, &str)> {
    match &expr.item {
        Expr::Parenthesised(inner) => said(inner),
        Expr::Is { left, negated: false, right } => match (&left.item, &right.item) {
            (Expr::Name(subject), Expr::Text(pseudonym)) => Some((subject, pseudonym)),
            _ => None,
        },
        _ => None,
    }
}

/// Of whom the rule is, and what it looks at.
fn chains(checker: &mut Checker<'_>, thing: &tree::Word) -> Option<(String, Vec<Traces>)> {
    let rule = checker.catalog.rules.get(&thing.item);
    if let Some(rule) = rule.filter(|rule| rule.kind == RuleKind::TargetGroup) {
        let expr = Spanned::new(Expr::Name(rule.name.clone()), thing.span);
        let among = target_group::among(checker, &expr)?;
        let mut walk = Walk::new(checker, &among.subject);
        let clauses = among.steps.iter().map(|step| walk.clause(step.clone(), &[])).collect();
        let traces = Traces {
            name: rule.name.clone(),
            title: rule.title.clone(),
            rows: None,
            clauses,
            further: Vec::new(),
        };
        return Some((among.subject, vec![traces]));
    }
    let measure = measure::measure(checker, thing)?;
    let subject = measure.indicator.among().subject.clone();
    let mut chains = Vec::new();
    collect(checker, &measure, &mut chains);
    Some((subject, chains))
}

/// What a measure looks at, or those it is made of.
fn collect(checker: &mut Checker<'_>, measure: &Measure, chains: &mut Vec<Traces>) {
    let made_of = measure.indicator.made_of();
    for part in &made_of {
        collect(checker, part, chains);
    }
    if made_of.is_empty() && !chains.iter().any(|chain| chain.name == measure.name) {
        let among = measure.indicator.among();
        let steps: Vec<Step> =
            among.steps.iter().cloned().chain(measure.indicator.steps()).collect();
        let mut walk = Walk::new(checker, &among.subject);
        let written = among.written.as_ref();
        let rows = written.and_then(|written| walk.counted(written, &steps));
        let fields = measure.indicator.fields();
        let steps = if among.rows.is_some() { Vec::new() } else { steps };
        let clauses = steps.into_iter().map(|step| walk.clause(step, &fields)).collect();
        let further = measure.indicator.of_one();
        let (name, title) = (measure.name.clone(), measure.title.clone());
        chains.push(Traces { name, title, rows, clauses, further });
    }
}
