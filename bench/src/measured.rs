//! The engine as it is measured: from the text of a query to its figures.
//!
//! The same steps as a session's: parse, check, plan, run, place. Disclosure and the drawing of
//! tables, which cost next to nothing, are left out.

use std::error::Error;

use chrono::NaiveDate;
use datafusion::arrow::array::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::collect;
use datafusion::prelude::SessionContext;
use interplay_compile::Model;
use interplay_compile::figures::{self, Group, Placed, Run, Symbols};
use interplay_compile::lower::Ground;
use interplay_compile::plan::{self, Request};
use interplay_compile::planning;
use interplay_compile::query::cells::Cell;
use interplay_compile::query::measure::Measured;
use interplay_compile::query::{self, CheckedQuery};
use interplay_compile::reached::Reached;
use interplay_compile::silence::Undelivered;
use interplay_compile::term::Term;
use interplay_diagnostic::{Diagnostic, Sources};
use interplay_pool::Hot;
use interplay_syntax::tree::{Program, StatementKind};
use serde_json::{Value, json};

/// Whatever goes wrong ends the measurement.
pub type Any = Box<dyn Error>;

/// A row for each figure: its groups, its measure, its value and how many are unknown.
pub type Figures = Vec<Value>;

/// What queries are answered from.
#[derive(Debug)]
pub struct Engine {
    /// The rules.
    pub model: Model,
    /// The data.
    pub hot: Hot,
    /// Nothing after this day is seen.
    pub data_date: NaiveDate,
    /// On how many threads.
    pub threads: usize,
}

/// The rules of a text.
///
/// # Errors
/// When they have a problem.
pub fn model(text: &str) -> Result<Model, Any> {
    let (model, problems) = interplay_compile::check(&[parsed(text)?]);
    sound(&problems)?;
    Ok(model)
}

fn parsed(text: &str) -> Result<Program, Any> {
    let id = Sources::new().add("text", text);
    let (program, problems) = interplay_syntax::parse(id, text);
    sound(&problems)?;
    Ok(program)
}

fn sound(problems: &[Diagnostic]) -> Result<(), Any> {
    problems.first().map_or(Ok(()), |problem| Err(problem.message.clone().into()))
}

impl Engine {
    /// The figures of the queries, one query after the other.
    ///
    /// # Errors
    /// When a query has a problem or cannot be run.
    pub async fn answers(&self, queries: &[&str]) -> Result<Figures, Any> {
        let mut figures = Vec::new();
        for text in queries {
            for statement in &parsed(text)?.statements {
                let StatementKind::Query(query) = &statement.kind else {
                    return Err("a query is wanted".into());
                };
                let (checked, problems) = query::check(&self.model, query);
                sound(&problems)?;
                let Some(CheckedQuery::Measure(measured)) = checked else {
                    return Err("a `measure` query is wanted".into());
                };
                figures.extend(self.answer(&measured).await?);
            }
        }
        Ok(figures)
    }

    async fn answer(&self, measured: &Measured) -> Result<Figures, Any> {
        let whole = measured.period.ok_or("a period is wanted")?;
        if !measured.conditions.is_empty() {
            return Err("a query without `where` is wanted".into());
        }
        let named = measured.cells(whole);
        let cells: Vec<_> = named.iter().map(|cell| cell.period).collect();
        let (mut parts, mut widths) = (Vec::new(), Vec::new());
        for measure in &measured.measures {
            let people = Term::Seen.and(measure.indicator.among().condition());
            let own = measure.indicator.parts(&people);
            widths.push(own.len());
            parts.extend(own);
        }
        let table = self.hot.table(&measured.subject, self.threads);
        let symbol = |text: &str| self.hot.number(text);
        let ground = Ground {
            catalog: &self.model.catalog,
            data_date: self.data_date,
            period: whole,
            undelivered: Undelivered::NONE,
            symbol: &symbol,
            has: &|column| self.hot.schema(&measured.subject).index_of(column).is_ok(),
            reached: &Reached::default(),
        };
        let request = Request {
            subject: &measured.subject,
            rows: None,
            standing: None,
            first: 0,
            cells: &cells,
            breakdowns: &measured.breakdowns,
            parts: &parts,
        };
        let plan = plan::plan(&request, ground, &table)?;
        let batches = self.run(&plan).await?;
        let symbols = Symbols { number: &symbol, text: &|it| self.hot.said(it) };
        let placed = figures::place(
            &measured.measures,
            &widths,
            &cells,
            &measured.breakdowns,
            &[Run { parts: (0..parts.len()).collect(), batches }],
            &symbols,
        );
        Ok(placed.iter().map(|placed| shown(placed, measured, &named)).collect())
    }

    async fn run(&self, plan: &LogicalPlan) -> Result<Vec<RecordBatch>, Any> {
        let context = SessionContext::new_with_state(planning::state(self.threads));
        let physical = context.state().create_physical_plan(plan).await?;
        Ok(collect(physical, context.task_ctx()).await?)
    }
}

/// A figure as it is written.
fn shown(placed: &Placed, measured: &Measured, cells: &[Cell]) -> Value {
    let of = |at| cells.get(placed.cell).map(|cell| cell.heading(at, &measured.kinds));
    let periods = (0..measured.kinds.len()).filter_map(of);
    let groups = placed.groups.iter().map(Group::text).map(str::to_owned);
    let groups: Vec<String> = periods.chain(groups).collect();
    json!({
        "groups": groups,
        "measure": measured.measures.get(placed.measure).map(|it| &it.name),
        "value": placed.figure.value,
        "unknown": placed.figure.unknown,
    })
}
