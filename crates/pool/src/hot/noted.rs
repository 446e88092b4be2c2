//! What is noted of the rows while they are laid out, for whoever reads a figure made of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What was noted of the rows; what does not occur is not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// How many subjects have rows that overlap, by a record declared without.
    pub overlaps: BTreeMap<String, u64>,
    /// Who disagrees on a field of a once-record, by `profile.gender`.
    pub disagreements: BTreeMap<String, Disagreement>,
    /// Fields in which rows of one subject and day differ, by the lists they stand in:
    /// `contact.kind`, `membership@household.role`
    pub undecided: BTreeSet<String>,
    /// How many rows a later one with the same key replaced, by the id of their delivery; of rows
    /// given in memory, by their organisation.
    pub replaced: BTreeMap<String, u64>,
}

/// On how many subjects organisations disagree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// On how many.
    pub subject_count: u64,
    /// Of how many of them no value is left.
    pub missing_count: u64,
    /// Whose values differ.
    pub organisations: BTreeSet<String>,
}
