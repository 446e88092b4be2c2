//! The order of one subject's rows: by the day of the start, then by its moment where that is
//! known, then by a hash of what the row says.
//!
//! The hash decides between rows of one day, for `first` and `last`. It depends on nothing but
//! the row, so the order in which files are read, or rows stand in them, changes no figure.

use std::cmp::Ordering;

/// The seconds of a start, if they are known: those of which only the day is known come last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(pub(crate) Option<f64>);

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0, other.0) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        }
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Moment {}

/// One value of a mapped row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// An empty cell.
    Missing,
    /// Days since 1970.
    Date(i32),
    /// A number; the two zeros are one.
    Number(f64),
    /// A text or a code.
    Text(&'a str),
}

/// The hash of a row: its organisation, then its fields in the order the record declares them, and
/// last, only when its end is unknown, the mark of that. Of an instant the day alone: by its seconds
/// rows are in order before their hash is asked for.
///
/// The first eight bytes, big-endian, of the BLAKE3 hash of the cells one after the other: a
/// byte 0 for a missing one; 1 and the days (four bytes); 2 and the number's bits (eight bytes);
/// 3, the text's length in bytes (four bytes) and the text. Numbers are little-endian. The
/// organisation is a text.
pub fn content_hash<'a>(organisation: &str, cells: impl IntoIterator<Item = Cell<'a>>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    feed(&mut hasher, Cell::Text(organisation));
    for cell in cells {
        feed(&mut hasher, cell);
    }
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn feed(hasher: &mut blake3::Hasher, cell: Cell<'_>) {
    match cell {
        Cell::Missing => hasher.update(&[0]),
        Cell::Date(day) => hasher.update(&[1]).update(&day.to_le_bytes()),
        Cell::Number(number) => hasher.update(&[2]).update(&bits(number).to_le_bytes()),
        Cell::Text(text) => {
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            hasher.update(&[3]).update(&length.to_le_bytes()).update(text.as_bytes())
        }
    };
}

/// The bits of a number, with one zero only.
pub(crate) fn bits(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::{Cell, content_hash};

    #[test]
    fn equal_rows_have_equal_hashes_and_others_do_not() {
        let hash = |text| content_hash("harbour", [Cell::Date(3), Cell::Text(text), Cell::Missing]);
        assert_eq!(hash("temporary"), hash("temporary"));
        assert_ne!(hash("temporary"), hash("emergency"));
        let zero = |number| content_hash("harbour", [Cell::Number(number)]);
        assert_eq!(zero(0.0), zero(-0.0));
    }

    #[test]
    fn a_text_that_moves_to_the_next_cell_is_another_row() {
        let hash = |one, other| content_hash("", [Cell::Text(one), Cell::Text(other)]);
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }
}
