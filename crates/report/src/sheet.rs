//! A table as a reader sees it: headings, and rows of texts.

/// Headings and rows, before any format draws them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// From left to right.
    pub columns: Vec<Column>,
    /// From top to bottom.
    pub lines: Vec<Line>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `reach`, `district`
    pub heading: String,
    /// What its numbers are in: `persons`
    pub unit: Option<String>,
    /// Whether it holds numbers, which stand at the right.
    pub is_number: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// A text a column.
    pub cells: Vec<Text>,
    /// Whether it holds for all groups.
    pub is_total: bool,
    /// Whether it is set off from the row above.
    pub is_set_off: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// `42.3 %`
    pub text: String,
    /// In small letters beneath: `n=284`
    pub beneath: Option<String>,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn words(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), unit: None, is_number: false }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numbers(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), unit: None, is_number: true }
    }
}

impl Line {
    /// A row like any other.
    #[must_use]
    pub fn new(cells: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let cells = cells.into_iter().map(|text| Text { text: text.into(), beneath: None });
        Self { cells: cells.collect(), is_total: false, is_set_off: false }
    }
}
