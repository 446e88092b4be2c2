//! The invented lives: where each young person stays from day to day, in which district, and since
//! when which organisation knows them.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::sample::chance::Chance;
use crate::sample::identity::Identity;
use crate::sample::time::{day, earlier, last_day, later};

mod path;

const PERSON_COUNT: u32 = 4_000;

/// Where somebody stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Rough,
    Emergency,
    Temporary,
    Institution,
    NonConventional,
    WithOthers,
    Housed,
}

/// Who they say they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Woman,
    Man,
    Other,
}

/// Part of the city; the last is another municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum District {
    Centre,
    North,
    Harbour,
    EastBank,
    WestField,
    South,
    Elsewhere,
}

/// The eight that register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Organisation {
    EmploymentService,
    HousingCompany,
    MentalHealth,
    NightShelter,
    SocialService,
    StreetOutreach,
    WelfareCentre,
    YouthCare,
}

/// A time at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell {
    pub(super) place: Place,
    pub(super) from: NaiveDate,
    /// The day of leaving; none while it lasts.
    pub(super) until: Option<NaiveDate>,
}

/// A time in one district.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    pub(super) district: District,
    pub(super) from: NaiveDate,
    /// The day of moving out; none while it lasts.
    pub(super) until: Option<NaiveDate>,
}

/// The time in which an organisation knows somebody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Involvement {
    pub(super) organisation: Organisation,
    pub(super) since: NaiveDate,
    /// May lie after the data date.
    pub(super) until: NaiveDate,
}

/// A young person.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) identity: Identity,
    pub(super) birth: NaiveDate,
    pub(super) gender: Gender,
    /// In the order lived, without overlap.
    pub(super) spells: Vec<Spell>,
    /// In the order lived, without overlap.
    pub(super) homes: Vec<Home>,
    pub(super) involvements: Vec<Involvement>,
}

impl Person {
    /// The involvement of one organisation.
    pub(super) fn known_to(&self, organisation: Organisation) -> Option<Involvement> {
        self.involvements.iter().copied().find(|known| known.organisation == organisation)
    }

    /// What an organisation sees of the stays at some places: from the day it comes to know them.
    pub(super) fn spells_seen(&self, known: Involvement, places: &[Place]) -> Vec<Spell> {
        let lasting = |spell: &&Spell| spell.until.is_none_or(|until| until > known.since);
        let seen = self.spells.iter().filter(|spell| places.contains(&spell.place));
        let seen = seen.filter(lasting).filter(|spell| spell.from <= known.until);
        seen.map(|spell| Spell { from: spell.from.max(known.since), ..*spell }).collect()
    }

    /// The homes that an organisation hears of: those that last into the time it knows them.
    pub(super) fn homes_seen(&self, known: Involvement) -> Vec<Home> {
        let lasting = |home: &&Home| home.until.is_none_or(|until| until > known.since);
        let seen = self.homes.iter().filter(lasting).filter(|home| home.from <= known.until);
        seen.copied().collect()
    }
}

/// All of them, in the same order each time.
pub(super) fn people() -> Vec<Person> {
    let mut chance = Chance::new(0);
    let mut given = BTreeSet::new();
    (1..=PERSON_COUNT).map(|number| person(number, &mut chance, &mut given)).collect()
}

fn person(number: u32, chance: &mut Chance, given: &mut BTreeSet<String>) -> Person {
    let entry = later(day(2022, 9, 1), chance.below(1_180));
    let first = path::first_place(chance);
    let birth = earlier(entry, age_in_days(first, chance));
    let identity = if chance.per_cent(86) {
        Identity::national(birth, chance, given)
    } else {
        Identity::Reference(4_000 + 7 * number)
    };
    let gender = chance.weighted(&[(54, Gender::Man), (43, Gender::Woman), (3, Gender::Other)]);
    let spells = path::spells(entry, first, chance);
    let homes = homes(entry, chance);
    let involvements = involvements(entry, &spells, chance);
    Person { identity, birth, gender, spells, homes, involvements }
}

fn age_in_days(first: Place, chance: &mut Chance) -> u32 {
    let (youngest, oldest) = if first == Place::Institution { (14, 18) } else { (15, 24) };
    chance.between(youngest * 365, oldest * 365 + 364)
}

/// One to four districts one after the other, at times with a gap in which nobody knows.
fn homes(entry: NaiveDate, chance: &mut Chance) -> Vec<Home> {
    const DISTRICTS: &[(u32, District)] = &[
        (24, District::Centre),
        (20, District::North),
        (17, District::Harbour),
        (14, District::EastBank),
        (11, District::WestField),
        (9, District::South),
        (5, District::Elsewhere),
    ];
    let mut from = earlier(entry, chance.between(30, 900));
    let mut homes = Vec::new();
    loop {
        let until = later(from, chance.between(150, 1_500));
        let district = chance.weighted(DISTRICTS);
        if until > last_day() {
            homes.push(Home { district, from, until: None });
            return homes;
        }
        homes.push(Home { district, from, until: Some(until) });
        let gap = if chance.per_cent(15) { chance.between(10, 120) } else { 0 };
        from = later(until, gap);
        if from > last_day() {
            return homes;
        }
    }
}

/// Two of three are known to one organisation, the others to two, three or four.
fn involvements(entry: NaiveDate, spells: &[Spell], chance: &mut Chance) -> Vec<Involvement> {
    let wanted: usize = chance.weighted(&[(65, 1), (20, 2), (11, 3), (4, 4)]);
    let mut organisations = BTreeSet::from([path::first_organisation(spells, chance)]);
    let mut involvements = Vec::new();
    for (place, organisation) in organisations.clone().into_iter().enumerate() {
        involvements.push(involvement(organisation, entry, place, chance));
    }
    while involvements.len() < wanted {
        let organisation = path::further_organisation(spells, chance);
        if organisations.insert(organisation) {
            involvements.push(involvement(organisation, entry, involvements.len(), chance));
        }
    }
    involvements
}

fn involvement(
    organisation: Organisation,
    entry: NaiveDate,
    place: usize,
    chance: &mut Chance,
) -> Involvement {
    let delay = if place == 0 { chance.below(4) } else { chance.below(240) };
    let since = later(entry, delay).min(last_day());
    let until = later(since, chance.between(40, 700));
    Involvement { organisation, since, until }
}
