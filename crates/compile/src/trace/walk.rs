//! From written words to what they look at.

use std::collections::BTreeSet;

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{BinaryOperator, Body, Expr, Relation, Timing};

use super::{Answers, Clause, Looked, Rows, What, rows};
use crate::catalog::{Record, RecordTiming, RuleKind};
use crate::check::{Checker, RowAt, Scope};
use crate::days::counted;
use crate::expression::{Checked, Pick};
use crate::target_group::Step;
use crate::term::{Selection, Term};
use crate::types::Type;

/// A look through the clauses of one rule. What a definition looks at is told where it is met
/// first.
pub(crate) struct Walk<'c, 'a> {
    checker: &'c mut Checker<'a>,
    subject: String,
    /// Where definitions stand that were looked through.
    told: BTreeSet<Span>,
    /// Values that were told.
    valued: Vec<Term>,
}

impl<'c, 'a> Walk<'c, 'a> {
    pub(crate) fn new(checker: &'c mut Checker<'a>, subject: &str) -> Self {
        Self { checker, subject: subject.to_owned(), told: BTreeSet::new(), valued: Vec::new() }
    }

    /// A clause with what its words name. `fields` are those that other clauses name of its rows.
    pub(crate) fn clause(&mut self, step: Step, fields: &[String]) -> Clause {
        let mut looks = Vec::new();
        let mut answers = Answers::Keeps;
        for expr in &step.of {
            let is_whole = expr.span == step.span;
            let rows = if fields.is_empty() { None } else { self.rows(expr, fields) };
            let found = rows.or_else(|| self.whole(expr));
            looks.extend(match found {
                // The clause is that condition, and says so itself.
                Some(Looked { what: What::Condition(_), beneath, .. }) if is_whole => {
                    answers = Answers::Holds;
                    beneath
                }
                Some(found) if !matches!(found.what, What::Condition(_)) => {
                    // A selection that is counted asks whether there is a row.
                    let is_value = answers == Answers::Keeps && step.is_of_number();
                    answers = if is_value { Answers::Known } else { answers };
                    vec![found]
                }
                found => found.into_iter().collect(),
            });
        }
        Clause { step, answers, looks }
    }

    /// The rows that an indicator counts, with what its other clauses ask of each.
    pub(crate) fn counted(&mut self, expr: &Spanned<Expr>, steps: &[Step]) -> Option<Looked> {
        let mut looked = self.whole(expr)?;
        let What::Rows(rows) = &mut looked.what else { return None };
        let scope = Scope::of(&self.subject).inside(&rows.all());
        for step in steps {
            let values = step.of.iter().filter_map(|expr| {
                match quietly(self.checker, |checker| checker.value(&scope, expr))? {
                    (_, Type::Truth) => None,
                    (term, kind) => Some((expr.span, term, kind)),
                }
            });
            let values: Vec<(Span, Term, Type)> = values.collect();
            if values.is_empty() {
                rows.asked.push((step.span, step.condition.clone(), Type::Truth));
            }
            rows.asked.extend(values);
        }
        Some(looked)
    }

    /// How the rows that an indicator counts are chosen among all of their record: the phrase of
    /// time, and each condition, as steps about a row of depth 0.
    pub(crate) fn chosen(&mut self, expr: &Spanned<Expr>, rows: &Selection) -> Vec<Step> {
        let mut layers = Layers::default();
        self.layers(expr, &mut layers);
        let mut steps = Vec::new();
        if rows.latest_at.is_some() || !rows.windows.is_empty() {
            let bare = self.bare(expr);
            let timed = Selection { depth: 1, condition: None, known: None, ..rows.clone() };
            let condition = rows::at_hand(timed);
            steps.push(Step { span: bare.span, condition, of: vec![bare] });
        }
        let all = Selection::all(&rows.record, rows.side.clone(), 0);
        let scope = Scope::of(&self.subject).inside(&all);
        for part in layers.conditions {
            let term = quietly(self.checker, |checker| checker.condition(&scope, &part));
            let span = part.span;
            steps.extend(term.map(|condition| Step { span, condition, of: vec![part] }));
        }
        steps
    }

    /// A selection without its conditions.
    fn bare(&self, expr: &Spanned<Expr>) -> Spanned<Expr> {
        match &expr.item {
            Expr::Parenthesised(inner) | Expr::Where { rows: inner, .. } => self.bare(inner),
            Expr::Name(_) => match self.definition_of(expr) {
                Some(body) => self.bare(&body),
                None => expr.clone(),
            },
            _ => expr.clone(),
        }
    }

    /// What an expression comes to, with what it looks at; none of what is the same for everybody.
    fn whole(&mut self, expr: &Spanned<Expr>) -> Option<Looked> {
        if let Expr::Parenthesised(inner) = &expr.item {
            return self.whole(inner);
        }
        let scope = Scope::of(&self.subject);
        let found = quietly(self.checker, |checker| checker.expression(&scope, expr))?;
        let span = expr.span;
        match found {
            Checked::Value(term, Type::Truth) => {
                Some(Looked::new(span, What::Condition(term), self.beneath(expr)))
            }
            Checked::Value(term, kind) if looks(&term) => {
                self.valued.push(term.clone());
                Some(Looked::new(span, What::Value(term, kind), self.beneath(expr)))
            }
            Checked::Days(set, covering) => {
                let (term, kind) = counted(set, covering);
                Some(Looked::new(span, What::Value(term, kind), self.beneath(expr)))
            }
            Checked::Period(first, last) if looks(&first) || looks(&last) => {
                Some(Looked::new(span, What::Period(first, last), self.beneath(expr)))
            }
            Checked::Rows(_) | Checked::Row(..) => self.rows(expr, &[]),
            Checked::Value(..)
            | Checked::Period(..)
            | Checked::Duration(..)
            | Checked::RowOf(..) => None,
        }
    }

    /// What stands in an expression and looks at something.
    fn beneath(&mut self, expr: &Spanned<Expr>) -> Vec<Looked> {
        use BinaryOperator::{And, Or};
        match &expr.item {
            Expr::Parenthesised(inner) => self.beneath(inner),
            Expr::Binary { operator: operator @ (And | Or), left, right } => {
                let mut sides = Vec::new();
                sides_of(*operator, left, &mut sides);
                sides_of(*operator, right, &mut sides);
                sides.into_iter().filter_map(|side| self.whole(side)).collect()
            }
            Expr::Not(inner) | Expr::Negative(inner) => self.whole(inner).into_iter().collect(),
            Expr::Between { value, .. } if self.checker.is_of_rows(value) => {
                self.rows(expr, &[]).into_iter().collect()
            }
            Expr::Between { value, low, high, .. } => self.each(&[value, low, high]),
            Expr::Binary { left, right, .. } => {
                let mut operands = Vec::new();
                operands_of(left, &mut operands);
                operands_of(right, &mut operands);
                self.each(&operands)
            }
            Expr::Compare { left, right, .. } => self.each(&[left, right]),
            Expr::Is { left, .. } | Expr::In { left, .. } => self.each(&[left]),
            Expr::Range { from, to } => self.each(&[from, to]),
            Expr::Relative { .. } | Expr::ThePeriod { .. } => self.anchors(expr),
            Expr::Name(name) => self.definition(name).into_iter().collect(),
            Expr::Field { base, field } => self.field(base, &field.item).into_iter().collect(),
            Expr::Quantified { operand, .. } | Expr::Best { operand, .. } => {
                self.rows(operand, &[]).into_iter().collect()
            }
            Expr::Of { operand, .. } => self.of(operand),
            Expr::Where { rows, condition } => match self.rows(expr, &[]) {
                Some(found) => vec![found],
                // A group under a further condition.
                None => self.each(&[rows, condition]),
            },
            Expr::Timed { operand, timing } => match self.rows(expr, &[]) {
                Some(found) => vec![found],
                None => {
                    let own = self.whole(operand);
                    own.into_iter().chain(self.dates(&timing.item)).collect()
                }
            },
            Expr::Choose(rows) => {
                let parts = rows.iter().flat_map(|row| row.condition.iter().chain([&row.value]));
                parts.filter_map(|part| self.whole(part)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn each(&mut self, parts: &[&Spanned<Expr>]) -> Vec<Looked> {
        parts.iter().filter_map(|part| self.whole(part)).collect()
    }

    /// `nights of (stay union training)`, `sum of minutes of contact`
    fn of(&mut self, operand: &Spanned<Expr>) -> Vec<Looked> {
        match &operand.item {
            Expr::Parenthesised(inner) => self.of(inner),
            Expr::Of { word, operand: inner, .. }
                if !self.checker.catalog.records.contains_key(&word.item) =>
            {
                self.rows(inner, std::slice::from_ref(&word.item)).into_iter().collect()
            }
            Expr::Binary { left, right, .. } => {
                let mut both = self.of(left);
                both.extend(self.of(right));
                both
            }
            Expr::Timed { operand: inner, timing } => match self.rows(operand, &[]) {
                Some(found) => vec![found],
                None => {
                    let mut found = self.of(inner);
                    found.extend(self.dates(&timing.item));
                    found
                }
            },
            _ => match self.rows(operand, &[]) {
                Some(found) => vec![found],
                None => self.each(&[operand]),
            },
        }
    }

    /// What is picked of a row: `intake.day`
    fn field(&mut self, base: &Spanned<Expr>, field: &str) -> Option<Looked> {
        match self.definition_of(base) {
            Some(body) if self.is_new(body.span) => self.rows(&body, &[field.to_owned()]),
            Some(_) => None,
            None => match self.rows(base, &[field.to_owned()]) {
                Some(found) => Some(found),
                None => self.whole(base),
            },
        }
    }

    /// What a definition or a group of that name says, where it is met first.
    fn definition(&mut self, name: &str) -> Option<Looked> {
        let rule = self.checker.catalog.rules.get(name)?;
        let body = match (rule.kind, &rule.written.body) {
            (RuleKind::Define, Some(Body::Expression(expr))) => expr.clone(),
            (RuleKind::TargetGroup, _) => crate::target_group::written(self.checker, rule)?.clone(),
            _ => return None,
        };
        if !self.is_new(body.span) {
            return None;
        }
        self.whole(&body)
    }

    fn is_new(&mut self, span: Span) -> bool {
        self.told.insert(span)
    }

    /// The text of a definition, where an expression is its name.
    fn definition_of(&self, expr: &Spanned<Expr>) -> Option<Spanned<Expr>> {
        let name = match &expr.item {
            Expr::Name(name) => name,
            Expr::Parenthesised(inner) => return self.definition_of(inner),
            _ => return None,
        };
        let rule = self.checker.catalog.rules.get(name)?;
        match (rule.kind, &rule.written.body) {
            (RuleKind::Define, Some(Body::Expression(expr))) => Some(expr.clone()),
            _ => None,
        }
    }

    /// What the dates of a timing phrase look at.
    fn dates(&mut self, timing: &Timing) -> Vec<Looked> {
        match timing {
            Timing::During(date)
            | Timing::Overlapping(date)
            | Timing::Within(date)
            | Timing::EdgeIn { period: date, .. }
            | Timing::AsOf(date)
            | Timing::At(date)
            | Timing::AtTree(date)
            | Timing::From(date)
            | Timing::Until(date) => self.anchors(date),
            Timing::AtLevel(_) => Vec::new(),
            Timing::Relation { relation, .. } => match relation {
                Relation::Before(at)
                | Relation::After(at)
                | Relation::OnOrBefore(at)
                | Relation::OnOrAfter(at)
                | Relation::Within { anchor: at, .. }
                | Relation::BetweenDurations { anchor: at, .. } => self.anchors(at),
                Relation::BetweenDates { low, high } => {
                    let mut both = self.anchors(low);
                    both.extend(self.anchors(high));
                    both
                }
            },
        }
    }

    /// The values from which a date or a period is reckoned, where they were not told before: the
    /// days themselves stand beside the rows.
    fn anchors(&mut self, expr: &Spanned<Expr>) -> Vec<Looked> {
        match &expr.item {
            Expr::Parenthesised(inner)
            | Expr::Relative { anchor: inner, .. }
            | Expr::ThePeriod { anchor: inner, .. } => self.anchors(inner),
            Expr::Range { from: left, to: right } | Expr::Binary { left, right, .. } => {
                let mut both = self.anchors(left);
                both.extend(self.anchors(right));
                both
            }
            _ => {
                let valued = self.valued.len();
                let found = self.whole(expr);
                let is_told = found.as_ref().is_some_and(|found| match &found.what {
                    What::Value(term, _) => self.valued.iter().take(valued).any(|it| it == term),
                    _ => false,
                });
                found.filter(|_| !is_told).into_iter().collect()
            }
        }
    }

    /// The rows that an expression selects, if it selects any. `named` are fields that stand
    /// around it.
    fn rows(&mut self, expr: &Spanned<Expr>, named: &[String]) -> Option<Looked> {
        if let Expr::Parenthesised(inner) = &expr.item {
            return self.rows(inner, named);
        }
        // One row around it leaves depth 0 to the row that is looked at.
        let mut scope = Scope::of(&self.subject);
        scope.rows.push(RowAt::default());
        let found = quietly(self.checker, |checker| checker.expression(&scope, expr))?;
        let (selection, pick) = match found {
            Checked::Rows(selection) => (selection, None),
            Checked::Row(selection, pick) => (selection, Some(pick)),
            _ => return None,
        };
        let selection = Selection { depth: 1, ..selection };
        let record = self.checker.catalog.records.get(&selection.record)?;
        let days = days(record)?;
        let inside = scope.inside(&selection);
        let mut layers = Layers::default();
        self.layers(expr, &mut layers);
        let mut conditions = Vec::new();
        for part in &layers.conditions {
            let term = quietly(self.checker, |checker| checker.condition(&inside, part));
            conditions.extend(term.map(|term| (part.span, term)));
        }
        let mut names: Vec<String> = named.to_vec();
        names.extend(selection.known.iter().map(|(field, _)| field.clone()));
        if let Some(Pick::Best(keys)) = &pick {
            names.extend(keys.iter().map(|key| key.field.clone()));
        }
        for (_, term) in &conditions {
            fields_of(term, selection.depth, &mut names);
        }
        let fields = fields(record, selection.side.as_deref(), &days, names);
        let beneath = layers.timings.iter().flat_map(|timing| self.dates(timing)).collect();
        let taken = pick.map(|pick| rows::taken(&selection, &pick, &days.0));
        let rows = Rows { selection, taken, conditions, fields, days, asked: Vec::new() };
        Some(Looked::new(expr.span, What::Rows(Box::new(rows)), beneath))
    }

    /// Takes a selection apart into its phrases and conditions.
    fn layers(&self, expr: &Spanned<Expr>, into: &mut Layers) {
        match &expr.item {
            Expr::Parenthesised(inner)
            | Expr::Quantified { operand: inner, .. }
            | Expr::Best { operand: inner, .. }
            | Expr::Of { operand: inner, .. } => self.layers(inner, into),
            Expr::Where { rows, condition } => {
                self.layers(rows, into);
                let mut parts = Vec::new();
                sides_of(BinaryOperator::And, condition, &mut parts);
                into.conditions.extend(parts.into_iter().cloned());
            }
            Expr::Timed { operand, timing } => {
                self.layers(operand, into);
                into.timings.push(timing.item.clone());
            }
            Expr::Between { value, low, high, .. } => {
                self.layers(value, into);
                let (low, high) = (low.clone(), high.clone());
                let relation = Relation::BetweenDates { low, high };
                into.timings.push(Timing::Relation { edge: None, relation });
            }
            Expr::Name(_) => {
                if let Some(body) = self.definition_of(expr) {
                    self.layers(&body, into);
                }
            }
            _ => {}
        }
    }
}

/// The phrases and conditions of a selection, in the order written.
#[derive(Default)]
struct Layers {
    timings: Vec<Timing>,
    conditions: Vec<Spanned<Expr>>,
}

/// What a check finds; its problems were told when the rule was checked.
fn quietly<'a, T>(
    checker: &mut Checker<'a>,
    check: impl FnOnce(&mut Checker<'a>) -> Option<T>,
) -> Option<T> {
    let before = checker.problems.len();
    let found = check(checker);
    checker.problems.truncate(before);
    found
}

/// The parts that an operator joins, however many.
fn sides_of<'e>(
    operator: BinaryOperator,
    expr: &'e Spanned<Expr>,
    into: &mut Vec<&'e Spanned<Expr>>,
) {
    match &expr.item {
        Expr::Parenthesised(inner) => sides_of(operator, inner, into),
        Expr::Binary { operator: own, left, right } if *own == operator => {
            sides_of(operator, left, into);
            sides_of(operator, right, into);
        }
        _ => into.push(expr),
    }
}

/// What is reckoned with, in however many steps.
fn operands_of<'e>(expr: &'e Spanned<Expr>, into: &mut Vec<&'e Spanned<Expr>>) {
    use BinaryOperator::{Add, Divide, Multiply, Subtract};
    match &expr.item {
        Expr::Parenthesised(inner) | Expr::Negative(inner) => operands_of(inner, into),
        Expr::Binary { operator: Add | Subtract | Multiply | Divide, left, right } => {
            operands_of(left, into);
            operands_of(right, into);
        }
        _ if into.iter().any(|known| known.item == expr.item) => {}
        _ => into.push(expr),
    }
}

/// Whether a term looks at anything of a subject, or at a value that changes with time.
fn looks(term: &Term) -> bool {
    matches!(
        term,
        Term::Property { .. }
            | Term::RowField { .. }
            | Term::Selected { .. }
            | Term::Of { .. }
            | Term::Dated { .. }
            | Term::Seen
    ) || term.children().into_iter().any(looks)
}

/// The fields with the first day of a row and with its end.
fn days(record: &Record) -> Option<(String, Option<String>)> {
    match &record.timing {
        RecordTiming::At { day } => Some((day.clone(), None)),
        RecordTiming::During { start, end } => Some((start.clone(), Some(end.clone()))),
        RecordTiming::Once(_) => None,
    }
}

/// Adds the fields of the row of a selection that a condition looks at.
fn fields_of(term: &Term, depth: usize, into: &mut Vec<String>) {
    match term {
        Term::RowField { depth: at, field, .. } if *at == depth => into.push(field.clone()),
        _ => term.children().into_iter().for_each(|child| fields_of(child, depth, into)),
    }
}

/// The fields of these names with their types, each once; the days of the row and who registered
/// it are shown anyway.
fn fields(
    record: &Record,
    side: Option<&str>,
    days: &(String, Option<String>),
    names: Vec<String>,
) -> Vec<(String, Type)> {
    let mut found: Vec<(String, Type)> = Vec::new();
    // Seen from the side of those it refers to, a row is somebody's.
    if side.is_some() {
        found.push((record.subject.clone(), Type::Subject(record.subject.clone())));
    }
    for name in names {
        let is_shown = name == days.0 || days.1.as_ref() == Some(&name);
        if is_shown || found.iter().any(|(known, _)| *known == name) {
            continue;
        }
        found.extend(record.field(&name).map(|it| (name, Type::of_field(&it.kind))));
    }
    found
}
