//! Periods by name: `last 4 quarters`, `year to date`, `previous period`, `quarter 1 of period`.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::check::{Checker, Scope};
use crate::expression::Checked;
use crate::problems;
use crate::term::Term;
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
        let Some(unit) = TimeUnit::from_word(word) else {
            let units = TimeUnit::ALL.iter().map(|(one, _, _)| *one);
            let problem = problems::unknown_period(word, span, units.chain(["period"]));
            return self.note(problem);
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
        let unit = self.unit_of_time(unit);
        let count = self.whole_number(&count.item, count.span);
        let (unit, count) = (unit?, count?);
        let next = Term::DataDate.shifted(1, TimeUnit::Day).start_of(unit);
        let last = next.clone().shifted(-1, TimeUnit::Day);
        Some(Checked::Period(next.shifted(-count, unit), last))
    }

    /// `quarter 1 of period`: the first quarter that begins in it.
    pub(crate) fn unit_in_period(
        &mut self,
        scope: &Scope,
        (unit, number): (TimeUnit, &Spanned<String>),
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        let number = self.whole_number(&number.item, number.span);
        let (first, last) = self.period(scope, operand)?;
        let number = number?;
        let before = first.shifted(-1, TimeUnit::Day).start_of(unit);
        let start = Box::new(before.shifted(number, unit));
        let start = Term::UpTo { date: start, last: Box::new(last) };
        let end = start.clone().shifted(1, unit).shifted(-1, TimeUnit::Day);
        Some(Checked::Period(start, end))
    }

    pub(crate) fn unit_of_time(&mut self, word: &tree::Word) -> Option<TimeUnit> {
        let found = TimeUnit::from_word(&word.item);
        if found.is_none() {
            let units = TimeUnit::ALL.iter().map(|(_, many, _)| *many);
            return self.note(problems::unknown_unit(&word.item, word.span, units));
        }
        found
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

/// What begins the name of a period before another.
const PREVIOUS: &str = "previous ";

/// Whether a name is that of a period.
pub(crate) fn is_named(name: &str) -> bool {
    name == "period" || name.starts_with(PREVIOUS)
}

/// `quarter 1`, before `of period`
pub(crate) fn numbered(word: &tree::Word) -> Option<(TimeUnit, Spanned<String>)> {
    let (unit, number) = word.item.split_once(' ')?;
    Some((TimeUnit::from_word(unit)?, Spanned::new(number.to_owned(), word.span)))
}

/// `year to date`: from the first day of the data date's year to the data date
pub(crate) fn year_to_date() -> Checked {
    Checked::Period(Term::DataDate.start_of(TimeUnit::Year), Term::DataDate)
}
