//! Laws: what holds of every program and all data, tried on random ones of fixed seeds.
//!
//! `CASES=500 cargo test --test laws` tries more of them, `FIRST=100` those from the hundredth on.
#![expect(clippy::expect_used, reason = "a law that cannot be tried stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{iter, thread};

use interplay_compile::{check, query};
use interplay_syntax::print;
use interplay_syntax::tree::{Program, Query};
use interplay_tests::oracle::{Cell, Codebook, Row, differences, evaluate};
use interplay_tests::random::{self, RandomCase};
use interplay_tests::text;
use interplay_tests::{attacker, engine};

/// How many cases, of twenty programs each, a law is tried on that says nothing else.
const CASES: u64 = 12;

/// The engine is held against the oracle on two thousand programs.
const ENGINE_CASES: u64 = 100;

/// After how many broken cases a worker stops.
const SHOWN: usize = 3;

/// A number that is set from outside.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|count| count.parse().ok())
}

/// Asks `law` of every random program; it lists what it finds broken. The programs of a case grow,
/// so the first that fails is shown and ends the case.
#[track_caller]
fn hold(count: u64, law: impl Fn(&RandomCase, &str, &str) -> Vec<String> + Sync) {
    let workers = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let first = number("FIRST").unwrap_or(0);
    let (end, law) = (first + number("CASES").unwrap_or(count), &law);
    // Cases differ in size, so whoever is done takes the next.
    let next = &AtomicU64::new(first);
    let broken: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|_| {
                let seed = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|it| *it < end);
                let seeds = iter::from_fn(seed);
                let found = seeds.filter_map(|seed| broken(seed, law)).take(SHOWN);
                scope.spawn(move || found.collect::<Vec<_>>())
            })
            .collect();
        let found = workers.into_iter().flat_map(|worker| worker.join().expect("a worker"));
        found.collect()
    });
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// The first program of a case of which `law` does not hold, and what is broken.
fn broken(seed: u64, law: &impl Fn(&RandomCase, &str, &str) -> Vec<String>) -> Option<String> {
    let case = random::case(seed);
    case.programs.iter().find_map(|(declarations, query)| {
        let broken = law(&case, declarations, query).join("\n");
        let shown = format!("seed {seed}\n\n{declarations}\n{query}\n\n{broken}");
        (!broken.is_empty()).then_some(shown)
    })
}

/// Every cell of every random program, as `answer` gives it, is as the oracle gives it.
#[track_caller]
fn agree_with_the_oracle(count: u64, answer: impl Fn(&RandomCase, &str, &str) -> Vec<Cell> + Sync) {
    hold(count, |case, declarations, query| {
        let expected = evaluate(&whole(case, declarations), &case.data, &text::query(query));
        differences(&expected, &answer(case, declarations, query))
    });
}

/// The whole program of a case: codebook and declarations.
fn whole(case: &RandomCase, declarations: &str) -> Program {
    text::program(&whole_text(case, declarations))
}

fn whole_text(case: &RandomCase, declarations: &str) -> String {
    format!("{}\n{declarations}", case.codebook)
}

#[test]
fn every_program_is_accepted() {
    hold(CASES, |case, declarations, query| {
        let (model, mut problems) = check(&[whole(case, declarations)]);
        problems.extend(query::check(&model, &text::query(query)).1);
        problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect()
    });
}

#[test]
fn the_engine_answers_as_the_oracle_does() {
    agree_with_the_oracle(ENGINE_CASES, |case, declarations, query| {
        engine::answer(&whole_text(case, declarations), &case.data, query, 2)
    });
}

/// Tried on a part of the programs, since each is run twice.
#[test]
fn into_how_many_parts_the_work_is_split_does_not_matter() {
    hold(CASES, |case, declarations, query| {
        if query.len() % 4 != 0 {
            return Vec::new();
        }
        let program = whole_text(case, declarations);
        let [one, five] = [1, 5].map(|parts| engine::answer(&program, &case.data, query, parts));
        if one == five { Vec::new() } else { differences(&one, &five) }
    });
}

/// Every explanation ends in the figure that it explains, loses nobody on the way, and gives a
/// reason for each of the unknown.
#[test]
fn an_explanation_ends_in_its_figure() {
    hold(CASES, |case, declarations, query| {
        if query.len() % 5 != 0 || !declarations.contains("indicator figure_0 ") {
            return Vec::new();
        }
        let program = whole_text(case, declarations);
        let figures = engine::answer(&program, &case.data, "measure figure_0 in 2024", 2);
        let lines = engine::explained(&program, &case.data, "explain figure_0 in 2024");
        let (Some(figure), Some(last)) = (figures.first(), lines.last()) else {
            return Vec::new();
        };
        let of = |line: &BTreeMap<String, f64>, name: &str| line.get(name).copied();
        let mut broken = Vec::new();
        for (before, line) in lines.iter().zip(lines.iter().skip(1)) {
            let sum =
                |names: &[&str]| -> Option<f64> { names.iter().map(|name| of(line, name)).sum() };
            let three = sum(&["kept", "dropped", "unknown"]);
            let reasons = sum(&["not delivered", "not over", "there is none", "missing"]);
            if three != of(before, "kept") || reasons != of(line, "unknown") {
                broken.push(format!("{before:?}\n{line:?}"));
            }
        }
        // A share keeps its numerator, what is a number of each those who have one.
        let wanted = figure.numerator.filter(|_| figure.lower.is_some()).or(figure.denominator);
        if wanted.is_some() && of(last, "kept") != wanted {
            broken.push(format!("{figure:?}\nends in {last:?}"));
        }
        broken
    });
}

/// Traced one by one, those whom a clause keeps, drops or leaves unknown are as many as `explain`
/// counts. Each of sixty people is asked by itself, so few programs are tried.
#[test]
fn traces_add_up_to_the_explanation() {
    hold(CASES, |case, declarations, query| {
        if query.len() % 31 != 0 || !declarations.contains("indicator figure_0 ") {
            return Vec::new();
        }
        let codebook =
            case.codebook.replace("disclosure none", "disclosure none { trace: allowed }");
        let program = format!("{codebook}\n{declarations}");
        let lines = engine::explained(&program, &case.data, "explain figure_0 in 2024");
        // Of an indicator over rows the rows are counted, and a ratio has the clauses of its parts.
        let of_rows = lines.iter().any(|line| line.contains_key("rows"));
        if lines.is_empty() || of_rows || declarations.contains("indicator figure_0 { ratio") {
            return Vec::new();
        }
        let subjects = case.data.records.values().flatten().map(|row| row.subject.as_str());
        let subjects: BTreeSet<&str> = subjects.filter(|it| it.starts_with('p')).collect();
        let ask = |it: &&str| format!("trace figure_0 in 2024 where person is \"{it}\"\n");
        let queries: String = subjects.iter().map(ask).collect();
        let traced = engine::traced(&program, &case.data, &queries);
        let mut counts = vec![[0.0; 3]; lines.len()];
        for (is_known, clauses) in &traced {
            if !is_known {
                continue;
            }
            counts[0][0] += 1.0;
            for (count, clause) in counts.iter_mut().skip(1).zip(clauses) {
                let place = match clause.as_str() {
                    "true" | "known" | "kept" => 0,
                    "unknown" => 2,
                    _ => 1,
                };
                count[place] += 1.0;
                if place != 0 {
                    break;
                }
            }
        }
        let names = ["kept", "dropped", "unknown"];
        let told = lines.iter().map(|line| names.map(|name| line.get(name).copied()));
        let differs = told.zip(&counts).filter(|(told, count)| *told != count.map(Some));
        differs.map(|(told, count)| format!("explained {told:?}, traced {count:?}")).collect()
    });
}

#[test]
fn a_printed_program_reads_back_as_itself() {
    hold(CASES, |_, declarations, query| {
        let written = text::program(&format!("{declarations}\n{query}\n"));
        let printed = print(&written);
        let is_same = without_places(&text::program(&printed)) == without_places(&written);
        if is_same { Vec::new() } else { vec![format!("it is printed as\n{printed}")] }
    });
}

/// The tree as text, without the places at which its parts stand.
fn without_places(program: &Program) -> String {
    let text = format!("{program:?}");
    let mut parts = text.split("Span { ");
    let first = parts.next().unwrap_or_default().to_owned();
    // What follows is `source: …, start: …, end: … }` and then the rest.
    parts.fold(first, |text, part| text + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// The rows of a delivery keep their order where the last of them counts.
#[test]
fn the_order_in_which_rows_lie_does_not_matter() {
    agree_with_the_oracle(CASES, |case, declarations, query| {
        let program = whole(case, declarations);
        let book = Codebook::read(&program);
        let mut turned = case.data.clone();
        for (name, rows) in &mut turned.records {
            rows.reverse();
            if book.records[name].last_counts() {
                rows.sort_by_key(|row| std::cmp::Reverse(row.delivery));
                rows.chunk_by_mut(|one, next| one.delivery == next.delivery)
                    .for_each(<[Row]>::reverse);
            }
        }
        evaluate(&program, &turned, &text::query(query))
    });
}

#[test]
fn everyone_stands_under_one_gender_or_under_missing() {
    hold(CASES, |case, declarations, query| {
        let field = match query {
            query if query.contains("home_figure") => "tenure",
            query if query.contains("survey_figure") => "view",
            query if query.contains("partner_figure") => "kind",
            _ => "gender",
        };
        let by = text::query(&format!("measure a in 2025 by {field}")).by;
        let query = Query { by, ..text::query(query) };
        let cells = evaluate(&whole(case, declarations), &case.data, &query);
        let totals = cells.iter().filter(|cell| cell.groups.iter().all(|(_, at)| at.is_none()));
        totals.filter_map(|total| unequal_to_its_parts(total, &cells)).collect()
    });
}

/// Says so when the sizes of the other cells of the measure do not add up to those of `total`.
fn unequal_to_its_parts(total: &Cell, cells: &[Cell]) -> Option<String> {
    let sizes: [fn(&Cell) -> f64; 3] = [
        |cell| cell.unknown,
        |cell| cell.numerator.unwrap_or(0.0),
        |cell| cell.denominator.unwrap_or(0.0),
    ];
    if total.measure == "quotient" {
        return None; // What it is made of are no sizes.
    }
    let is_part = |cell: &&Cell| cell.measure == total.measure && cell.groups != total.groups;
    let is_unequal = sizes.iter().any(|size| {
        let sum: f64 = cells.iter().filter(is_part).map(size).sum();
        (sum - size(total)).abs() > 1e-9
    });
    is_unequal.then(|| format!("{total:?}"))
}

/// Whatever is worked out from what a query shows, a small number of people may be a larger one.
#[test]
fn small_numbers_are_not_given_away() {
    let asked = std::env::var("CASES").ok().and_then(|count| count.parse().ok());
    let broken: Vec<String> =
        (0..asked.unwrap_or(CASES) * 5).flat_map(attacker::given_away).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
