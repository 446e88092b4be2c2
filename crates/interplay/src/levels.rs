//! Lists with levels: codes without a place in the tree.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_compile::calendar::Period;
use interplay_compile::catalog::Catalog;
use interplay_compile::hierarchy::Lifted;
use interplay_compile::query::measure::Measured;
use interplay_compile::term::Term;
use interplay_pool::Hot;

/// More codes than this are not named one by one.
const MOST_NAMED: usize = 6;

/// Says which codes that rows hold have no code of a level above them on the days that a query
/// looks at.
pub(crate) fn notes(
    measured: &Measured,
    cells: &[Period],
    data_date: NaiveDate,
    (catalog, hot): (&Catalog, &Hot),
) -> Vec<String> {
    let mut asked = Vec::new();
    let terms = measured.terms();
    for term in &terms {
        lifted(term, &mut asked);
    }
    let mut found: BTreeMap<(String, usize, Vec<&str>), BTreeSet<NaiveDate>> = BTreeMap::new();
    let mut names: BTreeMap<(String, usize), &str> = BTreeMap::new();
    for one in &asked {
        let level = one.tree.levels.get(one.level).map_or("", String::as_str);
        for cell in cells {
            let Some(day) = one.at.fixed_date(data_date, Some(*cell)) else { continue };
            let rows = one.tree.rows.iter().map(|row| row.code.as_str());
            let without: BTreeSet<&str> = rows
                .filter(|code| {
                    hot.symbol(code).is_some() && !is_other(catalog, &one.tree.list, code)
                })
                .filter(|code| one.tree.ancestor(code, one.level, day).is_none())
                .collect();
            if !without.is_empty() {
                let key = (one.tree.list.clone(), one.level);
                names.insert(key.clone(), level);
                let key = (key.0, key.1, without.into_iter().collect());
                found.entry(key).or_default().insert(day);
            }
        }
    }
    let note = |((list, level, codes), days): (&(String, usize, Vec<&str>), &BTreeSet<_>)| {
        let level = names.get(&(list.clone(), *level)).copied().unwrap_or_default();
        format!(
            "By the tree of `{list}` {} in no {level} {}: what asks for it is missing there.",
            lie(codes),
            on(days)
        )
    };
    found.iter().map(note).collect()
}

/// Whether a text may stand in the pool as something else: an organisation, or a code of another
/// list.
fn is_other(catalog: &Catalog, list: &str, code: &str) -> bool {
    let mut lists = catalog.codes.values();
    catalog.organisations.contains_key(code)
        || lists.any(|other| other.name != list && other.has(code))
}

/// `` `canal` lies ``, `` `canal` and `harbour` lie ``
fn lie(codes: &[&str]) -> String {
    let quoted = |codes: &[&str]| {
        codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
    };
    match codes {
        [only] => format!("`{only}` lies"),
        [first @ .., last] if codes.len() <= MOST_NAMED => {
            format!("{} and `{last}` lie", quoted(first))
        }
        many => {
            let shown = many.get(..MOST_NAMED).unwrap_or_default();
            format!("{} and {} more lie", quoted(shown), many.len() - shown.len())
        }
    }
}

/// `on 2024-01-01`, `on 4 days from 2024-01-01 to 2024-10-01`
fn on(days: &BTreeSet<NaiveDate>) -> String {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("on {} of the days asked about, from {first} to {last}", days.len())
        }
        (Some(only), _) => format!("on {only}"),
        (None, _) => String::new(),
    }
}

fn lifted<'t>(term: &'t Term, into: &mut Vec<&'t Lifted>) {
    if let Term::Lifted(one) = term {
        into.push(one);
    }
    for child in term.children() {
        lifted(child, into);
    }
}
