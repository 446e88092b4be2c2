//! semantics.md, "Figures": from what is known of each subject to the figure.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use interplay_syntax::tree::Expr;

use super::codebook::{Codebook, Record};
use super::expression::{truth, value};
use super::scope::Scope;
use super::selection::{record_of, select};
use super::statistics::{Made, Z, around_mean, variance, wilson};
use super::sum::exact_sum;

/// An indicator's clauses, by label.
pub(super) type Clauses<'a> = BTreeMap<String, &'a Expr>;

/// What one subject adds to a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    /// It is none of the people.
    Outside,
    /// It is, but what the figure asks is not known of it.
    Unknown,
    /// A number; of a share, 1 for true and 0 for false.
    Known(f64),
    /// Of a change, the number before and the number after; of a time, the days, and 1 when it
    /// has ended, else 0.
    Pair(f64, f64),
    /// A number as above and its weight.
    Weighted(f64, f64),
    /// It has a weight, but what the figure asks is not known of it.
    Open(f64),
    /// Of goals: T, how many they are, and how many of them were attained.
    Goals(f64, f64, f64),
}

/// A figure and its size.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Figure {
    /// The figure itself.
    pub value: Option<f64>,
    /// Of a share: for how many it is true.
    pub numerator: Option<f64>,
    /// Of how many something is known; a count has none.
    pub denominator: Option<f64>,
    /// Of how many nothing is known.
    pub unknown: f64,
    /// A share if all the unknown were false.
    pub lower: Option<f64>,
    /// A share if all the unknown were true.
    pub upper: Option<f64>,
    /// The 95 % interval of a share or a time.
    pub interval: (Option<f64>, Option<f64>),
    /// Further numbers by name.
    pub further: BTreeMap<String, f64>,
    /// What a share or a mean was made of.
    pub made: Option<Made>,
}

/// `ratio: a / b`: the two names.
pub(super) fn ratio<'a>(clauses: &Clauses<'a>) -> Option<[&'a str; 2]> {
    let expr: &'a Expr = clauses.get("ratio")?;
    let Expr::Binary { left, right, .. } = expr else { panic!("a ratio is `a / b`") };
    let name = |expr: &'a Expr| match expr {
        Expr::Name(name) => name.as_str(),
        other => panic!("a ratio is of two names, not {other:?}"),
    };
    Some([name(&left.item), name(&right.item)])
}

/// One figure over another, in the same cell.
pub(super) fn quotient(above: &Figure, below: &Figure) -> Figure {
    let value = match (above.value, below.value) {
        (Some(above), Some(below)) if below.abs() > 0.0 => Some(above / below),
        _ => None,
    };
    let unknown = above.unknown + below.unknown;
    let (numerator, denominator) = (above.value, below.value);
    Figure { value, numerator, denominator, unknown, ..Figure::default() }
}

/// What the subject in `scope` adds to the indicator with these clauses; under an organisation,
/// only the rows that it registered are counted.
pub(super) fn part<'a>(
    scope: &Scope<'a>,
    clauses: &Clauses<'a>,
    organisation: Option<&str>,
) -> Part {
    if let Some(among) = clauses.get("among")
        && truth(scope, among) != Some(true)
    {
        return Part::Outside;
    }
    asked(scope, clauses, organisation)
}

/// `among: contact during period`: the selection whose rows are counted, if it is one.
pub(super) fn rows<'a>(book: &Codebook<'_>, clauses: &Clauses<'a>) -> Option<&'a Expr> {
    let among: &'a Expr = clauses.get("among")?;
    record_of(book, among).map(|_| among)
}

/// What the indicator asks of the subject, or of the row, in `scope`, which is one of those it is
/// among.
pub(super) fn asked<'a>(
    scope: &Scope<'a>,
    clauses: &Clauses<'a>,
    organisation: Option<&str>,
) -> Part {
    if let Some(counted) = clauses.get("count") {
        count(scope, counted, organisation)
    } else if let Some(condition) = clauses.get("share") {
        let weight = weight(scope, clauses);
        weighed(share(scope, condition, clauses, weight == Some(None)), weight)
    } else if let (Some(from), Some(to)) = (clauses.get("change from"), clauses.get("change to")) {
        match (value(scope, from).number(), value(scope, to).number()) {
            (Some(before), Some(after)) => Part::Pair(before, after),
            _ => Part::Unknown,
        }
    } else if let (Some(events), Some(days)) = (clauses.get("rate"), clauses.get("at_risk")) {
        match (value(scope, events).number(), value(scope, days).number()) {
            (Some(events), Some(days)) => Part::Pair(events, days),
            _ => Part::Unknown,
        }
    } else if let Some(goals) = clauses.get("goals") {
        super::goals::of_person(scope, goals, clauses)
    } else if let (Some(from), Some(to)) = (clauses.get("time from"), clauses.get("time to")) {
        time(scope, from, to)
    } else {
        let number =
            ["sum", "mean", "median", "quantile"].iter().find_map(|kind| clauses.get(*kind));
        let number = number.expect("an indicator has a kind");
        let part = value(scope, number).number().map_or(Part::Unknown, Part::Known);
        weighed(part, weight(scope, clauses))
    }
}

/// The weight of what is asked, which is above 0 or none; the outer none is without `weight:`.
#[expect(clippy::option_option, reason = "without a weight, and without the clause")]
fn weight<'a>(scope: &Scope<'a>, clauses: &Clauses<'a>) -> Option<Option<f64>> {
    let weight: &'a Expr = clauses.get("weight")?;
    Some(value(scope, weight).number().filter(|weight| *weight > 0.0))
}

/// Nothing is known of what has no weight.
#[expect(clippy::option_option, reason = "without a weight, and without the clause")]
fn weighed(part: Part, weight: Option<Option<f64>>) -> Part {
    match (part, weight) {
        (Part::Known(number), Some(Some(weight))) => Part::Weighted(number, weight),
        (Part::Known(_), Some(None)) => Part::Unknown,
        (Part::Unknown, Some(Some(weight))) => Part::Open(weight),
        (part, _) => part,
    }
}

/// The record of the rows that the indicator is about, counted or among them.
pub(super) fn of_rows<'a>(book: &'a Codebook<'a>, clauses: &Clauses<'a>) -> Option<&'a Record> {
    counted(book, clauses).or_else(|| record_of(book, rows(book, clauses)?))
}

/// The record whose rows the indicator counts, if it counts rows.
pub(super) fn counted<'a>(book: &'a Codebook<'a>, clauses: &Clauses<'a>) -> Option<&'a Record> {
    record_of(book, clauses.get("count")?)
}

/// A selection counts its rows; a target group, or a condition on one, counts the subject.
fn count<'a>(scope: &Scope<'a>, counted: &'a Expr, organisation: Option<&str>) -> Part {
    if record_of(scope.book, counted).is_some() {
        let rows = select(scope, counted);
        let rows = match organisation {
            Some(organisation) => rows.of_organisation(organisation),
            None => rows,
        };
        return rows.count().map_or(Part::Unknown, Part::Known);
    }
    match truth(scope, counted) {
        Some(true) => Part::Known(1.0),
        Some(false) => Part::Outside,
        None => Part::Unknown,
    }
}

/// `unknown: U` is asked first: U true makes the condition unknown, U unknown does not. Then those
/// of `exclude` are outside, and those of `except` who are not in the numerator.
fn share<'a>(
    scope: &Scope<'a>,
    condition: &'a Expr,
    clauses: &Clauses<'a>,
    lacks_weight: bool,
) -> Part {
    let is_unknown =
        clauses.get("unknown").is_some_and(|unknown| truth(scope, unknown) == Some(true));
    let holds = if is_unknown || lacks_weight { None } else { truth(scope, condition) };
    let is = |clause: &str| {
        clauses.get(clause).is_some_and(|condition| truth(scope, condition) == Some(true))
    };
    if is("exclude") || (holds != Some(true) && is("except")) {
        return Part::Outside;
    }
    match holds {
        Some(true) => Part::Known(1.0),
        Some(false) => Part::Known(0.0),
        None if lacks_weight => Part::Unknown,
        None if clauses.contains_key("unknown_counts_as") => Part::Known(0.0),
        None => Part::Unknown,
    }
}

fn days(duration: TimeDelta) -> f64 {
    i32::try_from(duration.num_days()).map_or(f64::INFINITY, f64::from)
}

/// The days from one date to the other, or to the data date while it lasts.
fn time<'a>(scope: &Scope<'a>, from: &'a Expr, to: &'a Expr) -> Part {
    let start = value(scope, from).date().filter(|start| *start <= scope.data_date);
    let end = value(scope, to).date();
    match (start, end) {
        (Some(start), Some(end)) if end < start => Part::Unknown,
        (Some(start), Some(end)) if end <= scope.data_date => Part::Pair(days(end - start), 1.0),
        (Some(start), _) => Part::Pair(days(scope.data_date - start), 0.0),
        (None, _) => Part::Unknown,
    }
}

/// The figure that `parts` make together.
pub(super) fn figure(book: &Codebook<'_>, clauses: &Clauses<'_>, parts: &[Part]) -> Figure {
    if clauses.contains_key("weight") && !clauses.contains_key("goals") {
        return super::weighted::figure(clauses, parts);
    }
    let known: Vec<f64> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Known(number) => Some(*number),
            _ => None,
        })
        .collect();
    let unknown = size(parts.iter().filter(|part| **part == Part::Unknown).count());
    let pairs = parts.iter().filter_map(|part| match part {
        Part::Pair(before, after) => Some((*before, *after)),
        _ => None,
    });
    let pairs: Vec<(f64, f64)> = pairs.collect();
    if clauses.contains_key("change from") {
        return change(&pairs, unknown, clauses.get("better").copied());
    }
    if clauses.contains_key("goals") {
        return super::goals::figure(parts, unknown);
    }
    if clauses.contains_key("rate") {
        return rate(&pairs, unknown);
    }
    if clauses.contains_key("time from") {
        return waiting(&pairs, unknown);
    }
    let sum = exact_sum(&known);
    if let Some(counted) = clauses.get("count") {
        let numerator = record_of(book, counted).is_none().then_some(sum);
        return Figure { value: Some(sum), numerator, unknown, ..Figure::default() };
    }
    if clauses.contains_key("share") {
        return share_of(sum, size(known.len()), unknown);
    }
    let value = if known.is_empty() {
        None
    } else if clauses.contains_key("sum") {
        Some(sum)
    } else if clauses.contains_key("mean") {
        Some(sum / size(known.len()))
    } else if clauses.contains_key("quantile") {
        Some(quantile(&known, level(clauses)))
    } else {
        Some(median(&known))
    };
    let denominator = Some(size(known.len()));
    let Some((mean, true)) = value.map(|mean| (mean, clauses.contains_key("mean"))) else {
        return Figure { value, denominator, unknown, ..Figure::default() };
    };
    let (interval, made) = (around_mean(&known, mean), mean_of(&known));
    Figure { value, denominator, unknown, interval, made, ..Figure::default() }
}

/// What a mean was made of; one number alone has no variance.
pub(super) fn mean_of(numbers: &[f64]) -> Option<Made> {
    let variance = variance(numbers).unwrap_or(f64::NAN);
    (!numbers.is_empty()).then(|| Made::Mean(size(numbers.len()), variance))
}

fn share_of(numerator: f64, denominator: f64, unknown: f64) -> Figure {
    let over = |above: f64, below: f64| (below > 0.0).then(|| above / below);
    Figure {
        value: over(numerator, denominator),
        numerator: Some(numerator),
        denominator: Some(denominator),
        unknown,
        lower: over(numerator, denominator + unknown),
        upper: over(numerator + unknown, denominator + unknown),
        interval: over(numerator, denominator).map(|share| wilson(share, denominator)).unzip(),
        made: (denominator > 0.0).then_some(Made::Share(numerator, denominator)),
        ..Figure::default()
    }
}

/// The mean change, the share of those who improved, and Hedges' g for pairs.
fn change(pairs: &[(f64, f64)], unknown: f64, better: Option<&Expr>) -> Figure {
    let changes: Vec<f64> = pairs.iter().map(|(before, after)| after - before).collect();
    let people = size(pairs.len());
    let value = (people > 0.0).then(|| exact_sum(&changes) / people);
    let improved = better.map(|better| {
        let is_higher = matches!(better, Expr::Name(word) if word == "higher");
        let improved =
            |pair: &&(f64, f64)| if is_higher { pair.1 > pair.0 } else { pair.1 < pair.0 };
        size(pairs.iter().filter(improved).count())
    });
    let mut further = BTreeMap::new();
    if let (Some(improved), true) = (improved, people > 0.0) {
        further.insert("improved".to_owned(), improved / people);
    }
    let (before, after): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let variances = variance(&before).zip(variance(&after));
    let variance = variances.map_or(0.0, |(before, after)| f64::midpoint(before, after));
    if let (Some(mean), true, true) = (value, people > 2.0, variance > 0.0) {
        let correction = 1.0 - 3.0 / (4.0 * (people - 1.0) - 1.0);
        further.insert("effect_size".to_owned(), correction * mean / variance.sqrt());
    }
    Figure {
        value,
        numerator: improved,
        denominator: Some(people),
        unknown,
        interval: value.map_or((None, None), |mean| around_mean(&changes, mean)),
        further,
        made: mean_of(&changes),
        ..Figure::default()
    }
}

/// All events over all days, with Byar's limits.
fn rate(pairs: &[(f64, f64)], unknown: f64) -> Figure {
    let (events, days): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (events, years) = (exact_sum(&events), exact_sum(&days) / 365.25);
    let hundred = |events: f64| (years > 0.0).then(|| 100.0 * events / years);
    let cube = |root: f64| root * root * root;
    let low = match events > 0.0 {
        true => events * cube(1.0 - 1.0 / (9.0 * events) - Z / (3.0 * events.sqrt())),
        false => 0.0,
    };
    let more = events + 1.0;
    let high = more * cube(1.0 - 1.0 / (9.0 * more) + Z / (3.0 * more.sqrt()));
    let named = [("events".to_owned(), events), ("person_years".to_owned(), years)];
    Figure {
        value: hundred(events),
        denominator: Some(size(pairs.len())),
        unknown,
        interval: match events < 0.0 {
            true => (None, None),
            false => (hundred(low.max(0.0)), hundred(high)),
        },
        further: named.into_iter().filter(|_| !pairs.is_empty()).collect(),
        ..Figure::default()
    }
}

/// The median of Kaplan and Meier with log-log limits: at each time at which something ended, all
/// are looked through anew.
fn waiting(pairs: &[(f64, f64)], unknown: f64) -> Figure {
    let has_ended = |pair: &&(f64, f64)| pair.1 > 0.0;
    let mut times: Vec<f64> = pairs.iter().filter(has_ended).map(|pair| pair.0).collect();
    let numerator = Some(size(times.len()));
    times.sort_by(f64::total_cmp);
    times.dedup_by(|one, other| one.total_cmp(other).is_eq());
    let (mut lasting, mut greenwood) = (1.0, 0.0);
    let (mut value, mut low, mut high) = (None, None, None);
    for time in times {
        let still = size(pairs.iter().filter(|pair| pair.0 >= time).count());
        let now = pairs.iter().filter(|pair| pair.1 > 0.0 && pair.0.total_cmp(&time).is_eq());
        let now = size(now.count());
        lasting *= (still - now) / still;
        greenwood += now / (still * (still - now));
        let half = 0.5 + 1e-9;
        let reached = |limit: &mut Option<f64>, part: f64| {
            if limit.is_none() && part <= half {
                *limit = Some(time);
            }
        };
        reached(&mut value, lasting);
        if still > now {
            let root = (Z * greenwood.sqrt() / lasting.ln()).exp();
            reached(&mut low, lasting.powf(1.0 / root));
            reached(&mut high, lasting.powf(root));
        }
    }
    let (interval, denominator) = ((low, high), Some(size(pairs.len())));
    Figure { value, numerator, denominator, unknown, interval, ..Figure::default() }
}

/// The middle one, or the mean of the middle two.
fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

/// `level: 90%`, as a part of one.
fn level(clauses: &Clauses<'_>) -> f64 {
    match clauses.get("level") {
        Some(Expr::Quantity { number, unit }) if unit.item == "%" => {
            number.parse::<f64>().expect("a number") / 100.0
        }
        Some(Expr::Number(number)) => number.parse().expect("a number"),
        other => panic!("the oracle needs a level, not {other:?}"),
    }
}

/// The numbers lie at 0, 1, 2 … of a line; what lies at `level` of the way to the last.
fn quantile(numbers: &[f64], level: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut way = size(sorted.len() - 1) * level;
    let mut steps = sorted.windows(2);
    let mut at = sorted[0];
    while let (Some([low, high]), true) = (steps.next(), way > 0.0) {
        at = low + (high - low) * way.min(1.0);
        way -= 1.0;
    }
    at
}

pub(super) fn size(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_of_four_is_the_mean_of_the_middle_two() {
        assert!((median(&[9.0, 1.0, 2.0, 4.0]) - 3.0).abs() < f64::EPSILON);
    }
}
