//! What the making of a field reads, and whether it makes a pseudonym.

use super::{MapCondition, MapExpr};

impl MapExpr {
    /// Whether a pseudonym may come out of it, or decides what does.
    #[must_use]
    pub fn makes_pseudonym(&self) -> bool {
        match self {
            Self::Pseudonym(_) => true,
            Self::Recode { value, rows, otherwise } => {
                let made = rows.iter().map(|(_, made)| made);
                let mut all = made.chain(otherwise.as_deref()).chain([&value.item]);
                all.any(Self::makes_pseudonym)
            }
            Self::Choose { rows, otherwise } => {
                let made = rows.iter().map(|(_, made)| made).chain([otherwise.as_ref()]);
                let asked = rows.iter().flat_map(|(condition, _)| condition.values());
                made.chain(asked).any(Self::makes_pseudonym)
            }
            Self::Arithmetic { left, right, .. } => {
                left.item.makes_pseudonym() || right.item.makes_pseudonym()
            }
            Self::Column(_)
            | Self::Text(_)
            | Self::Number(_)
            | Self::Date(_)
            | Self::Missing
            | Self::Unknown => false,
        }
    }
}

impl MapCondition {
    /// What it reads.
    #[must_use]
    pub fn values(&self) -> Vec<&MapExpr> {
        match self {
            Self::In(value, _) | Self::IsMissing(value) => vec![&value.item],
            Self::Not(inner) => inner.values(),
            Self::And(one, two) | Self::Or(one, two) => {
                one.values().into_iter().chain(two.values()).collect()
            }
        }
    }
}
