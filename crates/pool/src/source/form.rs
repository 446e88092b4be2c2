//! How dates and numbers are written in a delivery.

use chrono::NaiveDate;

/// The parts of a written date, in order: `day/month/year hour:minute`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateForm {
    /// As the source says it.
    pub(crate) written: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    /// An hour, a minute or a second: read and dropped.
    Time,
    /// A sign that must stand there.
    Sign(char),
}

/// The words that may stand in a form.
const WORDS: &[(&str, Part)] = &[
    ("year", Part::Year),
    ("month", Part::Month),
    ("day", Part::Day),
    ("hour", Part::Time),
    ("minute", Part::Time),
    ("second", Part::Time),
];

impl DateForm {
    /// `year-month-day`
    pub(crate) fn iso() -> Self {
        let dash = Part::Sign('-');
        let parts = vec![Part::Year, dash, Part::Month, dash, Part::Day];
        Self { written: "year-month-day".to_owned(), parts }
    }

    /// `None` unless year, month and day each stand in it once, with a sign between words.
    pub(crate) fn read(written: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some(sign) = rest.chars().next() {
            let word =
                WORDS.iter().find_map(|(word, part)| Some((rest.strip_prefix(word)?, *part)));
            let (after, part) = match word {
                Some(found) => found,
                None if sign.is_alphanumeric() => return None,
                None => (rest.strip_prefix(sign)?, Part::Sign(sign)),
            };
            let is_word = |part: &Part| !matches!(part, Part::Sign(_));
            if is_word(&part) && parts.last().is_some_and(is_word) {
                return None;
            }
            parts.push(part);
            rest = after;
        }
        let once = |wanted| parts.iter().filter(|part| **part == wanted).count() == 1;
        let whole = once(Part::Year) && once(Part::Month) && once(Part::Day);
        whole.then(|| Self { written: written.to_owned(), parts })
    }

    /// The day that `text` names; `None` when it is of another form, or there is no such day.
    pub(crate) fn date(&self, text: &str) -> Option<NaiveDate> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text;
        for part in &self.parts {
            rest = match part {
                Part::Sign(sign) => rest.strip_prefix(*sign)?,
                Part::Year => digits(rest, 4..=4, &mut year)?,
                Part::Month => digits(rest, 1..=2, &mut month)?,
                Part::Day => digits(rest, 1..=2, &mut day)?,
                Part::Time => digits(rest, 1..=2, &mut 0)?,
            };
        }
        let whole = rest.is_empty();
        whole.then(|| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)).flatten()
    }
}

/// Reads a whole number of so many digits into `number` and gives what follows.
fn digits<'a>(
    text: &'a str,
    wanted: std::ops::RangeInclusive<usize>,
    number: &mut u32,
) -> Option<&'a str> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(count)?;
    *number = wanted.contains(&count).then(|| digits.parse().ok()).flatten()?;
    Some(rest)
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberForm {
    /// `.` or `,`
    pub(crate) decimal: char,
    /// What stands between groups of three digits, if anything may.
    pub(crate) thousands: Option<char>,
}

impl NumberForm {
    /// `1234.5`
    pub(crate) const PLAIN: Self = Self { decimal: '.', thousands: None };

    /// The number that `text` names. Strict, for a sign read in the wrong way makes a number a
    /// thousand times too great: `1.234` is no number where the decimal sign is a comma.
    pub(crate) fn number(self, text: &str) -> Option<f64> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = match unsigned.split_once(self.decimal) {
            Some((whole, part)) => (whole, Some(part)),
            None => (unsigned, None),
        };
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let whole = match self.thousands.filter(|sign| whole.contains(*sign)) {
            None => whole.to_owned(),
            Some(sign) => {
                let mut groups = whole.split(sign);
                let first = groups.next()?;
                if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
                    return None;
                }
                whole.replace(sign, "")
            }
        };
        if !all_digits(&whole) || part.is_some_and(|part| !all_digits(part)) {
            return None;
        }
        let minus = if text.starts_with('-') { "-" } else { "" };
        let number: f64 = format!("{minus}{whole}.{}", part.unwrap_or("0")).parse().ok()?;
        number.is_finite().then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{DateForm, NumberForm};

    #[test]
    fn dates_are_read_by_their_form_only() {
        let day = NaiveDate::from_ymd_opt(2025, 2, 3);
        let read = |form: &str, text: &str| DateForm::read(form).unwrap().date(text);
        assert_eq!(read("day/month/year", "03/02/2025"), day);
        assert_eq!(read("day/month/year", "3/2/2025"), day);
        assert_eq!(read("day.month.year", "03.02.2025"), day);
        assert_eq!(read("year-month-day", "2025-02-03"), day);
        assert_eq!(read("day/month/year hour:minute", "03/02/2025 14:05"), day);
        for text in ["2025-02-03", "31/02/2025", "3/2/25", "03/02/2025 14:05", "3/13/2025", ""] {
            assert_eq!(read("day/month/year", text), None, "{text}");
        }
    }

    #[test]
    fn a_form_needs_each_part_once_and_signs_between() {
        for form in ["day/month", "day/day/month/year", "daymonthyear", "dd/mm/yyyy", ""] {
            assert_eq!(DateForm::read(form), None, "{form}");
        }
    }

    #[test]
    fn numbers_are_never_guessed() {
        let comma = NumberForm { decimal: ',', thousands: None };
        let grouped = NumberForm { decimal: ',', thousands: Some('.') };
        assert_eq!(comma.number("12,5"), Some(12.5));
        assert_eq!(comma.number("-3"), Some(-3.0));
        assert_eq!(comma.number("1.234"), None);
        assert_eq!(grouped.number("1.234,5"), Some(1234.5));
        assert_eq!(grouped.number("1.23"), None);
        assert_eq!(NumberForm::PLAIN.number("0.25"), Some(0.25));
        for text in ["1,5", "1e3", "", ".", "5.", "nan", "--1", "1 000"] {
            assert_eq!(NumberForm::PLAIN.number(text), None, "{text}");
        }
    }
}
