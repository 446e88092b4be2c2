//! Moments: how they are written, and their day and place on the line of time by the clock of a
//! time zone.
//!
//! A value of a rule is the day of a moment. Its place on the line of time, in seconds, stands in
//! a column of its own and puts the rows of one day in order.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};
use interplay_diagnostic::suggest;

/// What a source or a table says of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `2025-03-01`: the time of day is not known
    Day(NaiveDate),
    /// `2025-03-01T23:30`: what the clock on the wall showed
    Local(NaiveDateTime),
    /// `2025-03-01T23:30+01:00`, `2025-03-01T22:30Z`
    Fixed(DateTime<Utc>),
}

/// A moment by the clock of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instant {
    /// The day there.
    pub day: NaiveDate,
    /// Seconds since 1970 began in Greenwich; none where the time of day is not known.
    pub seconds: Option<f64>,
}

impl Written {
    /// Reads `2025-03-01`, and behind it, after `T` or a blank, a time of day `23:30`, `23:30:05`
    /// or `23:30:05.25`, and perhaps how far the clock is from Greenwich: `Z`, `+01:00`, `+0100`
    /// or `+01`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (day, rest) = text.split_at_checked("2025-03-01".len())?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_day = day.split('-').map(str::len).eq([4, 2, 2]) && day.split('-').all(digits);
        let day: NaiveDate = day.parse().ok().filter(|_| is_day)?;
        let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else {
            return rest.is_empty().then_some(Self::Day(day));
        };
        let place = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
        let (time, offset) = rest.split_at_checked(place)?;
        let local = day.and_time(time_of_day(time)?);
        match offset.trim_start() {
            "" => offset.is_empty().then_some(Self::Local(local)),
            offset => Self::fixed(local, offset_seconds(offset)?),
        }
    }

    /// A time of a clock that is so many seconds ahead of Greenwich.
    #[must_use]
    pub fn fixed(local: NaiveDateTime, offset_seconds: i32) -> Option<Self> {
        let ahead = chrono::TimeDelta::seconds(i64::from(offset_seconds));
        Some(Self::Fixed(local.checked_sub_signed(ahead)?.and_utc()))
    }

    /// The day, where it follows from what is written alone.
    #[must_use]
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::Local(local) => Some(local.date()),
            Self::Fixed(_) => None,
        }
    }

    /// By the clock of a place. A written day stands. A time that the clock shows twice is the
    /// first of them; one that it never shows is reckoned as if it had not been put forward.
    #[must_use]
    pub fn at(self, zone: Tz) -> Instant {
        match self {
            Self::Day(day) => Instant { day, seconds: None },
            Self::Local(local) => {
                let seconds = seconds(local.and_utc()) - offset(local, zone);
                Instant { day: local.date(), seconds: Some(seconds) }
            }
            Self::Fixed(moment) => Instant {
                day: moment.with_timezone(&zone).date_naive(),
                seconds: Some(seconds(moment)),
            },
        }
    }
}

/// How many seconds the clock of a place is ahead of Greenwich when it shows `local`.
fn offset(local: NaiveDateTime, zone: Tz) -> f64 {
    let found = match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => Some(offset),
        LocalResult::None => {
            GapInfo::new(&local, &zone).and_then(|gap| gap.begin).map(|(_, before)| before)
        }
    };
    found.map_or(0.0, |offset| f64::from(offset.fix().local_minus_utc()))
}

fn seconds(moment: DateTime<Utc>) -> f64 {
    // Whole seconds of all days of the calendar are exact in 64 bits.
    moment.timestamp() as f64 + f64::from(moment.timestamp_subsec_nanos()) / 1e9
}

/// `23:30`, `23:30:05`, `23:30:05.25`
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (clock, part) =
        text.split_once(['.', ',']).map_or((text, None), |(clock, part)| (clock, Some(part)));
    let mut parts = clock.split(':');
    let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let second = parts.next();
    if parts.next().is_some() || (part.is_some() && second.is_none()) {
        return None;
    }
    let second = second.map_or(Some(0), two_digits)?;
    let nanos = part.map_or(Some(0), nanoseconds)?;
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
}

/// `Z`, `+01:00`, `-0330`, `+01`: in seconds
pub fn offset_seconds(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = rest.split_at_checked(2)?;
    let minutes = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = if rest.is_empty() { 0 } else { two_digits(minutes)? };
    let hours = two_digits(hours)?;
    let total = i32::try_from(hours * 60 + minutes).ok()? * 60;
    (hours <= 18 && minutes < 60).then_some(sign * total)
}

fn two_digits(text: &str) -> Option<u32> {
    let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// `25`: a quarter of a second
fn nanoseconds(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let nine: String = text.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().ok().filter(|_| plain)
}

/// The time zone of that name: `Europe/Brussels`
#[must_use]
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// The name of a time zone that is near to what is written: also `Brussels`, or another case.
#[must_use]
pub fn nearest_zone(written: &str) -> Option<&'static str> {
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let plain = written.trim().replace(' ', "_");
    names()
        .find(|name| name.eq_ignore_ascii_case(&plain))
        .or_else(|| names().find(|name| city(name).eq_ignore_ascii_case(&plain)))
        .or_else(|| suggest::nearest(&plain, names()))
        .or_else(|| {
            let near = suggest::nearest(&plain, names().map(city))?;
            names().find(|name| city(name) == near)
        })
}

/// The column that holds the seconds of an instant in the field `field`. No field is called so.
#[must_use]
pub fn place(field: &str) -> String {
    format!("{field}@")
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Tz, UTC};

    use super::{Written, nearest_zone, zone};

    const BRUSSELS: Tz = Tz::Europe__Brussels;

    fn at(text: &str, zone: Tz) -> (String, Option<f64>) {
        let instant = Written::read(text).expect("a moment").at(zone);
        (instant.day.to_string(), instant.seconds)
    }

    #[test]
    fn a_moment_is_on_the_day_of_the_place() {
        // Half past eleven at night in Brussels is half past ten in Greenwich, in winter.
        let night = at("2025-03-01T23:30", BRUSSELS);
        assert_eq!(night, at("2025-03-01T22:30Z", BRUSSELS));
        assert_eq!(night, at("2025-03-01 23:30:00+01:00", BRUSSELS));
        assert_eq!(night.0, "2025-03-01");
        assert_eq!(at("2025-03-01T23:30:00Z", BRUSSELS).0, "2025-03-02");
        assert_eq!(at("2025-07-01T21:59:59.5Z", BRUSSELS).0, "2025-07-01");
        assert_eq!(at("2025-07-01T22:00Z", BRUSSELS).0, "2025-07-02");
        assert_eq!(at("2025-03-01T03:00Z", Tz::America__New_York).0, "2025-02-28");
        assert_eq!(at("2025-03-01", BRUSSELS), ("2025-03-01".to_owned(), None));
        assert_eq!(at("1970-01-01T00:00:01.25Z", UTC).1, Some(1.25));
    }

    #[test]
    fn the_hour_that_comes_twice_is_the_first_and_the_one_that_never_comes_is_as_before() {
        // On 26 October 2025 clocks in Brussels go from 03:00 back to 02:00, at 01:00 in Greenwich.
        assert_eq!(at("2025-10-26T02:30", BRUSSELS), at("2025-10-26T00:30Z", BRUSSELS));
        assert_eq!(at("2025-10-26T03:00", BRUSSELS), at("2025-10-26T02:00Z", BRUSSELS));
        assert_eq!(at("2025-10-26T01:59", BRUSSELS), at("2025-10-25T23:59Z", BRUSSELS));
        // On 30 March 2025 they go from 02:00 on to 03:00, at 01:00 in Greenwich.
        assert_eq!(at("2025-03-30T02:30", BRUSSELS), at("2025-03-30T01:30Z", BRUSSELS));
        assert_eq!(at("2025-03-30T03:30", BRUSSELS), at("2025-03-30T01:30Z", BRUSSELS));
        // Samoa had no 30 December 2011; a written day stands.
        let gone = at("2011-12-30T12:00", Tz::Pacific__Apia);
        assert_eq!(gone, ("2011-12-30".to_owned(), at("2011-12-30T22:00Z", UTC).1));
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        for text in [
            "2025-3-1",
            "2025-03-01T",
            "2025-03-01T24:00",
            "2025-03-01T23:60",
            "2025-03-01T2:30",
            "2025-02-29T10:00",
            "2025-03-01T10:00+25:00",
            "2025-03-01T10:00 CET",
            "2025-03-01T10:00.5",
            "2025-03-01T10:00:00.",
            "2025-03-01T10:00 ",
            "x025-03-01",
            "2025-03-01Z",
            "é2025-03-01",
            "",
        ] {
            assert_eq!(Written::read(text), None, "{text}");
        }
    }

    #[test]
    fn zones_have_names_and_near_names() {
        assert_eq!(zone("Europe/Brussels"), Some(BRUSSELS));
        assert_eq!(zone("Europe/Brussel"), None);
        assert_eq!(nearest_zone("Europe/Brussel"), Some("Europe/Brussels"));
        assert_eq!(nearest_zone("europe/brussels"), Some("Europe/Brussels"));
        assert_eq!(nearest_zone("Brussels"), Some("Europe/Brussels"));
        assert_eq!(nearest_zone("new york"), Some("America/New_York"));
        assert_eq!(nearest_zone("Bruxelles les Bains"), None);
    }
}
