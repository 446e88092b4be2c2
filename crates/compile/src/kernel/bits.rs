//! Which rows a condition is true of, read many bits at a time.

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::buffer::BooleanBuffer;

/// What a condition says of rows in a row.
#[derive(Debug)]
pub(super) struct Holds {
    /// Where it is true.
    yes: BooleanBuffer,
    /// Where it is unknown; none when it never is.
    unknown: Option<BooleanBuffer>,
}

/// How many bits are read at a time: they fit eight bytes wherever they begin in one.
const WIDTH: usize = 56;

impl Holds {
    pub(super) fn new(condition: &BooleanArray) -> Self {
        match condition.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => Self { yes: condition.values().clone(), unknown: None },
            Some(known) => {
                let yes = condition.values() & known.inner();
                Self { yes, unknown: Some(!known.inner()) }
            }
        }
    }

    pub(super) fn is_yes(&self, at: usize) -> bool {
        self.yes.value(at)
    }

    pub(super) fn is_unknown(&self, at: usize) -> bool {
        self.unknown.as_ref().is_some_and(|unknown| unknown.value(at))
    }

    pub(super) fn any_yes(&self, first: usize, length: usize) -> bool {
        any(&self.yes, first, length)
    }

    pub(super) fn any_unknown(&self, first: usize, length: usize) -> bool {
        self.unknown.as_ref().is_some_and(|unknown| any(unknown, first, length))
    }

    pub(super) fn count_yes(&self, first: usize, length: usize) -> usize {
        words(&self.yes, first, length).map(|(_, word)| word.count_ones() as usize).sum()
    }

    /// Places of the rows of which it is true, counted from `first`.
    pub(super) fn places(&self, first: usize, length: usize) -> impl Iterator<Item = usize> + '_ {
        words(&self.yes, first, length).flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros() as usize;
                    word &= word - 1;
                    at + bit
                })
            })
        })
    }
}

fn any(bits: &BooleanBuffer, first: usize, length: usize) -> bool {
    words(bits, first, length).any(|(_, word)| word != 0)
}

/// The bits from `first` on, and where each of the words begins, counted from there.
fn words(
    bits: &BooleanBuffer,
    first: usize,
    length: usize,
) -> impl Iterator<Item = (usize, u64)> + '_ {
    let start = bits.offset() + first;
    (0..length).step_by(WIDTH).map(move |at| {
        let width = WIDTH.min(length - at);
        let place = start + at;
        let bytes = bits.values().get(place / 8..).unwrap_or_default();
        let word = match bytes.first_chunk::<8>() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => {
                let fold = |word, byte: &u8| word << 8 | u64::from(*byte);
                bytes.iter().rev().fold(0, fold)
            }
        };
        (at, word >> (place % 8) & ((1 << width) - 1))
    })
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::BooleanArray;

    use super::Holds;

    #[test]
    fn bits_are_found_wherever_they_begin() {
        let truth = |at: usize| match at * 7 % 11 {
            0..3 => Some(true),
            3..9 => Some(false),
            _ => None,
        };
        let all: BooleanArray = (0..300).map(truth).collect();
        for begin in 0..20 {
            let part = all.slice(begin, 260);
            let holds = Holds::new(&part);
            for (first, length) in [(0, 0), (3, 1), (5, 56), (9, 57), (60, 200), (259, 1)] {
                let rows = first..first + length;
                let yes: Vec<usize> =
                    (0..length).filter(|at| truth(begin + first + at) == Some(true)).collect();
                assert_eq!(holds.places(first, length).collect::<Vec<_>>(), yes);
                assert_eq!(holds.count_yes(first, length), yes.len());
                assert_eq!(holds.any_yes(first, length), !yes.is_empty());
                let unknown = rows.clone().any(|at| truth(begin + at).is_none());
                assert_eq!(holds.any_unknown(first, length), unknown);
                assert!(
                    rows.clone().all(|at| holds.is_yes(at) == (truth(begin + at) == Some(true)))
                );
            }
        }
    }
}
