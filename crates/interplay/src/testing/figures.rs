//! Figures that came out, beside those that are expected.

use interplay_compile::catalog::test::{Amount, Expect, Wanted};
use interplay_compile::figures::Placed;
use interplay_compile::indicator::Figure;
use interplay_compile::query::cells::Cell;
use interplay_compile::query::measure::Measured;
use interplay_diagnostic::{Sources, Spanned};

use crate::session::words;
use crate::times;

/// Figures this near to what is expected are as expected: the last digits of a division.
const NEAR: f64 = 1e-9;

/// One figure that is not as expected.
#[derive(Clone, Debug)]
pub struct Differing {
    /// `f`, `2024, f`; none of a figure without a breakdown
    pub heading: Option<String>,
    /// What is expected, as it is written.
    pub expected: String,
    /// What came out.
    pub found: Found,
    /// `%`, `nights`
    pub unit: Option<String>,
    /// Which of the figures it is, among all that came out.
    pub(super) place: Option<usize>,
    pub(super) wanted: Wanted,
}

/// A figure that came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// A number; of a share, from 0 to 1.
    Value(f64),
    /// There is none.
    Missing,
    /// Nobody delivered anything for it.
    NoData,
    /// It is withheld.
    Withheld,
    /// The breakdown has no such heading.
    NoHeading,
}

/// A figure with its headings.
#[derive(Clone, Debug)]
pub(super) struct Told {
    headings: Vec<String>,
    pub(super) found: Found,
    pub(super) figure: Figure,
}

impl Told {
    pub(super) fn new(
        measured: &Measured,
        cell: Option<&Cell>,
        placed: &Placed,
        (hidden, has_data): (bool, bool),
    ) -> Self {
        let mut headings = times::headings(cell, &measured.kinds);
        headings.extend(placed.groups.iter().map(|group| group.heading()));
        let found = match placed.figure.value {
            _ if hidden => Found::Withheld,
            _ if !has_data => Found::NoData,
            Some(value) => Found::Value(value),
            None => Found::Missing,
        };
        Self { headings, found, figure: placed.figure.clone() }
    }

    /// Whether it is the total of all breakdowns.
    pub(super) fn is_total(&self) -> bool {
        self.headings.iter().all(|heading| heading == "total")
    }
}

/// The figures that are not as expected.
pub(super) fn differing(
    told: &[Told],
    expect: &Expect,
    unit: Option<&str>,
    sources: &Sources,
) -> Vec<Differing> {
    let mut asked = Vec::new();
    flatten(&expect.wanted, &mut Vec::new(), &mut asked);
    let within = expect.within.as_ref();
    let mut differing = Vec::new();
    for (headings, wanted) in asked {
        let place = told.iter().position(|told| told.headings == headings);
        let found = place.and_then(|at| told.get(at)).map_or(Found::NoHeading, |told| told.found);
        if is_as(found, &wanted.item, within.map(|within| &within.item)) {
            continue;
        }
        let about = within
            .map_or(String::new(), |within| format!(" within {}", words(sources, within.span)));
        differing.push(Differing {
            heading: (!headings.is_empty()).then(|| headings.join(", ")),
            expected: format!("{}{about}", written(wanted, sources)),
            found,
            unit: unit.map(str::to_owned),
            place,
            wanted: wanted.item.clone(),
        });
    }
    differing
}

/// What is expected under which headings.
fn flatten<'w>(
    wanted: &'w Spanned<Wanted>,
    headings: &mut Vec<String>,
    into: &mut Vec<(Vec<String>, &'w Spanned<Wanted>)>,
) {
    match &wanted.item {
        Wanted::Rows(rows) => {
            for (heading, wanted) in rows {
                headings.push(heading.item.clone());
                flatten(wanted, headings, into);
                headings.pop();
            }
        }
        _ => into.push((headings.clone(), wanted)),
    }
}

/// As its author wrote it; an empty cell says `missing`.
fn written(wanted: &Spanned<Wanted>, sources: &Sources) -> String {
    match words(sources, wanted.span) {
        empty if empty.is_empty() => "missing".to_owned(),
        text => text,
    }
}

/// Whether a figure is as expected.
pub(super) fn is_as(found: Found, wanted: &Wanted, within: Option<&Amount>) -> bool {
    match (found, wanted) {
        (Found::Value(found), Wanted::Figure(amount)) => {
            let last_digits = NEAR * amount.value.abs().max(1.0);
            let off = within.map_or(0.0, |within| within.value) + last_digits;
            (found - amount.value).abs() <= off
        }
        (Found::Missing, Wanted::Missing)
        | (Found::NoData, Wanted::NoData)
        | (Found::Withheld, Wanted::Withheld) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use interplay_compile::catalog::test::{Amount, Wanted};

    use super::{Found, is_as};

    #[test]
    fn a_figure_may_be_as_far_off_as_is_said_and_no_further() {
        let amount = |value| Amount { value, unit: None };
        let wanted = Wanted::Figure(amount(0.333));
        assert!(is_as(Found::Value(1.0 / 3.0), &wanted, Some(&amount(0.001))));
        assert!(!is_as(Found::Value(1.0 / 3.0), &wanted, Some(&amount(0.0001))));
        assert!(!is_as(Found::Value(1.0 / 3.0), &wanted, None));
        assert!(is_as(Found::Value(1.0 / 3.0), &Wanted::Figure(amount(1.0 / 3.0)), None));
        assert!(!is_as(Found::Missing, &wanted, Some(&amount(1.0))));
        assert!(is_as(Found::Withheld, &Wanted::Withheld, None));
    }
}
