//! From the rows of a plan to figures in their final order.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Float64Type, Int32Type, Int64Type};

use crate::calendar::Period;
use crate::dimension::{Dimension, Domain};
use crate::hierarchy::Headings;
use crate::indicator::{Figure, Measure};
use crate::kernel::involved::{NONE, TOTAL};
use crate::plan::{CELL, group_column, part_column};

/// One figure with its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Which of the query's cells.
    pub cell: usize,
    /// Its period.
    pub period: Period,
    /// One for each breakdown.
    pub groups: Vec<Group>,
    /// Which of the query's measures.
    pub measure: usize,
    /// The figure.
    pub figure: Figure,
}

/// The group of one breakdown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A code, a band, an organisation, and its place in their order; texts have all the same
    /// place, because which of them there are differs from period to period, and what is compared
    /// is found by its group.
    Value(usize, String),
    /// The value is missing; for organisations, there is none.
    Missing(&'static str),
    /// All together.
    Total,
}

/// What is called so is all together.
const ALL: &str = "total";

/// What has no value stands under this.
const MISSING: &str = "missing";

/// What a heading is that is a value.
pub const VALUE: &str = "value";

impl Group {
    /// As it stands in a column. Beside it [`Group::kind`] tells a value from what is called so.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Value(_, text) => text,
            Self::Missing(text) => text,
            Self::Total => ALL,
        }
    }

    /// What it is: `value`, `missing`, `none` or `total`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Value(..) => VALUE,
            Self::Missing(kind) => kind,
            Self::Total => ALL,
        }
    }

    /// As it stands by itself, where nothing else says what it is.
    #[must_use]
    pub fn heading(&self) -> String {
        match self {
            Self::Value(_, text) => as_heading(text),
            Self::Missing(_) | Self::Total => self.text().to_owned(),
        }
    }
}

/// A value among headings: in quotes, where it is called as what is no value.
#[must_use]
pub fn as_heading(text: &str) -> String {
    let is_quoted = text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    if is_quoted || [ALL, MISSING].contains(&text) {
        return format!("\"{text}\"");
    }
    text.to_owned()
}

/// More cells than this are shown only where there is something.
const MANY: usize = 20_000;

type Key = Vec<i32>;

/// What came out of one plan.
#[derive(Debug)]
pub struct Run {
    /// Which of the parts of all measures its columns are.
    pub parts: Vec<usize>,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

/// Reads `runs` and places the figures of all measures: cells in their order, groups in theirs
/// with the total last, measures as asked. Groups of nobody are there too.
#[must_use]
pub fn place(
    measures: &[Measure],
    parts: &[usize],
    cells: &[Period],
    breakdowns: &[Dimension],
    runs: &[Run],
    symbols: &Symbols<'_>,
) -> Vec<Placed> {
    let mut found = Found::new();
    for run in runs {
        read(run, breakdowns.len(), parts.iter().sum(), &mut found);
    }
    let mut placed = Vec::new();
    for (cell, period) in cells.iter().enumerate() {
        let here = found.get(&cell);
        let empty = BTreeMap::new();
        let here = here.unwrap_or(&empty);
        for (key, groups) in keys(breakdowns, here, *period, symbols) {
            let mut values = here.get(&key).map_or(&[][..], Vec::as_slice);
            for (measure, width) in parts.iter().enumerate() {
                let (own, rest) = values.split_at(values.len().min(*width));
                values = rest;
                let Some(of) = measures.get(measure) else { continue };
                let figure = of.figure(own);
                let groups = groups.clone();
                placed.push(Placed { cell, period: *period, groups, measure, figure });
            }
        }
    }
    placed
}

/// The part at `place` of everybody in a cell, under no breakdown.
#[must_use]
pub fn of_everybody(runs: &[Run], place: usize, cell: usize, breakdowns: usize) -> Option<f64> {
    let run = runs.iter().find(|run| run.parts.contains(&place))?;
    let mut found = Found::new();
    read(run, breakdowns, place + 1, &mut found);
    let total: Key = vec![TOTAL; breakdowns];
    *found.get(&cell)?.get(&total)?.get(place)?
}

/// How texts and the pool's numbers for them are found.
pub struct Symbols<'a> {
    /// The number of a text.
    pub number: &'a dyn Fn(&str) -> i32,
    /// The text of a number.
    pub text: &'a dyn Fn(i32) -> Option<String>,
}

impl std::fmt::Debug for Symbols<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Symbols").finish_non_exhaustive()
    }
}

type Found = BTreeMap<usize, BTreeMap<Key, Vec<Option<f64>>>>;

fn read(run: &Run, breakdowns: usize, parts: usize, found: &mut Found) {
    for batch in &run.batches {
        let column = |name: &str| batch.column_by_name(name);
        let Some(cells) = column(CELL).and_then(|it| it.as_primitive_opt::<Int64Type>()) else {
            continue;
        };
        let groups: Vec<_> = (0..breakdowns)
            .filter_map(|at| column(&group_column(at))?.as_primitive_opt::<Int32Type>())
            .collect();
        let values: Vec<_> = (0..run.parts.len())
            .filter_map(|at| column(&part_column(at))?.as_primitive_opt::<Float64Type>())
            .collect();
        for row in 0..batch.num_rows() {
            let key = groups.iter().map(
                |group| {
                    if group.is_null(row) { TOTAL } else { group.value(row) }
                },
            );
            let cell = usize::try_from(cells.value(row)).unwrap_or_default();
            let here = found.entry(cell).or_default().entry(key.collect());
            let here = here.or_insert_with(|| vec![None; parts]);
            for (values, place) in values.iter().zip(&run.parts) {
                if let Some(part) = here.get_mut(*place) {
                    *part = values.is_valid(row).then(|| values.value(row));
                }
            }
        }
    }
}

/// The groups to show, in order.
fn keys(
    breakdowns: &[Dimension],
    here: &BTreeMap<Key, Vec<Option<f64>>>,
    cell: Period,
    symbols: &Symbols<'_>,
) -> Vec<(Key, Vec<Group>)> {
    let mut keys: Vec<(Key, Vec<Group>)> = vec![(Vec::new(), Vec::new())];
    for (at, dimension) in breakdowns.iter().enumerate() {
        let seen = |number: i32| here.keys().any(|key| key.get(at) == Some(&number));
        let mut groups = groups(&dimension.domain, here, at, &seen, symbols);
        if let Domain::Codes { headings: Some(headings), .. } = &dimension.domain {
            let stands = |group: &Group| match group {
                Group::Value(_, code) => headings.stands(code, cell),
                Group::Missing(_) | Group::Total => true,
            };
            groups.retain(|(number, group)| stands(group) || seen(*number));
        }
        let mut longer = Vec::with_capacity(keys.len() * groups.len());
        for (key, before) in &keys {
            for (number, group) in &groups {
                let mut key = key.clone();
                key.push(*number);
                let mut all = before.clone();
                all.push(group.clone());
                longer.push((key, all));
            }
        }
        keys = longer;
        nested(&mut keys, breakdowns, here, cell);
        if keys.len() > MANY {
            keys.retain(|(key, _)| here.keys().any(|full| full.starts_with(key)));
        }
    }
    keys
}

/// Where two breakdowns are levels of one tree, a code of the one stands only under that of the
/// other in which it lies, and where somebody is under both. The total of the coarser one, when it
/// stands first, is not split by the finer one again.
fn nested(
    keys: &mut Vec<(Key, Vec<Group>)>,
    breakdowns: &[Dimension],
    here: &BTreeMap<Key, Vec<Option<f64>>>,
    cell: Period,
) {
    let Some(last) = keys.first().and_then(|(key, _)| key.len().checked_sub(1)) else { return };
    let Some(own) = headings(breakdowns, last) else { return };
    for at in 0..last {
        let Some(other) = headings(breakdowns, at).filter(|it| own.nests(it)) else { continue };
        let pairs: BTreeSet<(Option<&i32>, Option<&i32>)> =
            here.keys().map(|key| (key.get(at), key.get(last))).collect();
        keys.retain(|(key, groups)| match (groups.get(at), groups.get(last)) {
            (_, Some(Group::Total)) => true,
            (Some(Group::Total), _) => own.level > other.level,
            (Some(Group::Value(_, theirs)), Some(Group::Value(_, code)))
                if own.meet(code, other, theirs, cell) =>
            {
                true
            }
            _ => pairs.contains(&(key.get(at), key.get(last))),
        });
    }
}

fn headings(breakdowns: &[Dimension], at: usize) -> Option<&Headings> {
    match breakdowns.get(at).map(|it| &it.domain) {
        Some(Domain::Codes { headings, .. }) => headings.as_ref(),
        _ => None,
    }
}

fn groups(
    domain: &Domain,
    here: &BTreeMap<Key, Vec<Option<f64>>>,
    at: usize,
    seen: &dyn Fn(i32) -> bool,
    symbols: &Symbols<'_>,
) -> Vec<(i32, Group)> {
    let coded = |codes: &[(String, String)]| -> Vec<(i32, Group)> {
        let numbered = codes
            .iter()
            .enumerate()
            .map(|(place, (code, _))| ((symbols.number)(code), Group::Value(place, code.clone())));
        numbered.collect()
    };
    let mut groups = match domain {
        Domain::Codes { codes, .. } => coded(codes),
        Domain::Involvement { organisations } => coded(organisations),
        Domain::Bands { labels, .. } => {
            let numbered = (0_i32..).zip(labels).enumerate();
            numbered
                .map(|(place, (number, label))| (number, Group::Value(place, label.clone())))
                .collect()
        }
        Domain::Texts { .. } => {
            let mut numbers: Vec<i32> =
                here.keys().filter_map(|key| key.get(at).copied()).filter(|it| *it >= 0).collect();
            numbers.sort_unstable();
            numbers.dedup();
            let text = |number: &i32| Some((*number, (symbols.text)(*number)?));
            let mut texts: Vec<(i32, String)> = numbers.iter().filter_map(text).collect();
            texts.sort_by(|one, other| one.1.cmp(&other.1));
            let alike = |(number, text)| (number, Group::Value(0, text));
            texts.into_iter().map(alike).collect()
        }
    };
    if seen(NONE) {
        let missing = match domain {
            Domain::Involvement { .. } => "none",
            _ => MISSING,
        };
        groups.push((NONE, Group::Missing(missing)));
    }
    groups.push((TOTAL, Group::Total));
    groups
}
