//! What goes wrong in every registration: a row in some eighty.

use super::chance::Chance;

/// Where a file's columns are that a fault can befall, and what is then found in them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weak {
    /// Column of the person's number.
    pub(super) id: usize,
    /// Column of the day, or of the first day.
    pub(super) start: Option<usize>,
    /// Column of the last day.
    pub(super) end: Option<usize>,
    /// Column of a code.
    pub(super) code: Option<usize>,
    /// What stands for a day that does not exist.
    pub(super) bad_days: &'static [&'static str],
    /// Codes that nobody agreed upon.
    pub(super) bad_codes: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Fault {
    NoDay,
    BackToFront,
    NoNumber,
    StrangeCode,
    Twice,
}

/// The row as it is registered: mostly as it is, at times broken, at times twice.
pub(super) fn befall(chance: &mut Chance, weak: &Weak, row: Vec<String>) -> Vec<Vec<String>> {
    if !chance.per_mille(13) {
        return vec![row];
    }
    let fault = chance.weighted(&[
        (3, Fault::NoDay),
        (2, Fault::BackToFront),
        (3, Fault::NoNumber),
        (2, Fault::StrangeCode),
        (4, Fault::Twice),
    ]);
    let mut row = row;
    match fault {
        Fault::NoDay => set(&mut row, weak.start, chance.pick(weak.bad_days)),
        Fault::BackToFront => turn(&mut row, weak.start, weak.end),
        Fault::NoNumber => set(&mut row, Some(weak.id), chance.pick(&["", "  "])),
        Fault::StrangeCode => set(&mut row, weak.code, chance.pick(weak.bad_codes)),
        Fault::Twice => return vec![row.clone(), row],
    }
    vec![row]
}

fn set(row: &mut [String], column: Option<usize>, text: &str) {
    if let Some(cell) = column.and_then(|column| row.get_mut(column)) {
        text.clone_into(cell);
    }
}

/// First and last day change places, if both are there.
fn turn(row: &mut [String], start: Option<usize>, end: Option<usize>) {
    if let (Some(start), Some(end)) = (start, end)
        && row.get(end).is_some_and(|text| !text.is_empty())
    {
        row.swap(start, end);
    }
}
