//! Measures the engine on the data of `generate-scale`.
//!
//! ```text
//! scale build FOLDER                     makes FOLDER/hot
//! scale run FOLDER RULES QUERIES ROUNDS  answers the queries in turn and tells times and figures
//! ```
//!
//! A file of queries has one a line, `name: query; query`; several behind one name are one
//! session's batch.

#![expect(clippy::expect_used, reason = "a measurement that fails has nobody to mend it for")]

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use interplay::{Answer, Session};
use interplay_bench::scale::ORGANISATIONS;
use interplay_pool::{Hot, HotBuilder};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

type Any = Box<dyn Error>;

/// Units of work that can be read at the same time.
const BUCKETS: usize = 32;
/// Nothing after this day is seen.
const DATA_DATE: &str = "2025-12-31";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["build", folder, rules] => build(Path::new(folder), Path::new(rules)),
        ["run", folder, rules, queries, rounds] => {
            run(Path::new(folder), Path::new(rules), Path::new(queries), rounds)
        }
        _ => Err("usage: scale build FOLDER RULES | scale run FOLDER RULES QUERIES ROUNDS".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the one place where this command speaks")]
fn tell(text: &str) {
    eprintln!("{text}");
}

fn build(folder: &Path, rules: &Path) -> Result<(), Any> {
    let begun = Instant::now();
    let text = fs::read_to_string(rules)?;
    let mut sources = interplay_diagnostic::Sources::new();
    let id = sources.add(rules.display().to_string(), text.clone());
    let (program, _) = interplay_syntax::parse(id, &text);
    let (model, _) = interplay_compile::check(&[program]);
    let mut builder = HotBuilder::new(model.catalog.records.values(), BUCKETS);
    for record in model.catalog.records.keys() {
        let file = File::open(folder.join(format!("{record}.parquet")))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(65_536);
        for batch in reader.build()? {
            add(&mut builder, record, &batch?)?;
        }
        tell(&format!("{record}: {:.1} s", begun.elapsed().as_secs_f64()));
    }
    builder.build()?.write(&folder.join("hot"))?;
    tell(&format!("built and written: {:.1} s, peak {}", begun.elapsed().as_secs_f64(), memory()));
    Ok(())
}

/// Rows of all organisations, handed over one organisation at a time.
fn add(builder: &mut HotBuilder, record: &str, batch: &RecordBatch) -> Result<(), Any> {
    let people = batch.column_by_name("person").ok_or("no column `person`")?;
    let people = people.as_primitive::<Int32Type>();
    let names: StringArray =
        people.values().iter().map(|person| Some(format!("p{person:08}"))).collect();
    let organisations = batch.column_by_name("organisation").ok_or("no column `organisation`")?;
    let organisations = cast(organisations, &DataType::Utf8)?;
    let organisations = organisations.as_string::<i32>();
    let mut columns: Vec<(String, Arc<dyn Array>, bool)> = vec![("person".to_owned(), Arc::new(names), true)];
    for (field, values) in batch.schema().fields().iter().zip(batch.columns()).skip(2) {
        let texts = matches!(values.data_type(), DataType::Dictionary(..));
        let values = if texts { cast(values, &DataType::Utf8)? } else { Arc::clone(values) };
        columns.push((field.name().clone(), values, true));
    }
    let rows = RecordBatch::try_from_iter_with_nullable(columns)?;
    for organisation in ORGANISATIONS {
        let own: BooleanArray =
            organisations.iter().map(|found| Some(found == Some(organisation))).collect();
        let own = filter_record_batch(&rows, &own)?;
        let people = own.column(0).as_string::<i32>();
        let fields: Vec<usize> = (1..own.num_columns()).collect();
        builder.add(record, organisation, people, &own.project(&fields)?)?;
    }
    Ok(())
}

fn run(folder: &Path, rules: &Path, queries: &Path, rounds: &str) -> Result<(), Any> {
    let rounds: usize = rounds.parse()?;
    let queries = fs::read_to_string(queries)?;
    let queries: Vec<(&str, Vec<&str>)> = queries
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, text)| (name, text.split("; ").collect()))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let mut answers = vec![Value::Null; queries.len()];
    let mut times = vec![Vec::new(); queries.len()];
    let opening = Instant::now();
    let hot = Hot::open(&folder.join("hot"))?;
    let opened = opening.elapsed().as_secs_f64();
    let session = Session::builder()
        .rules("rules", fs::read_to_string(rules)?)
        .hot(hot)
        .data_date(DATA_DATE.parse()?)
        .partitions(2)
        .open();
    let mut session = runtime.block_on(session)?;
    for problem in session.problems() {
        return Err(problem.message.clone().into());
    }
    for _ in 0..rounds {
        for (at, (name, texts)) in queries.iter().enumerate() {
            let begun = Instant::now();
            let outcomes = runtime.block_on(session.run(name, &texts.join("\n")))?;
            times[at].push(begun.elapsed().as_secs_f64());
            let figures = outcomes.iter().map(figures).collect::<Result<Vec<_>, _>>()?;
            answers[at] = figures.into_iter().flatten().collect();
        }
    }
    let measured: Vec<Value> = queries
        .iter()
        .zip(&mut times)
        .zip(answers)
        .map(|(((name, _), times), rows)| {
            times.sort_unstable_by(f64::total_cmp);
            json!({ "name": name, "best": times[0], "median": times[times.len() / 2], "rows": rows })
        })
        .collect();
    let told = json!({ "opened": opened, "memory": memory(), "queries": measured });
    print(&serde_json::to_string(&told)?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what was measured")]
fn print(text: &str) {
    println!("{text}");
}

/// A row for each figure: its groups, its measure, its value and how many are unknown.
fn figures(outcome: &interplay::Outcome) -> Result<Vec<Value>, Any> {
    if let Some(problem) = outcome.problems.first() {
        return Err(problem.message.clone().into());
    }
    let Some(Answer::Figures(figures)) = &outcome.answer else { return Err("no figures".into()) };
    let batch = &figures.batch;
    let text = |name: &str, row: usize| -> Value {
        batch.column_by_name(name).map_or(Value::Null, |column| {
            column.as_string::<i32>().value(row).into()
        })
    };
    let number = |name: &str, row: usize| -> Value {
        let column = batch.column_by_name(name).expect("a column of the figures");
        let column = column.as_primitive::<Float64Type>();
        if column.is_valid(row) { column.value(row).into() } else { Value::Null }
    };
    let rows = (0..batch.num_rows()).map(|row| {
        let groups = figures.breakdowns.iter().map(|it| text(&it.name, row));
        json!({
            "groups": groups.collect::<Vec<_>>(),
            "measure": text("measure", row),
            "value": number("value", row),
            "unknown": number("unknown", row),
        })
    });
    Ok(rows.collect())
}

/// Memory of this process, from the kernel: the peak, and what is not mapped from files.
fn memory() -> Value {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mebibytes = |label: &str| -> Value {
        let line = status.lines().find_map(|line| line.strip_prefix(label));
        let kibibytes: Option<f64> =
            line.and_then(|line| line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok());
        kibibytes.map_or(Value::Null, |kibibytes| (kibibytes / 1024.0).round().into())
    };
    json!({ "peak": mebibytes("VmHWM"), "anonymous": mebibytes("RssAnon"), "files": mebibytes("RssFile") })
}
