//! The night shelter: a small Dutch program of its own, old enough for windows-1252. Each row is a
//! run of nights; guests come, go and come back.

use chrono::NaiveDate;

use super::life::{District, Gender, Involvement, Organisation, Person, Place, Spell};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, quarter, year};

const STAYS: Layout = Layout {
    header: &["Client nr.", "Soort", "Datum in", "Datum uit"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Windows1252,
    weak: Weak {
        id: 0,
        start: Some(2),
        end: Some(3),
        code: Some(1),
        bad_days: &["31/02/2024", "00/00/0000", "?", ""],
        bad_codes: &["nahct", "tent"],
    },
};

const GUESTS: Layout = Layout {
    header: &["Client nr.", "Geb.datum", "Geslacht", "Wijk", "Wijk sinds"],
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(2),
        bad_days: &["31/06/2004", "00/00/0000", ""],
        bad_codes: &["onb."],
    },
    ..STAYS
};

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(1);
    let (mut stays, mut guests) = (Export::new(STAYS), Export::new(GUESTS));
    for person in people {
        let Some(known) = person.known_to(Organisation::NightShelter) else { continue };
        let mut years = Vec::new();
        for spell in person.spells_seen(known, &[Place::Emergency]) {
            for (arrived, left) in runs(spell, &mut chance) {
                years.push(year(arrived));
                let row = stay(person, arrived, left, &mut chance);
                stays.register(&mut chance, quarter(arrived), row);
            }
        }
        if years.is_empty() {
            years.push(year(known.since));
        }
        years.dedup();
        for period in years {
            let row = guest(person, known, &mut chance);
            guests.register(&mut chance, period, row);
        }
    }
    let mut files = Files::new();
    stays.deliver("verblijven-*.csv", &mut files);
    guests.deliver("gasten-*.csv", &mut files);
    files
}

/// A time in emergency, night after night, with nights elsewhere between.
fn runs(spell: Spell, chance: &mut Chance) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let mut arrived = spell.from;
    let mut runs = Vec::new();
    loop {
        let left = later(arrived, chance.between(1, 24));
        let over = spell.until.unwrap_or_else(|| later(last_day(), 1));
        if left >= over {
            runs.push((arrived, spell.until));
            return runs;
        }
        runs.push((arrived, Some(left)));
        arrived = later(left, chance.between(0, 9));
        if arrived >= over {
            return runs;
        }
    }
}

fn stay(
    person: &Person,
    arrived: NaiveDate,
    left: Option<NaiveDate>,
    chance: &mut Chance,
) -> Vec<String> {
    let kind = chance.weighted(&[(74, "nacht"), (14, "winter"), (8, "crisis"), (4, "")]);
    vec![
        person.identity.written(Form::Dotted),
        kind.to_owned(),
        written(arrived),
        left.map(written).unwrap_or_default(),
    ]
}

fn guest(person: &Person, known: Involvement, chance: &mut Chance) -> Vec<String> {
    let gender = match person.gender {
        _ if chance.per_mille(25) => "",
        Gender::Woman => "V",
        Gender::Man => "M",
        Gender::Other => chance.pick(&["X", "M", "V"]),
    };
    let birth = if chance.per_mille(30) { String::new() } else { written(person.birth) };
    let home = person.homes_seen(known).first().copied();
    vec![
        person.identity.written(Form::Dotted),
        birth,
        gender.to_owned(),
        home.map(|home| ward(home.district)).unwrap_or_default().to_owned(),
        home.map(|home| written(home.from)).unwrap_or_default(),
    ]
}

fn ward(district: District) -> &'static str {
    match district {
        District::Centre => "CEN",
        District::North => "NRD",
        District::Harbour => "HAV",
        District::EastBank => "OOS",
        District::WestField => "WES",
        District::South => "ZUI",
        District::Elsewhere => "BUI",
    }
}

fn written(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}
