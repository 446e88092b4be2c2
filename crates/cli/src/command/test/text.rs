//! The outcome of tests for people: what was expected, what came out, and the rows that made the
//! difference.

use interplay::{Differing, Failure, Found, RowTold, Standing, SubjectTold, TestOutcome, Without};
use interplay_diagnostic::Sources;
use interplay_report::number;

use super::{place, title};

/// A line a test, under one that failed why, and how many of each there were.
pub(super) fn text(outcomes: &[TestOutcome], sources: &Sources) -> String {
    let lines: Vec<String> = outcomes.iter().map(|outcome| one(outcome, sources)).collect();
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    let passed = outcomes.len() - failed;
    format!("{}\n{passed} passed, {failed} failed\n", lines.concat())
}

/// `ok      a shared night is one night`
fn one(outcome: &TestOutcome, sources: &Sources) -> String {
    let title = title(outcome);
    if outcome.passed {
        return format!("ok      {title}\n");
    }
    let place = place(outcome.span, sources);
    let place = place.map_or(String::new(), |(file, line)| format!(" ({file}:{line})"));
    format!("FAILED  {title}{place}\n{}", why(outcome))
}

/// What was not as expected, without colours.
pub(super) fn why(outcome: &TestOutcome) -> String {
    outcome.failures.iter().map(failure).collect()
}

fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Figures { asked, figures, subjects, .. } => {
            let figures: String = figures.iter().map(differing).collect();
            format!("        {asked}\n{figures}{}", rows(subjects, unit(failure)))
        }
        Failure::Problem { code, text, found, .. } => {
            let found = match found.as_slice() {
                [] => "        found     no problem\n".to_owned(),
                found => {
                    let line = |(code, message): &(String, String)| {
                        format!("        found     {code}: {message}\n")
                    };
                    found.iter().map(line).collect()
                }
            };
            format!("        {text}\n        expected  the problem {code}\n{found}")
        }
    }
}

/// The unit of the figures that differ: they are all of one measure.
fn unit(failure: &Failure) -> Option<&str> {
    match failure {
        Failure::Figures { figures, .. } => figures.first()?.unit.as_deref(),
        Failure::Problem { .. } => None,
    }
}

/// Expected and found, one below the other.
fn differing(figure: &Differing) -> String {
    let heading = figure.heading.as_ref().map(|heading| format!("        {heading}\n"));
    let found = found(figure.found, figure.unit.as_deref());
    let heading = heading.unwrap_or_default();
    format!("{heading}        expected  {}\n        found     {found}\n", figure.expected)
}

/// A figure with as many digits as it takes: what is told differs in one of them.
fn found(found: Found, unit: Option<&str>) -> String {
    match found {
        Found::Missing => "missing".to_owned(),
        Found::NoData => "no data".to_owned(),
        Found::Withheld => "withheld".to_owned(),
        Found::NoHeading => "no such heading: nobody stands there".to_owned(),
        Found::Value(value) => match unit {
            Some("%") => format!("{}%", number::exact(in_hundredths(value))),
            Some(unit) => format!("{} {unit}", number::exact(value)),
            None => number::exact(value),
        },
    }
}

/// A share in percent, without the digits that only its base makes: 0.07 is 7 and not 7.000000000000001.
fn in_hundredths(share: f64) -> f64 {
    let percent = share * 100.0;
    let rounded = (percent * 1e9).round() / 1e9;
    if (rounded - percent).abs() < 1e-9 { rounded } else { percent }
}

/// The subjects of the given rows, each with its rows.
fn rows(subjects: &[SubjectTold], unit: Option<&str>) -> String {
    if subjects.is_empty() {
        return String::new();
    }
    let rows = || subjects.iter().flat_map(|subject| &subject.rows);
    let width = |of: fn(&RowTold) -> &str| rows().map(|row| of(row).chars().count()).max();
    let record = width(|row| &row.record).unwrap_or(0);
    let organisation = width(|row| &row.organisation).unwrap_or(0);
    let told = width(|row| &row.text).unwrap_or(0);
    let mut text = String::from("        the given rows\n");
    for subject in subjects {
        let standing = subject.standing.as_ref().map(|it| standing(it, unit));
        let standing = standing.unwrap_or_else(|| subject.of.clone());
        text.extend(["          ", &subject.name, ": ", &standing, "\n"]);
        for row in &subject.rows {
            let without: Vec<String> = row.without.iter().map(|it| without(it, unit)).collect();
            let mark = if without.is_empty() { ' ' } else { '*' };
            let line = format!(
                "          {mark} {:record$}  {:organisation$}  {:told$}  {}",
                row.record,
                row.organisation,
                row.text,
                without.join("; "),
            );
            text.extend([line.trim_end(), "\n"]);
        }
    }
    if rows().any(|row| !row.without.is_empty()) {
        text.push_str("          * without this row the figure is another\n");
    }
    text
}

fn standing(standing: &Standing, unit: Option<&str>) -> String {
    match standing {
        Standing::Counts(None) => "counts".to_owned(),
        Standing::Counts(Some(value)) => {
            format!("counts, alone {}", found(Found::Value(*value), unit))
        }
        Standing::Holds(true) => "counts, and it holds".to_owned(),
        Standing::Holds(false) => "counts, and it does not hold".to_owned(),
        Standing::Left(clause) => format!("left out by `{clause}`"),
        Standing::Unknown(clause) => format!("unknown by `{clause}`"),
        Standing::NotSeen => "not seen on the data date".to_owned(),
    }
}

/// `without it 4, as expected`
fn without(without: &Without, unit: Option<&str>) -> String {
    let heading = without.heading.as_ref().map(|heading| format!("{heading} "));
    let as_expected = if without.as_expected { ", as expected" } else { "" };
    let found = found(without.found, unit);
    format!("without it {}{found}{as_expected}", heading.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use interplay::Found;

    use super::found;

    #[test]
    fn a_figure_is_told_with_the_digits_it_takes() {
        assert_eq!(found(Found::Value(0.07), Some("%")), "7%");
        assert_eq!(found(Found::Value(1.0 / 3.0), Some("%")), "33.333333333%");
        assert_eq!(found(Found::Value(5.0), Some("nights")), "5 nights");
        assert_eq!(found(Found::Value(0.5), None), "0.5");
    }
}
