//! `target group homeless_youth of person { where: … }`: whom an indicator is about.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::catalog::{Record, Rule, RuleKind};
use crate::check::{Checker, Scope};
use crate::expression::{Checked, truth};
use crate::organisation::DELIVERY;
use crate::problems;
use crate::shape::{self, Clauses};
use crate::term::{Selection, Term};

/// The condition of membership.
pub(crate) fn check(checker: &mut Checker<'_>, rule: &Rule) -> Option<Checked> {
    let subject = checker.rule_subject(rule)?;
    let expr = written(checker, rule)?;
    checker.condition(&Scope::of(&subject), expr).map(truth)
}

pub(crate) fn written<'t>(checker: &mut Checker<'_>, rule: &'t Rule) -> Option<&'t Spanned<Expr>> {
    let items = shape::items(&rule.written, &mut checker.problems);
    let problems = &mut checker.problems;
    let clauses = Clauses::read("target group", rule.span, items, &["where"], problems);
    clauses.wanted("where", problems)
}

/// Whom or what an indicator is about: a target group, a condition on one, every known subject, or
/// rows of a record.
#[derive(Clone, Debug)]
pub struct Among {
    /// `person`; of rows, whose they are
    pub subject: String,
    /// `contact during period`: rows are counted, not subjects.
    pub rows: Option<Selection>,
    /// Whether each of those rows is a subject by itself, as of an anonymous one.
    pub alone: bool,
    /// Those rows as they are written.
    pub written: Option<Spanned<Expr>>,
    /// All must hold, in the order written; for `explain`.
    pub steps: Vec<Step>,
}

/// One condition with the place where it is written.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where its words stand.
    pub span: Span,
    /// What it means.
    pub condition: Term,
    /// What is asked, as written; more than one of a kind that needs several.
    pub of: Vec<Spanned<Expr>>,
}

impl Step {
    /// Whether what is asked is that something is known.
    pub(crate) fn is_of_number(&self) -> bool {
        matches!(&self.condition, Term::Or(parts) if parts.last() == Some(&Term::Truth(None)))
    }

    /// What is asked of the people by a kind that needs something of each: true of whom it is
    /// known, unknown of the others.
    pub(crate) fn known(span: Span, known: Term, of: &[Spanned<Expr>]) -> Self {
        Self { span, condition: known.or(Term::Truth(None)), of: of.to_vec() }
    }
}

impl Among {
    /// Every known subject.
    pub(crate) fn everyone(subject: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            rows: None,
            written: None,
            alone: false,
            steps: Vec::new(),
        }
    }

    /// Where the indicator's other clauses stand: about a subject, or about a row of one.
    pub(crate) fn scope(&self) -> Scope {
        let scope = Scope::of(&self.subject);
        self.rows.as_ref().map_or(scope.clone(), |rows| scope.inside(rows))
    }

    /// All steps together.
    #[must_use]
    pub fn condition(&self) -> Term {
        let all = Term::Truth(Some(true));
        self.steps.iter().fold(all, |all, step| all.and(step.condition.clone()))
    }
}

/// `among: homeless_youth where intake.day during period`, `among: person`
pub(crate) fn among(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> Option<Among> {
    let subject = subject_of(checker, expr)?;
    let scope = Scope::of(&subject);
    if let Some((name, span)) = head(expr)
        && *name != subject
        && !checker.is_name(&scope, name)
    {
        let known = groups(checker);
        let known = known.iter().map(String::as_str);
        return checker.note(problems::unknown_name(WHOM, name, span, known));
    }
    let mut steps = Vec::new();
    let sound = collect(checker, &scope, expr, &mut steps);
    let among = Among { subject, rows: None, written: None, alone: false, steps };
    checker.asked_of(Some(among.condition()));
    sound.then_some(among)
}

/// As [`among`], or `among: contact during period where kind is visit`.
pub(crate) fn among_rows(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> Option<Among> {
    if selected(checker, expr).is_none() {
        return among(checker, expr);
    }
    let subject = subject_of(checker, expr)?;
    let rows = checker.rows(&Scope::of(&subject), expr)?;
    let alone = checker.catalog.is_anonymous(&subject);
    let written = Some(expr.clone());
    Some(Among { subject, rows: Some(rows), written, alone, steps: Vec::new() })
}

/// As [`among`], for a kind of indicator that follows subjects: rows are refused.
pub(crate) fn among_subjects(
    checker: &mut Checker<'_>,
    expr: &Spanned<Expr>,
    kind: &str,
) -> Option<Among> {
    match selected(checker, expr) {
        None => among(checker, expr),
        Some(record) => checker.note(problems::needs_subjects(kind, &record, expr.span)),
    }
}

/// Whether an expression is meant to select rows, of which nothing came: what is wrong with it is
/// noted.
pub(crate) fn rows_in_vain(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> bool {
    let is_meant = selected(checker, expr).is_some();
    if is_meant && let Some(subject) = subject_of(checker, expr) {
        drop(checker.rows(&Scope::of(&subject), expr));
    }
    is_meant
}

/// The record of which `expr` selects rows, if it does: as it is written, for what is wrong inside
/// it is told later.
fn selected(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> Option<String> {
    match &expr.item {
        Expr::Of { word, .. } if checker.catalog.records.contains_key(&word.item) => {
            Some(word.item.clone())
        }
        Expr::Between { value, .. } if checker.is_of_rows(value) => selected(checker, value),
        Expr::Parenthesised(inner)
        | Expr::Timed { operand: inner, .. }
        | Expr::Where { rows: inner, .. } => selected(checker, inner),
        Expr::Name(name) => {
            if let Some(record) = checker.catalog.records.get(name) {
                return record.start().is_some().then(|| name.clone());
            }
            let rule = checker.catalog.rules.get(name).filter(|it| it.kind == RuleKind::Define)?;
            match checker.definition(rule, expr.span)? {
                Checked::Rows(selection) => Some(selection.record),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Splits what must hold together into its steps, a target group into its own.
fn collect(
    checker: &mut Checker<'_>,
    scope: &Scope,
    expr: &Spanned<Expr>,
    steps: &mut Vec<Step>,
) -> bool {
    match &expr.item {
        Expr::Parenthesised(inner) => collect(checker, scope, inner, steps),
        Expr::Name(name) if *name == scope.subject => true,
        Expr::Name(name) => {
            let rule = checker.catalog.rules.get(name);
            let group = rule.filter(|rule| {
                rule.kind == RuleKind::TargetGroup && rule.subject.as_ref() == Some(&scope.subject)
            });
            // The group itself is checked first, so that a cycle ends here.
            match group {
                Some(rule) if checker.definition(rule, expr.span).is_some() => {
                    match written(checker, rule) {
                        Some(inner) => collect(checker, scope, inner, steps),
                        None => false,
                    }
                }
                Some(_) => false,
                None => step(checker, scope, expr, steps),
            }
        }
        Expr::Where { rows, condition } => {
            let one = collect(checker, scope, rows, steps);
            let two = collect(checker, scope, condition, steps);
            one && two
        }
        Expr::Binary { operator: tree::BinaryOperator::And, left, right } => {
            let one = collect(checker, scope, left, steps);
            let two = collect(checker, scope, right, steps);
            one && two
        }
        _ => step(checker, scope, expr, steps),
    }
}

fn step(
    checker: &mut Checker<'_>,
    scope: &Scope,
    expr: &Spanned<Expr>,
    steps: &mut Vec<Step>,
) -> bool {
    let condition = checker.condition(scope, expr);
    let sound = condition.is_some();
    let of = vec![expr.clone()];
    steps.extend(condition.map(|condition| Step { span: expr.span, condition, of }));
    sound
}

/// The subject that the first word of an `among:` or `count:` is about.
fn subject_of(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> Option<String> {
    let mut names = Vec::new();
    first_names(expr, &mut names);
    for name in &names {
        if checker.catalog.subjects.contains_key(name) {
            return Some(name.clone());
        }
        if let Some(subject) = checker.catalog.rules.get(name).and_then(|it| it.subject.clone()) {
            return Some(subject);
        }
        if let Some(record) = checker.catalog.records.get(name) {
            return Some(record.subject.clone());
        }
    }
    let mut subjects = checker.catalog.declared_subjects();
    if let (Some(only), None) = (subjects.next(), subjects.next()) {
        return Some(only.to_owned());
    }
    let known = groups(checker);
    let known = known.iter().map(String::as_str);
    let name = names.first().map_or("…", String::as_str);
    let span = head(expr).map_or(expr.span, |(_, span)| span);
    checker.note(problems::unknown_name(WHOM, name, span, known))
}

/// What stands first after `among:` or `count:`.
const WHOM: &str = "subject, target group or record";

/// All that may.
fn groups(checker: &Checker<'_>) -> Vec<String> {
    let catalog = checker.catalog;
    let is_group = |rule: &&Rule| rule.kind == RuleKind::TargetGroup;
    let groups = catalog.rules.values().filter(is_group).map(|rule| &rule.name);
    let is_named = |record: &&Record| record.start().is_some() && record.name != DELIVERY;
    let records = catalog.records.values().filter(is_named).map(|record| &record.name);
    let named = groups.chain(records).cloned();
    catalog.declared_subjects().map(str::to_owned).chain(named).collect()
}

/// The name of whom or what an `among:` or `count:` is about, where it is a name alone that timing
/// and `where` may follow.
fn head(expr: &Spanned<Expr>) -> Option<(&String, Span)> {
    match &expr.item {
        Expr::Name(name) => Some((name, expr.span)),
        Expr::Parenthesised(inner) | Expr::Where { rows: inner, .. } => head(inner),
        _ => None,
    }
}

fn first_names(expr: &Spanned<Expr>, names: &mut Vec<String>) {
    match &expr.item {
        Expr::Name(name) => names.push(name.clone()),
        Expr::Parenthesised(inner) | Expr::Not(inner) => first_names(inner, names),
        Expr::Field { base: inner, .. }
        | Expr::Of { operand: inner, .. }
        | Expr::Quantified { operand: inner, .. }
        | Expr::Timed { operand: inner, .. }
        | Expr::Where { rows: inner, .. }
        | Expr::Is { left: inner, .. }
        | Expr::In { left: inner, .. }
        | Expr::Between { value: inner, .. }
        | Expr::Compare { left: inner, .. }
        | Expr::Binary { left: inner, .. } => first_names(inner, names),
        _ => {}
    }
}
