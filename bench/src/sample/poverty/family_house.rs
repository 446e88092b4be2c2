//! The family house: goals that a family sets itself, scaled from -2 to +2 when they are looked at
//! again. Commas, dates as `year-month-day`, English.

use super::life::Household;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{last_day, later, year};

const GOALS: Layout = Layout {
    header: &["family no", "set on", "theme", "weight", "score", "scored on"],
    separator: b',',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(2),
        bad_days: &["2025-02-29", "next week"],
        bad_codes: &["happiness", ""],
    },
};

pub(super) fn deliveries(households: &[Household]) -> Files {
    let mut chance = Chance::new(115);
    let mut goals = Export::new(GOALS);
    for household in households.iter().filter(|household| household.is_known_to('K')) {
        let set = household.day(&mut chance);
        for theme in ["school", "home", "money", "health", "language"] {
            if chance.per_cent(45) {
                continue;
            }
            let scored = later(set, chance.between(120, 240));
            let luck = household.luck;
            let score = match chance.below(10) + luck {
                0..=3 => -2,
                4..=6 => -1,
                7..=10 => 0,
                11..=14 => 1,
                _ => 2,
            };
            let is_scored = scored <= last_day() && !chance.per_mille(80);
            let row = vec![
                format!("g-{:06}", household.number),
                set.to_string(),
                theme.to_owned(),
                chance.weighted(&[(6, 1), (3, 2), (1, 3)]).to_string(),
                if is_scored { score.to_string() } else { String::new() },
                if is_scored { scored.to_string() } else { String::new() },
            ];
            goals.register(&mut chance, year(set), row);
        }
    }
    let mut files = Files::new();
    goals.deliver("goals-*.csv", &mut files);
    files
}
