//! Commands of the session that are no statements.

use interplay_compile::indicator::KINDS;
use interplay_compile::query::VERBS;
use interplay_compile::selection::AGGREGATES;
use interplay_diagnostic::suggest;
use interplay_report::format;
use interplay_syntax::is_reserved;
use interplay_syntax::tree::DeclarationKind;

use super::{Next, Repl};
use crate::command;
use crate::project::{self, unless_cancelled};
use crate::stop::Stop;
use crate::terminal;

/// Every command, by name. A new command is a function and a line here.
pub(crate) const COMMANDS: &[Command] = &[
    Command { name: "help", summary: "this page, or `help WORD` about a word", run: help },
    Command {
        name: "language",
        summary: "`language nl`: titles and labels in that language from now on",
        run: language,
    },
    Command { name: "load", summary: "loads what changed, and tells of every source", run: load },
    Command {
        name: "problem",
        summary: "what a problem means, by the word in its brackets: `problem unknown-name`",
        run: problem,
    },
    Command { name: "quit", summary: "ends the session, as Ctrl-D does", run: quit },
    Command { name: "reload", summary: "reads the rule files again", run: reload },
    Command {
        name: "report",
        summary: "prints reports: all, or those named after it",
        run: report,
    },
    Command { name: "test", summary: "runs the tests, or `test WORDS` some of them", run: test },
];

/// One command of the session.
#[derive(Clone, Copy)]
pub(crate) struct Command {
    /// The word it is called by.
    pub(crate) name: &'static str,
    /// One line for `help`.
    pub(crate) summary: &'static str,
    pub(super) run: fn(&mut Repl<'_>, &str) -> Result<Next, Stop>,
}

/// The command an entry calls, and what is written after it. `report quarterly {` is no command
/// but a declaration.
pub(super) fn find(entry: &str) -> Option<(&'static Command, &str)> {
    let entry = entry.trim();
    let (word, rest) = entry.split_once(char::is_whitespace).unwrap_or((entry, ""));
    // What habits from elsewhere write.
    let word = match word.trim_start_matches(['\\', ':', '.']) {
        "exit" | "q" => "quit",
        "?" | "h" => "help",
        word => word,
    };
    let is_plain = !rest.contains(['{', '=', ':', '\n']);
    let command = COMMANDS.iter().find(|command| command.name == word);
    command.filter(|_| is_plain).map(|command| (command, rest.trim()))
}

fn problem(_: &mut Repl<'_>, code: &str) -> Result<Next, Stop> {
    terminal::results(&command::explain_problem::text(code, "problem")?)?;
    Ok(Next::Entry)
}

fn quit(_: &mut Repl<'_>, _: &str) -> Result<Next, Stop> {
    Ok(Next::End)
}

fn language(repl: &mut Repl<'_>, language: &str) -> Result<Next, Stop> {
    if language.is_empty() {
        let known = repl.session.languages();
        let text = if known.is_empty() {
            "titles and labels are in one language, which the rules do not name".to_owned()
        } else {
            format!("titles and labels are in {}", known.join(", "))
        };
        terminal::results(&format!("{text}\n"))?;
        return Ok(Next::Entry);
    }
    repl.session.speak(language)?;
    repl.asked.language = Some(language.to_owned());
    Ok(Next::Entry)
}

fn load(repl: &mut Repl<'_>, _: &str) -> Result<Next, Stop> {
    let summary = repl.runtime.block_on(unless_cancelled(repl.session.load()))??;
    terminal::results(&command::load::text(&summary))?;
    Ok(Next::Entry)
}

fn reload(repl: &mut Repl<'_>, _: &str) -> Result<Next, Stop> {
    repl.session = repl.runtime.block_on(project::open(&repl.asked, &repl.bar))?;
    terminal::problems(repl.session.problems(), repl.session.sources());
    let count = repl.session.sources().iter().count();
    terminal::tell(&format!("read {count} files; what was declared in this session is gone"));
    Ok(Next::Entry)
}

fn report(repl: &mut Repl<'_>, names: &str) -> Result<Next, Stop> {
    let names: Vec<String> = names.split([' ', ',']).map(str::to_owned).collect();
    let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
    command::run::find(&repl.session, &names)?;
    let work = repl.session.report(&names, None);
    let reports = repl.runtime.block_on(unless_cancelled(work))??;
    terminal::results(&command::run::text(&reports, terminal::width()))?;
    for outcome in reports.iter().flat_map(|report| &report.outcomes) {
        terminal::problems(&outcome.problems, repl.session.sources());
    }
    Ok(Next::Entry)
}

fn test(repl: &mut Repl<'_>, words: &str) -> Result<Next, Stop> {
    let words = words.trim_matches('"');
    let filter = (!words.is_empty()).then_some(words);
    let outcomes = repl.runtime.block_on(unless_cancelled(repl.session.test(filter)))??;
    terminal::results(&command::test::told(&repl.session, &outcomes, filter))?;
    let passed = outcomes.iter().all(|outcome| outcome.passed);
    if passed { Ok(Next::Entry) } else { Err(Stop::Problems) }
}

fn help(repl: &mut Repl<'_>, word: &str) -> Result<Next, Stop> {
    let text = if word.is_empty() { overview() } else { about(repl, word.trim_matches('`')) };
    terminal::results(&format!("{text}\n"))?;
    Ok(Next::Entry)
}

/// Declarations that this version knows and cannot compute yet.
const NOT_BUILT: &[&str] = &["bridge", "contribution rule", "timeline"];

/// One line a word: where it belongs, what it is called, and what it is.
fn words() -> Vec<(&'static str, &'static str, &'static str)> {
    let verbs = VERBS.iter().map(|verb| ("question", verb.name, verb.summary));
    let kinds = KINDS.iter().map(|kind| ("kind of indicator", kind.name, kind.summary));
    let aggregates = AGGREGATES.iter().map(|(name, summary)| ("word before `of`", *name, *summary));
    let commands = COMMANDS.iter().map(|row| ("command", row.name, row.summary));
    let formats = format::FORMATS.iter().map(|row| ("format", row.name, row.summary));
    verbs.chain(kinds).chain(aggregates).chain(commands).chain(formats).collect()
}

fn overview() -> String {
    let rows = words();
    let section = |title: &str, sort: &str| {
        let rows = rows.iter().filter(|(own, _, _)| *own == sort);
        let lines: Vec<String> =
            rows.map(|(_, name, summary)| format!("  {name:<10} {summary}\n")).collect();
        format!("{title}\n{}", lines.concat())
    };
    let all = DeclarationKind::ALL.iter().map(|(words, _)| *words);
    let declarations: Vec<&str> = all.filter(|words| !NOT_BUILT.contains(words)).collect();
    [
        section(
            "Questions, as in `measure reach in 2025 by district where gender is f`",
            "question",
        ),
        section("Kinds of indicator", "kind of indicator"),
        section("Words before `of`, as in `count of contact during period`", "word before `of`"),
        format!("Declarations\n  {}\n", wrapped(&declarations)),
        section("Commands of this session", "command"),
        "Tab completes a word; an open bracket goes on in the next line.".to_owned(),
    ]
    .join("\n")
}

/// Words joined by commas, a few a line.
fn wrapped(words: &[&str]) -> String {
    let lines: Vec<String> = words.chunks(6).map(|words| words.join(", ")).collect();
    lines.join(",\n  ")
}

fn about(repl: &Repl<'_>, word: &str) -> String {
    let rows = words();
    let mut lines: Vec<String> = rows
        .iter()
        .filter(|(_, name, _)| *name == word)
        .map(|(sort, name, summary)| format!("{name} ({sort}): {summary}"))
        .collect();
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == word)
        && !kind.clauses.is_empty()
    {
        lines.push(format!("  beside it: {}", suggest::list(kind.clauses)));
    }
    if let Some(verb) = VERBS.iter().find(|verb| verb.name == word)
        && !verb.parts.is_empty()
    {
        lines.push(format!("  after it: {}", suggest::list(verb.parts)));
    }
    if NOT_BUILT.contains(&word) {
        lines.push(format!("{word} begins a declaration that this version cannot compute yet"));
    } else if DeclarationKind::ALL.iter().any(|(words, _)| *words == word) {
        lines.push(format!("{word} begins a declaration: `{word} NAME …`"));
    }
    if is_reserved(word) {
        lines.push(format!("{word} joins other words or stands before them"));
        lines.push("  in the manual: docs/conditions.md, docs/timing, docs/selections".to_owned());
    }
    lines.extend(page(word).map(|page| format!("  in the manual: {page}")));
    let names = super::Names::new(&repl.session).all();
    if names.iter().any(|name| name == word) {
        lines.push(format!("{word} is declared here: `describe {word}` shows it"));
    }
    if !lines.is_empty() {
        return lines.join("\n");
    }
    let known = rows.iter().map(|(_, name, _)| *name);
    let known = known.chain(DeclarationKind::ALL.iter().map(|(words, _)| *words));
    let known = known.chain(names.iter().map(String::as_str));
    match suggest::nearest(word, known) {
        Some(near) => format!("there is no word `{word}`; did you mean `{near}`?"),
        None => format!("there is no word `{word}`; `help` alone lists them"),
    }
}

/// Where the manual speaks of a word; aggregates share pages, which the list of words names.
fn page(word: &str) -> Option<String> {
    let folder = if KINDS.iter().any(|kind| kind.name == word) {
        "indicators"
    } else if VERBS.iter().any(|verb| verb.name == word) {
        "queries"
    } else if DeclarationKind::ALL.iter().any(|(words, _)| *words == word) {
        "declarations"
    } else {
        let is_aggregate = AGGREGATES.iter().any(|(name, _)| *name == word);
        return is_aggregate.then(|| "docs/words.md".to_owned());
    };
    Some(format!("docs/{folder}/{}.md", word.replace(' ', "-")))
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, find, overview, words};

    #[test]
    fn commands_are_sorted_and_unique() {
        assert!(COMMANDS.is_sorted_by(|one, next| one.name < next.name));
    }

    #[test]
    fn summaries_are_one_plain_line() {
        for command in COMMANDS {
            let summary = command.summary;
            assert!(!summary.ends_with('.') && !summary.contains('\n'), "{}", command.name);
        }
    }

    #[test]
    fn a_command_stands_alone_and_a_declaration_is_none() {
        let name = |entry| find(entry).map(|(command, rest)| (command.name, rest));
        assert_eq!(name(" help share "), Some(("help", "share")));
        assert_eq!(name("exit"), Some(("quit", "")));
        assert_eq!(name(":q"), Some(("quit", "")));
        assert_eq!(name("report quarterly {"), None);
        assert_eq!(name("measure reach"), None);
    }

    #[test]
    fn help_speaks_of_every_word() {
        let text = overview();
        for (sort, name, _) in words() {
            assert!(sort == "format" || text.contains(name), "{name}");
        }
    }
}
