//! One measure by two breakdowns, as a cross table: a row a group of the first, a column a group
//! of the second.

use interplay::{Breakdown, Figures};

use super::{Measure, TOTAL, label, marked};
use crate::figures::{Row, rows};
use crate::sheet::{Column, Line, Sheet, Text};

/// Columns beyond this are no longer taken in at a glance.
const MOST_COLUMNS: usize = 8;

/// Letters of all headings together that still stand side by side.
const MOST_LETTERS: usize = 60;

/// Whether figures are set out like this.
pub(super) fn fits(figures: &Figures, rows: &[Row]) -> bool {
    let ([_], [_, second]) = (figures.measures.as_slice(), figures.breakdowns.as_slice()) else {
        return false;
    };
    if rows.iter().any(|row| row.compared.is_some()) {
        return false;
    }
    let headings = headings(second, rows);
    // Of two levels of one tree most pairs are nothing; they stand beneath each other.
    if rows.len() < leading(rows).len() * headings.len() {
        return false;
    }
    let letters: usize = headings.iter().map(|(_, heading)| heading.chars().count()).sum();
    headings.len() <= MOST_COLUMNS && letters <= MOST_LETTERS
}

/// `Young people reached (persons)`: here the columns do not name measure and unit.
pub(super) fn legend(figures: &Figures) -> Option<String> {
    let rows = rows(figures);
    let [(name, title)] = figures.measures.as_slice() else { return None };
    let unit = Measure::new(name, &rows, figures).column().unit.map(|unit| format!(" ({unit})"));
    let title = title.as_ref().unwrap_or(name);
    fits(figures, &rows).then(|| format!("{title}{}", unit.unwrap_or_default()))
}

pub(super) fn sheet(figures: &Figures, rows: &[Row], measure: &Measure<'_>) -> Sheet {
    let [first, second] = figures.breakdowns.as_slice() else { return Sheet::default() };
    let headings = headings(second, rows);
    let corner = Column::words(format!("{} / {}", first.name, second.name));
    let columns = headings.iter().map(|(_, heading)| Column::numbers(heading));
    let mut lines: Vec<Line> = Vec::new();
    for (code, period) in leading(rows) {
        let values = headings.iter().map(|(second, _)| {
            let found = rows.iter().find(
                |row| matches!(row.groups.as_slice(), [one, two] if one == code && two == second),
            );
            found.map(|row| measure.cell(&[row])).unwrap_or_default()
        });
        let goes_on =
            |row: &Row| row.is_unfinished && row.groups.first().is_some_and(|it| it == code);
        let text = marked(label(first, code, period), rows.iter().any(goes_on));
        let heading = Text { text, beneath: None };
        let is_total = code == TOTAL;
        let cells = std::iter::once(heading).chain(values).collect();
        lines.push(Line { cells, is_total, is_set_off: is_total && !lines.is_empty() });
    }
    Sheet { columns: std::iter::once(corner).chain(columns).collect(), lines }
}

/// Codes of the second breakdown with their headings, in the order in which they appear.
fn headings<'a>(second: &Breakdown, rows: &'a [Row]) -> Vec<(&'a str, String)> {
    let mut headings: Vec<(&str, String)> = Vec::new();
    for row in rows {
        let Some(code) = row.groups.last() else { continue };
        if !headings.iter().any(|(known, _)| known == code) {
            headings.push((code, label(second, code, &row.period)));
        }
    }
    headings
}

/// Codes of the first breakdown with their periods, in the order in which they appear.
fn leading(rows: &[Row]) -> Vec<(&str, &str)> {
    let mut codes: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        let Some(code) = row.groups.first() else { continue };
        if !codes.iter().any(|(known, _)| known == code) {
            codes.push((code, &row.period));
        }
    }
    codes
}
