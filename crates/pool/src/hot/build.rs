//! Builds the hot form from mapped rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch, StringArray};
use interplay_compile::catalog::Record;

use super::known::Sightings;
use super::symbols::Interner;
use super::{Bucket, Hot, Shape, SubjectSet, bucket};
use crate::error::PoolError;
use crate::problems;
use pending::{Finishing, Pending};

mod pending;

/// Gathers mapped rows, in any order, and builds the hot form from them.
#[derive(Debug)]
pub struct HotBuilder {
    bucket_count: usize,
    texts: Interner,
    /// By subject type.
    subjects: BTreeMap<String, Known>,
    /// By record.
    records: BTreeMap<String, Gathered>,
}

/// The subjects of one type.
#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<Arc<str>, u32>,
    /// By number.
    names: Vec<Arc<str>>,
    /// The numbers in each bucket.
    buckets: Vec<Vec<u32>>,
}

/// The rows of one record.
#[derive(Debug)]
struct Gathered {
    record: Record,
    shape: Shape,
    buckets: Vec<Pending>,
}

impl HotBuilder {
    /// For these records, their subjects in that many buckets.
    pub fn new<'a>(records: impl IntoIterator<Item = &'a Record>, buckets: usize) -> Self {
        let bucket_count = buckets.max(1);
        let mut builder = Self {
            bucket_count,
            texts: Interner::default(),
            subjects: BTreeMap::new(),
            records: BTreeMap::new(),
        };
        for record in records {
            let known = builder.subjects.entry(record.subject.clone()).or_default();
            known.buckets.resize(bucket_count, Vec::new());
            let shape = Shape::of(record);
            let buckets = (0..bucket_count).map(|_| Pending::new(record)).collect();
            let gathered = Gathered { record: record.clone(), shape, buckets };
            builder.records.insert(record.name.clone(), gathered);
        }
        builder
    }

    /// Adds rows of one organisation: `subjects` says whose they are, `fields` has a column for
    /// each of the record's fields, by name and with the types of
    /// [`FieldType::arrow`](interplay_compile::catalog::FieldType::arrow). A field without a
    /// column is missing.
    pub fn add(
        &mut self,
        record: &str,
        organisation: &str,
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let organisation = self.texts.number(organisation);
        self.push(record, &vec![organisation; subjects.len()], subjects, fields)
    }

    /// The same for rows of several organisations.
    pub(crate) fn add_rows(
        &mut self,
        record: &str,
        organisations: &StringArray,
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let names = organisations.iter().map(Option::unwrap_or_default);
        let organisations: Vec<i32> = names.map(|name| self.texts.number(name)).collect();
        self.push(record, &organisations, subjects, fields)
    }

    fn push(
        &mut self,
        record: &str,
        organisations: &[i32],
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let fault = |what| PoolError::Rows { record: record.to_owned(), what };
        let gathered =
            self.records.get_mut(record).ok_or_else(|| fault(problems::no_such_record()))?;
        if subjects.len() != fields.num_rows() {
            return Err(fault(problems::uneven_rows(subjects.len(), fields.num_rows())));
        }
        let columns = pending::columns(&gathered.record, fields).map_err(fault)?;
        let Some(known) = self.subjects.get_mut(&gathered.record.subject) else { return Ok(()) };
        for (row, (name, organisation)) in subjects.iter().zip(organisations).enumerate() {
            let name = name.ok_or_else(|| fault(problems::row_without_subject(row)))?;
            let (place, number) = known.number(name, self.bucket_count);
            let bucket = &mut gathered.buckets[place];
            bucket.push(number, *organisation, &columns, row, &mut self.texts);
        }
        Ok(())
    }

    /// Sorts and settles what was added.
    pub fn build(self) -> Result<Hot, PoolError> {
        let (symbols, ranks) = self.texts.finish();
        let mut conflicts = BTreeMap::new();
        let mut subjects = BTreeMap::new();
        let mut records = self.records;
        for (subject, known) in self.subjects {
            let mut own: Vec<Gathered> = records
                .extract_if(.., |_, gathered| gathered.record.subject == subject)
                .map(|(_, gathered)| gathered)
                .collect();
            let mut buckets = Vec::with_capacity(self.bucket_count);
            for place in 0..self.bucket_count {
                let (subject_count, places) = known.places(place);
                let mut rows = Vec::with_capacity(own.len() + 1);
                let mut seen = Sightings::default();
                for gathered in &mut own {
                    let empty = Pending::new(&gathered.record);
                    let bucket = std::mem::replace(&mut gathered.buckets[place], empty);
                    let finishing = Finishing {
                        record: &gathered.record,
                        texts: &self.texts,
                        ranks: &ranks,
                        subject_count,
                        places: &places,
                    };
                    finishing.sightings(&bucket, &mut seen);
                    rows.push(finishing.rows(bucket, &mut conflicts)?);
                }
                rows.push(seen.rows(subject_count));
                buckets.push(Bucket { subject_count, records: rows });
            }
            for (at, gathered) in own.iter_mut().enumerate() {
                leave_idle_mark(gathered, &mut buckets, at);
            }
            let shapes = own.into_iter().map(|gathered| gathered.shape);
            let shapes = shapes.chain([Shape::of_known()]).collect();
            subjects.insert(subject, Arc::new(SubjectSet::new(shapes, buckets)));
        }
        Ok(Hot { symbols, subjects, conflicts })
    }
}

/// Where no row of a record has an unknown end, nothing is kept that says so.
fn leave_idle_mark(gathered: &mut Gathered, buckets: &mut [Bucket], at: usize) {
    let Some(mark) = gathered.record.mark().map(|_| gathered.record.fields.len()) else { return };
    let idle = |bucket: &Bucket| {
        let rows = bucket.records.get(at);
        let column = rows.and_then(|rows| rows.columns.get(mark));
        column.is_none_or(|marks| marks.null_count() == marks.len())
    };
    if buckets.iter().all(idle) {
        gathered.shape.columns.remove(mark);
        for rows in buckets.iter_mut().filter_map(|bucket| bucket.records.get_mut(at)) {
            rows.columns.remove(mark);
        }
    }
}

impl Known {
    /// The bucket and the number of the subject called `name`.
    fn number(&mut self, name: &str, bucket_count: usize) -> (usize, u32) {
        let place = bucket::of(name, bucket_count);
        if let Some(number) = self.numbers.get(name) {
            return (place, *number);
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let name: Arc<str> = Arc::from(name);
        self.numbers.insert(Arc::clone(&name), number);
        self.names.push(name);
        self.buckets[place].push(number);
        (place, number)
    }

    /// How many subjects there are in a bucket, and the place of each by its number: in the order
    /// of their names.
    fn places(&self, bucket: usize) -> (usize, HashMap<u32, u32>) {
        let mut numbers = self.buckets[bucket].clone();
        numbers.sort_unstable_by(|one, other| {
            self.names[*one as usize].cmp(&self.names[*other as usize])
        });
        (numbers.len(), numbers.into_iter().zip(0..).collect())
    }
}
