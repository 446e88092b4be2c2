//! How long `interplay fmt` works on 10,000 lines: reading them into a tree, and laying it out.
#![expect(clippy::print_stdout, reason = "what is measured is printed")]

use std::time::{Duration, Instant};

use interplay_diagnostic::SourceId;
use interplay_syntax::{parse, print};

/// Rule files of every shape the grammar has.
const RULES: &[&str] = &[
    include_str!("../crates/syntax/tests/examples/coalition.interplay"),
    include_str!("../crates/syntax/tests/examples/organisation.interplay"),
    include_str!("../crates/syntax/tests/examples/derived.interplay"),
    include_str!("../crates/syntax/tests/examples/queries.interplay"),
];

const LINES: usize = 10_000;
const RUNS: usize = 25;

fn main() {
    let mut text = String::new();
    let mut lines = 0;
    for rules in RULES.iter().cycle() {
        if lines >= LINES {
            break;
        }
        text.push_str(rules);
        text.push('\n');
        lines += rules.lines().count() + 1;
    }
    let mut runs: Vec<(Duration, Duration)> = (0..RUNS).map(|_| run(&text)).collect();
    runs.sort_by_key(|(read, laid)| *read + *laid);
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    for (name, at) in [("best", 0), ("median", RUNS / 2)] {
        let (read, laid) = runs.get(at).copied().unwrap_or_default();
        println!(
            "{lines} lines, {} bytes, {name} of {RUNS}: {:.1} ms (read {:.1}, laid out {:.1})",
            text.len(),
            ms(read + laid),
            ms(read),
            ms(laid),
        );
    }
}

/// How long reading and laying out took.
fn run(text: &str) -> (Duration, Duration) {
    let start = Instant::now();
    let (program, problems) = parse(SourceId(0), text);
    let read = start.elapsed();
    let printed = print(&program);
    let laid = start.elapsed() - read;
    assert!(problems.is_empty() && printed.len() > text.len() / 2, "{problems:?}");
    (read, laid)
}
