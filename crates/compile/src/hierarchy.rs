//! Codes that lie within each other: neighbourhoods in districts, districts in a city, as that
//! changes in time.
//!
//! Where a code lies is asked of one day. A term keeps the whole tree; lowering knows the day and
//! makes a table of it, from each code to the one it lies in.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{self, Expr, Timing};

use crate::calendar::Period;
use crate::catalog::CodeList;
use crate::check::{Checker, Scope};
use crate::expression::{Checked, truth};
use crate::problems;
use crate::term::Term;
use crate::types::Type;

/// `levels: neighbourhood, district` and the rows of `tree { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tree {
    /// The list it belongs to: `area`
    pub list: String,
    /// From the finest to the coarsest.
    pub levels: Vec<String>,
    /// In the order written.
    // Invariant: a code stands at one level, and on each day in one row at most.
    pub rows: Vec<Place>,
}

/// `canal | Canal side | neighbourhood | north | 2024-01-01 |`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// `canal`
    pub code: String,
    /// Its place in [`Tree::levels`].
    pub level: usize,
    /// `north`
    pub within: Option<String>,
    /// The first day, if there is one.
    pub from: Option<NaiveDate>,
    /// The first day on which it no longer holds, if there is one.
    pub until: Option<NaiveDate>,
}

impl Place {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

impl Tree {
    /// The level of a code.
    #[must_use]
    pub fn level_of(&self, code: &str) -> Option<usize> {
        self.rows.iter().find(|row| row.code == code).map(|row| row.level)
    }

    /// Where a code lies on `day`; nowhere before it begins and after it ends.
    #[must_use]
    pub fn place(&self, code: &str, day: NaiveDate) -> Option<&Place> {
        self.rows.iter().find(|row| row.code == code && row.holds(day))
    }

    /// The code of a level in which `code` lies on `day`, or which it is.
    #[must_use]
    pub fn ancestor(&self, code: &str, level: usize, day: NaiveDate) -> Option<&str> {
        let mut place = self.place(code, day)?;
        // Every step leads to a coarser level, of which there are so many.
        for _ in 0..self.levels.len() {
            if place.level == level {
                return Some(&place.code);
            }
            place = self.place(place.within.as_deref()?, day)?;
        }
        None
    }

    /// Every code that has one, with the code of a level in which it lies on `day`.
    #[must_use]
    pub fn lifted(&self, level: usize, day: NaiveDate) -> Vec<(&str, &str)> {
        let there = self.rows.iter().filter(|row| row.holds(day));
        there
            .filter_map(|row| Some((row.code.as_str(), self.ancestor(&row.code, level, day)?)))
            .collect()
    }

    /// The days from which on something is otherwise, in order.
    #[must_use]
    pub fn changes(&self) -> Vec<NaiveDate> {
        let days = self.rows.iter().flat_map(|row| [row.from, row.until]).flatten();
        days.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// `neighbourhood at level district`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lifted {
    /// The code.
    pub value: Term,
    /// The day on which the tree is looked at.
    pub at: Term,
    /// How the codes lie within each other.
    pub tree: Arc<Tree>,
    /// The level, by its place in the tree's.
    pub level: usize,
}

/// Which codes of a list with levels are headings of a breakdown.
#[derive(Clone, Debug)]
pub struct Headings {
    /// The tree.
    pub tree: Arc<Tree>,
    /// The level.
    pub level: usize,
    /// The day on which the tree is looked at.
    pub at: Term,
}

impl Headings {
    /// Those of a value: of its level, else of the finest.
    pub(crate) fn of(term: &Term, tree: Arc<Tree>, list: &str) -> Self {
        let level = parts(list).and_then(|(_, own)| tree.levels.iter().position(|it| it == own));
        let at = kept(term).unwrap_or(Term::PeriodStart);
        Self { tree, level: level.unwrap_or(0), at }
    }

    /// The day, in a cell.
    #[must_use]
    pub fn day(&self, cell: Period) -> Option<NaiveDate> {
        let known = !self.at.mentions_data_date();
        known.then(|| self.at.fixed_date(cell.last, Some(cell))).flatten()
    }

    /// Whether a code stands as a heading of the cell though nobody is under it.
    #[must_use]
    pub fn stands(&self, code: &str, cell: Period) -> bool {
        let of_level = self.tree.level_of(code) == Some(self.level);
        of_level && self.day(cell).is_none_or(|day| self.tree.place(code, day).is_some())
    }

    /// Whether these are codes of another level of the same tree.
    #[must_use]
    pub fn nests(&self, other: &Self) -> bool {
        self.tree == other.tree && self.level != other.level
    }

    /// Whether the codes of two levels of one tree can meet in a cell: one lies in the other.
    #[must_use]
    pub fn meet(&self, own: &str, other: &Self, theirs: &str, cell: Period) -> bool {
        let (Some(day), Some(their_day)) = (self.day(cell), other.day(cell)) else { return true };
        if day != their_day {
            return true;
        }
        if self.level < other.level {
            self.tree.ancestor(own, other.level, day) == Some(theirs)
        } else {
            self.tree.ancestor(theirs, self.level, day) == Some(own)
        }
    }
}

/// Stands in the name of a list between that of the whole list and that of a level.
const AT_LEVEL: &str = " at level ";

/// The codes of one level of a list, as a list of its own: `area at level district`
pub(crate) fn of_level(list: &CodeList, level: &str) -> Option<CodeList> {
    let tree = list.tree.as_ref()?;
    let level_at = tree.levels.iter().position(|known| known == level)?;
    let mut own = list.clone();
    own.name = named(&list.name, level);
    own.groups.clear();
    own.codes.retain(|(code, _)| tree.level_of(code) == Some(level_at));
    Some(own)
}

/// The whole list and the level, if the name is that of a level.
pub(crate) fn parts(name: &str) -> Option<(&str, &str)> {
    name.split_once(AT_LEVEL)
}

fn named(list: &str, level: &str) -> String {
    format!("{list}{AT_LEVEL}{level}")
}

/// An expression and the date of `at tree of` around it.
type Dated<'t> = (&'t Spanned<Expr>, Option<&'t Spanned<Expr>>);

/// `X at tree of DATE`, taken apart.
pub(crate) fn dated(expr: &Spanned<Expr>) -> Dated<'_> {
    match &expr.item {
        Expr::Timed { operand, timing } => match &timing.item {
            // What is lifted keeps the day of its tree.
            Timing::AtTree(at) if !is_lifted(&operand.item) => (operand, Some(at)),
            _ => (expr, None),
        },
        Expr::Parenthesised(inner) => match dated(inner) {
            (_, None) => (expr, None),
            found => found,
        },
        _ => (expr, None),
    }
}

fn is_lifted(expr: &Expr) -> bool {
    matches!(expr, Expr::Timed { timing, .. } if matches!(timing.item, Timing::AtLevel(_)))
}

impl Checker<'_> {
    /// `X at level district`, `X at level district at tree of 2020-01-01`
    pub(crate) fn at_level(
        &mut self,
        scope: &Scope,
        operand: &Spanned<Expr>,
        (level, at): (&tree::Word, Option<&Spanned<Expr>>),
    ) -> Option<Checked> {
        let (operand, inner) = dated(operand);
        let (value, kind) = self.value(scope, operand)?;
        let found = match &kind {
            Type::Code(list) => self.code_list(list).and_then(|list| list.tree),
            _ => None,
        };
        let Some(tree) = found else {
            return self.note(problems::no_levels(&kind.to_string(), operand.span));
        };
        let Some(found) = tree.levels.iter().position(|known| *known == level.item) else {
            let known = tree.levels.iter().map(String::as_str);
            return self.note(problems::unknown_name("level", &level.item, level.span, known));
        };
        if scope.mapped.is_some() {
            return self.note(problems::not_available("`at level` in a source", level.span));
        }
        let at = self.tree_day(scope, at.or(inner), &value)?;
        let list = named(&tree.list, &level.item);
        let term = lifted(value, &tree, found, at);
        Some(Checked::Value(term, Type::Code(list)))
    }

    /// `X at level district` or `X at level district at tree of D`, or a problem where `at tree of`
    /// stands alone.
    pub(crate) fn at_tree(
        &mut self,
        scope: &Scope,
        operand: &Spanned<Expr>,
        at: &Spanned<Expr>,
    ) -> Option<Checked> {
        if let Expr::Timed { operand, timing } = &operand.item
            && let Timing::AtLevel(level) = &timing.item
        {
            return self.at_level(scope, operand, (level, Some(at)));
        }
        self.note(problems::tree_of_what(operand.span.to(at.span)))
    }

    /// The day of the tree: that of `at tree of`, else that of a value at a level, else the first
    /// of the period.
    fn tree_day(
        &mut self,
        scope: &Scope,
        at: Option<&Spanned<Expr>>,
        value: &Term,
    ) -> Option<Term> {
        match at {
            Some(at) => self.date(scope, at),
            None => Some(kept(value).unwrap_or(Term::PeriodStart)),
        }
    }

    /// Whether a value is one of some codes of `list`, or lies in one of them.
    pub(crate) fn member(
        &mut self,
        scope: &Scope,
        (value, list): (Term, &str),
        at: Option<&Spanned<Expr>>,
        symbols: &[String],
    ) -> Option<Checked> {
        let own = parts(list).map(|(_, level)| level.to_owned());
        let tree = self.code_list(list).and_then(|list| list.tree);
        let itself = Term::In { value: Box::new(value.clone()), symbols: symbols.to_vec() };
        let Some(tree) = tree else {
            if let Some(at) = at {
                let found = format!("a code of `{list}`");
                return self.note(problems::no_levels(&found, at.span));
            }
            return Some(truth(itself));
        };
        let own = own.and_then(|own| tree.levels.iter().position(|level| *level == own));
        let at = self.tree_day(scope, at, &value)?;
        let levels: BTreeSet<usize> =
            symbols.iter().filter_map(|code| tree.level_of(code)).collect();
        let mut term = itself;
        for level in levels {
            // What was lifted to a level is a code of it; rows of a delivery know no period.
            if Some(level) == own || scope.mapped.is_some() {
                continue;
            }
            let codes = symbols.iter().filter(|code| tree.level_of(code) == Some(level));
            let inside = lifted(value.clone(), &tree, level, at.clone());
            let symbols = codes.cloned().collect();
            term = term.or(Term::In { value: Box::new(inside), symbols });
        }
        Some(truth(term))
    }
}

/// The day of the tree by which a value was lifted to its level, also that of another subject.
fn kept(value: &Term) -> Option<Term> {
    match value {
        Term::Lifted(lifted) => Some(lifted.at.clone()),
        Term::Of { subject, reference, term } => {
            let (subject, reference) = (subject.clone(), reference.clone());
            let at = kept(term)?;
            let of = |at| Term::Of { subject, reference, term: Box::new(at) };
            Some(if is_alike(&at) { at } else { of(at) })
        }
        _ => None,
    }
}

/// Whether a date is the same whoever is asked about, in one period.
fn is_alike(date: &Term) -> bool {
    match date {
        Term::Date(_)
        | Term::DataDate
        | Term::PeriodStart
        | Term::PeriodEnd
        | Term::PreviousStart
        | Term::PreviousEnd => true,
        Term::Shift { .. } | Term::StartOf { .. } | Term::Edge { .. } | Term::UpTo { .. } => {
            date.children().into_iter().all(is_alike)
        }
        _ => false,
    }
}

fn lifted(value: Term, tree: &Arc<Tree>, level: usize, at: Term) -> Term {
    Term::Lifted(Box::new(Lifted { value, at, tree: Arc::clone(tree), level }))
}

#[cfg(test)]
mod tests {
    use super::{Place, Tree};
    use crate::calendar::date;

    fn row(code: &str, level: usize, within: &str, from: &str, until: &str) -> Place {
        Place {
            code: code.to_owned(),
            level,
            within: Some(within.to_owned()).filter(|it| !it.is_empty()),
            from: date(from),
            until: date(until),
        }
    }

    #[test]
    fn a_code_lies_where_the_day_says() {
        let tree = Tree {
            list: "area".to_owned(),
            levels: ["neighbourhood", "district", "city"].map(str::to_owned).into(),
            rows: vec![
                row("ghent", 2, "", "", ""),
                row("centre", 1, "ghent", "", ""),
                row("north", 1, "ghent", "", ""),
                row("canal", 0, "centre", "", "2024-01-01"),
                row("canal", 0, "north", "2024-01-01", ""),
            ],
        };
        let on = |day: &str, level| tree.ancestor("canal", level, date(day).unwrap());
        assert_eq!(on("2023-12-31", 1), Some("centre"));
        assert_eq!(on("2024-01-01", 1), Some("north"));
        assert_eq!(on("2024-01-01", 2), Some("ghent"));
        assert_eq!(on("2024-01-01", 0), Some("canal"));
        assert_eq!(tree.ancestor("north", 0, date("2024-01-01").unwrap()), None);
        assert_eq!(tree.changes(), [date("2024-01-01").unwrap()]);
    }
}
