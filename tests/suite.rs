//! The cases, and what keeps the house tidy.
//!
//! `UPDATE=1 cargo test` rewrites the cases, `FILTER=word` runs those whose path holds the word.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use interplay_syntax::print;
use interplay_tests::case::{self, Case};
use interplay_tests::oracle::{self, Cell, Codebook, Covered, World};
use interplay_tests::{
    editor, engine, generated, manual, mutation, page, plain, problem_page, sample, text, tidy,
    unread, vocabulary,
};

/// The folder of the cases of `area`.
fn suite(area: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suite").join(area)
}

#[test]
fn syntax() {
    case::check(&suite("syntax"), |case| {
        let program = text::program(section(case, "program"));
        shown(case, |name| (name == "print").then(|| print(&program)))
    });
}

#[test]
fn problem() {
    case::check(&suite("problem"), |case| {
        shown(case, |name| {
            (name == "problems").then(|| engine::diagnostics(section(case, "program")).text())
        })
    });
}

/// The sections of `case` for which `text` knows what they should hold.
fn shown(case: &Case, text: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let names = case.sections.iter().map(|section| section.name.as_str());
    names.filter_map(|name| Some((name.to_owned(), text(name)?))).collect()
}

#[test]
fn oracle_on_figures_worked_out_by_hand() {
    case::check(&suite("oracle"), |case| {
        let cells = oracle_answer(case);
        shown(case, |name| match name {
            "result" => Some(oracle::cells_as_table(&cells)),
            "grid" => Some(oracle::cells_as_grid(&cells)),
            _ => None,
        })
    });
}

#[test]
fn engine_on_figures_worked_out_by_hand() {
    case::check(&suite("oracle"), |case| {
        let rules = format!("{}\n\ndisclosure none\n", section(case, "program"));
        let world = given_world(case, &Codebook::read(&text::program(&rules)));
        let found = engine::answer(&rules, &world, section(case, "query"), 2);
        let differences = oracle::differences(&oracle_answer(case), &found);
        assert!(differences.is_empty(), "{}\n{}", case.sentence, differences.join("\n"));
        Vec::new()
    });
}

fn oracle_answer(case: &Case) -> Vec<Cell> {
    let program = text::program(section(case, "program"));
    let world = given_world(case, &Codebook::read(&program));
    oracle::evaluate(&program, &world, &text::query(section(case, "query")))
}

/// The text of a section that the case must have.
fn section<'a>(case: &'a Case, name: &str) -> &'a str {
    case.section(name).unwrap_or_else(|| panic!("{} has no `{name}`", case.path.display()))
}

/// The rows of the `given` sections, and the data date of `--- date`.
fn given_world(case: &Case, book: &Codebook<'_>) -> World {
    let date = case.sections_called("date").next().expect("a data date");
    let data_date = date.words.concat().parse().expect("the data date is a date");
    let mut records = BTreeMap::<String, Vec<_>>::new();
    for (delivery, section) in case.sections_called("given").enumerate() {
        let [record, organisation] = section.words.as_slice() else {
            panic!("`given` names a record and an organisation");
        };
        let table = case::table(&section.text);
        let (columns, lines) = table.split_first().expect("a table names its columns");
        let rows = records.entry(record.clone()).or_default();
        let from = (organisation.as_str(), delivery);
        rows.extend(
            lines.iter().map(|cells| oracle::given_row(book, record, from, columns, cells)),
        );
    }
    let mut covered = Covered::new();
    for section in case.sections_called("covered") {
        let [record, organisation] = section.words.as_slice() else {
            panic!("`covered` names a record and an organisation");
        };
        let stretches = section.text.lines().map(|line| {
            let (first, last) = line.split_once(" .. ").expect("two days");
            let [first, last] = [first, last].map(|day| day.trim().parse().expect("a day"));
            (first, last)
        });
        covered.insert((record.clone(), organisation.clone()), stretches.collect());
    }
    World { data_date, organisations: book.organisations.clone(), records, covered }
}

#[test]
fn arrows_between_crates_point_down() {
    assert_eq!(tidy::arrows(), Vec::<String>::new());
}

#[test]
fn files_are_short_enough_to_read() {
    assert_eq!(tidy::long_files(), Vec::<String>::new());
}

#[test]
fn every_module_says_what_it_holds() {
    assert_eq!(tidy::silent_modules(), Vec::<String>::new());
}

#[test]
fn nothing_is_left_to_be_done() {
    assert_eq!(tidy::leftovers(), Vec::<String>::new());
}

#[test]
fn programs_with_words_lost_added_or_swapped_can_be_checked() {
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    mutation::check_all(&suite(""), rounds);
}

#[test]
fn nothing_that_is_written_goes_unread() {
    assert_eq!(unread::unread(), Vec::<String>::new());
}

#[test]
fn every_problem_has_a_case() {
    assert_eq!(tidy::codes_without_case(), Vec::<String>::new());
}

#[test]
fn every_problem_has_a_page_and_every_page_a_problem() {
    assert_eq!(problem_page::codes(), tidy::problem_codes());
}

#[test]
fn the_examples_of_every_page_have_its_problem_and_none() {
    let faults = problem_page::faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_figure_of_the_report_on_youth_homelessness_is_as_worked_out_plainly() {
    let folder = sample::folder("youth-homelessness");
    let found = sample::report_figures(&folder);
    assert!(found.len() > 100, "the report has {} figures", found.len());
    let plain = plain::report_figures(&folder);
    assert_eq!(sample::differences(&found, &plain), Vec::<String>::new());
}

#[test]
fn every_figure_of_the_report_on_poverty_is_as_worked_out_plainly() {
    let folder = sample::folder("poverty");
    let found = sample::report_figures(&folder);
    assert!(found.len() > 80, "the report has {} figures", found.len());
    let plain = plain::poverty::report_figures(&folder);
    assert_eq!(sample::differences(&found, &plain), Vec::<String>::new());
}

#[test]
fn the_samples_answer_the_questions_of_their_pages() {
    for folder in sample::folders() {
        let file = folder.join("README.md");
        let written = std::fs::read_to_string(&file).expect("the sample's page");
        let page = sample::page(&folder, &written);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &page).expect("the page can be written");
        } else {
            assert_eq!(written, page);
        }
    }
}

#[test]
fn the_rules_of_the_samples_are_sound_and_their_tests_pass() {
    let folders = sample::folders();
    assert!(folders.len() > 1, "the samples are there");
    for folder in folders {
        assert_eq!(sample::faults(&folder), Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn the_samples_together_use_every_construct() {
    assert_eq!(vocabulary::unused(&sample::folders()), Vec::<String>::new());
}

#[test]
fn every_block_of_the_manual_is_run() {
    let faults = page::all().iter().flat_map(page::Page::faults).collect::<Vec<_>>();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_word_of_the_language_has_a_page() {
    assert_eq!(generated::uncovered(&page::all()), Vec::<String>::new());
}

#[test]
fn every_page_of_the_manual_is_found_from_its_index() {
    assert_eq!(page::orphans(&page::all()), Vec::<String>::new());
}

#[test]
fn every_example_of_the_manual_brings_what_it_shows() {
    let pages = page::all();
    let parts = generated::Parts::new(&pages);
    page::hold(&pages, |page| manual::run(&parts.fill(page)));
}

#[test]
fn the_grammars_of_editors_know_the_words_of_the_tables() {
    assert_eq!(editor::stale(), Vec::<String>::new());
}
