//! The manual, run: its rules are checked, its tests pass, its questions bring what it shows.

use std::sync::LazyLock;

use interplay::{Outcome, Session};
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::render::render;
use interplay_diagnostic::{Diagnostic, SourceId};
use interplay_report::Options;
use interplay_syntax::tree::{DeclarationKind, Program, StatementKind};
use tokio::runtime::Runtime;

use crate::page::{Block, Page, Part, Role};
use crate::{engine, sample};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// What the test is called that holds the rows of a page.
const ROWS: &str = "the rows of this page";

/// What holds of any rows.
const EXPECTED: &str =
    "  expect problem: unknown-name in \"measure nothing_is_called_so in 2025\"\n";

/// The page as it should be: under each block that brings something, what it brings.
///
/// # Panics
///
/// When a block that should hold does not, or the other way round.
#[must_use]
pub fn run(page: &Page) -> Page {
    if page.has_commands() {
        return page.clone();
    }
    let mut book = Book::open(page);
    let mut parts = Vec::new();
    let mut left = page.parts.iter().peekable();
    while let Some(part) = left.next() {
        parts.push(part.clone());
        let Part::Block(block) = part else { continue };
        let Some(text) = book.brings(block) else { continue };
        // What stood there before gives way.
        parts.push(Part::Prose("\n".to_owned()));
        parts.push(Part::Block(Block::result(&text)));
        let is_blank = |part: &&Part| matches!(part, Part::Prose(text) if text.trim().is_empty());
        let is_result =
            |part: &&Part| matches!(part, Part::Block(block) if block.role() == Some(Role::Result));
        let mut ahead = left.clone();
        if ahead.next_if(is_blank).is_some() && ahead.next_if(is_result).is_some() {
            left = ahead;
        }
    }
    Page { name: page.name.clone(), parts }
}

/// What a page declares, with its rows.
struct Book {
    name: String,
    session: Session,
    rows: bool,
}

impl Book {
    /// Reads all that the page declares, wherever it stands on it.
    fn open(page: &Page) -> Self {
        let name = page.name.clone();
        let mut rules = String::new();
        let mut rows = String::new();
        for (block, role) in page.blocks() {
            match role {
                Role::Rules => rules.push_str(&declarations(&block.text)),
                Role::Given => rows.push_str(&block.text),
                _ => {}
            }
        }
        // As in a test, small numbers are shown unless the page says otherwise.
        if !rules.contains("disclosure ") {
            rules.push_str("disclosure none\n");
        }
        let has_rows = !rows.is_empty();
        if has_rows {
            let lines: String = rows.lines().map(|line| format!("  {line}\n")).collect();
            // A test says what is expected; this one lends its rows.
            rules.extend(["test \"", ROWS, "\" {\n", &lines, EXPECTED, "}\n"]);
        }
        let mut session = RUNTIME
            .block_on(Session::builder().rules(&name, &rules).open())
            .expect("a session opens");
        let problems = render(session.problems(), session.sources(), false);
        assert!(session.problems().is_empty(), "docs/{name}\n{problems}\n{rules}");
        if has_rows {
            session.take_rows(ROWS).expect("the rows of the page are taken");
        }
        Self { name, session, rows: has_rows }
    }

    /// What comes out of a block; none when it only declares.
    fn brings(&mut self, block: &Block) -> Option<String> {
        let place = format!("docs/{}:{}", self.name, block.line);
        match block.role()? {
            Role::Rules => {
                self.passes(&place, &block.text);
                let questions = questions(&block.text);
                (!questions.is_empty()).then(|| self.answers(&place, &questions))
            }
            Role::Fails => Some(self.problems(&place, &block.text)),
            Role::FailsAlone => {
                let found = engine::diagnostics(&block.text).text();
                assert!(!found.is_empty(), "{place}: nothing fails");
                Some(found.replace("program:", "example:"))
            }
            _ => None,
        }
    }

    /// The tests of the block pass.
    fn passes(&self, place: &str, text: &str) {
        for name in tests(text) {
            let outcomes = RUNTIME.block_on(self.session.test(Some(&name)));
            for outcome in outcomes.expect("a test runs") {
                assert!(outcome.passed, "{place}: {name}\n{:#?}", outcome.failures);
            }
        }
    }

    fn answers(&mut self, place: &str, questions: &str) -> String {
        let outcomes = RUNTIME.block_on(self.session.run("question", questions));
        let outcomes = outcomes.unwrap_or_else(|error| panic!("{place}: {error}\n{questions}"));
        let shown = outcomes.iter().map(|outcome| {
            let problems = render(&outcome.problems, self.session.sources(), false);
            assert!(outcome.answer.is_some(), "{place}\n{problems}");
            format!(
                "{problems}{}",
                interplay_report::render(outcome, sample::format(outcome), OPTIONS)
            )
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    /// The problems of a block that should have some.
    fn problems(&mut self, place: &str, text: &str) -> String {
        let mut problems = self.session.check("example", text);
        if problems.is_empty() && self.rows {
            let outcomes = RUNTIME.block_on(self.session.run("example", text));
            let outcomes: Vec<Outcome> =
                outcomes.unwrap_or_else(|error| panic!("{place}: {error}"));
            problems.extend(outcomes.into_iter().flat_map(|outcome| outcome.problems));
        }
        assert!(has_error(&problems), "{place}: nothing fails{}", self.told(&problems));
        self.told(&problems)
    }

    fn told(&self, problems: &[Diagnostic]) -> String {
        render(problems, self.session.sources(), false)
    }
}

const OPTIONS: Options = Options { width: Some(100), has_title: false, has_provenance: false };

/// The statements of `text`, with where each begins and ends.
fn statements(text: &str) -> (Program, Vec<&str>) {
    let (program, _) = interplay_syntax::parse(SourceId::default(), text);
    let starts: Vec<usize> =
        program.statements.iter().map(|statement| statement.span.start as usize).collect();
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    let pairs = starts.iter().copied().zip(ends);
    let texts = pairs.map(|(start, end)| text.get(start..end).unwrap_or_default());
    (program, texts.collect())
}

fn declarations(text: &str) -> String {
    let (program, texts) = statements(text);
    let both = program.statements.iter().zip(texts);
    let kept = both.filter(|(one, _)| matches!(one.kind, StatementKind::Declaration(_)));
    kept.map(|(_, text)| format!("{}\n", text.trim_end())).collect()
}

fn questions(text: &str) -> String {
    let (program, texts) = statements(text);
    let both = program.statements.iter().zip(texts);
    let kept = both.filter(|(one, _)| matches!(one.kind, StatementKind::Query(_)));
    kept.map(|(_, text)| format!("{}\n", text.trim_end())).collect()
}

fn tests(text: &str) -> Vec<String> {
    let (program, _) = statements(text);
    let names = program.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Declaration(one) if one.kind.item == DeclarationKind::Test => {
            Some(one.name.item.text())
        }
        _ => None,
    });
    names.collect()
}
