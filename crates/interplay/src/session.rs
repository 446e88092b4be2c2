//! A session: a project's rules, its pool, and what is asked of them.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use interplay_compile::Model;
use interplay_compile::calendar::Period;
use interplay_compile::catalog::Disclosure;
use interplay_compile::check::ORGANISATION;
use interplay_compile::query::{self, CheckedQuery};
use interplay_compile::target_group::Step;
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::{Diagnostic, Sources, Span};
use interplay_pool::{Covered, CoveredBy, Delivery, Hot, Key, KeyKind, Snapshot};
use interplay_syntax::tree;

use crate::coverage::{Coverage, Delivered};
use crate::engine::{Engine, ProgressFn, Registered};
use crate::error::Error;
use crate::outcome::{Answer, Outcome, Provenance};
use crate::settings::Settings;
use crate::{
    answer, explaining, history, levels, load, noted, organisations, project, redeclare, rows,
    telling, tracing,
};

/// A project's rules, its pool, and what is asked of them.
pub struct Session {
    pub(crate) root: Option<PathBuf>,
    pub(crate) settings: Option<Settings>,
    pub(crate) sources: Sources,
    pub(crate) programs: Vec<tree::Program>,
    /// How many of them are rule files; the others were typed.
    of_files: usize,
    /// What the last text declared again.
    replaced: Vec<String>,
    pub(crate) model: Model,
    pub(crate) problems: Vec<Diagnostic>,
    pub(crate) registered: Registered,
    pub(crate) data_date: Option<NaiveDate>,
    pub(crate) language: Option<String>,
    pub(crate) partitions: usize,
    pub(crate) progress: Option<ProgressFn>,
    pub(crate) pool: Option<Pool>,
    given: Vec<rows::Given>,
    pub(crate) stated: Vec<Delivered>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Session").field("root", &self.root).finish_non_exhaustive()
    }
}

/// The data of one state of the pool.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) hot: Hot,
    pub(crate) snapshot: Option<String>,
    /// None for rows given in memory.
    pub(crate) delivered: Option<Vec<Delivered>>,
    /// Deliveries of which nothing tells what days they are about.
    pub(crate) timeless: Vec<Delivered>,
    pub(crate) demonstration_key: bool,
    /// As they were handed over; none for rows given in memory.
    deliveries: Option<Vec<Delivery>>,
}

impl Pool {
    pub(crate) fn of(snapshot: Snapshot) -> Self {
        let deliveries = Some(snapshot.deliveries.clone());
        let of = |delivery: &Delivery, covered: Option<&Covered>| Delivered {
            organisation: delivery.organisation.clone(),
            record: delivery.record.clone(),
            read: delivery.read_count,
            rejected: delivery.rejected_count,
            inferred: covered.is_some_and(|covered| covered.by == CoveredBy::Inferred),
            period: covered.map_or(
                Period { first: NaiveDate::MIN, last: NaiveDate::MAX },
                |covered| Period { first: covered.first, last: covered.last },
            ),
        };
        let dated = snapshot.deliveries.iter().filter(|it| it.covered.is_some());
        let timeless = snapshot.deliveries.iter().filter(|it| it.covered.is_none());
        Self {
            delivered: Some(dated.map(|it| of(it, it.covered.as_ref())).collect()),
            timeless: timeless.map(|it| of(it, None)).collect(),
            demonstration_key: snapshot.key == KeyKind::Demonstration,
            snapshot: Some(snapshot.id),
            hot: snapshot.hot,
            deliveries,
        }
    }

    /// Rows that no snapshot stands behind.
    fn in_memory(hot: Hot, delivered: Option<Vec<Delivered>>) -> Self {
        Self {
            hot,
            snapshot: None,
            delivered,
            timeless: Vec::new(),
            demonstration_key: false,
            deliveries: None,
        }
    }

    /// The latest day that a delivery covers.
    fn covered_until(&self) -> Option<NaiveDate> {
        self.delivered.as_ref()?.iter().map(|one| one.period.last).max()
    }
}

/// Opens a [`Session`]; every part is optional.
#[derive(Default)]
pub struct SessionBuilder {
    project: Option<PathBuf>,
    rules: Vec<(String, String)>,
    given: Vec<rows::Given>,
    stated: Vec<Delivered>,
    registered: Registered,
    data_date: Option<NaiveDate>,
    language: Option<String>,
    partitions: Option<usize>,
    progress: Option<ProgressFn>,
}

impl std::fmt::Debug for SessionBuilder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SessionBuilder").field("project", &self.project).finish_non_exhaustive()
    }
}

impl SessionBuilder {
    /// A folder with an `interplay.toml`.
    #[must_use]
    pub fn project(mut self, root: impl AsRef<Path>) -> Self {
        self.project = Some(root.as_ref().to_owned());
        self
    }

    /// The text of a rule file, besides those of the project.
    #[must_use]
    pub fn rules(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.rules.push((name.into(), text.into()));
        self
    }

    /// Rows of a record as one organisation registered them, in the form of the codebook: a text
    /// column with the subject's name, and a column for each field (dates as Date32, numbers as
    /// Float64, texts and codes as Utf8). Where the end of a row, `left`, should be known and is
    /// not, it is missing, and a column `left?` holds a text. Of an instant, `moment`, the column
    /// holds the day, and a column `moment@` may hold the seconds since 1970 (UTC), as Float64. A
    /// session with given rows has no pool on disk; a subject's text identifies it and is never
    /// shown.
    #[must_use]
    pub fn rows(
        mut self,
        record: impl Into<String>,
        organisation: impl Into<String>,
        batch: RecordBatch,
    ) -> Self {
        let (record, organisation) = (record.into(), organisation.into());
        self.given.push(rows::Given { record, organisation, batch });
        self
    }

    /// Says for which days, both in, an organisation delivered a record in rows given in memory.
    /// Where nothing is said of an organisation and a record, its rows are taken to be complete.
    #[must_use]
    pub fn covers(
        mut self,
        record: impl Into<String>,
        organisation: impl Into<String>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Self {
        let (record, organisation) = (record.into(), organisation.into());
        let period = Period { first, last };
        self.stated.push(Delivered::stated(&organisation, &record, period));
        self
    }

    /// Batches that a source may name: `from: memory("name")`.
    #[must_use]
    pub fn register(mut self, name: impl Into<String>, batches: Vec<RecordBatch>) -> Self {
        self.registered.insert(name.into(), batches);
        self
    }

    /// Figures look no further than this day, whatever the settings say.
    #[must_use]
    pub fn data_date(mut self, date: NaiveDate) -> Self {
        self.data_date = Some(date);
        self
    }

    /// Titles and labels are read in this language, whatever the settings say, where the rules
    /// have one in it.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Into how many parts a query is split; figures do not depend on it. As many as the machine
    /// has processors when it is not said.
    #[must_use]
    pub fn partitions(mut self, partitions: usize) -> Self {
        self.partitions = Some(partitions.max(1));
        self
    }

    /// Told how far a load is.
    #[must_use]
    pub fn progress(mut self, told: ProgressFn) -> Self {
        self.progress = Some(told);
        self
    }

    /// Reads settings and rules. Problems of the rules are no error: see [`Session::problems`].
    ///
    /// # Errors
    /// When the settings or a rule file cannot be read, and when nothing is said in the language
    /// that is asked for.
    #[expect(clippy::unused_async, reason = "opening may come to read the pool")]
    pub async fn open(self) -> Result<Session, Error> {
        let mut sources = Sources::new();
        let (mut programs, mut problems) = (Vec::new(), Vec::new());
        let mut settings = None;
        if let Some(root) = &self.project {
            let read = Settings::read(root)?;
            (programs, problems) = project::read(root, &read, &mut sources)?;
            settings = Some(read);
        }
        for (name, text) in self.rules {
            let id = sources.add(name, text.clone());
            let (program, found) = interplay_syntax::parse(id, &text);
            programs.push(program);
            problems.extend(found);
        }
        let set = match &settings {
            Some(settings) => settings.data_date()?,
            None => None,
        };
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let spoken = settings.as_ref().and_then(|settings| settings.language.clone());
        let mut session = Session {
            language: None,
            root: self.project,
            settings,
            sources,
            of_files: programs.len(),
            replaced: Vec::new(),
            programs,
            model: Model::default(),
            problems: Vec::new(),
            registered: self.registered,
            data_date: self.data_date.or(set),
            partitions: self.partitions.unwrap_or(processors),
            progress: self.progress,
            pool: None,
            given: self.given,
            stated: self.stated,
        };
        let mut found = session.checked();
        for query in session.programs.iter().flat_map(queries) {
            found.extend(query::check(&session.model, &query).1);
        }
        problems.extend(session.worth_telling(&found, &problems));
        session.problems = problems;
        // What cannot be read may name further languages.
        if let Some(language) = self.language.or(spoken)
            && !has_error(&session.problems)
        {
            session.speak(&language)?;
        }
        Ok(session)
    }
}

impl Session {
    /// Begins a session.
    #[must_use]
    pub fn builder() -> SessionBuilder {
        SessionBuilder::default()
    }

    /// Problems of the project's rules.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// What the last text that was run declared again, instead of an earlier text: `` define `a` ``
    #[must_use]
    pub fn replaced(&self) -> &[String] {
        &self.replaced
    }

    /// The texts that problems point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What the rules declare.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The project's settings, when it has a project.
    #[must_use]
    pub fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// Checks all declarations again; the model is theirs from now on.
    fn checked(&mut self) -> Vec<Diagnostic> {
        let (model, mut problems) = interplay_compile::check(&self.programs);
        for source in model.catalog.sources.values() {
            problems.extend(interplay_pool::check_source(source));
        }
        self.model = model;
        if let Some(language) = &self.language {
            self.model.catalog.speak(language);
        }
        problems
    }

    /// The problems without those that only follow from what could not be read or declared.
    fn worth_telling(&self, problems: &[Diagnostic], of_form: &[Diagnostic]) -> Vec<Diagnostic> {
        telling::told(&self.model.lost, problems, of_form, &self.sources)
    }

    /// The languages that titles and labels can be asked for in; the library's own come first.
    #[must_use]
    pub fn languages(&self) -> Vec<String> {
        self.model.catalog.spoken()
    }

    /// Titles and labels are those of `language` from now on, where there is one in it.
    ///
    /// # Errors
    /// When nothing has a title or a label in it.
    pub fn speak(&mut self, language: &str) -> Result<(), Error> {
        let known = self.languages();
        if !known.iter().any(|known| known == language) {
            return Err(Error::Language { asked: language.to_owned(), known });
        }
        self.language = Some(language.to_owned());
        self.checked();
        Ok(())
    }

    /// Problems of a text of statements, as if it were run: its declarations are forgotten again.
    pub fn check(&mut self, name: &str, text: &str) -> Vec<Diagnostic> {
        let id = self.sources.add(name, text);
        let (program, mut problems) = interplay_syntax::parse(id, text);
        let queries = queries(&program);
        self.programs.push(program);
        let found = self.checked().into_iter();
        let mut found: Vec<Diagnostic> = found.filter(|it| it.span.source == id).collect();
        for query in queries {
            found.extend(query::check(&self.model, &query).1);
        }
        problems.extend(self.worth_telling(&found, &problems));
        self.programs.pop();
        self.checked();
        problems
    }

    /// Runs the statements of a text: queries are answered in order; declarations hold for the
    /// rest of the session, unless they have an error. What an earlier text declared may be
    /// declared again: the latest holds, see [`Session::replaced`]. Rule files stay as they are.
    ///
    /// # Errors
    /// When something of the world fails: a delivery, the pool, memory. What an author should
    /// mend is in the outcomes' problems.
    pub async fn run(&mut self, name: &str, text: &str) -> Result<Vec<Outcome>, Error> {
        let id = self.sources.add(name, text);
        let (program, mut problems) = interplay_syntax::parse(id, text);
        let queries = queries(&program);
        let declares = program.statements.len() > queries.len();
        self.replaced.clear();
        if declares && !has_error(&problems) {
            let before = self.programs.clone();
            let earlier = self.programs.get_mut(self.of_files..).unwrap_or_default();
            self.replaced = redeclare::replace(earlier, &program);
            self.programs.push(program);
            let found = self.checked().into_iter().filter(|it| it.span.source == id);
            let found: Vec<Diagnostic> = found.collect();
            problems.extend(self.worth_telling(&found, &problems));
            if has_error(&problems) {
                self.programs = before;
                self.replaced.clear();
                self.checked();
            }
        }
        if !problems.is_empty() {
            let failed = has_error(&problems);
            let outcome = self.outcome(text.trim(), None, problems);
            if failed || queries.is_empty() {
                return Ok(vec![outcome]);
            }
        }
        let mut outcomes = Vec::new();
        for query in &queries {
            outcomes.push(self.answered(query, &words(&self.sources, query.span)).await?);
        }
        Ok(outcomes)
    }

    /// Answers one query.
    pub(crate) async fn answered(
        &mut self,
        query: &tree::Query,
        title: &str,
    ) -> Result<Outcome, Error> {
        let (checked, problems) = query::check(&self.model, query);
        let mut problems = self.worth_telling(&problems, &[]);
        let answer = match checked {
            // It asks for what a problem of the rules has lost.
            None if problems.is_empty() && has_error(&self.problems) => return Err(Error::Rules),
            None => None,
            Some(CheckedQuery::Listing(listing)) => {
                Some(Answer::Listing(answer::listing(&listing, Vec::new())?))
            }
            Some(_) => {
                if has_error(&self.problems) {
                    return Err(Error::Rules);
                }
                self.ready().await?;
                let (checked, told) = query::check_on(&self.model, query, self.seen_until());
                problems = told;
                match checked {
                    Some(checked) => Some(self.computed(&checked).await?),
                    None => None,
                }
            }
        };
        let mut outcome = self.outcome(title, answer, problems);
        // Rules come from no data.
        if matches!(query.verb.item.as_str(), "describe" | "list" | "values") {
            let Provenance { library, version, .. } = outcome.provenance;
            outcome.provenance = Provenance { library, version, ..Provenance::default() };
        }
        Ok(outcome)
    }

    async fn computed(&self, checked: &CheckedQuery) -> Result<Answer, Error> {
        let Some(pool) = &self.pool else { return Err(Error::NoDataDate) };
        let data_date = self.seen_until().ok_or(Error::NoDataDate)?;
        let coverage = Coverage {
            catalog: &self.model.catalog,
            delivered: pool.delivered.as_deref(),
            timeless: &pool.timeless,
            data_date,
        };
        let undelivered = coverage.undelivered();
        let catalog = &self.model.catalog;
        let of_organisations = checked.subject() == Some(ORGANISATION);
        // What organisations delivered stands in no table of the pool.
        let partners = match (&pool.deliveries, of_organisations) {
            (Some(deliveries), true) => {
                Some(organisations::partners(catalog, deliveries, data_date)?)
            }
            _ => None,
        };
        let hot = partners.as_ref().map_or(&pool.hot, |partners| &partners.hot);
        let engine = Engine {
            model: &self.model,
            hot,
            data_date,
            undelivered: &undelivered,
            partitions: self.partitions,
        };
        // Organisations are nobody to protect.
        let policy = if of_organisations { Disclosure::None } else { catalog.disclosure };
        match checked {
            CheckedQuery::Measure(measured) => {
                let measures = engine.measure(measured).await?;
                let mut figures = answer::figures(measured, &measures, policy, &coverage)?;
                figures.notes.extend(partners.as_ref().and_then(organisations::Partners::note));
                let cells = measures.cells.iter().chain(&measures.compared_cells).copied();
                let cells: Vec<Period> = cells.collect();
                let ground = (catalog, hot);
                figures.notes.extend(levels::notes(measured, &cells, data_date, ground));
                let records = answer::records(measured);
                let back = history::notes(&engine, measured, &measures.cells, &coverage).await?;
                figures.notes.extend(back);
                figures.notes.extend(noted::notes(measured, &records, hot.noted(), catalog));
                figures.notes.extend(noted::ties(&engine, measured, &cells).await?);
                Ok(Answer::Figures(figures))
            }
            CheckedQuery::Explain(explained) => {
                let words = |step: &Step| words(&self.sources, step.span);
                let found = explaining::explain(&engine, explained, policy, &coverage, words);
                let (listing, notes) = found.await?;
                answer::listing(&listing, notes).map(Answer::Listing)
            }
            CheckedQuery::Trace(traced) => {
                let words = |span: Span| words(&self.sources, span);
                tracing::trace(&engine, traced, words).await.map(Answer::Trace)
            }
            CheckedQuery::Listing(listing) => {
                answer::listing(listing, Vec::new()).map(Answer::Listing)
            }
        }
    }

    /// Loads what changed, or builds the hot form of rows given in memory.
    async fn ready(&mut self) -> Result<(), Error> {
        if !self.given.is_empty() {
            if self.pool.is_none() {
                let hot = rows::hot(&self.model.catalog, &self.given)?;
                let delivered = rows::delivered(&self.model.catalog, &self.stated);
                self.pool = Some(Pool::in_memory(hot, delivered));
            }
            return Ok(());
        }
        load::load(self).await?;
        Ok(())
    }

    /// Answers on `given` rows from now on, up to `data_date`.
    pub(crate) fn use_rows(&mut self, given: Vec<rows::Given>, data_date: NaiveDate) {
        self.given = given;
        self.data_date = Some(data_date);
        self.pool = None;
    }

    /// Figures look no further than this day.
    pub(crate) fn seen_until(&self) -> Option<NaiveDate> {
        self.data_date.or_else(|| self.pool.as_ref()?.covered_until())
    }

    pub(crate) fn key(&self) -> Result<Key, Error> {
        match (&self.settings, &self.root) {
            (Some(settings), Some(root)) => settings.key(root),
            _ => Ok(Key::Demonstration),
        }
    }

    fn outcome(&self, title: &str, answer: Option<Answer>, problems: Vec<Diagnostic>) -> Outcome {
        Outcome { title: title.to_owned(), answer, problems, provenance: self.provenance() }
    }

    /// Where figures come from now.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        let library = self.model.catalog.library.as_ref();
        let pool = self.pool.as_ref();
        Provenance {
            library: library.map(|library| library.name.clone()),
            version: library.map(|library| library.version.clone()),
            snapshot: pool.and_then(|pool| pool.snapshot.clone()),
            data_date: self.seen_until(),
            demonstration_key: pool.is_some_and(|pool| pool.demonstration_key),
            undisclosed: self.model.catalog.disclosure == Disclosure::None,
        }
    }
}

fn queries(program: &tree::Program) -> Vec<tree::Query> {
    let kinds = program.statements.iter().map(|statement| &statement.kind);
    let queries = kinds.filter_map(|kind| match kind {
        tree::StatementKind::Query(query) => Some(query.clone()),
        tree::StatementKind::Declaration(_) => None,
    });
    queries.collect()
}

/// The author's words at a place, in one line.
pub(crate) fn words(sources: &Sources, span: Span) -> String {
    let text = telling::written(sources, span);
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or(line));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
