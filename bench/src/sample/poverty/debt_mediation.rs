//! The centre for debt mediation: what a household owes, added up at the start, every half year and
//! at the end. A list with tabs in UTF-16, dates as `year-month-day`, a decimal point.

use super::life::Household;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{last_day, later, year};

const BALANCES: Layout = Layout {
    header: &["household", "drawn up on", "occasion", "total owed", "creditors"],
    separator: b'\t',
    quoted: false,
    encoding: Encoding::Utf16LittleEndian,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(3),
        bad_days: &["2024-02-30", "soon"],
        bad_codes: &["too much", "-"],
    },
};

pub(super) fn deliveries(households: &[Household]) -> Files {
    let mut chance = Chance::new(112);
    let mut balances = Export::new(BALANCES);
    let known = households.iter().filter(|household| household.is_known_to('D'));
    for household in known.filter(|household| household.debt > 0) {
        let mut day = household.day(&mut chance);
        let mut owed = household.debt;
        let times = chance.weighted(&[(20, 1), (30, 2), (30, 3), (20, 5)]);
        for time in 0..times {
            let occasion = match time {
                0 => "start",
                _ if time + 1 == times && chance.per_cent(60) => "end",
                _ => "half-year",
            };
            let creditors = 1 + owed / 2_500;
            let row = vec![
                super::social_service::number(household),
                day.to_string(),
                occasion.to_owned(),
                format!("{owed}.{:02}", chance.below(100)),
                creditors.to_string(),
            ];
            balances.register(&mut chance, year(day), row);
            // Who is lucky pays off, who is not borrows.
            let change = owed / 100 * chance.between(3, 28);
            owed = if chance.below(10) < household.luck + 2 {
                owed - change
            } else {
                owed + change / 2
            };
            day = later(day, chance.between(150, 215));
            if day > last_day() {
                break;
            }
        }
    }
    let mut files = Files::new();
    balances.deliver("balances-*.tsv", &mut files);
    files
}
