//! `record stay of person during arrived until left { arrived: date left: date? }`

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, ItemKind, Value};

use crate::catalog::{Catalog, Conflict, Field, FieldType, Record, RecordTiming};
use crate::check::ORGANISATION;
use crate::problems;
use crate::shape::{self, Headers};
use crate::types::Type;

mod key;

const TYPES: [&str; 5] = ["date", "date of birth", "instant", "number", "text"];

pub(super) fn declare(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Option<Record> {
    let takes = |header: &tree::Header| {
        matches!(
            header,
            tree::Header::At(_)
                | tree::Header::During { .. }
                | tree::Header::Once(_)
                | tree::Header::WithoutOverlap
        )
    };
    let headers = Headers::read(declaration, true, takes, problems);
    let span = declaration.name.span;
    // What it is made of is not read: a record `from` another has no fields of its own.
    if declaration.headers.iter().any(|it| matches!(it.item, tree::Header::From { .. })) {
        return None;
    }
    let fields = fields(catalog, declaration, &headers, problems);
    let subject = subject(catalog, &headers, span, problems);
    let anonymous = subject.as_ref().is_some_and(|subject| catalog.is_anonymous(subject));
    let is_overlap = |header: &&&Spanned<tree::Header>| header.item == tree::Header::WithoutOverlap;
    let overlap = headers.others.iter().find(is_overlap);
    let timings: Vec<_> = headers.others.iter().filter(|header| !is_overlap(header)).collect();
    let timing = match timings.as_slice() {
        [only] => timing(catalog, &only.item, &fields, problems),
        [] => {
            let wanted = "to say when a row holds: `at …`, `during … until …` or `once`";
            problems.push(problems::missing_header("record", wanted, span));
            None
        }
        [_, second, ..] => {
            problems.push(problems::header_twice("record", "a timing", second.span));
            None
        }
    };
    if let (Some(header), Some(RecordTiming::Once(_) | RecordTiming::At { .. })) =
        (overlap, &timing)
    {
        problems.push(problems::overlap_of_days(header.span));
    }
    let named = headers.of.filter(|_| !anonymous);
    let key = key::read(declaration, &fields, named, problems);
    if let (Some((_, span)), Some(RecordTiming::Once(_))) = (&key, &timing) {
        problems.push(problems::key_of_once(*span));
    }
    if let Some(subject) = subject.as_ref().filter(|_| anonymous) {
        alone(catalog, subject, declaration, &timings, problems);
    }
    Some(Record {
        name: declaration.name.item.text(),
        title: headers.title,
        subject: subject?,
        anonymous,
        timing: timing?,
        without_overlap: overlap.is_some(),
        key: key.map_or_else(Vec::new, |(names, _)| names),
        fields,
        span,
    })
}

/// The fields, each once.
fn fields(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    headers: &Headers<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Field> {
    let span = declaration.name.span;
    let mut fields: Vec<Field> = Vec::new();
    let items = shape::items(declaration, problems);
    for item in items.iter().filter(|item| !key::is_key(item, declaration, headers.of)) {
        if let Some(field) = field(catalog, item, headers, problems) {
            if fields.iter().any(|known| known.name == field.name) {
                problems.push(problems::declared_twice("field", &field.name, item.span, span));
            } else {
                fields.push(field);
            }
        }
    }
    fields
}

/// Where each row is a subject by itself there are no two rows to bring together.
fn alone(
    catalog: &Catalog,
    subject: &str,
    declaration: &tree::Declaration,
    timings: &[&&Spanned<tree::Header>],
    problems: &mut Vec<Diagnostic>,
) {
    let (name, span) = (declaration.name.item.text(), declaration.name.span);
    if let Some(first) = catalog.records.values().find(|record| record.subject == subject) {
        problems.push(problems::anonymous_twice(subject, &name, span, first));
    }
    let settles =
        |header: &tree::Header| matches!(header, tree::Header::Once(words) if !words.is_empty());
    if let Some(header) = timings.iter().find(|header| settles(&header.item)) {
        problems.push(problems::anonymous_settled(subject, header.span));
    }
}

fn subject(
    catalog: &Catalog,
    headers: &Headers<'_>,
    span: Span,
    problems: &mut Vec<Diagnostic>,
) -> Option<String> {
    let Some(word) = headers.of else {
        problems.push(problems::missing_header("record", "a subject: `of …`", span));
        return None;
    };
    if word.item == ORGANISATION {
        problems.push(problems::record_of_organisations(word.span));
        return None;
    }
    if !catalog.subjects.contains_key(&word.item) {
        let known = catalog.declared_subjects();
        problems.push(problems::unknown_name("subject", &word.item, word.span, known));
        return None;
    }
    Some(word.item.clone())
}

fn field(
    catalog: &Catalog,
    item: &tree::Item,
    headers: &Headers<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Field> {
    let ItemKind::Clause { label, value } = &item.kind else {
        problems.push(problems::unknown_clause("record", "…", item.span, &[]));
        return None;
    };
    if label.item == ORGANISATION {
        problems.push(problems::reserved_field(&label.item, label.span));
        return None;
    }
    let Value::Type(name) = &value.item else {
        problems.push(problems::wrong_value("the field's type", value));
        return None;
    };
    let unit = name
        .unit
        .as_ref()
        .map(|unit| catalog.unit(&unit.name.item, unit.per.as_ref().map(|per| per.item.as_str())));
    let kind = match name.name.item.as_str() {
        "number" => FieldType::Number(unit.clone()),
        "date" => FieldType::Date,
        "date of birth" => FieldType::BirthDate,
        "instant" => FieldType::Instant,
        "text" => FieldType::Text,
        word if catalog.codes.contains_key(word) && catalog.subjects.contains_key(word) => {
            let meanings = ["the code list of that name", "the subject of that name"];
            let meanings = meanings.map(str::to_owned);
            problems.push(problems::ambiguous_name(word, &meanings, name.name.span));
            return None;
        }
        list if catalog.codes.contains_key(list) => FieldType::Code(list.to_owned()),
        subject if subject != ORGANISATION && catalog.subjects.contains_key(subject) => {
            refers(catalog, headers, (subject, name.name.span), problems)?
        }
        other => {
            let codes = catalog.codes.keys().map(String::as_str);
            let known = TYPES.into_iter().chain(codes).chain(catalog.declared_subjects());
            let span = name.name.span;
            problems.push(problems::unknown_type(other, span, known));
            return None;
        }
    };
    if let (Some(unit), false) = (&name.unit, matches!(kind, FieldType::Number(_))) {
        let found = "another type with a unit";
        problems.push(problems::wrong_type("`number` before `in`", found, unit.name.span));
    }
    Some(Field { name: label.item.clone(), kind, optional: name.optional })
}

/// The type of a field that refers to a subject: of no anonymous one, and not from one.
fn refers(
    catalog: &Catalog,
    headers: &Headers<'_>,
    (subject, span): (&str, Span),
    problems: &mut Vec<Diagnostic>,
) -> Option<FieldType> {
    if catalog.is_anonymous(subject) {
        problems.push(problems::anonymous_referred(subject, span));
        return None;
    }
    if let Some(own) = headers.of.filter(|own| catalog.is_anonymous(&own.item)) {
        problems.push(problems::anonymous_refers(&own.item, subject, span));
        return None;
    }
    Some(FieldType::Subject(subject.to_owned()))
}

fn timing(
    catalog: &Catalog,
    header: &tree::Header,
    fields: &[Field],
    problems: &mut Vec<Diagnostic>,
) -> Option<RecordTiming> {
    match header {
        tree::Header::At(word)
            if word.item == "instant" && !fields.iter().any(|field| field.name == "instant") =>
        {
            let own = fields.iter().find(|field| field.kind == FieldType::Instant);
            problems.push(problems::moments::at_no_field(own.map(|it| &*it.name), word.span));
            None
        }
        tree::Header::At(word) => {
            let day = date_field(word, fields, true, problems)?;
            Some(RecordTiming::At { day })
        }
        tree::Header::During { start, end } => {
            if start.item == end.item {
                let found = format!("`{}`, on which it begins", end.item);
                problems.push(problems::wrong_type(
                    "the field of the day on which a row ends",
                    &found,
                    end.span,
                ));
            }
            let start = date_field(start, fields, true, problems);
            let end = date_field(end, fields, false, problems);
            Some(RecordTiming::During { start: start?, end: end? })
        }
        tree::Header::Once(words) => conflict(catalog, words, problems).map(RecordTiming::Once),
        _ => None,
    }
}

fn date_field(
    word: &tree::Word,
    fields: &[Field],
    required: bool,
    problems: &mut Vec<Diagnostic>,
) -> Option<String> {
    let Some(field) = fields.iter().find(|field| field.name == word.item) else {
        let known = fields.iter().map(|field| field.name.as_str());
        problems.push(problems::unknown_name("field", &word.item, word.span, known));
        return None;
    };
    let is_day = matches!(field.kind, FieldType::Date | FieldType::Instant);
    if !is_day || (required && field.optional) {
        let wanted = if required {
            "a field of type `date` or `instant`"
        } else {
            "a field of type `date?` or `instant?`"
        };
        let optional = if field.optional { ", which may be missing" } else { "" };
        let found = format!("{}{optional}", Type::of_field(&field.kind));
        problems.push(problems::wrong_type(wanted, &found, word.span));
        return None;
    }
    Some(word.item.clone())
}

fn conflict(
    catalog: &Catalog,
    words: &[tree::Word],
    problems: &mut Vec<Diagnostic>,
) -> Option<Conflict> {
    let Some((first, rest)) = words.split_first() else { return Some(Conflict::Agree) };
    match first.item.as_str() {
        "majority" => Some(Conflict::Majority),
        "latest" => Some(Conflict::Latest),
        "organisations" => {
            for (at, word) in rest.iter().enumerate() {
                if !catalog.organisations.contains_key(&word.item) {
                    let known = catalog.organisations.keys().map(String::as_str);
                    let problem =
                        problems::unknown_name("organisation", &word.item, word.span, known);
                    problems.push(problem);
                }
                let mut earlier = rest.iter().take(at);
                if let Some(first) = earlier.find(|other| other.item == word.item) {
                    problems.push(problems::named_twice(&word.item, word.span, first.span));
                }
            }
            Some(Conflict::Organisations(rest.iter().map(|word| word.item.clone()).collect()))
        }
        other => {
            let known = ["latest", "majority", "organisations"];
            problems.push(problems::unknown_name("conflict rule", other, first.span, known));
            None
        }
    }
}
