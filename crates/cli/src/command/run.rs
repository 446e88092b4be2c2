//! `interplay run`: the reports of a project.

use std::path::{Path, PathBuf};

use clap::Args;
use interplay::{Outcome, ReportOutcome, Session};
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::suggest;
use interplay_report::{CSV, Options, TABLE, page, remark, render};

use crate::file;
use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::terminal;

/// Prints reports, or writes them to a folder
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Names of reports; all of them when none is named
    #[arg(value_name = "REPORT")]
    reports: Vec<String>,
    /// The period they are about: `2025`, `2025-Q4`, `2023 .. 2025`, `last 4 quarters`
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// A folder for one Markdown page a report and one CSV file a line of it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(asked: &Asked, arguments: &Arguments) -> Result<(), Stop> {
    let mut session = project::open_sound(asked).await?;
    find(&session, &arguments.reports)?;
    let reports = session.report(&arguments.reports, arguments.period.as_deref()).await?;
    for outcome in reports.iter().flat_map(|report| &report.outcomes) {
        terminal::problems(&outcome.problems, session.sources());
    }
    match &arguments.out {
        Some(out) => write(&reports, out)?,
        None => terminal::results(&text(&reports, terminal::width()))?,
    }
    let mut outcomes = reports.iter().flat_map(|report| &report.outcomes);
    if outcomes.any(|outcome| has_error(&outcome.problems)) { Err(Stop::Problems) } else { Ok(()) }
}

/// Whether there are reports of these names, and any at all.
pub(crate) fn find(session: &Session, names: &[String]) -> Result<(), Stop> {
    let known = &session.model().catalog.reports;
    if known.is_empty() {
        return Err(Stop::Usage("the project declares no report".to_owned()));
    }
    match names.iter().find(|name| !known.contains_key(*name)) {
        Some(name) => {
            let known = suggest::list(known.keys());
            Err(Stop::Usage(format!("there is no report `{name}`; there is {known}")))
        }
        None => Ok(()),
    }
}

/// Title, results and, once, where they come from.
pub(crate) fn text(reports: &[ReportOutcome], width: Option<u16>) -> String {
    let options = Options { width, has_provenance: false, ..Options::default() };
    let report = |report: &ReportOutcome| {
        let title = format!("{} · {}", title(report), report.period);
        let rule = "═".repeat(title.chars().count());
        let results = report.outcomes.iter().map(|outcome| render(outcome, &TABLE, options));
        let results: Vec<String> = results.filter(|text| !text.is_empty()).collect();
        let provenance = report.outcomes.first().map(|first| remark::provenance(&first.provenance));
        let provenance = provenance.unwrap_or_default();
        format!("{title}\n{rule}\n\n{}\n{provenance}\n", results.join("\n\n"))
    };
    reports.iter().map(report).collect::<Vec<_>>().join("\n\n")
}

/// `For the steering committee`, or the report's name
fn title(report: &ReportOutcome) -> &str {
    report.title.as_deref().unwrap_or(&report.name)
}

/// Writes a page a report and a table a line, and names the files.
fn write(reports: &[ReportOutcome], out: &Path) -> Result<(), Stop> {
    file::make_folder(out)?;
    for report in reports {
        let stem = format!("{}-{}", report.name, file_words(&report.period));
        let subtitle = format!("{}, {}", report.name, report.period);
        let path = out.join(format!("{stem}.md"));
        file::write(&path, &page(title(report), &subtitle, &report.outcomes))?;
        terminal::tell(&format!("wrote {}", path.display()));
        for (index, outcome) in report.outcomes.iter().enumerate() {
            let text = render(outcome, &CSV, Options::default());
            if text.is_empty() {
                continue;
            }
            let path = out.join(format!("{stem}-{:02}-{}.csv", index + 1, measures(outcome)));
            file::write(&path, &text)?;
            terminal::tell(&format!("wrote {}", path.display()));
        }
    }
    Ok(())
}

/// The first measure of a line, for the name of its file.
fn measures(outcome: &Outcome) -> String {
    let mut words = outcome.title.split([' ', ',']);
    file_words(words.nth(1).unwrap_or("result"))
}

/// `2025-01-01 .. 2025-06-30` as a part of a file's name: `2025-01-01_2025-06-30`
fn file_words(text: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let words = text.split(|letter| !is_word(letter)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::file_words;

    #[test]
    fn names_of_files_hold_no_odd_signs() {
        assert_eq!(file_words("2025-Q4"), "2025-Q4");
        assert_eq!(file_words("2025-01-01 .. 2025-06-30"), "2025-01-01_2025-06-30");
        assert_eq!(file_words("../a"), "a");
    }
}
