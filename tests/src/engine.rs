//! The engine, asked what the oracle is asked, and answering in its words.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::Float64Type;
use chrono::NaiveDate;
use interplay::{Answer, Breakdown, Figures, Outcome, Session};
use interplay_diagnostic::render::render;
use interplay_diagnostic::{Diagnostic, Sources};
use tokio::runtime::Runtime;

use crate::oracle::{Aim, Cell, Codebook, Datum, FieldType, Period, Row, World, seconds_of};
use crate::text;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// What the engine answers to `query`, with the work split into `partitions`.
///
/// # Panics
///
/// When it does not answer: the problems are shown.
#[must_use]
pub fn answer(program: &str, world: &World, query: &str, partitions: usize) -> Vec<Cell> {
    let answers = outcomes(program, world, query, partitions);
    let answers = answers.into_iter().map(|outcome| match outcome.answer {
        Some(Answer::Figures(figures)) => cells(&figures),
        Some(Answer::Listing(_) | Answer::Trace(_)) | None => {
            panic!("no figures: {:#?}\n{query}\n{program}", outcome.problems)
        }
    });
    answers.flatten().collect()
}

/// The counts of an `explain` query, by the names of their columns; of each clause a line. Where rows
/// are counted, the first has a count `rows`.
///
/// # Panics
///
/// When the engine does not answer: the problems are shown.
#[must_use]
pub fn explained(program: &str, world: &World, query: &str) -> Vec<BTreeMap<String, f64>> {
    let answers = outcomes(program, world, query, 2).into_iter().map(|outcome| {
        let Some(Answer::Listing(listing)) = outcome.answer else {
            panic!("no listing: {:#?}\n{query}\n{program}", outcome.problems)
        };
        let schema = listing.batch.schema();
        let line = |row: usize| {
            let columns = schema.fields().iter().zip(listing.batch.columns());
            let counts = columns.filter_map(|(field, column)| {
                let text = column.as_string::<i32>().value(row);
                if text.starts_with("every row of ") {
                    return Some(("rows".to_owned(), 1.0));
                }
                let count = text.parse().ok()?;
                Some((field.name().clone(), count))
            });
            counts.collect()
        };
        (0..listing.batch.num_rows()).map(line).collect::<Vec<_>>()
    });
    answers.flatten().collect()
}

/// What `trace` says of each subject in turn: whether it is known at all, and the outcome of each
/// clause.
///
/// # Panics
///
/// When the engine does not answer: the problems are shown.
#[must_use]
pub fn traced(program: &str, world: &World, queries: &str) -> Vec<(bool, Vec<String>)> {
    let answers = outcomes(program, world, queries, 2).into_iter().map(|outcome| {
        let Some(Answer::Trace(trace)) = outcome.answer else {
            panic!("no trace: {:#?}\n{program}", outcome.problems)
        };
        let column = |name: &str| {
            let column = trace.batch.column_by_name(name).expect("a column");
            column.as_string::<i32>().clone()
        };
        let (kinds, outcomes) = (column("kind"), column("outcome"));
        let of = |wanted: &str| {
            let lines = kinds.iter().zip(outcomes.iter());
            let lines = lines.filter(|(kind, _)| *kind == Some(wanted));
            lines.map(|(_, outcome)| outcome.unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        (of("rule") != ["not known by the data date"], of("clause"))
    });
    answers.collect()
}

fn outcomes(program: &str, world: &World, query: &str, partitions: usize) -> Vec<Outcome> {
    let tree = text::program(program);
    let book = Codebook::read(&tree);
    let mut session = Session::builder()
        .rules("program", program)
        .data_date(world.data_date)
        .partitions(partitions);
    for (record, rows) in &world.records {
        let fields = book.fields(record).expect("a record of the codebook");
        for ((_, organisation), rows) in deliveries(rows) {
            let subject = Some(&book.records[record].subject);
            let is_named = |subject: &&String| {
                *subject != "organisation" && !book.anonymous.contains(*subject)
            };
            let subject = subject.filter(is_named);
            session = session.rows(record, organisation, batch(&rows, subject, fields));
        }
    }
    for ((record, organisation), stretches) in &world.covered {
        for (first, last) in stretches {
            session = session.covers(record, organisation, *first, *last);
        }
    }
    RUNTIME.block_on(async {
        let mut session = session.open().await.expect("a session");
        assert!(session.problems().is_empty(), "{:#?}\n{program}", session.problems());
        session.run("query", query).await.unwrap_or_else(|error| panic!("{}", told(&error)))
    })
}

/// What was found wrong with a program, and the texts it points into.
#[derive(Debug)]
pub struct Found {
    problems: Vec<Diagnostic>,
    sources: Sources,
}

impl Found {
    /// As an author sees it.
    #[must_use]
    pub fn text(&self) -> String {
        render(&self.problems, &self.sources, false)
    }

    /// The code of each problem.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        self.problems.iter().map(|problem| problem.code).collect()
    }
}

/// The problems of a program, its sources and its queries.
///
/// # Panics
///
/// When no session can be opened.
#[must_use]
pub fn diagnostics(program: &str) -> Found {
    RUNTIME.block_on(async {
        let mut session = Session::builder().open().await.expect("a session");
        let problems = session.check("program", program);
        Found { problems, sources: session.sources().clone() }
    })
}

/// The fault, and what lies behind it.
fn told(error: &dyn std::error::Error) -> String {
    let behind = error.source().map_or_else(String::new, told);
    format!("{error}\n{behind}")
}

/// The rows of each delivery, the earliest first.
fn deliveries(rows: &[Row]) -> BTreeMap<(usize, &str), Vec<&Row>> {
    let mut deliveries: BTreeMap<(usize, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        deliveries.entry((row.delivery, &row.organisation)).or_default().push(row);
    }
    deliveries
}

/// The subject's name, if it has one, and the declared fields of `rows`, a column each.
fn batch(
    rows: &[&Row],
    subject: Option<&String>,
    fields: &BTreeMap<String, FieldType>,
) -> RecordBatch {
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    if let Some(subject) = subject {
        let names: StringArray = rows.iter().map(|row| Some(row.subject.as_str())).collect();
        columns.push((subject.clone(), Arc::new(names)));
    }
    for (name, holds) in fields {
        let cells = rows.iter().map(|row| row.get(name));
        let column: ArrayRef = match holds {
            FieldType::Number => Arc::new(cells.map(number).collect::<Float64Array>()),
            FieldType::Date | FieldType::Instant | FieldType::DateOfBirth => {
                Arc::new(cells.map(day).collect::<Date32Array>())
            }
            FieldType::Text | FieldType::Codes(_) | FieldType::Subject(_) => {
                Arc::new(cells.map(word).collect::<StringArray>())
            }
        };
        columns.push((name.clone(), column));
        if *holds == FieldType::Instant {
            let seconds = rows.iter().map(|row| number(row.get(&seconds_of(name))));
            columns.push((seconds_of(name), Arc::new(seconds.collect::<Float64Array>())));
        }
        if rows.iter().any(|row| *row.get(name) == Datum::Unknown) {
            let mark = |row: &&Row| (*row.get(name) == Datum::Unknown).then_some("unknown");
            let marks: StringArray = rows.iter().map(mark).collect();
            columns.push((format!("{name}?"), Arc::new(marks)));
        }
    }
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn number(datum: &Datum) -> Option<f64> {
    match datum {
        Datum::Number(number) => Some(*number),
        Datum::Date(_) | Datum::Text(_) | Datum::Code(_) | Datum::Missing | Datum::Unknown => None,
    }
}

fn day(datum: &Datum) -> Option<i32> {
    match datum {
        Datum::Date(date) => Some(date.to_epoch_days()),
        Datum::Number(_) | Datum::Text(_) | Datum::Code(_) | Datum::Missing | Datum::Unknown => {
            None
        }
    }
}

fn word(datum: &Datum) -> Option<&str> {
    match datum {
        Datum::Text(word) | Datum::Code(word) => Some(word),
        Datum::Number(_) | Datum::Date(_) | Datum::Missing | Datum::Unknown => None,
    }
}

/// The rows of a result as cells. The engine tells a breakdown by time by the period alone.
fn cells(figures: &Figures) -> Vec<Cell> {
    let batch = &figures.batch;
    let texts = |name: &str| batch.column_by_name(name).expect("a column").as_string::<i32>();
    let numbers = |name: &str| {
        let column = batch.column_by_name(name).expect("a column");
        column.as_primitive::<Float64Type>()
    };
    let at = |name: &str, row: usize| {
        let column = numbers(name);
        column.is_valid(row).then(|| column.value(row))
    };
    // They stand behind the last of the columns that every figure has.
    let schema = batch.schema();
    let names = schema.fields().iter().map(|field| field.name().clone());
    let further: Vec<String> = names
        .skip_while(|name| name != "status")
        .skip(1)
        .filter(|name| {
            !["compared", "difference", "counted", "unknown_counts"]
                .iter()
                .any(|begin| name.starts_with(begin))
        })
        .filter(|name| !AIM.contains(&name.as_str()) && !OF_TIME.contains(&name.as_str()))
        .collect();
    let open = if batch.column_by_name("not_yet").is_some() { batch.num_rows() } else { 0 };
    for row in 0..open {
        let (not_yet, unknown) = (at("not_yet", row), at("unknown", row));
        assert!(not_yet <= unknown, "{not_yet:?} not yet, of {unknown:?} unknown");
    }
    let rows = 0..batch.num_rows();
    let cells = rows.map(|row| Cell {
        period: period(texts("period").value(row)),
        groups: figures
            .breakdowns
            .iter()
            .map(|it| (it.name.clone(), heading(batch, it, row)))
            .collect(),
        measure: texts("measure").value(row).to_owned(),
        value: at("value", row),
        numerator: at("numerator", row),
        denominator: at("denominator", row),
        // Where there are no data there is not even a size.
        unknown: match texts("status").value(row) {
            "no data" => 0.0,
            _ => at("unknown", row).unwrap_or(f64::NAN),
        },
        lower: at("lower", row),
        upper: at("upper", row),
        interval: (at("interval_low", row), at("interval_high", row)),
        further: further.iter().filter_map(|name| Some((name.clone(), at(name, row)?))).collect(),
        compared: batch
            .column_by_name("compared")
            .map(|_| (at("compared", row), period(texts("compared_period").value(row)))),
        compared_sizes: compared_sizes(batch, row, &at),
        between: batch
            .column_by_name("difference_low")
            .map_or((None, None), |_| (at("difference_low", row), at("difference_high", row))),
        aim: aim(batch, row, &at),
        made: None,
        unrounded: None,
    });
    cells.collect()
}

/// Under which heading of a breakdown a row stands; of a total none. A text that is called like what
/// is no value is in quotes, as the oracle writes it.
fn heading(batch: &RecordBatch, breakdown: &Breakdown, row: usize) -> Option<String> {
    let text = |name: &str| {
        batch.column_by_name(name).expect("a column").as_string::<i32>().value(row).to_owned()
    };
    let (heading, kind) = (text(&breakdown.column), breakdown.kinds.as_deref().map(text));
    match (heading.as_str(), kind.as_deref()) {
        ("missing" | "total", Some("value")) => Some(format!("\"{heading}\"")),
        ("total", _) => None,
        _ => Some(heading),
    }
}

/// How large the figure is with which one of a row is compared.
fn compared_sizes(
    batch: &RecordBatch,
    row: usize,
    at: &dyn Fn(&str, usize) -> Option<f64>,
) -> [Option<f64>; 7] {
    let status = batch.column_by_name("compared_status").map(|it| it.as_string::<i32>());
    let is_silent = status.is_some_and(|status| status.value(row) == "no data");
    let names =
        ["numerator", "denominator", "unknown", "lower", "upper", "interval_low", "interval_high"];
    names.map(|name| {
        let column = format!("compared_{name}");
        let value = batch.column_by_name(&column).and_then(|_| at(&column, row));
        // Where there are no data there is not even a size.
        value.or((name == "unknown" && is_silent).then_some(0.0))
    })
}

/// Columns of what is not over.
const OF_TIME: [&str; 2] = ["not_yet", "unfinished"];

/// Columns of what is declared.
const AIM: [&str; 4] = ["baseline", "target", "expected", "target_status"];

/// What is declared for a row; the engine does not say of which periods.
fn aim(batch: &RecordBatch, row: usize, at: &dyn Fn(&str, usize) -> Option<f64>) -> Aim {
    let Some(standing) = batch.column_by_name("target_status") else { return Aim::default() };
    let standing = standing.as_string::<i32>();
    let nowhere = (NaiveDate::MIN, NaiveDate::MIN);
    Aim {
        baseline: at("baseline", row).map(|value| (value, nowhere)),
        target: at("target", row).map(|value| (value, nowhere)),
        expected: at("expected", row),
        standing: standing.is_valid(row).then(|| standing.value(row).to_owned()),
    }
}

/// `2025`, `2025-Q1`, `2025-01-31`, `2023 .. 2025`, `2025-01-01 .. 2025-06-30`
fn period(name: &str) -> (NaiveDate, NaiveDate) {
    let one = |name: &str| match name.parse() {
        Ok(day) => Period::day(day),
        Err(_) => Period::written(name).unwrap_or_else(|| panic!("`{name}` is no period")),
    };
    match name.split_once(" .. ") {
        Some((first, last)) => (one(first).first, one(last).last),
        None => (one(name).first, one(name).last),
    }
}
