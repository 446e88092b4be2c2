//! When a row was delivered, as far as that can be known without a clock.
//!
//! It follows from what was delivered alone, never from when it was loaded: the same deliveries
//! give the same order on every machine.

use std::collections::BTreeMap;

use crate::mapping::day_number;
use crate::snapshot::Delivery;

/// When a row was delivered: of two rows of one organisation, the later is the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Came {
    /// The last day that the delivery is about; of rows given in memory, which batch it was. Where
    /// those of two organisations are equal, neither is later.
    pub(crate) day: i32,
    /// The place of the delivery among all.
    pub(crate) delivery: u32,
    /// The line in it.
    pub(crate) line: i64,
}

/// When each delivery came, by its id: by the last day that it is about, those that are about no
/// time first, then by the names of their files.
pub(crate) fn order(deliveries: &[Delivery]) -> BTreeMap<&str, Came> {
    let day = |delivery: &Delivery| {
        delivery.covered.as_ref().map_or(i32::MIN, |covered| day_number(covered.last))
    };
    let mut all: Vec<&Delivery> = deliveries.iter().collect();
    all.sort_by_cached_key(|one| (day(one), parts(&one.file), &one.file, &one.source));
    let came = |(at, one): (u32, &Delivery)| Came { day: day(one), delivery: at, line: 0 };
    let ids = all.iter().map(|one| one.id.as_str());
    ids.zip((0..).zip(all.iter().copied()).map(came)).collect()
}

/// A part of a file's name: numbers are compared as such, so that `part-2` comes before `part-10`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// By how many digits, then by the digits; zeros in front are none.
    Number(usize, String),
    /// Any other character.
    Sign(char),
}

fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for sign in name.chars() {
        match (sign.is_ascii_digit(), parts.last_mut()) {
            (true, Some(Part::Number(length, digits))) => {
                if digits == "0" {
                    digits.clear();
                }
                digits.push(sign);
                *length = digits.len();
            }
            (true, _) => parts.push(Part::Number(1, sign.to_string())),
            (false, _) => parts.push(Part::Sign(sign)),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn numbers_in_names_are_numbers() {
        let sorted = ["a-2.csv", "a-9.csv", "a-10.csv", "a-2024.csv", "a-x.csv", "b-1.csv"];
        assert!(sorted.is_sorted_by(|one, next| parts(one) < parts(next)));
        assert_eq!(parts("a-007"), parts("a-7"));
        assert!(parts("a-0") < parts("a-1") && parts("a-00") < parts("a-10"));
    }
}
