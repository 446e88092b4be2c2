//! The sample's indicators, written out again.

use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};

use super::person::{Event, Person, Truth, and, any};
use super::time::{Period, data_date, months_after, months_before};

/// Places without a home of one's own.
const HOMELESS: &[&str] =
    &["rough_sleeping", "emergency", "temporary", "institution", "non_conventional", "with_others"];

/// What one person adds to a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    /// Nothing: the figure is not about them.
    Outside,
    /// It is, but nobody knows.
    Unknown,
    /// A number; of a share, 1 for yes and 0 for no.
    Known(f64),
}

/// What becomes of the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// How many people.
    People,
    /// How many rows.
    Rows,
    Share,
    Sum,
    Mean,
    Median,
}

/// One person's part in one period.
type Rule = fn(&Person, &Period) -> Part;

/// Every indicator of the report.
pub(super) const INDICATORS: &[(&str, Kind, Rule)] = &[
    ("reach", Kind::People, |person, period| counted(homeless_youth(person, period))),
    ("sleeping_rough", Kind::People, |person, period| counted(rough_sleepers(person, period))),
    ("contacts_made", Kind::Rows, |person, period| {
        Part::Known(size(in_period(&person.contacts, period).len()))
    }),
    ("stably_housed", Kind::Share, stably_housed),
    ("followed_up", Kind::Share, followed_up),
    ("homeless_again", Kind::Share, homeless_again),
    ("homeless_after_care", Kind::Share, homeless_after_care),
    ("in_activity", Kind::Share, in_activity),
    ("days_to_home", Kind::Median, days_to_home),
    ("nights_homeless", Kind::Mean, |person, period| {
        among(homeless_youth(person, period), || person.nights_at(period, HOMELESS).map(size))
    }),
    ("shelter_nights", Kind::Sum, |person, period| {
        among(homeless_youth(person, period), || person.nights_at(period, &["emergency"]).map(size))
    }),
    ("support_time", Kind::Sum, support),
    ("support_per_person", Kind::Median, support),
    ("support_points", Kind::Mean, |person, period| {
        among(homeless_youth(person, period), || Some(closeness(person, period)))
    }),
    ("consultations", Kind::Mean, |person, period| {
        let held = in_period(&person.consultations, period).len();
        among(Some(held > 0), || Some(size(held)))
    }),
    ("feeling_better", Kind::Share, feeling_better),
    ("debt_found", Kind::Sum, debt),
    ("typical_debt", Kind::Median, debt),
];

// Target groups

fn homeless_youth(person: &Person, period: &Period) -> Truth {
    and(person.is_aged(period, 16, 25), person.stays_at(period, HOMELESS))
}

fn rough_sleepers(person: &Person, period: &Period) -> Truth {
    let outside = person.stays_at(period, &["rough_sleeping", "non_conventional"]);
    and(person.is_aged(period, 16, 25), outside)
}

fn care_leavers(person: &Person, period: &Period) -> Truth {
    let year_before = year_before(period);
    let left = |end: NaiveDate| year_before.contains(&end);
    let left = person.stays.iter().filter(|stay| stay.end.is_some_and(left));
    let left = any(left.map(|stay| stay.is(&["institution"])));
    and(person.is_aged(period, 15, 21), left)
}

/// Without a debt there is no sum, and the person is not among them.
fn indebted_youth(person: &Person, period: &Period) -> Truth {
    let enough =
        total(&in_period(&person.debts, period)).map_or(Some(false), |euros| Some(euros >= 1000.0));
    and(person.is_aged(period, 16, 25), enough)
}

// Indicators

fn stably_housed(person: &Person, period: &Period) -> Part {
    share(arrived_in(person, period), || {
        let intake = person.intake()?;
        let (from, until) = (months_after(intake, 5), months_after(intake, 7));
        let day = months_after(intake, 6);
        let nobody_knows = !person.stays.iter().any(|stay| stay.overlaps(from, until));
        if nobody_knows && until <= data_date() {
            return None;
        }
        let holding = person.stays.iter().filter(|stay| stay.overlaps(day, day));
        observable(any(holding.map(|stay| stay.is(&["housed"]))), day)
    })
}

fn followed_up(person: &Person, period: &Period) -> Part {
    share(arrived_in(person, period), || {
        let intake = person.intake()?;
        let last = intake + Days::new(14);
        let personal = ["conversation", "home_visit", "phone", "outreach"];
        let again =
            person.contacts.iter().filter(|contact| intake <= contact.day && contact.day <= last);
        let again = any(again.map(|contact| contact.code.map(|code| personal.contains(&code))));
        observable(again, last)
    })
}

fn homeless_again(person: &Person, period: &Period) -> Part {
    let moved = person.housed().is_some_and(|day| year_before(period).contains(&day));
    share(Some(moved), || {
        let housed = person.housed()?;
        let last = months_after(housed, 3);
        let after = person.stays.iter();
        let after = after.filter(|stay| housed <= stay.start && stay.start <= last);
        observable(any(after.map(|stay| stay.is(HOMELESS))), last)
    })
}

fn homeless_after_care(person: &Person, period: &Period) -> Part {
    share(care_leavers(person, period), || {
        let left = person.left_care(&year_before(period))?;
        let last = months_after(left, 3);
        let after: Vec<_> = person.stays.iter().filter(|stay| stay.overlaps(left, last)).collect();
        if after.is_empty() {
            return None;
        }
        let places = ["rough_sleeping", "emergency", "temporary", "with_others"];
        observable(any(after.iter().map(|stay| stay.is(&places))), last)
    })
}

fn in_activity(person: &Person, period: &Period) -> Part {
    share(homeless_youth(person, period), || {
        let met = person.activities.iter().any(|activity| activity.start <= period.last);
        let mut activities = person.activities.iter();
        let active = activities.any(|activity| activity.overlaps(period.last, period.last));
        met.then_some(active)
    })
}

fn days_to_home(person: &Person, period: &Period) -> Part {
    among(Some(person.housed().is_some_and(|day| period.contains(day))), || {
        let days = (person.housed()? - person.intake()?).num_days();
        u32::try_from(days).ok().map(f64::from)
    })
}

fn support(person: &Person, period: &Period) -> Part {
    let contacts = in_period(&person.contacts, period);
    let met = Some(!contacts.is_empty());
    among(and(homeless_youth(person, period), met), || total(&contacts))
}

fn closeness(person: &Person, period: &Period) -> f64 {
    match in_period(&person.contacts, period).len() {
        12.. => 3.0,
        4.. => 2.0,
        1.. => 1.0,
        0 => 0.0,
    }
}

fn feeling_better(person: &Person, period: &Period) -> Part {
    let mut held = in_period(&person.consultations, period);
    held.sort_by_key(|consultation| consultation.day);
    for pair in held.windows(2) {
        let differ = pair[0].day == pair[1].day && pair[0].number != pair[1].number;
        assert!(!differ, "two consultations of one day differ");
    }
    share(Some(held.len() >= 2), || {
        let (first, last) = (held.first()?.number?, held.last()?.number?);
        Some(last > first)
    })
}

fn debt(person: &Person, period: &Period) -> Part {
    among(indebted_youth(person, period), || total(&in_period(&person.debts, period)))
}

// Parts of rules

/// Without a home, and the intake lies in the period.
fn arrived_in(person: &Person, period: &Period) -> Truth {
    let arrived = person.intake().map(|day| period.contains(day));
    and(homeless_youth(person, period), arrived)
}

/// From the same day a year before up to the first day of the period, both in.
fn year_before(period: &Period) -> RangeInclusive<NaiveDate> {
    months_before(period.first, 12)..=period.first
}

/// What was not found up to a day after the data date may still come.
fn observable(found: Truth, last: NaiveDate) -> Truth {
    if found == Some(false) && last > data_date() { None } else { found }
}

fn in_period(events: &[Event], period: &Period) -> Vec<Event> {
    events.iter().copied().filter(|event| period.contains(event.day)).collect()
}

/// The sum to the cent; none over nothing, or when one number is not known.
fn total(events: &[Event]) -> Option<f64> {
    let numbers: Option<Vec<f64>> = events.iter().map(|event| event.number).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty())?;
    Some((numbers.iter().sum::<f64>() * 100.0).round() / 100.0)
}

fn counted(member: Truth) -> Part {
    match member {
        Some(true) => Part::Known(1.0),
        Some(false) => Part::Outside,
        None => Part::Unknown,
    }
}

fn among(member: Truth, number: impl FnOnce() -> Option<f64>) -> Part {
    if member == Some(true) { number().map_or(Part::Unknown, Part::Known) } else { Part::Outside }
}

fn share(member: Truth, holds: impl FnOnce() -> Truth) -> Part {
    among(member, || holds().map(|holds| if holds { 1.0 } else { 0.0 }))
}

/// How many.
pub(super) fn size(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
