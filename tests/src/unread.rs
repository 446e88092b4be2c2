//! Nothing that is written goes unread (D3): each header, entry, value and word that is put into a
//! sound text in a place where nobody reads it must be a problem.
//!
//! What is put in names something that is not there, so whoever reads it must miss it.

use interplay_compile::indicator::{COMMON, KINDS};
use interplay_compile::query::VERBS;
use interplay_diagnostic::{SourceId, Span};
use interplay_syntax::tree::{
    Block, Body, Declaration, DeclarationKind, Header, Item, ItemKind, Program, StatementKind,
    Value,
};
use interplay_syntax::{Token, TokenKind, lex, parse};

use crate::engine;

/// Every declaration, with every header and clause that this version reads.
const SOUND: &str = include_str!("unread/sound.interplay");

/// A query of each verb.
const QUERIES: &[&str] = &[
    "describe reach",
    "explain reach",
    "list indicators",
    "measure reach",
    "trace reach for \"a\"",
    "values of gender_code",
];

/// Headers as they are written, by the word that begins them.
const HEADERS: &[(&str, &str)] = &[
    ("anonymous", "anonymous"),
    ("at", "at day"),
    ("during", "during arrived until left"),
    ("every", "every quarter"),
    ("for", "for stay"),
    ("from", "from stay"),
    ("in", "in EUR"),
    ("is", "is arrived, left"),
    ("of", "of person"),
    ("once", "once"),
    ("starts", "starts 09-01"),
    ("version", "version \"1.0.0\""),
    ("where", "where arrived < left"),
    ("without", "without overlap"),
    ("title", "\"Zzzq\""),
];

/// Entries of blocks, and in which blocks they may stand.
const ENTRIES: &[(&str, &[&str])] = &[
    ("zzzq: 1", &["periods"]),
    ("zzzq: \"Z\"", &["codes"]),
    ("zzzq: number", &["record"]),
    ("zzzq: f", &["codes groups"]),
    ("2031: 1", &["parameter"]),
    ("\"zzzq\": 1", &[]),
    ("zzzq { zzzq: 1 }", &[]),
    ("map { zzzq: 1 }", &[]),
    ("groups { zzzq: zzzq }", &[]),
    ("show: list indicators", &["report"]),
    ("expect: measure reach in 2025 is 1", &["test"]),
    ("expect problem: unknown-name in \"measure zzzq in 2025\"", &["test"]),
    ("given stay from north {\n person | arrived | left\n}", &["test"]),
    ("for each {\n zzzq\n 1\n}", &[]),
    ("tree {\n code | label | level\n zzzq | Z | zzzq\n}", &[]),
    ("with zzzq: 1", &[]),
];

/// What is wrong: the changes that nobody told of.
#[must_use]
pub fn unread() -> Vec<String> {
    let (program, problems) = parse(SourceId(0), SOUND);
    assert!(problems.is_empty(), "{problems:?}");
    let told = engine::diagnostics(SOUND);
    assert!(told.codes().is_empty(), "{}", told.text());
    let mut unread = lacking(&program);
    let mut changes = Vec::new();
    headers(&program, &mut changes);
    for (place, block) in blocks(&program) {
        entries(&place, block, &mut changes);
        for item in &block.items {
            values(&place, item, &mut changes);
        }
    }
    words(&program, &mut changes);
    calls(&mut changes);
    unread.extend(changes.into_iter().filter(Change::is_unread).map(|change| change.what));
    unread.extend(queries());
    unread
}

/// Headers that the language has and no version of it reads yet.
const NOT_YET: &[&str] = &["from", "is", "where"];

/// What the tables of the language know and the sound text does not have.
fn lacking(program: &Program) -> Vec<String> {
    let mut lacking = Vec::new();
    for (words, kind) in DeclarationKind::ALL {
        let own: Vec<_> = declarations(program).filter(|it| it.kind.item == *kind).collect();
        for header in kind.headers().iter().filter(|header| !NOT_YET.contains(header)) {
            let mut headers = own.iter().flat_map(|declaration| &declaration.headers);
            // What is not read yet at all is refused as a whole.
            if !own.is_empty() && !headers.any(|it| text(it.span).starts_with(header)) {
                lacking.push(format!("the text has no `{header}` of `{words}`"));
            }
        }
    }
    for clause in KINDS.iter().flat_map(|kind| kind.clauses).chain(COMMON) {
        if !SOUND.contains(&format!(" {clause}:")) {
            lacking.push(format!("the text has no `{clause}:`"));
        }
    }
    let kinds = KINDS.iter().filter(|kind| !SOUND.contains(&format!(" {}:", kind.name)));
    lacking.extend(kinds.map(|kind| format!("the text has no `{}:`", kind.name)));
    let is_asked = |name: &str| QUERIES.iter().any(|query| query.starts_with(name));
    let verbs = VERBS.iter().filter(|verb| !is_asked(verb.name));
    lacking.extend(verbs.map(|verb| format!("there is no query with `{}`", verb.name)));
    lacking
}

/// The sound text with something in it that nobody should pass over.
struct Change {
    what: String,
    span: (usize, usize),
    by: String,
}

impl Change {
    fn is_unread(&self) -> bool {
        let (before, after) = (part(0, self.span.0), part(self.span.1, SOUND.len()));
        engine::diagnostics(&format!("{before}{}{after}", self.by)).codes().is_empty()
    }
}

fn at(span: Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

fn text(span: Span) -> &'static str {
    part(span.start as usize, span.end as usize)
}

fn part(start: usize, end: usize) -> &'static str {
    SOUND.get(start..end).expect("a part of the text")
}

fn declarations(program: &Program) -> impl Iterator<Item = &Declaration> {
    program.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Declaration(declaration) => Some(declaration),
        StatementKind::Query(_) => None,
    })
}

/// Each header that a declaration does not have, and again each that it has.
fn headers(program: &Program, changes: &mut Vec<Change>) {
    for declaration in declarations(program) {
        let kind = declaration.kind.item;
        let has_title =
            declaration.headers.iter().any(|header| matches!(header.item, Header::Title(_)));
        let end = declaration.name.span.end as usize;
        for (word, header) in HEADERS {
            let is_taken = match *word {
                "title" => is_titled(kind) && !has_title,
                word => {
                    kind.headers().contains(&word)
                        && !declaration.headers.iter().any(|it| text(it.span).starts_with(word))
                }
            };
            if !is_taken {
                let what = format!("`{header}` of {}", text(declaration.name.span));
                changes.push(Change { what, span: (end, end), by: format!(" {header} ") });
            }
        }
        for header in &declaration.headers {
            let what = format!("`{}` twice of {}", text(header.span), text(declaration.name.span));
            let by = format!(" {} ", text(header.span));
            changes.push(Change { what, span: (end, end), by });
        }
    }
}

/// Whether a declaration has a title that somebody reads.
fn is_titled(kind: DeclarationKind) -> bool {
    !matches!(kind, DeclarationKind::Disclosure | DeclarationKind::Source | DeclarationKind::Test)
}

/// The blocks of declarations, and those within: `codes groups`
fn blocks(program: &Program) -> Vec<(String, &Block)> {
    let mut found = Vec::new();
    for declaration in declarations(program) {
        let Some(Body::Block(block)) = &declaration.body else { continue };
        let kind = declaration.kind.item.words();
        found.push((kind.to_owned(), block));
        for item in &block.items {
            if let ItemKind::Block { words, block } = &item.kind {
                let words: Vec<&str> = words.iter().map(|word| word.item.as_str()).collect();
                found.push((format!("{kind} {}", words.join(" ")), block));
            }
        }
    }
    found
}

/// Each entry that does not belong into a block.
fn entries(place: &str, block: &Block, changes: &mut Vec<Change>) {
    let (start, _) = at(block.span);
    for (entry, places) in ENTRIES {
        if !places.contains(&place) {
            let what = format!("`{entry}` in the block of {place}");
            changes.push(Change { what, span: (start + 1, start + 1), by: format!(" {entry} ") });
        }
    }
}

/// Other shapes of the value of a clause, and the clause twice.
fn values(place: &str, item: &Item, changes: &mut Vec<Change>) {
    let (ItemKind::Clause { value, .. } | ItemKind::Keyed { value, .. }) = &item.kind else {
        return;
    };
    let written = text(value.span);
    let shapes = [
        "zzzq".to_owned(),
        "\"zzzq\"".to_owned(),
        "\"zzzq\" nl \"zzzq\"".to_owned(),
        "from zzzq to zzzq".to_owned(),
        "half even to 9 decimals".to_owned(),
        "zzzq, zzzq".to_owned(),
        format!("{written} \"zzzq\""),
        format!("{written}, zzzq"),
        format!("{written} nl \"zzzq\""),
    ];
    for shape in shapes {
        if !may_be(place, text(item.span), &value.item, &shape) {
            let what =
                format!("`{shape}` instead of the value of `{}` in {place}", text(item.span));
            changes.push(Change { what, span: at(value.span), by: shape });
        }
    }
    // Of several the last word may count, or each.
    if !text(item.span).starts_with("require") {
        let end = at(item.span).1;
        let by = format!("  {}", text(item.span));
        let what = format!("`{}` twice in {place}", text(item.span));
        changes.push(Change { what, span: (end, end), by });
    }
}

/// Whether a value may as well be so: texts for readers.
fn may_be(place: &str, item: &str, value: &Value, shape: &str) -> bool {
    let is_text = shape.starts_with('"') || shape.ends_with(" nl \"zzzq\"");
    let label = item.split(':').next().unwrap_or_default();
    match (place, label) {
        // A label, in one language or two.
        ("codes", label) if label != "levels" => {
            is_text
                && !matches!(value, Value::Labels(_) if shape.ends_with(", zzzq"))
                && !shape.ends_with("\" \"zzzq\"")
        }
        // A level at which nothing lies yet.
        ("codes", "levels") => shape == format!("{}, zzzq", item.trim_start_matches("levels: ")),
        ("library", "title") => {
            shape.starts_with('"') && !shape.ends_with("\" \"zzzq\"")
                || shape.ends_with(" nl \"zzzq\"")
        }
        ("indicator", "aligns") => shape == "\"zzzq\"",
        ("indicator", "rounded") => shape == "half even to 9 decimals",
        // What a period is called.
        ("periods", _) => shape.ends_with(".. 2024-03-09 \"zzzq\""),
        // The same text in every row.
        ("source map", _) => shape == "\"zzzq\"",
        _ => false,
    }
}

/// Each word and number of a value, a header or a body is one that nobody knows.
fn words(program: &Program, changes: &mut Vec<Change>) {
    let (tokens, _) = lex(SourceId(0), SOUND);
    let mut spans: Vec<Span> = Vec::new();
    for declaration in declarations(program) {
        spans.extend(declaration.headers.iter().map(|header| header.span));
        if let Some(Body::Expression(expr)) = &declaration.body {
            spans.push(expr.span);
        }
    }
    for (_, block) in blocks(program) {
        for item in &block.items {
            match &item.kind {
                ItemKind::Clause { value, .. } | ItemKind::Keyed { value, .. } => {
                    spans.push(value.span);
                }
                ItemKind::Show(query) | ItemKind::Expect { query, .. } => spans.push(query.span),
                ItemKind::ExpectProblem { .. }
                | ItemKind::ForEach(_)
                | ItemKind::Given { .. }
                | ItemKind::Tree(_)
                | ItemKind::Block { .. } => {}
            }
        }
    }
    let is_in = |token: &&Token| {
        spans.iter().any(|span| span.start <= token.span.start && token.span.end <= span.end)
    };
    for token in tokens.iter().filter(is_in) {
        let is_word = matches!(
            token.kind,
            TokenKind::Name
                | TokenKind::Number
                | TokenKind::Ordinal
                | TokenKind::Date
                | TokenKind::Period
                | TokenKind::MonthDay
        );
        if is_word && !may_be_any(token.span) {
            let what = format!("`zzzq` for `{}` in `{}`", text(token.span), around(token.span));
            changes.push(Change { what, span: at(token.span), by: "zzzq".to_owned() });
        }
    }
}

/// Units and what stands in exports may be called anything.
fn may_be_any(span: Span) -> bool {
    let before = part(0, span.start as usize).trim_end();
    let is_unit = ["number in", "line in", "per", "= 45"].iter().any(|it| before.ends_with(it));
    is_unit || (text(span) == "else" && around(span).contains("recode"))
}

/// The line in which something stands.
fn around(span: Span) -> &'static str {
    let (start, end) = at(span);
    let first = part(0, start).rfind('\n').map_or(0, |at| at + 1);
    let last = part(end, SOUND.len()).find('\n').map_or(SOUND.len(), |at| end + at);
    part(first, last).trim()
}

/// A name before the first argument of a call, and one argument more than there are.
fn calls(changes: &mut Vec<Change>) {
    let (tokens, _) = lex(SourceId(0), SOUND);
    for pair in tokens.windows(2) {
        let [name, open] = pair else { continue };
        let is_call = name.kind == TokenKind::Name
            && open.kind == TokenKind::OpenParen
            && name.span.end == open.span.start;
        if is_call {
            let end = open.span.end as usize;
            for by in ["zzzq: ", "zzzq: 1, ", "zzzq, "] {
                let what = format!(
                    "`{by}` in the call of `{}` in `{}`",
                    text(name.span),
                    around(name.span)
                );
                changes.push(Change { what, span: (end, end), by: by.to_owned() });
            }
        }
    }
}

/// Each part of a query, of something that is not there, behind each verb.
fn queries() -> Vec<String> {
    // The formats behind `as` are known to whoever writes them.
    let parts = [
        "in zzzq",
        "by zzzq",
        "where zzzq",
        "using zzzq",
        "compare zzzq",
        ", zzzq",
        "of zzzq",
        "for zzzq",
    ];
    let mut unread = Vec::new();
    let shown =
        SOUND.replace("show: measure reach by gender", "show: measure reach by gender as csv");
    if engine::diagnostics(&shown).codes().is_empty() {
        unread.push("`as csv` in a report".to_owned());
    }
    for query in QUERIES {
        for part in parts {
            let text = format!("{SOUND}\n{query} {part}\n");
            if engine::diagnostics(&text).codes().is_empty() {
                unread.push(format!("{query} {part}"));
            }
        }
    }
    unread
}
