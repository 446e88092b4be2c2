//! `interplay test`: the small cases in which everybody agreed on what must come out.

use std::path::Path;

use clap::Args;
use interplay::TestOutcome;
use interplay_diagnostic::Sources;

use super::check::line_and_column;
use crate::project;
use crate::stop::Stop;
use crate::terminal;

/// Runs the tests of the project
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Only tests whose title holds this
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
}

pub(crate) async fn run(folder: &Path, arguments: &Arguments) -> Result<(), Stop> {
    let session = project::open_sound(folder).await?;
    let outcomes = session.test(arguments.filter.as_deref()).await?;
    if outcomes.is_empty() {
        terminal::tell("there is no test to run");
        return Ok(());
    }
    let lines: Vec<String> =
        outcomes.iter().map(|outcome| text(outcome, session.sources())).collect();
    terminal::results(&lines.concat())?;
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    terminal::results(&format!("\n{} passed, {failed} failed\n", outcomes.len() - failed))?;
    if failed == 0 { Ok(()) } else { Err(Stop::Problems) }
}

/// `ok      a shared night is one night`, with what came out instead beneath
fn text(outcome: &TestOutcome, sources: &Sources) -> String {
    if outcome.passed {
        return format!("ok      {}\n", outcome.name);
    }
    let place = sources.get(outcome.span.source).map(|source| {
        let (line, _) = line_and_column(&source.text, outcome.span.start);
        format!(" ({}:{line})", source.name)
    });
    let failures = outcome.failures.iter().map(|failure| format!("        {failure}\n"));
    let failures: String = failures.collect();
    format!("FAILED  {}{}\n{failures}", outcome.name, place.unwrap_or_default())
}
