//! One value a subject for a field of a once-record, when its rows may disagree.

use std::collections::BTreeMap;

use interplay_compile::catalog::Conflict;

use super::came::Came;

/// What one row says of one field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    /// The row's place.
    pub(crate) row: u32,
    /// The organisation's provisional symbol.
    pub(crate) organisation: i32,
    /// When it was delivered.
    pub(crate) came: Came,
    /// The value's bits: equal when the values are.
    pub(crate) value: u64,
}

/// What comes of all that is said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    /// A row with the value that holds.
    pub(crate) row: Option<u32>,
    /// Whose values differ; nobody where there is no disagreement.
    pub(crate) at_odds: Vec<i32>,
}

/// How the organisations settle on a value.
#[derive(Debug)]
pub(crate) enum Settling {
    /// `once`
    Agree,
    /// `once by latest`
    Latest,
    /// `once by majority`
    Majority,
    /// `once by organisations a, b`: their provisional symbols
    Organisations(Vec<i32>),
}

impl Settling {
    pub(crate) fn of(conflict: &Conflict, mut number: impl FnMut(&str) -> i32) -> Self {
        match conflict {
            Conflict::Agree => Self::Agree,
            Conflict::Latest => Self::Latest,
            Conflict::Majority => Self::Majority,
            Conflict::Organisations(names) => {
                Self::Organisations(names.iter().map(|name| number(name)).collect())
            }
        }
    }

    /// The value that holds, and who disagrees. `said` leaves out the rows in which the value is
    /// missing.
    pub(crate) fn settle(&self, said: &[Said]) -> Settled {
        let words = words(said);
        let Some(first) = words.first().map(|word| word.said) else {
            return Settled { row: None, at_odds: Vec::new() };
        };
        let differ = words.iter().any(|word| word.said.value != first.value);
        let at_odds = words.iter().filter(|word| differ || word.of_two_minds);
        let at_odds: Vec<i32> = at_odds.map(|word| word.said.organisation).collect();
        let said: Vec<Said> = words.iter().map(|word| word.said).collect();
        let row = match self {
            Self::Agree => at_odds.is_empty().then_some(first.row),
            Self::Latest => latest(&said),
            Self::Majority => majority(&said),
            Self::Organisations(listed) => {
                let own = |one: &i32| said.iter().find(|word| word.organisation == *one);
                listed.iter().find_map(own).map(|word| word.row)
            }
        };
        Settled { row, at_odds }
    }
}

/// What one organisation says.
#[derive(Debug)]
struct Word {
    /// The latest of its rows.
    said: Said,
    /// Whether the rows of that delivery differ.
    of_two_minds: bool,
}

/// The word of each organisation: the latest that it delivered.
fn words(said: &[Said]) -> Vec<Word> {
    let mut rows: BTreeMap<i32, Vec<&Said>> = BTreeMap::new();
    for one in said {
        rows.entry(one.organisation).or_default().push(one);
    }
    let word = |own: Vec<&Said>| {
        let said = **own.iter().max_by_key(|one| one.came)?;
        let mut last = own.iter().filter(|one| one.came.delivery == said.came.delivery);
        Some(Word { said, of_two_minds: last.any(|one| one.value != said.value) })
    };
    rows.into_values().filter_map(word).collect()
}

/// The word that came last; none where several that came equally late differ.
fn latest(said: &[Said]) -> Option<u32> {
    let day = said.iter().map(|word| word.came.day).max()?;
    let mut last = said.iter().filter(|word| word.came.day == day);
    let first = last.next()?;
    last.all(|other| other.value == first.value).then_some(first.row)
}

fn majority(said: &[Said]) -> Option<u32> {
    let mut votes: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
    for word in said {
        votes.entry(word.value).or_insert((0, word.row)).0 += 1;
    }
    let most = votes.values().map(|(count, _)| *count).max()?;
    let mut winners = votes.values().filter(|(count, _)| *count == most);
    let (_, row) = winners.next()?;
    winners.next().is_none().then_some(*row)
}

#[cfg(test)]
mod tests {
    use super::{Came, Said, Settled, Settling};

    /// Rows of (organisation, value), each organisation with one delivery, of the same day.
    fn said(rows: &[(i32, u64)]) -> Vec<Said> {
        let rows = rows.iter().map(|&(organisation, value)| (organisation, value, 0));
        delivered(&rows.collect::<Vec<_>>())
    }

    /// Rows of (organisation, value, day).
    fn delivered(rows: &[(i32, u64, i32)]) -> Vec<Said> {
        let said = |(row, &(organisation, value, day)): (u32, &(i32, u64, i32))| {
            let delivery = u32::try_from(organisation + 100 * day).unwrap();
            let came = Came { day, delivery, line: i64::from(row) };
            Said { row, organisation, came, value }
        };
        (0..).zip(rows).map(said).collect()
    }

    fn settled(row: Option<u32>, at_odds: &[i32]) -> Settled {
        Settled { row, at_odds: at_odds.to_vec() }
    }

    #[test]
    fn once_alone_needs_agreement() {
        assert_eq!(Settling::Agree.settle(&said(&[(0, 7), (1, 7)])), settled(Some(0), &[]));
        assert_eq!(Settling::Agree.settle(&said(&[(0, 7), (1, 8)])), settled(None, &[0, 1]));
        assert_eq!(Settling::Agree.settle(&said(&[(0, 7), (0, 8)])), settled(None, &[0]));
        assert_eq!(Settling::Agree.settle(&[]), settled(None, &[]));
    }

    #[test]
    fn what_an_organisation_delivered_later_replaces_what_it_said_before() {
        let rows = delivered(&[(0, 8, 3), (0, 7, 2), (1, 8, 1)]);
        assert_eq!(Settling::Agree.settle(&rows), settled(Some(0), &[]));
        let twice = delivered(&[(0, 7, 1), (0, 7, 2), (0, 7, 3), (1, 8, 3), (2, 8, 3)]);
        assert_eq!(Settling::Majority.settle(&twice).row, Some(3));
    }

    #[test]
    fn a_majority_wins_and_a_tie_is_missing() {
        let rows = said(&[(0, 7), (1, 8), (2, 8)]);
        assert_eq!(Settling::Majority.settle(&rows), settled(Some(1), &[0, 1, 2]));
        assert_eq!(Settling::Majority.settle(&said(&[(0, 7), (1, 8)])), settled(None, &[0, 1]));
    }

    #[test]
    fn the_latest_wins_and_of_the_equally_late_none() {
        let rows = delivered(&[(0, 7, 5), (1, 8, 4)]);
        assert_eq!(Settling::Latest.settle(&rows), settled(Some(0), &[0, 1]));
        let rows = delivered(&[(0, 7, 5), (1, 8, 5), (2, 8, 4)]);
        assert_eq!(Settling::Latest.settle(&rows), settled(None, &[0, 1, 2]));
        let rows = delivered(&[(0, 7, 5), (1, 7, 5), (2, 8, 4)]);
        assert_eq!(Settling::Latest.settle(&rows).row, Some(0));
    }

    #[test]
    fn the_first_listed_organisation_that_gives_a_value_wins() {
        let listed = Settling::Organisations(vec![5, 1, 0]);
        assert_eq!(listed.settle(&said(&[(0, 7), (1, 8)])).row, Some(1));
        assert_eq!(listed.settle(&said(&[(1, 8), (1, 9), (0, 7)])), settled(Some(1), &[0, 1]));
        assert_eq!(listed.settle(&said(&[(3, 7)])).row, None);
    }
}
