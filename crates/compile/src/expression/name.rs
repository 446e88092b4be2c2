//! Names: what a word means where it stands.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use super::reference::of;
use super::{Checked, Pick, physical};
use crate::catalog::{Field, Record, RecordTiming, Rule, RuleKind};
use crate::check::{Checker, ORGANISATION, Scope};
use crate::organisation;
use crate::period;
use crate::problems;
use crate::term::{Aggregate, Physical, Selection, Term};
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn name(&mut self, scope: &Scope, name: &str, span: Span) -> Option<Checked> {
        if let Some(found) = self.row_field(scope, name, 0) {
            return Some(found);
        }
        if scope.mapped.is_some() {
            let record = scope.mapped.as_ref().and_then(|it| self.catalog.records.get(it));
            let known = record.into_iter().flat_map(|it| &it.fields).map(|it| it.name.as_str());
            return self.note(problems::unknown_name("field", name, span, known));
        }
        if period::is_named(name) {
            return self.period_name(name, span);
        }
        let properties = self.properties(scope, name);
        let rule = self.catalog.rules.get(name);
        let record = self.catalog.records.get(name);
        let meanings = meanings(&properties, rule.is_some(), record.is_some());
        if meanings.len() > 1 {
            return self.note(problems::ambiguous_name(name, &meanings, span));
        }
        if let Some(property) = properties.into_iter().next() {
            return Some(property.1);
        }
        if let Some(rule) = rule {
            return self.rule_name(scope, rule, span);
        }
        if let Some(record) = record {
            return self.record_rows(scope, record, span);
        }
        if self.catalog.parameters.contains_key(name) {
            return self.note(problems::parameter_undated(name, span));
        }
        let mut records = self.catalog.records.values();
        let has = |it: &&Record| it.subject == scope.subject && it.field(name).is_some();
        if let Some(record) = records.find(has) {
            return self.note(problems::field_of_rows(name, &record.name, span));
        }
        if self.catalog.subjects.contains_key(name) {
            return self.note(problems::subject_as_value(name, span));
        }
        let known = self.names_in(scope);
        self.note(problems::unknown_name("name", name, span, known.iter().map(String::as_str)))
    }

    pub(super) fn rule_name(&mut self, scope: &Scope, rule: &Rule, span: Span) -> Option<Checked> {
        // Looked up again, so that what is borrowed lives as long as the catalog.
        let rule = self.catalog.rules.get(&rule.name)?;
        match rule.kind {
            RuleKind::TargetGroup | RuleKind::Define => {
                if let Some(subject) = &rule.subject
                    && *subject != scope.subject
                {
                    let way = self.way(scope, subject, &rule.name);
                    return self.note(problems::other_subject_by(
                        (&rule.name, subject),
                        &scope.subject,
                        way,
                        span,
                    ));
                }
                let found = self.definition(rule, span)?;
                match (&found, &rule.written.body) {
                    // Its conditions count from the row at hand, so that more can be asked.
                    (Checked::Rows(_) | Checked::Row(..), Some(tree::Body::Expression(expr)))
                        if !scope.rows.is_empty() =>
                    {
                        self.expression(&scope.without_rows(), expr)
                    }
                    _ => Some(found),
                }
            }
            RuleKind::Dimension => self.note(problems::dimension_as_value(&rule.name, span)),
            RuleKind::Indicator => {
                self.note(problems::wrong_type("a value", "an indicator, for `measure`", span))
            }
        }
    }

    /// A field of the row at hand, `outer` rows further out.
    pub(crate) fn row_field(&self, scope: &Scope, name: &str, outer: usize) -> Option<Checked> {
        let (record, depth) = match &scope.mapped {
            Some(record) => (record, 0),
            None => {
                let depth = scope.rows.len().checked_sub(1 + outer)?;
                (&scope.rows.get(depth)?.record, depth)
            }
        };
        let record = self.catalog.records.get(record)?;
        let side = scope.rows.get(depth).and_then(|row| row.side.as_ref());
        if side.is_some() && name == record.subject {
            let (field, kind) = (name.to_owned(), Type::Subject(name.to_owned()));
            let term = Term::RowField { depth, field, physical: physical(&kind) };
            return Some(Checked::Value(term, kind));
        }
        if name == ORGANISATION && scope.mapped.is_none() {
            let physical = Physical::Symbol;
            let field = name.to_owned();
            let term = Term::RowField { depth, field, physical };
            return Some(Checked::Value(term, Type::Code(ORGANISATION.to_owned())));
        }
        let field = record.field(name)?;
        let kind = Type::of_field(&field.kind);
        let term = Term::RowField { depth, field: field.name.clone(), physical: physical(&kind) };
        Some(Checked::Value(term, kind))
    }

    /// What a name means as a field, of the row at hand or of the subject.
    pub(crate) fn field_meanings(&self, scope: &Scope, name: &str) -> Vec<String> {
        let of_row = self.row_field(scope, name, 0).map(|_| "the field of the row".to_owned());
        let properties = self.properties(scope, name).into_iter().map(|(what, _)| what);
        of_row.into_iter().chain(properties).collect()
    }

    /// What a name means as a property: a field of each record that has it and of which a subject
    /// has one row.
    pub(crate) fn properties(&self, scope: &Scope, name: &str) -> Vec<(String, Checked)> {
        if scope.subject == ORGANISATION {
            let itself = || (organisation::asked(), Type::Code(ORGANISATION.to_owned()));
            let own = (name == ORGANISATION).then(itself);
            let own = own.or_else(|| self.catalog.fact_of(&organisation::asked(), name));
            let property =
                |(term, kind)| ("what is declared".to_owned(), Checked::Value(term, kind));
            return own.map(property).into_iter().collect();
        }
        let records = self.single_records(&scope.subject);
        let fields = records.filter_map(|record| Some((record, record.field(name)?)));
        fields
            .map(|(record, field)| {
                let (term, kind) = self.property(scope, record, field);
                (format!("the field of `{}`", record.name), Checked::Value(term, kind))
            })
            .collect()
    }

    /// A field of a record of which a subject has one row.
    pub(crate) fn property(&self, scope: &Scope, record: &Record, field: &Field) -> (Term, Type) {
        let kind = Type::of_field(&field.kind);
        let (name, physical) = (field.name.clone(), physical(&kind));
        let term = if record.start().is_some() {
            let rows = Selection::all(&record.name, None, scope.rows.len());
            pick_field(&rows, &Pick::First, &name, physical)
        } else {
            Term::Property { record: record.name.clone(), field: name, physical }
        };
        (term, kind)
    }

    /// Whether a name means something here, or elsewhere what it is refused for here.
    pub(crate) fn is_name(&self, scope: &Scope, name: &str) -> bool {
        let mut records = self.catalog.records.values();
        period::is_named(name)
            || self.catalog.subjects.contains_key(name)
            || self.catalog.rules.contains_key(name)
            || self.names_in(scope).iter().any(|known| known == name)
            || records.any(|record| record.subject == scope.subject && record.field(name).is_some())
    }

    /// Names that mean something here, for "did you mean".
    pub(super) fn names_in(&self, scope: &Scope) -> Vec<String> {
        let hand = scope.rows.last();
        let row = hand.and_then(|row| self.catalog.records.get(&row.record));
        let back = row.filter(|_| hand.is_some_and(|row| row.side.is_some()));
        let back = back.map(|record| record.subject.clone());
        let row = row.into_iter().flat_map(|record| &record.fields);
        let once = self.single_records(&scope.subject).flat_map(|record| &record.fields);
        let facts = organisation::FACTS.iter().filter(|_| scope.subject == ORGANISATION);
        let facts = facts.map(|fact| (*fact).to_owned());
        let fields = row.chain(once).map(|field| field.name.clone()).chain(facts);
        let rules = self
            .catalog
            .rules
            .values()
            .filter(|rule| matches!(rule.kind, RuleKind::TargetGroup | RuleKind::Define));
        let records = self.catalog.records.keys().cloned();
        let rules = rules.map(|rule| rule.name.clone());
        let parameters = self.catalog.parameters.keys().cloned();
        let others = records.chain(parameters).chain(["period".to_owned()]);
        fields.chain(back).chain(rules).chain(others).collect()
    }

    pub(super) fn field(
        &mut self,
        scope: &Scope,
        base: &Spanned<Expr>,
        field: &tree::Word,
    ) -> Option<Checked> {
        if let Some((subject, term)) = self.row_reference(scope, base) {
            return self.through(scope, (&subject, term), field);
        }
        if let Expr::Name(name) = &base.item {
            if name == "this" && !scope.rows.is_empty() {
                return match self.row_field(scope, &field.item, 1) {
                    Some(found) => Some(found),
                    None => self.name(&Scope::of(&scope.subject), &field.item, field.span),
                };
            }
            let once = self.catalog.records.get(name);
            if let Some(record) = once.filter(|it| matches!(it.timing, RecordTiming::Once(_))) {
                let known = record.fields.iter().map(|field| field.name.as_str());
                let properties = self.properties(scope, &field.item);
                let of = format!("the field of `{name}`");
                return match properties.into_iter().find(|(record, _)| *record == of) {
                    Some((_, found)) => Some(found),
                    None => {
                        let problem =
                            problems::unknown_name("field", &field.item, field.span, known);
                        self.note(problem)
                    }
                };
            }
        }
        match self.expression(scope, base)? {
            Checked::Value(term, Type::Subject(subject)) => {
                self.through(scope, (&subject, term), field)
            }
            Checked::Value(term, Type::Code(list)) if list == ORGANISATION => {
                self.fact(&term, field)
            }
            Checked::Row(selection, pick) => self.picked(&selection, &pick, field),
            Checked::RowOf(subject, reference, selection, pick) => {
                match self.picked(&selection, &pick, field)? {
                    Checked::Value(term, kind) => {
                        Some(Checked::Value(of(subject, reference, term), kind))
                    }
                    other => Some(other),
                }
            }
            Checked::Rows(selection) => {
                let record = self.catalog.records.get(&selection.record)?;
                if record.anonymous {
                    return self.picked(&selection, &Pick::First, field);
                }
                let lasts = matches!(record.timing, RecordTiming::During { .. });
                let problem = match lasts && selection.side.is_none() && !record.without_overlap {
                    true => problems::may_overlap,
                    false => problems::many_rows,
                };
                self.note(problem(&selection.record, base.span))
            }
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a row", &found, base.span))
            }
        }
    }

    /// `organisation.kind`: what is declared of the organisation that a term names.
    fn fact(&mut self, organisation: &Term, field: &tree::Word) -> Option<Checked> {
        match self.catalog.fact_of(organisation, &field.item) {
            Some((fact, kind)) => Some(Checked::Value(fact, kind)),
            None => self.note(problems::no_fact(&field.item, field.span)),
        }
    }

    pub(super) fn picked(
        &mut self,
        selection: &Selection,
        pick: &Pick,
        field: &tree::Word,
    ) -> Option<Checked> {
        let record = self.catalog.records.get(&selection.record)?;
        let kind = if field.item == ORGANISATION {
            Type::Code(ORGANISATION.to_owned())
        } else if selection.side.is_some() && field.item == record.subject {
            Type::Subject(record.subject.clone())
        } else if let Some(found) = record.field(&field.item) {
            Type::of_field(&found.kind)
        } else {
            let known = record.fields.iter().map(|field| field.name.as_str());
            return self.note(problems::unknown_name("field", &field.item, field.span, known));
        };
        Some(Checked::Value(pick_field(selection, pick, &field.item, physical(&kind)), kind))
    }
}

pub(super) fn pick_field(
    selection: &Selection,
    pick: &Pick,
    field: &str,
    physical: Physical,
) -> Term {
    let field = field.to_owned();
    let aggregate = match pick {
        Pick::First => Aggregate::First(field, physical),
        Pick::Last | Pick::AsOf => Aggregate::Last(field, physical),
        Pick::Nth(number) => Aggregate::Nth(field, physical, *number),
        Pick::Best(keys) => Aggregate::Best(field, physical, keys.clone()),
    };
    Term::made(aggregate, selection.clone())
}

pub(super) fn meanings(properties: &[(String, Checked)], rule: bool, record: bool) -> Vec<String> {
    let mut meanings: Vec<String> = properties.iter().map(|(what, _)| what.clone()).collect();
    meanings.extend(rule.then(|| "the rule of that name".to_owned()));
    meanings.extend(record.then(|| "the record of that name".to_owned()));
    meanings
}
