//! The parts of the manual that tables of the language make: each stands between
//! `<!-- begin NAME -->` and `<!-- end -->` on its page.

use std::collections::BTreeMap;

use interplay_compile::indicator::KINDS;
use interplay_compile::query::VERBS;
use interplay_compile::selection::AGGREGATES;
use interplay_pool::FORMATS as SOURCE_FORMATS;
use interplay_report::FORMATS;
use interplay_syntax::tree::DeclarationKind;

use crate::engine;
use crate::page::{Page, Part};

/// The parts, by name.
#[derive(Debug)]
pub struct Parts(BTreeMap<String, String>);

impl Parts {
    /// Makes them of the tables and of the pages there are.
    #[must_use]
    pub fn new(pages: &[Page]) -> Self {
        let mut parts = BTreeMap::new();
        parts.insert("kinds".to_owned(), kinds());
        parts.insert("formats".to_owned(), formats());
        for format in SOURCE_FORMATS {
            let rows =
                format.options.iter().map(|option| [code(option.name), option.summary.into()]);
            let name = format!("options of {}", format.name);
            parts.insert(name, table(["option", "what it says"], rows));
        }
        for folder in FOLDERS {
            parts.insert(format!("pages of {folder}"), listed(pages, folder));
        }
        parts.insert("words".to_owned(), words(pages));
        Self(parts)
    }

    /// The page with its parts made anew.
    ///
    /// # Panics
    ///
    /// When it asks for a part that nothing makes.
    #[must_use]
    pub fn fill(&self, page: &Page) -> Page {
        let mut page = page.clone();
        for part in &mut page.parts {
            if let Part::Prose(text) = part {
                *text = self.filled(&page.name, text);
            }
        }
        page
    }

    fn filled(&self, page: &str, text: &str) -> String {
        const BEGIN: &str = "<!-- begin ";
        const END: &str = "<!-- end -->";
        let mut pieces = text.split(BEGIN);
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once(" -->").expect("a part has a name");
            let (_, after) = rest.split_once(END).expect("a part has an end");
            let part = self.0.get(name).unwrap_or_else(|| panic!("{page}: nothing makes `{name}`"));
            filled.extend([BEGIN, name, " -->\n\n", part, "\n", END, after]);
        }
        filled
    }
}

/// The folders of pages that the index lists.
const FOLDERS: &[&str] = &[
    "declarations",
    "functions",
    "indicators",
    "periods",
    "queries",
    "selections",
    "sources",
    "timing",
];

/// Declarations that the grammar reads and nothing yet understands.
const NOT_YET: &[&str] = &["bridge", "contribution rule", "timeline"];

/// A word of a table, where its page should lie, and what it is.
struct Word {
    sort: &'static str,
    folder: &'static str,
    name: String,
    summary: String,
}

fn all_words() -> Vec<Word> {
    let word = |sort, folder, name: &str, summary: &str| Word {
        sort,
        folder,
        name: name.to_owned(),
        summary: summary.to_owned(),
    };
    let declared = DeclarationKind::ALL.iter().map(|(words, _)| *words);
    let declared = declared.filter(|words| !NOT_YET.contains(words));
    let mut found: Vec<Word> =
        declared.map(|name| word("declaration", "declarations", name, "")).collect();
    found.extend(
        KINDS.iter().map(|kind| word("kind of indicator", "indicators", kind.name, kind.summary)),
    );
    found.extend(VERBS.iter().map(|verb| word("question", "queries", verb.name, verb.summary)));
    found.extend(AGGREGATES.iter().map(|(name, summary)| {
        let is_date = ["start", "end", "last day"].contains(name);
        let folder = if is_date { "timing" } else { "selections" };
        word("before `of`", folder, &format!("{name} of"), summary)
    }));
    found.extend(
        SOURCE_FORMATS
            .iter()
            .map(|format| word("format of a source", "sources", format.name, format.summary)),
    );
    found.extend(
        FORMATS
            .iter()
            .map(|format| word("format of an answer", "queries", format.name, format.summary)),
    );
    found
}

/// The words of tables that no page of their folder has in its title, and declarations that are
/// said not to be there yet and are.
#[must_use]
pub fn uncovered(pages: &[Page]) -> Vec<String> {
    let words = all_words();
    let without = words.iter().filter(|word| covering(pages, word).is_none());
    let without =
        without.map(|word| format!("no page of docs/{} is titled {}", word.folder, word.name));
    let there = NOT_YET.iter().filter(|kind| {
        let codes = engine::diagnostics(&format!("{kind} one {{ a: b }}\n"));
        !codes.codes().contains(&"not-available")
    });
    without.chain(there.map(|kind| format!("`{kind}` is there, and has no page"))).collect()
}

fn covering<'p>(pages: &'p [Page], word: &Word) -> Option<&'p Page> {
    let inside = pages.iter().filter(|page| folder_of(page) == word.folder);
    inside.into_iter().find(|page| page.titles().contains(&word.name.as_str()))
}

fn folder_of(page: &Page) -> &str {
    page.name.split_once('/').map_or("", |(folder, _)| folder)
}

fn kinds() -> String {
    let rows = KINDS.iter().map(|kind| {
        let clauses = kind.clauses.iter().map(|clause| format!("`{clause}:`"));
        let page = format!("[`{0}:`](../indicators/{0}.md)", kind.name);
        [page, kind.summary.to_owned(), clauses.collect::<Vec<_>>().join(", ")]
    });
    table(["kind", "what it measures", "its other clauses"], rows)
}

fn formats() -> String {
    let rows = FORMATS.iter().map(|format| [code(format.name), format.summary.to_owned()]);
    table(["format", "what it is"], rows)
}

/// A line a page, with its first sentence.
fn listed(pages: &[Page], folder: &str) -> String {
    let inside = pages.iter().filter(|page| folder_of(page) == folder);
    let lines = inside.map(|page| {
        let title = page.titles().join(", ");
        format!("- [{title}]({}): {}\n", page.name, without_links(&page.first_sentence()))
    });
    lines.collect()
}

/// A link leads elsewhere from another page: its text is kept.
fn without_links(sentence: &str) -> String {
    let mut pieces = sentence.split("](");
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once(')').map_or("", |(_, rest)| rest));
    let text = rest.fold(first, |text, rest| text + rest);
    if text.len() < sentence.len() { text.replace('[', "") } else { text }
}

fn words(pages: &[Page]) -> String {
    let mut words = all_words();
    words.sort_by(|one, other| (&one.name, one.sort).cmp(&(&other.name, other.sort)));
    let rows = words.iter().map(|word| {
        let page = covering(pages, word);
        let name = format!("[`{}`]({})", word.name, page.map_or("", |page| page.name.as_str()));
        let said = page.filter(|_| word.summary.is_empty()).map(Page::first_sentence);
        let said = said.map_or_else(|| word.summary.clone(), |said| without_links(&said));
        [name, word.sort.to_owned(), said.replace('|', "\\|")]
    });
    table(["word", "what it is", "in one line"], rows)
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.into_iter().map(|row| line(&row));
    line(&heads.map(str::to_owned))
        + &line(&heads.map(|_| "---".to_owned()))
        + &rows.collect::<String>()
}
