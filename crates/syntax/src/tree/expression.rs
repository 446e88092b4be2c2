//! Expressions: values, conditions, selections and timing phrases.

use interplay_diagnostic::Spanned;

use super::{Key, Word};

/// Anything that has a value. Whether a word names a record, a field or a code is open here.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `12`, `0.5`: the digits as written
    Number(String),
    /// `42%`, `1450 EUR`, `6 months`: digits and unit; `%` is a unit of its own
    Quantity {
        /// `6`
        number: String,
        /// `months`
        unit: Word,
    },
    /// `"North ward"`
    Text(String),
    /// `` `Client nr.` ``: a column of a source
    Column(String),
    /// `2025-01-31`, as written
    Date(String),
    /// `2025-Q1`, `2025-03`, `2025-W05`, and `2025` where a period must stand
    Period(String),
    /// `09-01`
    MonthDay(String),
    /// `missing`
    Missing,
    /// `unknown`
    Unknown,
    /// `homeless_youth`, `period`, `place`
    Name(String),
    /// `intake.day`
    Field {
        /// `intake`
        base: Box<Spanned<Self>>,
        /// `day`
        field: Word,
    },
    /// `band(age at start of period, 16, 18)`
    Call {
        /// `band`
        function: Word,
        /// In the order written.
        arguments: Vec<Argument>,
    },
    /// `(emergency, temporary)`: two or more in parentheses
    List(Vec<Spanned<Self>>),
    /// `( … )` around one expression. Kept, so that G5 and printing can see it.
    Parenthesised(Box<Spanned<Self>>),
    /// `{ "nacht": emergency, else: missing }`
    Map(Vec<MapRow>),
    /// `choose { kind is a -> 1, else -> 2 }`
    Choose(Vec<ChooseRow>),
    /// `a or b`, `a + b`, `a union b`
    Binary {
        /// `or`
        operator: BinaryOperator,
        /// `a`
        left: Box<Spanned<Self>>,
        /// `b`
        right: Box<Spanned<Self>>,
    },
    /// `not a`
    Not(Box<Spanned<Self>>),
    /// `-a`
    Negative(Box<Spanned<Self>>),
    /// `a < b`
    Compare {
        /// `<`
        comparison: Comparison,
        /// `a`
        left: Box<Spanned<Self>>,
        /// `b`
        right: Box<Spanned<Self>>,
    },
    /// `kind is intake`, `left is not missing`
    Is {
        /// `kind`
        left: Box<Spanned<Self>>,
        /// Whether `not` follows.
        negated: bool,
        /// `intake`
        right: Box<Spanned<Self>>,
    },
    /// `place in homeless`, `place not in (a, b)`
    In {
        /// `place`
        left: Box<Spanned<Self>>,
        /// Whether `not` stands before `in`.
        negated: bool,
        /// `homeless`
        right: Box<Spanned<Self>>,
    },
    /// `age at start of period between 16 and 25`: the comparison of values, both ends in
    Between {
        /// `age at start of period`
        value: Box<Spanned<Self>>,
        /// Whether `not` stands before `between`.
        negated: bool,
        /// `16`
        low: Box<Spanned<Self>>,
        /// `25`
        high: Box<Spanned<Self>>,
    },
    /// `2025-01-01 .. 2025-06-30`
    Range {
        /// `2025-01-01`
        from: Box<Spanned<Self>>,
        /// `2025-06-30`
        to: Box<Spanned<Self>>,
    },
    /// `6 months after intake.day`: a date
    Relative {
        /// `6 months`
        duration: Box<Spanned<Self>>,
        /// `after`
        direction: Direction,
        /// `intake.day`
        anchor: Box<Spanned<Self>>,
    },
    /// `the 12 months before X`: a period
    ThePeriod {
        /// `12 months`
        duration: Box<Spanned<Self>>,
        /// `before`
        direction: Direction,
        /// `X`
        anchor: Box<Spanned<Self>>,
    },
    /// `last 4 quarters`
    LastPeriods {
        /// `4`
        count: Spanned<String>,
        /// `quarters`
        unit: Word,
    },
    /// `year to date`: the kind of period
    ToDate(Word),
    /// `school_year 2024`, `campaign winter`: one period of a kind that a project declares
    PeriodOf {
        /// `school_year`
        kind: Word,
        /// `2024`
        which: Word,
    },
    /// `count of X`, `start of period`, `sum of minutes of contact` (nested), `date of birth`
    Of {
        /// `count`; `last day` is one word pair
        word: Word,
        /// `X`
        operand: Box<Spanned<Self>>,
        /// Whether `known only` follows: `mean of minutes of contact known only`
        known_only: bool,
    },
    /// `any X`, `no other X`, `first X`, `the 2nd X`
    Quantified {
        /// `any`
        quantifier: Spanned<Quantifier>,
        /// `X`
        operand: Box<Spanned<Self>>,
    },
    /// `best X by (score descending, day)`
    Best {
        /// `X`
        operand: Box<Spanned<Self>>,
        /// `score descending`, `day`
        by: Vec<KeyOrder>,
    },
    /// `stay where place in homeless`
    Where {
        /// `stay`
        rows: Box<Spanned<Self>>,
        /// `place in homeless`
        condition: Box<Spanned<Self>>,
    },
    /// `stay overlapping period`, `intake.day during period`, `age at start of period`
    Timed {
        /// `stay`
        operand: Box<Spanned<Self>>,
        /// `overlapping period`
        timing: Spanned<Timing>,
    },
}

/// `16`, `separator: ";"`
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// `separator`
    pub label: Option<Word>,
    /// `";"`
    pub value: Spanned<Expr>,
}

/// `"nacht": emergency`, `else: missing` (a [`Key::Word`])
#[derive(Clone, Debug, PartialEq)]
pub struct MapRow {
    /// `"nacht"`
    pub key: Spanned<Key>,
    /// `emergency`
    pub value: Spanned<Expr>,
}

/// `kind is a -> 1`; `else -> 2` has no condition
#[derive(Clone, Debug, PartialEq)]
pub struct ChooseRow {
    /// `kind is a`
    pub condition: Option<Spanned<Expr>>,
    /// `1`
    pub value: Spanned<Expr>,
}

/// `score descending`
#[derive(Clone, Debug, PartialEq)]
pub struct KeyOrder {
    /// `score`
    pub field: Word,
    /// Whether `descending` follows.
    pub descending: bool,
}

/// Operators between two values or two conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `or`
    Or,
    /// `and`
    And,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `union`
    Union,
    /// `minus`
    Minus,
    /// `intersect`
    Intersect,
}

/// Comparisons of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
}

/// Which way in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `before`
    Before,
    /// `after`
    After,
    /// `of`: both ways, only in `within D of X`
    Around,
}

/// Which end of a row that has a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// `starting`
    Starting,
    /// `ending`
    Ending,
}

/// Words before a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `any`
    Any,
    /// `any other`
    AnyOther,
    /// `no`
    No,
    /// `no other`
    NoOther,
    /// `every`
    Every,
    /// `first`
    First,
    /// `last`
    Last,
    /// `the 2nd`
    The(u32),
}

/// A timing phrase.
#[derive(Clone, Debug, PartialEq)]
pub enum Timing {
    /// `during P`
    During(Box<Spanned<Expr>>),
    /// `overlapping P`
    Overlapping(Box<Spanned<Expr>>),
    /// `within P`, P a period
    Within(Box<Spanned<Expr>>),
    /// `starting in P`, `ending in P`
    EdgeIn {
        /// `starting`
        edge: Edge,
        /// `P`
        period: Box<Spanned<Expr>>,
    },
    /// `before X`, `starting after X`, `within 6 months after X`, …
    Relation {
        /// `starting`, if it is written
        edge: Option<Edge>,
        /// `after X`
        relation: Relation,
    },
    /// `as of X`
    AsOf(Box<Spanned<Expr>>),
    /// `at X`: `age at start of period`
    At(Box<Spanned<Expr>>),
    /// `at level district`
    AtLevel(Word),
    /// `at tree of X`
    AtTree(Box<Spanned<Expr>>),
    /// `from X`
    From(Box<Spanned<Expr>>),
    /// `until X`
    Until(Box<Spanned<Expr>>),
}

/// How a row lies to a date.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// `before X`, X left out
    Before(Box<Spanned<Expr>>),
    /// `after X`, X left out
    After(Box<Spanned<Expr>>),
    /// `on or before X`
    OnOrBefore(Box<Spanned<Expr>>),
    /// `on or after X`
    OnOrAfter(Box<Spanned<Expr>>),
    /// `within 6 months before|after|of X`, both ends in
    Within {
        /// `6 months`
        duration: Box<Spanned<Expr>>,
        /// `after`
        direction: Direction,
        /// `X`
        anchor: Box<Spanned<Expr>>,
    },
    /// `between 5 months and 7 months after X`, both ends in
    BetweenDurations {
        /// `5 months`
        low: Box<Spanned<Expr>>,
        /// `7 months`
        high: Box<Spanned<Expr>>,
        /// `after`
        direction: Direction,
        /// `X`
        anchor: Box<Spanned<Expr>>,
    },
    /// `between 2025-01-01 and start of period`: two dates, both in
    BetweenDates {
        /// `2025-01-01`
        low: Box<Spanned<Expr>>,
        /// `start of period`
        high: Box<Spanned<Expr>>,
    },
}
