//! Youth care: a data warehouse that hands over Parquet, a file a year. Dates are dates there, so
//! what breaks are ends before starts, empty numbers and codes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::{Datelike, NaiveDate};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::life::{Gender, Involvement, Organisation, Person, Place, Spell};
use crate::sample::Files;
use crate::sample::chance::Chance;
use crate::sample::identity::Form;
use crate::sample::time::{last_day, later, year};

/// A placement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Placement {
    number: Option<String>,
    birth: Option<NaiveDate>,
    gender: Option<&'static str>,
    kind: Option<&'static str>,
    start: NaiveDate,
    end: Option<NaiveDate>,
}

/// A talk with the counsellor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Talk {
    number: Option<String>,
    day: Option<NaiveDate>,
    kind: &'static str,
    minutes: Option<i32>,
}

pub(super) fn deliveries(people: &[Person]) -> Files {
    let mut chance = Chance::new(8);
    let mut placements: BTreeMap<String, Vec<Placement>> = BTreeMap::new();
    let mut talks: BTreeMap<String, Vec<Talk>> = BTreeMap::new();
    for person in people {
        let Some(known) = person.known_to(Organisation::YouthCare) else { continue };
        for spell in person.spells_seen(known, PLACES) {
            let rows = registered(placement(person, spell, &mut chance), &mut chance);
            placements.entry(year(spell.from)).or_default().extend(rows);
        }
        for (place, day) in days(known, &mut chance).into_iter().enumerate() {
            let row = talk(person, place, day, &mut chance);
            talks.entry(year(day)).or_default().push(row);
        }
    }
    let mut files = Files::new();
    for (period, mut rows) in placements {
        rows.sort();
        files.insert(format!("plaatsingen-{period}.parquet"), written(placement_columns(&rows)));
    }
    for (period, mut rows) in talks {
        rows.sort();
        files.insert(format!("begeleiding-{period}.parquet"), written(talk_columns(&rows)));
    }
    files
}

const PLACES: &[Place] = &[Place::Institution, Place::Temporary, Place::WithOthers, Place::Housed];

fn placement(person: &Person, spell: Spell, chance: &mut Chance) -> Placement {
    let kind = match spell.place {
        Place::Institution => chance.weighted(&[(60, "RES"), (25, "PLEEG"), (15, "GES")]),
        Place::WithOthers => "THUIS",
        Place::Housed => "ZELF",
        _ => "CBAW",
    };
    let gender = match person.gender {
        Gender::Woman => Some("v"),
        Gender::Man => Some("m"),
        Gender::Other => chance.pick(&[Some("x"), None]),
    };
    Placement {
        number: Some(person.identity.written(Form::Bare)),
        birth: Some(person.birth),
        gender,
        kind: Some(kind),
        start: spell.from,
        end: spell.until,
    }
}

/// As it stands in the warehouse: mostly as it is, at times broken, at times twice.
fn registered(placement: Placement, chance: &mut Chance) -> Vec<Placement> {
    let mut row = placement;
    match chance.below(120) {
        0 => row.number = None,
        1 => row.kind = Some("ONB"),
        2 => row.kind = None,
        3 => row.birth = None,
        4 => row.end = row.end.map(|_| row.start.with_day(1).unwrap_or(row.start)),
        5 => return vec![row.clone(), row],
        _ => {}
    }
    vec![row]
}

fn days(known: Involvement, chance: &mut Chance) -> Vec<NaiveDate> {
    let wanted = chance.between(3, 15);
    let mut day = known.since;
    let mut days = vec![day];
    for _ in 0..wanted {
        day = later(day, chance.between(4, 45));
        if day > known.until || day > last_day() {
            break;
        }
        days.push(day);
    }
    days
}

fn talk(person: &Person, place: usize, day: NaiveDate, chance: &mut Chance) -> Talk {
    let kind = if place == 0 {
        "intake"
    } else {
        chance.weighted(&[
            (60, "gesprek"),
            (25, "huisbezoek"),
            (14, "telefoon"),
            (1, "vergadering"),
        ])
    };
    Talk {
        number: (!chance.per_mille(4)).then(|| person.identity.written(Form::Bare)),
        day: (!chance.per_mille(4)).then_some(day),
        kind,
        minutes: (!chance.per_mille(15)).then(|| chance.pick(&[20, 30, 45, 60, 60, 90])),
    }
}

/// Columns with their names; whether values are missing shows in the arrays.
type Columns = Vec<(&'static str, ArrayRef)>;

fn placement_columns(rows: &[Placement]) -> Columns {
    vec![
        ("rrn", Arc::new(rows.iter().map(|row| row.number.as_deref()).collect::<StringArray>())),
        ("geboortedatum", dates(rows.iter().map(|row| row.birth))),
        ("geslacht", Arc::new(rows.iter().map(|row| row.gender).collect::<StringArray>())),
        ("maatregel", Arc::new(rows.iter().map(|row| row.kind).collect::<StringArray>())),
        ("begin", dates(rows.iter().map(|row| Some(row.start)))),
        ("einde", dates(rows.iter().map(|row| row.end))),
    ]
}

fn talk_columns(rows: &[Talk]) -> Columns {
    vec![
        ("rrn", Arc::new(rows.iter().map(|row| row.number.as_deref()).collect::<StringArray>())),
        ("datum", dates(rows.iter().map(|row| row.day))),
        ("soort", Arc::new(rows.iter().map(|row| Some(row.kind)).collect::<StringArray>())),
        ("minuten", Arc::new(rows.iter().map(|row| row.minutes).collect::<Int32Array>())),
    ]
}

fn dates(days: impl Iterator<Item = Option<NaiveDate>>) -> ArrayRef {
    let since_1970 = days.map(|day| day.map(|day| day.num_days_from_ce() - 719_163));
    Arc::new(since_1970.collect::<Date32Array>())
}

/// The file's bytes. Its author is named without a version, so that they stay the same.
fn written(columns: Columns) -> Vec<u8> {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, kind(array), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).expect("columns of one length");
    let properties = WriterProperties::builder()
        .set_created_by("interplay sample".to_owned())
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), schema, Some(properties)).expect("memory takes all");
    writer.write(&batch).expect("memory takes all");
    writer.into_inner().expect("memory takes all")
}

fn kind(array: &ArrayRef) -> DataType {
    array.data_type().clone()
}
