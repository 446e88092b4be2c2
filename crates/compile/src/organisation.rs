//! Organisations as subjects: what every project has without declaring it.
//!
//! `organisation` is a subject, `delivery` its record. The facts that are declared of an
//! organisation are its fields; they are the same for every row and every period, so a rule reads
//! them as a choice between the organisations.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use interplay_diagnostic::Span;

use crate::calendar::{self, Period};
use crate::catalog::{
    Catalog, CodeList, Conflict, Field, FieldType, Organisation, Record, RecordTiming, Source,
    Subject, Unit,
};
use crate::check::ORGANISATION;
use crate::term::{Comparison, Physical, Term};
use crate::types::{TimeUnit, Type};

/// The record of what organisations delivered, and should have.
pub const DELIVERY: &str = "delivery";

/// Where an organisation's own name is kept; no author can name a record so.
pub const ITSELF: &str = "#organisation";

/// The code list that `kind:` of organisations is on, if a project declares it.
pub(crate) const DECLARED_KINDS: &str = "organisation_kind";

/// The kinds of organisations, where no list of them is declared.
const KINDS: &str = "kind of organisation";

/// The records that can be delivered, as codes.
const RECORDS: &str = "record of a delivery";

/// What can be declared of an organisation.
pub(crate) const FACTS: [&str; 3] = ["kind", "since", "until"];

/// By when something is to be delivered: `30 days after quarter`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// 30
    pub count: i64,
    /// `days`
    pub unit: TimeUnit,
    /// `quarter`: each is delivered
    pub each: TimeUnit,
}

impl Due {
    /// The last day on which what is about `period` comes in time. A month after March ends with
    /// April.
    #[must_use]
    pub fn day(self, period: Period) -> Option<NaiveDate> {
        calendar::shift(period.last.succ_opt()?, self.count, self.unit)?.pred_opt()
    }
}

/// `subject organisation`
pub(crate) fn subject() -> Subject {
    let title = Some("An organisation that registers, declared by the project".to_owned());
    let span = Span::default();
    Subject { name: ORGANISATION.to_owned(), title, anonymous: false, span }
}

/// `record delivery of organisation during covers_from until covers_until { … }`
#[must_use]
pub fn delivery() -> Record {
    let rows = || FieldType::Number(Some(Unit::plain("rows")));
    let fields = [
        ("record", FieldType::Code(RECORDS.to_owned()), true),
        ("covers_from", FieldType::Date, false),
        ("covers_until", FieldType::Date, true),
        ("due", FieldType::Date, true),
        ("received", FieldType::Date, true),
        ("rows", rows(), true),
        ("quarantined", rows(), true),
    ];
    let field = |(name, kind, optional): (&str, FieldType, bool)| {
        let name = name.to_owned();
        Field { name, kind, optional }
    };
    let (start, end) = ("covers_from".to_owned(), "covers_until".to_owned());
    Record {
        name: DELIVERY.to_owned(),
        title: Some("What an organisation delivered, or should have".to_owned()),
        subject: ORGANISATION.to_owned(),
        anonymous: false,
        timing: RecordTiming::During { start, end },
        without_overlap: false,
        key: Vec::new(),
        fields: fields.map(field).to_vec(),
        span: Span::default(),
    }
}

/// The record that holds an organisation's own name.
#[must_use]
pub fn itself() -> Record {
    let kind = FieldType::Code(ORGANISATION.to_owned());
    Record {
        name: ITSELF.to_owned(),
        title: None,
        timing: RecordTiming::Once(Conflict::Agree),
        fields: vec![Field { name: ORGANISATION.to_owned(), kind, optional: true }],
        ..delivery()
    }
}

/// The organisation that is asked about.
pub(crate) fn asked() -> Term {
    Term::Property {
        record: ITSELF.to_owned(),
        field: ORGANISATION.to_owned(),
        physical: Physical::Symbol,
    }
}

impl Organisation {
    /// `kind: shelter`
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.properties.get("kind").map(String::as_str)
    }

    /// `since: 2015-01-01`, `until: …`: the first day, and the first on which it is gone
    #[must_use]
    pub fn date(&self, fact: &str) -> Option<NaiveDate> {
        calendar::date(self.properties.get(fact)?)
    }
}

impl Catalog {
    /// The records that are declared and delivered: all but the built-in one.
    pub fn delivered_records(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|record| !record.is_built_in())
    }

    /// The subjects that are declared: all but the built-in one.
    pub fn declared_subjects(&self) -> impl Iterator<Item = &str> {
        self.subjects.keys().map(String::as_str).filter(|name| *name != ORGANISATION)
    }

    /// By when a source delivers: as it says, or as the library does of records with time.
    #[must_use]
    pub fn due_of(&self, source: &Source) -> Option<Due> {
        let is_timed = |record: &Record| record.start().is_some();
        let is_timed = self.records.get(&source.record).is_some_and(is_timed);
        source.due.or(self.due.filter(|_| is_timed))
    }

    /// The words after `kind:` of all organisations, each once; codes in plans, though no row may
    /// hold them.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.organisations.values().filter_map(Organisation::kind)
    }

    /// What a fact of an organisation is.
    pub(crate) fn fact(&self, name: &str) -> Option<Type> {
        match name {
            "kind" if self.codes.contains_key(DECLARED_KINDS) => {
                Some(Type::Code(DECLARED_KINDS.to_owned()))
            }
            "kind" => Some(Type::Code(KINDS.to_owned())),
            "since" | "until" => Some(Type::Date),
            _ => None,
        }
    }

    /// A fact of the organisation that a term names, with what it is.
    pub(crate) fn fact_of(&self, organisation: &Term, name: &str) -> Option<(Term, Type)> {
        let kind = self.fact(name)?;
        let rows = self.organisations.values().filter_map(|it| {
            let value = match kind {
                Type::Date => Term::Date(it.date(name)?),
                _ => Term::Symbol(it.kind()?.to_owned()),
            };
            let is_it = Term::Symbol(it.name.clone());
            Some((organisation.clone().compared(Comparison::Equal, is_it), value))
        });
        let rows: Vec<(Term, Term)> = rows.collect();
        let physical = if kind == Type::Date { Physical::Date } else { Physical::Symbol };
        let otherwise = Term::Missing(physical);
        if rows.is_empty() {
            return Some((otherwise, kind));
        }
        Some((Term::Choose { rows, otherwise: Box::new(otherwise) }, kind))
    }
}

impl Record {
    /// Whether every project has it, and no source delivers it.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.subject == ORGANISATION
    }
}

/// A list of codes that no program declares.
pub(crate) fn codes(catalog: &Catalog, name: &str) -> Option<CodeList> {
    let label = |name: &String, title: &Option<String>| title.clone().unwrap_or(name.clone());
    let codes: Vec<(String, String)> = match name {
        ORGANISATION => {
            let all = catalog.organisations.values();
            all.map(|it| (it.name.clone(), label(&it.name, &it.title))).collect()
        }
        RECORDS => {
            let all = catalog.delivered_records();
            all.map(|it| (it.name.clone(), label(&it.name, &it.title))).collect()
        }
        KINDS => {
            let all: std::collections::BTreeSet<&str> = catalog.kinds().collect();
            all.into_iter().map(|kind| (kind.to_owned(), kind.replace('_', " "))).collect()
        }
        _ => return None,
    };
    Some(CodeList {
        name: name.to_owned(),
        title: None,
        codes,
        groups: BTreeMap::new(),
        translations: BTreeMap::new(),
        tree: None,
        span: Span::default(),
    })
}
