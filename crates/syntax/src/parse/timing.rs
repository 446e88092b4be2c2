//! Timing phrases, moments and spans of time.

use interplay_diagnostic::Spanned;
use nom::Parser;

use super::expression::sum;
use super::phrase::{
    direction, duration, last_periods, named_period, of, of_word, period_of, relative, the_period,
    to_date,
};
use super::primary::postfix;
use super::year;
use crate::foreign::between_values;
use crate::input::{Parsed, Scope, Tokens, any_word, expect, within, word};
use crate::problems;
use crate::token::comma::pointed;
use crate::token::{TokenKind, date};
use crate::tree::{BinaryOperator, Direction, Edge, Expr, Quantifier, Relation, Timing};
use crate::words;

/// ```text
/// timing ::= "during" span | "overlapping" span | "within" span
///          | [ "starting" | "ending" ] relation | ( "starting" | "ending" ) "in" span
///          | "as" "of" point | "at" point | "at" "level" WORD | "at" "tree" "of" point
///          | "from" point | "until" point
/// ```
///
/// Nothing, if no timing phrase is ahead.
pub(super) fn timing(input: Tokens<'_>) -> Option<Parsed<'_, Spanned<Timing>>> {
    let rest = input.skip(1);
    let found = match input.word()? {
        "during" => boxed(rest, span, Timing::During),
        "overlapping" => boxed(rest, span, Timing::Overlapping),
        "within" if duration(rest).is_err() => boxed(rest, span, Timing::Within),
        "within" => within_duration(rest).and_then(|(rest, relation)| period_or(rest, relation)),
        "starting" => edge(rest, Edge::Starting),
        "ending" => edge(rest, Edge::Ending),
        "as" if rest.word() == Some("of") => boxed(rest.skip(1), point, Timing::AsOf),
        "at" if matches!(rest.word(), Some("least" | "most")) => {
            let (end, sign) = (rest.skip(1), rest.word().and_then(between_values));
            let (span, sign) = (input.span_to(end), sign.unwrap_or_default());
            input.refuse(problems::foreign_word(span, input.text(span), sign))
        }
        "at" if rest.word() == Some("level") && rest.word_at(1).is_some() => {
            any_word(rest.skip(1)).map(|(rest, level)| (rest, Timing::AtLevel(level)))
        }
        "at" if rest.has_words(&["tree", "of"]) => boxed(rest.skip(2), point, Timing::AtTree),
        "at" => boxed(rest, point, Timing::At),
        "from" => boxed(rest, point, Timing::From),
        "until" => boxed(rest, point, Timing::Until),
        _ => relation(input)?
            .map(|(rest, relation)| (rest, Timing::Relation { edge: None, relation })),
    };
    Some(found.map(|(rest, timing)| (rest, Spanned::new(timing, input.span_to(rest)))))
}

/// What follows `starting` or `ending`.
fn edge(input: Tokens<'_>, edge: Edge) -> Parsed<'_, Timing> {
    if input.word() == Some("in") {
        let (rest, period) = within(input.skip(1), Scope::default(), span)?;
        return Ok((rest, Timing::EdgeIn { edge, period: Box::new(period) }));
    }
    let found = match input.word() {
        Some("between") => Some(between(input.skip(1))),
        _ => relation(input),
    };
    match found {
        Some(found) => {
            let (rest, relation) = found?;
            Ok((rest, Timing::Relation { edge: Some(edge), relation }))
        }
        None => input
            .fail("`in`, `before`, `after`, `on or before`, `on or after`, `within` or `between`"),
    }
}

/// ```text
/// relation ::= ( "before" | "after" | "on" "or" "before" | "on" "or" "after" ) point
///            | "within" duration ( "before" | "after" | "of" ) point
///            | "between" duration "and" duration ( "before" | "after" ) point
///            | "between" point "and" point
/// ```
///
/// `between` that compares values is left to the comparisons: it is a relation only when two
/// durations or a date follow.
fn relation(input: Tokens<'_>) -> Option<Parsed<'_, Relation>> {
    let rest = input.skip(1);
    match input.word()? {
        "before" => Some(boxed(rest, point, Relation::Before)),
        "after" => Some(boxed(rest, point, Relation::After)),
        "on" if input.has_words(&["on", "or", "before"]) => {
            Some(boxed(input.skip(3), point, Relation::OnOrBefore))
        }
        "on" if input.has_words(&["on", "or", "after"]) => {
            Some(boxed(input.skip(3), point, Relation::OnOrAfter))
        }
        "within" => Some(within_duration(rest)),
        "between" if between_is_timing(rest) => Some(between(rest)),
        _ => None,
    }
}

/// `within 5 months after X .. 7 months after X` is a period: its first date was read as what
/// `within 5 months after X` means.
fn period_or(input: Tokens<'_>, relation: Relation) -> Parsed<'_, Timing> {
    let Relation::Within { duration, direction, anchor } = relation else {
        return Ok((input, Timing::Relation { edge: None, relation }));
    };
    if input.kind() != Some(TokenKind::DotDot) || direction == Direction::Around {
        let relation = Relation::Within { duration, direction, anchor };
        return Ok((input, Timing::Relation { edge: None, relation }));
    }
    let place = duration.span.to(anchor.span);
    let from = Spanned::new(Expr::Relative { duration, direction, anchor }, place);
    let (rest, to) = within(input.skip(1), Scope::default(), point)?;
    let place = place.to(to.span);
    let period = Expr::Range { from: Box::new(from), to: Box::new(to) };
    Ok((rest, Timing::Within(Box::new(Spanned::new(period, place)))))
}

fn within_duration(input: Tokens<'_>) -> Parsed<'_, Relation> {
    let (rest, duration) =
        expect("a duration after `within`, as in `within 6 months after …`", duration)
            .parse(input)?;
    let (rest, direction) = match rest.word() {
        Some("of") => (rest.skip(1), Direction::Around),
        _ => expect("`before`, `after` or `of` and a date", direction).parse(rest)?,
    };
    let (rest, anchor) = anchor(rest)?;
    let (duration, anchor) = (Box::new(duration), Box::new(anchor));
    Ok((rest, Relation::Within { duration, direction, anchor }))
}

/// Whether two durations and a direction, or a date, stand ahead.
fn between_is_timing(input: Tokens<'_>) -> bool {
    let first = (0..input.ahead.len()).find(|at| input.kind_at(*at) != Some(TokenKind::OpenParen));
    let input = input.skip(first.unwrap_or(0));
    if let Ok((rest, _)) = duration(input) {
        let durations = rest.word() == Some("and")
            && duration(rest.skip(1)).is_ok_and(|(rest, _)| direction(rest).is_ok());
        return durations || direction(rest).is_ok();
    }
    let starts_moment = matches!(input.word(), Some("start" | "end" | "last"));
    input.kind() == Some(TokenKind::Date) || (starts_moment && of_word(input).is_some())
}

/// Stands after `between`.
fn between(input: Tokens<'_>) -> Parsed<'_, Relation> {
    if let Ok((rest, low)) = duration(input)
        && rest.word() == Some("and")
    {
        let (rest, high) = expect("a duration, as in `between 5 months and 7 months`", duration)
            .parse(rest.skip(1))?;
        let (rest, direction) = expect("`before` or `after` and a date", direction).parse(rest)?;
        let (rest, anchor) = anchor(rest)?;
        let (low, high, anchor) = (Box::new(low), Box::new(high), Box::new(anchor));
        return Ok((rest, Relation::BetweenDurations { low, high, direction, anchor }));
    }
    let (rest, low) = within(input, Scope::default(), point)?;
    let (rest, _) = expect("`and` and the later date", word("and")).parse(rest)?;
    let (rest, high) = within(rest, Scope::default(), point)?;
    Ok((rest, Relation::BetweenDates { low: Box::new(low), high: Box::new(high) }))
}

fn boxed<'a, T>(
    input: Tokens<'a>,
    parser: impl FnOnce(Tokens<'a>) -> Parsed<'a, Spanned<Expr>>,
    wrap: impl FnOnce(Box<Spanned<Expr>>) -> T,
) -> Parsed<'a, T> {
    let (rest, item) = within(input, Scope::default(), parser)?;
    Ok((rest, wrap(Box::new(item))))
}

/// ```text
/// span ::= the_period | point [ ".." point ]
/// ```
pub(super) fn span(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    if input.word() == Some("the") && input.kind_at(1) == Some(TokenKind::Number) {
        return the_period(input);
    }
    let (rest, from) = point(input)?;
    if rest.kind() != Some(TokenKind::DotDot) {
        return Ok((rest, from));
    }
    let (rest, to) = within(rest.skip(1), Scope::default(), point)?;
    let item = Expr::Range { from: Box::new(from), to: Box::new(to) };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// ```text
/// point ::= relative | moment
/// ```
pub(super) fn point(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    match duration(input) {
        Ok((rest, found)) => relative(rest, found),
        Err(_) => moment(input),
    }
}

/// What a duration reaches from: a moment, or another such date.
pub(super) fn anchor(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    within(input, Scope::default(), point)
}

/// ```text
/// moment ::= moment_item { ( "+" | "-" ) duration }
/// ```
fn moment(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let (mut rest, mut left) = moment_item(input)?;
    loop {
        let operator = match rest.kind() {
            Some(TokenKind::Plus) => BinaryOperator::Add,
            Some(TokenKind::Minus) => BinaryOperator::Subtract,
            _ => return Ok((rest, left)),
        };
        let before = rest;
        let Ok((after, right)) = duration(rest.skip(1)) else {
            let is_date = rest.kind_at(1) == Some(TokenKind::Date);
            return rest.refuse(problems::date_takes_duration(rest.here(), rest.found(), is_date));
        };
        (rest, ()) = after.joined(before)?;
        let (one, other) = (Box::new(left), Box::new(right));
        let item = Expr::Binary { operator, left: one, right: other };
        left = Spanned::new(item, input.span_to(rest));
    }
}

/// ```text
/// moment_item ::= NUMBER | DATE | PERIOD | MONTHDAY | last_periods | NAME "to" "date"
///               | "previous" NAME | of | ( "first" | "last" ) moment_item | period_of | postfix
/// ```
///
/// A date or a period, without timing phrases of its own. Four digits are a year.
pub(super) fn moment_item(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let Some((rest, token)) = input.next() else { return input.fail("a date or a period") };
    let text = || input.text(token.span).to_owned();
    let literal = match token.kind {
        TokenKind::Number => Expr::Number(pointed(&text())),
        TokenKind::Date => Expr::Date(text()),
        TokenKind::Period => Expr::Period(text()),
        TokenKind::MonthDay => Expr::MonthDay(text()),
        TokenKind::Text => match date::in_quotes(&text(), token.span) {
            Some((kind, text, problem)) => {
                input.note(problem);
                match kind {
                    TokenKind::Date => Expr::Date(text),
                    TokenKind::MonthDay => Expr::MonthDay(text),
                    _ => Expr::Period(text),
                }
            }
            None => return input.fail("a date or a period"),
        },
        _ => return moment_words(input),
    };
    Ok((rest, year(Spanned::new(literal, token.span))))
}

fn moment_words(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    let named = last_periods(input).or_else(|| named_period(input)).or_else(|| to_date(input));
    if let Some(found) = named {
        return Ok(found);
    }
    if of_word(input).is_some() {
        return of(input, moment_item);
    }
    if let Some(found) = period_of(input) {
        return Ok(found);
    }
    let quantifier = match input.word() {
        Some("first") => Quantifier::First,
        Some("last") => Quantifier::Last,
        Some(text) if !words::is_reserved(text) => return postfix(input),
        None if input.kind() == Some(TokenKind::OpenParen) => return postfix(input),
        _ => return input.fail("a date or a period"),
    };
    let found = Spanned::new(quantifier, input.here());
    let (rest, operand) = within(input.skip(1), Scope::default(), moment_item)?;
    let item = Expr::Quantified { quantifier: found, operand: Box::new(operand) };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// ```text
/// endpoint ::= sum
/// ```
///
/// One end of `from X to Y`; a date such as `6 months after X` is a sum of one part.
pub(super) fn endpoint(input: Tokens<'_>) -> Parsed<'_, Spanned<Expr>> {
    sum(input)
}
