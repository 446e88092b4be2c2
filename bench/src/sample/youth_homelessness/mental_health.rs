//! The mental health centre: French software, an export a month, wellbeing with a decimal comma,
//! and a few appointments that are still to come.

use chrono::NaiveDate;

use super::life::{Gender, Involvement, Organisation, Person};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, month};

const CONSULTATIONS: Layout = Layout {
    header: &["N° de dossier", "Date séance", "Durée (min)", "Bien-être"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(3),
        bad_days: &["30.02.2025", "00.00.0000", "reporté"],
        bad_codes: &["très bien", "5,5,5"],
    },
};

const PATIENTS: Layout = Layout {
    header: &["N° de dossier", "Date de naissance", "Sexe"],
    weak: Weak { code: Some(2), bad_codes: &["?"], ..CONSULTATIONS.weak },
    ..CONSULTATIONS
};

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(7);
    let mut consultations = Export::new(CONSULTATIONS);
    let mut patients = Export::new(PATIENTS);
    for person in people {
        let Some(known) = person.known_to(Organisation::MentalHealth) else { continue };
        let mut wellbeing = chance.between(15, 60);
        for day in days(known, &mut chance) {
            // Halves of a point from 0 to 10, slowly upwards.
            wellbeing =
                (wellbeing + chance.between(0, 14)).saturating_sub(chance.below(12)).min(100);
            let row = consultation(person, day, wellbeing, &mut chance);
            consultations.register(&mut chance, month(day), row);
        }
        let row = patient(person, &mut chance);
        patients.register(&mut chance, String::new(), row);
    }
    let mut files = Files::new();
    consultations.deliver("consultations-*.csv", &mut files);
    patients.deliver("patients*.csv", &mut files);
    files
}

/// No two on one day; the last may be an appointment after the data date.
fn days(known: Involvement, chance: &mut Chance) -> Vec<NaiveDate> {
    let wanted = chance.between(1, 14);
    let mut day = later(known.since, chance.between(0, 20));
    let mut days = Vec::new();
    for _ in 0..wanted {
        let to_come = day > last_day();
        if to_come && !chance.per_cent(20) {
            break;
        }
        days.push(day);
        if to_come {
            break;
        }
        day = later(day, chance.between(5, 45));
    }
    days
}

fn consultation(
    person: &Person,
    day: NaiveDate,
    wellbeing: u32,
    chance: &mut Chance,
) -> Vec<String> {
    let asked = day <= last_day() && chance.per_cent(88);
    let halves = wellbeing / 5;
    let score = format!("{},{}", halves / 2, halves % 2 * 5);
    vec![
        person.identity.written(Form::Decomposed),
        written(day),
        chance.pick(&["30", "45", "45", "50", "60"]).to_owned(),
        if asked { score } else { String::new() },
    ]
}

fn patient(person: &Person, chance: &mut Chance) -> Vec<String> {
    let gender = match person.gender {
        _ if chance.per_mille(20) => "",
        Gender::Woman => "F",
        Gender::Man => "H",
        Gender::Other => "A",
    };
    let birth = if chance.per_mille(25) { String::new() } else { written(person.birth) };
    vec![person.identity.written(Form::Decomposed), birth, gender.to_owned()]
}

fn written(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}
