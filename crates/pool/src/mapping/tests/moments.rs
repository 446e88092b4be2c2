//! Moments: on which day they are, and in which order.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampSecondArray,
};
use datafusion::arrow::datatypes::{Date32Type, Float64Type};
use interplay_compile::catalog::{FieldType, Record, RecordTiming, Source};
use interplay_compile::instant::zone;

use super::super::{Mapped, Mapper, date_of};
use super::{codes, column, field, format, mapped_to, pseudonym, reasons, source, stay};
use crate::key::Key;
use crate::source::memory;
use crate::source::option::Reading;

/// A call at a moment, and the day on which somebody heard of the line.
fn call() -> Record {
    Record {
        name: "call".to_owned(),
        timing: RecordTiming::At { day: "moment".to_owned() },
        fields: vec![
            field("moment", FieldType::Instant, false),
            field("heard", FieldType::Date, true),
        ],
        ..stay()
    }
}

fn calls(options: &[(&str, &str)], timezone: Option<&str>) -> Source {
    let from = format("csv", "calls.csv", options);
    let map = vec![
        ("person", pseudonym(&["nr"])),
        ("moment", column("tijd")),
        ("heard", column("gehoord")),
    ];
    Source { timezone: timezone.and_then(zone), ..source("line.calls", "call", from, map) }
}

/// The day and the seconds of each call, and the day heard of.
fn told(mapped: &Mapped) -> Vec<String> {
    let days = |name: &str| {
        let days = mapped.fields.column_by_name(name).unwrap().as_primitive::<Date32Type>().clone();
        days.iter().map(|day| day.and_then(date_of)).collect::<Vec<_>>()
    };
    let seconds = mapped.fields.column_by_name("moment@").unwrap().as_primitive::<Float64Type>();
    let text = |day: Option<chrono::NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
    let rows = days("moment").into_iter().zip(seconds.iter()).zip(days("heard"));
    rows.map(|((day, seconds), heard)| format!("{} {seconds:?} {}", text(day), text(heard)))
        .collect()
}

fn mapped(source: &Source, text: &str) -> Mapped {
    mapped_to(&call(), "one delivery", source, &format!("nr,tijd,gehoord\n{text}")).unwrap()
}

#[test]
fn a_moment_is_on_the_day_of_the_clock_of_its_source() {
    let rows = "a,2025-03-01T23:30,2025-03-01\na,2025-03-01T22:30Z,2025-03-01T23:30Z\n\
                a,2025-03-01 23:30:00+01:00,2025-03-01 23:30\na,2025-03-02,\n";
    let found = mapped(&calls(&[], Some("Europe/Brussels")), rows);
    assert_eq!(reasons(&found.faults), [""; 0]);
    // 20148 days after 1970 began, half past ten at night in Greenwich.
    assert_eq!(
        told(&found),
        [
            "2025-03-01 Some(1740868200.0) 2025-03-01",
            "2025-03-01 Some(1740868200.0) 2025-03-02",
            "2025-03-01 Some(1740868200.0) 2025-03-01",
            "2025-03-02 None -",
        ]
    );
    let found = mapped(&calls(&[], Some("Asia/Tokyo")), "a,2025-03-01T22:30Z,\n");
    assert_eq!(told(&found), ["2025-03-02 Some(1740868200.0) -"]);
}

#[test]
fn the_forms_of_a_source_hold_times_too() {
    let options = &[("dates", "day/month/year hour:minute")];
    let rows = "a,01/03/2025 23:30,01/03/2025 23:30\na,2025-03-01T22:30:00.5Z,2025-03-01\n\
                a,01/03/2025 24:30,01/03/2025 23:30\na,01/03/2025,\n";
    let found = mapped(&calls(options, Some("Europe/Brussels")), rows);
    assert_eq!(told(&found), ["2025-03-01 Some(1740868200.0) 2025-03-01"]);
    assert_eq!(
        reasons(&found.faults),
        [
            "3 heard [2025-03-01] \"2025-03-01\" in `gehoord` is no date of the form \
             day/month/year hour:minute",
            "4 moment [01/03/2025 24:30] \"01/03/2025 24:30\" in `tijd` is no date of the form \
             day/month/year hour:minute, and no moment such as 2025-01-31T23:30",
            "5 moment [01/03/2025] \"01/03/2025\" in `tijd` is no date of the form day/month/year \
             hour:minute, and no moment such as 2025-01-31T23:30",
        ]
    );
}

#[test]
fn where_nobody_knows_whose_clock_it_is_a_moment_has_no_day() {
    let rows = "a,2025-03-01,2025-03-01\na,2025-03-02,2025-03-01T23:30\n\
                a,2025-03-01T23:30Z,2025-03-01\n";
    let found = mapped(&calls(&[], None), rows);
    assert_eq!(told(&found), ["2025-03-01 None 2025-03-01"]);
    let why = "is a moment, and nothing says in which time zone its day is told: the source may \
               say `timezone: \"Europe/Brussels\"`";
    assert_eq!(
        reasons(&found.faults),
        [
            format!("3 heard [2025-03-01T23:30] \"2025-03-01T23:30\" in `gehoord` {why}"),
            format!("4 moment [2025-03-01T23:30Z] \"2025-03-01T23:30Z\" in `tijd` {why}"),
        ]
    );
    // The source says how days are written, so a written day stands.
    let options = &[("dates", "day/month/year hour:minute")];
    let found = mapped(&calls(options, None), "a,01/03/2025 00:10,\na,,01/03/2025 23:30\n");
    assert_eq!(found.rejected_count, 2);
    let mut source = calls(options, None);
    source.map.remove(2);
    source.map[1].field = "heard".to_owned();
    let days = Record { fields: vec![field("heard", FieldType::Date, true)], ..call() };
    let found = mapped_to(&days, "one", &source, "nr,tijd\na,01/03/2025 00:10\n").unwrap();
    let heard = found.fields.column(0).as_primitive::<Date32Type>();
    assert_eq!(heard.values(), &[20_148]);
}

/// Two calls as a database hands them over.
fn batch(moments: ArrayRef) -> RecordBatch {
    let names: ArrayRef = Arc::new(StringArray::from(vec!["a"; moments.len()]));
    RecordBatch::try_from_iter([("nr", names), ("tijd", moments)]).unwrap()
}

fn of_batch(source: &Source, batch: &RecordBatch) -> Result<Mapped, Vec<String>> {
    let raw = memory::read(std::slice::from_ref(batch)).unwrap();
    let mut source = source.clone();
    source.map.remove(2);
    let (codes, reading) = (codes(), Reading::default());
    let (record, delivery) = (call(), "one".to_owned());
    let (source, key) = (&source, &Key::Demonstration);
    let mapper =
        Mapper { source, record: &record, codes: &codes, reading: &reading, key, delivery };
    Ok(mapper.map(&raw)?.unwrap())
}

#[test]
fn columns_of_moments_are_read_by_the_clock_of_the_source_or_refused() {
    let night = 1_740_868_200;
    let local = batch(Arc::new(TimestampSecondArray::from(vec![night, night + 3600])));
    let micros = vec![(night - 3600) * 1_000_000, night * 1_000_000 + 250_000];
    let fixed = TimestampMicrosecondArray::from(micros).with_timezone("America/New_York");
    let fixed = batch(Arc::new(fixed));
    let brussels = calls(&[], Some("Europe/Brussels"));
    // By the clock of no place: half past ten is an hour earlier in Greenwich.
    let found = of_batch(&brussels, &local).unwrap();
    assert_eq!(told_of(&found), ["2025-03-01 Some(1740864600.0)", "2025-03-01 Some(1740868200.0)"]);
    let found = of_batch(&brussels, &fixed).unwrap();
    assert_eq!(
        told_of(&found),
        ["2025-03-01 Some(1740864600.0)", "2025-03-01 Some(1740868200.25)"]
    );
    let found = of_batch(&calls(&[], Some("Pacific/Auckland")), &fixed).unwrap();
    assert!(told_of(&found).iter().all(|told| told.starts_with("2025-03-02")));
    for batch in [local, fixed] {
        let refused = of_batch(&calls(&[], None), &batch).unwrap_err();
        assert_eq!(
            refused,
            ["the column `tijd` holds moments, and nothing says in which time zone their day is \
              told: the source may say `timezone: \"Europe/Brussels\"`"]
        );
    }
}

#[test]
fn moments_of_no_place_that_are_all_at_midnight_are_days() {
    let days = batch(Arc::new(TimestampSecondArray::from(vec![0, -86_400, 1_740_787_200])));
    let found = of_batch(&calls(&[], None), &days).unwrap();
    assert_eq!(told_of(&found), ["1970-01-01 None", "1969-12-31 None", "2025-03-01 None"]);
}

fn told_of(mapped: &Mapped) -> Vec<String> {
    let days = mapped.fields.column_by_name("moment").unwrap().as_primitive::<Date32Type>();
    let seconds = mapped.fields.column_by_name("moment@").unwrap().as_primitive::<Float64Type>();
    let day = |day: i32| date_of(day).map_or("-".to_owned(), |day| day.to_string());
    let rows = days.values().iter().zip(seconds.iter());
    rows.map(|(found, seconds)| format!("{} {seconds:?}", day(*found))).collect()
}
