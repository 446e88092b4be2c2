//! The library: a scan at the door with the minute, and readings. Commas, everything in quotation
//! marks, dates as `year/month/day hour:minute`.

use super::life::{Quarters, pass};
use super::offer::Kind;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{earlier, first_day, last_day, later, quarter};

const SCANS: Layout = Layout {
    header: &["Card", "Scanned at", "Door"],
    separator: b',',
    quoted: true,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: None,
        bad_days: &["2024/02/30 10:00", "0000/00/00 00:00"],
        bad_codes: &[""],
    },
};

const OFFERS: Layout =
    Layout { header: &["Event", "Type"], weak: Weak { start: None, ..SCANS.weak }, ..SCANS };

const SESSIONS: Layout =
    Layout { header: &["Event", "Held", "Visitors", "Cost", "Volunteer minutes"], ..SCANS };

const ATTENDANCE: Layout = Layout { header: &["Card", "Event", "Held"], ..SCANS };

pub(super) fn deliveries(quarters: &Quarters) -> Files {
    let mut chance = Chance::new(214);
    let mut scans = Export::new(SCANS);
    for resident in quarters.known_to('L') {
        let begin = resident.begin().max(first_day());
        let end = resident.end().map_or_else(last_day, |end| earlier(end, 1));
        let mut day = later(begin, chance.below(120));
        let every = chance.weighted(&[(30, 14), (40, 30), (30, 80)]);
        while day <= end {
            let time = format!("{:02}:{:02}", chance.between(9, 18), chance.below(60));
            let door = chance.weighted(&[(70, "main"), (30, "children")]);
            let scanned = format!("{} {time}", day.format("%Y/%m/%d"));
            let row = vec![pass(resident.number, 'L'), scanned, door.to_owned()];
            scans.register(&mut chance, quarter(day), row);
            day = later(day, 1 + chance.below(2 * every));
        }
    }
    let [mut offers, mut sessions, mut attendance] =
        [OFFERS, SESSIONS, ATTENDANCE].map(Export::new);
    for activity in quarters.offers('L') {
        let event = format!("LIB{:02}", activity.number);
        let kind = if activity.kind == Kind::Course { "course" } else { "reading" };
        offers.register(&mut chance, String::new(), vec![event.clone(), kind.to_owned()]);
        for session in &activity.sessions {
            let row = vec![
                event.clone(),
                session.day.format("%Y/%m/%d 19:30").to_string(),
                session.visitors.to_string(),
                format!("{}.{:02}", session.cost / 100, session.cost % 100),
                (15 * session.volunteered).to_string(),
            ];
            sessions.register(&mut chance, quarter(session.day), row);
        }
    }
    for (resident, activity, session) in quarters.attendances('L') {
        let row = vec![
            pass(resident.number, 'L'),
            format!("LIB{:02}", activity.number),
            session.day.format("%Y/%m/%d 19:30").to_string(),
        ];
        attendance.register(&mut chance, quarter(session.day), row);
    }
    let mut files = Files::new();
    scans.deliver("scans-*.csv", &mut files);
    offers.deliver("events.csv", &mut files);
    sessions.deliver("held-*.csv", &mut files);
    attendance.deliver("guests-*.csv", &mut files);
    files
}
