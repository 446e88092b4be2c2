//! What partners offer: activities, and the days on which they are held.

use chrono::NaiveDate;

use super::life::Language;
use crate::sample::chance::Chance;
use crate::sample::time::{day, last_day, later};

/// Something that a partner offers, for a while or every week for years.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    /// The letter of the organisation that offers it.
    pub(super) organiser: char,
    /// The organisation's own number of it.
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) sessions: Vec<Session>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Course,
    Meeting,
    Festivity,
    Play,
    Training,
    Repair,
    Reading,
}

/// One day of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) day: NaiveDate,
    pub(super) minutes: u32,
    /// Whoever was counted at the door, with a pass or without.
    pub(super) visitors: u32,
    /// In cents.
    pub(super) cost: u32,
    /// Quarters of an hour that volunteers gave.
    pub(super) volunteered: u32,
}

impl Activity {
    /// The language in which it is held, when it is one.
    pub(super) fn language(&self) -> Option<Language> {
        match self.number % 4 {
            0 => Some(Language::Dutch),
            1 => Some(Language::French),
            _ => None,
        }
    }
}

impl Session {
    /// `3,25`: the hours that volunteers gave, with the decimal sign of an organisation.
    pub(super) fn hours(&self, sign: char) -> String {
        format!("{}{sign}{:02}", self.volunteered / 4, self.volunteered % 4 * 25)
    }
}

/// What the community centre offers, by how often.
const COURSES: &[(u32, Kind)] =
    &[(40, Kind::Course), (30, Kind::Meeting), (15, Kind::Festivity), (15, Kind::Repair)];

/// What youth work offers.
const YOUTH: &[(u32, Kind)] = &[(70, Kind::Play), (20, Kind::Course), (10, Kind::Festivity)];

/// What the sports club offers.
const TEAMS: &[(u32, Kind)] = &[(1, Kind::Training)];

/// What the library offers.
const READINGS: &[(u32, Kind)] = &[(80, Kind::Reading), (20, Kind::Course)];

/// All of them.
pub(super) fn activities() -> Vec<Activity> {
    let mut chance = Chance::new(202);
    let plan = [('C', 34, COURSES), ('Y', 14, YOUTH), ('S', 11, TEAMS), ('L', 8, READINGS)];
    let mut made = Vec::new();
    for (organiser, count, kinds) in plan {
        for number in 1..=count {
            let kind = chance.weighted(kinds);
            let sessions = sessions(kind, &mut chance);
            made.push(Activity { organiser, number, kind, sessions });
        }
    }
    made
}

fn sessions(kind: Kind, chance: &mut Chance) -> Vec<Session> {
    let (every, times, minutes) = match kind {
        Kind::Course => (7, chance.between(12, 40), 120),
        Kind::Meeting => (14, chance.between(45, 78), 150),
        Kind::Festivity => (365, 3, 360),
        Kind::Play => (7, chance.between(110, 156), 180),
        Kind::Training => (7, chance.between(125, 156), 90),
        Kind::Repair => (30, chance.between(20, 36), 210),
        Kind::Reading => (28, chance.between(12, 39), 60),
    };
    // What is held for years began early; a course may begin at any time.
    let early = match kind {
        Kind::Course => 950,
        Kind::Festivity => 330,
        Kind::Meeting | Kind::Repair | Kind::Reading => 400,
        Kind::Play | Kind::Training => 120,
    };
    let mut date = later(day(2023, 1, 2), chance.below(early));
    let mut held = Vec::new();
    for _ in 0..times {
        if date > last_day() {
            break;
        }
        let (cost, volunteered) = match kind {
            Kind::Festivity => (chance.between(40_000, 320_000), chance.between(80, 400)),
            Kind::Course => (chance.between(4_500, 9_500), chance.between(0, 8)),
            Kind::Training => (chance.between(1_500, 4_000), chance.between(6, 14)),
            Kind::Repair => (chance.between(1_000, 6_000), chance.between(16, 48)),
            _ => (chance.between(800, 5_200), chance.between(0, 24)),
        };
        held.push(Session { day: date, minutes, visitors: 0, cost, volunteered });
        date = later(date, every + chance.weighted(&[(90, 0), (10, every.min(14))]));
    }
    held
}
