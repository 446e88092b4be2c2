//! semantics.md, "Once-records": one value of a subject, whatever each organisation says.

use super::codebook::{OnceBy, Record, Shape};
use super::scope::{Scope, typed};
use super::value::Value;
use super::world::{Datum, Row};

/// The value of the field `name` of the once-record `record`.
pub(super) fn field<'a>(scope: &Scope<'a>, record: &Record, name: &str) -> Value<'a> {
    let holds = record.fields.get(name);
    let holds = holds.unwrap_or_else(|| panic!("`{}` has no field `{name}`", record.name));
    if scope.book.anonymous.contains(&record.subject) {
        let rows = scope.rows_of(record, None);
        assert!(rows.len() < 2, "an anonymous subject has one row");
        return rows.first().map_or(Value::Missing, |row| typed(row.get(name), holds));
    }
    let Shape::Once(by) = &record.shape else {
        panic!("`{}` is no once-record", record.name);
    };
    let given = scope.rows_of(record, None).iter().copied();
    let given: Vec<&Row> = given.filter(|row| *row.get(name) != Datum::Missing).collect();
    let settled = match by {
        OnceBy::Agreement => agreed(&given, name),
        OnceBy::Majority => of_most(&given, name),
        OnceBy::Organisations(order) => of_first(&given, order, name),
    };
    typed(settled.unwrap_or(&Datum::Missing), holds)
}

/// `once`: the value if all that give one agree.
fn agreed<'a>(given: &[&'a Row], name: &str) -> Option<&'a Datum> {
    let first = given.first()?.get(name);
    given.iter().all(|row| row.get(name) == first).then_some(first)
}

/// `once by majority`: the value most organisations give. A tie is missing.
fn of_most<'a>(given: &[&'a Row], name: &str) -> Option<&'a Datum> {
    let votes = |value: &Datum| given.iter().filter(|row| row.get(name) == value).count();
    let most = given.iter().map(|row| votes(row.get(name))).max()?;
    let mut winners = given.iter().map(|row| row.get(name)).filter(|value| votes(value) == most);
    let first = winners.next()?;
    winners.all(|other| other == first).then_some(first)
}

/// `once by organisations a, b, c`: that of the first listed organisation that gives one.
fn of_first<'a>(given: &[&'a Row], order: &[String], name: &str) -> Option<&'a Datum> {
    let from = |organisation: &String| given.iter().find(|row| row.organisation == *organisation);
    order.iter().find_map(from).map(|row| row.get(name))
}
