//! What is laid out is read back as the same tree, and laid out again it stays as it is.
#![no_main]

use interplay_diagnostic::SourceId;
use interplay_syntax::{parse, print};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (program, problems) = parse(SourceId(0), text);
    let printed = print(&program);
    if problems.is_empty() {
        let (again, problems) = parse(SourceId(0), &printed);
        assert!(problems.is_empty(), "{printed}\n{problems:?}");
        assert!(program == again, "{printed}");
        assert_eq!(print(&again), printed);
    }
});
