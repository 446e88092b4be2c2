//! What a session declares again: the latest holds.

use std::collections::BTreeSet;

use interplay_syntax::tree::{Program, Statement, StatementKind};

/// Takes what `latest` declares out of `earlier`, and says what that was.
pub(crate) fn replace(earlier: &mut [Program], latest: &Program) -> Vec<String> {
    let names: BTreeSet<_> = latest.statements.iter().filter_map(declared).collect();
    let mut replaced = Vec::new();
    for program in earlier {
        program.statements.retain(|statement| {
            let found = declared(statement).filter(|name| names.contains(name));
            replaced.extend(found.iter().map(|(kind, name)| format!("{kind} `{name}`")));
            found.is_none()
        });
    }
    replaced
}

/// What a statement declares: its kind and name.
fn declared(statement: &Statement) -> Option<(&'static str, String)> {
    match &statement.kind {
        StatementKind::Declaration(it) => Some((it.kind.item.words(), it.name.item.text())),
        StatementKind::Query(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use interplay_diagnostic::SourceId;
    use interplay_syntax::{parse, print};

    use super::replace;

    #[test]
    fn what_is_declared_again_is_taken_out_and_the_rest_stays() {
        let read = |text| parse(SourceId(0), text).0;
        let mut earlier =
            [read("define a of p = 1\ndefine b of p = 2"), read("indicator a { count: p }")];
        let replaced = replace(&mut earlier, &read("define a of p = 3\nmeasure a in 2025"));
        assert_eq!(replaced, ["define `a`"]);
        let left: String = earlier.iter().map(print).collect();
        assert_eq!(left, "define b of p = 2\nindicator a { count: p }\n");
    }
}
