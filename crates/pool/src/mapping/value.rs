//! One value of a mapped row, as its field's type wants it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use datafusion::arrow::array::StringArray;
use interplay_compile::catalog::{CodeList, FieldType, MapCondition, MapExpr};
use interplay_compile::instant::{Instant, Written};
use interplay_diagnostic::suggest;
use interplay_syntax::tree::BinaryOperator;

use super::shown::{self, Sharing};
use super::{Mapper, day_number, identifier, pseudonym};
use crate::key::Key;
use crate::problems::{self, Wanted};
use crate::source::form::{DateForm, NumberForm};
use crate::source::option::Reading;
use crate::source::raw::{Raw, RawColumn};

/// A value, of whatever type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Missing,
    /// It should be known and is not.
    Unknown,
    /// Days since 1970.
    Day(i32),
    /// The day of a moment, and its seconds since 1970.
    Moment(i32, f64),
    Number(f64),
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    pub(super) fn day(self) -> Option<i32> {
        if let Self::Day(day) | Self::Moment(day, _) = self { Some(day) } else { None }
    }

    /// The seconds of a moment.
    pub(super) fn seconds(&self) -> Option<f64> {
        if let Self::Moment(_, seconds) = self { Some(*seconds) } else { None }
    }

    pub(super) fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Why there is no value.
#[derive(Debug)]
pub(super) struct Misread {
    pub(super) reason: String,
    /// What is shown of the text; nothing when it identifies somebody.
    pub(super) value: Option<String>,
}

/// Reads values of one field.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    columns: BTreeMap<&'a str, &'a RawColumn>,
    identifying: BTreeSet<String>,
    codes: Option<&'a CodeList>,
    reading: &'a Reading,
    key: &'a Key,
    timezone: Option<Tz>,
    plain_dates: DateForm,
    kind: FieldType,
    /// By row, once they are known.
    subjects: Option<&'a StringArray>,
    /// By column, made when a first text is not known.
    sharing: RefCell<BTreeMap<&'a str, Sharing<'a>>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        mapper: &Mapper<'a>,
        raw: &'a Raw,
        kind: FieldType,
        subjects: Option<&'a StringArray>,
    ) -> Self {
        let columns = raw.columns.iter().map(|column| (column.name.as_str(), column)).collect();
        let codes = match &kind {
            FieldType::Code(list) => mapper.codes.get(list),
            FieldType::Date
            | FieldType::Instant
            | FieldType::BirthDate
            | FieldType::Number(_)
            | FieldType::Text
            | FieldType::Subject(_) => None,
        };
        Self {
            columns,
            identifying: identifier::identifying(mapper.source, &mapper.record.subject),
            codes,
            reading: mapper.reading,
            key: mapper.key,
            timezone: mapper.source.timezone,
            plain_dates: DateForm::iso(),
            kind,
            subjects,
            sharing: RefCell::default(),
        }
    }

    /// The value of `written` in a row, of the field's type.
    pub(super) fn value(&self, written: &'a MapExpr, row: usize) -> Result<Value<'a>, Misread> {
        match &self.kind {
            FieldType::Date | FieldType::Instant | FieldType::BirthDate => {
                self.as_date(written, row)
            }
            FieldType::Number(_) => {
                let number = self.as_number(written, row)?;
                Ok(number.map_or(Value::Missing, Value::Number))
            }
            FieldType::Text | FieldType::Subject(_) => {
                let text = self.as_text(written, row)?;
                Ok(text.map_or(Value::Missing, Value::Text))
            }
            FieldType::Code(list) => self.as_code(list, written, row),
        }
    }

    /// The pseudonym that the parts make in a row.
    pub(super) fn pseudonym(
        &self,
        parts: impl Iterator<Item = &'a MapExpr>,
        row: usize,
    ) -> Option<String> {
        let parts: Vec<Cow<'a, str>> = parts.map(|part| self.part(part, row)).collect();
        pseudonym::of(self.key, parts.iter().map(AsRef::as_ref))
    }

    /// A part of an identifier. What reads as a date by the source's form, or as a moment, is
    /// taken as that date, so that organisations that write dates in their own ways mean the same
    /// person.
    fn part(&self, written: &'a MapExpr, row: usize) -> Cow<'a, str> {
        let text = self.as_text(written, row).ok().flatten().unwrap_or_default();
        let moment = self.reading.dates.moment(&text).or_else(|| Written::read(&text));
        let day = |moment: Written| moment.day().or_else(|| Some(moment.at(self.timezone?).day));
        match moment.and_then(day) {
            Some(date) => Cow::Owned(date.to_string()),
            None => text,
        }
    }

    fn as_date(&self, written: &'a MapExpr, row: usize) -> Result<Value<'a>, Misread> {
        let Some(written) = self.chosen(written, row)? else { return Ok(Value::Missing) };
        match written {
            MapExpr::Date(date) => return Ok(Value::Day(day_number(*date))),
            MapExpr::Unknown => return Ok(Value::Unknown),
            _ => {}
        }
        let Some(text) = self.as_text(written, row)? else { return Ok(Value::Missing) };
        let column = self.column(written);
        let plain = column.is_none_or(|column| column.typed);
        let form = if plain { &self.plain_dates } else { &self.reading.dates };
        let formed = form.moment(&text);
        // A moment that is written out is one, however days are written.
        let is_moment = |moment: &Written| !matches!(moment, Written::Day(_));
        let found = formed.or_else(|| Written::read(&text).filter(is_moment));
        let is_instant = self.kind == FieldType::Instant;
        let wanted = match is_instant {
            true => Wanted::Moment(&form.written),
            false => Wanted::Date(&form.written),
        };
        let found = found.ok_or_else(|| self.misread(written, row, wanted, &text))?;
        match (found, self.timezone) {
            (Written::Day(day), _) => Ok(Value::Day(day_number(day))),
            // The source says how days are written: a written day stands, by whatever clock.
            (Written::Local(local), _) if formed.is_some() && !is_instant => {
                Ok(Value::Day(day_number(local.date())))
            }
            (moment, Some(zone)) => {
                let Instant { day, seconds } = moment.at(zone);
                let day = day_number(day);
                Ok(seconds.map_or(Value::Day(day), |seconds| Value::Moment(day, seconds)))
            }
            (_, None) => Err(self.misread(written, row, Wanted::Timezone, &text)),
        }
    }

    fn as_number(&self, written: &'a MapExpr, row: usize) -> Result<Option<f64>, Misread> {
        let Some(written) = self.chosen(written, row)? else { return Ok(None) };
        match written {
            MapExpr::Number(number) => return Ok(Some(*number)),
            MapExpr::Arithmetic { operator, left, right } => {
                let left = self.as_number(&left.item, row)?;
                let right = self.as_number(&right.item, row)?;
                return Ok(left.zip(right).and_then(|(left, right)| {
                    let number = arithmetic(*operator, left, right)?;
                    number.is_finite().then_some(number)
                }));
            }
            MapExpr::Column(_)
            | MapExpr::Text(_)
            | MapExpr::Date(_)
            | MapExpr::Missing
            | MapExpr::Unknown
            | MapExpr::Choose { .. }
            | MapExpr::Recode { .. }
            | MapExpr::Pseudonym(_) => {}
        }
        let Some(text) = self.as_text(written, row)? else { return Ok(None) };
        let plain = self.column(written).is_none_or(|column| column.typed);
        let form = if plain { NumberForm::PLAIN } else { self.reading.numbers };
        let wanted = Wanted::Number(form.decimal);
        let number = form.number(&text).ok_or_else(|| self.misread(written, row, wanted, &text))?;
        Ok(Some(number))
    }

    fn as_code(&self, list: &str, written: &'a MapExpr, row: usize) -> Result<Value<'a>, Misread> {
        let Some(written) = self.chosen(written, row)? else { return Ok(Value::Missing) };
        let Some(text) = self.as_text(written, row)? else { return Ok(Value::Missing) };
        if self.codes.is_some_and(|codes| codes.has(&text)) {
            Ok(Value::Text(text))
        } else {
            Err(self.misread(written, row, Wanted::Code(list), &text))
        }
    }

    fn as_text(&self, written: &'a MapExpr, row: usize) -> Result<Option<Cow<'a, str>>, Misread> {
        Ok(match written {
            MapExpr::Column(name) => {
                self.columns.get(name.as_str()).and_then(|column| column.text(row)).map(Cow::from)
            }
            MapExpr::Text(text) => Some(Cow::from(text.as_str())),
            MapExpr::Number(number) => Some(Cow::from(number.to_string())),
            MapExpr::Date(date) => Some(Cow::from(date.to_string())),
            MapExpr::Missing | MapExpr::Unknown => None,
            MapExpr::Choose { .. } | MapExpr::Recode { .. } => match self.chosen(written, row)? {
                Some(chosen) => self.as_text(chosen, row)?,
                None => None,
            },
            MapExpr::Pseudonym(parts) => {
                self.pseudonym(parts.iter().map(|part| &part.item), row).map(Cow::from)
            }
            MapExpr::Arithmetic { .. } => {
                self.as_number(written, row)?.map(|number| Cow::from(number.to_string()))
            }
        })
    }

    /// What is read in the end: `recode` and `choose` give way to what they choose, so that a
    /// column behind them is read as that column is. None for a missing value.
    fn chosen(&self, written: &'a MapExpr, row: usize) -> Result<Option<&'a MapExpr>, Misread> {
        let mut written = written;
        loop {
            written = match written {
                MapExpr::Recode { value, rows, otherwise } => {
                    let Some(text) = self.as_text(&value.item, row)? else { return Ok(None) };
                    let listed = rows.iter().find(|(key, _)| key.trim() == text);
                    let chosen = listed.map(|(_, chosen)| chosen).or(otherwise.as_deref());
                    chosen.ok_or_else(|| {
                        self.misread(&value.item, row, Wanted::Listed(rows), &text)
                    })?
                }
                MapExpr::Choose { rows, otherwise } => {
                    let mut chosen = otherwise.as_ref();
                    for (condition, value) in rows {
                        if self.holds(condition, row)? == Some(true) {
                            chosen = value;
                            break;
                        }
                    }
                    chosen
                }
                other => return Ok(Some(other)),
            };
        }
    }

    /// Whether a condition is true of a row; none when that is unknown.
    fn holds(&self, condition: &'a MapCondition, row: usize) -> Result<Option<bool>, Misread> {
        Ok(match condition {
            MapCondition::In(value, texts) => {
                let text = self.as_text(&value.item, row)?;
                text.map(|text| texts.iter().any(|known| known.trim() == text))
            }
            MapCondition::IsMissing(value) => Some(self.as_text(&value.item, row)?.is_none()),
            MapCondition::Not(inner) => self.holds(inner, row)?.map(|holds| !holds),
            MapCondition::And(one, two) => match (self.holds(one, row)?, self.holds(two, row)?) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (one, two) => one.zip(two).map(|_| true),
            },
            MapCondition::Or(one, two) => match (self.holds(one, row)?, self.holds(two, row)?) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (one, two) => one.zip(two).map(|_| false),
            },
        })
    }

    /// Whether a row's end should be known and is not.
    pub(super) fn is_unknown(&self, written: &'a MapExpr, row: usize) -> bool {
        matches!(self.chosen(written, row), Ok(Some(MapExpr::Unknown)))
    }

    /// The column that an expression is, if it is nothing more.
    fn column(&self, written: &MapExpr) -> Option<&'a RawColumn> {
        match written {
            MapExpr::Column(name) => self.columns.get(name.as_str()).copied(),
            MapExpr::Text(_)
            | MapExpr::Number(_)
            | MapExpr::Date(_)
            | MapExpr::Missing
            | MapExpr::Unknown
            | MapExpr::Choose { .. }
            | MapExpr::Recode { .. }
            | MapExpr::Pseudonym(_)
            | MapExpr::Arithmetic { .. } => None,
        }
    }

    fn misread(&self, written: &'a MapExpr, row: usize, wanted: Wanted<'_>, text: &str) -> Misread {
        let columns = identifier::read(written);
        let column = columns.first().copied();
        let hidden = columns.iter().any(|column| self.identifying.contains(*column));
        let value = match column {
            _ if hidden => None,
            // A text of the rules is no text of the data.
            None => Some(text.to_owned()),
            Some(column) => {
                let identifiers = self.identifying.iter().filter_map(|name| {
                    self.columns.get(name.as_str()).and_then(|column| column.text(row))
                });
                let familiar = || self.is_near(text, wanted) || self.is_common(column, text);
                Some(shown::of(text, wanted, identifiers, familiar))
            }
        };
        let reason = problems::misread(value.as_deref(), column, wanted);
        Misread { reason, value }
    }

    /// Whether `text` is near enough to a text that would have been taken to be meant so.
    fn is_near(&self, text: &str, wanted: Wanted<'_>) -> bool {
        if let Wanted::Listed(rows) = wanted {
            return suggest::nearest(text, rows.iter().map(|(key, _)| key)).is_some();
        }
        let codes = self.codes.iter().flat_map(|list| list.codes.iter());
        suggest::nearest(text, codes.map(|(code, _)| code)).is_some()
    }

    fn is_common(&self, column: &'a str, text: &str) -> bool {
        let mut sharing = self.sharing.borrow_mut();
        let sharing = sharing.entry(column).or_insert_with(|| {
            let cells = self.columns.get(column).copied().zip(self.subjects);
            Sharing::of(cells.into_iter().flat_map(|(column, subjects)| {
                let people = subjects.iter().enumerate();
                people.filter_map(|(row, person)| Some((column.text(row)?, person?)))
            }))
        });
        sharing.is_common(text)
    }
}

/// Missing when the divisor is zero.
fn arithmetic(operator: BinaryOperator, left: f64, right: f64) -> Option<f64> {
    match operator {
        BinaryOperator::Add => Some(left + right),
        BinaryOperator::Subtract => Some(left - right),
        BinaryOperator::Multiply => Some(left * right),
        BinaryOperator::Divide => (right != 0.0).then(|| left / right),
        _ => None,
    }
}
