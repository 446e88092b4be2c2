//! Words from elsewhere: from SQL, R and spreadsheets, and from everyday speech.
//!
//! A word of the language in capitals is read as what is meant, with a problem. Other words are
//! named with what this language writes for them.

use interplay_diagnostic::{Diagnostic, Span};

use crate::problems;
use crate::token::{Place, Token, TokenKind};
use crate::words::{self, RESERVED};

const CHOOSE: &str = "`choose { CONDITION -> VALUE, else -> VALUE }`";
const MISSING: &str = "`is missing`, or `is not missing`";
const ONE_OR_MORE: &str =
    "`is` before one code and `in` before several; no part of a text is asked for";
const NOTHING_JOINED: &str =
    "nothing: a subject's rows are at hand by their record, as in `any stay`";
const ONCE: &str =
    "nothing: each subject is counted once; a subject's rows are counted by `count of …`";
const WHERE: &str = "`where`, as in `any (contact where kind is intake)`";
const OPTION: &str = "nothing: a condition is true or false by itself";

/// Words that stand between values elsewhere, in small letters and sorted, each with what is
/// written here.
const BETWEEN_VALUES: &[(&str, &str)] = &[
    ("are", "`is` before one code, and `in` before several"),
    ("case", CHOOSE),
    ("contains", ONE_OR_MORE),
    ("distinct", ONCE),
    ("elif", CHOOSE),
    ("elseif", CHOOSE),
    ("equal", "`=` between numbers, and `is` before a code"),
    ("equals", "`=` between numbers, and `is` before a code"),
    ("fewer", "`<`"),
    ("greater", "`>`"),
    ("having", "`where`"),
    ("if", CHOOSE),
    ("ilike", ONE_OR_MORE),
    ("join", NOTHING_JOINED),
    ("least", "`>=`"),
    ("less", "`<`"),
    ("like", ONE_OR_MORE),
    ("more", "`>`"),
    ("most", "`<=`"),
    ("null", MISSING),
    ("older", "`>`, between `age at start of period` and a number"),
    ("order", "nothing: groups stand in the order of their codes and bands"),
    ("then", CHOOSE),
    ("when", CHOOSE),
    ("which", WHERE),
    ("who", WHERE),
    ("whose", WHERE),
    ("with", WHERE),
    ("younger", "`<`, between `age at start of period` and a number"),
];

/// Names and functions of elsewhere, in small letters and sorted, each with what is written here.
const CALLED: &[(&str, &str)] = &[
    ("age", "`age at start of period`, or the age on another date"),
    ("average", "`mean of minutes of contact`, or an indicator with `mean: …`"),
    ("averageif", "`mean of minutes of (contact where …)`"),
    ("avg", "`mean of minutes of contact`, or an indicator with `mean: …`"),
    ("blank", MISSING),
    ("c", "a list in parentheses, as in `in (a, b)`"),
    ("coalesce", CHOOSE),
    ("count", "`count of contact`, or an indicator with `count: …`"),
    ("counta", "`count of contact`, or an indicator with `count: …`"),
    ("countif", "`count of (contact where …)`"),
    ("countifs", "`count of (contact where …)`"),
    ("datedif", "a subtraction: `left - arrived` is a number of days"),
    ("datediff", "a subtraction: `left - arrived` is a number of days"),
    ("empty", MISSING),
    ("exists", "`any contact`, `any (stay where …)`"),
    ("false", OPTION),
    ("filter", "`where`, as in `any (contact where …)`"),
    ("first", "`first contact`, `(first contact).day`"),
    ("getdate", "`end of period`; figures look no further than the data date"),
    ("if", CHOOSE),
    ("ifelse", CHOOSE),
    ("ifnull", CHOOSE),
    ("iif", CHOOSE),
    ("isblank", MISSING),
    ("isna", MISSING),
    ("isnull", MISSING),
    ("last", "`last contact`, `(last contact).day`"),
    ("lookup", "a field, as in `(last stay).place`; in a source `recode`"),
    ("max", "`max of minutes of contact`"),
    ("mean", "`mean of minutes of contact`, or an indicator with `mean: …`"),
    ("median", "an indicator with `median: …`"),
    ("min", "`min of minutes of contact`"),
    ("n", "`count of contact`, or an indicator with `count: …`"),
    ("n_distinct", ONCE),
    ("na", MISSING),
    ("nan", MISSING),
    ("nil", MISSING),
    ("none", MISSING),
    ("now", "`end of period`; figures look no further than the data date"),
    ("nrow", "`count of contact`"),
    ("null", MISSING),
    ("nvl", CHOOSE),
    ("round", "`rounded: half even to 1 decimal` on an indicator"),
    ("sum", "`sum of minutes of contact`, or an indicator with `sum: …`"),
    ("sumif", "`sum of minutes of (contact where …)`"),
    ("sumifs", "`sum of minutes of (contact where …)`"),
    ("switch", CHOOSE),
    ("today", "`end of period`; figures look no further than the data date"),
    ("true", OPTION),
    ("vlookup", "a field, as in `(last stay).place`; in a source `recode`"),
    ("xlookup", "a field, as in `(last stay).place`; in a source `recode`"),
    ("year", "a period, as in `any contact during 2025`"),
];

const CODE_LIST: &str = "the name of a code list: `codes yes_no { yes: \"Yes\"  no: \"No\" }`";
const TYPE_MOMENT: &str =
    "`date` for a day, or `instant` for a moment, by which rows of one day are put in order";
const TYPE_NUMBER: &str = "`number`, with its unit where it has one: `number in min`";

/// Types of elsewhere, in small letters and sorted, each with what is written here.
const TYPES: &[(&str, &str)] = &[
    ("bigint", TYPE_NUMBER),
    ("bool", CODE_LIST),
    ("boolean", CODE_LIST),
    ("category", CODE_LIST),
    ("char", "`text`"),
    ("character", "`text`"),
    ("code", CODE_LIST),
    ("datetime", TYPE_MOMENT),
    ("decimal", TYPE_NUMBER),
    ("double", TYPE_NUMBER),
    ("enum", CODE_LIST),
    ("factor", CODE_LIST),
    ("float", TYPE_NUMBER),
    ("int", TYPE_NUMBER),
    ("integer", TYPE_NUMBER),
    ("logical", CODE_LIST),
    ("money", "`number in EUR`"),
    ("numeric", TYPE_NUMBER),
    ("real", TYPE_NUMBER),
    ("str", "`text`"),
    ("string", "`text`"),
    ("time", TYPE_MOMENT),
    ("timestamp", TYPE_MOMENT),
    ("varchar", "`text`"),
];

/// What is written here for a name or function of elsewhere, whatever its letters.
///
/// ```
/// assert!(interplay_syntax::instead_of("COUNTIF").is_some_and(|it| it.contains("count of")));
/// assert_eq!(interplay_syntax::instead_of("homeless_youth"), None);
/// ```
#[must_use]
pub fn instead_of(name: &str) -> Option<&'static str> {
    find(CALLED, name)
}

/// What is written here for a type of elsewhere, whatever its letters.
#[must_use]
pub fn type_instead_of(name: &str) -> Option<&'static str> {
    find(TYPES, name)
}

/// What is written here for a word that elsewhere stands between values.
pub(crate) fn between_values(word: &str) -> Option<&'static str> {
    find(BETWEEN_VALUES, word)
}

fn find(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let small = word.to_lowercase();
    table.iter().find(|(own, _)| *own == small).map(|(_, instead)| *instead)
}

/// Whether `word` is the name of a month, or its beginning.
pub(crate) fn is_month(word: &str) -> bool {
    let months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    word.get(..3).is_some_and(|start| months.contains(&start.to_lowercase().as_str()))
        && word.len() <= "september".len()
}

/// Words that are read as another one: where each begins, and what it is read as.
pub(crate) type Readings = Vec<(u32, &'static str)>;

/// Words in a row that are read as others.
struct Run {
    /// The token with which its statement begins.
    statement: usize,
    /// The last of its tokens.
    last: usize,
    span: Span,
    /// What is meant by them all.
    meant: String,
}

/// What words of SQL in capitals are read as: `IS`, `AND`, `NOT NULL`, `GROUP BY`. The `GROUP` is
/// taken out of the tokens. There is one problem a statement, with all its places.
pub(crate) fn readings(text: &str, tokens: &mut Vec<Token>) -> (Readings, Vec<Diagnostic>) {
    let mut readings = Readings::new();
    let mut runs: Vec<Run> = Vec::new();
    let mut groups = Vec::new();
    let mut statement = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.place == Place::ColumnOne {
            statement = at;
        }
        let follows = |run: &&mut Run| run.last + 1 == at && run.statement == statement;
        let run = runs.last_mut().filter(follows);
        let before = run.as_ref().and_then(|run| run.meant.split(' ').next_back());
        let Some(small) = small(text, tokens, at, before) else { continue };
        let meant = if small == GROUP {
            groups.push(at);
            ""
        } else {
            small
        };
        if small != GROUP {
            readings.push((token.span.start, small));
        }
        if let Some(run) = run {
            run.meant = format!("{} {meant}", run.meant).trim().to_owned();
            (run.last, run.span) = (at, run.span.to(token.span));
        } else {
            runs.push(Run { statement, last: at, span: token.span, meant: meant.to_owned() });
        }
    }
    for at in groups.into_iter().rev() {
        tokens.remove(at);
    }
    (readings, problems_of(text, &runs))
}

/// Stands for the `GROUP` of `GROUP BY`.
const GROUP: &str = "group";

fn problems_of(text: &str, runs: &[Run]) -> Vec<Diagnostic> {
    let in_statement = runs.chunk_by(|one, next| one.statement == next.statement);
    let told = in_statement.filter_map(|runs| {
        let (first, others) = runs.split_first()?;
        let written = text.get(first.span.start as usize..first.span.end as usize)?;
        let problem = problems::capitals(first.span, written, &first.meant);
        let here = |problem: Diagnostic, run: &Run| {
            problem.with_other(run.span, format!("here `{}`", run.meant))
        };
        Some(others.iter().fold(problem, here))
    });
    told.collect()
}

/// What the token `at` is read as, if it is a word in capitals that is meant as one of ours.
/// `before` is what the token before it is read as.
fn small(text: &str, tokens: &[Token], at: usize, before: Option<&str>) -> Option<&'static str> {
    let word = |at: usize| {
        let token = tokens.get(at).filter(|token| token.kind == TokenKind::Name)?;
        text.get(token.span.start as usize..token.span.end as usize)
    };
    let written = word(at)?;
    let next = tokens.get(at + 1);
    let is_label = next.is_some_and(|next| next.kind == TokenKind::Colon);
    let is_capital = written.len() > 1 && written.bytes().all(|letter| letter.is_ascii_uppercase());
    if is_label || !is_capital {
        return None;
    }
    let last = at.checked_sub(1).and_then(|last| tokens.get(last))?;
    let last_word = before.or_else(|| at.checked_sub(1).and_then(word));
    if written == "NULL" {
        let is_asked = matches!(last_word, Some("is" | "not"));
        return is_asked.then_some("missing");
    }
    if written == "GROUP" && word(at + 1).is_some_and(|next| next == "BY") {
        return Some(GROUP);
    }
    let small = written.to_lowercase();
    let small = RESERVED.iter().find(|reserved| **reserved == small)?;
    // Countries are called NO and IS: two words in a row are what no rule has.
    let follows_value = follows_value(last, last_word);
    let goes_on = last.place != Place::ColumnOne
        && next.is_some_and(|next| match next.kind {
            TokenKind::OpenParen => next.place == Place::Inside,
            _ => next.place == Place::Inside && word(at + 1).is_some_and(words::begins_expression),
        });
    let is_prefix = matches!(*small, "any" | "every" | "first" | "last" | "no" | "not" | "the");
    let begins = is_prefix && goes_on && !matches!(last_word, Some("is" | "in"));
    let joins = before.is_some_and(|before| !matches!(before, "is" | "in"))
        || (before == Some("is") && *small == "not");
    (follows_value || begins || joins).then_some(*small)
}

/// Whether a value may end with `last`, so that an operator follows.
fn follows_value(last: &Token, word: Option<&str>) -> bool {
    use TokenKind::{CloseParen, Date, MonthDay, Name, Number, Percent, Period, Text};
    match last.kind {
        Number | Date | Period | MonthDay | Text | CloseParen | Percent => true,
        // What stands after the word of a declaration or a query is a name.
        Name => {
            last.place != Place::ColumnOne
                && word.is_some_and(|word| {
                    !words::is_reserved(word) && !matches!(word, "group" | "rule" | "given")
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use interplay_diagnostic::SourceId;

    use super::{BETWEEN_VALUES, CALLED, TYPES};
    use crate::parse;

    #[test]
    fn words_are_sorted_and_unique() {
        for table in [BETWEEN_VALUES, CALLED, TYPES] {
            assert!(table.is_sorted_by(|one, next| one.0 < next.0));
        }
    }

    #[track_caller]
    fn check(rule: &str, meant: &str, problem_count: usize) {
        let (read, problems) = parse(SourceId(0), rule);
        assert_eq!(problems.len(), problem_count, "{problems:#?}");
        let (wanted, none) = parse(SourceId(0), meant);
        assert!(none.is_empty(), "{none:#?}");
        assert_eq!(read.statements, wanted.statements);
    }

    #[test]
    fn words_in_capitals_are_read_as_what_is_meant_with_one_problem_a_statement() {
        check(
            "define a of b = any (c WHERE kind IS x AND NOT d) OR e BETWEEN 1 AND 2",
            "define a of b = any (c where kind is x and not d) or e between 1 and 2",
            1,
        );
        check("define a of b = c IS NOT NULL", "define a of b = c is not missing", 1);
        check("measure a in 2025 GROUP BY b", "measure a in 2025 by b", 1);
    }

    #[test]
    fn codes_in_capitals_are_codes() {
        let rule = "define a of b = c is NO or c in (IS, AS, NOT)";
        check(rule, rule, 0);
        check(
            "codes c { NO: \"Norway\" IS: \"Iceland\" }",
            "codes c { NO: \"Norway\" IS: \"Iceland\" }",
            0,
        );
        check("measure NO in 2025", "measure NO in 2025", 0);
    }
}
