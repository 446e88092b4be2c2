//! Running a checked query over the hot form of a snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Date32Type, Float64Type, Int32Type};
use chrono::NaiveDate;
use datafusion::catalog::TableProvider;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, ident};
use datafusion::physical_plan::{ExecutionPlan, collect, collect_partitioned};
use datafusion::prelude::SessionContext;
use interplay_compile::Model;
use interplay_compile::calendar::Period;
use interplay_compile::check::ORGANISATION;
use interplay_compile::figures::{self, Group, Placed, Run, Symbols};
use interplay_compile::indicator::beside::{self, Beside};
use interplay_compile::indicator::{Figure, Part};
use interplay_compile::kernel::dates;
use interplay_compile::lower::Ground;
use interplay_compile::plan::{self, Request};
use interplay_compile::planning;
use interplay_compile::query::compare::{Against, Declared};
use interplay_compile::query::measure::Measured;
use interplay_compile::reached::{self, Reached, Stage};
use interplay_compile::silence::{KNOWN, SINCE, Undelivered};
use interplay_compile::term::{Physical, Selection, Term};
use interplay_pool::Hot;

use crate::error::Error;

/// What a query runs on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Engine<'a> {
    pub(crate) model: &'a Model,
    pub(crate) hot: &'a Hot,
    pub(crate) data_date: NaiveDate,
    pub(crate) undelivered: &'a Undelivered,
    pub(crate) partitions: usize,
}

/// One subject, and nobody else.
#[derive(Clone, Debug)]
pub(crate) struct Only {
    /// `person`
    pub(crate) subject: String,
    /// Its row.
    pub(crate) table: Arc<dyn TableProvider>,
}

/// The figures of a query and the periods they are about.
#[derive(Debug)]
pub(crate) struct Measures {
    pub(crate) placed: Vec<Placed>,
    pub(crate) cells: Vec<Period>,
    /// What each figure is compared with, in the same order; none without `compare`.
    pub(crate) compared: Vec<Placed>,
    /// The periods of those.
    pub(crate) compared_cells: Vec<Period>,
    /// What was counted of everybody together beside the figures.
    pub(crate) beside: Vec<(Beside, f64)>,
}

impl Engine<'_> {
    /// The figures of a `measure` query, undisclosed.
    pub(crate) async fn measure(&self, measured: &Measured) -> Result<Measures, Error> {
        let cells = cells(measured, self.data_date);
        let against = measured.compare.as_ref();
        let compared_cells: Vec<Period> = against
            .iter()
            .flat_map(|it| cells.iter().filter_map(|cell| it.period(*cell)))
            .collect();
        let all: Vec<Period> = cells.iter().chain(&compared_cells).copied().collect();
        let (mut parts, mut widths) = (Vec::new(), Vec::new());
        let mut counted: Vec<Beside> = Vec::new();
        for (at, measure) in measured.measures.iter().enumerate() {
            let mut people = Term::Seen.and(measure.indicator.among().condition());
            if let Some(condition) = measured.conditions.get(at) {
                people = people.and(Term::IsTrue(Box::new(condition.clone())));
            }
            counted.extend(beside::of(measure, measured.conditions.get(at)));
            let own = measure.parts(&people);
            widths.push(own.len());
            parts.extend(own);
        }
        // What stands beside the figures is added up with them.
        let own = parts.len();
        parts.extend(counted.iter().map(|counted| counted.part.clone()));
        let mut runs = Vec::new();
        for ((rows, standing), places, parts) in counted_alike(parts) {
            let request = Request {
                subject: &measured.subject,
                rows: rows.as_ref(),
                standing: standing.as_deref(),
                cells: &all,
                first: 0,
                breakdowns: &measured.breakdowns,
                parts: &parts,
            };
            runs.push(Run { parts: places, batches: self.run(&request).await? });
        }
        let counted = of_everybody(counted, own, (&runs, cells.len(), measured));
        let symbols = Symbols {
            number: &|text| self.hot.number(text),
            text: &|number| self.hot.said(number),
        };
        let placed = figures::place(
            &measured.measures,
            &widths,
            &all,
            &measured.breakdowns,
            &runs,
            &symbols,
        );
        let (placed, compared) = match against {
            None => (placed, Vec::new()),
            Some(Against::Declared(which)) => {
                let compared = self.declared(&placed, measured, *which);
                (placed, compared)
            }
            Some(_) => side_by_side(placed, measured, &cells, &compared_cells),
        };
        Ok(Measures { placed, cells, compared, compared_cells, beside: counted })
    }

    /// Beside each figure what its indicator declares, its target or its baseline.
    fn declared(&self, placed: &[Placed], measured: &Measured, which: Declared) -> Vec<Placed> {
        let beside = placed.iter().map(|one| {
            let declared = which.of(measured.aimed(one, self.data_date));
            let (period, value) = declared.unzip();
            let figure = Figure { value, ..Figure::default() };
            Placed { period: period.unwrap_or(one.period), figure, ..one.clone() }
        });
        beside.collect()
    }

    pub(crate) async fn run(&self, request: &Request<'_>) -> Result<Vec<RecordBatch>, Error> {
        let dimensions = request.breakdowns.iter().filter_map(|it| it.domain.term());
        let rows = request.rows.into_iter().flat_map(Selection::children);
        let parts = request.parts.iter().flat_map(Part::terms);
        let terms: Vec<&Term> = parts.chain(dimensions).chain(rows).collect();
        let mut reached = Reached::default();
        if request.cells.first().is_none_or(|cell| reached.stages(&terms, *cell).is_empty()) {
            return self.added_up(request, &reached).await;
        }
        // Of one cell at a time, so that what is held of others does not grow with their number.
        let mut batches = Vec::new();
        for (first, cell) in (0..).zip(request.cells) {
            reached.leave();
            for stage in reached.stages(&terms, *cell) {
                self.reach(&stage, *cell, &mut reached).await?;
            }
            let request = Request { cells: std::slice::from_ref(cell), first, ..*request };
            batches.extend(self.added_up(&request, &reached).await?);
        }
        Ok(batches)
    }

    /// For how many of some rows each condition is true, and of how many subjects those are.
    pub(crate) async fn row_counts(
        &self,
        (subject, rows): (&str, &Selection),
        cell: Period,
        conditions: &[Term],
    ) -> Result<Vec<[f64; 2]>, Error> {
        let both = |term: &Term| [Part::Count(term.clone()), Part::Subjects(term.clone())];
        let parts: Vec<Part> = conditions.iter().flat_map(both).collect();
        let request = Request {
            subject,
            rows: Some(rows),
            standing: None,
            cells: &[cell],
            first: 0,
            breakdowns: &[],
            parts: &parts,
        };
        let counts = added(&self.run(&request).await?, parts.len());
        Ok(counts.chunks_exact(2).filter_map(|two| two.try_into().ok()).collect())
    }

    /// For how many subjects each condition is true.
    pub(crate) async fn counts(
        &self,
        subject: &str,
        period: Option<Period>,
        conditions: &[Term],
    ) -> Result<Vec<f64>, Error> {
        let parts: Vec<Part> = conditions.iter().cloned().map(Part::Count).collect();
        let request = Request {
            subject,
            rows: None,
            standing: None,
            cells: &[period.unwrap_or(everything(self.data_date))],
            first: 0,
            breakdowns: &[],
            parts: &parts,
        };
        Ok(added(&self.run(&request).await?, conditions.len()))
    }

    /// What each term comes to for the one subject that a query is about, in one row.
    pub(crate) async fn values(
        &self,
        only: &Only,
        period: Period,
        terms: &[Term],
    ) -> Result<RecordBatch, Error> {
        let stage = Stage { subject: only.subject.clone(), terms: terms.to_vec() };
        let reached = self.reached(terms, period).await?;
        let (symbol, has) = self.lookups(&only.subject);
        let ground = self.ground(period, &reached, (&symbol, &has));
        let plan = reached::plan(&stage, ground, &only.table);
        self.joined(&plan.map_err(Error::bug("lowering what is asked of one subject"))?).await
    }

    /// Fields, and then terms, of each of some rows of the one subject that a query is about.
    pub(crate) async fn each_row(
        &self,
        (only, rows): (&Only, &Selection),
        period: Period,
        (fields, terms): (&[(String, Physical)], &[Term]),
    ) -> Result<RecordBatch, Error> {
        let reached = self.reached(terms, period).await?;
        let (symbol, has) = self.lookups(&only.subject);
        let ground = self.ground(period, &reached, (&symbol, &has));
        let plan = plan::each_row(&only.subject, rows, (fields, terms), ground, &only.table);
        self.joined(&plan.map_err(Error::bug("lowering the rows of one subject"))?).await
    }

    /// Which organisations know the one subject, and since when.
    pub(crate) async fn knowing(&self, only: &Only) -> Result<BTreeMap<String, NaiveDate>, Error> {
        let columns = [format!("{KNOWN}.{ORGANISATION}"), format!("{KNOWN}.{SINCE}")];
        let lists = columns.map(ident).to_vec();
        let scan = provider_as_source(Arc::clone(&only.table));
        let plan = LogicalPlanBuilder::scan("subjects", scan, None);
        let plan = plan.and_then(|plan| plan.project(lists)).and_then(LogicalPlanBuilder::build);
        let batch = self.joined(&plan.map_err(Error::bug("asking who knows a subject"))?).await?;
        let list = |at: usize| {
            let lists = batch.columns().get(at)?.as_list_opt::<i32>()?;
            (!lists.is_empty()).then(|| lists.value(0))
        };
        let (Some(names), Some(days)) = (list(0), list(1)) else { return Ok(BTreeMap::new()) };
        let names = names.as_primitive::<Int32Type>().values().iter();
        let known = names.zip(days.as_primitive::<Date32Type>().values()).filter_map(|it| {
            let (name, since) = it;
            let since = dates::date(*since).unwrap_or(NaiveDate::MIN);
            Some((self.hot.text(*name)?.to_owned(), since))
        });
        Ok(known.collect())
    }

    /// What terms say of other subjects, in one period.
    async fn reached(&self, terms: &[Term], period: Period) -> Result<Reached, Error> {
        let mut reached = Reached::default();
        let terms: Vec<&Term> = terms.iter().collect();
        for stage in reached.stages(&terms, period) {
            self.reach(&stage, period, &mut reached).await?;
        }
        Ok(reached)
    }

    /// All rows of a small plan in one batch.
    async fn joined(&self, plan: &LogicalPlan) -> Result<RecordBatch, Error> {
        let context = SessionContext::new_with_state(planning::state(1));
        let physical = physical(&context, plan).await?;
        let schema = physical.schema();
        let batches = collect(physical, context.task_ctx()).await.map_err(Error::run)?;
        concat_batches(&schema, &batches).map_err(Error::bug("joining the rows of a small plan"))
    }

    async fn added_up(
        &self,
        request: &Request<'_>,
        reached: &Reached,
    ) -> Result<Vec<RecordBatch>, Error> {
        let table = self.hot.table(request.subject, self.partitions);
        let (symbol, has) = self.lookups(request.subject);
        let ground = self.ground(everything(self.data_date), reached, (&symbol, &has));
        let plan = plan::plan(request, ground, &table).map_err(Error::bug("lowering a query"))?;
        let context = SessionContext::new_with_state(planning::state(self.partitions));
        let physical = physical(&context, &plan).await?;
        collect(physical, context.task_ctx()).await.map_err(Error::run)
    }

    /// Computes a stage for all subjects of its type, and keeps it by their places.
    async fn reach(
        &self,
        stage: &Stage,
        period: Period,
        reached: &mut Reached,
    ) -> Result<(), Error> {
        let table = self.hot.table(&stage.subject, self.partitions);
        let (symbol, has) = self.lookups(&stage.subject);
        let ground = self.ground(period, reached, (&symbol, &has));
        let plan = reached::plan(stage, ground, &table);
        let plan = plan.map_err(Error::bug("lowering what is asked of another subject"))?;
        let mut state = planning::state(self.partitions);
        // The order of the subjects stays that of the table.
        state.config_mut().options_mut().optimizer.enable_round_robin_repartition = false;
        let context = SessionContext::new_with_state(state);
        let physical = physical(&context, &plan).await?;
        let schema = physical.schema();
        let parts = collect_partitioned(physical, context.task_ctx()).await.map_err(Error::run)?;
        let batches: Vec<RecordBatch> = parts.into_iter().flatten().collect();
        let all = concat_batches(&schema, &batches);
        let all = all.map_err(Error::bug("joining what is known of another subject"))?;
        for (term, values) in stage.terms.iter().zip(all.columns()) {
            reached.insert(&stage.subject, term, period, Arc::clone(values));
        }
        Ok(())
    }

    /// The number of a text, and whether a subject has a column.
    fn lookups(&self, subject: &str) -> (impl Fn(&str) -> i32 + '_, impl Fn(&str) -> bool + use<>) {
        let columns = self.hot.schema(subject);
        let has = move |column: &str| columns.field_with_name(column).is_ok();
        (move |text: &str| self.hot.number(text), has)
    }

    fn ground<'a>(
        &'a self,
        period: Period,
        reached: &'a Reached,
        (symbol, has): Lookups<'a>,
    ) -> Ground<'a> {
        let (catalog, data_date) = (&self.model.catalog, self.data_date);
        let undelivered = self.undelivered;
        Ground { catalog, data_date, period, undelivered, symbol, has, reached }
    }
}

/// The first of each of so many parts; 0 where nothing was added up.
fn added(batches: &[RecordBatch], parts: usize) -> Vec<f64> {
    let count = |at: usize| {
        let column = batches.first()?.column_by_name(&plan::part_column(at))?;
        let column = column.as_primitive_opt::<Float64Type>()?;
        (!column.is_empty()).then(|| column.value(0))
    };
    (0..parts).map(|at| count(at).unwrap_or(0.0)).collect()
}

type Lookups<'a> = (&'a dyn Fn(&str) -> i32, &'a dyn Fn(&str) -> bool);

async fn physical(
    context: &SessionContext,
    plan: &LogicalPlan,
) -> Result<Arc<dyn ExecutionPlan>, Error> {
    let physical = context.state().create_physical_plan(plan).await;
    physical.map_err(Error::bug("planning a query"))
}

/// Over which rows, and of which record rows are counted; over subjects neither.
type Counted = (Option<Selection>, Option<String>);

/// The parts that one plan can add up together, each with its place among all.
fn counted_alike(parts: Vec<Part>) -> Vec<(Counted, Vec<usize>, Vec<Part>)> {
    let mut alike: Vec<(Counted, Vec<usize>, Vec<Part>)> = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        let (counted, part) = match part {
            Part::Over(rows, part) => ((Some(*rows), None), *part),
            Part::Rows(_, ref selection)
            | Part::RowsUnknown(_, ref selection)
            | Part::RowsSubjects(_, ref selection) => {
                ((None, Some(selection.record.clone())), part)
            }
            part => ((None, None), part),
        };
        match alike.iter_mut().find(|(other, ..)| *other == counted) {
            Some((_, places, parts)) => {
                places.push(place);
                parts.push(part);
            }
            None => alike.push((counted, vec![place], vec![part])),
        }
    }
    alike
}

/// What was counted beside the figures, of everybody in the whole period. The first of it is the
/// part at `place`.
fn of_everybody(
    counted: Vec<Beside>,
    place: usize,
    (runs, cells, measured): (&[Run], usize, &Measured),
) -> Vec<(Beside, f64)> {
    let (whole, breakdowns) = (cells.saturating_sub(1), measured.breakdowns.len());
    let count = |place| figures::of_everybody(runs, place, whole, breakdowns).unwrap_or(0.0);
    counted.into_iter().zip(place..).map(|(counted, place)| (counted, count(place))).collect()
}

/// The figures of the cells, and beside each the one it is compared with. What stands under a
/// group on one side only is kept, with nobody on the other.
fn side_by_side(
    placed: Vec<Placed>,
    measured: &Measured,
    cells: &[Period],
    compared: &[Period],
) -> (Vec<Placed>, Vec<Placed>) {
    type Pair = (Option<Placed>, Option<Placed>);
    let mut pairs: BTreeMap<(usize, Vec<Group>, usize), Pair> = BTreeMap::new();
    for one in placed {
        let cell = one.cell % cells.len().max(1);
        let pair = pairs.entry((cell, one.groups.clone(), one.measure)).or_default();
        let side = if one.cell < cells.len() { &mut pair.0 } else { &mut pair.1 };
        *side = Some(Placed { cell, ..one });
    }
    let (mut these, mut those) = (Vec::new(), Vec::new());
    for ((cell, groups, measure), (this, that)) in pairs {
        let nobody = |periods: &[Period]| {
            let figure = measured.measures.get(measure)?.figure(&[]);
            let period = *periods.get(cell)?;
            Some(Placed { cell, period, groups: groups.clone(), measure, figure })
        };
        let this = this.or_else(|| nobody(cells));
        let that = that.or_else(|| nobody(compared));
        if let (Some(this), Some(that)) = (this, that) {
            these.push(this);
            those.push(that);
        }
    }
    (these, those)
}

/// The periods of the query's cells; that of the whole comes last.
pub(crate) fn cells(measured: &Measured, data_date: NaiveDate) -> Vec<Period> {
    let whole = measured.period.unwrap_or(everything(data_date));
    measured.cells(whole).into_iter().map(|cell| cell.period).collect()
}

/// All time up to the data date, for what mentions no period.
pub(crate) fn everything(data_date: NaiveDate) -> Period {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(data_date);
    Period { first: first.min(data_date), last: data_date }
}

/// Rows under a name, as batches for the loader.
pub(crate) type Registered = BTreeMap<String, Vec<RecordBatch>>;

/// Told how far a load is.
pub type ProgressFn = Arc<dyn Fn(crate::Progress) + Send + Sync>;
