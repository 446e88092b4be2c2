//! Notes on what was counted beside figures, and on parts that add to more than their total.

use interplay_compile::catalog::Disclosure;
use interplay_compile::dimension::Domain;
use interplay_compile::figures::{Group, Placed};
use interplay_compile::indicator::beside::{Beside, What};
use interplay_compile::query::cells::Under;
use interplay_compile::query::measure::Measured;

use crate::engine::Measures;
use crate::telling::count;

/// What may be told of numbers of people that stand in notes alone.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    policy: Disclosure,
    /// Whether something of the answer is withheld: beside it a number might give it away.
    is_hidden: bool,
    /// The numbers of people that stand under totals, and those in notes.
    known: Vec<f64>,
}

impl Telling {
    pub(crate) fn new(measures: &Measures, policy: Disclosure, is_hidden: bool) -> Self {
        let mut known: Vec<f64> = Vec::new();
        let both = measures.placed.iter().chain(&measures.compared);
        for placed in both.filter(|placed| is_of_everybody(placed)) {
            let figure = &placed.figure;
            let all = figure.denominator.map(|all| all + figure.unknown);
            let people = figure.people().into_iter().map(|crowd| crowd.people);
            known.extend(people.chain(all).chain([figure.unknown]));
        }
        known.extend(measures.beside.iter().map(|(_, count)| *count));
        Self { policy, is_hidden, known }
    }

    /// Whether a number may be told: not where it, or what it lies apart from another that is
    /// told, is few people.
    fn may_tell(&self, one: &Beside, number: f64) -> bool {
        if self.policy == Disclosure::None {
            return true;
        }
        let is_near = |known: &f64| self.policy.is_small((known - number).abs());
        // Of rows it is not known of how many people they are.
        let is_plain = one.rows.is_none() && !self.is_hidden;
        is_plain && !self.policy.is_small(number) && !self.known.iter().any(is_near)
    }

    /// `12 persons`, `1 person`, `some persons`
    fn many(&self, one: &Beside, number: f64) -> String {
        let [single, several] = match &one.rows {
            Some(record) => [format!("row of `{record}`"), format!("rows of `{record}`")],
            None => one.subject.clone(),
        };
        match (self.may_tell(one, number), number > 1.0) {
            (false, _) => format!("some {several}"),
            (true, true) => format!("{} {several}", count(number)),
            (true, false) => format!("{} {single}", count(number)),
        }
    }
}

/// Under no heading of a breakdown.
fn is_of_everybody(placed: &Placed) -> bool {
    placed.groups.iter().all(|group| *group == Group::Total)
}

/// A note for each number that was counted, measures of which the same is said together.
pub(crate) fn notes(beside: &[(Beside, f64)], telling: &Telling, notes: &mut Vec<String>) {
    let mut told = Vec::new();
    for (one, count) in beside.iter().filter(|(_, count)| *count > 0.0) {
        let many = telling.many(one, *count);
        let several = !telling.may_tell(one, *count) || *count > 1.0;
        let [it, counts, is] =
            if several { ["they", "count", "are"] } else { ["it", "counts", "is"] };
        let text = match one.what {
            What::AsNo => format!("of {many} it is unknown, and {it} {counts} as no."),
            What::PerhapsAmong => {
                let belong = if several { "belong" } else { "belongs" };
                format!(
                    "of {many} it is unknown whether {it} {belong} to those asked about; {it} {is} \
                     left out."
                )
            }
            What::Changing => format!(
                "of {many} the number may still change, and it counts as it was found: the time \
                 that is looked at is not over on the data date, or not all of it was delivered."
            ),
        };
        say(&mut told, &one.measure, text);
    }
    notes.extend(said(told));
}

/// Figures beside their totals.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) measures: &'a Measures,
    /// Of which figures there are data, in the same order.
    pub(crate) delivered: &'a [bool],
    /// Whether something of them is withheld.
    pub(crate) is_hidden: bool,
}

/// What a reader should know of parts beside their total: by how much those of periods exceed it,
/// and that what people did is not split by organisation.
pub(crate) fn split(measured: &Measured, parts: &Parts<'_>, notes: &mut Vec<String>) {
    over_time(measured, parts, notes);
    let by = |domain: &Domain| matches!(domain, Domain::Involvement { .. });
    if measured.breakdowns.iter().any(|dimension| by(&dimension.domain)) {
        let own = measured
            .measures
            .iter()
            .filter(|measure| measure.kind != "count" && measure.indicator.among().rows.is_none());
        let names: Vec<String> = own.map(|measure| format!("`{}`", measure.name)).collect();
        if !names.is_empty() {
            notes.push(format!(
                "{}: under an organisation stands what those it saw did or reached anywhere, not \
                 with that organisation alone.",
                names.join(", ")
            ));
        }
    }
}

/// Whoever counts in several of the periods counts once in the whole.
fn over_time(measured: &Measured, parts: &Parts<'_>, notes: &mut Vec<String>) {
    let (Some(kind), Some(whole)) = (measured.kinds.last(), parts.measures.cells.last()) else {
        return;
    };
    let cells = measured.cells(*whole);
    let is_finest =
        |at: usize| cells.get(at).is_some_and(|cell| !cell.under.contains(&Under::Total));
    let people = |placed: &Placed| {
        let figure = &placed.figure;
        let rows = !figure.sizes.is_empty() || figure.behind.is_some();
        figure.denominator.or(figure.numerator).filter(|_| !rows).unwrap_or(0.0)
    };
    let mut told = Vec::new();
    for (at, measure) in measured.measures.iter().enumerate() {
        let (mut sum, mut total) = (0.0, 0.0);
        let own = parts.measures.placed.iter().zip(parts.delivered);
        let own = own.filter(|(placed, delivered)| **delivered && placed.measure == at);
        for (placed, _) in own.filter(|(placed, _)| is_of_everybody(placed)) {
            if is_finest(placed.cell) {
                sum += people(placed);
            } else if placed.cell + 1 == cells.len() {
                total = people(placed);
            }
        }
        if sum <= total || total <= 0.0 {
            continue;
        }
        let (kind, subject) = (kind.word(), &measured.subject);
        // With a figure withheld, by how much would tell of it.
        let much = if parts.is_hidden {
            "more than the total".to_owned()
        } else {
            let each = sum / total;
            let [sum, more, total] = [sum, sum - total, total].map(count);
            format!(
                "{sum}, {more} more than the {total} of the total: {each:.2} for each {subject}"
            )
        };
        let text = format!(
            "each {subject} counts in every {kind} to which it belongs and once in the total, so \
             together they have {much}."
        );
        say(&mut told, &measure.name, text);
    }
    notes.extend(said(told));
}

/// Adds what is said of a measure: what is said of several stands once.
fn say(told: &mut Vec<(Vec<String>, String)>, measure: &str, text: String) {
    let name = format!("`{measure}`");
    match told.iter_mut().find(|(_, known)| *known == text) {
        Some((names, _)) if names.contains(&name) => {}
        Some((names, _)) => names.push(name),
        None => told.push((vec![name], text)),
    }
}

fn said(told: Vec<(Vec<String>, String)>) -> impl Iterator<Item = String> {
    told.into_iter().map(|(names, text)| format!("{}: {text}", names.join(", ")))
}
