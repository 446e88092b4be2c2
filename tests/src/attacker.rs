//! A reader who wants to know what is withheld.
//!
//! A world is made by chance, and a query asked of it with small numbers protected. The attacker
//! knows the rules, and takes everybody to be of one of the kinds of people that the rules tell
//! apart. How many there are of each kind is not known, and all that is shown are sums of these
//! numbers: so the largest that a withheld number can be is a linear program, which is solved. It
//! shares nothing with how the engine protects.

mod explained;
mod simplex;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::Float64Type;
use chrono::NaiveDate;
use interplay::{Answer, Session};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

const RULES: &str = r#"
subject person
organisation house
codes gender "Gender" { f: "Woman"  m: "Man" }
codes area "Area" { north: "North"  south: "South"  west: "West" }
codes answer "Answer" { yes: "Yes"  no: "No" }
record profile of person once { gender: gender?  area: area?  debts: answer? }
record contact of person at day { day: date }
indicator everybody { count: person }
indicator women { count: person where gender is f }
indicator in_debt { among: person  share: debts is yes }
indicator women_in_debt { among: person where gender is f  share: debts is yes }
indicator met_in_debt {
  among:   person where gender is f
  unknown: no contact during period
  share:   debts is yes
}
indicator met { count: person where any contact during period }
indicator contacts { count: contact during period }
"#;

const GENDERS: [&str; 2] = ["f", "m"];
const AREAS: [&str; 3] = ["north", "south", "west"];
const PERIOD: &str = "2025-01-01 .. 2025-06-30";
const QUARTERS: [&str; 2] = ["2025-Q1", "2025-Q2"];
/// How many contacts somebody may have in a quarter; as far as the attacker knows, also many.
const CONTACTS: [u32; 4] = [0, 1, 2, 30];
const MEASURES: [&str; 7] =
    ["everybody", "women", "in_debt", "women_in_debt", "met_in_debt", "met", "contacts"];

/// Somebody, as far as the rules tell people apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    gender: usize,
    area: usize,
    /// Whether there are debts, if it is known.
    debts: Option<bool>,
    contacts: [u32; 2],
}

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for gender in 0..GENDERS.len() {
        for area in 0..AREAS.len() {
            for debts in [None, Some(false), Some(true)] {
                for first in CONTACTS {
                    for second in CONTACTS {
                        kinds.push(Kind { gender, area, debts, contacts: [first, second] });
                    }
                }
            }
        }
    }
    kinds
}

/// A number of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Numerator,
    Denominator,
    Unknown,
    /// What a step of an explanation keeps, drops or leaves unknown.
    Step(usize, explained::Lot),
}

/// Which number of a table: of which measure, in which period, under which headings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Number {
    measure: String,
    role: Role,
    period: String,
    gender: Option<String>,
    area: Option<String>,
}

impl Number {
    /// How often somebody counts in it.
    fn of(&self, kind: &Kind) -> f64 {
        let under = |heading: &Option<String>, own: &str| {
            heading.as_ref().is_none_or(|heading| heading == own)
        };
        if !under(&self.gender, GENDERS[kind.gender]) || !under(&self.area, AREAS[kind.area]) {
            return 0.0;
        }
        let quarters = QUARTERS.iter().zip(kind.contacts);
        let seen =
            quarters.filter(|(quarter, _)| self.period.len() != 7 || self.period == **quarter);
        let contacts: u32 = seen.map(|(_, contacts)| contacts).sum();
        let holds = match (self.measure.as_str(), self.role) {
            (measure, Role::Step(at, lot)) => explained::is_of(measure, at, lot, kind),
            ("women", Role::Numerator) => kind.gender == 0,
            ("everybody", Role::Numerator) => true,
            ("met", Role::Numerator) => contacts > 0,
            ("contacts", Role::Numerator) => return f64::from(contacts),
            ("in_debt" | "women_in_debt", role) => {
                let among = self.measure == "in_debt" || kind.gender == 0;
                among
                    && match role {
                        Role::Numerator => kind.debts == Some(true),
                        Role::Denominator => kind.debts.is_some(),
                        Role::Unknown => kind.debts.is_none(),
                        Role::Step(..) => false,
                    }
            }
            ("met_in_debt", role) => {
                let known = kind.debts.is_some() && contacts > 0;
                kind.gender == 0
                    && match role {
                        Role::Numerator => known && kind.debts == Some(true),
                        Role::Denominator => known,
                        Role::Unknown => !known,
                        Role::Step(..) => false,
                    }
            }
            _ => false,
        };
        f64::from(u8::from(holds))
    }

    fn true_value(&self, people: &[Kind]) -> f64 {
        people.iter().map(|kind| self.of(kind)).sum()
    }
}

/// What one query on one random world gives away; nothing, if all is well.
///
/// # Panics
///
/// When the query is not answered.
#[must_use]
pub fn given_away(seed: u64) -> Vec<String> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let people = people(&mut random);
    let queries = queries(&mut random);
    let Table { shown, places } = asked(&people, &queries);
    // Kinds of people who count alike in every number of the table are one.
    let alike = |kind: &Kind| places.iter().map(|it| it.of(kind).to_bits()).collect::<Vec<_>>();
    let kinds: BTreeMap<Vec<u64>, Kind> = kinds().into_iter().map(|it| (alike(&it), it)).collect();
    let kinds: Vec<Kind> = kinds.into_values().collect();
    let row = |number: &Number| kinds.iter().map(|kind| number.of(kind)).collect::<Vec<f64>>();
    let known: Vec<(Vec<f64>, f64)> = shown.iter().map(|(it, value)| (row(it), *value)).collect();
    let mut found = Vec::new();
    for (number, value) in &shown {
        if (number.true_value(&people) - value).abs() > 1e-9 {
            found.push(format!("{number:?} is shown as {value}, which it is not"));
        }
    }
    let attack = simplex::Program::new(&known, kinds.len());
    for (name, of, value) in secrets(&places, &people, &kinds) {
        let most = attack.most(&of);
        if most.is_some_and(|most| most < 5.0 - 1e-6) {
            found.push(format!("{name} is {value}, and known to be at most {most:?}"));
        }
    }
    if !found.is_empty() {
        found.insert(0, format!("seed {seed}: {queries}\n{shown:#?}"));
    }
    found
}

/// Small numbers of people: those that the table is about, and what lies between two of them where
/// the one counts some of the people of the other.
fn secrets(places: &[Number], people: &[Kind], kinds: &[Kind]) -> Vec<(String, Vec<f64>, f64)> {
    let is_small = |value: f64| (1.0..=4.0).contains(&value);
    let mut secrets = Vec::new();
    for one in places {
        let value = one.true_value(people);
        if is_small(value) {
            secrets.push((format!("{one:?}"), kinds.iter().map(|it| one.of(it)).collect(), value));
        }
        for other in
            places.iter().filter(|other| other.measure != one.measure || other.period != one.period)
        {
            let same = (&one.gender, &one.area) == (&other.gender, &other.area);
            let period = one.period == other.period
                || (one.measure == other.measure && one.measure == "met");
            let rest: Vec<f64> = kinds.iter().map(|it| other.of(it) - one.of(it)).collect();
            let is_rest = rest.iter().all(|it| [0.0, 1.0].contains(it));
            let value = other.true_value(people) - one.true_value(people);
            if same && period && is_rest && is_small(value) {
                secrets.push((format!("between {one:?} and {other:?}"), rest, value));
            }
        }
    }
    secrets
}

fn people(random: &mut ChaCha8Rng) -> Vec<Kind> {
    let many = random.random_range(6..60);
    let (women, debts, quiet) = (
        random.random_range(0.1..0.9),
        random.random_range(0.1..0.9),
        random.random_range(0.2..0.9),
    );
    let somebody = |random: &mut ChaCha8Rng| {
        let contacts = |random: &mut ChaCha8Rng| {
            if random.random_bool(quiet) { 0 } else { random.random_range(1..3) }
        };
        Kind {
            gender: usize::from(!random.random_bool(women)),
            area: *[0, 0, 0, 1, 1, 2].choose(random).expect("an area"),
            debts: (!random.random_bool(0.15)).then(|| random.random_bool(debts)),
            contacts: [contacts(random), contacts(random)],
        }
    };
    (0..many).map(|_| somebody(random)).collect()
}

/// A table of several measures; or one measure, and then what explains it.
fn queries(random: &mut ChaCha8Rng) -> String {
    if random.random_bool(0.3) {
        let of = explained::MEASURES.choose(random).expect("a measure");
        return format!("measure {of} in {PERIOD}\nexplain {of} in {PERIOD}");
    }
    let many = random.random_range(1..4);
    let measures: Vec<&str> = MEASURES.sample(random, many).copied().collect();
    let breakdowns: Vec<&str> =
        ["gender", "area", "quarter"].into_iter().filter(|_| random.random_bool(0.4)).collect();
    let by = if breakdowns.is_empty() {
        String::new()
    } else {
        format!(" by {}", breakdowns.join(", "))
    };
    let compare = if random.random_bool(0.3) { " compare 2025-Q1" } else { "" };
    format!("measure {} in {PERIOD}{by}{compare}", measures.join(", "))
}

/// What is shown, and every number that it is about.
#[derive(Default)]
struct Table {
    shown: BTreeMap<Number, f64>,
    places: Vec<Number>,
}

fn asked(people: &[Kind], queries: &str) -> Table {
    let names: Vec<String> = (0..people.len()).map(|at| format!("p{at}")).collect();
    let text = |of: &dyn Fn(&Kind) -> Option<&'static str>| -> ArrayRef {
        Arc::new(people.iter().map(of).collect::<StringArray>())
    };
    let debts = |kind: &Kind| kind.debts.map(|it| if it { "yes" } else { "no" });
    let profile = RecordBatch::try_from_iter([
        (
            "person",
            Arc::new(names.iter().map(|it| Some(it.as_str())).collect::<StringArray>()) as ArrayRef,
        ),
        ("gender", text(&|kind| Some(GENDERS[kind.gender]))),
        ("area", text(&|kind| Some(AREAS[kind.area]))),
        ("debts", text(&debts)),
    ]);
    let (mut whose, mut days) = (Vec::new(), Vec::new());
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    for (name, kind) in names.iter().zip(people) {
        // Everybody is known: by a contact of another year.
        whose.push(name.as_str());
        days.push(day("2024-05-01"));
        for (first, contacts) in
            [day("2025-02-01"), day("2025-05-01")].into_iter().zip(kind.contacts)
        {
            for at in 0..contacts {
                whose.push(name.as_str());
                days.push(first + chrono::Days::new(u64::from(at)));
            }
        }
    }
    let epoch = day("1970-01-01");
    let days = days.into_iter().map(|day| i32::try_from((day - epoch).num_days()).ok());
    let contact = RecordBatch::try_from_iter([
        ("person", Arc::new(StringArray::from(whose)) as ArrayRef),
        ("day", Arc::new(days.collect::<Date32Array>())),
    ]);
    let outcomes = RUNTIME.block_on(async {
        let mut session = Session::builder()
            .rules("program", RULES)
            .data_date(day("2025-12-31"))
            .rows("profile", "house", profile.expect("profiles"))
            .rows("contact", "house", contact.expect("contacts"))
            .open()
            .await
            .expect("a session");
        assert!(session.problems().is_empty(), "{:#?}", session.problems());
        session.run("query", queries).await.expect("an answer")
    });
    let mut table = Table::default();
    for outcome in outcomes {
        match outcome.answer {
            Some(Answer::Figures(figures)) => read(&figures.batch, &mut table),
            Some(Answer::Listing(listing)) => explained::read(queries, &listing.batch, &mut table),
            _ => panic!("no figures: {queries}"),
        }
    }
    table
}

fn read(batch: &RecordBatch, table: &mut Table) {
    let text = |name: &str, row: usize| {
        let column = batch.column_by_name(name)?.as_string::<i32>();
        column.is_valid(row).then(|| column.value(row).to_owned())
    };
    let number = |name: &str, row: usize| {
        let column = batch.column_by_name(name)?.as_primitive::<Float64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let Table { shown, places } = table;
    for row in 0..batch.num_rows() {
        let heading = |name: &str| text(name, row).filter(|heading| heading != "total");
        let measure = text("measure", row).expect("a measure");
        let is_count = !measure.ends_with("in_debt");
        let mut at = |role: Role, period: &str, value: Option<f64>| {
            let (gender, area) = (heading("gender"), heading("area"));
            let period = period.to_owned();
            let own = Number { measure: measure.clone(), role, period, gender, area };
            if !places.contains(&own) {
                places.push(own.clone());
            }
            if let Some(value) = value {
                shown.insert(own, value);
            }
        };
        let period = text("period", row).expect("a period");
        let value = number("value", row);
        if is_count {
            at(Role::Numerator, &period, value);
        } else {
            at(Role::Denominator, &period, number("denominator", row));
            at(Role::Numerator, &period, number("numerator", row));
            at(Role::Unknown, &period, number("unknown", row));
        }
        if let Some(compared) = text("compared_period", row).filter(|_| is_count) {
            at(Role::Numerator, &compared, number("compared", row));
        }
        if let Some(compared) = text("compared_period", row).filter(|_| !is_count) {
            at(Role::Denominator, &compared, number("compared_denominator", row));
            at(Role::Numerator, &compared, number("compared_numerator", row));
            at(Role::Unknown, &compared, number("compared_unknown", row));
        }
    }
}
