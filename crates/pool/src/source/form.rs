//! How dates and numbers are written in a delivery.

use chrono::NaiveDate;
use interplay_compile::instant::{Written, offset_seconds};

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
    Hour,
    Minute,
    Second,
    /// How far the clock is from Greenwich: `Z`, `+01:00`, `+0100` or `+01`.
    Offset,
    /// A sign that must stand there.
    Sign(char),
}

/// The words that may stand in a form.
const WORDS: &[(&str, Part)] = &[
    ("year", Part::Year),
    ("month", Part::Month),
    ("day", Part::Day),
    ("hour", Part::Hour),
    ("minute", Part::Minute),
    ("second", Part::Second),
    ("offset", Part::Offset),
];

impl DateForm {
    /// `year-month-day`
    pub(crate) fn iso() -> Self {
        let dash = Part::Sign('-');
        let parts = vec![Part::Year, dash, Part::Month, dash, Part::Day];
        Self { written: "year-month-day".to_owned(), parts }
    }

    /// `None` unless year, month and day each stand in it once, and no part twice, with a sign
    /// between words; a minute needs an hour, a second a minute, and an offset all but the second.
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
            // An offset begins with its own sign.
            if is_word(&part) && part != Part::Offset && parts.last().is_some_and(is_word) {
                return None;
            }
            parts.push(part);
            rest = after;
        }
        let count = |wanted| parts.iter().filter(|part| **part == wanted).count();
        let has = |part| count(part) == 1;
        let whole = has(Part::Year) && has(Part::Month) && has(Part::Day);
        let times = [Part::Hour, Part::Minute, Part::Second, Part::Offset];
        let plain = times.into_iter().all(|part| count(part) <= 1);
        let [hour, minute, second, offset] = times.map(has);
        let needs = [(minute, hour), (second, minute), (offset, minute)];
        let timed = needs.iter().all(|(part, needed)| *needed || !*part);
        (whole && plain && timed).then(|| Self { written: written.to_owned(), parts })
    }

    /// What `text` names; `None` when it is of another form, or there is no such day or time. An
    /// hour alone is no time of day.
    pub(crate) fn moment(&self, text: &str) -> Option<Written> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let (mut hour, mut minute, mut second) = (0, 0, 0);
        let mut offset = None;
        let mut rest = text;
        for part in &self.parts {
            rest = match part {
                Part::Sign(sign) => rest.strip_prefix(*sign)?,
                Part::Year => digits(rest, 4..=4, &mut year)?,
                Part::Month => digits(rest, 1..=2, &mut month)?,
                Part::Day => digits(rest, 1..=2, &mut day)?,
                Part::Hour => digits(rest, 1..=2, &mut hour)?,
                Part::Minute => digits(rest, 1..=2, &mut minute)?,
                Part::Second => digits(rest, 1..=2, &mut second)?,
                Part::Offset => {
                    let is_part = |sign: char| sign.is_ascii_alphanumeric() || "+-:".contains(sign);
                    let end = rest.find(|sign| !is_part(sign)).unwrap_or(rest.len());
                    let (found, after) = rest.split_at_checked(end)?;
                    offset = Some(offset_seconds(found)?);
                    after
                }
            };
        }
        let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
        let day = day.filter(|_| rest.is_empty())?;
        let local = day.and_hms_opt(hour, minute, second)?;
        match offset {
            Some(offset) => Written::fixed(local, offset),
            None if self.parts.contains(&Part::Minute) => Some(Written::Local(local)),
            None => Some(Written::Day(day)),
        }
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
    use interplay_compile::instant::Written;

    use super::{DateForm, NumberForm};

    #[test]
    fn dates_are_read_by_their_form_only() {
        let day = NaiveDate::from_ymd_opt(2025, 2, 3);
        let read = |form: &str, text: &str| DateForm::read(form).unwrap().moment(text)?.day();
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
    fn times_of_day_are_read_where_the_form_has_them() {
        let read = |form: &str, text: &str| DateForm::read(form).unwrap().moment(text);
        let local = "day/month/year hour:minute";
        assert_eq!(read(local, "03/02/2025 4:05"), Written::read("2025-02-03T04:05"));
        assert_eq!(read(local, "03/02/2025 24:00"), None);
        assert_eq!(read("day/month/year hour", "03/02/2025 4"), Written::read("2025-02-03"));
        let fixed = "day.month.year hour:minute:second offset";
        let noon = Written::read("2025-02-03T11:00:07Z");
        assert_eq!(read(fixed, "3.2.2025 12:00:07 +01:00"), noon);
        assert_eq!(read("day.month.year hour:minute:secondoffset", "3.2.2025 11:00:07Z"), noon);
        assert_eq!(read(fixed, "3.2.2025 12:00:07 CET"), None);
    }

    #[test]
    fn a_form_needs_each_part_once_and_signs_between() {
        for form in [
            "day/month",
            "day/day/month/year",
            "daymonthyear",
            "dd/mm/yyyy",
            "",
            "day/month/year minute",
            "day/month/year hour:minute:minute",
            "day/month/year offset",
        ] {
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
