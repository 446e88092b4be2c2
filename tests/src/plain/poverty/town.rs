//! A town: its households and people, and what holds of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::plain::time::{Period, age, data_date};

/// All that the organisations delivered, as far as it can be used.
#[derive(Debug, Default)]
pub(super) struct Town {
    pub(super) households: BTreeMap<String, Household>,
    pub(super) people: BTreeMap<String, Person>,
}

/// What is known of one household.
#[derive(Debug, Default)]
pub(super) struct Household {
    pub(super) members: Vec<(Spell, String)>,
    pub(super) dwellings: Vec<(Spell, Option<&'static str>)>,
    pub(super) incomes: Vec<Income>,
    pub(super) balances: Vec<Balance>,
    pub(super) aid: Vec<Aid>,
    pub(super) cut_offs: Vec<NaiveDate>,
    pub(super) goals: Vec<Goal>,
    /// Which organisations have rows of it, and over which days.
    pub(super) seen_by: Vec<(&'static str, Spell)>,
}

/// What is known of one person.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// Birth dates, by organisation, in the order in which they were delivered.
    pub(super) births: Vec<(&'static str, NaiveDate)>,
    pub(super) memberships: Vec<(Spell, String)>,
    pub(super) inquiries: Vec<Inquiry>,
}

/// From a day up to another, which is out; without it for good.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell {
    pub(super) start: NaiveDate,
    pub(super) end: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Income {
    pub(super) spell: Spell,
    pub(super) source: Option<&'static str>,
    pub(super) amount: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Balance {
    pub(super) day: NaiveDate,
    pub(super) occasion: Option<&'static str>,
    pub(super) total: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Aid {
    pub(super) day: NaiveDate,
    pub(super) is_parcel: bool,
    pub(super) worth: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    pub(super) day: NaiveDate,
    pub(super) importance: f64,
    pub(super) score: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Inquiry {
    pub(super) organisation: &'static str,
    pub(super) asked: NaiveDate,
    pub(super) is_entitled: Option<bool>,
    pub(super) granted: Option<NaiveDate>,
}

impl Spell {
    /// One day.
    pub(super) fn day(day: NaiveDate) -> Self {
        Self { start: day, end: day.succ_opt() }
    }

    /// The last day seen: one of no night lies on its day.
    fn last(self) -> NaiveDate {
        let last = self.end.map_or_else(data_date, |end| end.pred_opt().expect("a day before"));
        last.min(data_date()).max(self.start)
    }

    pub(super) fn holds_on(self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.last()
    }

    pub(super) fn overlaps(self, period: &Period) -> bool {
        self.start <= period.last && self.last() >= period.first
    }

    /// Its days in a period, the end left out.
    fn days(self, period: &Period) -> impl Iterator<Item = NaiveDate> {
        let end = self.end.unwrap_or(NaiveDate::MAX);
        let last = period.last.min(data_date());
        let days = period.first.iter_days().take_while(move |day| *day <= last);
        days.filter(move |day| *day >= self.start && *day < end)
    }
}

/// The last of those that hold on a day, by when they began.
fn last_on<T>(rows: &[(Spell, T)], day: NaiveDate) -> Option<&T> {
    let holding = rows.iter().filter(|(spell, _)| spell.holds_on(day));
    holding.max_by_key(|(spell, _)| spell.start).map(|(_, what)| what)
}

impl Person {
    /// The fund is sure of birth dates; where it says nothing, the social service is believed.
    pub(super) fn birth(&self) -> Option<NaiveDate> {
        ["health_fund", "social_service"].iter().find_map(|organisation| {
            let said = self.births.iter().rev().find(|(by, _)| by == organisation);
            said.map(|(_, birth)| *birth)
        })
    }

    pub(super) fn age(&self, day: NaiveDate) -> Option<i32> {
        age(self.birth()?, day)
    }

    /// The household to which somebody belongs.
    pub(super) fn home(&self, day: NaiveDate) -> Option<&str> {
        last_on(&self.memberships, day).map(String::as_str)
    }
}

impl Household {
    pub(super) fn member_count(&self, day: NaiveDate) -> usize {
        self.members.iter().filter(|(spell, _)| spell.holds_on(day)).count()
    }

    /// 1 for the first adult, 0.5 for every other from 14 on, 0.3 for a child. Not known where the
    /// age of somebody is not.
    fn needs(&self, town: &Town, day: NaiveDate) -> Option<f64> {
        let holding = self.members.iter().filter(|(spell, _)| spell.holds_on(day));
        let mut young = 0.0;
        let mut members = 0.0;
        for (_, person) in holding {
            members += 1.0;
            if town.people.get(person)?.age(day)? < 14 {
                young += 1.0;
            }
        }
        Some(1.0 + 0.5 * (members - 1.0 - young) + 0.3 * young)
    }

    /// All sources together; not known without any, nor where one is not.
    fn income(&self, day: NaiveDate) -> Option<f64> {
        let holding: Vec<&Income> =
            self.incomes.iter().filter(|income| income.spell.holds_on(day)).collect();
        let amounts: Option<Vec<f64>> = holding.iter().map(|income| income.amount).collect();
        amounts.filter(|amounts| !amounts.is_empty()).map(|amounts| amounts.iter().sum())
    }

    /// Income on one day by the needs on another.
    pub(super) fn spendable(
        &self,
        town: &Town,
        income: NaiveDate,
        needs: NaiveDate,
    ) -> Option<f64> {
        let (income, needs) = (self.income(income)?, self.needs(town, needs)?);
        Some(income / needs)
    }

    pub(super) fn has_income(&self, day: NaiveDate) -> bool {
        self.incomes.iter().any(|income| income.spell.holds_on(day))
    }

    pub(super) fn area(&self, day: NaiveDate) -> Option<&'static str> {
        *last_on(&self.dwellings, day)?
    }

    pub(super) fn lives_on(&self, day: NaiveDate) -> Option<&'static str> {
        let holding = self.incomes.iter().filter(|income| income.spell.holds_on(day));
        holding.max_by_key(|income| income.spell.start)?.source
    }

    pub(super) fn opening(&self) -> Option<Balance> {
        let openings = self.balances.iter().filter(|balance| balance.occasion == Some("opening"));
        openings.min_by_key(|balance| balance.day).copied()
    }

    pub(super) fn last_balance(&self, until: NaiveDate) -> Option<Balance> {
        let before = self.balances.iter().filter(|balance| balance.day <= until);
        before.max_by_key(|balance| balance.day).copied()
    }

    pub(super) fn aid_in<'a>(&'a self, period: &'a Period) -> impl Iterator<Item = &'a Aid> {
        self.aid.iter().filter(|aid| period.contains(aid.day))
    }

    pub(super) fn has_dwelling(&self, period: &Period) -> bool {
        self.dwellings.iter().any(|(spell, _)| spell.overlaps(period))
    }

    /// On how many days of a period it had a dwelling, each day once.
    pub(super) fn days_dwelt(&self, period: &Period) -> usize {
        let days = self.dwellings.iter().flat_map(|(spell, _)| spell.days(period));
        days.collect::<BTreeSet<_>>().len()
    }

    /// T = 50 + 10 Σwx / √(0.7 Σw² + 0.3 (Σw)²) of the goals of a period that were scored.
    pub(super) fn attainment(&self, period: &Period) -> Option<f64> {
        let goals = self.goals.iter().filter(|goal| period.contains(goal.day));
        let scored: Vec<(f64, f64)> =
            goals.filter_map(|goal| Some((goal.importance, goal.score?))).collect();
        if scored.is_empty() || scored.iter().any(|(weight, _)| *weight <= 0.0) {
            return None;
        }
        let weighted: f64 = scored.iter().map(|(weight, score)| weight * score).sum();
        let squares: f64 = scored.iter().map(|(weight, _)| weight * weight).sum();
        let weights: f64 = scored.iter().map(|(weight, _)| weight).sum();
        Some(50.0 + 10.0 * weighted / (0.7 * squares + 0.3 * weights * weights).sqrt())
    }

    pub(super) fn organisations(&self, period: &Period) -> BTreeSet<&'static str> {
        let seen = self.seen_by.iter().filter(|(_, spell)| spell.overlaps(period));
        seen.map(|(organisation, _)| *organisation).collect()
    }
}

/// So many days later.
pub(super) fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).expect("a date in the calendar")
}
