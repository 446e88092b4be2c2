//! `values of living_situation`: the codes of a list, with labels, groups and levels.

use interplay_syntax::tree;

use super::{CheckedQuery, Listing, Verb};
use crate::catalog::CodeList;
use crate::check::Checker;
use crate::problems;

pub(super) const VERB: Verb = Verb {
    name: "values",
    summary: "the codes of a list with their labels, groups and levels: values of living_situation",
    parts: &["of", "as"],
    check,
};

fn check(checker: &mut Checker<'_>, query: &tree::Query) -> Option<CheckedQuery> {
    let [thing] = query.things.as_slice() else {
        let span = query.verb.span;
        return checker.note(problems::missing_clause("values", "one code list", span));
    };
    let Some(list) = checker.code_list(&thing.item) else {
        let known = checker.catalog.codes.keys().map(String::as_str);
        return checker.note(problems::unknown_name("code list", &thing.item, thing.span, known));
    };
    Some(CheckedQuery::Listing(listing(&list)))
}

/// A row a code; of a list with levels, a row for each place it has had.
fn listing(list: &CodeList) -> Listing {
    let mut columns = vec!["code".to_owned(), "label".to_owned()];
    columns.extend(list.translations.keys().map(|language| format!("label {language}")));
    if list.tree.is_some() {
        columns.extend(["level", "within", "from", "until"].map(str::to_owned));
    }
    if !list.groups.is_empty() {
        columns.push("groups".to_owned());
    }
    let mut rows = Vec::new();
    for (code, label) in &list.codes {
        let groups = list.groups.iter().filter(|(_, codes)| codes.contains(code));
        let groups: Vec<&str> = groups.map(|(group, _)| group.as_str()).collect();
        let groups = (!list.groups.is_empty()).then(|| groups.join(", "));
        for places in places(list, code) {
            let others = list.translations.values();
            let others = others.map(|labels| labels.get(code).cloned().unwrap_or_default());
            let cells = [code.clone(), label.clone()].into_iter().chain(others).chain(places);
            rows.push(cells.chain(groups.clone()).collect());
        }
    }
    Listing { columns, rows }
}

/// Level, code above, first and last day of each place of a code; of a plain list, one of nothing.
fn places(list: &CodeList, code: &str) -> Vec<Vec<String>> {
    let Some(tree) = &list.tree else { return vec![Vec::new()] };
    let rows = tree.rows.iter().filter(|row| row.code == code);
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let places = rows.map(|row| {
        let level = tree.levels.get(row.level).cloned().unwrap_or_default();
        vec![level, row.within.clone().unwrap_or_default(), day(row.from), day(row.until)]
    });
    places.collect()
}
