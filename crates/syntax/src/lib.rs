//! Text to tree and back.
//!
//! 1. [`lex`] cuts a text into [`Token`]s; text that no rule knows is reported and skipped.
//! 2. [`parse`](parse()) cuts the tokens into statements, reads each by the grammar, and goes on behind
//!    whatever it could not read, so that the author is told everything at once.
//! 3. [`print`](print()) gives a tree its one layout as text; read back, it is the same tree.

mod complete;
mod foreign;
mod input;
mod problems;
mod words;

pub mod parse;
pub mod print;
pub mod token;
pub mod tree;

pub use complete::{Completeness, completeness, has_open_bracket};
pub use foreign::{instead_of, type_instead_of};
pub use parse::{parse, parse_expression};
pub use print::print;
pub use token::{Place, Token, TokenKind, lex};
pub use words::{HEADERS, RESERVED, TIME_UNITS, is_language, is_reserved, ordinal};
