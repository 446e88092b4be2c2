//! What a program declares, with every name found and every type known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::Expr;
use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree;

use test::Test;

use crate::calendar::Period;
pub use kinds::Calendar;
pub use record::mark;
pub use unit::{DeclaredUnit, Unit};

use crate::hierarchy::Tree;
use crate::organisation::Due;

mod kinds;
mod language;
mod mapping;
mod record;
pub mod test;
mod unit;

/// All declarations of a program, each kind by name.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// `library ghent.youth version "2.1.0" { … }`
    pub library: Option<Library>,
    /// `involvement: contact, stay`: the records whose rows involve an organisation with a subject
    pub involvement: BTreeSet<String>,
    /// `subject person`
    pub subjects: BTreeMap<String, Subject>,
    /// `codes living_situation { … }`
    pub codes: BTreeMap<String, CodeList>,
    /// `record stay of person during arrived until left { … }`
    pub records: BTreeMap<String, Record>,
    /// `organisation harbour "Transit home The Harbour"`
    pub organisations: BTreeMap<String, Organisation>,
    /// `source harbour.stays for stay { … }`, by its dotted name
    pub sources: BTreeMap<String, Source>,
    /// `unit session = 45 min`, by the name by which it is known
    pub units: BTreeMap<String, DeclaredUnit>,
    /// `parameter poverty_line in EUR per month { 2023-01-01: 1366 }`
    pub parameters: BTreeMap<String, Parameter>,
    /// `periods school_year starts 09-01`
    pub kinds: BTreeMap<String, Calendar>,
    /// `target group`, `define`, `dimension`, `indicator`: kept as written, checked, by name
    pub rules: BTreeMap<String, Rule>,
    /// `report quarterly { … }`
    pub reports: BTreeMap<String, Report>,
    /// `test "…" { … }`, in the order written
    pub tests: Vec<Test>,
    /// `disclosure protected { … }`
    pub disclosure: Disclosure,
    /// `trace: allowed`: the rows of one subject may be shown
    pub trace_allowed: bool,
    /// `silence: no`: where nothing was delivered, nothing happened
    pub silence_is_no: bool,
    /// `languages: en, nl, fr`: the first is that of texts without a word
    pub languages: Vec<String>,
    /// Titles in further languages: `indicator`, `reach` → `nl` → `Bereikte jongeren`
    pub titles: BTreeMap<(tree::DeclarationKind, String), BTreeMap<String, String>>,
    /// `due: 30 days after quarter` of the library: by when sources deliver that say nothing else
    pub due: Option<Due>,
    /// `timezone: "Europe/Brussels"` of the library: by whose clock sources tell that say nothing
    /// else
    pub timezone: Option<Tz>,
}

impl Catalog {
    /// By whose clock an organisation tells the moments of a record, where anything says it.
    #[must_use]
    pub fn timezone_of(&self, organisation: &str, record: &str) -> Option<Tz> {
        let mut sources = self.sources.values();
        let own = sources.find(|it| it.organisation == organisation && it.record == record);
        own.map_or(self.timezone, |source| source.timezone)
    }

    /// The records whose rows involve an organisation with a subject: those that the library
    /// names, and where it names none of the subject's, all that have time.
    /// Each comes with the field that says whose the rows are.
    pub fn involving<'a>(
        &'a self,
        subject: &'a str,
    ) -> impl Iterator<Item = (&'a Record, Option<&'a str>)> {
        let is_named = |record: &Record| self.involvement.contains(&record.name);
        let named = self.records_about(subject).any(|(record, _)| is_named(record));
        let timed = self.records_about(subject).filter(|(record, _)| record.start().is_some());
        timed.filter(move |(record, _)| !named || is_named(record))
    }
}

/// `library ghent.youth version "2.1.0" { title: "…" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// `ghent.youth`
    pub name: String,
    /// `2.1.0`
    pub version: String,
    /// `Shared indicators of the Ghent coalition`
    pub title: Option<String>,
}

/// `subject person "A young person known to at least one partner"`
#[derive(Clone, Debug)]
pub struct Subject {
    /// `person`
    pub name: String,
    /// What it is, in words.
    pub title: Option<String>,
    /// `anonymous`: each row is a subject by itself, and nothing says whose it is.
    pub anonymous: bool,
    /// Where it is declared.
    pub span: Span,
}

/// `codes living_situation { rough_sleeping: "Living rough" … groups { homeless: … } }`
#[derive(Clone, Debug)]
pub struct CodeList {
    /// `living_situation`
    pub name: String,
    /// What it lists.
    pub title: Option<String>,
    /// Codes with their labels, in the order declared.
    pub codes: Vec<(String, String)>,
    /// `homeless` and its codes.
    pub groups: BTreeMap<String, Vec<String>>,
    /// By language, then by code: `nl` → `rough_sleeping` → `Op straat`.
    pub translations: BTreeMap<String, BTreeMap<String, String>>,
    /// How its codes lie within each other, where it has levels.
    pub tree: Option<Arc<Tree>>,
    /// Where it is declared.
    pub span: Span,
}

impl CodeList {
    /// Whether `code` is on the list.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.codes.iter().any(|(known, _)| known == code)
    }
}

/// A row type of the shared registration.
#[derive(Clone, Debug)]
pub struct Record {
    /// `stay`
    pub name: String,
    /// What a row stands for.
    pub title: Option<String>,
    /// `person`
    pub subject: String,
    /// Whether each row is a subject by itself: `subject respondent anonymous`
    pub anonymous: bool,
    /// When a row holds.
    pub timing: RecordTiming,
    /// Whether no two rows of a subject hold on one day.
    pub without_overlap: bool,
    /// `key: person, day`: the fields, and perhaps the subject, by which an organisation tells its
    /// rows apart; of rows with equal ones the latest counts. None: every row counts.
    pub key: Vec<String>,
    /// In the order declared. The subject is no field.
    pub fields: Vec<Field>,
    /// Where it is declared.
    pub span: Span,
}

impl Catalog {
    /// Whether nothing tells one subject of that type from another.
    #[must_use]
    pub fn is_anonymous(&self, subject: &str) -> bool {
        self.subjects.get(subject).is_some_and(|subject| subject.anonymous)
    }

    /// The records whose rows a subject of that type can have, each with the field that says so.
    pub fn records_about<'a>(
        &'a self,
        subject: &'a str,
    ) -> impl Iterator<Item = (&'a Record, Option<&'a str>)> {
        self.records.values().flat_map(move |record| {
            let sides = record.sides().filter(move |(of, _)| *of == subject);
            sides.map(move |(_, side)| (record, side))
        })
    }
}

/// When a row of a record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordTiming {
    /// `once`: what does not change; one row a subject after conflicts are settled
    Once(Conflict),
    /// `at day`
    At {
        /// The field that holds the day.
        day: String,
    },
    /// `during arrived until left`; a missing end is ongoing, the day of the end is out
    During {
        /// The field that holds the first day.
        start: String,
        /// The field that holds the end.
        end: String,
    },
}

/// How organisations that disagree on a once-record are settled, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// `once`: a disagreement leaves the value missing
    Agree,
    /// `once by latest`: what was delivered last; where several organisations delivered equally
    /// late, and differ, it is missing
    Latest,
    /// `once by majority`: what most organisations say; a tie leaves it missing
    Majority,
    /// `once by organisations a, b`: the first of them that says something
    Organisations(Vec<String>),
}

impl fmt::Display for Conflict {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agree => to.write_str("once"),
            Self::Latest => to.write_str("once by latest"),
            Self::Majority => to.write_str("once by majority"),
            Self::Organisations(names) => {
                write!(to, "once by organisations {}", names.join(", "))
            }
        }
    }
}

/// `kind: contact_kind`, `left: date?`
#[derive(Clone, Debug)]
pub struct Field {
    /// `kind`
    pub name: String,
    /// `contact_kind`
    pub kind: FieldType,
    /// Whether a value may be missing.
    pub optional: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `date`
    Date,
    /// `instant`: a moment, of which rules see the day by the clock of a place
    Instant,
    /// `date of birth`
    BirthDate,
    /// `number`, `number in min`
    Number(Option<Unit>),
    /// `text`
    Text,
    /// `living_situation`: one code of that list
    Code(String),
    /// `household`: one subject of that type, by its pseudonym
    Subject(String),
}

impl FieldType {
    /// The Arrow type of a mapped value, as it is kept in the pool.
    #[must_use]
    pub fn arrow(&self) -> DataType {
        match self {
            Self::Date | Self::Instant | Self::BirthDate => DataType::Date32,
            Self::Number(_) => DataType::Float64,
            Self::Text | Self::Code(_) | Self::Subject(_) => DataType::Utf8,
        }
    }
}

/// What the lists of a record's rows are called where they are kept: `stay`, and for those to whom
/// a field refers `membership@household`.
#[must_use]
pub fn lists(record: &str, side: Option<&str>) -> String {
    side.map_or_else(|| record.to_owned(), |field| format!("{record}@{field}"))
}

/// `organisation night_shelter "Night shelter De Brug" { kind: shelter   since: 2015-01-01 }`
#[derive(Clone, Debug)]
pub struct Organisation {
    /// `night_shelter`
    pub name: String,
    /// `Night shelter De Brug`
    pub title: Option<String>,
    /// Its other clauses as written: `kind` → `shelter`
    pub properties: BTreeMap<String, String>,
    /// Where it is declared.
    pub span: Span,
}

/// A number that changes with time by decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `poverty_line`
    pub name: String,
    /// What it is.
    pub title: Option<String>,
    /// `EUR per month`
    pub unit: Option<Unit>,
    /// From each day on a value; days rise.
    pub steps: Vec<(NaiveDate, f64)>,
    /// Where it is declared.
    pub span: Span,
}

/// Where one organisation's rows of one record come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// `night_shelter.stays`
    pub name: String,
    /// `night_shelter`: the first part of the name
    pub organisation: String,
    /// `stay`
    pub record: String,
    /// `csv("deliveries/stays-*.csv", separator: ";")`
    pub from: Format,
    /// `covers: 2023 .. 2025`, first and last day
    pub covers: Option<(NaiveDate, NaiveDate)>,
    /// `timezone: "Europe/Brussels"`, else that of the library: by whose clock moments are told
    pub timezone: Option<Tz>,
    /// `due: 30 days after quarter`
    pub due: Option<Due>,
    /// `received: { 2025-Q1: 2025-04-12 }`: when what is about a period came
    pub received: Vec<(Period, NaiveDate)>,
    /// One for the subject and one for each field, in the order of the record; a field that is
    /// not mapped has none and is missing.
    pub map: Vec<Mapping>,
    /// Rows for which one of them is false are rejected.
    pub require: Vec<Requirement>,
    /// Where it is declared.
    pub span: Span,
}

/// `csv("deliveries/stays-*.csv", separator: ";")`: which formats and options there are is for
/// the pool to say
#[derive(Clone, Debug)]
pub struct Format {
    /// `csv`
    pub name: Spanned<String>,
    /// `deliveries/stays-*.csv`
    pub location: Spanned<String>,
    /// `separator` → `;`
    pub options: Vec<(Spanned<String>, Spanned<String>)>,
}

/// `arrived: `Datum in``
#[derive(Clone, Debug)]
pub struct Mapping {
    /// `arrived`, or the subject's name
    pub field: String,
    /// How its value is made from a row of the export.
    pub value: Spanned<MapExpr>,
}

/// How a value is made from a row of an export, in which every column is text.
#[derive(Clone, Debug, PartialEq)]
pub enum MapExpr {
    /// `` `Datum in` ``: the text of a column, trimmed; an empty text is missing. Where a number
    /// or a date is wanted it is read by the source's formats, and a text that does not read as
    /// one is a reason to reject the row.
    Column(String),
    /// `"x"`, or a code, `emergency`
    Text(String),
    /// `12.5`
    Number(f64),
    /// `2025-01-31`
    Date(NaiveDate),
    /// `missing`
    Missing,
    /// `unknown`: of the end of a row, that it should be known and is not
    Unknown,
    /// `choose { C is "x" -> D, else -> missing }`: the first whose condition is true
    Choose {
        /// Conditions with their values.
        rows: Vec<(MapCondition, Self)>,
        /// The value of `else`; without it what is left is missing.
        otherwise: Box<Self>,
    },
    /// `recode(C, { "nacht": emergency, else: missing })`; keys are compared trimmed. Without
    /// `else` a value that is not listed is a reason to reject the row; a missing value stays
    /// missing.
    Recode {
        /// `C`
        value: Box<Spanned<Self>>,
        /// `"nacht"` → `emergency`
        rows: Vec<(String, Self)>,
        /// `missing`
        otherwise: Option<Box<Self>>,
    },
    /// `pseudonym(C, D)`: keyed; missing when a part is
    Pseudonym(Vec<Spanned<Self>>),
    /// `C / 60`: both sides numbers; missing when one is, or when a divisor is zero
    Arithmetic {
        /// `/`: one of the four
        operator: tree::BinaryOperator,
        /// `C`
        left: Box<Spanned<Self>>,
        /// `60`
        right: Box<Spanned<Self>>,
    },
}

/// A condition on a row of an export; unknown where a text is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum MapCondition {
    /// `C is "x"`, `C in ("x", "y")`: texts are compared trimmed
    In(Spanned<MapExpr>, Vec<String>),
    /// `C is missing`
    IsMissing(Spanned<MapExpr>),
    /// `not a`
    Not(Box<Self>),
    /// `a and b`
    And(Box<Self>, Box<Self>),
    /// `a or b`
    Or(Box<Self>, Box<Self>),
}

/// `require: left >= arrived "the stay ends before it starts"`
#[derive(Clone, Debug)]
pub struct Requirement {
    /// A condition over a mapped row: its columns are the record's fields by name, with the types
    /// of [`FieldType::arrow`]. A row is rejected when it is false, not when it is unknown.
    pub condition: Expr,
    /// The reason given.
    pub message: String,
}

/// A named rule and what it is.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `reach`
    pub name: String,
    /// `indicator`
    pub kind: RuleKind,
    /// `person`; an indicator takes that of its target group
    pub subject: Option<String>,
    /// `Young people reached`
    pub title: Option<String>,
    /// `## …`
    pub docs: Vec<String>,
    /// As written.
    pub written: tree::Declaration,
    /// Where its name stands.
    pub span: Span,
}

/// What sort of rule a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleKind {
    /// `target group`
    TargetGroup,
    /// `define`
    Define,
    /// `dimension`
    Dimension,
    /// `indicator`
    Indicator,
}

/// `report quarterly "For the steering committee" every quarter { show: … }`
#[derive(Clone, Debug)]
pub struct Report {
    /// `quarterly`
    pub name: String,
    /// `For the steering committee`
    pub title: Option<String>,
    /// `quarter`
    pub every: Option<String>,
    /// In the order written.
    pub shows: Vec<Spanned<tree::Query>>,
    /// Where it is declared.
    pub span: Span,
}

/// What figures may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// `disclosure none`: everything
    None,
    /// `disclosure protected { withhold: 1 .. 4 }`: counts of people in that range are withheld
    Protected {
        /// 1
        least: u32,
        /// 4
        most: u32,
    },
}

impl Disclosure {
    /// Whether a count of people may not be shown.
    #[must_use]
    pub fn is_small(self, count: f64) -> bool {
        match self {
            Self::None => false,
            Self::Protected { least, most } => {
                count >= f64::from(least) && count <= f64::from(most)
            }
        }
    }
}

impl Default for Disclosure {
    fn default() -> Self {
        Self::Protected { least: 1, most: 4 }
    }
}
