//! The hot form of a snapshot, made from the pool's tables when it is not there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::{AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::Int64Type;
use interplay_compile::catalog::Record;

use super::Hot;
use super::build::HotBuilder;
use super::came::{self, Came};
use crate::error::PoolError;
use crate::snapshot::manifest::{Kept, Manifest};
use crate::table;

/// How many buckets subjects are dealt to: units of work that can be read at the same time.
pub(crate) const BUCKET_COUNT: usize = 16;

fn folder(pool_dir: &Path) -> PathBuf {
    pool_dir.join("hot")
}

/// The hot form of the snapshot, from disk if it is there and sound.
pub(crate) async fn open(pool_dir: &Path, manifest: &Manifest) -> Result<Hot, PoolError> {
    let dir = folder(pool_dir).join(&manifest.id);
    if let Ok(hot) = Hot::open(&dir) {
        return Ok(hot);
    }
    if dir.exists() {
        fs::remove_dir_all(&dir).map_err(PoolError::file("remove", &dir))?;
    }
    make(pool_dir, manifest).await?.write(&dir)?;
    Hot::open(&dir)
}

/// Removes every hot form but the snapshot's.
pub(crate) fn tidy(pool_dir: &Path, manifest: &Manifest) -> Result<(), PoolError> {
    let dir = folder(pool_dir);
    for entry in fs::read_dir(&dir).map_err(PoolError::file("read", &dir))? {
        let entry = entry.map_err(PoolError::file("read", &dir))?;
        if entry.file_name() != manifest.id.as_str() {
            fs::remove_dir_all(entry.path()).map_err(PoolError::file("remove", &entry.path()))?;
        }
    }
    Ok(())
}

async fn make(pool_dir: &Path, manifest: &Manifest) -> Result<Hot, PoolError> {
    let records: Vec<Record> = manifest.records.iter().map(Kept::record).collect();
    let came = came::order(&manifest.deliveries);
    let mut ids: Vec<&str> = came.keys().copied().collect();
    ids.sort_by_key(|id| came.get(id));
    let ids = ids.into_iter().map(str::to_owned).collect();
    let mut builder = HotBuilder::new(&records, BUCKET_COUNT).naming(ids);
    for record in &records {
        let Some(version) = manifest.tables.get(&record.name) else { continue };
        for file in table::files(pool_dir, &record.name, version.version).await? {
            for batch in table::read(&file, &record.name)? {
                add(&mut builder, record, &batch, &came)?;
            }
        }
    }
    builder.build()
}

fn add(
    builder: &mut HotBuilder,
    record: &Record,
    batch: &RecordBatch,
    came: &BTreeMap<&str, Came>,
) -> Result<(), PoolError> {
    let rows = table::Rows::of(record, batch)?;
    let (subjects, organisations) = (rows.subjects.as_string(), rows.organisations.as_string());
    let deliveries = rows.deliveries.as_string::<i32>().iter();
    let came = deliveries.map(|id| came.get(id.unwrap_or_default()).copied().unwrap_or_default());
    let lines = rows.lines.as_primitive::<Int64Type>().values().iter();
    let came = came.zip(lines).map(|(came, line)| Came { line: *line, ..came });
    let organisations: &StringArray = organisations;
    let organisations = organisations.iter().map(Option::unwrap_or_default);
    builder.add_rows(&record.name, organisations.zip(came), subjects, &rows.fields)
}
