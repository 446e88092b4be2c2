//! Which conditions of the rules no test has both ways.
//!
//! A condition that is true in every test says nothing of what it keeps out, and one that is never
//! true nothing of what it lets in. The engine is asked, over the rows of each test and in the
//! periods of each of its questions, whether there is anyone of whom, or any row of which, a
//! condition is true, and whether there is one of which it is false.

use std::borrow::Cow;
use std::collections::BTreeMap;

use interplay_compile::Model;
use interplay_compile::asked::{self, Asked};
use interplay_compile::calendar::Period;
use interplay_compile::catalog::test::Test;
use interplay_compile::term::Term;
use interplay_diagnostic::Span;
use interplay_diagnostic::problem::has_error;

use super::given;
use crate::engine::{self, Engine};
use crate::error::Error;
use crate::session::{Session, words};

/// How far the tests go into the rules.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Every condition of the rules, in the order of their places.
    pub conditions: Vec<Covered>,
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Where it stands.
    pub span: Span,
    /// Its words.
    pub words: String,
    /// Whether any test asks it.
    pub asked: bool,
    /// Whether it is true in some test.
    pub met: bool,
    /// Whether it is false in some test.
    pub unmet: bool,
}

impl Coverage {
    /// How many outcomes were met: each condition may come out true, and false.
    #[must_use]
    pub fn met(&self) -> usize {
        let of = |covered: &Covered| usize::from(covered.met) + usize::from(covered.unmet);
        self.conditions.iter().map(of).sum()
    }

    /// How many outcomes there are.
    #[must_use]
    pub fn outcomes(&self) -> usize {
        2 * self.conditions.len()
    }

    /// How much of all outcomes that is, from 0 to 1; all of none is all.
    #[must_use]
    pub fn share(&self) -> f64 {
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        if self.conditions.is_empty() {
            return 1.0;
        }
        count(self.met()) / count(self.outcomes())
    }
}

impl Session {
    /// How far the tests go into the rules: those whose title, or case, holds `filter`.
    ///
    /// # Errors
    /// When the rules have errors, or the engine fails.
    pub async fn coverage(&self, filter: Option<&str>) -> Result<Coverage, Error> {
        if has_error(&self.problems) {
            return Err(Error::Rules);
        }
        let covered = |span| {
            let words = words(&self.sources, span);
            (span, Covered { span, words, asked: false, met: false, unmet: false })
        };
        let spans = asked::everywhere(&self.model);
        let mut all: BTreeMap<Span, Covered> = spans.into_iter().map(covered).collect();
        for test in self.tests(filter) {
            self.cover(test, &mut all).await?;
        }
        Ok(Coverage { conditions: all.into_values().collect() })
    }

    /// Notes what a test meets.
    async fn cover(&self, test: &Test, all: &mut BTreeMap<Span, Covered>) -> Result<(), Error> {
        let own = match test.catalog(&self.model.catalog) {
            Cow::Borrowed(_) => None,
            Cow::Owned(catalog) => Some(Model { catalog, ..Model::default() }),
        };
        let model = own.as_ref().unwrap_or(&self.model);
        let hot = given::hot(&model.catalog, &test.given)?;
        for expect in &test.expects {
            let trial = self.trial(model, test, expect)?;
            let asked = asked::by_query(model, &expect.query.item, Some(trial.data_date));
            let mut by_subject: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
            for asked in asked {
                if let Some(covered) = all.get_mut(&asked.span) {
                    covered.asked = true;
                    by_subject.entry(asked.subject.clone()).or_default().push(asked);
                }
            }
            let engine = trial.engine(&hot);
            for period in engine::cells(&trial.measured, trial.data_date) {
                for (subject, asked) in &by_subject {
                    met(&engine, (subject, period), asked, all).await?;
                }
            }
        }
        Ok(())
    }
}

/// Notes which of the conditions are true and false of the subjects there are.
async fn met(
    engine: &Engine<'_>,
    (subject, period): (&str, Period),
    asked: &[Asked],
    all: &mut BTreeMap<Span, Covered>,
) -> Result<(), Error> {
    let seen = |term: &Term| Term::Seen.and(term.clone());
    let terms: Vec<Term> = asked.iter().flat_map(|it| [seen(&it.met), seen(&it.unmet)]).collect();
    let counts = engine.counts(subject, Some(period), &terms).await?;
    for (asked, counts) in asked.iter().zip(counts.chunks(2)) {
        let Some(covered) = all.get_mut(&asked.span) else { continue };
        let holds = |at: usize| counts.get(at).is_some_and(|count| *count > 0.0);
        covered.met |= holds(0);
        covered.unmet |= holds(1);
    }
    Ok(())
}
