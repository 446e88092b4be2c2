//! What `sum`, `mean`, `median` and `quantile` share: a number of each of the people, of which
//! one is made.

use std::fmt;

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::Expr;

use super::weight::{self, Weight};
use super::{Crowd, Figure, Indicator, Part, Sample, Told, counted};
use crate::catalog::Unit;
use crate::check::Checker;
use crate::reached;
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::{Comparison, Term};

/// A number over `among:`.
#[derive(Debug)]
pub(super) struct Value {
    among: Among,
    unit: Option<Unit>,
    number: Term,
    weight: Option<Weight>,
    span: Span,
    /// The number, and the weight if there is one.
    of: Vec<Spanned<Expr>>,
}

/// Reads `among:` and the number after `label:`.
pub(super) fn check(
    checker: &mut Checker<'_>,
    clauses: &Clauses<'_>,
    label: &str,
) -> Option<Value> {
    let among = clauses.wanted("among", &mut checker.problems);
    let expr = clauses.wanted(label, &mut checker.problems)?;
    let among = target_group::among_rows(checker, among?)?;
    let scope = among.scope();
    let (number, weight) = (checker.number(&scope, expr), weight::read(checker, &scope, clauses));
    let ((mut number, unit), weight) = (number?, weight?);
    if let Some(weight) = &weight {
        number = weight.of(number);
    }
    let weighed = clauses.expression("weight", &mut Vec::new());
    let of = [expr].into_iter().chain(weighed).cloned().collect();
    Some(Value { among, unit, number, weight, span: expr.span, of })
}

impl Value {
    /// Whom it is about.
    pub(super) fn subject(&self) -> &str {
        &self.among.subject
    }

    /// Where the number stands.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// The other subject of whom the number is, if everyone who refers to it brings it whole.
    pub(super) fn brought_by_each(&self) -> Option<&str> {
        reached::brought_by_each(&self.number)
    }

    /// The number of those who count; missing for the others.
    fn number(&self, people: &Term) -> Term {
        self.number.clone().where_true(people.clone())
    }

    /// How many of the people have a number that is not 0.
    fn contributing(&self, people: &Term) -> Part {
        let beyond = |comparison| self.number.clone().compared(comparison, Term::number(0.0));
        let some = beyond(Comparison::Greater).or(beyond(Comparison::Less));
        Part::Count(people.clone().and(some))
    }

    /// How many of the people have a number, and how many have none.
    fn sizes(&self, people: &Term) -> [Part; 2] {
        let missing = Term::IsMissing(Box::new(self.number.clone()));
        [
            Part::Count(people.clone().and(missing.clone().negated())),
            Part::Count(people.clone().and(missing)),
        ]
    }
}

/// One number made of those of the people: the difference between the kinds is in `part` and
/// `figure`.
pub(super) struct OfNumber<P> {
    /// The number of each of the people.
    pub(super) value: Value,
    /// How they are put together.
    pub(super) part: P,
    /// The figure, of what was made and of how many people have a number.
    pub(super) figure: fn(f64, f64) -> f64,
    /// What its interval is that of, if it has one.
    pub(super) estimate: Option<Estimate>,
    /// Of a quantile, how many lie below it, from 0 to 1; none of what adds the numbers up.
    pub(super) level: Option<f64>,
}

/// What has an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Estimate {
    /// A mean.
    Mean,
    /// What all whom those asked stand for add up to; only with weights.
    Total,
}

impl<P> fmt::Debug for OfNumber<P> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OfNumber").field("value", &self.value).finish_non_exhaustive()
    }
}

impl<P: Fn(Term) -> Part + Send + Sync> Indicator for OfNumber<P> {
    fn among(&self) -> &Among {
        &self.value.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let [known, unknown] = self.value.sizes(people);
        let number = self.value.number(people);
        let Some(weight) = &self.value.weight else {
            let is_mean = self.estimate == Some(Estimate::Mean);
            let spread = is_mean.then(|| Part::Spread(number.clone()));
            let contributing = self.level.is_none().then(|| self.value.contributing(people));
            let more = spread.into_iter().chain(contributing);
            return [(self.part)(number), known, unknown].into_iter().chain(more).collect();
        };
        let mut parts = vec![(self.part)(weight.times(number.clone())), known, unknown];
        if self.estimate.is_some() {
            let counts = number.is_there();
            parts.push(weight.spread(number));
            parts.extend([weight.sum(counts.clone()), weight.squares(counts)]);
        }
        parts.extend(self.level.is_none().then(|| self.value.contributing(people)));
        parts
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let people = counted(parts.get(1));
        let made = parts.first().copied().flatten();
        let has_spread = self.estimate == Some(Estimate::Mean) || self.value.weight.is_some();
        let mut squares = parts.get(3).copied().flatten().filter(|_| has_spread);
        let (mut size, mut divisor) = (people, people);
        let mut figure = Figure {
            denominator: Some(people),
            unknown: counted(parts.get(2)),
            ..Figure::default()
        };
        if self.value.weight.is_some() {
            figure.remarks.push(weight::REMARK.to_owned());
            if let Some(estimate) = self.estimate {
                size = weight::effective(parts.get(4), parts.get(5));
                divisor = counted(parts.get(4));
                // A total is the mean of those whom the weights stand for, times their number.
                let scale = if estimate == Estimate::Total { divisor * divisor } else { 1.0 };
                let enough = size >= weight::LEAST;
                let spread = |squares: f64| squares / divisor * size * scale;
                squares = squares.filter(|_| enough).map(spread);
                figure.further.extend(made.map(|_| (weight::EFFECTIVE.to_owned(), size)));
            }
        }
        let contributing = counted(parts.last());
        let crowd = Crowd { people: contributing, amount: made.unwrap_or(0.0) };
        figure.behind = self.level.is_none().then_some(crowd);
        figure.outermost = self.level.map(|level| outermost(people, level));
        figure.value = made.map(|made| (self.figure)(made, divisor));
        let made = figure.value.zip(squares);
        figure.sample = made.and_then(|(mean, squares)| Sample::mean(mean, size, squares));
        figure.interval = Sample::around(figure.sample);
        figure
    }

    fn told(&self, people: &Term) -> Told {
        Told::over(people, &self.value.number.is_there())
    }

    fn unit(&self) -> Option<Unit> {
        self.value.unit.clone()
    }

    fn steps(&self) -> Vec<Step> {
        vec![Step::known(self.value.span, self.value.number.is_there(), &self.value.of)]
    }
}

/// How many of `people` numbers lie at or beyond the quantile at `level`, on the side where they
/// are fewer.
fn outermost(people: f64, level: f64) -> f64 {
    let place = (people - 1.0).max(0.0) * level;
    (place.floor() + 1.0).min(people - place.ceil()).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::outermost;

    #[test]
    fn an_extreme_is_one_and_a_median_of_nine_has_five_on_either_side() {
        for (people, level, outer) in [
            (30.0, 1.0, 1.0),
            (30.0, 0.0, 1.0),
            (0.0, 0.5, 0.0),
            (8.0, 0.5, 4.0),
            (9.0, 0.5, 5.0),
            (10.0, 0.5, 5.0),
            (41.0, 0.9, 5.0),
            (40.0, 0.9, 4.0),
        ] {
            assert!((outermost(people, level) - outer).abs() < 1e-9, "{people} at {level}");
        }
    }
}
