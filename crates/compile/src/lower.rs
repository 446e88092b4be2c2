//! Lowering: terms into plan expressions, once the period of a cell is known.
//!
//! Whatever is made of a record's rows becomes a column of its own, computed once however often
//! it is used; columns that need others stand in a later stage.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::expr::LambdaVariable;
use datafusion::logical_expr::expr_fn::when;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, cast, ident, lit};

use crate::calendar::{self, Period};
use crate::catalog::{Catalog, lists};
use crate::check::ORGANISATION;
use crate::kernel::{dates, days, involved, look};
use crate::reached::Reached;
use crate::silence::Undelivered;
use crate::term::{Aggregate, Comparison, Operator, Physical, Selection, Supposed, Term};

mod lifted;
mod logic;
mod rows;
mod selection;

/// What lowering stands on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// All declarations.
    pub catalog: &'a Catalog,
    /// Nothing after this day is seen.
    pub data_date: NaiveDate,
    /// The cell's period.
    pub period: Period,
    /// The days of which nobody can say that nothing happened.
    pub undelivered: &'a Undelivered,
    /// The number that stands for a text.
    pub symbol: &'a dyn Fn(&str) -> i32,
    /// Whether the pool has a column: that of unknown ends is there only if a row has one.
    pub has: &'a dyn Fn(&str) -> bool,
    /// What is known of other subjects.
    pub reached: &'a Reached,
}

impl std::fmt::Debug for Ground<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Ground")
            .field("data_date", &self.data_date)
            .field("period", &self.period)
            .finish_non_exhaustive()
    }
}

/// Ends the names of columns that say of which rows the end is unknown.
const MARK: char = '?';

/// Stages from this one on stand on selected rows.
const ROWS: usize = 1 << 16;

/// No text of the pool has this number.
const NOWHERE: i32 = -3;

/// Terms lowered so far, with the columns they need.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    ground: Ground<'a>,
    /// Columns already there, and the stage from which each may be used.
    columns: HashMap<(Supposed, Term), (String, usize)>,
    /// What is supposed of the terms being lowered.
    supposed: Supposed,
    /// What each stage computes. From [`ROWS`] on, each row of the plan is a selected row.
    stages: BTreeMap<usize, Vec<Expr>>,
    /// Depths of the selections whose conditions are being lowered.
    bound: Vec<usize>,
    /// Of a plan over selected rows: the fields of the row that are asked for.
    row_fields: Option<BTreeMap<String, Physical>>,
    /// The record of those rows.
    row_record: String,
    /// Whether a whole row of the plan is being lowered: a selected row, and not yet a subject.
    at_row: bool,
    /// The column of the organisation whose rows are counted, while `Part::Rows` is lowered.
    organisation: Option<Expr>,
    /// Of the rows that are looked at, outermost first: how deep, and whether ends are unknown.
    marked: Vec<(usize, bool)>,
    /// Whether texts are compared as texts: rows of a delivery are not yet symbols.
    texts: bool,
    /// `person`
    subject: String,
    prefix: String,
}

/// An expression and the first stage in which all its columns are there.
type Lowered = (Expr, usize);

impl<'a> Lowering<'a> {
    pub(crate) fn new(ground: Ground<'a>, subject: &str, prefix: &str) -> Self {
        Self {
            ground,
            columns: HashMap::new(),
            supposed: Supposed::Nothing,
            stages: BTreeMap::new(),
            bound: Vec::new(),
            row_fields: None,
            row_record: String::new(),
            at_row: false,
            organisation: None,
            marked: Vec::new(),
            texts: false,
            subject: subject.to_owned(),
            prefix: prefix.to_owned(),
        }
    }

    /// A column for `term`, computed once.
    pub(crate) fn column(&mut self, term: &Term) -> Result<Expr> {
        Ok(self.hoisted(term)?.0)
    }

    /// Rows of `selection` counted for the organisation in column `organisation` alone, or for
    /// all when that is the total.
    pub(crate) fn count_for(
        &mut self,
        selection: &Selection,
        organisation: Option<Expr>,
    ) -> Result<Expr> {
        self.organisation = organisation;
        Ok(self.selected(&Aggregate::Count, selection)?.0)
    }

    /// Puts the stages on top of a plan, one projection each.
    pub(crate) fn staged(&self, plan: LogicalPlanBuilder) -> Result<LogicalPlanBuilder> {
        put(self.stages.range(..ROWS), plan)
    }

    fn hoisted(&mut self, term: &Term) -> Result<Lowered> {
        let key = (self.supposed, term.clone());
        if let Some((name, stage)) = self.columns.get(&key) {
            return Ok((ident(name), *stage));
        }
        // A column stands outside all conditions; what does not look at the row is the subject's.
        let bound = std::mem::take(&mut self.bound);
        let at_row = self.at_row;
        self.at_row = at_row && looks_out(term);
        let lowered = match term {
            Term::Selected { aggregate, selection } => self.selected(aggregate, selection),
            _ => self.inline(term),
        };
        self.bound = bound;
        self.at_row = at_row;
        let (expr, needs) = lowered?;
        if let (Term::MoreMayCome(_), Expr::Literal(..)) = (term, &expr) {
            return Ok((expr, needs));
        }
        let name = format!("{}{}", self.prefix, self.columns.len());
        self.stages.entry(needs).or_default().push(expr.alias(&name));
        self.columns.insert(key, (name.clone(), needs + 1));
        Ok((ident(name), needs + 1))
    }

    /// The expression of a term; what is made of rows goes through a column.
    fn value(&mut self, term: &Term) -> Result<Lowered> {
        match term {
            // What looks at the row of an outer selection cannot leave its condition.
            Term::Selected { aggregate, selection } if self.looks_at_bound(term) => {
                self.selected(aggregate, selection)
            }
            Term::Selected { .. } => self.hoisted(term),
            Term::OfDays { .. } | Term::MoreMayCome(_) if !self.looks_at_bound(term) => {
                self.hoisted(term)
            }
            // A subject's lists are not there beside each of its rows.
            Term::Seen if self.at_row => self.hoisted(term),
            _ => self.inline(term),
        }
    }

    /// Whether a term looks at a row of a selection whose condition is being lowered.
    fn looks_at_bound(&self, term: &Term) -> bool {
        self.bound.iter().any(|depth| free(term, *depth, &mut Vec::new()))
    }

    fn row_field(&mut self, depth: usize, field: &str, physical: Physical) -> Lowered {
        let of_row = self.row_fields.is_some() && !self.bound.contains(&depth);
        // No row says that its end is unknown where the rows have no such column.
        let marked = if of_row {
            (self.ground.has)(&format!("{}.{field}", self.row_record))
        } else {
            self.texts || self.is_marked(depth)
        };
        if field.ends_with(MARK) && !marked {
            return (lit(missing(physical)), 0);
        }
        match &mut self.row_fields {
            Some(fields) if of_row => {
                fields.insert(field.to_owned(), physical);
                (ident(rows::column(field)), ROWS)
            }
            _ => (row_field(depth, field, physical), 0),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm a term")]
    fn inline(&mut self, term: &Term) -> Result<Lowered> {
        match term {
            Term::Number(bits) => leaf(lit(f64::from_bits(*bits))),
            Term::Date(day) => leaf(date(*day)),
            Term::PeriodStart => leaf(date(self.ground.period.first)),
            Term::PeriodEnd => leaf(date(self.ground.period.last)),
            Term::PreviousStart => leaf(maybe_date(self.previous().map(|it| it.first))),
            Term::PreviousEnd => leaf(maybe_date(self.previous().map(|it| it.last))),
            Term::DataDate => leaf(date(self.ground.data_date)),
            Term::StartOf { date: of, unit } => {
                let (of, stage) = self.value(of)?;
                let start = fixed(&of).map(|day| date(calendar::start_of(day, *unit)));
                Ok((start.unwrap_or_else(|| dates::start_of(of, *unit)), stage))
            }
            Term::Edge { date: of, edge } => {
                let (of, stage) = self.value(of)?;
                let found = fixed(&of).map(|day| maybe_date(edge.seen_from(day)));
                Ok((found.unwrap_or_else(|| dates::edge(of, edge)), stage))
            }
            Term::UpTo { date: of, last } => self.two(of, last, |of, last| {
                if let Some((of, last)) = fixed(&of).zip(fixed(&last)) {
                    return Ok(maybe_date((of <= last).then_some(of)));
                }
                when(of.clone().lt_eq(last), of).end()
            }),
            Term::Symbol(text) => leaf(self.symbol(text)),
            Term::Missing(physical) => leaf(lit(missing(*physical))),
            Term::Truth(truth) => leaf(lit(ScalarValue::Boolean(*truth))),
            Term::Seen => leaf(self.seen()),
            Term::Property { record, field, .. } => leaf(ident(format!("{record}.{field}"))),
            Term::RowField { depth, field, physical } => {
                Ok(self.row_field(*depth, field, *physical))
            }
            Term::Of { subject, reference, term } => {
                let period = self.ground.period;
                let Some(values) = self.ground.reached.get(subject, term, period) else {
                    return internal_err!("something about `{subject}` is not there yet");
                };
                self.one(reference, |reference| Ok(look::look(reference, values)))
            }
            Term::Lifted(lifted) => self.lifted(lifted),
            Term::Dated { at, steps, .. } => self.one(at, |at| stepped(&at, steps)),
            Term::Age { birth, at } => self.two(birth, at, |birth, at| Ok(dates::age(birth, at))),
            Term::Shift { date: of, count, unit } => {
                let (of, stage) = self.value(of)?;
                let moved = fixed(&of).and_then(|day| calendar::shift(day, *count, *unit));
                Ok((moved.map_or_else(|| dates::shift(of, *count, *unit), date), stage))
            }
            Term::DaysBetween { from, to } => self.two(from, to, |from, to| {
                let number = |day| cast(day, DataType::Int32);
                Ok(cast(number(to) - number(from), DataType::Float64))
            }),
            Term::Arithmetic { operator, left, right } => {
                let operator = *operator;
                self.two(left, right, |left, right| arithmetic(operator, left, right))
            }
            Term::Compare { comparison, left, right } => {
                let comparison = *comparison;
                self.two(left, right, |left, right| Ok(compared(comparison, left, right)))
            }
            Term::In { value, symbols } => {
                let list: Vec<Expr> = symbols.iter().map(|text| self.symbol(text)).collect();
                let list = if list.is_empty() { vec![lit(NOWHERE)] } else { list };
                self.one(value, |value| Ok(value.in_list(list, false)))
            }
            Term::IsMissing(term) => self.one(term, |term| {
                let never = matches!(&term, Expr::Literal(value, _) if value.is_null());
                Ok(if never { lit(true) } else { term.is_null() })
            }),
            Term::IsTrue(term) => self.one(term, |term| Ok(term.is_true())),
            Term::IsUnknown(term) => self.one(term, |term| Ok(term.is_unknown())),
            Term::Not(term) => self.one(term, |term| Ok(logic::negated(term))),
            Term::And(terms) => self.all(terms, logic::both),
            Term::Or(terms) => self.all(terms, logic::either),
            Term::Choose { rows, otherwise } => self.choose(rows, otherwise),
            Term::Band { value, bounds } => {
                let bounds = bounds.clone();
                self.one(value, |value| band(&value, &bounds))
            }
            Term::OfDays { make, of } => {
                let mut needs = 0;
                let mut parts = Vec::with_capacity(of.len());
                for part in of {
                    let (part, stage) = self.value(part)?;
                    needs = needs.max(stage);
                    parts.push(part);
                }
                // What ends later than all days is over on none.
                let is_over = self.supposed == Supposed::Over;
                let until = if is_over { i32::MAX } else { dates::days(self.ground.data_date) };
                Ok((days::call(*make, until, parts), needs))
            }
            Term::Supposed { that, of } => {
                let before = std::mem::replace(&mut self.supposed, *that);
                let lowered = self.value(of);
                self.supposed = before;
                lowered
            }
            Term::Selected { .. } => self.value(term),
            Term::MoreMayCome(selection) => self.more_may_come(selection),
            Term::NotOver(day) if self.supposed == Supposed::Over => {
                self.one(day, |_| Ok(lit(false)))
            }
            Term::NotOver(day) => {
                let data_date = self.ground.data_date;
                self.one(day, |day| {
                    let fixed = fixed(&day).map(|day| lit(day > data_date));
                    Ok(fixed.unwrap_or_else(|| day.gt(date(data_date)).is_true()))
                })
            }
        }
    }

    /// Whether rows at this depth may have an unknown end.
    fn is_marked(&self, depth: usize) -> bool {
        self.marked.iter().rev().find(|(at, _)| *at == depth).is_some_and(|(_, marked)| *marked)
    }

    fn previous(&self) -> Option<Period> {
        calendar::previous(self.ground.period)
    }

    fn one(&mut self, term: &Term, make: impl FnOnce(Expr) -> Result<Expr>) -> Result<Lowered> {
        let (term, stage) = self.value(term)?;
        Ok((make(term)?, stage))
    }

    fn two(
        &mut self,
        left: &Term,
        right: &Term,
        make: impl FnOnce(Expr, Expr) -> Result<Expr>,
    ) -> Result<Lowered> {
        let ((left, one), (right, two)) = (self.value(left)?, self.value(right)?);
        Ok((make(left, right)?, one.max(two)))
    }

    fn all(&mut self, terms: &[Term], join: fn(Expr, Expr) -> Expr) -> Result<Lowered> {
        let mut joined: Option<Lowered> = None;
        for term in terms {
            let (term, stage) = self.value(term)?;
            joined = Some(match joined {
                None => (term, stage),
                Some((before, earlier)) => (join(before, term), earlier.max(stage)),
            });
        }
        joined.map_or_else(|| internal_err!("a condition of no parts"), Ok)
    }

    fn choose(&mut self, rows: &[(Term, Term)], otherwise: &Term) -> Result<Lowered> {
        let (otherwise, mut needs) = self.value(otherwise)?;
        let mut cases = Vec::new();
        for (condition, value) in rows {
            let ((condition, one), (value, two)) = (self.value(condition)?, self.value(value)?);
            needs = needs.max(one).max(two);
            cases.push((condition, value));
        }
        let mut cases = cases.into_iter();
        let Some((condition, value)) = cases.next() else { return Ok((otherwise, needs)) };
        let mut case = when(condition, value);
        for (condition, value) in cases {
            case = case.when(condition, value);
        }
        Ok((case.otherwise(otherwise)?, needs))
    }

    /// Whether a dated row of the subject lies on or before the data date, or a once-record says
    /// something of it.
    fn seen(&self) -> Expr {
        // What is declared is known.
        if self.subject == ORGANISATION {
            return lit(true);
        }
        let about = || self.ground.catalog.records_about(&self.subject);
        let days = about().filter_map(|(record, side)| {
            Some(ident(format!("{}.{}", lists(&record.name, side), record.start()?)))
        });
        let days: Vec<Expr> = days.collect();
        if days.is_empty() {
            return lit(true);
        }
        let seen = involved::seen(dates::days(self.ground.data_date), days);
        let once = about().filter(|(record, _)| record.start().is_none());
        let values = once.flat_map(|(record, _)| {
            record.fields.iter().map(move |field| ident(format!("{}.{}", record.name, field.name)))
        });
        values.fold(seen, |seen, value| seen.or(value.is_not_null()))
    }

    fn symbol(&self, text: &str) -> Expr {
        if self.texts {
            return lit(text);
        }
        lit((self.ground.symbol)(text))
    }
}

/// A condition over a mapped row: columns by field name, texts and codes as texts.
pub(crate) fn mapped_condition(term: &Term) -> Expr {
    let catalog = Catalog::default();
    let nowhere = Period { first: NaiveDate::MIN, last: NaiveDate::MIN };
    let (symbol, has) = (&|_: &str| NOWHERE, &|_: &str| true);
    let ground = Ground {
        catalog: &catalog,
        data_date: NaiveDate::MAX,
        period: nowhere,
        undelivered: Undelivered::NONE,
        symbol,
        has,
        reached: &Reached::default(),
    };
    let mut lowering = Lowering::new(ground, "", "m");
    lowering.texts = true;
    let lowered = lowering.value(term).map(|(expr, _)| expr);
    // A mapped row has no selections, and nothing else can fail.
    lowered.map_or_else(|_| lit(ScalarValue::Boolean(None)), as_columns)
}

/// A mapped row's fields are columns, not variables; its texts are texts.
fn as_columns(expr: Expr) -> Expr {
    use datafusion::common::tree_node::{Transformed, TreeNode};
    let prefix = variable(0, "");
    let renamed = expr.clone().transform(|expr| {
        Ok(match expr {
            Expr::LambdaVariable(variable) => {
                let name = variable.name.strip_prefix(&prefix).unwrap_or(&variable.name);
                Transformed::yes(ident(name))
            }
            other => Transformed::no(other),
        })
    });
    renamed.map_or(expr, |renamed| renamed.data)
}

/// Whether a term looks at the row of a selection of this depth around it. A selection's own row
/// is no such row to its condition; a definition's selections count from depth 0 wherever they are
/// used.
pub(crate) fn free(term: &Term, of: usize, bound: &mut Vec<usize>) -> bool {
    match term {
        Term::RowField { depth, .. } => *depth == of && !bound.contains(depth),
        // What is said of another subject looks at no row of ours.
        Term::Of { reference, .. } => free(reference, of, bound),
        Term::Selected { selection, .. } => {
            if selection.bounds().into_iter().any(|term| free(term, of, bound)) {
                return true;
            }
            bound.push(selection.depth);
            let found = selection.condition.as_ref().is_some_and(|term| free(term, of, bound));
            bound.pop();
            found
        }
        _ => term.children().into_iter().any(|child| free(child, of, bound)),
    }
}

/// Whether a term of a plan over selected rows looks at the row.
fn looks_out(term: &Term) -> bool {
    free(term, 0, &mut Vec::new())
}

/// One projection a stage, each beside what is there.
fn put<'s>(
    stages: impl Iterator<Item = (&'s usize, &'s Vec<Expr>)>,
    mut plan: LogicalPlanBuilder,
) -> Result<LogicalPlanBuilder> {
    for (_, stage) in stages {
        let there = plan.schema().columns().into_iter().map(Expr::Column);
        let columns: Vec<Expr> = there.chain(stage.iter().cloned()).collect();
        plan = plan.project(columns)?;
    }
    Ok(plan)
}

fn variable(depth: usize, field: &str) -> String {
    format!("r{depth}_{field}")
}

fn row_field(depth: usize, field: &str, physical: Physical) -> Expr {
    let name = variable(depth, field);
    let kind = Arc::new(Field::new(&name, arrow(physical), true));
    Expr::LambdaVariable(LambdaVariable::new(name, Some(kind)))
}

fn arrow(physical: Physical) -> DataType {
    match physical {
        Physical::Date => DataType::Date32,
        Physical::Number => DataType::Float64,
        Physical::Symbol | Physical::Subject => DataType::Int32,
        Physical::Truth => DataType::Boolean,
        Physical::Days => days::kind(),
    }
}

fn missing(physical: Physical) -> ScalarValue {
    match physical {
        Physical::Date => ScalarValue::Date32(None),
        Physical::Number => ScalarValue::Float64(None),
        Physical::Symbol | Physical::Subject => ScalarValue::Int32(None),
        Physical::Truth => ScalarValue::Boolean(None),
        Physical::Days => ScalarValue::new_null_list(DataType::Date32, true, 1),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what it returns fits its neighbours")]
fn leaf(expr: Expr) -> Result<Lowered> {
    Ok((expr, 0))
}

pub(crate) fn date(day: NaiveDate) -> Expr {
    lit(ScalarValue::Date32(Some(dates::days(day))))
}

fn maybe_date(day: Option<NaiveDate>) -> Expr {
    lit(ScalarValue::Date32(day.map(dates::days)))
}

/// The day of a literal.
fn fixed(expr: &Expr) -> Option<NaiveDate> {
    match expr {
        Expr::Literal(ScalarValue::Date32(Some(day)), _) => dates::date(*day),
        _ => None,
    }
}

fn arithmetic(operator: Operator, left: Expr, right: Expr) -> Result<Expr> {
    Ok(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => {
            let none = lit(ScalarValue::Float64(None));
            return when(right.clone().eq(lit(0.0_f64)), none).otherwise(left / right);
        }
    })
}

fn compared(comparison: Comparison, left: Expr, right: Expr) -> Expr {
    match comparison {
        Comparison::Equal => left.eq(right),
        Comparison::Less => left.lt(right),
        Comparison::LessOrEqual => left.lt_eq(right),
        Comparison::Greater => left.gt(right),
        Comparison::GreaterOrEqual => left.gt_eq(right),
    }
}

/// The value of the last step on or before the day.
fn stepped(at: &Expr, steps: &[(NaiveDate, u64)]) -> Result<Expr> {
    let number = |bits: u64| lit(f64::from_bits(bits));
    let none = lit(ScalarValue::Float64(None));
    if let Some(day) = fixed(at) {
        let step = steps.iter().rev().find(|(from, _)| *from <= day);
        return Ok(step.map_or(none, |(_, bits)| number(*bits)));
    }
    let mut case = when(at.clone().is_null(), none.clone());
    let mut before = none;
    for (from, bits) in steps {
        case = case.when(at.clone().lt(date(*from)), before);
        before = number(*bits);
    }
    case.otherwise(before)
}

/// How many of the rising bounds the value reaches.
fn band(value: &Expr, bounds: &[u64]) -> Result<Expr> {
    let mut case = when(value.clone().is_null(), lit(ScalarValue::Float64(None)));
    let mut index = 0.0_f64;
    for bound in bounds {
        case = case.when(value.clone().lt(lit(f64::from_bits(*bound))), lit(index));
        index += 1.0;
    }
    case.otherwise(lit(index))
}
