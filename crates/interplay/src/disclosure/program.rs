//! The cheapest other numbers that would show the same, as a linear program.
//!
//! Where the search by single persons finds no way, all counts that hang together are moved at
//! once: each up or down, so that every sum stays right, none falls below nobody, and the one that
//! is protected rises as far as it must. What moving a shown count costs is made as small as can
//! be (G. B. Dantzig's simplex method). Parts of persons may move.

use std::collections::BTreeSet;

use super::counts::Counts;

/// Larger programs take too long.
const LARGEST: usize = 2_000_000;
const MOST_PIVOTS: usize = 3_000;
/// How many numbers all programs of a result may change.
pub(super) const MOST_WORK: usize = 400_000_000;
/// What an unmended sum costs, beside which everything else is cheap.
const BROKEN: f64 = 1e7;
/// What moving something that is not shown costs, so that no more moves than must.
const FREE: f64 = 1e-3;
const NEAR: f64 = 1e-9;

/// Which counts move when `count` rises by `by`; none when there is no way, or it takes too long.
/// What it changes is taken from `work`.
pub(super) fn cheapest(
    counts: &Counts,
    count: usize,
    by: f64,
    work: &mut usize,
) -> Option<Vec<usize>> {
    // Mostly enough is withheld already, and fewer counts may move.
    let free = moved(counts, count, by, &|other| counts.cost(other) == 0, work);
    free.or_else(|| moved(counts, count, by, &|_| true, work))
}

fn moved(
    counts: &Counts,
    count: usize,
    by: f64,
    may: &dyn Fn(usize) -> bool,
    work: &mut usize,
) -> Option<Vec<usize>> {
    let (members, sums) = tied(counts, count, may);
    let mut columns = Vec::new();
    for member in &members {
        columns.push((*member, 1.0));
        if counts.value(*member) > 0 {
            columns.push((*member, -1.0));
        }
    }
    let bounded: Vec<usize> =
        (0..columns.len()).filter(|at| columns.get(*at).is_some_and(|it| it.1 < 0.0)).collect();
    let (height, width) = (sums.len() + bounded.len(), columns.len() + bounded.len());
    if height * width > LARGEST {
        return None;
    }
    let mut rows = vec![vec![0.0; width + 1]; height];
    let mut costs = vec![0.0; width];
    for (cost, (member, _)) in costs.iter_mut().zip(&columns) {
        #[expect(clippy::cast_precision_loss, reason = "a cost is far below 2^52")]
        let own = counts.cost(*member) as f64 / 1e6;
        *cost = own.max(FREE);
    }
    let mut basis = Vec::with_capacity(height);
    for (at, (row, sum)) in rows.iter_mut().zip(&sums).enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a sign")]
        let sign = |of: usize| {
            let found = counts.members(*sum).iter().find(|(member, _)| *member == of);
            found.map_or(0.0, |(_, sign)| *sign as f64)
        };
        let rest = -sign(count) * by;
        // What is left of a sum is never below nothing.
        let turn = if rest < 0.0 { -1.0 } else { 1.0 };
        for (cell, (member, way)) in row.iter_mut().zip(&columns) {
            *cell = turn * way * sign(*member);
        }
        put(row, width, turn * rest);
        // What stands in for the sum itself; once it is nothing it never comes back.
        basis.push(width + at);
    }
    for (at, (row, column)) in rows.iter_mut().skip(sums.len()).zip(&bounded).enumerate() {
        let slack = columns.len() + at;
        put(row, *column, 1.0);
        put(row, slack, 1.0);
        #[expect(clippy::cast_precision_loss, reason = "a number of people is far below 2^52")]
        let most = columns.get(*column).map_or(0, |(member, _)| counts.value(*member)) as f64;
        put(row, width, most);
        basis.push(slack);
    }
    let values = Tableau { rows, basis, costs, width }.solved(work)?;
    let mut moved = vec![count];
    for (at, value) in values {
        match columns.get(at) {
            Some((member, _)) if value > 1e-7 => moved.push(*member),
            None if at >= width && value > 1e-6 => return None,
            _ => {}
        }
    }
    Some(moved)
}

/// The counts that hang together with one and may move, without itself, and their sums.
fn tied(counts: &Counts, count: usize, free: &dyn Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    let (mut members, mut sums) = (BTreeSet::from([count]), BTreeSet::new());
    let mut next = vec![count];
    while let Some(count) = next.pop() {
        for (sum, _) in counts.sums_of(count) {
            if sums.insert(*sum) {
                let all = counts.members(*sum).iter().map(|(member, _)| *member);
                let may = all.filter(|member| counts.may_move(*member) && free(*member));
                next.extend(may.filter(|member| members.insert(*member)));
            }
        }
    }
    members.remove(&count);
    (members.into_iter().collect(), sums.into_iter().collect())
}

fn put(row: &mut [f64], at: usize, value: f64) {
    if let Some(cell) = row.get_mut(at) {
        *cell = value;
    }
}

/// Equations in the numbers of the basis; the last column is what each comes to.
struct Tableau {
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    costs: Vec<f64>,
    width: usize,
}

impl Tableau {
    /// The numbers of the cheapest solution, of those that are not 0.
    fn solved(mut self, work: &mut usize) -> Option<Vec<(usize, f64)>> {
        let mut gains = self.costs.clone();
        gains.push(0.0);
        for (row, basis) in self.rows.iter().zip(&self.basis) {
            let cost = self.costs.get(*basis).copied().unwrap_or(BROKEN);
            if cost != 0.0 {
                gains.iter_mut().zip(row).for_each(|(gain, cell)| *gain -= cost * cell);
            }
        }
        for pivot in 0..MOST_PIVOTS {
            let below =
                gains.iter().take(self.width).enumerate().filter(|(_, gain)| **gain < -1e-6);
            // The steepest way first; after a while the first of them, so that it ends.
            let enters = if pivot < MOST_PIVOTS / 2 {
                below.min_by(|one, two| one.1.total_cmp(two.1))
            } else {
                below.min_by_key(|(at, _)| *at)
            };
            let Some((enters, _)) = enters else {
                let values = self.rows.iter().zip(&self.basis);
                return Some(values.filter_map(|(row, at)| Some((*at, *row.last()?))).collect());
            };
            let limits = self.rows.iter().zip(&self.basis).enumerate();
            let limits = limits.filter_map(|(at, (row, basis))| {
                let cell = row.get(enters).copied().filter(|cell| *cell > NEAR)?;
                Some((row.last()? / cell, *basis, at))
            });
            let (_, _, leaves) =
                limits.min_by(|one, two| one.0.total_cmp(&two.0).then(one.1.cmp(&two.1)))?;
            *work = work.checked_sub(self.pivot(leaves, enters, &mut gains))?;
        }
        None
    }

    /// Exchanges a number of the basis; gives how many cells that changed.
    fn pivot(&mut self, leaves: usize, enters: usize, gains: &mut [f64]) -> usize {
        let Some(own) = self.rows.get_mut(leaves) else { return 0 };
        let scale = own.get(enters).copied().unwrap_or(1.0);
        own.iter_mut().for_each(|cell| *cell /= scale);
        let own = std::mem::take(own);
        // Most cells are 0, and change nothing.
        let some = own.iter().copied().enumerate().filter(|(_, cell)| *cell != 0.0);
        let some: Vec<(usize, f64)> = some.collect();
        let mut changed = self.rows.len() + self.width;
        let rows = self.rows.iter_mut().map(Vec::as_mut_slice).chain([gains]);
        for row in rows {
            let times = row.get(enters).copied().unwrap_or(0.0);
            if times != 0.0 {
                for (at, own) in &some {
                    if let Some(cell) = row.get_mut(*at) {
                        *cell -= times * own;
                    }
                }
                changed += some.len();
            }
        }
        if let Some(row) = self.rows.get_mut(leaves) {
            *row = own;
        }
        if let Some(basis) = self.basis.get_mut(leaves) {
            *basis = enters;
        }
        changed
    }
}
