//! Which columns of an export identify people.

use std::collections::BTreeSet;

use interplay_compile::catalog::{MapExpr, Mapping, Source};
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
        parts(&mapping.value.item, &mut found);
    }
    found
}

/// Fields that would keep what identifies people.
pub(crate) fn kept(source: &Source) -> Vec<Diagnostic> {
    let is_pseudonym = |mapping: &&Mapping| matches!(mapping.value.item, MapExpr::Pseudonym(_));
    let Some(subject) = source.map.iter().find(is_pseudonym) else { return Vec::new() };
    let mut identifiers = BTreeSet::new();
    parts(&subject.value.item, &mut identifiers);
    let others = source.map.iter().filter(|mapping| !is_pseudonym(mapping));
    others
        .filter_map(|mapping| match &mapping.value.item {
            MapExpr::Column(column) if identifiers.contains(column) => {
                // A part such as the date of birth may be kept where a pseudonym has several.
                let alone = identifiers.len() == 1;
                let (span, other) = (mapping.value.span, subject.value.span);
                alone.then(|| problems::identifier_kept(&mapping.field, column, span, other))
            }
            _ => None,
        })
        .collect()
}

fn parts(written: &MapExpr, found: &mut BTreeSet<String>) {
    match written {
        MapExpr::Pseudonym(parts) => {
            let columns = parts.iter().flat_map(|part| read(&part.item));
            found.extend(columns.map(str::to_owned));
        }
        MapExpr::Recode { value, rows, otherwise } => {
            parts(&value.item, found);
            rows.iter().for_each(|(_, value)| parts(value, found));
            if let Some(value) = otherwise {
                parts(value, found);
            }
        }
        MapExpr::Arithmetic { left, right, .. } => {
            parts(&left.item, found);
            parts(&right.item, found);
        }
        MapExpr::Column(_)
        | MapExpr::Text(_)
        | MapExpr::Number(_)
        | MapExpr::Date(_)
        | MapExpr::Missing => {}
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
        MapExpr::Text(_) | MapExpr::Number(_) | MapExpr::Date(_) | MapExpr::Missing => Vec::new(),
    }
}
