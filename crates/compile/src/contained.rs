//! Whether all for whom one condition is true are among those for whom another is.
//!
//! It is read from the conditions, so it is known only where it shows: further conditions beside
//! the same ones, a narrower bound or code, fewer rows, a window of time within another. Where it
//! does not show the answer is no.

use chrono::NaiveDate;

use crate::calendar::Period;
use crate::term::{Aggregate, Comparison, Selection, Term, Window};

/// The periods in which the two are asked.
#[derive(Clone, Copy, Debug)]
pub struct Sides {
    /// That of the condition that asks for more.
    pub inner: Period,
    /// That of the condition that asks for less.
    pub outer: Period,
    /// The data date.
    pub data_date: NaiveDate,
}

/// Whether `outer` is true of everyone of whom `inner` is.
#[must_use]
pub fn is_contained(inner: &Term, outer: &Term, sides: Sides) -> bool {
    match (inner, outer) {
        // Beside rows that say unknown, what is known is known of the rest, too.
        (Term::Not(known), _) if let Some(rest) = beyond_unknown(known) => {
            same(inner, outer, sides)
                || is_contained(&Term::IsUnknown(Box::new(rest.clone())).negated(), outer, sides)
        }
        (Term::IsUnknown(_), Term::IsUnknown(_)) if let Some(rest) = beyond_unknown(outer) => {
            same(inner, outer, sides)
                || is_contained(inner, &Term::IsUnknown(Box::new(rest.clone())), sides)
        }
        (_, Term::Truth(Some(true))) | (Term::Truth(Some(false) | None), _) => true,
        (_, Term::And(all)) => all.iter().all(|outer| is_contained(inner, outer, sides)),
        (Term::Or(all), _) => all.iter().all(|inner| is_contained(inner, outer, sides)),
        (Term::IsTrue(inner), _) => is_contained(inner, outer, sides),
        (_, Term::IsTrue(outer)) => is_contained(inner, outer, sides),
        (Term::And(all), _) => all.iter().any(|inner| is_contained(inner, outer, sides)),
        (_, Term::Or(any)) => any.iter().any(|outer| is_contained(inner, outer, sides)),
        // Of whom it is true, it is known.
        (_, Term::Not(known)) if let Term::IsUnknown(outer) = known.as_ref() => {
            same(inner, &Term::IsUnknown(outer.clone()).negated(), sides)
                || is_contained(inner, outer, sides)
        }
        // What is unknown, or false, where a row of it says so is true only beside those rows.
        (Term::Choose { rows, otherwise }, _)
            if rows.iter().all(|(_, value)| matches!(value, Term::Truth(None | Some(false)))) =>
        {
            same(inner, outer, sides) || is_contained(otherwise, outer, sides)
        }
        (
            Term::Selected { aggregate: Aggregate::Any, selection: inner },
            Term::Selected { aggregate: Aggregate::Any, selection: outer },
        ) => is_selected(inner, outer, sides),
        (Term::In { value: inner, symbols: few }, Term::In { value: outer, symbols: many }) => {
            same(inner, outer, sides) && few.iter().all(|code| many.contains(code))
        }
        (
            Term::Compare { comparison: Comparison::Equal, left, right },
            Term::In { value, symbols },
        ) => {
            let code = |term: &Term| matches!(term, Term::Symbol(code) if symbols.contains(code));
            (same(left, value, sides) && code(right)) || (same(right, value, sides) && code(left))
        }
        (
            Term::Compare { comparison: one, left: a, right: b },
            Term::Compare { comparison: two, left: c, right: d },
        ) => same(inner, outer, sides) || is_narrower((*one, a, b), (*two, c, d), sides),
        _ => same(inner, outer, sides),
    }
}

/// Of "it is unknown" of a choice all of whose rows say unknown: what is chosen otherwise.
fn beyond_unknown(term: &Term) -> Option<&Term> {
    let Term::IsUnknown(of) = term else { return None };
    let Term::Choose { rows, otherwise } = of.as_ref() else { return None };
    let says_unknown = rows.iter().all(|(_, value)| matches!(value, Term::Truth(None)));
    says_unknown.then_some(otherwise)
}

/// Whether the rows of one selection are among those of another.
fn is_selected(inner: &Selection, outer: &Selection, sides: Sides) -> bool {
    let rows = |it: &Selection| (it.record.clone(), it.side.clone(), it.depth, it.known.clone());
    let latest = match (&inner.latest_at, &outer.latest_at) {
        (None, None) => true,
        (Some(inner), Some(outer)) => same(inner, outer, sides),
        _ => false,
    };
    let condition = match (&inner.condition, &outer.condition) {
        (_, None) => true,
        (Some(inner), Some(outer)) => is_contained(inner, outer, sides),
        (None, Some(_)) => false,
    };
    let windows = outer
        .windows
        .iter()
        .all(|outer| inner.windows.iter().any(|inner| is_within(inner, outer, sides)));
    rows(inner) == rows(outer) && latest && condition && windows
}

/// Whether what lies in one window lies in another.
fn is_within(inner: &Window, outer: &Window, sides: Sides) -> bool {
    let bound = |inner: &Option<Term>, outer: &Option<Term>, is_first: bool| match (inner, outer) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(inner), Some(outer)) => {
            let both = fixed(inner, sides.inner, sides).zip(fixed(outer, sides.outer, sides));
            same(inner, outer, sides)
                || both.is_some_and(|(one, two)| if is_first { one >= two } else { one <= two })
        }
    };
    inner.look == outer.look
        && bound(&inner.first, &outer.first, true)
        && bound(&inner.last, &outer.last, false)
}

type Compared<'a> = (Comparison, &'a Term, &'a Term);

/// Whether a comparison with a fixed number or date follows from another.
fn is_narrower(inner: Compared<'_>, outer: Compared<'_>, sides: Sides) -> bool {
    let ((one, inner, low), (two, outer, high)) = (inner, outer);
    let (Some(low), Some(high)) = (level(low, sides.inner, sides), level(high, sides.outer, sides))
    else {
        return false;
    };
    match (one, two) {
        (Comparison::Equal, Comparison::Greater) => low > high && same(inner, outer, sides),
        (Comparison::Equal, Comparison::GreaterOrEqual) => low >= high && same(inner, outer, sides),
        (Comparison::Equal, Comparison::Less) => low < high && same(inner, outer, sides),
        (Comparison::Equal, Comparison::LessOrEqual) => low <= high && same(inner, outer, sides),
        (Comparison::Greater, Comparison::Greater | Comparison::GreaterOrEqual)
        | (Comparison::GreaterOrEqual, Comparison::GreaterOrEqual) => {
            low >= high && is_at_most(inner, outer, sides)
        }
        (Comparison::GreaterOrEqual, Comparison::Greater) => {
            low > high && is_at_most(inner, outer, sides)
        }
        (Comparison::Less, Comparison::Less | Comparison::LessOrEqual)
        | (Comparison::LessOrEqual, Comparison::LessOrEqual) => {
            low <= high && same(inner, outer, sides)
        }
        (Comparison::LessOrEqual, Comparison::Less) => low < high && same(inner, outer, sides),
        _ => false,
    }
}

/// Whether one number is never above another: the same, or a count of some of the rows.
fn is_at_most(inner: &Term, outer: &Term, sides: Sides) -> bool {
    let (
        Term::Selected { aggregate: one, selection: few },
        Term::Selected { aggregate: two, selection: many },
    ) = (inner, outer)
    else {
        return same(inner, outer, sides);
    };
    same(inner, outer, sides)
        || (one == two && *one == Aggregate::Count && is_selected(few, many, sides))
}

/// A number or a date that is the same for everybody.
fn level(term: &Term, period: Period, sides: Sides) -> Option<f64> {
    match term {
        Term::Number(bits) => Some(f64::from_bits(*bits)),
        _ => {
            let day = fixed(term, period, sides)?;
            Some(f64::from(chrono::Datelike::num_days_from_ce(&day)))
        }
    }
}

fn fixed(term: &Term, period: Period, sides: Sides) -> Option<NaiveDate> {
    term.fixed_date(sides.data_date, Some(period))
}

/// Whether both come to the same for everybody.
fn same(inner: &Term, outer: &Term, sides: Sides) -> bool {
    if inner == outer && (sides.inner == sides.outer || !inner.mentions_period()) {
        return true;
    }
    let both = fixed(inner, sides.inner, sides).zip(fixed(outer, sides.outer, sides));
    if let Some((one, two)) = both {
        return one == two;
    }
    match (inner, outer) {
        (Term::Age { birth: a, at: b }, Term::Age { birth: c, at: d }) => {
            same(a, c, sides) && same(b, d, sides)
        }
        (
            Term::Compare { comparison: one, left: a, right: b },
            Term::Compare { comparison: two, left: c, right: d },
        ) => one == two && same(a, c, sides) && same(b, d, sides),
        (Term::Not(one), Term::Not(two))
        | (Term::IsMissing(one), Term::IsMissing(two))
        | (Term::IsUnknown(one), Term::IsUnknown(two))
        | (Term::IsTrue(one), Term::IsTrue(two)) => same(one, two, sides),
        (Term::And(one), Term::And(two)) | (Term::Or(one), Term::Or(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(a, b)| same(a, b, sides))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Sides, is_contained};
    use crate::calendar::{Period, date};
    use crate::term::{Aggregate, Comparison, Look, Physical, Selection, Term, Window};

    fn period(first: &str, last: &str) -> Period {
        Period { first: date(first).unwrap(), last: date(last).unwrap() }
    }

    fn sides(inner: Period, outer: Period) -> Sides {
        Sides { inner, outer, data_date: date("2025-12-31").unwrap() }
    }

    fn field(name: &str) -> Term {
        let (record, field) = ("profile".to_owned(), name.to_owned());
        Term::Property { record, field, physical: Physical::Symbol }
    }

    fn is(name: &str, code: &str) -> Term {
        field(name).compared(Comparison::Equal, Term::Symbol(code.to_owned()))
    }

    fn contacts(condition: Option<Term>) -> Term {
        let (first, last) = (Some(Term::PeriodStart), Some(Term::PeriodEnd));
        let window = Window { look: Look::Inside, first, last, cut: false };
        let all = Selection::all("contact", None, 0);
        Term::made(Aggregate::Any, Selection { windows: vec![window], condition, ..all })
    }

    #[test]
    fn who_is_asked_more_is_among_those_who_are_asked_less() {
        let (year, women) = (period("2025-01-01", "2025-12-31"), is("gender", "f"));
        let here = sides(year, year);
        let both = women.clone().and(is("place", "north"));
        assert!(is_contained(&both, &women, here));
        assert!(!is_contained(&women, &both, here));
        assert!(is_contained(&women, &women.clone().or(is("gender", "m")), here));
        let visits = contacts(Some(is("kind", "visit")));
        assert!(is_contained(&visits, &contacts(None), here));
        assert!(!is_contained(&contacts(None), &visits, here));
        let level = |of: f64| field("score").compared(Comparison::Greater, Term::number(of));
        assert!(is_contained(&level(3.0), &level(2.0), here));
        assert!(!is_contained(&level(2.0), &level(3.0), here));
        let codes = vec!["f".to_owned(), "m".to_owned()];
        let either = Term::In { value: Box::new(field("gender")), symbols: codes };
        assert!(is_contained(&women, &either, here));
        assert!(!is_contained(&either, &women, here));
    }

    #[test]
    fn of_whom_a_rule_says_unknown_are_more_than_of_whom_it_is_unknown_anyhow() {
        let year = period("2025-01-01", "2025-12-31");
        let (here, debts) = (sides(year, year), is("debts", "yes"));
        let unless_met = Term::Choose {
            rows: vec![(contacts(None).negated(), Term::Truth(None))],
            otherwise: Box::new(debts.clone()),
        };
        let unknown = |of: &Term| Term::IsUnknown(Box::new(of.clone()));
        let known = |of: &Term| unknown(of).negated();
        assert!(is_contained(&unknown(&debts), &unknown(&unless_met), here));
        assert!(!is_contained(&unknown(&unless_met), &unknown(&debts), here));
        assert!(is_contained(&known(&unless_met), &known(&debts), here));
        assert!(!is_contained(&known(&debts), &known(&unless_met), here));
    }

    #[test]
    fn what_grows_with_the_period_is_contained_and_what_is_asked_at_its_end_is_not() {
        let year = period("2025-01-01", "2025-12-31");
        let (quarter, spring) =
            (period("2025-01-01", "2025-03-31"), period("2025-04-01", "2025-06-30"));
        assert!(is_contained(&contacts(None), &contacts(None), sides(quarter, year)));
        assert!(!is_contained(&contacts(None), &contacts(None), sides(year, quarter)));
        let age = |at: Term| Term::Age { birth: Box::new(field("birth")), at: Box::new(at) };
        let young = |at: Term| age(at).compared(Comparison::Less, Term::number(26.0));
        let (start, end) = (young(Term::PeriodStart), young(Term::PeriodEnd));
        assert!(is_contained(&start, &start, sides(quarter, year)));
        assert!(!is_contained(&start, &start, sides(spring, year)));
        assert!(!is_contained(&end, &end, sides(quarter, year)));
    }
}
