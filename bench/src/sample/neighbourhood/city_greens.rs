//! City greens: waste left in the street, when it was reported and taken away, and trees. French,
//! semicolons, UTF-8, dates as `year-month-day`, a decimal comma.

use chrono::{Datelike, NaiveDate};

use super::area::{BLOCKS, Block};
use super::life::Quarters;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{first_day, last_day, later, quarter, year};

const BLOCK_LIST: Layout = Layout {
    header: &["îlot", "code"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: None,
        end: None,
        code: None,
        bad_days: &["2024-13-01", "lundi"],
        bad_codes: &["?", "meubles + gravats"],
    },
};

const DUMPINGS: Layout = Layout {
    header: &["îlot", "signalé", "enlevé", "quoi", "kg"],
    weak: Weak { start: Some(1), end: Some(2), code: Some(3), ..BLOCK_LIST.weak },
    ..BLOCK_LIST
};

const TREES: Layout = Layout {
    header: &["îlot", "planté le", "arbres"],
    weak: Weak { start: Some(1), code: Some(2), bad_codes: &["haie"], ..BLOCK_LIST.weak },
    ..BLOCK_LIST
};

pub(super) fn deliveries(_: &Quarters) -> Files {
    let mut chance = Chance::new(216);
    let [mut blocks, mut dumpings, mut trees] = [BLOCK_LIST, DUMPINGS, TREES].map(Export::new);
    for block in BLOCKS {
        let number = block.sector.to_lowercase();
        // A list of 22 is looked over by hand: nothing goes wrong in it.
        let mut sure = Chance::new(217);
        blocks.register(&mut sure, String::new(), vec![number.clone(), block.code.to_owned()]);
        let mut day = first_day();
        loop {
            day = later(day, 1 + chance.below(2 * pause(block, day)));
            if day > last_day() {
                break;
            }
            let row = dumping(&number, day, &mut chance);
            dumpings.register(&mut chance, quarter(day), row);
        }
        for month in [2, 11] {
            for at in 2023..=2025 {
                if chance.per_cent(28) {
                    let day = crate::sample::time::day(at, month, chance.between(1, 28));
                    let count = chance.between(2, 14).to_string();
                    trees.register(
                        &mut chance,
                        year(day),
                        vec![number.clone(), day.to_string(), count],
                    );
                }
            }
        }
    }
    let mut files = Files::new();
    blocks.deliver("ilots.csv", &mut files);
    dumpings.deliver("depots-*.csv", &mut files);
    trees.deliver("arbres-*.csv", &mut files);
    files
}

/// How many days pass on average. The yards got worse when they were built over, the weavers' streets
/// better since they have a caretaker.
fn pause(block: &Block, day: NaiveDate) -> u32 {
    let later_on = u32::try_from(day.year() - 2023).unwrap_or(0);
    match block.sector.split('-').next().unwrap_or_default() {
        "B22" => 12 - 3 * later_on,
        "A12" => 9 + 6 * later_on,
        "C32" => 70,
        "B21" => 14,
        _ => 26,
    }
}

fn dumping(block: &str, reported: NaiveDate, chance: &mut Chance) -> Vec<String> {
    let cleared =
        later(reported, chance.weighted(&[(50, 1), (30, 4), (15, 9), (5, 25)]) + chance.below(4));
    let is_cleared = cleared <= last_day() && !chance.per_mille(30);
    let what = chance.weighted(&[(45, "sacs"), (35, "meubles"), (20, "gravats")]);
    let kilos = format!("{},{}", chance.between(4, 180), chance.below(10));
    vec![
        block.to_owned(),
        reported.to_string(),
        if is_cleared { cleared.to_string() } else { String::new() },
        what.to_owned(),
        if chance.per_mille(150) { String::new() } else { kilos },
    ]
}
