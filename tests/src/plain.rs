//! Every figure of the report of the youth-homelessness sample, worked out from the raw exports by hand-written code.
//!
//! Nothing here is shared with the engine, the pool, the oracle or the generator: the exports are
//! decoded here, the mappings and rules are written out again as Rust, and `docs/semantics.md` is
//! followed to the letter. Who changes a rule of the sample changes it here as well.
//!
//! 1. `raw` reads a file into rows of named cells.
//! 2. `exports` turns the rows of each organisation into what is known of each person.
//! 3. `person` holds that, and answers what one person has or does in a period.
//! 4. `rules` is the sample's indicators, `report` its report.
//!
//! `poverty` does the same for the poverty sample.

mod exports;
mod person;
pub mod poverty;
mod raw;
mod report;
mod rules;
mod time;

use std::path::Path;

/// A figure before anything is withheld.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// `reach`
    pub measure: String,
    /// `2025`, `2025-Q1`
    pub period: String,
    /// Each breakdown and the heading the figure stands under, as it is shown: a code, the label of
    /// a band, an organisation, `missing`, `none`. A breakdown whose total this is, is left out.
    pub breakdown: Vec<(String, String)>,
    /// Of people that are counted: how many. Of a share: for how many it is true.
    pub numerator: Option<f64>,
    /// Of a share, a sum, a mean or a median: of how many something is known.
    pub denominator: Option<f64>,
    /// Of how many nothing is known.
    pub unknown: Option<f64>,
    /// The figure; nothing over nobody. A share is from 0 to 1.
    pub value: Option<f64>,
}

/// The figures of the sample's report for 2025 and for each of its quarters.
///
/// Every heading stands, also when nobody is under it; `missing` and `none` only when somebody is.
#[must_use]
pub fn report_figures(sample_dir: &Path) -> Vec<Figure> {
    let people = exports::people(&sample_dir.join("deliveries"));
    report::figures(&people)
}
