//! Where an expression is asked: of whom, in which period, and inside which rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::codebook::{Codebook, FieldType, Record, Shape, seconds_of};
use super::once;
use super::partners::{self, ORGANISATION};
use super::time::Period;
use super::value::Value;
use super::world::{Covered, Datum, Row, World};

/// One subject and all rows of it that are seen.
#[derive(Debug)]
pub(super) struct Person<'a> {
    /// `person`, `household`
    pub kind: &'a str,
    /// `ann`
    pub name: &'a str,
    /// The rows of each record, over all organisations, in the order of their first days: those of
    /// its own, and by the field that says so those that refer to it.
    pub rows: BTreeMap<(String, Option<String>), Vec<&'a Row>>,
}

/// Every subject that a row is about or refers to, by what it is and its name.
pub(super) type Everyone<'a> = BTreeMap<(String, String), Person<'a>>;

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
    /// Those to whom rows may refer.
    pub everyone: &'a Everyone<'a>,
    /// The rows at hand: that of the innermost `where` is the last.
    pub rows: Vec<(&'a Record, &'a Row)>,
}

/// Whom a row is about, and to whom it refers by which field.
fn concerned<'a>(record: &'a Record, row: &'a Row) -> Vec<(&'a str, &'a str, Option<&'a str>)> {
    let mut all = vec![(record.subject.as_str(), row.subject.as_str(), None)];
    for (name, holds) in &record.fields {
        if let (FieldType::Subject(kind), Datum::Text(other)) = (holds, row.get(name)) {
            all.push((kind.as_str(), other.as_str(), Some(name.as_str())));
        }
    }
    all
}

/// All subjects with the rows of each that are seen.
///
/// A row whose first day lies after the data date is not seen at all.
pub(super) fn everyone<'a>(book: &'a Codebook<'a>, world: &'a World) -> Everyone<'a> {
    let mut everyone = Everyone::new();
    for name in &book.organisations {
        let person = Person { kind: ORGANISATION, name, rows: BTreeMap::new() };
        everyone.insert((ORGANISATION.to_owned(), name.clone()), person);
    }
    for record in book.records.values() {
        let rows = world.records.get(&record.name).map_or(&[][..], Vec::as_slice);
        let mut rows: Vec<&Row> = rows.iter().filter(|row| record.accepts(row)).collect();
        rows.sort_by_key(|row| first_day(record, row));
        // Of one day the earlier first; last those of which nobody knows when on that day.
        if let Shape::At(start) | Shape::During(start, _) = &record.shape {
            let moment = |row: &Row| match row.get(&seconds_of(start)) {
                Datum::Number(seconds) => *seconds,
                _ => f64::INFINITY,
            };
            rows.sort_by(|one, other| {
                let days = first_day(record, one).cmp(&first_day(record, other));
                days.then(moment(one).total_cmp(&moment(other)))
            });
        }
        for row in rows {
            let is_seen = first_day(record, row).is_none_or(|day| day <= world.data_date);
            for (kind, name, side) in concerned(record, row) {
                let person = everyone.entry((kind.to_owned(), name.to_owned()));
                let person = person.or_insert_with(|| Person { kind, name, rows: BTreeMap::new() });
                let is_own = side.is_none() || !matches!(record.shape, Shape::Once(_));
                if is_seen && is_own {
                    let side = side.map(str::to_owned);
                    person.rows.entry((record.name.clone(), side)).or_default().push(row);
                }
            }
        }
    }
    everyone
}

/// Everyone of a kind who is known by the data date.
pub(super) fn known<'a>(
    book: &'a Codebook<'a>,
    world: &'a World,
    everyone: &'a Everyone<'a>,
    kind: &str,
) -> Vec<&'a Person<'a>> {
    let own = everyone.iter().filter(|((of, _), _)| *of == kind);
    let known =
        own.filter(|((_, name), person)| is_known(book, world, everyone, (name.as_str(), *person)));
    known.map(|(_, person)| person).collect()
}

/// Whether somebody is known by the data date: by a dated row that is seen, by a value of a
/// once-record, or because nothing that is dated is about it or refers to it.
fn is_known<'a>(
    book: &'a Codebook<'a>,
    world: &'a World,
    everyone: &'a Everyone<'a>,
    (name, person): (&str, &'a Person<'a>),
) -> bool {
    // What is declared is known.
    if person.kind == ORGANISATION {
        return true;
    }
    let is_dated = |record: &&Record| !matches!(record.shape, Shape::Once(_));
    let dated = book.records.values().filter(is_dated);
    if dated.clone().any(|record| person.rows.keys().any(|(of, _)| *of == record.name)) {
        return true;
    }
    let mut dated_rows = dated.flat_map(|record| {
        let rows = world.records.get(&record.name).map_or(&[][..], Vec::as_slice);
        rows.iter().flat_map(move |row| concerned(record, row))
    });
    if !dated_rows.any(|(kind, other, _)| (kind, other) == (person.kind, name)) {
        return true;
    }
    let period = Period::day(world.data_date);
    let (data_date, covered) = (world.data_date, &world.covered);
    let scope = Scope { book, data_date, covered, period, person, everyone, rows: Vec::new() };
    let once = book.records.values().filter(|record| !is_dated(record));
    let mut own = once.filter(|record| record.subject == person.kind);
    own.any(|record| {
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

    /// Where something is asked of the subject that a reference names, in the same period.
    #[must_use]
    pub(super) fn of_other(&self, kind: &str, name: &str) -> Self {
        let person = self.everyone.get(&(kind.to_owned(), name.to_owned()));
        let person = person.unwrap_or_else(|| panic!("nobody knows the {kind} `{name}`"));
        Self { person, ..self.outside() }
    }

    /// The rows of `record` that are seen, those of its own or those that refer to it.
    #[must_use]
    pub(super) fn rows_of(&self, record: &Record, side: Option<&str>) -> &'a [&'a Row] {
        let side = side.map(str::to_owned);
        self.person.rows.get(&(record.name.clone(), side)).map_or(&[], Vec::as_slice)
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
            if record.fields.contains_key(name) || record.subject == name {
                return Some(field_of(record, row, name));
            }
        }
        if self.person.kind == ORGANISATION {
            if name == ORGANISATION {
                let (list, code) = (name.to_owned(), self.person.name.to_owned());
                return Some(Value::Code { list, code });
            }
            return partners::fact(self.book, self.person.name, name);
        }
        let record = self.book.once_record_with(self.person.kind, name)?;
        Some(once::field(self, record, name))
    }
}

/// The field `name` of `row`.
pub(super) fn field_of<'a>(record: &Record, row: &Row, name: &str) -> Value<'a> {
    if name == "organisation" {
        return Value::Code { list: name.to_owned(), code: row.organisation.clone() };
    }
    if name == record.subject {
        return Value::Subject { kind: name.to_owned(), name: row.subject.clone() };
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
        (Datum::Text(name), FieldType::Subject(kind)) => {
            Value::Subject { kind: kind.clone(), name: name.clone() }
        }
        (Datum::Number(number), _) => Value::Number(*number),
        (Datum::Date(date), _) => Value::Date(*date),
        (Datum::Text(text) | Datum::Code(text), _) => Value::Text(text.clone()),
        (Datum::Missing, _) => Value::Missing,
        (Datum::Unknown, _) => Value::Unknown,
    }
}
