//! Which organisations know a subject, and since when: what silence is held against.

use std::sync::Arc;

use datafusion::arrow::array::{Date32Array, Int32Array};
use datafusion::arrow::buffer::OffsetBuffer;

use super::Rows;

/// The day since which an organisation knows a subject whose row has no date.
pub(crate) const ALWAYS: i32 = i32::MIN;

/// Rows of one bucket, of all records, as they are gathered.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    /// The subject's place in the bucket, the organisation's symbol, and the row's first day.
    seen: Vec<(u32, i32, i32)>,
}

impl Sightings {
    /// A row of a subject.
    pub(crate) fn add(&mut self, place: u32, organisation: i32, day: i32) {
        self.seen.push((place, organisation, day));
    }

    /// Each organisation once a subject, rising, with the first day it saw the subject.
    pub(crate) fn rows(mut self, subject_count: usize) -> Rows {
        self.seen.sort_unstable();
        self.seen.dedup_by_key(|(place, organisation, _)| (*place, *organisation));
        let mut lengths = vec![0_usize; subject_count];
        for (place, _, _) in &self.seen {
            lengths[*place as usize] += 1;
        }
        let organisations = self.seen.iter().map(|(_, organisation, _)| *organisation);
        let days = self.seen.iter().map(|(_, _, day)| *day);
        Rows {
            offsets: Some(OffsetBuffer::from_lengths(lengths)),
            columns: vec![
                Arc::new(Int32Array::from_iter_values(organisations)),
                Arc::new(Date32Array::from_iter_values(days)),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::{Date32Type, Int32Type};

    use super::{ALWAYS, Sightings};

    #[test]
    fn an_organisation_knows_a_subject_since_its_first_row() {
        let mut seen = Sightings::default();
        for (place, organisation, day) in [(2, 7, 30), (0, 7, 12), (2, 7, 10), (2, 3, ALWAYS)] {
            seen.add(place, organisation, day);
        }
        let rows = seen.rows(3);
        assert_eq!(rows.offsets.unwrap().as_ref(), [0, 1, 1, 3]);
        assert_eq!(rows.columns[0].as_primitive::<Int32Type>().values(), &[7, 3, 7]);
        assert_eq!(rows.columns[1].as_primitive::<Date32Type>().values(), &[12, ALWAYS, 10]);
    }
}
