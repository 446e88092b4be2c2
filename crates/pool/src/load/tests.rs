//! Loading, from files to a snapshot: what changes, what stays, and what is never written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use chrono::NaiveDate;
use datafusion::arrow::array::AsArray;
use datafusion::arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{Date32Type, Float64Type, Int32Type};
use interplay_compile::catalog::{Catalog, Conflict, FieldType, MapExpr, Mapping, RecordTiming};
use tempfile::TempDir;

use super::{LoadReport, load};
use crate::hot::tests::scanned;
use crate::mapping::tests::{
    codes, column, field, format, profile, pseudonym, recode, source, spanned, stay,
};
use crate::{CoveredBy, Key, KeyKind, PoolError, open};

/// Two organisations; the first delivers stays in two files, the second profiles in one.
struct Project {
    dir: TempDir,
    catalog: Catalog,
    memory: BTreeMap<String, Vec<RecordBatch>>,
    key: Key,
}

const STAYS_2023: &str = "nr;in;uit;soort\nAnn-01;05/01/2023;07/01/2023;nacht\n\
                          Ben-02;31/02/2023;;nacht\nBen-02;01/06/2023;;nacht\n";
const STAYS_2024: &str = "nr;in;uit;soort\nann 01;01/02/2024;;nacht\n";
const PEOPLE: &str = "ref,sex\nANN.01,f\nCem-03,m\n";

impl Project {
    fn new() -> Self {
        let mut catalog = Catalog { codes: codes(), ..Catalog::default() };
        let options = [("dates", "day/month/year"), ("separator", ";")];
        let stays = vec![
            ("person", pseudonym(&["nr"])),
            ("arrived", column("in")),
            ("left", column("uit")),
            ("place", recode("soort", &[("nacht", "emergency")], Some(MapExpr::Missing))),
        ];
        let people = vec![("person", column("ref")), ("gender", column("sex"))];
        let sources = [
            source("shelter.stays", "stay", format("csv", "in/stays-*.csv", &options), stays),
            source("harbour.people", "profile", format("csv", "in/people.csv", &[]), people),
        ];
        for record in [stay(), profile()] {
            catalog.records.insert(record.name.clone(), record);
        }
        for source in sources {
            catalog.sources.insert(source.name.clone(), source);
        }
        let dir = tempfile::tempdir().unwrap();
        let project =
            Self { dir, catalog, memory: BTreeMap::new(), key: Key::Bytes(b"a key".to_vec()) };
        project.deliver("stays-2023.csv", STAYS_2023);
        project.deliver("stays-2024.csv", STAYS_2024);
        project.deliver("people.csv", PEOPLE);
        project
    }

    fn deliver(&self, name: &str, text: &str) {
        let dir = self.dir.path().join("in");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join(name), text).unwrap();
    }

    fn pool(&self) -> PathBuf {
        self.dir.path().join("pool")
    }

    fn try_load(&self) -> Result<LoadReport, PoolError> {
        let (project, pool) = (self.dir.path(), self.pool());
        let loading = load(&pool, project, &self.catalog, &self.key, &self.memory, &|_| {});
        runtime().block_on(loading)
    }

    fn load(&self) -> LoadReport {
        self.try_load().unwrap()
    }

    /// Every file of the pool with the time it was written.
    fn files(&self) -> BTreeMap<PathBuf, SystemTime> {
        let mut found = BTreeMap::new();
        gather(&self.pool(), &mut found);
        found
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn gather(dir: &Path, found: &mut BTreeMap<PathBuf, SystemTime>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            found.insert(path, changed);
        }
    }
}

#[test]
fn one_person_known_to_two_organisations_is_one_person() {
    let project = Project::new();
    let report = project.load();
    assert_eq!(report.changed, ["profile", "stay"]);
    let snapshot = report.snapshot;
    assert_eq!(snapshot.hot.count("person"), 3);
    assert_eq!(snapshot.key, KeyKind::Own);
    let counts: Vec<_> = snapshot
        .deliveries
        .iter()
        .map(|one| {
            let by = one.covered.map(|covered| covered.by);
            (one.file.as_str(), one.read_count, one.loaded_count, one.rejected_count, by)
        })
        .collect();
    let by_name = Some(CoveredBy::FileName);
    assert_eq!(
        counts,
        [
            ("in/people.csv", 2, 2, 0, None),
            ("in/stays-2023.csv", 3, 2, 1, by_name),
            ("in/stays-2024.csv", 1, 1, 0, by_name)
        ]
    );
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let coverage = snapshot.coverage("stay", "shelter", day(2023, 7, 1), day(2025, 1, 31));
    assert_eq!(coverage.gaps, [(day(2025, 1, 1), day(2025, 1, 31))]);
    assert!(snapshot.coverage("stay", "harbour", day(2023, 1, 1), day(2023, 1, 31)).is_none());
    let quarantine = fs::read_to_string(&snapshot.quarantine["shelter.stays"]).unwrap();
    assert_eq!(
        quarantine,
        "source,file,line,field,reason,value\nshelter.stays,in/stays-2023.csv,3,arrived,\
         \"\"\"31/02/2023\"\" in `in` is no date of the form day/month/year\",31/02/2023\n"
    );
}

#[test]
fn loading_twice_writes_nothing_and_keeps_the_id() {
    let project = Project::new();
    let first = project.load();
    let files = project.files();
    let second = project.load();
    assert_eq!(first.snapshot.id, second.snapshot.id);
    assert_eq!((second.changed.len(), second.read_count), (0, 0));
    assert_eq!(files, project.files());
    let opened = runtime().block_on(open(&project.pool())).unwrap().unwrap();
    assert_eq!(opened.id, first.snapshot.id);
    assert_eq!(opened.deliveries, first.snapshot.deliveries);
}

#[test]
fn a_changed_file_changes_only_its_records_table_and_back_again() {
    let project = Project::new();
    let first = project.load();
    let before = project.files();
    project.deliver("stays-2024.csv", "nr;in;uit;soort\ndan 04;01/02/2024;;dag\n");
    let second = project.load();
    assert_eq!(second.changed, ["stay"]);
    assert_eq!(second.read_count, 1);
    assert_ne!(first.snapshot.id, second.snapshot.id);
    assert_eq!(second.snapshot.hot.count("person"), 4);
    let after = project.files();
    let profiles = project.pool().join("tables/profile");
    let of_profiles = |files: &BTreeMap<PathBuf, SystemTime>| -> Vec<_> {
        files.clone().into_iter().filter(|(path, _)| path.starts_with(&profiles)).collect()
    };
    assert_eq!(of_profiles(&before), of_profiles(&after));
    let hot: Vec<_> = fs::read_dir(project.pool().join("hot")).unwrap().collect();
    assert_eq!(hot.len(), 1, "older hot forms are removed");
    let quarantine = fs::read_to_string(&second.snapshot.quarantine["shelter.stays"]).unwrap();
    assert!(quarantine.contains("31/02/2023"), "what the other file left out is still told");
    project.deliver("stays-2024.csv", STAYS_2024);
    let third = project.load();
    assert_eq!(third.snapshot.id, first.snapshot.id);
    assert_eq!(third.snapshot.hot.count("person"), 3);
}

#[test]
fn a_changed_mapping_maps_its_files_again() {
    let mut project = Project::new();
    project.load();
    let source = project.catalog.sources.get_mut("shelter.stays").unwrap();
    source.map[3].value.item = recode("soort", &[("nacht", "temporary")], None);
    let second = project.load();
    assert_eq!((second.changed, second.read_count), (vec!["stay".to_owned()], 2));
    assert!(second.snapshot.hot.symbol("emergency").is_none());
    assert!(second.snapshot.hot.symbol("temporary").is_some());
}

#[test]
fn a_changed_record_changes_the_columns_of_its_table() {
    let mut project = Project::new();
    project.load();
    let record = project.catalog.records.get_mut("stay").unwrap();
    record.fields.retain(|field| field.name != "hours");
    let second = project.load();
    assert_eq!(second.changed, ["stay"]);
    assert!(second.snapshot.hot.schema("person").field_with_name("stay.hours").is_err());
    assert_eq!(second.snapshot.hot.count("person"), 3);
}

#[test]
fn no_identifier_is_in_any_file_of_the_pool() {
    let project = Project::new();
    let shifted = "ann 01;ANN.01;Ben-02;Cem-03\ncem03;x cem03 y;;ann01\n";
    project.deliver("stays-2022.csv", &format!("nr;in;uit;soort\n{shifted}"));
    assert_eq!(project.load().snapshot.deliveries[1].rejected_count, 2);
    let shown = ["ann", "01", "ANN.01", "Ann-01", "ann01", "Ben-02", "ben02", "Cem-03", "cem03"];
    let identifiers = shown.iter().filter(|text| text.len() > 3);
    for path in project.files().keys() {
        let bytes = fs::read(path).unwrap();
        for identifier in identifiers.clone() {
            let found = bytes.windows(identifier.len()).any(|part| part == identifier.as_bytes());
            assert!(!found, "`{identifier}` stands in {}", path.display());
        }
    }
}

#[test]
fn another_key_is_refused_and_changes_nothing() {
    let mut project = Project::new();
    project.load();
    let files = project.files();
    project.key = Key::Demonstration;
    let error = project.try_load().unwrap_err().to_string();
    assert!(
        error.starts_with(
            "the pool was built with a key of the coalition's own, and the demonstration key is \
             at hand"
        ),
        "{error}"
    );
    assert_eq!(files, project.files());
}

#[test]
fn everything_wrong_with_the_deliveries_is_told_at_once() {
    let mut project = Project::new();
    project.load();
    let files = project.files();
    project.deliver("stays-2024.csv", "nr;In;uit;soort\n");
    project.deliver("stays-2025.csv", "");
    let error = project.try_load().unwrap_err().to_string();
    assert_eq!(
        error,
        "source `shelter.stays`, `in/stays-2024.csv`: there is no column `in`; did you mean \
         `In`?\nsource `shelter.stays`, `in/stays-2025.csv`: the file is empty"
    );
    assert_eq!(files, project.files());
    project.catalog.sources.get_mut("harbour.people").unwrap().from =
        format("csv", "out/people-*.csv", &[]);
    let error = project.try_load().unwrap_err().to_string();
    assert_eq!(error, "source `harbour.people`: no file matches `out/people-*.csv`");
}

#[test]
fn a_load_that_was_cut_short_is_made_good_by_the_next() {
    let project = Project::new();
    let first = project.load();
    let manifest = fs::read(project.pool().join("snapshot.json")).unwrap();
    project.deliver("stays-2024.csv", "nr;in;uit;soort\ndan 04;01/02/2024;;dag\n");
    let second = project.load();
    // As if the load had ended before the manifest was written.
    fs::write(project.pool().join("snapshot.json"), manifest).unwrap();
    let opened = runtime().block_on(open(&project.pool())).unwrap().unwrap();
    assert_eq!(opened.id, first.snapshot.id);
    assert_eq!(opened.hot.count("person"), 3);
    let third = project.load();
    assert_eq!(third.snapshot.id, second.snapshot.id);
    assert_eq!(third.snapshot.hot.count("person"), 4);
}

#[test]
fn a_damaged_or_missing_hot_form_is_made_again() {
    let project = Project::new();
    let first = project.load();
    let hot = project.pool().join("hot").join(&first.snapshot.id);
    // Not written over: the first snapshot has the file mapped.
    fs::remove_file(hot.join("symbols.arrow")).unwrap();
    fs::write(hot.join("symbols.arrow"), "nothing").unwrap();
    let opened = runtime().block_on(open(&project.pool())).unwrap().unwrap();
    assert_eq!(opened.hot.count("person"), 3);
    fs::remove_dir_all(&hot).unwrap();
    let opened = runtime().block_on(open(&project.pool())).unwrap().unwrap();
    assert_eq!(opened.hot.symbol("emergency"), first.snapshot.hot.symbol("emergency"));
}

#[test]
fn a_pool_that_is_not_there_has_no_snapshot() {
    let dir = tempfile::tempdir().unwrap();
    assert!(runtime().block_on(open(&dir.path().join("pool"))).unwrap().is_none());
}

#[test]
fn registered_batches_are_a_source_like_any_other() {
    let mut project = Project::new();
    let stays = project.catalog.sources.get_mut("shelter.stays").unwrap();
    stays.from = format("memory", "stays", &[]);
    stays.map[3].value.item = MapExpr::Missing;
    let error = project.try_load().unwrap_err().to_string();
    assert_eq!(error, "source `shelter.stays`: no batches are registered as `stays`");
    let batch = |day: i32| {
        let columns: [(&str, ArrayRef); 4] = [
            ("nr", Arc::new(Int64Array::from(vec![1, 2]))),
            ("in", Arc::new(Date32Array::from(vec![day, day]))),
            ("uit", Arc::new(Date32Array::from(vec![None, Some(day - 1)]))),
            ("soort", Arc::new(StringArray::from(vec!["nacht", "nacht"]))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))
            .unwrap()
    };
    project.memory.insert("stays".to_owned(), vec![batch(19_723)]);
    let first = project.load();
    let stays = &first.snapshot.deliveries[1];
    assert_eq!((stays.read_count, stays.loaded_count, stays.rejected_count), (2, 1, 1));
    assert_eq!(stays.covered.map(|covered| covered.by), Some(CoveredBy::Inferred));
    assert_eq!(project.load().snapshot.id, first.snapshot.id);
    project.memory.insert("stays".to_owned(), Vec::new());
    assert_eq!(project.load().snapshot.deliveries[1].read_count, 0);
    project.memory.insert("stays".to_owned(), vec![batch(19_724)]);
    assert_ne!(project.load().snapshot.id, first.snapshot.id);
}

#[test]
fn an_empty_project_has_an_empty_pool() {
    let mut project = Project::new();
    project.catalog = Catalog::default();
    let first = project.load();
    assert_eq!(first.snapshot.deliveries, []);
    assert_eq!(first.snapshot.hot.count("person"), 0);
    assert_eq!(project.load().snapshot.id, first.snapshot.id);
}

#[test]
fn loads_at_the_same_time_wait_for_each_other() {
    let project = Project::new();
    let ids: Vec<String> = std::thread::scope(|scope| {
        let loads: Vec<_> = (0..3).map(|_| scope.spawn(|| project.load().snapshot.id)).collect();
        loads.into_iter().map(|load| load.join().unwrap()).collect()
    });
    assert_eq!(ids, vec![ids[0].clone(); 3]);
    let versions = fs::read_dir(project.pool().join("tables/stay/_delta_log")).unwrap();
    let versions = versions.filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "json")
    });
    assert_eq!(versions.count(), 1, "only one of them wrote");
}

#[test]
fn a_source_that_is_gone_takes_its_rows_along() {
    let mut project = Project::new();
    project.load();
    project.catalog.sources.remove("shelter.stays");
    let second = project.load();
    assert_eq!(second.changed, ["stay"]);
    assert_eq!(second.snapshot.hot.count("person"), 2);
    assert_eq!(second.snapshot.quarantine.len(), 0);
}

#[test]
fn rows_that_were_taken_back_leave_the_disk() {
    let mut project = Project::new();
    project.load();
    let files = |project: &Project| -> Vec<PathBuf> {
        let tables = project.pool().join("tables");
        let of_rows = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "parquet");
        project
            .files()
            .into_keys()
            .filter(|path| path.starts_with(&tables))
            .filter(of_rows)
            .collect()
    };
    let first = files(&project);
    project.catalog.sources.remove("harbour.people");
    project.load();
    project.deliver("stays-2024.csv", "nr;in;uit;soort\ndan 04;01/02/2024;;dag\n");
    fs::write(project.pool().join("tables/stay/.tmp123"), "of a load that was cut short").unwrap();
    project.load();
    project.deliver("stays-2024.csv", "nr;in;uit;soort\ndan 05;01/02/2024;;dag\n");
    project.load();
    let left = files(&project);
    assert!(!left.iter().any(|path| path.starts_with(project.pool().join("tables/profile"))));
    assert!(first.iter().any(|path| !left.contains(path)));
    assert!(!project.pool().join("tables/stay/.tmp123").exists());
}

#[test]
fn what_is_covered_is_inferred_from_starts_of_loaded_rows_alone() {
    let mut project = Project::new();
    let source = project.catalog.sources.get_mut("shelter.stays").unwrap();
    source.from = format("csv", "in/all.csv", &[("dates", "day/month/year"), ("separator", ";")]);
    project.deliver(
        "all.csv",
        "nr;in;uit;soort\nann 01;01/02/2024;01/06/2030;nacht\nben;05/03/2024;31/12/9999;nacht\n\
         cem;01/01/2028;01/01/2027;nacht\ndan;01/01/1890;x;nacht\n",
    );
    let snapshot = project.load().snapshot;
    let covered = snapshot.deliveries[1].covered.unwrap();
    let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
    assert_eq!((covered.first, covered.last), (day(2, 1), day(3, 5)));
    assert_eq!(covered.by, CoveredBy::Inferred);
}

#[test]
fn the_same_rows_delivered_twice_are_refused_and_files_without_rows_are_not() {
    let project = Project::new();
    project.deliver("stays-2021.csv", "nr;in;uit;soort\n");
    project.deliver("stays-2022.csv", "nr;in;uit;soort\n");
    let first = project.load();
    project.deliver("stays-2024-again.csv", STAYS_2024);
    let error = project.try_load().unwrap_err().to_string();
    assert_eq!(
        error,
        "source `shelter.stays`, `in/stays-2024.csv`: it holds the same as \
         `in/stays-2024-again.csv`, so its rows would count twice; remove one of the two"
    );
    fs::remove_file(project.dir.path().join("in/stays-2024-again.csv")).unwrap();
    assert_eq!(project.load().snapshot.id, first.snapshot.id);
}

#[test]
fn a_pool_that_may_only_be_read_is_read_while_there_is_nothing_to_load() {
    let project = Project::new();
    let first = project.load();
    let lock = project.pool().join("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert_eq!(project.load().snapshot.id, first.snapshot.id);
    project.deliver("stays-2024.csv", "nr;in;uit;soort\ndan 04;01/02/2024;;dag\n");
    let error = project.try_load().unwrap_err().to_string();
    assert!(error.starts_with("cannot write") && error.contains("lock"), "{error}");
}

/// The genders of all people, settled by what was delivered last.
fn genders(project: &Project) -> Vec<String> {
    let hot = project.load().snapshot.hot;
    let rows = scanned(&hot, 1);
    let genders = rows.column_by_name("profile.gender").unwrap().as_primitive::<Int32Type>();
    let text = |gender: Option<i32>| gender.and_then(|gender| hot.text(gender)).unwrap_or("?");
    genders.iter().map(|gender| text(gender).to_owned()).collect()
}

#[test]
fn the_latest_delivery_is_that_of_the_latest_days_however_it_is_loaded() {
    let mut project = Project::new();
    project.catalog.sources.remove("shelter.stays");
    let record = project.catalog.records.get_mut("profile").unwrap();
    record.timing = RecordTiming::Once(Conflict::Latest);
    let map = || vec![("person", column("ref")), ("gender", column("sex"))];
    for (name, place) in [("harbour.people", "h-*.csv"), ("shelter.people", "s-*.csv")] {
        let from = format("csv", &format!("in/{place}"), &[]);
        project.catalog.sources.insert(name.to_owned(), source(name, "profile", from, map()));
    }
    project.deliver("s-2024-Q2.csv", "ref,sex\nann,s2\n");
    project.deliver("h-2024.csv", "ref,sex\nann,h4\n");
    assert_eq!(genders(&project), ["h4"]);
    project.deliver("s-2025-Q1.csv", "ref,sex\nann,s5\nann,s6\nann,\n");
    assert_eq!(genders(&project), ["s6"]);
    // Both are about the same days: neither is later.
    project.deliver("h-2025-03.csv", "ref,sex\nann,h6\n");
    assert_eq!(genders(&project), ["?"]);
    project.deliver("h-2025-04.csv", "ref,sex\nann,s6\n");
    assert_eq!(genders(&project), ["s6"]);
    let told = project.load().snapshot.hot.noted().disagreements["profile.gender"].clone();
    assert_eq!((told.subject_count, told.organisations.len()), (1, 1));
}

#[test]
fn of_rows_with_one_key_the_latest_counts_and_comes_back_when_that_is_withdrawn() {
    let mut project = Project::new();
    project.catalog.sources.remove("harbour.people");
    let record = project.catalog.records.get_mut("stay").unwrap();
    record.fields.push(field("file", FieldType::Text, false));
    record.key = vec!["file".to_owned()];
    let stays = project.catalog.sources.get_mut("shelter.stays").unwrap();
    stays.map.push(Mapping { field: "file".to_owned(), value: spanned(column("soort")) });
    stays.map[3].value.item = MapExpr::Missing;
    project.deliver(
        "stays-2023.csv",
        "nr;in;uit;soort\nann;05/01/2023;;1\nann;06/01/2023;;1\nben;05/01/2023;;2\n\
         ben;05/01/2023;;3\ncem;05/01/2023;;3\ndan;05/01/2023;;\n",
    );
    project.deliver("stays-2024.csv", "nr;in;uit;soort\neve;01/02/2024;;2\n");
    let people = |project: &Project| {
        let snapshot = project.load().snapshot;
        let replaced: u64 = snapshot.hot.noted().replaced.values().sum();
        let all = scanned(&snapshot.hot, 1);
        let rows = all.column_by_name("stay.arrived").unwrap().as_list::<i32>().values().len();
        (snapshot.hot.count("person"), rows, replaced, snapshot.quarantine.len())
    };
    // Of file 3 nobody knows whose it is, one row has no file; Ben's only other is now Eve's.
    assert_eq!(people(&project), (2, 2, 2, 1));
    let quarantine = &project.load().snapshot.quarantine["shelter.stays"];
    let told = fs::read_to_string(quarantine).unwrap();
    assert_eq!(
        told.matches("a row of another person in this delivery has the same `file`").count(),
        2
    );
    fs::remove_file(project.dir.path().join("in/stays-2024.csv")).unwrap();
    assert_eq!(people(&project), (2, 2, 1, 1));
}

#[test]
fn rows_of_one_day_are_in_the_order_of_their_moments_and_each_moment_is_a_key() {
    let mut project = Project::new();
    project.catalog.sources.remove("harbour.people");
    let record = project.catalog.records.get_mut("stay").unwrap();
    record.timing = RecordTiming::At { day: "arrived".to_owned() };
    record.fields[0].kind = FieldType::Instant;
    record.key = vec!["person".to_owned(), "arrived".to_owned()];
    let stays = project.catalog.sources.get_mut("shelter.stays").unwrap();
    stays.timezone = interplay_compile::instant::zone("Europe/Brussels");
    stays.map.truncate(2);
    stays.map.push(Mapping { field: "hours".to_owned(), value: spanned(column("soort")) });
    let night = "nr;in;uit;soort\nann;2023-01-05T23:00Z;;5\nann;06/01/2023;;9\n";
    project.deliver("stays-2023.csv", &format!("{night}ann;2023-01-06T18:30;;7\n"));
    project.deliver("stays-2024.csv", "nr;in;uit;soort\nann;2023-01-06T17:30:00+00:00;;8\n");
    let hours = |project: &Project| {
        let all = scanned(&project.load().snapshot.hot, 1);
        let hours = all.column_by_name("stay.hours").unwrap().as_list::<i32>().value(0);
        hours.as_primitive::<Float64Type>().values().to_vec()
    };
    // Midnight is first, that of which only the day is known last, and half past six came again.
    assert_eq!(hours(&project), [5.0, 8.0, 9.0]);
    fs::remove_file(project.dir.path().join("in/stays-2024.csv")).unwrap();
    assert_eq!(hours(&project), [5.0, 7.0, 9.0]);
    let stays = project.catalog.sources.get_mut("shelter.stays").unwrap();
    stays.timezone = interplay_compile::instant::zone("Europe/London");
    // There it is another day, and half past six another moment.
    assert_eq!(hours(&project), [5.0, 7.0, 9.0]);
    let all = scanned(&project.load().snapshot.hot, 1);
    let days = all.column_by_name("stay.arrived").unwrap().as_list::<i32>().value(0);
    assert_eq!(days.as_primitive::<Date32Type>().values(), &[19_362, 19_363, 19_363]);
}
