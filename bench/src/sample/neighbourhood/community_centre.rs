//! The community centre: it gives out the neighbourhood passes, and writes down where their holders
//! live. French, semicolons, windows-1252, dates as `day/month/year`, a decimal comma.

use chrono::NaiveDate;

use super::area::{BLOCKS, Neighbourhood, split};
use super::life::{Gender, Home, Language, Quarters, Resident, pass};
use super::offer::{Kind, Session};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{last_day, quarter, year};

const PASSES: Layout = Layout {
    header: &["Carte", "Né(e) le", "Sexe", "Langue"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Windows1252,
    weak: Weak {
        id: 0,
        start: None,
        end: None,
        code: Some(3),
        bad_days: &["31/04/2024", "hier"],
        bad_codes: &["???", "EN/DE"],
    },
};

const ADDRESSES: Layout = Layout {
    header: &["Carte", "Quartier", "Depuis", "Jusqu'au", "Remarque"],
    weak: Weak {
        start: Some(2),
        end: Some(3),
        code: Some(1),
        bad_codes: &["Ailleurs ?"],
        ..PASSES.weak
    },
    ..PASSES
};

const OFFERS: Layout =
    Layout { header: &["Activité", "Nature"], weak: Weak { code: None, ..PASSES.weak }, ..PASSES };

const SESSIONS: Layout = Layout {
    header: &["Activité", "Date", "Personnes", "Frais (€)", "Heures bénévoles"],
    weak: Weak { start: Some(1), code: Some(3), bad_codes: &["voir compta"], ..PASSES.weak },
    ..PASSES
};

const ATTENDANCE: Layout = Layout {
    header: &["Carte", "Activité", "Date", "Minutes"],
    weak: Weak { start: Some(2), code: Some(3), bad_codes: &["2h"], ..PASSES.weak },
    ..PASSES
};

pub(super) fn deliveries(quarters: &Quarters) -> Files {
    let mut chance = Chance::new(211);
    let [mut passes, mut addresses] = [PASSES, ADDRESSES].map(Export::new);
    for resident in quarters.known_to('C') {
        let row = holder(resident, &mut chance);
        passes.register(&mut chance, year(resident.begin()), row);
        for home in &resident.homes {
            for row in lived(resident, *home, &mut chance) {
                addresses.register(&mut chance, year(home.since), row);
            }
        }
    }
    let [mut offers, mut sessions, mut attendance] =
        [OFFERS, SESSIONS, ATTENDANCE].map(Export::new);
    for activity in quarters.offers('C') {
        let number = format!("ACT-{:03}", activity.number);
        let kind = match activity.kind {
            Kind::Festivity => "Fête de quartier",
            Kind::Meeting => "Rencontre",
            Kind::Repair => "Repair café",
            _ => "Cours",
        };
        offers.register(&mut chance, String::new(), vec![number.clone(), kind.to_owned()]);
        for session in &activity.sessions {
            let row = held(&number, session, &mut chance);
            sessions.register(&mut chance, quarter(session.day), row);
        }
    }
    for (resident, activity, session) in quarters.attendances('C') {
        let minutes =
            if chance.per_mille(45) { String::new() } else { session.minutes.to_string() };
        let row = vec![
            pass(resident.number, 'C'),
            format!("ACT-{:03}", activity.number),
            written(session.day),
            minutes,
        ];
        attendance.register(&mut chance, quarter(session.day), row);
    }
    let mut files = Files::new();
    passes.deliver("cartes-*.csv", &mut files);
    addresses.deliver("adresses-*.csv", &mut files);
    offers.deliver("activites.csv", &mut files);
    sessions.deliver("seances-*.csv", &mut files);
    attendance.deliver("presences-*.csv", &mut files);
    files
}

fn holder(resident: &Resident, chance: &mut Chance) -> Vec<String> {
    let sex = match resident.gender {
        Gender::Woman => "F",
        Gender::Man => "H",
        Gender::Other => "X",
    };
    let language = match resident.language {
        Language::Dutch => "NL",
        Language::French => "FR",
        Language::Both => "FR+NL",
        Language::Other => "autre",
    };
    let birth = if chance.per_mille(30) { String::new() } else { written(resident.birth) };
    vec![pass(resident.number, 'C'), birth, sex.to_owned(), language.to_owned()]
}

/// Where somebody lives, by neighbourhood. When the yards were split, the centre asked those who
/// lived there in which half; not everybody answered.
fn lived(resident: &Resident, home: Home, chance: &mut Chance) -> Vec<Vec<String>> {
    let Some(block) = BLOCKS.get(home.block) else { return Vec::new() };
    let left_unknown = home.until.is_some() && chance.per_cent(12);
    let (until, remark) = match home.until {
        Some(_) if left_unknown => (String::new(), "parti, date inconnue"),
        Some(until) => (written(until), ""),
        None => (String::new(), ""),
    };
    let row = |area: Neighbourhood, since: NaiveDate, until: String, remark: &str| {
        vec![
            pass(resident.number, 'C'),
            area.french().to_owned(),
            written(since),
            until,
            remark.to_owned(),
        ]
    };
    let (before, after) = (block.neighbourhood_on(home.since), block.neighbourhood_on(last_day()));
    let is_split = before != after && home.until.is_none_or(|until| until > split());
    if is_split && chance.per_cent(65) {
        return vec![
            row(before, home.since, written(split()), ""),
            row(after, split(), until, remark),
        ];
    }
    vec![row(before, home.since, until, remark)]
}

/// Sums above a thousand have a sign between groups of digits.
fn held(number: &str, session: &Session, chance: &mut Chance) -> Vec<String> {
    let (euros, cents) = (session.cost / 100, session.cost % 100);
    let cost = if euros >= 1_000 {
        format!("{}.{:03},{cents:02}", euros / 1_000, euros % 1_000)
    } else {
        format!("{euros},{cents:02}")
    };
    let hours = session.hours(',');
    vec![
        number.to_owned(),
        written(session.day),
        session.visitors.to_string(),
        if chance.per_mille(35) { String::new() } else { cost },
        if chance.per_mille(60) { String::new() } else { hours },
    ]
}

fn written(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}
