//! What is said of rows, deliveries and sources: all wording of the pool in one place.

use std::fmt::Display;

use datafusion::arrow::datatypes::DataType;
use interplay_compile::catalog::MapExpr;
use interplay_diagnostic::{Diagnostic, Span, Spanned, suggest};

use crate::error::DeliveryFault;
use crate::snapshot::KeyKind;
use crate::source::option::SourceOption;
use crate::source::{FORMATS, SourceFormat};

/// A row of a record with a key that lacks one of its fields.
pub(crate) fn row_without_key(field: &str) -> String {
    format!("a row has no `{field}`, which belongs to the key of its record")
}

/// Two rows of a delivery with one key and of different people.
pub(crate) fn key_of_another(key: &[String], subject: &str) -> String {
    let fields: Vec<String> = key.iter().map(|field| format!("`{field}`")).collect();
    format!(
        "a row of another {subject} in this delivery has the same {}, so nobody knows which of \
         them holds",
        fields.join(" and ")
    )
}

/// `HotBuilder::add("visit", …)` where no record has that name
pub(crate) fn no_such_record() -> String {
    "there is no record of that name".to_owned()
}

/// 3 subjects with 4 rows
pub(crate) fn uneven_rows(subject_count: usize, row_count: usize) -> String {
    format!("{subject_count} subjects were given for {row_count} rows")
}

/// A null in the subjects.
pub(crate) fn row_without_subject(row: usize) -> String {
    format!("row {} has no subject", row + 1)
}

/// A null in the day or start.
pub(crate) fn row_without_start(field: &str) -> String {
    format!("a row has no `{field}`, by which rows are put in order")
}

/// A column that is no field.
pub(crate) fn no_such_field(name: &str) -> String {
    format!("there is no field `{name}`")
}

/// A column of another type than its field's.
pub(crate) fn other_type(field: &str, found: &impl Display, wanted: &impl Display) -> String {
    format!("`{field}` comes as {found}, where {wanted} is kept")
}

/// ```text
/// from: cvs("stays-*.csv")
///       ^^^
/// ```
pub(crate) fn unknown_format(written: &Spanned<String>) -> Diagnostic {
    let message = format!("there is no source format `{}`", written.item);
    let names = FORMATS.iter().map(|format| format.name);
    let help = near_or_all(&written.item, names, "the formats are");
    Diagnostic::error("unknown-format", written.span, message).with_help(help)
}

/// ```text
/// from: csv("stays-*.csv", seperator: ";")
///                          ^^^^^^^^^
/// ```
pub(crate) fn unknown_option(format: &SourceFormat, written: &Spanned<String>) -> Diagnostic {
    let message = no_such_option(format, &written.item);
    let names = format.options.iter().map(|option| option.name);
    let help = near_or_all(&written.item, names, "its options are");
    Diagnostic::error("unknown-option", written.span, message).with_help(help)
}

/// `` `csv` has no option `seperator` ``
pub(crate) fn no_such_option(format: &SourceFormat, name: &str) -> String {
    format!("`{}` has no option `{name}`", format.name)
}

/// ```text
/// from: csv("stays-*.csv", encoding: "latin-9000")
///                                    ^^^^^^^^^^^^
/// ```
pub(crate) fn option_value(
    option: &SourceOption,
    written: &Spanned<String>,
    wanted: &str,
) -> Diagnostic {
    let message = format!("`{}` is `{}`", option.name, written.item);
    Diagnostic::error("option-value", written.span, message).with_help(format!("it takes {wanted}"))
}

/// `` `encoding` is `latin-9000`; it takes … ``
pub(crate) fn no_such_value(name: &str, value: &str, wanted: &str) -> String {
    format!("`{name}` is `{value}`; it takes {wanted}")
}

/// ```text
/// from: csv("stays-*.csv", separator: ";", separator: ",")
///                                          ^^^^^^^^^
/// ```
pub(crate) fn option_twice(written: &Spanned<String>, first: Span) -> Diagnostic {
    let message = format!("`{}` is said twice", written.item);
    Diagnostic::error("option-twice", written.span, message)
        .with_other(first, "it is said here first")
}

/// ```text
/// from: csv("stays[.csv")
///           ^^^^^^^^^^^^
/// ```
pub(crate) fn bad_pattern(written: &Spanned<String>, fault: &str) -> Diagnostic {
    Diagnostic::error("file-pattern", written.span, no_pattern(&written.item, ""))
        .with_help(fault.to_owned())
}

/// `` `stays[.csv` is no pattern of file names ``
pub(crate) fn no_pattern(location: &str, fault: &str) -> String {
    let sign = if fault.is_empty() { "" } else { ": " };
    format!("`{location}` is no pattern of file names{sign}{fault}")
}

/// ```text
/// map { person: pseudonym(`INSZ`)   note: `INSZ` }
///                                         ^^^^^^
/// ```
pub(crate) fn identifier_kept(field: &str, column: &str, span: Span, subject: Span) -> Diagnostic {
    let message = format!("`{field}` would keep `{column}`, by which people are known");
    Diagnostic::error("identifier-kept", span, message)
        .with_other(subject, "it is made a pseudonym here")
        .with_help("a pool keeps no identifiers: map another column, or none")
}

/// `` `note` would keep `INSZ`, by which people are known ``, found when the record is at hand
pub(crate) fn keeps_identifier(field: &str, column: &str) -> String {
    format!("`{field}` would keep `{column}`, by which people are known, and a pool keeps none")
}

fn near_or_all<'a>(
    written: &str,
    names: impl Iterator<Item = &'a str> + Clone,
    all: &str,
) -> String {
    match suggest::nearest(written, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{all} {}", suggest::list(names)),
    }
}

/// A path that the system does not let us see.
pub(crate) fn unreadable(fault: &glob::GlobError) -> String {
    format!("`{}` cannot be read: {}", fault.path().display(), fault.error())
}

/// A location that nothing matches.
pub(crate) fn no_files(location: &str) -> String {
    format!("no file matches `{location}`")
}

/// `memory("stays")` of which nothing was registered
pub(crate) fn not_registered<'a>(
    name: &str,
    registered: impl Iterator<Item = &'a str> + Clone,
) -> String {
    match suggest::nearest(name, registered) {
        Some(near) => format!("no batches are registered as `{name}`; did you mean `{near}`?"),
        None => format!("no batches are registered as `{name}`"),
    }
}

/// A file of no bytes.
pub(crate) fn empty_file() -> String {
    "the file is empty".to_owned()
}

/// Bytes that the encoding does not know.
pub(crate) fn undecodable(encoding: &str, line: usize) -> String {
    format!(
        "line {line} holds bytes that are no {encoding}; the source may say its encoding, such \
         as `encoding: \"windows-1252\"`"
    )
}

/// Text of two bytes a letter, read with one.
pub(crate) fn zero_bytes(encoding: &str) -> String {
    format!(
        "the text holds bytes of zero, so it is hardly {encoding}; the source may say \
         `encoding: \"utf-16le\"`"
    )
}

/// A quote that swallows the rest of the file.
pub(crate) fn open_quote(line: u64) -> String {
    format!("a quote that opens in the row of line {line} is never closed")
}

/// A quote that swallows the rows up to the next one.
pub(crate) fn rows_in_quotes(line: usize, line_count: usize) -> String {
    format!(
        "the quotes that open in the row of line {line} hold line ends, and each of its \
         {line_count} lines looks like a row of its own: close the quotes, or let the source say \
         `quote: \"none\"`"
    )
}

/// A row that is cut short, or has a separator too many.
pub(crate) fn uneven_row(cell_count: usize, column_count: usize) -> String {
    let cells = if cell_count == 1 { "cell" } else { "cells" };
    format!("the row has {cell_count} {cells} where the header has {column_count}")
}

/// Bytes that are something else.
pub(crate) fn no_parquet(fault: &impl Display) -> String {
    format!("it is no Parquet file that can be read: {fault}")
}

/// A Parquet file whose pages do not hold what they say.
pub(crate) fn damaged_pages() -> String {
    "its pages are damaged".to_owned()
}

/// Registered batches of different shapes.
pub(crate) fn other_columns(column: &str) -> String {
    format!("not every batch has the column `{column}`")
}

/// A column of lists or structures.
pub(crate) fn no_text_form(column: &str, kind: &DataType) -> String {
    format!("the column `{column}` holds {kind}, which has no plain text")
}

/// A column that a source maps and a file does not have.
pub(crate) fn missing_column<'a>(
    column: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> String {
    let all = suggest::list(known.clone());
    match suggest::nearest(column, known) {
        Some(near) => format!("there is no column `{column}`; did you mean `{near}`?"),
        None => format!("there is no column `{column}`; its columns are {all}"),
    }
}

/// A column of moments that is mapped by a source that says no time zone.
pub(crate) fn moments_of_no_place(column: &str) -> String {
    format!("the column `{column}` holds moments, and {}", no_timezone("their"))
}

fn no_timezone(whose: &str) -> String {
    format!(
        "nothing says in which time zone {whose} day is told: the source may say `timezone: \
         \"Europe/Brussels\"`"
    )
}

/// A column that stands twice in a header.
pub(crate) fn column_twice(column: &str) -> String {
    format!("two columns are called `{column}`")
}

/// What a row's value should have been.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// With the form of dates.
    Date(&'a str),
    /// With the form of dates.
    Moment(&'a str),
    /// By which the day of a moment is told.
    Timezone,
    /// With the decimal sign.
    Number(char),
    /// One of the listed texts of a `recode`, with its rows.
    Listed(&'a [(String, MapExpr)]),
    /// With the name of the code list.
    Code(&'a str),
}

/// `` "31/02/2025" in `Datum in` is no date of the form day/month/year ``
///
/// Without a value nothing is shown of an identifier; a value may be the shape of a text.
pub(crate) fn misread(value: Option<&str>, column: Option<&str>, wanted: Wanted<'_>) -> String {
    let value = value.map_or_else(|| "the value".to_owned(), |value| format!("\"{value}\""));
    let place = column.map_or_else(String::new, |column| format!(" in `{column}`"));
    let what = match wanted {
        Wanted::Date(form) => format!("is no date of the form {form}"),
        Wanted::Moment(form) => {
            format!("is no date of the form {form}, and no moment such as 2025-01-31T23:30")
        }
        Wanted::Timezone => format!("is a moment, and {}", no_timezone("its")),
        Wanted::Number(sign) => format!("is no number with the decimal sign `{sign}`"),
        Wanted::Listed(_) => "is not one that the source recodes".to_owned(),
        Wanted::Code(list) => format!("is not on the list `{list}`"),
    };
    format!("{value}{place} {what}")
}

/// A field that must have a value.
pub(crate) fn missing_field(field: &str) -> String {
    format!("`{field}` is missing")
}

/// A subject that nothing identifies.
pub(crate) fn missing_subject(subject: &str) -> String {
    format!("it is not known whose row it is: the {subject} is missing")
}

/// `left` before `arrived`
pub(crate) fn ends_early(start: &str, end: &str) -> String {
    format!("`{end}` lies before `{start}`")
}

/// Every delivery that cannot be read, a line each.
pub(crate) fn deliveries(faults: &[DeliveryFault]) -> String {
    let line = |fault: &DeliveryFault| match &fault.file {
        Some(file) => format!("source `{}`, `{file}`: {}", fault.source_name, fault.what),
        None => format!("source `{}`: {}", fault.source_name, fault.what),
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A source for a record that nothing declares.
pub(crate) fn no_record(record: &str) -> String {
    format!("there is no record `{record}`")
}

/// A source of a format that nothing reads.
pub(crate) fn no_format(format: &str) -> String {
    format!("there is no source format `{format}`")
}

/// A file with the bytes of another of its source.
pub(crate) fn delivered_twice(other: &str) -> String {
    format!("it holds the same as `{other}`, so its rows would count twice; remove one of the two")
}

/// A file that is written while it is read.
pub(crate) fn changed_meanwhile() -> String {
    "the file changed while it was read; load again when it is whole".to_owned()
}

/// A pool of one key, opened with another.
pub(crate) fn other_key(before: KeyKind, now: KeyKind) -> String {
    let name = |kind: KeyKind| match kind {
        KeyKind::Demonstration => "the demonstration key",
        KeyKind::Own => "a key of the coalition's own",
    };
    let other = if before == now { "another key than the one at hand" } else { name(before) };
    let hand =
        if before == now { String::new() } else { format!(", and {} is at hand", name(now)) };
    format!(
        "the pool was built with {other}{hand}: under two keys one person would be two; give the \
         first key, or remove the pool's folder and load everything anew"
    )
}
