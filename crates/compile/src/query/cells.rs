//! Into which periods a query is cut: `by year, week`.
//!
//! A period belongs to the coarser one in which it begins, and is not cut at its end; only the
//! query's own period cuts.

use super::measure::Measured;
use crate::calendar::Period;
use crate::calendar::kind::PeriodKind;

/// The heading of the whole.
pub const TOTAL: &str = "total";

/// The heading of what begins in none of the coarser periods.
pub const NONE: &str = "none";

/// One period of a query, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its days.
    pub period: Period,
    /// For each kind of period asked for, under which it stands.
    pub under: Vec<Under>,
}

/// Under which period of a kind a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// Under one of them, perhaps cut by the query's period; or it is that one itself.
    One(Period),
    /// It begins in none.
    None,
    /// It is that of all together.
    Total,
}

impl Cell {
    /// What it stands under, of the kinds asked for: `2024`, `total`
    #[must_use]
    pub fn heading(&self, at: usize, kinds: &[PeriodKind]) -> String {
        match (self.under.get(at), kinds.get(at)) {
            (Some(Under::One(period)), Some(kind)) => kind.name(*period),
            (Some(Under::None), _) => NONE.to_owned(),
            _ => TOTAL.to_owned(),
        }
    }

    /// Whether it has days after the end of the coarser period under which it stands.
    #[must_use]
    pub fn reaches_beyond(&self) -> bool {
        let mut under = self.under.iter().rev().skip_while(|under| **under == Under::Total);
        under.next();
        let above = under.find_map(|under| match under {
            Under::One(period) => Some(period.last),
            Under::None | Under::Total => None,
        });
        above.is_some_and(|last| self.period.last > last)
    }
}

/// Of each cell that is that of several together, by its place, the places of those.
#[must_use]
pub fn families(cells: &[Cell]) -> Vec<(usize, Vec<usize>)> {
    let split = |cell: &Cell| cell.under.iter().position(|under| *under == Under::Total);
    let family = |(at, total): (usize, &Cell)| {
        let first = split(total)?;
        let above = total.under.get(..first);
        let is_part = |cell: &Cell| {
            cell.under.get(..first) == above && split(cell).unwrap_or(cell.under.len()) == first + 1
        };
        let parts = cells.iter().enumerate().filter(|(_, cell)| is_part(cell));
        Some((at, parts.map(|(at, _)| at).collect()))
    };
    cells.iter().enumerate().filter_map(family).collect()
}

impl Measured {
    /// The cells of `whole`, the query's period: each coarser one after those that begin in it,
    /// the whole last.
    #[must_use]
    pub fn cells(&self, whole: Period) -> Vec<Cell> {
        let mut cells = Vec::new();
        below(&self.kinds, whole, &|_| true, &[], &mut cells);
        cells.push(Cell { period: whole, under: vec![Under::Total; self.kinds.len()] });
        cells
    }
}

/// The cells of the first of `kinds` that begin where `begins` says so, and of the finer ones in
/// each.
fn below(
    kinds: &[PeriodKind],
    whole: Period,
    begins: &dyn Fn(Period) -> bool,
    above: &[Under],
    cells: &mut Vec<Cell>,
) {
    let Some((kind, finer)) = kinds.split_first() else { return };
    let all = kind.cut(whole);
    for part in all.iter().copied().filter(|part| begins(*part)) {
        let under: Vec<Under> = above.iter().copied().chain([Under::One(part)]).collect();
        let begins_here = |other: Period| part.first <= other.first && other.first <= part.last;
        below(finer, whole, &|other| begins(other) && begins_here(other), &under, cells);
        let totals = finer.iter().map(|_| Under::Total);
        cells.push(Cell { period: part, under: under.into_iter().chain(totals).collect() });
    }
    let is_in_one = |other: Period| {
        all.iter().any(|part| part.first <= other.first && other.first <= part.last)
    };
    let under: Vec<Under> = above.iter().copied().chain([Under::None]).collect();
    below(finer, whole, &|other| begins(other) && !is_in_one(other), &under, cells);
}
