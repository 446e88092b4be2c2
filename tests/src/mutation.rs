//! Programs of the cases with words lost, added or swapped: whatever comes of it is checked, its
//! problems are shown, and nothing breaks.

use std::path::Path;

use interplay_diagnostic::SourceId;
use interplay_syntax::lex;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::case::{Case, files_with_ending};
use crate::engine;

/// Checks so many changed programs of the cases under `folder`.
///
/// # Panics
///
/// When one of them brings the checker down.
pub fn check_all(folder: &Path, rounds: u32) {
    let files = files_with_ending(folder, "case");
    let programs: Vec<String> = files.iter().filter_map(|path| program(path)).collect();
    let words: Vec<String> = programs.iter().flat_map(|text| words(text)).collect();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..rounds {
        let mut text = programs[random.random_range(0..programs.len())].clone();
        for _ in 0..random.random_range(1..4) {
            text = changed(&text, &words, &mut random);
        }
        // The text of its problems is made too.
        let _shown = engine::diagnostics(&text).text();
    }
}

/// The program of a case, with its query.
fn program(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let case = Case::read(path, &text);
    let program = case.section("program").filter(|program| program.len() < 4_000)?;
    Some(format!("{program}\n{}", case.section("query").unwrap_or_default()))
}

fn words(text: &str) -> Vec<String> {
    let word = |(start, end)| text.get(start..end).unwrap_or_default().to_owned();
    places(text).into_iter().map(word).collect()
}

fn places(text: &str) -> Vec<(usize, usize)> {
    let (tokens, _) = lex(SourceId(0), text);
    tokens.iter().map(|token| (token.span.start as usize, token.span.end as usize)).collect()
}

fn changed(text: &str, words: &[String], random: &mut ChaCha8Rng) -> String {
    let places = places(text);
    if places.is_empty() {
        return text.to_owned();
    }
    let (start, end) = places[random.random_range(0..places.len())];
    let word = &words[random.random_range(0..words.len())];
    let before = text.get(..start).unwrap_or_default();
    let (from, after) = (text.get(start..), text.get(end..).unwrap_or_default());
    match random.random_range(0..3) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{word}{after}"),
        _ => format!("{before}{word} {}", from.unwrap_or_default()),
    }
}
