//! What is known of one person, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};

use super::time::{Period, age, data_date};

/// True, false, or nobody knows.
pub(super) type Truth = Option<bool>;

/// What one organisation says of who somebody is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    pub(super) organisation: &'static str,
    pub(super) birth: Option<NaiveDate>,
    pub(super) gender: Option<&'static str>,
}

/// Something that lasts: a stay, an address, an activity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell {
    pub(super) organisation: &'static str,
    pub(super) start: NaiveDate,
    pub(super) end: Option<NaiveDate>,
    pub(super) code: Option<&'static str>,
}

/// Something at a day: a contact, a debt, a consultation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) organisation: &'static str,
    pub(super) day: NaiveDate,
    pub(super) code: Option<&'static str>,
    /// Minutes of a contact, euros of a debt, wellbeing at a consultation.
    pub(super) number: Option<f64>,
}

/// All that the organisations know.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) profiles: Vec<Profile>,
    pub(super) residences: Vec<Spell>,
    pub(super) stays: Vec<Spell>,
    pub(super) activities: Vec<Spell>,
    pub(super) contacts: Vec<Event>,
    pub(super) debts: Vec<Event>,
    pub(super) consultations: Vec<Event>,
}

impl Spell {
    /// The last day on which it was seen to last: the day of leaving is out.
    pub(super) fn last_seen(&self) -> NaiveDate {
        let before_end = self.end.map_or(data_date(), |end| end - Days::new(1));
        before_end.min(data_date()).max(self.start)
    }

    /// Whether it was seen on a day from `first` to `last`.
    pub(super) fn overlaps(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.start <= last && self.last_seen() >= first
    }

    /// Each night in the period.
    pub(super) fn nights(&self, period: &Period) -> impl Iterator<Item = NaiveDate> {
        let first = self.start.max(period.first);
        let last = period.last.min(data_date());
        let end = self.end;
        first
            .iter_days()
            .take_while(move |night| *night <= last && end.is_none_or(|end| *night < end))
    }

    /// Whether its code is one of these; of a code that is missing nobody knows.
    pub(super) fn is(&self, codes: &[&str]) -> Truth {
        self.code.map(|code| codes.contains(&code))
    }
}

/// True when one is, unknown when one might be.
pub(super) fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Some(false), or)
}

fn or(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// False when one is, unknown when one might be.
pub(super) fn and(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

impl Person {
    /// The birth date that most organisations give; none when two are given equally often.
    pub(super) fn birth(&self) -> Option<NaiveDate> {
        of_most(self.words(|profile| profile.birth))
    }

    /// The gender that most organisations give.
    pub(super) fn gender(&self) -> Option<&'static str> {
        of_most(self.words(|profile| profile.gender))
    }

    /// What each organisation says: what it delivered last. Files are read in their order.
    fn words<T>(&self, said: impl Fn(&Profile) -> Option<T>) -> impl Iterator<Item = T> {
        let given = self.profiles.iter().filter_map(|one| Some((one.organisation, said(one)?)));
        given.collect::<BTreeMap<_, _>>().into_values()
    }

    pub(super) fn age_at(&self, day: NaiveDate) -> Option<i32> {
        age(self.birth()?, day)
    }

    /// Whether the age at the start of the period lies between these, both in.
    pub(super) fn is_aged(&self, period: &Period, youngest: i32, oldest: i32) -> Truth {
        self.age_at(period.first).map(|age| youngest <= age && age <= oldest)
    }

    /// Whether any stay that overlaps the period is at such a place.
    pub(super) fn stays_at(&self, period: &Period, places: &[&str]) -> Truth {
        let seen = self.stays.iter().filter(|stay| stay.overlaps(period.first, period.last));
        any(seen.map(|stay| stay.is(places)))
    }

    /// How many different nights at such places; not known while one place is not.
    pub(super) fn nights_at(&self, period: &Period, places: &[&str]) -> Option<usize> {
        let mut nights = BTreeSet::new();
        for stay in self.stays.iter().filter(|stay| stay.overlaps(period.first, period.last)) {
            if stay.is(places)? {
                nights.extend(stay.nights(period));
            }
        }
        Some(nights.len())
    }

    /// The day of the first talk.
    pub(super) fn intake(&self) -> Option<NaiveDate> {
        let intakes = self.contacts.iter().filter(|contact| contact.code == Some("intake"));
        intakes.map(|contact| contact.day).min()
    }

    /// The day of moving into the first home after the intake.
    pub(super) fn housed(&self) -> Option<NaiveDate> {
        let intake = self.intake()?;
        let homes = self.stays.iter().filter(|stay| stay.code == Some("housed"));
        homes.map(|home| home.start).filter(|start| *start > intake).min()
    }

    /// The day of leaving the institution, of those left in this time, that was entered last.
    pub(super) fn left_care(&self, time: &RangeInclusive<NaiveDate>) -> Option<NaiveDate> {
        let left = |stay: &Spell| stay.end.filter(|end| time.contains(end));
        let care = self.stays.iter().filter(|stay| stay.code == Some("institution"));
        let ends: Vec<_> =
            care.filter_map(|stay| left(stay).map(|end| (stay.start, end))).collect();
        only_one(&ends)
    }

    /// The district of the address that began last, of those that hold on a day.
    pub(super) fn district(&self, day: NaiveDate) -> Option<&'static str> {
        let holding = self.residences.iter().filter(|home| home.overlaps(day, day));
        let districts: Vec<_> = holding.map(|home| (home.start, home.code)).collect();
        only_one(&districts).flatten()
    }

    /// What one organisation registered at a day, and nothing else.
    pub(super) fn seen_by(&self, organisation: &str) -> Self {
        let own = |events: &[Event]| {
            let events = events.iter().copied();
            events.filter(|event| event.organisation == organisation).collect()
        };
        Self {
            contacts: own(&self.contacts),
            debts: own(&self.debts),
            consultations: own(&self.consultations),
            ..Self::default()
        }
    }

    /// Every organisation of which a row lies in the period.
    pub(super) fn organisations(&self, period: &Period) -> BTreeSet<&'static str> {
        let spells = self.residences.iter().chain(&self.stays).chain(&self.activities);
        let lasting = spells.filter(|spell| spell.overlaps(period.first, period.last));
        let events = self.contacts.iter().chain(&self.debts).chain(&self.consultations);
        let happened = events.filter(|event| period.contains(event.day));
        let organisations = lasting.map(|spell| spell.organisation);
        organisations.chain(happened.map(|event| event.organisation)).collect()
    }
}

/// What belongs to the latest day. The sample must never leave it to chance which one that is.
fn only_one<T: Copy + PartialEq>(dated: &[(NaiveDate, T)]) -> Option<T> {
    let latest = dated.iter().map(|(day, _)| *day).max()?;
    let mut found = dated.iter().filter(|(day, _)| *day == latest).map(|(_, value)| *value);
    let first = found.next()?;
    assert!(found.all(|other| other == first), "two rows of one day differ");
    Some(first)
}

fn of_most<T: Copy + PartialEq>(given: impl Iterator<Item = T>) -> Option<T> {
    let given: Vec<T> = given.collect();
    let votes = |value: &T| given.iter().filter(|other| *other == value).count();
    let most = given.iter().map(votes).max()?;
    let mut winners = given.iter().filter(|value| votes(value) == most);
    let first = winners.next()?;
    winners.all(|other| other == first).then_some(*first)
}
