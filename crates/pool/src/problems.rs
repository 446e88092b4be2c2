//! What is said of rows, deliveries and sources: all wording of the pool in one place.

use std::fmt::Display;

/// `HotBuilder::add("visit", …)` where no record has that name
pub(crate) fn no_such_record() -> String {
    "there is no record of that name".to_owned()
}

/// 3 subjects with 4 rows
pub(crate) fn uneven_rows(subject_count: usize, row_count: usize) -> String {
    format!("{subject_count} subjects were given for {row_count} rows")
}

/// A null in the subjects.
pub(crate) fn row_without_subject(row: usize) -> String {
    format!("row {} has no subject", row + 1)
}

/// A null in the day or start.
pub(crate) fn row_without_start(field: &str) -> String {
    format!("a row has no `{field}`, by which rows are put in order")
}

/// A column that is no field.
pub(crate) fn no_such_field(name: &str) -> String {
    format!("there is no field `{name}`")
}

/// A column of another type than its field's.
pub(crate) fn other_type(field: &str, found: &impl Display, wanted: &impl Display) -> String {
    format!("`{field}` comes as {found}, where {wanted} is kept")
}
