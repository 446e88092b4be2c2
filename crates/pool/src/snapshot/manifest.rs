//! The manifest: which tables, at which versions, make up a snapshot, and what they came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use interplay_compile::catalog::{Conflict, Field, FieldType, Record, RecordTiming};
use interplay_diagnostic::Span;
use serde::{Deserialize, Serialize};

use super::{Delivery, KeyKind};
use crate::error::PoolError;
use crate::hot::Kind;
use crate::key::{Key, hex};

/// Changes when the pool's files do, or what is made of a delivery.
pub(crate) const FORM: u32 = 5;

const FILE: &str = "snapshot.json";

/// `snapshot.json`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) form: u32,
    pub(crate) id: String,
    pub(crate) key: KeyMark,
    /// What the tables hold, so that the hot form can be made without the rules at hand.
    pub(crate) records: Vec<Kept>,
    /// By record.
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) deliveries: Vec<Delivery>,
    /// By source: the name of its quarantine files without their ending.
    pub(crate) quarantine: BTreeMap<String, String>,
}

/// One version of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) version: u64,
    pub(crate) row_count: u64,
}

/// Which key a pool was built with, without giving it away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyMark {
    pub(crate) kind: KeyKind,
    pub(crate) fingerprint: String,
}

impl KeyMark {
    pub(crate) fn of(key: &Key) -> Self {
        let kind = match key {
            Key::Demonstration => KeyKind::Demonstration,
            Key::Bytes(_) => KeyKind::Own,
        };
        Self { kind, fingerprint: key.fingerprint() }
    }
}

/// What the hot form needs to know of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    name: String,
    subject: String,
    timing: KeptTiming,
    /// Whether no two rows of a subject hold on one day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    without_overlap: bool,
    /// By what rows of one organisation are told apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    key: Vec<String>,
    fields: Vec<(String, Kind)>,
    /// The fields that hold instants.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    instants: BTreeSet<String>,
    /// To which type of subject each field refers that does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    references: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptTiming {
    Once,
    OnceByLatest,
    OnceByMajority,
    OnceByOrganisations(Vec<String>),
    At { day: String },
    During { start: String, end: String },
}

impl Kept {
    pub(crate) fn of(record: &Record) -> Self {
        let timing = match record.timing.clone() {
            RecordTiming::Once(Conflict::Agree) => KeptTiming::Once,
            RecordTiming::Once(Conflict::Latest) => KeptTiming::OnceByLatest,
            RecordTiming::Once(Conflict::Majority) => KeptTiming::OnceByMajority,
            RecordTiming::Once(Conflict::Organisations(names)) => {
                KeptTiming::OnceByOrganisations(names)
            }
            RecordTiming::At { day } => KeptTiming::At { day },
            RecordTiming::During { start, end } => KeptTiming::During { start, end },
        };
        let fields =
            record.fields.iter().map(|field| (field.name.clone(), Kind::of(&field.kind))).collect();
        let references = record.fields.iter().filter_map(|field| match &field.kind {
            FieldType::Subject(subject) => Some((field.name.clone(), subject.clone())),
            _ => None,
        });
        Self {
            name: record.name.clone(),
            subject: record.subject.clone(),
            timing,
            without_overlap: record.without_overlap,
            key: record.key.clone(),
            fields,
            instants: record.instants().map(str::to_owned).collect(),
            references: references.collect(),
        }
    }

    /// A record with the same rows; a code is a text in it.
    pub(crate) fn record(&self) -> Record {
        let timing = match self.timing.clone() {
            KeptTiming::Once => RecordTiming::Once(Conflict::Agree),
            KeptTiming::OnceByLatest => RecordTiming::Once(Conflict::Latest),
            KeptTiming::OnceByMajority => RecordTiming::Once(Conflict::Majority),
            KeptTiming::OnceByOrganisations(names) => {
                RecordTiming::Once(Conflict::Organisations(names))
            }
            KeptTiming::At { day } => RecordTiming::At { day },
            KeptTiming::During { start, end } => RecordTiming::During { start, end },
        };
        let fields = self.fields.iter().map(|(name, kind)| {
            let kind = match kind {
                Kind::Date if self.instants.contains(name) => FieldType::Instant,
                Kind::Date => FieldType::Date,
                Kind::Number => FieldType::Number(None),
                Kind::Symbol => FieldType::Text,
                Kind::Subject => {
                    let subject = self.references.get(name);
                    subject.map_or(FieldType::Text, |it| FieldType::Subject(it.clone()))
                }
            };
            Field { name: name.clone(), kind, optional: true }
        });
        Record {
            name: self.name.clone(),
            title: None,
            subject: self.subject.clone(),
            // Whose row it is stands in the table, whoever found the name.
            anonymous: false,
            timing,
            without_overlap: self.without_overlap,
            key: self.key.clone(),
            fields: fields.collect(),
            span: Span::default(),
        }
    }
}

/// The id of a snapshot: that of all that went into it.
pub(crate) fn id<'a>(
    key: &KeyMark,
    records: &[Kept],
    deliveries: impl Iterator<Item = &'a str>,
) -> Result<String, PoolError> {
    let mut deliveries: Vec<&str> = deliveries.collect();
    deliveries.sort_unstable();
    let all = serde_json::to_vec(&(FORM, &key.fingerprint, records, deliveries));
    let all = all.map_err(PoolError::bug("naming a snapshot"))?;
    Ok(hex(blake3::hash(&all).as_bytes(), 8))
}

/// The current manifest; `None` when there is none. A pool of another form is as good as none:
/// it is loaded anew.
pub(crate) fn read(pool_dir: &Path) -> Result<Option<Manifest>, PoolError> {
    let path = pool_dir.join(FILE);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(PoolError::file("read", &path)(fault)),
    };
    let form: Form = serde_json::from_slice(&text).map_err(PoolError::damaged(&path))?;
    if form.form != FORM {
        return Ok(None);
    }
    serde_json::from_slice(&text).map(Some).map_err(PoolError::damaged(&path))
}

#[derive(Deserialize)]
struct Form {
    form: u32,
}

/// Replaces the manifest in one step.
pub(crate) fn write(pool_dir: &Path, manifest: &Manifest) -> Result<(), PoolError> {
    let path = pool_dir.join(FILE);
    let text = serde_json::to_vec_pretty(manifest).map_err(PoolError::bug("writing JSON"))?;
    let written = tempfile::NamedTempFile::new_in(pool_dir).and_then(|mut file| {
        file.write_all(&text)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|fault| fault.error)
    });
    written.map(|_| ()).map_err(PoolError::file("write", &path))
}

/// Days as `2025-01-31`, where there may be none.
pub(crate) mod maybe_day {
    use chrono::NaiveDate;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    #[expect(clippy::ref_option, reason = "serde passes fields by reference")]
    pub(crate) fn serialize<S: Serializer>(
        day: &Option<NaiveDate>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let day = text
            .map(|text| text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no day"))));
        day.transpose()
    }
}

/// Days as `2025-01-31`.
pub(crate) mod day {
    use chrono::NaiveDate;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    pub(crate) fn serialize<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no day")))
    }
}
