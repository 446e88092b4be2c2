//! Figures and listings set out for readers: a row a group, a column a measure.
//!
//! One measure alone shows its size, its bounds and its interval. Several stand side by side with
//! their sizes beneath, and so do the groups of a second breakdown, when they are few.

mod cross;
mod listing;
pub(crate) mod tree;

use interplay::{Answer, Breakdown, Figures};

use crate::figures::{Compared, Row, Status, rows};
use crate::number::{self, Scale};
use crate::sheet::{Column, Line, Sheet, Text};

/// What a row says when it holds for all groups of a breakdown.
const TOTAL: &str = "total";

/// The answer as a table for readers.
pub(crate) fn sheet(answer: &Answer) -> Sheet {
    match answer {
        Answer::Figures(figures) => of_figures(figures),
        Answer::Listing(listing) | Answer::Trace(listing) => listing::sheet(&listing.batch),
    }
}

/// What the mark of unfinished periods means, where one stands.
pub(crate) fn key(answer: &Answer) -> Option<String> {
    let Answer::Figures(figures) = answer else { return None };
    let own = ["unfinished", "compared_unfinished"]
        .iter()
        .any(|column| figures.batch.column_by_name(column).is_some());
    own.then(|| "* not over on the data date: what is still to come is not in it".to_owned())
}

/// Stands behind a period that is not over, or what is about it.
const UNFINISHED: &str = " *";

/// Said where a difference that is shown is not that of the numbers shown.
const ROUNDED_LAST: &str = "Differences are made before numbers are rounded, so the last digit of one may not fit the \
     numbers beside it.";

/// What a reader should know of how the figures look here.
pub(crate) fn remark(answer: &Answer) -> Option<String> {
    let Answer::Figures(figures) = answer else { return None };
    let rows = rows(figures);
    let is_off = |(name, _): &(String, Option<String>)| {
        let scale = Measure::new(name, &rows, figures).scale;
        let own = rows.iter().filter(|row| row.measure == *name);
        own.into_iter().any(|row| {
            let that = row.compared.as_ref();
            let numbers = that.and_then(|that| Some((row.value?, that.value?, that.difference?)));
            numbers.is_some_and(|(this, that, difference)| !scale.fits(this, that, difference))
        })
    };
    figures.measures.iter().any(is_off).then(|| ROUNDED_LAST.to_owned())
}

fn marked(text: String, is_unfinished: bool) -> String {
    if is_unfinished { text + UNFINISHED } else { text }
}

/// The measures with their titles: `Young people reached`
pub(crate) fn legend(answer: &Answer) -> Vec<String> {
    let Answer::Figures(figures) = answer else { return Vec::new() };
    if let Some(legend) = cross::legend(figures) {
        return vec![legend];
    }
    let titles = figures.measures.iter().filter_map(|(name, title)| Some((name, title.as_ref()?)));
    match figures.measures.as_slice() {
        [_] => titles.map(|(_, title)| title.clone()).collect(),
        _ => titles.map(|(name, title)| format!("{name}: {title}")).collect(),
    }
}

fn of_figures(figures: &Figures) -> Sheet {
    let rows = rows(figures);
    let measures = figures.measures.iter().map(|(name, _)| Measure::new(name, &rows, figures));
    let measures: Vec<Measure<'_>> = measures.collect();
    if let ([measure], true) = (measures.as_slice(), cross::fits(figures, &rows)) {
        return cross::sheet(figures, &rows, measure);
    }
    let keys = Keys::new(figures);
    let mut columns = keys.columns();
    match measures.as_slice() {
        [measure] => columns.extend(measure.columns_alone()),
        many => columns.extend(many.iter().map(Measure::column)),
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut above = None;
    for group in groups(&rows) {
        let Some(first) = group.first().copied() else { continue };
        let mut cells = keys.cells(first);
        match measures.as_slice() {
            [measure] => cells.extend(measure.cells_alone(first)),
            many => cells.extend(many.iter().map(|measure| measure.cell(&group))),
        }
        let depth = total_depth(&first.groups);
        let is_total = depth > 0 && depth == first.groups.len();
        lines.push(Line { cells, is_total, is_set_off: above.is_some_and(|above| depth > above) });
        above = Some(depth);
    }
    Sheet { columns, lines }
}

/// The rows of each group together, groups in the order in which they first appear.
fn groups(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let same = |first: &Row| first.period == row.period && first.groups == row.groups;
        // Rows of one group stand beside each other, nearly always.
        let found = groups.iter().rposition(|group| group.first().is_some_and(|first| same(first)));
        match found.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// How many breakdowns, counted from the left, a row is a total of.
fn total_depth(groups: &[String]) -> usize {
    groups.iter().take_while(|code| *code == TOTAL).count()
}

/// The columns at the left: breakdowns, or the period when there are none.
struct Keys<'a> {
    breakdowns: &'a [Breakdown],
}

impl<'a> Keys<'a> {
    fn new(figures: &'a Figures) -> Self {
        Self { breakdowns: &figures.breakdowns }
    }

    fn columns(&self) -> Vec<Column> {
        let period = self.breakdowns.is_empty().then(|| Column::words("period"));
        let breakdowns = self.breakdowns.iter().map(|breakdown| Column::words(&breakdown.name));
        period.into_iter().chain(breakdowns).collect()
    }

    fn cells(&self, row: &Row) -> Vec<Text> {
        let period = self.breakdowns.is_empty().then(|| row.period.clone());
        let groups = self.breakdowns.iter().zip(&row.groups);
        let groups = groups.map(|(breakdown, code)| label(breakdown, code, &row.period));
        let mut keys: Vec<String> = period.into_iter().chain(groups).collect();
        if let Some(first) = keys.first_mut() {
            *first = marked(std::mem::take(first), row.is_unfinished);
        }
        keys.into_iter().map(plain).collect()
    }
}

/// What a reader sees for a code: its label where it has one. The total over time names its
/// period, because it is no sum of the others.
fn label(breakdown: &Breakdown, code: &str, period: &str) -> String {
    if code == TOTAL && breakdown.is_time {
        return format!("{TOTAL} {period}");
    }
    let label = breakdown.labels.iter().find(|(known, _)| known == code);
    label.map_or(code, |(_, label)| label).to_owned()
}

/// One measure over all rows: how it is shown, and which parts it has.
#[expect(clippy::struct_excessive_bools, reason = "each says of one column whether it is shown")]
struct Measure<'a> {
    name: &'a str,
    unit: Option<&'a str>,
    scale: Scale,
    has_size: bool,
    has_unknown: bool,
    has_interval: bool,
    /// `improved`, `effect size`
    further: Vec<&'static str>,
    is_compared: bool,
    /// The period with which all its rows are compared, said once in the heading.
    compared_with: Option<String>,
    has_baseline: bool,
    has_target: bool,
}

impl<'a> Measure<'a> {
    fn new(name: &'a str, rows: &'a [Row], figures: &Figures) -> Self {
        let place = figures.measures.iter().position(|(other, _)| other == name);
        let decimals = place.and_then(|at| figures.decimals.get(at).copied().flatten());
        let own = || rows.iter().filter(move |row| row.measure == name);
        let unit = own().find_map(|row| row.unit.as_deref());
        Self {
            name,
            unit,
            scale: Scale::new(unit, &own().flat_map(Row::values).collect::<Vec<_>>())
                .rounded(decimals),
            // The size of a count is the count.
            has_size: own().any(|row| row.denominator.is_some() && row.denominator != row.value),
            // A number that is withheld is no zero.
            has_unknown: own().any(|row| {
                row.unknown.map_or(row.status == Status::Known, |unknown| unknown > 0.0)
            }),
            has_interval: own().any(|row| row.interval != (None, None)),
            further: own().fold(Vec::new(), |mut all, row| {
                let new = row.further.iter().map(|(name, ..)| *name);
                let new: Vec<&str> = new.filter(|name| !all.contains(name)).collect();
                all.extend(new);
                all
            }),
            is_compared: own().any(|row| row.compared.is_some()),
            compared_with: same(own().filter_map(|row| {
                let compared = row.compared.as_ref()?;
                Some(marked(compared.period.clone(), compared.is_unfinished))
            })),
            has_baseline: own().any(|row| row.aim.baseline.is_some()),
            has_target: own().any(|row| row.aim.target.is_some() || row.aim.standing.is_some()),
        }
    }

    fn is_share(&self) -> bool {
        self.unit == Some("%")
    }

    fn column(&self) -> Column {
        let unit = self.unit.filter(|_| !self.is_share()).map(str::to_owned);
        Column { unit, ..Column::numbers(self.name) }
    }

    /// Value, size, unknown, bounds and interval.
    fn columns_alone(&self) -> Vec<Column> {
        let size = self.has_size.then(|| Column::numbers("size"));
        let unknown = self.has_unknown.then(|| Column::numbers("unknown"));
        let bounds = self.has_bounds().then(|| Column::numbers("bounds"));
        let interval = self.has_interval.then(|| Column::numbers("95 % interval"));
        let compared = self
            .is_compared
            .then(|| Column { unit: self.compared_with.clone(), ..Column::numbers("compared") });
        let difference = self.is_compared.then(|| Column::numbers("difference"));
        let baseline = self.has_baseline.then(|| Column::numbers("baseline"));
        let target = self.has_target.then(|| Column::numbers("target"));
        let columns = [Some(self.column()), baseline, target, compared, difference];
        let columns = columns.into_iter().chain([size, unknown, bounds, interval]);
        let further = self.further.iter().map(|name| Column::numbers(*name));
        columns.flatten().chain(further).collect()
    }

    /// `31.0 – 45.0`; where an end is not reached, `31 or more`
    fn interval(&self, (low, high): (Option<f64>, Option<f64>)) -> String {
        match (low, high) {
            (Some(low), Some(high)) => self.scale.range(low, high),
            (Some(low), None) => format!("{} or more", self.scale.show(low)),
            (None, Some(high)) => format!("{} or less", self.scale.show(high)),
            (None, None) => String::new(),
        }
    }

    /// The further numbers, in the order of their columns.
    fn further(&self, row: &Row) -> Vec<Text> {
        let shown = self.further.iter().map(|name| {
            let own = row.further.iter().find(|(other, ..)| other == name);
            let text = own.map(|(_, value, is_share)| match is_share {
                true => Scale::new(Some("%"), &[*value]).show(*value),
                false => number::plain(*value),
            });
            plain(text.unwrap_or_default())
        });
        shown.collect()
    }

    /// Bounds say how far the unknown could move a share: nothing, when there are none.
    fn has_bounds(&self) -> bool {
        self.is_share() && self.has_unknown
    }

    fn cells_alone(&self, row: &Row) -> Vec<Text> {
        let size = self.has_size.then(|| self.size(row).unwrap_or_default());
        let unknown = self.has_unknown.then(|| Text {
            text: Self::unknown(row),
            beneath: Self::not_yet(row).filter(|_| row.unknown.is_some()),
        });
        let range = |range: Option<(f64, f64)>| {
            range.map(|(low, high)| self.scale.range(low, high)).unwrap_or_default()
        };
        let bounds = self.has_bounds().then(|| range(row.bounds));
        let interval = self.has_interval.then(|| self.interval(row.interval));
        let compared = row.compared.as_ref().map(|it| {
            let named = self.compared_with.is_none();
            let period = named.then(|| marked(it.period.clone(), it.is_unfinished));
            let interval = Some(self.interval(it.interval)).filter(|text| !text.is_empty());
            let sizes = joined(self.sizes_of(it).chain(interval));
            let beneath = match (period, sizes) {
                (Some(period), Some(sizes)) => Some(format!("{period}: {sizes}")),
                (period, sizes) => period.or(sizes),
            };
            Text { text: self.text(it.status, it.value), beneath }
        });
        let difference = row.compared.as_ref().map(|it| Text {
            text: it.difference.map(|it| self.scale.difference(it)).unwrap_or_default(),
            beneath: it.between.map(|(low, high)| self.scale.difference_range(low, high)),
        });
        let sizes = size.map(plain).into_iter().chain(unknown);
        let cells = sizes.chain([bounds, interval].into_iter().flatten().map(plain));
        let declared = |value: Option<f64>| value.map(|it| self.scale.show(it)).unwrap_or_default();
        let baseline = self.has_baseline.then(|| plain(declared(row.aim.baseline)));
        let target = self.has_target.then(|| match (row.aim.target, &row.aim.standing) {
            (None, Some(standing)) => plain(standing.clone()),
            (target, standing) => Text { text: declared(target), beneath: standing.clone() },
        });
        [Some(plain(self.value(row))), baseline, target, compared, difference]
            .into_iter()
            .flatten()
            .chain(cells)
            .chain(self.further(row))
            .collect()
    }

    /// The value with its size beneath.
    fn cell(&self, group: &[&Row]) -> Text {
        let Some(row) = group.iter().find(|row| row.measure == self.name) else {
            return Text::default();
        };
        // Of nobody the size is said by the empty value.
        let size = row.denominator.filter(|size| self.has_size && *size > 0.0);
        let size = size.map(|size| format!("n={}", number::count(size)));
        let unknown = match (row.unknown, row.status) {
            (Some(unknown), _) if unknown > 0.0 => Some(number::count(unknown)),
            // Withheld, which is not the same as none.
            (None, Status::Known) if self.has_unknown => Some("?".to_owned()),
            (_, Status::Known | Status::Empty | Status::NoData | Status::Suppressed) => None,
        };
        let unknown = unknown.map(|unknown| match Self::not_yet(row) {
            Some(not_yet) => format!("{unknown} unknown ({not_yet})"),
            None => format!("{unknown} unknown"),
        });
        let compared = row.compared.as_ref().map(|it| {
            let difference = it.difference.map(|it| format!(" ({})", self.scale.difference(it)));
            let value = self.text(it.status, it.value);
            let period = marked(it.period.clone(), it.is_unfinished);
            let own = [format!("{period}: {value}{}", difference.unwrap_or_default())];
            own.into_iter().chain(self.sizes_of(it)).collect::<Vec<_>>().join(", ")
        });
        let target = match (row.aim.target, &row.aim.standing) {
            (Some(target), None) => Some(format!("target {}", self.scale.show(target))),
            (Some(target), Some(standing)) => {
                Some(format!("target {}: {standing}", self.scale.show(target)))
            }
            (None, standing) => standing.clone(),
        };
        // What is of this figure itself stands before another period is named.
        let own = joined(size.into_iter().chain(unknown).chain(target));
        let parts: Vec<String> = own.into_iter().chain(compared).collect();
        let beneath = (!parts.is_empty()).then(|| parts.join("; "));
        Text { text: self.value(row), beneath }
    }

    /// How large the figure is with which one is compared, and of how many it is unknown.
    fn sizes_of(&self, compared: &Compared) -> impl Iterator<Item = String> {
        let of = compared.denominator.filter(|size| self.has_size && *size > 0.0);
        let size = of.map(|of| match compared.numerator.filter(|_| self.is_share()) {
            Some(some) => format!("{} of {}", number::count(some), number::count(of)),
            None => format!("n={}", number::count(of)),
        });
        let unknown = match (compared.unknown, compared.status) {
            (Some(unknown), _) if unknown > 0.0 => Some(number::count(unknown)),
            // Withheld, which is not the same as none.
            (None, Status::Known) if self.has_unknown && of.is_some() => Some("?".to_owned()),
            _ => None,
        };
        size.into_iter().chain(unknown.map(|unknown| format!("{unknown} unknown")))
    }

    fn value(&self, row: &Row) -> String {
        self.text(row.status, row.value)
    }

    fn text(&self, status: Status, value: Option<f64>) -> String {
        match (status, value) {
            (Status::Suppressed, _) => number::WITHHELD.to_owned(),
            (Status::NoData, _) => number::NO_DATA.to_owned(),
            (Status::Known, Some(value)) => self.scale.show(value),
            (Status::Empty, _) | (Status::Known, None) => number::EMPTY.to_owned(),
        }
    }

    /// How many are unknown. Beside a figure that is shown, a number that is not is withheld.
    fn unknown(row: &Row) -> String {
        match (row.unknown, row.status) {
            (Some(unknown), _) => number::count(unknown),
            (None, Status::Known) => number::WITHHELD.to_owned(),
            (None, Status::Empty | Status::NoData | Status::Suppressed) => String::new(),
        }
    }

    /// `12 not yet`, of the unknown
    fn not_yet(row: &Row) -> Option<String> {
        let count = row.not_yet.filter(|count| *count > 0.0)?;
        Some(format!("{} not yet", number::count(count)))
    }

    /// `120 of 284`; for a mean, of how many
    fn size(&self, row: &Row) -> Option<String> {
        let denominator = number::count(row.denominator?);
        match row.numerator {
            Some(numerator) if self.is_share() => {
                Some(format!("{} of {denominator}", number::count(numerator)))
            }
            _ => Some(denominator),
        }
    }
}

/// Parts with a comma between; nothing where there are none.
fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The text that all of them are, if there is one.
fn same(mut texts: impl Iterator<Item = String>) -> Option<String> {
    let first = texts.next().filter(|first| !first.is_empty())?;
    texts.all(|text| text == first).then_some(first)
}

fn plain(text: String) -> Text {
    Text { text, beneath: None }
}
