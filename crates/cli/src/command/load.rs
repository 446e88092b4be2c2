//! `interplay load`: the organisations' deliveries into the pool.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use interplay::LoadSummary;
use interplay_report::format::draw;
use interplay_report::sheet::{Column, Line};
use interplay_report::{Sheet, number};

use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::terminal;

/// Loads the deliveries that changed, and tells what became of their rows
#[derive(Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) async fn run(asked: &Asked, _: &Arguments) -> Result<(), Stop> {
    let mut session = project::open_sound(asked).await?;
    let summary = session.load().await?;
    if summary.rows.is_empty() {
        terminal::tell("there is no source to load");
    }
    terminal::results(&text(&summary))
}

/// A row a source, and the snapshot they make. How many rows were replaced is told where a record
/// has a key.
pub(crate) fn text(summary: &LoadSummary) -> String {
    let is_keyed = summary.rows.iter().any(|row| row.replaced.is_some());
    let words = ["organisation", "record", "source"].map(Column::words);
    let numbers = ["files", "read", "loaded", "rejected"].map(Column::numbers);
    let replaced = is_keyed.then_some(Column::numbers("replaced"));
    let columns = words.into_iter().chain(numbers).chain(replaced);
    let columns = columns.chain([Column::words("covered")]);
    let count = |count: u64| number::count(count as f64);
    let lines = summary.rows.iter().map(|row| {
        let numbers = [row.files, row.read, row.loaded, row.rejected].map(count);
        let words = [&row.organisation, &row.record, &row.source].map(String::clone);
        let replaced = is_keyed.then(|| row.replaced.map_or_else(String::new, count));
        let cells = words.into_iter().chain(numbers).chain(replaced);
        Line::new(cells.chain([row.covered.clone()]))
    });
    let sheet = Sheet { columns: columns.collect(), lines: lines.collect() };
    let state = if summary.changed { "new" } else { "unchanged" };
    let rejected = summary.rows.iter().filter(|row| row.rejected > 0);
    let files = rejected.filter_map(|row| row.quarantine.as_ref());
    let folders: BTreeSet<&Path> = files.filter_map(|file| file.parent()).collect();
    let folders = folders.into_iter().map(|folder| {
        format!("\nrejected rows stand with their reasons in {}, a file a source", folder.display())
    });
    let quarantine = folders.collect::<String>();
    let table = draw(&sheet, terminal::width());
    let notes = summary.notes.iter().map(|note| format!("\n{note}")).collect::<String>();
    format!("{table}{quarantine}{notes}\nsnapshot {} ({state})\n", summary.snapshot)
}
