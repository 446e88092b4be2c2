//! Looking back further than an organisation's deliveries reach.
//!
//! `within 24 months before intake` finds nothing of the years before an organisation's first
//! delivery, and nothing says that there was nothing. The figure is not changed, for an organisation
//! that begins to deliver may begin to work then, too; but its reader is told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_compile::calendar::Period;
use interplay_compile::catalog::Disclosure;
use interplay_compile::query::measure::Measured;
use interplay_compile::silence::Undelivered;
use interplay_compile::term::{Aggregate, Comparison, Look, Selection, Term, Window};

use crate::coverage::Coverage;
use crate::engine::Engine;
use crate::error::Error;

/// A phrase that looks back from a day that differs from subject to subject, or from the period.
#[derive(Clone, Debug, PartialEq)]
struct Back {
    record: String,
    side: Option<String>,
    /// The first day that is looked at.
    first: Term,
}

/// What a reader of the figures should know of the time before the first deliveries.
pub(crate) async fn notes(
    engine: &Engine<'_>,
    measured: &Measured,
    cells: &[Period],
    coverage: &Coverage<'_>,
) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    // The last cell is the whole that was asked for: what begins before it begins before all.
    let Some(whole) = cells.last().copied() else { return Ok(notes) };
    for measure in &measured.measures {
        let indicator = &measure.indicator;
        let mut found = Vec::new();
        for part in indicator.parts(&indicator.among().condition()) {
            part.terms().into_iter().for_each(|term| looking_back(term, &mut found));
        }
        found.retain(|back| reaches_before(back, whole, engine.data_date));
        let records: BTreeSet<&str> = found.iter().map(|back| back.record.as_str()).collect();
        for (organisation, firsts) in coverage.begins(&records) {
            let own = found.iter().filter_map(|back| Some((back, *firsts.get(&back.record)?)));
            let own: Vec<(&Back, NaiveDate)> = own.collect();
            let counts = counts(engine, &measured.subject, whole, &organisation, &own).await?;
            let mut most: BTreeMap<&str, (NaiveDate, f64)> = BTreeMap::new();
            for ((back, first), count) in own.iter().zip(counts) {
                let known = most.entry(&back.record).or_insert((*first, 0.0));
                known.1 = known.1.max(count);
            }
            let told = most.into_iter().filter(|(_, (_, count))| *count > 0.0);
            let policy = engine.model.catalog.disclosure;
            notes.extend(told.map(|(record, (first, count))| {
                note(
                    (&measure.name, &measured.subject),
                    (&organisation, record),
                    first,
                    (count, policy),
                )
            }));
        }
    }
    Ok(notes)
}

fn note(
    (measure, subject): (&str, &str),
    (organisation, record): (&str, &str),
    first: NaiveDate,
    (count, policy): (f64, Disclosure),
) -> String {
    let many = if policy.is_small(count) { "some".to_owned() } else { count.to_string() };
    format!(
        "`{measure}` looks back further than `{organisation}` delivered: its rows of `{record}` \
         begin with {first}, and for {many} of `{subject}` whom it knows the time looked at begins \
         before that. Of that time nothing is seen."
    )
}

/// Phrases of a rule whose first day is reckoned backwards; not those that look at another
/// subject, nor those that differ from row to row.
fn looking_back(term: &Term, into: &mut Vec<Back>) {
    if let Term::Of { reference, .. } = term {
        return looking_back(reference, into);
    }
    if let Term::Selected { selection, .. } = term {
        let firsts = selection.windows.iter().filter_map(|window| window.first.as_ref());
        for first in firsts.filter(|first| goes_back(first) && !looks_at_row(first)) {
            let Selection { record, side, .. } = selection.as_ref();
            let back = Back { record: record.clone(), side: side.clone(), first: first.clone() };
            if !into.contains(&back) {
                into.push(back);
            }
        }
    }
    term.children().into_iter().for_each(|child| looking_back(child, into));
}

fn goes_back(term: &Term) -> bool {
    match term {
        Term::Shift { count, .. } if *count < 0 => true,
        Term::PreviousStart => true,
        Term::Shift { date, .. } | Term::StartOf { date, .. } => goes_back(date),
        _ => false,
    }
}

fn looks_at_row(term: &Term) -> bool {
    matches!(term, Term::RowField { .. }) || term.children().into_iter().any(looks_at_row)
}

/// Whether it may begin before the period that is asked about, whose own days are told of anyway.
fn reaches_before(back: &Back, cell: Period, data_date: NaiveDate) -> bool {
    let fixed = back.first.fixed_date(data_date, Some(cell));
    fixed.is_none_or(|first| first < cell.first)
}

/// For how many subjects that the organisation knows each phrase begins before its first delivery,
/// and before the period.
async fn counts(
    engine: &Engine<'_>,
    subject: &str,
    cell: Period,
    organisation: &str,
    backs: &[(&Back, NaiveDate)],
) -> Result<Vec<f64>, Error> {
    let mut gaps: BTreeMap<String, Vec<(String, Period)>> = BTreeMap::new();
    let mut conditions = Vec::new();
    for (back, first) in backs {
        let last = (*first).min(cell.first).pred_opt().unwrap_or(*first);
        let gap = Period { first: NaiveDate::MIN, last };
        gaps.entry(back.record.clone()).or_default().push((organisation.to_owned(), gap));
        let begins = back.first.clone().compared(Comparison::LessOrEqual, Term::Date(last));
        // No row is found, so that it is unknown whom the organisation knows and has a gap of.
        let window = Window {
            look: Look::Overlap,
            first: Some(back.first.clone()),
            last: Some(Term::Date(last)),
            cut: false,
        };
        let rows = Selection::all(&back.record, back.side.clone(), 0);
        let nothing =
            Selection { windows: vec![window], ..rows }.filtered(Term::Truth(Some(false)));
        let unseen = Term::IsUnknown(Box::new(Term::made(Aggregate::Any, nothing)));
        conditions.push(Term::Seen.and(Term::IsTrue(Box::new(begins))).and(unseen));
    }
    let undelivered = Undelivered { gaps };
    let engine = Engine { undelivered: &undelivered, ..*engine };
    engine.counts(subject, Some(cell), &conditions).await
}
