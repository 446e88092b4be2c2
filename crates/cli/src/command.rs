//! The commands, one room each.

use std::future::Future;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use interplay_report::{FORMATS, Format};
use tokio::runtime::Runtime;

use crate::project::{self, Asked};
use crate::stop::Stop;

pub(crate) mod load;
pub(crate) mod run;
pub(crate) mod test;

mod check;
pub(crate) mod explain_problem;
mod fmt;
mod new;
mod pseudonym;
mod query;
mod repl;

/// Shared indicators over many organisations' data, each person counted once.
///
/// Without a command a session begins in which questions can be typed.
#[derive(Debug, Parser)]
#[command(name = "interplay", version, max_term_width = 90)]
pub(crate) struct Arguments {
    /// The folder of the project; else the nearest one with an `interplay.toml`, from here upwards
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,
    /// The language of titles and labels; else as the settings say
    #[arg(long, global = true, value_name = "LANGUAGE")]
    language: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    ExplainProblem(explain_problem::Arguments),
    Fmt(fmt::Arguments),
    Load(load::Arguments),
    New(new::Arguments),
    Pseudonym(pseudonym::Arguments),
    Query(query::Arguments),
    Run(run::Arguments),
    Test(test::Arguments),
}

/// Runs what was asked for.
pub(crate) fn run(arguments: Arguments, runtime: &Runtime) -> Result<(), Stop> {
    let command = match arguments.command {
        Some(Command::New(arguments)) => return new::run(&arguments),
        Some(Command::ExplainProblem(arguments)) => return explain_problem::run(&arguments),
        command => command,
    };
    let folder = project::folder(arguments.project.as_deref())?;
    let asked = Asked { folder, language: arguments.language };
    match command {
        None => repl::run(&asked, runtime),
        Some(Command::Check(arguments)) => wait(runtime, check::run(&asked, &arguments)),
        Some(Command::Fmt(arguments)) => wait(runtime, fmt::run(&asked, &arguments)),
        Some(Command::Load(arguments)) => wait(runtime, load::run(&asked, &arguments)),
        Some(Command::Pseudonym(arguments)) => wait(runtime, pseudonym::run(&asked, &arguments)),
        Some(Command::Query(arguments)) => wait(runtime, query::run(&asked, &arguments)),
        Some(Command::Run(arguments)) => wait(runtime, run::run(&asked, &arguments)),
        Some(Command::Test(arguments)) => wait(runtime, test::run(&asked, &arguments)),
        Some(Command::New(arguments)) => new::run(&arguments),
        Some(Command::ExplainProblem(arguments)) => explain_problem::run(&arguments),
    }
}

/// Waits for a command, or for Ctrl-C.
fn wait(runtime: &Runtime, command: impl Future<Output = Result<(), Stop>>) -> Result<(), Stop> {
    runtime.block_on(project::unless_cancelled(command))?
}

/// A report format, as an argument: the names come from the table.
#[derive(Clone, Copy, Debug)]
struct FormatName(&'static Format);

impl ValueEnum for FormatName {
    fn value_variants<'a>() -> &'a [Self] {
        static NAMES: std::sync::LazyLock<Vec<FormatName>> =
            std::sync::LazyLock::new(|| FORMATS.iter().map(FormatName).collect());
        &NAMES
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name).help(self.0.summary))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
