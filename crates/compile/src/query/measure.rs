//! `measure reach, stably_housed in 2023 .. 2025 by year, district where gender is f`

use std::collections::BTreeMap;

use chrono::NaiveDate;
use interplay_diagnostic::Span;
use interplay_syntax::tree;

use super::compare::{self, Against};
use super::{CheckedQuery, Verb};
use crate::calendar::Period;
use crate::calendar::kind::PeriodKind;
use crate::catalog::RuleKind;
use crate::check::{Checker, Scope};
use crate::dimension::{self, Dimension};
use crate::expression::written;
use crate::figures::{Group, Placed};
use crate::indicator::aim::Aimed;
use crate::indicator::{self, Measure, Part};
use crate::problems;
use crate::term::Term;

pub(super) const VERB: Verb = Verb {
    name: "measure",
    summary: "the figures of indicators, in a period, split and filtered as asked",
    parts: &["in", "by", "where", "compare", "as"],
    check,
};

/// A query cut into more periods than this is a slip, and would take longer than anyone waits.
const MOST_CELLS: usize = 600;

/// A checked `measure` query.
#[derive(Debug)]
pub struct Measured {
    /// In the order asked.
    pub measures: Vec<Measure>,
    /// What all of them count.
    pub subject: String,
    /// The period asked for; none is all time up to the data date.
    pub period: Option<Period>,
    /// Whether that period follows from the data date.
    pub looks_at_data_date: bool,
    /// `by year, quarter`: the period is cut into these, the longest first.
    pub kinds: Vec<PeriodKind>,
    /// In the order asked, without the unit of time.
    pub breakdowns: Vec<Dimension>,
    /// Parameters asked at a date that differs from subject to subject, and since when they have
    /// a value.
    pub parameters: Vec<(String, NaiveDate)>,
    /// Which measures leave rows out that have no value, as `known only` says, and of what.
    pub known_only: Vec<KnownOnly>,
    /// `where …`, as it reads for each measure: of those about rows it is asked of the row. Empty
    /// without `where`.
    pub conditions: Vec<Term>,
    /// `compare previous`
    pub compare: Option<Against>,
    /// `as csv`
    pub format: Option<String>,
}

impl Measured {
    /// What is declared for a figure, and how it stands to that. It holds for the total alone, of
    /// everybody: not for a group, and not where the query has a condition.
    #[must_use]
    pub fn aimed(&self, placed: &Placed, data_date: NaiveDate) -> Aimed {
        let is_total = placed.groups.iter().all(|group| *group == Group::Total);
        let aim = self.measures.get(placed.measure).and_then(|measure| measure.aim.as_ref());
        let aim = aim.filter(|_| is_total && self.conditions.is_empty());
        aim.map(|aim| aim.of(placed.period, placed.figure.value, data_date)).unwrap_or_default()
    }
}

impl Measured {
    /// Everything that is asked of a subject or of its rows.
    #[must_use]
    pub fn terms(&self) -> Vec<Term> {
        let mut found = Vec::new();
        for measure in &self.measures {
            let parts = measure.indicator.parts(&measure.indicator.among().condition());
            found.extend(parts.iter().flat_map(Part::terms).cloned());
        }
        let dimensions = self.breakdowns.iter().filter_map(|it| it.domain.term());
        found.extend(dimensions.chain(&self.conditions).cloned());
        found
    }
}

/// `mean of minutes of contact known only`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownOnly {
    /// The indicator.
    pub measure: String,
    /// `contact`
    pub record: String,
    /// `minutes`
    pub field: String,
}

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let measures: Vec<Option<Measure>> =
        query.things.iter().map(|thing| measure(checker, thing)).collect();
    // What is wrong with the rest is told even when an indicator is unknown.
    let found: Vec<&Measure> = measures.iter().flatten().collect();
    let subject = subject(checker, query, &found)?;
    let period = query.period.as_ref().map(|period| self::period(checker, &subject, period));
    let by: Vec<Option<By>> = query.by.iter().map(|by| self::by(checker, &subject, by)).collect();
    let conditions = conditions(checker, &subject, query, &found);
    let measures: Vec<Measure> = measures.into_iter().collect::<Option<_>>()?;
    let period = whole(period)?;
    let conditions = conditions?;
    let (kinds, breakdowns) = split(checker, query, by)?;
    if let Some(period) = period {
        let cells = kinds.iter().map(|kind| kind.cut(period).len()).sum();
        if cells > MOST_CELLS {
            return checker.note(problems::too_many_cells(cells, MOST_CELLS, query.span));
        }
    }
    let compare = match &query.compare {
        None => None,
        Some(written) => Some(compare::check(checker, &measures, written)?),
    };
    let format = query.format.as_ref().map(|word| word.item.clone());
    let looks_at_data_date = looks_at_data_date(checker, &subject, query);
    let mut measured = Measured {
        known_only: known_only(&measures),
        measures,
        subject,
        period,
        looks_at_data_date,
        kinds,
        breakdowns,
        parameters: Vec::new(),
        conditions,
        compare,
        format,
    };
    period_known(checker, query, &measured)?;
    // Of a period that follows from a data date which is not known yet, nothing can be said.
    if !measured.looks_at_data_date || checker.data_date.is_some() {
        measured.parameters = parameters(checker, query, &measured)?;
    }
    Some(CheckedQuery::Measure(measured))
}

/// The query's `where` for each measure. It is checked once for all that count alike, so that a
/// problem is told once.
fn conditions(
    checker: &mut Checker<'_>,
    subject: &str,
    query: &tree::Query,
    measures: &[&Measure],
) -> Option<Vec<Term>> {
    let Some(expr) = &query.condition else { return Some(Vec::new()) };
    if measures.is_empty() {
        return checker.condition(&Scope::of(subject), expr).map(|_| Vec::new());
    }
    let record =
        |measure: &Measure| measure.indicator.among().rows.as_ref().map(|rows| rows.record.clone());
    let mut known: BTreeMap<Option<String>, Option<Term>> = BTreeMap::new();
    let conditions = measures.iter().map(|measure| {
        let found = known
            .entry(record(measure))
            .or_insert_with(|| checker.condition(&measure.indicator.among().scope(), expr));
        found.clone()
    });
    // All are checked before one that fails ends the query.
    conditions.collect::<Vec<_>>().into_iter().collect()
}

/// Whether the query's period follows from the data date.
fn looks_at_data_date(checker: &mut Checker<'_>, subject: &str, query: &tree::Query) -> bool {
    let Some(tree::QueryPeriod::Span(expr)) = &query.period else { return false };
    // Its problems were noted when the period was read.
    let period = checker.tried(|checker| checker.period(&Scope::of(subject), expr));
    period.is_some_and(|(first, last)| first.mentions_data_date() || last.mentions_data_date())
}

/// An indicator by name.
pub(crate) fn measure(checker: &mut Checker<'_>, thing: &tree::Word) -> Option<Measure> {
    let rule = checker.catalog.rules.get(&thing.item);
    if let Some(rule) = rule
        && rule.kind == RuleKind::Indicator
    {
        return indicator::check(checker, rule);
    }
    let indicators = checker.catalog.rules.values().filter(|rule| rule.kind == RuleKind::Indicator);
    let known: Vec<&str> = indicators.map(|rule| rule.name.as_str()).collect();
    checker.note(problems::unknown_name("indicator", &thing.item, thing.span, known))
}

/// The kinds of period and the other breakdowns; each at most once, for a group split by itself
/// would be neither.
fn split(
    checker: &mut Checker<'_>,
    query: &tree::Query,
    by: Vec<Option<By>>,
) -> Option<(Vec<PeriodKind>, Vec<Dimension>)> {
    let (mut kinds, mut breakdowns, mut wrong) =
        (Vec::<PeriodKind>::new(), Vec::<Dimension>::new(), Vec::new());
    for (by, written) in by.into_iter().zip(&query.by) {
        let tree::Breakdown::Name(word) = written else { continue };
        match by? {
            By::Kind(found) if !kinds.contains(&found) => {
                if let Some(finer) = kinds.last().filter(|it| it.longest() < found.longest()) {
                    wrong.push(problems::finer_first(finer.word(), found.word(), word.span));
                }
                kinds.push(found);
            }
            By::Dimension(one) if breakdowns.iter().all(|other| other.name != one.name) => {
                breakdowns.push(*one);
            }
            _ => wrong.push(problems::breakdown_twice(&word.item, word.span)),
        }
    }
    let is_sound = wrong.is_empty();
    checker.problems.append(&mut wrong);
    is_sound.then_some((kinds, breakdowns))
}

/// A part that is not written is none; one with a problem ends the query.
#[expect(clippy::option_option, reason = "whether it is written, and whether it is sound")]
fn whole<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    part.map_or(Some(None), |checked| checked.map(Some))
}

/// What the indicators count; when none is known, the only subject there is.
fn subject(
    checker: &mut Checker<'_>,
    query: &tree::Query,
    measures: &[&Measure],
) -> Option<String> {
    if query.things.is_empty() {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("measure", "an indicator", span));
    }
    let mut subjects = checker.catalog.declared_subjects();
    let only = subjects.next().filter(|_| subjects.next().is_none());
    let first = measures.first().map(|measure| measure.indicator.among().subject.as_str());
    let subject = first.or(only)?.to_owned();
    for measure in measures {
        let other = &measure.indicator.among().subject;
        if *other != subject {
            let thing = query.things.iter().find(|thing| thing.item == measure.name);
            let span = thing.map_or(query.span, |thing| thing.span);
            return checker.note(problems::other_subject(&measure.name, other, &subject, span));
        }
    }
    Some(subject)
}

/// The first and last day of a query's period, which must be known when it is written.
pub(super) fn period(
    checker: &mut Checker<'_>,
    subject: &str,
    period: &tree::QueryPeriod,
) -> Option<Period> {
    let tree::QueryPeriod::Span(expr) = period else {
        let tree::QueryPeriod::Named(periods) = period else { return None };
        let span = periods.first().map_or(Span::default(), |(key, _)| key.span);
        return checker.note(problems::not_available("`in periods { … }`", span));
    };
    let (first, last) = checker.period(&Scope::of(subject), expr)?;
    let looks = first.mentions_data_date() || last.mentions_data_date();
    // Without a data date any does for finding problems.
    let data_date = checker.data_date.or(NaiveDate::from_ymd_opt(2000, 12, 31))?;
    let days = first.fixed_date(data_date, None).zip(last.fixed_date(data_date, None));
    match days {
        Some((first, last)) if first <= last => Some(Period { first, last }),
        _ if looks && checker.data_date.is_none() => {
            Some(Period { first: data_date, last: data_date })
        }
        Some(_) => checker.note(problems::empty_period(expr.span)),
        None => {
            if first.mentions_period() || last.mentions_period() {
                return checker.note(problems::period_of_query(&written(expr), expr.span));
            }
            let differs = first.is_fixed() && last.is_fixed();
            let found = if differs {
                "one that does not exist"
            } else {
                "one that differs from subject to subject"
            };
            checker.note(problems::wrong_type("a fixed period", found, expr.span))
        }
    }
}

enum By {
    Kind(PeriodKind),
    Dimension(Box<Dimension>),
}

fn by(checker: &mut Checker<'_>, subject: &str, by: &tree::Breakdown) -> Option<By> {
    match by {
        tree::Breakdown::Name(word) => {
            let declared = checker.catalog.rules.contains_key(&word.item);
            match checker.catalog.kind_of_period(&word.item) {
                Some(kind) if !declared => Some(By::Kind(kind)),
                _ => {
                    let dimension = dimension::named(checker, subject, word)?;
                    Some(By::Dimension(Box::new(dimension)))
                }
            }
        }
        tree::Breakdown::AnyOf(words) | tree::Breakdown::EachOf(words) => {
            let span = words.first().map_or(Span::default(), |word| word.span);
            checker.note(problems::not_available("`any of` and `each of`", span))
        }
    }
}

/// Parameters must have a value where the query asks for them, as far as that can be known; those
/// of which it cannot are returned.
fn parameters(
    checker: &mut Checker<'_>,
    query: &tree::Query,
    measured: &Measured,
) -> Option<Vec<(String, NaiveDate)>> {
    let mut parts = Vec::new();
    for measure in &measured.measures {
        parts.extend(measure.indicator.parts(&measure.indicator.among().condition()));
    }
    let terms = parts.iter().flat_map(Part::terms);
    let dimensions = measured.breakdowns.iter().filter_map(|it| it.domain.term());
    let terms: Vec<&Term> = terms.chain(dimensions).chain(&measured.conditions).collect();
    let mut cells: Vec<Period> = measured.period.into_iter().collect();
    if let Some(period) = measured.period {
        cells.extend(measured.kinds.iter().flat_map(|kind| kind.cut(period)));
    }
    if let Some(against) = &measured.compare {
        cells.extend(cells.clone().into_iter().filter_map(|cell| against.period(cell)));
    }
    // A period that stands for one not known yet says nothing about values.
    let fixed = matches!(query.compare, Some(tree::Compare::Span(_)));
    let stands_in = checker.data_date.is_none() && (measured.looks_at_data_date || fixed);
    if !checker.period_follows && !stands_in {
        checker.values_known(terms.iter().copied(), &cells, query.span)?;
    }
    Some(checker.asked_by_subject(terms))
}

/// What the measures say `known only` of.
fn known_only(measures: &[Measure]) -> Vec<KnownOnly> {
    fn find(term: &Term, into: &mut Vec<(String, String)>) {
        if let Term::Selected { selection, .. } = term {
            let field = selection.known.as_ref().map(|(field, _)| field.clone());
            into.extend(field.map(|field| (selection.record.clone(), field)));
        }
        term.children().into_iter().for_each(|child| find(child, into));
    }
    let mut found = Vec::new();
    for measure in measures {
        let parts = measure.indicator.parts(&measure.indicator.among().condition());
        let mut said = Vec::new();
        parts.iter().flat_map(Part::terms).for_each(|term| find(term, &mut said));
        let of_measure =
            |(record, field)| KnownOnly { measure: measure.name.clone(), record, field };
        found.extend(said.into_iter().map(of_measure));
    }
    found.sort();
    found.dedup();
    found
}

/// What mentions `period` needs one.
fn period_known(checker: &mut Checker<'_>, query: &tree::Query, measured: &Measured) -> Option<()> {
    if measured.period.is_some() {
        return Some(());
    }
    for (measure, thing) in measured.measures.iter().zip(&query.things) {
        let all = Term::Truth(Some(true));
        let parts = measure.indicator.parts(&all.and(measure.indicator.among().condition()));
        if parts.iter().any(mentions_period) {
            return checker.note(problems::period_needed(&measure.name, thing.span));
        }
    }
    let terms = measured.breakdowns.iter().filter_map(|dimension| dimension.domain.term());
    let by_period = !measured.kinds.is_empty()
        || measured.compare.is_some()
        || measured.conditions.iter().any(Term::mentions_period)
        || terms.into_iter().any(Term::mentions_period);
    if by_period {
        return checker.note(problems::period_needed("the query", query.span));
    }
    Some(())
}

fn mentions_period(part: &Part) -> bool {
    part.terms().into_iter().any(Term::mentions_period)
}
