//! Queries.

use interplay_diagnostic::Spanned;
use nom::Parser;

use super::expression::condition;
use super::timing::span;
use super::{entry_key, list_of, year};
use crate::input::{Parsed, Scope, Tokens, any_word, expect, name, token, within};
use crate::problems;
use crate::token::TokenKind;
use crate::tree::{Breakdown, Compare, Expr, Key, Query, QueryPeriod, Word};
use crate::words;

/// ```text
/// query ::= WORD [ "of" | "to" | "for" ] [ path { "," path } ]
///           [ in ] [ by ] [ "where" expr ] [ "using" WORD ] [ compare_to ] [ "as" WORD ]
/// ```
pub(super) fn query(input: Tokens<'_>) -> Parsed<'_, Spanned<Query>> {
    let (rest, verb) = expect("a query, such as `measure reach in 2025`", name).parse(input)?;
    let (rest, link) = match rest.word() {
        Some("of" | "to" | "for") => any_word(rest).map(|(rest, word)| (rest, Some(word)))?,
        _ => (rest, None),
    };
    let (rest, things) = things(rest, link.is_some())?;
    let (rest, period) = part(rest, "in", period)?;
    let (rest, by) = part(rest, "by", |rest| list_of(rest, "a breakdown", breakdown))?;
    let (rest, condition) = part(rest, "where", condition)?;
    let (rest, using) =
        part(rest, "using", |rest| expect("the name of a rule", any_word).parse(rest))?;
    let (rest, compare) = part(rest, "compare", compare_to)?;
    let (rest, format) =
        part(rest, "as", |rest| expect("the name of a format", any_word).parse(rest))?;
    let late = rest.word().filter(|word| words::QUERY_PARTS.contains(word));
    if let Some(late) = late {
        return rest.refuse(problems::query_order(rest.here(), late));
    }
    let (by, span) = (by.unwrap_or_default(), input.span_to(rest));
    let item = Query { verb, link, things, period, by, condition, using, compare, format, span };
    Ok((rest, Spanned::new(item, span)))
}

/// Reads what `parser` reads if `keyword` is ahead.
fn part<'a, T>(
    input: Tokens<'a>,
    keyword: &str,
    parser: impl FnOnce(Tokens<'a>) -> Parsed<'a, T>,
) -> Parsed<'a, Option<T>> {
    if input.word() != Some(keyword) {
        return Ok((input, None));
    }
    let (rest, item) = within(input.skip(1), Scope::default(), parser)?;
    Ok((rest, Some(item)))
}

/// What is asked about. After `of`, `to` or `for` something must be.
fn things(input: Tokens<'_>, needed: bool) -> Parsed<'_, Vec<Word>> {
    let is_thing = input.word().is_some_and(|word| !words::is_reserved(word));
    if !needed && (!is_thing || input.starts_item()) {
        return Ok((input, Vec::new()));
    }
    list_of(input, "what the query is about", thing)
}

/// ```text
/// path ::= WORD { "." WORD }
/// ```
///
/// A name whose dots stay in the word.
fn thing(input: Tokens<'_>) -> Parsed<'_, Word> {
    let (mut rest, _) = name(input)?;
    while rest.kind() == Some(TokenKind::Dot) {
        (rest, _) = expect("a name after `.`", any_word).parse(rest.skip(1))?;
    }
    let text = input.texts(input.ahead.len() - rest.ahead.len(), "");
    Ok((rest, Spanned::new(text, input.span_to(rest))))
}

/// ```text
/// in ::= "in" ( span | "periods" "{" period_row { [ "," ] period_row } [ "," ] "}" )
/// period_row ::= key ":" span
/// ```
fn period(input: Tokens<'_>) -> Parsed<'_, QueryPeriod> {
    let is_named =
        input.word() == Some("periods") && input.kind_at(1) == Some(TokenKind::OpenBrace);
    if !is_named {
        let (rest, item) = span(input)?;
        return Ok((rest, QueryPeriod::Span(item)));
    }
    let (mut rest, mut rows) = (input.skip(2), Vec::new());
    while rest.kind() != Some(TokenKind::CloseBrace) {
        let (after, row) = period_row(rest)?;
        rows.push(row);
        rest = after.skip(usize::from(after.kind() == Some(TokenKind::Comma)));
    }
    Ok((rest.skip(1), QueryPeriod::Named(rows)))
}

fn period_row(input: Tokens<'_>) -> Parsed<'_, (Spanned<Key>, Spanned<Expr>)> {
    let Some((rest, key)) = entry_key(input) else {
        return input.fail("a named period, such as `winter: 2025-Q1`, or `}`");
    };
    let (rest, value) = within(rest, Scope::default(), span)?;
    Ok((rest, (key, year(value))))
}

/// ```text
/// by ::= "by" breakdown { "," breakdown }
/// breakdown ::= path | ( "any" | "each" ) "of" "(" path { "," path } ")"
/// ```
fn breakdown(input: Tokens<'_>) -> Parsed<'_, Breakdown> {
    let wrap = match input.word() {
        Some("any") => Breakdown::AnyOf,
        Some("each") if input.word_at(1) == Some("of") => Breakdown::EachOf,
        _ => return thing(input).map(|(rest, word)| (rest, Breakdown::Name(word))),
    };
    if input.word_at(1) != Some("of") {
        return input.skip(1).fail("`of` and names in parentheses");
    }
    let open = token(TokenKind::OpenParen, "`(`");
    let (rest, _) = expect("`(` and names", open).parse(input.skip(2))?;
    let (rest, names) = list_of(rest, "a name", thing)?;
    let close = token(TokenKind::CloseParen, "`)`");
    let (rest, _) = expect("`,` and a further name, or `)`", close).parse(rest)?;
    Ok((rest, wrap(names)))
}

/// ```text
/// compare_to ::= "compare" ( "previous" [ WORD ] | "same" "period" "last" WORD | span )
/// ```
fn compare_to(input: Tokens<'_>) -> Parsed<'_, Compare> {
    if input.has_words(&["same", "period", "last"]) {
        let unit = expect("a unit of time, such as `year`", any_word).parse(input.skip(3));
        return unit.map(|(rest, unit)| (rest, Compare::SamePeriodLast(unit)));
    }
    if input.word() == Some("previous") {
        let rest = input.skip(1);
        let unit = rest.word().filter(|word| !words::is_reserved(word) && !rest.starts_item());
        return match unit {
            Some(_) => any_word(rest).map(|(rest, unit)| (rest, Compare::Previous(Some(unit)))),
            None => Ok((rest, Compare::Previous(None))),
        };
    }
    let (rest, item) = span(input)?;
    Ok((rest, Compare::Span(item)))
}
