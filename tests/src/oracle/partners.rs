//! semantics.md, "Organisations": the subject and the record that every project has, and what is
//! declared of organisations.

use std::collections::BTreeMap;

use interplay_syntax::tree::{Body, Declaration, Expr, ItemKind, Value as Written};

use super::codebook::{CodeList, Codebook, FieldType, Record, Shape};
use super::scope::typed;
use super::value::Value;
use super::world::Datum;

/// The subject.
pub(super) const ORGANISATION: &str = "organisation";
/// Its record.
pub(super) const DELIVERY: &str = "delivery";

const KINDS: &str = "kind of organisation";
const RECORDS: &str = "record of a delivery";

/// `kind: shelter   since: 2015-01-01`
pub(super) fn facts(declaration: &Declaration) -> BTreeMap<String, Datum> {
    let Some(Body::Block(block)) = &declaration.body else { return BTreeMap::new() };
    let facts = block.items.iter().map(|item| {
        let ItemKind::Clause { label, value } = &item.kind else { panic!("a fact") };
        let Written::Expression { expr, .. } = &value.item else { panic!("a fact") };
        let fact = match &expr.item {
            Expr::Name(word) => Datum::Code(word.clone()),
            Expr::Date(day) => Datum::Date(day.parse().expect("a date")),
            other => panic!("the oracle does not know the fact {other:?}"),
        };
        (label.item.clone(), fact)
    });
    facts.collect()
}

/// Adds what is declared by nobody.
pub(super) fn complete(book: &mut Codebook<'_>) {
    let records: Vec<String> = book.records.keys().cloned().collect();
    book.codes.insert(RECORDS.to_owned(), CodeList { codes: records, ..CodeList::default() });
    let kinds = match book.codes.contains_key("organisation_kind") {
        true => "organisation_kind",
        false => {
            let kinds = book.facts.values().filter_map(|facts| match facts.get("kind")? {
                Datum::Code(kind) => Some(kind.clone()),
                _ => None,
            });
            let mut codes: Vec<String> = kinds.collect();
            codes.sort();
            codes.dedup();
            book.codes.insert(KINDS.to_owned(), CodeList { codes, ..CodeList::default() });
            KINDS
        }
    };
    let types = [
        ("kind", FieldType::Codes(kinds.to_owned())),
        ("since", FieldType::Date),
        ("until", FieldType::Date),
    ];
    book.fact_types = types.map(|(name, holds)| (name.to_owned(), holds)).into();
    book.subjects.push(ORGANISATION.to_owned());
    let fields = [
        ("record", FieldType::Codes(RECORDS.to_owned())),
        ("covers_from", FieldType::Date),
        ("covers_until", FieldType::Date),
        ("due", FieldType::Date),
        ("received", FieldType::Date),
        ("rows", FieldType::Number),
        ("quarantined", FieldType::Number),
    ];
    let units = ["rows", "quarantined"].map(|name| (name.to_owned(), "rows".to_owned()));
    let delivery = Record {
        name: DELIVERY.to_owned(),
        subject: ORGANISATION.to_owned(),
        key: Vec::new(),
        shape: Shape::During("covers_from".to_owned(), "covers_until".to_owned()),
        fields: fields.map(|(name, holds)| (name.to_owned(), holds)).into(),
        units: units.into(),
    };
    book.records.insert(DELIVERY.to_owned(), delivery);
    book.about.insert(DELIVERY.to_owned(), ORGANISATION.to_owned());
}

/// A fact of an organisation; nothing when no fact is called so.
pub(super) fn fact<'a>(book: &Codebook<'_>, organisation: &str, name: &str) -> Option<Value<'a>> {
    let holds = book.fact_types.get(name)?;
    let fact = book.facts.get(organisation).and_then(|facts| facts.get(name));
    Some(fact.map_or(Value::Missing, |fact| typed(fact, holds)))
}
