//! What operators join: selections, quantifiers and aggregates, calls, literals.

use interplay_diagnostic::{Span, Spanned};
use nom::Parser;

use super::expression::condition;
use super::list_of;
use super::primary::{named, postfix};
use super::reading::two_readings;
use super::timing::{anchor, moment_item, timing};
use crate::input::{Parsed, Scope, Tokens, any_word, expect, name, token, within, word};
use crate::problems;
use crate::token::comma::pointed;
use crate::token::{TokenKind, unquoted, unticked};
use crate::tree::{Direction, Expr, KeyOrder, Quantifier, Word};
use crate::words;

/// ```text
/// phrase ::= quantifier [ phrase ] | best | the_period | last_periods | "previous" NAME
///          | time_unit "to" "date" | of | literal | selection
/// ```
pub(super) fn phrase(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    if let Some(found) = named_period(input) {
        return Ok(found);
    }
    match input.word() {
        Some("any" | "no" | "every" | "first" | "last" | "the") => quantified(input),
        Some("best") => best(input),
        Some(_) if of_word(input).is_some() => of(input, phrase),
        _ => selection(input),
    }
}

/// `previous period` or `year to date`, if that is ahead.
pub(super) fn named_period(input: Tokens<'_>) -> Option<(Tokens<'_>, Spanned<Expr>)> {
    if input.word().is_some_and(words::is_time_unit)
        && let Some(found) = to_date(input)
    {
        return Some(found);
    }
    let unit = input.word_at(1).filter(|unit| !words::is_reserved(unit))?;
    if input.word() != Some("previous") {
        return None;
    }
    let rest = input.skip(2);
    Some((rest, Spanned::new(Expr::Name(format!("previous {unit}")), input.span_to(rest))))
}

/// `year to date`, `school_year to date`, if that is ahead.
pub(super) fn to_date(input: Tokens<'_>) -> Option<(Tokens<'_>, Spanned<Expr>)> {
    let is_word = input.word().is_some_and(|word| !words::is_reserved(word) && word != "period");
    if !is_word || input.word_at(1) != Some("to") || input.word_at(2) != Some("date") {
        return None;
    }
    let unit = Spanned::new(input.text(input.here()).to_owned(), input.here());
    let rest = input.skip(3);
    Some((rest, Spanned::new(Expr::ToDate(unit), input.span_to(rest))))
}

/// ```text
/// period_of ::= NAME ( NUMBER | NAME )
/// ```
///
/// `school_year 2024`, `campaign winter`, if that is ahead: a kind of period and which of them it
/// is, in one line.
pub(super) fn period_of(input: Tokens<'_>) -> Option<(Tokens<'_>, Spanned<Expr>)> {
    let kind = input.word().filter(|word| !words::is_reserved(word))?;
    let rest = input.skip(1);
    let is_which = match rest.kind() {
        Some(TokenKind::Number) => words::is_year(rest.text(rest.here())),
        _ => {
            let is_name = rest.word().is_some_and(|word| !words::is_reserved(word));
            let goes_on = rest.has_words(&["known", "only"]) || rest.has_words(&["on", "or"]);
            is_name && !rest.starts_item() && !goes_on
        }
    };
    if kind == "period" || !is_which || !rest.same_line_at(0) {
        return None;
    }
    let word = |at: Tokens<'_>| Spanned::new(at.text(at.here()).to_owned(), at.here());
    let item = Expr::PeriodOf { kind: word(input), which: word(rest) };
    let after = rest.skip(1);
    Some((after, Spanned::new(item, input.span_to(after))))
}

/// ```text
/// of ::= NAME "of" phrase [ "known" "only" ]
///      | ( "start" | "end" | "last" "day" | NAME NUMBER ) "of" moment_item
/// ```
///
/// What is said of a moment takes no timing phrase: `start of period`, `quarter 1 of period`.
pub(super) fn of<'a>(
    input: Tokens<'a>,
    operand: impl FnOnce(Tokens<'a>) -> Parsed<'a, Spanned<Expr>>,
) -> Parsed<'a, Spanned<Expr>> {
    let Some(count) = of_word(input) else { return input.miss("a word and `of`") };
    let rest = input.skip(count);
    let word = Spanned::new(input.texts(count, " "), input.span_to(rest));
    let input_after = rest.skip(1);
    let is_moment = count > 1 || matches!(word.item.as_str(), "start" | "end");
    let (rest, operand) = if is_moment {
        within(input_after, Scope::default(), moment_item)?
    } else {
        within(input_after, of_rows(input, &word.item, input_after), operand)?
    };
    let known_only = !is_moment && rest.has_words(&["known", "only"]);
    let rest = if known_only { rest.skip(2) } else { rest };
    let item = Expr::Of { word, operand: Box::new(operand), known_only };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// The scope of what stands after `WORD of`: after `count of` and its like what is asked of rows,
/// after `minutes of` in `sum of minutes of contact` the same, and after `membership of` the side
/// by which rows of that record are looked at, whose `where` is theirs.
fn of_rows(input: Tokens<'_>, word: &str, after: Tokens<'_>) -> Scope {
    let here = input.here().start;
    if words::ASKED.contains(&word) {
        let has_field = matches!(word, "max" | "mean" | "min" | "sum");
        let field_at = has_field.then(|| after.here().start);
        return Scope { field_at, rows_from: None, ..asked(input) };
    }
    if input.scope.field_at == Some(here) {
        return input.scope;
    }
    Scope { rows_from: Some(here), ..input.scope }
}

/// How many tokens stand before the `of` that is ahead, if one is.
pub(super) fn of_word(input: Tokens<'_>) -> Option<usize> {
    let first = input.word()?;
    if input.has_words(&["last", "day", "of"]) {
        return Some(2);
    }
    if words::is_reserved(first) {
        return None;
    }
    let numbered = input.kind_at(1) == Some(TokenKind::Number);
    match (input.word_at(1), input.word_at(2)) {
        (Some("of"), _) => Some(1),
        (_, Some("of")) if numbered => Some(2),
        _ => None,
    }
}

/// The scope of what `any`, `no`, `every` or `count of` is asked of.
fn asked(input: Tokens<'_>) -> Scope {
    let asked_from = input.scope.asked_from.or(Some(input.here().start));
    Scope { asked_from, ..input.scope }
}

/// ```text
/// quantifier ::= ( "any" | "no" ) [ "other" ] | "every" | "first" | "last" | "the" ORDINAL
/// last_periods ::= "last" NUMBER WORD
/// ```
///
/// Before nothing such a word is a name: `unknown_counts_as: no`.
fn quantified(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    if input.word() == Some("the") && input.kind_at(1) == Some(TokenKind::Number) {
        return the_period(input);
    }
    if let Some(found) = last_periods(input) {
        return Ok(found);
    }
    if of_word(input).is_some() {
        return of(input, phrase);
    }
    let Some((rest, item)) = quantifier(input) else {
        return input.fail("an ordinal after `the`, as in `the 2nd`, or a duration");
    };
    let found = Spanned::new(item, input.span_to(rest));
    if !begins_operand(rest) {
        return match item {
            Quantifier::The(_) => rest.fail("a selection after `the` and its ordinal"),
            _ => any_word(input).map(|(rest, word)| (rest, named(word))),
        };
    }
    let decides = !matches!(item, Quantifier::First | Quantifier::Last | Quantifier::The(_));
    let scope = if decides { asked(input) } else { input.scope };
    let (rest, operand) = within(rest, scope, phrase)?;
    let item = Expr::Quantified { quantifier: found, operand: Box::new(operand) };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// `last 4 quarters`, if that is ahead.
pub(super) fn last_periods(input: Tokens<'_>) -> Option<(Tokens<'_>, Spanned<Expr>)> {
    let number = input.ahead.get(1).filter(|token| token.kind == TokenKind::Number)?;
    if input.word() != Some("last") || words::is_reserved(input.word_at(2)?) {
        return None;
    }
    let count = Spanned::new(input.text(number.span).to_owned(), number.span);
    let (rest, unit) = any_word(input.skip(2)).ok()?;
    Some((rest, Spanned::new(Expr::LastPeriods { count, unit }, input.span_to(rest))))
}

/// The quantifier ahead, if there is one, and what follows it.
fn quantifier(input: Tokens<'_>) -> Option<(Tokens<'_>, Quantifier)> {
    let other = input.word_at(1) == Some("other") && begins_operand(input.skip(2));
    let rest = input.skip(if other { 2 } else { 1 });
    match input.word()? {
        "any" => Some((rest, if other { Quantifier::AnyOther } else { Quantifier::Any })),
        "no" => Some((rest, if other { Quantifier::NoOther } else { Quantifier::No })),
        "every" => Some((input.skip(1), Quantifier::Every)),
        "first" => Some((input.skip(1), Quantifier::First)),
        "last" => Some((input.skip(1), Quantifier::Last)),
        _ => {
            let ordinal = input.ahead.get(1).filter(|token| token.kind == TokenKind::Ordinal)?;
            let digits = input.text(ordinal.span).trim_end_matches(char::is_alphabetic);
            Some((input.skip(2), Quantifier::The(digits.parse().ok()?)))
        }
    }
}

/// Whether what is ahead can be what a quantifier stands before.
fn begins_operand(input: Tokens<'_>) -> bool {
    match input.kind() {
        Some(TokenKind::OpenParen) => true,
        _ => input.word().is_some_and(|word| {
            let is_map = word == "choose";
            words::begins_expression(word)
                && !matches!(word, "else" | "not")
                && (is_map || !input.starts_item())
        }),
    }
}

/// ```text
/// the_period ::= "the" duration ( "before" | "after" ) point
/// ```
pub(super) fn the_period(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let (rest, duration) =
        expect("a duration, as in `the 12 months`", duration).parse(input.skip(1))?;
    let (rest, direction) = expect("`before` or `after` and a date", direction).parse(rest)?;
    let (rest, anchor) = anchor(rest)?;
    let item =
        Expr::ThePeriod { duration: Box::new(duration), direction, anchor: Box::new(anchor) };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// ```text
/// best ::= "best" selection "by" "(" key_order { "," key_order } ")"
/// key_order ::= NAME [ "ascending" | "descending" ]
/// ```
fn best(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let rest = input.skip(1);
    if !begins_operand(rest) {
        return any_word(input).map(|(rest, word)| (rest, named(word)));
    }
    let (rest, operand) = within(rest, input.scope, selection)?;
    let (rest, _) = expect("`by` and the keys in parentheses", word("by")).parse(rest)?;
    let open = token(TokenKind::OpenParen, "`(`");
    let (rest, _) = expect("`(` and the keys", open).parse(rest)?;
    let (rest, by) = list_of(rest, "the field to order by", key_order)?;
    let close = token(TokenKind::CloseParen, "`)`");
    let (rest, _) = expect("`,` and a further key, or `)`", close).parse(rest)?;
    let item = Expr::Best { operand: Box::new(operand), by };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

fn key_order(input: Tokens<'_>) -> Parsed<'_, KeyOrder> {
    let (rest, field) = name(input)?;
    match rest.word() {
        Some("descending") => Ok((rest.skip(1), KeyOrder { field, descending: true })),
        Some("ascending") => Ok((rest.skip(1), KeyOrder { field, descending: false })),
        _ => Ok((rest, KeyOrder { field, descending: false })),
    }
}

/// ```text
/// selection ::= timed [ "where" expr ]
/// timed ::= postfix { timing }
/// ```
///
/// `where` reaches as far as it can. Where that leaves two readings near, it is refused (G5).
fn selection(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let (mut rest, mut rows) = operand(input)?;
    if is_literal(&rows.item) {
        return Ok((rest, rows));
    }
    while let Some(found) = timing(rest) {
        let before = rest;
        let (after, timing) = found?;
        (rest, ()) = after.joined(before)?;
        let item = Expr::Timed { operand: Box::new(rows), timing };
        rows = Spanned::new(item, input.span_to(rest));
    }
    if rest.word() != Some("where") {
        return Ok((rest, rows));
    }
    if matches!(&rows.item, Expr::Name(name) if name == "period" || name.starts_with("previous ")) {
        return rest.refuse(problems::where_of_period(rest.here()));
    }
    rest.mark();
    let before = rest;
    let (rest, condition) = condition(rest.skip(1))?;
    let (rest, ()) = rest.joined(before)?;
    if let Some(problem) = two_readings(input, rest, &rows, &condition) {
        return rest.refuse(problem);
    }
    let item = Expr::Where { rows: Box::new(rows), condition: Box::new(condition) };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// Literals take no timing phrase.
fn is_literal(item: &Expr) -> bool {
    matches!(
        item,
        Expr::Number(_)
            | Expr::Quantity { .. }
            | Expr::Text(_)
            | Expr::Column(_)
            | Expr::Date(_)
            | Expr::Period(_)
            | Expr::MonthDay(_)
            | Expr::Missing
            | Expr::Unknown
            | Expr::Relative { .. }
    )
}

/// ```text
/// literal ::= quantity | relative | DATE | PERIOD | MONTHDAY | STRING | COLUMN
///           | "missing" | "unknown"
/// ```
///
/// A literal or what a selection begins with.
fn operand(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let Some((rest, token)) = input.next() else { return input.fail("a value") };
    let text = input.text(token.span);
    let literal = match token.kind {
        TokenKind::Number => return quantity(input),
        TokenKind::Date => Expr::Date(text.to_owned()),
        TokenKind::Period => Expr::Period(text.to_owned()),
        TokenKind::MonthDay => Expr::MonthDay(text.to_owned()),
        TokenKind::Text => Expr::Text(unquoted(text)),
        TokenKind::Column => Expr::Column(unticked(text)),
        TokenKind::Name if input.word() == Some("missing") => Expr::Missing,
        TokenKind::Name if input.word() == Some("unknown") => Expr::Unknown,
        _ => return postfix(input),
    };
    Ok((rest, Spanned::new(literal, token.span)))
}

/// ```text
/// quantity ::= NUMBER [ "%" | NAME ]
/// relative ::= duration ( "before" | "after" ) point
/// ```
///
/// A unit stands in the line of its number.
fn quantity(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let Some((rest, number)) = input.next() else { return input.miss("a number") };
    let digits = pointed(input.text(number.span));
    let Some((rest, unit)) = unit(rest) else {
        return Ok((rest, Spanned::new(Expr::Number(digits), number.span)));
    };
    let is_time = words::is_time_unit(&unit.item);
    let item = Expr::Quantity { number: digits, unit };
    let found = Spanned::new(item, input.span_to(rest));
    if is_time && matches!(rest.word(), Some("before" | "after")) {
        return relative(rest, found);
    }
    Ok((rest, found))
}

/// Stands after the duration: `before X`, `after X`.
pub(super) fn relative(input: Tokens<'_>, duration: Spanned<Expr>) -> Parsed<'_, Spanned<Expr>> {
    let (rest, direction) = expect("`before` or `after` and a date", direction).parse(input)?;
    let (rest, anchor) = anchor(rest)?;
    let span = Span { end: rest.end, ..duration.span };
    let (duration, anchor) = (Box::new(duration), Box::new(anchor));
    Ok((rest, Spanned::new(Expr::Relative { duration, direction, anchor }, span)))
}

/// `before` or `after`.
pub(super) fn direction(input: Tokens<'_>) -> Parsed<'_, Direction> {
    match input.word() {
        Some("before") => Ok((input.skip(1), Direction::Before)),
        Some("after") => Ok((input.skip(1), Direction::After)),
        _ => input.miss("`before` or `after`"),
    }
}

/// The unit ahead, if there is one.
fn unit(input: Tokens<'_>) -> Option<(Tokens<'_>, Word)> {
    if !input.same_line_at(0) {
        return None;
    }
    if input.kind() == Some(TokenKind::Percent) {
        return Some((input.skip(1), Spanned::new("%".to_owned(), input.here())));
    }
    // A word before `{` opens a block, and so do two words.
    if input.starts_item() {
        return None;
    }
    name(input).ok()
}

/// ```text
/// duration ::= NUMBER time_unit
/// time_unit ::= "day" | "days" | "week" | "weeks" | "month" | "months"
///             | "quarter" | "quarters" | "year" | "years"
/// ```
pub(super) fn duration(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let is_duration = input.kind() == Some(TokenKind::Number)
        && input.word_at(1).is_some_and(words::is_time_unit);
    if !is_duration {
        return input.miss("a duration, such as `6 months`");
    }
    let number = pointed(input.text(input.here()));
    let (rest, unit) = any_word(input.skip(1))?;
    Ok((rest, Spanned::new(Expr::Quantity { number, unit }, input.span_to(rest))))
}
