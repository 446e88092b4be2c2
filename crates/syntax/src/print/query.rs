//! Queries as text.

use interplay_diagnostic::Spanned;

use super::doc::Doc;
use super::expression::{expression, key};
use crate::tree::{Breakdown, Compare, Expr, Key, Query, QueryPeriod, Word};

/// `query` on one line; its parts stand on lines of their own if it does not fit.
pub(super) fn query(query: &Query) -> Doc {
    let mut head = query.verb.item.clone();
    if let Some(link) = &query.link {
        head.push(' ');
        head.push_str(&link.item);
    }
    if !query.things.is_empty() {
        head.push(' ');
        head.push_str(&names(&query.things));
    }
    let mut parts = Vec::new();
    let mut part = |word: &'static str, doc: Doc| {
        parts.extend([Doc::Line, Doc::text(word), Doc::text(" "), doc]);
    };
    if let Some(found) = &query.period {
        part("in", period(found));
    }
    if !query.by.is_empty() {
        let by: Vec<String> = query.by.iter().map(breakdown).collect();
        part("by", Doc::text(by.join(", ")));
    }
    if let Some(condition) = &query.condition {
        part("where", expression(&condition.item));
    }
    if let Some(using) = &query.using {
        part("using", Doc::text(using.item.clone()));
    }
    if let Some(found) = &query.compare {
        part("compare", compare(found));
    }
    if let Some(format) = &query.format {
        part("as", Doc::text(format.item.clone()));
    }
    Doc::Group(vec![Doc::text(head), Doc::Nest(parts)])
}

fn names(words: &[Word]) -> String {
    words.iter().map(|word| word.item.as_str()).collect::<Vec<_>>().join(", ")
}

fn period(period: &QueryPeriod) -> Doc {
    let rows = match period {
        QueryPeriod::Span(span) => return expression(&span.item),
        QueryPeriod::Named(rows) => rows,
    };
    let mut inside = Vec::new();
    for (name, span) in rows {
        inside.extend((!inside.is_empty()).then(|| Doc::text(",")));
        inside.push(Doc::Line);
        inside.push(named(name, span));
    }
    Doc::Group(vec![Doc::text("periods {"), Doc::Nest(inside), Doc::Line, Doc::text("}")])
}

fn named(name: &Spanned<Key>, span: &Spanned<Expr>) -> Doc {
    Doc::all(vec![Doc::text(format!("{}: ", key(&name.item))), expression(&span.item)])
}

fn breakdown(breakdown: &Breakdown) -> String {
    match breakdown {
        Breakdown::Name(word) => word.item.clone(),
        Breakdown::AnyOf(words) => format!("any of ({})", names(words)),
        Breakdown::EachOf(words) => format!("each of ({})", names(words)),
    }
}

fn compare(compare: &Compare) -> Doc {
    match compare {
        Compare::Previous(None) => Doc::text("previous"),
        Compare::Previous(Some(unit)) => Doc::text(format!("previous {}", unit.item)),
        Compare::SamePeriodLast(unit) => Doc::text(format!("same period last {}", unit.item)),
        Compare::Span(span) => expression(&span.item),
    }
}
