//! semantics.md, "Comparisons": the other period, and the figures of both side by side.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use interplay_syntax::tree::{Compare, Expr};

use super::figure::Figure;
use super::kind::Kind;
use super::statistics::difference;
use super::time::Period;
use super::world::World;
use super::{Cell, Codebook, ORGANISATION, figure_of, is_silent};

type Dates = (NaiveDate, NaiveDate);

/// The period with which one is compared.
pub(super) fn period(book: &Codebook<'_>, compare: &Compare, (first, last): Dates) -> Dates {
    let whole = Period { first, last };
    let found = match compare {
        Compare::Previous(None) => whole.before(),
        Compare::Previous(Some(word)) => {
            let kind = Kind::named(book, &word.item).expect("a kind of period");
            kind.before(first).expect("there is one before")
        }
        Compare::SamePeriodLast(word) => {
            let months = Months::new(match word.item.as_str() {
                "year" | "school_year" => 12,
                "quarter" => 3,
                other => panic!("the oracle does not know `same period last {other}`"),
            });
            Period { first: first - months, last: last + Days::new(1) - months - Days::new(1) }
        }
        Compare::Span(span) => match &span.item {
            Expr::Period(text) | Expr::Number(text) => Period::written(text).expect("a period"),
            other => panic!("the oracle does not compare with {other:?}"),
        },
    };
    (found.first, found.last)
}

/// The cells of both periods as one answer, a cell for each heading of either. Under a heading of
/// one side only there is nobody on the other: its figure is that of no one.
pub(super) fn beside(
    (book, world): (&Codebook<'_>, &World),
    (these, those): (Vec<Cell>, Vec<Cell>),
    (period, other): (Period, Dates),
) -> Vec<Cell> {
    let nobody = |cell: &Cell, period: Period| {
        let mut groups = cell.groups.iter();
        let organisation = groups.find(|(name, _)| name == ORGANISATION);
        let organisation = organisation.and_then(|(_, heading)| heading.as_deref());
        let figure = if is_silent(book, world, (&cell.measure, organisation), period) {
            Figure::default()
        } else {
            figure_of(book, &cell.measure, &[])
        };
        super::cell(period, cell.groups.clone(), &cell.measure, figure)
    };
    let other_period = Period { first: other.0, last: other.1 };
    let key = |cell: &Cell| (cell.groups.clone(), cell.measure.clone());
    let mut others: BTreeMap<_, Cell> = those.into_iter().map(|cell| (key(&cell), cell)).collect();
    let mut cells = Vec::new();
    for mut cell in these {
        let that = others.remove(&key(&cell)).unwrap_or_else(|| nobody(&cell, other_period));
        cell.compared = Some((that.value, other));
        cell.compared_sizes = sizes(&that);
        cell.between = between(&cell, &that);
        cells.push(cell);
    }
    for cell in others.into_values() {
        let (compared, compared_sizes) = (Some((cell.value, other)), sizes(&cell));
        cells.push(Cell { compared, compared_sizes, ..nobody(&cell, period) });
    }
    cells
}

/// `target` or `baseline`, if that is what stands there.
pub(super) fn declared(compare: &Compare) -> Option<&str> {
    match compare {
        Compare::Span(span) => match &span.item {
            Expr::Name(word) if word == "target" || word == "baseline" => Some(word),
            _ => None,
        },
        Compare::Previous(_) | Compare::SamePeriodLast(_) => None,
    }
}

/// Each cell beside what is declared for it.
pub(super) fn with_declared(mut cells: Vec<Cell>, word: &str) -> Vec<Cell> {
    for cell in &mut cells {
        let declared = if word == "target" { cell.aim.target } else { cell.aim.baseline };
        let (value, period) = declared.unzip();
        cell.compared = Some((value, period.unwrap_or(cell.period)));
    }
    cells
}

/// How large a figure is, and what is not known of it.
fn sizes(cell: &Cell) -> [Option<f64>; 7] {
    let (low, high) = cell.interval;
    let unknown = Some(cell.unknown);
    [cell.numerator, cell.denominator, unknown, cell.lower, cell.upper, low, high]
}

/// The interval of the difference.
fn between(cell: &Cell, beside: &Cell) -> (Option<f64>, Option<f64>) {
    let (Some(one), Some(other)) = (cell.made, beside.made) else { return (None, None) };
    let (Some(this), Some(that)) = (cell.unrounded, beside.unrounded) else { return (None, None) };
    difference(one, other, this - that).unzip()
}
