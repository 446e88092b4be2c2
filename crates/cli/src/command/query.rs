//! `interplay query`: one question, one answer.

use std::path::PathBuf;

use clap::Args;
use interplay::Outcome;
use interplay_diagnostic::problem::has_error;
use interplay_report::{Format, Options, TABLE, remark, render};

use super::FormatName;
use crate::file;
use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::{terminal, wanted};

/// Answers a question: `measure reach in 2025 by district`
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The question
    #[arg(value_name = "QUERY")]
    query: String,
    /// How the answer is written; else as the question says (`… as csv`), or as a table
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// A file to write it to, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(asked: &Asked, arguments: &Arguments) -> Result<(), Stop> {
    if wanted::is_empty(&arguments.query) {
        return Err(Stop::Usage("there is no question in the query".to_owned()));
    }
    let mut session = project::open_sound(asked).await?;
    wanted::check("query", &arguments.query)?;
    let outcomes = session.run("query", &arguments.query).await?;
    let format_of = |outcome: &Outcome| match arguments.format {
        Some(FormatName(format)) => format,
        None => wanted::format(outcome).unwrap_or(&TABLE),
    };
    let width = if arguments.output.is_none() { terminal::width() } else { None };
    let options = Options { width, ..Options::default() };
    let texts: Vec<String> = outcomes
        .iter()
        .map(|outcome| render(outcome, format_of(outcome), options))
        .filter(|text| !text.is_empty())
        .collect();
    let text = texts.join("\n");
    for outcome in &outcomes {
        terminal::problems(&outcome.problems, session.sources());
    }
    // A file is left as it was rather than written without an answer.
    match &arguments.output {
        Some(path) if !text.is_empty() => file::write(path, &text)?,
        Some(_) => {}
        None => terminal::results(&text)?,
    }
    for outcome in outcomes.iter().filter(|outcome| outcome.answer.is_some()) {
        tell_remarks(outcome, format_of(outcome));
    }
    let is_sound = outcomes.iter().all(|outcome| !has_error(&outcome.problems));
    if is_sound { Ok(()) } else { Err(Stop::Problems) }
}

/// What the format has no place for is told beside it.
fn tell_remarks(outcome: &Outcome, format: &Format) {
    if format.has_remarks {
        return;
    }
    for note in remark::notes(outcome) {
        terminal::tell(&format!("note: {note}"));
    }
    terminal::tell(&remark::provenance(&outcome.provenance));
}
