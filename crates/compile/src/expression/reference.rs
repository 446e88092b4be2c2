//! References: from one subject to another, and which side a record's rows are looked at from.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use super::{Checked, written};
use crate::catalog::{Record, RecordTiming, RuleKind};
use crate::check::{Checker, Scope};
use crate::problems;
use crate::term::{Selection, Term};
use crate::types::Type;

impl Checker<'_> {
    /// `household.kind`: what a field, a definition or a target group of another subject says of
    /// the one that `reference` refers to.
    pub(super) fn through(
        &mut self,
        scope: &Scope,
        (subject, reference): (&str, Term),
        name: &tree::Word,
    ) -> Option<Checked> {
        if scope.mapped.is_some() {
            let found = format!("what is known of `{subject}` only once all is loaded");
            return self.note(problems::wrong_type("a field of the row", &found, name.span));
        }
        let about = Scope::of(subject);
        let properties = self.properties(&about, &name.item);
        let rule = self.catalog.rules.get(&name.item);
        let found = match (rule, properties.as_slice()) {
            (None, [(_, only)]) => only.clone(),
            (Some(rule), []) => self.rule_name(&about, rule, name.span)?,
            (None, []) if self.catalog.records.contains_key(&name.item) => {
                return self.note(problems::many_rows(&name.item, name.span));
            }
            (None, []) => {
                let known = self.reachable(subject);
                let known = known.iter().map(String::as_str);
                return self.note(problems::unknown_of(subject, &name.item, name.span, known));
            }
            (rule, _) => {
                let meanings = super::name::meanings(&properties, rule.is_some(), false);
                return self.note(problems::ambiguous_name(&name.item, &meanings, name.span));
            }
        };
        let subject = subject.to_owned();
        match found {
            Checked::Value(term, kind) => Some(Checked::Value(of(subject, reference, term), kind)),
            Checked::Days(days, covering) => {
                Some(Checked::Days(of(subject, reference, days), covering))
            }
            Checked::Row(selection, pick) => {
                Some(Checked::RowOf(subject, reference, selection, pick))
            }
            Checked::RowOf(next, from, selection, pick) => {
                Some(Checked::RowOf(next, of(subject, reference, from), selection, pick))
            }
            Checked::Rows(selection) => {
                self.note(problems::many_rows(&selection.record, name.span))
            }
            other @ (Checked::Duration(..) | Checked::Period(..)) => {
                let found = other.described();
                self.note(problems::wrong_type("a value", &found, name.span))
            }
        }
    }

    /// What can be asked of a subject through a reference.
    fn reachable(&self, subject: &str) -> Vec<String> {
        let fields = self.once_records(subject).flat_map(|record| &record.fields);
        let rules = self.catalog.rules.values().filter(|rule| {
            matches!(rule.kind, RuleKind::Define | RuleKind::TargetGroup)
                && rule.subject.as_deref() == Some(subject)
        });
        let rules = rules.map(|rule| rule.name.clone());
        fields.map(|field| field.name.clone()).chain(rules).collect()
    }

    /// The rows of a record by its bare name: from its own subject's side, or from that of the
    /// subject to whom one of its fields refers.
    pub(super) fn record_rows(
        &mut self,
        scope: &Scope,
        record: &Record,
        span: Span,
    ) -> Option<Checked> {
        let sides: Vec<Option<String>> = record
            .sides()
            .filter(|(subject, _)| *subject == scope.subject)
            .map(|(_, side)| side.map(str::to_owned))
            .collect();
        if let (RecordTiming::Once(_), [_, ..]) = (&record.timing, sides.as_slice()) {
            let example = record.fields.first().map_or("", |field| field.name.as_str());
            let what = format!("one value; name a field of `{}`, such as", record.name);
            return self.note(problems::wrong_type(
                "a selection of rows",
                &format!("a once-record: {what} `{example}`"),
                span,
            ));
        }
        match sides.as_slice() {
            [] => {
                let (name, of) = (&record.name, &record.subject);
                self.note(problems::other_subject(name, of, &scope.subject, span))
            }
            [side] => {
                let all = Selection::all(&record.name, side.clone(), scope.rows.len());
                Some(Checked::Rows(all))
            }
            several => {
                let own = || record.subject.clone();
                let names = several.iter().map(|side| side.clone().unwrap_or_else(own));
                let meanings: Vec<String> =
                    names.map(|name| format!("`{} of {name}`", record.name)).collect();
                self.note(problems::ambiguous_name(&record.name, &meanings, span))
            }
        }
    }

    /// `membership of household`: the rows whose field `household` refers to the subject, where
    /// the bare name could mean several; timing and condition behind it belong to the rows.
    pub(crate) fn side_named(
        &mut self,
        scope: &Scope,
        word: &tree::Word,
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        let again = |inner: &Spanned<Expr>| {
            let of = Expr::Of {
                word: word.clone(),
                operand: Box::new(inner.clone()),
                known_only: false,
            };
            Box::new(Spanned::new(of, word.span.to(inner.span)))
        };
        let rows = match &operand.item {
            Expr::Timed { operand: inner, timing } => {
                Expr::Timed { operand: again(inner), timing: timing.clone() }
            }
            Expr::Where { rows, condition } => {
                Expr::Where { rows: again(rows), condition: condition.clone() }
            }
            _ => return self.side(scope, word, operand),
        };
        self.expression(scope, &Spanned::new(rows, word.span.to(operand.span)))
    }

    fn side(
        &mut self,
        scope: &Scope,
        word: &tree::Word,
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        let record = self.catalog.records.get(&word.item)?;
        let named = |(subject, side): &(&str, Option<&str>)| match &operand.item {
            Expr::Name(name) => side.unwrap_or(*subject) == name,
            _ => false,
        };
        let found = record.sides().find(named);
        let Some((subject, side)) = found.filter(|_| record.start().is_some()) else {
            let known = record.sides().map(|(subject, side)| side.unwrap_or(subject));
            let name = written(operand);
            return self.note(problems::no_side(&record.name, &name, operand.span, known));
        };
        if subject != scope.subject {
            let name = format!("{} of {}", word.item, written(operand));
            let span = word.span.to(operand.span);
            return self.note(problems::other_subject(&name, subject, &scope.subject, span));
        }
        let side = side.map(str::to_owned);
        Some(Checked::Rows(Selection::all(&record.name, side, scope.rows.len())))
    }

    /// How a rule of one subject is reached where another is asked about, if a reference leads to
    /// it.
    pub(super) fn way(&self, scope: &Scope, to: &str, name: &str) -> Option<String> {
        let from = scope.subject.as_str();
        if let Some(hand) = scope.rows.last()
            && let Some(record) = self.catalog.records.get(&hand.record)
        {
            let back = (hand.side.is_some() && record.subject == to).then_some(to);
            let field = back.or_else(|| record.references(to).next())?;
            return Some(format!("{field}.{name}"));
        }
        let records = || self.catalog.records.values();
        let own = records().filter(|record| record.subject == from).find_map(|record| {
            let field = record.references(to).next()?;
            let row = match &record.timing {
                RecordTiming::Once(_) => return Some(format!("{field}.{name}")),
                _ if record.without_overlap => "as of start of period",
                _ => return Some(format!("(last {}).{field}.{name}", record.name)),
            };
            Some(format!("({} {row}).{field}.{name}", record.name))
        });
        let other = || {
            let record = records()
                .find(|record| record.subject == to && record.references(from).next().is_some())?;
            Some(format!("any ({} where {to}.{name})", record.name))
        };
        own.or_else(other)
    }

    /// The reference that a bare name is, in the row at hand.
    pub(super) fn row_reference(
        &self,
        scope: &Scope,
        base: &Spanned<Expr>,
    ) -> Option<(String, Term)> {
        let Expr::Name(name) = &base.item else { return None };
        match self.row_field(scope, name, 0)? {
            Checked::Value(term, Type::Subject(subject)) => Some((subject, term)),
            _ => None,
        }
    }
}

/// What a term says of the subject that another refers to.
pub(super) fn of(subject: String, reference: Term, term: Term) -> Term {
    Term::Of { subject, reference: Box::new(reference), term: Box::new(term) }
}
