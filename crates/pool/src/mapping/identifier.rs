//! Which columns of an export identify people.

use std::collections::{BTreeMap, BTreeSet};

use interplay_compile::catalog::{FieldType, MapExpr, Record, Source};
use interplay_diagnostic::Diagnostic;

use crate::problems;

/// Every column that a source's mappings read.
pub(crate) fn columns(source: &Source) -> impl Iterator<Item = &str> {
    source.map.iter().flat_map(|mapping| read(&mapping.value.item))
}

/// The columns whose values identify people: the parts of pseudonyms, and whatever says whose a
/// row is. The subject's name is the record's; any mapping that makes a pseudonym counts.
pub(crate) fn identifying(source: &Source, subject: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for mapping in &source.map {
        if mapping.field == subject {
            found.extend(read(&mapping.value.item).into_iter().map(str::to_owned));
        }
        found.extend(pseudonyms(&mapping.value.item).into_iter().flatten().map(str::to_owned));
    }
    found
}

/// Fields that would keep what identifies people by itself.
///
/// Where a pseudonym is made of several columns, one of them alone, such as the date of birth,
/// need not identify anybody; what becomes of such parts [`refused`] says when the types of the
/// fields are known.
pub(crate) fn kept(source: &Source) -> Vec<Diagnostic> {
    let mut alone = BTreeMap::new();
    for mapping in &source.map {
        for made in pseudonyms(&mapping.value.item) {
            if let [column] = made.into_iter().collect::<Vec<_>>().as_slice() {
                alone.entry(*column).or_insert(mapping.value.span);
            }
        }
    }
    let mut found = Vec::new();
    for mapping in &source.map {
        for column in outputs(&mapping.value.item) {
            if let Some(other) = alone.get(column) {
                let span = mapping.value.span;
                found.push(problems::identifier_kept(&mapping.field, column, span, *other));
            }
        }
    }
    found
}

/// What to say when a field would keep a column by which people are known.
///
/// A part of an identifier of several columns may be kept as a date or as a code of a list, for
/// neither holds a name or a number of somebody.
pub(crate) fn refused(source: &Source, record: &Record) -> Option<String> {
    let identifying = identifying(source, &record.subject);
    for field in &record.fields {
        let mapping = source.map.iter().find(|mapping| mapping.field == field.name);
        let Some(mapping) = mapping else { continue };
        let bounded = match field.kind {
            FieldType::Date | FieldType::BirthDate | FieldType::Code(_) => true,
            // The second at which somebody was born is more than a date.
            FieldType::Instant | FieldType::Number(_) | FieldType::Text | FieldType::Subject(_) => {
                false
            }
        };
        let kept =
            outputs(&mapping.value.item).into_iter().find(|column| identifying.contains(*column));
        if let Some(column) = kept.filter(|_| !bounded || identifying.len() == 1) {
            return Some(problems::keeps_identifier(&field.name, column));
        }
    }
    None
}

/// The columns of each pseudonym that is made anywhere in an expression.
fn pseudonyms(written: &MapExpr) -> Vec<BTreeSet<&str>> {
    match written {
        MapExpr::Pseudonym(parts) => {
            vec![parts.iter().flat_map(|part| read(&part.item)).collect()]
        }
        MapExpr::Recode { value, rows, otherwise } => {
            let rows = rows.iter().flat_map(|(_, value)| pseudonyms(value));
            let otherwise = otherwise.iter().flat_map(|value| pseudonyms(value));
            pseudonyms(&value.item).into_iter().chain(rows).chain(otherwise).collect()
        }
        MapExpr::Arithmetic { left, right, .. } => {
            pseudonyms(&left.item).into_iter().chain(pseudonyms(&right.item)).collect()
        }
        MapExpr::Choose { rows, otherwise } => {
            let chosen = rows.iter().map(|(_, value)| value).chain([otherwise.as_ref()]);
            let asked = rows.iter().flat_map(|(condition, _)| condition.values());
            chosen.chain(asked).flat_map(pseudonyms).collect()
        }
        MapExpr::Column(_)
        | MapExpr::Text(_)
        | MapExpr::Number(_)
        | MapExpr::Date(_)
        | MapExpr::Missing
        | MapExpr::Unknown => Vec::new(),
    }
}

/// The columns whose values may come through an expression: not those it only chooses by, nor
/// those of which it makes a pseudonym.
fn outputs(written: &MapExpr) -> Vec<&str> {
    match written {
        MapExpr::Column(column) => vec![column],
        MapExpr::Recode { value: _, rows, otherwise } => {
            let rows = rows.iter().flat_map(|(_, value)| outputs(value));
            rows.chain(otherwise.iter().flat_map(|value| outputs(value))).collect()
        }
        MapExpr::Arithmetic { left, right, .. } => {
            outputs(&left.item).into_iter().chain(outputs(&right.item)).collect()
        }
        MapExpr::Choose { rows, otherwise } => rows
            .iter()
            .map(|(_, value)| value)
            .chain([otherwise.as_ref()])
            .flat_map(outputs)
            .collect(),
        MapExpr::Pseudonym(_)
        | MapExpr::Text(_)
        | MapExpr::Number(_)
        | MapExpr::Date(_)
        | MapExpr::Missing
        | MapExpr::Unknown => Vec::new(),
    }
}

/// The columns that an expression reads.
pub(crate) fn read(written: &MapExpr) -> Vec<&str> {
    match written {
        MapExpr::Column(column) => vec![column],
        MapExpr::Pseudonym(parts) => parts.iter().flat_map(|part| read(&part.item)).collect(),
        MapExpr::Recode { value, rows, otherwise } => {
            let rows = rows.iter().flat_map(|(_, value)| read(value));
            let otherwise = otherwise.iter().flat_map(|value| read(value));
            read(&value.item).into_iter().chain(rows).chain(otherwise).collect()
        }
        MapExpr::Arithmetic { left, right, .. } => {
            read(&left.item).into_iter().chain(read(&right.item)).collect()
        }
        MapExpr::Choose { rows, otherwise } => {
            let chosen = rows.iter().map(|(_, value)| value).chain([otherwise.as_ref()]);
            let asked = rows.iter().flat_map(|(condition, _)| condition.values());
            chosen.chain(asked).flat_map(read).collect()
        }
        MapExpr::Text(_)
        | MapExpr::Number(_)
        | MapExpr::Date(_)
        | MapExpr::Missing
        | MapExpr::Unknown => Vec::new(),
    }
}
