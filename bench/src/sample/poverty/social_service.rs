//! The public social service: who belongs to which household, what it lives on, which rights were
//! looked into. Semicolons, windows-1252, a decimal comma, dates as `day/month/year`.

use chrono::NaiveDate;

use super::life::{Household, Income, Member, Role, Source};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, quarter, year};

const MEMBERS: Layout = Layout {
    header: &["Rijksregisternr.", "Gezin", "Plaats in gezin", "Sinds", "Tot"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Windows1252,
    weak: Weak {
        id: 0,
        start: Some(3),
        end: Some(4),
        code: Some(2),
        bad_days: &["31/06/2024", "00/00/0000"],
        bad_codes: &["?", "huisdier"],
    },
};

const PEOPLE: Layout = Layout {
    header: &["Rijksregisternr.", "Geboren", "M/V"],
    weak: Weak { start: None, end: None, code: Some(2), bad_codes: &["9"], ..MEMBERS.weak },
    ..MEMBERS
};

const DWELLINGS: Layout = Layout {
    header: &["Gezin", "Wijk", "Van", "Tot"],
    weak: Weak { start: Some(2), end: Some(3), code: Some(1), bad_codes: &["XXX"], ..MEMBERS.weak },
    ..MEMBERS
};

const INCOMES: Layout = Layout {
    header: &["Gezin", "Bron", "Van", "Tot", "Netto per maand (€)"],
    weak: Weak { code: Some(4), bad_codes: &["onbekend", "€"], ..DWELLINGS.weak },
    ..MEMBERS
};

const RIGHTS: Layout = Layout {
    header: &["Rijksregisternr.", "Recht", "Onderzocht op", "Besluit", "Toegekend op"],
    weak: Weak { start: Some(2), end: None, code: Some(1), bad_codes: &["ander"], ..MEMBERS.weak },
    ..MEMBERS
};

pub(super) fn deliveries(households: &[Household]) -> Files {
    let mut chance = Chance::new(111);
    let [mut people, mut members, mut dwellings, mut incomes, mut rights] =
        [PEOPLE, MEMBERS, DWELLINGS, INCOMES, RIGHTS].map(Export::new);
    for household in households.iter().filter(|household| household.is_known_to('S')) {
        let number = number(household);
        for member in &household.members {
            members.register(&mut chance, year(member.since), belonging(member, &number));
            people.register(&mut chance, year(member.since), person(member));
        }
        for dwelling in &household.dwellings {
            let until = dwelling.until.map(written).unwrap_or_default();
            let row =
                vec![number.clone(), dwelling.area.to_owned(), written(dwelling.since), until];
            dwellings.register(&mut chance, year(dwelling.since), row);
        }
        for income in &household.incomes {
            let row = income_row(*income, &number, &mut chance);
            incomes.register(&mut chance, year(income.from), row);
        }
        let adults = household.members.iter().filter(|member| member.role != Role::Child);
        for member in adults {
            if chance.per_cent(45) {
                let found = household.day(&mut chance);
                let row = right(member, found, &mut chance);
                rights.register(&mut chance, quarter(found), row);
            }
        }
    }
    let mut files = Files::new();
    people.deliver("personen-*.csv", &mut files);
    members.deliver("gezinsleden-*.csv", &mut files);
    dwellings.deliver("adressen-*.csv", &mut files);
    incomes.deliver("inkomens-*.csv", &mut files);
    rights.deliver("rechten-*.csv", &mut files);
    files
}

/// `G 010.007`
pub(super) fn number(household: &Household) -> String {
    let number = household.number;
    format!("G {:03}.{:03}", number / 1_000, number % 1_000)
}

fn belonging(member: &Member, household: &str) -> Vec<String> {
    let role = match member.role {
        Role::Head => "referentiepersoon",
        Role::Partner => "partner",
        Role::Child => "kind",
        Role::Other => "ander",
    };
    vec![
        member.identity.written(Form::Dotted),
        household.to_owned(),
        role.to_owned(),
        written(member.since),
        member.until.map(written).unwrap_or_default(),
    ]
}

fn person(member: &Member) -> Vec<String> {
    let gender = if member.is_woman { "V" } else { "M" };
    vec![member.identity.written(Form::Dotted), written(member.birth), gender.to_owned()]
}

fn income_row(income: Income, household: &str, chance: &mut Chance) -> Vec<String> {
    let source = match income.source {
        Source::Work => "arbeid",
        Source::Unemployment => "werkloosheid",
        Source::IntegrationIncome => "leefloon",
        Source::Disability => "ziekte",
        Source::Pension => "pensioen",
    };
    let euros = if chance.per_mille(40) {
        String::new()
    } else {
        format!("{},{:02}", income.euros, chance.below(100))
    };
    vec![
        household.to_owned(),
        source.to_owned(),
        written(income.from),
        income.until.map(written).unwrap_or_default(),
        euros,
    ]
}

/// Of those who have a right, most get it, some after months.
fn right(member: &Member, found: NaiveDate, chance: &mut Chance) -> Vec<String> {
    let kind = chance.weighted(&[
        (30, "sociaal tarief energie"),
        (30, "verhoogde tegemoetkoming"),
        (20, "schooltoelage"),
        (20, "huurtoelage"),
    ]);
    let is_entitled = chance.per_cent(72);
    let granted = if is_entitled && chance.per_cent(70) {
        let day =
            later(found, chance.weighted(&[(55, 14), (30, 60), (15, 130)]) + chance.below(40));
        (day <= last_day()).then(|| written(day))
    } else {
        None
    };
    let decision = if is_entitled { "heeft recht" } else { "geen recht" };
    let decision = if chance.per_mille(50) { "" } else { decision };
    vec![
        member.identity.written(Form::Dotted),
        kind.to_owned(),
        written(found),
        decision.to_owned(),
        granted.unwrap_or_default(),
    ]
}

fn written(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}
