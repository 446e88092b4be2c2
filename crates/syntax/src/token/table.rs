//! Tables of tests and of trees: lines of cells, whose text is free.
//!
//! A table is lexed as lines: `given stay from harbour {` or `for each {` opens it, and `tree {` on
//! a line of its own; a line that begins with `}` closes it. So does a line that begins in column
//! one: there a statement begins.

use super::{Lexer, Place, Token, TokenKind};

impl<'a> Lexer<'a> {
    /// Whether the tokens so far open a table, whose lines then are in `rest`.
    pub(super) fn at_table(&self, rest: &str) -> bool {
        let word = |token: &Token, text: &str| {
            token.kind == TokenKind::Name && self.text_of(token.span) == text
        };
        // `given` and some words in its line, whether or not they are the right ones.
        let opens = self.tokens.split_last().is_some_and(|(brace, before)| {
            let words = before.iter().rev().take(12).take_while(|it| is_of_head(it.kind));
            let words: Vec<&Token> = words.collect();
            let given = words.iter().position(|token| word(token, "given"));
            // First in its line or behind a brace, so that `source given for stay {` is none.
            let is_given = given.is_some_and(|at| {
                let begins = words.get(at).is_some_and(|token| token.place != Place::Inside);
                at > 0 && (begins || at + 1 == words.len())
            });
            let is_table = match words.as_slice() {
                [each, for_, ..] if word(each, "each") && word(for_, "for") => true,
                [tree, ..] => word(tree, "tree") && tree.place == Place::LineStart,
                [] => false,
            };
            brace.kind == TokenKind::OpenBrace && (is_given || is_table)
        });
        let line = rest.lines().next().unwrap_or_default().trim();
        opens && (line.is_empty() || line.starts_with('#'))
    }

    /// Reads the lines of a table, up to the one that ends it.
    pub(super) fn table(&mut self, rest: &'a str) -> &'a str {
        // What is left of the line with the brace: nothing, or a comment.
        let mut rest = self.comment_beside(rest);
        while let Some(line) = rest.split_inclusive('\n').next() {
            let trimmed = line.trim();
            let is_indented = line.starts_with(char::is_whitespace);
            // No statement holds a bar: a row that lost its indent stays a row.
            let is_row = is_indented || line.contains('|');
            if trimmed.starts_with('}') || !(trimmed.is_empty() || is_row) {
                return rest;
            }
            let indent = line.len() - line.trim_start().len();
            if let Some(start) = rest.get(indent..).filter(|_| !trimmed.is_empty()) {
                self.row(start, is_indented);
            }
            rest = rest.strip_prefix(line).unwrap_or_default();
        }
        rest
    }

    /// Reads one line of cells.
    fn row(&mut self, start: &'a str, indented: bool) {
        let line = start.split('\n').next().unwrap_or_default();
        let cells_end = comment_start(line);
        let mut place = if indented { Place::LineStart } else { Place::ColumnOne };
        let mut at = start;
        let cells = line.get(..cells_end).unwrap_or_default();
        let count = if cells.trim().is_empty() { 0 } else { cells.split('|').count() };
        for (index, cell) in cells.split('|').take(count).enumerate() {
            if index > 0 {
                let after = at.strip_prefix('|').unwrap_or(at);
                self.push(TokenKind::Bar, at, after, Place::Inside);
                at = after;
            }
            let text = at.get(cell.len() - cell.trim_start().len()..).unwrap_or(at);
            self.push(TokenKind::Cell, text, text.get(cell.trim().len()..).unwrap_or(text), place);
            place = Place::Inside;
            at = at.get(cell.len()..).unwrap_or_default();
        }
        if let Some(comment) = line.get(cells_end..).filter(|comment| !comment.trim().is_empty()) {
            let from = start.get(cells_end..).unwrap_or_default();
            let after = from.get(comment.trim_end().len()..).unwrap_or_default();
            self.push(TokenKind::Comment, from, after, place);
        }
    }

    /// Reads a comment after the opening brace; what follows begins the first line of the table.
    fn comment_beside(&mut self, rest: &'a str) -> &'a str {
        let start = rest.trim_start_matches([' ', '\t', '\r']);
        let line = start.split('\n').next().unwrap_or_default();
        if line.starts_with('#') {
            let after = start.get(line.trim_end().len()..).unwrap_or_default();
            self.push(TokenKind::Comment, start, after, Place::Inside);
        }
        start.split_once('\n').map_or("", |(_, lines)| lines)
    }

    fn push(&mut self, kind: TokenKind, from: &str, after: &str, place: Place) {
        let span = self.between(from, after);
        self.tokens.push(Token { kind, span, place });
    }
}

/// What may stand between `given` and its brace: words, and the days that were delivered.
fn is_of_head(kind: TokenKind) -> bool {
    use TokenKind::{Date, DotDot, Name, Number, Period};
    matches!(kind, Name | Number | Period | Date | DotDot)
}

/// Where the comment of a line begins: at a `#` that begins the line or stands between spaces.
fn comment_start(line: &str) -> usize {
    let begins = |at: usize| {
        let (before, after) = line.split_at_checked(at).unwrap_or((line, ""));
        let spaced = before.ends_with(|letter: char| letter.is_whitespace() || letter == '|')
            && after
                .get(1..)
                .is_none_or(|text| text.is_empty() || text.starts_with([' ', '\t', '#']));
        before.is_empty() || spaced
    };
    line.match_indices('#').map(|(at, _)| at).find(|at| begins(*at)).unwrap_or(line.len())
}
