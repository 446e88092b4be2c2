//! The path of somebody's living situations, and the organisations that stand along it.

use chrono::NaiveDate;

use super::{Organisation, Place, Spell};
use crate::sample::chance::Chance;
use crate::sample::time::{last_day, later};

/// Where the path begins.
pub(super) fn first_place(chance: &mut Chance) -> Place {
    chance.weighted(&[
        (30, Place::WithOthers),
        (22, Place::Emergency),
        (15, Place::Institution),
        (13, Place::Rough),
        (10, Place::Temporary),
        (4, Place::NonConventional),
        (6, Place::Housed),
    ])
}

/// From the first day on, until the data date or until nobody knows any more.
pub(super) fn spells(entry: NaiveDate, first: Place, chance: &mut Chance) -> Vec<Spell> {
    let (mut place, mut from) = (first, entry);
    let mut spells = Vec::new();
    loop {
        let (shortest, longest) = match place {
            // A good part of the homes are lost again within weeks.
            Place::Housed if chance.per_cent(24) => (12, 90),
            _ => days(place),
        };
        let until = later(from, chance.between(shortest, longest));
        if until > last_day() {
            spells.push(Spell { place, from, until: None });
            return spells;
        }
        spells.push(Spell { place, from, until: Some(until) });
        if chance.per_cent(9) {
            return spells;
        }
        place = next_place(place, chance);
        // Between two places there are at times a few days of which nobody heard.
        from = if chance.per_cent(12) { later(until, chance.between(1, 25)) } else { until };
        if from > last_day() {
            return spells;
        }
    }
}

/// The shortest and the longest time at a place.
fn days(place: Place) -> (u32, u32) {
    match place {
        Place::Rough => (8, 110),
        Place::Emergency => (3, 70),
        Place::Temporary => (45, 330),
        Place::Institution => (90, 620),
        Place::NonConventional => (30, 240),
        Place::WithOthers => (14, 210),
        Place::Housed => (90, 1_000),
    }
}

fn next_place(place: Place, chance: &mut Chance) -> Place {
    use Place::{Emergency, Housed, Institution, NonConventional, Rough, Temporary, WithOthers};
    let weights: &[(u32, Place)] = match place {
        Rough => &[(45, Emergency), (25, WithOthers), (12, Temporary), (10, NonConventional)],
        Emergency => &[(25, Rough), (25, WithOthers), (28, Temporary), (22, Housed)],
        Temporary => &[(62, Housed), (22, WithOthers), (10, Emergency), (6, Institution)],
        Institution => &[(38, Housed), (30, WithOthers), (18, Temporary), (14, Emergency)],
        NonConventional => &[(40, Emergency), (30, WithOthers), (30, Housed)],
        WithOthers => &[(38, Housed), (24, Emergency), (16, Rough), (22, Temporary)],
        Housed => &[(50, WithOthers), (28, Emergency), (12, Rough), (10, NonConventional)],
    };
    chance.weighted(weights)
}

/// The organisation at whose door somebody comes first.
pub(super) fn first_organisation(spells: &[Spell], chance: &mut Chance) -> Organisation {
    use Organisation::{
        EmploymentService, HousingCompany, MentalHealth, NightShelter, SocialService,
        StreetOutreach, WelfareCentre, YouthCare,
    };
    let weights: &[(u32, Organisation)] = match spells.first().map(|spell| spell.place) {
        Some(Place::Rough) => &[(60, StreetOutreach), (25, NightShelter), (15, MentalHealth)],
        Some(Place::Emergency) => &[(64, NightShelter), (30, WelfareCentre), (6, MentalHealth)],
        Some(Place::Institution) => &[(92, YouthCare), (8, MentalHealth)],
        Some(Place::NonConventional) => &[(50, StreetOutreach), (50, SocialService)],
        Some(Place::Housed) => &[(45, SocialService), (40, HousingCompany), (15, WelfareCentre)],
        Some(Place::Temporary) => &[(80, WelfareCentre), (20, SocialService)],
        Some(Place::WithOthers) | None => {
            &[(52, WelfareCentre), (26, SocialService), (12, EmploymentService), (10, MentalHealth)]
        }
    };
    chance.weighted(weights)
}

/// One that somebody comes to know besides.
pub(super) fn further_organisation(spells: &[Spell], chance: &mut Chance) -> Organisation {
    let was = |place: Place| u32::from(spells.iter().any(|spell| spell.place == place));
    chance.weighted(&[
        (14, Organisation::WelfareCentre),
        (18, Organisation::SocialService),
        (12, Organisation::EmploymentService),
        (11, Organisation::MentalHealth),
        (2 + 16 * was(Place::Emergency), Organisation::NightShelter),
        (2 + 14 * was(Place::Rough), Organisation::StreetOutreach),
        (1 + 22 * was(Place::Housed), Organisation::HousingCompany),
        (20 * was(Place::Institution), Organisation::YouthCare),
    ])
}
