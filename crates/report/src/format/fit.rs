//! How a table fits between the edges of a terminal.
//!
//! Numbers are never broken. What is too wide is first wrapped: headings at their words and `_`,
//! sizes part by part. A table that is still too wide becomes several beneath each other, with the
//! columns at the left in each.

use crate::sheet::{Column, Line, Sheet, Text};

/// A column of words is not made narrower than this for the sake of others.
const LEAST_WORDS: usize = 12;

/// Where nothing else helps, words are broken, but not into less than this.
const FEWEST_LETTERS: usize = 6;

/// The table as one or more that are at most `width` letters wide, as far as numbers allow.
pub(super) fn fitted(sheet: &Sheet, width: usize) -> Vec<Sheet> {
    let natural: Vec<usize> = (0..sheet.columns.len()).map(|at| natural(sheet, at)).collect();
    if total(&natural) <= width {
        return vec![sheet.clone()];
    }
    let least: Vec<usize> =
        natural.iter().enumerate().map(|(at, natural)| least(sheet, at).min(*natural)).collect();
    let sizes = |columns: &[usize], of: &[usize]| -> Vec<usize> {
        columns.iter().filter_map(|at| of.get(*at).copied()).collect()
    };
    let parts = parts(sheet, &least, width);
    let made = parts.iter().map(|columns| {
        let is_words: Vec<bool> = columns
            .iter()
            .filter_map(|at| sheet.columns.get(*at).map(|column| !column.is_number))
            .collect();
        let (least, natural) = (sizes(columns, &least), sizes(columns, &natural));
        let widths = squeezed(grown(least, &natural, width), &is_words, width);
        wrapped(sheet, columns, &widths)
    });
    made.collect()
}

/// Letters of a line: each column has a space on both sides, and a stroke before the next.
fn total(widths: &[usize]) -> usize {
    widths.iter().map(|width| width + 3).sum::<usize>().saturating_sub(1)
}

/// Which columns stand in which table: those of words at the left in every one.
fn parts(sheet: &Sheet, least: &[usize], width: usize) -> Vec<Vec<usize>> {
    let keys = sheet.columns.iter().take_while(|column| !column.is_number).count();
    let fits = |columns: &[usize]| {
        let widths: Vec<usize> = columns.iter().filter_map(|at| least.get(*at).copied()).collect();
        total(&widths) <= width
    };
    let mut parts: Vec<Vec<usize>> = vec![(0..keys).collect()];
    for at in keys..sheet.columns.len() {
        let Some(last) = parts.last_mut() else { continue };
        last.push(at);
        if last.len() > keys + 1 && !fits(last) {
            last.pop();
            parts.push((0..keys).chain([at]).collect());
        }
    }
    parts
}

/// The width of a column that nothing is wrapped in.
fn natural(sheet: &Sheet, at: usize) -> usize {
    let column = sheet.columns.get(at);
    let heading = column.into_iter().flat_map(|it| [Some(it.heading.as_str()), it.unit.as_deref()]);
    let cells = sheet.lines.iter().filter_map(|line| line.cells.get(at));
    let cells = cells.flat_map(|cell| [Some(cell.text.as_str()), cell.beneath.as_deref()]);
    widest(heading.chain(cells).flatten())
}

/// The width below which something must be broken that should stand together.
fn least(sheet: &Sheet, at: usize) -> usize {
    let Some(column) = sheet.columns.get(at) else { return 0 };
    let unit = column.unit.as_deref().unwrap_or_default();
    let heading = widest(words(&column.heading).into_iter().chain(words(unit)));
    let cells = || sheet.lines.iter().filter_map(|line| line.cells.get(at));
    let texts = || cells().map(|cell| cell.text.as_str());
    let beneath = cells().filter_map(|cell| cell.beneath.as_deref()).flat_map(sizes);
    let cells = if column.is_number {
        widest(texts()).max(widest(beneath))
    } else {
        widest(texts().flat_map(words)).max(LEAST_WORDS)
    };
    heading.max(cells)
}

/// The widths with what is left of the line given to the columns from left to right.
fn grown(mut widths: Vec<usize>, natural: &[usize], width: usize) -> Vec<usize> {
    let mut left = width.saturating_sub(total(&widths));
    for (own, natural) in widths.iter_mut().zip(natural) {
        let more = natural.saturating_sub(*own).min(left);
        *own += more;
        left -= more;
    }
    widths
}

/// The widths with columns of words made narrower until the line fits, the widest first.
fn squeezed(mut widths: Vec<usize>, is_words: &[bool], width: usize) -> Vec<usize> {
    while total(&widths) > width {
        let words = widths.iter_mut().zip(is_words).filter(|(_, is_words)| **is_words);
        let widest = words.map(|(own, _)| own).max_by_key(|own| **own);
        match widest.filter(|own| **own > FEWEST_LETTERS) {
            Some(own) => *own -= 1,
            None => break,
        }
    }
    widths
}

/// Some columns of a table, each wrapped to its width.
fn wrapped(sheet: &Sheet, columns: &[usize], widths: &[usize]) -> Sheet {
    let chosen = || columns.iter().zip(widths);
    let headings = chosen().filter_map(|(at, width)| {
        let column = sheet.columns.get(*at)?;
        Some(Column {
            heading: filled(&words(&column.heading), *width),
            unit: column.unit.as_ref().map(|unit| filled(&words(unit), *width)),
            is_number: column.is_number,
        })
    });
    let cell = |text: &Text, width: usize, is_number: bool| Text {
        text: if is_number { text.text.clone() } else { filled(&words(&text.text), width) },
        beneath: text.beneath.as_ref().map(|beneath| match is_number {
            true => filled(&sizes(beneath).collect::<Vec<_>>(), width),
            false => filled(&words(beneath), width),
        }),
    };
    let lines = sheet.lines.iter().map(|line| {
        let cells = chosen().filter_map(|(at, width)| {
            let column = sheet.columns.get(*at)?;
            Some(cell(line.cells.get(*at)?, *width, column.is_number))
        });
        Line { cells: cells.collect(), is_total: line.is_total, is_set_off: line.is_set_off }
    });
    Sheet { columns: headings.collect(), lines: lines.collect() }
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.trim_end().chars().count()).max().unwrap_or(0)
}

/// The parts of a heading or a label, with what follows each: `stably_`, `housed`
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '_', '-', '/']).collect()
}

/// `n=12, `, `30 unknown`
fn sizes(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(", ")
}

/// The parts over as many lines as they take; one that is wider than a line is broken.
fn filled(parts: &[&str], width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let letters = |text: &str| text.trim_end().chars().count();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.chars().count() + letters(part) <= width => line.push_str(part),
            _ if letters(part) <= width => lines.push((*part).to_owned()),
            _ => {
                let all: Vec<char> = part.trim_end().chars().collect();
                lines.extend(all.chunks(width.max(1)).map(|piece| piece.iter().collect()));
                lines.extend(part.ends_with(' ').then(String::new));
            }
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{filled, fitted, sizes, words};
    use crate::sheet::{Column, Line, Sheet, Text};

    fn sheet() -> Sheet {
        let number = |text: &str, beneath: &str| Text {
            text: text.to_owned(),
            beneath: Some(beneath.to_owned()),
        };
        let cells = vec![
            Text { text: "total 2025".to_owned(), beneath: None },
            number("1 438", "n=1 438, 12 unknown"),
            number("77.1 %", "n=1 198, 78 unknown"),
        ];
        Sheet {
            columns: vec![
                Column::words("quarter"),
                Column::numbers("young_people_reached"),
                Column::numbers("stably_housed"),
            ],
            lines: vec![Line { cells, is_total: true, is_set_off: false }],
        }
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        assert_eq!(fitted(&sheet(), 80), [sheet()]);
    }

    #[test]
    fn headings_and_sizes_are_wrapped_and_numbers_are_not() {
        let made = fitted(&sheet(), 44);
        let [made] = made.as_slice() else { panic!("{made:?}") };
        let headings: Vec<&str> = made.columns.iter().map(|it| it.heading.as_str()).collect();
        assert_eq!(headings, ["quarter", "young_people_\nreached", "stably_\nhoused"]);
        let cells = made.lines.first().map(|line| line.cells.clone()).unwrap_or_default();
        let texts: Vec<&str> = cells.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["total 2025", "1 438", "77.1 %"]);
        let beneath: Vec<&str> = cells.iter().filter_map(|it| it.beneath.as_deref()).collect();
        assert_eq!(beneath, ["n=1 438,\n12 unknown", "n=1 198,\n78 unknown"]);
    }

    #[test]
    fn what_still_does_not_fit_becomes_several_tables() {
        let made = fitted(&sheet(), 28);
        let headings: Vec<Vec<&str>> = made
            .iter()
            .map(|sheet| sheet.columns.iter().map(|it| it.heading.as_str()).collect())
            .collect();
        assert_eq!(headings.len(), 2, "{headings:?}");
        assert!(headings.iter().all(|columns| columns.first() == Some(&"quarter")));
        assert!(made.iter().all(|it| {
            let first = it.lines.first().and_then(|line| line.cells.first());
            first.is_some_and(|cell| cell.text == "total 2025")
        }));
    }

    #[test]
    fn lines_are_filled() {
        assert_eq!(filled(&words("With family or friends"), 12), "With family\nor friends");
        assert_eq!(
            filled(&sizes("n=1 438, 12 unknown").collect::<Vec<_>>(), 20),
            "n=1 438, 12 unknown"
        );
        assert_eq!(filled(&words("unbreakable"), 6), "unbrea\nkable");
    }
}
