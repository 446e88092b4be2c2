//! Measures the engine on the data of `generate-scale`.
//!
//! ```text
//! scale build FOLDER RULES               makes FOLDER/hot
//! scale run FOLDER RULES QUERIES ROUNDS  answers the queries in turn, tells times and figures
//! ```
//!
//! A file of queries has one a line, `name: query; query`; several behind one name are a batch.

#![expect(clippy::expect_used, reason = "a measurement that fails has nobody to mend it for")]

use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Int32Type};
use interplay_bench::measured::{Any, Engine, Figures};
use interplay_bench::scale::ORGANISATIONS;
use interplay_pool::{Hot, HotBuilder};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

/// Units of work that can be read at the same time.
const BUCKETS: usize = 32;
/// On how many threads a query runs.
const THREADS: usize = 2;
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

#[expect(clippy::print_stderr, reason = "how far the command is")]
fn tell(text: &str) {
    eprintln!("{text}");
}

#[expect(clippy::print_stdout, reason = "what was measured")]
fn print(text: &str) {
    println!("{text}");
}

fn build(folder: &Path, rules: &Path) -> Result<(), Any> {
    let begun = Instant::now();
    let model = interplay_bench::measured::model(&fs::read_to_string(rules)?)?;
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
    tell(&format!(
        "built and written: {:.1} s, memory {}",
        begun.elapsed().as_secs_f64(),
        memory()
    ));
    Ok(())
}

/// Rows of all organisations, handed over one organisation at a time.
fn add(builder: &mut HotBuilder, record: &str, batch: &RecordBatch) -> Result<(), Any> {
    let people = batch.column_by_name("person").ok_or("no column `person`")?;
    let people = people.as_primitive::<Int32Type>().values().iter();
    let names: StringArray = people.map(|person| Some(format!("p{person:08}"))).collect();
    let organisations = batch.column_by_name("organisation").ok_or("no column `organisation`")?;
    let organisations = cast(organisations, &DataType::Utf8)?;
    let organisations = organisations.as_string::<i32>();
    let mut columns: Vec<(String, ArrayRef, bool)> =
        vec![("person".to_owned(), Arc::new(names), true)];
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
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).build()?;
    let opening = Instant::now();
    let hot = Hot::open(&folder.join("hot"))?;
    let opened = opening.elapsed().as_secs_f64();
    let engine = Engine {
        model: interplay_bench::measured::model(&fs::read_to_string(rules)?)?,
        hot,
        data_date: DATA_DATE.parse()?,
        threads: THREADS,
    };
    let mut answers: Vec<Figures> = vec![Vec::new(); queries.len()];
    let mut times: Vec<Vec<[f64; 2]>> = vec![Vec::new(); queries.len()];
    for _ in 0..rounds {
        for (at, (_, texts)) in queries.iter().enumerate() {
            let (begun, busy) = (Instant::now(), processor_seconds());
            answers[at] = runtime.block_on(engine.answers(texts))?;
            times[at].push([begun.elapsed().as_secs_f64(), processor_seconds() - busy]);
        }
    }
    let measured: Vec<Value> = queries
        .iter()
        .zip(times)
        .zip(answers)
        .map(|(((name, _), times), rows)| json!({ "name": name, "times": times, "rows": rows }))
        .collect();
    let told = json!({ "opened": opened, "memory": memory(), "queries": measured });
    print(&serde_json::to_string(&told).expect("figures are JSON"));
    Ok(())
}

/// How long the threads of this process have run, as the kernel counts it: a time that others on
/// the machine change little.
fn processor_seconds() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanoseconds = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e9
}

/// Memory of this process in MiB, as the kernel counts it: the peak, and what is resident now.
fn memory() -> Value {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mebibytes = |label: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(label))?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some((kibibytes / 1024.0).round())
    };
    json!({
        "peak": mebibytes("VmHWM:"),
        "anonymous": mebibytes("RssAnon:"),
        "files": mebibytes("RssFile:"),
    })
}
