//! Places in rule files, and the problems that stand there.

pub mod problem;
pub mod render;
pub mod source;
pub mod span;
pub mod suggest;

pub use problem::{Diagnostic, Label, Severity};
pub use render::render;
pub use source::{Source, SourceId, Sources};
pub use span::{Span, Spanned};
