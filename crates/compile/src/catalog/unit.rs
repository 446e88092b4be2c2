//! What numbers are counted in.

use interplay_diagnostic::Span;

/// `min`, `EUR per month`
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// `EUR`
    pub name: String,
    /// `month`
    pub per: Option<String>,
}

/// `unit session = 45 min`
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredUnit {
    /// `session`
    pub name: String,
    /// What it is.
    pub title: Option<String>,
    /// 45 and `min`: how much one of it is; none where it is turned into nothing
    pub made_of: Option<(f64, String)>,
    /// Where it is declared.
    pub span: Span,
}
