//! `compare previous`, `compare same period last year`, `compare 2024`: the period beside a cell's;
//! `compare target`, `compare baseline`: what is declared for it.

use chrono::NaiveDate;
use interplay_syntax::tree::{self, Expr};

use crate::calendar::kind::PeriodKind;
use crate::calendar::{self, Period};
use crate::check::{Checker, Scope};
use crate::indicator::Measure;
use crate::indicator::aim::Aimed;
use crate::problems;

/// What each cell is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// `compare previous`: the period right before, as long
    Previous,
    /// `compare previous year`: the whole unit before the one in which the cell begins
    PreviousOf(PeriodKind),
    /// `compare same period last year`: the same days a unit earlier
    SamePeriodLast(PeriodKind),
    /// `compare 2024`
    Fixed(Period),
    /// `compare target`, `compare baseline`
    Declared(Declared),
}

/// What an indicator declares beside its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// `target`
    Target,
    /// `baseline`
    Baseline,
}

impl Declared {
    fn named(word: &str) -> Option<Self> {
        match word {
            "target" => Some(Self::Target),
            "baseline" => Some(Self::Baseline),
            _ => None,
        }
    }

    fn is_in(self, measure: &Measure) -> bool {
        measure.aim.as_ref().is_some_and(|aim| match self {
            Self::Target => aim.has_target(),
            Self::Baseline => aim.has_baseline(),
        })
    }

    /// The declared value and its period.
    #[must_use]
    pub fn of(self, aimed: Aimed) -> Option<(Period, f64)> {
        match self {
            Self::Target => aimed.target,
            Self::Baseline => aimed.baseline,
        }
    }
}

impl Against {
    /// The period that `cell` is held against; none where it is not a period's figure.
    #[must_use]
    pub fn period(&self, cell: Period) -> Option<Period> {
        let found = match self {
            Self::Declared(_) => return None,
            Self::Previous => calendar::previous(cell),
            Self::PreviousOf(kind) => kind.before(cell.first),
            Self::SamePeriodLast(kind) => earlier(cell, kind),
            Self::Fixed(period) => Some(*period),
        };
        // Before the calendar begins there is one day.
        Some(found.unwrap_or(Period { first: NaiveDate::MIN, last: NaiveDate::MIN }))
    }
}

/// The period ends the day before the day that lies a unit before the one after its end, so that
/// a month stays a month.
fn earlier(cell: Period, kind: &PeriodKind) -> Option<Period> {
    let first = kind.earlier(cell.first)?;
    let next = kind.earlier(cell.last.succ_opt()?)?;
    Some(Period { first, last: next.pred_opt()?.max(first) })
}

/// What stands after `compare`.
pub(super) fn check(
    checker: &mut Checker<'_>,
    measures: &[Measure],
    compare: &tree::Compare,
) -> Option<Against> {
    match compare {
        tree::Compare::Previous(None) => Some(Against::Previous),
        tree::Compare::Previous(Some(word)) if word.item == "period" => Some(Against::Previous),
        tree::Compare::Previous(Some(word)) => {
            Some(Against::PreviousOf(checker.kind_of_period(word)?))
        }
        tree::Compare::SamePeriodLast(word) => {
            let kind = checker.kind_of_period(word)?;
            let has_same_days = kind.earlier(NaiveDate::default()).is_some();
            if !has_same_days {
                return checker.note(problems::no_same_days(kind.word(), word.span));
            }
            Some(Against::SamePeriodLast(kind))
        }
        tree::Compare::Span(expr) => {
            if let Expr::Name(name) = &expr.item
                && let Some(declared) = Declared::named(name)
            {
                let has = |measure: &Measure| declared.is_in(measure);
                if !measures.iter().any(has) {
                    return checker.note(problems::nothing_to_compare(name, expr.span));
                }
                return Some(Against::Declared(declared));
            }
            if let Expr::Name(name) = &expr.item
                && !checker.is_name(&Scope::of(""), name)
            {
                return checker.note(problems::unknown_comparison(name, expr.span));
            }
            let subject = measures.first().map(|it| it.indicator.among().subject.clone());
            let scope = Scope::of(&subject.unwrap_or_default());
            let (first, last) = checker.period(&scope, expr)?;
            let data_date = checker.data_date.unwrap_or(NaiveDate::MAX);
            let days = first.fixed_date(data_date, None).zip(last.fixed_date(data_date, None));
            let looks = first.mentions_data_date() || last.mentions_data_date();
            match days {
                Some((first, last)) if first <= last => {
                    Some(Against::Fixed(Period { first, last }))
                }
                _ if looks && checker.data_date.is_none() => Some(Against::Previous),
                _ => {
                    let wanted = "a fixed period, `previous` or `same period last year`";
                    checker.note(problems::wrong_expr(wanted, expr))
                }
            }
        }
    }
}
