//! Windows that end before they start, as far as that is known when a rule is checked.

use chrono::NaiveDate;

use crate::term::Term;
use crate::types::TimeUnit;

/// Whether `last` lies before `first` for everybody, whatever the period.
///
/// Two dates that are reckoned from the same day are compared by the fewest and the most days that
/// their steps can take; the end of a period is reckoned not to lie before its start.
pub(crate) fn is_turned(first: &Term, last: &Term) -> bool {
    if let (Some(first), Some(last)) = (fixed(first), fixed(last)) {
        return last < first;
    }
    let (one, other) = (Reckoned::of(first), Reckoned::of(last));
    if one.base == other.base {
        return other.beyond(&one);
    }
    let is_whole = matches!((one.base, other.base), (Term::PeriodEnd, Term::PeriodStart));
    is_whole && one.is_still() && other.is_still()
}

/// A day that no data date and no period changes.
pub(crate) fn fixed(date: &Term) -> Option<NaiveDate> {
    let no_period = None;
    // What leans on the data date differs between two of them.
    let days = [NaiveDate::from_ymd_opt(2000, 1, 1)?, NaiveDate::from_ymd_opt(2023, 7, 19)?];
    let [one, other] = days.map(|day| date.fixed_date(day, no_period));
    let is_asked = date.mentions_data_date();
    one.filter(|one| !is_asked && other == Some(*one))
}

/// A date as steps from another: months first, and days.
struct Reckoned<'a> {
    base: &'a Term,
    months: i64,
    days: i64,
}

impl<'a> Reckoned<'a> {
    fn of(mut date: &'a Term) -> Self {
        let (mut months, mut days) = (0_i64, 0_i64);
        while let Term::Shift { date: before, count, unit } = date {
            let count = *count;
            match unit {
                TimeUnit::Day => days = days.saturating_add(count),
                TimeUnit::Week => days = days.saturating_add(count.saturating_mul(7)),
                TimeUnit::Month => months = months.saturating_add(count),
                TimeUnit::Quarter => months = months.saturating_add(count.saturating_mul(3)),
                TimeUnit::Year => months = months.saturating_add(count.saturating_mul(12)),
            }
            date = before;
        }
        Self { base: date, months, days }
    }

    fn is_still(&self) -> bool {
        self.months == 0 && self.days == 0
    }

    /// Whether this lies before another date of the same base, whatever that is.
    fn beyond(&self, other: &Self) -> bool {
        let months = self.months.saturating_sub(other.months);
        let days = self.days.saturating_sub(other.days);
        let only_days = self.months == 0 && other.months == 0;
        let most = if only_days { 0 } else { most_days(months) };
        most.saturating_add(days) < 0
    }
}

/// The most days that so many months can be, wherever they begin.
fn most_days(months: i64) -> i64 {
    // Steps to the last day of a month that is shorter are shorter by up to three days.
    const CLIPPED: i64 = 3;
    if months < 0 {
        // One month has 28 days at least, two have 59, and so on.
        let least = months.saturating_neg().saturating_mul(30).saturating_sub(2);
        CLIPPED.saturating_sub(least)
    } else {
        months.saturating_mul(31).saturating_add(CLIPPED)
    }
}

#[cfg(test)]
mod tests {
    use super::is_turned;
    use crate::term::Term;
    use crate::types::TimeUnit::{self, Day, Month, Week};

    fn turned(first: &[(i64, TimeUnit)], last: &[(i64, TimeUnit)]) -> bool {
        let reckoned = |steps: &[(i64, TimeUnit)]| {
            steps.iter().fold(Term::PeriodStart, |date, (count, unit)| date.shifted(*count, *unit))
        };
        is_turned(&reckoned(first), &reckoned(last))
    }

    #[test]
    fn what_is_turned_for_everybody_is_turned() {
        assert!(turned(&[(-1, Month)], &[(-5, Month)]));
        assert!(turned(&[(5, Month)], &[(1, Month)]));
        assert!(turned(&[(0, Day)], &[(-1, Day)]));
        assert!(turned(&[(5, Week)], &[(1, Month)]));
        assert!(turned(&[(2, Month)], &[(30, Day)]));
    }

    #[test]
    fn what_may_be_in_order_is_not() {
        assert!(!turned(&[(-5, Month)], &[(-1, Month)]));
        assert!(!turned(&[(1, Month)], &[(1, Month)]));
        // From the first of February a month has 28 days, from the first of March 31.
        assert!(!turned(&[(1, Month)], &[(29, Day)]));
        assert!(!turned(&[(31, Day)], &[(1, Month)]));
        assert!(!turned(&[(1, Month), (1, Day)], &[(1, Day), (1, Month)]));
    }

    #[test]
    fn a_period_has_a_first_day_before_its_last() {
        assert!(is_turned(&Term::PeriodEnd, &Term::PeriodStart));
        assert!(!is_turned(&Term::PeriodStart, &Term::PeriodEnd));
        assert!(!is_turned(&Term::PeriodEnd, &Term::PeriodStart.shifted(1, Day)));
    }
}
