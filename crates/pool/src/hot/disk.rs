//! The hot form on disk: one Arrow IPC file a bucket and record, mapped, not read.
//!
//! ```text
//! hot.json                      what there is
//! symbols.arrow                 the texts
//! person/0003/#names.arrow      what the subjects of the fourth bucket of persons are called
//! person/0003/stay.arrow        the columns of `stay` for the fourth bucket of persons
//! person/0003/stay.offsets.arrow
//! ```
//!
//! The files can be made again from the pool's tables at any time, so another version of this
//! form is no fault: it is built anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch, StringArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema};
use serde::{Deserialize, Serialize};

use super::noted::Noted;
use super::symbols::Symbols;
use super::{Bucket, Hot, Rows, Shape, SubjectSet};
use crate::error::PoolError;
use crate::map;

/// Changes when the files do.
const FORM: u32 = 7;

/// The file of a bucket with what its subjects are called; no record can be named so.
const NAMES: &str = "#names.arrow";

/// `hot.json`
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    form: u32,
    subjects: BTreeMap<String, SubjectContents>,
    noted: Noted,
}

#[derive(Debug, Serialize, Deserialize)]
struct SubjectContents {
    records: Vec<Shape>,
    /// How many subjects each bucket has.
    buckets: Vec<usize>,
}

impl Hot {
    /// Writes everything to the folder `dir`, which appears when it is whole. A folder that is
    /// there already stays as it is.
    pub fn write(&self, dir: &Path) -> Result<(), PoolError> {
        let parent = dir.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(PoolError::file("create the folder", parent))?;
        let place = tempfile::Builder::new().prefix(".hot-").tempdir_in(parent);
        let place = place.map_err(PoolError::file("create a folder in", parent))?;
        self.write_files(place.path())?;
        let place = place.keep();
        match fs::rename(&place, dir) {
            Ok(()) => Ok(()),
            Err(fault) => {
                fs::remove_dir_all(&place).map_err(PoolError::file("remove", &place))?;
                if dir.is_dir() { Ok(()) } else { Err(PoolError::file("write", dir)(fault)) }
            }
        }
    }

    /// Maps what [`Hot::write`] wrote.
    pub fn open(dir: &Path) -> Result<Self, PoolError> {
        let path = dir.join("hot.json");
        let text = fs::read(&path).map_err(PoolError::file("read", &path))?;
        let contents: Contents =
            serde_json::from_slice(&text).map_err(PoolError::damaged(&path))?;
        if contents.form != FORM {
            return Err(PoolError::damaged(&path)("it is of another version"));
        }
        let path = dir.join("symbols.arrow");
        let texts = map::read(&path)?;
        let texts = texts.columns().first().and_then(|texts| texts.as_string_opt());
        let symbols = texts.and_then(|texts| Symbols::new(texts.clone()));
        let symbols = symbols.ok_or_else(|| PoolError::damaged(&path)("no sorted texts"))?;
        let mut subjects = BTreeMap::new();
        for (subject, contents) in contents.subjects {
            let set = open_subject(&dir.join(&subject), contents)?;
            subjects.insert(subject, Arc::new(set));
        }
        Ok(Self { symbols, subjects, noted: contents.noted })
    }

    fn write_files(&self, dir: &Path) -> Result<(), PoolError> {
        let texts: ArrayRef = Arc::new(self.symbols.texts().clone());
        map::write(&dir.join("symbols.arrow"), &batch(vec![("text".to_owned(), texts)])?)?;
        let mut subjects = BTreeMap::new();
        for (subject, set) in &self.subjects {
            for (number, bucket) in set.buckets.iter().enumerate() {
                let place = folder(&dir.join(subject), number);
                fs::create_dir_all(&place).map_err(PoolError::file("create the folder", &place))?;
                let names: ArrayRef = Arc::new(bucket.names.clone());
                map::write(&place.join(NAMES), &batch(vec![("name".to_owned(), names)])?)?;
                for (shape, rows) in set.records.iter().zip(&bucket.records) {
                    write_rows(&place, shape, rows)?;
                }
            }
            let buckets = set.buckets.iter().map(|bucket| bucket.subject_count).collect();
            let contents = SubjectContents { records: set.records.clone(), buckets };
            subjects.insert(subject.clone(), contents);
        }
        let contents = Contents { form: FORM, subjects, noted: self.noted.clone() };
        let text = serde_json::to_vec_pretty(&contents).map_err(PoolError::bug("writing JSON"))?;
        let path = dir.join("hot.json");
        fs::write(&path, text).map_err(PoolError::file("write", &path))
    }
}

fn folder(subject: &Path, bucket: usize) -> PathBuf {
    subject.join(format!("{bucket:04}"))
}

fn files(dir: &Path, record: &str) -> (PathBuf, PathBuf) {
    (dir.join(format!("{record}.arrow")), dir.join(format!("{record}.offsets.arrow")))
}

fn batch(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, PoolError> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, values)| Field::new(name, values.data_type().clone(), true))
        .collect();
    let columns = columns.into_iter().map(|(_, values)| values).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(PoolError::bug("writing the hot form"))
}

fn write_rows(dir: &Path, shape: &Shape, rows: &Rows) -> Result<(), PoolError> {
    let (path, offsets_path) = files(dir, &shape.name);
    if let Some(offsets) = &rows.offsets {
        let offsets: ArrayRef = Arc::new(Int32Array::new(offsets.inner().clone(), None));
        map::write(&offsets_path, &batch(vec![("offset".to_owned(), offsets)])?)?;
    }
    if shape.columns.is_empty() {
        return Ok(());
    }
    let names = shape.columns.iter().map(|(name, _)| name.clone());
    let columns = names.zip(rows.columns.iter().map(Arc::clone)).collect();
    map::write(&path, &batch(columns)?)
}

fn open_subject(dir: &Path, contents: SubjectContents) -> Result<SubjectSet, PoolError> {
    let SubjectContents { records, buckets: counts } = contents;
    let mut buckets = Vec::with_capacity(counts.len());
    for (number, subject_count) in counts.into_iter().enumerate() {
        let place = folder(dir, number);
        let rows = records.iter().map(|shape| open_rows(&place, shape, subject_count));
        let records = rows.collect::<Result<_, _>>()?;
        let names = open_names(&place.join(NAMES), subject_count)?;
        buckets.push(Bucket { subject_count, names, records });
    }
    Ok(SubjectSet::new(records, buckets))
}

fn open_names(path: &Path, subject_count: usize) -> Result<StringArray, PoolError> {
    let batch = map::read(path)?;
    let names = batch.columns().first().and_then(|names| names.as_string_opt::<i32>());
    let names = names.filter(|names| names.len() == subject_count && names.null_count() == 0);
    names.cloned().ok_or_else(|| PoolError::damaged(path)("not every subject has a name"))
}

fn open_rows(dir: &Path, shape: &Shape, subject_count: usize) -> Result<Rows, PoolError> {
    let (path, offsets_path) = files(dir, &shape.name);
    if shape.columns.is_empty() {
        return Ok(Rows { offsets: None, columns: Vec::new() });
    }
    let batch = map::read(&path)?;
    let fitting = batch.num_columns() == shape.columns.len()
        && batch
            .columns()
            .iter()
            .zip(&shape.columns)
            .all(|(values, (_, kind))| *values.data_type() == kind.arrow());
    if !fitting {
        return Err(PoolError::damaged(&path)("its columns are others"));
    }
    let columns = batch.columns().to_vec();
    if shape.once {
        return if batch.num_rows() == subject_count {
            Ok(Rows { offsets: None, columns })
        } else {
            Err(PoolError::damaged(&path)("it has not one row a subject"))
        };
    }
    let offsets = open_offsets(&offsets_path, subject_count, batch.num_rows())?;
    Ok(Rows { offsets: Some(offsets), columns })
}

/// Checked, for a list that reaches beyond its rows would end the program.
fn open_offsets(
    path: &Path,
    subject_count: usize,
    row_count: usize,
) -> Result<OffsetBuffer<i32>, PoolError> {
    let batch = map::read(path)?;
    let column = batch.columns().first().filter(|offsets| {
        *offsets.data_type() == DataType::Int32 && offsets.len() == subject_count + 1
    });
    let offsets = column.map(|offsets| offsets.as_primitive::<Int32Type>().values().clone());
    let sound = offsets.filter(|offsets| {
        offsets.first() == Some(&0)
            && offsets.is_sorted()
            && offsets.last().is_some_and(|last| usize::try_from(*last) == Ok(row_count))
    });
    let offsets = sound.ok_or_else(|| PoolError::damaged(path)("its offsets do not fit"))?;
    Ok(OffsetBuffer::new(offsets))
}
