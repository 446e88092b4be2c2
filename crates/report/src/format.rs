//! The formats a result can be written in, one room each.

use interplay::Outcome;

mod csv;
mod fit;
mod json;
mod markdown;
mod table;

pub use table::draw;

pub(crate) use markdown::body;

/// The format for readers at a terminal.
pub const TABLE: Format = table::FORMAT;

/// The format that spreadsheets and other programs read.
pub const CSV: Format = csv::FORMAT;

/// Every format, by name. A new format is a file and a line here.
pub const FORMATS: &[Format] = &[CSV, json::FORMAT, markdown::FORMAT, TABLE];

/// All that the command line and the manual need to know of one format.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// As written after `--format`.
    pub name: &'static str,
    /// One line for help and the manual.
    pub summary: &'static str,
    /// Of its files: `csv`
    pub extension: &'static str,
    /// Whether remarks and provenance stand in it; otherwise they must be told beside it.
    pub has_remarks: bool,
    write: fn(&Outcome, Options) -> String,
}

/// How a result is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Letters a line; long texts are wrapped to it.
    pub width: Option<u16>,
    /// Whether what was asked stands above the figures.
    pub has_title: bool,
    /// Whether where they come from stands below; a page of many results tells it once.
    pub has_provenance: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: None, has_title: true, has_provenance: true }
    }
}

/// The format called `name`.
#[must_use]
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The outcome as text that ends with a line end; empty when there is no answer.
#[must_use]
pub fn render(outcome: &Outcome, format: &Format, options: Options) -> String {
    (format.write)(outcome, options)
}

/// What machines read: a share is a number from 0 to 1 there, so its unit is no per cent.
fn machine<'a>(column: &str, text: &'a str) -> &'a str {
    if column == "unit" && text == "%" { "fraction" } else { text }
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, Options, named, render};
    use crate::samples;

    #[test]
    fn formats_are_sorted_and_unique() {
        assert!(FORMATS.is_sorted_by(|one, next| one.name < next.name));
    }

    #[test]
    fn summaries_are_one_plain_line() {
        for format in FORMATS {
            let summary = format.summary;
            assert!(!summary.ends_with('.') && !summary.contains('\n'), "{}", format.name);
            assert!(named(format.name).is_some());
        }
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        for format in FORMATS {
            for outcome in samples::all() {
                let text = render(&outcome, format, Options::default());
                assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
                assert_eq!(text, render(&outcome, format, Options::default()));
            }
        }
    }

    #[test]
    fn without_an_answer_there_is_no_text() {
        for format in FORMATS {
            assert_eq!(render(&samples::unanswered(), format, Options::default()), "");
        }
    }
}
