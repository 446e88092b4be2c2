//! semantics.md, "Rows and time": of rows of one organisation with one key the latest counts.

use std::collections::BTreeMap;

use super::codebook::{Codebook, Record, seconds_of};
use super::world::{Row, World};

/// The world without the rows that a later one replaces.
pub(super) fn world(book: &Codebook<'_>, world: &World) -> World {
    let mut world = world.clone();
    for record in book.records.values().filter(|record| !record.key.is_empty()) {
        if let Some(rows) = world.records.get_mut(&record.name) {
            let found = latest(record, rows);
            *rows = found;
        }
    }
    world
}

fn latest(record: &Record, rows: &[Row]) -> Vec<Row> {
    let mut latest: BTreeMap<String, usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..rows.len()).filter(|at| record.accepts(&rows[*at])).collect();
    // Stable, so that the rows of a delivery keep their order.
    order.sort_by_key(|at| rows[*at].delivery);
    for at in order {
        latest.insert(key(record, &rows[at]), at);
    }
    let mut kept: Vec<usize> = latest.into_values().collect();
    kept.sort_unstable();
    kept.into_iter().map(|at| rows[at].clone()).collect()
}

/// What tells a row from the others of its organisation, and whose it is.
fn key(record: &Record, row: &Row) -> String {
    let value = |name: &String| match record.subject == *name {
        true => row.subject.clone(),
        false => format!("{:?} {:?}", row.get(name), row.get(&seconds_of(name))),
    };
    let values: Vec<String> = record.key.iter().map(value).collect();
    format!("{:?} {values:?}", row.organisation)
}
