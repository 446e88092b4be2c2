//! What a rejected row shows of its cells.
//!
//! Rejected rows are kept and read by people, and a cell may hold what its column should not: a
//! name in a column of dates, the row's own number beside it, a row shifted by one cell. So a
//! text of the data stands in a reason only when
//!
//! 1. it does not hold an identifier of its own row, and none holds it, in the normal form of
//!    which pseudonyms are made; and
//! 2. it is short and has the shape of what was expected: three groups of at most four digits for
//!    a date, few digits and signs for a number, and for a code a text that is near to a known
//!    one, or that so many people share that it is nobody's own.
//!
//! Of every other text only the shape is shown: `9` for a digit, `a` for a letter, signs as they
//! are, and no more than [`LONGEST_CHARS`] of them. With the line and the column that is enough
//! for whoever has the file.

use std::collections::{BTreeMap, BTreeSet};

use super::pseudonym;
use crate::problems::Wanted;

/// Letters of the longest text or shape that is shown.
const LONGEST_CHARS: usize = 30;

/// Digits of the longest number that is shown; longer ones are likelier numbers of people.
const LONGEST_NUMBER_DIGITS: usize = 7;

/// A text that rows of so many people have in one column is nobody's own.
const SHARED_BY: usize = 5;

/// The people, by text, that have it in a column; at most [`SHARED_BY`] of them.
#[derive(Debug, Default)]
pub(super) struct Sharing<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Sharing<'a> {
    /// Texts and the pseudonyms of their rows.
    pub(super) fn of(rows: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut people: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (text, person) in rows {
            let known = people.entry(text).or_default();
            if known.len() < SHARED_BY {
                known.insert(person);
            }
        }
        Self(people)
    }

    pub(super) fn is_common(&self, text: &str) -> bool {
        self.0.get(text).is_some_and(|people| people.len() >= SHARED_BY)
    }
}

/// What may be shown of `text`: itself, or its shape.
///
/// `identifiers` are the cells of the row that identify; `is_familiar` says whether a text that
/// should be a code is near to one or common.
pub(super) fn of<'a>(
    text: &str,
    wanted: Wanted<'_>,
    mut identifiers: impl Iterator<Item = &'a str>,
    is_familiar: impl FnOnce() -> bool,
) -> String {
    let normal = pseudonym::normal(text);
    let is_somebody = identifiers.any(|identifier| {
        let identifier = pseudonym::normal(identifier);
        let holds = |one: &str, other: &str| !other.is_empty() && one.contains(other);
        holds(&normal, &identifier) || holds(&identifier, &normal)
    });
    let is_short = text.chars().count() <= LONGEST_CHARS;
    let is_expected = || match wanted {
        Wanted::Date(_) | Wanted::Moment(_) | Wanted::Timezone => is_like_date(text),
        Wanted::Number(_) => is_like_number(text),
        Wanted::Listed(_) | Wanted::Code(_) => is_familiar(),
    };
    if !is_somebody && is_short && is_expected() { text.to_owned() } else { shape(text) }
}

/// `31/02/2025`, `1.2.25`, `31/02/2025 14:05`, `2025-02-31T14:05Z`
fn is_like_date(text: &str) -> bool {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let time = time.strip_suffix('Z').unwrap_or(time);
    let of_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = day.split(['/', '-', '.']).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_day = matches!(lengths.as_slice(), [1..=2, 1..=2, 2 | 4] | [4, 1..=2, 1..=2]);
    let is_time = time.split(':').all(|part| part.len() <= 2 && of_digits(part));
    is_day && groups.into_iter().all(of_digits) && is_time && time.len() <= "14:05:00".len()
}

/// `1.234,5`, `-3`, `12 %`, `€ 5`
fn is_like_number(text: &str) -> bool {
    let digit_count = text.chars().filter(char::is_ascii_digit).count();
    let mut others = text.chars().filter(|sign| !sign.is_ascii_digit());
    let of_numbers = |sign: char| sign.is_whitespace() || "+-.,'’%€$£e".contains(sign);
    (1..=LONGEST_NUMBER_DIGITS).contains(&digit_count) && others.all(of_numbers)
}

/// `Jan 85.01` → `aaa 99.99`
fn shape(text: &str) -> String {
    let sign = |letter: char| match letter {
        letter if letter.is_numeric() => '9',
        letter if letter.is_alphabetic() => 'a',
        letter if letter.is_control() => ' ',
        other => other,
    };
    let mut shape: String = text.chars().take(LONGEST_CHARS).map(sign).collect();
    if text.chars().count() > LONGEST_CHARS {
        shape.push('…');
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::{Sharing, of};
    use crate::problems::Wanted;

    fn shown(text: &str, wanted: Wanted<'_>, identifiers: &[&str]) -> String {
        of(text, wanted, identifiers.iter().copied(), || false)
    }

    #[test]
    fn a_date_that_does_not_read_is_shown_and_other_texts_are_not() {
        let date = |text: &str| shown(text, Wanted::Date(""), &["Ann-77"]);
        for text in ["31/02/2025", "1.2.25", "2025-13-01", "31/02/2025 14:05"] {
            assert_eq!(date(text), text);
        }
        assert_eq!(date("x Jan Peeters 99912345678"), "a aaa aaaaaaa 99999999999");
        assert_eq!(date("85.01.31-123.45"), "99.99.99-999.99");
        assert_eq!(date("99912345678"), "99999999999");
        assert_eq!(date("31/02/2025 Jan"), "99/99/9999 aaa");
        assert_eq!(date(&"é".repeat(40)), format!("{}…", "a".repeat(30)));
    }

    #[test]
    fn numbers_of_people_are_no_numbers() {
        let number = |text: &str| shown(text, Wanted::Number(','), &["Ann-77"]);
        for text in ["1.5", "1 234,5", "12%", "€ 5", "1e5"] {
            assert_eq!(number(text), text);
        }
        assert_eq!(number("850131 123 45"), "999999 999 99");
        assert_eq!(number("Jan 5"), "aaa 9");
    }

    #[test]
    fn a_text_that_holds_the_identifier_of_its_row_is_not_shown() {
        let date = |text: &str, own: &str| shown(text, Wanted::Date(""), &["", own]);
        assert_eq!(date("31/02/2025", "31.02.20-25"), "99/99/9999");
        assert_eq!(date("31/02/2025", "0220"), "99/99/9999");
        assert_eq!(date("31/02/2025", "X 31-02-2025"), "99/99/9999");
        assert_eq!(date("31/02/2025", "3103"), "31/02/2025");
    }

    #[test]
    fn a_word_that_many_people_share_is_common() {
        let rows = ["a", "b", "c", "d", "e"].map(|person| ("dag", person));
        let again = ["a"; 9].map(|person| ("Peeters", person));
        let sharing = Sharing::of(rows.into_iter().chain(again));
        assert!(sharing.is_common("dag"));
        assert!(!sharing.is_common("Peeters") && !sharing.is_common("nacht"));
    }
}
