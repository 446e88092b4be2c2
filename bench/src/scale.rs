//! A coalition of any size, for measurements: three Parquet files sorted by subject and time.
//!
//! People come in blocks; each block draws from a stream of its own, so the same size and seed
//! give the same rows however many blocks there are.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, DictionaryArray, Float64Builder, Int32Array, RecordBatch, StringArray,
};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use draw::Draw;

mod draw;

/// The organisations, as `bench/scale.interplay` declares them.
pub const ORGANISATIONS: [&str; 8] = [
    "shelter",
    "harbour_home",
    "street_team",
    "welfare",
    "social_service",
    "youth_care",
    "job_house",
    "clinic",
];

const KINDS: [&str; 6] =
    ["conversation", "phone", "home_visit", "outreach", "administrative", "intake"];
const PLACES: [&str; 6] =
    ["emergency", "temporary", "with_others", "housed", "institution", "rough"];
const GENDERS: [&str; 3] = ["f", "m", "x"];
const DISTRICTS: [&str; 10] =
    ["centre", "north", "east", "south", "west", "harbour", "hill", "lake", "mill", "elsewhere"];

/// The first day of the data, 2023-01-01, counted from 1970.
const FIRST_DAY: i32 = 19_358;
/// The last: 2025-12-31.
const LAST_DAY: i32 = 20_453;
/// How many people are made at a time.
const BLOCK: u32 = 50_000;
/// Rows a group of rows in a file; a unit of parallel reading.
const ROW_GROUP: usize = 122_880;

/// How much to make.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// People.
    pub people: u32,
    /// Contacts a person, on average.
    pub contacts: u32,
    /// Stays a person, on average.
    pub stays: u32,
}

/// Writes `profile.parquet`, `contact.parquet` and `stay.parquet` into `folder`; gives the number
/// of contacts and of stays.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, size: Size) -> parquet::errors::Result<(usize, usize)> {
    fs::create_dir_all(folder)?;
    let (mut profiles, mut contacts, mut stays) = (None, None, None);
    let (mut contact_count, mut stay_count) = (0, 0);
    for (stream, first) in (0_u64..).zip((0..size.people).step_by(BLOCK as usize)) {
        let people = first..size.people.min(first + BLOCK);
        let mut block = Block::default();
        let mut draw = Draw::new(stream);
        for person in people {
            block.person(i32::try_from(person).expect("fewer than 2^31 people"), size, &mut draw);
        }
        contact_count += block.contacts.person.len();
        stay_count += block.stays.person.len();
        append(&mut profiles, &folder.join("profile.parquet"), &block.profiles.finish())?;
        append(&mut contacts, &folder.join("contact.parquet"), &block.contacts.finish())?;
        append(&mut stays, &folder.join("stay.parquet"), &block.stays.finish())?;
    }
    for writer in [profiles, contacts, stays].into_iter().flatten() {
        writer.close()?;
    }
    Ok((contact_count, stay_count))
}

fn append(
    writer: &mut Option<ArrowWriter<File>>,
    path: &Path,
    batch: &RecordBatch,
) -> parquet::errors::Result<()> {
    if writer.is_none() {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        *writer =
            Some(ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))?);
    }
    writer.as_mut().map_or(Ok(()), |writer| writer.write(batch))
}

/// The rows of some people.
#[derive(Default)]
struct Block {
    profiles: Profiles,
    contacts: Contacts,
    stays: Stays,
}

#[derive(Default)]
struct Profiles {
    person: Vec<i32>,
    organisation: Vec<i32>,
    birth_date: Date32Builder,
    gender: Vec<Option<i32>>,
    district: Vec<Option<i32>>,
}

#[derive(Default)]
struct Contacts {
    person: Vec<i32>,
    organisation: Vec<i32>,
    day: Date32Builder,
    kind: Vec<i32>,
    minutes: Float64Builder,
}

#[derive(Default)]
struct Stays {
    person: Vec<i32>,
    organisation: Vec<i32>,
    arrived: Date32Builder,
    left: Date32Builder,
    place: Vec<Option<i32>>,
}

impl Block {
    /// One person: known to one to three organisations, from a first day on.
    fn person(&mut self, person: i32, size: Size, draw: &mut Draw) {
        let home = draw.index(8);
        let others = [home, home, (home + 1 + draw.index(7)) % 8, (home + draw.index(8)) % 8];
        let known_by = if draw.per_mille(350) { &others[..] } else { &others[..2] };
        self.profiles.person.push(person);
        self.profiles.organisation.push(home);
        // 12 to 32 years old on the first day.
        let birth = FIRST_DAY - 12 * 365 - draw.index(20 * 365);
        self.profiles.birth_date.append_option((!draw.per_mille(5)).then_some(birth));
        self.profiles.gender.push((!draw.per_mille(20)).then(|| [0, 0, 0, 1, 1, 1, 2][draw.at(7)]));
        self.profiles.district.push((!draw.per_mille(10)).then(|| draw.index(10)));
        let begins = FIRST_DAY + draw.index(600);
        self.contacts(person, size, known_by, begins, draw);
        self.stays(person, size, known_by, begins, draw);
    }

    fn contacts(
        &mut self,
        person: i32,
        size: Size,
        known_by: &[i32],
        begins: i32,
        draw: &mut Draw,
    ) {
        let count = draw.at(2 * size.contacts + 1);
        let mut days: Vec<i32> =
            (0..count).map(|_| begins + draw.index(LAST_DAY + 1 - begins)).collect();
        days.sort_unstable();
        for (at, day) in days.into_iter().enumerate() {
            let intake = at == 0 || draw.per_mille(20);
            self.contacts.person.push(person);
            self.contacts.organisation.push(known_by[draw.at(wide(known_by.len()))]);
            self.contacts.day.append_value(day);
            self.contacts.kind.push(if intake { 5 } else { [0, 0, 0, 1, 1, 2, 3, 4][draw.at(8)] });
            let minutes = 5.0 * f64::from(1 + draw.index(18));
            self.contacts.minutes.append_option((!draw.per_mille(2)).then_some(minutes));
        }
    }

    fn stays(&mut self, person: i32, size: Size, known_by: &[i32], begins: i32, draw: &mut Draw) {
        let count = draw.at(2 * size.stays + 1);
        let mut days: Vec<i32> =
            (0..count).map(|_| begins + draw.index(LAST_DAY + 1 - begins)).collect();
        days.sort_unstable();
        for arrived in days {
            self.stays.person.push(person);
            self.stays.organisation.push(known_by[draw.at(wide(known_by.len()))]);
            self.stays.arrived.append_value(arrived);
            // Some last a few nights, some months, a few go on.
            let length = if draw.per_mille(700) { draw.index(21) } else { draw.index(200) };
            let left = arrived + length;
            let over = left <= LAST_DAY && !draw.per_mille(10);
            self.stays.left.append_option(over.then_some(left));
            self.stays
                .place
                .push((!draw.per_mille(10)).then(|| [0, 0, 0, 1, 1, 2, 3, 3, 4, 5][draw.at(10)]));
        }
    }
}

impl Profiles {
    fn finish(&mut self) -> RecordBatch {
        batch(vec![
            ("person", Arc::new(Int32Array::from(std::mem::take(&mut self.person)))),
            (
                "organisation",
                words(&ORGANISATIONS, Int32Array::from(std::mem::take(&mut self.organisation))),
            ),
            ("birth_date", Arc::new(self.birth_date.finish())),
            ("gender", words(&GENDERS, Int32Array::from(std::mem::take(&mut self.gender)))),
            ("district", words(&DISTRICTS, Int32Array::from(std::mem::take(&mut self.district)))),
        ])
    }
}

impl Contacts {
    fn finish(&mut self) -> RecordBatch {
        batch(vec![
            ("person", Arc::new(Int32Array::from(std::mem::take(&mut self.person)))),
            (
                "organisation",
                words(&ORGANISATIONS, Int32Array::from(std::mem::take(&mut self.organisation))),
            ),
            ("day", Arc::new(self.day.finish())),
            ("kind", words(&KINDS, Int32Array::from(std::mem::take(&mut self.kind)))),
            ("minutes", Arc::new(self.minutes.finish())),
        ])
    }
}

impl Stays {
    fn finish(&mut self) -> RecordBatch {
        batch(vec![
            ("person", Arc::new(Int32Array::from(std::mem::take(&mut self.person)))),
            (
                "organisation",
                words(&ORGANISATIONS, Int32Array::from(std::mem::take(&mut self.organisation))),
            ),
            ("arrived", Arc::new(self.arrived.finish())),
            ("left", Arc::new(self.left.finish())),
            ("place", words(&PLACES, Int32Array::from(std::mem::take(&mut self.place)))),
        ])
    }
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, values)| (name, values, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

/// Texts of a short list, by their places.
fn words(texts: &[&str], places: Int32Array) -> ArrayRef {
    let texts: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    let made: DictionaryArray<Int32Type> =
        DictionaryArray::try_new(places, texts).expect("places in the list");
    Arc::new(made)
}

fn wide(length: usize) -> u32 {
    u32::try_from(length).expect("a short list")
}
