//! Numbers of people, how they add up, and what of them is shown.
//!
//! A count is a number of people that stands in a result, or that follows from two that do. Sums
//! say how counts add up: parts to their total. A unit is what is shown or withheld together, such
//! as a figure with its size.

use std::collections::{BTreeMap, BTreeSet};

use super::program;
use super::search::Search;

/// Numbers of people that are shown or withheld, with all that is known of how they add up.
#[derive(Debug, Default)]
pub(super) struct Counts {
    counts: Vec<Count>,
    sums: Vec<Vec<(usize, i64)>>,
    units: Vec<Unit>,
    /// Which count is among which, and who is not.
    contained: Vec<[usize; 3]>,
}

/// A number of people.
#[derive(Debug)]
struct Count {
    value: i64,
    /// With what it is shown; none of one that follows from others and is shown nowhere.
    unit: Option<usize>,
    /// Whether it is a number of people, which is protected.
    is_people: bool,
    /// Whether it is nobody for what is asked: nobody else is ever counted in it.
    is_nobody: bool,
    /// Where it stands: in which sums, as a part (1) or as their total (-1).
    sums: Vec<(usize, i64)>,
}

/// What is shown or withheld together.
#[derive(Debug)]
struct Unit {
    is_hidden: bool,
    /// How much is lost with it.
    cost: u64,
    /// What is never shown without it.
    with: Option<usize>,
}

impl Counts {
    /// Something that is shown or withheld as a whole. What follows is never shown without it.
    pub(super) fn unit(&mut self, cost: u64, with: Option<usize>) -> usize {
        self.units.push(Unit { is_hidden: false, cost, with });
        self.units.len() - 1
    }

    pub(super) fn count(&mut self, value: i64, unit: Option<usize>) -> usize {
        let (is_people, is_nobody) = (true, false);
        self.counts.push(Count { value, unit, is_people, is_nobody, sums: Vec::new() });
        self.counts.len() - 1
    }

    pub(super) fn value(&self, count: usize) -> i64 {
        self.counts.get(count).map_or(0, |it| it.value)
    }

    /// The parts are all of the total. False when they are not.
    pub(super) fn add_up(&mut self, parts: &[usize], total: usize) -> bool {
        let sum: i64 = parts.iter().map(|part| self.value(*part)).sum();
        let is_sum = sum == self.value(total) && !parts.is_empty() && !parts.contains(&total);
        if is_sum {
            let members = parts.iter().map(|part| (*part, 1)).chain([(total, -1)]);
            let members: Vec<(usize, i64)> = members.collect();
            for (count, sign) in &members {
                if let Some(count) = self.counts.get_mut(*count) {
                    count.sums.push((self.sums.len(), *sign));
                }
            }
            self.sums.push(members);
        }
        is_sum
    }

    /// The people of one count are among those of another: who is not is a count, too.
    pub(super) fn contain(&mut self, inner: usize, outer: usize, most: i64) {
        let rest = self.value(outer) - self.value(inner);
        // Further apart than this, what one may be says nothing of what the other may be: while it
        // is made out that a count may be more than `most`, no count moves by more than that.
        if inner != outer && (0..=2 * (most + 1)).contains(&rest) {
            let rest = self.count(rest, None);
            self.add_up(&[inner, rest], outer);
            self.contained.push([inner, outer, rest]);
        }
    }

    /// Of a count that is nobody, whatever the numbers are: men among women.
    pub(super) fn is_nobody(&mut self, count: usize) {
        if let Some(count) = self.counts.get_mut(count) {
            count.is_nobody = count.value == 0;
        }
    }

    fn is_people(&self, count: usize) -> bool {
        self.counts.get(count).is_some_and(|count| count.is_people)
    }

    /// Whether a count may be another number for all that its definition says.
    pub(super) fn may_move(&self, count: usize) -> bool {
        self.counts.get(count).is_some_and(|count| !count.is_nobody)
    }

    /// One count is never above another, and how far they lie apart is no number of people: of the
    /// people whose rows are counted each has one at least.
    pub(super) fn limit(&mut self, inner: usize, outer: usize, most: i64) {
        let rest = self.len();
        self.contain(inner, outer, most);
        if let Some(rest) = self.counts.get_mut(rest) {
            rest.is_people = false;
            self.contained.pop();
        }
    }

    pub(super) fn hide(&mut self, unit: usize) {
        let mut next = Some(unit);
        while let Some(unit) = next.and_then(|at| self.units.get_mut(at)) {
            unit.is_hidden = true;
            next = unit.with;
        }
    }

    pub(super) fn is_hidden(&self, unit: usize) -> bool {
        self.units.get(unit).is_some_and(|unit| unit.is_hidden)
    }

    /// What withholding a count costs: nothing when it is not shown.
    pub(super) fn cost(&self, count: usize) -> u64 {
        let unit = self.unit_of(count).and_then(|unit| self.units.get(unit));
        unit.filter(|unit| !unit.is_hidden).map_or(0, |unit| unit.cost)
    }

    pub(super) fn unit_of(&self, count: usize) -> Option<usize> {
        self.counts.get(count)?.unit
    }

    pub(super) fn sums_of(&self, count: usize) -> &[(usize, i64)] {
        self.counts.get(count).map_or(&[], |count| &count.sums)
    }

    pub(super) fn members(&self, sum: usize) -> &[(usize, i64)] {
        self.sums.get(sum).map_or(&[], Vec::as_slice)
    }

    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    pub(super) fn sum_count(&self) -> usize {
        self.sums.len()
    }

    /// Withholds every count that is small, and as much more until each of them might be more
    /// than `most` for all that is shown.
    pub(super) fn protect(&mut self, is_small: impl Fn(i64) -> bool, most: i64) {
        let small: Vec<usize> = (0..self.len())
            .filter(|count| self.is_people(*count) && is_small(self.value(*count)))
            .collect();
        for unit in small.iter().filter_map(|count| self.unit_of(*count)).collect::<Vec<_>>() {
            self.hide(unit);
        }
        self.hide_around(&is_small);
        let mut work = program::MOST_WORK;
        let mut search = Search::new(self, small.len());
        for count in small {
            while search.value(count) <= most {
                let Some(moved) = search.raised(self, count) else {
                    self.protect_together(count, most, &mut work);
                    break;
                };
                self.hide_all(&moved);
            }
            search.rest();
        }
    }

    /// Withholds a count rather than many that are each a few people less.
    fn hide_around(&mut self, is_small: impl Fn(i64) -> bool) {
        let mut lost: BTreeMap<usize, u64> = BTreeMap::new();
        for [inner, outer, rest] in &self.contained {
            if is_small(self.value(*rest)) && self.cost(*outer) > 0 {
                *lost.entry(*outer).or_default() += self.cost(*inner);
            }
        }
        for (outer, lost) in lost {
            if let Some(unit) = self.unit_of(outer).filter(|_| lost > self.cost(outer)) {
                self.hide(unit);
            }
        }
    }

    /// Moves all counts at once, where moving one person after the other finds no way.
    fn protect_together(&mut self, count: usize, most: i64, work: &mut usize) {
        #[expect(clippy::cast_precision_loss, reason = "a small number of people")]
        let by = (most + 1 - self.value(count)) as f64;
        match program::cheapest(self, count, by, work) {
            Some(moved) => self.hide_all(&moved),
            None => self.hide_all_around(count),
        }
    }

    fn hide_all(&mut self, counts: &[usize]) {
        for count in counts {
            if let Some(unit) = self.unit_of(*count) {
                self.hide(unit);
            }
        }
    }

    /// Withholds everything that is tied to a count.
    fn hide_all_around(&mut self, count: usize) {
        let (mut seen, mut next) = (BTreeSet::from([count]), vec![count]);
        while let Some(count) = next.pop() {
            if let Some(unit) = self.unit_of(count) {
                self.hide(unit);
            }
            let sums = self.sums_of(count).iter().flat_map(|(sum, _)| self.members(*sum));
            let tied: Vec<usize> = sums.map(|(other, _)| *other).collect();
            next.extend(tied.into_iter().filter(|other| seen.insert(*other)));
        }
    }
}
