//! The outcome of tests as the XML that build servers read (the form of Ant's `junit` task).

use std::collections::BTreeMap;
use std::fmt::Write;

use interplay::{Failure, TestOutcome};
use interplay_diagnostic::Sources;

use super::{place, text, title};

/// One suite a file, one case a test.
pub(super) fn document(outcomes: &[TestOutcome], sources: &Sources) -> String {
    let mut suites: BTreeMap<&str, Vec<&TestOutcome>> = BTreeMap::new();
    for outcome in outcomes {
        let file = place(outcome.span, sources).map_or("", |(file, _)| file);
        suites.entry(file).or_default().push(outcome);
    }
    let failed = |all: &[&TestOutcome]| all.iter().filter(|outcome| !outcome.passed).count();
    let all: Vec<&TestOutcome> = outcomes.iter().collect();
    let mut document = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a text cannot fail.
    let mut line = |text: String| writeln!(document, "{text}").unwrap_or_default();
    let (count, bad) = (all.len(), failed(&all));
    line(format!("<testsuites name=\"interplay\" tests=\"{count}\" failures=\"{bad}\">"));
    for (file, own) in suites {
        let (count, bad, file) = (own.len(), failed(&own), escaped(file));
        line(format!("  <testsuite name=\"{file}\" tests=\"{count}\" failures=\"{bad}\">"));
        for outcome in own {
            let at = place(outcome.span, sources).map_or(0, |(_, line)| line);
            let name = escaped(&title(outcome));
            let head = format!(
                "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{at}\""
            );
            if outcome.passed {
                line(format!("{head}/>"));
                continue;
            }
            let message = outcome.failures.iter().map(brief).collect::<Vec<_>>().join("; ");
            line(format!("{head}>"));
            line(format!("      <failure message=\"{}\">", escaped(&message)));
            line(format!("{}      </failure>", escaped(&text::why(outcome))));
            line("    </testcase>".to_owned());
        }
        line("  </testsuite>".to_owned());
    }
    line("</testsuites>".to_owned());
    document
}

/// One line on a failure.
fn brief(failure: &Failure) -> String {
    match failure {
        Failure::Figures { asked, figures, .. } => {
            let expected = figures.iter().map(|figure| match &figure.heading {
                Some(heading) => format!("{heading} {}", figure.expected),
                None => figure.expected.clone(),
            });
            format!("{asked}: expected {}", expected.collect::<Vec<_>>().join(", "))
        }
        Failure::Problem { code, text, .. } => format!("{text}: expected the problem {code}"),
    }
}

/// Letters that mean something in XML as what stands for them; letters it cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_means_something_in_xml_is_escaped() {
        assert_eq!(escaped("a < b & \"c\"\u{7}"), "a &lt; b &amp; &quot;c&quot;");
    }
}
