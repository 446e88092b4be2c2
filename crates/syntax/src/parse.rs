//! Grammar: one function a production, named as in `grammar/`.
//!
//! A text is cut into statements first, each of which begins in column one (G2): so one broken
//! statement never spoils the next. Inside a block a broken item is noted and skipped.

mod block;
mod choose;
mod comment;
mod declaration;
mod expect;
mod expression;
mod language;
mod phrase;
mod primary;
mod query;
mod reading;
mod timing;

use std::cell::RefCell;

use interplay_diagnostic::{Diagnostic, SourceId, Span, Spanned, suggest};

use crate::foreign;
use crate::input::{File, Miss, Parsed, Scope, Tokens, expect};
use crate::problems;
use crate::token::{Place, Token, TokenKind, lex, unquoted};
use crate::tree::{
    Body, Declaration, DeclarationKind, Expr, Key, Program, Statement, StatementKind, Unread,
};
use crate::words;

/// Reads a whole text.
///
/// What could be read is returned along with everything that was wrong; the tree is whole when
/// there are no problems.
///
/// ```
/// use interplay_diagnostic::SourceId;
///
/// let (program, problems) = interplay_syntax::parse(SourceId(0), "measure reach in 2025");
/// assert_eq!(program.statements.len(), 1);
/// assert!(problems.is_empty());
/// ```
#[must_use]
pub fn parse(source: SourceId, text: &str) -> (Program, Vec<Diagnostic>) {
    let (file, tokens) = file(source, text);
    let mut program = Program::default();
    let (mut ahead, mut end) = (tokens.as_slice(), 0);
    while !ahead.is_empty() {
        let (own, later) =
            ahead.split_at_checked(statement_length(text, ahead)).unwrap_or((ahead, &[]));
        let next = later.first().map_or(u32::MAX, |token| token.span.start);
        let input = Tokens { ahead: own, file: &file, end, scope: Scope::default(), height: 0 };
        let before = file.problems.borrow().len();
        let found = statement(input, next).filter(|_| !is_cut(input));
        first_of_kind(input, before);
        program.unread.extend(unread(input, before, found.is_none()));
        program.statements.extend(found);
        end = own.last().map_or(end, |token| token.span.end);
        ahead = later;
    }
    let rest = Tokens { ahead, file: &file, end, scope: Scope::default(), height: 0 };
    program.trailing = comment::above(rest, end, u32::MAX, true);
    (program, sorted(file.problems.into_inner()))
}

/// Reads a text that is one expression.
///
/// ```
/// use interplay_diagnostic::SourceId;
///
/// let (read, problems) = interplay_syntax::parse_expression(SourceId(0), "minutes / 60");
/// assert!(read.is_some() && problems.is_empty());
/// ```
#[must_use]
pub fn parse_expression(source: SourceId, text: &str) -> (Option<Spanned<Expr>>, Vec<Diagnostic>) {
    let (file, tokens) = file(source, text);
    let scope = Scope::default();
    let input = Tokens { ahead: &tokens, file: &file, end: 0, scope, height: 0 };
    let read = match expression::expr(input) {
        Ok((rest, read)) => {
            if rest.found().is_some() {
                rest.note(problems::after_value(rest));
            }
            Some(read)
        }
        Err(miss) => {
            note(input, miss);
            None
        }
    };
    (read, sorted(file.problems.into_inner()))
}

/// The letter that stands where bytes of a file were no UTF-8.
const LOST: char = '\u{fffd}';

/// The first letter that was lost when a file was read, wherever it stands.
fn unreadable(source: SourceId, text: &str) -> Option<Diagnostic> {
    let start = text.find(LOST)?;
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span { source, start: place(start), end: place(start + LOST.len_utf8()) };
    Some(problems::not_utf_8(span, text.matches(LOST).count()))
}

/// The tokens of a text, comments set apart.
fn file(source: SourceId, text: &str) -> (File<'_>, Vec<Token>) {
    let (tokens, mut problems) = lex(source, text);
    if let Some(lost) = unreadable(source, text) {
        // Letters that were lost are told of once.
        problems.retain(|problem| problem.code != "unknown-text");
        problems.push(lost);
    }
    let (comments, mut tokens): (_, Vec<Token>) =
        tokens.into_iter().partition(|token| token.kind.is_comment());
    let (readings, more) = foreign::readings(text, &mut tokens);
    problems.extend(more);
    let (problems, places) = (RefCell::new(problems), RefCell::default());
    let lost = RefCell::default();
    (File { source, text, comments, readings, problems, places, lost }, tokens)
}

/// By place. What is wrong in the form of one place is told once, as it was told first.
fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by_key(|problem| problem.span);
    problems.dedup_by_key(|problem| problem.span);
    problems
}

/// What was lost of the statement at `input`, for whose form more problems were noted than the
/// `before` of earlier ones.
fn unread(input: Tokens<'_>, before: usize, is_whole_lost: bool) -> Option<Unread> {
    let mut names = input.file.lost.take();
    let is_body = |token: &&Token| matches!(token.kind, TokenKind::OpenBrace | TokenKind::Equal);
    let declares = declaration::kind(input).is_ok() || input.ahead.iter().any(|it| is_body(&it));
    if is_whole_lost && declares {
        let head = input.ahead.iter().take_while(|token| !is_body(token));
        let words = head.filter(|token| token.kind == TokenKind::Name);
        names.extend(words.map(|token| input.text(token.span).to_owned()));
    }
    let last = input.ahead.last().map_or(input.here(), |token| token.span);
    let is_read = names.is_empty() && input.file.problems.borrow().len() == before;
    (!is_read).then(|| Unread { span: input.here().to(last), names })
}

/// Whether a text or a column in the statement at `input` is not closed: what stands behind it in
/// its line is not read as what it is meant to be.
fn is_cut(input: Tokens<'_>) -> bool {
    cut_at(input).is_some()
}

fn cut_at(input: Tokens<'_>) -> Option<u32> {
    let (first, last) = (input.ahead.first()?.span, input.ahead.last()?.span);
    let problems = input.file.problems.borrow();
    let open = |problem: &&Diagnostic| {
        matches!(problem.code, "open-column" | "open-text")
            && (first.start..last.end).contains(&problem.span.start)
    };
    problems.iter().find(open).map(|problem| problem.span.start)
}

/// Of what was noted since `before`, takes back what only follows: problems of form behind a text
/// that is not closed, and all after the first place that is too deep.
fn first_of_kind(input: Tokens<'_>, before: usize) {
    let cut = cut_at(input).unwrap_or(u32::MAX);
    let mut problems = input.file.problems.borrow_mut();
    let before = before.min(problems.len());
    let since = problems.split_off(before);
    let mut is_deep = false;
    for problem in since {
        let follows = problem.span.start > cut || is_deep;
        is_deep |= problem.code == "too-deep";
        problems.extend((!follows).then_some(problem));
    }
}

fn note(input: Tokens<'_>, miss: nom::Err<Miss<'_>>) {
    if let nom::Err::Error(miss) | nom::Err::Failure(miss) = miss {
        input.note(miss.problem());
    }
}

/// How many tokens belong to the first statement.
///
/// A statement begins with a word in column one. A label there is a clause that lost its indent,
/// and so is a line that begins with a word such as `and`. What SQL writes in several lines is one.
fn statement_length(text: &str, tokens: &[Token]) -> usize {
    let word = |at: usize| {
        let span = tokens.get(at).map(|token| token.span)?;
        text.get(span.start as usize..span.end as usize)
    };
    let in_sql = word(0).is_some_and(is_sql);
    let begins = |at: usize| {
        let next = tokens.get(at + 1).map(|token| token.kind);
        let goes_on = |word| words::is_reserved(word) || (in_sql && is_part_of_sql(word));
        tokens.get(at).is_some_and(|token| {
            token.place == Place::ColumnOne
                && token.kind == TokenKind::Name
                && next != Some(TokenKind::Colon)
                && !word(at).is_some_and(goes_on)
        })
    };
    (1..tokens.len()).find(|at| begins(*at)).unwrap_or(tokens.len())
}

/// ```text
/// program ::= { statement }
/// statement ::= declaration | query
/// ```
///
/// `next` is where the next statement begins.
fn statement(input: Tokens<'_>, next: u32) -> Option<Statement> {
    if !input.found().is_some_and(is_sql) {
        check_indent(input);
    }
    let (rest, kind) = match statement_kind(input) {
        Ok(found) => found,
        Err(miss) => {
            let at = match &miss {
                nom::Err::Error(miss) | nom::Err::Failure(miss) => miss.at.here().start,
                nom::Err::Incomplete(_) => next,
            };
            input.file.forget_habits(at.saturating_add(1), next);
            note(input, miss);
            return None;
        }
    };
    let span = input.span_to(rest);
    let until = match &kind {
        StatementKind::Declaration(declaration) => match &declaration.body {
            Some(Body::Block(block)) => block.span.start,
            _ => span.end,
        },
        StatementKind::Query(_) => span.end,
    };
    let mut comments = comment::around(input, input.end, span.start);
    comment::inside(input, (span.start, until), &mut comments);
    let beside = comment::beside_before(input, span.end, next).filter(|_| rest.ahead.is_empty());
    comments.beside = beside;
    let docs = comment::docs(input, input.end, span.start);
    Some(Statement { comments, docs, kind, span })
}

fn statement_kind(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    match declaration::kind(input) {
        Ok(_) => {
            let (rest, found) = declaration::declaration(input)?;
            return Ok((rest, StatementKind::Declaration(whole(rest, found))));
        }
        Err(failure @ nom::Err::Failure(_)) => return Err(failure),
        Err(_) => {}
    }
    if let Some(word) = input.word().filter(|word| is_sql(word)) {
        return input.refuse(problems::sql(input.here(), word));
    }
    if let Some((near, problem)) = unknown_kind(input) {
        let Some((kind, count)) = near else { return input.refuse(problem) };
        input.note(problem);
        let rest = input.skip(count);
        let kind = Spanned::new(kind, input.span_to(rest));
        let (rest, found) = declaration::of_kind(rest, kind)?;
        return Ok((rest, StatementKind::Declaration(whole(rest, found))));
    }
    if input.is_label_at(0) {
        return input.refuse(problems::clause_alone(input.here(), input.found()));
    }
    if input.word().is_none_or(words::is_reserved) {
        return input.fail("a declaration, such as `indicator`, or a query, such as `measure`");
    }
    let (rest, found) = query::query(input)?;
    if let Some(sign) = semicolon(rest) {
        rest.file.problems.borrow_mut().retain(|problem| problem.span != sign);
        return rest.refuse(problems::next_query(sign));
    }
    if rest.found().is_some() {
        // Half a query would be taken for the whole.
        return rest.refuse(problems::after_query(rest));
    }
    Ok((rest, StatementKind::Query(found.item)))
}

/// A `;` right after a query, which the lexer noted and left out.
fn semicolon(rest: Tokens<'_>) -> Option<Span> {
    let after = rest.file.text.get(rest.end as usize..)?;
    let gap = u32::try_from(after.len() - after.trim_start_matches([' ', '\t']).len()).ok()?;
    let start = rest.end + gap;
    after.trim_start_matches([' ', '\t']).starts_with(';').then_some(Span {
        source: rest.file.source,
        start,
        end: start + 1,
    })
}

/// The declaration, behind which nothing may be left. An expression of which something is left was
/// cut short, and means nothing.
fn whole(rest: Tokens<'_>, mut found: Declaration) -> Declaration {
    if rest.ahead.is_empty() {
        return found;
    }
    let is_value = matches!(found.body, Some(Body::Expression(_)));
    rest.note(declaration::leftover(rest, is_value));
    rest.file.give_up(rest.ahead, rest.here().start);
    if is_value {
        found.body = None;
        rest.file.lost.borrow_mut().push(found.name.item.text());
    }
    found
}

/// Words that begin a statement of SQL.
fn is_sql(word: &str) -> bool {
    let words = ["select", "insert", "update", "delete", "create", "drop"];
    words.iter().any(|sql| word.eq_ignore_ascii_case(sql))
}

/// Words with which the later lines of a statement of SQL begin.
fn is_part_of_sql(word: &str) -> bool {
    let words = [
        "and", "as", "end", "from", "group", "having", "inner", "into", "join", "left", "limit",
        "on", "or", "order", "outer", "right", "set", "union", "values", "where",
    ];
    words.iter().any(|sql| word.eq_ignore_ascii_case(sql))
}

/// A kind of declaration that is meant, and of how many words it is written.
type NearKind = Option<(DeclarationKind, usize)>;

/// A statement with a title, a block, `=` or `of` after its name is meant as a declaration. With
/// the problem comes the kind that is nearest, if one is.
fn unknown_kind(input: Tokens<'_>) -> Option<(NearKind, Diagnostic)> {
    use TokenKind::{Equal, OpenBrace, Text};
    let first = input.word().filter(|word| !words::is_reserved(word))?;
    let is_name = |at: usize| input.word_at(at).is_some_and(|word| !words::is_reserved(word));
    let is_head = |at: usize| {
        let is_of = at > 1 && input.word_at(at) == Some("of") && is_name(at + 1);
        // `measure "reach" in 2025` is a query all the same.
        let is_title = input.kind_at(at) == Some(Text)
            && (at > 1 || matches!(input.kind_at(at + 1), Some(OpenBrace | Equal)));
        matches!(input.kind_at(at), Some(Equal | OpenBrace)) || is_title || is_of
    };
    let assigns =
        input.kind_at(1) == Some(TokenKind::Less) && input.kind_at(2) == Some(TokenKind::Minus);
    let is_verb = input.word_at(2) == Some("of") && input.kind_at(4).is_none();
    let named = (1..3).take_while(|at| is_name(*at)).count();
    if is_verb || !(assigns || is_head(named + 1)) {
        return None;
    }
    let kinds = || DeclarationKind::ALL.iter();
    let two = format!("{first} {}", input.word_at(1).unwrap_or_default());
    let one = first.replace('_', " ");
    let nearest = |written: &str| suggest::nearest(written, kinds().map(|(words, _)| *words));
    let near = if named == 2 { nearest(&two).filter(|near| near.contains(' ')) } else { None };
    let (written, count) = if near.is_some() { (two.as_str(), 2) } else { (first, 1) };
    let near = near.or_else(|| nearest(&one));
    let kind = kinds().find(|(words, _)| Some(*words) == near).map(|(_, kind)| (*kind, count));
    let span = input.span_to(input.skip(count));
    // `x = any contact` is meant as a definition.
    let is_defined = assigns || (named == 0 && input.kind_at(1) == Some(Equal));
    let all = suggest::list(kinds().map(|(words, _)| *words));
    Some((kind, problems::unknown_kind(span, written, near, &all, is_defined)))
}

/// Notes the first line that stands in column one and neither begins a statement nor closes a
/// bracket.
fn check_indent(input: Tokens<'_>) {
    let is_lost = |token: &&Token| {
        let closes = matches!(token.kind, TokenKind::CloseBrace | TokenKind::CloseParen);
        token.place == Place::ColumnOne && !closes
    };
    if let Some(lost) = input.ahead.iter().skip(1).find(is_lost) {
        input.note(problems::not_indented(lost.span));
    }
}

/// Items with commas between them. A comma before a label or a key ends the list.
fn list_of<'a, T>(
    input: Tokens<'a>,
    what: &'static str,
    parser: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
) -> Parsed<'a, Vec<T>> {
    let mut one = expect(what, parser);
    let (mut rest, first) = nom::Parser::parse(&mut one, input)?;
    let mut items = vec![first];
    while rest.kind() == Some(TokenKind::Comma) && !rest.skip(1).is_entry() {
        let (after, next) = nom::Parser::parse(&mut one, rest.skip(1))?;
        items.push(next);
        rest = after;
    }
    Ok((rest, items))
}

/// The key of the entry ahead, if one is, and what follows its colon.
fn entry_key(input: Tokens<'_>) -> Option<(Tokens<'_>, Spanned<Key>)> {
    let (_, token) = input.next().filter(|_| input.is_entry())?;
    let text = input.text(token.span);
    let key = match token.kind {
        TokenKind::Text => Key::Text(unquoted(text)),
        TokenKind::Number if words::is_year(text) => Key::Period(text.to_owned()),
        TokenKind::Number => Key::Number(text.to_owned()),
        TokenKind::Date => Key::Date(text.to_owned()),
        TokenKind::Period => Key::Period(text.to_owned()),
        _ => Key::Word(text.to_owned()),
    };
    Some((input.skip(2), Spanned::new(key, token.span)))
}

/// Four digits are a year where a period must stand.
fn year(expr: Spanned<Expr>) -> Spanned<Expr> {
    match expr.item {
        Expr::Number(digits) if words::is_year(&digits) => {
            Spanned::new(Expr::Period(digits), expr.span)
        }
        _ => expr,
    }
}

/// The index of the bracket that closes the one at `at`, if that is one and is closed.
fn group_end(tokens: &[Token], at: usize) -> Option<usize> {
    use TokenKind::{CloseBrace, CloseParen, OpenBrace, OpenParen};
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            OpenBrace => open.push(CloseBrace),
            OpenParen => open.push(CloseParen),
            CloseBrace | CloseParen if open.pop() != Some(token.kind) => return None,
            _ => {}
        }
        if open.is_empty() {
            return (index > at).then_some(index);
        }
        if open.len() > MOST_OPEN {
            return None;
        }
    }
    None
}

/// Brackets inside each other that are still followed to their end.
const MOST_OPEN: usize = 200;
