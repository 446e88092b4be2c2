//! What there is to load: every file of every source, and which of them are new.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use datafusion::arrow::array::RecordBatch;
use interplay_compile::catalog::{Catalog, Record, Source};

use super::fingerprint;
use crate::error::DeliveryFault;
use crate::key::hex;
use crate::mapping::identifier;
use crate::problems;
use crate::snapshot::manifest::KeyMark;
use crate::source::option::Reading;
use crate::source::raw::Raw;
use crate::source::{self, Place, find, memory};

/// A delivery that lies ready.
#[derive(Debug)]
pub(super) struct Ready<'a> {
    pub(super) id: String,
    pub(super) source: &'a Source,
    pub(super) record: &'a Record,
    pub(super) reading: Reading,
    /// As in [`Delivery::file`](crate::Delivery::file).
    pub(super) file: String,
    /// A hash of its content.
    pub(super) content: String,
    /// The day on which the file was last changed.
    pub(super) changed: Option<NaiveDate>,
    rows: Lying<'a>,
}

#[derive(Debug)]
enum Lying<'a> {
    File(PathBuf, fn(&Bytes, &Reading) -> Result<Raw, String>),
    Registered(&'a [RecordBatch]),
}

impl Ready<'_> {
    /// Reads the rows, if they are still those that were seen first.
    pub(super) fn raw(&self) -> Result<Raw, DeliveryFault> {
        let read = match &self.rows {
            Lying::Registered(batches) => memory::read(batches),
            Lying::File(path, read) => {
                let bytes = fs::read(path).map_err(|fault| self.fault(fault.to_string()))?;
                if content(&blake3::hash(&bytes)) != self.content {
                    return Err(self.fault(problems::changed_meanwhile()));
                }
                read(&Bytes::from(bytes), &self.reading)
            }
        };
        read.map_err(|what| self.fault(what))
    }

    pub(super) fn fault(&self, what: String) -> DeliveryFault {
        let (name, file) = (self.source.name.clone(), Some(self.file.clone()));
        DeliveryFault { source_name: name, file, what }
    }
}

/// Where deliveries are looked for.
#[derive(Debug)]
pub(super) struct Places<'a> {
    pub(super) project_dir: &'a Path,
    pub(super) catalog: &'a Catalog,
    pub(super) key: &'a KeyMark,
    pub(super) memory: &'a BTreeMap<String, Vec<RecordBatch>>,
}

impl<'a> Places<'a> {
    /// All deliveries, by source and file; all that is wrong with any, otherwise.
    pub(super) fn ready(&self) -> Result<Vec<Ready<'a>>, Vec<DeliveryFault>> {
        let (mut ready, mut faults) = (Vec::new(), Vec::new());
        for source in self.catalog.sources.values() {
            match self.of_source(source) {
                Ok(found) => ready.extend(found),
                Err((file, what)) => {
                    faults.push(DeliveryFault { source_name: source.name.clone(), file, what });
                }
            }
        }
        if faults.is_empty() { Ok(ready) } else { Err(faults) }
    }

    fn of_source(&self, source: &'a Source) -> Result<Vec<Ready<'a>>, (Option<String>, String)> {
        let whole = |what: String| (None, what);
        let record = self.catalog.records.get(&source.record);
        let record = record.ok_or_else(|| whole(problems::no_record(&source.record)))?;
        if let Some(what) = identifier::refused(source, record) {
            return Err(whole(what));
        }
        let name = &source.from.name.item;
        let format = source::format(name).ok_or_else(|| whole(problems::no_format(name)))?;
        let reading = source::reading(format, &source.from).map_err(whole)?;
        let declared = fingerprint::declaration(source, record, &self.catalog.codes);
        let location = &source.from.location.item;
        let one = |file: String, hash: &blake3::Hash, rows| {
            let (content, changed) = (content(hash), changed(&rows));
            let id = self.id(&declared, &file, &content);
            Ready { id, source, record, reading: reading.clone(), file, content, changed, rows }
        };
        match format.place {
            Place::Registered => {
                let known = self.memory.keys().map(String::as_str);
                let batches = self.memory.get(location);
                let batches =
                    batches.ok_or_else(|| whole(problems::not_registered(location, known)))?;
                let raw = memory::read(batches).map_err(whole)?;
                Ok(vec![one(location.clone(), &raw.content(), Lying::Registered(batches))])
            }
            Place::Files(read) => {
                let mut ready = Vec::new();
                for found in find::files(self.project_dir, location).map_err(whole)? {
                    let bytes = fs::read(&found.path)
                        .map_err(|fault| (Some(found.name.clone()), fault.to_string()))?;
                    let rows = Lying::File(found.path, read);
                    ready.push(one(found.name, &blake3::hash(&bytes), rows));
                }
                Ok(ready)
            }
        }
    }

    fn id(&self, declared: &str, file: &str, content: &str) -> String {
        let all = [declared, &self.key.fingerprint, file, content].join("\n");
        hex(blake3::hash(all.as_bytes()).as_bytes(), 8)
    }
}

/// The day on which a file was last changed, as far as its folder says.
fn changed(rows: &Lying<'_>) -> Option<NaiveDate> {
    let Lying::File(path, _) = rows else { return None };
    let changed = fs::metadata(path).and_then(|about| about.modified()).ok()?;
    Some(DateTime::<Utc>::from(changed).date_naive())
}

fn content(hash: &blake3::Hash) -> String {
    hex(hash.as_bytes(), 16)
}
