//! Street outreach: an English app on a telephone, typed in the rain. Numbers are written in any
//! form, minutes are often forgotten, and the exports of the third quarter of 2024 were lost.

use chrono::NaiveDate;

use super::life::{District, Gender, Involvement, Organisation, Person, Place};
use super::night_line::NightLine;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, quarter, year};

const CONTACTS: Layout = Layout {
    header: &["client_ref", "visit_date", "visit_type", "duration_min"],
    separator: b',',
    quoted: false,
    encoding: Encoding::Utf8WithMark,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(2),
        bad_days: &["2024-02-30", "2023-13-01", "yesterday", ""],
        bad_codes: &["chat?", "misc"],
    },
};

const SPELLS: Layout = Layout {
    header: &["client_ref", "sleeping_place", "first_seen", "last_seen"],
    weak: Weak { start: Some(2), end: Some(3), code: Some(1), ..CONTACTS.weak },
    ..CONTACTS
};

const PEOPLE: Layout = Layout {
    header: &["client_ref", "dob", "gender", "area", "area_since"],
    weak: Weak { start: Some(1), end: None, code: Some(2), ..CONTACTS.weak },
    ..CONTACTS
};

/// What the team did not keep of its third quarter.
const LOST: &str = "2024-Q3";

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(2);
    let mut contacts = Export::new(CONTACTS);
    let mut spells = Export::new(SPELLS);
    let mut known_people = Export::new(PEOPLE);
    let mut nights = NightLine::new();
    for person in people {
        let Some(known) = person.known_to(Organisation::StreetOutreach) else { continue };
        for (place, day) in visits(known, &mut chance).into_iter().enumerate() {
            let row = contact(person, place, day, &mut chance);
            contacts.register(&mut chance, quarter(day), row);
            nights.night(person, day);
        }
        for row in seen(person, known, &mut chance) {
            let period = year(row.0);
            spells.register(&mut chance, period, row.1);
        }
        let row = profile(person, known, &mut chance);
        known_people.register(&mut chance, String::new(), row);
    }
    let mut files = Files::new();
    contacts.skip(LOST);
    nights.deliver(LOST, &mut files);
    contacts.deliver("contacts-*.csv", &mut files);
    spells.deliver("spells-*.csv", &mut files);
    known_people.deliver("people*.csv", &mut files);
    files
}

fn visits(known: Involvement, chance: &mut Chance) -> Vec<NaiveDate> {
    let mut days = vec![known.since];
    let wanted = chance.between(2, 13);
    let mut day = known.since;
    for _ in 0..wanted {
        day = later(day, chance.between(1, 36));
        if day > known.until || day > last_day() {
            break;
        }
        days.push(day);
    }
    days
}

fn contact(person: &Person, place: usize, day: NaiveDate, chance: &mut Chance) -> Vec<String> {
    let kind = if place == 0 && chance.per_cent(92) {
        "first"
    } else {
        chance.weighted(&[(60, "street"), (22, "talk"), (10, "phone"), (8, "home")])
    };
    let minutes = chance.pick(&[5, 10, 15, 15, 20, 30, 45, 60]);
    let forgotten = chance.per_mille(35);
    vec![
        person.identity.written(any_form(chance)),
        written(day),
        kind.to_owned(),
        if forgotten { String::new() } else { minutes.to_string() },
    ]
}

/// Where somebody was found sleeping, as the team remembers the days.
fn seen(person: &Person, known: Involvement, chance: &mut Chance) -> Vec<(NaiveDate, Vec<String>)> {
    let places = [Place::Rough, Place::NonConventional, Place::WithOthers];
    let mut rows = Vec::new();
    for spell in person.spells_seen(known, &places) {
        let first_seen = later(spell.from, chance.below(4)).min(last_day());
        let last_seen = spell.until.map(|until| until.max(first_seen));
        let place = match spell.place {
            Place::Rough => chance.weighted(&[(70, "street"), (20, "station"), (10, "park")]),
            Place::NonConventional => chance.pick(&["squat", "car", "caravan"]),
            _ => "sofa",
        };
        let place = if chance.per_mille(30) { "unknown" } else { place };
        let row = vec![
            person.identity.written(any_form(chance)),
            place.to_owned(),
            written(first_seen),
            last_seen.map(written).unwrap_or_default(),
        ];
        rows.push((first_seen, row));
    }
    rows
}

fn profile(person: &Person, known: Involvement, chance: &mut Chance) -> Vec<String> {
    let birth = if chance.per_mille(90) { String::new() } else { written(person.birth) };
    let gender = match person.gender {
        _ if chance.per_mille(40) => "",
        _ if chance.per_mille(15) => chance.pick(&["female", "male"]),
        Gender::Woman => "female",
        Gender::Man => "male",
        Gender::Other => "other",
    };
    let home = person.homes_seen(known).first().copied();
    vec![
        person.identity.written(any_form(chance)),
        birth,
        gender.to_owned(),
        home.map(|home| area(home.district)).unwrap_or_default().to_owned(),
        home.map(|home| written(home.from)).unwrap_or_default(),
    ]
}

fn any_form(chance: &mut Chance) -> Form {
    chance.pick(&[Form::Dotted, Form::Bare, Form::Bare, Form::Spaced, Form::Decomposed])
}

fn area(district: District) -> &'static str {
    match district {
        District::Centre => "centre",
        District::North => "north",
        District::Harbour => "harbour",
        District::EastBank => "east bank",
        District::WestField => "west field",
        District::South => "south",
        District::Elsewhere => "other town",
    }
}

fn written(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}
