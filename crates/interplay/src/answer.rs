//! Placed figures into the batch that readers get: disclosure, status, notes.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::NaiveDate;
use interplay_compile::calendar;
use interplay_compile::catalog::Disclosure;
use interplay_compile::check::ORGANISATION;
use interplay_compile::dimension::{Dimension, Domain};
use interplay_compile::figures::{Group, Placed};
use interplay_compile::indicator::aim::Aimed;
use interplay_compile::indicator::rounding::Rounding;
use interplay_compile::indicator::{Measure, Part};
use interplay_compile::query::Listing;
use interplay_compile::query::compare::Against;
use interplay_compile::query::measure::{KnownOnly, Measured};
use interplay_compile::statistics::Sample;
use interplay_compile::term::Term;

use crate::beside::{self, Parts, Telling};
use crate::coverage::Coverage;
use crate::disclosure::{self, Withheld};
use crate::engine::Measures;
use crate::error::Error;
use crate::headings;
use crate::outcome::{Breakdown, Figures, Listed};
use crate::telling::count;
use crate::times;

/// Builds the answer to a `measure` query.
pub(crate) fn figures(
    measured: &Measured,
    measures: &Measures,
    policy: Disclosure,
    coverage: &Coverage<'_>,
) -> Result<Figures, Error> {
    let found = disclosure::withheld(measured, measures, coverage.data_date, policy);
    let [hidden, compared_hidden] = found;
    let is_declared = matches!(measured.compare, Some(Against::Declared(_)));
    let whole = measures.cells.last().copied();
    let cells = whole.map(|whole| measured.cells(whole)).unwrap_or_default();
    let records = records(measured);
    let delivered = |placed: &Placed| delivered(placed, measured, &records, coverage);
    let rows = measures.placed.iter().zip(&hidden).enumerate().map(|(at, (placed, hidden))| {
        let mut row = Row::new(placed, measured, *hidden, delivered(placed));
        row.aimed = measured.aimed(placed, coverage.data_date);
        let compared = measures.compared.get(at).zip(compared_hidden.get(at));
        row.against = compared.map(|(placed, hidden)| {
            let delivered = is_declared || delivered(placed);
            let mut row = Row::new(placed, measured, *hidden, delivered);
            if is_declared && placed.figure.value.is_none() {
                row.status = "none";
            }
            Box::new(row)
        });
        row.groups = times::headings(cells.get(placed.cell), &measured.kinds);
        row.groups.extend(placed.groups.iter().map(|group| group.text().to_owned()));
        row
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let is_delivered: Vec<bool> = rows.iter().map(|row| row.status != "no data").collect();
    let rows = without_told(rows, measured);
    let breakdowns = headings::breakdowns(measured, &cells, further(&rows));
    let has_aim = measured.measures.iter().any(|measure| measure.aim.is_some());
    let further = Beside {
        compare: measured.compare.is_some(),
        aim: has_aim,
        is_declared,
        data_date: coverage.data_date,
        policy,
    };
    let batch = batch(&rows, &breakdowns, further)?;
    let mut notes = Vec::new();
    times::notes(&measured.kinds, &cells, &mut notes);
    rows_counted(measured, &mut notes);
    not_yet(&rows, policy, &mut notes);
    let is_hidden = hidden.iter().chain(&compared_hidden).any(|it| it.unknown);
    let parts = Parts { measures, delivered: &is_delivered, is_hidden };
    of_parts(measured, &parts, (&hidden, policy), &mut notes);
    let concerned = concerned(measured, coverage);
    coverage.notes(&concerned, &measures.cells, &mut notes);
    coverage.notes(&concerned, &measures.compared_cells, &mut notes);
    of_rules(measured, &mut notes);
    remarks(&rows, coverage.catalog.is_anonymous(&measured.subject), &mut notes);
    notes.extend(withheld(hidden.iter().chain(&compared_hidden), policy));
    let titles = measured.measures.iter().map(|it| (it.name.clone(), it.title.clone()));
    let decimals = measured.measures.iter().map(|it| Some(it.rounding?.decimals));
    let decimals = decimals.collect();
    Ok(Figures { batch, breakdowns, measures: titles.collect(), decimals, notes })
}

/// What was counted beside the figures, and what is to be known of parts beside their total.
fn of_parts(
    measured: &Measured,
    parts: &Parts<'_>,
    (hidden, policy): (&[Withheld], Disclosure),
    notes: &mut Vec<String>,
) {
    let telling = Telling::new(parts.measures, policy, parts.is_hidden);
    beside::notes(&parts.measures.beside, &telling, notes);
    // What is shown as no data is no part.
    let placed = parts.measures.placed.iter().zip(hidden).zip(parts.delivered);
    let shown = placed.filter(|(_, delivered)| **delivered);
    let shown: Vec<(&Placed, bool)> = shown.map(|((one, it), _)| (one, it.figure)).collect();
    more_than_total(measured, parts.measures.cells.len(), &shown, notes);
    beside::split(measured, parts, notes);
}

/// Says in how many rows something is withheld.
fn withheld<'a>(hidden: impl Iterator<Item = &'a Withheld>, policy: Disclosure) -> Option<String> {
    let Disclosure::Protected { least, most } = policy else { return None };
    let count = hidden.filter(|hidden| hidden.unknown).count();
    let rows = if count == 1 { "row" } else { "rows" };
    (count > 0).then(|| {
        format!(
            "In {count} {rows} something is withheld, because counts from {least} to {most} \
             people are not shown, nor what would give them away."
        )
    })
}

/// The columns of some kinds of indicator.
fn further(rows: &[Row<'_>]) -> BTreeSet<String> {
    let further = rows.iter().flat_map(|row| &row.placed.figure.further);
    further.map(|(name, _)| name.clone()).collect()
}

/// Says of totals how many of the unknown are not yet observable.
fn not_yet(rows: &[Row<'_>], policy: Disclosure, notes: &mut Vec<String>) {
    for row in rows.iter().filter(|row| row.is_total()) {
        if let Some(not_yet) = row.not_yet(policy).filter(|count| *count > 0.0) {
            let (name, period) = (row.name, calendar::name(row.placed.period));
            let unknown = row.placed.figure.unknown;
            let are = if not_yet > 1.0 { "are" } else { "is" };
            notes.push(format!(
                "`{name}`: of {unknown} unknown in {period}, {not_yet} {are} not yet observable: the \
                 time that is looked at is not over on the data date."
            ));
        }
    }
}

/// What the rules that are asked say of how they look at rows.
fn of_rules(measured: &Measured, notes: &mut Vec<String>) {
    for (name, first) in &measured.parameters {
        notes.push(format!(
            "`{name}` is asked at dates that differ from subject to subject. Before {first} it \
             has no value, and is missing."
        ));
    }
    for known in &measured.known_only {
        let KnownOnly { measure, record, field } = known;
        notes.push(format!(
            "`{measure}`: rows of `{record}` without `{field}` are left out, as `known only` says."
        ));
    }
}

/// What the figures that are shown say of themselves, each once.
fn remarks(rows: &[Row<'_>], anonymous: bool, notes: &mut Vec<String>) {
    let both = rows.iter().flat_map(|row| [Some(row), row.against.as_deref()]).flatten();
    let shown = both.filter(|row| matches!(row.status, "known" | "empty"));
    for remark in shown.flat_map(|row| &row.placed.figure.remarks) {
        if !notes.contains(remark) {
            notes.push(remark.clone());
        }
    }
    if rows.iter().any(|row| row.between().is_some()) {
        let beside = match anonymous {
            true => "who gave several of the anonymous rows is not known",
            false => {
                "where the same people stand on both sides, it is mostly wider than it need be"
            }
        };
        notes.push(format!(
            "The interval of a difference is that of two independent groups; {beside}."
        ));
    }
}

/// Says which figures count rows: everything beside them, the unknown too, is a number of rows.
fn rows_counted(measured: &Measured, notes: &mut Vec<String>) {
    for measure in &measured.measures {
        let among = measure.indicator.among();
        if let Some(rows) = &among.rows {
            let (name, record, subject) = (&measure.name, &rows.record, &among.subject);
            notes.push(match among.alone {
                true => format!("`{name}` counts rows of `{record}`, each a {subject} by itself."),
                false => format!(
                    "`{name}` counts rows of `{record}`, not each {subject} once. Rows of one \
                     {subject} are alike, so there is no interval."
                ),
            });
        }
    }
}

/// What a measure counts, where it counts rows: `rows of contact`
fn counted(measure: &Measure) -> Option<String> {
    let rows = measure.indicator.among().rows.as_ref()?;
    Some(format!("rows of {}", rows.record))
}

/// The rows that may be shown: a text may be a name, so where its figure is withheld, or the one it
/// is compared with, so is the text.
fn without_told<'a>(rows: Vec<Row<'a>>, measured: &Measured) -> Vec<Row<'a>> {
    let texts: Vec<usize> = (0..measured.breakdowns.len())
        .filter(|at| {
            let domain = measured.breakdowns.get(*at).map(|it| &it.domain);
            matches!(domain, Some(Domain::Texts { .. }))
        })
        .collect();
    let tells = |row: &Row<'_>| {
        let group = |at: &usize| row.placed.groups.get(*at);
        let beside = row.against.as_ref().is_some_and(|it| it.status == "suppressed");
        (beside || row.status == "suppressed")
            && texts.iter().any(|at| matches!(group(at), Some(Group::Value(..))))
    };
    rows.into_iter().filter(|row| !tells(row)).collect()
}

/// Whether there are data for a figure. Under an organisation, what that organisation delivered
/// decides: of rows, those that are counted; of subjects, anything that puts it in touch with one.
pub(crate) fn delivered(
    placed: &Placed,
    measured: &Measured,
    records: &BTreeSet<String>,
    coverage: &Coverage<'_>,
) -> bool {
    let by =
        measured.breakdowns.iter().position(|it| matches!(it.domain, Domain::Involvement { .. }));
    let group = by.and_then(|at| placed.groups.get(at));
    let Some(Group::Value(_, organisation)) = group else {
        return coverage.any(records, placed.period, None);
    };
    let everyone = Term::Truth(Some(true));
    let parts = measured.measures.get(placed.measure).map(|it| it.indicator.parts(&everyone));
    let counted = parts.iter().flatten().filter_map(|part| match part {
        Part::Rows(_, selection) => Some(BTreeSet::from([selection.record.clone()])),
        Part::Over(rows, _) => Some(BTreeSet::from([rows.record.clone()])),
        _ => None,
    });
    let mut counted: Vec<BTreeSet<String>> = counted.collect();
    if counted.is_empty() {
        counted.push(coverage.involving(&measured.subject));
    }
    counted.iter().all(|own| coverage.any(own, placed.period, Some(organisation)))
}

/// All records that the query looks at.
pub(crate) fn records(measured: &Measured) -> BTreeSet<String> {
    let mut records = BTreeSet::new();
    for measure in &measured.measures {
        let indicator = &measure.indicator;
        // Of deliveries nothing is delivered.
        if measured.subject == ORGANISATION {
            continue;
        }
        for part in indicator.parts(&indicator.among().condition()) {
            part.records(&mut records);
        }
    }
    records
}

/// All records that decide who is counted, and under which heading, besides those of the rules.
fn concerned(measured: &Measured, coverage: &Coverage<'_>) -> BTreeSet<String> {
    let mut found = records(measured);
    if measured.subject == ORGANISATION {
        return found;
    }
    for term in &measured.terms() {
        term.records(&mut found);
    }
    let is_by = |it: &Dimension| matches!(it.domain, Domain::Involvement { .. });
    if measured.breakdowns.iter().any(is_by) {
        found.extend(coverage.involving(&measured.subject));
    }
    found
}

/// What a total is called among groups.
const TOTAL: &str = "total";

struct Row<'a> {
    placed: &'a Placed,
    name: &'a str,
    unit: Option<String>,
    /// How the value was rounded, and whether it is a share.
    rounding: Option<(Rounding, bool)>,
    /// `rows of contact`, where rows are counted.
    counted: Option<String>,
    /// Whether of whom it is unknown counts as no.
    counts_as_no: bool,
    status: &'static str,
    unknown_hidden: bool,
    groups: Vec<String>,
    /// What is declared for it.
    aimed: Aimed,
    /// What it is compared with.
    against: Option<Box<Self>>,
}

impl<'a> Row<'a> {
    fn new(placed: &'a Placed, measured: &'a Measured, hidden: Withheld, delivered: bool) -> Self {
        let measure = measured.measures.get(placed.measure);
        let status = match placed.figure.value {
            _ if hidden.figure => "suppressed",
            _ if !delivered => "no data",
            Some(_) => "known",
            None => "empty",
        };
        Self {
            placed,
            name: measure.map_or("", |it| it.name.as_str()),
            unit: measure.and_then(|it| it.indicator.unit()).map(|unit| unit.to_string()),
            rounding: measure.and_then(|it| Some((it.rounding?, it.is_share()))),
            counted: measure.and_then(counted),
            counts_as_no: measure.is_some_and(|it| it.indicator.counted_as_no().is_some()),
            status,
            unknown_hidden: hidden.unknown,
            groups: Vec::new(),
            aimed: Aimed::default(),
            against: None,
        }
    }

    /// The group of a breakdown, counted with those of time before it; none of time.
    fn group(&self, at: usize) -> Option<&Group> {
        let times = self.groups.len().checked_sub(self.placed.groups.len())?;
        self.placed.groups.get(at.checked_sub(times)?)
    }

    /// Whether it is the total of all breakdowns.
    fn is_total(&self) -> bool {
        self.groups.iter().enumerate().all(|(at, text)| match self.group(at) {
            Some(group) => *group == Group::Total,
            None => text == TOTAL,
        })
    }

    fn shown(&self, value: Option<f64>) -> Option<f64> {
        value.filter(|_| matches!(self.status, "known" | "empty"))
    }

    /// How many of the unknown are not yet observable, where that may be told: not where they, or
    /// the rest of the unknown, are few.
    fn not_yet(&self, policy: Disclosure) -> Option<f64> {
        let figure = &self.placed.figure;
        let (not_yet, rest) = (figure.not_yet, figure.unknown - figure.not_yet);
        // Of rows it is not known of how many people each part is.
        let is_split = figure.unknown_people.is_some() && not_yet > 0.0 && rest > 0.0;
        let is_protected = policy != Disclosure::None && is_split;
        let is_small = policy.is_small(not_yet) || policy.is_small(rest);
        self.of_unknown(Some(not_yet)).filter(|_| !is_small && !is_protected)
    }

    /// Whether its period is not over on the data date.
    fn is_unfinished(&self, data_date: NaiveDate) -> bool {
        self.placed.period.last > data_date
    }

    /// The value it is compared with.
    fn compared(&self) -> Option<f64> {
        let against = self.against.as_ref()?;
        against.shown(against.placed.figure.value)
    }

    /// The 95 % interval of the difference, where both figures are shown and have one.
    fn between(&self) -> Option<(f64, f64)> {
        let against = self.against.as_ref()?;
        let sides = [self, against.as_ref()];
        let [own, other] = sides.map(|row| row.placed.figure.sample.filter(|_| row.is_known()));
        Sample::difference(own, other)
    }

    fn is_known(&self) -> bool {
        self.status == "known"
    }

    /// The value less the one it is compared with.
    fn difference(&self) -> Option<f64> {
        let difference = self.shown(self.placed.figure.value)? - self.compared()?;
        let rounding = self.rounding.as_ref();
        Some(rounding.map_or(difference, |(it, is_share)| it.difference(difference, *is_share)))
    }

    fn of_unknown(&self, value: Option<f64>) -> Option<f64> {
        self.shown(value).filter(|_| !self.unknown_hidden)
    }
}

/// What stands beside the figures themselves.
#[derive(Clone, Copy)]
struct Beside {
    /// The figures of other periods.
    compare: bool,
    /// Baselines and targets.
    aim: bool,
    /// Whether what is compared with is declared.
    is_declared: bool,
    /// Up to when anything is known.
    data_date: NaiveDate,
    policy: Disclosure,
}

fn batch(rows: &[Row<'_>], breakdowns: &[Breakdown], beside: Beside) -> Result<RecordBatch, Error> {
    let mut columns = Columns { rows, fields: Vec::new(), arrays: Vec::new() };
    columns.text("period", &|row| Some(calendar::name(row.placed.period)));
    for (at, breakdown) in breakdowns.iter().enumerate() {
        columns.text(&breakdown.column, &|row| row.groups.get(at).cloned());
        if let Some(kinds) = &breakdown.kinds {
            columns.text(kinds, &|row| row.group(at).map(|group| group.kind().to_owned()));
        }
    }
    columns.text("measure", &|row| Some(row.name.to_owned()));
    columns.number("value", &|row| row.shown(row.placed.figure.value));
    columns.text("unit", &|row| row.unit.clone());
    columns.sizes("", &Some);
    columns.text("status", &|row| Some(row.status.to_owned()));
    if rows.iter().any(|row| row.is_unfinished(beside.data_date)) {
        let word = |row: &Row<'_>| row.is_unfinished(beside.data_date).then(|| "yes".to_owned());
        columns.text("unfinished", &word);
    }
    if rows.iter().any(|row| row.placed.figure.not_yet > 0.0) {
        columns.number("not_yet", &|row| row.not_yet(beside.policy));
    }
    if beside.aim {
        columns.number("baseline", &|row| row.aimed.baseline.map(|(_, value)| value));
        columns.number("target", &|row| row.aimed.target.map(|(_, value)| value));
        columns.number("expected", &|row| row.aimed.expected);
        // How a figure stands to its target would tell of one that is withheld.
        columns.text("target_status", &|row| {
            let standing = row.aimed.standing.filter(|_| row.status == "known");
            standing.map(|standing| standing.text().to_owned())
        });
    }
    if beside.compare {
        columns.compared(beside);
    }
    if rows.iter().any(|row| row.counted.is_some()) {
        columns.text("counted", &|row| row.counted.clone());
    }
    if rows.iter().any(|row| row.counts_as_no) {
        let word = |row: &Row<'_>| row.counts_as_no.then(|| "no".to_owned());
        columns.text("unknown_counts_as", &word);
    }
    let mut further: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.placed.figure.further) {
        if !further.contains(&name.as_str()) {
            further.push(name);
        }
    }
    for name in further {
        columns.number(name, &|row| {
            let mut own = row.placed.figure.further.iter();
            row.shown(own.find(|(other, _)| other == name).map(|(_, value)| *value))
        });
    }
    RecordBatch::try_new(Arc::new(Schema::new(columns.fields)), columns.arrays)
        .map_err(Error::bug("writing figures"))
}

/// Columns of text in which a row may have none.
const MAY_LACK: [&str; 6] =
    ["compared_unfinished", "counted", "target_status", "unfinished", "unit", "unknown_counts_as"];

/// Columns of the batch, made one after the other.
struct Columns<'a> {
    rows: &'a [Row<'a>],
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl<'a> Columns<'a> {
    /// What each figure is compared with.
    fn compared(&mut self, beside: Beside) {
        let against = |row: &Row<'_>| Some(calendar::name(row.against.as_ref()?.placed.period));
        self.text("compared_period", &against);
        self.number("compared", &|row| row.compared());
        self.number("difference", &|row| row.difference());
        self.number("difference_low", &|row| row.between().map(|(low, _)| low));
        self.number("difference_high", &|row| row.between().map(|(_, high)| high));
        let status = |row: &Row<'_>| Some(row.against.as_ref()?.status.to_owned());
        self.text("compared_status", &status);
        let goes_on = |row: &Row<'_>| {
            let against = row.against.as_ref().filter(|_| !beside.is_declared);
            against.is_some_and(|row| row.is_unfinished(beside.data_date))
        };
        if self.rows.iter().any(goes_on) {
            self.text("compared_unfinished", &|row| goes_on(row).then(|| "yes".to_owned()));
        }
        if !beside.is_declared {
            self.sizes("compared_", &|row| row.against.as_deref());
        }
    }

    /// The size of a figure, what is unknown of it, and its interval.
    fn sizes(&mut self, begin: &str, of: &dyn Fn(&'a Row<'a>) -> Option<&'a Row<'a>>) {
        let mut number = |name: &str, size: &dyn Fn(&Row<'_>) -> Option<f64>| {
            self.number(&format!("{begin}{name}"), &|row| size(of(row)?));
        };
        number("numerator", &|row| row.shown(row.placed.figure.numerator));
        number("denominator", &|row| row.shown(row.placed.figure.denominator));
        number("unknown", &|row| row.of_unknown(Some(row.placed.figure.unknown)));
        let bounds = |row: &Row<'_>| row.placed.figure.bounds;
        number("lower", &|row| row.of_unknown(bounds(row).map(|(low, _)| low)));
        number("upper", &|row| row.of_unknown(bounds(row).map(|(_, high)| high)));
        let interval = |row: &Row<'_>| row.placed.figure.interval;
        number("interval_low", &|row| row.shown(interval(row).0));
        number("interval_high", &|row| row.shown(interval(row).1));
    }

    fn text(&mut self, name: &str, of: &dyn Fn(&Row<'_>) -> Option<String>) {
        self.fields.push(Field::new(name, DataType::Utf8, MAY_LACK.contains(&name)));
        self.arrays.push(Arc::new(self.rows.iter().map(of).collect::<StringArray>()));
    }

    fn number(&mut self, name: &str, of: &dyn Fn(&'a Row<'a>) -> Option<f64>) {
        self.fields.push(Field::new(name, DataType::Float64, true));
        self.arrays.push(Arc::new(self.rows.iter().map(of).collect::<Float64Array>()));
    }
}

/// Where subjects stand under several organisations, says by how much the parts exceed the total.
fn more_than_total(
    measured: &Measured,
    cells: usize,
    shown: &[(&Placed, bool)],
    notes: &mut Vec<String>,
) {
    let by =
        measured.breakdowns.iter().position(|it| matches!(it.domain, Domain::Involvement { .. }));
    let Some(by) = by else { return };
    let last = cells.saturating_sub(1);
    // Measures of the same people say it once.
    let mut told: Vec<(Vec<String>, String)> = Vec::new();
    for (at, measure) in measured.measures.iter().enumerate() {
        let (mut sum, mut total, mut any_hidden) = (0.0, None, false);
        for (placed, hidden) in shown {
            let others = placed.groups.iter().enumerate().filter(|(other, _)| *other != by);
            let margin = others.into_iter().all(|(_, group)| *group == Group::Total);
            if placed.cell != last || placed.measure != at || !margin {
                continue;
            }
            let figure = &placed.figure;
            if !figure.sizes.is_empty() {
                continue;
            }
            let people = figure.denominator.or(figure.numerator).unwrap_or(0.0);
            any_hidden |= *hidden;
            match placed.groups.get(by) {
                Some(Group::Total) => total = Some(people),
                _ => sum += people,
            }
        }
        let Some(total) = total.filter(|total| *total > 0.0 && sum > *total) else { continue };
        let (subject, each) = (&measured.subject, sum / total);
        // With a figure withheld, by how much would tell of it.
        let text = if any_hidden {
            format!(
                "a {subject} stands under every organisation that saw it, so the organisations \
                     have more of them together than the total."
            )
        } else {
            let (sum, more, total) = (count(sum), count(sum - total), count(total));
            format!(
                "a {subject} stands under every organisation that saw it, so the organisations \
                     have {sum} of them together, {more} more than the {total} of the total: \
                     {each:.2} organisations each."
            )
        };
        let name = format!("`{}`", measure.name);
        match told.iter_mut().find(|(_, known)| *known == text) {
            Some((names, _)) => names.push(name),
            None => told.push((vec![name], text)),
        }
    }
    notes.extend(told.into_iter().map(|(names, text)| format!("{}: {text}", names.join(", "))));
}

/// A listing as a batch of texts.
pub(crate) fn listing(listing: &Listing, notes: Vec<String>) -> Result<Listed, Error> {
    let fields = listing.columns.iter().map(|name| Field::new(name, DataType::Utf8, false));
    let columns = (0..listing.columns.len()).map(|at| {
        let cells = listing.rows.iter().map(|row| row.get(at).map_or("", String::as_str));
        Arc::new(cells.map(Some).collect::<StringArray>()) as ArrayRef
    });
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = (fields.collect(), columns.collect());
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(Error::bug("writing a listing"))?;
    Ok(Listed { batch, notes })
}
