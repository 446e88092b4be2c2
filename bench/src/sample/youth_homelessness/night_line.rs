//! The night line of the street team: calls by those whom the team met that day. A telephone
//! exchange writes them down, by the clock of Greenwich.

use chrono::NaiveDate;

use super::life::Person;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, quarter};

const CALLS: Layout = Layout {
    header: &["call", "client_ref", "started_utc", "about", "ended"],
    separator: b',',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 1,
        start: Some(2),
        end: None,
        code: Some(3),
        bad_days: &["2024-02-30T21:15:00Z", "24:10", ""],
        bad_codes: &["?", "hung up"],
    },
};

/// The calls, while they are written down.
#[derive(Debug)]
pub(super) struct NightLine {
    chance: Chance,
    export: Export,
    number: u32,
}

impl NightLine {
    /// Without calls as yet.
    pub(super) fn new() -> Self {
        Self { chance: Chance::new(9), export: Export::new(CALLS), number: 0 }
    }

    /// The calls of one person in the night after the team met them, if there are any.
    pub(super) fn night(&mut self, person: &Person, day: NaiveDate) {
        // The night belongs to one file.
        let is_split = day == last_day() || quarter(later(day, 1)) != quarter(day);
        let chance = &mut self.chance;
        if !chance.per_cent(24) || is_split {
            return;
        }
        let count = chance.weighted(&[(55, 1), (28, 2), (17, 3)]);
        let mut minute = 19 * 60 + chance.below(150);
        for _ in 0..count {
            self.number += 1;
            let about = chance.weighted(&[(58, "bed"), (24, "talk"), (18, "danger")]);
            let ended = match about {
                "bed" => chance.weighted(&[(45, "placed"), (43, "full"), (12, "")]),
                _ => chance.weighted(&[(70, "by day"), (30, "")]),
            };
            let row = vec![
                format!("N{:05}", self.number),
                person.identity.written(Form::Bare),
                started(day, minute, chance.below(60)),
                about.to_owned(),
                ended.to_owned(),
            ];
            self.export.register(chance, quarter(day), row);
            minute += chance.between(15, 140);
        }
    }

    /// The files; that of a quarter is lost.
    pub(super) fn deliver(mut self, lost: &str, files: &mut Files) {
        self.export.skip(lost);
        self.export.deliver("nightline-*.csv", files);
    }
}

/// `2025-01-14T22:41:07Z`, so many minutes after the day began.
fn started(day: NaiveDate, minute: u32, second: u32) -> String {
    let (day, minute) = (later(day, minute / 1_440), minute % 1_440);
    format!("{}T{:02}:{:02}:{second:02}Z", day.format("%Y-%m-%d"), minute / 60, minute % 60)
}
