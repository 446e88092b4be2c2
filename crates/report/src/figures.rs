//! The columns of figures, read back into rows.

use arrow::array::RecordBatch;
use interplay::{Breakdown, Figures};

use crate::cell::{Cell, cells};

/// Why a figure is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// There is a value.
    Known,
    /// There was nobody to measure.
    Empty,
    /// Nothing was delivered.
    NoData,
    /// It would tell of too few people.
    Suppressed,
}

/// One figure.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) period: String,
    /// Codes, one a breakdown; a text that is called as what is no value stands in quotes.
    pub(crate) groups: Vec<String>,
    pub(crate) measure: String,
    pub(crate) value: Option<f64>,
    pub(crate) unit: Option<String>,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    pub(crate) unknown: Option<f64>,
    /// How many of them are not yet observable.
    pub(crate) not_yet: Option<f64>,
    /// Whether its period is not over.
    pub(crate) is_unfinished: bool,
    pub(crate) bounds: Option<(f64, f64)>,
    /// An end that is not reached is none.
    pub(crate) interval: (Option<f64>, Option<f64>),
    /// Further numbers of its kind that a reader should see: what they are called, and whether
    /// they are shares.
    pub(crate) further: Vec<(&'static str, f64, bool)>,
    pub(crate) status: Status,
    /// What is declared: baseline, target, and how the figure stands to it.
    pub(crate) aim: Aim,
    /// What it is compared with.
    pub(crate) compared: Option<Compared>,
}

/// What is declared for a figure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aim {
    pub(crate) baseline: Option<f64>,
    pub(crate) target: Option<f64>,
    /// `on track`
    pub(crate) standing: Option<String>,
}

/// The figure of another period beside one.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    pub(crate) period: String,
    /// Whether that period is not over.
    pub(crate) is_unfinished: bool,
    pub(crate) value: Option<f64>,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    pub(crate) unknown: Option<f64>,
    pub(crate) interval: (Option<f64>, Option<f64>),
    pub(crate) difference: Option<f64>,
    /// The 95 % interval of the difference.
    pub(crate) between: Option<(f64, f64)>,
    pub(crate) status: Status,
}

impl Row {
    /// The numbers of one kind with its value.
    pub(crate) fn values(&self) -> impl Iterator<Item = f64> + use<> {
        let compared = self.compared.as_ref().and_then(|compared| compared.value);
        [self.value, self.aim.baseline, self.aim.target, compared].into_iter().flatten()
    }
}

impl Status {
    fn read(word: &str) -> Self {
        match word {
            "suppressed" => Self::Suppressed,
            "no data" => Self::NoData,
            "empty" => Self::Empty,
            _ => Self::Known,
        }
    }
}

/// Further numbers that stand in a table: their columns, headings, and whether they are shares.
const FURTHER: &[(&str, &str, bool)] =
    &[("improved", "improved", true), ("effect_size", "effect size", false)];

/// All rows, in their order.
pub(crate) fn rows(figures: &Figures) -> Vec<Row> {
    let batch = &figures.batch;
    let column = |name: &str| column(batch, name);
    let groups: Vec<(Vec<Cell>, Vec<Cell>)> = figures
        .breakdowns
        .iter()
        .map(|it| (column(&it.column), it.kinds.as_deref().map(column).unwrap_or_default()))
        .collect();
    let (period, measure, status) = (column("period"), column("measure"), column("status"));
    let (value, unit) = (column("value"), column("unit"));
    let (numerator, denominator) = (column("numerator"), column("denominator"));
    let (unknown, not_yet) = (column("unknown"), column("not_yet"));
    let unfinished = column("unfinished");
    let (lower, upper) = (column("lower"), column("upper"));
    let (low, high) = (column("interval_low"), column("interval_high"));
    let (baseline, target) = (column("baseline"), column("target"));
    let standing = column("target_status");
    let compared = compared(batch);

    let further: Vec<Vec<Cell>> = FURTHER.iter().map(|(name, ..)| column(name)).collect();

    let row = |at: usize| Row {
        period: text(&period, at),
        groups: groups
            .iter()
            .map(|(group, kinds)| Breakdown::heading(&text(group, at), &text(kinds, at)))
            .collect(),
        measure: text(&measure, at),
        value: number(&value, at),
        unit: Some(text(&unit, at)).filter(|unit| !unit.is_empty()),
        numerator: number(&numerator, at),
        denominator: number(&denominator, at),
        unknown: number(&unknown, at),
        not_yet: number(&not_yet, at),
        is_unfinished: text(&unfinished, at) == "yes",
        bounds: number(&lower, at).zip(number(&upper, at)),
        interval: (number(&low, at), number(&high, at)),
        further: FURTHER
            .iter()
            .zip(&further)
            .filter_map(|((_, name, is_share), column)| {
                Some((*name, number(column, at)?, *is_share))
            })
            .collect(),
        status: Status::read(&text(&status, at)),
        aim: Aim {
            baseline: number(&baseline, at),
            target: number(&target, at),
            standing: Some(text(&standing, at)).filter(|text| !text.is_empty()),
        },
        compared: compared.as_ref().map(|compared| compared(at)),
    };
    (0..batch.num_rows()).map(row).collect()
}

/// What each row is compared with, if they are.
fn compared(batch: &RecordBatch) -> Option<impl Fn(usize) -> Compared + use<>> {
    let value = column(batch, "compared");
    let that = |name: &str| column(batch, &format!("compared_{name}"));
    let (period, status, unfinished) = (that("period"), that("status"), that("unfinished"));
    let (numerator, denominator, unknown) =
        (that("numerator"), that("denominator"), that("unknown"));
    let (low, high) = (that("interval_low"), that("interval_high"));
    let difference = column(batch, "difference");
    let (between_low, between_high) =
        (column(batch, "difference_low"), column(batch, "difference_high"));
    batch.column_by_name("compared").map(|_| {
        move |at: usize| Compared {
            period: text(&period, at),
            is_unfinished: text(&unfinished, at) == "yes",
            value: number(&value, at),
            numerator: number(&numerator, at),
            denominator: number(&denominator, at),
            unknown: number(&unknown, at),
            interval: (number(&low, at), number(&high, at)),
            difference: number(&difference, at),
            between: number(&between_low, at).zip(number(&between_high, at)),
            status: Status::read(&text(&status, at)),
        }
    })
}

fn column(batch: &RecordBatch, name: &str) -> Vec<Cell> {
    batch.column_by_name(name).map(cells).unwrap_or_default()
}

fn text(column: &[Cell], at: usize) -> String {
    column.get(at).map(|cell| cell.text().to_owned()).unwrap_or_default()
}

fn number(column: &[Cell], at: usize) -> Option<f64> {
    column.get(at).and_then(Cell::number)
}
