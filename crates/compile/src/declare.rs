//! Declarations into the catalog: first what stands on its own, then what needs it.

use std::collections::BTreeMap;

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::RESERVED;
use interplay_syntax::tree::{self, DeclarationKind};

use crate::catalog::{Catalog, Disclosure, Library, Report, Rule, RuleKind, Subject};
use crate::check::ORGANISATION;
use crate::organisation::DELIVERY;
use crate::problems;
use crate::selection::AGGREGATES;
use crate::shape::{self, Clauses, Headers};
use crate::types::TimeUnit;

mod codes;
mod languages;
mod organisation;
mod parameter;
mod periods;
mod record;
mod source;
mod test;
mod timezone;
mod unit;

/// Reads all declarations.
pub(crate) fn declare(statements: &[&tree::Statement]) -> (Catalog, Vec<Diagnostic>) {
    let mut catalog = Catalog::default();
    let (subject, delivery) = (crate::organisation::subject(), crate::organisation::delivery());
    catalog.subjects.insert(subject.name.clone(), subject);
    catalog.records.insert(delivery.name.clone(), delivery);
    let mut problems = Vec::new();
    let mut names = Names::default();
    let mut later = Vec::new();
    for statement in statements {
        let tree::StatementKind::Declaration(declaration) = &statement.kind else { continue };
        if !names.note(declaration, &mut problems) {
            continue;
        }
        match stage(declaration.kind.item) {
            0 => on_its_own(&mut catalog, declaration, &statement.docs, &mut problems),
            stage => later.push((stage, *statement, declaration)),
        }
    }
    unit::made_of_known(&mut catalog, &mut problems);
    later.sort_by_key(|(stage, ..)| *stage);
    for statement in statements {
        if let tree::StatementKind::Declaration(declaration) = &statement.kind {
            organisation::kinds(&catalog, declaration, &mut problems);
        }
    }
    for (_, statement, declaration) in later {
        needing(&mut catalog, declaration, &statement.docs, &mut problems);
    }
    for statement in statements {
        if let tree::StatementKind::Declaration(declaration) = &statement.kind
            && declaration.kind.item == DeclarationKind::Library
        {
            involvement(&mut catalog, declaration, &mut problems);
        }
    }
    let declarations = statements.iter().filter_map(|statement| match &statement.kind {
        tree::StatementKind::Declaration(declaration) => Some(declaration),
        tree::StatementKind::Query(_) => None,
    });
    languages::declare(&mut catalog, declarations, &mut problems);
    (catalog, problems)
}

/// `involvement: contact, stay`, once the records are known.
fn involvement(
    catalog: &mut Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) {
    // What is wrong with the rest was told when the library was read.
    let Some(tree::Body::Block(block)) = &declaration.body else { return };
    let own = |item: &&tree::Item| matches!(&item.kind, tree::ItemKind::Clause { label, .. } if label.item == "involvement");
    let items = block.items.iter().filter(own).take(1);
    let span = declaration.name.span;
    let clauses = Clauses::read("library", span, items, &["involvement"], problems);
    for name in clauses.names("involvement", "a record with time", problems) {
        match catalog.records.get(&name.item) {
            Some(record) if record.start().is_some() => {
                catalog.involvement.insert(name.item);
            }
            Some(_) => {
                let found = format!("`{}`, which has no time,", name.item);
                problems.push(problems::wrong_type("a record with time", &found, name.span));
            }
            None => {
                let timed = catalog.records.values().filter(|record| record.start().is_some());
                let known = timed.map(|record| record.name.as_str());
                problems.push(problems::unknown_name("record", &name.item, name.span, known));
            }
        }
    }
}

/// What must be known first: records need code lists, sources need records, and so on.
fn stage(kind: DeclarationKind) -> u8 {
    match kind {
        DeclarationKind::Parameter | DeclarationKind::Record => 1,
        DeclarationKind::Source | DeclarationKind::Report => 2,
        // Whose clock tells given moments, a source may say.
        DeclarationKind::Test => 3,
        _ => 0,
    }
}

/// Names already taken: rules and records share one space, the others have their own.
#[derive(Debug, Default)]
struct Names {
    taken: BTreeMap<(&'static str, String), (String, Span)>,
}

impl Names {
    fn note(&mut self, declaration: &tree::Declaration, problems: &mut Vec<Diagnostic>) -> bool {
        let kind = declaration.kind.item;
        let space = match kind {
            DeclarationKind::TargetGroup
            | DeclarationKind::Define
            | DeclarationKind::Dimension
            | DeclarationKind::Indicator
            | DeclarationKind::Parameter
            | DeclarationKind::Periods
            | DeclarationKind::Record => "rule",
            other => other.words(),
        };
        let name = declaration.name.item.text();
        let span = declaration.name.span;
        if matches!(space, "rule" | "subject") && is_reserved(kind, &name) {
            problems.push(problems::reserved_name(&name, span));
            return false;
        }
        let key = match kind {
            // There is one of these in a project.
            DeclarationKind::Library | DeclarationKind::Disclosure => (space, String::new()),
            _ => (space, name.clone()),
        };
        if matches!((space, name.as_str()), ("subject", ORGANISATION) | ("rule", DELIVERY)) {
            problems.push(problems::built_in(kind.words(), &name, span));
            return false;
        }
        if let Some((first, at)) = self.taken.get(&key) {
            problems.push(match kind {
                DeclarationKind::Library | DeclarationKind::Disclosure => {
                    problems::only_one(kind.words(), (&name, span), (first, *at))
                }
                _ => problems::declared_twice(kind.words(), &name, span, *at),
            });
            return false;
        }
        self.taken.insert(key, (name, span));
        true
    }
}

/// Whether a word means something of its own where such a name stands. What stands in expressions
/// is no unit of time and nothing that is made of rows either.
fn is_reserved(kind: DeclarationKind, name: &str) -> bool {
    let outside = matches!(kind, DeclarationKind::Indicator | DeclarationKind::Dimension);
    let is_word = || {
        ["age", "this"].contains(&name)
            || TimeUnit::from_word(name).is_some()
            || AGGREGATES.iter().any(|(word, _)| *word == name)
    };
    RESERVED.contains(&name) || name == "period" || (!outside && is_word())
}

fn on_its_own(
    catalog: &mut Catalog,
    declaration: &tree::Declaration,
    docs: &[String],
    problems: &mut Vec<Diagnostic>,
) {
    let name = declaration.name.item.text();
    let span = declaration.name.span;
    match declaration.kind.item {
        DeclarationKind::Subject => {
            let takes = |header: &tree::Header| matches!(header, tree::Header::Anonymous);
            let headers = Headers::read(declaration, false, takes, problems);
            let items = shape::items(declaration, problems);
            Clauses::read("subject", span, items, &[], problems);
            let anonymous = !headers.others.is_empty();
            let subject = Subject { name: name.clone(), title: headers.title, anonymous, span };
            catalog.subjects.insert(name, subject);
        }
        DeclarationKind::Codes => {
            catalog.codes.insert(name, codes::declare(declaration, problems));
        }
        DeclarationKind::Organisation => {
            catalog.organisations.insert(name, organisation::declare(declaration, problems));
        }
        DeclarationKind::Library => {
            catalog.library = Some(library(catalog, declaration, problems));
        }
        DeclarationKind::Disclosure => {
            disclosure(catalog, declaration, problems);
        }
        DeclarationKind::TargetGroup => {
            note_rule(catalog, declaration, docs, RuleKind::TargetGroup, problems);
        }
        DeclarationKind::Define => {
            note_rule(catalog, declaration, docs, RuleKind::Define, problems);
        }
        DeclarationKind::Dimension => {
            note_rule(catalog, declaration, docs, RuleKind::Dimension, problems);
        }
        DeclarationKind::Indicator => {
            note_rule(catalog, declaration, docs, RuleKind::Indicator, problems);
        }
        DeclarationKind::Periods => {
            catalog.kinds.insert(name, periods::declare(declaration, problems));
        }
        DeclarationKind::Unit => {
            let unit = unit::declare(declaration, problems);
            catalog.units.insert(crate::units::known_as(&name).to_owned(), unit);
        }
        other => {
            let what = format!("`{}`", other.words());
            problems.push(problems::not_available(&what, declaration.kind.span));
        }
    }
}

fn needing(
    catalog: &mut Catalog,
    declaration: &tree::Declaration,
    _docs: &[String],
    problems: &mut Vec<Diagnostic>,
) {
    match declaration.kind.item {
        DeclarationKind::Parameter => {
            if let Some(parameter) = parameter::declare(catalog, declaration, problems) {
                catalog.parameters.insert(parameter.name.clone(), parameter);
            }
        }
        DeclarationKind::Record => {
            if let Some(record) = record::declare(catalog, declaration, problems) {
                catalog.records.insert(record.name.clone(), record);
            }
        }
        DeclarationKind::Source => {
            if let Some(source) = source::declare(catalog, declaration, problems) {
                catalog.sources.insert(source.name.clone(), source);
            }
        }
        DeclarationKind::Report => {
            let report = report(catalog, declaration, problems);
            catalog.reports.insert(report.name.clone(), report);
        }
        _ => {
            let tests = test::declare(catalog, declaration, problems);
            catalog.tests.extend(tests);
        }
    }
}

/// What `by` splits by without a declaration, and the heading of what is not split.
const BREAKDOWNS: [&str; 6] = ["month", "organisation", "quarter", "total", "week", "year"];

/// The headings of what is no organisation.
const HEADINGS: [&str; 3] = ["missing", "none", "total"];

fn note_rule(
    catalog: &mut Catalog,
    declaration: &tree::Declaration,
    docs: &[String],
    kind: RuleKind,
    problems: &mut Vec<Diagnostic>,
) {
    // Whom an indicator is about is said by its clauses.
    let takes_of = kind != RuleKind::Indicator;
    let headers = Headers::read(declaration, takes_of, |_| false, problems);
    let name = declaration.name.item.text();
    if kind == RuleKind::Dimension && BREAKDOWNS.contains(&name.as_str()) {
        let means = format!("`by {name}` means something already");
        let span = declaration.name.span;
        problems.push(problems::taken_word("a dimension", &name, &means, span));
    }
    let rule = Rule {
        name: name.clone(),
        kind,
        subject: headers.of.map(|word| word.item.clone()),
        title: headers.title,
        docs: docs.to_vec(),
        written: declaration.clone(),
        span: declaration.name.span,
    };
    catalog.rules.insert(name, rule);
}

fn library(
    catalog: &mut Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Library {
    let takes = |header: &tree::Header| matches!(header, tree::Header::Version(_));
    let headers = Headers::read(declaration, false, takes, problems);
    let version = headers.others.iter().find_map(|header| match &header.item {
        tree::Header::Version(version) => Some(version),
        _ => None,
    });
    let span = declaration.name.span;
    match version {
        None => {
            problems.push(problems::missing_header("library", "a version: `version \"…\"`", span));
        }
        Some(version) if !is_version(&version.item) => {
            let wanted = "a version of three numbers, such as `\"1.0.0\"`,";
            let found = format!("`{}`", version.item);
            problems.push(problems::wrong_type(wanted, &found, version.span));
        }
        Some(_) => {}
    }
    let version = version.map(|version| version.item.clone()).unwrap_or_default();
    let items = shape::items(declaration, problems);
    let known =
        ["due", "involvement", "languages", "title", "status", "timezone", "use", "silence"];
    let clauses = Clauses::read("library", span, items, &known, problems);
    let title = clauses.title("title", problems).or(headers.title);
    clauses.word("status", &["active", "draft", "retired"], problems);
    catalog.silence_is_no = clauses.word("silence", &["no"], problems).is_some();
    let due = clauses.expression("due", problems);
    catalog.due = due.and_then(|expr| organisation::due(expr, problems));
    catalog.timezone = timezone::read(&clauses, problems);
    if let Some(span) = clauses.span("use") {
        problems.push(problems::not_available("`use:` of another library", span));
    }
    Library { name: declaration.name.item.text(), version, title }
}

/// `2.1.0`, `2.1.0-draft.1`: as semantic versions are written
fn is_version(text: &str) -> bool {
    let (text, built) =
        text.split_once('+').map_or((text, None), |(text, built)| (text, Some(built)));
    let (numbers, before) =
        text.split_once('-').map_or((text, None), |(text, before)| (text, Some(before)));
    let is_number = |part: &str| {
        let plain = !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit());
        plain && (part == "0" || !part.starts_with('0'))
    };
    let is_word = |part: &str| {
        !part.is_empty()
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    let words = |text: Option<&str>| text.is_none_or(|text| text.split('.').all(is_word));
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() == 3 && parts.into_iter().all(is_number) && words(before) && words(built)
}

fn disclosure(
    catalog: &mut Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) {
    Headers::read(declaration, false, |_| false, problems);
    let (name, span) = (declaration.name.item.text(), declaration.name.span);
    let items = shape::items(declaration, problems);
    let (of, known): (_, &[&str]) = match name.as_str() {
        "none" => ("disclosure none", &["trace"]),
        "protected" => ("disclosure protected", &["trace", "withhold"]),
        _ => {
            let known = ["none", "protected"];
            problems.push(problems::unknown_name("disclosure policy", &name, span, known));
            return;
        }
    };
    let clauses = Clauses::read(of, span, items, known, problems);
    catalog.trace_allowed = clauses.word("trace", &["allowed"], problems).is_some();
    let policy = match (name.as_str(), clauses.expression("withhold", problems)) {
        ("none", _) => Some(Disclosure::None),
        (_, None) => Some(Disclosure::default()),
        (_, Some(expr)) => withheld(expr, problems),
    };
    if let Some(policy) = policy {
        catalog.disclosure = policy;
    }
}

/// `withhold: 1 .. 4`
fn withheld(expr: &Spanned<tree::Expr>, problems: &mut Vec<Diagnostic>) -> Option<Disclosure> {
    let range = match &expr.item {
        tree::Expr::Range { from, to } => count(from).zip(count(to)),
        _ => None,
    };
    match range {
        Some((least, most)) if 1 <= least && least <= most => {
            Some(Disclosure::Protected { least, most })
        }
        _ => {
            let wanted = "a range of counts, such as `1 .. 4`,";
            problems.push(problems::wrong_expr(wanted, expr));
            None
        }
    }
}

fn count(expr: &Spanned<tree::Expr>) -> Option<u32> {
    match &expr.item {
        tree::Expr::Number(digits) | tree::Expr::Period(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn report(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Report {
    let takes = |header: &tree::Header| matches!(header, tree::Header::Every(_));
    let headers = Headers::read(declaration, false, takes, problems);
    let every = headers.others.iter().find_map(|header| match &header.item {
        tree::Header::Every(unit) => Some(unit),
        _ => None,
    });
    if let Some(unit) = every
        && catalog.kind_of_period(&unit.item).is_none()
    {
        let known = catalog.kinds_of_period();
        problems.push(problems::unknown_name("unit of time", &unit.item, unit.span, known));
    }
    let mut shows = Vec::new();
    for item in shape::items(declaration, problems) {
        match &item.kind {
            tree::ItemKind::Show(query) => shows.push(query.clone()),
            tree::ItemKind::Clause { label, .. } => {
                problems.push(problems::unknown_clause(
                    "report",
                    &label.item,
                    label.span,
                    &["show"],
                ));
            }
            _ => problems.push(problems::unknown_clause("report", "…", item.span, &["show"])),
        }
    }
    if shows.is_empty() && declaration.body.is_some() {
        let wanted = "what it shows, such as `show: measure reach by gender`";
        problems.push(problems::missing_clause("report", wanted, declaration.name.span));
    }
    Report {
        name: declaration.name.item.text(),
        title: headers.title,
        every: every.map(|unit| unit.item.clone()),
        shows,
        span: declaration.name.span,
    }
}
