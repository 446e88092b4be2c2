//! The session in which questions are typed.
//!
//! 1. [`Repl::converse`] reads entries from the terminal with `helper`'s history, colours and
//!    completion; [`Repl::read`] reads them from a pipe.
//! 2. [`Repl::enter`] runs an entry: a command of `meta`, or statements for the engine.
//! 3. What comes out is printed, problems under the text. Nothing but `quit` ends the session.

mod complete;
mod helper;
mod highlight;
mod meta;

use std::io::{self, BufRead};
use std::path::PathBuf;

use interplay::{Answer, Outcome, Provenance, Session};
use interplay_diagnostic::problem::has_error;
use interplay_report::{Options, TABLE, render};
use rustyline::Editor;
use rustyline::config::{CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use tokio::runtime::Runtime;

use self::complete::Names;
use self::helper::ReplHelper;
use crate::progress::Bar;
use crate::project::{self, Asked, unless_cancelled};
use crate::stop::Stop;
use crate::{terminal, wanted};

const PROMPT: &str = "interplay> ";

/// Where the entries of earlier sessions are kept, within the project.
const HISTORY: &str = ".interplay/history";

/// A session and what it takes to talk with it.
pub(crate) struct Repl<'a> {
    session: Session,
    bar: Bar,
    asked: Asked,
    runtime: &'a Runtime,
    entry_count: usize,
    is_interactive: bool,
    /// Where the last result came from.
    told: Option<Provenance>,
    /// The gravest exit code so far.
    failed: u8,
}

/// What comes after an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Entry,
    End,
}

impl<'a> Repl<'a> {
    /// Opens the project that is asked for. Problems of its rules are told and do not end it.
    pub(crate) fn open(asked: &Asked, runtime: &'a Runtime) -> Result<Self, Stop> {
        let bar = Bar::default();
        let session = runtime.block_on(project::open(asked, &bar))?;
        terminal::problems(session.problems(), session.sources());
        Ok(Self {
            session,
            bar,
            asked: asked.clone(),
            runtime,
            entry_count: 0,
            is_interactive: false,
            told: None,
            failed: 0,
        })
    }

    /// Talks with somebody at a terminal.
    pub(crate) fn converse(mut self) -> Result<(), Stop> {
        self.is_interactive = true;
        let mut editor = self.editor()?;
        let history = self.history(&mut editor);
        terminal::tell(&self.greeting());
        loop {
            let entry = match editor.readline(PROMPT) {
                Ok(entry) => entry,
                // Ctrl-C drops what is typed, Ctrl-D ends.
                Err(ReadlineError::Interrupted) => continue,
                Err(ReadlineError::Eof) => return terminal::results("\n"),
                Err(error) => return Err(Stop::world("cannot read from the terminal", &error)),
            };
            let entry = entry.trim_end();
            if entry.is_empty() {
                continue;
            }
            // A history that cannot be kept is no reason to stop.
            if editor.add_history_entry(entry).unwrap_or(false)
                && let Some(path) = &history
            {
                editor.append_history(path).unwrap_or_default();
            }
            if self.enter(entry)? == Next::End {
                return Ok(());
            }
            if let Some(helper) = editor.helper_mut() {
                helper.names = Names::new(&self.session);
            }
        }
    }

    /// Reads entries from standard input up to its end. A statement begins in column one, as in
    /// a file, so one that is not whole does not take the next along.
    pub(crate) fn read(mut self) -> Result<(), Stop> {
        let mut entry = String::new();
        for line in io::stdin().lock().lines() {
            let line = line.map_err(|error| Stop::world("cannot read standard input", &error))?;
            let is_done = begins_statement(&line) && helper::may_end(&entry);
            if is_done && self.enter(&std::mem::take(&mut entry))? == Next::End {
                return self.end();
            }
            entry.push_str(&line);
            entry.push('\n');
        }
        self.enter(&entry)?;
        self.end()
    }

    fn end(&self) -> Result<(), Stop> {
        if self.failed == 0 { Ok(()) } else { Err(Stop::Told(self.failed)) }
    }

    /// Runs one entry. Only what ends the session is an `Err`.
    fn enter(&mut self, entry: &str) -> Result<Next, Stop> {
        if entry.trim().is_empty() {
            return Ok(Next::Entry);
        }
        let done = match meta::find(entry) {
            Some((command, rest)) => (command.run)(self, rest),
            None => self.ask(entry).map(|()| Next::Entry),
        };
        self.bar.clear();
        match done {
            Err(Stop::Closed) => Err(Stop::Closed),
            Err(stop) => {
                // A batch that is cancelled is cancelled whole.
                if !self.is_interactive && matches!(stop, Stop::Cancelled) {
                    return Err(stop);
                }
                self.failed = self.failed.max(stop.code());
                terminal::end(&stop);
                Ok(Next::Entry)
            }
            Ok(next) => Ok(next),
        }
    }

    /// Runs statements, and prints what comes out.
    fn ask(&mut self, text: &str) -> Result<(), Stop> {
        self.entry_count += 1;
        let name = format!("input {}", self.entry_count);
        wanted::check(&name, text)?;
        let work = self.session.run(&name, text);
        let outcomes = self.runtime.block_on(unless_cancelled(work))??;
        for name in self.session.replaced() {
            terminal::tell(&format!("{name} is declared anew; the earlier one is gone"));
        }
        if outcomes.is_empty() && self.is_interactive {
            terminal::tell("declared for this session");
        }
        self.show(&outcomes)
    }

    fn show(&mut self, outcomes: &[Outcome]) -> Result<(), Stop> {
        let has_title = !self.is_interactive || outcomes.len() > 1;
        let width = terminal::width();
        for outcome in outcomes {
            // Rules come from nowhere but the rule files: a session tells that once.
            let is_new = self.told.as_ref() != Some(&outcome.provenance);
            let has_figures = matches!(outcome.answer, Some(Answer::Figures(_)));
            let has_provenance = !self.is_interactive || has_figures || is_new;
            let options = Options { width, has_title, has_provenance };
            self.told = Some(outcome.provenance.clone());
            let text = render(outcome, wanted::format(outcome).unwrap_or(&TABLE), options);
            if !text.is_empty() {
                terminal::results(&format!("{text}\n"))?;
            }
            terminal::problems(&outcome.problems, self.session.sources());
            if has_error(&outcome.problems) {
                self.failed = self.failed.max(Stop::Problems.code());
            }
        }
        Ok(())
    }

    fn greeting(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let library = self.session.model().catalog.library.as_ref();
        let about = library.map_or_else(
            || self.asked.folder.display().to_string(),
            |library| {
                let title = library.title.as_ref().map(|title| format!("\n{title}"));
                format!("{} {}{}", library.name, library.version, title.unwrap_or_default())
            },
        );
        format!(
            "Interplay {version} · {about}\n\
             `list indicators` says what can be asked, `help` how; Ctrl-D ends.\n"
        )
    }

    fn editor(&self) -> Result<Editor<ReplHelper, FileHistory>, Stop> {
        let fault = |error| Stop::world("cannot set up the terminal", &error);
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .history_ignore_dups(true)
            .map_err(fault)?
            .auto_add_history(false)
            .build();
        let mut editor = Editor::with_config(config).map_err(fault)?;
        editor.set_helper(Some(ReplHelper {
            names: Names::new(&self.session),
            is_coloured: terminal::is_coloured(),
        }));
        Ok(editor)
    }

    /// Where the history is kept; none when it cannot be written.
    fn history(&self, editor: &mut Editor<ReplHelper, FileHistory>) -> Option<PathBuf> {
        let path = self.asked.folder.join(HISTORY);
        std::fs::create_dir_all(path.parent()?).ok()?;
        if path.is_file() {
            editor.load_history(&path).ok()?;
        }
        Some(path)
    }
}

/// Whether a line has something in column one that does not close a bracket.
fn begins_statement(line: &str) -> bool {
    line.starts_with(|first: char| !first.is_whitespace() && !"})".contains(first))
}
