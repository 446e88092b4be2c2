//! Dates, periods and month-days: how they are written, and which of them exist.

use interplay_diagnostic::{Diagnostic, Span};
use nom::branch::alt;
use nom::bytes::complete::{take_while_m_n, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{not, recognize, value};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

use super::{TokenKind, word_end};
use crate::problems;

/// Whatever is written like a date, a period or a month-day, whether it exists or not.
///
/// Dates of other habits (`31/01/2025`, `31.1.2025`) are read as dates too: nothing else is
/// written like that.
pub(super) fn shaped(input: &str) -> IResult<&str, TokenKind> {
    let date =
        recognize((digits(4, 4), preceded(char('-'), digits(1, 2)), char('-'), digits(1, 2)));
    let habit = alt((
        recognize((digits(4, 4), char('/'), digits(1, 2), char('/'), digits(1, 2))),
        recognize((digits(4, 4), char('.'), digits(1, 2), char('.'), digits(1, 2))),
        recognize((digits(1, 2), char('/'), digits(1, 2), char('/'), digits(4, 4))),
        recognize((digits(1, 2), char('.'), digits(1, 2), char('.'), digits(4, 4))),
        recognize((digits(1, 2), char('-'), digits(1, 2), char('-'), digits(4, 4))),
        recognize((digits(1, 2), char('/'), digits(1, 2), char('/'), digits(2, 2))),
        recognize((digits(2, 2), char('.'), digits(2, 2), char('.'), digits(2, 2))),
    ));
    let lettered = recognize((digits(4, 4), char('-'), one_of("QqWw"), digits(1, 2)));
    let month = recognize((digits(4, 4), char('-'), alt((digits(4, 4), digits(1, 2)))));
    let month_day = recognize((digits(2, 2), char('-'), digits(2, 2)));
    alt((
        value(TokenKind::Date, terminated(alt((date, habit)), end)),
        value(TokenKind::Period, terminated(alt((lettered, month)), end)),
        value(TokenKind::MonthDay, terminated(month_day, end)),
    ))
    .parse(input)
}

fn digits<'a>(
    least: usize,
    most: usize,
) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    take_while_m_n(least, most, |letter: char| letter.is_ascii_digit())
}

/// Where such a thing ends: no letter, no digit, no further part.
fn end(input: &str) -> IResult<&str, ()> {
    let part = pair(char('-'), take_while1(|letter: char| letter.is_ascii_digit()));
    pair(word_end, not(part)).map(|_| ()).parse(input)
}

/// The date or period that a text in quotation marks holds, with the problem that it is a text.
pub(crate) fn in_quotes(text: &str, span: Span) -> Option<(TokenKind, String, Diagnostic)> {
    let inside = super::unquoted(text);
    let kind = match shaped(&inside) {
        Ok(("", kind)) => kind,
        _ if crate::words::is_year(&inside) => TokenKind::Period,
        _ => return None,
    };
    let own = if inside.len() == 4 { None } else { problem(kind, &inside, span) };
    let problem = problems::quoted_date(span, &inside, own);
    Some((kind, inside, problem))
}

/// What is wrong with a text that has the shape of `kind`, if anything is.
pub(super) fn problem(kind: TokenKind, text: &str, span: Span) -> Option<Diagnostic> {
    match kind {
        TokenKind::Date => date_problem(text, span),
        TokenKind::MonthDay => month_day_problem(text, span),
        _ => period_problem(text, span),
    }
}

fn date_problem(text: &str, span: Span) -> Option<Diagnostic> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    if first.len() != 4 {
        // Two digits of a year are of this century.
        let year = if third.len() == 2 { format!("20{third}") } else { third.to_owned() };
        let readings = [day(&year, second, first), day(&year, first, second)];
        return Some(problems::foreign_date(span, text, readings.into_iter().flatten().collect()));
    }
    match day(first, second, third) {
        Some(canonical) if canonical == text => None,
        Some(canonical) => Some(problems::foreign_date(span, text, vec![canonical])),
        None => Some(problems::impossible_date(span, text, near(first, second))),
    }
}

/// The last day of the month, where the month exists.
fn near(year: &str, month: &str) -> Option<String> {
    let (year_number, month_number) = (year.parse().ok()?, month.parse().ok()?);
    let last = days_in_month(year_number, month_number)?;
    Some(format!("{year}-{month_number:02}-{last:02}"))
}

fn month_day_problem(text: &str, span: Span) -> Option<Diagnostic> {
    let (month, day_number) = text.split_once('-')?;
    // In a leap year every month has all of its days.
    match day("2024", month, day_number) {
        Some(_) => None,
        None => Some(problems::impossible_month_day(span, text)),
    }
}

fn period_problem(text: &str, span: Span) -> Option<Diagnostic> {
    let (year, part) = text.split_once('-')?;
    let year_number: u32 = year.parse().ok()?;
    let number: u32 =
        part.trim_start_matches(|letter: char| letter.is_alphabetic()).parse().ok()?;
    let letter = part.chars().next()?;
    let (canonical, most) = match letter.to_ascii_uppercase() {
        'Q' => (format!("{year}-Q{number}"), 4),
        'W' => (format!("{year}-W{number:02}"), weeks_in_year(year_number)),
        _ if part.len() == 4 => return Some(problems::dash_between_years(span, text)),
        _ => (format!("{year}-{number:02}"), 12),
    };
    if number == 0 || number > most {
        return Some(problems::impossible_period(span, text));
    }
    (canonical != text).then(|| problems::foreign_period(span, text, &canonical))
}

/// The day as the language writes it, if it exists.
fn day(year: &str, month: &str, day: &str) -> Option<String> {
    let (year_number, month, day): (u32, u32, u32) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let exists = (1..=days_in_month(year_number, month)?).contains(&day);
    exists.then(|| format!("{year}-{month:02}-{day:02}"))
}

fn days_in_month(year: u32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap(year) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// 53 in a year that begins on a Thursday, or in a leap year that begins on a Wednesday.
fn weeks_in_year(year: u32) -> u32 {
    // The weekday of the last day of a year, 0 for Sunday.
    let last_day = |year: u32| (year + year / 4 - year / 100 + year / 400) % 7;
    if last_day(year) == 4 || last_day(year.saturating_sub(1)) == 3 { 53 } else { 52 }
}

#[cfg(test)]
mod tests {
    use super::{days_in_month, weeks_in_year};

    #[test]
    fn some_years_have_a_53rd_week() {
        let long: Vec<u32> = (2000..2030).filter(|year| weeks_in_year(*year) == 53).collect();
        assert_eq!(long, [2004, 2009, 2015, 2020, 2026]);
    }

    #[test]
    fn february_has_29_days_in_leap_years() {
        let days = [1900, 2000, 2023, 2024].map(|year| days_in_month(year, 2));
        assert_eq!(days, [Some(28), Some(29), Some(28), Some(29)]);
    }
}
