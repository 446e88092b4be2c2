//! What a `test` declares: rows, and what must come of them.

use std::borrow::Cow;

use chrono::NaiveDate;
use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree;

use super::{Catalog, Parameter};
use crate::calendar::Period;

/// `test "a shared night is one night" { given … expect: … }`; with `for each`, one for each row.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its title.
    pub name: String,
    /// The row of `for each` that it is made of: `left 2025-01-05, nights 4`
    pub case: Option<String>,
    /// `data_date: 2025-12-31`
    pub data_date: Option<NaiveDate>,
    /// `disclosure: protected`: small numbers are withheld, as they are from readers
    pub protected: bool,
    /// `with poverty_line: 1500`: they hold instead of the declared ones.
    pub parameters: Vec<Parameter>,
    /// Rows by record and organisation.
    pub given: Vec<Given>,
    /// The figures that must come out.
    pub expects: Vec<Expect>,
    /// The problems that must be found.
    pub problems: Vec<ExpectedProblem>,
    /// Where it is declared.
    pub span: Span,
}

impl Test {
    /// The declarations as the test sees them: with its own parameters.
    #[must_use]
    pub fn catalog<'a>(&self, catalog: &'a Catalog) -> Cow<'a, Catalog> {
        if self.parameters.is_empty() {
            return Cow::Borrowed(catalog);
        }
        let mut own = catalog.clone();
        for parameter in &self.parameters {
            own.parameters.insert(parameter.name.clone(), parameter.clone());
        }
        Cow::Owned(own)
    }
}

/// `given stay from harbour { … }`
#[derive(Clone, Debug)]
pub struct Given {
    /// `stay`
    pub record: String,
    /// `harbour`; `given` when it is not said
    pub organisation: String,
    /// For which days they were delivered; else for all.
    pub covers: Option<Period>,
    /// The rows as written, checked: each cell reads as its field's type.
    pub table: tree::Table,
}

/// `expect: measure nights_homeless in 2025 is 5`
#[derive(Clone, Debug)]
pub struct Expect {
    /// `measure nights_homeless in 2025`
    pub query: Spanned<tree::Query>,
    /// `5`
    pub wanted: Spanned<Wanted>,
    /// `0.001`: how far off a figure may be
    pub within: Option<Spanned<Amount>>,
}

/// What stands after `is`.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// `5`, `33.3%`, `1/3`
    Figure(Amount),
    /// `missing`
    Missing,
    /// `no data`
    NoData,
    /// `withheld`
    Withheld,
    /// `{ f: 2, total: 3 }`: some of the headings of a breakdown; of several breakdowns, one in
    /// the other
    Rows(Vec<(Spanned<String>, Spanned<Self>)>),
}

/// `5`, `33.3%`, `5 nights`
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// As figures are: of a percentage, a hundredth.
    pub value: f64,
    /// `%`, `nights`
    pub unit: Option<String>,
}

/// `expect problem: unknown-name in "measure raech in 2025"`
#[derive(Clone, Debug)]
pub struct ExpectedProblem {
    /// `unknown-name`
    pub code: Spanned<String>,
    /// `measure raech in 2025`
    pub text: Spanned<String>,
}
