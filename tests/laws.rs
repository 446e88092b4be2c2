//! Laws: what holds of every program and all data, tried on random ones of fixed seeds.

use interplay_syntax::tree::{Program, Query};
use interplay_tests::oracle::{Cell, World, differences, evaluate};
use interplay_tests::random::{self, RandomCase};
use interplay_tests::text;

/// How many cases of about twenty programs each law is tried on. `CASES=500` tries more.
fn case_count() -> u64 {
    std::env::var("CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(12)
}

/// Asks `law` of every random program; it lists what it finds broken. Programs of a case grow, so
/// the first that fails is shown and ends the run.
#[track_caller]
fn hold(law: impl Fn(&RandomCase, &str, &str) -> Vec<String>) {
    for seed in 0..case_count() {
        let case = random::case(seed);
        for (declarations, query) in &case.programs {
            let broken = law(&case, declarations, query);
            let broken = broken.join("\n");
            assert!(broken.is_empty(), "seed {seed}\n\n{declarations}\n{query}\n\n{broken}");
        }
    }
}

/// The whole program of a case: codebook and declarations.
fn whole(case: &RandomCase, declarations: &str) -> Program {
    text::program(&format!("{}\n{declarations}", case.codebook))
}

/// What the oracle answers.
fn oracle(case: &RandomCase, declarations: &str, query: &str) -> Vec<Cell> {
    evaluate(&whole(case, declarations), &case.data, &text::query(query))
}

#[test]
fn the_order_in_which_rows_lie_does_not_matter() {
    hold(|case, declarations, query| {
        let program = whole(case, declarations);
        let query = text::query(query);
        let mut turned = case.data.clone();
        turned.records.values_mut().for_each(|rows| rows.reverse());
        differences(&evaluate(&program, &case.data, &query), &evaluate(&program, &turned, &query))
    });
}

#[test]
fn everyone_stands_under_one_gender_or_under_missing() {
    hold(|case, declarations, query| {
        let program = whole(case, declarations);
        let gender = text::query("measure a in 2025 by gender").by;
        let query = Query { by: gender, ..text::query(query) };
        let cells = evaluate(&program, &case.data, &query);
        let totals = cells.iter().filter(|cell| cell.groups.iter().all(|(_, at)| at.is_none()));
        let broken = totals.filter(|total| {
            let parts = cells
                .iter()
                .filter(|cell| cell.measure == total.measure && cell.groups != total.groups);
            let parts: Vec<_> = parts.collect();
            let sum = |size: fn(&Cell) -> f64| parts.iter().map(|part| size(part)).sum::<f64>();
            let sizes: [fn(&Cell) -> f64; 3] = [
                |cell| cell.unknown,
                |cell| cell.numerator.unwrap_or(0.0),
                |cell| cell.denominator.unwrap_or(0.0),
            ];
            sizes.iter().any(|size| (sum(*size) - size(total)).abs() > 1e-9)
        });
        broken.map(|total| format!("{total:?}")).collect()
    });
}
