//! A walk over programs that notes every construct it meets.

use std::collections::BTreeSet;

use interplay_syntax::tree::{
    Block, Body, Breakdown, Compare, Declaration, DeclarationKind, Expr, Header, Item, ItemKind,
    Key, Name, Program, Query, QueryPeriod, StatementKind, Table, TypeName, Value,
};

mod expression;

/// What was met so far, and what the sample at hand declares.
#[derive(Debug, Default)]
pub(super) struct Seen {
    words: BTreeSet<String>,
    parameters: BTreeSet<String>,
    subjects: BTreeSet<String>,
    units: BTreeSet<String>,
}

impl Seen {
    /// All that was noted.
    pub(super) fn words(self) -> BTreeSet<String> {
        self.words
    }

    /// Notes what the texts of one sample use.
    pub(super) fn sample(&mut self, programs: &[Program]) {
        self.parameters = declared(programs, DeclarationKind::Parameter);
        self.subjects = declared(programs, DeclarationKind::Subject);
        let units = interplay_compile::types::UNITS.iter().filter(|unit| **unit != "%");
        self.units = units.map(|unit| (*unit).to_owned()).collect();
        for statement in programs.iter().flat_map(|program| &program.statements) {
            if !statement.docs.is_empty() {
                self.note("## documentation");
            }
            match &statement.kind {
                StatementKind::Declaration(declaration) => self.declaration(declaration),
                StatementKind::Query(query) => self.query(query),
            }
        }
    }

    fn note(&mut self, word: impl Into<String>) {
        self.words.insert(word.into());
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let kind = declaration.kind.item.words();
        self.note(format!("declaration `{kind}`"));
        for header in &declaration.headers {
            self.header(kind, &header.item);
        }
        match &declaration.body {
            Some(Body::Block(block)) => self.block(kind, block),
            Some(Body::Expression(expr)) => self.expr(&expr.item),
            None => {}
        }
    }

    fn header(&mut self, kind: &str, header: &Header) {
        let word = match header {
            Header::Title(title) => {
                if !title.others.is_empty() {
                    self.note("a title in another language");
                }
                return self.note("a title");
            }
            Header::Version(_) => "version",
            Header::Of(_) => "of",
            Header::For(_) => "for",
            Header::From { .. } => "from",
            Header::Is(_) => "is",
            Header::At(_) => "at",
            Header::During { .. } => "during",
            Header::WithoutOverlap => "without",
            Header::Anonymous => "anonymous",
            Header::Once(by) => {
                let by = by.first().map(|word| format!(" by {}", word.item)).unwrap_or_default();
                self.note(format!("once{by}"));
                "once"
            }
            Header::In(unit) => {
                if unit.per.is_some() {
                    self.note("A per B");
                }
                "in"
            }
            Header::Every(_) => "every",
            Header::Starts(_) => "starts",
            Header::Where(_) => "where",
        };
        self.note(format!("header `{word}` of `{kind}`"));
    }

    fn block(&mut self, kind: &str, block: &Block) {
        let kinds = interplay_compile::indicator::KINDS.iter().map(|kind| kind.name);
        let labels = || block.items.iter().filter_map(label);
        let own = kinds.filter(|_| kind == "indicator").find(|kind| labels().any(|it| it == *kind));
        if let Some(own) = own {
            self.note(format!("kind `{own}`"));
        }
        for item in &block.items {
            if let Some(label) = label(item) {
                let common = interplay_compile::indicator::COMMON.contains(&label);
                let of = own.filter(|_| !common).unwrap_or(kind);
                self.note(super::with(of, label));
            }
            self.item(kind, item);
        }
    }

    fn item(&mut self, kind: &str, item: &Item) {
        if !item.docs.is_empty() {
            self.note("## documentation");
        }
        match &item.kind {
            ItemKind::Clause { label, value } => {
                if label.item == "require"
                    && matches!(&value.item, Value::Expression { title: Some(_), .. })
                {
                    self.note("require: with a reason");
                }
                if let (true, Some(way)) = (label.item == "rounded", name(&value.item)) {
                    self.note(format!("rounded {way}"));
                }
                if label
                    .item
                    .strip_prefix("with ")
                    .is_some_and(|name| self.parameters.contains(name))
                {
                    self.note("with PARAMETER");
                }
                self.value(&value.item);
            }
            ItemKind::Keyed { key, value } => {
                self.key(&key.item);
                self.value(&value.item);
            }
            ItemKind::Show(query) => {
                self.note(super::with("report", "show"));
                self.query(&query.item);
            }
            ItemKind::Expect { query, value, within } => {
                self.query(&query.item);
                self.expected(&value.item, within.is_some());
                self.expr(&value.item);
                within.iter().for_each(|within| self.expr(&within.item));
            }
            ItemKind::ExpectProblem { .. } => self.note("expect problem"),
            ItemKind::ForEach(_) => self.note("for each"),
            ItemKind::Given { organisation, table, .. } => {
                if organisation.is_some() {
                    self.note("given from");
                }
                self.cells(table);
            }
            ItemKind::Tree(_) => self.note(super::with(kind, "tree")),
            ItemKind::Block { words, block } => {
                let words: Vec<&str> = words.iter().map(|word| word.item.as_str()).collect();
                self.note(super::with(kind, &words.join(" ")));
                for item in &block.items {
                    self.item(kind, item);
                }
            }
        }
    }

    /// `unknown` in a given table is an unknown end.
    fn cells(&mut self, table: &Table) {
        let mut cells = table.rows.iter().flat_map(|row| &row.cells);
        if cells.any(|cell| cell.item == "unknown") {
            self.note("unknown");
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Expression { expr, .. } => self.expr(&expr.item),
            Value::List(list) => list.iter().for_each(|expr| self.expr(&expr.item)),
            Value::FromTo { from, to } => {
                self.note("from X to Y");
                self.expr(&from.item);
                self.expr(&to.item);
            }
            Value::Rounding(rounding) => self.note(format!("rounded {}", rounding.item.how.item)),
            Value::Labels(_) => self.note("a label in another language"),
            Value::Type(named) => self.field(named),
        }
    }

    fn field(&mut self, named: &TypeName) {
        if let Some(unit) = &named.unit {
            self.note("a number in a unit");
            if unit.per.is_some() {
                self.note("A per B");
            }
        }
        match named.name.item.as_str() {
            "date of birth" => self.note("a date of birth"),
            "text" => self.note("a field of text"),
            "instant" => self.note("an instant"),
            "date" | "number" => {}
            name if self.subjects.contains(name) => self.note("a reference to a subject"),
            _ if named.optional => self.note("a code, missing or not"),
            _ => {}
        }
    }

    fn key(&mut self, key: &Key) {
        match key {
            Key::Period(text) => self.period(text),
            Key::Date(_) => self.note("2025-01-31"),
            Key::Text(_) | Key::Number(_) => {}
            Key::Word(word) if word == "else" => self.note("else"),
            Key::Word(_) => {}
        }
    }

    fn query(&mut self, query: &Query) {
        self.note(format!("question `{}`", query.verb.item));
        if query.things.len() > 1 {
            self.note("several measures");
        }
        match &query.period {
            Some(QueryPeriod::Span(period)) => {
                self.note("in P");
                self.expr(&period.item);
            }
            Some(QueryPeriod::Named(_)) => self.note("in periods"),
            None => {}
        }
        if query.by.len() > 1 {
            self.note("by several");
        }
        for breakdown in &query.by {
            match breakdown {
                Breakdown::Name(name) => {
                    self.note("by something");
                    self.note(format!("by {}", name.item));
                    if name.item == "kind" {
                        self.note("by a kind of organisation");
                    }
                }
                Breakdown::AnyOf(_) => self.note("by any of"),
                Breakdown::EachOf(_) => self.note("by each of"),
            }
        }
        if let Some(condition) = &query.condition {
            self.note("where");
            self.expr(&condition.item);
        }
        match &query.compare {
            Some(Compare::Previous(None)) => self.note("compare previous"),
            Some(Compare::Previous(Some(_))) => self.note("compare previous UNIT"),
            Some(Compare::SamePeriodLast(_)) => self.note("compare same period last UNIT"),
            Some(Compare::Span(with)) => self.compared(&with.item),
            None => {}
        }
        if let Some(format) = &query.format {
            self.note(format!("as {}", format.item));
        }
    }
}

/// The names of declarations of a kind.
fn declared(programs: &[Program], kind: DeclarationKind) -> BTreeSet<String> {
    let statements = programs.iter().flat_map(|program| &program.statements);
    let declarations = statements.filter_map(|statement| match &statement.kind {
        StatementKind::Declaration(one) if one.kind.item == kind => Some(&one.name.item),
        _ => None,
    });
    declarations.map(Name::text).collect()
}

fn label(item: &Item) -> Option<&str> {
    match &item.kind {
        ItemKind::Clause { label, .. } => Some(label.item.as_str()),
        _ => None,
    }
}

/// A value that is one word: `down`
fn name(value: &Value) -> Option<&str> {
    match value {
        Value::Expression { expr, .. } => match &expr.item {
            Expr::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}
