//! A problem: what the author of a program should know, and where.

use crate::span::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The program means nothing until it is mended.
    Error,
    /// The program means something, perhaps not what its author thinks.
    Warning,
}

/// A second place that a problem points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there: `` `reach` is declared here ``
    pub text: String,
}

/// One problem of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable word: `unknown-clause`
    pub code: &'static str,
    /// One line, lower case, no full stop.
    pub message: String,
    /// The smallest text that is wrong.
    pub span: Span,
    /// What stands under that text, if more than the message is worth saying there.
    pub label: Option<String>,
    /// Other places that matter.
    pub others: Vec<Label>,
    /// What can be done, a line each.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            label: None,
            others: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// The same, with a word under the underlined text.
    #[must_use]
    pub fn with_label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// The same, with a second place.
    #[must_use]
    pub fn with_other(mut self, span: Span, text: impl Into<String>) -> Self {
        self.others.push(Label { span, text: text.into() });
        self
    }

    /// The same, with a line on what can be done.
    #[must_use]
    pub fn with_help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }
}

/// Whether any of `problems` is an error.
#[must_use]
pub fn has_error(problems: &[Diagnostic]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}
