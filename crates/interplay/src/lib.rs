//! Interplay: figures on collective impact, from many organisations' registrations.
//!
//! ```
//! # use std::sync::Arc;
//! use arrow::array::{Date32Array, RecordBatch, StringArray};
//! use interplay::{Answer, Session};
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let contacts = RecordBatch::try_from_iter([
//!     ("person", Arc::new(StringArray::from(vec!["ann", "ann", "bob"])) as _),
//!     ("day", Arc::new(Date32Array::from(vec![20_089, 20_100, 20_110])) as _),
//! ])?;
//! let rules = r#"
//! subject person
//! record contact of person at day { day: date }
//! indicator reached { count: person where any contact during period }
//! disclosure none
//! "#;
//! let mut session = Session::builder()
//!     .rules("codebook", rules)
//!     .rows("contact", "outreach", contacts)
//!     .data_date("2025-12-31".parse()?)
//!     .open()
//!     .await?;
//! let outcomes = session.run("question", "measure reached in 2025").await?;
//! let Some(Answer::Figures(figures)) = &outcomes[0].answer else { panic!() };
//! let value = figures.batch.column_by_name("value").unwrap();
//! assert_eq!(value.as_ref(), &arrow::array::Float64Array::from(vec![2.0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! A project on disk is opened by [`SessionBuilder::project`]; deliveries that changed are loaded
//! before a query is answered.

mod answer;
mod beside;
mod coverage;
mod disclosure;
mod engine;
mod error;
mod explaining;
mod headings;
mod history;
mod identifying;
mod levels;
mod load;
mod noted;
mod organisations;
mod outcome;
mod project;
mod redeclare;
mod reporting;
mod rows;
mod session;
mod settings;
mod telling;
mod testing;
mod times;
mod tracing;

pub use engine::ProgressFn;
pub use error::Error;
pub use load::{LoadRow, LoadSummary, Progress};
pub use outcome::{Answer, Breakdown, Figures, Listed, Outcome, Provenance};
pub use project::{create, files};
pub use reporting::ReportOutcome;
pub use session::{Session, SessionBuilder};
pub use settings::{Day, FILE as SETTINGS_FILE, KeySource, Settings};
pub use testing::{
    Coverage, Covered, Differing, Failure, Found, RowTold, Standing, SubjectTold, TestOutcome,
    Without,
};
