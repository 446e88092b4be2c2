//! Youth work: lists of who came to which group. Dutch, commas, UTF-8 with a mark, dates as
//! `year-month-day`. Not every child has the pass along, and then nobody knows who it was.

use super::life::{Gender, Language, Quarters, Resident, pass};
use super::offer::Kind;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{month, quarter, year};

const CHILDREN: Layout = Layout {
    header: &["Pasnr", "Geboren", "Geslacht", "Thuistaal"],
    separator: b',',
    quoted: false,
    encoding: Encoding::Utf8WithMark,
    weak: Weak {
        id: 0,
        start: None,
        end: None,
        code: Some(2),
        bad_days: &["2024-02-31", "zomer"],
        bad_codes: &["j", "?"],
    },
};

const OFFERS: Layout = Layout {
    header: &["Werking", "Groep", "Soort"],
    weak: Weak { code: None, ..CHILDREN.weak },
    ..CHILDREN
};

const SESSIONS: Layout = Layout {
    header: &["Werking", "Groep", "Datum", "Aantal", "Kost", "Uren vrijwilligers"],
    weak: Weak { start: Some(2), code: Some(3), bad_codes: &["veel", "20-25"], ..CHILDREN.weak },
    ..CHILDREN
};

const ATTENDANCE: Layout = Layout {
    header: &["Pasnr", "Werking", "Groep", "Datum"],
    weak: Weak { start: Some(3), code: None, ..CHILDREN.weak },
    ..CHILDREN
};

pub(super) fn deliveries(quarters: &Quarters) -> Files {
    let mut chance = Chance::new(212);
    let mut children = Export::new(CHILDREN);
    for child in quarters.known_to('Y') {
        let row = told(child, &mut chance);
        children.register(&mut chance, year(child.begin()), row);
    }
    let [mut offers, mut sessions, mut attendance] =
        [OFFERS, SESSIONS, ATTENDANCE].map(Export::new);
    for activity in quarters.offers('Y') {
        let [work, group] = called(activity.number);
        let kind = match activity.kind {
            Kind::Festivity => "feest",
            Kind::Course => "atelier",
            _ => "speelplein",
        };
        offers.register(
            &mut chance,
            String::new(),
            vec![work.clone(), group.clone(), kind.to_owned()],
        );
        for session in &activity.sessions {
            let row = vec![
                work.clone(),
                group.clone(),
                session.day.to_string(),
                session.visitors.to_string(),
                format!("{}.{:02}", session.cost / 100, session.cost % 100),
                session.hours('.'),
            ];
            sessions.register(&mut chance, quarter(session.day), row);
        }
    }
    for (child, activity, session) in quarters.attendances('Y') {
        let [work, group] = called(activity.number);
        let day = session.day;
        let number = if chance.per_cent(8) { String::new() } else { pass(child.number, 'Y') };
        let row = vec![number, work, group, day.to_string()];
        attendance.register(&mut chance, month(day), row);
    }
    let mut files = Files::new();
    children.deliver("jongeren-*.csv", &mut files);
    offers.deliver("aanbod.csv", &mut files);
    sessions.deliver("momenten-*.csv", &mut files);
    attendance.deliver("aanwezig-*.csv", &mut files);
    files
}

/// What a child says of itself at the desk; some say otherwise than at that of the centre.
fn told(child: &Resident, chance: &mut Chance) -> Vec<String> {
    let gender = match child.gender {
        Gender::Woman => "v",
        Gender::Man => "m",
        Gender::Other => "x",
    };
    // A birthday misheard.
    let birth = child.birth + chrono::Days::new(if chance.per_mille(25) { 31 } else { 0 });
    let language = match child.language {
        _ if chance.per_cent(6) => "andere",
        Language::Dutch => "NL",
        Language::French => "FR",
        Language::Both => "NL en FR",
        Language::Other => "andere",
    };
    vec![pass(child.number, 'Y'), birth.to_string(), gender.to_owned(), language.to_owned()]
}

/// Two words that together name an activity, neither of which does alone.
fn called(number: u32) -> [String; 2] {
    let work = match number / 4 {
        0 => "Kaai 12",
        1 => "De Loods",
        2 => "Pleintje",
        _ => "Meidenwerking",
    };
    let group = match number % 4 {
        0 => "6-9",
        1 => "10-12",
        2 => "13-15",
        _ => "16+",
    };
    [work.to_owned(), group.to_owned()]
}
