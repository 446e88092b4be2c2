//! Running a checked query over the hot form of a snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use datafusion::physical_plan::collect;
use datafusion::prelude::SessionContext;
use interplay_compile::Model;
use interplay_compile::calendar::{self, Period};
use interplay_compile::dimension::Dimension;
use interplay_compile::figures::{self, Group, Placed, Symbols};
use interplay_compile::indicator::{Figure, Part};
use interplay_compile::lower::Ground;
use interplay_compile::plan::{self, Request};
use interplay_compile::query::compare::{Against, Declared};
use interplay_compile::query::explain::Explained;
use interplay_compile::query::measure::Measured;
use interplay_compile::silence::Undelivered;
use interplay_compile::term::Term;
use interplay_pool::Hot;

use crate::error::Error;
use crate::levels::Numbers;
use crate::planning;

/// What a query runs on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Engine<'a> {
    pub(crate) model: &'a Model,
    pub(crate) hot: &'a Hot,
    pub(crate) data_date: NaiveDate,
    pub(crate) undelivered: &'a Undelivered,
    pub(crate) partitions: usize,
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
}

/// How many people a clause kept, dropped and left unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Attrition {
    pub(crate) kept: f64,
    pub(crate) dropped: f64,
    pub(crate) unknown: f64,
}

impl Engine<'_> {
    /// The figures of a `measure` query, undisclosed.
    pub(crate) async fn measure(&self, measured: &Measured) -> Result<Measures, Error> {
        let cells = cells(measured, self.data_date);
        let against = measured.compare;
        let compared_cells: Vec<Period> = against
            .iter()
            .flat_map(|it| cells.iter().filter_map(|cell| it.period(*cell)))
            .collect();
        let all: Vec<Period> = cells.iter().chain(&compared_cells).copied().collect();
        let (mut parts, mut widths) = (Vec::new(), Vec::new());
        for measure in &measured.measures {
            let mut people = Term::Seen.and(measure.indicator.among().condition());
            if let Some(condition) = &measured.condition {
                people = people.and(Term::IsTrue(Box::new(condition.clone())));
            }
            let own = measure.indicator.parts(&people);
            widths.push(own.len());
            parts.extend(own);
        }
        let batches = self.run(&measured.subject, &all, &measured.breakdowns, &parts).await?;
        let numbers = Numbers::new(&self.model.catalog, self.hot);
        let symbols = Symbols {
            number: &|text| numbers.of(text),
            text: &|number| self.hot.text(number).map(str::to_owned),
        };
        let placed = figures::place(
            &measured.measures,
            &widths,
            &all,
            &measured.breakdowns,
            &batches,
            &symbols,
        );
        let (placed, compared) = match against {
            None => (placed, Vec::new()),
            Some(Against::Declared(which)) => {
                let compared = self.declared(&placed, measured, which);
                (placed, compared)
            }
            Some(_) => beside(placed, measured, &cells, &compared_cells),
        };
        Ok(Measures { placed, cells, compared, compared_cells })
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

    /// Everyone known, then what each step kept, dropped and left unknown of those before it.
    pub(crate) async fn explain(&self, explained: &Explained) -> Result<Vec<Attrition>, Error> {
        let all = Term::Seen;
        let mut before = all.clone();
        let mut parts = vec![Part::Count(all)];
        for step in &explained.steps {
            let holds = Term::IsTrue(Box::new(step.condition.clone()));
            let unknown = Term::IsUnknown(Box::new(step.condition.clone()));
            parts.push(Part::Count(before.clone().and(unknown)));
            before = before.and(holds);
            parts.push(Part::Count(before.clone()));
        }
        let cell = explained.period.unwrap_or(everything(self.data_date));
        let subject = &explained.measure.indicator.among().subject;
        let batches = self.run(subject, &[cell], &[], &parts).await?;
        let count = |at: usize| {
            let column = batches.first()?.column_by_name(&plan::part_column(at))?;
            let column =
                arrow::array::AsArray::as_primitive_opt::<arrow::datatypes::Float64Type>(column)?;
            (!column.is_empty()).then(|| column.value(0))
        };
        let mut kept = count(0).unwrap_or(0.0);
        let mut rows = vec![Attrition { kept, dropped: 0.0, unknown: 0.0 }];
        for step in 0..explained.steps.len() {
            let unknown = count(2 * step + 1).unwrap_or(0.0);
            let now = count(2 * step + 2).unwrap_or(0.0);
            rows.push(Attrition { kept: now, dropped: kept - now - unknown, unknown });
            kept = now;
        }
        Ok(rows)
    }

    async fn run(
        &self,
        subject: &str,
        cells: &[Period],
        breakdowns: &[Dimension],
        parts: &[Part],
    ) -> Result<Vec<RecordBatch>, Error> {
        let table = self.hot.table(subject, self.partitions);
        let columns = self.hot.schema(subject);
        let numbers = Numbers::new(&self.model.catalog, self.hot);
        let ground = Ground {
            catalog: &self.model.catalog,
            data_date: self.data_date,
            period: everything(self.data_date),
            undelivered: self.undelivered,
            symbol: &|text| numbers.of(text),
            has: &|column| columns.field_with_name(column).is_ok(),
        };
        let request = Request { subject, cells, breakdowns, parts };
        let plan = plan::plan(&request, ground, &table).map_err(Error::bug("lowering a query"))?;
        let context = SessionContext::new_with_state(planning::state(self.partitions));
        let physical = context.state().create_physical_plan(&plan).await;
        let physical = physical.map_err(Error::bug("planning a query"))?;
        collect(physical, context.task_ctx()).await.map_err(Error::run)
    }
}

/// The figures of the cells, and beside each the one it is compared with. What stands under a
/// group on one side only is kept, with nobody on the other.
fn beside(
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

/// The query's cells: its period cut by the unit, and the whole for the total.
fn cells(measured: &Measured, data_date: NaiveDate) -> Vec<Period> {
    let whole = measured.period.unwrap_or(everything(data_date));
    match measured.unit {
        None => vec![whole],
        Some(unit) => {
            let mut cells = calendar::cut(whole, unit);
            cells.push(whole);
            cells
        }
    }
}

/// All time up to the data date, for what mentions no period.
fn everything(data_date: NaiveDate) -> Period {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(data_date);
    Period { first: first.min(data_date), last: data_date }
}

/// Rows under a name, as batches for the loader.
pub(crate) type Registered = BTreeMap<String, Vec<RecordBatch>>;

/// Told how far a load is.
pub type ProgressFn = Arc<dyn Fn(crate::Progress) + Send + Sync>;
