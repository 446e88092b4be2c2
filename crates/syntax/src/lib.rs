//! Text to tree and back.

mod problems;

pub mod token;
pub mod tree;

pub use token::{Place, Token, TokenKind, lex};
