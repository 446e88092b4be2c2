//! Breakdowns as columns of figures: what they are called, and what a heading is.

use std::collections::BTreeSet;

use interplay_compile::dimension::{Dimension, Domain};
use interplay_compile::query::cells::Cell;
use interplay_compile::query::measure::Measured;

use crate::outcome::Breakdown;
use crate::times;

/// The other columns that figures may have, those with which files say where they come from among
/// them: no breakdown is called so.
const TAKEN: [&str; 40] = [
    "attained",
    "baseline",
    "compared",
    "compared_period",
    "compared_status",
    "compared_unfinished",
    "counted",
    "data_date",
    "denominator",
    "deviation",
    "difference",
    "difference_high",
    "difference_low",
    "effect_size",
    "effective_n",
    "events",
    "expected",
    "goals",
    "improved",
    "interval_high",
    "interval_low",
    "key",
    "library",
    "lower",
    "measure",
    "not_yet",
    "numerator",
    "period",
    "person_years",
    "reached",
    "snapshot",
    "status",
    "target",
    "target_status",
    "unfinished",
    "unit",
    "unknown",
    "upper",
    "value",
    "version",
];

/// The breakdowns of a query, those of time first. `further` are columns that its figures have
/// besides.
pub(crate) fn breakdowns(
    measured: &Measured,
    cells: &[Cell],
    further: BTreeSet<String>,
) -> Vec<Breakdown> {
    let others = measured.breakdowns.iter().map(breakdown);
    let mut all: Vec<Breakdown> =
        times::breakdowns(&measured.kinds, cells).into_iter().chain(others).collect();
    let mut taken = further;
    taken.extend(TAKEN.map(str::to_owned));
    for breakdown in &mut all {
        breakdown.column = free(breakdown.name.clone(), &mut taken);
    }
    // Last, so that what they are called moves no breakdown.
    for breakdown in &mut all {
        if let Some(kinds) = breakdown.kinds.take() {
            breakdown.kinds = Some(free(kinds, &mut taken));
        }
    }
    all
}

fn breakdown(dimension: &Dimension) -> Breakdown {
    let labels = match &dimension.domain {
        Domain::Codes { codes, .. } => codes.clone(),
        Domain::Involvement { organisations } => organisations.clone(),
        Domain::Bands { .. } | Domain::Texts { .. } => Vec::new(),
    };
    let name = dimension.name.clone();
    // A text may be anything, `total` too. What else is declared is never called so.
    let is_text = matches!(dimension.domain, Domain::Texts { .. });
    let kinds = is_text.then(|| format!("{name}_is"));
    Breakdown { column: name.clone(), name, labels, is_time: false, kinds }
}

/// The name, or one behind `by_` where another column is called so.
fn free(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.insert_str(0, "by_");
    }
    name
}
