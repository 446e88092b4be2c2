//! Titles in further languages: `indicator reach "Reached" nl "Bereikt" fr "Atteints" { … }`
//!
//! Which languages there are is for the library to say, `languages: en, nl, fr`, the first of
//! which is that of texts without a word. Where it says nothing, every language that is used is
//! one.

use std::collections::BTreeMap;

use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{
    self, Declaration, DeclarationKind, Expr, Header, Item, ItemKind, Labels, Value, Word,
};

use super::codes;
use crate::catalog::Catalog;
use crate::problems;

/// Notes the titles of all declarations, and holds every language against those of the library.
pub(super) fn declare<'t>(
    catalog: &mut Catalog,
    declarations: impl Iterator<Item = &'t Declaration> + Clone,
    problems: &mut Vec<Diagnostic>,
) {
    for declaration in declarations.clone() {
        if declaration.kind.item == DeclarationKind::Library {
            library(catalog, declaration, problems);
        }
    }
    for declaration in declarations {
        let key = (declaration.kind.item, declaration.name.item.text());
        let mut titles = BTreeMap::new();
        for header in &declaration.headers {
            if let Header::Title(title) = &header.item {
                note(&mut titles, title, problems);
            }
        }
        if !titles.is_empty() {
            catalog.titles.entry(key).or_insert(titles);
        }
        if !catalog.languages.is_empty() {
            for language in named(declaration) {
                if !catalog.languages.contains(&language.item) {
                    let known = catalog.languages.iter().map(String::as_str);
                    problems.push(problems::unknown_name(
                        "language",
                        &language.item,
                        language.span,
                        known,
                    ));
                }
            }
        }
    }
}

/// `languages: en, nl` of the library, and its title in them.
fn library(catalog: &mut Catalog, declaration: &Declaration, problems: &mut Vec<Diagnostic>) {
    let key = (DeclarationKind::Library, declaration.name.item.text());
    for (label, value) in clauses(declaration) {
        match (label.item.as_str(), &value.item) {
            ("title", Value::Labels(title)) => {
                let mut titles = BTreeMap::new();
                note(&mut titles, title, problems);
                catalog.titles.insert(key.clone(), titles);
            }
            ("languages", Value::List(items)) => {
                items.iter().for_each(|item| languages(catalog, item, problems));
            }
            ("languages", Value::Expression { expr, title: None }) => {
                languages(catalog, expr, problems);
            }
            ("languages", _) => {
                let wanted = "a language such as `nl`, or several,";
                problems.push(problems::wrong_value(wanted, value));
            }
            _ => {}
        }
    }
}

fn languages(catalog: &mut Catalog, item: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) {
    match &item.item {
        Expr::Name(word) if interplay_syntax::is_language(word) => {
            catalog.languages.push(word.clone());
        }
        _ => {
            let wanted = "a language, in two or three small letters, such as `nl`,";
            problems.push(problems::wrong_expr(wanted, item));
        }
    }
}

fn note(titles: &mut BTreeMap<String, String>, title: &Labels, problems: &mut Vec<Diagnostic>) {
    for (language, title) in &title.others {
        if titles.insert(language.item.clone(), title.item.clone()).is_some() {
            problems.push(problems::said_twice_in(&language.item, language.span));
        }
    }
}

fn clauses(declaration: &Declaration) -> impl Iterator<Item = (&Word, &Spanned<Value>)> {
    items(declaration).iter().filter_map(|item| match &item.kind {
        ItemKind::Clause { label, value } => Some((label, value)),
        _ => None,
    })
}

fn items(declaration: &Declaration) -> &[Item] {
    match &declaration.body {
        Some(tree::Body::Block(block)) => &block.items,
        _ => &[],
    }
}

/// Every language that a declaration names, beside titles and labels.
fn named(declaration: &Declaration) -> Vec<Word> {
    let mut found = Vec::new();
    for header in &declaration.headers {
        if let Header::Title(title) = &header.item {
            found.extend(title.others.iter().map(|(language, _)| language.clone()));
        }
    }
    for item in items(declaration) {
        match &item.kind {
            ItemKind::Clause { value, .. } => {
                if let Value::Labels(labels) = &value.item {
                    found.extend(labels.others.iter().map(|(language, _)| language.clone()));
                }
            }
            ItemKind::Tree(table) => {
                found.extend(table.columns.iter().filter_map(codes::label_in));
            }
            _ => {}
        }
    }
    found
}
