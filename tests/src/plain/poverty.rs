//! Every figure of the poverty sample's report, worked out from the raw exports in the same way.
//!
//! 1. `exports` turns the rows of each organisation into a town: households, and people in them.
//! 2. `town` holds it, and answers what holds of one household or person on a day or in a year.
//! 3. `report` is the sample's indicators under the headings of its report.

mod exports;
mod report;
mod town;

use std::path::Path;

use super::Figure;

/// The figures of the poverty sample's report for 2025, and what it asks for by quarter.
#[must_use]
pub fn report_figures(sample_dir: &Path) -> Vec<Figure> {
    report::figures(&exports::town(&sample_dir.join("deliveries")))
}
