//! The words that mean something by themselves.

/// Words that are no names in an expression, sorted. They may still be labels, fields after a
/// dot, and codes after `is`.
pub const RESERVED: &[&str] = &[
    "after",
    "and",
    "any",
    "as",
    "at",
    "before",
    "best",
    "between",
    "by",
    "choose",
    "compare",
    "during",
    "else",
    "ending",
    "every",
    "first",
    "from",
    "in",
    "intersect",
    "is",
    "last",
    "minus",
    "missing",
    "no",
    "not",
    "of",
    "or",
    "overlapping",
    "previous",
    "starting",
    "the",
    "to",
    "union",
    "unknown",
    "until",
    "using",
    "where",
    "within",
];

/// Reserved words with which an expression may begin.
const STARTERS: &[&str] = &[
    "any", "best", "choose", "else", "every", "first", "last", "missing", "no", "not", "previous",
    "the", "unknown",
];

/// Words before `of` that ask something of rows, sorted.
pub(crate) const ASKED: &[&str] =
    &["count", "days", "max", "mean", "min", "nights", "organisations", "sum"];

/// Units in which a distance between two dates is given.
pub const TIME_UNITS: &[&str] =
    &["day", "days", "month", "months", "quarter", "quarters", "week", "weeks", "year", "years"];

/// Words of headers, sorted.
pub const HEADERS: &[&str] = &[
    "anonymous",
    "at",
    "during",
    "every",
    "for",
    "from",
    "in",
    "is",
    "of",
    "once",
    "starts",
    "version",
    "where",
    "without",
];

/// The parts of a query, in their order.
pub(crate) const QUERY_PARTS: &[&str] = &["in", "by", "where", "using", "compare", "as"];

/// Whether `word` is no name in an expression.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Whether a line that begins with `word` may begin an expression rather than continue one.
pub(crate) fn begins_expression(word: &str) -> bool {
    !is_reserved(word) || STARTERS.contains(&word)
}

/// Whether `word` is a unit of time.
pub(crate) fn is_time_unit(word: &str) -> bool {
    TIME_UNITS.contains(&word)
}

/// Whether `word` can name a language, as `nl`, `nld` or `pt_BR` do.
#[must_use]
pub fn is_language(word: &str) -> bool {
    let (language, region) =
        word.split_once('_').map_or((word, None), |(one, two)| (one, Some(two)));
    let is_small = language.bytes().all(|letter| letter.is_ascii_lowercase());
    let is_region = |region: &str| {
        (2..=4).contains(&region.len()) && region.bytes().all(|it| it.is_ascii_alphanumeric())
    };
    let is_taken = is_reserved(word) || HEADERS.contains(&word);
    is_small && (2..=3).contains(&language.len()) && region.is_none_or(is_region) && !is_taken
}

/// Whether `digits` can be a year.
pub(crate) fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// `1st`, `2nd`, `11th`
#[must_use]
pub fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::{HEADERS, RESERVED, STARTERS, TIME_UNITS};

    #[test]
    fn lists_are_sorted_and_unique() {
        for list in [HEADERS, RESERVED, STARTERS, TIME_UNITS] {
            assert!(list.is_sorted_by(|one, next| one < next), "{list:?}");
        }
    }

    #[test]
    fn starters_are_reserved() {
        assert!(STARTERS.iter().all(|word| RESERVED.contains(word)));
    }
}
