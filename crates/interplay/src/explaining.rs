//! `explain`: what each clause of an indicator did to the people, and why something is unknown.

use std::collections::BTreeSet;

use interplay_compile::catalog::Disclosure;
use interplay_compile::check::ORGANISATION;
use interplay_compile::contained::Sides;
use interplay_compile::query::Listing;
use interplay_compile::query::explain::{Chain, Explained};
use interplay_compile::target_group::Step;
use interplay_compile::term::{Supposed, Term};

use crate::coverage::Coverage;
use crate::disclosure;
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
    fn numbers(&self) -> [f64; 6] {
        let Why { undelivered, open, missing } = self.why;
        [self.kept, self.dropped, self.unknown, undelivered, open, missing]
    }
}

/// Why it is unknown: what would be known if everything had been delivered, and what of the rest
/// would be if nothing more came. Of the others a value is missing, or the rule says so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Why {
    undelivered: f64,
    open: f64,
    missing: f64,
}

/// How many columns each clause takes in the plan.
const WIDTH: usize = 4;

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
        let counts = engine.counts(&explained.subject, Some(cell), &conditions(chain)).await?;
        let rows = attrition(chain.steps.len(), |at| counts.get(at).copied().unwrap_or(0.0));
        let numbers = rows.iter().map(Attrition::numbers).collect();
        found.push(disclosure::Steps { numbers, kept: kept(chain) });
    }
    let sides = Sides { inner: cell, outer: cell, data_date: engine.data_date };
    let shown = disclosure::steps(&found, sides, policy);
    let mut rows = Vec::new();
    for (chain, numbers) in explained.chains.iter().zip(shown) {
        let known = format!("every {} known", explained.subject);
        let clauses = [known].into_iter().chain(chain.steps.iter().map(&words));
        rows.extend(clauses.zip(numbers).map(|(clause, numbers)| {
            let word =
                |count: Option<f64>| count.map_or("withheld".to_owned(), |it| it.to_string());
            let name = several.then(|| chain.name.clone());
            name.into_iter().chain([clause]).chain(numbers.map(word)).collect()
        }));
    }
    let columns = ["clause", "kept", "dropped", "unknown", "not delivered", "not over", "missing"];
    let columns = several.then_some("indicator").into_iter().chain(columns);
    let listing = Listing { columns: columns.map(str::to_owned).collect(), rows };
    let mut records = BTreeSet::new();
    // Of deliveries nothing is delivered.
    let chains = explained.chains.iter().filter(|_| explained.subject != ORGANISATION);
    for step in chains.flat_map(|chain| &chain.steps) {
        step.condition.records(&mut records);
    }
    let mut notes = Vec::new();
    coverage.notes(&records, &[cell], &mut notes);
    Ok((listing, notes))
}

/// Everyone known, then of each step what is asked of those whom the steps before it kept.
fn conditions(chain: &Chain) -> Vec<Term> {
    let mut before = Term::Seen;
    let mut asked = vec![before.clone()];
    for step in &chain.steps {
        let unknown = |that| Term::IsUnknown(Box::new(step.condition.clone().supposed(that)));
        let of = |terms: &[Term]| terms.iter().cloned().fold(before.clone(), Term::and);
        let [now, delivered, over] =
            [Supposed::Nothing, Supposed::Delivered, Supposed::Over].map(unknown);
        asked.push(of(std::slice::from_ref(&now)));
        asked.push(of(&[now.clone(), delivered.clone().negated()]));
        asked.push(of(&[now, delivered, over.negated()]));
        before = before.and(Term::IsTrue(Box::new(step.condition.clone())));
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

fn attrition(steps: usize, count: impl Fn(usize) -> f64) -> Vec<Attrition> {
    let mut kept = count(0);
    let mut rows = vec![Attrition { kept, ..Attrition::default() }];
    for step in 0..steps {
        let [unknown, undelivered, open, now] =
            [1, 2, 3, 4].map(|place| count(WIDTH * step + place));
        let why = Why { undelivered, open, missing: unknown - undelivered - open };
        rows.push(Attrition { kept: now, dropped: kept - now - unknown, unknown, why });
        kept = now;
    }
    rows
}
