//! The employment service: an English exchange format in which months come before days and every
//! cell stands in quotation marks. One row a trajectory, birth date and gender repeated in each.

use chrono::NaiveDate;

use super::life::{Gender, Involvement, Organisation, Person};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, year};

const TRAJECTORIES: Layout = Layout {
    header: &["NationalId", "BirthDate", "Sex", "TrajectoryType", "StartDate", "EndDate"],
    separator: b',',
    quoted: true,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: Some(4),
        end: Some(5),
        code: Some(3),
        bad_days: &["02/30/2024", "31/12/2023", "N/A"],
        bad_codes: &["TEST", "T9"],
    },
};

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(6);
    let mut trajectories = Export::new(TRAJECTORIES);
    for person in people {
        let Some(known) = person.known_to(Organisation::EmploymentService) else { continue };
        for (start, end) in times(known, &mut chance) {
            let row = trajectory(person, start, end, &mut chance);
            trajectories.register(&mut chance, year(start), row);
        }
    }
    let mut files = Files::new();
    trajectories.deliver("trajectories-*.csv", &mut files);
    files
}

fn times(known: Involvement, chance: &mut Chance) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let wanted = chance.between(1, 4);
    let mut start = known.since;
    let mut times = Vec::new();
    for _ in 0..wanted {
        if start > last_day() {
            break;
        }
        let end = later(start, chance.between(10, 260));
        // An end after the data date is a plan; half of them are in the export.
        let known_end = end <= last_day() || chance.per_cent(50);
        times.push((start, known_end.then_some(end)));
        start = later(end, chance.between(0, 90));
    }
    times
}

fn trajectory(
    person: &Person,
    start: NaiveDate,
    end: Option<NaiveDate>,
    chance: &mut Chance,
) -> Vec<String> {
    let sex = match person.gender {
        Gender::Woman => "F",
        Gender::Man => "M",
        Gender::Other => "U",
    };
    let kind = chance.weighted(&[(38, "T1"), (20, "T2"), (30, "J1"), (12, "V1")]);
    vec![
        person.identity.written(Form::Bare),
        written(person.birth),
        sex.to_owned(),
        kind.to_owned(),
        written(start),
        end.map(written).unwrap_or_default(),
    ]
}

fn written(date: NaiveDate) -> String {
    date.format("%m/%d/%Y").to_string()
}
