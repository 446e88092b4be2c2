//! Under which headings a subject stands, and which headings there are.

use std::collections::BTreeSet;

use interplay_syntax::tree::Expr;

use super::band;
use super::codebook::{Codebook, FieldType, Record, Shape};
use super::expression::named;
use super::scope::Scope;
use super::selection::record_of;
use super::timing::surely_overlaps;
use super::value::Value;

/// The breakdown by who has a row of a subject.
pub(super) const ORGANISATION: &str = "organisation";
/// Under this stands who has no value.
pub(super) const MISSING: &str = "missing";
/// Under this stands whom no organisation knows in the period.
pub(super) const NONE: &str = "none";

/// The headings that stand even when nobody is under them, in the order declared.
pub(super) fn declared_headings(book: &Codebook<'_>, breakdown: &str) -> Vec<String> {
    if breakdown == ORGANISATION {
        return book.organisations.clone();
    }
    match book.definitions.get(breakdown) {
        Some(Expr::Call { arguments, .. }) => {
            let arguments = arguments.iter().map(|argument| &argument.value.item);
            band::labels(&arguments.collect::<Vec<_>>())
        }
        Some(body) => codes(book, body),
        None => codes(book, &Expr::Name(breakdown.to_owned())),
    }
}

/// The heading after all declared ones.
pub(super) fn last_heading(breakdown: &str) -> &'static str {
    if breakdown == ORGANISATION { NONE } else { MISSING }
}

/// The headings under which the subject in `scope` stands.
pub(super) fn headings(scope: &Scope<'_>, breakdown: &str) -> BTreeSet<String> {
    if breakdown == ORGANISATION {
        return organisations(scope);
    }
    let heading = match named(scope, breakdown) {
        Value::Text(label) => label,
        Value::Code { code, .. } => code,
        Value::Missing => MISSING.to_owned(),
        other => panic!("the oracle does not break down by {other:?}"),
    };
    BTreeSet::from([heading])
}

/// Each organisation that has a row of the subject, of a record with time, that is at a day in
/// the period or overlaps it as observed.
fn organisations(scope: &Scope<'_>) -> BTreeSet<String> {
    let mut organisations = BTreeSet::new();
    let about: Vec<&Record> =
        scope.book.records.values().filter(|it| !sides(scope, it).is_empty()).collect();
    let is_named = |record: &&Record| scope.book.involvement.contains(&record.name);
    let some = about.iter().any(is_named);
    for record in about.into_iter().filter(|record| !some || is_named(record)) {
        if matches!(record.shape, Shape::Once(_)) {
            continue;
        }
        for row in sides(scope, record).into_iter().flat_map(|side| scope.rows_of(record, side)) {
            if surely_overlaps(scope.data_date, scope.period, (record, row)) {
                organisations.insert(row.organisation.clone());
            }
        }
    }
    if organisations.is_empty() {
        organisations.insert(NONE.to_owned());
    }
    organisations
}

/// By which fields rows of `record` are about the subject in `scope`; `None` is their own subject.
pub(super) fn sides<'a>(scope: &Scope<'a>, record: &'a Record) -> Vec<Option<&'a str>> {
    let sides = record.references(scope.person.kind).into_iter().map(Some);
    let own = (record.subject == scope.person.kind).then_some(None);
    own.into_iter().chain(sides).collect()
}

/// The codes of the list from which `expr` takes its value.
fn codes(book: &Codebook<'_>, expr: &Expr) -> Vec<String> {
    let list = match field(book, None, expr) {
        Some(FieldType::Codes(list)) => book.codes.get(list),
        _ => panic!("the oracle breaks down by codes and bands, not by {expr:?}"),
    };
    list.map_or_else(Vec::new, |list| list.codes.clone())
}

/// What the field holds from which `expr` takes its value, asked of a subject or of any.
fn field<'a>(book: &'a Codebook<'a>, kind: Option<&str>, expr: &Expr) -> Option<&'a FieldType> {
    match expr {
        Expr::Parenthesised(inner) => field(book, kind, &inner.item),
        Expr::Name(name) => match book.definitions.get(name) {
            Some(body) => field(book, kind, body),
            None => {
                let mut kinds = book.subjects.iter().filter(|of| kind.is_none_or(|it| it == *of));
                let once = kinds.find_map(|of| book.once_record_with(of, name))?;
                once.fields.get(name)
            }
        },
        Expr::Field { base, field: name } => match field(book, kind, &base.item) {
            Some(FieldType::Subject(other)) => {
                let name = Expr::Name(name.item.clone());
                field(book, Some(other), &name)
            }
            _ => row_record(book, &base.item)?.fields.get(&name.item),
        },
        _ => None,
    }
}

/// The record of the one row that `expr` finds.
fn row_record<'a>(book: &'a Codebook<'a>, expr: &Expr) -> Option<&'a Record> {
    match expr {
        Expr::Name(name) if book.definitions.contains_key(name) => {
            row_record(book, book.definitions.get(name)?)
        }
        Expr::Parenthesised(inner) => row_record(book, &inner.item),
        Expr::Quantified { operand, .. } | Expr::Best { operand, .. } => {
            record_of(book, &operand.item)
        }
        other => record_of(book, other),
    }
}
