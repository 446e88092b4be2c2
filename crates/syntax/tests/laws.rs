//! What is printed is read back as the same tree, over random programs made by the grammar.

use interplay_diagnostic::SourceId;
use interplay_syntax::{parse, print};

/// Words that begin a declaration whose block holds clauses of any form.
const KINDS: &[&str] = &[
    "bridge",
    "codes",
    "contribution rule",
    "disclosure",
    "library",
    "organisation",
    "parameter",
    "periods",
    "report",
    "subject",
    "target group",
    "timeline",
];

/// What may stand between the name of a declaration and its block.
const HEADERS: &[&str] = &[
    "\"Reached\" nl \"Bereikt\"",
    "\"A \\\"title\\\"\"",
    "version \"2.1.0\"",
    "of person",
    "for stay",
    "from enrolment",
    "from enrolment per household",
    "is head, kind",
    "at day",
    "during arrived until left",
    "without overlap",
    "anonymous",
    "once",
    "once by latest",
    "once by organisations a, b",
    "in EUR",
    "in EUR per month",
    "every quarter",
    "starts 09-01",
];

/// The generator of Marsaglia (2003), so that every run tries the same programs.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap_or_default()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    /// Spaces, and now and then a line end with a comment.
    fn gap(&mut self) -> &'static str {
        let line = "\n    ";
        match self.below(30) {
            0 => line,
            1 => "  # beside\n    ",
            2 => "\n    # above\n    ",
            3 => "\n\n    ",
            _ => " ",
        }
    }

    fn name(&mut self) -> String {
        self.one(&["stay", "contact", "kind", "intake.day", "período", "start", "other", "day"])
            .to_owned()
    }

    fn duration(&mut self) -> String {
        format!("{} {}", self.below(20), self.one(&["day", "days", "months", "years"]))
    }

    fn date(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => "2025-01-31".to_owned(),
            1 => "start of period".to_owned(),
            2 => "last day of 2025-Q1".to_owned(),
            3 => "intake.day".to_owned(),
            4 => format!("intake.day + {}", self.duration()),
            5 => format!("{} after {}", self.duration(), self.date(depth - 1)),
            6 => format!("({})", self.value(depth - 1)),
            _ => format!("{} before end of previous period", self.duration()),
        }
    }

    fn period(&mut self, depth: usize) -> String {
        match self.below(11) {
            0 => "2025".to_owned(),
            1 => "2023 .. 2025-Q2".to_owned(),
            2 => "last 4 quarters".to_owned(),
            3 => "year to date".to_owned(),
            4 => format!("the {} before {}", self.duration(), self.date(depth)),
            5 => format!("{} .. {}", self.date(depth), self.date(depth)),
            6 => "quarter 2 of period".to_owned(),
            7 => "school_year 2024".to_owned(),
            8 => "campaign winter".to_owned(),
            9 => "school_year 1 of week to date".to_owned(),
            _ => "period".to_owned(),
        }
    }

    fn timing(&mut self, depth: usize) -> String {
        let edge = self.one(&["", "", "starting ", "ending "]);
        match self.below(10) {
            0 => format!("during {}", self.period(depth)),
            1 => format!("overlapping {}", self.period(depth)),
            2 => format!("within {}", self.period(depth)),
            3 => format!("starting in {}", self.period(depth)),
            4 => format!("{edge}on or before {}", self.date(depth)),
            5 => format!("{edge}within {} of {}", self.duration(), self.date(depth)),
            6 => {
                let (low, high) = (self.duration(), self.duration());
                format!("{edge}between {low} and {high} after {}", self.date(depth))
            }
            7 => format!("{edge}between 2025-01-01 and {}", self.date(depth)),
            8 => format!("as of {}", self.date(depth)),
            _ => self.one(&["at level district", "at period", "from day", "until day"]).to_owned(),
        }
    }

    fn rows(&mut self, depth: usize) -> String {
        let timing = if self.below(2) == 0 { self.timing(depth) } else { String::new() };
        let gap = self.gap();
        match self.below(3) {
            0 => format!("stay {timing}"),
            _ if depth == 0 => "contact".to_owned(),
            1 => format!("(stay {timing}{gap}where {})", self.condition(depth - 1)),
            _ => format!("(contact where {}) {timing}", self.condition(depth - 1)),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let gap = self.gap();
        let deeper = depth.saturating_sub(1);
        match self.below(if depth == 0 { 3 } else { 11 }) {
            0 => format!("kind is {}", self.one(&["first", "no", "intake", "missing", "where"])),
            1 => format!("{} not in (a, last, c)", self.name()),
            2 => format!("{} between 1 and 3", self.name()),
            3 | 4 => {
                let join = self.one(&["and", "or"]);
                format!("{}{gap}{join} {}", self.condition(deeper), self.condition(deeper))
            }
            5 => format!("not {}", self.condition(deeper)),
            6 => format!("({gap}{})", self.condition(deeper)),
            7 | 8 => {
                let quantifier = self.one(&["any", "no", "every", "any other", "no other"]);
                format!("{quantifier} {}", self.rows(deeper))
            }
            9 => format!("{} is not missing", self.value(deeper)),
            _ => {
                let sign = self.one(&["=", "<", ">", "<=", ">="]);
                format!("{}{gap}{sign} {}", self.value(deeper), self.value(deeper))
            }
        }
    }

    fn value(&mut self, depth: usize) -> String {
        let gap = self.gap();
        let deeper = depth.saturating_sub(1);
        match self.below(if depth == 0 { 5 } else { 14 }) {
            0 => self.name(),
            1 => {
                self.one(&["12", "0.5", "42%", "10 EUR", "2025-W05", "09-01", "unknown"]).to_owned()
            }
            2 => self.one(&["\"a \\\"b\\\\\"", "`Client # nr.`", "\"\"", "missing"]).to_owned(),
            3 => self.date(deeper),
            4 => "age at start of period".to_owned(),
            5 => {
                let sign = self.one(&["+", "-", "*", "/", "union", "minus", "intersect"]);
                format!("{}{gap}{sign} {}", self.value(deeper), self.value(deeper))
            }
            6 => format!("({gap}{})", self.value(deeper)),
            7 => format!("-{}", self.value(deeper)),
            8 => format!("band({},{gap}to: {})", self.value(deeper), self.value(deeper)),
            9 => format!(
                "{} of {}",
                self.one(&["count", "nights", "sum of minutes"]),
                self.rows(deeper)
            ),
            10 => {
                format!("({} {}).left", self.one(&["first", "last", "the 2nd"]), self.rows(deeper))
            }
            11 => format!(
                "recode(`a`,{gap}{{ \"x\": {}, 2023: b else: missing }})",
                self.value(deeper)
            ),
            12 => self.choose(deeper),
            _ => format!("(best {} by (score descending, day))", self.rows(deeper)),
        }
    }

    fn choose(&mut self, depth: usize) -> String {
        let mut rows = String::new();
        for _ in 0..self.below(4) {
            let end = self.one(&[",", "\n    ", ",\n    "]);
            let row = format!("{} -> {}{end}", self.condition(depth), self.value(depth));
            rows.push_str(&row);
        }
        format!("choose {{ {rows} else -> {} }}", self.value(depth))
    }

    fn query(&mut self, depth: usize) -> String {
        let mut text =
            self.one(&["measure reach, a.b", "list indicators", "paths to reach"]).to_owned();
        let mut part = |random: &mut Self, word: &str, item: String| {
            if random.below(2) == 0 {
                text.extend([random.gap(), word, " ", &item]);
            }
        };
        let named = format!("periods {{ a: {}, winter: 2026-01-31 }}", self.period(depth));
        let period = if self.below(4) == 0 { named } else { self.period(depth) };
        part(self, "in", period);
        let by = self.one(&["year", "year, any of (a, b)", "each of (a, b.c), month"]).to_owned();
        part(self, "by", by);
        let condition = self.condition(depth);
        part(self, "where", condition);
        part(self, "using", "all".to_owned());
        let other = match self.below(5) {
            0 => "same period last year".to_owned(),
            1 => "previous".to_owned(),
            2 => "previous quarter".to_owned(),
            3 => "target".to_owned(),
            _ => self.period(depth),
        };
        part(self, "compare", other);
        part(self, "as", "csv".to_owned());
        text
    }

    /// A declaration of any kind, with any headers and clauses.
    fn declaration(&mut self, depth: usize) -> String {
        let kind = self.one(KINDS);
        let mut text = format!("{kind} a.b");
        for _ in 0..self.below(4) {
            let header = self.one(HEADERS);
            text.extend([self.gap(), header]);
        }
        if self.below(5) == 0 {
            text.extend([" where ", &self.condition(depth)]);
        }
        if self.below(8) == 0 {
            return text;
        }
        text.push_str(" {");
        for _ in 0..self.below(4) {
            let item = match self.below(10) {
                0 => format!("change: from {} to {}", self.value(depth), self.date(depth)),
                1 => "groups { a: b, c  d: e }".to_owned(),
                2 => format!("support contact {{ weight: {} }}", self.value(depth)),
                3 => format!("2023-01-01: {}", self.value(depth)),
                4 => format!("2024: 42%{}2025-Q1: 3,", self.gap()),
                5 => format!("\"text\": {} \"why\"", self.value(depth)),
                6 => "for window: 180 days, 365 days".to_owned(),
                7 => format!("show: {}", self.query(depth)),
                8 => format!("home: \"A home\" nl \"Een thuis\"{}pt_BR \"Casa\"", self.gap()),
                _ => format!("where: {}", self.condition(depth)),
            };
            text.extend([self.gap(), &item]);
        }
        text + self.gap() + "}"
    }

    fn statement(&mut self) -> String {
        let comment = self.one(&["", "", "# About it.\n", "# One.\n\n## What it is.\n"]);
        let (gap, depth) = (self.gap(), self.below(4));
        let statement = match self.below(9) {
            6 | 7 => self.declaration(depth),
            0 => format!("define a of person{gap}= {}", self.value(depth)),
            1 => format!(
                "indicator a \"A\" {{ among: b where {}{gap}share: {} \"title\" }}",
                self.condition(depth),
                self.condition(depth)
            ),
            2 => {
                format!("record a of person {{ x: date of birth?{gap}y: number in min, z: area }}")
            }
            3 => format!(
                "test \"a\" {{\n  given a from b {{\n  c | d # e\n  # f\n   | 1 # 2\n  }}\n  \
                          with p: 1{gap}for each {{ # g\n  x | y\n  2 |\n  }}\n  \
                          expect problem: a-b in \"c\"{gap}expect: {} {}{gap}}}",
                self.query(depth),
                self.one(&[
                    "is 3",
                    "is about 1/3 within 1%",
                    "≈ x within 2",
                    "is { f: 1, total: 2 }"
                ])
            ),
            4 => format!(
                "source a.b for c {{ from: csv(\"x\"){gap}map {{ a: {}, 2025: 1, 2 }} 3: -1 \"t\" }}",
                self.value(depth)
            ),
            _ => self.query(depth),
        };
        format!("{comment}{statement}{}\n", self.one(&["", "", "  # beside"]))
    }
}

#[test]
fn random_programs_are_printed_and_read_back_as_the_same_tree() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut whole = 0;
    let rounds = 3000;
    for _ in 0..rounds {
        let text: String = (0..=random.below(3)).map(|_| random.statement()).collect();
        let (program, problems) = parse(SourceId(0), &text);
        // Some put a selection where it can be read in two ways.
        if !problems.is_empty() {
            continue;
        }
        whole += 1;
        let printed = print(&program);
        let (again, problems) = parse(SourceId(0), &printed);
        assert!(problems.is_empty(), "{text}\n---\n{printed}\n{problems:?}");
        assert!(program == again, "{text}\n---\n{printed}");
        assert_eq!(print(&again), printed, "{text}");
    }
    assert!(whole * 3 > rounds * 2, "only {whole} of {rounds} could be read");
}
