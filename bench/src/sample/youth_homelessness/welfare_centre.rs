//! The centre for general welfare: a large Dutch registration system whose exports say hours with a
//! decimal comma, carry free remarks, and list planned departures that lie in the future.

use chrono::NaiveDate;

use super::life::{District, Gender, Home, Involvement, Organisation, Person, Place, Spell};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, year};

const TALKS: Layout = Layout {
    header: &["Rijksregisternr", "Datum", "Type contact", "Duur (uur)", "Opmerking"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Windows1252,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(2),
        bad_days: &["30-02-2023", "99-99-9999", "n.v.t."],
        bad_codes: &["ZZ", "GS?"],
    },
};

const STAYS: Layout = Layout {
    header: &["Rijksregisternr", "Woonvorm", "Begin", "Einde"],
    weak: Weak { start: Some(2), end: Some(3), code: Some(1), ..TALKS.weak },
    ..TALKS
};

const FILES: Layout = Layout {
    header: &["Rijksregisternr", "Geboortedatum", "Gender", "Stadsdeel", "Woont er sinds"],
    weak: Weak { start: Some(1), code: Some(3), bad_codes: &["Gent-?"], ..TALKS.weak },
    ..TALKS
};

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(3);
    let mut talks = Export::new(TALKS);
    let mut stays = Export::new(STAYS);
    let mut dossiers = Export::new(FILES);
    for person in people {
        let Some(known) = person.known_to(Organisation::WelfareCentre) else { continue };
        for (place, day) in days(known, &mut chance).into_iter().enumerate() {
            let row = talk(person, place, day, &mut chance);
            talks.register(&mut chance, year(day), row);
        }
        for spell in person.spells_seen(known, PLACES) {
            let row = stay(person, known, spell, &mut chance);
            stays.register(&mut chance, year(spell.from), row);
        }
        // A dossier opened for each district that the centre hears of.
        for home in person.homes_seen(known) {
            let row = dossier(person, home, &mut chance);
            dossiers.register(&mut chance, year(home.from.max(known.since)), row);
        }
    }
    let mut files = Files::new();
    talks.deliver("gesprekken-*.csv", &mut files);
    stays.deliver("opvang-*.csv", &mut files);
    dossiers.deliver("dossiers-*.csv", &mut files);
    files
}

const PLACES: &[Place] = &[
    Place::Rough,
    Place::Emergency,
    Place::Temporary,
    Place::NonConventional,
    Place::WithOthers,
    Place::Housed,
];

fn days(known: Involvement, chance: &mut Chance) -> Vec<NaiveDate> {
    let wanted = chance.between(1, 15);
    let mut day = known.since;
    let mut days = vec![day];
    for _ in 0..wanted {
        day = later(day, chance.between(2, 28));
        if day > known.until || day > last_day() {
            break;
        }
        days.push(day);
    }
    days
}

fn talk(person: &Person, place: usize, day: NaiveDate, chance: &mut Chance) -> Vec<String> {
    let kind = if place == 0 {
        "INT"
    } else {
        chance.weighted(&[(52, "GES"), (16, "HB"), (22, "TEL"), (10, "ADM")])
    };
    let hours = chance.pick(&["0,25", "0,5", "0,5", "0,75", "1", "1", "1,25", "1,5", "2"]);
    let hours = if chance.per_mille(8) { "" } else { hours };
    let remark = if chance.per_mille(25) {
        chance.pick(&[
            "kwam niet opdagen; nieuwe afspraak",
            "gesprek \"onder vier ogen\"",
            "met ouders, daarna alleen",
            "financiële vragen;\ndoorverwezen",
        ])
    } else {
        ""
    };
    let id = person.identity.written(Form::Bare);
    vec![id, written(day), kind.to_owned(), hours.to_owned(), remark.to_owned()]
}

fn stay(person: &Person, known: Involvement, spell: Spell, chance: &mut Chance) -> Vec<String> {
    let kind = match spell.place {
        Place::Rough => "straat",
        Place::Emergency => chance.pick(&["crisisopvang", "nachtopvang"]),
        Place::Temporary => chance.weighted(&[(70, "doorgangswoning"), (30, "opvangcentrum")]),
        Place::NonConventional => "kraakpand/garage",
        Place::WithOthers => chance.pick(&["bij vrienden", "bij familie"]),
        Place::Housed => chance.weighted(&[(60, "eigen woning"), (40, "studio met begeleiding")]),
        Place::Institution => "voorziening",
    };
    let kind = if chance.per_mille(20) { "niet gekend" } else { kind };
    let until = match (spell.place, spell.until) {
        // Whoever is no longer followed is no longer asked where they live.
        (Place::WithOthers, None) if known.until < last_day() => Some(known.until.max(spell.from)),
        (Place::Temporary, None) if chance.per_cent(60) => {
            Some(later(last_day(), chance.between(5, 150)))
        }
        (_, until) => until,
    };
    vec![
        person.identity.written(Form::Bare),
        kind.to_owned(),
        written(spell.from),
        until.map(written).unwrap_or_default(),
    ]
}

fn dossier(person: &Person, home: Home, chance: &mut Chance) -> Vec<String> {
    let gender = match person.gender {
        _ if chance.per_mille(12) => "onbekend",
        _ if chance.per_mille(12) => chance.pick(&["man", "vrouw"]),
        Gender::Woman => "vrouw",
        Gender::Man => "man",
        Gender::Other => "andere",
    };
    let birth = if chance.per_mille(10) { String::new() } else { written(person.birth) };
    vec![
        person.identity.written(Form::Bare),
        birth,
        gender.to_owned(),
        city_part(home.district).to_owned(),
        written(home.from),
    ]
}

fn city_part(district: District) -> &'static str {
    match district {
        District::Centre => "Binnenstad",
        District::North => "Noord",
        District::Harbour => "Haven & Dokken",
        District::EastBank => "Oostoever",
        District::WestField => "Westveld",
        District::South => "Zuid",
        District::Elsewhere => "andere gemeente",
    }
}

fn written(date: NaiveDate) -> String {
    date.format("%d-%m-%Y").to_string()
}
