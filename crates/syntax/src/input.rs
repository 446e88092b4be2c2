//! All that the grammar needs of nom: tokens as input, and two words for two kinds of miss.
//!
//! `token(kind)` and `word("by")` let others try when they miss; what `expect("what", parser)`
//! misses is final. No production decides by trying: each looks a few tokens ahead, so that
//! nothing is parsed twice and a problem is noted once.

use std::cell::RefCell;
use std::collections::BTreeSet;

use interplay_diagnostic::{Diagnostic, SourceId, Span, Spanned};
use nom::Parser;
use nom::error::{ErrorKind, ParseError};

use crate::foreign::{self, Readings};
use crate::problems;
use crate::token::{Token, TokenKind};
use crate::words;

/// What all parts of one text share.
#[derive(Debug)]
pub(crate) struct File<'a> {
    /// The id under which the text is known.
    pub(crate) source: SourceId,
    /// The whole text.
    pub(crate) text: &'a str,
    /// Its comments, in order.
    pub(crate) comments: Vec<Token>,
    /// Words that are read as other ones.
    pub(crate) readings: Readings,
    /// What was wrong so far.
    pub(crate) problems: RefCell<Vec<Diagnostic>>,
    /// Bytes at which a line of an expression may begin, comments before it.
    pub(crate) places: RefCell<BTreeSet<u32>>,
    /// Words of the statement at hand that were skipped.
    pub(crate) lost: RefCell<Vec<String>>,
}

impl File<'_> {
    /// What the word that begins at `start` is read as, when that is another.
    fn reading(&self, start: u32) -> Option<&'static str> {
        let at = self.readings.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        self.readings.get(at).map(|(_, word)| *word)
    }

    /// Takes back the problems of habits that begin from `start` up to `end`.
    pub(crate) fn forget_habits(&self, start: u32, end: u32) {
        let is_lost = |problem: &Diagnostic| {
            (start <= problem.span.start && problem.span.start < end)
                && problem.code.starts_with("foreign-")
        };
        self.problems.borrow_mut().retain(|problem| !is_lost(problem));
    }

    /// Gives up `tokens`, read as far as the place `at`: their words are lost, and what habits
    /// wrote behind that place is no longer worth a problem.
    pub(crate) fn give_up(&self, tokens: &[Token], at: u32) {
        let end = tokens.last().map_or(at, |token| token.span.end);
        self.forget_habits(at.saturating_add(1), end);
        let names = tokens.iter().filter(|token| token.kind == TokenKind::Name);
        let text = |token: &Token| {
            self.text.get(token.span.start as usize..token.span.end as usize).map(str::to_owned)
        };
        self.lost.borrow_mut().extend(names.filter_map(text));
    }
}

/// What is left to parse, and where this stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tokens<'a> {
    /// Tokens not yet read, comments left out.
    pub(crate) ahead: &'a [Token],
    /// What they stand in.
    pub(crate) file: &'a File<'a>,
    /// The byte after the last token read.
    pub(crate) end: u32,
    /// What is known of the place from outside.
    pub(crate) scope: Scope,
    /// How high the tree of the expression just read is.
    pub(crate) height: usize,
}

/// What an expression has to know of what it stands in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    /// How many brackets, blocks and operators are open.
    pub(crate) depth: usize,
    /// Whether it is part of a condition: a selection with `where` then needs parentheses (G5).
    pub(crate) in_condition: bool,
    /// Where the `any`, `no`, `every` or `count of` begins whose operand it is.
    pub(crate) asked_from: Option<u32>,
    /// Where a field stands whose rows follow: `minutes of contact`, after `sum of`.
    pub(crate) field_at: Option<u32>,
    /// Where the rows begin whose side it names: `membership of household`.
    pub(crate) rows_from: Option<u32>,
}

/// Brackets, blocks and operators inside each other; far more than a rule can bear.
const MOST_DEPTH: usize = 32;

/// Levels of one expression, chains such as `a + b + c` included.
const MOST_HEIGHT: usize = 128;

/// Result of one parser.
pub(crate) type Parsed<'a, T> = nom::IResult<Tokens<'a>, T, Miss<'a>>;

/// What a parser wanted, and where it stood when it wanted it.
#[derive(Clone, Debug)]
pub(crate) struct Miss<'a> {
    /// The rest of the input at the miss.
    pub(crate) at: Tokens<'a>,
    /// What would have fitted there.
    pub(crate) wanted: Wanted,
}

/// What would have fitted.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// `a value after the label`
    Text(&'static str),
    /// A problem with a wording of its own.
    Problem(Box<Diagnostic>),
}

impl Miss<'_> {
    /// As the author reads it.
    pub(crate) fn problem(self) -> Diagnostic {
        match self.wanted {
            // What is missing at the end of a line is missing there, not in the next one.
            Wanted::Text(what) if self.at.is_line_end() => {
                problems::expected(what, "the end of the line", self.at.after_last())
            }
            Wanted::Text(_) if self.at.found().is_some_and(is_foreign) => {
                let word = self.at.found().unwrap_or_default();
                let instead = foreign::between_values(word).unwrap_or_default();
                problems::foreign_word(self.at.here(), word, instead)
            }
            Wanted::Text(what) => {
                let found = self.at.found().map_or("the end".to_owned(), problems::quoted);
                problems::expected(what, &found, self.at.here())
            }
            Wanted::Problem(problem) => *problem,
        }
    }
}

fn is_foreign(word: &str) -> bool {
    foreign::between_values(word).is_some()
}

impl<'a> ParseError<Tokens<'a>> for Miss<'a> {
    fn from_error_kind(at: Tokens<'a>, _: ErrorKind) -> Self {
        Self { at, wanted: Wanted::Text("something else") }
    }

    /// Keeps the innermost miss.
    fn append(_: Tokens<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

impl<'a> Tokens<'a> {
    /// Notes that a line may begin with the token ahead, and that comments before it stay there.
    pub(crate) fn mark(self) {
        self.file.places.borrow_mut().insert(self.here().start);
    }

    /// The kind of the token ahead.
    pub(crate) fn kind(self) -> Option<TokenKind> {
        self.kind_at(0)
    }

    /// The kind of the token that stands `index` tokens further.
    pub(crate) fn kind_at(self, index: usize) -> Option<TokenKind> {
        self.ahead.get(index).map(|token| token.kind)
    }

    /// The token ahead as a word, if it is one and no label (G1).
    pub(crate) fn word(self) -> Option<&'a str> {
        self.word_at(0)
    }

    /// The same, `index` tokens further.
    pub(crate) fn word_at(self, index: usize) -> Option<&'a str> {
        let token = self.ahead.get(index)?;
        let is_word = token.kind == TokenKind::Name && !self.is_label_at(index);
        is_word.then(|| self.file.reading(token.span.start).unwrap_or(self.text(token.span)))
    }

    /// Whether the words ahead are these, none of them a label.
    pub(crate) fn has_words(self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.word_at(index) == Some(*word))
    }

    /// Whether the token `index` tokens further is a word followed by `:`.
    pub(crate) fn is_label_at(self, index: usize) -> bool {
        self.kind_at(index) == Some(TokenKind::Name)
            && self.kind_at(index + 1) == Some(TokenKind::Colon)
    }

    /// Whether the label `text` is ahead.
    pub(crate) fn has_label(self, text: &str) -> bool {
        self.is_label_at(0) && self.text(self.here()) == text
    }

    /// Whether an entry `label: …` or `key: …` is ahead.
    pub(crate) fn is_entry(self) -> bool {
        let is_key = self.kind().is_some_and(|kind| {
            use TokenKind::{Date, Name, Number, Period, Text};
            matches!(kind, Name | Number | Date | Period | Text)
        });
        is_key && self.kind_at(1) == Some(TokenKind::Colon)
    }

    /// Whether an item of a block begins here.
    pub(crate) fn starts_item(self) -> bool {
        let brace = Some(TokenKind::OpenBrace);
        let is_word = self.word().is_some();
        let is_second = self.word_at(1).is_some();
        // `levels: a, b` and `tree {` in the next line is no block `b tree { … }`.
        let is_pair = is_second && self.same_line_at(1) && self.kind_at(2) == brace;
        let opens = is_word && (self.kind_at(1) == brace || is_pair);
        let is_given = self.word() == Some("given") && is_second;
        let leads = matches!(self.word(), Some("for" | "with" | "expect"));
        let repeats = leads && self.is_label_at(1);
        self.is_entry() || opens || is_given || repeats
    }

    /// Whether the token `index` tokens further stands in the line of the one before it.
    pub(crate) fn same_line_at(self, index: usize) -> bool {
        self.ahead.get(index).is_some_and(|token| token.place == crate::token::Place::Inside)
    }

    /// The text under `span`.
    pub(crate) fn text(self, span: Span) -> &'a str {
        self.file.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The next `count` tokens, `between` each two of them.
    pub(crate) fn texts(self, count: usize, between: &str) -> String {
        let texts = self.ahead.iter().take(count).map(|token| self.text(token.span));
        texts.collect::<Vec<_>>().join(between)
    }

    /// Where the next token stands, or where it would.
    pub(crate) fn here(self) -> Span {
        self.ahead.first().map_or(self.after_last(), |token| token.span)
    }

    /// Where the last token ends.
    fn after_last(self) -> Span {
        Span { source: self.file.source, start: self.end, end: self.end }
    }

    /// Whether the next token stands in another line than the last one read.
    fn is_line_end(self) -> bool {
        self.end > 0 && !self.ahead.is_empty() && !self.same_line_at(0)
    }

    /// What is ahead, as a problem names it.
    pub(crate) fn found(self) -> Option<&'a str> {
        self.ahead.first().map(|token| self.text(token.span))
    }

    /// The span of what was read from here up to `rest`.
    pub(crate) fn span_to(self, rest: Self) -> Span {
        let here = self.here();
        Span { end: rest.end.max(here.start), ..here }
    }

    /// The input after `count` more tokens.
    pub(crate) fn skip(self, count: usize) -> Self {
        let (read, ahead) = self.ahead.split_at_checked(count).unwrap_or((self.ahead, &[]));
        let end = read.last().map_or(self.end, |token| token.span.end);
        Self { ahead, end, ..self }
    }

    /// The next token and what follows it.
    pub(crate) fn next(self) -> Option<(Self, Token)> {
        let token = self.ahead.first()?;
        Some((self.skip(1), *token))
    }

    /// Notes a problem; parsing goes on.
    pub(crate) fn note(self, problem: Diagnostic) {
        self.file.problems.borrow_mut().push(problem);
    }

    /// A miss that lets others try.
    pub(crate) fn miss<T>(self, what: &'static str) -> Parsed<'a, T> {
        Err(nom::Err::Error(Miss { at: self, wanted: Wanted::Text(what) }))
    }

    /// A final miss.
    pub(crate) fn fail<T>(self, what: &'static str) -> Parsed<'a, T> {
        Err(nom::Err::Failure(Miss { at: self, wanted: Wanted::Text(what) }))
    }

    /// A final miss with a wording of its own.
    pub(crate) fn refuse<T>(self, problem: Diagnostic) -> Parsed<'a, T> {
        let wanted = Wanted::Problem(Box::new(problem));
        Err(nom::Err::Failure(Miss { at: self, wanted }))
    }

    /// Notes that an operator joins what was read at `left` with what was read since.
    pub(crate) fn joined(self, left: Self) -> Parsed<'a, ()> {
        let height = self.height.max(left.height + 1);
        if height > MOST_HEIGHT {
            return self.refuse(problems::too_deep(left.here()));
        }
        Ok((Self { height, ..self }, ()))
    }
}

/// Parses one level deeper, with `scope` as what is known from outside.
pub(crate) fn within<'a, T>(
    input: Tokens<'a>,
    scope: Scope,
    parser: impl FnOnce(Tokens<'a>) -> Parsed<'a, T>,
) -> Parsed<'a, T> {
    if input.scope.depth >= MOST_DEPTH {
        return input.refuse(problems::too_deep(input.here()));
    }
    let scope = Scope { depth: input.scope.depth + 1, ..scope };
    let (rest, item) = parser(Tokens { scope, height: 0, ..input })?;
    let height = input.height.max(rest.height + 1);
    Ok((Tokens { scope: input.scope, height, ..rest }, item))
}

/// Reads one token of `kind`. A miss lets another branch try.
pub(crate) fn token<'a>(
    kind: TokenKind,
    what: &'static str,
) -> impl Parser<Tokens<'a>, Output = Span, Error = Miss<'a>> {
    move |input: Tokens<'a>| match input.next() {
        Some((rest, token)) if token.kind == kind => Ok((rest, token.span)),
        _ => input.miss(what),
    }
}

/// Reads one word of the language. A miss lets another branch try.
pub(crate) fn word<'a>(
    text: &'static str,
) -> impl Parser<Tokens<'a>, Output = Span, Error = Miss<'a>> {
    move |input: Tokens<'a>| match input.next() {
        Some((rest, token)) if input.word() == Some(text) => Ok((rest, token.span)),
        _ => input.miss(text),
    }
}

/// Nothing else can stand here: a miss is final and says what was wanted.
pub(crate) fn expect<'a, T>(
    what: &'static str,
    mut parser: impl Parser<Tokens<'a>, Output = T, Error = Miss<'a>>,
) -> impl Parser<Tokens<'a>, Output = T, Error = Miss<'a>> {
    move |input: Tokens<'a>| {
        parser.parse(input).map_err(|miss| match miss {
            nom::Err::Error(_) => nom::Err::Failure(Miss { at: input, wanted: Wanted::Text(what) }),
            already_final => already_final,
        })
    }
}

/// ```text
/// WORD ::= letter { letter | digit | "_" }
/// ```
///
/// Any word, reserved or not, but no label.
pub(crate) fn any_word(input: Tokens<'_>) -> Parsed<'_, Spanned<String>> {
    match (input.word(), input.next()) {
        (Some(text), Some((rest, token))) => Ok((rest, Spanned::new(text.to_owned(), token.span))),
        _ => input.miss("a word"),
    }
}

/// ```text
/// NAME ::= WORD
/// ```
///
/// A word that is neither reserved nor a label.
pub(crate) fn name(input: Tokens<'_>) -> Parsed<'_, Spanned<String>> {
    match input.word() {
        Some(text) if !words::is_reserved(text) => any_word(input),
        _ => input.miss("a name"),
    }
}
