//! Builds the hot form from mapped rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch, StringArray};
use interplay_compile::catalog::{FieldType, Record, lists};

use super::came::Came;
use super::known::Sightings;
use super::noted::Noted;
use super::symbols::Interner;
use super::{Bucket, Hot, Shape, SubjectSet, bucket};
use crate::error::PoolError;
use crate::problems;
use keyed::Batch;
use pending::{Finishing, Pending};

mod keyed;
mod pending;

/// Gathers mapped rows, in any order, and builds the hot form from them.
#[derive(Debug)]
pub struct HotBuilder {
    bucket_count: usize,
    texts: Interner,
    /// By subject type.
    subjects: BTreeMap<String, Known>,
    /// By the name of their lists.
    records: BTreeMap<String, Gathered>,
    /// Rows of records with a key, by record: which of them count is known when all are there.
    waiting: BTreeMap<String, Vec<Batch>>,
    /// What the deliveries are called, in their order.
    deliveries: Vec<String>,
}

/// The organisation of a row, by its provisional symbol, and when the row came.
pub(super) type Origin = (i32, Came);

/// The subjects of one type.
#[derive(Debug, Default)]
pub(super) struct Known {
    numbers: HashMap<Arc<str>, u32>,
    /// By number.
    names: Vec<Arc<str>>,
    /// The numbers in each bucket.
    buckets: Vec<Vec<u32>>,
}

/// The rows of one record, from one side.
#[derive(Debug)]
struct Gathered {
    record: Record,
    /// Whose rows they are: `person`
    of: String,
    /// The field that refers to whose row it is; none for the record's own subject.
    side: Option<usize>,
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
            waiting: BTreeMap::new(),
            deliveries: Vec::new(),
        };
        for record in records {
            for (of, side) in record.sides() {
                let name = lists(&record.name, side);
                builder.records.insert(name, Gathered::new(record, of, side, bucket_count));
            }
            let referred = record.fields.iter().filter_map(|field| match &field.kind {
                FieldType::Subject(subject) => Some(subject),
                _ => None,
            });
            for subject in referred.chain([&record.subject]) {
                let known = builder.subjects.entry(subject.clone()).or_default();
                known.buckets.resize(bucket_count, Vec::new());
            }
        }
        builder
    }

    /// Adds rows of one organisation: `subjects` says whose they are, `fields` has a column for
    /// each of the record's fields, by name and with the types of
    /// [`FieldType::arrow`](interplay_compile::catalog::FieldType::arrow). A field without a
    /// column is missing. A batch that is added later counts as delivered later, and so does a row
    /// further down.
    pub fn add(
        &mut self,
        record: &str,
        organisation: &str,
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let delivery = u32::try_from(self.deliveries.len()).unwrap_or(u32::MAX);
        self.deliveries.push(organisation.to_owned());
        let organisation = self.texts.number(organisation);
        let day = i32::try_from(delivery).unwrap_or(i32::MAX);
        let lines = (0..).take(subjects.len());
        let origins = lines.map(|line| (organisation, Came { day, delivery, line }));
        self.gather(record, origins.collect(), subjects, fields)
    }

    /// Names the deliveries of [`HotBuilder::add_rows`], in the order in which they came.
    pub(crate) fn naming(mut self, names: Vec<String>) -> Self {
        self.deliveries = names;
        self
    }

    /// The same for rows of several organisations, each with when it came.
    pub(crate) fn add_rows<'a>(
        &mut self,
        record: &str,
        origins: impl Iterator<Item = (&'a str, Came)>,
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let origins = origins.map(|(name, came)| (self.texts.number(name), came));
        let origins: Vec<Origin> = origins.collect();
        self.gather(record, origins, subjects, fields)
    }

    /// Takes rows in, or lets them wait where later ones may replace them.
    fn gather(
        &mut self,
        record: &str,
        origins: Vec<Origin>,
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let is_keyed = self.records.get(record).is_some_and(|it| !it.record.key.is_empty());
        if !is_keyed || subjects.len() != fields.num_rows() {
            return self.push(record, &origins, subjects, fields);
        }
        let (subjects, fields) = (subjects.clone(), fields.clone());
        let batch = Batch { origins, subjects, fields };
        self.waiting.entry(record.to_owned()).or_default().push(batch);
        Ok(())
    }

    /// Takes in the rows of records with a key that count, and notes how many do not.
    fn take_waiting(&mut self, noted: &mut Noted) -> Result<(), PoolError> {
        for (name, batches) in std::mem::take(&mut self.waiting) {
            let Some(gathered) = self.records.get(&name) else { continue };
            let (batches, replaced) = keyed::latest(&gathered.record, batches)?;
            for delivery in replaced {
                let place = usize::try_from(delivery).unwrap_or(usize::MAX);
                let delivery = self.deliveries.get(place).cloned().unwrap_or_default();
                *noted.replaced.entry(delivery).or_default() += 1;
            }
            for Batch { origins, subjects, fields } in batches {
                self.push(&name, &origins, &subjects, &fields)?;
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        record: &str,
        origins: &[Origin],
        subjects: &StringArray,
        fields: &RecordBatch,
    ) -> Result<(), PoolError> {
        let fault = |what| PoolError::Rows { record: record.to_owned(), what };
        let gathered = self.records.get(record).ok_or_else(|| fault(problems::no_such_record()))?;
        if subjects.len() != fields.num_rows() {
            return Err(fault(problems::uneven_rows(subjects.len(), fields.num_rows())));
        }
        let mut columns = pending::columns(&gathered.record, fields).map_err(fault)?;
        let mut names = vec![lists(record, None)];
        names.extend(gathered.record.sides().map(|(_, side)| lists(record, side)).skip(1));
        let Some(known) = self.subjects.get_mut(&gathered.record.subject) else { return Ok(()) };
        let mut own = Vec::with_capacity(subjects.len());
        for (row, name) in subjects.iter().enumerate() {
            let name = name.ok_or_else(|| fault(problems::row_without_subject(row)))?;
            own.push(known.number(name, self.bucket_count));
        }
        for (column, field) in columns.iter_mut().zip(&gathered.record.fields) {
            if let FieldType::Subject(subject) = &field.kind
                && let Some(known) = self.subjects.get_mut(subject)
            {
                column.number(|name| known.number(name, self.bucket_count));
            }
        }
        for name in names {
            let Some(gathered) = self.records.get_mut(&name) else { continue };
            for (row, (own, origin)) in own.iter().zip(origins).enumerate() {
                let (place, subject, back) = match gathered.side {
                    None => (own.0, own.1, None),
                    Some(side) => match columns.get(side).and_then(|it| it.subject(row)) {
                        Some((place, subject)) => (place, subject, Some(own.1)),
                        None => continue,
                    },
                };
                let bucket = &mut gathered.buckets[place];
                bucket.push((subject, back), *origin, &columns, row, &mut self.texts);
            }
        }
        Ok(())
    }

    /// Sorts and settles what was added.
    pub fn build(mut self) -> Result<Hot, PoolError> {
        let mut noted = Noted::default();
        self.take_waiting(&mut noted)?;
        let (symbols, ranks) = self.texts.finish();
        let mut subjects = BTreeMap::new();
        let mut records = self.records;
        let places = self.subjects.iter().map(|(subject, known)| (subject.clone(), known.all()));
        let places: BTreeMap<String, Vec<i32>> = places.collect();
        let others = Others { known: &self.subjects, places: &places };
        for (subject, known) in &self.subjects {
            let mut own: Vec<Gathered> = records
                .extract_if(.., |_, gathered| gathered.of == *subject)
                .map(|(_, gathered)| gathered)
                .collect();
            let mut buckets = Vec::with_capacity(self.bucket_count);
            for place in 0..self.bucket_count {
                let (subject_count, places) = known.places(place);
                let names = known.ordered(place);
                let names = names.into_iter().map(|number| &*known.names[number as usize]);
                let names = StringArray::from_iter_values(names);
                let mut rows = Vec::with_capacity(own.len() + 1);
                let mut seen = Sightings::default();
                for gathered in &mut own {
                    let empty = gathered.empty();
                    let bucket = std::mem::replace(&mut gathered.buckets[place], empty);
                    let finishing = Finishing {
                        record: &gathered.record,
                        lists: &gathered.shape.name,
                        texts: &self.texts,
                        ranks: &ranks,
                        subject_count,
                        places: &places,
                        others,
                    };
                    finishing.sightings(&bucket, &mut seen);
                    rows.push(finishing.rows(bucket, &mut noted)?);
                }
                rows.push(seen.rows(subject_count));
                buckets.push(Bucket { subject_count, names, records: rows });
            }
            for (at, gathered) in own.iter_mut().enumerate() {
                leave_idle_mark(gathered, &mut buckets, at);
            }
            let shapes = own.into_iter().map(|gathered| gathered.shape);
            let shapes = shapes.chain([Shape::of_known()]).collect();
            subjects.insert(subject.clone(), Arc::new(SubjectSet::new(shapes, buckets)));
        }
        Ok(Hot { symbols, subjects, noted })
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

impl Gathered {
    fn new(record: &Record, of: &str, side: Option<&str>, bucket_count: usize) -> Self {
        let shape = Shape::of(record, side);
        let side = side.and_then(|side| record.fields.iter().position(|field| field.name == *side));
        let of = of.to_owned();
        let mut gathered = Self { record: record.clone(), of, side, shape, buckets: Vec::new() };
        gathered.buckets = (0..bucket_count).map(|_| gathered.empty()).collect();
        gathered
    }

    fn empty(&self) -> Pending {
        Pending::new(&self.record, self.side.is_some())
    }
}

/// The subjects of all types, of which rows may speak.
#[derive(Clone, Copy, Debug)]
pub(super) struct Others<'a> {
    known: &'a BTreeMap<String, Known>,
    /// The place of each subject by its number.
    places: &'a BTreeMap<String, Vec<i32>>,
}

impl<'a> Others<'a> {
    /// What the subject of a number is called.
    pub(super) fn name(self, subject: &str, number: i32) -> &'a str {
        let names = self.known.get(subject).map_or(&[][..], |known| &known.names);
        usize::try_from(number).ok().and_then(|at| names.get(at)).map_or("", |name| name)
    }

    /// The places of all subjects of a type.
    pub(super) fn places(self, subject: &str) -> &'a [i32] {
        self.places.get(subject).map_or(&[], Vec::as_slice)
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

    /// The place of each subject among all, by its number: bucket after bucket.
    fn all(&self) -> Vec<i32> {
        let mut all = vec![0; self.names.len()];
        let ordered = (0..self.buckets.len()).flat_map(|bucket| self.ordered(bucket));
        for (place, number) in (0..).zip(ordered) {
            all[number as usize] = place;
        }
        all
    }

    /// How many subjects there are in a bucket, and the place of each by its number.
    fn places(&self, bucket: usize) -> (usize, HashMap<u32, u32>) {
        let numbers = self.ordered(bucket);
        (numbers.len(), numbers.into_iter().zip(0..).collect())
    }

    /// The numbers of the subjects in a bucket, in the order of their names.
    fn ordered(&self, bucket: usize) -> Vec<u32> {
        let mut numbers = self.buckets[bucket].clone();
        numbers.sort_unstable_by(|one, other| {
            self.names[*one as usize].cmp(&self.names[*other as usize])
        });
        numbers
    }
}
