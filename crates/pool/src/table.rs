//! The pool's truth: one Delta table a record, readable by any tool that knows the format.
//!
//! Rows lie in buckets by subject, one file a bucket, sorted by subject, time and content. A file
//! is named after its content, so a load that changes nothing in a bucket leaves its file.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{
    Action, Add, DataType as DeltaType, StructField, StructType, new_metadata,
};
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaTable, DeltaTableBuilder, ensure_table_uri};
use interplay_compile::catalog::Record;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::PoolError;
use crate::hot::ORGANISATION;
use crate::key::hex;
use crate::{mapping, rows};

/// Whose row it is.
const SUBJECT: &str = "subject";
/// In which delivery it came.
pub(crate) const DELIVERY: &str = "delivery";
/// On which line of it.
const LINE: &str = "line";

/// How many columns stand before the fields: subject, organisation, delivery and line.
const BEFORE: usize = 4;

fn folder(pool_dir: &Path, record: &str) -> PathBuf {
    pool_dir.join("tables").join(record)
}

/// The columns of a record's table. A field that has the name of one of the first four is
/// written with `_` behind it.
pub(crate) fn schema(record: &Record) -> SchemaRef {
    let own = [SUBJECT, ORGANISATION, DELIVERY, LINE];
    let before = own.map(|name| {
        let kind = if name == LINE { DataType::Int64 } else { DataType::Utf8 };
        Field::new(name, kind, false)
    });
    let fields = mapping::schema(record)
        .fields()
        .iter()
        .map(|field| {
            let taken = own.contains(&field.name().as_str());
            let name = if taken { format!("{}_", field.name()) } else { field.name().clone() };
            field.as_ref().clone().with_name(name)
        })
        .collect::<Vec<_>>();
    Arc::new(Schema::new(before.into_iter().chain(fields).collect::<Vec<_>>()))
}

/// The rows of a table, taken apart.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) subjects: ArrayRef,
    pub(crate) organisations: ArrayRef,
    pub(crate) deliveries: ArrayRef,
    pub(crate) lines: ArrayRef,
    /// The record's fields under their own names.
    pub(crate) fields: RecordBatch,
}

impl Rows {
    pub(crate) fn of(record: &Record, batch: &RecordBatch) -> Result<Self, PoolError> {
        let bug = || PoolError::bug("reading a table")("its columns are others");
        let [subjects, organisations, deliveries, lines, fields @ ..] = batch.columns() else {
            return Err(bug());
        };
        let schema = Arc::new(mapping::schema(record));
        let fields = RecordBatch::try_new(schema, fields.to_vec())
            .map_err(PoolError::bug("reading a table"))?;
        Ok(Self {
            subjects: Arc::clone(subjects),
            organisations: Arc::clone(organisations),
            deliveries: Arc::clone(deliveries),
            lines: Arc::clone(lines),
            fields,
        })
    }

    pub(crate) fn batch(self, record: &Record) -> Result<RecordBatch, PoolError> {
        let mut columns = Vec::with_capacity(BEFORE + self.fields.num_columns());
        columns.extend([self.subjects, self.organisations, self.deliveries, self.lines]);
        columns.extend(self.fields.columns().iter().map(Arc::clone));
        RecordBatch::try_new(schema(record), columns)
            .map_err(PoolError::bug("putting the rows of a table together"))
    }
}

/// The files of one version, by bucket.
pub(crate) async fn files(
    pool_dir: &Path,
    record: &str,
    version: u64,
) -> Result<Vec<PathBuf>, PoolError> {
    let dir = folder(pool_dir, record);
    let table = open(&dir, record, Some(version)).await?;
    let mut files: Vec<PathBuf> =
        names(&table, record)?.iter().map(|name| dir.join(name)).collect();
    files.sort();
    Ok(files)
}

/// The rows of one file.
pub(crate) fn read(path: &Path, record: &str) -> Result<Vec<RecordBatch>, PoolError> {
    let file = fs::File::open(path).map_err(PoolError::file("read", path))?;
    let (_, batches) = rows::read(file).map_err(PoolError::table("read", record))?;
    Ok(batches)
}

/// Makes the table hold exactly these rows, a batch a bucket, and gives its version.
pub(crate) async fn write(
    pool_dir: &Path,
    record: &Record,
    buckets: impl Iterator<Item = Result<RecordBatch, PoolError>>,
) -> Result<u64, PoolError> {
    let dir = folder(pool_dir, &record.name);
    fs::create_dir_all(&dir).map_err(PoolError::file("create the folder", &dir))?;
    let adds = write_files(&dir, record, buckets)?;
    if dir.join("_delta_log").join("00000000000000000000.json").exists() {
        replace(&dir, record, adds).await
    } else {
        create(&dir, record, adds).await
    }
}

fn write_files(
    dir: &Path,
    record: &Record,
    buckets: impl Iterator<Item = Result<RecordBatch, PoolError>>,
) -> Result<Vec<Add>, PoolError> {
    let mut adds = Vec::new();
    for (number, rows) in buckets.enumerate() {
        let rows = rows?;
        if rows.num_rows() > 0 {
            adds.push(write_file(dir, record, number, &rows)?);
        }
    }
    Ok(adds)
}

/// Removes what none of these versions of a table needs; the whole table when there are none.
///
/// Rows that were taken back should not lie about for ever, and a load that was cut short leaves
/// files that nothing names.
pub(crate) async fn tidy(
    pool_dir: &Path,
    record: &str,
    versions: &BTreeSet<u64>,
) -> Result<(), PoolError> {
    let dir = folder(pool_dir, record);
    if versions.is_empty() {
        return fs::remove_dir_all(&dir).map_err(PoolError::file("remove", &dir));
    }
    let mut kept = BTreeSet::new();
    for version in versions {
        kept.extend(files(pool_dir, record, *version).await?);
    }
    for entry in fs::read_dir(&dir).map_err(PoolError::file("read", &dir))? {
        let path = entry.map_err(PoolError::file("read", &dir))?.path();
        if path.is_file() && !kept.contains(&path) {
            fs::remove_file(&path).map_err(PoolError::file("remove", &path))?;
        }
    }
    Ok(())
}

/// The records that have a table.
pub(crate) fn records(pool_dir: &Path) -> Result<Vec<String>, PoolError> {
    let dir = pool_dir.join("tables");
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&dir).map_err(PoolError::file("read", &dir))?;
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect::<Result<_, _>>().map_err(PoolError::file("read", &dir))
}

async fn open(dir: &Path, record: &str, version: Option<u64>) -> Result<DeltaTable, PoolError> {
    let fault = PoolError::table("read", record);
    let opened = async {
        let mut builder = DeltaTableBuilder::from_url(ensure_table_uri(dir.to_string_lossy())?)?;
        if let Some(version) = version {
            builder = builder.with_version(version);
        }
        builder.load().await
    };
    opened.await.map_err(fault)
}

/// The names of the table's files.
fn names(table: &DeltaTable, record: &str) -> Result<BTreeSet<String>, PoolError> {
    let state = table.snapshot().map_err(PoolError::table("read", record))?;
    Ok(state.log_data().iter().map(|file| file.path().into_owned()).collect())
}

fn write_file(
    dir: &Path,
    record: &Record,
    bucket: usize,
    rows: &RecordBatch,
) -> Result<Add, PoolError> {
    let fault = || PoolError::table("write", &record.name);
    let level = ZstdLevel::try_new(1).map_err(fault())?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties)).map_err(fault())?;
    writer.write(rows).map_err(fault())?;
    writer.close().map_err(fault())?;
    let name = format!("bucket-{bucket:04}-{}.parquet", hex(blake3::hash(&bytes).as_bytes(), 8));
    let path = dir.join(&name);
    if !path.exists() {
        let written = tempfile::NamedTempFile::new_in(dir).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|fault| fault.error)
        });
        written.map_err(PoolError::file("write", &path))?;
    }
    let changed = fs::metadata(&path).and_then(|about| about.modified());
    let changed = changed.map_err(PoolError::file("read", &path))?;
    let milliseconds = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Ok(Add {
        path: name,
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        modification_time: i64::try_from(milliseconds).unwrap_or(0),
        data_change: true,
        stats: Some(format!("{{\"numRecords\":{}}}", rows.num_rows())),
        ..Add::default()
    })
}

async fn create(dir: &Path, record: &Record, adds: Vec<Add>) -> Result<u64, PoolError> {
    let created = CreateBuilder::new()
        .with_location(dir.to_string_lossy())
        .with_table_name(&record.name)
        .with_columns(columns(record))
        .with_actions(adds.into_iter().map(Action::Add))
        .await
        .map_err(PoolError::table("write", &record.name))?;
    created.version().ok_or_else(|| PoolError::bug("creating a table")("it has no version"))
}

async fn replace(dir: &Path, record: &Record, adds: Vec<Add>) -> Result<u64, PoolError> {
    let fault = || PoolError::table("write", &record.name);
    let table = open(dir, &record.name, None).await?;
    let state = table.snapshot().map_err(fault())?;
    let (before, after) = (
        names(&table, &record.name)?,
        adds.iter().map(|add| add.path.clone()).collect::<BTreeSet<_>>(),
    );
    let columns =
        StructType::try_new(columns(record)).map_err(PoolError::table("write", &record.name))?;
    let mut actions = Vec::new();
    if state.schema().as_ref() != &columns {
        let metadata = new_metadata(&columns, [""; 0], [("", ""); 0])
            .map_err(PoolError::table("write", &record.name))?;
        actions.push(Action::Metadata(metadata));
    }
    let gone = state.log_data();
    let gone = gone.iter().filter(|file| !after.contains(file.path().as_ref()));
    actions.extend(gone.map(|file| Action::Remove(file.remove_action(true))));
    actions.extend(adds.into_iter().filter(|add| !before.contains(&add.path)).map(Action::Add));
    if actions.is_empty() {
        return Ok(state.version());
    }
    let operation =
        DeltaOperation::Write { mode: SaveMode::Overwrite, partition_by: None, predicate: None };
    let committed = CommitBuilder::from(CommitProperties::default())
        .with_actions(actions)
        .build(Some(state), table.log_store(), operation)
        .await
        .map_err(fault())?;
    Ok(committed.version())
}

fn columns(record: &Record) -> Vec<StructField> {
    schema(record)
        .fields()
        .iter()
        .map(|field| {
            let kind = match field.data_type() {
                DataType::Date32 => DeltaType::DATE,
                DataType::Float64 => DeltaType::DOUBLE,
                DataType::Int64 => DeltaType::LONG,
                _ => DeltaType::STRING,
            };
            StructField::new(field.name(), kind, field.is_nullable())
        })
        .collect()
}
