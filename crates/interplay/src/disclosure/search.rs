//! The search for other numbers that would show the same.
//!
//! A small count is safe when there are other numbers, all of them possible, that add up in the
//! same ways, differ in nothing that is shown, and in which it is not small. Such numbers are
//! found by letting one more person be counted, and moving others by one until every sum is right
//! again; what had to move and is shown is withheld. Of the ways to do so the cheapest is taken
//! that is found within a bounded number of steps.

use std::collections::BTreeSet;

use super::counts::Counts;

/// Steps that a search may take, for one person.
const STEPS: usize = 20_000;
/// Steps of all searches of a result together; beyond it each may take few.
const ALL_STEPS: usize = 40_000_000;
/// Counts that may move for one person.
const DEPTH: usize = 160;
/// What a sum that is not right any more may cost to mend, at a guess.
const MENDING: i64 = 3_000_000;

/// Numbers that might stand where those of a result do.
#[derive(Debug)]
pub(super) struct Search {
    /// The numbers so far.
    values: Vec<i64>,
    /// The true ones.
    truth: Vec<i64>,
    /// Counts that moved for the person at hand: by how much.
    moved: Vec<i64>,
    /// By how much each sum is not right.
    off: Vec<i64>,
    /// Which sums are not right.
    open: BTreeSet<usize>,
    /// What moved, in order.
    path: Vec<(usize, i64)>,
    /// The cheapest way found, and what it costs.
    best: Option<Vec<(usize, i64)>>,
    least: u64,
    steps: usize,
    /// How many steps a search may take.
    most_steps: usize,
}

impl Search {
    pub(super) fn new(counts: &Counts, searches: usize) -> Self {
        let truth: Vec<i64> = (0..counts.len()).map(|count| counts.value(count)).collect();
        Self {
            values: truth.clone(),
            moved: vec![0; truth.len()],
            truth,
            off: vec![0; counts.sum_count()],
            open: BTreeSet::new(),
            path: Vec::new(),
            best: None,
            least: 0,
            steps: 0,
            most_steps: (ALL_STEPS / searches.max(1)).clamp(STEPS / 100, STEPS),
        }
    }

    pub(super) fn value(&self, count: usize) -> i64 {
        self.values.get(count).copied().unwrap_or(i64::MAX)
    }

    /// Back to the true numbers.
    pub(super) fn rest(&mut self) {
        self.values.clone_from(&self.truth);
    }

    /// Counts one more person, and gives which counts moved; none when no way was found.
    pub(super) fn raised(&mut self, counts: &Counts, count: usize) -> Option<Vec<usize>> {
        // What costs nothing is looked for first: mostly enough is withheld already.
        for limit in [1, u64::MAX] {
            (self.best, self.least, self.steps) = (None, limit, self.most_steps);
            self.go(counts, count, 1);
            self.look(counts, 0);
            self.go_back(counts);
            if self.best.is_some() {
                break;
            }
        }
        let found = self.best.take()?;
        for (count, by) in &found {
            if let Some(value) = self.values.get_mut(*count) {
                *value += by;
            }
        }
        Some(found.into_iter().map(|(count, _)| count).collect())
    }

    /// Mends one sum that is not right in every way that is not too dear, and goes on.
    fn look(&mut self, counts: &Counts, cost: u64) {
        if cost >= self.least || self.steps == 0 {
            return;
        }
        let Some(sum) = self.open.iter().copied().min_by_key(|sum| counts.members(*sum).len())
        else {
            (self.best, self.least) = (Some(self.path.clone()), cost);
            return;
        };
        if self.path.len() >= DEPTH {
            return;
        }
        for (_, own, count, by) in self.ways(counts, sum, cost) {
            self.go(counts, count, by);
            self.look(counts, cost.saturating_add(own));
            self.go_back(counts);
        }
    }

    /// What may move so that a sum is nearer to right: the cheapest to go on with first.
    fn ways(&mut self, counts: &Counts, sum: usize, cost: u64) -> Vec<(i64, u64, usize, i64)> {
        let members = counts.members(sum);
        self.steps = self.steps.saturating_sub(members.len());
        let too_much = self.off.get(sum).copied().unwrap_or(0).signum();
        let mut ways = Vec::new();
        for (count, sign) in members {
            let by = -too_much * sign;
            let is_free = self.moved.get(*count) == Some(&0) && counts.may_move(*count);
            if !is_free || self.value(*count) + by < 0 {
                continue;
            }
            let own = self.marginal(counts, *count);
            if cost.saturating_add(own) >= self.least {
                continue;
            }
            let mended = counts.sums_of(*count).iter().map(|(sum, sign)| {
                let off = self.off.get(*sum).copied().unwrap_or(0);
                (off + sign * by).abs() - off.abs()
            });
            let rank = i64::try_from(own).unwrap_or(i64::MAX / 2) + mended.sum::<i64>() * MENDING;
            ways.push((rank, own, *count, by));
        }
        ways.sort_unstable();
        ways
    }

    /// What it costs to move a count beside what has moved.
    fn marginal(&self, counts: &Counts, count: usize) -> u64 {
        let unit = counts.unit_of(count);
        let is_paid = unit.is_some() && self.path.iter().any(|(it, _)| counts.unit_of(*it) == unit);
        if is_paid { 0 } else { counts.cost(count) }
    }

    fn go(&mut self, counts: &Counts, count: usize, by: i64) {
        self.path.push((count, by));
        self.shift(counts, count, by);
    }

    fn go_back(&mut self, counts: &Counts) {
        if let Some((count, by)) = self.path.pop() {
            self.shift(counts, count, -by);
        }
    }

    fn shift(&mut self, counts: &Counts, count: usize, by: i64) {
        if let Some(moved) = self.moved.get_mut(count) {
            *moved += by;
        }
        for (sum, sign) in counts.sums_of(count) {
            let Some(off) = self.off.get_mut(*sum) else { continue };
            *off += sign * by;
            if *off == 0 {
                self.open.remove(sum);
            } else {
                self.open.insert(*sum);
            }
        }
    }
}
