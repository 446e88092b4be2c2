//! `levels: neighbourhood, district` and `tree { … }`: codes that lie within each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Expr, ItemKind, Table, Value, Word};

use crate::calendar;
use crate::catalog::CodeList;
use crate::hierarchy::{Place, Tree};
use crate::problems;

const COLUMNS: [&str; 6] = ["code", "label", "level", "within", "from", "until"];

/// `label nl`: labels in another language
const LABEL_IN: &str = "label ";

/// The language of a column with labels in it: `nl` of `label nl`
pub(in crate::declare) fn label_in(column: &Word) -> Option<Word> {
    let language = column.item.strip_prefix(LABEL_IN)?.trim();
    let is_one = interplay_syntax::is_language(language);
    is_one.then(|| Spanned::new(language.to_owned(), column.span))
}

/// Whether an item is `levels: …` rather than a code of that name with its label.
pub(super) fn is_levels(item: &tree::Item) -> bool {
    let ItemKind::Clause { label, value } = &item.kind else { return false };
    let is_label = matches!(&value.item, Value::Expression { expr, .. } if matches!(expr.item, Expr::Text(_)))
        || matches!(value.item, Value::Labels(_));
    label.item == "levels" && !is_label
}

/// What stands after `levels:`, if it is there.
pub(super) fn read(items: &[tree::Item]) -> Option<Vec<&Spanned<Expr>>> {
    let item = items.iter().find(|item| is_levels(item))?;
    let ItemKind::Clause { value, .. } = &item.kind else { return None };
    Some(super::members_of(value))
}

/// The codes of a list with levels, from the rows of its tree.
pub(super) fn declare(
    list: &mut CodeList,
    items: &[tree::Item],
    levels: Option<&[&Spanned<Expr>]>,
    problems: &mut Vec<Diagnostic>,
) {
    let mut all = items.iter().filter(|item| is_levels(item));
    if let (Some(first), Some(second)) = (all.next(), all.next()) {
        problems.push(problems::clause_twice("levels", second.span, first.span));
    }
    let mut tables = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Tree(table) => Some(table),
        _ => None,
    });
    let table = tables.next();
    if let (Some(first), Some(second)) = (table, tables.next()) {
        problems.push(problems::clause_twice("tree", second.span, first.span));
    }
    let (levels, table) = match (levels, table) {
        (None, None) => return,
        (Some(levels), Some(table)) => (levels, table),
        (Some(_), None) => {
            let wanted = "`tree { … }`, a table of its codes";
            problems.push(problems::missing_clause("levels", wanted, list.span));
            return;
        }
        (None, Some(table)) => {
            let wanted = "`levels: …`, from the finest to the coarsest";
            problems.push(problems::missing_clause("tree", wanted, table.span));
            return;
        }
    };
    let names = names(levels, problems);
    let mut reading = Reading { list, names, rows: Vec::new(), problems };
    reading.table(table);
    reading.settled();
}

fn names(levels: &[&Spanned<Expr>], problems: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for level in levels {
        match &level.item {
            Expr::Name(name) => {
                if let Some(first) = names.insert(name, level.span) {
                    problems.push(problems::declared_twice("level", name, level.span, first));
                } else {
                    found.push(name.clone());
                }
            }
            _ => {
                problems.push(problems::wrong_expr("the name of a level", level));
            }
        }
    }
    found
}

/// One row of the tree, and where its parts stand.
struct Row<'t> {
    place: Place,
    code: &'t Word,
    within: Option<&'t Word>,
}

struct Reading<'a, 't> {
    list: &'a mut CodeList,
    names: Vec<String>,
    rows: Vec<Row<'t>>,
    problems: &'a mut Vec<Diagnostic>,
}

impl<'t> Reading<'_, 't> {
    fn table(&mut self, table: &'t Table) {
        for column in &table.columns {
            if label_in(column).is_none() && !COLUMNS.contains(&column.item.as_str()) {
                let problem = problems::unknown_name("column", &column.item, column.span, COLUMNS);
                self.problems.push(problem);
            }
        }
        for wanted in ["code", "level"] {
            if !table.columns.iter().any(|column| column.item == wanted) {
                let wanted = format!("a column `{wanted}`");
                self.problems.push(problems::missing_clause("tree", &wanted, table.span));
                return;
            }
        }
        for row in &table.rows {
            let cell = |name: &str| {
                let at = table.columns.iter().position(|column| column.item == name)?;
                row.cells.get(at).filter(|cell| !cell.item.is_empty())
            };
            if let Some(code) = cell("code") {
                for column in &table.columns {
                    if let Some(language) = label_in(column) {
                        self.translated(code, &language.item, cell(&column.item));
                    }
                }
            }
            let read = self.row(&cell, row.span);
            self.rows.extend(read);
        }
    }

    fn row(&mut self, cell: &dyn Fn(&str) -> Option<&'t Word>, span: Span) -> Option<Row<'t>> {
        let Some(code) = cell("code") else {
            self.problems.push(problems::tree_row("the row names no code".to_owned(), span));
            return None;
        };
        let is_word = code.item.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        if !is_word || matches!(code.item.as_str(), "missing" | "unknown" | "else") {
            self.problems.push(problems::cell_value(&code.item, "a code, one word", code.span));
            return None;
        }
        self.label(code, cell("label"));
        let (from, until) = (self.day(cell("from")), self.day(cell("until")));
        let level = self.level(code, cell("level"))?;
        let (from, until) = (from?, until?);
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            let message = format!("`{}` ends before it begins", code.item);
            self.problems.push(problems::tree_row(message, span));
            return None;
        }
        let within = cell("within");
        let above = within.map(|word| word.item.clone());
        let place = Place { code: code.item.clone(), level, within: above, from, until };
        Some(Row { place, code, within })
    }

    /// The first row of a code brings it into the list; a later one says the same label, or none.
    fn label(&mut self, code: &Word, label: Option<&Word>) {
        let known = self.list.codes.iter().find(|(known, _)| *known == code.item);
        match (known, label) {
            (None, _) => {
                let label = label.map_or(&code.item, |label| &label.item);
                self.list.codes.push((code.item.clone(), label.clone()));
            }
            (Some((_, known)), Some(label)) if *known != label.item => {
                let message = format!("`{}` has the label `{known}` in an earlier row", code.item);
                self.problems.push(problems::tree_row(message, label.span));
            }
            _ => {}
        }
    }

    /// What a code is called in another language, said once.
    fn translated(&mut self, code: &Word, language: &str, label: Option<&Word>) {
        let Some(label) = label else { return };
        let labels = self.list.translations.entry(language.to_owned()).or_default();
        let known = labels.entry(code.item.clone()).or_insert_with(|| label.item.clone());
        if *known != label.item {
            let message = format!("`{}` has the label `{known}` in an earlier row", code.item);
            self.problems.push(problems::tree_row(message, label.span));
        }
    }

    fn level(&mut self, code: &Word, level: Option<&Word>) -> Option<usize> {
        let earlier = self.rows.iter().find(|row| row.place.code == code.item);
        let earlier = earlier.map(|row| row.place.level);
        let Some(word) = level else {
            if earlier.is_none() {
                let message = format!("the first row of `{}` says no level", code.item);
                self.problems.push(problems::tree_row(message, code.span));
            }
            return earlier;
        };
        let Some(level) = self.names.iter().position(|name| *name == word.item) else {
            let known = self.names.iter().map(String::as_str);
            self.problems.push(problems::unknown_name("level", &word.item, word.span, known));
            return None;
        };
        match earlier.and_then(|earlier| self.names.get(earlier).filter(|_| earlier != level)) {
            Some(other) => {
                let message = format!("`{}` is a {other} in an earlier row", code.item);
                self.problems.push(problems::tree_row(message, word.span));
                None
            }
            None => Some(level),
        }
    }

    /// A day, or none where the cell is empty; nothing where it does not read as one.
    #[expect(clippy::option_option, reason = "whether there is a day, and whether it is sound")]
    fn day(&mut self, cell: Option<&Word>) -> Option<Option<NaiveDate>> {
        let Some(cell) = cell else { return Some(None) };
        let day = calendar::date(&cell.item);
        if day.is_none() {
            let wanted = "a date, such as 2025-01-31";
            self.problems.push(problems::cell_value(&cell.item, wanted, cell.span));
        }
        day.map(Some)
    }

    /// Rows against each other; what is left of them is the tree.
    fn settled(mut self) {
        let before = self.problems.len();
        for at in 0..self.rows.len() {
            self.above(at);
            self.beside(at);
        }
        let sound = !interplay_diagnostic::problem::has_error(
            self.problems.get(before..).unwrap_or_default(),
        );
        let rows =
            if sound { self.rows.into_iter().map(|row| row.place).collect() } else { Vec::new() };
        let tree = Tree { list: self.list.name.clone(), levels: self.names, rows };
        self.list.tree = Some(Arc::new(tree));
    }

    /// What a row lies within: a code of a coarser level, which is there as long as the row holds.
    fn above(&mut self, at: usize) {
        let Some(Row { place, code, within: Some(within) }) = self.rows.get(at) else { return };
        let name = |level: usize| self.names.get(level).map_or("", String::as_str);
        let mut above = self.rows.iter().filter(|row| row.place.code == within.item).peekable();
        let Some(level) = above.peek().map(|row| row.place.level) else {
            let coarser = self.rows.iter().filter(|row| row.place.level > place.level);
            let coarser = coarser.map(|row| row.place.code.as_str());
            let list = &self.list.name;
            self.problems.push(problems::unknown_code(list, &within.item, within.span, coarser));
            return;
        };
        if level <= place.level {
            let message = format!(
                "`{}` is a {} and cannot lie within `{}`, which is a {}",
                code.item,
                name(place.level),
                within.item,
                name(level)
            );
            self.problems.push(problems::tree_row(message, within.span));
            return;
        }
        let stretches = above.map(|row| stretch(&row.place)).collect();
        if let Some((first, last)) = uncovered(stretch(place), stretches) {
            let message = format!(
                "`{}` lies within `{}` {}, when `{}` is not there",
                code.item,
                within.item,
                days(first, last),
                within.item
            );
            self.problems.push(problems::tree_row(message, within.span));
        }
    }

    /// The rows of one code: no day in two of them, and none between them without a row.
    fn beside(&mut self, at: usize) {
        let Some(row) = self.rows.get(at) else { return };
        let own = stretch(&row.place);
        let earlier = self.rows.iter().take(at);
        let earlier = earlier.filter(|other| other.place.code == row.place.code);
        for other in earlier {
            let theirs = stretch(&other.place);
            let (first, last) = (own.0.max(theirs.0), own.1.min(theirs.1));
            if first < last {
                let message =
                    format!("`{}` stands in two rows {}", row.code.item, days(first, last));
                let problem = problems::tree_row(message, row.code.span);
                self.problems.push(problem.with_other(other.code.span, "the earlier one"));
                return;
            }
        }
        let rows = || self.rows.iter().filter(|other| other.place.code == row.place.code);
        let after =
            rows().map(|other| stretch(&other.place).0).filter(|first| *first > own.1).min();
        let touched = rows().any(|other| stretch(&other.place).0 == own.1);
        if let Some(next) = after.filter(|_| !touched) {
            let problem = problems::tree_gap(&row.code.item, &days(own.1, next), row.code.span);
            self.problems.push(problem);
        }
    }
}

/// From a first day up to, and not including, another.
type Stretch = (NaiveDate, NaiveDate);

fn stretch(place: &Place) -> Stretch {
    (place.from.unwrap_or(NaiveDate::MIN), place.until.unwrap_or(NaiveDate::MAX))
}

/// The first part of a stretch that none of the others covers.
fn uncovered((mut from, until): Stretch, mut others: Vec<Stretch>) -> Option<Stretch> {
    others.sort_unstable();
    for (first, last) in others {
        if from >= until {
            return None;
        }
        if first > from {
            return Some((from, first.min(until)));
        }
        from = from.max(last);
    }
    (from < until).then_some((from, until))
}

/// `from 2024-01-01 to 2024-03-31`
fn days(first: NaiveDate, next: NaiveDate) -> String {
    let last = if next == NaiveDate::MAX { None } else { next.pred_opt() };
    match (Some(first).filter(|first| *first > NaiveDate::MIN), last) {
        (None, None) => "at all times".to_owned(),
        (None, Some(last)) => format!("up to {last}"),
        (Some(first), None) => format!("from {first} on"),
        (Some(first), Some(last)) if first == last => format!("on {first}"),
        (Some(first), Some(last)) => format!("from {first} to {last}"),
    }
}
