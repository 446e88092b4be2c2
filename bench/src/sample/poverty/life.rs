//! Invented households: who belongs to them, where they live and what they live on.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::sample::chance::Chance;
use crate::sample::identity::Identity;
use crate::sample::time::{day, earlier, first_day, last_day, later};

/// How many there are at first; couples that part make more of them.
const HOUSEHOLDS: u32 = 1_400;

/// The parts of town.
pub(super) const AREAS: [&str; 6] = ["CEN", "NRD", "HAV", "OOS", "WES", "ZUI"];

/// People who live and spend together.
#[derive(Clone, Debug)]
pub(super) struct Household {
    /// The number that the town gives it.
    pub(super) number: u32,
    pub(super) members: Vec<Member>,
    pub(super) dwellings: Vec<Dwelling>,
    pub(super) incomes: Vec<Income>,
    /// A letter for each organisation that knows it.
    pub(super) known_to: &'static str,
    /// What it owes when a mediator first adds it up, in euros; 0 for no debts.
    pub(super) debt: u32,
    /// How well it is going: 0 badly to 9 well. It moves debts and goals.
    pub(super) luck: u32,
}

/// Somebody for as long as they belong to a household.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) identity: Identity,
    pub(super) birth: NaiveDate,
    pub(super) is_woman: bool,
    pub(super) role: Role,
    pub(super) since: NaiveDate,
    /// The day of leaving is out.
    pub(super) until: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Head,
    Partner,
    Child,
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Dwelling {
    pub(super) area: &'static str,
    pub(super) since: NaiveDate,
    pub(super) until: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Income {
    pub(super) from: NaiveDate,
    pub(super) until: Option<NaiveDate>,
    pub(super) source: Source,
    /// A month, in euros.
    pub(super) euros: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Work,
    Unemployment,
    IntegrationIncome,
    Disability,
    Pension,
}

impl Household {
    /// Whether the organisation with this letter knows it.
    pub(super) fn is_known_to(&self, letter: char) -> bool {
        self.known_to.contains(letter)
    }

    /// The day on which the first of its members came.
    pub(super) fn begin(&self) -> NaiveDate {
        self.members.iter().map(|member| member.since).min().unwrap_or_else(first_day)
    }

    /// A day on which an organisation may meet it.
    pub(super) fn day(&self, chance: &mut Chance) -> NaiveDate {
        let begin = self.begin().max(first_day());
        let days = u32::try_from((last_day() - begin).num_days()).unwrap_or(0);
        later(begin, chance.below(days.max(1)))
    }
}

/// All of them, the same each time.
pub(super) fn households() -> Vec<Household> {
    let mut chance = Chance::new(101);
    let mut given = BTreeSet::new();
    let mut made = Vec::new();
    for place in 0..HOUSEHOLDS {
        let household = household(10_000 + 7 * place, &mut chance, &mut given);
        made.extend(parted(household, &mut chance));
    }
    made
}

fn household(number: u32, chance: &mut Chance, given: &mut BTreeSet<String>) -> Household {
    let since = if chance.per_cent(70) {
        earlier(first_day(), chance.between(30, 4_000))
    } else {
        later(first_day(), chance.below(900))
    };
    let is_couple = chance.per_cent(38);
    let children = chance.weighted(&[(48, 0), (20, 1), (17, 2), (10, 3), (5, 5)]);
    let mut members = vec![member(Role::Head, since, chance, given)];
    if is_couple {
        members.push(member(Role::Partner, since, chance, given));
    }
    for _ in 0..children {
        members.push(member(Role::Child, since, chance, given));
    }
    if chance.per_cent(4) {
        members.push(member(Role::Other, since, chance, given));
    }
    // A child that came later belongs to it from the day of its birth.
    for member in &mut members {
        member.since = member.since.max(member.birth);
    }
    let known_to = chance.weighted(&[
        (22, "S"),
        (14, "SF"),
        (10, "SE"),
        (9, "SD"),
        (8, "SDH"),
        (8, "SFE"),
        (7, "SHK"),
        (6, "SDFE"),
        (6, "SK"),
        (5, "FH"),
        (5, "SDFEHK"),
    ]);
    let debt = if chance.per_cent(60) { chance.between(400, 24_000) } else { 0 };
    let luck = chance.below(10);
    let (incomes, dwellings) = (incomes(since, is_couple, chance), dwellings(since, chance));
    Household { number, members, dwellings, incomes, known_to, debt, luck }
}

fn member(
    role: Role,
    since: NaiveDate,
    chance: &mut Chance,
    given: &mut BTreeSet<String>,
) -> Member {
    let age = match role {
        Role::Child => chance.between(0, 20),
        Role::Other => chance.between(55, 88),
        Role::Head | Role::Partner => {
            chance.weighted(&[(20, 24), (30, 34), (25, 45), (15, 56), (10, 70)]) + chance.below(9)
        }
    };
    let born = earlier(since, 365 * age + chance.below(365));
    // Some children are yet to be born.
    let birth = match role {
        Role::Child if chance.per_cent(12) => later(since, chance.between(30, 900)),
        _ => born,
    };
    let birth = birth.min(earlier(last_day(), 20));
    let identity = if chance.per_cent(5) {
        Identity::Reference(100_000 + chance.below(800_000))
    } else {
        Identity::national(birth, chance, given)
    };
    Member { identity, birth, is_woman: chance.per_cent(52), role, since, until: None }
}

/// What it lives on, and what changes: a job found or lost, prices that drive benefits up.
fn incomes(since: NaiveDate, is_couple: bool, chance: &mut Chance) -> Vec<Income> {
    let mut from = since.max(day(2022, 1, 1));
    let mut incomes = Vec::new();
    let mut source = chance.weighted(&[
        (34, Source::IntegrationIncome),
        (26, Source::Work),
        (18, Source::Unemployment),
        (14, Source::Disability),
        (8, Source::Pension),
    ]);
    loop {
        let euros = match source {
            Source::Work => chance.between(1_350, 2_700) + if is_couple { 350 } else { 0 },
            Source::Unemployment => chance.between(1_050, 1_650),
            Source::IntegrationIncome => (if is_couple { 1_640 } else { 1_215 }) + chance.below(90),
            Source::Disability => chance.between(1_200, 1_850),
            Source::Pension => chance.between(1_250, 1_900),
        };
        let lasts = chance.between(120, 900);
        let until = later(from, lasts);
        let ends = until < last_day() && chance.per_cent(75);
        incomes.push(Income { from, until: ends.then_some(until), source, euros });
        if !ends {
            return incomes;
        }
        source = match source {
            Source::Pension => Source::Pension,
            Source::Work if chance.per_cent(55) => Source::Unemployment,
            Source::Work => Source::Work,
            _ if chance.per_cent(45) => Source::Work,
            _ => Source::IntegrationIncome,
        };
        // Some months nobody knows what they lived on.
        from = if chance.per_cent(12) { later(until, chance.between(20, 90)) } else { until };
    }
}

fn dwellings(since: NaiveDate, chance: &mut Chance) -> Vec<Dwelling> {
    let mut since = since;
    let mut dwellings = Vec::new();
    while chance.per_cent(28) && dwellings.len() < 3 {
        let until = later(since.max(first_day()), chance.between(60, 500));
        if until >= last_day() {
            break;
        }
        dwellings.push(Dwelling { area: chance.pick(&AREAS), since, until: Some(until) });
        since = until;
    }
    dwellings.push(Dwelling { area: chance.pick(&AREAS), since, until: None });
    dwellings
}

/// Couples that part: the partner is a household of one from that day, or of two with a child.
fn parted(household: Household, chance: &mut Chance) -> Vec<Household> {
    let partner = household.members.iter().position(|member| member.role == Role::Partner);
    let (Some(partner), true) = (partner, chance.per_cent(14)) else { return vec![household] };
    let mut stays = household.clone();
    let moved = household.day(chance);
    if moved.year() < 2023 {
        return vec![household];
    }
    let mut leaving: Vec<Member> = Vec::new();
    for (place, member) in stays.members.iter_mut().enumerate() {
        let goes = place == partner || (member.role == Role::Child && chance.per_cent(35));
        if goes && member.since < moved {
            member.until = Some(moved);
            let role = if place == partner { Role::Head } else { Role::Child };
            leaving.push(Member { role, since: moved, until: None, ..member.clone() });
        }
    }
    if leaving.is_empty() {
        return vec![household];
    }
    let goes = Household {
        number: household.number + 3,
        members: leaving,
        dwellings: vec![Dwelling { area: chance.pick(&AREAS), since: moved, until: None }],
        incomes: incomes(moved, false, chance),
        known_to: household.known_to,
        debt: household.debt / 3,
        luck: chance.below(10),
    };
    vec![stays, goes]
}
