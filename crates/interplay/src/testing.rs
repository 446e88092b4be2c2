//! `test` blocks: given rows, and the figures that must come out of them.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::NaiveDate;
use interplay_compile::calendar;
use interplay_compile::catalog::{Expect, FieldType, Given, Test};
use interplay_compile::kernel::dates;
use interplay_compile::query::{self, CheckedQuery};
use interplay_compile::silence::Undelivered;
use interplay_diagnostic::Span;
use interplay_diagnostic::problem::has_error;
use interplay_pool::Hot;

use crate::engine::Engine;
use crate::error::Error;
use crate::rows;
use crate::session::{Session, words};

/// How one `test` block went.
#[derive(Clone, Debug)]
pub struct TestOutcome {
    /// Its title.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether every figure came out as expected.
    pub passed: bool,
    /// A line for each figure that did not.
    pub failures: Vec<String>,
}

/// Figures this near to what is expected are as expected: the last digits of a division.
const NEAR: f64 = 1e-9;

impl Session {
    /// Runs the `test` blocks whose title holds `filter`.
    ///
    /// # Errors
    /// When the rules have errors, or the engine fails.
    pub async fn test(&self, filter: Option<&str>) -> Result<Vec<TestOutcome>, Error> {
        if has_error(&self.problems) {
            return Err(Error::Rules);
        }
        let tests = self.model.catalog.tests.iter();
        let mut outcomes = Vec::new();
        for test in tests.filter(|test| filter.is_none_or(|filter| test.name.contains(filter))) {
            outcomes.push(self.tested(test).await?);
        }
        Ok(outcomes)
    }

    /// Questions are answered on the rows of the test called `title` from now on, and look no
    /// further than its data date: to see what a test is about, or to show it.
    ///
    /// # Errors
    /// When there is no such test, or it states no data date.
    pub fn take_rows(&mut self, title: &str) -> Result<(), Error> {
        let test = self.model.catalog.tests.iter().find(|test| test.name == title);
        let Some(test) = test.cloned() else {
            return Err(Error::Unknown(format!("there is no test called `{title}`")));
        };
        let given = self.rows_of(&test)?;
        self.use_rows(given, test.data_date.ok_or(Error::NoDataDate)?);
        Ok(())
    }

    fn rows_of(&self, test: &Test) -> Result<Vec<rows::Given>, Error> {
        let rows = test.given.iter().map(|rows| self.given(rows));
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    async fn tested(&self, test: &Test) -> Result<TestOutcome, Error> {
        let given = self.rows_of(test)?;
        let hot = rows::hot(self.model.catalog.records.values(), &given)?;
        let mut failures = Vec::new();
        for expect in &test.expects {
            let found = self.figure(&hot, expect, test.data_date).await?;
            if !same(found, expect.value) {
                let query = words(&self.sources, expect.query.span);
                let (wanted, found) = (shown(expect.value), shown(found));
                failures.push(format!("{query}: expected {wanted}, found {found}"));
            }
        }
        let passed = failures.is_empty();
        Ok(TestOutcome { name: test.name.clone(), span: test.span, passed, failures })
    }

    /// The one figure of an `expect:` line. A test that states no data date looks up to the end
    /// of the period it asks about.
    async fn figure(
        &self,
        hot: &Hot,
        expect: &Expect,
        data_date: Option<NaiveDate>,
    ) -> Result<Option<f64>, Error> {
        let known = data_date.or(self.data_date);
        let (checked, _) = query::check_on(&self.model, &expect.query.item, known);
        let Some(CheckedQuery::Measure(measured)) = checked else { return Err(Error::Rules) };
        let last = measured.period.map(|period| period.last);
        let last = if measured.looks_at_data_date { self.data_date } else { last };
        let data_date = data_date.or(last).or(self.data_date).ok_or(Error::NoDataDate)?;
        let undelivered = Undelivered::NONE;
        let engine = Engine { model: &self.model, hot, data_date, undelivered, partitions: 1 };
        let measures = engine.measure(&measured).await?;
        Ok(measures.placed.last().and_then(|placed| placed.figure.value))
    }

    fn given(&self, given: &Given) -> Result<Option<rows::Given>, Error> {
        let Some(record) = self.model.catalog.records.get(&given.record) else { return Ok(None) };
        let (mut fields, mut columns) = (Vec::new(), Vec::new());
        for field in &record.fields {
            fields.push(Field::new(&field.name, field.kind.arrow(), true));
            columns.push(column(&field.kind, &cells(given, &field.name)));
        }
        if let Some((end, mark)) = record.end().zip(record.mark()) {
            let ends = cells(given, end);
            let marks: Vec<_> =
                ends.into_iter().map(|end| end.filter(|end| *end == "unknown")).collect();
            fields.push(Field::new(mark, DataType::Utf8, true));
            columns.push(column(&FieldType::Text, &marks));
        }
        fields.push(Field::new(&record.subject, DataType::Utf8, true));
        columns.push(column(&FieldType::Text, &cells(given, &record.subject)));
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(Error::bug("reading a test's rows"))?;
        let (record, organisation) = (given.record.clone(), given.organisation.clone());
        Ok(Some(rows::Given { record, organisation, batch }))
    }
}

/// The cells under a column; none where the column is not written or the cell is empty.
fn cells<'t>(given: &'t Given, name: &str) -> Vec<Option<&'t str>> {
    let at = given.table.columns.iter().position(|column| column.item == name);
    let cell = |row: &'t interplay_syntax::tree::TableRow| {
        let text = row.cells.get(at?)?.item.as_str();
        (!text.is_empty()).then_some(text)
    };
    given.table.rows.iter().map(cell).collect()
}

fn column(kind: &FieldType, cells: &[Option<&str>]) -> ArrayRef {
    match kind {
        FieldType::Date | FieldType::BirthDate => {
            let days = cells.iter().map(|cell| calendar::date((*cell)?).map(dates::days));
            Arc::new(days.collect::<Date32Array>())
        }
        FieldType::Number(_) => {
            let numbers = cells.iter().map(|cell| (*cell)?.parse::<f64>().ok());
            Arc::new(numbers.collect::<Float64Array>())
        }
        FieldType::Text | FieldType::Code(_) | FieldType::Subject(_) => {
            Arc::new(cells.iter().copied().collect::<StringArray>())
        }
    }
}

fn same(found: Option<f64>, wanted: Option<f64>) -> bool {
    match (found, wanted) {
        (Some(found), Some(wanted)) => (found - wanted).abs() <= NEAR * wanted.abs().max(1.0),
        (None, None) => true,
        _ => false,
    }
}

fn shown(figure: Option<f64>) -> String {
    figure.map_or("missing".to_owned(), |figure| figure.to_string())
}
