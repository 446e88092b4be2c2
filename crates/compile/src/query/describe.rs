//! `describe stably_housed`: one declaration, in its author's words.

use interplay_syntax::tree::{self, DeclarationKind};

use super::{CheckedQuery, Listing, Verb};
use crate::calendar::Period;
use crate::calendar::kind::Cycle;
use crate::catalog::{Calendar, Catalog, CodeList, FieldType, Record, RecordTiming, Rule, Subject};
use crate::check::Checker;
use crate::problems;
use crate::types::Type;

pub(super) const VERB: Verb = Verb {
    name: "describe",
    summary: "one declaration: its title, documentation and clauses",
    parts: &["as"],
    check,
};

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let [thing] = query.things.as_slice() else {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("describe", "one name", span));
    };
    let catalog = checker.catalog;
    let name = thing.item.as_str();
    let rows = if let Some(rule) = catalog.rules.get(name) {
        rule_rows(catalog, rule)
    } else if let Some(record) = catalog.records.get(name) {
        record_rows(catalog, record)
    } else if let Some(list) = catalog.codes.get(name) {
        code_rows(catalog, list)
    } else if let Some(organisation) = catalog.organisations.get(name) {
        let mut rows = head("organisation", organisation.title.as_ref());
        rows.extend(further(catalog, DeclarationKind::Organisation, name));
        let clause = |(label, value): (&String, &String)| row(&format!("{label}:"), value);
        rows.extend(organisation.properties.iter().map(clause));
        rows
    } else if let Some(subject) = catalog.subjects.get(name) {
        subject_rows(catalog, subject)
    } else if let Some(calendar) = catalog.kinds.get(name) {
        period_rows(catalog, calendar)
    } else if let Some(unit) = catalog.units.get(&catalog.unit_name(name)) {
        let mut rows = head("unit", unit.title.as_ref());
        rows.extend(further(catalog, DeclarationKind::Unit, &unit.name));
        rows.extend(
            unit.made_of.as_ref().map(|(count, other)| row("is", &format!("{count} {other}"))),
        );
        rows
    } else if let Some(source) = catalog.sources.get(name) {
        let mut rows = head("source", None);
        rows.push(row("for", &source.record));
        rows.push(row("from", &format!("{} {}", source.from.name.item, source.from.location.item)));
        rows.extend(source.timezone.map(|zone| row("timezone", zone.name())));
        rows
    } else {
        let known = names(catalog);
        return checker.note(problems::unknown_name("declaration", name, thing.span, known));
    };
    let columns = vec!["part".to_owned(), "text".to_owned()];
    Some(CheckedQuery::Listing(Listing { columns, rows }))
}

fn names(catalog: &Catalog) -> Vec<&str> {
    let names = catalog.rules.keys().chain(catalog.records.keys()).chain(catalog.codes.keys());
    let names = names.chain(catalog.organisations.keys()).chain(catalog.subjects.keys());
    let names = names.chain(catalog.kinds.keys());
    let names = names.chain(catalog.units.keys());
    names.chain(catalog.sources.keys()).map(String::as_str).collect()
}

fn row(part: &str, text: &str) -> Vec<String> {
    vec![part.to_owned(), text.to_owned()]
}

fn head(kind: &str, title: Option<&String>) -> Vec<Vec<String>> {
    let mut rows = vec![row("kind", kind)];
    rows.extend(title.map(|title| row("title", title)));
    rows
}

/// The title in further languages, a row each.
fn further(catalog: &Catalog, kind: DeclarationKind, name: &str) -> Vec<Vec<String>> {
    let titles = catalog.titles_of(kind, name);
    titles.map(|(language, title)| row(&format!("title {language}"), title)).collect()
}

fn rule_rows(catalog: &Catalog, rule: &Rule) -> Vec<Vec<String>> {
    let mut rows = head(rule.written.kind.item.words(), rule.title.as_ref());
    rows.extend(further(catalog, rule.written.kind.item, &rule.name));
    rows.extend(rule.subject.as_ref().map(|subject| row("of", subject)));
    rows.extend(rule.docs.iter().map(|line| row("note", line)));
    let program = tree::Program {
        statements: vec![tree::Statement {
            comments: tree::Comments::default(),
            docs: Vec::new(),
            kind: tree::StatementKind::Declaration(rule.written.clone()),
            span: rule.span,
        }],
        trailing: Vec::new(),
        unread: Vec::new(),
    };
    let text = interplay_syntax::print(&program);
    let lines = text.lines().enumerate();
    rows.extend(lines.map(|(at, line)| row(if at == 0 { "rule" } else { "" }, line)));
    rows
}

fn subject_rows(catalog: &Catalog, subject: &Subject) -> Vec<Vec<String>> {
    let mut rows = head("subject", subject.title.as_ref());
    if subject.anonymous {
        rows.push(row("anonymous", "each row is one by itself"));
    }
    rows.extend(further(catalog, DeclarationKind::Subject, &subject.name));
    for record in catalog.records.values() {
        if record.subject == subject.name {
            rows.push(row("record", &record.name));
        }
        for field in record.references(&subject.name) {
            rows.push(row(
                "referred to",
                &format!("{} of {}, by `{field}`", record.name, record.subject),
            ));
        }
    }
    let rules = catalog.rules.values();
    for rule in rules.filter(|rule| rule.subject.as_ref() == Some(&subject.name)) {
        rows.push(row(rule.written.kind.item.words(), &rule.name));
    }
    rows
}

fn record_rows(catalog: &Catalog, record: &Record) -> Vec<Vec<String>> {
    let mut rows = head("record", record.title.as_ref());
    rows.extend(further(catalog, DeclarationKind::Record, &record.name));
    rows.push(row("of", &record.subject));
    let timing = match &record.timing {
        RecordTiming::Once(conflict) => conflict.to_string(),
        RecordTiming::At { day } => format!("at {day}"),
        RecordTiming::During { start, end } => {
            let overlap = if record.without_overlap { " without overlap" } else { "" };
            format!("during {start} until {end}{overlap}")
        }
    };
    rows.push(row("timing", &timing));
    if !record.key.is_empty() {
        rows.push(row("key", &record.key.join(", ")));
    }
    for field in &record.fields {
        let optional = if field.optional { ", may be missing" } else { "" };
        let kind = match &field.kind {
            FieldType::Instant => "an instant".to_owned(),
            other => Type::of_field(other).to_string(),
        };
        let text = format!("{}: {kind}{optional}", field.name);
        rows.push(row("field", &text));
    }
    rows
}

fn period_rows(catalog: &Catalog, calendar: &Calendar) -> Vec<Vec<String>> {
    let mut rows = head("periods", calendar.title.as_ref());
    rows.extend(further(catalog, DeclarationKind::Periods, &calendar.kind.name));
    match &calendar.kind.cycle {
        Cycle::Yearly { month, day } => rows.push(row("starts", &format!("{month:02}-{day:02}"))),
        Cycle::Named(all) => rows.extend(all.iter().map(|named| {
            let Period { first, last } = named.period;
            let title = named.title.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
            row("period", &format!("{} {first} .. {last}{title}", named.name))
        })),
    }
    rows
}

fn code_rows(catalog: &Catalog, list: &CodeList) -> Vec<Vec<String>> {
    let mut rows = head("codes", list.title.as_ref());
    rows.extend(further(catalog, DeclarationKind::Codes, &list.name));
    rows.extend(list.codes.iter().map(|(code, label)| row("code", &format!("{code}: {label}"))));
    for (group, codes) in &list.groups {
        rows.push(row("group", &format!("{group}: {}", codes.join(", "))));
    }
    rows
}
