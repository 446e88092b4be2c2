//! `interplay test`: the small cases in which everybody agreed on what must come out.

use clap::{Args, ValueEnum};
use interplay::{Session, TestOutcome};
use interplay_diagnostic::{Sources, Span};

use super::check::line_and_column;
use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::terminal;

mod coverage;
mod json;
mod junit;
mod text;

/// Runs the tests of the project
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Only tests whose title, or case, holds these words
    #[arg(value_name = "WORDS")]
    filter: Option<String>,
    /// The same as WORDS
    #[arg(long, value_name = "WORDS", conflicts_with = "filter")]
    only: Option<String>,
    /// How the outcome is written
    #[arg(long, value_enum, default_value_t = Style::Text)]
    format: Style,
    /// Also tells which conditions of the rules no test has both true and false
    #[arg(long)]
    coverage: bool,
    /// Fails when less than this of all outcomes of conditions is met, as in 80%
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    coverage_at_least: Option<f64>,
}

/// `80%` or `80`, as a share.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end().parse::<f64>();
    let share = number.map(|number| number / 100.0);
    let share = share.ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a percentage from 0% to 100% is expected".to_owned())
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Style {
    /// For people: a line a test, and under one that failed why
    Text,
    /// As one object
    Json,
    /// As the XML that build servers read
    Junit,
}

pub(crate) async fn run(asked: &Asked, arguments: &Arguments) -> Result<(), Stop> {
    let session = project::open_sound(asked).await?;
    let filter = arguments.only.as_deref().or(arguments.filter.as_deref());
    let outcomes = session.test(filter).await?;
    if outcomes.is_empty() && filter.is_some() {
        return Err(Stop::Usage(nothing(&session, filter)));
    }
    let wanted = arguments.coverage_at_least;
    let coverage = if arguments.coverage || wanted.is_some() {
        Some(session.coverage(filter).await?)
    } else {
        None
    };
    let covered = coverage.as_ref().map(|it| coverage::text(it, session.sources()));
    let written = match arguments.format {
        Style::Text if outcomes.is_empty() => {
            terminal::tell(&nothing(&session, filter));
            String::new()
        }
        Style::Text => text::text(&outcomes, session.sources()) + &covered.unwrap_or_default(),
        Style::Json => {
            let object = json::object(&outcomes, coverage.as_ref(), session.sources());
            format!("{object:#}\n")
        }
        Style::Junit => {
            // The form has no place for it.
            covered.iter().for_each(|covered| terminal::tell(covered.trim()));
            junit::document(&outcomes, session.sources())
        }
    };
    terminal::results(&written)?;
    let is_enough = match coverage.as_ref().zip(wanted) {
        Some((coverage, wanted)) if coverage.share() < wanted => {
            let met = coverage::percent(coverage);
            let wanted = wanted * 100.0;
            terminal::tell(&format!("{met} is met, and {wanted}% is wanted"));
            false
        }
        _ => true,
    };
    let passed = outcomes.iter().all(|outcome| outcome.passed);
    if passed && is_enough { Ok(()) } else { Err(Stop::Problems) }
}

/// The outcome in words, and whether all is as expected; for the session that is typed in.
pub(crate) fn told(session: &Session, outcomes: &[TestOutcome], filter: Option<&str>) -> String {
    if outcomes.is_empty() {
        return nothing(session, filter) + "\n";
    }
    text::text(outcomes, session.sources())
}

/// Why no test was run.
fn nothing(session: &Session, filter: Option<&str>) -> String {
    let count = session.model().catalog.tests.len();
    match filter {
        Some(filter) if count > 0 => {
            format!("the title of none of the {count} tests holds `{filter}`")
        }
        _ => "there is no test to run".to_owned(),
    }
}

/// File and line of a place.
fn place(span: Span, sources: &Sources) -> Option<(&str, usize)> {
    let source = sources.get(span.source)?;
    Some((&source.name, line_and_column(&source.text, span.start).0))
}

/// `a stay of some nights (left 2025-01-05, nights 4)`
fn title(outcome: &TestOutcome) -> String {
    match &outcome.case {
        Some(case) => format!("{} ({case})", outcome.name),
        None => outcome.name.clone(),
    }
}
