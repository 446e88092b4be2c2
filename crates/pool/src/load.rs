//! Loads deliveries into the pool: only what changed, and all of it or nothing.
//!
//! 1. `Places::ready` finds every file and says by its content whether it is known.
//! 2. `Mapper::map` maps the new ones; rows that do not fit go to quarantine with the reason.
//! 3. `arranged` and `table::write` give each record that changed a new version of its table.
//! 4. `derive::open` makes the hot form of the new snapshot.
//! 5. `manifest::write` renames the manifest in; only now does anybody see the new snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use datafusion::arrow::compute::{concat_batches, filter_record_batch};
use datafusion::arrow::datatypes::Date32Type;
use interplay_compile::catalog::{Catalog, Record};

use crate::error::{DeliveryFault, PoolError};
use crate::hot::derive;
use crate::key::Key;
use crate::mapping::{Fault, Mapped, Mapper, date_of};
use crate::problems;
use crate::quarantine::{self, Placed};
use crate::snapshot::manifest::{self, FORM, Kept, KeyMark, Manifest, Table};
use crate::snapshot::{Covered, CoveredBy, Delivery, Snapshot};
use crate::source::period;
use crate::table::{self, Rows};
use arrange::arranged;
use plan::{Places, Ready};

mod arrange;
mod fingerprint;
mod plan;

/// How far a load is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// How many things of this step are done.
    pub done: usize,
    /// How many there are.
    pub total: usize,
}

/// What a load is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Another load of the same pool has to end first.
    Waiting,
    /// Reads and maps this file.
    Reading(String),
    /// Writes the table of this record.
    Writing(String),
    /// Makes the hot form.
    Arranging,
}

/// What a load did.
#[derive(Clone, Debug)]
pub struct LoadReport {
    /// What the pool holds now.
    pub snapshot: Snapshot,
    /// The records whose tables changed; empty when there was nothing new.
    pub changed: Vec<String>,
    /// How many files, or registered sets of batches, were read.
    pub read_count: usize,
}

/// Brings the pool up to date with the deliveries of the project.
///
/// `memory` holds the batches that `memory("name")` stands for. Nothing is written, and the
/// snapshot keeps its id, when no delivery and nothing that is said of them has changed.
pub async fn load(
    pool_dir: &Path,
    project_dir: &Path,
    catalog: &Catalog,
    key: &Key,
    memory: &BTreeMap<String, Vec<RecordBatch>>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<LoadReport, PoolError> {
    // Whoever may only read the pool is answered as long as there is nothing to load.
    let lock = locked(pool_dir, progress).await;
    let mark = KeyMark::of(key);
    let before = manifest::read(pool_dir)?;
    if let Some(before) = before.as_ref().filter(|before| before.key != mark) {
        return Err(PoolError::Key(problems::other_key(before.key.kind, mark.kind)));
    }
    let places = Places { project_dir, catalog, key: &mark, memory };
    let ready = places.ready().map_err(|faults| PoolError::Deliveries { faults })?;
    let records: Vec<Kept> = catalog.delivered_records().map(Kept::of).collect();
    let id = manifest::id(&mark, &records, ready.iter().map(|ready| ready.id.as_str()))?;
    if let Some(before) = before.clone().filter(|before| before.id == id) {
        let snapshot = Snapshot::of(pool_dir, before).await?;
        return Ok(LoadReport { snapshot, changed: Vec::new(), read_count: 0 });
    }
    let lock = lock?;
    let before = before.unwrap_or_else(|| Manifest {
        form: FORM,
        id: String::new(),
        key: mark.clone(),
        records: Vec::new(),
        tables: BTreeMap::new(),
        deliveries: Vec::new(),
        quarantine: BTreeMap::new(),
    });
    let loading = Loading { pool_dir, catalog, key, before: &before, progress };
    let mut new = loading.map_new(&ready)?;
    let read_count = new.len();
    let (tables, changed) = loading.write_tables(&ready, &mut new).await?;
    let quarantine = loading.write_quarantine(&ready, &new)?;
    let deliveries = loading.deliveries(&ready, &new);
    let after = Manifest { form: FORM, id, key: mark, records, tables, deliveries, quarantine };
    progress(Progress { step: Step::Arranging, done: 0, total: 1 });
    let snapshot = Snapshot::of(pool_dir, after.clone()).await?;
    manifest::write(pool_dir, &after)?;
    tidy(pool_dir, &before, &after).await?;
    drop(lock);
    Ok(LoadReport { snapshot, changed, read_count })
}

/// Waits until no other load of this pool is at work. The lock ends with the file, and with the
/// process.
async fn locked(
    pool_dir: &Path,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<File, PoolError> {
    fs::create_dir_all(pool_dir).map_err(PoolError::file("create the folder", pool_dir))?;
    let path = pool_dir.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(PoolError::file("write", &path))?;
    if file.try_lock().is_ok() {
        return Ok(file);
    }
    progress(Progress { step: Step::Waiting, done: 0, total: 1 });
    let waited = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
    let waited = waited.map_err(PoolError::bug("waiting for another load"))?;
    waited.map_err(PoolError::file("lock", &path))
}

/// Removes what neither the snapshot nor the one before it needs: whoever opened that one a
/// moment ago can still read it.
async fn tidy(pool_dir: &Path, before: &Manifest, after: &Manifest) -> Result<(), PoolError> {
    derive::tidy(pool_dir, after)?;
    quarantine::tidy(pool_dir, after.quarantine.values())?;
    for record in table::records(pool_dir)? {
        let version = |manifest: &Manifest| Some(manifest.tables.get(&record)?.version);
        let versions: BTreeSet<u64> = version(before).into_iter().chain(version(after)).collect();
        table::tidy(pool_dir, &record, &versions).await?;
    }
    Ok(())
}

/// The deliveries that were mapped now, by id.
type New = BTreeMap<String, Fresh>;

/// A delivery that was mapped now.
struct Fresh {
    delivery: Delivery,
    faults: Vec<Fault>,
    /// As rows of the table, until they are written.
    rows: Option<RecordBatch>,
}

impl Fresh {
    fn new(
        ready: &Ready<'_>,
        received: Option<NaiveDate>,
        mapped: Mapped,
    ) -> Result<Self, PoolError> {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let delivery = Delivery {
            id: ready.id.clone(),
            source: ready.source.name.clone(),
            organisation: ready.source.organisation.clone(),
            record: ready.record.name.clone(),
            file: ready.file.clone(),
            content: ready.content.clone(),
            received,
            covered: covered(ready, &mapped),
            read_count: count(mapped.read_count),
            loaded_count: count(mapped.subjects.len()),
            rejected_count: count(mapped.rejected_count),
        };
        let same = |text: &str| Arc::new(StringArray::from(vec![text; mapped.subjects.len()]));
        let rows = Rows {
            organisations: same(&delivery.organisation),
            deliveries: same(&delivery.id),
            subjects: Arc::new(mapped.subjects),
            lines: Arc::new(mapped.lines),
            fields: mapped.fields,
        };
        Ok(Self { delivery, faults: mapped.faults, rows: Some(rows.batch(ready.record)?) })
    }
}

struct Loading<'a> {
    pool_dir: &'a Path,
    catalog: &'a Catalog,
    key: &'a Key,
    before: &'a Manifest,
    progress: &'a (dyn Fn(Progress) + Send + Sync),
}

impl Loading<'_> {
    fn known(&self, id: &str) -> Option<&Delivery> {
        self.before.deliveries.iter().find(|delivery| delivery.id == id)
    }

    /// When it was received: as was noted when this content was first loaded.
    fn received(&self, ready: &Ready<'_>) -> Option<NaiveDate> {
        let same =
            |one: &&Delivery| one.source == ready.source.name && one.content == ready.content;
        let before = self.before.deliveries.iter().find(same);
        before.and_then(|before| before.received).or(ready.changed)
    }

    fn map_new(&self, ready: &[Ready<'_>]) -> Result<New, PoolError> {
        let new: Vec<_> = ready.iter().filter(|ready| self.known(&ready.id).is_none()).collect();
        let (mut mapped, mut faults) = (New::new(), Vec::new());
        for (done, ready) in new.iter().enumerate() {
            let step = Step::Reading(ready.file.clone());
            (self.progress)(Progress { step, done, total: new.len() });
            match self.map(ready) {
                Ok(rows) => {
                    let received = self.received(ready);
                    mapped.insert(ready.id.clone(), Fresh::new(ready, received, rows?)?);
                }
                Err(found) => faults.extend(found),
            }
        }
        faults.extend(self.doubles(ready, &mapped));
        if faults.is_empty() { Ok(mapped) } else { Err(PoolError::Deliveries { faults }) }
    }

    /// Files of one source that hold the same: their rows would count twice. Files without rows
    /// may well be equal.
    fn doubles(&self, ready: &[Ready<'_>], mapped: &New) -> Vec<DeliveryFault> {
        let mut found = Vec::new();
        let mut first: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for ready in ready {
            let fresh = mapped.get(&ready.id).map(|fresh| &fresh.delivery);
            if fresh.or_else(|| self.known(&ready.id)).is_none_or(|one| one.read_count == 0) {
                continue;
            }
            let content = (ready.source.name.as_str(), ready.content.as_str());
            match first.get(&content) {
                Some(other) => found.push(ready.fault(problems::delivered_twice(other))),
                None => drop(first.insert(content, &ready.file)),
            }
        }
        found
    }

    fn map(&self, ready: &Ready<'_>) -> Result<Result<Mapped, PoolError>, Vec<DeliveryFault>> {
        let raw = ready.raw().map_err(|fault| vec![fault])?;
        let mapper = Mapper {
            source: ready.source,
            record: ready.record,
            codes: &self.catalog.codes,
            reading: &ready.reading,
            key: self.key,
            delivery: format!("{}\u{1f}{}", ready.source.name, ready.content),
        };
        mapper
            .map(&raw)
            .map_err(|missing| missing.into_iter().map(|what| ready.fault(what)).collect())
    }

    /// The version of each record's table, and which of them changed.
    async fn write_tables(
        &self,
        ready: &[Ready<'_>],
        new: &mut New,
    ) -> Result<(BTreeMap<String, Table>, Vec<String>), PoolError> {
        let (mut tables, mut changed) = (BTreeMap::new(), Vec::new());
        let records: Vec<&Record> = self.catalog.delivered_records().collect();
        for (done, record) in records.iter().copied().enumerate() {
            let now: BTreeSet<&str> = ready
                .iter()
                .filter(|ready| ready.record.name == record.name)
                .map(|ready| ready.id.as_str())
                .collect();
            let before = self.before.deliveries.iter();
            let before: BTreeSet<&str> = before
                .filter(|delivery| delivery.record == record.name)
                .map(|delivery| delivery.id.as_str())
                .collect();
            let table = self.before.tables.get(&record.name).copied();
            if now == before {
                tables.extend(table.map(|table| (record.name.clone(), table)));
                continue;
            }
            let step = Step::Writing(record.name.clone());
            (self.progress)(Progress { step, done, total: records.len() });
            let kept: BTreeSet<&str> = now.intersection(&before).copied().collect();
            let mut parts = self.kept(record, table, &kept).await?;
            for id in now.difference(&before) {
                parts.extend(new.get_mut(*id).and_then(|fresh| fresh.rows.take()));
            }
            let rows = concat_batches(&table::schema(record), &parts)
                .map_err(PoolError::bug("putting the rows of a table together"))?;
            drop(parts);
            let row_count = u64::try_from(rows.num_rows()).unwrap_or(u64::MAX);
            let version = table::write(self.pool_dir, record, arranged(record, rows)?).await?;
            tables.insert(record.name.clone(), Table { version, row_count });
            changed.push(record.name.clone());
        }
        Ok((tables, changed))
    }

    /// The rows of those deliveries that the table holds already.
    async fn kept(
        &self,
        record: &Record,
        table: Option<Table>,
        kept: &BTreeSet<&str>,
    ) -> Result<Vec<RecordBatch>, PoolError> {
        let mut rows = Vec::new();
        let Some(table) = table.filter(|_| !kept.is_empty()) else { return Ok(rows) };
        for file in table::files(self.pool_dir, &record.name, table.version).await? {
            for batch in table::read(&file, &record.name)? {
                let deliveries = batch.column_by_name(table::DELIVERY);
                let deliveries = deliveries.map(|column| column.as_string::<i32>());
                let keep: BooleanArray = deliveries
                    .into_iter()
                    .flat_map(StringArray::iter)
                    .map(|id| Some(id.is_some_and(|id| kept.contains(id))))
                    .collect();
                let batch = filter_record_batch(&batch, &keep)
                    .map_err(PoolError::bug("keeping the rows of a table"))?;
                // The file's own schema may differ in what it says beside names and types.
                rows.push(Rows::of(record, &batch)?.batch(record)?);
            }
        }
        Ok(rows)
    }

    fn write_quarantine(
        &self,
        ready: &[Ready<'_>],
        new: &New,
    ) -> Result<BTreeMap<String, String>, PoolError> {
        let mut stems = BTreeMap::new();
        for source in self.catalog.sources.values() {
            let own = || ready.iter().filter(|ready| ready.source.name == source.name);
            let old: BTreeSet<&str> = own()
                .filter(|ready| !new.contains_key(&ready.id))
                .map(|ready| ready.file.as_str())
                .collect();
            let mut faults: Vec<Placed> = match self.before.quarantine.get(&source.name) {
                Some(stem) if !old.is_empty() => quarantine::read(self.pool_dir, stem, &old)?,
                _ => Vec::new(),
            };
            for ready in own() {
                let found = new.get(&ready.id).into_iter().flat_map(|fresh| &fresh.faults);
                faults.extend(found.map(|fault| (ready.file.clone(), fault.clone())));
            }
            if !faults.is_empty() {
                let stem = quarantine::write(self.pool_dir, &source.name, faults)?;
                stems.insert(source.name.clone(), stem);
            }
        }
        Ok(stems)
    }

    fn deliveries(&self, ready: &[Ready<'_>], new: &New) -> Vec<Delivery> {
        let delivery = |ready: &Ready<'_>| match new.get(&ready.id) {
            Some(fresh) => Some(fresh.delivery.clone()),
            None => self.known(&ready.id).cloned(),
        };
        ready.iter().filter_map(delivery).collect()
    }
}

fn covered(ready: &Ready<'_>, mapped: &Mapped) -> Option<Covered> {
    let of = |by: CoveredBy| move |(first, last)| Covered { first, last, by };
    period::of_file(&ready.source.from.location.item, &ready.file)
        .map(of(CoveredBy::FileName))
        .or_else(|| ready.source.covers.map(of(CoveredBy::Declared)))
        .or_else(|| inferred(ready.record, mapped).map(of(CoveredBy::Inferred)))
}

/// The first and the last day on which a row that was loaded lies or begins.
///
/// Ends say nothing: a stay that is planned to end next year, or whose end is mistyped, is no
/// word of the organisation about next year.
fn inferred(record: &Record, mapped: &Mapped) -> Option<(NaiveDate, NaiveDate)> {
    let starts = mapped.fields.column_by_name(record.start()?)?.as_primitive::<Date32Type>();
    let days = || starts.iter().flatten();
    date_of(days().min()?).zip(date_of(days().max()?))
}

#[cfg(test)]
mod tests;
