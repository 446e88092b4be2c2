//! `csv("stays-*.csv", separator: ";")`: delimited text, as most systems export it.

use std::collections::BTreeMap;

use bytes::Bytes;
use csv::{ReaderBuilder, StringRecord};
use datafusion::arrow::array::{StringArray, StringBuilder};

use super::option::{DATES, DECIMAL, ENCODING, HEADER_LINE, QUOTE, Reading, SEPARATOR, THOUSANDS};
use super::raw::{Raw, RawColumn};
use super::{Place, SourceFormat};
use crate::problems;

pub(super) const FORMAT: SourceFormat = SourceFormat {
    name: "csv",
    summary: "delimited text, one row a line, with a line that names the columns",
    options: &[DATES, DECIMAL, ENCODING, HEADER_LINE, QUOTE, SEPARATOR, THOUSANDS],
    place: Place::Files(read),
};

fn read(file: &Bytes, reading: &Reading) -> Result<Raw, String> {
    if file.is_empty() {
        return Err(problems::empty_file());
    }
    let text = decoded(file, reading)?;
    let text = after_lines(&text, reading.header_line - 1).ok_or_else(problems::empty_file)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(reading.separator)
        .quoting(reading.quote.is_some())
        .quote(reading.quote.unwrap_or(b'"'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let fault = |fault: csv::Error| fault.to_string();
    let names: Vec<String> =
        reader.headers().map_err(fault)?.iter().map(|name| name.trim().to_owned()).collect();
    let mut cells: Vec<StringBuilder> = names.iter().map(|_| StringBuilder::new()).collect();
    let (mut lines, mut broken, mut swallowed) = (Vec::new(), BTreeMap::new(), None);
    let mut row = StringRecord::new();
    let mut here = Here { text, byte: 0, line: reading.header_line };
    while reader.read_record(&mut row).map_err(fault)? {
        if let Some(reason) = misfit(&row, names.len()) {
            broken.insert(lines.len(), reason);
        }
        lines.push(here.line_of(row.position().map_or(0, csv::Position::byte)));
        if swallowed.is_none() && row.iter().any(|cell| cell.contains('\n')) {
            let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            let read = text.get(here.byte..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
            let are_rows = are_rows(read, names.len(), reading.separator);
            swallowed = are_rows.then(|| problems::rows_in_quotes(here.line, read.lines().count()));
        }
        for (place, column) in cells.iter_mut().enumerate() {
            column.append_value(row.get(place).unwrap_or_default());
        }
    }
    let cells: Vec<StringArray> = cells.iter_mut().map(StringBuilder::finish).collect();
    if left_open(text, &cells, reading) {
        return Err(problems::open_quote(lines.last().copied().unwrap_or(1)));
    }
    if let Some(swallowed) = swallowed {
        return Err(swallowed);
    }
    let columns = names.into_iter().zip(cells).map(|(name, values)| RawColumn {
        name,
        values,
        typed: false,
        moments: false,
    });
    Ok(Raw { columns: columns.collect(), lines, broken })
}

/// A place in a text, and its line. The reader's own count is off after blank lines, and where
/// lines end in two signs.
struct Here<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
}

impl Here<'_> {
    /// The line of the row that is read from `byte` on, which lies further on; rows begin after
    /// the ends of lines there.
    fn line_of(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(byte..).unwrap_or_default();
        let start = byte + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.as_bytes().get(self.byte..start).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.byte = start;
        u64::try_from(self.line).unwrap_or(u64::MAX)
    }
}

/// Why a row does not fit below its header; empty cells beyond the last column do no harm.
fn misfit(row: &StringRecord, column_count: usize) -> Option<String> {
    let more = row.iter().skip(column_count).any(|cell| !cell.trim().is_empty());
    (row.len() < column_count || more).then(|| problems::uneven_row(row.len(), column_count))
}

/// Whether the file ends inside quotes: everything from there on would be one cell.
fn left_open(text: &str, cells: &[StringArray], reading: &Reading) -> bool {
    let Some(quote) = reading.quote else { return false };
    let odd = text.bytes().filter(|byte| *byte == quote).count() % 2 == 1;
    odd && cells
        .iter()
        .any(|cells| cells.iter().flatten().last().is_some_and(|cell| cell.contains('\n')))
}

/// Whether every line of a row that runs over several would be a row by itself. A quote that does
/// not open a cell, or is never closed, swallows lines up to the next one, and nothing else shows
/// it; a text with line ends splits the separators of its row unevenly.
fn are_rows(lines: &str, column_count: usize, separator: u8) -> bool {
    let is_row =
        |line: &str| line.bytes().filter(|byte| *byte == separator).count() + 1 == column_count;
    column_count > 1 && lines.lines().all(is_row)
}

/// What follows the first `count` lines.
fn after_lines(text: &str, count: usize) -> Option<&str> {
    (0..count).try_fold(text, |text, _| text.split_once('\n').map(|(_, rest)| rest))
}

/// The text of a file; a byte order mark says more than the source.
fn decoded<'a>(file: &'a Bytes, reading: &Reading) -> Result<std::borrow::Cow<'a, str>, String> {
    let (text, encoding, faulty) = reading.encoding.decode(file);
    if faulty {
        let line = text.split('\n').position(|line| line.contains('\u{fffd}')).unwrap_or(0) + 1;
        return Err(problems::undecodable(encoding.name(), line));
    }
    if text.contains('\0') {
        return Err(problems::zero_bytes(encoding.name()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use datafusion::arrow::array::Array;

    use super::super::option::{ENCODING, HEADER_LINE, Reading, SEPARATOR};
    use super::super::raw::{Raw, RawColumn};
    use super::read;

    fn semicolons() -> Reading {
        let mut reading = Reading::default();
        (SEPARATOR.set)(&mut reading, ";").unwrap();
        reading
    }

    fn encoded(label: &str) -> Reading {
        let mut reading = semicolons();
        (ENCODING.set)(&mut reading, label).unwrap();
        reading
    }

    fn rows(raw: &Raw) -> Vec<Vec<Option<&str>>> {
        (0..raw.lines.len())
            .map(|row| raw.columns.iter().map(|column| column.text(row)).collect())
            .collect()
    }

    #[test]
    fn cells_are_trimmed_and_empty_ones_are_missing() {
        let file = Bytes::from_static(b"a;b\r\n 1 ;\"x;y\"\r\n;\"two\nlines\"\n\n3;4;\n");
        let raw = read(&file, &semicolons()).unwrap();
        assert_eq!(
            rows(&raw),
            [
                vec![Some("1"), Some("x;y")],
                vec![None, Some("two\nlines")],
                vec![Some("3"), Some("4")]
            ]
        );
        assert_eq!(raw.lines, [2, 3, 6]);
        assert!(raw.broken.is_empty());
    }

    #[test]
    fn old_encodings_and_byte_order_marks_are_read() {
        let windows = Bytes::from_static(b"naam;plaats\nZo\xeb;Li\xe8ge\n");
        let wanted = [vec![Some("Zoë"), Some("Liège")]];
        assert_eq!(rows(&read(&windows, &encoded("windows-1252")).unwrap()), wanted);
        let text = "naam;plaats\nZoë;Liège\n";
        let marked = Bytes::from(format!("\u{feff}{text}"));
        let raw = read(&marked, &encoded("windows-1252")).unwrap();
        assert_eq!(rows(&raw), wanted);
        assert_eq!(raw.columns[0].name, "naam");
        let wide: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&read(&Bytes::from(wide), &semicolons()).unwrap()), wanted);
    }

    #[test]
    fn files_that_cannot_be_read_are_answered_in_words() {
        let error = |file: &'static [u8], reading: &Reading| {
            read(&Bytes::from_static(file), reading).unwrap_err()
        };
        assert_eq!(error(b"", &semicolons()), "the file is empty");
        assert_eq!(
            error(b"a;b\n1;2\nZo\xeb;3\n", &semicolons()),
            "line 3 holds bytes that are no UTF-8; the source may say its encoding, such as \
             `encoding: \"windows-1252\"`"
        );
        assert_eq!(
            error(b"a\0;\0b\0\n\0", &semicolons()),
            "the text holds bytes of zero, so it is hardly UTF-8; the source may say \
             `encoding: \"utf-16le\"`"
        );
        assert_eq!(
            error(b"a;b\n1;\"two\n3;4\n", &semicolons()),
            "a quote that opens in the row of line 2 is never closed"
        );
    }

    #[test]
    fn a_row_with_other_cells_than_the_header_is_noted() {
        let raw = read(&Bytes::from_static(b"a;b\n1\n1;2;3\n1;2\n"), &semicolons()).unwrap();
        let broken: Vec<_> = raw.broken.iter().collect();
        assert_eq!(
            broken,
            [
                (&0, &"the row has 1 cell where the header has 2".to_owned()),
                (&1, &"the row has 3 cells where the header has 2".to_owned())
            ]
        );
    }

    #[test]
    fn rows_that_a_stray_quote_swallows_are_noticed() {
        let fault = |file: &'static str| {
            read(&Bytes::from_static(file.as_bytes()), &semicolons()).err().unwrap_or_default()
        };
        let words = "the quotes that open in the row of line 3 hold line ends, and each of its 3 \
                     lines looks like a row of its own: close the quotes, or let the source say \
                     `quote: \"none\"`";
        assert_eq!(fault("a;b;c\n1;2;3\n2;\"said;x\n3;y;z\n4;ok\";5\n5;6;7\n"), words);
        assert_eq!(fault("a;b;c\r\n1;2;3\r\n2;2;\"said\r\n3;y;z\r\n4;5;ok\"\r\n"), words);
        for whole in ["a;b;c\n1;\"x\ny\";3\n", "a;b;c\n1;2;\"x; y\nz\"\n", "a\n\"x\ny\"\n"] {
            assert_eq!(fault(whole), "");
        }
    }

    #[test]
    fn titles_above_the_header_are_skipped() {
        let mut reading = semicolons();
        (HEADER_LINE.set)(&mut reading, "3").unwrap();
        let raw = read(&Bytes::from_static(b"Export\n\na;b\n1;2\n"), &reading).unwrap();
        assert_eq!(raw.columns[0].name, "a");
        assert_eq!(raw.lines, [4]);
    }

    #[test]
    fn any_bytes_are_read_or_answered() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let signs = b"a;\"\n\r\t \0\xeb\xff\xfe,1";
        for _ in 0..2000 {
            let length = usize::try_from(next() % 40).unwrap();
            let sign = |drawn: u64| signs[usize::try_from(drawn % 13).unwrap()];
            let file: Vec<u8> = (0..length).map(|_| sign(next())).collect();
            for label in ["utf-8", "utf-16le", "windows-1252", "shift_jis"] {
                if let Ok(raw) = read(&Bytes::from(file.clone()), &encoded(label)) {
                    let even = |column: &RawColumn| column.values.len() == raw.lines.len();
                    assert!(raw.columns.iter().all(even));
                }
            }
        }
    }
}
