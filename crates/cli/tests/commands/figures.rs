//! What files and reports say of figures.

use super::{Project, check_code, errors, results};

#[test]
fn a_report_takes_a_period_by_name() {
    let project = Project::new();
    let output = project.run(&["run", "--period", "last 2 quarters"]);
    check_code(&output, 0);
    assert!(results(&output).contains("· 2025-Q3 .. 2025-Q4\n"), "{}", results(&output));
    let output = project.run(&["run", "--period", "previous year"]);
    assert!(errors(&output).contains("last 4 quarters or year to date"), "{}", errors(&output));
}

#[test]
fn files_say_what_counts_as_no_and_how_large_the_other_figure_is() {
    let project = Project::new()
        .with("indicator w { among: homeless share: gender is f unknown_counts_as: no }\n");
    let question = "measure w in 2025 compare previous";
    let output = project.run(&["query", "--format", "csv", question]);
    let text = results(&output);
    let heading = text.lines().next().unwrap_or_default();
    assert!(heading.contains(",unknown_counts_as,"), "{text}");
    assert!(
        heading.contains(",compared_numerator,compared_denominator,compared_unknown,"),
        "{text}"
    );
    let output = project.run(&["query", "--format", "json", question]);
    assert!(results(&output).contains("\"unknown_counts_as\": \"no\""), "{}", results(&output));
}
