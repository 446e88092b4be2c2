//! `codes living_situation { housed: "A home" groups { homeless: … } }`, and lists with levels

use std::collections::BTreeMap;

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Expr, ItemKind, Value};

use crate::catalog::CodeList;
use crate::problems;
use crate::shape::{self, Headers};

mod levels;

pub(super) use levels::label_in;

pub(super) fn declare(declaration: &tree::Declaration, problems: &mut Vec<Diagnostic>) -> CodeList {
    let headers = Headers::read(declaration, false, |_| false, problems);
    let mut list = CodeList {
        name: declaration.name.item.text(),
        title: headers.title,
        codes: Vec::new(),
        groups: BTreeMap::new(),
        translations: BTreeMap::new(),
        tree: None,
        span: declaration.name.span,
    };
    let items = shape::items(declaration, problems);
    let levels = levels::read(items);
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for item in items {
        let ItemKind::Clause { label, value } = &item.kind else { continue };
        if levels::is_levels(item) {
            continue;
        }
        if levels.is_some() {
            let message = format!("`{}` needs a row of `tree`, which says its level", label.item);
            problems.push(problems::tree_row(message, label.span));
        } else if let Some(first) = seen.insert(&label.item, label.span) {
            problems.push(problems::declared_twice("code", &label.item, label.span, first));
        } else if matches!(label.item.as_str(), "missing" | "unknown" | "else") {
            let found = format!("the reserved word `{}`", label.item);
            problems.push(problems::wrong_type("a code", &found, label.span));
        } else if label.item == "total" {
            let means = "in tables `total` is the heading of all together";
            problems.push(problems::taken_word("a code", &label.item, means, label.span));
        } else if let Some(text) = title(value) {
            list.codes.push((label.item.clone(), text));
            translations(&mut list, &label.item, value, problems);
        } else {
            problems.push(problems::wrong_value("the code's label, a text,", value));
        }
    }
    levels::declare(&mut list, items, levels.as_deref(), problems);
    let is_group = |item: &tree::Item| matches!(item.kind, ItemKind::Block { .. });
    if items.iter().all(is_group) {
        let wanted = "a code, such as `housed: \"A home of one's own\"`";
        problems.push(problems::missing_clause("codes", wanted, list.span));
    }
    for item in items {
        match &item.kind {
            ItemKind::Clause { .. } | ItemKind::Tree(_) => {}
            ItemKind::Keyed { key, .. } => {
                problems.push(problems::code_not_a_word(&shape::key_text(&key.item), key.span));
            }
            ItemKind::Block { words, block } if is_groups(words) => {
                for group in &block.items {
                    self::group(&mut list, group, problems);
                }
            }
            _ => {
                let known = &["groups", "levels", "tree"];
                problems.push(problems::unknown_clause("codes", "…", item.span, known));
            }
        }
    }
    list
}

fn is_groups(words: &[tree::Word]) -> bool {
    words.len() == 1 && words.first().is_some_and(|word| word.item == "groups")
}

fn group(list: &mut CodeList, item: &tree::Item, problems: &mut Vec<Diagnostic>) {
    let ItemKind::Clause { label, value } = &item.kind else {
        problems.push(problems::unknown_clause("groups", "…", item.span, &[]));
        return;
    };
    if list.has(&label.item) || list.groups.contains_key(&label.item) {
        problems.push(problems::declared_twice(
            "code or group",
            &label.item,
            label.span,
            list.span,
        ));
        return;
    }
    let mut members = Vec::new();
    let written = members_of(value);
    if written.is_empty() {
        problems.push(problems::wrong_value("a code of the list, or several,", value));
    }
    for member in written {
        match &member.item {
            Expr::Name(code) if list.has(code) => members.push(code.clone()),
            Expr::Name(code) => {
                let known = list.codes.iter().map(|(code, _)| code.as_str());
                problems.push(problems::unknown_code(&list.name, code, member.span, known));
            }
            Expr::Number(text) | Expr::Text(text) | Expr::Period(text) => {
                problems.push(problems::code_not_a_word(text, member.span));
            }
            _ => problems.push(problems::wrong_expr("a code", member)),
        }
    }
    list.groups.insert(label.item.clone(), members);
}

fn members_of(value: &Spanned<Value>) -> Vec<&Spanned<Expr>> {
    match &value.item {
        Value::Expression { expr, title: None } => vec![expr],
        Value::List(members) => members.iter().collect(),
        _ => Vec::new(),
    }
}

/// The labels of a code in other languages.
fn translations(
    list: &mut CodeList,
    code: &str,
    value: &Spanned<Value>,
    problems: &mut Vec<Diagnostic>,
) {
    let Value::Labels(labels) = &value.item else { return };
    for (language, label) in &labels.others {
        let known = list.translations.entry(language.item.clone()).or_default();
        if known.insert(code.to_owned(), label.item.clone()).is_some() {
            problems.push(problems::said_twice_in(&language.item, language.span));
        }
    }
}

fn title(value: &Spanned<Value>) -> Option<String> {
    match &value.item {
        Value::Labels(labels) => Some(labels.plain.item.clone()),
        Value::Expression { expr: Spanned { item: Expr::Text(text), .. }, title: None } => {
            Some(text.clone())
        }
        _ => None,
    }
}
