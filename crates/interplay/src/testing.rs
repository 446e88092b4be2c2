//! `test` blocks: given rows, and what must come out of them.

use std::borrow::Cow;

use chrono::NaiveDate;
use interplay_compile::Model;
use interplay_compile::catalog::Disclosure;
use interplay_compile::catalog::test::{Expect, ExpectedProblem, Given, Test};
use interplay_compile::check::ORGANISATION;
use interplay_compile::query::measure::Measured;
use interplay_compile::query::{self, CheckedQuery};
use interplay_compile::silence::Undelivered;
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::{Diagnostic, Span};
use interplay_pool::Hot;
use interplay_syntax::tree::StatementKind;

use crate::coverage::Delivered;
use crate::engine::Engine;
use crate::error::Error;
use crate::session::{Session, words};
use crate::{answer, disclosure};
use figures::Told;

mod coverage;
mod difference;
mod figures;
mod given;

pub use coverage::{Coverage, Covered};
pub use difference::{RowTold, Standing, SubjectTold, Without};
pub use figures::{Differing, Found};

/// How one `test` block went, or one of its cases.
#[derive(Clone, Debug)]
pub struct TestOutcome {
    /// Its title.
    pub name: String,
    /// The case: `left 2025-01-05, nights 4`
    pub case: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// Whether everything came out as expected.
    pub passed: bool,
    /// What did not.
    pub failures: Vec<Failure>,
}

/// Something that is not as expected.
#[derive(Clone, Debug)]
pub enum Failure {
    /// `expect: measure nights_homeless in 2025 is 5`
    Figures {
        /// `measure nights_homeless in 2025`
        asked: String,
        /// Where it stands.
        span: Span,
        /// Each figure that is another.
        figures: Vec<Differing>,
        /// Whom the given rows are about, and what each row does to the figures.
        subjects: Vec<SubjectTold>,
    },
    /// `expect problem: unknown-name in "measure raech in 2025"`
    Problem {
        /// `unknown-name`
        code: String,
        /// `measure raech in 2025`
        text: String,
        /// Where it stands.
        span: Span,
        /// The problems that were found instead, by code and message.
        found: Vec<(String, String)>,
    },
}

impl Session {
    /// Runs the `test` blocks whose title, or case, holds `filter`.
    ///
    /// # Errors
    /// When the rules have errors, or the engine fails.
    pub async fn test(&self, filter: Option<&str>) -> Result<Vec<TestOutcome>, Error> {
        if has_error(&self.problems) {
            return Err(Error::Rules);
        }
        let mut outcomes = Vec::new();
        for test in self.tests(filter) {
            outcomes.push(self.tested(test).await?);
        }
        Ok(outcomes)
    }

    /// The tests whose title, or case, holds `filter`.
    fn tests<'s>(&'s self, filter: Option<&'s str>) -> impl Iterator<Item = &'s Test> {
        self.model.catalog.tests.iter().filter(move |test| {
            let holds = |text: &str| filter.is_none_or(|filter| text.contains(filter));
            holds(&test.name) || test.case.as_deref().is_some_and(holds)
        })
    }

    /// Questions are answered on the rows of the test called `title` from now on, and look no
    /// further than its data date: to see what a test is about, or to show it.
    ///
    /// # Errors
    /// When there is no such test, or it states no data date.
    pub fn take_rows(&mut self, title: &str) -> Result<(), Error> {
        let test = self.model.catalog.tests.iter().find(|test| test.name == title);
        let Some(test) = test.cloned() else {
            return Err(Error::Unknown(format!("there is no test called `{title}`")));
        };
        let given = given::batches(&test.catalog(&self.model.catalog), &test.given)?;
        self.use_rows(given, test.data_date.ok_or(Error::NoDataDate)?);
        self.stated = given::stated(&test.given);
        Ok(())
    }

    async fn tested(&self, test: &Test) -> Result<TestOutcome, Error> {
        let own = match test.catalog(&self.model.catalog) {
            Cow::Borrowed(_) => None,
            Cow::Owned(catalog) => Some(Model { catalog, ..Model::default() }),
        };
        let model = own.as_ref().unwrap_or(&self.model);
        let hot = given::hot(&model.catalog, &test.given)?;
        let mut failures = Vec::new();
        for expect in &test.expects {
            let trial = self.trial(model, test, expect)?;
            let told = trial.figures(&hot).await?;
            let figures = figures::differing(&told, expect, trial.unit().as_deref(), &self.sources);
            if !figures.is_empty() {
                let subjects = trial.subjects(&told, &figures, &self.sources).await?;
                let asked = words(&self.sources, expect.query.span);
                let span = expect.query.span;
                failures.push(Failure::Figures { asked, span, figures, subjects });
            }
        }
        for expected in &test.problems {
            failures.extend(self.expected_problem(test, expected));
        }
        Ok(TestOutcome {
            name: test.name.clone(),
            case: test.case.clone(),
            span: test.span,
            passed: failures.is_empty(),
            failures,
        })
    }

    /// What a test asks. One that states no data date looks up to the end of the period it asks
    /// about.
    fn trial<'a>(
        &self,
        model: &'a Model,
        test: &'a Test,
        expect: &'a Expect,
    ) -> Result<Trial<'a>, Error> {
        let known = test.data_date.or(self.data_date);
        let (checked, _) = query::check_on(model, &expect.query.item, known);
        let Some(CheckedQuery::Measure(measured)) = checked else { return Err(Error::Rules) };
        let last = measured.period.map(|period| period.last);
        let last = if measured.looks_at_data_date { self.data_date } else { last };
        let data_date = known.filter(|_| test.data_date.is_some()).or(last).or(self.data_date);
        let data_date = data_date.ok_or(Error::NoDataDate)?;
        let policy = match (test.protected, model.catalog.disclosure) {
            // Organisations are nobody to protect.
            (false, _) => Disclosure::None,
            _ if measured.subject == ORGANISATION => Disclosure::None,
            (true, Disclosure::None) => Disclosure::default(),
            (true, declared) => declared,
        };
        let delivered = given::delivered(&model.catalog, &test.given);
        let coverage = crate::coverage::Coverage {
            catalog: &model.catalog,
            delivered: delivered.as_deref(),
            timeless: &[],
            data_date,
        };
        let undelivered = coverage.undelivered();
        Ok(Trial {
            model,
            given: &test.given,
            expect,
            measured,
            data_date,
            policy,
            delivered,
            undelivered,
        })
    }

    /// What is wrong when a text has not the problem that is expected of it. The text stands
    /// after the project's rules, as an entry of the session would.
    fn expected_problem(&self, test: &Test, expected: &ExpectedProblem) -> Option<Failure> {
        let found = self.problems_of(test, &expected.text.item);
        if found.iter().any(|problem| problem.code == expected.code.item) {
            return None;
        }
        let found = found.into_iter().map(|it| (it.code.to_owned(), it.message)).collect();
        Some(Failure::Problem {
            code: expected.code.item.clone(),
            text: expected.text.item.clone(),
            span: expected.code.span,
            found,
        })
    }

    fn problems_of(&self, test: &Test, text: &str) -> Vec<Diagnostic> {
        let id = self.sources.clone().add("test", text);
        let (program, mut problems) = interplay_syntax::parse(id, text);
        let kinds = program.statements.iter().map(|statement| &statement.kind);
        let queries = kinds.filter_map(|kind| match kind {
            StatementKind::Query(query) => Some(query.clone()),
            StatementKind::Declaration(_) => None,
        });
        let queries: Vec<_> = queries.collect();
        let mut programs = self.programs.clone();
        programs.push(program);
        let (model, mut found) = interplay_compile::check(&programs);
        let sources = model.catalog.sources.values();
        found.extend(sources.flat_map(interplay_pool::check_source));
        problems.extend(found.into_iter().filter(|it| it.span.source == id));
        let catalog = test.catalog(&model.catalog).into_owned();
        let model = Model { catalog, ..model };
        for query in queries {
            let known = test.data_date.or(self.data_date);
            problems.extend(query::check_on(&model, &query, known).1);
        }
        problems
    }
}

/// What an `expect:` line asks, ready to be asked of these rows or others.
struct Trial<'a> {
    model: &'a Model,
    given: &'a [Given],
    expect: &'a Expect,
    measured: Measured,
    data_date: NaiveDate,
    policy: Disclosure,
    /// What was delivered, where the test says so of something.
    delivered: Option<Vec<Delivered>>,
    undelivered: Undelivered,
}

impl Trial<'_> {
    fn engine<'h>(&'h self, hot: &'h Hot) -> Engine<'h> {
        let (model, data_date) = (self.model, self.data_date);
        Engine { model, hot, data_date, undelivered: &self.undelivered, partitions: 1 }
    }

    /// What the figures are counted in.
    fn unit(&self) -> Option<String> {
        Some(self.measured.measures.first()?.indicator.unit()?.to_string())
    }

    /// The figures of given rows, each with its headings.
    async fn figures(&self, hot: &Hot) -> Result<Vec<Told>, Error> {
        let measures = self.engine(hot).measure(&self.measured).await?;
        let [hidden, _] =
            disclosure::withheld(&self.measured, &measures, self.data_date, self.policy);
        let records = answer::records(&self.measured);
        let coverage = crate::coverage::Coverage {
            catalog: &self.model.catalog,
            delivered: self.delivered.as_deref(),
            timeless: &[],
            data_date: self.data_date,
        };
        let placed = measures.placed.iter().zip(hidden);
        let whole = measures.cells.last().copied();
        let cells = whole.map(|whole| self.measured.cells(whole)).unwrap_or_default();
        let told = placed.map(|(placed, hidden)| {
            let is_over = placed.period.first <= self.data_date;
            let has_data =
                is_over && answer::delivered(placed, &self.measured, &records, &coverage);
            let is_shown = (hidden.figure, has_data);
            Told::new(&self.measured, cells.get(placed.cell), placed, is_shown)
        });
        Ok(told.collect())
    }
}
