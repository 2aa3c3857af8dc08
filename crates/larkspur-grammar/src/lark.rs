//! Lark's notation: text to syntax tree to [`Grammar`](crate::Grammar), for every server that reads a dialect of it.

mod brackets;
mod build;
mod escape;
mod json;
mod lexer;
mod parse;
pub mod syntax;
mod token;

pub use parse::{Parsed, parse, parse_with};

lalrpop_util::lalrpop_mod!(
    #[expect(clippy::all, clippy::pedantic, unused, unreachable_pub, reason = "generated")]
    grammar,
    "/lark/grammar.rs"
);
