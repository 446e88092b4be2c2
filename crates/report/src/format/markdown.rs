//! `markdown`: the table for readers, as part of a page.

use interplay::{Answer, Outcome};

use super::{Format, Options};
use crate::layout;
use crate::layout::tree::{self, Branch};
use crate::remark;
use crate::sheet::{Column, Line, Sheet, Text};

pub(super) const FORMAT: Format = Format {
    name: "markdown",
    summary: "the table for readers, as part of a page",
    extension: "md",
    has_remarks: true,
    write,
};

fn write(outcome: &Outcome, options: Options) -> String {
    let Some(text) = body(outcome) else { return String::new() };
    let title = format!(
        "## {}

",
        escaped(&outcome.title)
    );
    let title = if options.has_title { title.as_str() } else { "" };
    let provenance = remark::provenance(&outcome.provenance);
    let footing = if options.has_provenance && !provenance.is_empty() {
        format!(
            "
_{}_
",
            escaped(&provenance)
        )
    } else {
        String::new()
    };
    format!("{title}{text}{footing}")
}

/// Legend, table and notes; none without an answer.
pub(crate) fn body(outcome: &Outcome) -> Option<String> {
    let answer = outcome.answer.as_ref()?;
    let legend = layout::legend(answer).iter().map(|line| escaped(line)).collect::<Vec<_>>();
    let notes = layout::key(answer).into_iter().chain(remark::notes(outcome).iter().cloned());
    let notes = notes.chain(layout::remark(answer));
    let notes = notes.map(|note| format!("- {}", escaped(&note)));
    let mut parts = Vec::new();
    if !legend.is_empty() {
        // A line each: two spaces at the end of a line keep it apart from the next.
        parts.push(legend.join("  \n"));
    }
    parts.push(match answer {
        Answer::Trace(trace) => outline(&tree::branches(&trace.batch)),
        answer => table(&layout::sheet(answer)),
    });
    let notes = notes.collect::<Vec<_>>().join("\n");
    if !notes.is_empty() {
        parts.push(notes);
    }
    Some(format!("{}\n", parts.join("\n\n")))
}

/// Points within points.
fn outline(branches: &[Branch]) -> String {
    let line =
        |branch: &Branch| format!("{}- {}", "  ".repeat(branch.depth), escaped(&branch.text));
    branches.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn table(sheet: &Sheet) -> String {
    let mut lines = vec![row(sheet.columns.iter().map(heading))];
    lines.push(row(sheet
        .columns
        .iter()
        .map(|column| (if column.is_number { "---:" } else { "---" }).to_owned())));
    lines
        .extend(sheet.lines.iter().map(|line| row(line.cells.iter().map(|cell| show(cell, line)))));
    lines.join("\n")
}

fn row(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

fn heading(column: &Column) -> String {
    match &column.unit {
        Some(unit) => escaped(&format!("{} ({unit})", column.heading)),
        None => escaped(&column.heading),
    }
}

/// Totals are bold; what stands beneath is small.
fn show(cell: &Text, line: &Line) -> String {
    let text = escaped(&cell.text);
    let text = if line.is_total && !text.is_empty() { format!("**{text}**") } else { text };
    match &cell.beneath {
        Some(beneath) => format!("{text}<br><small>{}</small>", escaped(beneath)),
        None => text,
    }
}

/// Signs that Markdown would read as its own are kept as they are. An underscore inside a word
/// means nothing to it, and backticks mean the same to it as to us: they may stand.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.trim().chars() {
        match letter {
            '|' | '*' | '<' | '[' | '\\' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("<br>"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escaped, write};
    use crate::format::Options;
    use crate::samples;

    #[test]
    fn a_table_has_its_title_its_notes_and_its_origin() {
        let expected = "\
## measure stably_housed in 2024 by gender

Stably housed six months after intake

| gender | stably_housed | size | unknown | bounds | 95 % interval |
| --- | ---: | ---: | ---: | ---: | ---: |
| Woman | 42.3 % | 120 of 284 | 31 | 38.0 – 48.0 % | 36.7 – 48.1 % |
| x | withheld |  |  |  |  |
| **total** | **50.0 %** | **150 of 300** | **0** | **50.0 – 50.0 %** | **44.4 – 55.6 %** |

- Fewer than five people are withheld.

_ghent.youth 2.1.0 · snapshot 3f9a · data up to 2025-12-31_
";
        assert_eq!(write(&samples::shares(), Options::default()), expected);
    }

    #[test]
    fn signs_of_markdown_are_kept() {
        assert_eq!(escaped("a|b *c* in_2025"), "a\\|b \\*c\\* in_2025");
    }
}
