//! The rows of one record in one bucket, while they are gathered, and how they are finished.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, Int32Array, PrimitiveBuilder, RecordBatch,
    StringArray, UInt32Array, new_null_array,
};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{Date32Type, Float64Type, Int32Type};
use interplay_compile::catalog::{FieldType, Record, RecordTiming};

use super::{Origin, Others};
use crate::error::PoolError;
use crate::hot::came::Came;
use crate::hot::known::{ALWAYS, Sightings};
use crate::hot::noted::Noted;
use crate::hot::once::{Said, Settling};
use crate::hot::order::{Cell, Moment, bits, content_hash};
use crate::hot::symbols::{Interner, ranked};
use crate::hot::{Kind, ORGANISATION, Rows};
use crate::problems;

/// A column of rows that come in, by the type it must have.
#[derive(Debug)]
pub(super) enum Incoming {
    Date(Date32Array),
    Number(Float64Array),
    Text(StringArray),
    /// Subjects of a type, each by its bucket and its number.
    Subject(Vec<Option<(usize, u32)>>),
}

impl Incoming {
    /// Gives the subjects that a column of texts names their numbers.
    pub(super) fn number(&mut self, mut number: impl FnMut(&str) -> (usize, u32)) {
        if let Self::Text(names) = self {
            *self = Self::Subject(names.iter().map(|name| name.map(&mut number)).collect());
        }
    }

    /// The bucket and the number of the subject in a row.
    pub(super) fn subject(&self, row: usize) -> Option<(usize, u32)> {
        match self {
            Self::Subject(subjects) => *subjects.get(row)?,
            Self::Date(_) | Self::Number(_) | Self::Text(_) => None,
        }
    }
}

/// The columns of `fields` in the order of the record.
pub(super) fn columns(record: &Record, fields: &RecordBatch) -> Result<Vec<Incoming>, String> {
    let kept = record.columns();
    for column in fields.schema_ref().fields() {
        if !kept.iter().any(|field| field.name == *column.name()) {
            return Err(problems::no_such_field(column.name()));
        }
    }
    let start = record.start();
    let mut columns = Vec::with_capacity(kept.len());
    for field in &kept {
        let column = fields.column_by_name(&field.name);
        let wanted = field.kind.arrow();
        let column = column.map_or_else(|| new_null_array(&wanted, fields.num_rows()), Arc::clone);
        if *column.data_type() != wanted {
            return Err(problems::other_type(&field.name, column.data_type(), &wanted));
        }
        if start == Some(field.name.as_str()) && column.null_count() > 0 {
            return Err(problems::row_without_start(&field.name));
        }
        columns.push(match Kind::of(&field.kind) {
            Kind::Date => Incoming::Date(column.as_primitive().clone()),
            Kind::Number => Incoming::Number(column.as_primitive().clone()),
            Kind::Symbol | Kind::Subject => Incoming::Text(column.as_string().clone()),
        });
    }
    Ok(columns)
}

#[derive(Debug)]
enum Growing {
    Date(PrimitiveBuilder<Date32Type>),
    Number(PrimitiveBuilder<Float64Type>),
    /// Provisional symbols.
    Symbol(PrimitiveBuilder<Int32Type>),
    /// The numbers of subjects of a type.
    Subject(PrimitiveBuilder<Int32Type>, String),
}

/// The rows gathered so far.
#[derive(Debug)]
pub(super) struct Pending {
    subjects: Vec<u32>,
    organisations: Vec<i32>,
    /// When each came, where that makes a difference.
    came: Option<Vec<Came>>,
    fields: Vec<Growing>,
    /// Whose rows they are, where `subjects` are those to whom they refer.
    back: Option<Vec<i32>>,
}

impl Pending {
    pub(super) fn new(record: &Record, referred: bool) -> Self {
        let columns = record.columns();
        let fields = columns.iter().map(|field| match &field.kind {
            FieldType::Date | FieldType::Instant | FieldType::BirthDate => {
                Growing::Date(PrimitiveBuilder::with_capacity(0))
            }
            FieldType::Number(_) => Growing::Number(PrimitiveBuilder::with_capacity(0)),
            FieldType::Text | FieldType::Code(_) => {
                Growing::Symbol(PrimitiveBuilder::with_capacity(0))
            }
            FieldType::Subject(subject) => {
                Growing::Subject(PrimitiveBuilder::with_capacity(0), subject.clone())
            }
        });
        let fields = fields.collect();
        let back = referred.then(Vec::new);
        let came = matches!(record.timing, RecordTiming::Once(_)).then(Vec::new);
        Self { subjects: Vec::new(), organisations: Vec::new(), came, fields, back }
    }

    /// A row of `subject`; of one to whom it refers, with whose row it is.
    pub(super) fn push(
        &mut self,
        (subject, back): (u32, Option<u32>),
        (organisation, came): Origin,
        columns: &[Incoming],
        row: usize,
        texts: &mut Interner,
    ) {
        self.subjects.push(subject);
        self.organisations.push(organisation);
        if let Some(all) = &mut self.came {
            all.push(came);
        }
        if let (Some(backs), Some(back)) = (&mut self.back, back) {
            backs.push(place(back));
        }
        for (field, column) in self.fields.iter_mut().zip(columns) {
            match (field, column) {
                (Growing::Date(field), Incoming::Date(column)) => {
                    field.append_option(column.is_valid(row).then(|| column.value(row)));
                }
                (Growing::Number(field), Incoming::Number(column)) => {
                    field.append_option(column.is_valid(row).then(|| column.value(row)));
                }
                (Growing::Symbol(field), Incoming::Text(column)) => field
                    .append_option(column.is_valid(row).then(|| texts.number(column.value(row)))),
                (Growing::Subject(field, _), column) => {
                    field.append_option(column.subject(row).map(|(_, number)| place(number)));
                }
                // `columns` gives each field's own type.
                (Growing::Date(_) | Growing::Number(_) | Growing::Symbol(_), _) => {}
            }
        }
    }
}

/// A number as Arrow keeps places.
fn place(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// What is needed to finish the rows of one record in one bucket.
#[derive(Debug)]
pub(super) struct Finishing<'a> {
    pub(super) record: &'a Record,
    /// What the lists of its rows are called.
    pub(super) lists: &'a str,
    pub(super) texts: &'a Interner,
    /// The symbol of each provisional one.
    pub(super) ranks: &'a [i32],
    pub(super) subject_count: usize,
    /// The place of each subject in the bucket, by its number.
    pub(super) places: &'a HashMap<u32, u32>,
    /// The subjects that rows refer to.
    pub(super) others: Others<'a>,
}

/// The rows of one record in one bucket, all there.
struct Table {
    /// By row, in the order they came.
    organisations: Vec<i32>,
    came: Option<Vec<Came>>,
    fields: Vec<Column>,
    /// Whose rows they are, where that is not plain.
    back: Option<Vec<i32>>,
}

enum Column {
    Date(Date32Array),
    Number(Float64Array),
    Symbol(Int32Array),
    /// Numbers of subjects of a type.
    Subject(Int32Array, String),
}

impl Finishing<'_> {
    /// Who registered a row of whom, and on which day it begins.
    pub(super) fn sightings(&self, pending: &Pending, seen: &mut Sightings) {
        let start = self.record.start();
        let start = self.record.fields.iter().position(|field| start == Some(&field.name));
        let days = start.and_then(|start| match pending.fields.get(start)? {
            Growing::Date(days) => Some(days.values_slice()),
            Growing::Number(_) | Growing::Symbol(_) | Growing::Subject(..) => None,
        });
        let rows = pending.subjects.iter().zip(&pending.organisations).enumerate();
        for (row, (subject, organisation)) in rows {
            let place = self.places.get(subject).copied().unwrap_or(0);
            let organisation = usize::try_from(*organisation).ok();
            let organisation = organisation.and_then(|at| self.ranks.get(at)).copied();
            seen.add(place, organisation.unwrap_or(0), days.map_or(ALWAYS, |days| days[row]));
        }
    }

    pub(super) fn rows(&self, pending: Pending, noted: &mut Noted) -> Result<Rows, PoolError> {
        let Pending { subjects, organisations, came, fields, back } = pending;
        let fields = fields.into_iter().map(finish).collect();
        let mut table = Table { organisations, came, fields, back };
        let start = self
            .record
            .start()
            .and_then(|start| self.record.fields.iter().position(|field| field.name == start));
        let (order, offsets) = self.sorted(&subjects, &table, start);
        let columns = match &self.record.timing {
            RecordTiming::Once(conflict) => {
                let number = |name: &str| self.texts.find(name).unwrap_or(NOBODY);
                let settling = Settling::of(conflict, number);
                return self.settled(&settling, &table, &order, &offsets, noted);
            }
            RecordTiming::At { .. } | RecordTiming::During { .. } => {
                self.note_overlap(&table, &order, &offsets, noted);
                self.note_undecided(&table, start, (&order, &offsets), noted);
                let order = UInt32Array::from(order);
                let fields = table.fields.iter().map(|field| self.take(field, &order));
                let mut columns = fields.collect::<Result<Vec<_>, _>>()?;
                let organisations = Column::Symbol(Int32Array::from(table.organisations));
                columns.push(self.take(&organisations, &order)?);
                if let Some(back) = table.back.take() {
                    let back = Column::Subject(back.into(), self.record.subject.clone());
                    columns.push(self.take(&back, &order)?);
                }
                columns
            }
        };
        Ok(Rows { offsets: Some(OffsetBuffer::new(offsets.into())), columns })
    }

    /// The rows in the order of their subjects, starts, moments and hashes, and where those of each
    /// subject begin and end.
    fn sorted(
        &self,
        subjects: &[u32],
        table: &Table,
        start: Option<usize>,
    ) -> (Vec<u32>, Vec<i32>) {
        let starts = start.and_then(|start| match table.fields.get(start)? {
            Column::Date(days) => Some(days.values()),
            Column::Number(_) | Column::Symbol(_) | Column::Subject(..) => None,
        });
        let mut keyed: Vec<(u32, i32, u32)> = (0_u32..)
            .zip(subjects)
            .map(|(row, subject)| {
                let place = self.places.get(subject).copied().unwrap_or(0);
                (place, starts.map_or(0, |days| days[row as usize]), row)
            })
            .collect();
        keyed.sort_unstable();
        let seconds = self.record.moment_at().and_then(|at| match table.fields.get(at)? {
            Column::Number(seconds) => Some(seconds),
            Column::Date(_) | Column::Symbol(_) | Column::Subject(..) => None,
        });
        let moment = |row: usize| {
            let seconds = seconds.filter(|seconds| seconds.is_valid(row));
            Moment(seconds.map(|seconds| seconds.value(row)))
        };
        for run in keyed.chunk_by_mut(|one, next| (one.0, one.1) == (next.0, next.1)) {
            if run.len() > 1 {
                run.sort_by_cached_key(|(_, _, row)| {
                    let row = *row as usize;
                    (moment(row), self.rank(table, row))
                });
            }
        }
        let mut offsets = vec![0_i32; self.subject_count + 1];
        for (place, _, _) in &keyed {
            offsets[*place as usize + 1] += 1;
        }
        for place in 1..offsets.len() {
            offsets[place] += offsets[place - 1];
        }
        (keyed.into_iter().map(|(_, _, row)| row).collect(), offsets)
    }

    /// What orders the rows of one moment: what they say, then whose they are.
    fn rank(&self, table: &Table, row: usize) -> (u64, &str) {
        let cells = table.fields.iter().map(|field| field.cell(row, self.texts, self.others));
        let count = self.record.fields.len();
        let is_mark = |at: usize| self.record.mark().is_some() && at == count;
        let says = |cell: &(usize, Cell<'_>)| {
            cell.0 < count || (is_mark(cell.0) && cell.1 != Cell::Missing)
        };
        let cells = cells.enumerate().filter(says).map(|(_, cell)| cell);
        let hash = content_hash(self.texts.text(table.organisations[row]), cells);
        let back = table.back.as_ref().map(|back| back[row]);
        (hash, back.map_or("", |back| self.others.name(&self.record.subject, back)))
    }

    /// The values of `field` at `rows`, with final symbols.
    fn take(&self, field: &Column, rows: &UInt32Array) -> Result<ArrayRef, PoolError> {
        let bug = PoolError::bug("sorting the rows of a record");
        match field {
            Column::Date(values) => take(values, rows, None),
            Column::Number(values) => take(values, rows, None),
            Column::Symbol(values) => take(&ranked(values, self.ranks), rows, None),
            Column::Subject(values, subject) => {
                take(&ranked(values, self.others.places(subject)), rows, None)
            }
        }
        .map_err(bug)
    }

    /// Counts the subjects whose rows overlap although the record is declared without.
    fn note_overlap(&self, table: &Table, order: &[u32], offsets: &[i32], noted: &mut Noted) {
        let RecordTiming::During { start, end } = &self.record.timing else { return };
        let column = |name: &str| {
            let at = self.record.fields.iter().position(|field| field.name == name)?;
            match table.fields.get(at)? {
                Column::Date(days) => Some(days),
                _ => None,
            }
        };
        let (Some(starts), Some(ends)) = (column(start), column(end)) else { return };
        // From the other side several rows hold at once, as they should.
        if !self.record.without_overlap || table.back.is_some() {
            return;
        }
        let overlaps = |ends_of: &&[i32]| {
            let rows = order.get(range(ends_of)).unwrap_or_default();
            let mut until = i32::MIN;
            rows.iter().any(|row| {
                let row = *row as usize;
                let overlaps = starts.value(row) < until;
                let end = if ends.is_valid(row) { ends.value(row) } else { i32::MAX };
                until = until.max(end);
                overlaps
            })
        };
        let count = offsets.windows(2).filter(overlaps).count();
        if count > 0 {
            *noted.overlaps.entry(self.record.name.clone()).or_default() += count as u64;
        }
    }

    /// Notes the fields in which rows of one subject and day differ: which of them comes first is
    /// decided by a hash.
    fn note_undecided(
        &self,
        table: &Table,
        start: Option<usize>,
        (order, offsets): (&[u32], &[i32]),
        noted: &mut Noted,
    ) {
        let days = start.and_then(|start| match table.fields.get(start)? {
            Column::Date(days) => Some(days),
            Column::Number(_) | Column::Symbol(_) | Column::Subject(..) => None,
        });
        let Some(days) = days else { return };
        let day = |row: &u32| days.value(*row as usize);
        let subjects = offsets.windows(2).filter_map(|ends| order.get(range(ends)));
        let runs = subjects.flat_map(|rows| rows.chunk_by(|one, next| day(one) == day(next)));
        let runs: Vec<&[u32]> = runs.filter(|run| run.len() > 1).collect();
        let differ = |value: &dyn Fn(usize) -> Option<u64>| {
            runs.iter().any(|run| {
                let mut values = run.iter().map(|row| value(*row as usize));
                let first = values.next();
                values.any(|other| Some(other) != first)
            })
        };
        let symbol = |of: &[i32], row: usize| of.get(row).map(|it| u64::from(it.cast_unsigned()));
        let mut found: Vec<String> = Vec::new();
        for (column, field) in self.record.columns().iter().zip(&table.fields) {
            found.extend(differ(&|row| field.key(row)).then(|| column.name.clone()));
        }
        if differ(&|row| symbol(&table.organisations, row)) {
            found.push(ORGANISATION.to_owned());
        }
        if let Some(back) = &table.back
            && differ(&|row| symbol(back, row))
        {
            found.push(self.record.subject.clone());
        }
        let lists = self.lists;
        noted.undecided.extend(found.into_iter().map(|field| format!("{lists}.{field}")));
    }

    /// One value a subject.
    fn settled(
        &self,
        settling: &Settling,
        table: &Table,
        order: &[u32],
        offsets: &[i32],
        noted: &mut Noted,
    ) -> Result<Rows, PoolError> {
        let mut columns = Vec::with_capacity(table.fields.len());
        for (declared, field) in self.record.fields.iter().zip(&table.fields) {
            let (mut subject_count, mut missing_count) = (0, 0);
            let mut at_odds = BTreeSet::new();
            let rows: UInt32Array = offsets
                .windows(2)
                .map(|ends| {
                    let settled = settling.settle(&said(table, field, order, &range(ends)));
                    if !settled.at_odds.is_empty() {
                        subject_count += 1;
                        missing_count += u64::from(settled.row.is_none());
                        at_odds.extend(settled.at_odds);
                    }
                    settled.row
                })
                .collect();
            if subject_count > 0 {
                let name = format!("{}.{}", self.record.name, declared.name);
                let told = noted.disagreements.entry(name).or_default();
                told.subject_count += subject_count;
                told.missing_count += missing_count;
                let names = at_odds.into_iter().map(|symbol| self.texts.text(symbol).to_owned());
                told.organisations.extend(names);
            }
            columns.push(self.take(field, &rows)?);
        }
        Ok(Rows { offsets: None, columns })
    }
}

/// No organisation has this provisional symbol.
const NOBODY: i32 = -1;

fn finish(field: Growing) -> Column {
    match field {
        Growing::Date(mut field) => Column::Date(field.finish()),
        Growing::Number(mut field) => Column::Number(field.finish()),
        Growing::Symbol(mut field) => Column::Symbol(field.finish()),
        Growing::Subject(mut field, subject) => Column::Subject(field.finish(), subject),
    }
}

fn range(ends: &[i32]) -> Range<usize> {
    let place = |end: Option<&i32>| end.and_then(|end| usize::try_from(*end).ok()).unwrap_or(0);
    place(ends.first())..place(ends.last())
}

/// What the rows of one subject say of `field`.
fn said(table: &Table, field: &Column, order: &[u32], rows: &Range<usize>) -> Vec<Said> {
    let rows = order.get(rows.clone()).unwrap_or_default();
    rows.iter()
        .filter_map(|row| {
            let place = *row as usize;
            let value = field.key(place)?;
            let came = table.came.as_ref().map_or_else(Came::default, |came| came[place]);
            Some(Said { row: *row, organisation: table.organisations[place], came, value })
        })
        .collect()
}

impl Column {
    fn cell<'a>(&self, row: usize, texts: &'a Interner, others: Others<'a>) -> Cell<'a> {
        match self {
            Self::Date(values) if values.is_valid(row) => Cell::Date(values.value(row)),
            Self::Number(values) if values.is_valid(row) => Cell::Number(values.value(row)),
            Self::Symbol(values) if values.is_valid(row) => {
                Cell::Text(texts.text(values.value(row)))
            }
            Self::Subject(values, subject) if values.is_valid(row) => {
                Cell::Text(others.name(subject, values.value(row)))
            }
            Self::Date(_) | Self::Number(_) | Self::Symbol(_) | Self::Subject(..) => Cell::Missing,
        }
    }

    /// Equal for equal values; `None` for a missing one.
    fn key(&self, row: usize) -> Option<u64> {
        match self {
            Self::Date(values) => {
                values.is_valid(row).then(|| u64::from(values.value(row).cast_unsigned()))
            }
            Self::Number(values) => values.is_valid(row).then(|| bits(values.value(row))),
            Self::Symbol(values) | Self::Subject(values, _) => {
                values.is_valid(row).then(|| u64::from(values.value(row).cast_unsigned()))
            }
        }
    }
}
