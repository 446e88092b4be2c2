//! `key: person, day`: by what an organisation tells its rows of a record apart.

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Body, Expr, ItemKind, Value, Word};

use crate::catalog::Field;
use crate::problems;

const LABEL: &str = "key";

/// Whether an entry is the key, and no field of that name: a list of names, or the one name of a
/// field or of the subject, also where a type is called so.
pub(super) fn is_key(item: &tree::Item, record: &tree::Declaration, of: Option<&Word>) -> bool {
    let ItemKind::Clause { label, value } = &item.kind else { return false };
    let names = match &value.item {
        Value::List(_) => return label.item == LABEL,
        Value::Type(name) if !name.optional && name.unit.is_none() => &name.name.item,
        _ => return false,
    };
    let is_own = |item: &tree::Item| matches!(&item.kind, ItemKind::Clause { label, .. } if label.item == *names);
    let of_subject = of.is_some_and(|of| of.item == *names);
    label.item == LABEL && names != LABEL && (of_subject || fields(record).iter().any(is_own))
}

fn fields(record: &tree::Declaration) -> &[tree::Item] {
    match &record.body {
        Some(Body::Block(block)) => &block.items,
        Some(Body::Expression(_)) | None => &[],
    }
}

/// The names of the key, and where it stands.
pub(super) fn read(
    record: &tree::Declaration,
    known: &[Field],
    of: Option<&Word>,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Vec<String>, Span)> {
    let mut keys = fields(record).iter().filter(|item| is_key(item, record, of));
    let item = keys.next()?;
    for other in keys {
        problems.push(problems::clause_twice(LABEL, other.span, item.span));
    }
    let ItemKind::Clause { value, .. } = &item.kind else { return None };
    let mut names: Vec<Word> = Vec::new();
    for name in written(value, problems) {
        if let Some(first) = names.iter().find(|first| first.item == name.item) {
            problems.push(problems::named_twice(&name.item, name.span, first.span));
        } else if of.is_some_and(|of| of.item == name.item) || is_sound(&name, known, problems) {
            names.push(name);
        }
    }
    Some((names.into_iter().map(|name| name.item).collect(), item.span))
}

fn written(value: &Spanned<Value>, problems: &mut Vec<Diagnostic>) -> Vec<Word> {
    let items = match &value.item {
        Value::Type(name) => return vec![name.name.clone()],
        Value::List(items) => items.as_slice(),
        _ => &[],
    };
    let mut names = Vec::new();
    for item in items {
        match &item.item {
            Expr::Name(name) => names.push(Spanned::new(name.clone(), item.span)),
            _ => {
                let wanted = "the name of a field in a key";
                problems.push(problems::wrong_type(wanted, "something else", item.span));
            }
        }
    }
    names
}

/// Whether a name is that of a field that every row has.
fn is_sound(name: &Word, known: &[Field], problems: &mut Vec<Diagnostic>) -> bool {
    let Some(field) = known.iter().find(|field| field.name == name.item) else {
        let known = known.iter().map(|field| field.name.as_str());
        problems.push(problems::unknown_name("field", &name.item, name.span, known));
        return false;
    };
    if field.optional {
        problems.push(problems::key_may_be_missing(&name.item, name.span));
    }
    !field.optional
}
