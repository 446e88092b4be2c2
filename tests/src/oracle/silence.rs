//! semantics.md, "Silence": what organisations that know a subject have not delivered.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use interplay_syntax::tree::{BinaryOperator, Expr};

use super::codebook::{Codebook, Record};
use super::scope::Scope;
use super::time::Period;
use super::world::{Datum, World};

/// Whether an organisation that knows the subject has not delivered `record` for a day from
/// `first`, or the beginning, to `last`, the data date at the latest. Only those in `named` count.
pub(super) fn is_silent(
    scope: &Scope<'_>,
    record: &Record,
    (first, last): (Option<NaiveDate>, Option<NaiveDate>),
    named: Option<&BTreeSet<String>>,
) -> bool {
    let last = last.map_or(scope.data_date, |last| last.min(scope.data_date));
    let rows = scope.person.rows.values().flatten();
    let know: BTreeSet<&str> = rows.map(|row| row.organisation.as_str()).collect();
    let mut counting =
        know.into_iter().filter(|name| named.is_none_or(|named| named.contains(*name)));
    counting.any(|organisation| {
        let key = (record.name.clone(), organisation.to_owned());
        let Some(covered) = scope.covered.get(&key) else { return false };
        // There are no gaps before the first delivery.
        let begin = covered.iter().map(|(first, _)| *first).min().expect("a stretch");
        let asked = first.map_or(begin, |first| first.max(begin));
        // Nor on days on which the organisation is not there.
        let asked = fact(scope.book, organisation, "since").map_or(asked, |it| it.max(asked));
        let until = fact(scope.book, organisation, "until");
        let is_there = |day: NaiveDate| until.is_none_or(|until| day < until);
        let mut days = asked.iter_days().take_while(|day| *day <= last && is_there(*day));
        days.any(|day| !covered.iter().any(|(first, last)| *first <= day && day <= *last))
    })
}

fn fact(book: &Codebook<'_>, organisation: &str, name: &str) -> Option<NaiveDate> {
    match book.facts.get(organisation)?.get(name)? {
        Datum::Date(day) => Some(*day),
        _ => None,
    }
}

/// Whether nothing of a period was delivered.
pub(super) fn is_never_covered(
    world: &World,
    record: &str,
    organisation: &str,
    period: Period,
) -> bool {
    let covered = world.covered.get(&(record.to_owned(), organisation.to_owned()));
    let touches =
        |(first, last): &(NaiveDate, NaiveDate)| *first <= period.last && *last >= period.first;
    covered.is_some_and(|covered| !covered.iter().any(touches))
}

/// The organisations to which a condition on rows limits them: `organisation is a`,
/// `organisation in (a, b)`, alone or joined by `and`.
pub(super) fn named(book: &Codebook<'_>, condition: &Expr) -> Option<BTreeSet<String>> {
    match condition {
        Expr::Parenthesised(inner) => named(book, &inner.item),
        Expr::Binary { operator: BinaryOperator::And, left, right } => {
            both(named(book, &left.item), named(book, &right.item))
        }
        Expr::Is { left, negated: false, right } | Expr::In { left, negated: false, right }
            if fact_asked(&left.item).is_some() =>
        {
            let (fact, wanted) = (fact_asked(&left.item)?, names(&right.item)?);
            let has = |organisation: &&String| {
                let fact = book.facts.get(*organisation).and_then(|facts| facts.get(fact));
                matches!(fact, Some(Datum::Code(code)) if wanted.contains(code))
            };
            Some(book.organisations.iter().filter(has).cloned().collect())
        }
        Expr::Is { left, negated: false, right } | Expr::In { left, negated: false, right } if matches!(&left.item, Expr::Name(name) if name == "organisation") => {
            names(&right.item)
        }
        _ => None,
    }
}

/// `kind`, of `organisation.kind`
fn fact_asked(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Field { base, field } => match &base.item {
            Expr::Name(name) if name == "organisation" => Some(&field.item),
            _ => None,
        },
        _ => None,
    }
}

fn names(expr: &Expr) -> Option<BTreeSet<String>> {
    match expr {
        Expr::Name(name) => Some(BTreeSet::from([name.clone()])),
        Expr::Parenthesised(inner) => names(&inner.item),
        Expr::List(items) => {
            let names = items.iter().map(|item| names(&item.item));
            Some(names.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// What both leave; `None` leaves all.
pub(super) fn both(
    one: Option<BTreeSet<String>>,
    other: Option<BTreeSet<String>>,
) -> Option<BTreeSet<String>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.intersection(&other).cloned().collect()),
        (one, other) => one.or(other),
    }
}
