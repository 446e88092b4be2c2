//! Checked expressions: every name found, every type known, the period still open.
//!
//! A term is what a rule means for one subject. It names no DataFusion: lowering turns it into
//! plan expressions once the period of a cell is known, and equal terms are computed once.

use chrono::NaiveDate;

use crate::calendar::kind::Edge;
use crate::hierarchy::Lifted;
use crate::types::TimeUnit;

pub mod changes;
mod dates;
pub mod days;
pub mod lacking;
mod selection;

use days::{Covering, Days};

mod operator;

pub use operator::{Comparison, Operator};

/// A value or a condition about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// `12`, as the bits of a 64-bit float, so that terms can be compared and hashed
    Number(u64),
    /// `2025-01-31`
    Date(NaiveDate),
    /// `"text"`, and a code: both are symbols of the pool
    Symbol(String),
    /// `missing`, of the type that its place wants
    Missing(Physical),
    /// `true`, `false`, `unknown`
    Truth(Option<bool>),
    /// Whether the subject is known by the data date: one whose dated rows all lie later, and of
    /// whom no once-record says anything, is not seen yet.
    Seen,
    /// First day of the cell's period.
    PeriodStart,
    /// Last day of the cell's period.
    PeriodEnd,
    /// First day of the period before the cell's.
    PreviousStart,
    /// Last day of the period before the cell's.
    PreviousEnd,
    /// The data date.
    DataDate,
    /// The first day of the unit in which a date lies.
    StartOf {
        /// The date.
        date: Box<Self>,
        /// `quarter`
        unit: TimeUnit,
    },
    /// The first or the last day of a period that a project declares, as a date sees it.
    Edge {
        /// The date.
        date: Box<Self>,
        /// What is looked for.
        edge: Edge,
    },
    /// A date, or missing when it lies after another.
    UpTo {
        /// The date.
        date: Box<Self>,
        /// The latest it may be.
        last: Box<Self>,
    },
    /// A field of a once-record of the subject.
    Property {
        /// `profile`
        record: String,
        /// `gender`
        field: String,
        /// How it is kept.
        physical: Physical,
    },
    /// A field of the row that a selection's condition looks at.
    RowField {
        /// 0 for the outermost selection, 1 for one inside its condition.
        depth: usize,
        /// `place`; `organisation` too
        field: String,
        /// How it is kept.
        physical: Physical,
    },
    /// `household.kind`: what a term says of the subject that another refers to; missing when
    /// that refers to none
    Of {
        /// `household`
        subject: String,
        /// Which of them.
        reference: Box<Self>,
        /// About that subject, with no row of ours at hand.
        term: Box<Self>,
    },
    /// `poverty_line at start of period`: what held on a day; missing before the first
    Dated {
        /// `poverty_line`
        parameter: String,
        /// The day.
        at: Box<Self>,
        /// From each day on a value, as the bits of a 64-bit float; days rise.
        steps: Vec<(NaiveDate, u64)>,
    },
    /// `neighbourhood at level district`: the code in which another lies on a day
    Lifted(Box<Lifted>),
    /// Completed years from a date of birth to a date.
    Age {
        /// The date of birth.
        birth: Box<Self>,
        /// The date.
        at: Box<Self>,
    },
    /// `date ± count units`; the count may be computed only for days
    Shift {
        /// The date.
        date: Box<Self>,
        /// How many, negative for before.
        count: i64,
        /// `month`
        unit: TimeUnit,
    },
    /// Number of days from `from` to `to`.
    DaysBetween {
        /// The earlier, when positive.
        from: Box<Self>,
        /// The later, when positive.
        to: Box<Self>,
    },
    /// `a + b` on numbers
    Arithmetic {
        /// One of the four.
        operator: Operator,
        /// `a`
        left: Box<Self>,
        /// `b`
        right: Box<Self>,
    },
    /// `a < b`
    Compare {
        /// `<`
        comparison: Comparison,
        /// `a`
        left: Box<Self>,
        /// `b`
        right: Box<Self>,
    },
    /// `place in homeless`: one of these symbols
    In {
        /// `place`
        value: Box<Self>,
        /// The codes.
        symbols: Vec<String>,
    },
    /// `left is missing`
    IsMissing(Box<Self>),
    /// Whether a condition is true: never unknown.
    IsTrue(Box<Self>),
    /// Whether a condition is unknown: never unknown itself.
    IsUnknown(Box<Self>),
    /// `not a`
    Not(Box<Self>),
    /// `a and b`
    And(Vec<Self>),
    /// `a or b`
    Or(Vec<Self>),
    /// `choose { a -> x, else -> y }`
    Choose {
        /// Conditions with their values.
        rows: Vec<(Self, Self)>,
        /// The value of `else`.
        otherwise: Box<Self>,
    },
    /// Index of the band a number falls into: 0 below the first bound. Missing stays missing.
    Band {
        /// The number.
        value: Box<Self>,
        /// Lower bounds of the second and further bands, rising; bits of floats.
        bounds: Vec<u64>,
    },
    /// Something made of sets of days.
    OfDays {
        /// `union`
        make: Days,
        /// The sets, and what else it takes.
        of: Vec<Self>,
    },
    /// What a term would be if less were unknown; for `explain`.
    Supposed {
        /// What is supposed.
        that: Supposed,
        /// The term.
        of: Box<Self>,
    },
    /// Something made of a record's rows.
    Selected {
        /// `count`
        aggregate: Aggregate,
        /// Of which rows.
        selection: Box<Selection>,
    },
    /// Whether such rows may still come, or be there and not delivered: never unknown.
    MoreMayCome(Box<Selection>),
    /// Whether a day lies after the data date: never unknown.
    NotOver(Box<Self>),
}

/// What `explain` supposes, to learn why something is unknown. Each supposes the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Supposed {
    /// Nothing: what is unknown is unknown.
    #[default]
    Nothing,
    /// That everything was delivered.
    Delivered,
    /// That nothing more will come after the data date.
    Over,
}

/// How a value is kept in the hot form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Physical {
    /// Days since 1970.
    Date,
    /// A 64-bit float.
    Number,
    /// A symbol: text, code or organisation.
    Symbol,
    /// A subject's place among those of its type.
    Subject,
    /// A condition.
    Truth,
    /// A set of days.
    Days,
}

/// What is made of the rows of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `any`
    Any,
    /// `count of`
    Count,
    /// `sum of F of`
    Sum(String),
    /// `first …` `.F`
    First(String, Physical),
    /// `last …` `.F`
    Last(String, Physical),
    /// `the 2nd …` `.F`
    Nth(String, Physical, u32),
    /// `best … by (…)` `.F`
    Best(String, Physical, Vec<Key>),
    /// Whether the row that another aggregate picks was picked for its hash alone, and another of
    /// its day has another value of what is read.
    Tied(Box<Self>),
    /// `mean of F of`
    Mean(String),
    /// `min of F of`
    Least(String, Physical),
    /// `max of F of`
    Most(String, Physical),
    /// T of scored and weighted goals; without weights each weighs 1
    Goals {
        /// `score`
        score: String,
        /// `importance`
        weight: Option<String>,
    },
    /// `organisations of`
    Organisations,
    /// `nights of`
    Nights,
    /// `days of`
    Days,
    /// The nights or days themselves.
    Covered(Covering),
}

/// `score descending`: a field by which rows are ranked
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// `score`
    pub field: String,
    /// How it is kept.
    pub physical: Physical,
    /// Whether the higher comes first.
    pub descending: bool,
}

/// The field of a row that says which of its subject's rows it is.
pub const PLACE: &str = "#";

/// Rows of a record under timing and condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selection {
    /// `stay`
    pub record: String,
    /// The field that refers to whose rows they are; none for the record's own subject.
    pub side: Option<String>,
    /// How deep its condition lies in conditions of other selections.
    pub depth: usize,
    /// All must hold.
    pub windows: Vec<Window>,
    /// `as of X` on a record at a day: only the last row on or before X.
    pub latest_at: Option<Term>,
    /// `known only`: rows without a value of this field are left out.
    pub known: Option<(String, Physical)>,
    /// Asked of the rows that the timing leaves.
    pub condition: Option<Term>,
}

/// Days between two dates, both in, open where a date is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Which days of a row must lie how.
    pub look: Look,
    /// The first day.
    pub first: Option<Term>,
    /// The last day.
    pub last: Option<Term>,
    /// `within P`: nights and days are cut to the window.
    pub cut: bool,
}

/// Which days of a row a window looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Look {
    /// At least one day lies in the window.
    Overlap,
    /// Every day does.
    Inside,
    /// The first day does.
    Start,
    /// The registered end does.
    End,
}

impl Term {
    /// A number.
    #[must_use]
    pub fn number(value: f64) -> Self {
        Self::Number(value.to_bits())
    }

    /// What is made of the rows of a selection.
    #[must_use]
    pub fn made(aggregate: Aggregate, selection: Selection) -> Self {
        Self::Selected { aggregate, selection: Box::new(selection) }
    }

    /// What it is where a condition is true, else missing.
    #[must_use]
    pub fn where_true(self, condition: Self) -> Self {
        let otherwise = Box::new(Self::Missing(self.physical()));
        Self::Choose { rows: vec![(condition, self)], otherwise }
    }

    /// Whether it is there: never unknown.
    #[must_use]
    pub fn is_there(&self) -> Self {
        Self::IsMissing(Box::new(self.clone())).negated()
    }

    /// What it would be if less were unknown.
    #[must_use]
    pub fn supposed(self, that: Supposed) -> Self {
        Self::Supposed { that, of: Box::new(self) }
    }

    /// Both hold; flattened.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Truth(Some(true)), term) | (term, Self::Truth(Some(true))) => term,
            (Self::And(mut one), Self::And(two)) => {
                one.extend(two);
                Self::And(one)
            }
            (Self::And(mut one), term) => {
                one.push(term);
                Self::And(one)
            }
            (term, Self::And(mut two)) => {
                two.insert(0, term);
                Self::And(two)
            }
            (one, two) => Self::And(vec![one, two]),
        }
    }

    /// Either holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut terms) => {
                terms.push(other);
                Self::Or(terms)
            }
            one => Self::Or(vec![one, other]),
        }
    }

    /// The contrary; unknown stays unknown.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Negated only when `negated` says so.
    #[must_use]
    pub fn negated_if(self, negated: bool) -> Self {
        if negated { self.negated() } else { self }
    }

    /// `self < other` and the like.
    #[must_use]
    pub fn compared(self, comparison: Comparison, other: Self) -> Self {
        Self::Compare { comparison, left: Box::new(self), right: Box::new(other) }
    }

    /// How its values are kept.
    #[must_use]
    pub fn physical(&self) -> Physical {
        match self {
            Self::Number(_)
            | Self::Age { .. }
            | Self::Dated { .. }
            | Self::DaysBetween { .. }
            | Self::Arithmetic { .. }
            | Self::Band { .. } => Physical::Number,
            Self::Date(_)
            | Self::PeriodStart
            | Self::PeriodEnd
            | Self::PreviousStart
            | Self::PreviousEnd
            | Self::DataDate
            | Self::StartOf { .. }
            | Self::Edge { .. }
            | Self::UpTo { .. }
            | Self::Shift { .. } => Physical::Date,
            Self::Symbol(_) | Self::Lifted(_) => Physical::Symbol,
            Self::Missing(physical)
            | Self::Property { physical, .. }
            | Self::RowField { physical, .. } => *physical,
            Self::Truth(_)
            | Self::Seen
            | Self::Compare { .. }
            | Self::In { .. }
            | Self::IsMissing(_)
            | Self::IsTrue(_)
            | Self::IsUnknown(_)
            | Self::Not(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::MoreMayCome(_)
            | Self::NotOver(_) => Physical::Truth,
            Self::Of { term, .. } => term.physical(),
            Self::Choose { rows, otherwise } => {
                rows.first().map_or_else(|| otherwise.physical(), |(_, value)| value.physical())
            }
            Self::OfDays { make, .. } => make.physical(),
            Self::Supposed { of, .. } => of.physical(),
            Self::Selected { aggregate, .. } => aggregate.physical(),
        }
    }

    /// The terms right below it.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Number(_)
            | Self::Date(_)
            | Self::Symbol(_)
            | Self::Missing(_)
            | Self::Truth(_)
            | Self::Seen
            | Self::PeriodStart
            | Self::PeriodEnd
            | Self::PreviousStart
            | Self::PreviousEnd
            | Self::DataDate
            | Self::Property { .. }
            | Self::RowField { .. } => Vec::new(),
            Self::Of { reference: left, term: right, .. }
            | Self::Age { birth: left, at: right }
            | Self::UpTo { date: left, last: right }
            | Self::DaysBetween { from: left, to: right }
            | Self::Arithmetic { left, right, .. }
            | Self::Compare { left, right, .. } => vec![left, right],
            Self::Shift { date: term, .. }
            | Self::Dated { at: term, .. }
            | Self::StartOf { date: term, .. }
            | Self::Edge { date: term, .. }
            | Self::In { value: term, .. }
            | Self::IsMissing(term)
            | Self::IsTrue(term)
            | Self::IsUnknown(term)
            | Self::Supposed { of: term, .. }
            | Self::Not(term)
            | Self::NotOver(term)
            | Self::Band { value: term, .. } => vec![term],
            Self::And(terms) | Self::Or(terms) | Self::OfDays { of: terms, .. } => {
                terms.iter().collect()
            }
            Self::Choose { rows, otherwise } => {
                let rows = rows.iter().flat_map(|(condition, value)| [condition, value]);
                rows.chain([otherwise.as_ref()]).collect()
            }
            Self::Lifted(lifted) => vec![&lifted.value, &lifted.at],
            Self::Selected { selection, .. } => selection.children(),
            Self::MoreMayCome(selection) => selection.bounds(),
        }
    }

    /// Whether it, or anything below it, mentions the period.
    #[must_use]
    pub fn mentions_period(&self) -> bool {
        let named = matches!(
            self,
            Self::PeriodStart | Self::PeriodEnd | Self::PreviousStart | Self::PreviousEnd
        );
        named || self.children().into_iter().any(Self::mentions_period)
    }

    /// Whether it, or anything below it, mentions the data date.
    #[must_use]
    pub fn mentions_data_date(&self) -> bool {
        matches!(self, Self::DataDate) || self.children().into_iter().any(Self::mentions_data_date)
    }

    /// How many terms it is made of, itself included.
    #[must_use]
    pub fn size(&self) -> usize {
        1 + self.children().into_iter().map(Self::size).sum::<usize>()
    }

    /// The records whose rows it looks at, once-records included.
    pub fn records(&self, into: &mut std::collections::BTreeSet<String>) {
        match self {
            Self::Property { record, .. } => {
                into.insert(record.clone());
            }
            Self::Selected { selection, .. } => {
                into.insert(selection.record.clone());
            }
            _ => {}
        }
        for child in self.children() {
            child.records(into);
        }
    }
}
