//! Windows of days, as the functions over rows take them.

use chrono::NaiveDate;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr_fn::when;
use datafusion::logical_expr::{Expr, lit};

use super::super::{date, fixed};
use super::Call;
use crate::kernel::dates;
use crate::term::{Look, Window};
use crate::types::TimeUnit;

/// A window as the functions take it.
pub(super) struct Bounds {
    pub(super) low: Expr,
    pub(super) high: Expr,
    /// The first and the last day that all windows look at, where they have one.
    pub(super) first: Option<Expr>,
    pub(super) last: Option<Expr>,
    /// Whether what was not found may be there all the same.
    pub(super) open: Expr,
    pub(super) cut_first: Expr,
    pub(super) cut_last: Expr,
    pub(super) rest: Vec<Expr>,
}

impl Bounds {
    pub(super) fn open(data_date: NaiveDate) -> Self {
        Self {
            low: lit(ScalarValue::Date32(Some(i32::MIN))),
            high: date(data_date),
            first: None,
            last: None,
            open: lit(false),
            cut_first: lit(ScalarValue::Date32(Some(i32::MIN))),
            cut_last: date(data_date),
            rest: Vec::new(),
        }
    }

    pub(super) fn narrow(
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
                    let stays = call.by_end(stays, lit(ScalarValue::Boolean(None)))?;
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
                        None => dates::shift(last, 1, TimeUnit::Day),
                    };
                    let inside = end.clone().is_not_null().and(end.lt_eq(next));
                    self.rest.push(call.by_end(inside, lit(ScalarValue::Boolean(None)))?);
                }
            }
            Look::End => {
                let Some(end) = call.end() else { return Ok(()) };
                for bound in [&first, &last].into_iter().flatten() {
                    self.known(bound.clone())?;
                }
                let unknown = perhaps(&call.start(), first.as_ref(), last.as_ref())?;
                let after = first.map(|first| end.clone().gt_eq(first));
                let before = last.map(|last| end.clone().lt_eq(last));
                let sides = after.into_iter().chain(before);
                let known = sides.fold(end.is_not_null(), Expr::and);
                self.rest.push(call.by_end(known, unknown)?);
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

    /// What is asked of a day after the data date finds nothing and leaves unknown what is made of
    /// the rows.
    pub(super) fn known_by(&mut self, day: &Expr, data_date: NaiveDate) -> Result<()> {
        let none = lit(ScalarValue::Date32(None));
        match fixed(day) {
            Some(day) if day > data_date => self.high = none,
            Some(_) => {}
            None => {
                let is_to_come = day.clone().gt(date(data_date));
                self.high = when(is_to_come, none).otherwise(self.high.clone())?;
            }
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

/// The later of two dates; missing when one is.
pub(super) fn later(one: Expr, two: Expr) -> Result<Expr> {
    chosen(one, two, i32::max, Expr::gt_eq)
}

/// The earlier of two dates; missing when one is.
pub(super) fn earlier(one: Expr, two: Expr) -> Result<Expr> {
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

/// What is said of an end that is unknown, in a window of these days: it may be any day from the
/// start on.
fn perhaps(start: &Expr, first: Option<&Expr>, last: Option<&Expr>) -> Result<Expr> {
    let unknown = lit(ScalarValue::Boolean(None));
    let never = last.map(|last| {
        let early = start.clone().gt(last.clone());
        first.map_or(early.clone(), |first| early.or(first.clone().gt(last.clone())))
    });
    match (first, never) {
        (_, Some(never)) => when(never, lit(false)).otherwise(unknown),
        (Some(first), None) => {
            when(start.clone().gt_eq(first.clone()), lit(true)).otherwise(unknown)
        }
        (None, None) => Ok(lit(true)),
    }
}

pub(super) fn literal(expr: &Expr) -> Option<i32> {
    match expr {
        Expr::Literal(ScalarValue::Date32(day), _) => *day,
        _ => None,
    }
}
