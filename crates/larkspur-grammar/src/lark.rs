//! Lark's notation: text to syntax tree to [`Grammar`](crate::Grammar), for every server that reads a dialect of it.

mod brackets;
mod build;
mod check;
pub(crate) mod common;
pub(crate) mod escape;
mod graph;
mod json;
mod lexer;
mod lower;
mod params;
mod parse;
mod print;
mod scope;
pub mod syntax;
mod token;

pub use check::{check, check_file, check_with, compile, compile_with};
pub use parse::{Parsed, parse, parse_with};

lalrpop_util::lalrpop_mod!(
    #[expect(
        clippy::allow_attributes_without_reason,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::pedantic,
        clippy::unreachable,
        clippy::unwrap_used,
        unused,
        unreachable_pub,
        reason = "generated"
    )]
    grammar,
    "/lark/grammar.rs"
);
