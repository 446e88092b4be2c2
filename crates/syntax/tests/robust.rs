//! No text brings the lexer, the parser or the formatter down, and what one mistake spoils is
//! small.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "helpers of tests may fail loudly")]

use std::time::{Duration, Instant};

use interplay_diagnostic::{Diagnostic, SourceId, Sources, render};
use interplay_syntax::{completeness, lex, parse, parse_expression, print};

const EXAMPLES: &[&str] = &[
    include_str!("examples/coalition.interplay"),
    include_str!("examples/organisation.interplay"),
    include_str!("examples/derived.interplay"),
    include_str!("examples/queries.interplay"),
];

/// The generator of Marsaglia (2003), so that every run tries the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

/// Everything that can be done with a text. What is read without a problem is printed and read
/// back as the same tree.
fn try_all(text: &str) {
    let mut sources = Sources::new();
    let source = sources.add("text", text);
    let (tokens, _) = lex(source, text);
    for pair in tokens.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "{text}");
    }
    let (program, problems) = parse(source, text);
    assert!(!render(&problems, &sources, false).is_empty() || problems.is_empty());
    let printed = print(&program);
    if problems.is_empty() {
        let (again, problems) = parse(source, &printed);
        assert!(problems.is_empty(), "{text}\n---\n{printed}\n{problems:?}");
        assert!(program == again, "{text}\n---\n{printed}");
        assert_eq!(print(&again), printed, "{text}");
    }
    drop(parse_expression(source, text));
    assert_eq!(completeness(text), completeness(text));
}

/// The words, signs and spaces of the examples.
fn pieces() -> Vec<String> {
    let mut pieces = Vec::new();
    for text in EXAMPLES {
        let (tokens, _) = lex(SourceId(0), text);
        for token in tokens {
            let (start, end) = (token.span.start as usize, token.span.end as usize);
            pieces.push(text[start..end].to_owned());
        }
    }
    let more = ["\n", "\n", "\n  ", "{", "}", "(", ")", "the 2nd", "best", "by", "union", "09-01"];
    pieces.extend(more.map(str::to_owned));
    pieces.extend(["not", "# remark\n", "## docs\n", "-", "?", "choose", "->"].map(str::to_owned));
    pieces.sort();
    pieces.dedup();
    pieces
}

#[test]
fn any_bytes_can_be_tried() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..800 {
        let length = random.below(120);
        let bytes: Vec<u8> =
            (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
        try_all(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn any_soup_of_tokens_can_be_tried() {
    let pieces = pieces();
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    for _ in 0..1500 {
        let length = random.below(60);
        let mut text = String::new();
        for _ in 0..length {
            text.push_str(&pieces[random.below(pieces.len())]);
            text.push_str([" ", " ", " ", "\n  ", "\n", ""][random.below(6)]);
        }
        try_all(&text);
    }
}

#[test]
fn examples_with_pieces_lost_added_or_swapped_can_be_tried() {
    let pieces = pieces();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for round in 0..400 {
        let text = EXAMPLES[round % EXAMPLES.len()];
        let (tokens, _) = lex(SourceId(0), text);
        let place = tokens[random.below(tokens.len())].span;
        let (before, after) = (&text[..place.start as usize], &text[place.end as usize..]);
        let piece = &pieces[random.below(pieces.len())];
        let changed = match random.below(3) {
            0 => format!("{before}{after}"),
            1 => format!("{before}{piece}{after}"),
            _ => format!("{before}{piece} {}", &text[place.start as usize..]),
        };
        try_all(&changed);
    }
}

#[test]
fn deep_and_long_texts_are_refused_rather_than_suffered() {
    let start = Instant::now();
    for (open, close) in
        [("(", ")"), ("not ", ""), ("-", ""), ("{ a: ", " }"), ("f(", ")"), ("any ", "")]
    {
        let text = format!("define a of b = {}x{}", open.repeat(2000), close.repeat(5000));
        let (_, problems) = parse(SourceId(0), &text);
        assert!(problems.iter().any(|problem| problem.code == "too-deep"), "{open}: {problems:?}");
        try_all(&text);
    }
    for chain in [" + x", " and x", ".x", " union x", " during x", " .. x", " between 1 and x"] {
        let text = format!("define a of b = x{}", chain.repeat(2000));
        let (_, problems) = parse(SourceId(0), &text);
        assert!(!problems.is_empty(), "{chain}");
        try_all(&text);
    }
    let blocks = format!("test \"a\" {}{}", "{ a ".repeat(2000), "}".repeat(5000));
    try_all(&blocks);
    try_all(&"indicator a { where: (b and ".repeat(1000));
    try_all(&format!("define a of b = {}", "choose { a -> ".repeat(1000)));
    try_all(&format!("define a of b = {}", "choose { a -> ( ".repeat(1000)));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

fn problems(text: &str) -> Vec<Diagnostic> {
    parse(SourceId(0), text).1
}

#[test]
fn seven_mistakes_in_five_declarations_are_seven_problems() {
    let text = "\
indicator a \"A\" {
  among: (b and
  share: any c == d
  better higher
}

record stay of person during arrived until left { arrived: date  left: 5 }

define intake of person = first contact where

test \"t\" {
  given stay from a {
    person | arrived
    ann    | 2025-01-01 | more
  }
  expect: measure a in 2025-02-31 is 5
}

indicator good \"Good\" { count: b }
";
    let (program, problems) = parse(SourceId(0), text);
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    let expected =
        ["syntax", "foreign-sign", "syntax", "syntax", "syntax", "table-width", "impossible-date"];
    assert_eq!(codes, expected, "{problems:?}");
    assert_eq!(program.statements.len(), 4);
}

#[test]
fn problems_speak_the_words_of_the_author() {
    let cases = [
        ("SELECT * FROM stays", "foreign-query", "`measure`"),
        ("indicater a { count: b }", "unknown-declaration", "`indicator`"),
        ("measure a by year in 2025", "query-order", "the order is"),
        ("target youth of person { where: a }", "syntax", "`target group`"),
        ("record a abut b { }", "unknown-header", "`at`"),
        ("indicator \"A\" { }", "syntax", "only a test"),
        ("indicator a {\ncount: b\n}", "not-indented", "column one"),
        ("indicator a { count: b", "open-block", ""),
        ("indicator a { among: place is in (b, c) }", "syntax", "`in` alone"),
        ("indicator a { among: age at start of period + 1 }", "syntax", "parentheses"),
        ("indicator a { among: b AND c }", "foreign-word", "`and`"),
        ("count: b", "syntax", "`{` and `}`"),
    ];
    for (text, code, help) in cases {
        let found = problems(text);
        assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [code], "{text}");
        let helps = found[0].helps.join("; ");
        assert!(helps.contains(help), "{text}: {helps}");
    }
}

#[test]
fn a_selection_inside_a_condition_shows_both_readings() {
    let cases = [
        (
            "share: any contact where kind is a and gender is f",
            [
                "`any (contact where kind is a) and gender is f`",
                "`any (contact where kind is a and gender is f)`",
            ],
        ),
        (
            "share: count of contact where kind is a >= 2",
            [
                "`count of (contact where kind is a) >= …`",
                "`count of (contact where kind is a >= …)`",
            ],
        ),
        (
            "share: x and any contact where kind is a",
            ["`any (contact where kind is a)`", "`(any contact) where kind is a`"],
        ),
    ];
    for (clause, readings) in cases {
        let found = problems(&format!("indicator a {{ {clause} }}"));
        assert_eq!(found.len(), 1, "{clause}: {found:?}");
        assert_eq!(found[0].code, "two-readings", "{clause}");
        for reading in readings {
            assert!(
                found[0].helps.iter().any(|help| help.contains(reading)),
                "{:?}",
                found[0].helps
            );
        }
    }
}

#[test]
fn comments_stay_where_they_were() {
    let text = "\
# The file.

# About the group.
## What it is.
target group a of person {  # after the brace
  # Above a clause.
  where: b      # beside it
    and c       # inside it
  # At the end.
}  # after it

test \"t\" {
  given stay from b {  # after the brace of a table
    # Above the columns.
    person | arrived
    # Above a row.
    ann    | 2025-01-01  # beside it
    # At the end of the table.
  }
}

# At the end of the file.
";
    let (program, problems) = parse(SourceId(0), text);
    assert!(problems.is_empty(), "{problems:?}");
    let printed = print(&program);
    let words = |text: &str| {
        let mut words: Vec<String> = text
            .lines()
            .filter_map(|line| line.split_once('#'))
            .map(|(_, said)| said.trim_matches(['#', ' ']).to_owned())
            .collect();
        words.sort();
        words
    };
    assert_eq!(words(&printed), words(text), "{printed}");
    let expected = "\
# The file.

# About the group.
## What it is.
target group a of person {  # after the brace
  # Above a clause.
  where: b  # beside it
    and c   # inside it
  # At the end.
}  # after it

test \"t\" {
  # after the brace of a table
  # Above the columns.
  given stay from b {
    person | arrived
    # Above a row.
    ann    | 2025-01-01  # beside it
    # At the end of the table.
  }
}

# At the end of the file.
";
    assert_eq!(printed, expected);
}
