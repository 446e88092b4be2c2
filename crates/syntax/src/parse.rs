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
mod phrase;
mod primary;
mod query;
mod reading;
mod timing;

use std::cell::RefCell;

use interplay_diagnostic::{Diagnostic, SourceId, Spanned, suggest};

use crate::input::{File, Miss, Parsed, Scope, Tokens, expect};
use crate::problems;
use crate::token::{Place, Token, TokenKind, lex, unquoted};
use crate::tree::{Body, Comments, DeclarationKind, Expr, Key, Program, Statement, StatementKind};
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
        let (own, later) = ahead.split_at_checked(statement_length(ahead)).unwrap_or((ahead, &[]));
        let next = later.first().map_or(u32::MAX, |token| token.span.start);
        let input = Tokens { ahead: own, file: &file, end, scope: Scope::default(), height: 0 };
        if let Some(found) = statement(input, next) {
            program.statements.push(found);
        }
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
            if let Some(found) = rest.found() {
                rest.note(problems::after_value(rest.here(), found));
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

/// The tokens of a text, comments set apart.
fn file(source: SourceId, text: &str) -> (File<'_>, Vec<Token>) {
    let (tokens, problems) = lex(source, text);
    let (comments, tokens) = tokens.into_iter().partition(|token| token.kind.is_comment());
    (File { source, text, comments, problems: RefCell::new(problems) }, tokens)
}

fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by_key(|problem| problem.span);
    problems
}

fn note(input: Tokens<'_>, miss: nom::Err<Miss<'_>>) {
    if let nom::Err::Error(miss) | nom::Err::Failure(miss) = miss {
        input.note(miss.problem());
    }
}

/// How many tokens belong to the first statement.
fn statement_length(tokens: &[Token]) -> usize {
    let begins = |at: usize| {
        let next = tokens.get(at + 1).map(|token| token.kind);
        tokens.get(at).is_some_and(|token| begins_statement(*token, next))
    };
    (1..tokens.len()).find(|at| begins(*at)).unwrap_or(tokens.len())
}

/// A statement begins with a word in column one. A label there is a clause that lost its indent.
fn begins_statement(token: Token, next: Option<TokenKind>) -> bool {
    token.place == Place::ColumnOne
        && token.kind == TokenKind::Name
        && next != Some(TokenKind::Colon)
}

/// ```text
/// program ::= { statement }
/// statement ::= declaration | query
/// ```
///
/// `next` is where the next statement begins.
fn statement(input: Tokens<'_>, next: u32) -> Option<Statement> {
    check_indent(input);
    let (rest, kind) = match statement_kind(input) {
        Ok(found) => found,
        Err(miss) => {
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
    let mut above = comment::above(input, input.end, span.start, false);
    above.extend(comment::above(input, span.start, until, true));
    let beside = comment::beside_before(input, span.end, next).filter(|_| rest.ahead.is_empty());
    let comments = Comments { above, beside, inside: Vec::new() };
    let docs = comment::docs(input, input.end, span.start);
    Some(Statement { comments, docs, kind, span })
}

fn statement_kind(input: Tokens<'_>) -> Parsed<'_, StatementKind> {
    match declaration::kind(input) {
        Ok(_) => {
            let (rest, found) = declaration::declaration(input)?;
            if !rest.ahead.is_empty() {
                rest.note(declaration::leftover(rest));
            }
            return Ok((rest, StatementKind::Declaration(found)));
        }
        Err(failure @ nom::Err::Failure(_)) => return Err(failure),
        Err(_) => {}
    }
    if let Some(word) = input.word().filter(|word| is_sql(word)) {
        return input.refuse(problems::sql(input.here(), word));
    }
    if let Some(problem) = unknown_kind(input) {
        return input.refuse(problem);
    }
    if input.is_label_at(0) {
        return input.refuse(problems::clause_alone(input.here(), input.found()));
    }
    if input.word().is_none_or(words::is_reserved) {
        return input.fail("a declaration, such as `indicator`, or a query, such as `measure`");
    }
    let (rest, found) = query::query(input)?;
    if let Some(text) = rest.found() {
        rest.note(problems::after_query(rest.here(), text));
    }
    Ok((rest, StatementKind::Query(found.item)))
}

/// Words that begin a statement of SQL.
fn is_sql(word: &str) -> bool {
    let words = ["select", "insert", "update", "delete", "create", "drop"];
    words.iter().any(|sql| word.eq_ignore_ascii_case(sql))
}

/// A statement with a title, a block or `=` after its name is meant as a declaration.
fn unknown_kind(input: Tokens<'_>) -> Option<Diagnostic> {
    use TokenKind::{Equal, OpenBrace, Text};
    let kind = input.word().filter(|word| !words::is_reserved(word))?;
    let named = input.word_at(1).filter(|word| !words::is_reserved(word)).is_some();
    let at = if named { 2 } else { 1 };
    let is_declaration = matches!(input.kind_at(at), Some(Equal | OpenBrace | Text));
    let kinds = DeclarationKind::ALL.iter().map(|(words, _)| *words);
    is_declaration.then(|| {
        let near = suggest::nearest(kind, kinds.clone());
        problems::unknown_kind(input.here(), kind, near, &suggest::list(kinds))
    })
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
