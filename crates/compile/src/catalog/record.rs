//! What records say of themselves.

use super::{Field, FieldType, Record, RecordTiming};
use crate::instant;

impl Record {
    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that refer to a subject of that type.
    pub fn references<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.fields.iter();
        let of =
            move |field: &&Field| matches!(&field.kind, FieldType::Subject(it) if it == subject);
        fields.filter(of).map(|field| field.name.as_str())
    }

    /// Whose rows they can be, with the field that says so: its own subject, and every subject
    /// that a field refers to. A once-record has its own alone.
    pub fn sides(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let dated = self.start().is_some();
        let others = self.fields.iter().filter_map(move |field| match &field.kind {
            FieldType::Subject(subject) if dated => Some((subject.as_str(), Some(&*field.name))),
            _ => None,
        });
        [(self.subject.as_str(), None)].into_iter().chain(others)
    }

    /// The field that rows are sorted by: the day, or the start.
    #[must_use]
    pub fn start(&self) -> Option<&str> {
        match &self.timing {
            RecordTiming::Once(_) => None,
            RecordTiming::At { day } => Some(day),
            RecordTiming::During { start, .. } => Some(start),
        }
    }

    /// The field that holds the end.
    #[must_use]
    pub fn end(&self) -> Option<&str> {
        match &self.timing {
            RecordTiming::During { end, .. } => Some(end),
            RecordTiming::Once(_) | RecordTiming::At { .. } => None,
        }
    }

    /// The column that says of which rows the end is unknown: `left?`. No field is called so.
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.end().map(mark)
    }

    /// The fields of rows with time that hold instants.
    pub fn instants(&self) -> impl Iterator<Item = &str> {
        let instants = self.fields.iter().filter(|field| field.kind == FieldType::Instant);
        instants.filter(|_| self.start().is_some()).map(|field| field.name.as_str())
    }

    /// The column of the seconds of the start, where that is an instant: rows of one day are put in
    /// order by it.
    #[must_use]
    pub fn moment(&self) -> Option<String> {
        self.instants().find(|name| self.start() == Some(name)).map(instant::place)
    }

    /// Which of its columns that is.
    #[must_use]
    pub fn moment_at(&self) -> Option<usize> {
        let name = self.moment()?;
        self.columns().iter().position(|column| column.name == name)
    }

    /// What is kept of a row: its fields; whether its end is unknown: then the end is missing and
    /// the mark, a text, is not; and of each instant, of which the field holds the day, the seconds.
    #[must_use]
    pub fn columns(&self) -> Vec<Field> {
        let mark = self.mark().map(|name| (name, FieldType::Text));
        let places = self.instants().map(|name| (instant::place(name), FieldType::Number(None)));
        let more = mark.into_iter().chain(places);
        let more = more.map(|(name, kind)| Field { name, kind, optional: true });
        self.fields.iter().cloned().chain(more).collect()
    }
}

/// The column that says of which rows the end in the field `end` is unknown.
#[must_use]
pub fn mark(end: &str) -> String {
    format!("{end}?")
}
