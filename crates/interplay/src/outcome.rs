//! What a statement brings: figures or a listing, with where they come from.

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use interplay_compile::figures::{VALUE, as_heading};
use interplay_diagnostic::Diagnostic;

/// The answer to one statement.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was asked, in the author's words; for a report its `show:` line.
    pub title: String,
    /// What came out; none when the statement has an error.
    pub answer: Option<Answer>,
    /// Problems of the statement, and warnings on its figures.
    pub problems: Vec<Diagnostic>,
    /// Where the figures come from.
    pub provenance: Provenance,
}

/// What comes out of a statement.
#[derive(Clone, Debug)]
pub enum Answer {
    /// `measure …`: a figure for each group and measure
    Figures(Figures),
    /// `list …`, `describe …`, `explain …`: rows of text and numbers under headings
    Listing(Listed),
    /// `trace …`: what a rule looks at of one subject, a line each. Columns: `rule`, `clause` (its
    /// number), `depth`, `kind` (`rule`, `clause`, `condition`, `value`, `period`, `rows`, `row`),
    /// `what` (the author's words), `outcome`, `value` and `unit` of a number, and of rows
    /// `organisation`, `from`, `until` (as registered; of `rows` the days looked at), `fields` and
    /// `why`
    Trace(Listed),
}

/// Rows of text and numbers.
#[derive(Clone, Debug)]
pub struct Listed {
    /// A column for each heading, all texts.
    pub batch: RecordBatch,
    /// Remarks, a sentence each: of `explain`, who did not deliver.
    pub notes: Vec<String>,
}

/// Figures, one row for each cell and measure, in their final order.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The rows. Columns, in this order:
    ///
    /// | column | type | holds |
    /// |---|---|---|
    /// | `period` | Utf8 | `2025`, `2025-Q1` |
    /// | one a breakdown, by its name, one of time first | Utf8 | a code, a band, an organisation, a period; `missing`, `none`; `total`. Behind `by_` where a column below is called so |
    /// | `NAME_is`, of a breakdown NAME by texts of the data | Utf8 | whether its heading is a `value`, or `missing`, or `total` |
    /// | `measure` | Utf8 | `stably_housed` |
    /// | `value` | Float64? | a share from 0 to 1, a count, a mean …; null unless the status is `known` |
    /// | `unit` | Utf8? | `%`, `persons`, `rows`, `nights`, `EUR`; a share says `%` and holds 0.42 |
    /// | `numerator`, `denominator`, `unknown` | Float64? | whole numbers of subjects, or of rows where `counted` says so; of a ratio, the two figures |
    /// | `lower`, `upper` | Float64? | bounds: all unknown fail, all succeed; withheld with `unknown` when that is small |
    /// | `interval_low`, `interval_high` | Float64? | 95 % interval; an end that is not reached is null |
    /// | `status` | Utf8 | `known`, `empty` (nobody to measure), `no data` (not delivered), `suppressed` |
    ///
    /// When the period of a row is not over on the data date, there follows `unfinished` (Utf8?,
    /// `yes` or nothing); when somebody is unknown because a window of time is not over,
    /// `not_yet` (Float64?): how many of `unknown` are.
    ///
    /// When one of the measures has a baseline or a target, there follow
    ///
    /// | column | type | holds |
    /// |---|---|---|
    /// | `baseline`, `target` | Float64? | what is declared: the latest baseline, the target of the row's own period |
    /// | `expected` | Float64? | the target, or the place on the line from the baseline to the next one |
    /// | `target_status` | Utf8? | `reached`, `not reached`; before a target's period `on track`, `behind` |
    ///
    /// Kinds of indicator with further numbers add a column for each, when a figure has it:
    ///
    /// | column | type | holds |
    /// |---|---|---|
    /// | `counted` | Utf8? | of an indicator over rows, `rows of contact` |
    /// | `effective_n` | Float64? | of a weighted share or mean, the effective sample size |
    /// | `improved` | Float64? | of a `change` with `better:`, the share of those who improved, from 0 to 1 |
    /// | `effect_size` | Float64? | of a `change`, Hedges' g for pairs |
    /// | `events`, `person_years` | Float64? | of a `rate`, what is divided |
    /// | `reached`, `attained` | Float64? | of `goals`, the part of the people with T of 50 or more, and of the goals with a score of 0 or more, from 0 to 1 |
    /// | `goals`, `deviation` | Float64? | of `goals`, how many goals there are, and the standard deviation of T |
    /// | `NAME_points` | Float64? | of an `index`, the points of its indicator NAME |
    ///
    /// Under `compare` there are `compared_period`, `compared`, `difference`, its 95 % interval
    /// `difference_low` and `difference_high`, and `compared_status`, before those; and
    /// `compared_unfinished`, when the other period is not over.
    pub batch: RecordBatch,
    /// Names of the breakdown columns.
    pub breakdowns: Vec<Breakdown>,
    /// The measures with their titles, in the order asked.
    pub measures: Vec<(String, Option<String>)>,
    /// For each of the measures, to how many decimals its rule rounds it, if it does.
    pub decimals: Vec<Option<usize>>,
    /// Remarks on the figures, a sentence each: by how much parts exceed a total, who did not
    /// deliver, what was withheld, which period is unfinished.
    pub notes: Vec<String>,
}

/// One breakdown of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// `district`
    pub name: String,
    /// The name of its column: `district`; `by_status` where another column is called `status`.
    pub column: String,
    /// Codes with their labels, for readers.
    pub labels: Vec<(String, String)>,
    /// Whether it cuts the period: `year`
    pub is_time: bool,
    /// The name of the column that says what each of its headings is: `value`, `missing` or
    /// `total`. Only where headings are texts of the data, which may be called like anything.
    pub kinds: Option<String>,
}

impl Breakdown {
    /// A heading as readers see it, where `kind` says what it is: a text of the data that is called
    /// as what is no value stands in quotes.
    #[must_use]
    pub fn heading(text: &str, kind: &str) -> String {
        if kind == VALUE { as_heading(text) } else { text.to_owned() }
    }
}

/// Where a result comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// `ghent.youth`, if the program names its library
    pub library: Option<String>,
    /// `2.1.0`
    pub version: Option<String>,
    /// The snapshot of the pool, a short hash of what was delivered; none before a load.
    pub snapshot: Option<String>,
    /// Figures look no further than this day.
    pub data_date: Option<NaiveDate>,
    /// Whether pseudonyms are made with the built-in demonstration key.
    pub demonstration_key: bool,
    /// Whether small numbers are shown: `disclosure none`
    pub undisclosed: bool,
}
