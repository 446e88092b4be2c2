//! What lexes to what.

use interplay_diagnostic::SourceId;

use super::{Place, TokenKind, lex};

#[track_caller]
fn check(text: &str, kinds: &[TokenKind]) {
    let (tokens, problems) = lex(SourceId(0), text);
    let found: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
    assert_eq!(found, kinds, "{text}");
    assert!(problems.is_empty(), "{text}: {problems:?}");
}

#[track_caller]
fn check_problem(text: &str, kinds: &[TokenKind], code: &str, help: &str) {
    let (tokens, problems) = lex(SourceId(0), text);
    let found: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
    assert_eq!(found, kinds, "{text}");
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [code], "{text}");
    let helps: Vec<&String> = problems.iter().flat_map(|problem| &problem.helps).collect();
    assert!(helps.iter().any(|line| line.contains(help)), "{text}: {helps:?}");
}

#[test]
fn times_are_written_without_spaces() {
    use TokenKind::{Date, DotDot, Minus, MonthDay, Number, Period};
    check("2025-01-31", &[Date]);
    check("2024-02-29", &[Date]);
    check("2025-Q1 2025-03 2025-W05 2026-W53", &[Period, Period, Period, Period]);
    check("09-01", &[MonthDay]);
    check("2023 .. 2025", &[Number, DotDot, Number]);
    check("2023..2025", &[Number, DotDot, Number]);
    check("2025 - 13", &[Number, Minus, Number]);
    check("100-5 0.25", &[Number, Minus, Number, Number]);
}

#[test]
fn what_does_not_exist_is_a_problem_that_offers_what_is_near() {
    use TokenKind::{Date, MonthDay, Period};
    check_problem("2025-02-31", &[Date], "impossible-date", "2025-02-28");
    check_problem("2025-02-31", &[Date], "impossible-date", "2025 - 02 - 31");
    check_problem("2025-13", &[Period], "impossible-date", "2025 - 13");
    check_problem("2025-Q5", &[Period], "impossible-date", "2025-Q1");
    check_problem("2025-W53", &[Period], "impossible-date", "2025-W05");
    check_problem("30-10", &[MonthDay], "impossible-date", "30 - 10");
    check_problem("2025-q1", &[Period], "foreign-date", "2025-Q1");
    check_problem("2025-1-5", &[Date], "foreign-date", "2025-01-05");
    check_problem("31/01/2025", &[Date], "foreign-date", "2025-01-31");
    check_problem("03.04.2025", &[Date], "foreign-date", "`2025-04-03` or `2025-03-04`");
    check_problem("2023-2025", &[Period], "foreign-date", "2023 .. 2025");
}

#[test]
fn habits_are_answered_and_read_as_what_is_meant() {
    use TokenKind::{AndSign, Comment, Equal, GreaterOrEqual, Name, OrSign, Text};
    check_problem("a == b", &[Name, Equal, Name], "foreign-sign", "`is`");
    check_problem("a <> b", &[Name, Equal, Name], "foreign-sign", "`is not`");
    check_problem("a != b", &[Name, Equal, Name], "foreign-sign", "`is not`");
    check_problem("a && b", &[Name, AndSign, Name], "foreign-sign", "`and`");
    check_problem("a || b", &[Name, OrSign, Name], "foreign-sign", "`or`");
    check_problem("a ≥ b", &[Name, GreaterOrEqual, Name], "foreign-sign", "`>=`");
    check_problem("a; b", &[Name, Name], "foreign-sign", "`,`");
    check_problem("'North ward'", &[Text], "foreign-quotes", "\"…\"");
    check_problem("“North ward”", &[Text], "foreign-quotes", "\"…\"");
    check_problem("a // b", &[Name, Comment], "foreign-comment", "`#`");
}

#[test]
fn text_that_no_rule_knows_is_one_problem_a_run() {
    use TokenKind::Name;
    check_problem("a @@@ b", &[Name, Name], "unknown-text", "backticks");
    check_problem("a \u{0}\u{1}\u{2} b", &[Name, Name], "unknown-text", "backticks");
    check_problem("a \"open\nb", &[Name, TokenKind::Text, Name], "open-text", "close it");
    check_problem("a \"c:\\d\"", &[Name, TokenKind::Text], "unknown-escape", "`\\\\`");
}

#[test]
fn a_table_is_lexed_as_lines_of_free_text() {
    use TokenKind::{Bar, Cell, CloseBrace, Comment, Name, OpenBrace};
    let text = "given stay from harbour { # rows\n  person | note\n  \n\n  ann | it's #3 == !  # odd\n  \
                bob |\n  # last\n}\nnext";
    let kinds = [
        Name, Name, Name, Name, OpenBrace, Comment, Cell, Bar, Cell, Cell, Bar, Cell, Comment,
        Cell, Bar, Cell, Comment, CloseBrace, Name,
    ];
    check(text, &kinds);
    let (tokens, _) = lex(SourceId(0), text);
    let cell = |index: usize| {
        let span = tokens[index].span;
        text.get(span.start as usize..span.end as usize).unwrap()
    };
    assert_eq!([cell(9), cell(11), cell(13), cell(15)], ["ann", "it's #3 == !", "bob", ""]);
    assert_eq!(tokens[9].place, Place::LineStart);
    assert_eq!(tokens[17].place, Place::ColumnOne);
}

#[test]
fn a_statement_in_column_one_ends_a_table_that_is_not_closed() {
    use TokenKind::{CloseBrace, Name, OpenBrace};
    let (tokens, _) = lex(SourceId(0), "given stay {\n  a | b\nindicator reach {}");
    let last: Vec<TokenKind> = tokens.iter().rev().take(4).map(|token| token.kind).collect();
    assert_eq!(last, [CloseBrace, OpenBrace, Name, Name]);
}
