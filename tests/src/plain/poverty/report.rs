//! The report `yearly` of the poverty sample: its indicators and headings.

use std::collections::{BTreeMap, BTreeSet};

use super::town::{Household, Person, Town, later};
use crate::plain::Figure;
use crate::plain::time::Period;

/// Of a single person, somebody who lives alone, in 2025.
const POVERTY_LINE: f64 = 1522.0;

const AREAS: &[&str] = &["centre", "north", "harbour", "east", "west", "south"];
const SIZES: &[&str] = &["under 2", "2 to under 3", "3 to under 5", "5 and over"];
const SOURCES: &[&str] = &["work", "unemployment", "integration_income", "disability", "pension"];
const AGES: &[&str] = &["under 6", "6 to 11", "12 and over"];
const ORGANISATIONS: &[&str] = &[
    "debt_mediation",
    "energy_point",
    "family_house",
    "food_bank",
    "health_fund",
    "social_service",
];

/// What one household, person or row adds to a figure.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// Whether it is one of those whom the figure is about.
    counts: bool,
    /// Of a share: whether it is true. Of a change: whether it is an improvement.
    holds: Option<bool>,
    /// The number that is summed, averaged or ordered.
    number: Option<f64>,
    /// Of a rate: the days at risk.
    days: f64,
}

/// How parts become a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Count,
    Rows,
    Share,
    Sum,
    Median,
    Change,
    Rate,
    Goals,
}

/// Under which headings parts stand.
type Headings = (&'static str, &'static [&'static str]);

/// All figures of the report.
pub(super) fn figures(town: &Town) -> Vec<Figure> {
    let year = Period::year(2025);
    let mut figures = Vec::new();
    let area: Headings = ("area_of_household", AREAS);
    let size: Headings = ("size", SIZES);
    let of_households = |measure: &str, headings: Option<Headings>, period: &Period| {
        households(town, measure, headings, period)
    };
    for measure in ["poor_count", "poverty_rate", "debt_change", "typical_debt", "cut_offs"] {
        figures.extend(of_households(measure, Some(area), &year));
    }
    figures.extend(of_households("poverty_rate", Some(size), &year));
    figures.extend(of_households("poverty_gap", Some(size), &year));
    figures.extend(of_households("poverty_rate", Some(("lives_on", SOURCES)), &year));
    let organisations: Headings = ("organisation", ORGANISATIONS);
    figures.extend(of_households("worth_of_aid", Some(organisations), &year));
    figures.extend(of_households("family_goals", None, &year));
    figures.extend(children(town, &year));
    figures.extend(uptake(town, &year));
    let quarters = (1..=4).map(|quarter| Period::quarter(2025, quarter));
    for period in [year].into_iter().chain(quarters) {
        let mut both: Vec<Figure> = of_households("parcels", None, &period);
        both.extend(of_households("helped", None, &period));
        figures.push(ratio(&both, &period));
        figures.extend(both);
    }
    let conditions =
        living_conditions(&figures, &of_households("out_of_poverty", None, &Period::year(2025)));
    figures.push(conditions);
    let mut once: Vec<Figure> = Vec::new();
    for figure in figures {
        if !once.contains(&figure) {
            once.push(figure);
        }
    }
    once
}

/// A measure over households, under headings and in total.
fn households(
    town: &Town,
    measure: &str,
    headings: Option<Headings>,
    period: &Period,
) -> Vec<Figure> {
    let (kind, rule) = rule(measure);
    let parts = town.households.values().map(|household| {
        let under = match headings {
            Some((by, _)) => under(household, by, period),
            None => BTreeSet::new(),
        };
        (under, rule(town, household, period))
    });
    placed(measure, period, kind, headings, &parts.collect::<Vec<_>>())
}

/// The headings under which a household stands.
fn under(household: &Household, by: &str, period: &Period) -> BTreeSet<&'static str> {
    let day = period.first;
    let one = match by {
        "area_of_household" => household.area(day),
        "lives_on" => household.lives_on(day),
        "size" => Some(match household.member_count(day) {
            0 | 1 => "under 2",
            2 => "2 to under 3",
            3 | 4 => "3 to under 5",
            _ => "5 and over",
        }),
        _ => {
            let organisations = household.organisations(period);
            return if organisations.is_empty() { BTreeSet::from(["none"]) } else { organisations };
        }
    };
    BTreeSet::from([one.unwrap_or("missing")])
}

/// What an indicator asks of one household.
type Rule = fn(&Town, &Household, &Period) -> Part;

fn rule(measure: &str) -> (Kind, Rule) {
    match measure {
        "poor_count" => (Kind::Count, |town, household, period| poverty(town, household, period)),
        "poverty_rate" => (Kind::Share, |town, household, period| poverty(town, household, period)),
        "poverty_gap" => (Kind::Median, gap),
        "out_of_poverty" => (Kind::Share, out_of_poverty),
        "debt_change" => (Kind::Change, debt_change),
        "typical_debt" => (Kind::Median, |_, household, period| {
            let balance = household.last_balance(period.last);
            let number = balance.map(|balance| balance.total);
            Part { counts: balance.is_some(), number, ..Part::default() }
        }),
        "parcels" => (Kind::Rows, |_, household, period| {
            let parcels = household.aid_in(period).filter(|aid| aid.is_parcel).count();
            Part { counts: true, number: Some(number(parcels)), ..Part::default() }
        }),
        "helped" => (Kind::Count, |_, household, period| {
            let helped = household.aid_in(period).any(|aid| aid.is_parcel);
            Part { counts: true, holds: Some(helped), ..Part::default() }
        }),
        "worth_of_aid" => (Kind::Sum, |_, household, period| {
            let worths: Vec<f64> = household.aid_in(period).filter_map(|aid| aid.worth).collect();
            let number = (!worths.is_empty()).then(|| worths.iter().sum());
            Part { counts: household.aid_in(period).next().is_some(), number, ..Part::default() }
        }),
        "cut_offs" => (Kind::Rate, |_, household, period| Part {
            counts: household.has_dwelling(period),
            number: Some(number(
                household.cut_offs.iter().filter(|day| period.contains(**day)).count(),
            )),
            days: number(household.days_dwelt(period)),
            ..Part::default()
        }),
        _ => (Kind::Goals, |_, household, period| Part {
            counts: true,
            number: household.attainment(period),
            ..Part::default()
        }),
    }
}

/// Somebody lives there, and what is spendable is below the line.
fn poverty(town: &Town, household: &Household, period: &Period) -> Part {
    let day = period.first;
    let spendable = household.spendable(town, day, day);
    let holds = spendable.map(|spendable| spendable < POVERTY_LINE);
    Part { counts: household.member_count(day) >= 1, holds, ..Part::default() }
}

fn is_poor(town: &Town, household: &Household, period: &Period) -> bool {
    let part = poverty(town, household, period);
    part.counts && part.holds == Some(true)
}

fn gap(town: &Town, household: &Household, period: &Period) -> Part {
    let spendable = household.spendable(town, period.first, period.first);
    let number = spendable.map(|spendable| POVERTY_LINE - spendable);
    Part { counts: is_poor(town, household, period), number, ..Part::default() }
}

fn out_of_poverty(town: &Town, household: &Household, period: &Period) -> Part {
    let then = household.spendable(town, period.last, period.first);
    let holds = then.filter(|_| household.has_income(period.last));
    let holds = holds.map(|spendable| spendable >= POVERTY_LINE);
    Part { counts: is_poor(town, household, period), holds, ..Part::default() }
}

fn debt_change(_: &Town, household: &Household, period: &Period) -> Part {
    let first = household.opening();
    let last = household.last_balance(crate::plain::time::data_date());
    let number = first.zip(last).map(|(first, last)| last.total - first.total);
    Part {
        counts: first.is_some_and(|first| period.contains(first.day)),
        holds: number.map(|change| change < 0.0),
        number,
        ..Part::default()
    }
}

fn children(town: &Town, period: &Period) -> Vec<Figure> {
    let day = period.first;
    let parts = town.people.values().map(|person| {
        let age = person.age(day);
        let home = person.home(day).and_then(|home| town.households.get(home));
        let poor = home.map(|home| home.spendable(town, day, day));
        let heading = match age {
            None => "missing",
            Some(..=5) => "under 6",
            Some(6..=11) => "6 to 11",
            Some(_) => "12 and over",
        };
        let counts = age.is_some_and(|age| age < 18) && home.is_some();
        let holds = poor.flatten().map(|spendable| spendable < POVERTY_LINE);
        (BTreeSet::from([heading]), Part { counts, holds, ..Part::default() })
    });
    let parts: Vec<_> = parts.collect();
    placed("children_in_poverty", period, Kind::Share, Some(("age_of_child", AGES)), &parts)
}

/// Each inquiry of the period that found a right, and is old enough to judge.
fn uptake(town: &Town, period: &Period) -> Vec<Figure> {
    let inquiries = town.people.values().flat_map(|person: &Person| &person.inquiries);
    let parts = inquiries.map(|inquiry| {
        let counts = period.contains(inquiry.asked)
            && inquiry.is_entitled == Some(true)
            && later(inquiry.asked, 90) <= period.last;
        let in_time = inquiry.granted.is_some_and(|day| day <= later(inquiry.asked, 90));
        let under = BTreeSet::from([inquiry.organisation]);
        (under, Part { counts, holds: Some(in_time), ..Part::default() })
    });
    let parts: Vec<_> = parts.collect();
    placed("uptake", period, Kind::Share, Some(("organisation", ORGANISATIONS)), &parts)
}

/// A figure for each heading, and the total.
fn placed(
    measure: &str,
    period: &Period,
    kind: Kind,
    headings: Option<Headings>,
    parts: &[(BTreeSet<&'static str>, Part)],
) -> Vec<Figure> {
    let all = parts.iter().map(|(_, part)| part);
    let mut figures = vec![figure(measure, period, kind, None, all)];
    let Some((by, known)) = headings else { return figures };
    let beside = parts.iter().filter(|(_, part)| part.counts).flat_map(|(under, _)| under);
    let headings: BTreeSet<&str> = known.iter().chain(beside).copied().collect();
    for heading in headings {
        let under = parts.iter().filter(|(under, _)| under.contains(heading));
        let under = under.map(|(_, part)| part);
        figures.push(figure(measure, period, kind, Some((by, heading)), under));
    }
    figures
}

fn figure<'a>(
    measure: &str,
    period: &Period,
    kind: Kind,
    heading: Option<(&str, &str)>,
    parts: impl Iterator<Item = &'a Part>,
) -> Figure {
    let parts: Vec<&Part> = parts.filter(|part| part.counts).collect();
    let total = parts.len();
    let held = parts.iter().filter(|part| part.holds == Some(true)).count();
    let open = parts.iter().filter(|part| part.holds.is_none()).count();
    let numbers: Vec<f64> = parts.iter().filter_map(|part| part.number).collect();
    let known = numbers.len();
    let sum: f64 = numbers.iter().sum();
    let some = |value: f64| (known > 0).then_some(value);
    let (numerator, denominator, unknown, value) = match kind {
        Kind::Count => (Some(held), None, open, Some(number(held))),
        Kind::Rows => (None, None, total - known, Some(sum)),
        Kind::Share => {
            let known = total - open;
            let share = (known > 0).then(|| number(held) / number(known));
            (Some(held), Some(known), open, share)
        }
        Kind::Sum => (None, Some(known), total - known, some(sum)),
        Kind::Median => (None, Some(known), total - known, median(measure, numbers)),
        Kind::Change => (Some(held), Some(known), total - known, some(sum / number(known))),
        Kind::Rate => {
            let days: f64 = parts.iter().map(|part| part.days).sum();
            (None, Some(known), 0, (days > 0.0).then(|| sum / days * 36_525.0))
        }
        Kind::Goals => {
            let attained = numbers.iter().filter(|score| **score >= 50.0 - 1e-9).count();
            (Some(attained), Some(known), total - known, some(sum / number(known)))
        }
    };
    Figure {
        measure: measure.to_owned(),
        period: period.name.clone(),
        breakdown: heading
            .into_iter()
            .map(|(by, under)| (by.to_owned(), under.to_owned()))
            .collect(),
        numerator: numerator.map(number),
        denominator: denominator.map(number),
        unknown: Some(number(unknown)),
        value,
    }
}

/// The middle one, or the mean of the middle two. The gap is rounded half even to one decimal.
fn median(measure: &str, mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let (low, high) = (numbers.len().checked_sub(1)? / 2, numbers.len() / 2);
    let median = f64::midpoint(*numbers.get(low)?, *numbers.get(high)?);
    Some(if measure == "poverty_gap" { (median * 10.0).round_ties_even() / 10.0 } else { median })
}

fn ratio(both: &[Figure], period: &Period) -> Figure {
    let of = |measure: &str| both.iter().find(|figure| figure.measure == measure);
    let value = |measure: &str| of(measure).and_then(|figure| figure.value);
    let (parcels, helped) = (value("parcels"), value("helped").filter(|helped| *helped > 0.0));
    Figure {
        measure: "parcels_per_household".to_owned(),
        period: period.name.clone(),
        breakdown: Vec::new(),
        numerator: parcels,
        denominator: helped,
        unknown: Some(0.0),
        value: parcels.zip(helped).map(|(parcels, helped)| parcels / helped),
    }
}

/// The mean by weight of three figures, each as points between its worst and its best.
fn living_conditions(figures: &[Figure], out_of_poverty: &[Figure]) -> Figure {
    let total = |measure: &str| {
        let mut both = figures.iter().chain(out_of_poverty);
        both.find(|figure| figure.measure == measure && figure.breakdown.is_empty())
    };
    let scales: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::from([
        ("poverty_rate", (2.0, 0.8, 0.2)),
        ("out_of_poverty", (1.0, 0.0, 0.6)),
        ("cut_offs", (1.0, 20.0, 0.0)),
    ]);
    let (mut points, mut unknown) = (Some(0.0), 0.0);
    for (measure, (weight, worst, best)) in scales {
        let figure = total(measure);
        unknown += figure.and_then(|figure| figure.unknown).unwrap_or_default();
        let value = figure.and_then(|figure| figure.value);
        let own = value.map(|value| ((value - worst) / (best - worst)).clamp(0.0, 1.0) * 100.0);
        points = points.zip(own).map(|(points, own)| points + weight * own);
    }
    Figure {
        measure: "living_conditions".to_owned(),
        period: "2025".to_owned(),
        breakdown: Vec::new(),
        numerator: None,
        denominator: None,
        unknown: Some(unknown),
        value: points.map(|points| points / 4.0),
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a small number"))
}
