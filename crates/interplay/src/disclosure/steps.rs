//! The steps of `explain`.
//!
//! What a step keeps, drops and leaves unknown is what the step before it kept; why something is
//! unknown is told of all reasons or of none. Of an indicator that is made of others, each has its
//! own steps: whom one keeps may be among those whom another keeps. The figure itself is no part of
//! the table, and whoever asks for the steps has mostly seen it: of how many it is, of how
//! many it holds and of how many it is unknown counts as shown.

use interplay_compile::catalog::Disclosure;
use interplay_compile::contained::{Sides, is_contained};
use interplay_compile::term::Term;

use super::counts::Counts;
use super::{is_small, table};

/// How many numbers are told of a step.
pub(crate) const NUMBERS: usize = 7;

/// The steps of one indicator.
#[derive(Debug)]
pub(crate) struct Steps {
    /// Kept, dropped, unknown; of the unknown not delivered, not over, there is none, missing.
    pub(crate) numbers: Vec<[f64; NUMBERS]>,
    /// Whom each step keeps.
    pub(crate) kept: Vec<Term>,
    /// How many of the last steps are asked of those whom the figure is about.
    pub(crate) own: usize,
    /// Of how many the figure is, and of how many it is unknown.
    pub(crate) figure: [Option<f64>; 2],
    /// Of how many it is unknown whether they are among the people.
    pub(crate) perhaps: Option<f64>,
}

/// What of the numbers is shown.
pub(crate) fn steps(
    chains: &[Steps],
    sides: Sides,
    policy: Disclosure,
) -> Vec<Vec<[Option<f64>; NUMBERS]>> {
    let Disclosure::Protected { most, .. } = policy else {
        let all = |chain: &Steps| chain.numbers.iter().map(|row| row.map(Some)).collect();
        return chains.iter().map(all).collect();
    };
    let mut counts = Counts::default();
    let units: Vec<Vec<[usize; 4]>> = chains
        .iter()
        .map(|chain| {
            let last = chain.numbers.len().wrapping_sub(1);
            let rows = chain.numbers.iter().enumerate();
            rows.map(|(at, row)| units(&mut counts, row, at == last)).collect()
        })
        .collect();
    let kept: Vec<Vec<usize>> = chains
        .iter()
        .zip(&units)
        .map(|(chain, units)| relate(&mut counts, chain, units, i64::from(most)))
        .collect();
    for (one, inner) in chains.iter().enumerate() {
        for (two, outer) in chains.iter().enumerate().filter(|(two, _)| *two != one) {
            for (at, narrow) in inner.kept.iter().enumerate() {
                for (place, wide) in outer.kept.iter().enumerate() {
                    let pair = kept.get(one).and_then(|it| it.get(at));
                    let pair = pair.zip(kept.get(two).and_then(|it| it.get(place)));
                    if let (Some((few, many)), true) = (pair, is_contained(narrow, wide, sides)) {
                        counts.contain(*few, *many, i64::from(most));
                    }
                }
            }
        }
    }
    counts.protect(|count| is_small(policy, count), i64::from(most));
    let shown = chains.iter().zip(units).map(|(chain, units)| {
        let rows = chain.numbers.iter().zip(units).map(|(row, [kept, dropped, unknown, why])| {
            let units = [kept, dropped, unknown, why, why, why, why];
            let mut shown = row.map(Some);
            for (number, unit) in shown.iter_mut().zip(units) {
                *number = number.filter(|_| !counts.is_hidden(unit));
            }
            shown
        });
        rows.collect()
    });
    shown.collect()
}

/// What is shown or withheld together: kept, dropped, unknown, and why. Whom the last step keeps
/// the figure shows, too.
fn units(counts: &mut Counts, row: &[f64; NUMBERS], is_last: bool) -> [usize; 4] {
    let [kept, dropped, unknown, ..] = row;
    let why = counts.unit(table::cost(1, *unknown), None);
    let [unknown, dropped] = [(unknown, Some(why)), (dropped, None)]
        .map(|(size, with)| counts.unit(table::cost(2, *size), with));
    let kept = counts.unit(table::cost(if is_last { 4 } else { 3 }, *kept), None);
    [kept, dropped, unknown, why]
}

/// The counts of a chain with how they add up; gives those that were kept.
fn relate(counts: &mut Counts, chain: &Steps, units: &[[usize; 4]], most: i64) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    let mut lost = Vec::new();
    for (row, [keep, drop, open, why]) in chain.numbers.iter().zip(units) {
        let mut all = row.iter().zip([keep, drop, open, why, why, why, why]);
        let mut next = || {
            let (number, unit) = all.next()?;
            Some(counts.count(table::whole(*number), Some(*unit)))
        };
        let first = [next(), next(), next()];
        let reasons = [next(), next(), next(), next()];
        let reasons: Vec<usize> = reasons.into_iter().flatten().collect();
        let [Some(now), Some(dropped), Some(unknown)] = first else { continue };
        counts.add_up(&reasons, unknown);
        if let Some(before) = kept.last() {
            counts.add_up(&[now, dropped, unknown], *before);
        }
        kept.push(now);
        lost.push((dropped, unknown));
    }
    figure(counts, chain, &kept, &lost);
    perhaps(counts, chain, &lost, most);
    kept
}

/// Of whom it is unknown whether they are among the people, it is unknown at one of the steps that
/// ask so.
fn perhaps(counts: &mut Counts, chain: &Steps, lost: &[(usize, usize)], most: i64) {
    let Some(perhaps) = chain.perhaps else { return };
    let asked = lost.len().saturating_sub(chain.own);
    let open: Vec<usize> = lost.iter().take(asked).map(|it| it.1).collect();
    let all = open.iter().map(|count| counts.value(*count)).sum();
    let all = counts.count(all, None);
    counts.add_up(&open, all);
    let unit = counts.unit(table::cost(4, perhaps), None);
    let perhaps = counts.count(table::whole(perhaps), Some(unit));
    counts.contain(perhaps, all, most);
}

/// How the numbers of the figure follow from the steps.
fn figure(counts: &mut Counts, chain: &Steps, kept: &[usize], lost: &[(usize, usize)]) {
    let [Some(of), Some(unknown)] = chain.figure else { return };
    let asked = kept.len().saturating_sub(chain.own);
    let (Some(all), Some(last)) = (kept.get(asked.wrapping_sub(1)), kept.last()) else { return };
    let mut shown = |number: f64| {
        let unit = counts.unit(table::cost(4, number), None);
        counts.count(table::whole(number), Some(unit))
    };
    let (of, unknown) = (shown(of), shown(unknown));
    counts.add_up(&[of, unknown], *all);
    let own = lost.get(asked..).unwrap_or_default();
    let dropped: Vec<usize> = own.iter().map(|it| it.0).chain([*last]).collect();
    let open: Vec<usize> = own.iter().map(|it| it.1).collect();
    counts.add_up(&dropped, of);
    counts.add_up(&open, unknown);
}
