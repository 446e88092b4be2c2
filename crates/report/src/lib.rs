//! Results for readers: tables in the terminal, CSV, JSON and Markdown.
//!
//! 1. `cell` takes a batch apart into texts and numbers, and `figures` knows its columns.
//! 2. `layout` sets figures out for readers: a row a group, a column a measure, in a [`Sheet`].
//! 3. [`mod@format`] writes a sheet (terminal, Markdown) or the batch as it is (CSV, JSON).
//! 4. [`number`] is the one place that rounds.
//!
//! The same outcome gives the same bytes.

mod cell;
mod figures;
mod layout;
mod page;

pub mod format;
pub mod number;
pub mod remark;
pub mod sheet;

pub use format::{CSV, FORMATS, Format, Options, TABLE, render};
pub use page::page;
pub use sheet::Sheet;

#[cfg(test)]
mod samples;
