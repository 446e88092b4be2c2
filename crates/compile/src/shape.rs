//! Clauses of a block against those that its kind takes.

use std::collections::BTreeMap;
use std::mem::discriminant;

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, DeclarationKind, Expr, ItemKind, Value};

use crate::problems;

/// The clauses of one block, by label.
#[derive(Debug)]
pub(crate) struct Clauses<'t> {
    /// Of what: `share`, `source`
    of: String,
    /// Where the block's owner is named.
    span: Span,
    by_label: BTreeMap<&'t str, (Span, &'t Spanned<Value>)>,
}

impl<'t> Clauses<'t> {
    /// Sorts the clauses of `items` by label; reports unknown and repeated ones, and entries that
    /// are no clause.
    pub(crate) fn read(
        of: &str,
        span: Span,
        items: impl IntoIterator<Item = &'t tree::Item>,
        known: &[&str],
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut by_label: BTreeMap<&str, (Span, &Spanned<Value>)> = BTreeMap::new();
        for item in items {
            let ItemKind::Clause { label, value } = &item.kind else {
                problems.push(problems::unknown_clause(of, &entry(&item.kind), item.span, known));
                continue;
            };
            if !known.contains(&label.item.as_str()) {
                problems.push(problems::unknown_clause(of, &label.item, label.span, known));
            } else if let Some((first, _)) = by_label.get(label.item.as_str()) {
                problems.push(problems::clause_twice(&label.item, label.span, *first));
            } else {
                by_label.insert(&label.item, (label.span, value));
            }
        }
        Self { of: of.to_owned(), span, by_label }
    }

    /// The expression after `label:`, if the clause is there. A title beside it is a problem.
    pub(crate) fn expression(
        &self,
        label: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<&'t Spanned<Expr>> {
        let (_, value) = self.by_label.get(label)?;
        match &value.item {
            Value::Expression { expr, title: None } => Some(expr),
            Value::Expression { title: Some(title), .. } => {
                problems.push(problems::wrong_type("one value", "a value and a text", title.span));
                None
            }
            Value::List(items) => {
                problems.push(problems::list_for_one(items, value.span));
                None
            }
            Value::Labels(labels) => {
                let span = labels.others.first().map_or(value.span, |(language, _)| language.span);
                problems.push(problems::wrong_type("one text", "another language", span));
                None
            }
            Value::FromTo { .. } | Value::Rounding(_) | Value::Type(_) => {
                problems.push(problems::wrong_value("one value", value));
                None
            }
        }
    }

    /// The names after `label:`, one or more.
    pub(crate) fn names(
        &self,
        label: &str,
        wanted: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Spanned<String>> {
        let items: &[Spanned<Expr>] = match self.by_label.get(label).map(|(_, value)| &value.item) {
            Some(Value::List(items)) => items,
            Some(_) => self.expression(label, problems).map_or(&[], std::slice::from_ref),
            None => &[],
        };
        let mut names = Vec::new();
        for item in items {
            match &item.item {
                Expr::Name(name) => names.push(Spanned::new(name.clone(), item.span)),
                _ => problems.push(problems::wrong_expr(wanted, item)),
            }
        }
        names
    }

    /// As [`Clauses::expression`]; a missing clause is a problem.
    pub(crate) fn wanted(
        &self,
        label: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<&'t Spanned<Expr>> {
        if self.by_label.contains_key(label) {
            return self.expression(label, problems);
        }
        problems.push(problems::missing_clause(&self.of, &format!("`{label}: …`"), self.span));
        None
    }

    /// The two expressions of `label: from … to …`.
    pub(crate) fn two_ends(
        &self,
        label: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<(&'t Spanned<Expr>, &'t Spanned<Expr>)> {
        let wanted = "`from … to …`";
        let Some((_, value)) = self.by_label.get(label) else {
            let wanted = format!("`{label}: from … to …`");
            problems.push(problems::missing_clause(&self.of, &wanted, self.span));
            return None;
        };
        if let Value::FromTo { from, to } = &value.item {
            return Some((from, to));
        }
        problems.push(problems::wrong_value(wanted, value));
        None
    }

    /// The rounding after `label:`.
    pub(crate) fn rounding(
        &self,
        label: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<&'t Spanned<tree::Rounding>> {
        let (_, value) = self.by_label.get(label)?;
        if let Value::Rounding(rounding) = &value.item {
            return Some(rounding);
        }
        let wanted = "`down`, `up`, `half even` or `half up`, as in `half even to 1 decimal`,";
        problems.push(problems::wrong_value(wanted, value));
        None
    }

    /// The text after `label:`.
    pub(crate) fn text(&self, label: &str, problems: &mut Vec<Diagnostic>) -> Option<String> {
        let expr = self.expression(label, problems)?;
        match &expr.item {
            Expr::Text(text) => Some(text.clone()),
            _ => {
                problems.push(problems::wrong_expr("a text", expr));
                None
            }
        }
    }

    /// The text after `label:`, which may be said in further languages.
    pub(crate) fn title(&self, label: &str, problems: &mut Vec<Diagnostic>) -> Option<String> {
        match self.by_label.get(label).map(|(_, value)| &value.item) {
            Some(Value::Labels(labels)) => Some(labels.plain.item.clone()),
            _ => self.text(label, problems),
        }
    }

    /// The word after `label:`, one of `known`.
    pub(crate) fn word(
        &self,
        label: &str,
        known: &[&str],
        problems: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let expr = self.expression(label, problems)?;
        match &expr.item {
            Expr::Name(word) if known.contains(&word.as_str()) => Some(word.clone()),
            Expr::Name(word) => {
                problems.push(problems::wrong_word(known, word, expr.span));
                None
            }
            _ => {
                problems.push(problems::wrong_expr("a word", expr));
                None
            }
        }
    }

    /// Where `label` stands.
    pub(crate) fn span(&self, label: &str) -> Option<Span> {
        self.by_label.get(label).map(|(span, _)| *span)
    }

    /// Whether the clause is there.
    pub(crate) fn has(&self, label: &str) -> bool {
        self.by_label.contains_key(label)
    }
}

/// The items of a declaration's block; none and a problem when it has no block.
pub(crate) fn items<'t>(
    declaration: &'t tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> &'t [tree::Item] {
    match &declaration.body {
        Some(tree::Body::Block(block)) => &block.items,
        None => &[],
        Some(tree::Body::Expression(expr)) => {
            let found = "an expression";
            problems.push(problems::wrong_type("a block `{ … }`", found, expr.span));
            &[]
        }
    }
}

/// How an entry begins, for messages.
fn entry(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Clause { label, .. } => label.item.clone(),
        ItemKind::Keyed { key, .. } => key_text(&key.item),
        ItemKind::Show(_) => "show".to_owned(),
        ItemKind::Expect { .. } => "expect".to_owned(),
        ItemKind::ExpectProblem { .. } => "expect problem".to_owned(),
        ItemKind::Given { .. } => "given".to_owned(),
        ItemKind::ForEach(_) => "for each".to_owned(),
        ItemKind::Tree(_) => "tree".to_owned(),
        ItemKind::Block { words, .. } => {
            words.iter().map(|word| word.item.as_str()).collect::<Vec<_>>().join(" ")
        }
    }
}

/// A key as written, without quotation marks.
pub(crate) fn key_text(key: &tree::Key) -> String {
    match key {
        tree::Key::Text(text)
        | tree::Key::Number(text)
        | tree::Key::Date(text)
        | tree::Key::Period(text)
        | tree::Key::Word(text) => text.clone(),
    }
}

/// The headers of a declaration, each kind at most once, and only those it takes.
#[derive(Debug, Default)]
pub(crate) struct Headers<'t> {
    /// `"Young people reached"`
    pub(crate) title: Option<String>,
    /// `of person`
    pub(crate) of: Option<&'t tree::Word>,
    /// The others it takes.
    pub(crate) others: Vec<&'t Spanned<tree::Header>>,
}

impl<'t> Headers<'t> {
    /// Reads the headers; `takes` says which others than title and `of` are welcome.
    pub(crate) fn read(
        declaration: &'t tree::Declaration,
        takes_of: bool,
        takes: fn(&tree::Header) -> bool,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut headers = Self::default();
        let of = declaration.kind.item.words();
        let mut seen = Vec::new();
        for header in &declaration.headers {
            let word = discriminant(&header.item);
            if seen.contains(&word) {
                problems.push(problems::header_twice(of, said(&header.item), header.span));
                continue;
            }
            seen.push(word);
            match &header.item {
                tree::Header::Title(title) if is_titled(declaration.kind.item) => {
                    headers.title = Some(title.plain.item.clone());
                }
                tree::Header::Of(word) if takes_of => {
                    headers.of = Some(word);
                }
                other if takes(other) => headers.others.push(header),
                other => problems.push(refused(of, other, header.span)),
            }
        }
        headers
    }
}

/// Header words of the language that this version cannot compute yet.
pub(crate) const NOT_BUILT: &[(&str, &str)] =
    &[("record", "from"), ("record", "where"), ("subject", "is")];

/// Whether a declaration has a title that a reader ever sees.
fn is_titled(kind: DeclarationKind) -> bool {
    !matches!(kind, DeclarationKind::Disclosure | DeclarationKind::Source | DeclarationKind::Test)
}

/// What a header says, for messages: `a title`
fn said(header: &tree::Header) -> &'static str {
    match header {
        tree::Header::Title(_) => "a title",
        tree::Header::Of(_) => "a subject",
        other => header_word(other),
    }
}

/// The problem of a header that is not taken.
fn refused(of: &str, header: &tree::Header, span: Span) -> Diagnostic {
    let word = header_word(header);
    match header {
        tree::Header::Title(_) => problems::no_title(of, span),
        _ if NOT_BUILT.contains(&(of, word)) => {
            problems::not_available(&format!("`{word}` in the head of a `{of}`"), span)
        }
        _ => problems::unknown_header(of, word, span),
    }
}

fn header_word(header: &tree::Header) -> &'static str {
    match header {
        tree::Header::Title(_) => "title",
        tree::Header::Version(_) => "version",
        tree::Header::Of(_) => "of",
        tree::Header::For(_) => "for",
        tree::Header::From { .. } => "from",
        tree::Header::Is(_) => "is",
        tree::Header::At(_) => "at",
        tree::Header::During { .. } => "during",
        tree::Header::WithoutOverlap => "without overlap",
        tree::Header::Anonymous => "anonymous",
        tree::Header::Once(_) => "once",
        tree::Header::In(_) => "in",
        tree::Header::Every(_) => "every",
        tree::Header::Starts(_) => "starts",
        tree::Header::Where(_) => "where",
    }
}
