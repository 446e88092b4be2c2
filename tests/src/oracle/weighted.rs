//! semantics.md, "Weights": shares, means and sums of which each part counts as much as it weighs.

use super::figure::{Clauses, Figure, Part, size};
use super::statistics::{Made, students_t, wilson};
use super::sum::exact_sum;

/// The figure that weighted parts make together.
pub(super) fn figure(clauses: &Clauses<'_>, parts: &[Part]) -> Figure {
    let known: Vec<(f64, f64)> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Weighted(number, weight) => Some((*number, *weight)),
            _ => None,
        })
        .collect();
    let open: Vec<f64> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Open(weight) => Some(*weight),
            _ => None,
        })
        .collect();
    let without = parts.iter().filter(|part| **part == Part::Unknown).count();
    let (denominator, unknown) = (Some(size(known.len())), size(open.len() + without));
    let all = Figure { denominator, unknown, ..Figure::default() };
    let total = |of: fn(f64, f64) -> f64| {
        exact_sum(&known.iter().map(|(number, weight)| of(*number, *weight)).collect::<Vec<_>>())
    };
    let weights = total(|_, weight| weight);
    let sum = total(|number, weight| number * weight);
    let effective = weights * weights / total(|_, weight| weight * weight);
    let mut figure = match (clauses.contains_key("share"), clauses.contains_key("sum")) {
        (true, _) => share(&known, weights, sum, exact_sum(&open), effective),
        (_, true) => total_of(&known, weights, sum, effective),
        _ => mean(&known, weights, sum, effective),
    };
    if !known.is_empty() {
        figure.further.insert("effective_n".to_owned(), effective);
    }
    Figure { denominator: all.denominator, unknown: all.unknown, ..figure }
}

/// Sizes are unweighted; the bounds weigh those of whom it is unknown.
fn share(known: &[(f64, f64)], weights: f64, holds: f64, open: f64, effective: f64) -> Figure {
    let over = |above: f64, below: f64| (below > 0.0).then(|| above / below);
    let value = over(holds, weights);
    Figure {
        value,
        numerator: Some(size(known.iter().filter(|(number, _)| *number > 0.0).count())),
        lower: over(holds, weights + open),
        upper: over(holds + open, weights + open),
        interval: value.map(|share| wilson(share, effective)).unzip(),
        made: value.map(|share| Made::Share(share * effective, effective)),
        ..Figure::default()
    }
}

/// What all whom the known stand for add up to: their mean times their number, W.
fn total_of(known: &[(f64, f64)], weights: f64, sum: f64, effective: f64) -> Figure {
    let figure = mean(known, weights, sum, effective);
    let (low, high) = figure.interval;
    let made = match figure.made {
        Some(Made::Mean(n, variance)) => Some(Made::Mean(n, variance * weights * weights)),
        other => other,
    };
    let interval = (low.map(|low| low * weights), high.map(|high| high * weights));
    Figure { value: (!known.is_empty()).then_some(sum), interval, made, ..figure }
}

fn mean(known: &[(f64, f64)], weights: f64, sum: f64, effective: f64) -> Figure {
    if known.is_empty() {
        return Figure::default();
    }
    let mean = sum / weights;
    let squares = known.iter().map(|(number, weight)| weight * (number - mean) * (number - mean));
    let squares = exact_sum(&squares.collect::<Vec<_>>());
    let all_equal = known.iter().all(|(number, _)| number.total_cmp(&known[0].0).is_eq());
    let spread = if all_equal { 0.0 } else { squares / weights };
    if effective < 2.0 - 1e-9 {
        return Figure { value: Some(mean), ..Figure::default() };
    }
    let variance = spread * effective / (effective - 1.0);
    let reach = students_t(effective - 1.0) * (variance / effective).sqrt();
    let interval = (Some(mean - reach), Some(mean + reach));
    let made = Some(Made::Mean(effective, variance));
    Figure { value: Some(mean), interval, made, ..Figure::default() }
}
