//! Rejected rows: where they stand and why, without what identifies anybody.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::Int64Type;
use parquet::arrow::ArrowWriter;

use crate::error::PoolError;
use crate::key::hex;
use crate::mapping::Fault;
use crate::rows;

const NAMES: [&str; 6] = ["source", "file", "line", "field", "reason", "value"];

/// A fault and the file it stands in.
pub(crate) type Placed = (String, Fault);

fn folder(pool_dir: &Path) -> PathBuf {
    pool_dir.join("quarantine")
}

/// The rejected rows of a source, for people.
pub(crate) fn csv_path(pool_dir: &Path, stem: &str) -> PathBuf {
    folder(pool_dir).join(format!("{stem}.csv"))
}

fn parquet_path(pool_dir: &Path, stem: &str) -> PathBuf {
    folder(pool_dir).join(format!("{stem}.parquet"))
}

/// Writes the rejected rows of a source under a name that depends on them.
pub(crate) fn write(
    pool_dir: &Path,
    source: &str,
    mut faults: Vec<Placed>,
) -> Result<String, PoolError> {
    faults.sort();
    let dir = folder(pool_dir);
    fs::create_dir_all(&dir).map_err(PoolError::file("create the folder", &dir))?;
    let bug = "writing rejected rows";
    let mut text = csv::Writer::from_writer(Vec::new());
    text.write_record(NAMES).map_err(PoolError::bug(bug))?;
    for (file, fault) in &faults {
        let value = fault.value.as_deref().unwrap_or_default();
        let line = fault.line.to_string();
        let row = [source, file, &line, &fault.field, &fault.reason, value];
        text.write_record(row).map_err(PoolError::bug(bug))?;
    }
    let text = text.into_inner().map_err(|fault| PoolError::bug(bug)(fault.to_string()))?;
    let stem = format!("{source}-{}", hex(blake3::hash(&text).as_bytes(), 4));
    let mut table = Vec::new();
    let batch = batch(source, &faults)?;
    let mut writer =
        ArrowWriter::try_new(&mut table, batch.schema(), None).map_err(PoolError::bug(bug))?;
    writer.write(&batch).map_err(PoolError::bug(bug))?;
    writer.close().map_err(PoolError::bug(bug))?;
    for (path, bytes) in [(csv_path(pool_dir, &stem), text), (parquet_path(pool_dir, &stem), table)]
    {
        fs::write(&path, bytes).map_err(PoolError::file("write", &path))?;
    }
    Ok(stem)
}

/// The rejected rows of those files that were written before.
pub(crate) fn read(
    pool_dir: &Path,
    stem: &str,
    files: &BTreeSet<&str>,
) -> Result<Vec<Placed>, PoolError> {
    let path = parquet_path(pool_dir, stem);
    let file = fs::File::open(&path).map_err(PoolError::file("read", &path))?;
    let (_, batches) = rows::read(file).map_err(PoolError::damaged(&path))?;
    let mut found = Vec::new();
    for batch in batches {
        let [_, names, lines, fields, reasons, values] = batch.columns() else { continue };
        let text = |column: &ArrayRef, row: usize| {
            let column = column.as_string::<i32>();
            (!datafusion::arrow::array::Array::is_null(column, row))
                .then(|| column.value(row).to_owned())
        };
        for row in 0..batch.num_rows() {
            let name = text(names, row).unwrap_or_default();
            if files.contains(name.as_str()) {
                let line = lines.as_primitive::<Int64Type>().value(row);
                let fault = Fault {
                    line: u64::try_from(line).unwrap_or(0),
                    field: text(fields, row).unwrap_or_default(),
                    reason: text(reasons, row).unwrap_or_default(),
                    value: text(values, row),
                };
                found.push((name, fault));
            }
        }
    }
    Ok(found)
}

/// Removes what the snapshot does not name.
pub(crate) fn tidy<'a>(
    pool_dir: &Path,
    stems: impl Iterator<Item = &'a String>,
) -> Result<(), PoolError> {
    let dir = folder(pool_dir);
    if !dir.exists() {
        return Ok(());
    }
    let kept: BTreeSet<PathBuf> =
        stems.flat_map(|stem| [csv_path(pool_dir, stem), parquet_path(pool_dir, stem)]).collect();
    for entry in fs::read_dir(&dir).map_err(PoolError::file("read", &dir))? {
        let path = entry.map_err(PoolError::file("read", &dir))?.path();
        if !kept.contains(&path) {
            fs::remove_file(&path).map_err(PoolError::file("remove", &path))?;
        }
    }
    Ok(())
}

fn batch(source: &str, faults: &[Placed]) -> Result<RecordBatch, PoolError> {
    let text = |of: fn(&Placed) -> &str| -> ArrayRef {
        Arc::new(faults.iter().map(|placed| Some(of(placed))).collect::<StringArray>())
    };
    let lines = faults.iter().map(|(_, fault)| i64::try_from(fault.line).unwrap_or(i64::MAX));
    let values = faults.iter().map(|(_, fault)| fault.value.as_deref());
    let columns: [ArrayRef; 6] = [
        Arc::new(faults.iter().map(|_| Some(source)).collect::<StringArray>()),
        text(|(file, _)| file),
        Arc::new(Int64Array::from_iter_values(lines)),
        text(|(_, fault)| &fault.field),
        text(|(_, fault)| &fault.reason),
        Arc::new(values.collect::<StringArray>()),
    ];
    let columns = NAMES.into_iter().zip(columns).map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns)
        .map_err(PoolError::bug("writing rejected rows"))
}
