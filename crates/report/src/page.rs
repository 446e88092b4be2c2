//! A report as a page of Markdown: every `show:` line with its table.

use interplay::Outcome;

use crate::format::body;
use crate::remark;

/// The page of a report: its title, its results, and once where the figures come from.
///
/// ```text
/// # For the steering committee
///
/// _quarterly, 2025-Q4_
///
/// ## measure reach by district
/// …
/// ```
#[must_use]
pub fn page(title: &str, subtitle: &str, outcomes: &[Outcome]) -> String {
    let mut text = format!("# {title}\n\n_{subtitle}_\n");
    for outcome in outcomes {
        let body = body(outcome).unwrap_or_else(|| "This line has a problem.\n".to_owned());
        text.push_str(&["\n## ", &outcome.title, "\n\n", &body].concat());
    }
    let provenance = outcomes.first().map(|outcome| remark::provenance(&outcome.provenance));
    if let Some(provenance) = provenance.filter(|provenance| !provenance.is_empty()) {
        text.push_str(&["\n---\n\n_", &provenance, "_\n"].concat());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::samples;

    #[test]
    fn a_page_names_its_origin_once() {
        let outcomes = [samples::shares(), samples::several()];
        let text = page("For the committee", "quarterly, 2025-Q4", &outcomes);
        assert!(text.starts_with("# For the committee\n\n_quarterly, 2025-Q4_\n\n## measure "));
        assert_eq!(text.matches("snapshot 3f9a").count(), 1);
    }
}
