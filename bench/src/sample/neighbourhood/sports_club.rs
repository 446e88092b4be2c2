//! The sports club: members of its teams, and who trained. Tabs, UTF-16, English headers, dates as
//! `day-month-year`. Who stays away is struck off one day, and nobody notes which.

use super::life::{Gender, Quarters, Resident, pass};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{first_day, last_day, later, quarter, year};

const PLAYERS: Layout = Layout {
    header: &["pass", "born", "sex"],
    separator: b'\t',
    quoted: false,
    encoding: Encoding::Utf16LittleEndian,
    weak: Weak {
        id: 0,
        start: None,
        end: None,
        code: Some(2),
        bad_days: &["30-02-2024", "tbc"],
        bad_codes: &["boy", "-"],
    },
};

const MEMBERS: Layout = Layout {
    header: &["pass", "section", "joined", "left", "status"],
    weak: Weak {
        start: Some(2),
        end: Some(3),
        code: Some(1),
        bad_codes: &["darts"],
        ..PLAYERS.weak
    },
    ..PLAYERS
};

const TEAMS: Layout =
    Layout { header: &["team", "section"], weak: Weak { code: None, ..PLAYERS.weak }, ..PLAYERS };

const SESSIONS: Layout = Layout {
    header: &["team", "day", "on the field", "cost", "coach hours"],
    weak: Weak { start: Some(1), code: Some(3), bad_codes: &["free"], ..PLAYERS.weak },
    ..PLAYERS
};

const ATTENDANCE: Layout = Layout {
    header: &["pass", "team", "day", "minutes"],
    weak: Weak { start: Some(2), code: Some(3), bad_codes: &["all of it"], ..PLAYERS.weak },
    ..PLAYERS
};

/// A quarter whose attendance was never handed over.
const FORGOTTEN: &str = "2024-Q2";

pub(super) fn deliveries(quarters: &Quarters) -> Files {
    let mut chance = Chance::new(213);
    let [mut players, mut members] = [PLAYERS, MEMBERS].map(Export::new);
    for resident in quarters.known_to('S') {
        let sex = match resident.gender {
            Gender::Woman => "F",
            Gender::Man => "M",
            Gender::Other => "X",
        };
        let born = resident.birth.format("%d-%m-%Y").to_string();
        let row = vec![pass(resident.number, 'S'), born, sex.to_owned()];
        players.register(&mut chance, year(resident.begin()), row);
        let (period, row) = membership(resident, &mut chance);
        members.register(&mut chance, period, row);
    }
    let [mut teams, mut sessions, mut attendance] = [TEAMS, SESSIONS, ATTENDANCE].map(Export::new);
    for activity in quarters.offers('S') {
        let team = format!("T{}", activity.number);
        let row = vec![team.clone(), section(activity.number).to_owned()];
        teams.register(&mut chance, String::new(), row);
        for session in &activity.sessions {
            let row = vec![
                team.clone(),
                session.day.format("%d-%m-%Y").to_string(),
                session.visitors.to_string(),
                format!("{}.{:02}", session.cost / 100, session.cost % 100),
                session.hours('.'),
            ];
            sessions.register(&mut chance, quarter(session.day), row);
        }
    }
    for (resident, activity, session) in quarters.attendances('S') {
        let row = vec![
            pass(resident.number, 'S'),
            format!("T{}", activity.number),
            session.day.format("%d-%m-%Y").to_string(),
            session.minutes.to_string(),
        ];
        attendance.register(&mut chance, quarter(session.day), row);
    }
    attendance.skip(FORGOTTEN);
    let mut files = Files::new();
    players.deliver("players-*.tsv", &mut files);
    members.deliver("members-*.tsv", &mut files);
    teams.deliver("teams.tsv", &mut files);
    sessions.deliver("sessions-*.tsv", &mut files);
    attendance.deliver("attendance-*.tsv", &mut files);
    files
}

fn section(number: u32) -> &'static str {
    match number % 4 {
        0 => "football",
        1 => "boxing",
        2 => "basket",
        _ => "dance",
    }
}

fn membership(resident: &Resident, chance: &mut Chance) -> (String, Vec<String>) {
    let joined = later(resident.begin().max(first_day()), chance.below(300)).min(last_day());
    let left = later(joined, chance.between(60, 1_200));
    let (left, status) = match chance.below(100) {
        _ if left >= last_day() => (String::new(), "active"),
        0..45 => (String::new(), "active"),
        45..62 => (String::new(), "struck off"),
        _ => (left.format("%d-%m-%Y").to_string(), "left"),
    };
    let row = vec![
        pass(resident.number, 'S'),
        section(resident.number).to_owned(),
        joined.format("%d-%m-%Y").to_string(),
        left,
        status.to_owned(),
    ];
    (year(joined), row)
}
