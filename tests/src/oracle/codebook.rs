//! What a program declares, by name, taken from the written tree.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_syntax::tree::{
    Block, Body, Declaration, DeclarationKind, Expr, Header, ItemKind, Key, Program, Rounding,
    StatementKind, Table, TableRow, Value, Word,
};

use super::kind;
use super::partners;
use super::time::Period;
use super::world::{Datum, Row};

/// The declarations of a program.
#[derive(Debug, Default)]
pub struct Codebook<'a> {
    /// `subject person`
    pub subjects: Vec<String>,
    /// `subject respondent anonymous`: each row is one by itself
    pub anonymous: BTreeSet<String>,
    /// `parameter poverty_line { 2023-01-01: 1366 }`
    pub parameters: BTreeMap<String, BTreeMap<NaiveDate, f64>>,
    /// `involvement: contact, stay`, in a library
    pub involvement: Vec<String>,
    /// `organisation night_shelter`, in the order declared
    pub organisations: Vec<String>,
    /// `organisation harbour { kind: shelter }`: what is declared of each
    pub facts: BTreeMap<String, BTreeMap<String, Datum>>,
    /// What a fact holds, by its name.
    pub fact_types: BTreeMap<String, FieldType>,
    /// `codes living_situation`
    pub codes: BTreeMap<String, CodeList>,
    /// `record stay of person`
    pub records: BTreeMap<String, Record>,
    /// `target group homeless_youth { where: … }`: the condition
    pub groups: BTreeMap<String, &'a Expr>,
    /// The subject of each rule that names one: `person`
    pub about: BTreeMap<String, String>,
    /// `periods school_year starts 09-01`: each with its name, in the order of time
    pub kinds: BTreeMap<String, Vec<(String, Period)>>,
    /// `unit session = 45 min`: how much of which other unit, if it is made of one
    pub units: BTreeMap<String, Option<(f64, String)>>,
    /// `define intake of person = …` and `dimension age_band of person = …`: the expression
    pub definitions: BTreeMap<String, &'a Expr>,
    /// `indicator reach { … }`: the clauses
    pub indicators: BTreeMap<String, BTreeMap<String, &'a Expr>>,
    /// `rounded: half even to 1 decimal` of an indicator
    pub roundings: BTreeMap<String, &'a Rounding>,
}

/// A code list.
#[derive(Debug, Default)]
pub struct CodeList {
    /// In the order declared.
    pub codes: Vec<String>,
    /// `groups { homeless: rough_sleeping, emergency }`
    pub groups: BTreeMap<String, Vec<String>>,
    /// `levels: neighbourhood, district`, the finest first
    pub levels: Vec<String>,
    /// The rows of `tree { … }`: each holds from a day up to, and not including, another.
    pub tree: Vec<Branch>,
}

/// `canal | Canal side | neighbourhood | north | 2024-01-01 |`
#[derive(Debug)]
pub struct Branch {
    /// `canal`
    pub code: String,
    /// `neighbourhood`
    pub level: String,
    /// `north`
    pub within: Option<String>,
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
}

/// A record.
#[derive(Debug)]
pub struct Record {
    /// `stay`
    pub name: String,
    /// Whom it is about: `person`
    pub subject: String,
    /// How its rows lie in time.
    pub shape: Shape,
    /// `key: person, day`: by what an organisation tells its rows apart; by nothing where none is.
    pub key: Vec<String>,
    /// The fields and what each holds.
    pub fields: BTreeMap<String, FieldType>,
    /// The units of fields that are numbers.
    pub units: BTreeMap<String, String>,
}

/// How the rows of a record lie in time.
#[derive(Debug)]
pub enum Shape {
    /// `once`: for what does not change
    Once(OnceBy),
    /// `at day`: the field
    At(String),
    /// `during arrived until left`: the two fields
    During(String, String),
}

/// Who is believed when organisations disagree.
#[derive(Debug)]
pub enum OnceBy {
    /// `once`
    Agreement,
    /// `once by latest`
    Latest,
    /// `once by majority`
    Majority,
    /// `once by organisations a, b`
    Organisations(Vec<String>),
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `number`, `number in min`
    Number,
    /// `date`
    Date,
    /// `instant`: the field holds the day, and one with `@` behind its name the seconds
    Instant,
    /// `date of birth`
    DateOfBirth,
    /// `text`
    Text,
    /// The name of a code list.
    Codes(String),
    /// The name of a subject, to which it refers.
    Subject(String),
}

impl<'a> Codebook<'a> {
    /// Reads every declaration of `program`.
    #[must_use]
    pub fn read(program: &'a Program) -> Self {
        let mut book = Self::default();
        for statement in &program.statements {
            if let StatementKind::Declaration(declaration) = &statement.kind {
                book.declare(declaration);
            }
        }
        partners::complete(&mut book);
        let subjects = &book.subjects;
        for holds in book.records.values_mut().flat_map(|record| record.fields.values_mut()) {
            if let FieldType::Codes(name) = holds
                && subjects.contains(name)
            {
                *holds = FieldType::Subject(name.clone());
            }
        }
        book
    }

    /// The fields of a record and what each holds.
    #[must_use]
    pub fn fields(&self, record: &str) -> Option<&BTreeMap<String, FieldType>> {
        self.records.get(record).map(|record| &record.fields)
    }

    /// The once-records of a subject, and that of an anonymous one.
    fn once_records(&self, subject: &str) -> impl Iterator<Item = &Record> {
        self.records.values().filter(move |record| {
            let is_single = self.anonymous.contains(subject);
            record.subject == subject && (is_single || matches!(record.shape, Shape::Once(_)))
        })
    }

    /// The once-record of `subject` that has the field `name`, if one has.
    #[must_use]
    pub fn once_record_with(&self, subject: &str, name: &str) -> Option<&Record> {
        self.once_records(subject).find(|record| record.fields.contains_key(name))
    }

    /// The once-record of `subject` and its field of type `date of birth`.
    #[must_use]
    pub fn birth_field(&self, subject: &str) -> Option<(&Record, &str)> {
        let once = self.once_records(subject);
        let mut births = once.flat_map(|record| {
            let fields = record.fields.iter();
            let births = fields.filter(|(_, holds)| **holds == FieldType::DateOfBirth);
            births.map(move |(name, _)| (record, name.as_str()))
        });
        births.next()
    }

    fn subject(&mut self, name: String, declaration: &Declaration) {
        if declaration.headers.iter().any(|it| it.item == Header::Anonymous) {
            self.anonymous.insert(name.clone());
        }
        self.subjects.push(name);
    }

    fn declare(&mut self, declaration: &'a Declaration) {
        let name = declaration.name.item.text();
        if let Some(subject) = subject(declaration) {
            self.about.insert(name.clone(), subject);
        }
        match declaration.kind.item {
            DeclarationKind::Subject => self.subject(name, declaration),
            DeclarationKind::Organisation => {
                self.facts.insert(name.clone(), partners::facts(declaration));
                self.organisations.push(name);
            }
            DeclarationKind::Codes => {
                self.codes.insert(name, code_list(declaration));
            }
            DeclarationKind::Periods => {
                self.kinds.insert(name, kind::listed(declaration));
            }
            DeclarationKind::Unit => {
                self.units.insert(name, made_of(declaration));
            }
            DeclarationKind::Record => {
                self.records.insert(name.clone(), record(name, declaration));
            }
            DeclarationKind::TargetGroup => {
                let condition = clauses(declaration).remove("where");
                self.groups.insert(name, condition.expect("a target group has `where:`"));
            }
            DeclarationKind::Define | DeclarationKind::Dimension => {
                if let Some(Body::Expression(expr)) = &declaration.body {
                    self.definitions.insert(name, &expr.item);
                }
            }
            DeclarationKind::Indicator => {
                let rounding = rounding(declaration);
                self.roundings.extend(rounding.map(|rounding| (name.clone(), rounding)));
                self.indicators.insert(name, clauses(declaration));
            }
            DeclarationKind::Library => {
                let items = block(declaration).map_or(&[][..], |block| &block.items);
                for item in items {
                    if let ItemKind::Clause { label, value } = &item.kind
                        && label.item == "involvement"
                    {
                        self.involvement = words(&value.item);
                    }
                }
            }
            DeclarationKind::Parameter => {
                self.parameters.insert(name, steps(declaration));
            }
            DeclarationKind::Bridge
            | DeclarationKind::ContributionRule
            | DeclarationKind::Disclosure
            | DeclarationKind::Report
            | DeclarationKind::Source
            | DeclarationKind::Test
            | DeclarationKind::Timeline => {}
        }
    }
}

/// `45 min`, of which a unit is made.
fn made_of(declaration: &Declaration) -> Option<(f64, String)> {
    let Some(Body::Expression(expr)) = &declaration.body else { return None };
    let Expr::Quantity { number, unit } = &expr.item else {
        panic!("the oracle does not know {:?} as a unit", expr.item)
    };
    Some((number.parse().expect("a number"), unit.item.clone()))
}

/// `rounded: down`
fn rounding(declaration: &Declaration) -> Option<&Rounding> {
    let items = block(declaration).map_or(&[][..], |block| &block.items);
    items.iter().find_map(|item| match &item.kind {
        ItemKind::Clause { value, .. } => match &value.item {
            Value::Rounding(rounding) => Some(&rounding.item),
            _ => None,
        },
        _ => None,
    })
}

/// The dates of a parameter with its values.
fn steps(declaration: &Declaration) -> BTreeMap<NaiveDate, f64> {
    let Some(Body::Block(block)) = &declaration.body else { return BTreeMap::new() };
    let steps = block.items.iter().map(|item| match &item.kind {
        ItemKind::Keyed { key, value } => {
            let Key::Date(day) = &key.item else { panic!("the oracle needs dates for keys") };
            let Value::Expression { expr, .. } = &value.item else { panic!("a number") };
            let Expr::Number(digits) = &expr.item else { panic!("a number") };
            (day.parse().expect("a date"), digits.parse().expect("a number"))
        }
        other => panic!("the oracle does not know {other:?} in a parameter"),
    });
    steps.collect()
}

impl Record {
    /// The fields that refer to a subject of that type.
    #[must_use]
    pub fn references(&self, subject: &str) -> Vec<&str> {
        let fields = self.fields.iter();
        let to = fields.filter(|(_, holds)| **holds == FieldType::Subject(subject.to_owned()));
        to.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether the last of the rows of a delivery counts more than the others.
    #[must_use]
    pub fn last_counts(&self) -> bool {
        matches!(self.shape, Shape::Once(_)) || !self.key.is_empty()
    }

    /// Whether the pool holds `row` at all: it has a first day, and does not end before it starts.
    #[must_use]
    pub fn accepts(&self, row: &Row) -> bool {
        match &self.shape {
            Shape::Once(_) => true,
            Shape::At(day) => row.date(day).is_some(),
            Shape::During(start, end) => {
                row.date(start).is_some_and(|start| row.date(end).is_none_or(|end| start <= end))
            }
        }
    }
}

pub(super) fn block(declaration: &Declaration) -> Option<&Block> {
    match &declaration.body {
        Some(Body::Block(block)) => Some(block),
        Some(Body::Expression(_)) | None => None,
    }
}

/// The clauses of a block whose values are expressions; `change: from a to b` is `change from` and
/// `change to`.
fn clauses(declaration: &Declaration) -> BTreeMap<String, &Expr> {
    let items = block(declaration).map_or(&[][..], |block| &block.items);
    let mut clauses = BTreeMap::new();
    for item in items {
        let ItemKind::Clause { label, value } = &item.kind else { continue };
        match &value.item {
            Value::Expression { expr, .. } => {
                clauses.insert(label.item.clone(), &expr.item);
            }
            Value::FromTo { from, to } => {
                clauses.insert(format!("{} from", label.item), &from.item);
                clauses.insert(format!("{} to", label.item), &to.item);
            }
            Value::List(_) | Value::Labels(_) | Value::Rounding(_) | Value::Type(_) => {}
        }
    }
    clauses
}

fn code_list(declaration: &Declaration) -> CodeList {
    let mut list = CodeList::default();
    for item in block(declaration).map_or(&[][..], |block| &block.items) {
        match &item.kind {
            ItemKind::Clause { label, value } if label.item == "levels" => {
                list.levels = words(&value.item);
            }
            ItemKind::Clause { label, .. } => list.codes.push(label.item.clone()),
            ItemKind::Tree(table) => {
                for row in &table.rows {
                    let branch = branch(table, row, &list.tree);
                    if !list.codes.contains(&branch.code) {
                        list.codes.push(branch.code.clone());
                    }
                    list.tree.push(branch);
                }
            }
            ItemKind::Block { block, .. } => {
                for item in &block.items {
                    if let ItemKind::Clause { label, value } = &item.kind {
                        list.groups.insert(label.item.clone(), words(&value.item));
                    }
                }
            }
            ItemKind::Keyed { .. }
            | ItemKind::Show(_)
            | ItemKind::Expect { .. }
            | ItemKind::ExpectProblem { .. }
            | ItemKind::ForEach(_)
            | ItemKind::Given { .. } => {}
        }
    }
    list
}

/// One row of a tree. A later row of a code need not repeat its level.
fn branch(table: &Table, row: &TableRow, earlier: &[Branch]) -> Branch {
    let cell = |name: &str| {
        let place = table.columns.iter().position(|column| column.item == name)?;
        row.cells.get(place).map(|cell| cell.item.clone()).filter(|cell| !cell.is_empty())
    };
    let code = cell("code").expect("a row of a tree names a code");
    let known = earlier.iter().find(|branch| branch.code == code);
    let level = cell("level").or_else(|| known.map(|branch| branch.level.clone()));
    let day = |name: &str| cell(name).map(|day| day.parse().expect("a date"));
    Branch {
        level: level.expect("a code has a level"),
        within: cell("within"),
        from: day("from").unwrap_or(NaiveDate::MIN),
        until: day("until").unwrap_or(NaiveDate::MAX),
        code,
    }
}

/// `rough_sleeping, emergency`: the words of a list, or the one word.
fn words(value: &Value) -> Vec<String> {
    let exprs: Vec<&Expr> = match value {
        Value::List(items) => items.iter().map(|item| &item.item).collect(),
        Value::Expression { expr, .. } => vec![&expr.item],
        Value::FromTo { .. } | Value::Labels(_) | Value::Rounding(_) | Value::Type(_) => Vec::new(),
    };
    let names = exprs.into_iter().filter_map(|expr| match expr {
        Expr::Name(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

fn record(name: String, declaration: &Declaration) -> Record {
    let mut shapes = declaration.headers.iter().filter_map(|header| match &header.item {
        Header::At(day) => Some(Shape::At(day.item.clone())),
        Header::During { start, end } => Some(Shape::During(start.item.clone(), end.item.clone())),
        Header::Once(by) => Some(Shape::Once(once_by(by))),
        _ => None,
    });
    let shape = shapes.next().expect("a record says `at`, `during` or `once`");
    let (mut fields, mut units) = (BTreeMap::new(), BTreeMap::new());
    for item in block(declaration).map_or(&[][..], |block| &block.items) {
        if let ItemKind::Clause { label, value } = &item.kind
            && let Value::Type(holds) = &value.item
        {
            fields.insert(label.item.clone(), field_type(&holds.name.item));
            let unit = holds.unit.as_ref().map(|unit| (label.item.clone(), unit.name.item.clone()));
            units.extend(unit);
        }
    }
    let subject = subject(declaration).expect("a record is `of` a subject");
    let key = key(declaration, &subject, &mut fields);
    Record { name, subject, shape, key, fields, units }
}

/// `key: person, day`, `key: number`: what is called so and is no field.
fn key(
    declaration: &Declaration,
    subject: &str,
    fields: &mut BTreeMap<String, FieldType>,
) -> Vec<String> {
    for item in block(declaration).map_or(&[][..], |block| &block.items) {
        let ItemKind::Clause { label, value } = &item.kind else { continue };
        match &value.item {
            Value::List(_) if label.item == "key" => return words(&value.item),
            Value::Type(only) if label.item == "key" => {
                let name = only.name.item.clone();
                if name == subject || (name != "key" && fields.contains_key(&name)) {
                    fields.remove("key");
                    return vec![name];
                }
            }
            _ => {}
        }
    }
    Vec::new()
}

/// `of person`
fn subject(declaration: &Declaration) -> Option<String> {
    declaration.headers.iter().find_map(|header| match &header.item {
        Header::Of(subject) => Some(subject.item.clone()),
        _ => None,
    })
}

fn once_by(words: &[Word]) -> OnceBy {
    let words: Vec<&str> = words.iter().map(|word| word.item.as_str()).collect();
    match words.as_slice() {
        [] => OnceBy::Agreement,
        ["latest"] => OnceBy::Latest,
        ["majority"] => OnceBy::Majority,
        ["organisations", organisations @ ..] => {
            OnceBy::Organisations(organisations.iter().map(|&name| name.to_owned()).collect())
        }
        other => panic!("the oracle does not know `once by {other:?}`"),
    }
}

/// Where a row has the seconds of an instant: beside the field that holds its day.
#[must_use]
pub fn seconds_of(field: &str) -> String {
    format!("{field}@")
}

fn field_type(name: &str) -> FieldType {
    match name {
        "number" => FieldType::Number,
        "date" => FieldType::Date,
        "instant" => FieldType::Instant,
        "date of birth" => FieldType::DateOfBirth,
        "text" => FieldType::Text,
        list => FieldType::Codes(list.to_owned()),
    }
}
