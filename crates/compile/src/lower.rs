//! Lowering: terms into plan expressions, once the period of a cell is known.
//!
//! Whatever is made of a record's rows becomes a column of its own, computed once however often
//! it is used; columns that need others stand in a later stage.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::expr::LambdaVariable;
use datafusion::logical_expr::expr_fn::when;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, cast, ident, lit, not};

use crate::calendar::{self, Period};
use crate::catalog::Catalog;
use crate::kernel::{dates, days, involved};
use crate::silence::Undelivered;
use crate::term::{Aggregate, Comparison, Operator, Physical, Selection, Term};

mod lifted;
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
    /// The number under which the pool keeps a text, if it has it.
    pub symbol: &'a dyn Fn(&str) -> Option<i32>,
    /// Whether the pool has a column: that of unknown ends is there only if a row has one.
    pub has: &'a dyn Fn(&str) -> bool,
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

/// No text of the pool has this number.
const NOWHERE: i32 = -3;

/// Terms lowered so far, with the columns they need.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    ground: Ground<'a>,
    /// Columns already there, and the stage from which each may be used.
    columns: HashMap<Term, (String, usize)>,
    /// What each stage computes.
    stages: Vec<Vec<Expr>>,
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
            stages: Vec::new(),
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
    pub(crate) fn staged(&self, mut plan: LogicalPlanBuilder) -> Result<LogicalPlanBuilder> {
        for stage in &self.stages {
            let there = plan.schema().columns().into_iter().map(Expr::Column);
            let columns: Vec<Expr> = there.chain(stage.iter().cloned()).collect();
            plan = plan.project(columns)?;
        }
        Ok(plan)
    }

    fn hoisted(&mut self, term: &Term) -> Result<Lowered> {
        if let Some((name, stage)) = self.columns.get(term) {
            return Ok((ident(name), *stage));
        }
        let (expr, needs) = match term {
            Term::Selected { aggregate, selection } => self.selected(aggregate, selection)?,
            _ => self.inline(term)?,
        };
        let name = format!("{}{}", self.prefix, self.columns.len());
        if self.stages.len() <= needs {
            self.stages.resize(needs + 1, Vec::new());
        }
        if let Some(stage) = self.stages.get_mut(needs) {
            stage.push(expr.alias(&name));
        }
        self.columns.insert(term.clone(), (name.clone(), needs + 1));
        Ok((ident(name), needs + 1))
    }

    /// The expression of a term; what is made of rows goes through a column.
    fn value(&mut self, term: &Term) -> Result<Lowered> {
        match term {
            // What looks at the row of an outer selection cannot leave its condition.
            Term::Selected { aggregate, selection } if free(term, &mut Vec::new()) => {
                self.selected(aggregate, selection)
            }
            Term::Selected { .. } => self.hoisted(term),
            Term::OfDays { .. } if !free(term, &mut Vec::new()) => self.hoisted(term),
            _ => self.inline(term),
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
                let idle = field.ends_with(MARK) && !self.texts && !self.is_marked(*depth);
                leaf(if idle {
                    lit(missing(*physical))
                } else {
                    row_field(*depth, field, *physical)
                })
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
            Term::Not(term) => self.one(term, |term| Ok(not(term))),
            Term::And(terms) => self.all(terms, both),
            Term::Or(terms) => self.all(terms, Expr::or),
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
                Ok((days::call(*make, dates::days(self.ground.data_date), parts), needs))
            }
            Term::Selected { .. } => self.value(term),
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
        let records = self.ground.catalog.records.values();
        let own: Vec<_> = records.filter(|record| record.subject == self.subject).collect();
        let days = own
            .iter()
            .filter_map(|record| Some(ident(format!("{}.{}", record.name, record.start()?))));
        let days: Vec<Expr> = days.collect();
        if days.is_empty() {
            return lit(true);
        }
        let seen = involved::seen(dates::days(self.ground.data_date), days);
        let once = own.iter().filter(|record| record.start().is_none());
        let values = once.flat_map(|record| {
            record.fields.iter().map(move |field| ident(format!("{}.{}", record.name, field.name)))
        });
        values.fold(seen, |seen, value| seen.or(value.is_not_null()))
    }

    fn symbol(&self, text: &str) -> Expr {
        if self.texts {
            return lit(text);
        }
        lit((self.ground.symbol)(text).unwrap_or(NOWHERE))
    }
}

/// A condition over a mapped row: columns by field name, texts and codes as texts.
pub(crate) fn mapped_condition(term: &Term) -> Expr {
    let catalog = Catalog::default();
    let nowhere = Period { first: NaiveDate::MIN, last: NaiveDate::MIN };
    let (symbol, has) = (&|_: &str| None, &|_: &str| true);
    let ground = Ground {
        catalog: &catalog,
        data_date: NaiveDate::MAX,
        period: nowhere,
        undelivered: Undelivered::NONE,
        symbol,
        has,
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

/// Whether a term looks at the row of a selection around it. A selection's own row is no such
/// row to its condition; a definition's selections count from depth 0 wherever they are used.
fn free(term: &Term, bound: &mut Vec<usize>) -> bool {
    match term {
        Term::RowField { depth, .. } => !bound.contains(depth),
        Term::Selected { selection, .. } => {
            if selection.bounds().into_iter().any(|term| free(term, bound)) {
                return true;
            }
            bound.push(selection.depth);
            let found = selection.condition.as_ref().is_some_and(|term| free(term, bound));
            bound.pop();
            found
        }
        _ => term.children().into_iter().any(|child| free(child, bound)),
    }
}

/// Both hold; what is true of every row is left away.
fn both(one: Expr, two: Expr) -> Expr {
    if two == lit(true) { one } else { one.and(two) }
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
        Physical::Symbol => DataType::Int32,
        Physical::Truth => DataType::Boolean,
        Physical::Days => days::kind(),
    }
}

fn missing(physical: Physical) -> ScalarValue {
    match physical {
        Physical::Date => ScalarValue::Date32(None),
        Physical::Number => ScalarValue::Float64(None),
        Physical::Symbol => ScalarValue::Int32(None),
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
