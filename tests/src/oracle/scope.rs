//! Where an expression is asked: of whom, in which period, and inside which rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::codebook::{Codebook, FieldType, Record, Shape};
use super::once;
use super::time::Period;
use super::value::Value;
use super::world::{Covered, Datum, Row, World};

/// One subject and all rows of it that are seen.
#[derive(Debug)]
pub(super) struct Person<'a> {
    /// The rows of each record, over all organisations, in the order of their first days.
    pub rows: BTreeMap<&'a str, Vec<&'a Row>>,
}

/// Where an expression is asked.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    /// What is declared.
    pub book: &'a Codebook<'a>,
    /// The data date.
    pub data_date: NaiveDate,
    /// What was delivered.
    pub covered: &'a Covered,
    /// The period of the cell.
    pub period: Period,
    /// Of whom.
    pub person: &'a Person<'a>,
    /// The rows at hand: that of the innermost `where` is the last.
    pub rows: Vec<(&'a Record, &'a Row)>,
}

/// Everyone known to the pool: each subject with at least one row that is seen.
///
/// A row whose first day lies after the data date is not seen at all.
pub(super) fn persons<'a>(book: &'a Codebook<'a>, world: &'a World) -> Vec<Person<'a>> {
    let mut persons: BTreeMap<&str, Person<'a>> = BTreeMap::new();
    for record in book.records.values() {
        let rows = world.records.get(&record.name).map_or(&[][..], Vec::as_slice);
        let mut seen: Vec<&Row> = rows.iter().filter(|row| record.accepts(row)).collect();
        seen.retain(|row| first_day(record, row).is_none_or(|day| day <= world.data_date));
        seen.sort_by_key(|row| first_day(record, row));
        for row in seen {
            let person = persons.entry(&row.subject);
            let person = person.or_insert_with(|| Person { rows: BTreeMap::new() });
            person.rows.entry(&record.name).or_default().push(row);
        }
    }
    let known = persons.into_iter().filter(|(name, person)| is_known(book, world, name, person));
    known.map(|(_, person)| person).collect()
}

/// Whether somebody is known by the data date: by a dated row that is seen, by a value of a
/// once-record, or by rows of once-records alone, none of them dated.
fn is_known<'a>(book: &'a Codebook<'a>, world: &World, name: &str, person: &Person<'a>) -> bool {
    let is_dated = |record: &&Record| !matches!(record.shape, Shape::Once(_));
    let dated = book.records.values().filter(is_dated);
    if dated.clone().any(|record| person.rows.contains_key(record.name.as_str())) {
        return true;
    }
    let rows_of = |record: &Record| world.records.get(&record.name).map_or(&[][..], Vec::as_slice);
    if !dated.clone().any(|record| rows_of(record).iter().any(|row| row.subject == name)) {
        return true;
    }
    let day = Period::day(world.data_date);
    let (data_date, covered) = (world.data_date, &world.covered);
    let scope = Scope { book, data_date, covered, period: day, person, rows: Vec::new() };
    book.records.values().filter(|record| !is_dated(record)).any(|record| {
        let mut fields = record.fields.keys();
        fields.any(|field| !matches!(once::field(&scope, record, field), Value::Missing))
    })
}

/// The day of a row, or the day on which it starts. The rows of a once-record have none.
pub(super) fn first_day(record: &Record, row: &Row) -> Option<NaiveDate> {
    match &record.shape {
        Shape::Once(_) => None,
        Shape::At(day) => row.date(day),
        Shape::During(start, _) => row.date(start),
    }
}

impl<'a> Scope<'a> {
    /// Inside a `where`, with `row` at hand.
    #[must_use]
    pub(super) fn inside(&self, record: &'a Record, row: &'a Row) -> Self {
        let mut inside = self.clone();
        inside.rows.push((record, row));
        inside
    }

    /// Where the body of a definition is asked: of the same person and period, inside no row.
    #[must_use]
    pub(super) fn outside(&self) -> Self {
        Self { rows: Vec::new(), ..self.clone() }
    }

    /// The rows of `record` that are seen.
    #[must_use]
    pub(super) fn rows_of(&self, record: &Record) -> &'a [&'a Row] {
        self.person.rows.get(record.name.as_str()).map_or(&[], Vec::as_slice)
    }

    /// What a bare word means as a field: of the row at hand, of a row around it, or of the
    /// subject's once-record.
    #[must_use]
    pub(super) fn field(&self, name: &str) -> Option<Value<'a>> {
        for (record, row) in self.rows.iter().rev() {
            if name == "organisation" {
                let list = name.to_owned();
                return Some(Value::Code { list, code: row.organisation.clone() });
            }
            if record.fields.contains_key(name) {
                return Some(field_of(record, row, name));
            }
        }
        let record = self.book.once_record_with(name)?;
        Some(once::field(self, record, name))
    }
}

/// The field `name` of `row`.
pub(super) fn field_of<'a>(record: &Record, row: &Row, name: &str) -> Value<'a> {
    if name == "organisation" {
        return Value::Code { list: name.to_owned(), code: row.organisation.clone() };
    }
    let holds = record.fields.get(name);
    let holds = holds.unwrap_or_else(|| panic!("`{}` has no field `{name}`", record.name));
    typed(row.get(name), holds)
}

/// A datum with what its field's type says of it.
pub(super) fn typed<'a>(datum: &Datum, holds: &FieldType) -> Value<'a> {
    match (datum, holds) {
        (Datum::Code(code), FieldType::Codes(list)) => {
            Value::Code { list: list.clone(), code: code.clone() }
        }
        (Datum::Number(number), _) => Value::Number(*number),
        (Datum::Date(date), _) => Value::Date(*date),
        (Datum::Text(text) | Datum::Code(text), _) => Value::Text(text.clone()),
        (Datum::Missing, _) => Value::Missing,
        (Datum::Unknown, _) => Value::Unknown,
    }
}
