//! `rate`: events per time at risk, over the people.
//!
//! ```text
//! indicator crises {
//!   among:   residents
//!   rate:    count of (contact during period where kind is crisis)
//!   at_risk: days of (stay within period)
//! }
//! ```
//!
//! The events of all over the days at risk of all, per 100 person-years of 365.25 days: a ratio of
//! totals, never a mean of rates. It is over the people of whom both numbers are known; the others
//! are unknown. Without a day at risk it is empty. `events` and `person_years` are its parts.
//!
//! The 95 % interval is Byar's approximation of the exact limits of a Poisson count: N. E. Breslow
//! and N. E. Day, "Statistical Methods in Cancer Research II" (1987), section 2.3.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::{Crowd, Figure, Indicator, Kind, Part, Told, counted};
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::problems;
use crate::shape::Clauses;
use crate::statistics::Z;
use crate::target_group::{self, Among, Step};
use crate::term::{Comparison, Term};
use crate::types::Type;

pub(super) const KIND: Kind = Kind {
    name: "rate",
    summary: "events per 100 person-years at risk",
    clauses: &["among", "at_risk"],
    check,
};

/// Days in a hundred years.
const CENTURY: f64 = 36_525.0;

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let among = clauses.wanted("among", &mut checker.problems);
    let events_at = clauses.wanted("rate", &mut checker.problems);
    let days_at = clauses.wanted("at_risk", &mut checker.problems);
    let among = target_group::among_subjects(checker, among?, KIND.name)?;
    let (events_at, days_at) = (events_at?, days_at?);
    let scope = Scope::of(&among.subject);
    let (events, days) = (checker.number(&scope, events_at), checker.number(&scope, days_at));
    let ((events, _), (days, unit)) = (events?, days?);
    let is_time = |unit: &Unit| *unit == Unit::plain("days") || *unit == Unit::plain("nights");
    if !unit.as_ref().is_some_and(is_time) {
        let found = Type::Number(unit).to_string();
        return checker.note(problems::wrong_type("days or nights", &found, days_at.span));
    }
    let of = [events_at.clone(), days_at.clone()];
    Some(Box::new(Rate { among, events, days, of }))
}

#[derive(Debug)]
struct Rate {
    among: Among,
    events: Term,
    days: Term,
    /// The events, and the days at risk.
    of: [Spanned<Expr>; 2],
}

impl Rate {
    fn known(&self) -> Term {
        self.events.is_there().and(self.days.is_there())
    }
}

impl Indicator for Rate {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let known = people.clone().and(self.known());
        let of_known = |term: &Term| term.clone().where_true(known.clone());
        let some = self.events.clone().compared(Comparison::Greater, Term::number(0.0));
        vec![
            Part::Sum(of_known(&self.events)),
            Part::Sum(of_known(&self.days)),
            Part::Count(known.clone()),
            Part::Count(people.clone().and(self.known().negated())),
            Part::Count(known.and(some)),
        ]
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let (events, days) = (counted(parts.first()), counted(parts.get(1)));
        let people = counted(parts.get(2));
        let per_day = |events: f64| (days > 0.0).then(|| events / days * CENTURY);
        let (low, high) = byar(events).unzip();
        let further = [("events", events), ("person_years", days / CENTURY * 100.0)];
        let further = further.map(|(name, value)| (name.to_owned(), value));
        Figure {
            value: per_day(events),
            denominator: Some(people),
            unknown: counted(parts.get(3)),
            interval: (low.and_then(per_day), high.and_then(per_day)),
            further: if people > 0.0 { further.to_vec() } else { Vec::new() },
            sizes: vec![
                Crowd { people, amount: days },
                Crowd { people: counted(parts.get(4)), amount: events },
            ],
            ..Figure::default()
        }
    }

    fn told(&self, people: &Term) -> Told {
        Told::over(people, &self.known())
    }

    fn unit(&self) -> Option<Unit> {
        let per = format!("100 {}-years", self.among.subject);
        Some(Unit { name: String::new(), per: Some(per) })
    }

    fn steps(&self) -> Vec<Step> {
        let [events, _] = &self.of;
        vec![Step::known(events.span, self.known(), &self.of)]
    }
}

/// The limits of a count: D·(1 − 1/9D − z/3√D)³ below, and the same with D + 1 and + z above.
fn byar(events: f64) -> Option<(f64, f64)> {
    let limit =
        |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3);
    let low = if events > 0.0 { limit(events, -Z).max(0.0) } else { 0.0 };
    (events >= 0.0).then(|| (low, limit(events + 1.0, Z)))
}

#[cfg(test)]
mod tests {
    use super::byar;

    #[test]
    fn the_limits_of_ten_events_are_those_of_the_tables() {
        // Exact (Garwood 1936): 4.80 and 18.39.
        let (low, high) = byar(10.0).unwrap();
        assert!((low - 4.80).abs() < 0.02 && (high - 18.39).abs() < 0.02, "{low} {high}");
        let (low, high) = byar(0.0).unwrap();
        assert!(low.abs() < 1e-12 && (high - 3.69).abs() < 0.1, "{low} {high}");
    }
}
