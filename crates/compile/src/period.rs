//! Periods by name: `last 4 quarters`, `year to date`, `previous period`, `quarter 1 of period`,
//! `school_year 2024`.

use std::sync::Arc;

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::calendar::kind::{Declared, PeriodKind, Which};
use crate::calendar::shift;
use crate::check::{Checker, Scope};
use crate::expression::{Checked, written};
use crate::problems;
use crate::term::Term;
use crate::turned::fixed;
use crate::types::TimeUnit;

impl Checker<'_> {
    /// `period`, `previous period`, `previous quarter`
    pub(crate) fn period_name(&mut self, name: &str, span: Span) -> Option<Checked> {
        let Some(word) = name.strip_prefix(PREVIOUS) else {
            return Some(Checked::Period(Term::PeriodStart, Term::PeriodEnd));
        };
        if word == "period" {
            return Some(Checked::Period(Term::PreviousStart, Term::PreviousEnd));
        }
        let unit = match self.catalog.kind_of_period(word) {
            Some(PeriodKind::Unit(unit)) => unit,
            Some(PeriodKind::Declared(kind)) => {
                return Some(edges(&kind, Which::Over(1), &Term::PeriodStart));
            }
            None => {
                let kinds = self.catalog.kinds_of_period().chain(["period"]);
                let problem = problems::unknown_period(word, span, kinds);
                return self.note(problem);
            }
        };
        let this = Term::PeriodStart.start_of(unit);
        let last = this.clone().shifted(-1, TimeUnit::Day);
        Some(Checked::Period(this.shifted(-1, unit), last))
    }

    /// `last 4 quarters`: whole units up to the data date
    pub(crate) fn last_periods(
        &mut self,
        count: &Spanned<String>,
        unit: &tree::Word,
    ) -> Option<Checked> {
        let kind = self.kind_of_period(unit);
        let count = self.whole_number(&count.item, count.span);
        let (kind, count) = (kind?, count?);
        let next = Term::DataDate.shifted(1, TimeUnit::Day);
        let unit = match kind {
            PeriodKind::Unit(unit) => unit,
            PeriodKind::Declared(kind) => {
                // Where there are fewer, neither end is there.
                let first = next.edge(&kind, Which::Over(count), false);
                let last = first.clone().edge(&kind, Which::Begun(count), true);
                return Some(Checked::Period(first, last));
            }
        };
        let next = next.start_of(unit);
        let last = next.clone().shifted(-1, TimeUnit::Day);
        Some(Checked::Period(next.shifted(-count, unit), last))
    }

    /// `quarter 1 of period`: the first quarter that begins in it.
    pub(crate) fn unit_in_period(
        &mut self,
        scope: &Scope,
        (unit, number): (&tree::Word, &Spanned<String>),
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        let word = unit;
        let kind = self.kind_of_period(unit);
        let number = self.whole_number(&number.item, number.span);
        let (first, last) = self.period(scope, operand)?;
        let word_span = word.span;
        let (kind, number) = (kind?, number?);
        let unit = match kind {
            PeriodKind::Unit(unit) => unit,
            PeriodKind::Declared(kind) => {
                let start = Box::new(first.edge(&kind, Which::Begun(number), false));
                let start = Term::UpTo { date: start, last: Box::new(last) };
                let end = start.clone().edge(&kind, Which::Around, true);
                return Some(Checked::Period(start, end));
            }
        };
        let before = first.shifted(-1, TimeUnit::Day).start_of(unit);
        if let Some(most) = most_begun(&before, &last, unit).filter(|most| *most < number) {
            let of = written(operand);
            let span = word_span.to(operand.span);
            return self.note(problems::no_such_part((unit.word(), number), &of, most, span));
        }
        let start = Box::new(before.shifted(number, unit));
        let start = Term::UpTo { date: start, last: Box::new(last) };
        let end = start.clone().shifted(1, unit).shifted(-1, TimeUnit::Day);
        Some(Checked::Period(start, end))
    }

    /// `quarter`, `school_years`
    pub(crate) fn kind_of_period(&mut self, word: &tree::Word) -> Option<PeriodKind> {
        let found = self.catalog.kind_of_period(&word.item);
        if found.is_none() {
            let many = TimeUnit::ALL.iter().map(|(_, many, _)| *many);
            let known = many.chain(self.catalog.kinds.keys().map(String::as_str));
            return self.note(problems::unknown_unit(&word.item, word.span, known));
        }
        found
    }

    /// `school_year 2024`, `campaign winter`
    pub(crate) fn period_of(&mut self, kind: &tree::Word, which: &tree::Word) -> Option<Checked> {
        let catalog = self.catalog;
        let Some(found) = catalog.kinds.get(&kind.item) else {
            let known = catalog.kinds.keys().map(String::as_str);
            let problem = problems::unknown_kind_of_period(&kind.item, kind.span, known);
            return self.note(problem);
        };
        let Some(period) = found.kind.called(&which.item) else {
            let known = found.kind.names();
            let problem = problems::unknown_period_of(&kind.item, &which.item, which.span, known);
            return self.note(problem);
        };
        Some(Checked::Period(Term::Date(period.first), Term::Date(period.last)))
    }

    /// `year to date`, `school_year to date`: from the first day of that in which the data date
    /// lies to the data date
    pub(crate) fn unit_to_date(&mut self, unit: &tree::Word) -> Option<Checked> {
        Some(match self.kind_of_period(unit)? {
            PeriodKind::Unit(unit) => {
                Checked::Period(Term::DataDate.start_of(unit), Term::DataDate)
            }
            PeriodKind::Declared(kind) => {
                let edge = |is_last| Term::DataDate.edge(&kind, Which::Around, is_last);
                // Where it lies in none, neither end is there.
                let date = Box::new(Term::DataDate);
                Checked::Period(edge(false), Term::UpTo { date, last: Box::new(edge(true)) })
            }
        })
    }

    /// A number from 1 on, which the lexer took for a number.
    fn whole_number(&mut self, digits: &str, span: Span) -> Option<i64> {
        match digits.parse::<u32>() {
            Ok(count @ 1..=9_999) => Some(i64::from(count)),
            _ => {
                let wanted = "a whole number from 1 to 9999";
                self.note(problems::wrong_type(wanted, &format!("`{digits}`"), span))
            }
        }
    }
}

/// How many units begin in a period after the day `before`, where its days are known.
fn most_begun(before: &Term, last: &Term, unit: TimeUnit) -> Option<i64> {
    const MOST: i64 = 9_999;
    let (before, last) = (fixed(before)?, fixed(last)?);
    (1..=MOST)
        .take_while(|count| shift(before, *count, unit).is_some_and(|day| day <= last))
        .last()
        .or(Some(0))
}

/// What begins the name of a period before another.
const PREVIOUS: &str = "previous ";

/// Whether a name is that of a period.
pub(crate) fn is_named(name: &str) -> bool {
    name == "period" || name.starts_with(PREVIOUS)
}

/// `quarter 1`, before `of period`
pub(crate) fn numbered(word: &tree::Word) -> Option<(tree::Word, Spanned<String>)> {
    let (unit, number) = word.item.split_once(' ')?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let at = |text: &str| Spanned::new(text.to_owned(), word.span);
    is_number.then(|| (at(unit), at(number)))
}

/// A period of a declared kind, as a date sees it.
fn edges(kind: &Arc<Declared>, which: Which, from: &Term) -> Checked {
    let edge = |is_last| from.clone().edge(kind, which, is_last);
    Checked::Period(edge(false), edge(true))
}
