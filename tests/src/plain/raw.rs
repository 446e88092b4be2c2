//! A file's rows, each a set of named cells.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// A row that cannot be used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unusable;

/// A cell: missing, or what it says.
pub(super) type Cell<T> = Result<Option<T>, Unusable>;

/// How an organisation writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    /// Between two cells.
    pub(super) separator: u8,
    /// The name of the encoding.
    pub(super) encoding: &'static str,
    /// Where day, month and year stand, and what is between them: `d/m/y`
    pub(super) dates: &'static str,
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: BTreeMap<String, String>,
    dates: &'static str,
}

/// The rows of all files in a folder whose name begins and ends like this, in the order of names.
pub(super) fn text_rows(folder: &Path, begin: &str, writing: Writing) -> Vec<Row> {
    let read = |file: &PathBuf| rows_of_text(file, writing);
    files(folder, begin).iter().flat_map(read).collect()
}

/// The same of Parquet.
pub(super) fn parquet_rows(folder: &Path, begin: &str) -> Vec<Row> {
    files(folder, begin).iter().flat_map(|file| rows_of_parquet(file)).collect()
}

fn files(folder: &Path, begin: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the organisation's folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begin))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no {begin}… in {}", folder.display());
    files
}

fn rows_of_text(file: &Path, writing: Writing) -> Vec<Row> {
    let bytes = fs::read(file).expect("the file can be read");
    let encoding = encoding_rs::Encoding::for_label(writing.encoding.as_bytes());
    let (text, _, broken) = encoding.expect("an encoding").decode(&bytes);
    assert!(!broken, "{} is not {}", file.display(), writing.encoding);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(writing.separator).from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let rows = reader.records().map(|record| {
        let record = record.expect("as many cells as the header has");
        let cells = header.iter().zip(record.iter());
        let cells = cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
        Row { cells, dates: writing.dates }
    });
    rows.collect()
}

/// Dates are written as `y-m-d`, numbers as they are.
fn rows_of_parquet(path: &Path) -> Vec<Row> {
    let file = fs::File::open(path).expect("the file can be read");
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    let rows = reader.get_row_iter(None).expect("rows").map(|row| {
        let row = row.expect("a row");
        let cells = row.get_column_iter().map(|(name, field)| (name.clone(), as_text(field)));
        Row { cells: cells.collect(), dates: "y-m-d" }
    });
    rows.collect()
}

fn as_text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Int(number) => number.to_string(),
        Field::Date(days) => {
            let day = NaiveDate::from_num_days_from_ce_opt(days + 719_163);
            day.expect("a date in the calendar").to_string()
        }
        other => panic!("{other:?} is in no export"),
    }
}

impl Row {
    /// What stands in a column, if anything does.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(column);
        let cell = cell.unwrap_or_else(|| panic!("no column {column}"));
        (!cell.trim().is_empty()).then_some(cell)
    }

    /// The person: letters and digits only, small, with each accent on its letter.
    pub(super) fn person(&self, column: &str) -> Result<String, Unusable> {
        let text = self.text(column).ok_or(Unusable)?;
        // The only letter with an accent of its own in the exports' numbers.
        let composed = text.replace("E\u{301}", "\u{c9}").replace("e\u{301}", "\u{e9}");
        let kept = composed.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
        Ok(kept.collect())
    }

    /// A date in the order of the organisation.
    pub(super) fn date(&self, column: &str) -> Cell<NaiveDate> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let mark = self.dates.chars().nth(1).expect("a mark between day, month and year");
        let parts: Vec<&str> = text.trim().split(mark).collect();
        let number = |letter: &str| -> Option<u32> {
            let place = self.dates.split(mark).position(|part| part == letter)?;
            let digits = parts.get(place)?;
            let right = digits.len() == if letter == "y" { 4 } else { 2 };
            (right && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| digits.parse().ok())?
        };
        let (year, month, day) = (number("y"), number("m"), number("d"));
        let (Some(year), Some(month), Some(day), 3) = (year, month, day, parts.len()) else {
            return Err(Unusable);
        };
        let year = i32::try_from(year).map_err(|_| Unusable)?;
        NaiveDate::from_ymd_opt(year, month, day).ok_or(Unusable).map(Some)
    }

    /// A date that must be there.
    pub(super) fn day(&self, column: &str) -> Result<NaiveDate, Unusable> {
        self.date(column)?.ok_or(Unusable)
    }

    /// A number with a comma before its decimals, if it has any.
    pub(super) fn number(&self, column: &str) -> Cell<f64> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let number = text.trim().replace(',', ".").parse();
        number.map(Some).map_err(|_| Unusable)
    }

    /// What a code stands for. One that is not listed makes the row unusable.
    pub(super) fn code(&self, column: &str, codes: &[(&str, &'static str)]) -> Cell<&'static str> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let meaning = codes.iter().find(|(code, _)| *code == text).ok_or(Unusable)?.1;
        Ok((!meaning.is_empty()).then_some(meaning))
    }

    /// The same, where one that is not listed says nothing.
    pub(super) fn code_or_missing(
        &self,
        column: &str,
        codes: &[(&str, &'static str)],
    ) -> Option<&'static str> {
        self.code(column, codes).unwrap_or(None)
    }
}
