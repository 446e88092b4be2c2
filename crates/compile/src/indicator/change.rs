//! `change`: how a number of each of the people differs between two moments.
//!
//! ```text
//! indicator debts {
//!   among:  clients
//!   change: from (first statement).debt to (last statement).debt
//!   better: lower
//! }
//! ```
//!
//! The value is the mean of the later number less the earlier one, over those who have both; who
//! lacks one is unknown, and over nobody it is empty. With `better:` the numerator is how many
//! improved, and `improved` their share; an equal number is no improvement.
//!
//! The 95 % interval is that of the mean of the changes (Student's t; see `mean`).
//!
//! `effect_size` is Hedges' g for pairs: the mean change over the standard deviation of both
//! moments, √((s₁² + s₂²) / 2) (G. Cumming, "Understanding the New Statistics", 2012), times the
//! correction for small numbers 1 − 3 / (4m − 1) with m = n − 1 (L. V. Hedges, "Distribution
//! Theory for Glass's Estimator of Effect Size and Related Estimators", Journal of Educational
//! Statistics 6 (1981)). It is there from three people on, where their numbers differ at all.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::{Crowd, Figure, Indicator, Kind, OfOne, Part, Sample, Told, counted};
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::kernel::gathered::Made;
use crate::problems;
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::{Comparison, Operator, Term};
use crate::types::Type;

pub(super) const KIND: Kind = Kind {
    name: "change",
    summary: "how a number differs between two moments, a mean over the people",
    clauses: &["among"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let among = clauses.wanted("among", &mut checker.problems);
    let (from, to) = clauses.two_ends("change", &mut checker.problems)?;
    let among = target_group::among_subjects(checker, among?, KIND.name)?;
    if checker.catalog.is_anonymous(&among.subject) {
        let span = from.span.to(to.span);
        return checker.note(problems::anonymous_followed(&among.subject, span));
    }
    let scope = Scope::of(&among.subject);
    let (before, after) = (checker.number(&scope, from), checker.number(&scope, to));
    let ((before, one), (after, two)) = (before?, after?);
    let (one, two) = (Type::Number(one), Type::Number(two));
    if !one.fits(&two) {
        return checker.note(problems::types_differ(&one, from.span, &two, to.span));
    }
    let Type::Number(unit) = one.joined(two) else { return None };
    let better = clauses.word("better", &["higher", "lower"], &mut checker.problems);
    let better = better.map(|word| match word.as_str() {
        "higher" => Comparison::Greater,
        _ => Comparison::Less,
    });
    Some(Box::new(Change { among, unit, before, after, better, of: [from.clone(), to.clone()] }))
}

#[derive(Debug)]
struct Change {
    among: Among,
    unit: Option<Unit>,
    before: Term,
    after: Term,
    /// How the later number compares with the earlier when it is better.
    better: Option<Comparison>,
    /// From what, to what.
    of: [Spanned<Expr>; 2],
}

impl Change {
    fn difference(&self) -> Term {
        let (left, right) = (Box::new(self.after.clone()), Box::new(self.before.clone()));
        Term::Arithmetic { operator: Operator::Subtract, left, right }
    }

    /// Whether both numbers are there.
    fn known(&self) -> Term {
        self.before.is_there().and(self.after.is_there())
    }
}

impl Indicator for Change {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let pairs = people.clone().and(self.known());
        let of_pairs = |term: Term| term.where_true(pairs.clone());
        let (before, after) = (self.before.clone(), self.after.clone());
        let difference = self.difference();
        let equal = after.clone().compared(Comparison::Equal, before.clone());
        let mut parts = vec![
            Part::Sum(of_pairs(difference.clone())),
            Part::Count(pairs.clone()),
            Part::Count(people.clone().and(self.known().negated())),
            Part::Gathered(of_pairs(before.clone()), Made::Deviation),
            Part::Gathered(of_pairs(after.clone()), Made::Deviation),
            Part::Spread(of_pairs(difference)),
            Part::Count(pairs.clone().and(equal.negated())),
        ];
        if let Some(better) = self.better {
            parts.push(Part::Count(pairs.clone().and(after.compared(better, before))));
        }
        parts
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let part = |at: usize| parts.get(at).copied().flatten();
        let people = counted(parts.get(1));
        let mean = part(0).map(|sum| sum / people);
        let improved = self.better.map(|_| counted(parts.get(7)));
        let share = improved.filter(|_| people > 0.0).map(|improved| improved / people);
        let effect = mean.zip(part(3).zip(part(4)));
        let effect = effect.and_then(|(mean, spread)| hedges(mean, spread, people));
        let sample =
            mean.zip(part(5)).and_then(|(mean, squares)| Sample::mean(mean, people, squares));
        let further = [("improved", share), ("effect_size", effect)];
        let further =
            further.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Figure {
            value: mean,
            numerator: improved,
            denominator: Some(people),
            unknown: counted(parts.get(2)),
            interval: Sample::around(sample),
            behind: Some(Crowd { people: counted(parts.get(6)), amount: part(0).unwrap_or(0.0) }),
            further: further.collect(),
            sample,
            ..Figure::default()
        }
    }

    fn told(&self, people: &Term) -> Told {
        Told::over(people, &self.known())
    }

    fn unit(&self) -> Option<Unit> {
        self.unit.clone()
    }

    fn of_one(&self) -> Vec<OfOne> {
        vec![OfOne { name: "change", term: self.difference(), unit: self.unit() }]
    }

    fn steps(&self) -> Vec<Step> {
        let [from, to] = &self.of;
        vec![Step::known(from.span.to(to.span), self.known(), &self.of)]
    }
}

/// The mean change of `people` pairs over the standard deviation of both moments, corrected.
fn hedges(mean: f64, (before, after): (f64, f64), people: f64) -> Option<f64> {
    let spread = f64::midpoint(before * before, after * after).sqrt();
    let correction = 1.0 - 3.0 / (4.0 * (people - 1.0) - 1.0);
    (people >= 3.0 && spread > 0.0).then(|| mean / spread * correction)
}

#[cfg(test)]
mod tests {
    use super::hedges;

    #[test]
    fn the_effect_of_five_pairs_is_as_worked_out_by_hand() {
        // m = 4: 1 − 3/15 = 0.8; √((9 + 16) / 2) = 3.535534; 2 / 3.535534 · 0.8 = 0.452548.
        let found = hedges(2.0, (3.0, 4.0), 5.0).unwrap();
        assert!((found - 0.452_548).abs() < 1e-6, "{found}");
    }

    #[test]
    fn there_is_no_effect_of_two_or_without_spread() {
        assert_eq!(hedges(2.0, (3.0, 4.0), 2.0), None);
        assert_eq!(hedges(2.0, (0.0, 0.0), 9.0), None);
    }
}
