//! The observatory: three waves of a survey in two languages. Nobody is asked for a name or a number;
//! a form stands for as many residents as its weight says. Semicolons, UTF-8, a title above the
//! header, dates as `day.month.year`, a decimal comma.

use chrono::NaiveDate;

use super::area::{BLOCKS, Neighbourhood};
use super::life::Quarters;
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::delivery::{Encoding, Export, Layout};
use crate::sample::fault::Weak;
use crate::sample::time::{day, later};

const FORMS: Layout = Layout {
    header: &[
        "formulaire/formulier",
        "date/datum",
        "quartier/wijk",
        "âge/leeftijd",
        "langue/taal",
        "V01 satisfaction/tevredenheid",
        "V02 insécurité/onveiligheid",
        "V03 voisins/buren",
        "V04 activité/activiteit",
        "poids/gewicht",
    ],
    separator: b';',
    quoted: false,
    encoding: Encoding::Utf8,
    weak: Weak {
        id: 9,
        start: Some(1),
        end: None,
        code: Some(5),
        bad_days: &["31.06.2025", "mai/mei"],
        bad_codes: &["11", "8 à 9"],
    },
};

/// The first day of each wave, and how many fill in a form.
const WAVES: [(i32, u32, u32); 3] = [(2023, 8, 720), (2024, 6, 690), (2025, 5, 760)];

pub(super) fn deliveries(_: &Quarters) -> Files {
    let mut chance = Chance::new(218);
    let mut forms = Export::new(FORMS);
    for (year, first, count) in WAVES {
        for number in 1..=count {
            let date = later(day(year, 5, first), chance.below(33));
            let row = form(format!("{year}-{number:04}"), date, year, &mut chance);
            forms.register(&mut chance, year.to_string(), row);
        }
    }
    let mut files = Files::new();
    forms.deliver("vague-golf-*.csv", &mut files);
    for (name, bytes) in &mut files {
        let wave = name.trim_start_matches("vague-golf-").trim_end_matches(".csv");
        let title = format!("Baromètre des quartiers / Wijkbarometer {wave};;;;;;;;;\r\n\r\n");
        bytes.splice(0..0, title.into_bytes());
    }
    files
}

fn form(number: String, date: NaiveDate, year: i32, chance: &mut Chance) -> Vec<String> {
    let block = chance.pick(BLOCKS);
    let area = block.neighbourhood_on(date);
    let age = chance.weighted(&[(16, 18), (30, 28), (26, 44), (28, 62)]) + chance.below(18);
    let language = chance.weighted(&[(27, "NL"), (48, "FR"), (25, "XX")]);
    let content = content(area, year, chance);
    let is_member =
        chance.per_cent(if age < 35 { 31 } else { 42 } + if content > 6 { 8 } else { 0 });
    let unsafe_often = 60_u32.saturating_sub(6 * content);
    let feels = match chance.below(100) {
        drawn if drawn < unsafe_often / 3 => "5",
        drawn if drawn < unsafe_often => "4",
        drawn if drawn < unsafe_often + 25 => "3",
        drawn if drawn < unsafe_often + 45 => "2",
        _ => "1",
    };
    let knows = if chance.per_cent(30 + 5 * content) { "oui/ja" } else { "non/nee" };
    let answered = |text: &str, chance: &mut Chance| {
        if chance.per_mille(45) { String::new() } else { text.to_owned() }
    };
    // Who is young or has another language fills in fewer forms, and each stands for more.
    let weight = 70 + if age < 35 { 55 } else { 0 } + if language == "XX" { 70 } else { 0 };
    let weight = weight + chance.below(30);
    vec![
        number,
        date.format("%d.%m.%Y").to_string(),
        area.number().to_owned(),
        if chance.per_mille(20) { String::new() } else { age.to_string() },
        language.to_owned(),
        answered(&content.to_string(), chance),
        answered(feels, chance),
        answered(knows, chance),
        answered(if is_member { "1" } else { "0" }, chance),
        if chance.per_mille(12) {
            String::new()
        } else {
            format!("{},{:02}", weight / 100, weight % 100)
        },
    ]
}

/// From 0 to 10. Where weavers lived it goes up, by the yards down, elsewhere hardly anything changes.
fn content(area: Neighbourhood, year: i32, chance: &mut Chance) -> u32 {
    let waves = u32::try_from(year - 2023).unwrap_or(0);
    let middle = match area {
        Neighbourhood::Weavers => 5 + waves / 2 + u32::from(chance.per_cent(30 * waves)),
        Neighbourhood::Yards | Neighbourhood::QuayNorth => {
            6 - u32::from(chance.per_cent(40 * waves))
        }
        Neighbourhood::QuaySouth => 4 + u32::from(chance.per_cent(40)),
        Neighbourhood::Gardens => 8,
        _ => 6,
    };
    (middle + chance.below(4) + chance.below(3)).saturating_sub(2).min(10)
}
