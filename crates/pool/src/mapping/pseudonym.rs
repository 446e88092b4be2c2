//! Pseudonyms: the same person under the same name everywhere, and nobody knows whom it means.

use unicode_normalization::UnicodeNormalization;

use crate::key::Key;

/// Between the parts of an identifier.
const BETWEEN: char = '\u{1f}';

/// The pseudonym of an identifier in parts; `None` when a part is empty: those who
/// share the other parts would become one person, and one person two.
///
/// Each part is trimmed, put in Unicode's composed form (NFC) and in lower case, and only its
/// letters and digits are kept: `05.06.01-123.45` and `050601 123 45` are one. The parts, with
/// U+001F between them, are hashed with the key (HMAC-SHA-256); the first 16 bytes in
/// hexadecimal are the pseudonym.
pub(super) fn of<'a>(key: &Key, parts: impl Iterator<Item = &'a str>) -> Option<String> {
    let parts: Vec<String> = parts.map(normal).collect();
    let known = !parts.is_empty() && parts.iter().all(|part| !part.is_empty());
    known.then(|| key.keyed(parts.join(&BETWEEN.to_string()).as_bytes()))
}

/// The letters and digits of a part, in lower case.
pub(super) fn normal(part: &str) -> String {
    let lower = part.trim().nfc().flat_map(char::to_lowercase);
    lower.filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::key::Key;

    fn name(parts: &[&str]) -> Option<String> {
        of(&Key::Demonstration, parts.iter().copied())
    }

    #[test]
    fn how_an_identifier_is_typed_does_not_matter() {
        assert_eq!(name(&["05.06.01-123.45"]), name(&[" 050601 123 45 "]));
        assert_eq!(name(&["Zoe\u{308}", "X"]), name(&["ZO\u{cb}", "x"]));
        assert_ne!(name(&["ab", "c"]), name(&["a", "bc"]));
    }

    #[test]
    fn an_identifier_with_an_empty_part_is_missing() {
        assert_eq!(name(&["", " - "]), None);
        assert_eq!(name(&["", "x"]), None);
        assert_eq!(name(&["x", " - "]), None);
        assert_eq!(name(&[]), None);
    }
}
