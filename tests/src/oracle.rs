//! The oracle: what a program means, worked out row by row from the written tree.
//!
//! It is plain and slow on purpose, and shares no code with the engine, so that where both agree
//! a fault in either would have to be made twice. Its rooms follow docs/semantics.md: `value` and
//! `expression` are "Values", `timing` is "Rows and time", `selection` is "Selections", `once` is
//! "Once-records", `figure`, `breakdown` and `band` are "Figures". What the language has and the oracle
//! does not know makes it panic: it never answers what it did not work out.

mod aim;
mod band;
mod breakdown;
mod change;
mod codebook;
mod compare;
mod compared;
mod days;
mod expression;
mod figure;
mod goals;
mod index;
mod keyed;
mod kind;
mod level;
mod once;
mod partners;
mod rounding;
mod scope;
mod selection;
mod silence;
mod statistics;
mod sum;
mod table;
mod time;
mod timing;
mod units;
mod value;
mod weighted;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{Breakdown, Expr, Program, Query, QueryPeriod};

pub use aim::Aim;
pub use codebook::{Codebook, FieldType, seconds_of};
pub use compare::differences;
pub use statistics::Made;
pub use table::{cells_as_grid, cells_as_table, given_row};
pub use time::Period;
pub use world::{Covered, Datum, Row, World};

use breakdown::ORGANISATION;
use figure::{Clauses, Part};
use kind::Kind;
use scope::{Person, Scope};

/// One figure of a result, with its size.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The first and the last day it is about.
    pub period: (NaiveDate, NaiveDate),
    /// Each breakdown of the query with the heading the cell stands under; `None` is the total.
    /// Under `missing` stands who has no value, under `none` whom no organisation knows. The
    /// headings of `year` and its like are written as periods are: `2025-Q1`.
    pub groups: Vec<(String, Option<String>)>,
    /// `reach`
    pub measure: String,
    /// The figure. Nothing, when it is over nobody; a count is then 0. A share is from 0 to 1.
    pub value: Option<f64>,
    /// Of a share: for how many it is true. Of a count of subjects: how many.
    pub numerator: Option<f64>,
    /// Of a share, sum, mean or median: of how many something is known.
    pub denominator: Option<f64>,
    /// Of how many subjects nothing is known.
    pub unknown: f64,
    /// A share if all the unknown were false.
    pub lower: Option<f64>,
    /// A share if all the unknown were true.
    pub upper: Option<f64>,
    /// The 95 % interval of a share or a time.
    pub interval: (Option<f64>, Option<f64>),
    /// Further numbers by name.
    pub further: BTreeMap<String, f64>,
    /// `compare …`: the figure of the other period, and that period.
    pub compared: Option<(Option<f64>, (NaiveDate, NaiveDate))>,
    /// Numerator, denominator, unknown, bounds and interval of that figure.
    pub compared_sizes: [Option<f64>; 7],
    /// Under `compare`, the 95 % interval of the difference.
    pub between: (Option<f64>, Option<f64>),
    /// What is declared for a total.
    pub aim: Aim,
    /// What a share or a mean was made of; only the oracle says it.
    pub made: Option<Made>,
    /// The value before rounding.
    pub unrounded: Option<f64>,
}

/// One subject in one period, or one row of one: where it stands, and what it adds to each measure
/// there.
struct Standing {
    /// Of each breakdown, those under which it stands.
    headings: Vec<BTreeSet<String>>,
    /// Under each organisation, and under none in particular, a part for each indicator that counts
    /// such as it.
    parts: BTreeMap<Option<String>, BTreeMap<String, Part>>,
}

/// Answers `query`: every cell of every measure, totals included, headings before their total.
/// Under `compare` each has the figure of the other period beside it, also where one of the two is
/// of nobody.
#[must_use]
pub fn evaluate(program: &Program, world: &World, query: &Query) -> Vec<Cell> {
    let book = Codebook::read(program);
    let world = &*world.told_apart(&book);
    let Some(compare) = &query.compare else { return cells(program, world, query) };
    let mut alone = query.clone();
    alone.compare = None;
    if let Some(declared) = compared::declared(compare) {
        return compared::with_declared(cells(program, world, &alone), declared);
    }
    let mut found = Vec::new();
    for period in periods(&cells(program, world, &alone)) {
        let other = compared::period(&book, compare, period);
        let (these, those) =
            (within(program, world, &alone, period), within(program, world, &alone, other));
        let (first, last) = period;
        let these_and_those = (these, those);
        let periods = (Period { first, last }, other);
        found.extend(compared::beside((&book, world), these_and_those, periods));
    }
    found
}

/// The periods of cells, each once.
fn periods(cells: &[Cell]) -> BTreeSet<(NaiveDate, NaiveDate)> {
    cells.iter().map(|cell| cell.period).collect()
}

/// The query asked in one period, not cut by time.
fn within(
    program: &Program,
    world: &World,
    query: &Query,
    (first, last): (NaiveDate, NaiveDate),
) -> Vec<Cell> {
    let mut query = query.clone();
    let place = query.span;
    let day = |day: NaiveDate| Box::new(Spanned::new(Expr::Date(day.to_string()), place));
    let range = Expr::Range { from: day(first), to: day(last) };
    query.period = Some(QueryPeriod::Span(Spanned::new(range, place)));
    let book = Codebook::read(program);
    let is_time = |name: &str| Kind::named(&book, name).is_some();
    query.by.retain(|by| !matches!(by, Breakdown::Name(name) if is_time(&name.item)));
    cells(program, world, &query)
}

fn cells(program: &Program, world: &World, query: &Query) -> Vec<Cell> {
    let book = Codebook::read(program);
    let world = &keyed::world(&book, world);
    let everyone = scope::everyone(&book, world);
    let kind = query.things.first().map_or("person", |measure| subject(&book, &measure.item));
    let persons = scope::known(&book, world, &everyone, kind);
    let whole = whole_period(&book, world, query);
    let (units, breakdowns) = breakdowns(&book, query);
    let kinds: Vec<Kind> = units.iter().filter_map(|word| Kind::named(&book, word)).collect();
    let nobody = Person { kind, name: "", rows: BTreeMap::new() };
    let mut cells = Vec::new();
    for (times, period) in kind::cells(&kinds, whole) {
        let time: Vec<_> = units.iter().cloned().zip(times).collect();
        let asked_of = |person| Scope {
            book: &book,
            data_date: world.data_date,
            covered: &world.covered,
            period,
            person,
            everyone: &everyone,
            rows: Vec::new(),
        };
        let standings: Vec<Standing> = persons
            .iter()
            .flat_map(|person| standings_of(&asked_of(person), query, &breakdowns))
            .collect();
        let scope = asked_of(&nobody);
        let by_organisation = breakdowns.iter().position(|name| name == ORGANISATION);
        for headings in combinations(&scope, &breakdowns, &standings) {
            let organisation = by_organisation.and_then(|place| headings[place].clone());
            let under = standings.iter().filter(|standing| standing.is_under(&headings));
            let under = under.filter_map(|standing| standing.parts.get(&organisation));
            let under: Vec<_> = under.collect();
            for measure in &query.things {
                let names = breakdowns.iter().cloned().zip(headings.iter().cloned());
                let groups = time.iter().cloned().chain(names).collect();
                let figure =
                    if is_silent(&book, world, (&measure.item, organisation.as_deref()), period) {
                        figure::Figure::default()
                    } else {
                        figure_of(&book, &measure.item, &under)
                    };
                let mut cell = cell(period, groups, &measure.item, figure);
                round(&book, &mut cell);
                if query.condition.is_none() && headings.iter().all(Option::is_none) {
                    let clauses = clauses(&book, &measure.item);
                    cell.aim = aim::of(clauses, period, cell.value, world.data_date);
                }
                cells.push(cell);
            }
        }
    }
    cells
}

/// Whether nothing can be said of a measure under an organisation in a period: it lies ahead, or
/// the organisation never delivers what is counted: of subjects, whatever involves it with them.
fn is_silent(
    book: &Codebook<'_>,
    world: &World,
    (measure, organisation): (&str, Option<&str>),
    period: Period,
) -> bool {
    // Nobody delivers what is still to come.
    if !world.covered.is_empty() && period.first > world.data_date {
        return true;
    }
    let Some(organisation) = organisation else { return false };
    let lacks = |record: &codebook::Record| {
        silence::is_never_covered(world, &record.name, organisation, period)
    };
    let counted = asked(book, measure).into_iter();
    let counted = counted.filter_map(|measure| figure::of_rows(book, clauses(book, &measure)));
    let counted: Vec<_> = counted.collect();
    if counted.is_empty() {
        let involving = breakdown::involving(book, subject(book, measure));
        return !involving.is_empty() && involving.into_iter().all(lacks);
    }
    counted.into_iter().any(lacks)
}

/// All that the subject in `scope` counts as: a subject, each of its rows, and one that has rows.
fn standings_of<'a>(scope: &Scope<'a>, query: &'a Query, breakdowns: &[String]) -> Vec<Standing> {
    let mut standings = rows(scope, query, breakdowns);
    standings.extend(standing(scope, query, breakdowns));
    standings.extend(with_rows(scope, query, breakdowns));
    standings
}

impl Standing {
    /// Whether it counts in the cell under `headings`. In a total everyone counts, once.
    fn is_under(&self, headings: &[Option<String>]) -> bool {
        let mut pairs = self.headings.iter().zip(headings);
        pairs.all(|(own, heading)| heading.as_ref().is_none_or(|heading| own.contains(heading)))
    }
}

/// Rounds the value as its indicator prescribes: the last thing that is done to it.
fn round(book: &Codebook<'_>, cell: &mut Cell) {
    if let Some(rounding) = book.roundings.get(&cell.measure) {
        let is_share = clauses(book, &cell.measure).contains_key("share");
        cell.value = cell.value.map(|value| rounding::round(value, rounding, is_share));
    }
}

/// The figure of one indicator; of a ratio and an index, that of several.
fn figure_of(
    book: &Codebook<'_>,
    measure: &str,
    parts: &[&BTreeMap<String, Part>],
) -> figure::Figure {
    let clauses = clauses(book, measure);
    if let Some([above, below]) = figure::ratio(clauses) {
        let (above, below) = (figure_of(book, above, parts), figure_of(book, below, parts));
        return figure::quotient(&above, &below);
    }
    if let Some(components) = index::components(clauses) {
        let figures: Vec<figure::Figure> =
            components.iter().map(|part| figure_of(book, part.measure, parts)).collect();
        return index::figure(&components, &figures);
    }
    let parts: Vec<Part> = parts.iter().filter_map(|parts| parts.get(measure).copied()).collect();
    let mut figure = figure::figure(book, clauses, &parts);
    let is_single = book.anonymous.contains(subject(book, measure));
    let is_drawn = is_single || figure::rows(book, clauses).is_none();
    if !is_drawn || subject(book, measure) == ORGANISATION {
        (figure.interval, figure.made) = ((None, None), None);
    }
    figure
}

/// What an indicator counts: the subject of the first name in `among:` or `count:`.
fn subject<'b>(book: &'b Codebook<'_>, measure: &str) -> &'b str {
    let clauses = clauses(book, measure);
    if let Some([above, _]) = figure::ratio(clauses) {
        return subject(book, above);
    }
    if let Some([first, ..]) = index::components(clauses).as_deref() {
        return subject(book, first.measure);
    }
    let of = clauses.get("among").or_else(|| clauses.get("count"));
    let found = of.and_then(|of| about(book, of));
    found.unwrap_or_else(|| panic!("the oracle cannot tell whom `{measure}` is about"))
}

fn about<'b>(book: &'b Codebook<'_>, expr: &Expr) -> Option<&'b str> {
    match expr {
        Expr::Name(name) => {
            let subject = book.subjects.iter().find(|subject| *subject == name);
            let subject = subject.or_else(|| book.about.get(name));
            subject.map(String::as_str)
        }
        Expr::Of { word, operand, .. } if book.records.contains_key(&word.item) => {
            let mut operand = &operand.item;
            while let Expr::Timed { operand: inner, .. } | Expr::Where { rows: inner, .. } = operand
            {
                operand = &inner.item;
            }
            let Expr::Name(side) = operand else { panic!("a side of `{}`", word.item) };
            match book.records.get(&word.item)?.fields.get(side) {
                Some(FieldType::Subject(subject)) => Some(subject),
                _ => about(book, &Expr::Name(word.item.clone())),
            }
        }
        Expr::Parenthesised(inner) | Expr::Not(inner) => about(book, &inner.item),
        Expr::Timed { operand: inner, .. }
        | Expr::Quantified { operand: inner, .. }
        | Expr::Of { operand: inner, .. }
        | Expr::Field { base: inner, .. }
        | Expr::Where { rows: inner, .. }
        | Expr::Is { left: inner, .. }
        | Expr::In { left: inner, .. }
        | Expr::Between { value: inner, .. }
        | Expr::Compare { left: inner, .. }
        | Expr::Binary { left: inner, .. } => about(book, &inner.item),
        other => panic!("the oracle cannot tell whom {other:?} is about"),
    }
}

/// Those that are asked of subjects: of a ratio, what it is made of.
fn asked(book: &Codebook<'_>, measure: &str) -> Vec<String> {
    let clauses = clauses(book, measure);
    if let Some(two) = figure::ratio(clauses) {
        return two.into_iter().flat_map(|measure| asked(book, measure)).collect();
    }
    match index::components(clauses) {
        Some(parts) => parts.iter().flat_map(|part| asked(book, part.measure)).collect(),
        None => vec![measure.to_owned()],
    }
}

fn cell(
    period: Period,
    groups: Vec<(String, Option<String>)>,
    measure: &str,
    figure: figure::Figure,
) -> Cell {
    Cell {
        period: (period.first, period.last),
        groups,
        measure: measure.to_owned(),
        value: figure.value,
        numerator: figure.numerator,
        denominator: figure.denominator,
        unknown: figure.unknown,
        lower: figure.lower,
        upper: figure.upper,
        interval: figure.interval,
        compared: None,
        compared_sizes: [None; 7],
        between: (None, None),
        aim: Aim::default(),
        further: figure.further,
        made: figure.made,
        unrounded: figure.value,
    }
}

fn clauses<'b, 'a>(book: &'b Codebook<'a>, measure: &str) -> &'b Clauses<'a> {
    let clauses = book.indicators.get(measure);
    clauses.unwrap_or_else(|| panic!("`{measure}` is no indicator"))
}

/// Where the subject in `scope` stands for the measures about subjects, if there are any and the
/// query's `where` is true of it.
fn standing<'a>(scope: &Scope<'a>, query: &'a Query, breakdowns: &[String]) -> Option<Standing> {
    if let Some(condition) = &query.condition
        && expression::truth(scope, &condition.item) != Some(true)
    {
        return None;
    }
    let headings = breakdowns.iter().map(|name| breakdown::headings(scope, name));
    let headings: Vec<BTreeSet<String>> = headings.collect();
    let by_organisation = breakdowns.iter().position(|name| name == ORGANISATION);
    let organisations = by_organisation.into_iter().flat_map(|place| headings[place].clone());
    let measures = query.things.iter().flat_map(|measure| asked(scope.book, &measure.item));
    let of_subjects = measures.filter(|measure| {
        let clauses = clauses(scope.book, measure);
        figure::rows(scope.book, clauses).is_none()
            && figure::counted(scope.book, clauses).is_none()
    });
    let of_subjects: BTreeSet<String> = of_subjects.collect();
    if of_subjects.is_empty() {
        return None;
    }
    let parts = organisations.map(Some).chain([None]).map(|organisation| {
        let parts = of_subjects.iter().map(|measure| {
            let clauses = clauses(scope.book, measure);
            let part = figure::part(scope, clauses, organisation.as_deref());
            (measure.clone(), part)
        });
        let parts = parts.collect();
        (organisation, parts)
    });
    let parts = parts.collect();
    Some(Standing { headings, parts })
}

/// Where the subject in `scope` stands for each measure that counts its rows: under those that
/// registered one of that record, whenever.
fn with_rows<'a>(scope: &Scope<'a>, query: &'a Query, breakdowns: &[String]) -> Vec<Standing> {
    if let Some(condition) = &query.condition
        && expression::truth(scope, &condition.item) != Some(true)
    {
        return Vec::new();
    }
    let measures = query.things.iter().flat_map(|measure| asked(scope.book, &measure.item));
    let measures: BTreeSet<String> = measures.collect();
    let standings = measures.into_iter().filter_map(|measure| {
        let clauses = clauses(scope.book, &measure);
        let record = figure::counted(scope.book, clauses)?;
        let sides = breakdown::sides(scope, record).into_iter();
        let rows = sides.flat_map(|side| scope.rows_of(record, side));
        let mut registered: BTreeSet<String> = rows.map(|row| row.organisation.clone()).collect();
        if scope.person.kind == ORGANISATION {
            registered = BTreeSet::from([scope.person.name.to_owned()]);
        }
        if registered.is_empty() {
            registered.insert(breakdown::NONE.to_owned());
        }
        let headings = breakdowns.iter().map(|name| match name.as_str() {
            ORGANISATION => registered.clone(),
            name => breakdown::headings(scope, name),
        });
        let headings = headings.collect();
        let parts = registered.iter().cloned().map(Some).chain([None]).map(|organisation| {
            let part = figure::part(scope, clauses, organisation.as_deref());
            (organisation, BTreeMap::from([(measure.clone(), part)]))
        });
        Some(Standing { headings, parts: parts.collect() })
    });
    standings.collect()
}

/// The rows of the subject in `scope` that measures count, each by itself, if the query's `where`
/// is true of it. A row stands under its own organisation alone.
fn rows<'a>(scope: &Scope<'a>, query: &'a Query, breakdowns: &[String]) -> Vec<Standing> {
    let measures = query.things.iter().flat_map(|measure| asked(scope.book, &measure.item));
    let mut standings = Vec::new();
    for measure in measures.collect::<BTreeSet<String>>() {
        let clauses = clauses(scope.book, &measure);
        let Some(among) = figure::rows(scope.book, clauses) else { continue };
        for (record, row) in selection::select(scope, among).found() {
            let inside = scope.inside(record, row);
            if let Some(condition) = &query.condition
                && expression::truth(&inside, &condition.item) != Some(true)
            {
                continue;
            }
            let headings = breakdowns.iter().map(|name| match name.as_str() {
                ORGANISATION => BTreeSet::from([row.organisation.clone()]),
                name => breakdown::headings(scope, name),
            });
            let part = BTreeMap::from([(measure.clone(), figure::asked(&inside, clauses, None))]);
            let under = [Some(row.organisation.clone()), None];
            let parts = under.into_iter().map(|organisation| (organisation, part.clone()));
            standings.push(Standing { headings: headings.collect(), parts: parts.collect() });
        }
    }
    standings
}

/// The breakdowns by time, and the others, in the order written.
fn breakdowns(book: &Codebook<'_>, query: &Query) -> (Vec<String>, Vec<String>) {
    let names = query.by.iter().map(|breakdown| match breakdown {
        Breakdown::Name(name) => name.item.clone(),
        Breakdown::AnyOf(_) | Breakdown::EachOf(_) => panic!("the oracle does not know `… of (…)`"),
    });
    names.partition(|name| Kind::named(book, name).is_some())
}

/// Every combination of headings: all declared ones, `missing` or `none` when somebody is there,
/// and the total of each breakdown.
fn combinations(
    scope: &Scope<'_>,
    breakdowns: &[String],
    standings: &[Standing],
) -> Vec<Vec<Option<String>>> {
    let rungs: Vec<_> = breakdowns.iter().map(|name| breakdown::rung(scope, name)).collect();
    let mut combinations = vec![Vec::new()];
    for (place, breakdown) in breakdowns.iter().enumerate() {
        let mut headings = breakdown::declared_headings(scope, breakdown);
        if rungs[place].is_some() || breakdown::is_text(scope.book, breakdown) {
            // A code of another level, one that has ended, or a text, stands where somebody does.
            let own = standings.iter().flat_map(|standing| &standing.headings[place]);
            let others: BTreeSet<&String> = own
                .filter(|code| !headings.contains(code) && *code != breakdown::MISSING)
                .collect();
            let others: Vec<String> = others.into_iter().cloned().collect();
            headings.extend(others);
        }
        let last = breakdown::last_heading(breakdown).to_owned();
        if standings.iter().any(|standing| standing.headings[place].contains(&last)) {
            headings.push(last);
        }
        let headings: Vec<Option<String>> = headings.into_iter().map(Some).chain([None]).collect();
        combinations = combinations
            .into_iter()
            .flat_map(|begun| {
                let ends = headings.iter();
                ends.map(move |heading| [begun.clone(), vec![heading.clone()]].concat())
            })
            .collect();
    }
    combinations.retain(|headings| {
        breakdown::stand_together(&rungs, headings, &|first, second| {
            let both = |standing: &&Standing| {
                let own = |place: usize| {
                    headings[place].as_ref().is_some_and(|it| standing.headings[place].contains(it))
                };
                own(first) && own(second)
            };
            standings.iter().any(|standing| both(&standing))
        })
    });
    combinations
}

/// The period after `in`. It is asked of nobody.
fn whole_period(book: &Codebook<'_>, world: &World, query: &Query) -> Period {
    let Some(QueryPeriod::Span(span)) = &query.period else {
        panic!("the oracle needs `in` and a period");
    };
    let nobody = Person { kind: "nobody", name: "", rows: BTreeMap::new() };
    let scope = Scope {
        book,
        data_date: world.data_date,
        covered: &world.covered,
        period: Period::day(world.data_date),
        person: &nobody,
        everyone: &BTreeMap::new(),
        rows: Vec::new(),
    };
    expression::period(&scope, &span.item).expect("the period of a query is known")
}
