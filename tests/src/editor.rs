//! What editors know of the language, made of the tables that lexer, parser and checker read:
//! the words of the tree-sitter grammar, and the TextMate grammar.

use std::fs;
use std::path::{Path, PathBuf};

use interplay_compile::indicator::KINDS;
use interplay_compile::query::VERBS;
use interplay_compile::selection::AGGREGATES;
use interplay_syntax::tree::DeclarationKind;
use interplay_syntax::{HEADERS, RESERVED, TIME_UNITS};
use serde_json::{Value, json};

/// Letters of a word, as Oniguruma and JavaScript read them.
const WORD: &str = r"[\p{L}_][\p{L}\p{N}_]*";

/// Where a word may not begin or end.
const BEFORE: &str = r"(?<![\p{L}\p{N}_.])";
const AFTER: &str = r"(?![\p{L}\p{N}_])";

/// Every generated file with its text, by its path from the root.
#[must_use]
pub fn files() -> Vec<(PathBuf, String)> {
    let files = [
        ("grammar/tree-sitter/words.json", words()),
        ("grammar/textmate/interplay.tmLanguage.json", textmate()),
    ];
    let text = |value: &Value| {
        let text = serde_json::to_string_pretty(value).expect("JSON is text");
        format!("{text}\n")
    };
    files.map(|(path, value)| (PathBuf::from(path), text(&value))).to_vec()
}

/// The files that are not as the tables would have them; `UPDATE=1` rewrites them.
#[must_use]
pub fn stale() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut stale = Vec::new();
    for (path, text) in files() {
        let place = root.join(&path);
        if fs::read_to_string(&place).is_ok_and(|written| written == text) {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&place, text).expect("a grammar can be written");
        } else {
            stale.push(format!("{} (UPDATE=1 rewrites it)", path.display()));
        }
    }
    stale
}

fn declarations() -> Vec<&'static str> {
    DeclarationKind::ALL.iter().map(|(words, _)| *words).collect()
}

fn verbs() -> Vec<&'static str> {
    VERBS.iter().map(|verb| verb.name).collect()
}

fn kinds() -> Vec<&'static str> {
    KINDS.iter().map(|kind| kind.name).collect()
}

/// Aggregates of one word: `last day of` is made of words that are known without it.
fn aggregates() -> Vec<&'static str> {
    let names = AGGREGATES.iter().map(|(name, _)| *name);
    names.filter(|name| !name.contains(' ')).collect()
}

/// The words that `grammar/tree-sitter/grammar.js` reads.
fn words() -> Value {
    json!({
        "aggregates": aggregates(),
        "declarations": declarations(),
        "headers": HEADERS,
        "kinds": kinds(),
        "reserved": RESERVED,
        "timeUnits": TIME_UNITS,
        "verbs": verbs(),
    })
}

/// One of `words`, the longest first.
fn one_of(words: &[&str]) -> String {
    let mut words: Vec<String> = words.iter().map(|word| word.replace(' ', r"\s+")).collect();
    words.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    format!("(?:{})", words.join("|"))
}

fn textmate() -> Value {
    let name = |scope: &str| format!("{scope}.interplay");
    json!({
        "name": "Interplay",
        "scopeName": "source.interplay",
        "fileTypes": ["interplay"],
        "patterns": [
            { "include": "#comment" },
            { "include": "#table" },
            { "include": "#declaration" },
            { "include": "#question" },
            { "include": "#shown" },
            { "include": "#value" },
        ],
        "repository": {
            "comment": { "patterns": [
                { "match": r"(?<!#)##(?!#).*$", "name": name("comment.line.documentation") },
                { "match": "#.*$", "name": name("comment.line.number-sign") },
            ] },
            "table": table(),
            "declaration": declaration(),
            "question": {
                "match": format!(r"^({}){AFTER}", one_of(&verbs())),
                "captures": { "1": { "name": name("keyword.control.question") } },
            },
            "shown": {
                "match": format!(r"{BEFORE}(show|expect)\s*(:)\s*({WORD})"),
                "captures": {
                    "1": { "name": name("entity.other.attribute-name.label") },
                    "2": { "name": name("punctuation.separator.label") },
                    "3": { "name": name("keyword.control.question") },
                },
            },
            "value": { "patterns": values() },
        },
    })
}

/// `record stay of person during arrived until left {`, up to the brace or the sign.
fn declaration() -> Value {
    let headers = one_of(HEADERS);
    json!({
        "begin": format!(r"^({}){AFTER}\s*({WORD}(?:\.{WORD})*)?", one_of(&declarations())),
        "end": r"(?=[{=]|^\S)",
        "beginCaptures": {
            "1": { "name": "keyword.declaration.interplay" },
            "2": { "name": "entity.name.type.interplay" },
        },
        "patterns": [
            {
                "match": format!("{BEFORE}(?:{headers}|per|overlap){AFTER}"),
                "name": "keyword.other.header.interplay",
            },
            { "include": "#comment" },
            { "include": "#value" },
        ],
    })
}

/// `given stay from harbour {` and the lines of cells under it; `tree {` and `for each {` too.
fn table() -> Value {
    let covers = r"(?:\s+(covers)\s+[^{}#]*[^{}#\s])?";
    let given = format!(r"(given)\s+({WORD})(?:\s+(from)\s+({WORD}))?{covers}");
    json!({
        "begin": format!(r"{BEFORE}(?:{given}|(tree|for\s+each))\s*(\{{)\s*(?=#|$)"),
        "end": r"^\s*(\})",
        "beginCaptures": {
            "1": { "name": "keyword.control.given.interplay" },
            "2": { "name": "entity.name.type.interplay" },
            "3": { "name": "keyword.operator.word.interplay" },
            "4": { "name": "variable.other.interplay" },
            "5": { "name": "keyword.operator.word.interplay" },
            "6": { "name": "keyword.control.table.interplay" },
            "7": { "name": "punctuation.section.table.interplay" },
        },
        "endCaptures": { "1": { "name": "punctuation.section.table.interplay" } },
        "patterns": [
            { "match": r"(?:^|(?<=[\s|]))#(?=[\s#]|$).*$", "name": "comment.line.number-sign.interplay" },
            { "match": r"\|", "name": "punctuation.separator.cell.interplay" },
            { "match": r"[^|\s][^|]*?(?=\s*(?:\||$|\s#(?:\s|$)))", "name": "string.unquoted.cell.interplay" },
        ],
    })
}

/// What may stand anywhere in a rule, in the order in which it is tried.
fn values() -> Vec<Value> {
    let plain = |pattern: &str, scope: &str| json!({ "match": pattern, "name": format!("{scope}.interplay") });
    let word = |words: &[&str], after: &str, scope: &str| {
        plain(&format!("{BEFORE}{}{AFTER}{after}", one_of(words)), scope)
    };
    let label = |words: &str, scope: &str| {
        json!({
            "match": format!(r"{BEFORE}({words})\s*(:)"),
            "captures": {
                "1": { "name": format!("{scope}.interplay") },
                "2": { "name": "punctuation.separator.label.interplay" },
            },
        })
    };
    vec![
        json!({ "include": "#comment" }),
        json!({
            "begin": "\"", "end": "\"|$", "name": "string.quoted.double.interplay",
            "patterns": [plain(r#"\\["\\]"#, "constant.character.escape")],
        }),
        plain("`[^`\r\n]*`?", "variable.other.column"),
        plain(r"(?<!\d)\d{4}-\d{2}-\d{2}(?![\d-])", "constant.numeric.date"),
        plain(r"(?<!\d)\d{4}-(?:Q\d|W\d{2}|\d{2})(?![\d-])", "constant.numeric.period"),
        plain(r"(?<![\d-])\d{2}-\d{2}(?![\d-])", "constant.numeric.month-day"),
        plain(r"\d+(?:st|nd|rd|th)(?![\p{L}\p{N}_])", "constant.numeric.ordinal"),
        plain(r"\d+(?:\.\d+)?(?:\s*%)?", "constant.numeric"),
        json!({
            "match": format!(r"{BEFORE}(is)(?:\s+(not))?\s+(?!(?:not|missing|unknown){AFTER})({WORD})"),
            "captures": {
                "1": { "name": "keyword.operator.word.interplay" },
                "2": { "name": "keyword.operator.word.interplay" },
                "3": { "name": "constant.other.code.interplay" },
            },
        }),
        label(&one_of(&kinds()), "keyword.control.kind"),
        label(WORD, "entity.other.attribute-name.label"),
        word(&["missing", "unknown"], "", "constant.language"),
        word(&aggregates(), r"(?=\s+of\b)", "support.function.aggregate"),
        word(RESERVED, "", "keyword.operator.word"),
        word(TIME_UNITS, "", "support.type.unit"),
        plain(&format!(r"{BEFORE}{WORD}(?=\()"), "entity.name.function"),
        plain(&format!(r"(?<=\.){WORD}"), "variable.other.member"),
        plain(WORD, "variable.other"),
        plain(r"->|\.\.|<=|>=|[=<>+*/?≈-]", "keyword.operator"),
    ]
}

#[cfg(test)]
mod tests {
    use super::{files, one_of};

    #[test]
    fn longer_words_are_tried_first() {
        assert_eq!(one_of(&["day", "days", "last day"]), r"(?:last\s+day|days|day)");
    }

    #[test]
    fn every_word_of_the_tables_is_in_the_grammars() {
        for (path, text) in files() {
            for word in interplay_syntax::RESERVED {
                assert!(text.contains(word), "{} lacks {word}", path.display());
            }
        }
    }
}
