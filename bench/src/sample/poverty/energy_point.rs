//! The energy point: vouchers, and households whose gas or electricity was cut off. Semicolons,
//! dates as `day.month.year`, a decimal comma.

use super::life::Household;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::quarter;

const VOUCHERS: Layout = Layout {
    header: &["Gezinsnummer", "Datum", "Bon (EUR)"],
    separator: b';',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 0,
        start: Some(1),
        end: None,
        code: Some(2),
        bad_days: &["31.11.2024", "gisteren"],
        bad_codes: &["vijftig", "n.v.t."],
    },
};

const CUT_OFFS: Layout = Layout {
    header: &["Gezinsnummer", "Afgesloten op", "Energie"],
    weak: Weak { bad_codes: &["stookolie?"], ..VOUCHERS.weak },
    ..VOUCHERS
};

pub(super) fn deliveries(households: &[Household]) -> Files {
    let mut chance = Chance::new(114);
    let [mut vouchers, mut cut_offs] = [VOUCHERS, CUT_OFFS].map(Export::new);
    for household in households.iter().filter(|household| household.is_known_to('E')) {
        let number = super::social_service::number(household).replace(' ', "");
        for _ in 0..chance.between(1, 4) {
            let day = household.day(&mut chance);
            let euros = chance.pick(&["50,00", "75,00", "100,00", "62,50"]);
            let date = day.format("%d.%m.%Y").to_string();
            let row = vec![number.clone(), date, euros.to_owned()];
            vouchers.register(&mut chance, quarter(day), row);
        }
        if chance.per_cent(22) {
            let day = household.day(&mut chance);
            let energy = chance.pick(&["gas", "elektriciteit", "beide"]);
            let date = day.format("%d.%m.%Y").to_string();
            let row = vec![number.clone(), date, energy.to_owned()];
            cut_offs.register(&mut chance, quarter(day), row);
        }
    }
    let mut files = Files::new();
    vouchers.deliver("bonnen-*.csv", &mut files);
    cut_offs.deliver("afsluitingen-*.csv", &mut files);
    files
}
