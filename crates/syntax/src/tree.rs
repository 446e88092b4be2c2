//! The syntax tree: what was written, with nothing resolved.
//!
//! The grammar knows shapes only (declaration, clause, block, expression, query), and so does the
//! tree: that `share` is a kind of indicator is for the checker to know.

pub mod expression;
pub mod query;

use interplay_diagnostic::{Span, Spanned};

pub use expression::{
    Argument, BinaryOperator, ChooseRow, Comparison, Direction, Edge, Expr, KeyOrder, MapRow,
    Quantifier, Relation, Timing,
};
pub use query::{Breakdown, Compare, Query, QueryPeriod};

/// A word and its place.
pub type Word = Spanned<String>;

/// A whole text: rule file, query or entry of the REPL.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// In the order written.
    pub statements: Vec<Statement>,
    /// Comments after the last statement.
    pub trailing: Vec<String>,
    /// What could not be read; nothing when there were no problems.
    pub unread: Vec<Unread>,
}

/// A statement that could not be read whole. What is missing of it is missing by the problem that
/// was told of it, and not worth a second one.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// All of its text.
    pub span: Span,
    /// Words among what was lost of it: they may be what it declares.
    pub names: Vec<String>,
}

/// A declaration or a query, beginning in column one.
#[derive(Clone, Debug)]
pub struct Statement {
    /// `# …` on lines of their own above it.
    pub comments: Comments,
    /// `## …` above a declaration: its documentation, a line each, without the marks.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: StatementKind,
    /// All of its text.
    pub span: Span,
}

/// The place makes no difference.
impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        (&self.comments, &self.docs, &self.kind) == (&other.comments, &other.docs, &other.kind)
    }
}

/// Comments that belong to a statement, an item or a row. Texts are without `#` and outer spaces;
/// an empty line after a comment is an [`EMPTY_LINE`] among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// On lines of their own above.
    pub above: Vec<String>,
    /// After it, on its last line; for a block, after its opening brace.
    pub beside: Option<String>,
    /// Before the closing brace of its block, after the last item; of a statement or an item,
    /// below its documentation.
    pub inside: Vec<String>,
    /// At the rows and conditions it is made of.
    pub within: Vec<Within>,
}

/// Comments at a place inside an expression, where a line begins: before `and`, `or` and `where`,
/// and around the rows of `choose` and `recode`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Which of these places, counted from the first.
    pub place: usize,
    /// At the end of the line before it.
    pub beside: Option<String>,
    /// On lines of their own above it.
    pub above: Vec<String>,
}

/// Stands among comments for an empty line.
pub const EMPTY_LINE: &str = "\n";

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a text has few statements, and most are declarations"
)]
pub enum StatementKind {
    /// `indicator reach "Young people reached" { count: homeless_youth }`
    Declaration(Declaration),
    /// `measure reach in 2025 by district`
    Query(Query),
}

/// `KIND NAME header… { block }` or `KIND NAME header… = expression`
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// `indicator`
    pub kind: Spanned<DeclarationKind>,
    /// `reach`, `ghent.youth`, `"a guest of two shelters is one person"`
    pub name: Spanned<Name>,
    /// `"Young people reached"`, `of person`, `during arrived until left`, in the order written
    pub headers: Vec<Spanned<Header>>,
    /// What follows, if anything does.
    pub body: Option<Body>,
}

/// The closed list of declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeclarationKind {
    /// `bridge`
    Bridge,
    /// `codes`
    Codes,
    /// `contribution rule`
    ContributionRule,
    /// `define`
    Define,
    /// `dimension`
    Dimension,
    /// `disclosure`
    Disclosure,
    /// `indicator`
    Indicator,
    /// `library`
    Library,
    /// `organisation`
    Organisation,
    /// `parameter`
    Parameter,
    /// `periods`
    Periods,
    /// `record`
    Record,
    /// `report`
    Report,
    /// `source`
    Source,
    /// `subject`
    Subject,
    /// `target group`
    TargetGroup,
    /// `test`
    Test,
    /// `timeline`
    Timeline,
    /// `unit`
    Unit,
}

impl DeclarationKind {
    /// Every kind with its words, sorted by them.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("bridge", Self::Bridge),
        ("codes", Self::Codes),
        ("contribution rule", Self::ContributionRule),
        ("define", Self::Define),
        ("dimension", Self::Dimension),
        ("disclosure", Self::Disclosure),
        ("indicator", Self::Indicator),
        ("library", Self::Library),
        ("organisation", Self::Organisation),
        ("parameter", Self::Parameter),
        ("periods", Self::Periods),
        ("record", Self::Record),
        ("report", Self::Report),
        ("source", Self::Source),
        ("subject", Self::Subject),
        ("target group", Self::TargetGroup),
        ("test", Self::Test),
        ("timeline", Self::Timeline),
        ("unit", Self::Unit),
    ];

    /// The words that may stand between its name and its body, title apart.
    #[must_use]
    pub fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Define | Self::Dimension | Self::TargetGroup | Self::Timeline => &["of"],
            Self::Library => &["version"],
            Self::Parameter => &["in"],
            Self::Periods => &["starts"],
            Self::Record => &["at", "during", "from", "of", "once", "where", "without"],
            Self::Report => &["every"],
            Self::Source => &["for"],
            Self::Subject => &["anonymous", "is"],
            Self::Bridge
            | Self::Codes
            | Self::ContributionRule
            | Self::Disclosure
            | Self::Indicator
            | Self::Organisation
            | Self::Test
            | Self::Unit => &[],
        }
    }

    /// As it is written: `target group`
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(words, _)| words)
    }
}

/// What a declaration is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// `reach`, `night_shelter.stays`: one word or several joined by dots
    Path(Vec<Word>),
    /// `"a shared night is one night"`: a test's title is its name
    Text(String),
}

impl Name {
    /// The name as one text, dots included.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Path(words) => {
                words.iter().map(|word| word.item.as_str()).collect::<Vec<_>>().join(".")
            }
            Self::Text(text) => text.clone(),
        }
    }
}

/// A header word with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Header {
    /// `"Young people reached" nl "Bereikte jongeren"`
    Title(Labels),
    /// `version "2.1.0"`
    Version(Spanned<String>),
    /// `of person`
    Of(Word),
    /// `for stay`
    For(Word),
    /// `from enrolment`, `from enrolment per household`
    From {
        /// `enrolment`
        record: Word,
        /// `household`
        per: Option<Word>,
    },
    /// `is head, household_type`
    Is(Vec<Word>),
    /// `at day`; `at instant` is told apart by the checker
    At(Word),
    /// `during arrived until left`
    During {
        /// `arrived`
        start: Word,
        /// `left`
        end: Word,
    },
    /// `without overlap`
    WithoutOverlap,
    /// `anonymous`
    Anonymous,
    /// `once`, `once by majority`, `once by organisations a, b`: the words after `by`
    Once(Vec<Word>),
    /// `in EUR`, `in EUR per month`
    In(Unit),
    /// `every quarter`
    Every(Word),
    /// `starts 09-01`
    Starts(Spanned<String>),
    /// `where entry < exit`
    Where(Spanned<Expr>),
}

/// `min`, `EUR per month`
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// `EUR`
    pub name: Word,
    /// `month`
    pub per: Option<Word>,
}

/// What follows name and headers.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// `{ … }`
    Block(Block),
    /// `= first contact where kind is intake`
    Expression(Spanned<Expr>),
}

/// `{ item … }`
#[derive(Clone, Debug)]
pub struct Block {
    /// In the order written.
    pub items: Vec<Item>,
    /// Comments inside that stand above no item, and beside the opening brace.
    pub comments: Comments,
    /// From brace to brace.
    pub span: Span,
}

/// The place makes no difference.
impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        (&self.items, &self.comments) == (&other.items, &other.comments)
    }
}

/// One entry of a block.
#[derive(Clone, Debug)]
pub struct Item {
    /// Comments above and beside it.
    pub comments: Comments,
    /// `## …` above it.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: ItemKind,
    /// All of its text.
    pub span: Span,
}

/// The place makes no difference.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (&self.comments, &self.docs, &self.kind) == (&other.comments, &other.docs, &other.kind)
    }
}

/// What an entry of a block is.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `among: homeless_youth where intake.day during period`
    Clause {
        /// `among`
        label: Word,
        /// `homeless_youth where intake.day during period`
        value: Spanned<Value>,
    },
    /// `2024-01-01: 1450`, `"nacht": emergency`
    Keyed {
        /// `2024-01-01`
        key: Spanned<Key>,
        /// `1450`
        value: Spanned<Value>,
    },
    /// `show: measure reach by district`
    Show(Spanned<Query>),
    /// `expect: measure reach in 2025 is 5`
    Expect {
        /// `measure reach in 2025`
        query: Spanned<Query>,
        /// `5`
        value: Spanned<Expr>,
        /// `0.001`, after `is about 0.333 within`
        within: Option<Box<Spanned<Expr>>>,
    },
    /// `expect problem: unknown-name in "measure raech in 2025"`
    ExpectProblem {
        /// `unknown-name`
        code: Word,
        /// `measure raech in 2025`
        text: Spanned<String>,
    },
    /// `for each { … }`: the cases of a test, one a row
    ForEach(Table),
    /// `given stay from harbour covers 2024 { … }`
    Given {
        /// `stay`
        record: Word,
        /// `harbour`
        organisation: Option<Word>,
        /// `2024`: for which days they were delivered
        covers: Option<Spanned<Expr>>,
        /// The rows.
        table: Table,
    },
    /// `tree { … }`, in `codes`
    Tree(Table),
    /// `map { … }`, `groups { … }`, `support contact { … }`
    Block {
        /// `support`, `contact`
        words: Vec<Word>,
        /// `{ … }`
        block: Block,
    },
}

/// What stands before the colon when it is no word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// `"nacht"`
    Text(String),
    /// `3`, as written
    Number(String),
    /// `2024-01-01`
    Date(String),
    /// `2023`, `2025-Q1`: four digits are a year
    Period(String),
    /// `housed`: only in `{ … }` of an expression; in a block such an entry is a clause
    Word(String),
}

/// What stands after the colon.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `left >= arrived "the stay ends before it starts"`: an expression and, perhaps, a text
    Expression {
        /// `left >= arrived`
        expr: Spanned<Expr>,
        /// `the stay ends before it starts`
        title: Option<Spanned<String>>,
    },
    /// `rough_sleeping, emergency, temporary`: two or more
    List(Vec<Spanned<Expr>>),
    /// `"Living rough" nl "Op straat"`: a label in two languages or more
    Labels(Labels),
    /// `from intake.day to housed.arrived`
    FromTo {
        /// `intake.day`
        from: Spanned<Expr>,
        /// `housed.arrived`
        to: Spanned<Expr>,
    },
    /// `half even to 1 decimal`, after `rounded:`
    Rounding(Spanned<Rounding>),
    /// `date of birth`, `gender?`, `number in min?`: the type of a field, in a `record`
    Type(TypeName),
}

/// `"Living rough" nl "Op straat" fr "À la rue"`: a text for readers, and the same in further
/// languages
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// `Living rough`
    pub plain: Spanned<String>,
    /// `nl` → `Op straat`
    pub others: Vec<(Word, Spanned<String>)>,
}

/// `half even to 1 decimal`
#[derive(Clone, Debug, PartialEq)]
pub struct Rounding {
    /// `down`, `half even`: two words are one
    pub how: Word,
    /// `1`
    pub decimals: Option<Spanned<String>>,
}

/// `number in min?`
#[derive(Clone, Debug, PartialEq)]
pub struct TypeName {
    /// `number`, `date of birth`, `living_situation`
    pub name: Word,
    /// `min`
    pub unit: Option<Unit>,
    /// Whether `?` follows: a value may be missing.
    pub optional: bool,
}

/// Rows given in a test. The first line names the columns; an empty cell is missing.
#[derive(Clone, Debug)]
pub struct Table {
    /// `person | arrived | left`
    pub columns: Vec<Word>,
    /// `ann | 2025-01-01 |`
    pub rows: Vec<TableRow>,
    /// From brace to brace.
    pub span: Span,
}

/// The place makes no difference.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        (&self.columns, &self.rows) == (&other.columns, &other.rows)
    }
}

/// One line of a table.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Comments above and beside it.
    pub comments: Comments,
    /// Trimmed texts, as many as the line has; empty when the cell is.
    pub cells: Vec<Word>,
    /// The line.
    pub span: Span,
}

/// The place makes no difference.
impl PartialEq for TableRow {
    fn eq(&self, other: &Self) -> bool {
        (&self.comments, &self.cells) == (&other.comments, &other.cells)
    }
}
