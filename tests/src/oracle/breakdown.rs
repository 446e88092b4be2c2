//! Under which headings a subject stands, and which headings there are.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use interplay_syntax::tree::{Expr, Timing};

use super::band;
use super::codebook::{CodeList, Codebook, FieldType, Record, Shape};
use super::expression::named;
use super::level;
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
///
/// Of a list with levels, those of the level that is asked for, else of the finest, which are there
/// on the day of the tree.
pub(super) fn declared_headings(scope: &Scope<'_>, breakdown: &str) -> Vec<String> {
    let book = scope.book;
    if let Some(rung) = rung(scope, breakdown) {
        let codes = rung.list.codes.iter();
        return codes.filter(|code| rung.stands(code)).cloned().collect();
    }
    if breakdown == ORGANISATION {
        return book.organisations.clone();
    }
    if is_text(book, breakdown) {
        return Vec::new();
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

/// Whether headings are texts, of the data or written in a rule.
pub(super) fn is_text(book: &Codebook<'_>, breakdown: &str) -> bool {
    breakdown != ORGANISATION && is_made_of_texts(book, &Expr::Name(breakdown.to_owned()))
}

fn is_made_of_texts(book: &Codebook<'_>, expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) => true,
        Expr::Parenthesised(inner) => is_made_of_texts(book, &inner.item),
        Expr::Choose(rows) => rows.iter().any(|row| is_made_of_texts(book, &row.value.item)),
        Expr::Name(name) if book.definitions.contains_key(name) => {
            book.definitions.get(name).is_some_and(|body| is_made_of_texts(book, body))
        }
        _ => matches!(field(book, None, expr), Some(FieldType::Text)),
    }
}

/// A text of the data as a heading: in quotes where it is called as what is no value.
fn heading_of(text: String) -> String {
    let is_quoted = text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    if is_quoted || text == "total" || text == MISSING { format!("\"{text}\"") } else { text }
}

/// A level of a list, as a breakdown sees it in a period.
pub(super) struct Rung<'b> {
    list: &'b CodeList,
    level: &'b str,
    day: Option<NaiveDate>,
}

impl Rung<'_> {
    fn stands(&self, code: &str) -> bool {
        let mut rows = self.list.tree.iter();
        let is_of_level = rows.any(|row| row.code == code && row.level == self.level);
        is_of_level && self.day.is_none_or(|day| level::on(self.list, code, day).is_some())
    }

    /// Whether this is another level of the list of `other`.
    fn nests(&self, other: &Self) -> bool {
        std::ptr::eq(self.list, other.list) && self.level != other.level
    }

    fn height(&self) -> Option<usize> {
        self.list.levels.iter().position(|level| level == self.level)
    }
}

/// The level of a tree by which `breakdown` splits, if it does.
pub(super) fn rung<'b>(scope: &Scope<'b>, breakdown: &str) -> Option<Rung<'b>> {
    let book = scope.book;
    let name = Expr::Name(breakdown.to_owned());
    let body = book.definitions.get(breakdown).copied();
    let (expr, asked, tree_of) = body.map_or((&name, None, None), lifted);
    if breakdown == ORGANISATION || matches!(expr, Expr::Call { .. }) || is_text(book, breakdown) {
        return None;
    }
    let list = list_of(book, expr).filter(|list| !list.levels.is_empty())?;
    let level = match asked {
        Some(asked) => list.levels.iter().find(|level| *level == asked)?,
        None => list.levels.first()?,
    };
    // A day that differs from one subject to the next is none.
    let day = match tree_of {
        None => Some(scope.period.first),
        Some(Expr::Date(day)) => day.parse().ok(),
        Some(_) => None,
    };
    Some(Rung { list, level, day })
}

/// `X at level district at tree of D`, taken apart.
fn lifted(expr: &Expr) -> (&Expr, Option<&str>, Option<&Expr>) {
    match expr {
        Expr::Parenthesised(inner) => lifted(&inner.item),
        Expr::Timed { operand, timing } => match &timing.item {
            Timing::AtLevel(level) => {
                let (operand, tree_of) = level::taken_apart(&operand.item);
                (operand, Some(level.item.as_str()), tree_of)
            }
            Timing::AtTree(day) => {
                let (operand, level, _) = lifted(&operand.item);
                (operand, level, Some(&day.item))
            }
            _ => (expr, None, None),
        },
        _ => (expr, None, None),
    }
}

/// Whether a cell under headings of two levels of one tree is there. One of nobody is where the
/// one lies in the other; the total of a coarser level is split by no finer one.
pub(super) fn stand_together(
    rungs: &[Option<Rung<'_>>],
    headings: &[Option<String>],
    is_under: &dyn Fn(usize, usize) -> bool,
) -> bool {
    for (second, later) in rungs.iter().enumerate() {
        for (first, earlier) in rungs.iter().enumerate().take(second) {
            let (Some(one), Some(other)) = (earlier, later) else { continue };
            if !other.nests(one) {
                continue;
            }
            let stands = match (&headings[first], &headings[second]) {
                (_, None) => true,
                (None, Some(_)) => other.height() > one.height(),
                (Some(above), Some(below)) => {
                    let days = one.day.zip(other.day).filter(|(day, same)| day == same);
                    let may_be = above != MISSING && below != MISSING;
                    let (finer, coarser) =
                        if one.height() < other.height() { (above, below) } else { (below, above) };
                    let meet = |(day, _)| level::is_in(one.list, finer, coarser, day);
                    is_under(first, second) || (may_be && days.is_none_or(meet))
                }
            };
            if !stands {
                return false;
            }
        }
    }
    true
}

/// The heading after all declared ones.
pub(super) fn last_heading(breakdown: &str) -> &'static str {
    if breakdown == ORGANISATION { NONE } else { MISSING }
}

/// The headings under which the subject in `scope` stands.
pub(super) fn headings(scope: &Scope<'_>, breakdown: &str) -> BTreeSet<String> {
    if breakdown == ORGANISATION && scope.person.kind == ORGANISATION {
        return BTreeSet::from([scope.person.name.to_owned()]);
    }
    if breakdown == ORGANISATION {
        return organisations(scope);
    }
    let heading = match named(scope, breakdown) {
        Value::Text(text) => heading_of(text),
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
    for record in involving(scope.book, scope.person.kind) {
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

/// The records whose rows involve an organisation with a subject of that kind: those that the
/// library names, and where it names none of them, all with time.
pub(super) fn involving<'a>(book: &'a Codebook<'_>, kind: &str) -> Vec<&'a Record> {
    let is_about = |record: &&Record| record.subject == kind || !record.references(kind).is_empty();
    let about: Vec<&Record> = book.records.values().filter(is_about).collect();
    let is_named = |record: &&Record| book.involvement.contains(&record.name);
    let some = about.iter().any(is_named);
    let involving = about.into_iter().filter(|record| !some || is_named(record));
    involving.filter(|record| !matches!(record.shape, Shape::Once(_))).collect()
}

/// By which fields rows of `record` are about the subject in `scope`; `None` is their own subject.
pub(super) fn sides<'a>(scope: &Scope<'a>, record: &'a Record) -> Vec<Option<&'a str>> {
    let sides = record.references(scope.person.kind).into_iter().map(Some);
    let own = (record.subject == scope.person.kind).then_some(None);
    own.into_iter().chain(sides).collect()
}

/// The codes of the list from which `expr` takes its value.
fn codes(book: &Codebook<'_>, expr: &Expr) -> Vec<String> {
    list_of(book, expr).map_or_else(Vec::new, |list| list.codes.clone())
}

fn list_of<'b>(book: &'b Codebook<'b>, expr: &Expr) -> Option<&'b CodeList> {
    match field(book, None, expr) {
        Some(FieldType::Codes(list)) => book.codes.get(list),
        _ => panic!("the oracle breaks down by codes and bands, not by {expr:?}"),
    }
}

/// What the field holds from which `expr` takes its value, asked of a subject or of any.
fn field<'a>(book: &'a Codebook<'a>, kind: Option<&str>, expr: &Expr) -> Option<&'a FieldType> {
    match expr {
        Expr::Parenthesised(inner) => field(book, kind, &inner.item),
        Expr::Name(name) if book.fact_types.contains_key(name) => book.fact_types.get(name),
        Expr::Name(name) => match book.definitions.get(name) {
            Some(body) => field(book, kind, body),
            None => {
                let mut kinds = book.subjects.iter().filter(|of| kind.is_none_or(|it| it == *of));
                let once = kinds.find_map(|of| book.once_record_with(of, name))?;
                once.fields.get(name)
            }
        },
        Expr::Field { base, field: name } if is_organisation(&base.item) => {
            book.fact_types.get(&name.item)
        }
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

/// Whether `expr` names an organisation.
fn is_organisation(expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) => name == ORGANISATION,
        Expr::Field { field, .. } => field.item == ORGANISATION,
        _ => false,
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
