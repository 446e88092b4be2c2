//! Every problem of lexing and parsing: the one place for their wording.

use interplay_diagnostic::{Diagnostic, Span, suggest};

use crate::foreign;
use crate::input::Tokens;
use crate::token::TokenKind;
use crate::words;

/// Letters that belong to no word of the language.
pub(crate) fn unknown_text(span: Span, text: &str) -> Diagnostic {
    let shown: Vec<String> = text.chars().take(8).map(shown).collect();
    let more = if text.chars().count() > shown.len() { "…" } else { "" };
    Diagnostic::error(
        "unknown-text",
        span,
        format!("`{}`{more} has no meaning in a rule", shown.concat()),
    )
    .with_help("a text stands in `\"…\"`, the column of a source in backticks")
}

/// A file that an editor saved in another encoding
pub(crate) fn not_utf_8(span: Span, count: usize) -> Diagnostic {
    let message = match count {
        0 | 1 => "this letter cannot be read: it is not written in UTF-8".to_owned(),
        count => {
            format!("this letter and {} more cannot be read: they are not in UTF-8", count - 1)
        }
    };
    Diagnostic::error("not-utf-8", span, message)
        .with_help("write the letter anew and save the file with the encoding UTF-8")
}

/// A letter that can be seen.
fn shown(letter: char) -> String {
    let invisible = letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}');
    if invisible { format!("U+{:04X}", u32::from(letter)) } else { letter.to_string() }
}

/// `==`, `&&`
pub(crate) fn foreign_sign(span: Span, text: &str, instead: &str) -> Diagnostic {
    Diagnostic::error("foreign-sign", span, format!("`{text}` has no meaning in a rule"))
        .with_help(format!("here one writes {instead}"))
}

/// `'North ward'`
pub(crate) fn foreign_quotes(span: Span) -> Diagnostic {
    Diagnostic::error("foreign-quotes", span, "a text stands between straight double quotes")
        .with_help("write `\"…\"`")
}

/// `// a remark`
pub(crate) fn foreign_comment(span: Span) -> Diagnostic {
    Diagnostic::error("foreign-comment", span, "a comment begins with `#`")
        .with_help("write `#` before each line of it")
}

/// `"North ward` and then the end of the line
pub(crate) fn open_text(span: Span) -> Diagnostic {
    Diagnostic::error("open-text", span, "the text is not closed in its line")
        .with_help("close it with `\"`")
}

/// `` `Client nr. `` and then the end of the line
pub(crate) fn open_column(span: Span) -> Diagnostic {
    Diagnostic::error("open-column", span, "the name of the column is not closed in its line")
        .with_help("close it with a backtick")
}

/// `"deliveries\stays"`
pub(crate) fn unknown_escape(span: Span, letter: char) -> Diagnostic {
    Diagnostic::error("unknown-escape", span, format!("`\\{letter}` has no meaning in a text"))
        .with_help("a backslash is written `\\\\`, and a quotation mark `\\\"`")
}

/// `31/01/2025`
pub(crate) fn foreign_date(span: Span, text: &str, readings: Vec<String>) -> Diagnostic {
    let problem = Diagnostic::error(
        "foreign-date",
        span,
        format!("`{text}` is not written as a date: year, month and day, as in `2025-01-31`"),
    );
    let mut readings = readings;
    readings.dedup();
    if readings.is_empty() {
        return problem;
    }
    problem.with_help(format!("write {}", suggest::choice(readings)))
}

/// `2025-02-31`
pub(crate) fn impossible_date(span: Span, text: &str, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::error("impossible-date", span, format!("there is no day `{text}`"));
    let problem = match near {
        Some(near) => problem.with_help(format!("the last day of that month is `{near}`")),
        None => problem.with_help("the months are `01` to `12`"),
    };
    problem.with_help(subtraction(text))
}

/// `30-10`
pub(crate) fn impossible_month_day(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("impossible-date", span, format!("there is no day `{text}` in a year"))
        .with_help("month and day are written like `09-01`, the first of September")
        .with_help(subtraction(text))
}

/// `2025-13`, `2025-Q5`, `2025-W60`
pub(crate) fn impossible_period(span: Span, text: &str) -> Diagnostic {
    let problem =
        Diagnostic::error("impossible-date", span, format!("there is no period `{text}`"))
            .with_help("a month is written `2025-03`, a quarter `2025-Q1`, a week `2025-W05`");
    if text.contains(char::is_alphabetic) {
        return problem;
    }
    problem.with_help(subtraction(text))
}

/// `2025-q1`, `2025-3`
pub(crate) fn foreign_period(span: Span, text: &str, canonical: &str) -> Diagnostic {
    let problem =
        Diagnostic::error("foreign-date", span, format!("`{text}` is not written as a period"))
            .with_help(format!("write `{canonical}`"));
    if text.contains(char::is_alphabetic) {
        return problem;
    }
    problem.with_help(subtraction(text))
}

/// `2023-2025`
pub(crate) fn dash_between_years(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("foreign-date", span, format!("`{text}` is not written as a period"))
        .with_help(format!("from year to year is written `{}`", text.replace('-', " .. ")))
        .with_help(subtraction(text))
}

/// `before "2025-01-31"`; `problem` is what is wrong with the date itself
pub(crate) fn quoted_date(span: Span, date: &str, problem: Option<Diagnostic>) -> Diagnostic {
    let message = format!("`\"{date}\"` is a text, and a date is expected");
    match problem {
        Some(problem) => problem.with_help("a date stands without quotation marks"),
        None => Diagnostic::error("foreign-date", span, message)
            .with_help(format!("write `{date}`, without quotation marks")),
    }
}

fn subtraction(text: &str) -> String {
    format!("a subtraction is written with spaces: `{}`", text.replace('-', " - "))
}

/// Anything that cannot stand where it stands.
pub(crate) fn expected(what: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("expected {what}, found {found}"))
}

/// `` `reach` ``, cut where it is long
pub(crate) fn quoted(found: &str) -> String {
    let line = found.lines().next().unwrap_or_default();
    if line.chars().count() > 30 {
        return format!("`{}…`", line.chars().take(30).collect::<String>());
    }
    format!("`{line}`")
}

/// More brackets or operators inside each other than a rule can bear.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", span, "too many brackets or operators stand inside each other")
        .with_help(
            "give a part of it a name with `define`, and compare with several codes by `in (…)`",
        )
}

/// `place is in (a, b)`
pub(crate) fn is_in(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "expected a code after `is`, found `in`")
        .with_help("one code is compared with `is`, several with `in` alone: `place in (a, b)`")
}

/// `any contact where kind is a and gender is f`
pub(crate) fn two_readings(span: Span, readings: &[String]) -> Diagnostic {
    let problem = Diagnostic::error(
        "two-readings",
        span,
        "a selection with `where` inside a condition can be read in two ways",
    );
    let ways = ["in one way it is", "in the other it is"];
    readings.iter().zip(ways).fold(problem, |problem, (reading, way)| {
        let one_line = reading.split_whitespace().collect::<Vec<_>>().join(" ");
        problem.with_help(format!("{way} `{one_line}`"))
    })
}

/// `age at start of period + 1`
pub(crate) fn date_takes_duration(
    span: Span,
    sign: Option<&str>,
    is_before_date: bool,
) -> Diagnostic {
    let sign = sign.unwrap_or("+");
    let problem = Diagnostic::error(
        "syntax",
        span,
        format!("expected a duration after the date and `{sign}`, such as `{sign} 1 day`"),
    );
    if is_before_date {
        return problem.with_help("from day to day is written `2025-01-01 .. 2025-06-30`");
    }
    problem.with_help(format!(
        "to go on with the value before it, put that in parentheses: `(age at start of period) {sign} 1`"
    ))
}

/// `any (stay in period where place is home)`
pub(crate) fn where_of_period(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "expected rows before `where`, found a period").with_help(
        "rows are asked of a period by `during`, `overlapping` or `within`: `stay during period where …`",
    )
}

/// `measure reach by year in 2025`
pub(crate) fn query_order(span: Span, part: &str) -> Diagnostic {
    Diagnostic::error("query-order", span, format!("`{part}` stands too late in the query"))
        .with_help("the order is `in`, `by`, `where`, `compare`, `as`, each once")
}

/// `target homeless_youth of person`
pub(crate) fn half_a_kind(span: Span, words: &str) -> Diagnostic {
    let half = words.split(' ').next().unwrap_or_default();
    Diagnostic::error("syntax", span, format!("`{half}` alone declares nothing"))
        .with_help(format!("write `{words}`"))
}

/// `indicator "Young people reached" { … }`
pub(crate) fn title_before_name(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("expected the name of the {kind}, found its title"))
        .with_help(format!("write `{kind} name \"title\"`; only a test is named by its title"))
}

/// `define exits_to(destination: living_situation) of person = …`
pub(crate) fn parameters(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a declaration takes nothing in parentheses after its name")
        .with_help("write one definition for each case")
}

/// `record stay about person`
pub(crate) fn unknown_header(
    span: Span,
    found: Option<&str>,
    near: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let found = found.map_or("the end".to_owned(), quoted);
    let message = format!("{found} begins nothing that belongs to a declaration");
    let problem = Diagnostic::error("unknown-header", span, message);
    match near {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None => problem.with_help(before_body(known)),
    }
}

/// What may stand between name and body.
fn before_body(known: &[&str]) -> String {
    if known.is_empty() {
        return "between name and `{` stands nothing but a title in `\"…\"`".to_owned();
    }
    format!("between name and body may stand a title in `\"…\"`, {}", suggest::choice(known))
}

/// `indicator young people { … }`
pub(crate) fn name_of_many(span: Span, one: &str, known: &[&str]) -> Diagnostic {
    let message = "a name is one word, of letters, digits and `_`";
    Diagnostic::error("syntax", span, message)
        .with_help(format!("write `{one}`"))
        .with_help(before_body(known))
}

/// `define seen of person: any contact`, `define seen of person <- any contact`
pub(crate) fn body_sign(span: Span, sign: &str, is_defined: bool) -> Diagnostic {
    let wanted = if is_defined { "`=`" } else { "`{`" };
    Diagnostic::error("syntax", span, format!("expected {wanted}, found {}", quoted(sign)))
        .with_help(if is_defined {
            "a definition is written `define NAME of person = …`"
        } else {
            "the clauses of a declaration stand between `{` and `}`"
        })
}

/// `indicator reach count: homeless_youth }`, `record visit of person at day ( day: date )`
pub(crate) fn no_brace(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("expected `{{`, found `{found}`"))
        .with_help("the clauses of a declaration stand between `{` and `}`")
}

/// `count homeless_youth`, `count = homeless_youth`
pub(crate) fn no_colon(span: Span, label: &str, found: &str, value: &str) -> Diagnostic {
    let message = format!("expected `:` after the label `{label}`, found {}", quoted(found));
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '"' | ' ');
    let is_plain = value.chars().all(is_word) && !words::is_reserved(value);
    let value = if is_plain { value } else { "…" };
    Diagnostic::error("syntax", span, message).with_help(format!("write `{label}: {value}`"))
}

/// `- among: homeless_youth`
pub(crate) fn bullet(span: Span, sign: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("a clause begins with its label, found `{sign}`"))
        .with_help("leave it out")
}

/// `person, arrived, left` as the first line of a table
pub(crate) fn other_divider(span: Span, sign: char) -> Diagnostic {
    let message = format!("the cells of a table are divided by `|`, found `{sign}`");
    Diagnostic::error("syntax", span, message).with_help("write `person | arrived | left`")
}

/// `home visit: "Home visit"`
pub(crate) fn label_of_many(span: Span, label: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, "a label is one word, of letters, digits and `_`")
        .with_help(format!("write `{label}:`"))
}

/// What stands after the `}` of a declaration.
pub(crate) fn leftover(span: Span, found: &str, begins: bool) -> Diagnostic {
    let found = quoted(found);
    let problem =
        Diagnostic::error("syntax", span, format!("the declaration has ended before {found}"));
    if begins {
        problem.with_help("a declaration begins in column one")
    } else {
        problem.with_help("a `{` or `(` may be missing before it, or a `}` be too many")
    }
}

/// `where: kind is intake minutes`
pub(crate) fn after_value(rest: Tokens<'_>) -> Diagnostic {
    let wanted = "expected is an operator such as `and`, or the next clause, such as `where: …`";
    after(rest, "value", wanted)
}

/// `measure reach in 2025 2026`
pub(crate) fn after_query(rest: Tokens<'_>) -> Diagnostic {
    let wanted = match (rest.word(), rest.kind()) {
        (Some("and"), _) => "several names are divided by commas",
        (Some("for" | "from" | "during" | "between" | "within"), _) => {
            "a period stands after `in`, as in `in 2025` and `in 2025-01-01 .. 2025-06-30`"
        }
        (None, Some(TokenKind::Text)) => "a name stands without quotation marks",
        _ => "its parts are `in`, `by`, `where`, `compare` and `as`, in this order",
    };
    after(rest, "query", wanted)
}

/// What stands behind `what`. Unless it is known from elsewhere, `wanted` says what may follow.
fn after(rest: Tokens<'_>, what: &str, wanted: &str) -> Diagnostic {
    let (span, found) = (rest.here(), rest.found().unwrap_or_default());
    if let Some(instead) = foreign::between_values(found) {
        return foreign_word(span, found, instead);
    }
    if rest.kind() == Some(TokenKind::Bar) {
        return foreign_sign(span, "|", "`or`");
    }
    let message = format!("the {what} has ended before {}", quoted(found));
    let problem = Diagnostic::error("syntax", span, message);
    let is_duration = rest.skip(1).word().is_some_and(words::is_time_unit);
    problem.with_help(match rest.kind() {
        Some(TokenKind::Number) if is_duration => {
            "a window of time is written `within 6 months after …`".to_owned()
        }
        Some(TokenKind::Number) if words::is_year(found) => {
            "a year is written `2025`, a quarter `2025-Q1`, a month `2025-01`, a day `2025-01-31`"
                .to_owned()
        }
        Some(TokenKind::CloseParen) => "there is no `(` to which it belongs".to_owned(),
        Some(TokenKind::Comma) => comma(rest).or_else(|| codes(rest)).unwrap_or(wanted.to_owned()),
        _ if foreign::is_month(found) => {
            "a date is written `2025-01-31`, a month `2025-01`".to_owned()
        }
        _ => wanted.to_owned(),
    })
}

/// `1,5`, where no list can stand
fn comma(rest: Tokens<'_>) -> Option<String> {
    let next = rest.skip(1);
    let is_joined = next.here().start == rest.here().end;
    let digits = next.found().filter(|_| is_joined && next.kind() == Some(TokenKind::Number))?;
    Some(plain_number(&format!("{},{digits}", number_before(rest)?)))
}

/// Which number `1.000,50`, `1,000.50`, `1,5` or `1,000` is meant to be. The last of the signs
/// between its digits stands before the decimals, the others between thousands.
fn plain_number(text: &str) -> String {
    let digits = |text: &str| text.replace(['.', ','], "");
    let (whole, decimals) = text.rsplit_once(['.', ',']).unwrap_or((text, ""));
    if decimals.len() == 3 && !text.contains('.') {
        let (all, whole) = (digits(text), digits(whole));
        return format!("write `{all}`, or `{whole}.{decimals}` if that is a fraction");
    }
    format!("write `{}.{decimals}`, with a point", digits(whole))
}

/// `gender in f, m`, where the query would end
fn codes(rest: Tokens<'_>) -> Option<String> {
    let before = rest.file.text.get(..rest.here().start as usize)?;
    let mut words = before.split_whitespace().rev();
    let (code, sign, value) = (words.next()?, words.next()?, words.next()?);
    let next = rest.skip(1).word().filter(|_| matches!(sign, "in" | "is"))?;
    Some(format!("several codes stand in parentheses: `{value} in ({code}, {next})`"))
}

/// The number that ends where `rest` begins.
fn number_before(rest: Tokens<'_>) -> Option<&str> {
    let before = rest.file.text.get(..rest.here().start as usize)?;
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
    let number = before.get(before.trim_end_matches(is_part).len()..)?;
    Some(number).filter(|number| !number.is_empty())
}

/// `1,5`, as one value of a clause
pub(crate) fn decimal_comma(span: Span, text: &str) -> Diagnostic {
    let message = format!("`{text}` is not written as a number");
    Diagnostic::error("foreign-number", span, message)
        .with_help(plain_number(text))
        .with_help("in a list a space stands after each comma")
}

/// `count of contact in (1,5)`: a list, or a number
pub(crate) fn maybe_decimal(span: Span, text: &str) -> Diagnostic {
    let (one, other) = text.split_once(',').unwrap_or((text, ""));
    let message = format!("`{text}` is read as two numbers, {one} and {other}");
    Diagnostic::warning("foreign-number", span, message)
        .with_help(plain_number(text))
        .with_help(format!("two numbers are `{one}, {other}`, with a space after the comma"))
}

/// `measure reach in 2025; list indicators`
pub(crate) fn next_query(span: Span) -> Diagnostic {
    Diagnostic::error("foreign-sign", span, "`;` ends no query")
        .with_help("each query stands in a line of its own, and nothing at its end")
}

/// `gender LIKE "f%"`
pub(crate) fn foreign_word(span: Span, word: &str, instead: &str) -> Diagnostic {
    Diagnostic::error("foreign-word", span, format!("`{word}` has no meaning in a rule"))
        .with_help(format!("here one writes {instead}"))
}

/// `place IS home AND …`: the first of the words in capitals of a statement
pub(crate) fn capitals(span: Span, written: &str, small: &str) -> Diagnostic {
    Diagnostic::error("foreign-word", span, format!("`{written}` has no meaning in a rule"))
        .with_help(format!("here one writes `{small}`, in small letters"))
}

/// `SELECT * FROM stays`
pub(crate) fn sql(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error("foreign-query", span, format!("`{word}` begins no query"))
        .with_help("figures are asked for by `measure`: `measure INDICATOR in 2025 by BREAKDOWN`")
        .with_help("`list indicators` shows what can be measured")
}

/// `indicater reach { … }`, `x = any contact`
pub(crate) fn unknown_kind(
    span: Span,
    kind: &str,
    near: Option<&str>,
    kinds: &str,
    is_defined: bool,
) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-declaration", span, format!("`{kind}` declares nothing"));
    match near {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None if is_defined => {
            problem.with_help(format!("a definition is written `define {kind} of person = …`"))
        }
        None => problem.with_help(format!("declarations begin with {kinds}")),
    }
}

/// `count: homeless_youth` in column one, before any declaration
pub(crate) fn clause_alone(span: Span, label: Option<&str>) -> Diagnostic {
    let label = label.unwrap_or_default();
    Diagnostic::error("syntax", span, format!("the clause `{label}:` stands in no declaration"))
        .with_help("clauses stand indented between the `{` and `}` of a declaration")
}

/// A line of a block in column one
pub(crate) fn not_indented(span: Span) -> Diagnostic {
    Diagnostic::error(
        "not-indented",
        span,
        "this line goes on with a statement, but is not indented",
    )
    .with_help("indent it: what stands in column one begins a statement, or closes a bracket")
}

/// `indicator reach {` and then the end
pub(crate) fn open_block(span: Span, open: Span) -> Diagnostic {
    Diagnostic::error("open-block", span, "expected `}` before the end of the statement")
        .with_other(open, "what opens here is not closed")
}

/// `given stay { person | arrived }`
pub(crate) fn no_table(span: Span, open: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "expected a line with the names of columns")
        .with_other(open, "the lines of the table begin after this line")
        .with_help("write each row on a line of its own, its cells divided by `|`")
}

/// `given stay form harbour {`
pub(crate) fn before_table(span: Span, found: &str, is_form: bool) -> Diagnostic {
    let message = format!("expected `from` and an organisation, or `{{`, found {}", quoted(found));
    let problem = Diagnostic::error("syntax", span, message);
    if is_form { problem.with_help("did you mean `from`?") } else { problem }
}

/// `person | | left`
pub(crate) fn unnamed_column(span: Span) -> Diagnostic {
    Diagnostic::error("unnamed-column", span, "a column of the table has no name")
        .with_help("a line of a table neither begins nor ends with `|`, unless a cell is empty")
}

/// A row that is longer or shorter than the line of columns
pub(crate) fn table_width(span: Span, cells: usize, columns: usize) -> Diagnostic {
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let (cells, columns) = (counted(cells, "cell"), counted(columns, "column"));
    Diagnostic::error("table-width", span, format!("the row has {cells}, its table {columns}"))
        .with_help("an empty cell between two `|` is a missing value")
}
