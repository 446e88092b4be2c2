//! semantics.md, "Once-records": one value of a subject, whatever each organisation says.

use std::collections::BTreeMap;

use super::codebook::{OnceBy, Record, Shape};
use super::scope::{Scope, typed};
use super::value::Value;
use super::world::{Datum, Row};

/// What an organisation says of a field: its latest row that says something.
struct Word<'a> {
    row: &'a Row,
    value: &'a Datum,
    /// Whether rows of that delivery say different things.
    is_divided: bool,
}

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
    let words = words(scope.rows_of(record, None), name);
    let settled = match by {
        OnceBy::Agreement => agreed(&words),
        OnceBy::Latest => words.iter().max_by_key(|word| word.row.delivery).map(|word| word.value),
        OnceBy::Majority => of_most(&words),
        OnceBy::Organisations(order) => of_first(&words, order),
    };
    typed(settled.unwrap_or(&Datum::Missing), holds)
}

/// The word of each organisation. The rows of a delivery stand in their order.
fn words<'a>(rows: &[&'a Row], name: &str) -> Vec<Word<'a>> {
    let mut words: BTreeMap<&str, Word<'a>> = BTreeMap::new();
    for row in rows {
        let value = row.get(name);
        if *value == Datum::Missing {
            continue;
        }
        let word = words.entry(&row.organisation);
        let word = word.or_insert(Word { row, value, is_divided: false });
        if row.delivery > word.row.delivery {
            *word = Word { row, value, is_divided: false };
        } else if row.delivery == word.row.delivery {
            *word = Word { row, value, is_divided: word.is_divided || word.value != value };
        }
    }
    words.into_values().collect()
}

/// `once`: the value if nobody disagrees, not even with itself.
fn agreed<'a>(words: &[Word<'a>]) -> Option<&'a Datum> {
    let first = words.first()?.value;
    let agrees = |word: &Word<'_>| word.value == first && !word.is_divided;
    words.iter().all(agrees).then_some(first)
}

/// `once by majority`: the value most organisations give. A tie is missing.
fn of_most<'a>(words: &[Word<'a>]) -> Option<&'a Datum> {
    let votes = |value: &Datum| words.iter().filter(|word| word.value == value).count();
    let most = words.iter().map(|word| votes(word.value)).max()?;
    let mut winners = words.iter().map(|word| word.value).filter(|value| votes(value) == most);
    let first = winners.next()?;
    winners.all(|other| other == first).then_some(first)
}

/// `once by organisations a, b, c`: that of the first listed organisation that gives one.
fn of_first<'a>(words: &[Word<'a>], order: &[String]) -> Option<&'a Datum> {
    let from = |organisation: &String| words.iter().find(|it| it.row.organisation == *organisation);
    order.iter().find_map(from).map(|word| word.value)
}
