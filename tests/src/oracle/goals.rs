//! semantics.md, "Figures": goal attainment scaling.

use super::expression::name_of;
use super::figure::{Clauses, Figure, Part, mean_of, size};
use super::scope::Scope;
use super::selection::select;
use super::statistics::around_mean;
use super::sum::exact_sum;
use interplay_syntax::tree::Expr;

/// T of the subject in `scope`, by the formula of Kiresuk and Sherman (1968) with 0.3 between the
/// goals. Unknown without goals, and when one cannot be read.
pub(super) fn of_person<'a>(scope: &Scope<'a>, goals: &'a Expr, clauses: &Clauses<'a>) -> Part {
    let goals = select(scope, goals);
    let score = name_of(clauses["score"]);
    let weight = clauses.get("weight").map(|weight| name_of(weight));
    let Some(goals) = goals.fields(&[score]).zip(goals.fields(weight.as_slice())) else {
        return Part::Unknown;
    };
    let (scores, weights) = goals;
    let scores: Vec<f64> = scores.into_iter().flatten().collect();
    let weights: Vec<f64> =
        weights.into_iter().map(|weight| weight.first().copied().unwrap_or(1.0)).collect();
    let is_sound = scores.iter().all(|score| (-2.0..=2.0).contains(score))
        && weights.iter().all(|weight| *weight > 0.0);
    if scores.is_empty() || !is_sound {
        return Part::Unknown;
    }
    let weighted: f64 = scores.iter().zip(&weights).map(|(score, weight)| score * weight).sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let whole: f64 = weights.iter().sum();
    let scaled = 50.0 + 10.0 * weighted / (0.7 * squares + 0.3 * whole * whole).sqrt();
    let attained = scores.iter().filter(|score| **score >= 0.0).count();
    Part::Goals(scaled, size(scores.len()), size(attained))
}

/// The mean of T, and what goes with it.
pub(super) fn figure(parts: &[Part], unknown: f64) -> Figure {
    let known = parts.iter().filter_map(|part| match part {
        Part::Goals(scaled, goals, attained) => Some((*scaled, *goals, *attained)),
        _ => None,
    });
    let known: Vec<(f64, f64, f64)> = known.collect();
    let scaled: Vec<f64> = known.iter().map(|(scaled, ..)| *scaled).collect();
    let people = size(known.len());
    let mut figure = Figure {
        numerator: Some(size(scaled.iter().filter(|scaled| **scaled > 50.0 - 1e-9).count())),
        denominator: Some(people),
        unknown,
        made: mean_of(&scaled),
        ..Figure::default()
    };
    if known.is_empty() {
        return figure;
    }
    let mean = exact_sum(&scaled) / people;
    figure.value = Some(mean);
    figure.interval = around_mean(&scaled, mean);
    let goals: f64 = known.iter().map(|(_, goals, _)| goals).sum();
    let attained: f64 = known.iter().map(|(_, _, attained)| attained).sum();
    let mut name = |name: &str, number| figure.further.insert(name.to_owned(), number);
    name("goals", goals);
    name("attained", attained / goals);
    name("reached", size(scaled.iter().filter(|scaled| **scaled > 50.0 - 1e-9).count()) / people);
    if let Some(variance) = super::statistics::variance(&scaled) {
        name("deviation", variance.sqrt());
    }
    figure
}
