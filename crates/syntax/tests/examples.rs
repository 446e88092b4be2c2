//! The examples of the language parse, every one, and mean what they say.

use interplay_diagnostic::{SourceId, Sources, render};
use interplay_syntax::{parse, print};

const EXAMPLES: &[(&str, &str)] = &[
    ("coalition", include_str!("examples/coalition.interplay")),
    ("organisation", include_str!("examples/organisation.interplay")),
    ("derived", include_str!("examples/derived.interplay")),
    ("queries", include_str!("examples/queries.interplay")),
];

#[test]
fn every_example_parses() {
    for (name, text) in EXAMPLES {
        let mut sources = Sources::new();
        let source = sources.add(*name, *text);
        let (program, problems) = parse(source, text);
        assert!(problems.is_empty(), "{}", render(&problems, &sources, false));
        assert!(!program.statements.is_empty(), "{name}");
    }
}

#[test]
fn every_example_is_printed_and_read_back_as_the_same_tree() {
    for (name, text) in EXAMPLES {
        let (program, _) = parse(SourceId(0), text);
        let printed = print(&program);
        let (again, problems) = parse(SourceId(0), &printed);
        assert!(problems.is_empty(), "{name}: {problems:?}\n{printed}");
        assert!(program == again, "{name}\n{printed}");
        assert_eq!(print(&again), printed, "{name}");
    }
}
