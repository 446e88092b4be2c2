//! What stands beneath a result: remarks, and where the figures come from.

use interplay::{Answer, Outcome, Provenance};

/// The remarks on an outcome, a sentence each.
#[must_use]
pub fn notes(outcome: &Outcome) -> &[String] {
    match &outcome.answer {
        Some(Answer::Figures(figures)) => &figures.notes,
        Some(Answer::Listing(listing) | Answer::Trace(listing)) => &listing.notes,
        None => &[],
    }
}

/// `ghent.youth 2.1.0 · snapshot 3f9a · data up to 2025-12-31`; empty when nothing is known.
#[must_use]
pub fn provenance(provenance: &Provenance) -> String {
    let Provenance { library, version, snapshot, data_date, demonstration_key, undisclosed } =
        provenance;
    let library = library.as_ref().map(|library| match version {
        Some(version) => format!("{library} {version}"),
        None => library.clone(),
    });
    let parts = [
        library,
        snapshot.as_ref().map(|snapshot| format!("snapshot {snapshot}")),
        data_date.map(|date| format!("data up to {date}")),
        demonstration_key.then(|| "pseudonyms made with the demonstration key".to_owned()),
        undisclosed.then(|| "small numbers are shown".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
