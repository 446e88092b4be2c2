//! The sample, run as its users run it: in a copy, so that nothing is left beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use interplay::{Answer, Figures, Outcome, Session};
use interplay_report::{Format, Options, TABLE};
use tempfile::TempDir;

use crate::plain::Figure;
use crate::text;

/// Where the samples lie.
#[must_use]
pub fn folders() -> Vec<PathBuf> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let entries = std::fs::read_dir(samples).expect("the folder of the samples");
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Where a sample lies.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples").join(name)
}

/// A copy of the sample, with its pool empty. With `open`, small numbers are shown.
#[must_use]
pub fn copy(sample: &Path, open: bool) -> TempDir {
    let there = tempfile::tempdir().expect("a folder for the copy");
    copy_into(sample, there.path());
    if open {
        let codebook = there.path().join("rules/codebook.interplay");
        let text = std::fs::read_to_string(&codebook).expect("the codebook");
        let policy = "disclosure protected { withhold: 1 .. 4 }";
        assert!(text.contains(policy), "the sample declares its policy");
        let text = text.replace(policy, "disclosure none");
        std::fs::write(&codebook, text).expect("the codebook can be written");
    }
    there
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, name) = (entry.path(), entry.file_name());
        if name == ".interplay" {
            continue;
        }
        if path.is_dir() {
            std::fs::create_dir_all(to.join(&name)).expect("a folder");
            copy_into(&path, &to.join(&name));
        } else {
            std::fs::copy(&path, to.join(&name)).expect("a file can be copied");
        }
    }
}

/// The figures of the sample's report for 2025 as the engine gives them, in the form of those
/// that are worked out plainly.
#[must_use]
pub fn report_figures(sample: &Path) -> Vec<Figure> {
    let there = copy(sample, true);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let reports = runtime.block_on(async {
        let mut session = Session::builder().project(there.path()).open().await.expect("a session");
        session.report(&[], Some("2025")).await.expect("the report runs")
    });
    let outcomes = reports.into_iter().flat_map(|report| report.outcomes);
    let figures = outcomes.map(|outcome| match outcome.answer {
        Some(Answer::Figures(figures)) => read(&figures),
        _ => panic!("`{}` brings no figures: {:?}", outcome.title, outcome.problems),
    });
    figures.flatten().collect()
}

fn read(figures: &Figures) -> Vec<Figure> {
    let batch = &figures.batch;
    let text = |name: &str, row: usize| {
        batch.column_by_name(name).expect("a column").as_string::<i32>().value(row).to_owned()
    };
    let number = |name: &str, row: usize| {
        let column = batch.column_by_name(name).expect("a column").as_primitive::<Float64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let rows = (0..batch.num_rows()).map(|row| Figure {
        measure: text("measure", row),
        period: text("period", row),
        breakdown: figures
            .breakdowns
            .iter()
            .filter(|breakdown| breakdown.name != "quarter")
            .map(|breakdown| (breakdown.name.clone(), text(&breakdown.column, row)))
            .filter(|(_, group)| group != "total")
            .collect(),
        numerator: number("numerator", row),
        denominator: number("denominator", row),
        unknown: number("unknown", row),
        value: number("value", row),
    });
    rows.collect()
}

/// A line for each figure of `found` that `plain` has otherwise, and for each that one of them
/// lacks. A group of nobody may be there or not.
#[must_use]
pub fn differences(found: &[Figure], plain: &[Figure]) -> Vec<String> {
    let (found, plain) = (by_place(found), by_place(plain));
    let mut lines = Vec::new();
    for (place, figure) in &found {
        match plain.get(place) {
            Some(other) if same(figure, other) => {}
            Some(other) if is_not_delivered(figure) && is_nobody(other) => {}
            None if is_nobody(figure) => {}
            other => lines.push(format!("{figure:?}\n  worked out plainly: {other:?}")),
        }
    }
    // The plain figures are of the year and of every quarter; the report asks for some of them.
    let asked = |figure: &Figure| {
        found.keys().any(|(measure, period, groups)| {
            let names = |groups: &[(String, String)]| {
                groups.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
            };
            *measure == figure.measure
                && *period == figure.period
                && names(groups) == names(&figure.breakdown)
        })
    };
    for (place, figure) in &plain {
        if !found.contains_key(place) && asked(figure) && !is_nobody(figure) {
            lines.push(format!("the engine lacks {figure:?}"));
        }
    }
    lines
}

type Place<'a> = (&'a str, &'a str, &'a [(String, String)]);

fn by_place(figures: &[Figure]) -> BTreeMap<Place<'_>, &Figure> {
    let placed = figures.iter().map(|figure| {
        ((figure.measure.as_str(), figure.period.as_str(), figure.breakdown.as_slice()), figure)
    });
    placed.collect()
}

/// Rows of an organisation that registers none: the plain figures say 0, the engine says that there
/// are no data.
fn is_not_delivered(figure: &Figure) -> bool {
    const REGISTER: [(&str, &[&str]); 3] = [
        ("contacts_made", &["street_outreach", "welfare_centre", "youth_care"]),
        ("uptake", &["health_fund", "social_service"]),
        // The fund knows people, and no household.
        (
            "worth_of_aid",
            &["debt_mediation", "energy_point", "family_house", "food_bank", "social_service"],
        ),
    ];
    let of = figure.breakdown.iter().find(|(name, _)| name == "organisation");
    let registering = REGISTER.iter().find(|(measure, _)| *measure == figure.measure);
    let registers = of.zip(registering).map(|((_, by), (_, those))| those.contains(&by.as_str()));
    figure.value.is_none() && figure.unknown.is_none() && registers == Some(false)
}

fn is_nobody(figure: &Figure) -> bool {
    let sizes = [figure.numerator, figure.denominator, figure.unknown, figure.value];
    sizes.into_iter().flatten().all(|size| size == 0.0)
}

/// The last bits of a division may differ, nothing else.
fn same(one: &Figure, other: &Figure) -> bool {
    let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * other.abs().max(1.0),
        (one, other) => one == other,
    };
    near(one.value, other.value)
        && one.numerator == other.numerator
        && one.denominator == other.denominator
        && one.unknown == other.unknown
}

/// The format that a question asks for.
#[must_use]
pub fn format(outcome: &Outcome) -> &'static Format {
    let asked = text::query(&outcome.title).format;
    asked.and_then(|word| interplay_report::format::named(&word.item)).unwrap_or(&TABLE)
}

/// The problems of a sample's rules, and the titles of its tests that fail.
#[must_use]
pub fn faults(sample: &Path) -> Vec<String> {
    let there = copy(sample, false);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let session = Session::builder().project(there.path()).open().await.expect("a session");
        let problems = session.problems().iter().map(|problem| problem.message.clone());
        let mut faults: Vec<String> = problems.collect();
        let tests = session.test(None).await.expect("the tests run");
        assert!(!tests.is_empty(), "{} has no tests", sample.display());
        faults.extend(tests.into_iter().filter(|test| !test.passed).map(|test| test.name));
        faults
    })
}

/// The sample's page as it should be: under each question the result that its query brings, in the
/// language that stands beside its fence, if one does.
#[must_use]
pub fn page(sample: &Path, written: &str) -> String {
    const QUESTION: &str = "```interplay";
    const RESULT: &str = "```result\n";
    const END: &str = "```\n";
    let there = copy(sample, false);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut session =
        runtime.block_on(Session::builder().project(there.path()).open()).expect("a session opens");
    let mut page = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once(RESULT) {
        let (_, question) = before.rsplit_once(QUESTION).expect("a question before a result");
        let (query, _) = question.split_once(END).expect("a question has an end");
        let (language, query) = query.split_once('\n').expect("a question has a line of its own");
        let asked = Some(language.trim().to_owned()).filter(|language| !language.is_empty());
        if let Some(language) = asked.or_else(|| session.languages().first().cloned()) {
            session.speak(&language).expect("a language of the sample");
        }
        let outcomes = runtime.block_on(session.run("question", query)).expect("a query runs");
        let options = Options { has_title: false, ..Options::default() };
        let results = outcomes.iter().map(|outcome| {
            assert!(outcome.answer.is_some(), "{query}: {:?}", outcome.problems);
            interplay_report::render(outcome, format(outcome), options)
        });
        page.push_str(before);
        page.push_str(RESULT);
        page.push_str(&results.collect::<Vec<_>>().join("\n"));
        page.push_str(END);
        let old = after.split_once(END).map_or("", |(_, rest)| rest);
        rest = old;
    }
    page.push_str(rest);
    page
}
