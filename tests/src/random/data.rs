//! Random rows: about sixty persons, most of the tricky days, and much that is missing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::codebook::{self, List, ORGANISATIONS, RecordInfo};
use crate::oracle::{Covered, Datum, Row, World, seconds_of};

const PERSON_COUNT: usize = 60;

/// Few, so that many persons live together; to some only a membership refers.
const HOME_COUNT: usize = 14;

/// Days that faults like: leap days, ends of months, years and quarters.
const TRICKY_DAYS: &[(i32, u32, u32)] = &[
    (2023, 12, 31),
    (2024, 1, 1),
    (2024, 1, 31),
    (2024, 2, 28),
    (2024, 2, 29),
    (2024, 3, 31),
    (2024, 12, 31),
    (2025, 1, 1),
    (2025, 2, 28),
    (2025, 3, 31),
    (2025, 4, 1),
    (2025, 6, 30),
    (2025, 7, 1),
];

/// Rows of every record for every person.
pub(super) fn world(rng: &mut ChaCha8Rng) -> World {
    let data_date = *[date(2025, 6, 30), date(2025, 3, 31), date(2025, 9, 17), date(2024, 12, 31)]
        .choose(rng)
        .expect("there are dates");
    let mut records: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for place in 0..PERSON_COUNT {
        let subject = format!("p{place:02}");
        let known_to = organisations(rng);
        for (record, rows) in [
            ("profile", once(rng, &subject, &known_to, profile)),
            ("school_file", once(rng, &subject, &known_to, school_file)),
            ("social_file", once(rng, &subject, &known_to, social_file)),
        ] {
            records.entry(record.to_owned()).or_default().extend(rows);
        }
        for record in codebook::RECORDS {
            let rows = timed(rng, &subject, &known_to, record, data_date);
            records.entry(record.name.to_owned()).or_default().extend(rows);
        }
    }
    for place in 0..HOME_COUNT {
        let subject = format!("h{place:02}");
        let known_to = organisations(rng);
        if rng.random_bool(0.7) {
            let rows = once(rng, &subject, &known_to, dwelling);
            records.entry("dwelling".to_owned()).or_default().extend(rows);
        }
        if rng.random_bool(0.6) {
            let rows = timed(rng, &subject, &known_to, &codebook::RENT, data_date);
            records.entry("rent".to_owned()).or_default().extend(rows);
        }
    }
    for _ in 0..rng.random_range(0..60) {
        let known_to = organisations(rng);
        let rows = timed(rng, "", &known_to, &codebook::ANSWER, data_date);
        records.entry("answer".to_owned()).or_default().extend(rows.into_iter().take(2));
    }
    for organisation in ORGANISATIONS {
        let rows = timed(rng, organisation, &[organisation], &codebook::DELIVERY, data_date);
        records.entry("delivery".to_owned()).or_default().extend(rows);
    }
    let mut organisations: Vec<String> = ORGANISATIONS.iter().map(|&name| name.into()).collect();
    organisations.push("archive".to_owned());
    let covered = covered(rng, data_date);
    World { data_date, organisations, records, covered }
}

/// In every second world some organisations did not deliver some of their records for all days.
fn covered(rng: &mut ChaCha8Rng, data_date: NaiveDate) -> Covered {
    let mut covered = Covered::new();
    if rng.random_bool(0.5) {
        return covered;
    }
    for record in codebook::RECORDS.iter().chain([&codebook::ANSWER]) {
        for organisation in ORGANISATIONS {
            if rng.random_bool(0.8) {
                continue;
            }
            let mut stretches = Vec::new();
            let mut next = date(2023, 1, 1) + Days::new(rng.random_range(0..400));
            for _ in 0..rng.random_range(1..4) {
                let last = next + Days::new(rng.random_range(20..500));
                stretches.push((next, last));
                next = last + Days::new(rng.random_range(1..60));
            }
            if rng.random_bool(0.6) {
                stretches.push((next, data_date.max(next)));
            }
            covered.insert((record.name.to_owned(), (*organisation).to_owned()), stretches);
        }
    }
    covered
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the day is there")
}

/// One to all of them, so that many persons are known to several.
fn organisations(rng: &mut ChaCha8Rng) -> Vec<&'static str> {
    let count = *[1, 1, 2, 3, 4].choose(rng).expect("there are counts");
    let mut organisations = ORGANISATIONS.to_vec();
    organisations.shuffle(rng);
    organisations.truncate(count);
    organisations
}

type Fields = Vec<(&'static str, Datum)>;

/// Rows of a once-record from each organisation: mostly they agree, sometimes they do not, and
/// sometimes they are silent. Some deliver again, or say two things at once. The first organisation
/// always delivers one, so everyone is known.
fn once(
    rng: &mut ChaCha8Rng,
    subject: &str,
    known_to: &[&str],
    invent: fn(&mut ChaCha8Rng) -> Fields,
) -> Vec<Row> {
    let agreed = invent(rng);
    let mut rows = Vec::new();
    for (place, organisation) in known_to.iter().enumerate() {
        if place > 0 && rng.random_bool(0.2) {
            continue;
        }
        let count = *[1, 1, 1, 1, 1, 2, 2, 3].choose(rng).expect("there are counts");
        for _ in 0..count {
            let other = invent(rng);
            let fields = agreed.iter().zip(other).map(|((name, agreed), (_, other))| {
                let value = match rng.random_range(0..20) {
                    0 | 1 => Datum::Missing,
                    2 | 3 => other,
                    _ => agreed.clone(),
                };
                ((*name).to_owned(), value)
            });
            let fields = fields.collect();
            let delivery = delivery(rng.random_range(0..3), organisation);
            let (subject, organisation) = (subject.to_owned(), (*organisation).to_owned());
            rows.push(Row { subject, organisation, delivery, fields });
        }
    }
    rows
}

/// The number of an organisation's delivery in a round of deliveries.
fn delivery(round: usize, organisation: &str) -> usize {
    let place = ORGANISATIONS.iter().position(|other| *other == organisation);
    round * ORGANISATIONS.len() + place.expect("an organisation that knows somebody")
}

fn profile(rng: &mut ChaCha8Rng) -> Fields {
    let leap_days = [date(2000, 2, 29), date(2004, 2, 29), date(2008, 2, 29)];
    let birth = match rng.random_range(0..10) {
        0 => Datum::Missing,
        1 | 2 => Datum::Date(*leap_days.choose(rng).expect("there are days")),
        // Of some whom they help, the child was registered before it was born.
        3 => Datum::Date(day_between(rng, date(2024, 6, 1), date(2026, 1, 1))),
        _ => Datum::Date(day_between(rng, date(1995, 1, 1), date(2010, 12, 31))),
    };
    vec![("birth_date", birth), ("gender", code(rng, codebook::GENDER))]
}

fn school_file(rng: &mut ChaCha8Rng) -> Fields {
    // Some are called as the headings of what is no value.
    let school = match *["", "Hill", "Mill", "missing", "total", "value"].choose(rng).expect("one")
    {
        "" => Datum::Missing,
        name => Datum::Text(name.to_owned()),
    };
    vec![("schooling", code(rng, codebook::SCHOOLING)), ("school", school)]
}

fn social_file(rng: &mut ChaCha8Rng) -> Fields {
    let registered = if rng.random_bool(0.2) { Datum::Missing } else { Datum::Date(day(rng)) };
    let home = code(rng, codebook::AREA);
    vec![("income", quarters(rng, 0, 6_000)), ("home", home), ("registered", registered)]
}

fn dwelling(rng: &mut ChaCha8Rng) -> Fields {
    let rooms = match rng.random_range(0..7) {
        0 => Datum::Missing,
        rooms => Datum::Number(f64::from(rooms)),
    };
    let built = if rng.random_bool(0.2) { Datum::Missing } else { Datum::Date(day(rng)) };
    vec![("tenure", code(rng, codebook::PLACE)), ("rooms", rooms), ("built", built)]
}

/// Rows of a record with time. Of ordered records no two start on one day; of others many do.
fn timed(
    rng: &mut ChaCha8Rng,
    subject: &str,
    known_to: &[&str],
    record: &RecordInfo,
    data_date: NaiveDate,
) -> Vec<Row> {
    let count = *[0, 1, 3, 5, 8, 12].choose(rng).expect("there are counts");
    let mut starts: Vec<NaiveDate> = (0..count).map(|_| day(rng)).collect();
    if rng.random_bool(0.2) {
        starts.extend([data_date, data_date + Days::new(1)]);
    }
    if record.is_ordered {
        starts = BTreeSet::from_iter(starts).into_iter().collect();
    } else if let Some(first) = starts.first().copied() {
        starts.push(first);
    }
    let starts = starts.into_iter().flat_map(|start| moments(rng, record, start));
    let mut rows = Vec::new();
    for (start, seconds) in starts.collect::<Vec<_>>() {
        let organisation = (*known_to.choose(rng).expect("somebody knows everyone")).to_owned();
        let mut fields = BTreeMap::from([(record.start.to_owned(), Datum::Date(start))]);
        fields.insert(seconds_of(record.start), seconds);
        if let Some(end) = record.end {
            fields.insert(end.to_owned(), end_after(rng, start));
        }
        let (name, list) = record.code;
        fields.insert(name.to_owned(), code(rng, list));
        if let Some((name, _)) = record.number {
            fields.insert(name.to_owned(), quarters(rng, 0, 480));
        }
        if record.name == "training" {
            // A file that comes again, also of somebody else, is the same file.
            let file = format!("{}", rng.random_range(0..120));
            fields.insert("file".to_owned(), Datum::Text(file));
        }
        if record.name == codebook::STATUS.name {
            fields.extend(goal(rng).map(|(name, datum)| (name.to_owned(), datum)));
        }
        if record.name == codebook::DELIVERY.name {
            fields.extend(handed_over(rng, start).map(|(name, datum)| (name.to_owned(), datum)));
        }
        if record.name == "membership" {
            let home = match rng.random_range(0..10) {
                0 => Datum::Missing,
                _ => Datum::Text(format!("h{:02}", rng.random_range(0..HOME_COUNT))),
            };
            fields.insert("household".to_owned(), home);
        }
        let delivery = delivery(rng.random_range(0..2), &organisation);
        rows.push(Row { subject: subject.to_owned(), organisation, delivery, fields });
    }
    if record.name == codebook::RENT.name {
        again(rng, &mut rows);
    }
    rows
}

/// One to three rows of a day, each at a moment of its own; of one at most only the day is known.
fn moments(rng: &mut ChaCha8Rng, record: &RecordInfo, day: NaiveDate) -> Vec<(NaiveDate, Datum)> {
    if !record.is_instant {
        return vec![(day, Datum::Missing)];
    }
    let midnight = f64::from(day.to_epoch_days()) * 86_400.0;
    let mut quarters: Vec<u32> = (0..96).collect();
    quarters.shuffle(rng);
    quarters.truncate(*[1, 1, 2, 3].choose(rng).expect("there are counts"));
    let moments = quarters.into_iter().map(|quarter| midnight + f64::from(quarter) * 900.0);
    let mut moments: Vec<Datum> = moments.map(Datum::Number).collect();
    if rng.random_bool(0.3) {
        moments[0] = Datum::Missing;
    }
    moments.into_iter().map(|moment| (day, moment)).collect()
}

/// Some rows are delivered once more, and say something else.
fn again(rng: &mut ChaCha8Rng, rows: &mut Vec<Row>) {
    for at in 0..rows.len() {
        if rng.random_bool(0.2) {
            let mut row = rows[at].clone();
            row.fields.insert("amount".to_owned(), quarters(rng, 0, 480));
            row.delivery = delivery(rng.random_range(0..2), &row.organisation);
            rows.push(row);
        }
    }
}

/// When a delivery was due and came, and how many rows it has: some did not come, and of some
/// nobody says when they were due.
fn handed_over(rng: &mut ChaCha8Rng, start: NaiveDate) -> [(&'static str, Datum); 3] {
    let later = |rng: &mut ChaCha8Rng| match rng.random_range(0..5) {
        0 => Datum::Missing,
        _ => Datum::Date(start + Days::new(rng.random_range(0..120))),
    };
    let rows = match rng.random_range(0..5) {
        0 => Datum::Missing,
        _ => Datum::Number(f64::from(rng.random_range(0..900))),
    };
    [("due", later(rng)), ("received", later(rng)), ("rows", rows)]
}

/// How far a goal was attained, and its weight: seldom outside their ranges, seldom missing.
fn goal(rng: &mut ChaCha8Rng) -> [(&'static str, Datum); 2] {
    let level = match rng.random_range(0..40) {
        0 => Datum::Missing,
        1 => Datum::Number(2.5),
        _ => Datum::Number(f64::from(rng.random_range(-4..=4)) / 2.0),
    };
    let value = match rng.random_range(0..40) {
        0 => Datum::Missing,
        1 => Datum::Number(0.0),
        _ => Datum::Number(f64::from(rng.random_range(1..=8)) / 2.0),
    };
    [("level", level), ("value", value)]
}

/// No night, one night, weeks, months, or still going on.
fn end_after(rng: &mut ChaCha8Rng, start: NaiveDate) -> Datum {
    let days = match rng.random_range(0..10) {
        0 => 0,
        1 => 1,
        2 => return Datum::Missing,
        3 if rng.random_bool(0.5) => return Datum::Unknown,
        3 => return Datum::Missing,
        4..=7 => rng.random_range(2..40),
        _ => rng.random_range(40..400),
    };
    Datum::Date(start + Days::new(days))
}

fn day(rng: &mut ChaCha8Rng) -> NaiveDate {
    if rng.random_bool(0.3) {
        let (year, month, day) = *TRICKY_DAYS.choose(rng).expect("there are days");
        return date(year, month, day);
    }
    day_between(rng, date(2023, 1, 1), date(2025, 12, 31))
}

fn day_between(rng: &mut ChaCha8Rng, first: NaiveDate, last: NaiveDate) -> NaiveDate {
    let days = u64::try_from((last - first).num_days()).expect("the last day is later");
    first + Days::new(rng.random_range(0..=days))
}

fn code(rng: &mut ChaCha8Rng, list: List) -> Datum {
    if let Some((_, codes)) = list.levels.choose(rng).filter(|_| rng.random_bool(0.15)) {
        // Nothing finer is known.
        return codes.choose(rng).map_or(Datum::Missing, |code| Datum::Code((*code).to_owned()));
    }
    match list.codes.choose(rng) {
        Some(code) if rng.random_bool(0.85) => Datum::Code((*code).to_owned()),
        _ => Datum::Missing,
    }
}

/// A multiple of a quarter, so that sums are exact; sometimes missing.
fn quarters(rng: &mut ChaCha8Rng, low: i32, high: i32) -> Datum {
    if rng.random_bool(0.12) {
        return Datum::Missing;
    }
    Datum::Number(f64::from(rng.random_range(low..=high)) / 4.0)
}
