//! The food bank: a parcel a week or a month, and what it is worth. Commas, everything in quotation
//! marks, dates as `month/day/year`.

use super::life::Household;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{last_day, later, month};

const PARCELS: Layout = Layout {
    header: &["Family", "Date", "Parcel", "Worth"],
    separator: b',',
    quoted: true,
    encoding: Encoding::Utf8WithMark,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(2),
        bad_days: &["02/30/2024", "13/01/2025"],
        bad_codes: &["cat food", ""],
    },
};

/// A month whose file was never handed over.
const FORGOTTEN: &str = "2024-08";

pub(super) fn deliveries(households: &[Household]) -> Files {
    let mut chance = Chance::new(113);
    let mut parcels = Export::new(PARCELS);
    for household in households.iter().filter(|household| household.is_known_to('F')) {
        let mut day = household.day(&mut chance);
        let every = chance.weighted(&[(40, 7), (30, 14), (30, 30)]);
        for _ in 0..chance.between(2, 30) {
            let kind = chance.weighted(&[(70, "basic"), (18, "fresh"), (12, "baby")]);
            let persons = u32::try_from(household.members.len()).expect("a household is small");
            let worth = if chance.per_mille(60) {
                String::new()
            } else {
                format!("{}.50", 11 + 6 * persons + chance.below(9))
            };
            let date = day.format("%m/%d/%Y").to_string();
            let family = format!("G{:06}", household.number);
            parcels.register(&mut chance, month(day), vec![family, date, kind.to_owned(), worth]);
            day = later(day, every + chance.below(3));
            if day > last_day() {
                break;
            }
        }
    }
    parcels.skip(FORGOTTEN);
    let mut files = Files::new();
    parcels.deliver("parcels-*.csv", &mut files);
    files
}
