//! The pseudonym of one identifier, made as a source makes those of its rows.
//!
//! A data steward who looks for the rows of one client types what identifies the client; it is
//! mapped in memory as one row of an export, and nothing of it is kept.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, StringArray};
use interplay_compile::catalog::{CodeList, FieldType, MapExpr, Record, Source};

use super::value::{Reader, Value};
use super::{Mapper, Rejected, identifier};
use crate::key::Key;
use crate::source;
use crate::source::raw::{Raw, RawColumn};

/// What a source makes a pseudonym of.
#[derive(Debug)]
pub struct Asked<'a> {
    source: &'a Source,
    record: &'a Record,
    /// The field that refers to a subject; none for the subject of the record itself.
    field: Option<&'a str>,
    written: &'a MapExpr,
}

impl<'a> Asked<'a> {
    /// Of the record's own subject, or of the one to whom a field refers; none where the source
    /// says nothing of it, or the field refers to none.
    #[must_use]
    pub fn new(source: &'a Source, record: &'a Record, field: Option<&'a str>) -> Option<Self> {
        let name = field.unwrap_or(&record.subject);
        if let Some(field) = field
            && !matches!(record.field(field)?.kind, FieldType::Subject(_))
        {
            return None;
        }
        let mapping = source.map.iter().find(|mapping| mapping.field == *name)?;
        Some(Self { source, record, field, written: &mapping.value.item })
    }

    /// The columns of the export that it is made of, each once, in the order they are read.
    #[must_use]
    pub fn columns(&self) -> Vec<&'a str> {
        let mut columns = Vec::new();
        for column in identifier::read(self.written) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// The pseudonym of what stands in those columns, in the same order; none where a part is
    /// missing, as a row without it would be put aside.
    #[must_use]
    pub fn pseudonym(
        &self,
        values: &[String],
        codes: &BTreeMap<String, CodeList>,
        key: &Key,
    ) -> Option<String> {
        let format = source::format(&self.source.from.name.item)?;
        let reading = source::reading(format, &self.source.from).ok()?;
        let columns = self.columns().into_iter().zip(values).map(|(name, value)| RawColumn {
            name: name.to_owned(),
            values: StringArray::from(vec![Some(value.as_str())]),
            typed: false,
            moments: false,
        });
        let raw = Raw { columns: columns.collect(), lines: vec![1], broken: BTreeMap::new() };
        let Self { source, record, .. } = *self;
        let delivery = String::new();
        let mapper = Mapper { source, record, codes, reading: &reading, key, delivery };
        let Some(field) = self.field.and_then(|field| record.field(field)) else {
            let subjects = mapper.subjects(&raw, &mut Rejected::new(&raw));
            return subjects.is_valid(0).then(|| subjects.value(0).to_owned());
        };
        let reader = Reader::new(&mapper, &raw, field.kind.clone(), None);
        match reader.value(self.written, 0) {
            Ok(Value::Text(name)) => Some(name.into_owned()),
            _ => None,
        }
    }
}
