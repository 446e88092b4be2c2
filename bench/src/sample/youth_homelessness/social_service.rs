//! The public social service: extracts from the town's mainframe. Columns stand between bars, debts
//! are in euros with a decimal comma, and the euro sign in a heading needs windows-1252.

use chrono::NaiveDate;

use super::life::{District, Gender, Home, Involvement, Organisation, Person, Place, Spell};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, quarter, year};

const DEBTS: Layout = Layout {
    header: &["INSZ", "Datum vaststelling", "Aard schuld", "Bedrag (€)"],
    separator: b'|',
    quoted: false,
    encoding: Encoding::Windows1252,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(3),
        bad_days: &["2024/02/31", "0000/00/00", "onbekend"],
        bad_codes: &["1.250,00 euro", "veel", ""],
    },
};

const ADDRESSES: Layout = Layout {
    header: &["INSZ", "NIS-wijk", "Van", "Tot"],
    weak: Weak {
        start: Some(2),
        end: Some(3),
        code: Some(1),
        bad_codes: &["44021Z99", "99999"],
        ..DEBTS.weak
    },
    ..DEBTS
};

const SITUATIONS: Layout = Layout {
    header: &["INSZ", "Woonsituatie", "Vanaf", "Tot en zonder"],
    weak: Weak { bad_codes: &["77"], ..ADDRESSES.weak },
    ..DEBTS
};

const FILES: Layout = Layout {
    header: &["INSZ", "Geboortedatum", "Geslacht"],
    weak: Weak { code: Some(2), bad_codes: &["9"], ..DEBTS.weak },
    ..DEBTS
};

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(4);
    let mut debts = Export::new(DEBTS);
    let mut addresses = Export::new(ADDRESSES);
    let mut situations = Export::new(SITUATIONS);
    let mut dossiers = Export::new(FILES);
    for person in people {
        let Some(known) = person.known_to(Organisation::SocialService) else { continue };
        for day in debt_days(known, &mut chance) {
            let row = debt(person, day, &mut chance);
            debts.register(&mut chance, quarter(day), row);
        }
        for home in person.homes_seen(known) {
            addresses.register(&mut chance, year(home.from), address(person, home));
        }
        for spell in person.spells_seen(known, PLACES) {
            let row = situation(person, spell, &mut chance);
            situations.register(&mut chance, year(spell.from), row);
        }
        let row = dossier(person, &mut chance);
        dossiers.register(&mut chance, year(known.since), row);
    }
    let mut files = Files::new();
    debts.deliver("schulden-*.txt", &mut files);
    addresses.deliver("adressen-*.txt", &mut files);
    situations.deliver("woonsituatie-*.txt", &mut files);
    dossiers.deliver("dossiers-*.txt", &mut files);
    files
}

const PLACES: &[Place] =
    &[Place::Temporary, Place::NonConventional, Place::WithOthers, Place::Housed];

/// Four of ten have no debts that the service knows of.
fn debt_days(known: Involvement, chance: &mut Chance) -> Vec<NaiveDate> {
    let wanted = chance.weighted(&[(40, 0), (20, 1), (16, 2), (12, 3), (8, 4), (4, 6)]);
    let mut day = known.since;
    let mut days = Vec::new();
    for _ in 0..wanted {
        day = later(day, chance.between(2, 90));
        if day > known.until || day > last_day() {
            break;
        }
        days.push(day);
    }
    days
}

fn debt(person: &Person, day: NaiveDate, chance: &mut Chance) -> Vec<String> {
    let kind = chance.weighted(&[
        (30, "HUUR"),
        (25, "ENERGIE"),
        (15, "BOETE"),
        (18, "GEZ"),
        (9, "LEEN"),
        (3, ""),
    ]);
    let euros = match kind {
        "HUUR" => chance.between(250, 3_900),
        "BOETE" => chance.between(35, 600),
        _ => chance.between(40, 1_800),
    };
    vec![
        person.identity.written(Form::Spaced),
        written(day),
        kind.to_owned(),
        format!("{euros},{:02}", chance.below(100)),
    ]
}

fn address(person: &Person, home: Home) -> Vec<String> {
    vec![
        person.identity.written(Form::Spaced),
        statistical_area(home.district).to_owned(),
        written(home.from),
        home.until.map(written).unwrap_or_default(),
    ]
}

fn situation(person: &Person, spell: Spell, chance: &mut Chance) -> Vec<String> {
    let code = match spell.place {
        Place::Temporary => "31",
        Place::NonConventional => "50",
        Place::WithOthers => "60",
        _ => chance.weighted(&[(80, "10"), (20, "11")]),
    };
    let code = if chance.per_mille(15) { "00" } else { code };
    vec![
        person.identity.written(Form::Spaced),
        code.to_owned(),
        written(spell.from),
        spell.until.map(written).unwrap_or_default(),
    ]
}

/// The national register knows women and men only, and is sure of the birth date.
fn dossier(person: &Person, chance: &mut Chance) -> Vec<String> {
    let gender = match person.gender {
        Gender::Woman => "2",
        Gender::Man => "1",
        Gender::Other => chance.pick(&["1", "2"]),
    };
    vec![person.identity.written(Form::Spaced), written(person.birth), gender.to_owned()]
}

fn statistical_area(district: District) -> &'static str {
    match district {
        District::Centre => "44021A0",
        District::North => "44021B1",
        District::Harbour => "44021C3",
        District::EastBank => "44021D2",
        District::WestField => "44021E4",
        District::South => "44021F1",
        District::Elsewhere => "EXT",
    }
}

fn written(date: NaiveDate) -> String {
    date.format("%Y/%m/%d").to_string()
}
