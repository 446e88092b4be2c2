//! Kinds of period (semantics.md, "Periods"): those of the calendar, and those that a program
//! declares, as plain lists.

use chrono::NaiveDate;
use interplay_syntax::tree::{Declaration, Expr, Header, ItemKind, Value};

use super::codebook::{Codebook, block};
use super::time::{Period, Unit};

/// The first and the last year of which yearly periods are listed.
const YEARS: (i32, i32) = (1995, 2035);

/// A kind of period.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// `quarter`
    Unit(Unit),
    /// Each with its name, in the order of time.
    Listed(Vec<(String, Period)>),
}

/// The periods that `declaration` lists.
pub(super) fn listed(declaration: &Declaration) -> Vec<(String, Period)> {
    let starts = declaration.headers.iter().find_map(|header| match &header.item {
        Header::Starts(day) => Some(day.item.clone()),
        _ => None,
    });
    if let Some(starts) = starts {
        let day = |year: i32| -> NaiveDate {
            format!("{year}-{starts}").parse().expect("a day that every year has")
        };
        let one = |year: i32| {
            let last = day(year + 1).pred_opt().expect("a day before");
            (year.to_string(), Period { first: day(year), last })
        };
        return (YEARS.0..YEARS.1).map(one).collect();
    }
    let items = block(declaration).map_or(&[][..], |block| &block.items);
    let mut found: Vec<(String, Period)> = items
        .iter()
        .map(|item| match &item.kind {
            ItemKind::Clause { label, value } => (label.item.clone(), days(&value.item)),
            other => panic!("the oracle does not know {other:?} among periods"),
        })
        .collect();
    found.sort_by_key(|(_, period)| *period);
    found
}

fn days(value: &Value) -> Period {
    let Value::Expression { expr, .. } = value else { panic!("a period is written out") };
    match &expr.item {
        Expr::Range { from, to } => {
            Period { first: one(&from.item).first, last: one(&to.item).last }
        }
        other => one(other),
    }
}

fn one(expr: &Expr) -> Period {
    match expr {
        Expr::Date(text) => Period::day(text.parse().expect("a day")),
        Expr::Period(text) => Period::written(text).expect("a period"),
        other => panic!("{other:?} is no period that is written out"),
    }
}

impl Kind {
    /// The kind of that name, in the singular or in the plural.
    pub(super) fn named(book: &Codebook<'_>, word: &str) -> Option<Self> {
        let unit = Unit::named(word).or_else(|| Unit::named(word.trim_end_matches('s')));
        if let Some(unit) = unit {
            return Some(Self::Unit(unit));
        }
        let found = book.kinds.get(word).or_else(|| book.kinds.get(word.trim_end_matches('s')));
        Some(Self::Listed(found?.clone()))
    }

    /// The one in which `day` lies.
    pub(super) fn around(&self, day: NaiveDate) -> Option<Period> {
        match self {
            Self::Unit(unit) => Some(unit.around(day)),
            Self::Listed(all) => {
                all.iter().map(|(_, period)| *period).find(|period| period.contains(day))
            }
        }
    }

    /// The last that is over before `day`, and before the one in which it lies.
    pub(super) fn before(&self, day: NaiveDate) -> Option<Period> {
        match self {
            Self::Unit(unit) => Some(unit.around(unit.around(day).first.pred_opt()?)),
            Self::Listed(all) => {
                all.iter().map(|(_, period)| *period).rfind(|period| period.last < day)
            }
        }
    }

    /// The `count` whole ones that are over on `today`, from the first day to the last.
    pub(super) fn last_whole(&self, count: f64, today: NaiveDate) -> Option<Period> {
        match self {
            Self::Unit(unit) => Some(unit.last_whole(count, today)),
            Self::Listed(all) => {
                let mut over: Vec<Period> =
                    all.iter().map(|(_, period)| *period).filter(|it| it.last <= today).collect();
                let last = over.last()?.last;
                let mut counted = 1.0;
                while counted < count {
                    over.pop();
                    counted += 1.0;
                }
                Some(Period { first: over.last()?.first, last })
            }
        }
    }

    /// The one with this number among those that begin in `period`.
    pub(super) fn nth_in(&self, number: f64, period: Period) -> Option<Period> {
        match self {
            Self::Unit(unit) => unit.nth_in(number, period),
            Self::Listed(all) => {
                let mut begins =
                    all.iter().map(|(_, it)| *it).filter(|it| period.contains(it.first));
                let mut counted = 1.0;
                while counted < number {
                    begins.next()?;
                    counted += 1.0;
                }
                begins.next()
            }
        }
    }

    /// `period` cut by its periods, each part with its name; days that lie in none are left out.
    pub(super) fn cut(&self, period: Period) -> Vec<(String, Period)> {
        match self {
            Self::Unit(unit) => period.cut(*unit),
            Self::Listed(all) => {
                let parts = all.iter().filter_map(|(name, own)| {
                    let part = Period {
                        first: own.first.max(period.first),
                        last: own.last.min(period.last),
                    };
                    (part.first <= part.last).then(|| (name.clone(), part))
                });
                parts.collect()
            }
        }
    }

    /// The one of that name.
    pub(super) fn called(&self, which: &str) -> Option<Period> {
        match self {
            Self::Unit(_) => None,
            Self::Listed(all) => {
                all.iter().find(|(name, _)| name == which).map(|(_, period)| *period)
            }
        }
    }
}

/// The headings of one period of a query, one a kind; none is the total.
pub(super) type Headings = Vec<Option<String>>;

/// The periods of a query under their headings: `whole` cut by each of `kinds`, of which the later
/// are shorter. A shorter one stands under the longer one in which it begins, or under `none`.
pub(super) fn cells(kinds: &[Kind], whole: Period) -> Vec<(Headings, Period)> {
    let mut cells = Vec::new();
    for (depth, kind) in kinds.iter().enumerate() {
        for (name, part) in kind.cut(whole) {
            let above = kinds.iter().take(depth).map(|longer| {
                let parts = longer.cut(whole);
                let found = parts.into_iter().find(|(_, it)| it.contains(part.first));
                Some(found.map_or_else(|| "none".to_owned(), |(name, _)| name))
            });
            let below = kinds.iter().skip(depth + 1).map(|_| None);
            cells.push((above.chain([Some(name)]).chain(below).collect(), part));
        }
    }
    cells.push((kinds.iter().map(|_| None).collect(), whole));
    cells
}
