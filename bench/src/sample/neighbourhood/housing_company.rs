//! The housing company: its dwellings, who rents them, and what has to be repaired. Bars,
//! windows-1252, Dutch, dates as `day.month.year`, a decimal comma.

use chrono::NaiveDate;

use super::area::BLOCKS;
use super::life::{Quarters, pass};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{first_day, last_day, later, quarter, year};

const DWELLINGS: Layout = Layout {
    header: &["Woning", "Sector", "Kamers"],
    separator: b'|',
    quoted: false,
    encoding: Encoding::Windows1252,
    weak: Weak {
        id: 0,
        start: None,
        end: None,
        code: Some(2),
        bad_days: &["31.06.2024", "?"],
        bad_codes: &["studio"],
    },
};

const TENANTS: Layout = Layout {
    header: &["Kaartnr. huurder", "Woning", "Huurt sinds", "Vertrokken op"],
    weak: Weak { start: Some(2), end: Some(3), code: None, ..DWELLINGS.weak },
    ..DWELLINGS
};

const REPAIRS: Layout = Layout {
    header: &["Bon", "Woning", "Gemeld", "Klaar", "Wat", "Kost €"],
    weak: Weak {
        id: 1,
        start: Some(2),
        end: Some(3),
        code: Some(4),
        bad_codes: &["zie bijlage"],
        ..DWELLINGS.weak
    },
    ..DWELLINGS
};

pub(super) fn deliveries(quarters: &Quarters) -> Files {
    let mut chance = Chance::new(215);
    let [mut dwellings, mut tenants, mut repairs] = [DWELLINGS, TENANTS, REPAIRS].map(Export::new);
    let mut ticket = 0;
    for resident in quarters.known_to('H') {
        for (place, home) in resident.homes.iter().enumerate() {
            let Some(block) = BLOCKS.get(home.block) else { continue };
            let dwelling = format!("W{}/{}", resident.number, place + 1);
            let rooms = chance.between(1, 5).to_string();
            let row = vec![dwelling.clone(), block.sector.to_owned(), rooms];
            dwellings.register(&mut chance, String::new(), row);
            let until = home.until.map(written).unwrap_or_default();
            let row =
                vec![pass(resident.number, 'H'), dwelling.clone(), written(home.since), until];
            tenants.register(&mut chance, year(home.since), row);
            // By the canal it takes longer.
            let slow = if block.sector.starts_with('B') { 34 } else { 21 };
            let mut day = later(home.since.max(first_day()), chance.below(400));
            while day < home.until.unwrap_or_else(last_day) {
                ticket += 1;
                let row = repair(ticket, &dwelling, day, slow, &mut chance);
                repairs.register(&mut chance, quarter(day), row);
                day = later(day, chance.between(30, 700));
            }
        }
    }
    let mut files = Files::new();
    dwellings.deliver("woningen.csv", &mut files);
    tenants.deliver("huurders-*.csv", &mut files);
    repairs.deliver("herstellingen-*.csv", &mut files);
    files
}

fn repair(
    ticket: u32,
    dwelling: &str,
    asked: NaiveDate,
    slow: u32,
    chance: &mut Chance,
) -> Vec<String> {
    let what = chance.weighted(&[
        (35, "verwarming"),
        (30, "water"),
        (20, "elektriciteit"),
        (15, "schimmel"),
    ]);
    let patience = if what == "schimmel" { 4 * slow } else { slow };
    let done = later(asked, chance.between(1, patience) + chance.below(patience));
    let is_done = done <= last_day() && chance.per_cent(96);
    let euros = chance.between(35, 900);
    vec![
        format!("H-{ticket:05}"),
        dwelling.to_owned(),
        written(asked),
        if is_done { written(done) } else { String::new() },
        what.to_owned(),
        if is_done { format!("{euros},{:02}", chance.below(100)) } else { String::new() },
    ]
}

fn written(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}
