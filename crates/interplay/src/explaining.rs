//! `explain`: what each clause of an indicator did to the people, and why something is unknown.

use std::collections::BTreeSet;

use interplay_compile::calendar::Period;
use interplay_compile::catalog::Disclosure;
use interplay_compile::check::ORGANISATION;
use interplay_compile::contained::Sides;
use interplay_compile::query::Listing;
use interplay_compile::query::explain::{Chain, Explained};
use interplay_compile::target_group::Step;
use interplay_compile::term::lacking::Lacking;
use interplay_compile::term::{Supposed, Term};

use crate::coverage::Coverage;
use crate::disclosure::{self, NUMBERS};
use crate::engine::{self, Engine};
use crate::error::Error;

/// What a clause did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Attrition {
    kept: f64,
    dropped: f64,
    unknown: f64,
    why: Why,
}

impl Attrition {
    /// In the order of the columns.
    fn numbers(&self) -> [f64; NUMBERS] {
        let Why { undelivered, open, none, missing } = self.why;
        [self.kept, self.dropped, self.unknown, undelivered, open, none, missing]
    }
}

/// Why it is unknown: what would be known if everything had been delivered, and what of the rest
/// would be if nothing more came. Of the others a row that is asked for is not there, as far as that
/// is known; or a value is missing, or the rule says so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Why {
    undelivered: f64,
    open: f64,
    none: f64,
    missing: f64,
}

/// What is told of each clause; of its unknown, why.
const COLUMNS: [&str; NUMBERS] =
    ["kept", "dropped", "unknown", "not delivered", "not over", "there is none", "missing"];

/// How many columns each clause takes in the plan.
const WIDTH: usize = NUMBERS;

/// The attrition table of a query, and what was delivered of the records that it looks at. `words`
/// gives a step in the author's words.
pub(crate) async fn explain(
    engine: &Engine<'_>,
    explained: &Explained,
    policy: Disclosure,
    coverage: &Coverage<'_>,
    words: impl Fn(&Step) -> String,
) -> Result<(Listing, Vec<String>), Error> {
    let cell = explained.period.unwrap_or(engine::everything(engine.data_date));
    let several = explained.chains.len() > 1;
    let mut found = Vec::new();
    for chain in &explained.chains {
        found.push(counted(engine, explained, chain, cell).await?);
    }
    let mut steps = Vec::new();
    for (chain, (rows, _)) in explained.chains.iter().zip(&found) {
        if chain.rows.is_none() {
            steps.push(disclosure::Steps {
                numbers: rows.iter().map(Attrition::numbers).collect(),
                kept: kept(chain),
                own: chain.own,
                figure: figured(engine, explained, chain, cell).await?,
                perhaps: perhaps(engine, explained, chain, cell).await?,
            });
        }
    }
    let sides = Sides { inner: cell, outer: cell, data_date: engine.data_date };
    let mut of_people = disclosure::steps(&steps, sides, policy).into_iter();
    let mut rows = Vec::new();
    for (chain, (counts, people)) in explained.chains.iter().zip(&found) {
        let (known, numbers) = match &chain.rows {
            None => {
                let numbers = of_people.next().unwrap_or_default();
                (format!("every {} known", explained.subject), numbers)
            }
            Some(all) => (format!("every row of {}", all.record), shown(counts, people, policy)),
        };
        let clauses = [known].into_iter().chain(chain.steps.iter().map(&words));
        rows.extend(clauses.zip(numbers).map(|(clause, numbers)| {
            let word =
                |count: Option<f64>| count.map_or("withheld".to_owned(), |it| it.to_string());
            let name = several.then(|| chain.name.clone());
            name.into_iter().chain([clause]).chain(numbers.map(word)).collect()
        }));
    }
    let columns = several.then_some("indicator").into_iter().chain(["clause"]).chain(COLUMNS);
    let listing = Listing { columns: columns.map(str::to_owned).collect(), rows };
    let mut records = BTreeSet::new();
    // Of deliveries nothing is delivered.
    let chains = || explained.chains.iter().filter(|_| explained.subject != ORGANISATION);
    records.extend(chains().filter_map(|it| Some(it.rows.as_ref()?.record.clone())));
    for step in chains().flat_map(|chain| &chain.steps) {
        step.condition.records(&mut records);
    }
    let mut notes = Vec::new();
    for chain in &explained.chains {
        if let Some(all) = &chain.rows {
            let (name, record) = (&chain.name, &all.record);
            notes.push(format!("`{name}` counts rows of `{record}`, and so does this table."));
        }
    }
    coverage.notes(&records, &[cell], &mut notes);
    Ok((listing, notes))
}

/// Everyone known, or all rows; then of each step what is asked of those whom the steps before it
/// kept.
fn conditions(chain: &Chain) -> Vec<Term> {
    let mut before = Term::Seen;
    let mut asked = vec![before.clone()];
    for step in &chain.steps {
        let unknown = |that| Term::IsUnknown(Box::new(step.condition.clone().supposed(that)));
        let of = |terms: &[Term]| terms.iter().cloned().fold(before.clone(), Term::and);
        let [now, delivered, over] =
            [Supposed::Nothing, Supposed::Delivered, Supposed::Over].map(unknown);
        let is_true = |term: Term| Term::IsTrue(Box::new(term));
        let no = Term::Truth(Some(false));
        let lacking = Lacking::of(&step.condition);
        let Lacking { undelivered, open, none } =
            lacking.unwrap_or(Lacking { undelivered: no.clone(), open: no.clone(), none: no });
        let known = delivered.clone().negated();
        let known_then = delivered.and(over.clone().negated());
        let found = undelivered.clone().or(open.clone()).or(none.clone());
        asked.push(of(&[is_true(step.condition.clone().negated())]));
        asked.push(of(std::slice::from_ref(&now)));
        asked.push(of(&[now.clone(), known.or(over.clone().and(undelivered))]));
        asked.push(of(&[now.clone(), known_then.or(over.clone().and(open))]));
        asked.push(of(&[now.clone(), over.clone(), none]));
        asked.push(of(&[now, over, found.negated()]));
        before = before.and(is_true(step.condition.clone()));
        asked.push(before.clone());
    }
    asked
}

/// Whom each step kept: first everyone known.
fn kept(chain: &Chain) -> Vec<Term> {
    let mut kept = vec![Term::Seen];
    let mut before = Term::Seen;
    for step in &chain.steps {
        before = before.and(Term::IsTrue(Box::new(step.condition.clone())));
        kept.push(before.clone());
    }
    kept
}

/// Of how many people the indicator's figure is, and of how many it is unknown.
async fn figured(
    engine: &Engine<'_>,
    explained: &Explained,
    chain: &Chain,
    cell: Period,
) -> Result<[Option<f64>; 2], Error> {
    let [Some(known), Some(unknown)] = [&chain.told.denominator, &chain.told.unknown] else {
        return Ok([None, None]);
    };
    let asked = [known.clone(), unknown.clone()];
    let counts = engine.counts(&explained.subject, Some(cell), &asked).await?;
    Ok([counts.first().copied(), counts.get(1).copied()])
}

/// Of how many it is unknown whether they are among the people, which stands in a note under the
/// figure.
async fn perhaps(
    engine: &Engine<'_>,
    explained: &Explained,
    chain: &Chain,
    cell: Period,
) -> Result<Option<f64>, Error> {
    let Some(perhaps) = &chain.perhaps else { return Ok(None) };
    let asked = std::slice::from_ref(perhaps);
    Ok(engine.counts(&explained.subject, Some(cell), asked).await?.first().copied())
}

/// What each clause did to the people; of rows also to the subjects behind them.
async fn counted(
    engine: &Engine<'_>,
    explained: &Explained,
    chain: &Chain,
    cell: Period,
) -> Result<(Vec<Attrition>, Vec<Attrition>), Error> {
    let asked = conditions(chain);
    let Some(all) = &chain.rows else {
        let counts = engine.counts(&explained.subject, Some(cell), &asked).await?;
        return Ok((attrition(&counts), Vec::new()));
    };
    let counts = engine.row_counts((explained.subject.as_str(), all), cell, &asked).await?;
    let side = |at: usize| {
        let counts = counts.iter().filter_map(|two| two.get(at).copied());
        attrition(&counts.collect::<Vec<f64>>())
    };
    Ok((side(0), side(1)))
}

fn attrition(counts: &[f64]) -> Vec<Attrition> {
    let kept = counts.first().copied().unwrap_or(0.0);
    let mut rows = vec![Attrition { kept, ..Attrition::default() }];
    for step in counts.get(1..).unwrap_or_default().chunks_exact(WIDTH) {
        if let [dropped, unknown, undelivered, open, none, missing, kept] = *step {
            let why = Why { undelivered, open, none, missing };
            rows.push(Attrition { kept, dropped, unknown, why });
        }
    }
    rows
}

/// The rows under a policy, given of how many people each number is. From the first step on of
/// which a number is of few people nothing is shown, since the steps add up.
fn shown(
    rows: &[Attrition],
    people: &[Attrition],
    policy: Disclosure,
) -> Vec<[Option<f64>; NUMBERS]> {
    let is_small = |row: &Attrition| row.numbers().iter().any(|it| policy.is_small(*it));
    let first = people.iter().position(is_small).unwrap_or(rows.len());
    let number =
        |(at, row): (usize, &Attrition)| row.numbers().map(|it| (at < first).then_some(it));
    rows.iter().enumerate().map(number).collect()
}
