//! Queries: what is asked of the pool.

use interplay_diagnostic::{Span, Spanned};

use super::{Expr, Key, Word};

/// `VERB [of|to|for] things [in P] [by B] [where C] [using R] [compare X] [as F]`, in this order
#[derive(Clone, Debug)]
pub struct Query {
    /// `measure`, `list`; whether it is a known verb is for the checker to say
    pub verb: Word,
    /// `of`, `to`, `for`
    pub link: Option<Word>,
    /// `reach`, `stably_housed`; dots stay in the word: `night_shelter.stays`
    pub things: Vec<Word>,
    /// `in 2023 .. 2025`
    pub period: Option<QueryPeriod>,
    /// `by year, district`
    pub by: Vec<Breakdown>,
    /// `where gender is f`
    pub condition: Option<Spanned<Expr>>,
    /// `using all`
    pub using: Option<Word>,
    /// `compare previous`
    pub compare: Option<Compare>,
    /// `as csv`
    pub format: Option<Word>,
    /// All of its text.
    pub span: Span,
}

/// The place makes no difference.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        (&self.verb, &self.link, &self.things) == (&other.verb, &other.link, &other.things)
            && (&self.period, &self.by) == (&other.period, &other.by)
            && (&self.condition, &self.using) == (&other.condition, &other.using)
            && (&self.compare, &self.format) == (&other.compare, &other.format)
    }
}

/// What stands after `in`.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryPeriod {
    /// `in 2025`, `in 2023 .. 2025`, `in last 4 quarters`
    Span(Spanned<Expr>),
    /// `in periods { active: 2025, winter_night: 2026-01-31 }`
    Named(Vec<(Spanned<Key>, Spanned<Expr>)>),
}

impl QueryPeriod {
    /// Where it stands, behind `in`; nowhere when it names no period.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Span(period) => Some(period.span),
            Self::Named(rows) => {
                rows.first().zip(rows.last()).map(|((key, _), (_, value))| key.span.to(value.span))
            }
        }
    }
}

/// What a result is split by.
#[derive(Clone, Debug, PartialEq)]
pub enum Breakdown {
    /// `district`
    Name(Word),
    /// `any of (all, veterans)`
    AnyOf(Vec<Word>),
    /// `each of (district, gender)`
    EachOf(Vec<Word>),
}

impl Breakdown {
    /// Where its names stand.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Name(word) => word.span,
            Self::AnyOf(words) | Self::EachOf(words) => match words.as_slice() {
                [first, .., last] => first.span.to(last.span),
                [only] => only.span,
                [] => Span::default(),
            },
        }
    }
}

/// What a result is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Compare {
    /// `compare previous`, `compare previous year`
    Previous(Option<Word>),
    /// `compare same period last year`: the unit
    SamePeriodLast(Word),
    /// `compare 2024`, `compare target`
    Span(Spanned<Expr>),
}

impl Compare {
    /// Where it stands, behind `compare`; nowhere for `previous` alone.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Previous(unit) => unit.as_ref().map(|unit| unit.span),
            Self::SamePeriodLast(unit) => Some(unit.span),
            Self::Span(period) => Some(period.span),
        }
    }
}
