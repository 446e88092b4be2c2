//! The report `yearly`: its lines, its headings, and the arithmetic of a figure.

use std::collections::BTreeSet;

use super::Figure;
use super::exports::People;
use super::person::Person;
use super::rules::{INDICATORS, Kind, Part, size};
use super::time::Period;

/// Measures and what they are split by. `by quarter` asks for nothing here: every figure is given
/// for the year and for each quarter.
const LINES: &[(&[&str], &[&str])] = &[
    (&["reach", "sleeping_rough", "contacts_made"], &[]),
    (&["reach"], &["district"]),
    (&["reach", "contacts_made"], &["organisation"]),
    (&["reach"], &["age_band", "gender"]),
    (&["stably_housed", "followed_up", "homeless_again"], &["gender"]),
    (&["in_activity", "homeless_after_care"], &["age_band"]),
    (&["nights_homeless", "shelter_nights"], &[]),
    (&["support_time", "support_per_person", "support_points"], &["organisation"]),
    (&["days_to_home", "consultations", "feeling_better"], &["gender"]),
    (&["debt_found", "typical_debt"], &["age_band"]),
];

/// All figures, of the year first, then of each quarter.
pub(super) fn figures(people: &People) -> Vec<Figure> {
    let quarters = (1..=4).map(|quarter| Period::quarter(2025, quarter));
    let periods: Vec<Period> = [Period::year(2025)].into_iter().chain(quarters).collect();
    let mut figures: Vec<Figure> = Vec::new();
    for period in &periods {
        for (measures, breakdowns) in LINES {
            for measure in *measures {
                for figure in figures_of(people, period, measure, breakdowns) {
                    let same = |other: &Figure| {
                        (&other.measure, &other.period, &other.breakdown)
                            == (&figure.measure, &figure.period, &figure.breakdown)
                    };
                    if !figures.iter().any(same) {
                        figures.push(figure);
                    }
                }
            }
        }
    }
    figures
}

/// One measure under every combination of headings, with the totals.
fn figures_of(people: &People, period: &Period, measure: &str, breakdowns: &[&str]) -> Vec<Figure> {
    let (_, kind, rule) =
        INDICATORS.iter().find(|(name, _, _)| *name == measure).expect("an indicator");
    let standings: Vec<(&Person, Vec<BTreeSet<&str>>, Part)> = people
        .values()
        .map(|person| {
            let headings = breakdowns.iter().map(|by| headings_of(person, period, by)).collect();
            (person, headings, rule(person, period))
        })
        .collect();
    let mut cells: Vec<Vec<Option<&str>>> = vec![Vec::new()];
    for (place, by) in breakdowns.iter().enumerate() {
        let last = if *by == "organisation" { "none" } else { "missing" };
        let mut headings: Vec<Option<&str>> = declared(by).iter().copied().map(Some).collect();
        if standings.iter().any(|(_, own, _)| own[place].contains(last)) {
            headings.push(Some(last));
        }
        headings.push(None);
        cells = cells
            .iter()
            .flat_map(|begun| {
                headings.iter().map(move |heading| [begun.as_slice(), &[*heading]].concat())
            })
            .collect();
    }
    let figure = |cell: &Vec<Option<&str>>| {
        let under = |own: &[BTreeSet<&str>]| {
            let mut pairs = own.iter().zip(cell);
            pairs.all(|(own, heading)| heading.is_none_or(|heading| own.contains(heading)))
        };
        // A row has one organisation: under its heading only its own rows are counted.
        let organisation = breakdowns.iter().position(|by| *by == "organisation");
        let only = organisation.filter(|_| *kind == Kind::Rows).and_then(|place| cell[place]);
        let standing = standings.iter().filter(|(_, own, _)| under(own));
        let parts = standing.map(|(person, _, part)| match only {
            Some(organisation) => rule(&person.seen_by(organisation), period),
            None => *part,
        });
        let named = breakdowns.iter().zip(cell);
        let named = named.filter_map(|(by, heading)| {
            heading.map(|heading| ((*by).to_owned(), heading.to_owned()))
        });
        figure_of(*kind, &parts.collect::<Vec<_>>(), measure, period, named.collect())
    };
    cells.iter().map(figure).collect()
}

fn figure_of(
    kind: Kind,
    parts: &[Part],
    measure: &str,
    period: &Period,
    breakdown: Vec<(String, String)>,
) -> Figure {
    let mut known: Vec<f64> = Vec::new();
    let mut unknown = 0;
    for part in parts {
        match part {
            Part::Known(number) => known.push(*number),
            Part::Unknown => unknown += 1,
            Part::Outside => {}
        }
    }
    let people = size(known.len());
    // An empty sum of floats would be -0.
    let sum = known.iter().fold(0.0, |sum, number| sum + number);
    let somebody = !known.is_empty();
    let value = match kind {
        Kind::People | Kind::Rows => Some(sum),
        Kind::Sum => somebody.then_some(sum),
        Kind::Share | Kind::Mean => somebody.then_some(sum / people),
        Kind::Median => somebody.then(|| median(&mut known)),
    };
    Figure {
        measure: measure.to_owned(),
        period: period.name.clone(),
        breakdown,
        numerator: matches!(kind, Kind::People | Kind::Share).then_some(sum),
        denominator: (!matches!(kind, Kind::People | Kind::Rows)).then_some(people),
        unknown: Some(size(unknown)),
        value,
    }
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let upper = numbers.len() / 2;
    let lower = (numbers.len() - 1) / 2;
    f64::midpoint(numbers[lower], numbers[upper])
}

fn headings_of<'a>(person: &'a Person, period: &Period, by: &str) -> BTreeSet<&'a str> {
    let one = |heading: Option<&'static str>| BTreeSet::from([heading.unwrap_or("missing")]);
    match by {
        "age_band" => one(person.age_at(period.first).map(age_band)),
        "gender" => one(person.gender()),
        "district" => one(person.district(period.first)),
        "organisation" => {
            let known_to = person.organisations(period);
            if known_to.is_empty() { BTreeSet::from(["none"]) } else { known_to }
        }
        other => panic!("the report is not split by {other}"),
    }
}

fn age_band(age: i32) -> &'static str {
    match age {
        ..16 => "under 16",
        16..18 => "16 to 17",
        18..21 => "18 to 20",
        21..26 => "21 to 25",
        26.. => "26 and over",
    }
}

/// The headings that stand even when nobody is under them.
fn declared(by: &str) -> &'static [&'static str] {
    match by {
        "age_band" => &["under 16", "16 to 17", "18 to 20", "21 to 25", "26 and over"],
        "gender" => &["f", "m", "x"],
        "district" => {
            &["centre", "north", "harbour", "east_bank", "west_field", "south", "elsewhere"]
        }
        "organisation" => &[
            "employment_service",
            "housing_company",
            "mental_health",
            "night_shelter",
            "social_service",
            "street_outreach",
            "welfare_centre",
            "youth_care",
        ],
        other => panic!("the report is not split by {other}"),
    }
}
