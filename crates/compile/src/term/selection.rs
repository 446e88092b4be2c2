//! What selections and aggregates say of themselves.

use super::{Aggregate, Physical, Selection, Term};

impl Selection {
    /// All rows of a record that are those of one side, at a depth.
    #[must_use]
    pub fn all(record: &str, side: Option<String>, depth: usize) -> Self {
        Self {
            record: record.to_owned(),
            side,
            depth,
            windows: Vec::new(),
            latest_at: None,
            known: None,
            condition: None,
        }
    }

    /// Adds the records that it looks at, its own included.
    pub fn records(&self, into: &mut std::collections::BTreeSet<String>) {
        into.insert(self.record.clone());
        for child in self.children() {
            child.records(into);
        }
    }

    /// Only the rows of which a condition is true, too.
    #[must_use]
    pub fn filtered(mut self, condition: Term) -> Self {
        self.condition = Some(match self.condition.take() {
            None => condition,
            Some(known) => known.and(condition),
        });
        self
    }

    /// The dates of its windows.
    #[must_use]
    pub fn bounds(&self) -> Vec<&Term> {
        let windows = self.windows.iter().flat_map(|window| [&window.first, &window.last]);
        windows.chain([&self.latest_at]).filter_map(Option::as_ref).collect()
    }

    /// The dates of its windows, and its condition.
    #[must_use]
    pub fn children(&self) -> Vec<&Term> {
        self.bounds().into_iter().chain(&self.condition).collect()
    }
}

impl Aggregate {
    /// Whether it is unknown when nothing was found and something may be there all the same.
    #[must_use]
    pub fn is_unknown_when_nothing_came(&self) -> bool {
        matches!(
            self,
            Self::Any
                | Self::Count
                | Self::Organisations
                | Self::Nights
                | Self::Days
                | Self::Covered(_)
        )
    }

    /// The field of the row that is picked, if one is.
    #[must_use]
    pub fn picked(&self) -> Option<&str> {
        match self {
            Self::First(field, _)
            | Self::Last(field, _)
            | Self::Nth(field, ..)
            | Self::Best(field, ..) => Some(field),
            Self::Tied(picking) => picking.picked(),
            _ => None,
        }
    }

    /// What picks a row is called: `first`, `the 2nd`
    #[must_use]
    pub fn word(&self) -> Option<String> {
        Some(match self {
            Self::First(..) => "first".to_owned(),
            Self::Last(..) => "last".to_owned(),
            Self::Nth(_, _, number) => interplay_syntax::ordinal(*number),
            Self::Best(..) => "best".to_owned(),
            _ => return None,
        })
    }

    /// The same of another field, which holds a symbol.
    #[must_use]
    pub fn picking(&self, field: String) -> Self {
        match self {
            Self::First(..) => Self::First(field, Physical::Symbol),
            Self::Last(..) => Self::Last(field, Physical::Symbol),
            Self::Nth(_, _, number) => Self::Nth(field, Physical::Symbol, *number),
            Self::Best(_, _, keys) => Self::Best(field, Physical::Symbol, keys.clone()),
            other => other.clone(),
        }
    }

    /// How its values are kept.
    #[must_use]
    pub fn physical(&self) -> Physical {
        match self {
            Self::Any | Self::Tied(_) => Physical::Truth,
            Self::Count
            | Self::Sum(_)
            | Self::Mean(_)
            | Self::Goals { .. }
            | Self::Organisations
            | Self::Nights
            | Self::Days => Physical::Number,
            Self::Covered(_) => Physical::Days,
            Self::First(_, physical)
            | Self::Last(_, physical)
            | Self::Nth(_, physical, _)
            | Self::Best(_, physical, _)
            | Self::Least(_, physical)
            | Self::Most(_, physical) => *physical,
        }
    }
}
