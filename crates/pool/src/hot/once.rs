//! One value a subject for a field of a once-record, when its rows may disagree.

use std::collections::BTreeMap;

use interplay_compile::catalog::Conflict;

/// What one row says of one field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    /// The row's place.
    pub(crate) row: u32,
    /// The organisation's provisional symbol.
    pub(crate) organisation: i32,
    /// The value's bits: equal when the values are.
    pub(crate) value: u64,
}

/// How the rows of one subject settle on a value.
#[derive(Debug)]
pub(crate) enum Settling {
    /// `once`
    Agree,
    /// `once by majority`
    Majority,
    /// `once by organisations a, b`: their provisional symbols
    Organisations(Vec<i32>),
}

impl Settling {
    pub(crate) fn of(conflict: &Conflict, mut number: impl FnMut(&str) -> i32) -> Self {
        match conflict {
            Conflict::Agree => Self::Agree,
            Conflict::Majority => Self::Majority,
            Conflict::Organisations(names) => {
                Self::Organisations(names.iter().map(|name| number(name)).collect())
            }
        }
    }

    /// A row with the value that holds, and whether there was a disagreement.
    ///
    /// `said` leaves out the rows in which the value is missing. Each row is a vote. A listed
    /// organisation whose own rows disagree does not give a value: the next one is asked.
    pub(crate) fn settle(&self, said: &[Said]) -> (Option<u32>, bool) {
        let Some(first) = said.first() else { return (None, false) };
        let disagree = said.iter().any(|other| other.value != first.value);
        let row = match self {
            Self::Agree => (!disagree).then_some(first.row),
            Self::Majority => majority(said),
            Self::Organisations(listed) => listed.iter().find_map(|organisation| {
                let mut own = said.iter().filter(|row| row.organisation == *organisation);
                let first = own.next()?;
                own.all(|other| other.value == first.value).then_some(first.row)
            }),
        };
        (row, disagree)
    }
}

fn majority(said: &[Said]) -> Option<u32> {
    let mut votes: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
    for row in said {
        votes.entry(row.value).or_insert((0, row.row)).0 += 1;
    }
    let most = votes.values().map(|(count, _)| *count).max()?;
    let mut winners = votes.values().filter(|(count, _)| *count == most);
    let (_, row) = winners.next()?;
    winners.next().is_none().then_some(*row)
}

#[cfg(test)]
mod tests {
    use super::{Said, Settling};

    /// Rows of (organisation, value).
    fn said(rows: &[(i32, u64)]) -> Vec<Said> {
        let rows = (0..).zip(rows);
        rows.map(|(row, &(organisation, value))| Said { row, organisation, value }).collect()
    }

    #[test]
    fn once_alone_needs_agreement() {
        assert_eq!(Settling::Agree.settle(&said(&[(0, 7), (1, 7)])), (Some(0), false));
        assert_eq!(Settling::Agree.settle(&said(&[(0, 7), (1, 8)])), (None, true));
        assert_eq!(Settling::Agree.settle(&[]), (None, false));
    }

    #[test]
    fn a_majority_wins_and_a_tie_is_missing() {
        let rows = said(&[(0, 7), (1, 8), (2, 8)]);
        assert_eq!(Settling::Majority.settle(&rows), (Some(1), true));
        assert_eq!(Settling::Majority.settle(&said(&[(0, 7), (1, 8)])), (None, true));
    }

    #[test]
    fn the_first_listed_organisation_that_gives_a_value_wins() {
        let listed = Settling::Organisations(vec![5, 1, 0]);
        assert_eq!(listed.settle(&said(&[(0, 7), (1, 8)])), (Some(1), true));
        assert_eq!(listed.settle(&said(&[(1, 8), (1, 9), (0, 7)])), (Some(2), true));
        assert_eq!(listed.settle(&said(&[(3, 7)])), (None, false));
    }
}
