//! The pages of `docs/problems`: what each problem means, with an example that has it and one that
//! is mended.

/// One page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// `unknown-clause`
    pub(crate) code: &'static str,
    text: &'static str,
}

/// The pages of these codes, from the files of their names.
macro_rules! pages {
    ($($code:literal,)*) => {
        &[$(Page {
            code: $code,
            text: include_str!(concat!("../../../docs/problems/", $code, ".md")),
        },)*]
    };
}

/// Every page, by code. A new problem is a page in `docs/problems` and a line here.
pub(crate) const PAGES: &[Page] = pages![
    "ambiguous-name",
    "anonymous",
    "as-of-alone",
    "baseline-late",
    "better-needed",
    "beyond-a-share",
    "bounds-order",
    "breakdown-twice",
    "built-in",
    "cell-value",
    "clause-twice",
    "code-as-condition",
    "cycle",
    "declared-twice",
    "dimension-as-value",
    "empty-period",
    "every-asks-nothing",
    "file-pattern",
    "foreign-comment",
    "foreign-date",
    "foreign-number",
    "foreign-query",
    "foreign-quotes",
    "foreign-sign",
    "foreign-word",
    "group-after-is",
    "identifier-kept",
    "impossible-date",
    "key-twice",
    "leans-deep",
    "many-rows",
    "missing-clause",
    "missing-compared",
    "missing-header",
    "multiplied",
    "needs-subjects",
    "never-matches",
    "never-withheld",
    "no-conversion",
    "no-duration",
    "no-levels",
    "no-value-yet",
    "not-available",
    "not-indented",
    "not-utf-8",
    "nothing-to-compare",
    "one-figure",
    "open-block",
    "open-column",
    "open-text",
    "option-twice",
    "option-value",
    "other-subject",
    "other-than-what",
    "parameter-undated",
    "period-needed",
    "periods-overlap",
    "query-order",
    "range-turned",
    "reserved-field",
    "reserved-name",
    "row-key",
    "syntax",
    "table-width",
    "taken-word",
    "timezone-needed",
    "too-deep",
    "too-large",
    "too-many-cells",
    "trace-not-allowed",
    "tree-gap",
    "tree-of-what",
    "tree-row",
    "two-readings",
    "types-differ",
    "unit-then-more",
    "unknown-breakdown",
    "unknown-clause",
    "unknown-code",
    "unknown-declaration",
    "unknown-escape",
    "unknown-format",
    "unknown-header",
    "unknown-name",
    "unknown-option",
    "unknown-text",
    "unknown-timezone",
    "unknown-unit",
    "unknown-verb",
    "unnamed-column",
    "unused-column",
    "unused-part",
    "use-is",
    "wrong-type",
];

impl Page {
    /// The page of `code`.
    pub(crate) fn find(code: &str) -> Option<&'static Self> {
        PAGES.iter().find(|page| page.code == code)
    }

    /// What the problem is, in one sentence.
    pub(crate) fn summary(&self) -> &'static str {
        let sentence = self.text.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        sentence.unwrap_or_default()
    }

    /// The page for a terminal: examples indented, `width` letters a line.
    pub(crate) fn plain(&self, width: usize) -> String {
        let rule = "═".repeat(self.code.chars().count());
        let mut lines = vec![self.code.to_owned(), rule];
        let mut is_example = false;
        for line in self.text.lines().skip(1) {
            if line.starts_with("```") {
                is_example = !is_example;
            } else if is_example {
                lines.push(if line.is_empty() { String::new() } else { format!("    {line}") });
            } else {
                lines.extend(wrapped(line, width));
            }
        }
        lines.join("\n") + "\n"
    }
}

/// A paragraph in lines of at most `width` letters, as far as its words allow.
fn wrapped(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{PAGES, Page, wrapped};

    #[test]
    fn the_table_holds_every_page_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/problems");
        let entries = std::fs::read_dir(folder).expect("the folder of the pages");
        let names = entries.map(|entry| entry.expect("a page").file_name());
        let names = names.filter_map(|name| Some(name.to_str()?.strip_suffix(".md")?.to_owned()));
        let mut names: Vec<String> = names.filter(|name| name != "README").collect();
        names.sort();
        let codes: Vec<&str> = PAGES.iter().map(|page| page.code).collect();
        assert_eq!(codes, names);
    }

    #[test]
    fn a_page_shows_its_examples_indented_and_without_fences() {
        let page = Page::find("use-is").expect("a page");
        let text = page.plain(80);
        assert!(text.starts_with("use-is\n══════\n\nA code is compared with `=`.\n"), "{text}");
        assert!(text.contains("\n    define woman of person = gender is f\n"), "{text}");
        assert!(!text.contains("```"), "{text}");
    }

    #[test]
    fn long_paragraphs_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomparable", 7), ["incomparable"]);
        assert_eq!(wrapped("", 7), [""]);
    }
}
