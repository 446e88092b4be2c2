//! What `explain` shows of the steps of a measure.

use arrow::array::{AsArray, RecordBatch};

use super::{Kind, Number, PERIOD, Role, Table};

/// Those that are explained.
pub(super) const MEASURES: [&str; 4] = ["women", "in_debt", "women_in_debt", "met_in_debt"];

/// Where a step puts somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lot {
    Kept,
    Dropped,
    Unknown,
}

/// Whether the step with this number puts somebody there. Step 0 keeps everyone.
pub(super) fn is_of(measure: &str, at: usize, lot: Lot, kind: &Kind) -> bool {
    let steps = lots(measure, kind);
    let before = steps.iter().take(at).all(|lot| *lot == Lot::Kept);
    before && steps.get(at) == Some(&lot)
}

/// What each step says of somebody, were it asked alone.
fn lots(measure: &str, kind: &Kind) -> Vec<Lot> {
    let of = |holds: Option<bool>| match holds {
        Some(true) => Lot::Kept,
        Some(false) => Lot::Dropped,
        None => Lot::Unknown,
    };
    let women = of(Some(kind.gender == 0));
    // Whoever met nobody is unknown, says the rule.
    let met = of((kind.contacts != [0, 0]).then_some(true));
    let debts = of(kind.debts);
    match measure {
        "women" => vec![Lot::Kept, women],
        "in_debt" => vec![Lot::Kept, debts],
        "women_in_debt" => vec![Lot::Kept, women, debts],
        _ => vec![Lot::Kept, women, met, debts],
    }
}

/// Adds what is shown of the steps.
pub(super) fn read(queries: &str, batch: &RecordBatch, table: &mut Table) {
    let of = queries.lines().last().and_then(|line| line.split(' ').nth(1)).expect("a measure");
    let lots = [(Lot::Kept, "kept"), (Lot::Dropped, "dropped"), (Lot::Unknown, "unknown")];
    for row in 0..batch.num_rows() {
        for (lot, name) in lots {
            let number = Number {
                measure: of.to_owned(),
                role: Role::Step(row, lot),
                period: PERIOD.to_owned(),
                gender: None,
                area: None,
            };
            table.places.push(number.clone());
            let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
            if let Ok(value) = column.value(row).parse() {
                table.shown.insert(number, value);
            }
        }
    }
}
