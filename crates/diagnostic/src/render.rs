//! Problems as text, with the place underlined.
//!
//! Any span can be drawn: one that reaches past its text, or into the middle of a letter, is
//! moved to the nearest place that exists. Only the lines a problem speaks of are handed to the
//! drawing, so that many problems in a long text stay cheap.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::problem::{Diagnostic, Severity};
use crate::source::{Source, SourceId, Sources};
use crate::span::Span;

/// The problems, sorted by place, a blank line between them and a line end after the last.
///
/// ```text
/// error[unknown-clause]: `share` has no clause `amogn`
///  --> rules/codebook.interplay:3:3
///   |
/// 3 |   amogn: homeless_youth
///   |   ^^^^^
///   |
///   = help: did you mean `among`?
/// ```
#[must_use]
pub fn render(problems: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut sorted: Vec<&Diagnostic> = problems.iter().collect();
    sorted.sort_by_key(|problem| problem.span);
    let pages: BTreeMap<SourceId, Page<'_>> =
        sources.iter().map(|(id, source)| (id, Page::new(source))).collect();
    let drawn = sorted.into_iter().map(|problem| renderer.render(&[group(problem, &pages)]));
    let mut text = drawn.collect::<Vec<_>>().join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn group<'a>(problem: &'a Diagnostic, pages: &BTreeMap<SourceId, Page<'a>>) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(problem.message.as_str()).id(problem.code);
    let mut group = Group::with_title(title);
    for (source, places) in places(problem) {
        if let Some(page) = pages.get(&source) {
            group = match page.snippet(&places) {
                Some(snippet) => group.element(snippet),
                None => group.element(page.origin(&places)),
            };
        }
    }
    let helps = problem.helps.iter().map(|help| Level::HELP.message(help.as_str()));
    group.elements(helps)
}

/// A place to underline, and what stands under it.
struct Place<'a> {
    span: Span,
    kind: AnnotationKind,
    label: Option<&'a str>,
}

/// All places of a problem by source, that of the problem itself first.
fn places(problem: &Diagnostic) -> Vec<(SourceId, Vec<Place<'_>>)> {
    let own = Place {
        span: problem.span,
        kind: AnnotationKind::Primary,
        label: problem.label.as_deref(),
    };
    let mut first = vec![own];
    let mut others: BTreeMap<SourceId, Vec<Place<'_>>> = BTreeMap::new();
    for other in &problem.others {
        let kind = AnnotationKind::Context;
        let place = Place { span: other.span, kind, label: Some(&other.text) };
        if other.span.source == problem.span.source {
            first.push(place);
        } else {
            others.entry(other.span.source).or_default().push(place);
        }
    }
    std::iter::once((problem.span.source, first)).chain(others).collect()
}

/// A text and where its lines begin.
struct Page<'a> {
    source: &'a Source,
    line_starts: Vec<usize>,
}

/// Lines longer than this, in bytes, are no longer read by anybody.
const LONGEST_LINE: usize = 2000;

impl<'a> Page<'a> {
    fn new(source: &'a Source) -> Self {
        let ends = source.text.match_indices('\n').map(|(at, _)| at + 1);
        Self { source, line_starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The places with the lines around them, unless a line is too long to be shown.
    fn snippet(&self, places: &[Place<'a>]) -> Option<Snippet<'a, Annotation<'a>>> {
        let text = self.source.text.as_str();
        let ranges: Vec<Range<usize>> =
            places.iter().map(|place| clamp(text, place.span)).collect();
        let first = ranges.iter().map(|range| range.start).min().unwrap_or(0);
        let last = ranges.iter().map(|range| range.end).max().unwrap_or(0);
        let (first_line, last_line) = (self.line(first), self.line(last));

        // Whole lines around everything that is underlined.
        let start = self.line_start(first_line);
        let lines = text.get(start..self.line_start(last_line + 1)).unwrap_or_default();
        let is_long = |line| self.line_start(line + 1) - self.line_start(line) > LONGEST_LINE;
        if (first_line..=last_line).any(is_long) {
            return None;
        }
        let annotations = places.iter().zip(ranges).map(|(place, range)| {
            place.kind.span(range.start - start..range.end - start).label(place.label)
        });
        Some(
            Snippet::source(lines.strip_suffix('\n').unwrap_or(lines))
                .path(self.source.name.as_str())
                .line_start(first_line + 1)
                .annotations(annotations),
        )
    }

    /// The first of the places as a line and a column.
    fn origin(&self, places: &[Place<'a>]) -> Origin<'a> {
        let text = self.source.text.as_str();
        let at = places.first().map_or(0, |place| clamp(text, place.span).start);
        let line = self.line(at);
        let before = text.get(self.line_start(line)..at).unwrap_or_default();
        let column = before.chars().count() + 1;
        Origin::path(self.source.name.as_str()).line(line + 1).char_column(column)
    }

    /// The line in which the byte `at` stands, counted from 0.
    fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Where a line begins; behind the last one, where the text ends.
    fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line).copied().unwrap_or(self.source.text.len())
    }
}

/// The span as a range that exists in `text`.
fn clamp(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary((span.end as usize).min(text.len()));
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::{Diagnostic, Sources, Span};

    const TEXT: &str = "indicator reach {\n  cuont: homeless_youth\n}\n# \u{1f600} é";

    fn span(start: u32, end: u32) -> Span {
        Span { start, end, ..Span::default() }
    }

    #[test]
    fn a_problem_is_underlined_with_label_second_place_and_help() {
        let mut sources = Sources::new();
        sources.add("rules/shared.interplay", TEXT);
        let other = sources.add("rules/other.interplay", "count: reach");
        let problem =
            Diagnostic::error("unknown-clause", span(20, 25), "`indicator` has no clause `cuont`")
                .with_label("no such clause")
                .with_other(span(10, 15), "`reach` is declared here")
                .with_other(Span { source: other, start: 0, end: 5 }, "as in this one")
                .with_help("did you mean `count`?");
        let expected = "\
error[unknown-clause]: `indicator` has no clause `cuont`
 --> rules/shared.interplay:2:3
  |
1 | indicator reach {
  |           ----- `reach` is declared here
2 |   cuont: homeless_youth
  |   ^^^^^ no such clause
  |
 ::: rules/other.interplay:1:1
  |
1 | count: reach
  | ----- as in this one
  |
  = help: did you mean `count`?
";
        assert_eq!(render(&[problem], &sources, false), expected);
    }

    #[test]
    fn problems_stand_in_the_order_of_the_text() {
        let mut sources = Sources::new();
        sources.add("a", TEXT);
        let late = Diagnostic::warning("late", span(20, 25), "late");
        let early = Diagnostic::error("early", span(0, 9), "early");
        let text = render(&[late, early], &sources, false);
        assert!(text.find("early") < text.find("late"), "{text}");
    }

    #[test]
    fn a_line_too_long_to_be_shown_is_named_by_its_place() {
        let mut sources = Sources::new();
        sources.add("a", format!("short\n{}", "long ".repeat(1000)));
        let problem = Diagnostic::error("a", span(11, 15), "too long");
        assert_eq!(render(&[problem], &sources, false), "error[a]: too long\n--> a:2:6\n");
    }

    #[test]
    fn any_span_can_be_drawn() {
        let mut sources = Sources::new();
        for text in [TEXT, "", "\n", "\r\n\r\n", "é", "no line end"] {
            let source = sources.add("a", text);
            for start in 0..60 {
                for end in 0..60 {
                    let place = Span { source, start, end };
                    let problem =
                        Diagnostic::error("a", place, "a").with_other(span(end, start), "b");
                    assert!(render(&[problem], &sources, true).contains('a'));
                }
            }
        }
        let nowhere = Span { source: crate::SourceId(99), start: 0, end: u32::MAX };
        let problem = Diagnostic::error("a", nowhere, "lost");
        assert!(render(&[problem], &sources, false).contains("lost"));
    }
}
