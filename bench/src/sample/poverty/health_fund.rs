//! The health insurance fund: members and what they were found to have a right to. Bars between
//! columns, French, dates as `year/month/day`; it is sure of birth dates.

use super::life::{Household, Role};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, quarter, year};

const MEMBERS: Layout = Layout {
    header: &["INSZ", "NAISSANCE", "SEXE"],
    separator: b'|',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: None,
        end: None,
        code: Some(2),
        bad_days: &["2024/13/01"],
        bad_codes: &["0"],
    },
};

const RIGHTS: Layout = Layout {
    header: &["INSZ", "DATE EXAMEN", "DROIT OUVERT", "DATE OCTROI"],
    weak: Weak { start: Some(1), code: Some(2), bad_codes: &["?"], ..MEMBERS.weak },
    ..MEMBERS
};

pub(super) fn deliveries(households: &[Household]) -> Files {
    let mut chance = Chance::new(116);
    let [mut members, mut rights] = [MEMBERS, RIGHTS].map(Export::new);
    for household in households.iter().filter(|household| household.is_known_to('H')) {
        for member in &household.members {
            let insz = member.identity.written(Form::Bare);
            let birth = member.birth.format("%Y/%m/%d").to_string();
            let sex = if member.is_woman { "F" } else { "M" };
            let row = vec![insz.clone(), birth, sex.to_owned()];
            members.register(&mut chance, year(member.since), row);
            if member.role == Role::Child || chance.per_cent(40) {
                continue;
            }
            let found = household.day(&mut chance);
            let is_open = chance.per_cent(80);
            let granted = later(found, chance.between(5, 120));
            let is_granted = is_open && chance.per_cent(88) && granted <= last_day();
            let row = vec![
                insz,
                found.format("%Y/%m/%d").to_string(),
                if is_open { "OUI" } else { "NON" }.to_owned(),
                if is_granted { granted.format("%Y/%m/%d").to_string() } else { String::new() },
            ];
            rights.register(&mut chance, quarter(found), row);
        }
    }
    let mut files = Files::new();
    members.deliver("membres-*.txt", &mut files);
    rights.deliver("droits-*.txt", &mut files);
    files
}
