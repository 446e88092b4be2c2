//! `table`: for readers at a terminal.
//!
//! Numbers stand at the right, totals beneath a line of their own, and under the table the
//! remarks and where the figures come from.

use comfy_table::{Cell, CellAlignment, ContentLineStyle, LineStyle, Table, TableStyle};
use interplay::{Answer, Outcome};

use super::{Format, Options, fit};
use crate::layout;
use crate::layout::tree::{self, Branch};
use crate::remark;
use crate::sheet::{Column, Sheet, Text};

pub(super) const FORMAT: Format = Format {
    name: "table",
    summary: "for readers at a terminal",
    extension: "txt",
    has_remarks: true,
    write,
};

/// Lines between columns and under the headings, none around the table.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction('│'))
    .header_separator(LineStyle::none().fill('─').junction('┼'))
    .content_lines(ContentLineStyle::none().junction('│'));

/// Stands in a row of its own where a line is to be drawn; no text has this letter.
const RULE: &str = "\u{e000}";

fn write(outcome: &Outcome, options: Options) -> String {
    let Some(answer) = &outcome.answer else { return String::new() };
    let mut parts = Vec::new();
    if options.has_title {
        parts.push(outcome.title.clone());
    }
    let legend = layout::legend(answer);
    if !legend.is_empty() {
        parts.push(legend.join("\n"));
    }
    let above = parts.join("\n");
    let table = match answer {
        Answer::Trace(trace) => outline(&tree::branches(&trace.batch), options.width),
        answer => draw(&layout::sheet(answer), options.width),
    };
    let mut below: Vec<String> = layout::key(answer).into_iter().collect();
    let notes = remark::notes(outcome).iter().cloned().chain(layout::remark(answer));
    below.extend(notes.map(|note| format!("note: {note}")));
    let provenance = remark::provenance(&outcome.provenance);
    if options.has_provenance && !provenance.is_empty() {
        below.push(provenance);
    }
    let below: Vec<String> = below.iter().map(|line| wrapped(line, options.width)).collect();
    let parts = [above, table.trim_end().to_owned(), below.join("\n")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}\n", parts.join("\n\n"))
}

/// Lines set in by how deep they lie.
fn outline(branches: &[Branch], width: Option<u16>) -> String {
    let lines = branches.iter().enumerate().map(|(at, branch)| {
        let indent = "  ".repeat(branch.depth);
        let left = width.map(|width| {
            let indent = u16::try_from(indent.len()).unwrap_or(width);
            width.saturating_sub(indent).max(20)
        });
        // Parts of a row stand under those of others, and are not wrapped.
        let text = if branch.is_row { branch.text.clone() } else { wrapped(&branch.text, left) };
        let between = if branch.depth == 0 && at > 0 { "\n" } else { "" };
        let lines = text.lines().map(|line| format!("{indent}{line}\n"));
        format!("{between}{}", lines.collect::<String>())
    });
    lines.collect()
}

/// A sentence over as many lines as it takes; what follows the first is set in by two.
fn wrapped(text: &str, width: Option<u16>) -> String {
    let Some(width) = width.map(usize::from) else { return text.to_owned() };
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let letters = word.chars().count();
        match lines.last_mut() {
            // A number in groups of three digits is one word.
            Some(line) if is_group(line, word) => {
                let at = line.trim_end_matches(|letter| letter != ' ').len();
                let number = line.split_off(at);
                if line.chars().count() + number.chars().count() + 1 + letters <= width {
                    line.push_str(&number);
                    line.push(' ');
                    line.push_str(word);
                } else {
                    line.truncate(line.trim_end().len());
                    lines.push(format!("  {number} {word}"));
                }
            }
            Some(line) if line.chars().count() + 1 + letters <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("  {word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Whether a word goes on with the number with which a line ends: `3` and `873`
fn is_group(line: &str, word: &str) -> bool {
    let is_digits = |text: &str| text.len() == 3 && text.bytes().all(|it| it.is_ascii_digit());
    let last = line.rsplit(' ').next().unwrap_or_default();
    let is_number = |text: &str| (1..=3).contains(&text.len()) && text.parse::<u16>().is_ok();
    is_number(last) && is_digits(word.trim_end_matches([',', '.', ';', ':']))
}

/// The sheet as lines of text, each with its end; wrapped to `width` letters if that is given.
/// Without a row there are no headings either.
#[must_use]
pub fn draw(sheet: &Sheet, width: Option<u16>) -> String {
    if sheet.lines.is_empty() {
        return "none\n".to_owned();
    }
    let Some(width) = width else { return drawn(sheet) };
    let tables = fit::fitted(sheet, usize::from(width));
    tables.iter().map(drawn).collect::<Vec<_>>().join("\n")
}

/// A sheet as it is.
fn drawn(sheet: &Sheet) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(sheet.columns.iter().map(|column| cell(heading(column), column)));
    for line in &sheet.lines {
        if line.is_set_off {
            table.add_row(vec![RULE; sheet.columns.len().min(1)]);
        }
        let cells = sheet.columns.iter().zip(&line.cells);
        table.add_row(cells.map(|(column, text)| cell(show(text), column)));
    }
    let lines: Vec<String> = table.lines().collect();
    let rule = lines.iter().find(|line| line.starts_with('─')).cloned().unwrap_or_default();
    let lines = lines.into_iter().map(|line| {
        let line = if line.contains(RULE) { rule.clone() } else { line };
        format!("{}\n", line.trim_end())
    });
    lines.collect()
}

fn cell(text: String, column: &Column) -> Cell {
    let alignment = if column.is_number { CellAlignment::Right } else { CellAlignment::Left };
    Cell::new(text).set_alignment(alignment)
}

fn heading(column: &Column) -> String {
    match &column.unit {
        Some(unit) => format!("{}\n{unit}", column.heading),
        None => column.heading.clone(),
    }
}

fn show(text: &Text) -> String {
    match &text.beneath {
        Some(beneath) => format!("{}\n{beneath}", text.text),
        None => text.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::format::Options;
    use crate::samples;

    fn shown(outcome: &interplay::Outcome) -> String {
        write(outcome, Options::default())
    }

    #[test]
    fn one_measure_shows_its_size_and_how_sure_it_is() {
        let expected = "\
measure stably_housed in 2024 by gender
Stably housed six months after intake

 gender │ stably_housed │       size │ unknown │        bounds │ 95 % interval
────────┼───────────────┼────────────┼─────────┼───────────────┼───────────────
 Woman  │        42.3 % │ 120 of 284 │      31 │ 38.0 – 48.0 % │ 36.7 – 48.1 %
 x      │      withheld │            │         │               │
────────┼───────────────┼────────────┼─────────┼───────────────┼───────────────
 total  │        50.0 % │ 150 of 300 │       0 │ 50.0 – 50.0 % │ 44.4 – 55.6 %

note: Fewer than five people are withheld.
ghent.youth 2.1.0 · snapshot 3f9a · data up to 2025-12-31
";
        assert_eq!(shown(&samples::shares()), expected);
    }

    #[test]
    fn several_measures_stand_side_by_side() {
        let expected = "\
measure reach, nights in 2024 .. 2025 by year
reach: Young people reached
nights: Nights without a home

 year               │   reach │           nights
                    │ persons │           nights
────────────────────┼─────────┼──────────────────
 2024               │   1 234 │             3.50
                    │         │ n=12, 30 unknown
 2025               │ no data │                –
────────────────────┼─────────┼──────────────────
 total 2024 .. 2025 │   2 000 │             4.00
                    │         │            n=200

ghent.youth 2.1.0 · snapshot 3f9a · data up to 2025-12-31
";
        assert_eq!(shown(&samples::several()), expected);
    }

    #[test]
    fn two_breakdowns_of_one_measure_cross() {
        let expected = "\
measure reach in 2024 by year, gender
Young people reached (persons)

 year / gender │ f │ x │ total
───────────────┼───┼───┼───────
 2024          │ 3 │ 1 │     4
───────────────┼───┼───┼───────
 total 2024    │ 3 │ 1 │     4

ghent.youth 2.1.0 · snapshot 3f9a · data up to 2025-12-31
";
        assert_eq!(shown(&samples::crossed()), expected);
    }

    #[test]
    fn a_listing_is_its_headings_and_rows() {
        let expected = "\
list indicators

 name  │ title                │ people
───────┼──────────────────────┼────────
 reach │ Young people reached │  1 234
 other │                      │

ghent.youth 2.1.0 · snapshot 3f9a · data up to 2025-12-31
";
        assert_eq!(shown(&samples::listing()), expected);
    }

    #[test]
    fn long_texts_are_wrapped_to_the_width() {
        let options = Options { width: Some(32), ..Options::default() };
        let text = write(&samples::listing(), options);
        assert!(text.lines().all(|line| line.chars().count() <= 32), "{text}");
    }
}
