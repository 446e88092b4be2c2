//! The days that a delivery covers, read from its file's name.

use chrono::{Days, Months, NaiveDate};

/// The first and the last day of `2023`, `2023-Q1` or `2023-03`; `None` for other texts.
pub(crate) fn read(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (year, rest) = text.split_at_checked(4)?;
    let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let year: i32 = whole(year).then(|| year.parse().ok()).flatten()?;
    let (month, length) = match rest.strip_prefix('-') {
        None if rest.is_empty() => (1, 12),
        None => return None,
        Some(part) => match part.strip_prefix(['Q', 'q']) {
            Some(quarter) => {
                let quarter: u32 = quarter.parse().ok().filter(|_| quarter.len() == 1)?;
                (quarter.checked_sub(1)? * 3 + 1, 3)
            }
            None => (part.parse().ok().filter(|_| part.len() == 2 && whole(part))?, 1),
        },
    };
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let last = first.checked_add_months(Months::new(length))?.checked_sub_days(Days::new(1))?;
    Some((first, last))
}

/// The first and last day of the period that stands where `pattern` has a `*`.
///
/// The two are compared folder by folder; a part of the pattern with more than one `*` says
/// nothing, for it could be read in several ways.
pub(crate) fn of_file(pattern: &str, file: &str) -> Option<(NaiveDate, NaiveDate)> {
    let mut patterns = pattern.rsplit('/');
    file.rsplit('/').zip(patterns.by_ref()).take_while(|(_, pattern)| *pattern != "**").find_map(
        |(name, pattern)| {
            let (before, after) = pattern.split_once('*')?;
            read(name.strip_prefix(before)?.strip_suffix(after)?)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{of_file, read};

    fn days(found: Option<(chrono::NaiveDate, chrono::NaiveDate)>) -> String {
        found.map_or_else(|| "none".to_owned(), |(first, last)| format!("{first} .. {last}"))
    }

    #[test]
    fn years_quarters_and_months_are_periods() {
        assert_eq!(days(read("2023")), "2023-01-01 .. 2023-12-31");
        assert_eq!(days(read("2023-Q1")), "2023-01-01 .. 2023-03-31");
        assert_eq!(days(read("2023-q4")), "2023-10-01 .. 2023-12-31");
        assert_eq!(days(read("2024-02")), "2024-02-01 .. 2024-02-29");
        for text in
            ["", "202", "2023-", "2023-5", "2023-13", "2023-Q5", "2023-Q0", "20230101", "né23"]
        {
            assert_eq!(days(read(text)), "none", "{text}");
        }
    }

    #[test]
    fn the_star_of_a_file_name_is_the_period() {
        let found = |pattern, file| days(of_file(pattern, file));
        assert_eq!(found("in/stays-*.csv", "in/stays-2023-Q2.csv"), "2023-04-01 .. 2023-06-30");
        assert_eq!(found("in/*/stays.csv", "in/2023/stays.csv"), "2023-01-01 .. 2023-12-31");
        assert_eq!(found("**/stays-*.csv", "a/b/stays-2023.csv"), "2023-01-01 .. 2023-12-31");
        assert_eq!(found("in/stays-*.csv", "in/stays-final.csv"), "none");
        assert_eq!(found("in/*-*.csv", "in/stays-2023.csv"), "none");
        assert_eq!(found("in/stays.csv", "in/stays.csv"), "none");
    }
}
