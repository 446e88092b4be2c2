//! What the pool noted of the rows, told beside the figures that are made of them.

use std::collections::BTreeSet;

use interplay_compile::calendar::Period;
use interplay_compile::catalog::{Catalog, Disclosure, RecordTiming};
use interplay_compile::query::measure::Measured;
use interplay_compile::term::Term;
use interplay_compile::ties::{self, Picking};
use interplay_pool::{Disagreement, Noted};

use crate::engine::Engine;
use crate::error::Error;

/// More organisations than this are not named one by one.
const MOST_NAMED: usize = 6;

/// What a reader of the figures should know of their rows: of whom rows overlap although their
/// record is declared without, and on whom organisations disagree.
pub(crate) fn notes(
    measured: &Measured,
    records: &BTreeSet<String>,
    noted: &Noted,
    catalog: &Catalog,
) -> Vec<String> {
    let mut fields = BTreeSet::new();
    for term in &measured.terms() {
        properties(term, &mut fields);
    }
    let overlaps = noted.overlaps.iter().filter(|(record, _)| records.contains(*record));
    let overlaps = overlaps.filter_map(|(record, count)| overlap(catalog, record, *count));
    let told = noted.disagreements.iter().filter(|(field, _)| fields.contains(*field));
    let told = told.filter_map(|(field, found)| disagreement(catalog, field, found));
    overlaps.chain(told).collect()
}

/// Says where a row was picked for nothing but a hash of its content, although another of its day
/// would have given another value.
pub(crate) async fn ties(
    engine: &Engine<'_>,
    measured: &Measured,
    cells: &[Period],
) -> Result<Vec<String>, Error> {
    let (noted, policy) = (engine.hot.noted(), engine.model.catalog.disclosure);
    let mut notes = Vec::new();
    for (picking, term) in ties::pickings(measured) {
        let field = picking.field.trim_end_matches('?');
        if !noted.undecided.contains(&format!("{}.{}", picking.lists, picking.field)) {
            continue;
        }
        let differs = term.mentions_period();
        let cells = if differs { cells } else { cells.get(..1).unwrap_or_default() };
        let asked = Term::Seen.and(Term::IsTrue(Box::new(term)));
        let mut most = 0.0_f64;
        for cell in cells {
            let counts = engine.counts(&picking.subject, Some(*cell), std::slice::from_ref(&asked));
            most = counts.await?.into_iter().fold(most, f64::max);
        }
        if most > 0.0 {
            let many = if policy.is_small(most) { "some".to_owned() } else { most.to_string() };
            let up_to = if cells.len() > 1 && many != "some" { "up to " } else { "" };
            let Picking { subject, record, word, .. } = &picking;
            let good = if word == "best" { "equally good rows" } else { "rows" };
            let at_moments = engine
                .model
                .catalog
                .records
                .get(record)
                .is_some_and(|record| record.moment().is_some());
            let decided = match at_moments {
                true => "their moments are the same, or not known of all of them",
                false => "which of them counts is decided by a hash of their content",
            };
            notes.push(format!(
                "`{field}` of the {word} `{record}`: for {up_to}{many} of `{subject}` several \
                 {good} of one day differ in it; {decided}."
            ));
        }
    }
    Ok(notes)
}

/// All that was noted, for whoever loads.
pub(crate) fn all(noted: &Noted, catalog: &Catalog) -> Vec<String> {
    let overlaps = noted.overlaps.iter();
    let overlaps = overlaps.filter_map(|(record, count)| overlap(catalog, record, *count));
    let told = noted.disagreements.iter();
    let told = told.filter_map(|(field, found)| disagreement(catalog, field, found));
    overlaps.chain(told).collect()
}

/// The fields of once-records that are asked, as `profile.gender`.
fn properties(term: &Term, into: &mut BTreeSet<String>) {
    if let Term::Property { record, field, .. } = term {
        into.insert(format!("{record}.{field}"));
    }
    for child in term.children() {
        properties(child, into);
    }
}

fn overlap(catalog: &Catalog, record: &str, count: u64) -> Option<String> {
    let subject = &catalog.records.get(record)?.subject;
    let many = counted(count, catalog.disclosure);
    Some(format!(
        "Rows of `{record}` overlap for {many} of `{subject}`, though it is declared `without \
         overlap`; where one row is wanted the last that began counts."
    ))
}

/// Who disagrees on whom, and what comes of it.
fn disagreement(catalog: &Catalog, name: &str, found: &Disagreement) -> Option<String> {
    let record = catalog.records.get(name.split_once('.')?.0)?;
    let RecordTiming::Once(conflict) = &record.timing else { return None };
    let (subject, policy) = (&record.subject, catalog.disclosure);
    let many = counted(found.subject_count, policy);
    let organisations = listed(&found.organisations);
    let settled_count = found.subject_count.saturating_sub(found.missing_count);
    let outcome = match (settled_count, found.missing_count) {
        (0, _) => "it is missing for them".to_owned(),
        (_, 0) => "each has a value all the same".to_owned(),
        (settled, missing) => {
            // Neither of two numbers tells the other where one may not be shown.
            let is_small = |count| counted(count, policy).parse::<u64>().is_err();
            if is_small(settled) || is_small(missing) {
                "some have a value all the same, some have none".to_owned()
            } else {
                format!("{settled} of them have a value all the same, {missing} have none")
            }
        }
    };
    Some(format!(
        "Rows of {organisations} disagree on `{name}` for {many} of `{subject}`: by `{conflict}` \
         {outcome}."
    ))
}

/// A number of subjects; `some` where it is small.
fn counted(count: u64, policy: Disclosure) -> String {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 subjects")]
    let is_small = policy.is_small(count as f64);
    if is_small { "some".to_owned() } else { count.to_string() }
}

/// `clinic`, `clinic and shelter`, `clinic, harbour and shelter`
fn listed(names: &BTreeSet<String>) -> String {
    let mut words: Vec<String> = names.iter().take(MOST_NAMED).cloned().collect();
    if names.len() > MOST_NAMED {
        words.push(format!("{} others", names.len() - MOST_NAMED));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn organisations_are_named_while_they_are_few() {
        let names = |count: usize| listed(&(0..count).map(|at| format!("o{at}")).collect());
        assert_eq!([names(1), names(2), names(3)], ["o0", "o0 and o1", "o0, o1 and o2"]);
        assert_eq!(names(8), "o0, o1, o2, o3, o4, o5 and 2 others");
    }
}
