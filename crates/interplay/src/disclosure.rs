//! Small numbers of people are withheld (first part of the policy).
//!
//! A figure that counts from 1 to 4 people (the range is declared) is withheld, and one further
//! figure in each row and each column that would otherwise give it away by subtraction. What
//! comparisons and differences between queries give away is not yet looked at.

use std::collections::BTreeMap;

use interplay_compile::catalog::Disclosure;
use interplay_compile::figures::{Group, Placed};

/// What of each figure is withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Withheld {
    /// The figure as a whole.
    pub(crate) figure: bool,
    /// For how many it is unknown, and the bounds that tell it.
    pub(crate) unknown: bool,
}

/// Which of the figures are withheld, in the same order.
pub(crate) fn withheld(placed: &[Placed], policy: Disclosure) -> Vec<Withheld> {
    let Disclosure::Protected { most, .. } = policy else {
        return vec![Withheld::default(); placed.len()];
    };
    let small = |count: f64| policy.is_small(count);
    let lines = lines(placed);
    let figures: Vec<bool> = placed.iter().map(|it| gives_away(it, &small)).collect();
    let most = f64::from(most);
    let figures = protected(&lines, figures, most, &|at| placed.get(at).map_or(0.0, size));
    // What is unknown of a withheld figure is not shown either.
    let open = |it: &Placed| it.figure.unknown_people.unwrap_or(it.figure.unknown);
    let unknown = placed.iter().zip(&figures).map(|(it, gone)| *gone || small(open(it)));
    let size = |at: usize| placed.get(at).map_or(0.0, open);
    let unknown = protected(&lines, unknown.collect(), most, &size);
    let both = figures.into_iter().zip(unknown);
    both.map(|(figure, unknown)| Withheld { figure, unknown }).collect()
}

/// Hides further parts until no line has a single hidden one: hiding one more cell of a row can
/// leave a column with a lone one.
fn protected(
    lines: &[Line],
    mut hidden: Vec<bool>,
    most: f64,
    size: &dyn Fn(usize) -> f64,
) -> Vec<bool> {
    loop {
        let before = hidden.clone();
        for line in lines {
            protect(line, most, size, &mut hidden);
        }
        if hidden == before {
            return hidden;
        }
    }
}

/// Whether a figure shows a small number of people, or lets it be computed from itself.
fn gives_away(placed: &Placed, small: &dyn Fn(f64) -> bool) -> bool {
    placed.figure.people().into_iter().any(small)
}

/// Figures that differ in one breakdown only, with their total if it is there.
#[derive(Debug, Default)]
struct Line {
    parts: Vec<usize>,
    total: Option<usize>,
}

fn lines(placed: &[Placed]) -> Vec<Line> {
    let mut lines: BTreeMap<(usize, usize, usize, Vec<Group>), Line> = BTreeMap::new();
    for (at, one) in placed.iter().enumerate() {
        for breakdown in 0..one.groups.len() {
            let mut others = one.groups.clone();
            let own = others.remove(breakdown);
            let line = lines.entry((one.cell, one.measure, breakdown, others)).or_default();
            if own == Group::Total {
                line.total = Some(at);
            } else {
                line.parts.push(at);
            }
        }
    }
    lines.into_values().collect()
}

/// What is hidden of a line must not follow from what is shown of it: one hidden member alone is
/// the difference of the others, and hidden parts that together are no more than a small number
/// are known too. So one more is hidden, the smallest that shows somebody, else one of nobody,
/// else the total.
fn protect(line: &Line, most: f64, size: &dyn Fn(usize) -> f64, hidden: &mut [bool]) {
    let Some(total) = line.total else { return };
    let is_hidden = |at: &usize| hidden.get(*at).copied().unwrap_or(false);
    let parts = line.parts.iter().filter(|at| is_hidden(at));
    let count = parts.clone().count() + usize::from(is_hidden(&total));
    let sum: f64 = parts.map(|at| size(*at)).sum();
    let safe = count == 0 || (count > 1 && (is_hidden(&total) || sum > most));
    if safe {
        return;
    }
    let shown = line.parts.iter().filter(|at| !is_hidden(at));
    let next = shown.copied().min_by(|one, two| {
        let rank = |at: &usize| (size(*at) <= 0.0, size(*at));
        let (one, two) = (rank(one), rank(two));
        one.0.cmp(&two.0).then(one.1.total_cmp(&two.1))
    });
    if let Some(place) = hidden.get_mut(next.unwrap_or(total)) {
        *place = true;
    }
}

fn size(placed: &Placed) -> f64 {
    let figure = &placed.figure;
    if figure.unknown_people.is_some() {
        // Of rows, of how many subjects they are.
        let some = figure.sizes.iter().copied().filter(|size| *size > 0.0);
        return some.reduce(f64::min).unwrap_or(0.0);
    }
    figure.denominator.or(figure.numerator).or(figure.behind).or(figure.value).unwrap_or(0.0)
}

/// The counts of `explain`: of each step how many it kept, dropped and left unknown. A step's
/// three add up to what the step before it kept, so the whole chain is protected together.
pub(crate) fn attrition(steps: &[[f64; 3]], policy: Disclosure) -> Vec<[Option<f64>; 3]> {
    let Disclosure::Protected { most, .. } = policy else {
        return steps.iter().map(|counts| counts.map(Some)).collect();
    };
    let counts: Vec<f64> = steps.iter().flatten().copied().collect();
    let lines = (1..steps.len()).map(|step| Line {
        parts: (3 * step..3 * step + 3).collect(),
        total: Some(3 * (step - 1)),
    });
    let lines: Vec<Line> = lines.collect();
    let small = |count: &f64| policy.is_small(*count);
    let hidden = counts.iter().map(small).collect();
    let size = |at: usize| counts.get(at).copied().unwrap_or(0.0);
    let hidden = protected(&lines, hidden, f64::from(most), &size);
    let shown = counts.iter().zip(hidden).map(|(count, hidden)| (!hidden).then_some(*count));
    let shown: Vec<Option<f64>> = shown.collect();
    shown.chunks_exact(3).filter_map(|three| three.try_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use interplay_compile::calendar::{Period, date};
    use interplay_compile::catalog::Disclosure;
    use interplay_compile::figures::{Group, Placed};
    use interplay_compile::indicator::Figure;

    use super::{Line, Withheld, attrition, protected, withheld};

    fn hidden(rows: &[Placed]) -> Vec<bool> {
        let found = withheld(rows, Disclosure::default());
        found.into_iter().map(|it| it.figure).collect()
    }

    fn counts(rows: &[(&str, f64)]) -> Vec<Placed> {
        let period =
            Period { first: date("2025-01-01").unwrap(), last: date("2025-12-31").unwrap() };
        let placed = rows.iter().enumerate().map(|(at, (group, count))| Placed {
            cell: 0,
            period,
            groups: vec![match *group {
                "total" => Group::Total,
                text => Group::Value(at, text.to_owned()),
            }],
            measure: 0,
            figure: Figure { value: Some(*count), numerator: Some(*count), ..Figure::default() },
        });
        placed.collect()
    }

    #[test]
    fn a_lone_small_count_hides_the_next_smallest() {
        let rows = counts(&[("a", 3.0), ("b", 20.0), ("c", 9.0), ("total", 32.0)]);
        assert_eq!(hidden(&rows), [true, false, true, false]);
    }

    #[test]
    fn two_small_counts_hide_each_other() {
        let rows = counts(&[("a", 3.0), ("b", 2.0), ("c", 9.0), ("total", 14.0)]);
        assert_eq!(hidden(&rows), [true, true, false, false]);
    }

    #[test]
    fn a_line_of_one_hides_its_total() {
        let rows = counts(&[("a", 3.0), ("total", 3.0)]);
        assert_eq!(hidden(&rows), [true, true]);
    }

    #[test]
    fn a_small_number_of_unknown_is_withheld_and_the_figure_stays() {
        let mut rows = counts(&[("a", 30.0), ("b", 20.0), ("total", 50.0)]);
        for (row, unknown) in rows.iter_mut().zip([2.0, 9.0, 11.0]) {
            row.figure.unknown = unknown;
        }
        let found = withheld(&rows, Disclosure::default());
        assert!(found.iter().all(|it| !it.figure));
        assert_eq!(found.iter().map(|it| it.unknown).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn without_a_policy_everything_is_shown() {
        let rows = counts(&[("a", 3.0), ("total", 3.0)]);
        assert_eq!(withheld(&rows, Disclosure::None), [Withheld::default(); 2]);
        let steps = [[11.0, 0.0, 0.0], [2.0, 9.0, 0.0]];
        assert_eq!(attrition(&steps, Disclosure::None), steps.map(|step| step.map(Some)));
    }

    #[test]
    fn a_hidden_total_alone_hides_a_part() {
        // Both parts of 5 show nobody too few, but their total is hidden in another line.
        let line = Line { parts: vec![0, 1], total: Some(2) };
        let sizes = [5.0, 6.0, 11.0];
        let found = protected(&[line], vec![false, false, true], 4.0, &|at| sizes[at]);
        assert_eq!(found, [true, false, true]);
    }

    #[test]
    fn two_ones_are_not_told_by_their_sum() {
        let rows = counts(&[("a", 1.0), ("b", 1.0), ("c", 9.0), ("d", 20.0), ("total", 31.0)]);
        assert_eq!(hidden(&rows), [true, true, true, false, false]);
    }

    #[test]
    fn a_step_of_explain_is_not_told_by_the_next() {
        // 53 known, 51 kept and 2 dropped; then 20 of the 51 kept and 31 dropped.
        let steps = [[53.0, 0.0, 0.0], [51.0, 2.0, 0.0], [20.0, 31.0, 0.0]];
        let shown = attrition(&steps, Disclosure::default());
        assert_eq!(shown[1][1], None);
        let [_, [kept, _, unknown], [next, dropped, open]] = shown[..] else { panic!() };
        let following = next.zip(dropped).zip(open).is_some();
        assert!((kept.is_none() && !following) || unknown.is_none(), "{shown:?}");
    }
}
