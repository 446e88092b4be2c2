//! `list indicators`: what is declared, with titles.

use interplay_syntax::tree;

use super::{CheckedQuery, Listing, Verb};
use crate::catalog::RuleKind;
use crate::check::Checker;
use crate::problems;

pub(super) const VERB: Verb = Verb {
    name: "list",
    summary: "what is declared: indicators, target groups, records, organisations …",
    parts: &["as"],
    check,
};

/// What can be listed.
pub const LISTS: &[&str] = &[
    "codes",
    "definitions",
    "dimensions",
    "indicators",
    "organisations",
    "parameters",
    "periods",
    "records",
    "reports",
    "sources",
    "subjects",
    "target_groups",
    "units",
];

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let [thing] = query.things.as_slice() else {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("list", "one word: `list indicators`", span));
    };
    let catalog = checker.catalog;
    let rules = |kind: RuleKind| {
        let rules = catalog.rules.values().filter(move |rule| rule.kind == kind);
        rules.map(|rule| (rule.name.clone(), rule.title.clone())).collect::<Vec<_>>()
    };
    let rows = match thing.item.as_str() {
        "indicators" => rules(RuleKind::Indicator),
        "target_groups" => rules(RuleKind::TargetGroup),
        "definitions" => rules(RuleKind::Define),
        "dimensions" => rules(RuleKind::Dimension),
        "codes" => titles(catalog.codes.values().map(|it| (&it.name, &it.title))),
        "records" => titles(catalog.records.values().map(|it| (&it.name, &it.title))),
        "subjects" => titles(catalog.subjects.values().map(|it| (&it.name, &it.title))),
        "organisations" => titles(catalog.organisations.values().map(|it| (&it.name, &it.title))),
        "parameters" => titles(catalog.parameters.values().map(|it| (&it.name, &it.title))),
        "periods" => titles(catalog.kinds.iter().map(|(name, calendar)| (name, &calendar.title))),
        "units" => titles(catalog.units.values().map(|it| (&it.name, &it.title))),
        "reports" => titles(catalog.reports.values().map(|it| (&it.name, &it.title))),
        "sources" => {
            let sources = catalog.sources.values();
            sources.map(|it| (it.name.clone(), Some(it.record.clone()))).collect()
        }
        other => {
            let known = LISTS.iter().copied();
            return checker.note(problems::unknown_name("list of", other, thing.span, known));
        }
    };
    let rows = rows.into_iter().map(|(name, title)| vec![name, title.unwrap_or_default()]);
    let beside = if thing.item == "sources" { "record" } else { "title" };
    let columns = vec!["name".to_owned(), beside.to_owned()];
    Some(CheckedQuery::Listing(Listing { columns, rows: rows.collect() }))
}

fn titles<'a>(
    rows: impl Iterator<Item = (&'a String, &'a Option<String>)>,
) -> Vec<(String, Option<String>)> {
    rows.map(|(name, title)| (name.clone(), title.clone())).collect()
}
