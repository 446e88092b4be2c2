//! What expressions and queries mean: each with the brackets it stands for.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use interplay_diagnostic::{SourceId, Spanned};
use interplay_syntax::tree::{
    Body, Direction, Expr, Item, ItemKind, Program, Query, Relation, StatementKind, Timing, Value,
};
use interplay_syntax::{parse, parse_expression};

/// `expr` with a bracket around every part that has parts.
#[expect(clippy::too_many_lines, reason = "one arm a form")]
fn shape(expr: &Spanned<Expr>) -> String {
    let all = |items: &[Spanned<Expr>]| items.iter().map(shape).collect::<Vec<_>>().join(" ");
    match &expr.item {
        Expr::Number(text) => text.clone(),
        Expr::Name(text) => text.clone(),
        Expr::Date(text) => format!("date:{text}"),
        Expr::Period(text) => format!("period:{text}"),
        Expr::MonthDay(text) => format!("day:{text}"),
        Expr::Text(text) => format!("{text:?}"),
        Expr::Column(text) => format!("`{text}`"),
        Expr::Quantity { number, unit } => format!("{number}_{}", unit.item),
        Expr::Missing => "MISSING".to_owned(),
        Expr::Unknown => "UNKNOWN".to_owned(),
        Expr::ToDate(unit) => format!("{}-TO-DATE", unit.item.to_uppercase()),
        Expr::PeriodOf { kind, which } => format!("{}-{}", kind.item, which.item),
        Expr::LastPeriods { count, unit } => format!("LAST-{}-{}", count.item, unit.item),
        Expr::Field { base, field } => format!("{}.{}", shape(base), field.item),
        Expr::Call { function, arguments } => {
            let argument = arguments.iter().map(|argument| shape(&argument.value));
            format!("{}({})", function.item, argument.collect::<Vec<_>>().join(", "))
        }
        Expr::List(items) => format!("[list {}]", all(items)),
        Expr::Parenthesised(inner) => format!("({})", shape(inner)),
        Expr::Map(rows) => {
            let rows = rows.iter().map(|row| format!("{:?}={}", row.key.item, shape(&row.value)));
            format!("[map {}]", rows.collect::<Vec<_>>().join(" "))
        }
        Expr::Choose(rows) => {
            let row = |row: &interplay_syntax::tree::ChooseRow| {
                let condition = row.condition.as_ref().map_or("else".to_owned(), shape);
                format!("{condition} -> {}", shape(&row.value))
            };
            format!("[choose {}]", rows.iter().map(row).collect::<Vec<_>>().join("; "))
        }
        Expr::Binary { operator, left, right } => {
            format!("[{operator:?} {} {}]", shape(left), shape(right))
        }
        Expr::Not(operand) => format!("[not {}]", shape(operand)),
        Expr::Negative(operand) => format!("[- {}]", shape(operand)),
        Expr::Compare { comparison, left, right } => {
            format!("[{comparison:?} {} {}]", shape(left), shape(right))
        }
        Expr::Is { left, negated, right } => {
            format!("[is{} {} {}]", not(*negated), shape(left), shape(right))
        }
        Expr::In { left, negated, right } => {
            format!("[in{} {} {}]", not(*negated), shape(left), shape(right))
        }
        Expr::Between { value, negated, low, high } => {
            format!("[between{} {} {} {}]", not(*negated), shape(value), shape(low), shape(high))
        }
        Expr::Range { from, to } => format!("[.. {} {}]", shape(from), shape(to)),
        Expr::Relative { duration, direction, anchor } => {
            format!("[{} {} {}]", way(*direction), shape(duration), shape(anchor))
        }
        Expr::ThePeriod { duration, direction, anchor } => {
            format!("[the-period {} {} {}]", way(*direction), shape(duration), shape(anchor))
        }
        Expr::Of { word, operand, known_only } => {
            let known = if *known_only { " known" } else { "" };
            format!("[{}-of {}{known}]", word.item.replace(' ', "-"), shape(operand))
        }
        Expr::Quantified { quantifier, operand } => {
            format!("[{:?} {}]", quantifier.item, shape(operand))
        }
        Expr::Best { operand, by } => {
            let keys = by.iter().map(|key| format!("{}:{}", key.field.item, key.descending));
            format!("[best {} {}]", shape(operand), keys.collect::<Vec<_>>().join(" "))
        }
        Expr::Where { rows, condition } => format!("[where {} {}]", shape(rows), shape(condition)),
        Expr::Timed { operand, timing } => format!("[{} {}]", shape(operand), when(&timing.item)),
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "-not" } else { "" }
}

fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Before => "before",
        Direction::After => "after",
        Direction::Around => "around",
    }
}

fn when(timing: &Timing) -> String {
    match timing {
        Timing::During(span) => format!("during {}", shape(span)),
        Timing::Overlapping(span) => format!("overlapping {}", shape(span)),
        Timing::Within(span) => format!("within {}", shape(span)),
        Timing::EdgeIn { edge, period } => format!("{edge:?} in {}", shape(period)),
        Timing::Relation { edge: None, relation } => how(relation),
        Timing::Relation { edge: Some(edge), relation } => format!("{edge:?} {}", how(relation)),
        Timing::AsOf(date) => format!("as-of {}", shape(date)),
        Timing::At(date) => format!("at {}", shape(date)),
        Timing::AtLevel(level) => format!("at-level {}", level.item),
        Timing::AtTree(date) => format!("at-tree {}", shape(date)),
        Timing::From(date) => format!("from {}", shape(date)),
        Timing::Until(date) => format!("until {}", shape(date)),
    }
}

fn how(relation: &Relation) -> String {
    match relation {
        Relation::Before(date) => format!("before {}", shape(date)),
        Relation::After(date) => format!("after {}", shape(date)),
        Relation::OnOrBefore(date) => format!("on-or-before {}", shape(date)),
        Relation::OnOrAfter(date) => format!("on-or-after {}", shape(date)),
        Relation::Within { duration, direction, anchor } => {
            format!("within {} {} {}", shape(duration), way(*direction), shape(anchor))
        }
        Relation::BetweenDurations { low, high, direction, anchor } => {
            let (low, high) = (shape(low), shape(high));
            format!("between-durations {low} {high} {} {}", way(*direction), shape(anchor))
        }
        Relation::BetweenDates { low, high } => {
            format!("between-dates {} {}", shape(low), shape(high))
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (read, problems) = parse_expression(SourceId(0), text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    assert_eq!(shape(&read.unwrap()), expected, "{text}");
}

#[track_caller]
fn query(text: &str) -> Query {
    let (program, problems) = parse(SourceId(0), text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    match program.statements.into_iter().next().unwrap().kind {
        StatementKind::Query(query) => query,
        StatementKind::Declaration(_) => panic!("{text}"),
    }
}

#[track_caller]
fn items(text: &str) -> Vec<Item> {
    let (Program { statements, .. }, problems) = parse(SourceId(0), text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    match statements.into_iter().next().unwrap().kind {
        StatementKind::Declaration(declaration) => match declaration.body.unwrap() {
            Body::Block(block) => block.items,
            Body::Expression(_) => panic!("{text}"),
        },
        StatementKind::Query(_) => panic!("{text}"),
    }
}

#[test]
fn operators_bind_as_in_the_table() {
    check("a or b and not c = d + e * f", "[Or a [And b [not [Equal c [Add d [Multiply e f]]]]]]");
    check("a - b - c", "[Subtract [Subtract a b] c]");
    check("a * b union c", "[Multiply a [Union b c]]");
    check("-a * b", "[Multiply [- a] b]");
    check("not a and b", "[And [not a] b]");
    check("not not a is b", "[not [not [is a b]]]");
    check("(a or b) and c", "[And ([Or a b]) c]");
    check("a is not b or a not in (b, c)", "[Or [is-not a b] [in-not a [list b c]]]");
    check("a + 1 .. b", "[.. [Add a 1] b]");
}

#[test]
fn values_and_conditions_between_two_ends() {
    check("age at start of period between 16 and 25", "[between [age at [start-of period]] 16 25]");
    check("a not between 1 and 2 and b", "[And [between-not a 1 2] b]");
    check("wait between 5 days and 7 days", "[between wait 5_days 7_days]");
    check(
        "stay between 5 months and 7 months after intake.day",
        "[stay between-durations 5_months 7_months after intake.day]",
    );
    check(
        "stay between 2025-01-01 and start of period",
        "[stay between-dates date:2025-01-01 [start-of period]]",
    );
    check(
        "stay starting between 1 day after a and 2025-02-01",
        "[stay Starting between-dates [after 1_day a] date:2025-02-01]",
    );
}

#[test]
fn a_quantifier_reaches_over_the_timed_selection_only() {
    check(
        "any contact during period and gender is f",
        "[And [Any [contact during period]] [is gender f]]",
    );
    check("count of contact >= 2", "[GreaterOrEqual [count-of contact] 2]");
    check("sum of minutes of contact", "[sum-of [minutes-of contact]]");
    check(
        "nights of (stay where place in homeless) within period",
        "[nights-of [([where stay [in place homeless]]) within period]]",
    );
    check("no other stay overlapping period", "[NoOther [stay overlapping period]]");
    check("the 2nd stay before a", "[The(2) [stay before a]]");
    check("(first stay).left", "([First stay]).left");
    check(
        "best stay where a by (score descending, day)",
        "[best [where stay a] score:true day:false]",
    );
}

#[test]
fn where_of_a_value_reaches_to_the_end() {
    check(
        "first contact where kind is intake and minutes > 5",
        "[First [where contact [And [is kind intake] [Greater minutes 5]]]]",
    );
    check(
        "homeless_youth where intake.day during period",
        "[where homeless_youth [intake.day during period]]",
    );
    check("any contact where kind is intake", "[Any [where contact [is kind intake]]]");
}

#[test]
fn dates_reach_over_sums_and_bind_to_the_right() {
    check("6 months after intake.day + 1 day", "[after 6_months [Add intake.day 1_day]]");
    check("2 days before 6 months after a", "[before 2_days [after 6_months a]]");
    check(
        "stay overlapping 5 months after a .. 7 months after a",
        "[stay overlapping [.. [after 5_months a] [after 7_months a]]]",
    );
    check("stay as of a - 1 day", "[stay as-of [Subtract a 1_day]]");
    check("stay within 6 months of a", "[stay within 6_months around a]");
    check("stay during the 12 months before a", "[stay during [the-period before 12_months a]]");
    check("last day of period", "[last-day-of period]");
    check("start of period + 6 months", "[Add [start-of period] 6_months]");
    check("stay during quarter 1 of period", "[stay during [quarter-1-of period]]");
    check("stay during previous period", "[stay during previous period]");
    check("stay during last 4 quarters", "[stay during LAST-4-quarters]");
    check("stay starting in year to date", "[stay Starting in YEAR-TO-DATE]");
    check("stay ending on or before a", "[stay Ending on-or-before a]");
    check(
        "x at tree of 2025-01-01 at level district",
        "[[x at-tree date:2025-01-01] at-level district]",
    );
}

#[test]
fn four_digits_are_a_year_where_a_period_stands() {
    check("stay during 2025", "[stay during period:2025]");
    check("stay during 2023 .. 2025", "[stay during [.. period:2023 period:2025]]");
    check("2023 .. 2025", "[.. period:2023 period:2025]");
    check("2023 .. 2025-Q1", "[.. period:2023 period:2025-Q1]");
    check("start of 2025", "[start-of period:2025]");
    check("1 .. 4", "[.. 1 4]");
    check("minutes > 2025", "[Greater minutes 2025]");
    check("{ 2023: 42%, 3: 1 }", "[map Period(\"2023\")=42_% Number(\"3\")=1]");
}

#[test]
fn reserved_words_are_codes_after_is_and_fields_after_a_dot() {
    check("kind is first and a", "[And [is kind first] a]");
    check("kind is no", "[is kind no]");
    check("kind is not missing", "[is-not kind MISSING]");
    check("a.where.from", "a.where.from");
    check("kind in (first, last)", "[in kind [list first last]]");
    check("no", "no");
    check("start >= project.start", "[GreaterOrEqual start project.start]");
}

#[test]
fn rows_of_choose_end_with_a_comma_or_their_line() {
    check(
        "choose {\n a\n  and b -> c +\n   1\n d -> e\n  - f\n (g) -> h, else -> missing }",
        "[choose [And a b] -> [Add c 1]; d -> [Subtract e f]; (g) -> h; else -> MISSING]",
    );
    check(
        "choose {\n  a -> start\n  (b) -> c\n  else -> d\n}",
        "[choose a -> start; (b) -> c; else -> d]",
    );
}

#[test]
fn queries_have_their_parts_in_order() {
    let found = query(
        "measure reach, a.b in 2023 .. 2025 by year, any of (x, y) where gender is f \
                       using all compare same period last year as csv",
    );
    assert_eq!(
        found.things.iter().map(|thing| thing.item.as_str()).collect::<Vec<_>>(),
        ["reach", "a.b"]
    );
    assert_eq!(found.by.len(), 2);
    assert_eq!(shape(&found.condition.unwrap()), "[is gender f]");
    assert_eq!(found.using.unwrap().item, "all");
    assert_eq!(found.format.unwrap().item, "csv");
    assert!(found.compare.is_some() && found.period.is_some());
    assert_eq!(query("paths to stably_housed").link.unwrap().item, "to");
    assert!(query("list indicators").period.is_none());
}

#[test]
fn what_is_expected_stands_after_the_last_is() {
    let expected = |text: &str| {
        let item = items(&format!("test \"a\" {{\n  expect: {text}\n}}")).remove(0);
        match item.kind {
            ItemKind::Expect { query, value, .. } => {
                (query.item.condition.as_ref().map(shape), shape(&value))
            }
            _ => panic!("{text}"),
        }
    };
    assert_eq!(expected("measure reach in 2025 is 5"), (None, "5".to_owned()));
    assert_eq!(
        expected("measure reach in 2025 where gender is f is 2"),
        (Some("[is gender f]".to_owned()), "2".to_owned())
    );
    assert_eq!(
        expected("measure reach in 2025 where housed is 42%"),
        (Some("housed".to_owned()), "42_%".to_owned())
    );
    assert_eq!(
        expected("measure reach in 2025 where a and not b is 2"),
        (Some("[And a [not b]]".to_owned()), "2".to_owned())
    );
    assert_eq!(
        expected("measure reach in 2025 where housed is missing"),
        (Some("housed".to_owned()), "MISSING".to_owned())
    );
}

#[test]
fn what_need_only_be_near_says_how_near() {
    let expected = |text: &str| {
        let item = items(&format!("test \"a\" {{\n  expect: {text}\n}}")).remove(0);
        match item.kind {
            ItemKind::Expect { value, within, .. } => (shape(&value), within.as_deref().map(shape)),
            _ => panic!("{text}"),
        }
    };
    let near = |value: &str, within: &str| (value.to_owned(), Some(within.to_owned()));
    assert_eq!(expected("measure a in 2025 is about 1/3 within 0.01").1, Some("0.01".to_owned()));
    assert_eq!(expected("measure a in 2025 ≈ 0.3 within 0.1"), near("0.3", "0.1"));
    assert_eq!(expected("measure a in 2025 is about nights within 1"), near("nights", "1"));
    assert_eq!(expected("measure a in 2025 where housed is about 3 within 1"), near("3", "1"));
}

#[test]
fn a_test_has_parameters_problems_and_cases() {
    let kinds = items(
        "test \"a\" {\n  with poverty_line: 1500\n  for each {\n    left | nights\n    5 | 3 a\n  \
         }\n  expect problem: unknown-name in \"measure \\\"a\\\"\"\n}",
    );
    let ItemKind::Clause { label, .. } = &kinds[0].kind else { panic!("{:?}", kinds[0]) };
    assert_eq!(label.item, "with poverty_line");
    let ItemKind::ForEach(table) = &kinds[1].kind else { panic!("{:?}", kinds[1]) };
    assert_eq!(table.rows[0].cells[1].item, "3 a");
    let ItemKind::ExpectProblem { code, text } = &kinds[2].kind else { panic!("{:?}", kinds[2]) };
    assert_eq!((code.item.as_str(), text.item.as_str()), ("unknown-name", "measure \"a\""));
}

#[test]
fn values_of_a_record_are_types() {
    let types = |text: &str| -> Vec<String> {
        let name = |item: Item| match item.kind {
            ItemKind::Clause { value, .. } => match value.item {
                Value::Type(name) => {
                    let unit = name.unit.map_or(String::new(), |unit| {
                        let per = unit.per.map_or(String::new(), |per| format!("/{}", per.item));
                        format!(" {}{per}", unit.name.item)
                    });
                    format!("{}{unit}{}", name.name.item, if name.optional { "?" } else { "" })
                }
                Value::Labels(_) => "labels".to_owned(),
                Value::List(items) => format!("list of {}", items.len()),
                other => format!("{other:?}"),
            },
            other => format!("{other:?}"),
        };
        items(text).into_iter().map(name).collect()
    };
    assert_eq!(
        types(
            "record a of b { x: date of birth  y: number in EUR per month?, z: gender? key: x, y }"
        ),
        ["date of birth", "number EUR/month?", "gender?", "list of 2"]
    );
    let derived = items("record a of b from c { x: y where z }");
    assert!(matches!(&derived[0].kind, ItemKind::Clause { value, .. }
        if matches!(value.item, Value::Expression { .. })));
}
