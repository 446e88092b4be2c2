//! `for each { left | nights … }`: one test of many rows, each a test by itself.
//!
//! A column stands for its cell wherever a value stands by itself: as the cell of a given row, as
//! what is expected, as the period of a query, as the data date, as the value of a parameter.

use std::cell::RefCell;
use std::collections::BTreeSet;

use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{BinaryOperator, Expr, Table, TableRow, Word};

use crate::{calendar, problems};

/// One row of the table.
#[derive(Debug, Default)]
pub(super) struct Case<'t> {
    /// Columns with their cells.
    cells: Vec<(&'t Word, &'t Word)>,
    /// The columns that were asked for.
    used: RefCell<BTreeSet<&'t str>>,
}

/// The cases of a table; a row of another width was reported when it was read.
pub(super) fn cases<'t>(table: &'t Table, problems: &mut Vec<Diagnostic>) -> Vec<Case<'t>> {
    for (at, column) in table.columns.iter().enumerate() {
        let before = table.columns.iter().take(at);
        if let Some(first) = before.into_iter().find(|other| other.item == column.item) {
            problems.push(problems::clause_twice(&column.item, column.span, first.span));
        }
    }
    if table.rows.is_empty() {
        problems.push(problems::missing_clause("for each", "a row", table.span));
    }
    let case = |row: &'t TableRow| Case {
        cells: table.columns.iter().zip(&row.cells).collect(),
        used: RefCell::default(),
    };
    table.rows.iter().map(case).collect()
}

/// Notes the columns that no case asked for: nothing is ignored.
pub(super) fn unused(cases: &[Case<'_>], table: &Table, problems: &mut Vec<Diagnostic>) {
    for column in &table.columns {
        let is_used = |case: &Case<'_>| case.used.borrow().contains(column.item.as_str());
        if !cases.is_empty() && !column.item.is_empty() && !cases.iter().any(is_used) {
            problems.push(problems::unused_column(&column.item, column.span));
        }
    }
}

impl<'t> Case<'t> {
    /// A test without cases.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// `left 2025-01-05, nights 4`
    pub(super) fn label(&self) -> Option<String> {
        if self.cells.is_empty() {
            return None;
        }
        let cell = |(column, cell): &(&Word, &Word)| {
            let text = if cell.item.is_empty() { "missing" } else { &cell.item };
            format!("{} {text}", column.item)
        };
        Some(self.cells.iter().map(cell).collect::<Vec<_>>().join(", "))
    }

    /// The cell under a column.
    pub(super) fn cell(&self, name: &str) -> Option<&'t Word> {
        let (column, cell) = self.cells.iter().find(|(column, _)| column.item == name)?;
        self.used.borrow_mut().insert(&column.item);
        Some(cell)
    }

    /// A given table in which every cell that names a column is that column's.
    pub(super) fn table(&self, table: &Table) -> Table {
        let mut table = table.clone();
        for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            if let Some(own) = self.cell(&cell.item) {
                *cell = own.clone();
            }
        }
        table
    }

    /// An expression, or that of a column's cell when it is its name.
    pub(super) fn expression(
        &self,
        expr: &Spanned<Expr>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<Expr>> {
        let Some(cell) = self.named(expr) else { return Some(expr.clone()) };
        let found = value(&cell.item);
        if found.is_none() {
            let wanted = "a number, a percentage, a date or `missing`";
            problems.push(problems::cell_value(&cell.item, wanted, cell.span));
        }
        Some(Spanned::new(found?, cell.span))
    }

    /// The period in a column's cell, when `span` is its name.
    pub(super) fn period(
        &self,
        span: &Spanned<Expr>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<Expr>> {
        let cell = self.named(span)?;
        let text = cell.item.as_str();
        let found = match calendar::date(text) {
            Some(_) => Some(Expr::Date(text.to_owned())),
            None => calendar::period(text).map(|_| Expr::Period(text.to_owned())),
        };
        if found.is_none() {
            problems.push(problems::cell_value(text, "a period, such as 2025-Q1", cell.span));
        }
        Some(Spanned::new(found?, cell.span))
    }

    fn named(&self, expr: &Spanned<Expr>) -> Option<&'t Word> {
        let Expr::Name(name) = &expr.item else { return None };
        self.cell(name)
    }
}

/// What a cell says: `5`, `-5`, `5 nights`, `33.3%`, `1/3`, `2025-01-31`, `missing` or nothing.
fn value(text: &str) -> Option<Expr> {
    let plain = |expr| Spanned::new(expr, interplay_diagnostic::Span::default());
    let text = text.trim();
    match text {
        "" | "missing" => return Some(Expr::Missing),
        "withheld" => return Some(Expr::Name(text.to_owned())),
        _ if calendar::date(text).is_some() => return Some(Expr::Date(text.to_owned())),
        _ => {}
    }
    if let Some(rest) = text.strip_prefix('-') {
        return Some(Expr::Negative(Box::new(plain(value(rest)?))));
    }
    if let Some((left, right)) = text.split_once('/') {
        let (left, right) = (Box::new(plain(value(left)?)), Box::new(plain(value(right)?)));
        return Some(Expr::Binary { operator: BinaryOperator::Divide, left, right });
    }
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let number = text.strip_suffix(digits)?.to_owned();
    number.parse::<f64>().ok()?;
    let unit = digits.trim();
    if unit.is_empty() {
        return Some(Expr::Number(number));
    }
    let is_word = unit.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let unit = Spanned::new(unit.to_owned(), interplay_diagnostic::Span::default());
    (unit.item == "%" || is_word).then_some(Expr::Quantity { number, unit })
}

#[cfg(test)]
mod tests {
    use interplay_syntax::tree::Expr;

    use super::value;

    #[test]
    fn a_cell_is_a_number_a_date_or_missing() {
        assert_eq!(value(""), Some(Expr::Missing));
        assert_eq!(value("12.5"), Some(Expr::Number("12.5".to_owned())));
        assert_eq!(value("2025-01-31"), Some(Expr::Date("2025-01-31".to_owned())));
        assert!(matches!(value("33.3 %"), Some(Expr::Quantity { number, .. }) if number == "33.3"));
        assert!(matches!(value("-1/3"), Some(Expr::Negative(_))));
        for text in ["many", "1.2.3", "5 -", "1/"] {
            let found = value(text);
            let is_half =
                matches!(&found, Some(Expr::Binary { right, .. }) if right.item == Expr::Missing);
            assert!(found.is_none() || is_half, "{text}");
        }
    }
}
