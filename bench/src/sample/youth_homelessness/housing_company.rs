//! The social housing company: one list of all tenants, saved from a spreadsheet as "Unicode text",
//! which is UTF-16. Who rents, lives in a home of their own.

use chrono::NaiveDate;

use super::life::{District, Gender, Organisation, Person, Place, Spell};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::last_day;

const TENANTS: Layout = Layout {
    header: &[
        "Rijksregisternummer huurder",
        "Geboren",
        "M/V/X",
        "Type",
        "Wijk",
        "Ingang contract",
        "Einde contract",
        "Huur",
    ],
    separator: b';',
    quoted: false,
    encoding: Encoding::Utf16LittleEndian,
    weak: Weak {
        id: 0,
        start: Some(5),
        end: Some(6),
        code: Some(3),
        bad_days: &["31.04.2025", "..", "01.2024"],
        bad_codes: &["GARAGE", "BERGING"],
    },
};

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(5);
    let mut tenants = Export::new(TENANTS);
    for person in people {
        let Some(known) = person.known_to(Organisation::HousingCompany) else { continue };
        for spell in person.spells_seen(known, &[Place::Housed, Place::Temporary]) {
            let row = tenancy(person, spell, &mut chance);
            tenants.register(&mut chance, String::new(), row);
        }
    }
    let mut files = Files::new();
    tenants.deliver("huurders*.csv", &mut files);
    files
}

fn tenancy(person: &Person, spell: Spell, chance: &mut Chance) -> Vec<String> {
    let kind = match spell.place {
        Place::Housed => chance.weighted(&[(55, "APP"), (35, "STUDIO"), (10, "WONING")]),
        _ => "DOORSTROOM",
    };
    let gender = match person.gender {
        Gender::Woman => "V",
        Gender::Man => "M",
        Gender::Other => "X",
    };
    // A contract on paper runs on for a while after the data date.
    let until = spell.until.map(written).unwrap_or_default();
    vec![
        person.identity.written(Form::Dotted),
        written(person.birth),
        gender.to_owned(),
        kind.to_owned(),
        district_on(person, spell.from).map(estate).unwrap_or_default().to_owned(),
        written(spell.from.min(last_day())),
        until,
        format!("{},{:02}", chance.between(240, 610), chance.below(100)),
    ]
}

fn district_on(person: &Person, day: NaiveDate) -> Option<District> {
    let holds = |until: Option<NaiveDate>| until.is_none_or(|until| day < until);
    let home = person.homes.iter().find(|home| home.from <= day && holds(home.until))?;
    Some(home.district)
}

fn estate(district: District) -> &'static str {
    match district {
        District::Centre => "01 Binnenstad",
        District::North => "02 Noord",
        District::Harbour => "03 Haven",
        District::EastBank => "04 Oostoever",
        District::WestField => "05 Westveld",
        District::South => "06 Zuid",
        District::Elsewhere => "90 Buiten de stad",
    }
}

fn written(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}
