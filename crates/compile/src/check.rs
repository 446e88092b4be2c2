//! Checking: from trees to a model in which every name is found and every type known.
//!
//! 1. [`mod@declare`] reads what stands on its own: subjects, codes, organisations,
//!    records; then what needs them: sources, reports, tests. Rules are noted by name.
//! 2. Every rule is checked where it stands, so that one run reports all problems.
//! 3. A query is checked against the model when it is asked: [`crate::query::check`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree;

use crate::asked::Recorder;
use crate::catalog::{Catalog, CodeList, Record, RecordTiming, Rule, RuleKind};
use crate::expression::Checked;
use crate::lost::Lost;
use crate::term::Selection;
use crate::types::Type;
use crate::{
    declare, dimension, hierarchy, indicator, organisation, problems, query, target_group,
};

/// A program whose declarations are known. Rules are checked again where they are used; a model
/// with problems answers queries about what is sound.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// All declarations.
    pub catalog: Catalog,
    /// What is not among them by a problem that is told.
    pub lost: Lost,
}

/// Checks the statements of all files together. Queries among them are left to the caller.
#[must_use]
pub fn check(programs: &[tree::Program]) -> (Model, Vec<Diagnostic>) {
    let declarations: Vec<&tree::Statement> = programs
        .iter()
        .flat_map(|program| &program.statements)
        .filter(|statement| matches!(statement.kind, tree::StatementKind::Declaration(_)))
        .collect();
    let (catalog, mut problems) = declare::declare(&declarations);
    let lost = Lost::of(programs, &catalog);
    let model = Model { catalog, lost };
    let mut checker = Checker::new(&model.catalog);
    checker.rules(&model);
    for report in model.catalog.reports.values() {
        for show in &report.shows {
            checker.report_query(show);
        }
    }
    for test in &model.catalog.tests {
        match test.catalog(&model.catalog) {
            Cow::Borrowed(_) => query::expected::check(&mut checker, test),
            Cow::Owned(own) => {
                let mut checker = Checker::new(&own);
                query::expected::check(&mut checker, test);
                problems.extend(checker.told());
            }
        }
    }
    problems.extend(checker.told());
    problems.sort_by_key(|problem| (problem.span, problem.code));
    problems.dedup();
    (model, problems)
}

/// A definition leans on at most so many others in a row.
const DEEPEST: usize = 64;

/// Written out with all that it leans on, a definition has at most so many parts.
const LARGEST: usize = 5_000;

/// Notes problems while it looks names up.
#[derive(Debug)]
pub(crate) struct Checker<'a> {
    /// What is declared.
    pub(crate) catalog: &'a Catalog,
    /// Found so far.
    pub(crate) problems: Vec<Diagnostic>,
    /// Found in definitions, which are checked once: kept also where they are met on trial.
    settled: Vec<Diagnostic>,
    /// Whether a query's period stands for one that is not known yet.
    pub(crate) period_follows: bool,
    /// The data date, once it is known.
    pub(crate) data_date: Option<NaiveDate>,
    /// Notes conditions, where somebody asks for them.
    pub(crate) recorder: Option<Recorder>,
    /// Definitions and groups already checked; none when they have a problem.
    known: BTreeMap<String, Option<Checked>>,
    /// Definitions being checked, outermost first.
    path: Vec<String>,
    /// Rules that need themselves, and were told.
    rounds: BTreeSet<String>,
}

/// Where an expression stands.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// `person`
    pub(crate) subject: String,
    /// Rows that are looked at, outermost first.
    pub(crate) rows: Vec<RowAt>,
    /// `require` of a source: a mapped row of this record and nothing else.
    pub(crate) mapped: Option<String>,
}

/// A row at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowAt {
    /// Of this record.
    pub(crate) record: String,
    /// The field that refers to whose row it is; none for the record's own subject.
    pub(crate) side: Option<String>,
}

impl RowAt {
    /// One of a selection.
    pub(crate) fn of(selection: &Selection) -> Self {
        Self { record: selection.record.clone(), side: selection.side.clone() }
    }
}

impl Scope {
    /// About one subject.
    pub(crate) fn of(subject: &str) -> Self {
        Self { subject: subject.to_owned(), rows: Vec::new(), mapped: None }
    }

    /// About a mapped row of `record`.
    pub(crate) fn mapped(record: &Record) -> Self {
        Self {
            subject: record.subject.clone(),
            rows: Vec::new(),
            mapped: Some(record.name.clone()),
        }
    }

    /// The same depth, with none of the rows at hand: where the text of a definition is read.
    pub(crate) fn without_rows(&self) -> Self {
        let mut scope = self.clone();
        scope.rows.fill(RowAt::default());
        scope
    }

    /// The same, inside the condition of a selection.
    pub(crate) fn inside(&self, selection: &Selection) -> Self {
        let mut scope = self.clone();
        scope.rows.push(RowAt::of(selection));
        scope
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            problems: Vec::new(),
            settled: Vec::new(),
            period_follows: false,
            data_date: None,
            recorder: None,
            known: BTreeMap::new(),
            path: Vec::new(),
            rounds: BTreeSet::new(),
        }
    }

    /// Everything that was found.
    pub(crate) fn told(mut self) -> Vec<Diagnostic> {
        self.problems.append(&mut self.settled);
        self.problems
    }

    /// What `trial` finds, its own problems left out: another reading tells of them.
    pub(crate) fn tried<T>(&mut self, trial: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.problems.len();
        let found = trial(self);
        self.problems.truncate(before);
        found
    }

    /// Notes a problem; nothing comes of what it is about.
    pub(crate) fn note<T>(&mut self, problem: Diagnostic) -> Option<T> {
        self.problems.push(problem);
        None
    }

    /// What `inside` finds while the rule `name` is being checked; a rule that needs itself is a
    /// problem.
    pub(crate) fn within<T>(
        &mut self,
        name: &str,
        used_at: Span,
        inside: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let again = self.path.iter().any(|other| other == name);
        self.path.push(name.to_owned());
        let found = if again { self.round(&self.path.clone(), used_at) } else { inside(self) };
        self.path.pop();
        found
    }

    /// Notes that a way ends where it was before, once for all the rules on it: what is wrong with
    /// one of them is wrong with all.
    fn round<T>(&mut self, path: &[String], used_at: Span) -> Option<T> {
        let last = path.last();
        let round = path.iter().skip_while(|name| Some(*name) != last);
        let is_told = round.clone().any(|name| self.rounds.contains(name));
        let problem = self.cycle(path, used_at);
        self.rounds.extend(round.cloned());
        if is_told { None } else { self.note(problem) }
    }

    /// The problem of a way that ends where it was before: the way round, and where each of its
    /// rules stands.
    fn cycle(&self, path: &[String], used_at: Span) -> Diagnostic {
        let last = path.last();
        let round: Vec<&String> = path.iter().skip_while(|name| Some(*name) != last).collect();
        let steps = round.windows(2).filter_map(|step| match step {
            [one, next] => Some((self.catalog.rules.get(*one)?.span, one.as_str(), next.as_str())),
            _ => None,
        });
        problems::cycle(&round, used_at, steps)
    }

    /// What a definition or target group stands for, checked once.
    pub(crate) fn definition(&mut self, rule: &'a Rule, used_at: Span) -> Option<Checked> {
        if let Some(known) = self.known.get(&rule.name) {
            return known.clone();
        }
        if self.path.contains(&rule.name) {
            let mut path = self.path.clone();
            path.push(rule.name.clone());
            return self.round(&path, used_at);
        }
        if self.path.len() >= DEEPEST {
            return self.note(problems::leans_deep(&rule.name, DEEPEST, used_at));
        }
        self.path.push(rule.name.clone());
        // What a definition asks, it asks of everybody, wherever it is used.
        let people = self.asked_of(None);
        let elsewhere = std::mem::take(&mut self.problems);
        let checked = match rule.kind {
            RuleKind::TargetGroup => target_group::check(self, rule),
            RuleKind::Define => self.define(rule),
            RuleKind::Dimension | RuleKind::Indicator => None,
        };
        self.asked_of(people);
        self.path.pop();
        let checked = checked.filter(|checked| {
            let fits = checked.size() <= LARGEST;
            if !fits {
                self.problems.push(problems::too_large(&rule.name, rule.span));
            }
            fits
        });
        self.settled.append(&mut self.problems);
        self.problems = elsewhere;
        self.known.insert(rule.name.clone(), checked.clone());
        checked
    }

    fn define(&mut self, rule: &'a Rule) -> Option<Checked> {
        let subject = self.rule_subject(rule)?;
        let Some(tree::Body::Expression(expr)) = &rule.written.body else {
            return self.note(problems::missing_clause("define", "`= …`", rule.span));
        };
        let scope = Scope::of(&subject);
        let found = self.expression(&scope, expr);
        if let Some(Checked::Value(term, Type::Truth)) = &found {
            self.asks(&scope, expr, term);
        }
        found
    }

    /// The subject after `of`, which must be declared.
    pub(crate) fn rule_subject(&mut self, rule: &Rule) -> Option<String> {
        let Some(subject) = &rule.subject else {
            let kind = rule.written.kind.item.words();
            return self.note(problems::missing_header(kind, "a subject: `of …`", rule.span));
        };
        if self.catalog.subjects.contains_key(subject) {
            return Some(subject.clone());
        }
        let known = self.catalog.declared_subjects();
        self.note(problems::unknown_name("subject", subject, rule.span, known))
    }

    /// Checks every rule where it stands.
    pub(crate) fn rules(&mut self, model: &'a Model) {
        for rule in model.catalog.rules.values() {
            self.rule(rule);
        }
    }

    fn rule(&mut self, rule: &'a Rule) {
        match rule.kind {
            RuleKind::TargetGroup | RuleKind::Define => {
                self.definition(rule, rule.span);
            }
            RuleKind::Dimension => {
                dimension::check(self, rule);
            }
            RuleKind::Indicator => {
                indicator::check(self, rule);
            }
        }
    }

    fn report_query(&mut self, show: &Spanned<tree::Query>) {
        query::check_shown(self, &show.item);
    }

    /// The code list of a field's type.
    pub(crate) fn code_list(&self, name: &str) -> Option<CodeList> {
        code_list(self.catalog, name)
    }

    /// Records of which a subject has one row: once-records, and that of an anonymous subject.
    pub(crate) fn single_records(
        &self,
        subject: &str,
    ) -> impl Iterator<Item = &'a Record> + use<'a> {
        let subject = subject.to_owned();
        let records = self.catalog.records.values();
        records.filter(move |record| {
            let single = record.anonymous || matches!(record.timing, RecordTiming::Once(_));
            record.subject == subject && single
        })
    }

    /// Once-records of a subject.
    pub(crate) fn once_records(&self, subject: &str) -> impl Iterator<Item = &'a Record> + use<'a> {
        let subject = subject.to_owned();
        let records = self.catalog.records.values();
        records.filter(move |record| {
            record.subject == subject && matches!(record.timing, RecordTiming::Once(_))
        })
    }
}

/// The code list of a field's type. Organisations are codes of the list `organisation`.
pub(crate) fn code_list(catalog: &Catalog, name: &str) -> Option<CodeList> {
    if let Some(list) = organisation::codes(catalog, name) {
        return Some(list);
    }
    if let Some((list, level)) = hierarchy::parts(name) {
        return hierarchy::of_level(catalog.codes.get(list)?, level);
    }
    catalog.codes.get(name).cloned()
}

/// The field that every row has: who registered it.
pub const ORGANISATION: &str = "organisation";
