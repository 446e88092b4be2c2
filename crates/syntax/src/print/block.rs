//! Blocks as text: short ones on one line, others with their values in one column.

use super::doc::Doc;
use super::expression::{expression, key, text};
use super::page::Page;
use super::{above, beside, comment_lines, labels, query, unit};
use crate::tree::{Block, Comments, Item, ItemKind, Rounding, Table, TypeName, Value};

/// How much further in the items of a block stand.
const STEP: usize = 2;

/// The last column in which a block on one line may end.
const WIDTH: usize = 100;

/// Labels up to this length share a column for their values.
const LONGEST_LABEL: usize = 24;

/// Items between which nothing but spaces stands.
const BETWEEN: &str = "   ";

/// Appends `block`, whose closing brace stands at `indent`.
pub(super) fn block(block: &Block, indent: usize, printed: &mut Page) {
    let column = printed.column();
    if let Some(line) = on_one_line(block).filter(|line| column + line.chars().count() <= WIDTH) {
        printed.push(&line);
        return;
    }
    printed.push("{");
    beside(block.comments.beside.as_deref(), printed);
    printed.push("\n");
    let inner = indent + STEP;
    for run in block.items.chunk_by(|one, next| label(one).is_some() == label(next).is_some()) {
        let widths = run.iter().filter_map(label).map(|label| label.chars().count());
        let widest = widths.filter(|width| *width <= LONGEST_LABEL).max().unwrap_or(0);
        for found in run {
            item(found, inner, widest, printed);
        }
    }
    comment_lines(&block.comments.inside, inner, printed);
    printed.push(&" ".repeat(indent));
    printed.push("}");
}

/// A block stands on one line if it has no comments and at most two clauses, or four fields.
fn on_one_line(block: &Block) -> Option<String> {
    let plain = Comments::default();
    let is_field = |item: &Item| matches!(&item.kind, ItemKind::Clause { value, .. } if matches!(value.item, Value::Type(_)));
    let most = if block.items.iter().all(is_field) { 4 } else { 2 };
    if block.comments != plain || block.items.len() > most {
        return None;
    }
    let mut items = Vec::new();
    for item in &block.items {
        if item.comments != plain || !item.docs.is_empty() {
            return None;
        }
        let (ItemKind::Clause { value, .. } | ItemKind::Keyed { value, .. }) = &item.kind else {
            return None;
        };
        items.push(format!("{} {}", label(item)?, self::value(&value.item).flat()?));
    }
    if items.is_empty() {
        return Some("{}".to_owned());
    }
    Some(format!("{{ {} }}", items.join(BETWEEN)))
}

/// What stands before the value, colon included, if a value stands in the same line.
fn label(item: &Item) -> Option<String> {
    match &item.kind {
        ItemKind::Clause { label, .. } => Some(format!("{}:", label.item)),
        ItemKind::Keyed { key, .. } => Some(format!("{}:", self::key(&key.item))),
        ItemKind::Show(_) => Some("show:".to_owned()),
        ItemKind::Expect { .. } => Some("expect:".to_owned()),
        ItemKind::ExpectProblem { .. } => Some("expect problem:".to_owned()),
        ItemKind::Given { .. }
        | ItemKind::ForEach(_)
        | ItemKind::Tree(_)
        | ItemKind::Block { .. } => None,
    }
}

fn item(item: &Item, indent: usize, widest: usize, printed: &mut Page) {
    above(&item.comments, &item.docs, indent, printed);
    printed.push(&" ".repeat(indent));
    let label = label(item).unwrap_or_default();
    let mut labelled = |doc: Doc| {
        let label = format!("{label:widest$} ");
        printed.push(&label);
        let doc = doc.with(&item.comments.within);
        printed.append(&doc.layout(indent, indent + label.chars().count()));
    };
    match &item.kind {
        ItemKind::Clause { value, .. } | ItemKind::Keyed { value, .. } => {
            labelled(self::value(&value.item));
        }
        ItemKind::Show(found) => labelled(query::query(&found.item)),
        ItemKind::Expect { query: found, value, within } => {
            let is = if within.is_some() { " is about " } else { " is " };
            let mut parts = vec![query::query(&found.item), Doc::text(is), expression(&value.item)];
            if let Some(within) = within {
                parts.extend([Doc::text(" within "), expression(&within.item)]);
            }
            labelled(Doc::all(parts));
        }
        ItemKind::ExpectProblem { code, text: wrong } => {
            labelled(Doc::text(format!("{} in {}", code.item, text(&wrong.item))));
        }
        ItemKind::ForEach(cases) => {
            printed.push("for each ");
            table(cases, indent, printed);
        }
        ItemKind::Given { record, organisation, covers, table: rows } => {
            printed.push(&format!("given {} ", record.item));
            if let Some(organisation) = organisation {
                printed.push(&format!("from {} ", organisation.item));
            }
            if let Some(covers) = covers {
                printed.push("covers ");
                printed.push(&expression(&covers.item).flat().unwrap_or_default());
                printed.push(" ");
            }
            table(rows, indent, printed);
        }
        ItemKind::Tree(rows) => {
            printed.push("tree ");
            table(rows, indent, printed);
        }
        ItemKind::Block { words, block: found } => {
            for word in words {
                printed.push(&word.item);
                printed.push(" ");
            }
            block(found, indent, printed);
        }
    }
    beside(item.comments.beside.as_deref(), printed);
    printed.push("\n");
}

fn value(value: &Value) -> Doc {
    match value {
        Value::Expression { expr, title: None } => expression(&expr.item),
        Value::Expression { expr, title: Some(title) } => {
            let title = Doc::Nest(vec![Doc::Line, Doc::text(text(&title.item))]);
            Doc::Group(vec![expression(&expr.item), title])
        }
        Value::List(items) => {
            let mut parts = Vec::new();
            for item in items {
                if !parts.is_empty() {
                    parts.extend([Doc::text(","), Doc::Line]);
                }
                parts.push(expression(&item.item));
            }
            Doc::Group(vec![Doc::Nest(parts)])
        }
        Value::Labels(found) => labels(found),
        Value::FromTo { from, to } => {
            let (from, to) = (expression(&from.item), expression(&to.item));
            Doc::all(vec![Doc::text("from "), from, Doc::text(" to "), to])
        }
        Value::Rounding(found) => {
            let Rounding { how, decimals } = &found.item;
            let kept = decimals.as_ref().map(|digits| {
                let word = if digits.item == "1" { "decimal" } else { "decimals" };
                format!(" to {} {word}", digits.item)
            });
            Doc::text(format!("{}{}", how.item, kept.unwrap_or_default()))
        }
        Value::Type(name) => Doc::text(type_name(name)),
    }
}

/// `number in min?`
fn type_name(name: &TypeName) -> String {
    let optional = if name.optional { "?" } else { "" };
    match &name.unit {
        None => format!("{}{optional}", name.name.item),
        Some(found) => format!("{} in {}{optional}", name.name.item, unit(found)),
    }
}

/// Lines of cells, each column as wide as its widest cell.
fn table(table: &Table, indent: usize, printed: &mut Page) {
    let lines = || {
        let rows = table.rows.iter().map(|row| row.cells.as_slice());
        std::iter::once(table.columns.as_slice()).chain(rows)
    };
    let count = lines().map(<[_]>::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines().filter_map(|line| line.get(column));
        cells.map(|cell| cell.item.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let inner = indent + STEP;
    let line = |cells: &[crate::tree::Word], comment: Option<&str>, printed: &mut Page| {
        let padded = cells.iter().zip(&widths);
        let padded: Vec<String> =
            padded.map(|(cell, width)| format!("{:width$}", cell.item)).collect();
        let line = format!("{:inner$}{}", "", padded.join(" | "));
        printed.push(line.trim_end());
        beside(comment, printed);
        printed.push("\n");
    };
    printed.push("{\n");
    line(&table.columns, None, printed);
    for row in &table.rows {
        comment_lines(&row.comments.above, inner, printed);
        line(&row.cells, row.comments.beside.as_deref(), printed);
        comment_lines(&row.comments.inside, inner, printed);
    }
    printed.push(&" ".repeat(indent));
    printed.push("}");
}
