//! The nearest fitting name, and lists of names in a sentence.

/// The candidate nearest to `written`, if one is near enough to be meant.
///
/// Distance is Damerau's (1964): insertions, deletions, changes and swaps of neighbours. Near
/// enough is a third of the longer word, but at least one letter; a candidate that begins with
/// what is written counts as near.
pub fn nearest<'a, S: AsRef<str> + ?Sized + 'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let candidate = candidate.as_ref();
        let distance =
            strsim::damerau_levenshtein(&written.to_lowercase(), &candidate.to_lowercase());
        let longer = written.chars().count().max(candidate.chars().count());
        let starts = written.chars().count() >= 3 && candidate.starts_with(written);
        let near = distance <= (longer / 3).max(1) || starts;
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``
pub fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    joined(names, "and")
}

/// `` `a`, `b` or `c` ``
pub fn choice<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    joined(names, "or")
}

fn joined<S: AsRef<str>>(names: impl IntoIterator<Item = S>, word: &str) -> String {
    let quoted: Vec<String> =
        names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{choice, list, nearest};

    #[test]
    fn a_swap_of_letters_is_near() {
        assert_eq!(nearest("ovre", ["of", "over"]), Some("over"));
    }

    #[test]
    fn a_word_far_from_all_has_no_nearest() {
        assert_eq!(nearest("contacted", ["of", "over"]), None);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(choice(["a", "b"]), "`a` or `b`");
    }
}
