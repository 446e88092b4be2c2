//! Blocks: clauses, entries with a key, queries, tables, blocks inside.

use interplay_diagnostic::Spanned;
use nom::Parser;
use nom::branch::alt;

use super::comment::{above, around, beside, beside_before, docs, inside};
use super::declaration::unit;
use super::expect::{expectation, expected_problem};
use super::expression::expr;
use super::language::{is_in_language, labels};
use super::query::query;
use super::timing::{endpoint, span};
use super::{entry_key, group_end, year};
use crate::input::{Parsed, Scope, Tokens, any_word, expect, token, within, word};
use crate::problems;
use crate::token::{Place, TokenKind, unquoted};
use crate::tree::{
    Block, Comments, Expr, Item, ItemKind, Rounding, Table, TableRow, TypeName, Value, Word,
};
use crate::words;

/// What the entries of a block mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// Fields with their types: a record that is not derived.
    Fields,
    /// Named periods, where four digits are a year.
    Periods,
    /// Everything else.
    Clauses,
}

/// ```text
/// block ::= "{" { item [ "," ] } "}"
/// ```
///
/// An item that cannot be read is noted and skipped: the others still are read.
pub(super) fn block(input: Tokens<'_>, room: Room) -> Parsed<'_, Block> {
    within(input, Scope::default(), |input| items(input, room))
}

fn items(input: Tokens<'_>, room: Room) -> Parsed<'_, Block> {
    let open = input.here();
    let mut rest = input.skip(1);
    let mut block = Block { items: Vec::new(), comments: Comments::default(), span: open };
    block.comments.beside = beside(rest, open.end);
    let mut gap = open.end;
    while rest.kind() != Some(TokenKind::CloseBrace) {
        if rest.ahead.is_empty() {
            rest.note(problems::open_block(rest.here(), open));
            block.span = input.span_to(rest);
            return Ok((rest, block));
        }
        match item(rest, room, gap) {
            Ok((after, item)) => {
                let next = after_item(rest, after);
                // Half a value would be taken for the whole.
                block.items.extend(next.is_ok().then_some(item));
                rest = next.unwrap_or_else(|skipped| skipped);
            }
            Err(nom::Err::Error(miss) | nom::Err::Failure(miss)) => {
                let at = miss.at.here().start;
                rest.note(miss.problem());
                rest = to_next_item(rest, rest, at);
            }
            Err(nom::Err::Incomplete(_)) => rest = to_next_item(rest, rest, rest.end),
        }
        gap = rest.end;
    }
    block.comments.inside = above(rest, gap, rest.here().start, true);
    let rest = rest.skip(1);
    block.span = input.span_to(rest);
    Ok((rest, block))
}

/// Skips the comma after the item that stands from `start` to `input`. What belongs to nothing is
/// noted and skipped, and the item with it.
fn after_item<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Result<Tokens<'a>, Tokens<'a>> {
    let rest = input.skip(usize::from(input.kind() == Some(TokenKind::Comma)));
    let is_next = rest.starts_item() || matches!(rest.kind(), None | Some(TokenKind::CloseBrace));
    let in_new_line = !rest.same_line_at(0) || !start.is_entry();
    let has_bullet = in_new_line && is_bullet(rest);
    if is_next || has_bullet || (in_new_line && lacks_colon(rest)) {
        return Ok(rest);
    }
    rest.note(problems::after_value(rest));
    Err(to_next_item(start, rest, rest.here().start))
}

/// Skips from `input` to the item after the place `at`: the one that begins at `start` could not
/// be read.
fn to_next_item<'a>(start: Tokens<'a>, input: Tokens<'a>, at: u32) -> Tokens<'a> {
    let mut index = 0;
    let mut next = input;
    while let Some(token) = input.ahead.get(index) {
        next = input.skip(index);
        let is_past = index > 0 && token.span.start >= at;
        if token.kind == TokenKind::CloseBrace || (is_past && next.starts_item()) {
            break;
        }
        index = group_end(input.ahead, index).unwrap_or(index) + 1;
        next = input.skip(index);
    }
    let count = start.ahead.len() - next.ahead.len();
    start.file.give_up(start.ahead.get(..count).unwrap_or_default(), at);
    next
}

/// ```text
/// item ::= LABEL ":" value | ( "for" | "with" ) LABEL ":" value | key ":" value
///        | "show" ":" query | "expect" ":" expect | "expect" "problem" ":" problem
///        | given | "for" "each" table | "tree" table | WORD [ WORD ] block
/// ```
fn item(input: Tokens<'_>, room: Room, gap: u32) -> Parsed<'_, Item> {
    if is_bullet(input) {
        input.note(problems::bullet(input.here(), input.text(input.here())));
        return item(input.skip(1), room, gap);
    }
    let (rest, kind) = item_kind(input, room)?;
    let span = input.span_to(rest);
    let mut comments = around(input, gap, span.start);
    // Blocks and tables keep their own.
    let until = match &kind {
        ItemKind::Block { block, .. } => block.span.start,
        ItemKind::Given { table, .. } | ItemKind::ForEach(table) | ItemKind::Tree(table) => {
            table.span.start
        }
        _ => span.end,
    };
    inside(input, (span.start, until), &mut comments);
    if let ItemKind::Given { table, .. } | ItemKind::ForEach(table) | ItemKind::Tree(table) = &kind
    {
        comments.above.extend(of_columns(input, table));
    }
    let comma = usize::from(rest.kind() == Some(TokenKind::Comma));
    comments.beside = beside(rest.skip(comma), rest.end);
    let docs = docs(input, gap, span.start);
    Ok((rest, Item { comments, docs, kind, span }))
}

/// Whether a bullet of a list stands before a label.
fn is_bullet(input: Tokens<'_>) -> bool {
    matches!(input.kind(), Some(TokenKind::Minus | TokenKind::Star)) && input.is_label_at(1)
}

/// Comments in a table that belong to none of its rows.
fn of_columns(input: Tokens<'_>, table: &Table) -> Vec<String> {
    let header = table.columns.first().map_or(table.span.end, |cell| cell.span.start);
    let until = table.rows.first().map_or(table.span.end, |row| row.span.start);
    let header_end = table.columns.last().map_or(header, |cell| cell.span.end);
    let mut found: Vec<String> =
        beside_before(input, table.span.start, header).into_iter().collect();
    found.extend(above(input, table.span.start, header, false));
    found.extend(beside_before(input, header_end, until));
    if table.rows.is_empty() {
        found.extend(above(input, header_end, table.span.end, false));
    }
    found
}

fn item_kind(input: Tokens<'_>, room: Room) -> Parsed<'_, ItemKind> {
    let rest = input.skip(2);
    if matches!(input.word(), Some("for" | "with")) && input.is_label_at(1) {
        let after = input.skip(2);
        let text = input.texts(2, " ");
        let label = Spanned::new(text, input.span_to(after));
        let (rest, value) = value(after.skip(1), room)?;
        return Ok((rest, ItemKind::Clause { label, value }));
    }
    if input.is_label_at(0) {
        let label = Spanned::new(input.text(input.here()).to_owned(), input.here());
        return match label.item.as_str() {
            "show" if room != Room::Fields => {
                query(rest).map(|(rest, query)| (rest, ItemKind::Show(query)))
            }
            "expect" if room != Room::Fields => {
                let (rest, (query, (value, within))) = expectation(rest)?;
                Ok((rest, ItemKind::Expect { query, value, within: within.map(Box::new) }))
            }
            "rounded" if is_rounding(rest) => {
                let (after, found) = rounding(rest)?;
                let value = Spanned::new(Value::Rounding(found), rest.span_to(after));
                Ok((after, ItemKind::Clause { label, value }))
            }
            _ => value(rest, room).map(|(rest, value)| (rest, ItemKind::Clause { label, value })),
        };
    }
    if let Some((rest, key)) = entry_key(input) {
        let (rest, value) = value(rest, room)?;
        return Ok((rest, ItemKind::Keyed { key, value }));
    }
    if input.word() == Some("given") && input.word_at(1).is_some() {
        return given(input.skip(1));
    }
    if input.word() == Some("expect") && input.is_label_at(1) {
        return expected_problem(input.skip(1));
    }
    if input.has_words(&["for", "each"]) && input.kind_at(2) == Some(TokenKind::OpenBrace) {
        return table(input.skip(2)).map(|(rest, table)| (rest, ItemKind::ForEach(table)));
    }
    if input.word() == Some("tree") && input.kind_at(1) == Some(TokenKind::OpenBrace) {
        return table(input.skip(1)).map(|(rest, table)| (rest, ItemKind::Tree(table)));
    }
    if input.starts_item() {
        return word_block(input);
    }
    if lacks_colon(input) {
        return without_colon(input, room);
    }
    match input.next() {
        Some((rest, token)) if token.kind == TokenKind::Name && input.word().is_some() => {
            rest.fail("`:` and a value, or `{`, after a label")
        }
        _ => input.fail("a clause such as `label: value`, or `}`"),
    }
}

/// Whether a label that lost its colon is ahead: a word, and then what begins a value.
fn lacks_colon(input: Tokens<'_>) -> bool {
    use TokenKind::{Date, Equal, Name, Number, OpenParen, Period, Text};
    let is_label = input.word().is_some_and(|word| !words::is_reserved(word));
    let next = input.skip(1);
    let begins = match next.kind() {
        Some(Equal | OpenParen | Number | Text | Date | Period) => true,
        Some(Name) => next.word().is_none_or(words::begins_expression),
        _ => false,
    };
    is_label && next.same_line_at(0) && begins
}

/// `count homeless_youth`, `count = homeless_youth`, `home visit: "Home visit"`: noted, and read
/// as the clause that is meant.
fn without_colon(input: Tokens<'_>, room: Room) -> Parsed<'_, ItemKind> {
    let rest = input.skip(1);
    let (after, span) = if rest.is_label_at(0) {
        (rest.skip(2), input.span_to(rest.skip(1)))
    } else {
        (rest.skip(usize::from(rest.kind() == Some(TokenKind::Equal))), input.here())
    };
    let label = input.text(span).split_whitespace().collect::<Vec<_>>().join("_");
    if rest.is_label_at(0) {
        input.note(problems::label_of_many(span, &label));
        // Either of them may be meant elsewhere.
        let words = input.text(span).split_whitespace().map(str::to_owned);
        input.file.lost.borrow_mut().extend(words);
    } else {
        let (here, end) = (rest.here(), after.skip(1));
        let is_all = end.kind() == Some(TokenKind::CloseBrace) || !end.same_line_at(0);
        let value = if is_all { after.text(after.here()) } else { "…" };
        input.note(problems::no_colon(here, &label, rest.text(here), value));
    }
    let (rest, value) = value(after, room)?;
    Ok((rest, ItemKind::Clause { label: Spanned::new(label, span), value }))
}

/// `map { … }`, `support contact { … }`
fn word_block(input: Tokens<'_>) -> Parsed<'_, ItemKind> {
    let (mut rest, first) = any_word(input)?;
    let mut words = vec![first];
    if rest.kind() != Some(TokenKind::OpenBrace) {
        let (after, second) = any_word(rest)?;
        words.push(second);
        rest = after;
    }
    let (rest, block) = block(rest, Room::Clauses)?;
    Ok((rest, ItemKind::Block { words, block }))
}

/// ```text
/// rounding ::= ( "up" | "down" | "half" WORD ) [ "to" NUMBER ( "decimal" | "decimals" ) ]
/// ```
///
/// Stands after `rounded:`.
fn rounding(input: Tokens<'_>) -> Parsed<'_, Spanned<Rounding>> {
    let is_half = input.word() == Some("half");
    let (mut rest, mut how) = any_word(input)?;
    if is_half {
        let (after, way) = expect("`even` or `up` after `half`", any_word).parse(rest)?;
        how = Spanned::new(format!("half {}", way.item), input.span_to(after));
        rest = after;
    }
    let mut decimals = None;
    if rest.word() == Some("to") {
        let number = token(TokenKind::Number, "a number");
        let (after, span) = expect("how many decimals", number).parse(rest.skip(1))?;
        decimals = Some(Spanned::new(after.text(span).to_owned(), span));
        let words = alt((word("decimal"), word("decimals")));
        rest = expect("`decimal` or `decimals`", words).parse(after)?.0;
    }
    let found = Rounding { how, decimals };
    Ok((rest, Spanned::new(found, input.span_to(rest))))
}

/// Whether a rounding is ahead, and no code or column that happens to be called `rounded`.
fn is_rounding(input: Tokens<'_>) -> bool {
    matches!(input.word(), Some("down" | "half" | "up"))
}

/// ```text
/// value ::= type | list | labels | rounding | "from" endpoint "to" endpoint | expr [ STRING ]
/// list ::= expr "," expr { "," expr }
/// ```
///
/// In a record that is not derived, values are types.
fn value(input: Tokens<'_>, room: Room) -> Parsed<'_, Spanned<Value>> {
    let (rest, item) = if room == Room::Fields && !is_list(input) {
        type_name(input).map(|(rest, name)| (rest, Value::Type(name)))?
    } else if input.word() == Some("from") {
        let (rest, from) = endpoint(input.skip(1))?;
        let (rest, _) = expect("`to` and the later moment", word("to")).parse(rest)?;
        let (rest, to) = endpoint(rest)?;
        (rest, Value::FromTo { from, to })
    } else {
        expressions(input, room)?
    };
    Ok((rest, Spanned::new(item, input.span_to(rest))))
}

/// Whether names joined by commas stand in a record, as after `key:`.
fn is_list(input: Tokens<'_>) -> bool {
    input.kind_at(1) == Some(TokenKind::Comma) && continues_list(input.skip(2))
}

fn expressions(input: Tokens<'_>, room: Room) -> Parsed<'_, Value> {
    let (mut rest, first) = expr(input)?;
    if matches!(first.item, Expr::Text(_)) && is_in_language(rest) {
        return Ok(labels(input)).map(|(rest, labels)| (rest, Value::Labels(labels)));
    }
    let mut items = vec![first];
    while rest.kind() == Some(TokenKind::Comma) && continues_list(rest.skip(1)) {
        let (after, next) = expr(rest.skip(1))?;
        items.push(next);
        rest = after;
    }
    if items.len() > 1 {
        return Ok((rest, Value::List(items)));
    }
    let Some(expr) = items.pop() else { return input.miss("a value") };
    let expr = if room == Room::Periods { year(expr) } else { expr };
    // A text before `:` is the key of the next entry.
    let is_title = rest.kind() == Some(TokenKind::Text) && !rest.is_entry();
    let title = is_title.then(|| Spanned::new(unquoted(rest.text(rest.here())), rest.here()));
    Ok((rest.skip(usize::from(is_title)), Value::Expression { expr, title }))
}

/// Whether what follows a comma belongs to the list rather than being the next item.
fn continues_list(input: Tokens<'_>) -> bool {
    let is_item = input.starts_item() || (lacks_colon(input) && !input.is_label_at(1));
    !is_item && !matches!(input.kind(), None | Some(TokenKind::CloseBrace))
}

/// ```text
/// type ::= NAME [ "of" WORD ] [ "in" unit ] [ "?" ]
/// ```
fn type_name(input: Tokens<'_>) -> Parsed<'_, TypeName> {
    let what = "the type of the field, such as `date`, `number in min?` or a list of codes";
    let is_name = input.word().is_some_and(|word| !words::is_reserved(word));
    if !is_name {
        return input.fail(what);
    }
    let of = input.word_at(1) == Some("of") && input.word_at(2).is_some();
    let count = if of { 3 } else { 1 };
    let rest = input.skip(count);
    let name = Spanned::new(input.texts(count, " "), input.span_to(rest));
    let (rest, unit) = match rest.word() {
        Some("in") => unit(rest.skip(1)).map(|(rest, unit)| (rest, Some(unit)))?,
        _ => (rest, None),
    };
    let optional = rest.kind() == Some(TokenKind::Question);
    Ok((rest.skip(usize::from(optional)), TypeName { name, unit, optional }))
}

/// ```text
/// given ::= "given" WORD [ "from" WORD ] [ "covers" span ] table
/// table ::= "{" TABLE "}"
/// ```
///
/// Stands after `given`. The lexer cut the lines into cells (G6).
fn given(input: Tokens<'_>) -> Parsed<'_, ItemKind> {
    let (rest, record) = any_word(input)?;
    let (rest, organisation) = match rest.word() {
        Some("from") => {
            let mut organisation = expect("the name of an organisation", any_word);
            organisation.parse(rest.skip(1)).map(|(rest, name)| (rest, Some(name)))?
        }
        _ => (rest, None),
    };
    let (rest, covers) = match rest.word() {
        Some("covers") => {
            let period =
                |rest| expect("the days that were delivered, such as `2024`", span).parse(rest);
            within(rest.skip(1), Scope::default(), period).map(|(rest, it)| (rest, Some(it)))?
        }
        _ => (rest, None),
    };
    let rest = to_table(rest);
    let (rest, table) = table(rest)?;
    Ok((rest, ItemKind::Given { record, organisation, covers, table }))
}

/// Notes and skips what stands before the table in its line.
fn to_table(input: Tokens<'_>) -> Tokens<'_> {
    let in_line = |at: &usize| input.same_line_at(*at) && input.kind_at(*at).is_some();
    let brace =
        (0..).take_while(in_line).find(|at| input.kind_at(*at) == Some(TokenKind::OpenBrace));
    match brace {
        Some(at) if at > 0 => {
            let near = input.word() == Some("form");
            input.note(problems::before_table(input.here(), input.text(input.here()), near));
            input.skip(at)
        }
        _ => input,
    }
}

fn table(input: Tokens<'_>) -> Parsed<'_, Table> {
    let open = token(TokenKind::OpenBrace, "`{`");
    let (mut rest, open) = expect("`{`, and on the next line the columns", open).parse(input)?;
    if rest.kind() != Some(TokenKind::Cell) {
        return rest.refuse(problems::no_table(rest.here(), open));
    }
    let (after, columns) = row(rest);
    if let Some(unnamed) = columns.iter().find(|column| column.item.is_empty()) {
        return rest.refuse(problems::unnamed_column(unnamed.span));
    }
    if let [only] = columns.as_slice()
        && let Some(sign) = only.item.chars().find(|letter| [',', ';', '\t'].contains(letter))
    {
        return rest.refuse(problems::other_divider(only.span, sign));
    }
    rest = after;
    let mut rows: Vec<TableRow> = Vec::new();
    let mut gap = rest.end;
    while rest.kind() == Some(TokenKind::Cell) {
        let (after, cells) = row(rest);
        let span = rest.span_to(after);
        let above = above(rest, gap, span.start, false);
        let comments = Comments { above, beside: beside(after, span.end), ..Comments::default() };
        if cells.len() == columns.len() {
            rows.push(TableRow { comments, cells, span });
        } else {
            rest.note(problems::table_width(span, cells.len(), columns.len()));
        }
        (gap, rest) = (span.end, after);
    }
    if rest.kind() != Some(TokenKind::CloseBrace) {
        rest.note(problems::open_block(rest.here(), open));
        let span = input.span_to(rest);
        return Ok((rest, Table { columns, rows, span }));
    }
    if let Some(last) = rows.last_mut() {
        last.comments.inside = above(rest, gap, rest.here().start, false);
    }
    let rest = rest.skip(1);
    Ok((rest, Table { columns, rows, span: input.span_to(rest) }))
}

/// The cells up to the next line.
fn row(input: Tokens<'_>) -> (Tokens<'_>, Vec<Word>) {
    let mut rest = input;
    let mut cells = Vec::new();
    while let Some((after, token)) = rest.next() {
        let is_next_line = !cells.is_empty() && token.place != Place::Inside;
        match token.kind {
            TokenKind::Cell if !is_next_line => {
                cells.push(Spanned::new(rest.text(token.span).to_owned(), token.span));
            }
            TokenKind::Bar => {}
            _ => break,
        }
        rest = after;
    }
    (rest, cells)
}
