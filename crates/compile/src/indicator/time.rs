//! `time`: how many days pass from one moment to another, for half of the people.
//!
//! ```text
//! indicator wait { among: homeless_youth  time: from intake.day to housed.arrived }
//! ```
//!
//! The value is the Kaplan–Meier median with log-log limits (formulas and sources in
//! `kernel/survival.rs`): who still waits counts as long as is known, up to the data date. The
//! numerator is how many have arrived, the denominator how many have begun. Who has no beginning
//! by the data date, or an end before it, is unknown. The median is empty when more than half
//! still wait where the curve ends, and over nobody; a limit that is not reached is empty.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::{Figure, Indicator, Kind, OfOne, Part, Told, counted};
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::kernel::gathered::Made;
use crate::kernel::survival::Limit;
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::{Comparison, Operator, Physical, Term};

pub(super) const KIND: Kind = Kind {
    name: "time",
    summary: "how many days pass from one moment to another, for half of the people",
    clauses: &["among"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let among = clauses.wanted("among", &mut checker.problems);
    let (from, to) = clauses.two_ends("time", &mut checker.problems)?;
    let among = target_group::among_subjects(checker, among?, KIND.name)?;
    let scope = Scope::of(&among.subject);
    let (start, end) = (checker.date(&scope, from), checker.date(&scope, to));
    Some(Box::new(Time { among, start: start?, end: end?, of: [from.clone(), to.clone()] }))
}

#[derive(Debug)]
struct Time {
    among: Among,
    start: Term,
    end: Term,
    /// From what, to what.
    of: [Spanned<Expr>; 2],
}

impl Time {
    /// Whether it has begun, and not ended before that.
    fn known(&self) -> Term {
        let (start, end) = (self.start.clone(), self.end.clone());
        let in_order = end.compared(Comparison::GreaterOrEqual, start.clone());
        let begun = start.compared(Comparison::LessOrEqual, Term::DataDate);
        let begun = self.start.is_there().and(begun);
        begun.and(Term::IsMissing(Box::new(self.end.clone())).or(in_order))
    }

    /// Whether it has ended by the data date.
    fn ended(&self) -> Term {
        self.end.is_there().and(self.end.clone().compared(Comparison::LessOrEqual, Term::DataDate))
    }

    /// The days up to `end`, doubled and with `more`, as `survival::coded` writes them.
    fn coded(&self, end: Term, more: f64) -> Term {
        let join = |operator, left: Term, right: f64| Term::Arithmetic {
            operator,
            left: Box::new(left),
            right: Box::new(Term::number(right)),
        };
        let from = Box::new(self.start.clone());
        let days = Term::DaysBetween { from, to: Box::new(end) };
        join(Operator::Add, join(Operator::Multiply, days, 2.0), more)
    }
}

impl Indicator for Time {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let known = people.clone().and(self.known());
        let ended = known.clone().and(self.ended());
        let coded = Term::Choose {
            rows: vec![
                (ended.clone(), self.coded(self.end.clone(), 0.0)),
                (known.clone(), self.coded(Term::DataDate, 1.0)),
            ],
            otherwise: Box::new(Term::Missing(Physical::Number)),
        };
        let made = |limit| Part::Gathered(coded.clone(), Made::Survival(limit));
        vec![
            made(Limit::Median),
            made(Limit::Low),
            made(Limit::High),
            Part::Count(ended),
            Part::Count(known),
            Part::Count(people.clone().and(self.known().negated())),
        ]
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let part = |at: usize| parts.get(at).copied().flatten();
        Figure {
            value: part(0),
            interval: (part(1), part(2)),
            numerator: Some(counted(parts.get(3))),
            denominator: Some(counted(parts.get(4))),
            unknown: counted(parts.get(5)),
            ..Figure::default()
        }
    }

    fn told(&self, people: &Term) -> Told {
        Told::over(people, &self.known())
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::plain("days"))
    }

    fn of_one(&self) -> Vec<OfOne> {
        let known = self.known();
        let days = |end: Term| {
            let from = Box::new(self.start.clone());
            Term::DaysBetween { from, to: Box::new(end) }
        };
        let ended = known.clone().and(self.ended());
        let lasts = known.and(Term::IsTrue(Box::new(self.ended())).negated());
        let unit = self.unit();
        vec![
            OfOne {
                name: "from the one to the other",
                term: days(self.end.clone()).where_true(ended),
                unit: unit.clone(),
            },
            OfOne { name: "not ended, so far", term: days(Term::DataDate).where_true(lasts), unit },
        ]
    }

    fn steps(&self) -> Vec<Step> {
        let [from, to] = &self.of;
        vec![Step::known(from.span.to(to.span), self.known(), &self.of)]
    }
}
