//! From a checked query to one plan: per-subject columns, then one aggregate a cell.
//!
//! A cell is a period. Each has a branch of its own, since what mentions the period differs; the
//! branches are united, so that a query is one plan however many periods and measures it has.
//!
//! A subject is in one group of every breakdown but that by organisation, whose total is a row of
//! its own; so what can be added is added up once for the finest groups, and totals come from
//! grouping sets over those. A median's come from grouping sets over the subjects themselves.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::common::{Result, internal_err};
use datafusion::datasource::provider_as_source;
use datafusion::functions_aggregate::expr_fn::{count_distinct, median, sum};
use datafusion::logical_expr::expr_fn::when;
use datafusion::logical_expr::{
    Expr, GroupingSet, LogicalPlan, LogicalPlanBuilder, Union, bitwise_and, bitwise_or,
    bitwise_shift_left, bitwise_shift_right, cast, ident, lit,
};

use crate::calendar::Period;
use crate::catalog::{self, RecordTiming, mark};
use crate::check::ORGANISATION;
use crate::dimension::{Dimension, Domain};
use crate::indicator::Part;
use crate::kernel::gathered::gathered;
use crate::kernel::involved::{self, Lies, NONE};
use crate::kernel::{dates, exact, pairs, tally};
use crate::lower::{Ground, Lowering};
use crate::term::{Physical, Selection, Term};

/// The column that tells which cell a row of the result belongs to.
pub const CELL: &str = "cell";

/// The scan's column that tells subjects apart: a number that means nothing else.
pub const SUBJECT: &str = "#";

/// What to compute: the same parts in every cell, split alike.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Of which subject.
    pub subject: &'a str,
    /// Over these rows; none is over the subjects themselves.
    pub rows: Option<&'a Selection>,
    /// By organisation, a subject stands under each that has a row of this record at any time, as
    /// where rows are counted; none is under those that it is involved with in the period.
    pub standing: Option<&'a str>,
    /// In these periods.
    pub cells: &'a [Period],
    /// The number of the first of them.
    pub first: i64,
    /// Split by these.
    pub breakdowns: &'a [Dimension],
    /// Added up.
    pub parts: &'a [Part],
}

/// The name of the column of breakdown `at`; null stands for the total.
#[must_use]
pub fn group_column(at: usize) -> String {
    format!("g{at}")
}

/// The name of the column of part `at`.
#[must_use]
pub fn part_column(at: usize) -> String {
    format!("p{at}")
}

/// The plan. Its columns are [`CELL`], a [`group_column`] for each breakdown and a
/// [`part_column`] for each part, in no order of rows.
pub fn plan(
    request: &Request<'_>,
    ground: Ground<'_>,
    table: &Arc<dyn TableProvider>,
) -> Result<LogicalPlan> {
    let mut branches = Vec::with_capacity(request.cells.len());
    for (at, period) in (request.first..).zip(request.cells) {
        let ground = Ground { period: *period, ..ground };
        let branch = match request.rows {
            None => branch(request, ground, table, at)?,
            Some(rows) => branch_over(rows, request, ground, table, at)?,
        };
        branches.push(Arc::new(branch.build()?));
    }
    match branches.as_slice() {
        [] => internal_err!("a query without a period"),
        [only] => Ok(only.as_ref().clone()),
        // Side by side: one inside the other would nest as deep as there are periods.
        _ => Ok(LogicalPlan::Union(Union::try_new(branches)?)),
    }
}

fn branch(
    request: &Request<'_>,
    ground: Ground<'_>,
    table: &Arc<dyn TableProvider>,
    at: i64,
) -> Result<LogicalPlanBuilder> {
    let by_organisation = request.breakdowns.iter().position(is_involvement);
    let organisation = by_organisation.map(group_column);
    let mut lowering = Lowering::new(ground, request.subject, "c");
    let mut keys = Vec::new();
    for (at, dimension) in request.breakdowns.iter().enumerate() {
        let name = group_column(at);
        keys.push(match dimension.domain.term() {
            Some(term) => key(dimension, lowering.column(term)?)?.alias(name),
            None => organisations(request, ground).alias(name),
        });
    }
    // What counts an organisation's rows is computed after a subject stands under each.
    let mut before: Vec<Expr> = Vec::new();
    let mut after: Vec<Expr> = Vec::new();
    for (at, part) in request.parts.iter().enumerate() {
        let name = part_column(at);
        let cell = organisation.as_ref().map(ident);
        match input(&mut lowering, part, cell)? {
            (expr, false) => {
                before.push(expr.alias(&name));
                after.push(ident(&name));
            }
            (expr, true) => after.push(expr.alias(&name)),
        }
    }
    let scan = LogicalPlanBuilder::scan("subjects", provider_as_source(Arc::clone(table)), None)?;
    let mut plan = lowering.staged(scan)?;
    let there = plan.schema().columns().into_iter().map(Expr::Column);
    plan = plan.project(there.chain(keys).chain(before).collect::<Vec<_>>())?;
    if let Some(organisation) = &organisation {
        plan = plan.unnest_column(datafusion::common::Column::from_name(organisation))?;
    }
    let keys = (0..request.breakdowns.len()).map(|at| ident(group_column(at)));
    plan = plan.project(keys.chain(after).collect::<Vec<_>>())?;
    finished(plan, request, by_organisation, at)
}

/// As [`branch`], with selected rows in the place of subjects. A row has one organisation, so it
/// stands under that alone, and the total is one of the grouping sets.
fn branch_over(
    rows: &Selection,
    request: &Request<'_>,
    ground: Ground<'_>,
    table: &Arc<dyn TableProvider>,
    at: i64,
) -> Result<LogicalPlanBuilder> {
    let mut lowering = Lowering::over_rows(ground, request.subject, "c", rows);
    let mut columns = Vec::new();
    for (at, dimension) in request.breakdowns.iter().enumerate() {
        let value = match dimension.domain.term() {
            Some(term) => key(dimension, lowering.column(term)?)?,
            None => lowering.field(ORGANISATION, Physical::Symbol),
        };
        columns.push(value.alias(group_column(at)));
    }
    for (at, part) in request.parts.iter().enumerate() {
        let value = match part {
            Part::Subjects(term) => when(lowering.column(term)?, ident(SUBJECT)).end()?,
            part => input(&mut lowering, part, None)?.0,
        };
        columns.push(value.alias(part_column(at)));
    }
    let scan = LogicalPlanBuilder::scan("subjects", provider_as_source(Arc::clone(table)), None)?;
    let plan = lowering.staged_rows(scan, rows, &columns)?.project(columns)?;
    finished(plan, request, None, at)
}

/// The plan of single rows: a [`part_column`] for each field and then for each term, a row for each
/// of the rows.
pub fn each_row(
    subject: &str,
    rows: &Selection,
    (fields, terms): (&[(String, Physical)], &[Term]),
    ground: Ground<'_>,
    table: &Arc<dyn TableProvider>,
) -> Result<LogicalPlan> {
    let mut lowering = Lowering::over_rows(ground, subject, "c", rows);
    let mut columns = Vec::with_capacity(fields.len() + terms.len());
    for (field, physical) in fields {
        columns.push(lowering.field(field, *physical));
    }
    for term in terms {
        columns.push(lowering.column(term)?);
    }
    let columns = columns.into_iter().enumerate();
    let columns: Vec<Expr> = columns.map(|(at, column)| column.alias(part_column(at))).collect();
    let scan = LogicalPlanBuilder::scan("subjects", provider_as_source(Arc::clone(table)), None)?;
    lowering.staged_rows(scan, rows, &columns)?.project(columns)?.build()
}

/// Adds up what stands beside the groups, and names what comes out.
fn finished(
    plan: LogicalPlanBuilder,
    request: &Request<'_>,
    organisation: Option<usize>,
    at: i64,
) -> Result<LogicalPlanBuilder> {
    let plan = aggregated(plan, request, organisation)?;
    let keys = (0..request.breakdowns.len()).map(|at| ident(group_column(at)));
    let parts = (0..request.parts.len())
        .map(|at| cast(ident(format!("a{at}")), DataType::Float64).alias(part_column(at)));
    plan.project([lit(at).alias(CELL)].into_iter().chain(keys).chain(parts).collect::<Vec<_>>())
}

fn is_involvement(dimension: &Dimension) -> bool {
    matches!(dimension.domain, Domain::Involvement { .. })
}

/// A group's number: a symbol or a band; [`NONE`] when the value is missing.
fn key(dimension: &Dimension, value: Expr) -> Result<Expr> {
    let value = match &dimension.domain {
        Domain::Bands { .. } => cast(value, DataType::Int32),
        _ => value,
    };
    when(value.clone().is_null(), lit(NONE)).otherwise(value)
}

/// The organisations under which a subject stands, the total among them.
fn organisations(request: &Request<'_>, ground: Ground<'_>) -> Expr {
    let (mut records, mut lists) = (Vec::new(), Vec::new());
    let counted = request.standing.and_then(|record| ground.catalog.records.get(record));
    let sides = counted.into_iter().flat_map(|record| {
        let sides = record.sides().filter(|(of, _)| *of == request.subject);
        sides.map(move |(_, side)| (record, side))
    });
    let involving = ground.catalog.involving(request.subject);
    let involving = involving.filter(|_| counted.is_none());
    for (record, side) in sides.chain(involving) {
        let name = catalog::lists(&record.name, side);
        let mut list = |field: &str| lists.push(ident(format!("{name}.{field}")));
        match &record.timing {
            RecordTiming::Once(_) => continue,
            RecordTiming::At { day } => {
                list(day);
                records.push(Lies::At);
            }
            RecordTiming::During { start, end } => {
                list(start);
                list(end);
                let mark = mark(end);
                let marked = (ground.has)(&format!("{name}.{mark}"));
                if marked {
                    list(&mark);
                }
                records.push(if marked { Lies::Marked } else { Lies::During });
            }
        }
        list(ORGANISATION);
    }
    let seen_until = dates::days(ground.data_date);
    let (first, last) = match counted {
        Some(_) => (i32::MIN, seen_until),
        None => (dates::days(ground.period.first), dates::days(ground.period.last).min(seen_until)),
    };
    involved::involved(first, last, records, lists)
}

/// What an aggregate reads of each subject, and whether only once it stands under organisations.
fn input(
    lowering: &mut Lowering<'_>,
    part: &Part,
    organisation: Option<Expr>,
) -> Result<(Expr, bool)> {
    match part {
        Part::Count(term)
        | Part::Sum(term)
        | Part::Spread(term)
        | Part::Median(term)
        | Part::Gathered(term, _) => Ok((lowering.column(term)?, false)),
        Part::Rows(people, selection)
        | Part::RowsUnknown(people, selection)
        | Part::RowsSubjects(people, selection) => {
            let people = lowering.column(people)?;
            let later = organisation.is_some();
            let rows = lowering.count_for(selection, organisation)?;
            let counted = match part {
                Part::Rows(..) => when(people, rows).end()?,
                Part::RowsSubjects(..) => people.and(rows.gt(lit(0.0_f64))),
                _ => people.and(rows.is_null()),
            };
            Ok((counted, later))
        }
        Part::Pairs(number, weight) => {
            Ok((pairs::pair(lowering.column(number)?, lowering.column(weight)?), false))
        }
        Part::Subjects(_) | Part::Over(..) => internal_err!("rows are not there for {part:?}"),
    }
}

/// Adds up per group and total: the finest groups first and the rest from those, unless a part
/// cannot be added up further.
fn aggregated(
    plan: LogicalPlanBuilder,
    request: &Request<'_>,
    organisation: Option<usize>,
) -> Result<LogicalPlanBuilder> {
    let breakdowns = request.breakdowns.len();
    let groups = grouping(breakdowns, organisation);
    let whole = |part: &Part| {
        matches!(
            part,
            Part::Median(_)
                | Part::Gathered(..)
                | Part::Pairs(..)
                | Part::Subjects(_)
                | Part::Over(..)
        )
    };
    let additive = !request.parts.iter().any(whole);
    let one = !matches!(groups.as_slice(), [Expr::GroupingSet(_)]);
    let parts = || request.parts.iter().enumerate();
    if one || !additive {
        return plan.aggregate(groups, parts().map(|(at, part)| added(at, part)));
    }
    let columns = || (0..breakdowns).map(|at| ident(group_column(at)));
    let (finest, unpacked) = match columns().collect::<Vec<_>>().as_slice() {
        [one, two] => packed(one, two)?,
        _ => (columns().collect(), columns().collect()),
    };
    let plan = plan.aggregate(finest, parts().map(|(at, part)| finest_added(at, part)))?;
    let kept = parts().map(|(at, _)| ident(format!("f{at}")));
    let plan = plan.project(unpacked.into_iter().chain(kept).collect::<Vec<_>>())?;
    plan.aggregate(groups, parts().map(|(at, part)| added_further(at, part)))
}

/// Two numbers of groups as one, which is grouped by faster, and the two again.
fn packed(one: &Expr, two: &Expr) -> Result<(Vec<Expr>, Vec<Expr>)> {
    const HALF: i64 = 32;
    let wide = |group: &Expr| cast(group.clone(), DataType::Int64);
    // The other number is never below the total's.
    let low = wide(two) - lit(i64::from(involved::TOTAL));
    let pair = bitwise_or(bitwise_shift_left(wide(one), lit(HALF)), low).alias("pair");
    let high = bitwise_shift_right(ident("pair"), lit(HALF));
    let low = bitwise_and(ident("pair"), lit((1_i64 << HALF) - 1));
    let low = low + lit(i64::from(involved::TOTAL));
    let again = |group: Expr, at| cast(group, DataType::Int32).alias(group_column(at));
    Ok((vec![pair], vec![again(high, 0), again(low, 1)]))
}

fn added(at: usize, part: &Part) -> Expr {
    let input = ident(part_column(at));
    let added = match part {
        Part::Count(_) | Part::RowsUnknown(..) | Part::RowsSubjects(..) => tally::tally(input),
        Part::Sum(_) | Part::Rows(..) => exact::sum(input),
        Part::Spread(_) => exact::spread(input),
        Part::Median(_) => median(input),
        Part::Gathered(_, made) => gathered(*made, input),
        Part::Pairs(..) => pairs::spread(input),
        Part::Subjects(_) | Part::Over(..) => count_distinct(input),
    };
    added.alias(format!("a{at}"))
}

/// What is kept of the finest groups.
fn finest_added(at: usize, part: &Part) -> Expr {
    let input = ident(part_column(at));
    let kept = match part {
        Part::Count(_) | Part::RowsUnknown(..) | Part::RowsSubjects(..) => tally::tally(input),
        Part::Sum(_) | Part::Rows(..) => exact::parts(input),
        Part::Spread(_) => exact::spread_parts(input),
        Part::Median(_) => median(input),
        Part::Gathered(_, made) => gathered(*made, input),
        Part::Pairs(..) => pairs::spread(input),
        Part::Subjects(_) | Part::Over(..) => count_distinct(input),
    };
    kept.alias(format!("f{at}"))
}

/// What the finest groups add up to.
fn added_further(at: usize, part: &Part) -> Expr {
    let kept = ident(format!("f{at}"));
    let added = match part {
        Part::Count(_) | Part::RowsUnknown(..) | Part::RowsSubjects(..) => sum(kept),
        Part::Sum(_) | Part::Rows(..) => exact::sum_of_parts(kept),
        Part::Spread(_) => exact::spread_of_parts(kept),
        Part::Median(_) => median(kept),
        Part::Gathered(_, made) => gathered(*made, kept),
        Part::Pairs(..) => pairs::spread(kept),
        Part::Subjects(_) | Part::Over(..) => count_distinct(kept),
    };
    added.alias(format!("a{at}"))
}

/// Every combination of breakdowns, down to none of them; an organisation's total is a row of its
/// own, so it is in all of them.
fn grouping(breakdowns: usize, organisation: Option<usize>) -> Vec<Expr> {
    if breakdowns == 0 {
        return Vec::new();
    }
    let sets = (0_u32..1 << breakdowns).rev().filter_map(|set| {
        let inside = |at: &usize| set & (1 << at) != 0;
        let whole = organisation.is_none_or(|at| inside(&at));
        whole.then(|| (0..breakdowns).filter(inside).map(|at| ident(group_column(at))).collect())
    });
    let sets: Vec<Vec<Expr>> = sets.collect();
    match sets.as_slice() {
        [only] => only.clone(),
        _ => vec![Expr::GroupingSet(GroupingSet::GroupingSets(sets))],
    }
}
