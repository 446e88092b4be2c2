//! Invented residents: where they live and move to, and what they take part in.

use chrono::NaiveDate;

use super::area::BLOCKS;
use super::offer::{Activity, Kind, Session, activities};
use crate::sample::chance::Chance;
use crate::sample::time::{earlier, first_day, last_day, later};

/// How many residents have a pass.
const RESIDENTS: u32 = 2_200;

/// All that happens in the quarters.
#[derive(Debug)]
pub(super) struct Quarters {
    residents: Vec<Resident>,
    activities: Vec<Activity>,
    taken: Vec<Taken>,
}

/// Somebody with a neighbourhood pass.
#[derive(Clone, Debug)]
pub(super) struct Resident {
    /// The number of the pass.
    pub(super) number: u32,
    pub(super) birth: NaiveDate,
    pub(super) gender: Gender,
    pub(super) language: Language,
    pub(super) homes: Vec<Home>,
    /// A letter for each organisation that knows them.
    pub(super) known_to: &'static str,
    /// How readily they come: 0 hardly ever to 9 whenever there is something.
    pub(super) keen: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Woman,
    Man,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Dutch,
    French,
    Both,
    Other,
}

/// A home for as long as it lasts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    /// The place of its block among all.
    pub(super) block: usize,
    pub(super) since: NaiveDate,
    /// The day of leaving is out.
    pub(super) until: Option<NaiveDate>,
}

/// Somebody at one session of an activity.
#[derive(Clone, Copy, Debug)]
struct Taken {
    resident: usize,
    activity: usize,
    session: usize,
}

impl Quarters {
    /// Who was at which session of what the organisation with this letter offers.
    pub(super) fn attendances(
        &self,
        organiser: char,
    ) -> impl Iterator<Item = (&Resident, &Activity, &Session)> {
        self.taken.iter().filter_map(move |one| {
            let activity = self.activities.get(one.activity)?;
            let found =
                (self.residents.get(one.resident)?, activity, activity.sessions.get(one.session)?);
            (activity.organiser == organiser).then_some(found)
        })
    }

    /// What the organisation with this letter offers.
    pub(super) fn offers(&self, organiser: char) -> impl Iterator<Item = &Activity> {
        self.activities.iter().filter(move |activity| activity.organiser == organiser)
    }

    /// Those whom the organisation with this letter knows.
    pub(super) fn known_to(&self, letter: char) -> impl Iterator<Item = &Resident> {
        self.residents.iter().filter(move |resident| resident.is_known_to(letter))
    }
}

impl Resident {
    /// Whether the organisation with this letter knows them.
    pub(super) fn is_known_to(&self, letter: char) -> bool {
        self.known_to.contains(letter)
    }

    /// The day on which they came to the quarters.
    pub(super) fn begin(&self) -> NaiveDate {
        self.homes.iter().map(|home| home.since).min().unwrap_or_else(first_day)
    }

    /// The day on which they left them, if they did.
    pub(super) fn end(&self) -> Option<NaiveDate> {
        self.homes.last().and_then(|home| home.until)
    }

    fn is_there_on(&self, date: NaiveDate) -> bool {
        self.begin() <= date && self.end().is_none_or(|end| date < end)
    }

    fn years_on(&self, date: NaiveDate) -> i64 {
        (date - self.birth).num_days() / 365
    }
}

/// The number of a pass as a text, in the form of an organisation.
pub(super) fn pass(number: u32, form: char) -> String {
    match form {
        'C' => format!("P {:03}.{:03}", number / 1_000, number % 1_000),
        'Y' => format!("p{number:06}"),
        'S' => format!("P-{number:06}"),
        'L' => format!("P{number:06}"),
        _ => format!("p {number:06}"),
    }
}

/// All of it, the same each time.
pub(super) fn quarters() -> Quarters {
    let mut chance = Chance::new(201);
    let residents: Vec<Resident> =
        (0..RESIDENTS).map(|place| resident(20_000 + 3 * place, &mut chance)).collect();
    let mut activities = activities();
    let taken = taken(&residents, &activities);
    count_visitors(&mut activities, &taken);
    Quarters { residents, activities, taken }
}

fn resident(number: u32, chance: &mut Chance) -> Resident {
    let age = chance.weighted(&[(10, 6), (18, 12), (14, 20), (28, 32), (16, 50), (14, 68)]);
    let birth = earlier(first_day(), 365 * (age + chance.below(11)) + chance.below(365));
    let known_to = match age {
        6 | 12 => chance.weighted(&[
            (26, "CY"),
            (22, "Y"),
            (16, "S"),
            (12, "SY"),
            (10, "CSY"),
            (8, "CL"),
            (6, "LY"),
        ]),
        20 => chance.weighted(&[(30, "C"), (20, "S"), (15, "CS"), (15, "Y"), (12, "HC"), (8, "L")]),
        _ => chance.weighted(&[
            (34, "C"),
            (20, "CH"),
            (14, "CL"),
            (10, "L"),
            (8, "CS"),
            (8, "H"),
            (6, "HCL"),
        ]),
    };
    let gender = chance.weighted(&[(54, Gender::Woman), (44, Gender::Man), (2, Gender::Other)]);
    let language = chance.weighted(&[
        (24, Language::Dutch),
        (41, Language::French),
        (13, Language::Both),
        (22, Language::Other),
    ]);
    let keen = chance.below(10);
    Resident { number, birth, gender, language, homes: homes(chance), known_to, keen }
}

fn homes(chance: &mut Chance) -> Vec<Home> {
    let mut since = if chance.per_cent(72) {
        earlier(first_day(), chance.between(20, 5_000))
    } else {
        later(first_day(), chance.below(950))
    };
    let block = |chance: &mut Chance| {
        let bound = u32::try_from(BLOCKS.len()).expect("a short list");
        usize::try_from(chance.below(bound)).expect("a short list")
    };
    let mut homes = Vec::new();
    loop {
        let until = later(since.max(first_day()), chance.between(90, 1_400));
        let moves = until < last_day() && chance.per_cent(40);
        homes.push(Home { block: block(chance), since, until: moves.then_some(until) });
        // Of those who move half leave the quarters.
        if !moves || chance.per_cent(50) {
            return homes;
        }
        since = until;
    }
}

/// Who comes to what: mostly to a few activities of the organisations that know them.
fn taken(residents: &[Resident], activities: &[Activity]) -> Vec<Taken> {
    let mut chance = Chance::new(203);
    let mut taken = Vec::new();
    for (place, resident) in residents.iter().enumerate() {
        for (number, activity) in activities.iter().enumerate() {
            if !resident.is_known_to(activity.organiser)
                || !chance.per_cent(interest(resident, activity))
            {
                continue;
            }
            let often = match activity.kind {
                Kind::Festivity => 60,
                Kind::Training | Kind::Play => 6 + 3 * resident.keen,
                _ => 4 + 2 * resident.keen,
            };
            for (session, held) in activity.sessions.iter().enumerate() {
                if resident.is_there_on(held.day) && chance.per_cent(often) {
                    taken.push(Taken { resident: place, activity: number, session });
                }
            }
        }
    }
    taken
}

/// How many in a hundred residents of this kind try it.
fn interest(resident: &Resident, activity: &Activity) -> u32 {
    let first = activity.sessions.first().map_or_else(first_day, |session| session.day);
    let is_young = resident.years_on(first) < 18;
    let other = match activity.language() {
        Some(Language::Dutch) => Some(Language::French),
        Some(Language::French) => Some(Language::Dutch),
        _ => None,
    };
    match activity.kind {
        // Who speaks the other language only stays away, but from the teams.
        _ if other == Some(resident.language) && activity.kind != Kind::Training => 0,
        Kind::Play if is_young => 14,
        Kind::Play => 0,
        Kind::Festivity => 12,
        Kind::Training => 9,
        Kind::Reading => 8,
        Kind::Course if is_young => 2,
        Kind::Course | Kind::Meeting | Kind::Repair => 5,
    }
}

/// At the door everybody is counted, also who has no pass.
fn count_visitors(activities: &mut [Activity], taken: &[Taken]) {
    let mut chance = Chance::new(204);
    for one in taken {
        let session = activities
            .get_mut(one.activity)
            .and_then(|activity| activity.sessions.get_mut(one.session));
        if let Some(session) = session {
            session.visitors += 1;
        }
    }
    for activity in activities {
        for session in &mut activity.sessions {
            let more = if activity.kind == Kind::Festivity { 220 } else { 5 };
            session.visitors += 1 + chance.below(more);
        }
    }
}
