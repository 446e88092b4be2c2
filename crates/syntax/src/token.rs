//! Tokens: the words of the language, before any grammar.
//!
//! A token holds no text. Its span says where the text stands, so tokens are `Copy`, and the
//! parser, the highlighter and the formatter share one list. Lexing is total: text that no rule
//! knows is reported and skipped, and what habits from elsewhere write (`==`, `'text'`,
//! `31/01/2025`) is reported and read as what is meant.

pub(crate) mod comma;
pub(crate) mod date;
mod habit;
mod table;

use interplay_diagnostic::{Diagnostic, SourceId, Span};
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_while, take_while1};
use nom::character::complete::{char, digit1, satisfy};
use nom::combinator::{opt, recognize, value, verify};
use nom::multi::many0_count;
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

pub(crate) use habit::{unquoted, unticked};

use crate::problems;

/// One token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// Whether a line begins with it.
    pub place: Place,
}

/// Where in its line a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In column one: here a statement begins, or a bracket closes.
    ColumnOne,
    /// First in its line, after spaces.
    LineStart,
    /// After another token of the same line.
    Inside,
}

/// What a token is. Each kind is shown by texts that lex to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `reach`, `age_band`, `where`; every word, reserved or not
    Name,
    /// `12`, `0.5`
    Number,
    /// `2nd`
    Ordinal,
    /// `2025-01-31`
    Date,
    /// `2025-Q1`, `2025-03`, `2025-W05`
    Period,
    /// `09-01`
    MonthDay,
    /// `"North ward"`
    Text,
    /// `` `Client nr.` ``
    Column,
    /// `night shelter`, between the bars of a table; may be empty
    Cell,
    /// `|`
    Bar,
    /// `# to the end of the line`
    Comment,
    /// `## to the end of the line`
    Docs,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `?`
    Question,
    /// `%`
    Percent,
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `->`
    Arrow,
    /// `≈`
    About,
    /// `&&`, a habit for `and`; always with a problem
    AndSign,
    /// `||`, a habit for `or`; always with a problem
    OrSign,
    /// `%in%`, a habit for `in`; always with a problem
    InSign,
}

impl TokenKind {
    /// Whether the grammar does not see it.
    #[must_use]
    pub fn is_comment(self) -> bool {
        matches!(self, Self::Comment | Self::Docs)
    }
}

/// Splits `text` into tokens, comments among them.
#[must_use]
pub fn lex(source: SourceId, text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer { source, text, tokens: Vec::new(), problems: Vec::new() };
    // An editor's byte order mark is no text.
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut at_line_start = true;
    loop {
        let (after, place) = blank(rest, at_line_start);
        if after.is_empty() {
            return (lexer.tokens, lexer.problems);
        }
        rest = lexer.one(after, place);
        at_line_start = lexer.at_table(rest);
        if at_line_start {
            rest = lexer.table(rest);
        }
    }
}

struct Lexer<'a> {
    source: SourceId,
    text: &'a str,
    tokens: Vec<Token>,
    problems: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    /// Reads the token at the start of `rest`, or skips what is none.
    fn one(&mut self, rest: &'a str, place: Place) -> &'a str {
        let read = number(rest).or_else(|_| plain(rest));
        if let Ok((after, kind)) = read {
            let after = habit::given_back(kind, rest, after);
            let after = self.with_decimals(kind, rest, after);
            let span = self.between(rest, after);
            self.tokens.push(Token { kind, span, place });
            self.look_closer(kind, span);
            return after;
        }
        if let Some((after, kind)) = self.habit(rest) {
            if let Some(kind) = kind {
                let span = self.between(rest, after);
                self.tokens.push(Token { kind, span, place });
            }
            return after;
        }
        let after = rest.trim_start_matches(is_unknown);
        let after = if after.len() == rest.len() { skip_one(rest) } else { after };
        let span = self.between(rest, after);
        self.problems.push(problems::unknown_text(span, self.text_of(span)));
        after
    }

    /// Some tokens are read by their shape, and then may still say what cannot be.
    fn look_closer(&mut self, kind: TokenKind, span: Span) {
        let text = self.text_of(span);
        let found = match kind {
            TokenKind::Date | TokenKind::Period | TokenKind::MonthDay => {
                date::problem(kind, text, span)
            }
            TokenKind::Text => habit::text_problem(text, span),
            TokenKind::Column if text.len() < 2 || !text.ends_with('`') => {
                Some(problems::open_column(span))
            }
            _ => None,
        };
        self.problems.extend(found);
    }

    /// The text under `span`.
    fn text_of(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The span from the start of `from` to the start of `after`, both tails of the text.
    fn between(&self, from: &str, after: &str) -> Span {
        let position = |tail: &str| {
            u32::try_from(self.text.len().saturating_sub(tail.len())).unwrap_or(u32::MAX)
        };
        Span { source: self.source, start: position(from), end: position(after) }
    }
}

/// Skips spaces and line ends, and says where in its line the rest begins.
fn blank(text: &str, at_line_start: bool) -> (&str, Place) {
    let rest = text.trim_start();
    let skipped = text.get(..text.len() - rest.len()).unwrap_or_default();
    let place = match skipped.rfind('\n') {
        Some(at) if at + 1 == skipped.len() => Place::ColumnOne,
        None if at_line_start && skipped.is_empty() => Place::ColumnOne,
        Some(_) => Place::LineStart,
        None if at_line_start => Place::LineStart,
        None => Place::Inside,
    };
    (rest, place)
}

fn skip_one(text: &str) -> &str {
    let mut letters = text.chars();
    letters.next();
    letters.as_str()
}

/// Letters that begin nothing the lexer knows: a run of them is one problem.
fn is_unknown(letter: char) -> bool {
    !(letter.is_whitespace()
        || letter.is_alphabetic()
        || letter.is_ascii_digit()
        || "_\"`{}():,.?|%=<>+-*/≈#!&;'[]$^~".contains(letter)
        || habit::is_known(letter))
}

/// Numbers, and everything else that begins with a digit.
fn number(input: &str) -> IResult<&str, TokenKind> {
    let ordinal = pair(digit1, alt((tag("st"), tag("nd"), tag("rd"), tag("th"))));
    let decimals = preceded(char('.'), digit1);
    alt((
        date::shaped,
        value(TokenKind::Ordinal, terminated(recognize(ordinal), word_end)),
        value(TokenKind::Number, recognize(pair(digit1, opt(decimals)))),
    ))
    .parse(input)
}

/// All but numbers.
fn plain(input: &str) -> IResult<&str, TokenKind> {
    alt((name, comment, quoted, sign)).parse(input)
}

fn name(input: &str) -> IResult<&str, TokenKind> {
    let name = pair(satisfy(is_name_start), take_while(is_name_part));
    value(TokenKind::Name, recognize(name)).parse(input)
}

fn comment(input: &str) -> IResult<&str, TokenKind> {
    let line = |mark| recognize(pair(tag(mark), take_while(|letter| letter != '\n')));
    // `###…` is a ruler rather than documentation.
    let docs = verify(line("##"), |text: &str| !text.starts_with("###"));
    alt((value(TokenKind::Docs, docs), value(TokenKind::Comment, line("#")))).parse(input)
}

/// A text or a column. One that is not closed ends with its line.
fn quoted(input: &str) -> IResult<&str, TokenKind> {
    let escaped = recognize(pair(char('\\'), satisfy(|letter| letter != '\n')));
    let part = alt((is_not("\"\\\r\n"), escaped, tag("\\")));
    let text = (char('"'), many0_count(part), opt(char('"')));
    let column = (char('`'), opt(is_not("`\r\n")), opt(char('`')));
    alt((value(TokenKind::Text, recognize(text)), value(TokenKind::Column, recognize(column))))
        .parse(input)
}

fn sign(input: &str) -> IResult<&str, TokenKind> {
    // Longest first. What a habit writes in place of one of these is left to `habit`.
    let two = alt((
        value(TokenKind::DotDot, terminated(tag(".."), not_before('.'))),
        value(TokenKind::Arrow, tag("->")),
        value(TokenKind::LessOrEqual, terminated(tag("<="), not_before('>'))),
        value(TokenKind::GreaterOrEqual, tag(">=")),
        value(TokenKind::Equal, terminated(tag("="), not_before_any("=>"))),
        value(TokenKind::Less, terminated(tag("<"), not_before('>'))),
        value(TokenKind::Bar, terminated(tag("|"), not_before_any("|>"))),
        value(TokenKind::Slash, terminated(tag("/"), not_before_any("/*"))),
    ));
    let one = alt((
        value(TokenKind::OpenBrace, tag("{")),
        value(TokenKind::CloseBrace, tag("}")),
        value(TokenKind::OpenParen, tag("(")),
        value(TokenKind::CloseParen, tag(")")),
        value(TokenKind::Colon, terminated(tag(":"), not_before('='))),
        value(TokenKind::Comma, tag(",")),
        value(TokenKind::Dot, terminated(tag("."), not_before('.'))),
        value(TokenKind::Question, tag("?")),
        value(
            TokenKind::Percent,
            terminated(tag("%"), nom::combinator::not(alt((tag("in%"), tag(">%"))))),
        ),
        value(TokenKind::Greater, tag(">")),
        value(TokenKind::Plus, tag("+")),
        value(TokenKind::Minus, tag("-")),
        value(TokenKind::Star, terminated(tag("*"), not_before('*'))),
        value(TokenKind::About, tag("≈")),
    ));
    alt((two, one)).parse(input)
}

/// Matches without reading when `letter` does not follow.
fn not_before<'a>(
    letter: char,
) -> impl Parser<&'a str, Output = (), Error = nom::error::Error<&'a str>> {
    nom::combinator::not(char(letter))
}

/// Matches without reading when none of `letters` follows.
fn not_before_any<'a>(
    letters: &'static str,
) -> impl Parser<&'a str, Output = (), Error = nom::error::Error<&'a str>> {
    nom::combinator::not(satisfy(move |next| letters.contains(next)))
}

/// Matches without reading where a word or number ends.
fn word_end(input: &str) -> IResult<&str, ()> {
    nom::combinator::not(take_while1(is_name_part)).parse(input)
}

fn is_name_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn is_name_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests;
