//! `expect: measure reach in 2025 is 5`: whether what is asked fits what is expected of it.

use interplay_diagnostic::{Span, Spanned};

use super::{CheckedQuery, VERBS, checked, measure};
use crate::catalog::Unit;
use crate::catalog::test::{Amount, Expect, Test, Wanted};
use crate::check::Checker;
use crate::dimension::Domain;
use crate::indicator::Measure;
use crate::problems;
use measure::Measured;

/// Checks what a test expects.
pub(crate) fn check(checker: &mut Checker<'_>, test: &Test) {
    checker.data_date = test.data_date;
    for expect in &test.expects {
        one(checker, test, expect);
    }
    checker.data_date = None;
}

fn one(checker: &mut Checker<'_>, test: &Test, expect: &Expect) {
    let query = &expect.query.item;
    let found = checked(checker, query);
    let Some(CheckedQuery::Measure(measured)) = found else {
        // What begins with no verb at all is told as that.
        let other = query.verb.item != measure::VERB.name;
        if other && VERBS.iter().any(|verb| verb.name == query.verb.item) {
            checker.problems.push(problems::one_figure(query.span));
        }
        return;
    };
    let is_split = !measured.breakdowns.is_empty() || !measured.kinds.is_empty();
    let wants_rows = matches!(expect.wanted.item, Wanted::Rows(_));
    let [only] = measured.measures.as_slice() else {
        checker.problems.push(problems::one_figure(query.span));
        return;
    };
    if is_split != wants_rows || measured.compare.is_some() {
        checker.problems.push(problems::one_figure(query.span));
        return;
    }
    let mut problems = Vec::new();
    let asked = Asked { test, measure: only, within: expect.within.as_ref() };
    asked.fits(&headings(&measured), &expect.wanted, &mut problems);
    checker.problems.append(&mut problems);
}

/// What an expectation is held against.
struct Asked<'a> {
    test: &'a Test,
    measure: &'a Measure,
    within: Option<&'a Spanned<Amount>>,
}

/// The headings of one breakdown; none where any text may be one.
type Headings = Option<Vec<String>>;

/// The headings of each breakdown, in the order asked.
fn headings(measured: &Measured) -> Vec<Headings> {
    let total = || "total".to_owned();
    let cells = measured.period.map(|period| measured.cells(period));
    let periods = measured.kinds.iter().enumerate().map(|(at, _)| {
        let cells = cells.as_ref()?.iter();
        Some(cells.map(|cell| cell.heading(at, &measured.kinds)).collect())
    });
    let others = measured.breakdowns.iter().map(|dimension| {
        let plain = |names: &[(String, String)], nobody: &str| {
            let names = names.iter().map(|(name, _)| name.clone());
            Some(names.chain([nobody.to_owned(), total()]).collect())
        };
        match &dimension.domain {
            Domain::Codes { codes, .. } => plain(codes, "missing"),
            Domain::Involvement { organisations } => plain(organisations, "none"),
            Domain::Bands { labels, .. } => {
                Some(labels.iter().cloned().chain(["missing".to_owned(), total()]).collect())
            }
            Domain::Texts { .. } => None,
        }
    });
    periods.chain(others).collect()
}

type Problems = Vec<interplay_diagnostic::Diagnostic>;

impl Asked<'_> {
    /// One level of headings for each breakdown, and a figure below the last.
    fn fits(&self, headings: &[Headings], wanted: &Spanned<Wanted>, problems: &mut Problems) {
        let span = wanted.span;
        match (headings, &wanted.item) {
            ([own, rest @ ..], Wanted::Rows(rows)) => {
                if rows.is_empty() {
                    problems.push(problems::missing_clause("expect", "a heading", span));
                }
                for (at, (heading, wanted)) in rows.iter().enumerate() {
                    known(own, heading, problems);
                    let first = rows.iter().take(at).find(|(it, _)| it.item == heading.item);
                    if let Some((first, _)) = first {
                        problems.push(problems::clause_twice(
                            &heading.item,
                            heading.span,
                            first.span,
                        ));
                    }
                    self.fits(rest, wanted, problems);
                }
            }
            ([], Wanted::Rows(_)) => {
                problems.push(problems::wrong_type("a figure", "a further heading", span));
            }
            ([_, ..], _) => {
                let wanted = "`{ heading: figure, … }` for each breakdown";
                problems.push(problems::wrong_type(wanted, "one figure", span));
            }
            ([], Wanted::Withheld) => {
                if !self.test.protected {
                    problems.push(problems::never_withheld(span));
                }
            }
            ([], Wanted::Missing | Wanted::NoData) => {}
            ([], Wanted::Figure(amount)) => self.amount(amount, span, problems),
        }
    }

    fn amount(&self, amount: &Amount, span: Span, problems: &mut Problems) {
        let unit = self.measure.indicator.unit();
        in_unit(amount, unit.as_ref(), span, problems);
        let is_share = self.measure.kind == "share";
        if is_share && amount.unit.is_none() && !(0.0..=1.0).contains(&amount.value) {
            problems.push(problems::beyond_a_share(amount.value, span));
        }
        let Some(within) = self.within else { return };
        in_unit(&within.item, unit.as_ref(), within.span, problems);
        // `33% within 1` may be meant as one hundredth or as one.
        let percent = |amount: &Amount| amount.unit.as_deref() == Some("%");
        if percent(amount) != percent(&within.item) {
            let wanted = if percent(amount) { "a percentage" } else { "a bare number" };
            let found = if percent(amount) { "a bare number" } else { "a percentage" };
            problems.push(problems::wrong_type(wanted, found, within.span));
        }
    }
}

/// A heading that the breakdown has.
fn known(headings: &Headings, heading: &Spanned<String>, problems: &mut Problems) {
    let Some(known) = headings else { return };
    if !known.contains(&heading.item) {
        let known = known.iter().map(String::as_str);
        problems.push(problems::unknown_name("heading", &heading.item, heading.span, known));
    }
}

/// A unit is that of the figure; one thing may be named in the singular.
fn in_unit(amount: &Amount, unit: Option<&Unit>, span: Span, problems: &mut Problems) {
    let Some(written) = amount.unit.as_deref() else { return };
    let fits = match unit {
        // What has no unit is a number, and so is a percentage.
        None => written == "%",
        Some(unit) => {
            let whole = unit.to_string();
            written == whole || written == unit.name || format!("{written}s") == whole
        }
    };
    if !fits {
        let wanted = match unit {
            None => "a bare number".to_owned(),
            Some(unit) => format!("a figure in {unit}"),
        };
        problems.push(problems::wrong_type(&wanted, &format!("a figure in {written}"), span));
    }
}
