//! Lowering: terms into plan expressions, once the period of a cell is known.
//!
//! Whatever is made of a record's rows becomes a column of its own, computed once however often
//! it is used; columns that need others stand in a later stage.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::expr::{HigherOrderFunction, LambdaVariable};
use datafusion::logical_expr::expr_fn::{lambda, when};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, cast, ident, lit, not};

use crate::calendar::{self, Period};
use crate::catalog::{Catalog, RecordTiming};
use crate::check::ORGANISATION;
use crate::kernel::dates;
use crate::kernel::select::{self, Made};
use crate::term::{Aggregate, Comparison, Look, Operator, Physical, Selection, Term, Window};

/// What lowering stands on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// All declarations.
    pub catalog: &'a Catalog,
    /// Nothing after this day is seen.
    pub data_date: NaiveDate,
    /// The cell's period.
    pub period: Period,
    /// The number under which the pool keeps a text, if it has it.
    pub symbol: &'a dyn Fn(&str) -> Option<i32>,
}

impl std::fmt::Debug for Ground<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Ground")
            .field("data_date", &self.data_date)
            .field("period", &self.period)
            .finish_non_exhaustive()
    }
}

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
    /// Whether texts are compared as texts: rows of a delivery are not yet symbols.
    texts: bool,
    prefix: String,
}

/// An expression and the first stage in which all its columns are there.
type Lowered = (Expr, usize);

impl<'a> Lowering<'a> {
    pub(crate) fn new(ground: Ground<'a>, prefix: &str) -> Self {
        Self {
            ground,
            columns: HashMap::new(),
            stages: Vec::new(),
            organisation: None,
            texts: false,
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
            _ => self.inline(term),
        }
    }

    fn inline(&mut self, term: &Term) -> Result<Lowered> {
        match term {
            Term::Number(bits) => leaf(lit(f64::from_bits(*bits))),
            Term::Date(day) => leaf(date(*day)),
            Term::PeriodStart => leaf(date(self.ground.period.first)),
            Term::PeriodEnd => leaf(date(self.ground.period.last)),
            Term::Symbol(text) => leaf(self.symbol(text)),
            Term::Missing(physical) => leaf(lit(missing(*physical))),
            Term::Truth(truth) => leaf(lit(ScalarValue::Boolean(*truth))),
            Term::Property { record, field, .. } => leaf(ident(format!("{record}.{field}"))),
            Term::RowField { depth, field, physical } => leaf(row_field(*depth, field, *physical)),
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
            Term::IsMissing(term) => self.one(term, |term| Ok(term.is_null())),
            Term::IsTrue(term) => self.one(term, |term| Ok(term.is_true())),
            Term::IsUnknown(term) => self.one(term, |term| Ok(term.is_unknown())),
            Term::Not(term) => self.one(term, |term| Ok(not(term))),
            Term::And(terms) => self.all(terms, Expr::and),
            Term::Or(terms) => self.all(terms, Expr::or),
            Term::Choose { rows, otherwise } => self.choose(rows, otherwise),
            Term::Band { value, bounds } => {
                let bounds = bounds.clone();
                self.one(value, |value| band(&value, &bounds))
            }
            Term::Selected { .. } => self.value(term),
        }
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

    fn symbol(&self, text: &str) -> Expr {
        if self.texts {
            return lit(text);
        }
        lit((self.ground.symbol)(text).unwrap_or(NOWHERE))
    }

    /// The call of a selection's function.
    fn selected(&mut self, aggregate: &Aggregate, selection: &Selection) -> Result<Lowered> {
        // Of this selection's rows only, not of those that its condition looks at.
        let organisation = self.organisation.take();
        let Some(record) = self.ground.catalog.records.get(&selection.record) else {
            return internal_err!("`{}` is no record", selection.record);
        };
        let (start, end) = match &record.timing {
            RecordTiming::At { day } => (day.clone(), None),
            RecordTiming::During { start, end } => (start.clone(), Some(end.clone())),
            RecordTiming::Once(_) => return internal_err!("a once-record has no rows"),
        };
        let mut call = Call {
            depth: selection.depth,
            record: record.name.clone(),
            fields: vec![(start.clone(), Physical::Date)],
            start,
            end,
            needs: 0,
        };
        let made = call.read_by(aggregate);
        let mut bounds = self.bounds(&mut call, selection)?;
        if let Some(condition) = &selection.condition {
            call.fields_of(condition);
            let (condition, stage) = self.value(condition)?;
            call.needs = call.needs.max(stage);
            bounds.rest.push(condition);
        }
        if let Some(organisation) = organisation {
            call.list(ORGANISATION, Physical::Symbol);
            let of_row = row_field(call.depth, ORGANISATION, Physical::Symbol);
            let total = organisation.clone().eq(lit(crate::kernel::involved::TOTAL));
            bounds.rest.push(total.or(of_row.eq(organisation)));
        }
        let days = matches!(made, Made::Nights | Made::Days | Made::DaysAt);
        let mut arguments: Vec<Expr> = call
            .fields
            .iter()
            .map(|(field, _)| ident(format!("{}.{field}", call.record)))
            .collect();
        arguments.extend([bounds.low, bounds.high, bounds.open]);
        if days {
            arguments.extend([bounds.cut_first, bounds.cut_last]);
        }
        let condition = bounds.rest.into_iter().reduce(Expr::and).unwrap_or(lit(true));
        arguments.push(lambda(call.parameters(), condition));
        let function = select::function(made, selection.latest_at.is_some());
        let made = Expr::HigherOrderFunction(HigherOrderFunction::new(function, arguments));
        Ok((made, call.needs))
    }

    /// The window on the sorted day, and what is left to ask of each row.
    fn bounds(&mut self, call: &mut Call, selection: &Selection) -> Result<Bounds> {
        let mut bounds = Bounds::open(self.ground.data_date);
        let mut last_days: Vec<Expr> = Vec::new();
        if let Some(at) = &selection.latest_at {
            let (at, stage) = self.value(at)?;
            call.needs = call.needs.max(stage);
            bounds.high = earlier(bounds.high, at.clone())?;
            last_days.push(at);
        }
        for window in &selection.windows {
            let first = self.bound(call, window.first.as_ref())?;
            let last = self.bound(call, window.last.as_ref())?;
            last_days.extend(last.clone());
            bounds.narrow(call, window, first, last, self.ground.data_date)?;
        }
        if let Some(last) = reduce(last_days, earlier)? {
            bounds.open = match fixed(&last) {
                Some(last) => lit(last > self.ground.data_date),
                None => last.gt(date(self.ground.data_date)),
            };
        }
        Ok(bounds)
    }

    fn bound(&mut self, call: &mut Call, term: Option<&Term>) -> Result<Option<Expr>> {
        let Some(term) = term else { return Ok(None) };
        let (bound, stage) = self.value(term)?;
        call.needs = call.needs.max(stage);
        Ok(Some(bound))
    }
}

/// A selection being lowered.
struct Call {
    depth: usize,
    record: String,
    start: String,
    end: Option<String>,
    /// The lists it reads, the sorted day first, what the aggregate reads second.
    fields: Vec<(String, Physical)>,
    needs: usize,
}

impl Call {
    /// The function, whose second list is put in place.
    fn read_by(&mut self, aggregate: &Aggregate) -> Made {
        match aggregate {
            Aggregate::Any => Made::Any,
            Aggregate::Count => Made::Count,
            Aggregate::Sum(field) => {
                self.fields.push((field.clone(), Physical::Number));
                Made::Sum
            }
            Aggregate::First(field, physical) => {
                self.fields.push((field.clone(), *physical));
                Made::First
            }
            Aggregate::Last(field, physical) => {
                self.fields.push((field.clone(), *physical));
                Made::Last
            }
            Aggregate::Nights | Aggregate::Days => match self.end.clone() {
                Some(end) => {
                    self.fields.push((end, Physical::Date));
                    if *aggregate == Aggregate::Nights { Made::Nights } else { Made::Days }
                }
                None => Made::DaysAt,
            },
        }
    }

    fn list(&mut self, field: &str, physical: Physical) {
        if !self.fields.iter().any(|(known, _)| known == field) {
            self.fields.push((field.to_owned(), physical));
        }
    }

    /// The lists that a condition at this depth reads.
    fn fields_of(&mut self, term: &Term) {
        let children = match term {
            Term::RowField { depth, field, physical } if *depth == self.depth => {
                self.list(field, *physical);
                return;
            }
            // Its condition looks at its own row; its bounds at ours.
            Term::Selected { selection, .. } if selection.depth == self.depth => selection.bounds(),
            _ => term.children(),
        };
        for child in children {
            self.fields_of(child);
        }
    }

    /// A name for each list inside the condition; one that is read twice has two.
    fn parameters(&self) -> Vec<String> {
        let names = self.fields.iter().enumerate().map(|(at, (field, _))| {
            let again = self.fields.iter().take(at).any(|(before, _)| before == field);
            let name = variable(self.depth, field);
            if again { format!("{name} again") } else { name }
        });
        names.collect()
    }

    fn start(&self) -> Expr {
        row_field(self.depth, &self.start, Physical::Date)
    }

    fn end(&mut self) -> Option<Expr> {
        let end = self.end.clone()?;
        self.list(&end, Physical::Date);
        Some(row_field(self.depth, &end, Physical::Date))
    }
}

/// A window as the functions take it.
struct Bounds {
    low: Expr,
    high: Expr,
    open: Expr,
    cut_first: Expr,
    cut_last: Expr,
    rest: Vec<Expr>,
}

impl Bounds {
    fn open(data_date: NaiveDate) -> Self {
        Self {
            low: lit(ScalarValue::Date32(Some(i32::MIN))),
            high: date(data_date),
            open: lit(false),
            cut_first: lit(ScalarValue::Date32(Some(i32::MIN))),
            cut_last: date(data_date),
            rest: Vec::new(),
        }
    }

    fn narrow(
        &mut self,
        call: &mut Call,
        window: &Window,
        first: Option<Expr>,
        last: Option<Expr>,
        data_date: NaiveDate,
    ) -> Result<()> {
        if window.cut {
            if let Some(first) = &first {
                self.cut_first = later(self.cut_first.clone(), first.clone())?;
            }
            if let Some(last) = &last {
                self.cut_last = earlier(self.cut_last.clone(), last.clone())?;
            }
        }
        match window.look {
            Look::Start => {
                self.starts_by(last)?;
                if let Some(first) = first {
                    self.low = later(self.low.clone(), first)?;
                }
            }
            Look::Overlap => {
                self.starts_by(last)?;
                if let (Some(first), Some(end)) = (first, call.end()) {
                    let stays = end.clone().is_null().or(end.gt(first.clone()));
                    let seen = match fixed(&first) {
                        Some(day) if day <= data_date => stays,
                        _ => stays.and(first.clone().lt_eq(date(data_date))),
                    };
                    self.rest.push(call.start().gt_eq(first.clone()).or(seen));
                    self.known(first)?;
                }
            }
            Look::Inside => {
                self.starts_by(last.clone())?;
                if let Some(first) = first {
                    self.low = later(self.low.clone(), first)?;
                }
                if let (Some(last), Some(end)) = (last, call.end()) {
                    let next = match fixed(&last).and_then(|day| day.succ_opt()) {
                        Some(next) => date(next),
                        None => dates::shift(last, 1, crate::types::TimeUnit::Day),
                    };
                    self.rest.push(end.clone().is_not_null().and(end.lt_eq(next)));
                }
            }
            Look::End => {
                let Some(end) = call.end() else { return Ok(()) };
                self.rest.push(end.clone().is_not_null());
                for bound in [&first, &last].into_iter().flatten() {
                    self.known(bound.clone())?;
                }
                self.rest.extend(first.map(|first| end.clone().gt_eq(first)));
                self.rest.extend(last.map(|last| end.lt_eq(last)));
            }
        }
        Ok(())
    }

    fn starts_by(&mut self, last: Option<Expr>) -> Result<()> {
        if let Some(last) = last {
            self.high = earlier(self.high.clone(), last)?;
        }
        Ok(())
    }

    /// A bound that is missing finds nothing and leaves what is made of the rows unknown.
    fn known(&mut self, bound: Expr) -> Result<()> {
        if fixed(&bound).is_none() {
            let none = lit(ScalarValue::Date32(None));
            self.high = when(bound.is_null(), none).otherwise(self.high.clone())?;
        }
        Ok(())
    }
}

/// A condition over a mapped row: columns by field name, texts and codes as texts.
pub(crate) fn mapped_condition(term: &Term) -> Expr {
    let catalog = Catalog::default();
    let nowhere = Period { first: NaiveDate::MIN, last: NaiveDate::MIN };
    let ground =
        Ground { catalog: &catalog, data_date: NaiveDate::MAX, period: nowhere, symbol: &|_| None };
    let mut lowering = Lowering::new(ground, "m");
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
    }
}

fn missing(physical: Physical) -> ScalarValue {
    match physical {
        Physical::Date => ScalarValue::Date32(None),
        Physical::Number => ScalarValue::Float64(None),
        Physical::Symbol => ScalarValue::Int32(None),
        Physical::Truth => ScalarValue::Boolean(None),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what it returns fits its neighbours")]
fn leaf(expr: Expr) -> Result<Lowered> {
    Ok((expr, 0))
}

pub(crate) fn date(day: NaiveDate) -> Expr {
    lit(ScalarValue::Date32(Some(dates::days(day))))
}

/// The day of a literal.
fn fixed(expr: &Expr) -> Option<NaiveDate> {
    match expr {
        Expr::Literal(ScalarValue::Date32(Some(day)), _) => dates::date(*day),
        _ => None,
    }
}

fn literal(expr: &Expr) -> Option<i32> {
    match expr {
        Expr::Literal(ScalarValue::Date32(day), _) => *day,
        _ => None,
    }
}

/// The later of two dates; missing when one is.
fn later(one: Expr, two: Expr) -> Result<Expr> {
    chosen(one, two, i32::max, Expr::gt_eq)
}

/// The earlier of two dates; missing when one is.
fn earlier(one: Expr, two: Expr) -> Result<Expr> {
    chosen(one, two, i32::min, Expr::lt_eq)
}

fn chosen(
    one: Expr,
    two: Expr,
    pick: fn(i32, i32) -> i32,
    first: fn(Expr, Expr) -> Expr,
) -> Result<Expr> {
    match (literal(&one), literal(&two)) {
        (Some(one), Some(two)) => Ok(lit(ScalarValue::Date32(Some(pick(one, two))))),
        // An open bound gives way, and keeps what is missing on the other side.
        (Some(i32::MIN), None) => Ok(two),
        (None, Some(i32::MIN)) => Ok(one),
        _ => {
            let missing = one.clone().is_null().or(two.clone().is_null());
            when(missing, lit(ScalarValue::Date32(None)))
                .when(first(one.clone(), two.clone()), one)
                .otherwise(two)
        }
    }
}

fn reduce(items: Vec<Expr>, join: fn(Expr, Expr) -> Result<Expr>) -> Result<Option<Expr>> {
    let mut joined = None;
    for item in items {
        joined = Some(match joined {
            None => item,
            Some(before) => join(before, item)?,
        });
    }
    Ok(joined)
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
