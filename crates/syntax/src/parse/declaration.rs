//! Declarations: kind, name, headers, body.

use interplay_diagnostic::{Span, Spanned, suggest};
use nom::Parser;

use super::block::{Room, block};
use super::expression::{condition, expr};
use super::language::labels;
use super::{group_end, list_of};
use crate::input::{Parsed, Tokens, any_word, expect, token, within, word};
use crate::problems;
use crate::token::{TokenKind, unquoted};
use crate::tree::{Body, Declaration, DeclarationKind, Header, Name, Unit, Word};
use crate::words;

/// ```text
/// declaration ::= kind ( path | STRING ) { header } [ block | "=" expr ]
/// kind ::= "bridge" | "codes" | "contribution" "rule" | "define" | "dimension" | "disclosure"
///        | "indicator" | "library" | "organisation" | "parameter" | "periods" | "record"
///        | "report" | "source" | "subject" | "target" "group" | "test" | "timeline" | "unit"
/// ```
///
/// A test's title is its name.
pub(super) fn declaration(input: Tokens<'_>) -> Parsed<'_, Declaration> {
    let (rest, kind) = kind(input)?;
    of_kind(rest, kind)
}

/// Stands after the words of the kind.
pub(super) fn of_kind(
    input: Tokens<'_>,
    kind: Spanned<DeclarationKind>,
) -> Parsed<'_, Declaration> {
    let (rest, name) = declared_name(input, kind.item)?;
    let (rest, headers) = headers(rest, kind.item);
    let (rest, is_expression) = body_sign(rest, kind.item);
    let (rest, body) = match rest.kind() {
        _ if is_expression => {
            let (rest, value) = expr(rest)?;
            (rest, Some(Body::Expression(value)))
        }
        Some(TokenKind::OpenBrace) => {
            let (rest, block) = block(rest, room(kind.item, &headers))?;
            (rest, Some(Body::Block(block)))
        }
        _ => (rest, None),
    };
    Ok((rest, Declaration { kind, name, headers, body }))
}

/// What the clauses of the block mean.
fn room(kind: DeclarationKind, headers: &[Spanned<Header>]) -> Room {
    let is_derived = headers.iter().any(|header| matches!(header.item, Header::From { .. }));
    match kind {
        DeclarationKind::Record if !is_derived => Room::Fields,
        DeclarationKind::Periods => Room::Periods,
        _ => Room::Clauses,
    }
}

/// Whether a kind of declaration is ahead. `target` and `contribution` need their second word.
pub(super) fn kind(input: Tokens<'_>) -> Parsed<'_, Spanned<DeclarationKind>> {
    for (words, kind) in DeclarationKind::ALL {
        let mut parts = words.split(' ');
        let (first, second) = (parts.next(), parts.next());
        if input.word() != first {
            continue;
        }
        let count = match second {
            None => 1,
            Some(_) if input.word_at(1) == second => 2,
            Some(_) => return input.refuse(problems::half_a_kind(input.here(), words)),
        };
        let rest = input.skip(count);
        return Ok((rest, Spanned::new(*kind, input.span_to(rest))));
    }
    input.miss("a kind of declaration")
}

fn declared_name(input: Tokens<'_>, kind: DeclarationKind) -> Parsed<'_, Spanned<Name>> {
    if input.kind() == Some(TokenKind::Text) {
        if kind != DeclarationKind::Test {
            return input.refuse(problems::title_before_name(input.here(), kind.words()));
        }
        let name = Name::Text(unquoted(input.text(input.here())));
        return Ok((input.skip(1), Spanned::new(name, input.here())));
    }
    let (rest, name) = path(input)?;
    if let Some((rest, name)) = name_of_many(input, rest, kind) {
        return Ok((rest, name));
    }
    if rest.kind() == Some(TokenKind::OpenParen) {
        return rest.refuse(problems::parameters(rest.here()));
    }
    Ok((rest, name))
}

fn path(input: Tokens<'_>) -> Parsed<'_, Spanned<Name>> {
    let (mut rest, first) = expect("a name", head_word).parse(input)?;
    let mut path = vec![first];
    while rest.kind() == Some(TokenKind::Dot) {
        let (after, part) = expect("a name after `.`", any_word).parse(rest.skip(1))?;
        path.push(part);
        rest = after;
    }
    Ok((rest, Spanned::new(Name::Path(path), input.span_to(rest))))
}

/// A name written as several words, `young people` or `young-people`: noted, and read as one.
fn name_of_many<'a>(
    input: Tokens<'a>,
    after: Tokens<'a>,
    kind: DeclarationKind,
) -> Option<(Tokens<'a>, Spanned<Name>)> {
    use TokenKind::{Equal, Minus, OpenBrace, Text};
    let is_near = |word: &str| suggest::nearest(word, words::HEADERS).is_some();
    let is_plain = |rest: Tokens<'_>| {
        rest.word().is_some_and(|word| !words::is_reserved(word) && !is_near(word))
    };
    let (mut rest, mut words) = (after, vec![input.text(input.span_to(after))]);
    loop {
        let dash = usize::from(rest.kind() == Some(Minus) && rest.same_line_at(0));
        let next = rest.skip(dash);
        if !next.same_line_at(0) || !(is_plain(next) || (dash > 0 && next.word().is_some())) {
            break;
        }
        words.push(next.text(next.here()));
        rest = next.skip(1);
    }
    let ends = match rest.kind() {
        None | Some(Equal | OpenBrace | Text) => true,
        _ => rest.word().is_some_and(|word| words::HEADERS.contains(&word)),
    };
    // `record stay about person` is not one name.
    let has_of = kind.headers().contains(&"of") && words.len() == 3 && rest.word() != Some("of");
    if words.len() < 2 || !ends || has_of || kind == DeclarationKind::Test {
        return None;
    }
    let (span, one) = (input.span_to(rest), words.join("_"));
    input.note(problems::name_of_many(span, &one, kind.headers()));
    input.file.lost.borrow_mut().extend(words.iter().map(|word| (*word).to_owned()));
    let name = Name::Path(vec![Spanned::new(one, span)]);
    Some((rest, Spanned::new(name, span)))
}

/// Skips the `=` before an expression and says whether one follows. What habits write there, `:`,
/// `:=`, `<-` or `is`, is noted and read as what is meant.
fn body_sign(input: Tokens<'_>, kind: DeclarationKind) -> (Tokens<'_>, bool) {
    use TokenKind::{Colon, Equal, Less, OpenBrace};
    let is_defined = matches!(kind, DeclarationKind::Define | DeclarationKind::Dimension);
    let count = match input.kind() {
        Some(Equal) => return (input.skip(1), true),
        Some(Colon) => 1,
        Some(Less) => 2,
        _ if is_body(input, kind) && input.word() == Some("is") => 1,
        _ => return (input, false),
    };
    let rest = input.skip(count);
    let span = input.span_to(rest);
    // `:=` is noted as a sign of elsewhere already.
    if input.text(span) != ":=" {
        input.note(problems::body_sign(span, input.text(span), is_defined));
    }
    if is_defined || rest.kind() == Some(OpenBrace) {
        return (rest, is_defined && rest.kind() != Some(OpenBrace));
    }
    input.file.give_up(rest.ahead, span.start);
    (rest.skip(rest.ahead.len()), false)
}

/// Whether the body begins here, or a sign that habits write before it.
fn is_body(input: Tokens<'_>, kind: DeclarationKind) -> bool {
    use TokenKind::{Colon, Equal, Less, Minus, OpenBrace};
    let is_defined = matches!(kind, DeclarationKind::Define | DeclarationKind::Dimension);
    match input.kind() {
        None | Some(OpenBrace | Equal | Colon) => true,
        Some(Less) => input.kind_at(1) == Some(Minus),
        _ => is_defined && input.word() == Some("is"),
    }
}

/// Reads headers up to the body. One that cannot be read is noted; the body still is.
fn headers(input: Tokens<'_>, kind: DeclarationKind) -> (Tokens<'_>, Vec<Spanned<Header>>) {
    let (mut rest, mut headers) = (input, Vec::new());
    loop {
        if is_body(rest, kind) {
            return (rest, headers);
        }
        match header(rest, kind) {
            Ok((after, item)) => {
                headers.push(Spanned::new(item, rest.span_to(after)));
                rest = after;
            }
            Err(nom::Err::Error(miss) | nom::Err::Failure(miss)) => {
                let at = miss.at.here().start;
                rest.note(miss.problem());
                let body = to_body(rest);
                let skipped = rest.ahead.len() - body.ahead.len();
                rest.file.give_up(rest.ahead.get(..skipped).unwrap_or_default(), at);
                return (body, headers);
            }
            Err(nom::Err::Incomplete(_)) => return (rest, headers),
        }
    }
}

/// Skips to what begins the body.
fn to_body(input: Tokens<'_>) -> Tokens<'_> {
    let is_body =
        |token: &crate::token::Token| matches!(token.kind, TokenKind::OpenBrace | TokenKind::Equal);
    let mut at = 0;
    while input.ahead.get(at).is_some_and(|token| !is_body(token)) {
        at = group_end(input.ahead, at).unwrap_or(at) + 1;
    }
    input.skip(at)
}

/// ```text
/// header ::= labels | "version" STRING | "of" WORD | "for" WORD | "from" WORD [ "per" WORD ]
///          | "is" WORD { "," WORD } | "at" WORD | "during" WORD "until" WORD
///          | "without" "overlap" | "anonymous" | once | "in" unit | "every" WORD
///          | "starts" MONTHDAY | "where" expr
/// once ::= "once" [ "by" WORD [ WORD { "," WORD } ] ]
/// unit ::= WORD [ "per" WORD ]
/// ```
///
/// Title and header words in any order (G3).
fn header(input: Tokens<'_>, kind: DeclarationKind) -> Parsed<'_, Header> {
    let rest = input.skip(1);
    if input.kind() == Some(TokenKind::Text) {
        return Ok(labels(input)).map(|(rest, title)| (rest, Header::Title(title)));
    }
    match input.word() {
        Some("version") => version(rest),
        Some("of") => one(rest, Header::Of),
        Some("for") if kind.headers().contains(&"of") => {
            input.note(problems::unknown_header(input.here(), Some("for"), Some("of"), &[]));
            one(rest, Header::Of)
        }
        Some("for") => one(rest, Header::For),
        Some("from") => {
            let (rest, record) = expect("the name of a record", any_word).parse(rest)?;
            let (rest, per) = per(rest)?;
            Ok((rest, Header::From { record, per }))
        }
        Some("is") => {
            list_of(rest, "a name", any_word).map(|(rest, words)| (rest, Header::Is(words)))
        }
        Some("at") => one(rest, Header::At),
        Some("during") => {
            let (rest, start) = expect("the field of the start", any_word).parse(rest)?;
            let (rest, _) =
                expect("`until` and the field of the end", word("until")).parse(rest)?;
            let (rest, end) = expect("the field of the end", head_word).parse(rest)?;
            Ok((rest, Header::During { start, end }))
        }
        Some("without") => {
            let (rest, _) = expect("`overlap` after `without`", word("overlap")).parse(rest)?;
            Ok((rest, Header::WithoutOverlap))
        }
        Some("anonymous") => Ok((rest, Header::Anonymous)),
        Some("once") => once(rest),
        Some("in") => unit(rest).map(|(rest, unit)| (rest, Header::In(unit))),
        Some("every") => one(rest, Header::Every),
        Some("starts") => starts(rest),
        Some("where") => within(rest, rest.scope, condition)
            .map(|(rest, condition)| (rest, Header::Where(condition))),
        _ if input.is_label_at(0) || input.kind() == Some(TokenKind::OpenParen) => {
            input.refuse(problems::no_brace(input.here(), input.text(input.here())))
        }
        found => {
            let known = kind.headers();
            let near = found.and_then(|found| suggest::nearest(found, known.iter().copied()));
            input.refuse(problems::unknown_header(input.here(), input.found(), near, known))
        }
    }
}

fn one(input: Tokens<'_>, wrap: impl FnOnce(Word) -> Header) -> Parsed<'_, Header> {
    let (rest, word) = expect("a name", head_word).parse(input)?;
    Ok((rest, wrap(word)))
}

/// Any word; in the head of a declaration none is a label, whatever sign follows.
fn head_word(input: Tokens<'_>) -> Parsed<'_, Word> {
    match input.next() {
        Some((rest, token)) if token.kind == TokenKind::Name => {
            Ok((rest, Spanned::new(input.text(token.span).to_owned(), token.span)))
        }
        _ => input.miss("a word"),
    }
}

fn version(input: Tokens<'_>) -> Parsed<'_, Header> {
    let text = token(TokenKind::Text, "a text");
    let (rest, span) = expect("the version as a text, such as `\"2.1.0\"`", text).parse(input)?;
    Ok((rest, Header::Version(Spanned::new(unquoted(input.text(span)), span))))
}

fn starts(input: Tokens<'_>) -> Parsed<'_, Header> {
    let day = token(TokenKind::MonthDay, "a month and day");
    let (rest, span) = expect("month and day, such as `09-01`", day).parse(input)?;
    Ok((rest, Header::Starts(Spanned::new(input.text(span).to_owned(), span))))
}

fn once(input: Tokens<'_>) -> Parsed<'_, Header> {
    if input.word() != Some("by") {
        return Ok((input, Header::Once(Vec::new())));
    }
    let rest = input.skip(1);
    let what = "`latest`, `majority`, or `organisations` and their names";
    let (rest, first) = expect(what, any_word).parse(rest)?;
    let mut words = vec![first];
    if words.iter().all(|word| word.item != "organisations") {
        return Ok((rest, Header::Once(words)));
    }
    let (rest, names) = list_of(rest, "the name of an organisation", any_word)?;
    words.extend(names);
    Ok((rest, Header::Once(words)))
}

/// `EUR`, `EUR per month`
pub(super) fn unit(input: Tokens<'_>) -> Parsed<'_, Unit> {
    let (rest, name) = expect("a unit, such as `min` or `EUR`", any_word).parse(input)?;
    let (rest, per) = per(rest)?;
    Ok((rest, Unit { name, per }))
}

fn per(input: Tokens<'_>) -> Parsed<'_, Option<Word>> {
    if input.word() != Some("per") {
        return Ok((input, None));
    }
    let (rest, word) = expect("a name after `per`", any_word).parse(input.skip(1))?;
    Ok((rest, Some(word)))
}

/// What is left after a declaration has ended.
pub(super) fn leftover(rest: Tokens<'_>, is_value: bool) -> interplay_diagnostic::Diagnostic {
    if is_value && !rest.starts_item() && rest.kind() != Some(TokenKind::CloseBrace) {
        return problems::after_value(rest);
    }
    let span: Span = rest.here();
    let begins = kind(rest).is_ok();
    problems::leftover(span, rest.found().unwrap_or_default(), begins)
}
