//! Formal languages: one representation of grammars, and what can be asked of it.
//!
//! ```text
//!  Lark text ──lark──▶ syntax tree with spans ──lower──▶ Grammar ──▶ Compiled ─┬─▶ Matcher: text in pieces
//!  GBNF, EBNF, pest ──import──────────────────────────────▲ │ │       + Cache └─▶ Parser: trees
//!                                                           │ └──sample──▶ sentences, near misses; ambiguity ─▶ a text with two trees
//!                                                           └──print──▶ Lark, GBNF, EBNF
//! ```
//!
//! Where a text that is read or printed cannot mean the same, there is a [`Loss`] that says so.
//!
//! A *token* is always an LLM token; the pieces of a grammar are *terminals* and *rules*; the text a terminal matched is a
//! *lexeme*; a string of the language is a *sentence*.

mod adjacency;
pub mod ambiguity;
mod automaton;
mod components;
pub mod convert;
pub mod diagnostic;
pub mod dialect;
mod engine;
mod error;
pub mod expected;
pub mod grammar;
pub mod import;
pub mod lark;
mod lexing;
pub mod limits;
pub mod loss;
pub mod matcher;
pub mod parser;
pub mod print;
mod quoted;
mod regex;
mod regular;
pub mod sample;
pub mod span;
mod suggest;
pub mod syntax;
mod table;
pub mod tree;

pub use diagnostic::{Diagnostic, Severity};
pub use dialect::Dialect;
pub use engine::{Cache, Caches, CompileError, Compiled, Config};
pub use error::Exceeded;
pub use expected::{Expected, ExpectedTerminal, Rejection};
pub use grammar::{Grammar, GrammarBuilder, Semantics};
pub use limits::Limits;
pub use loss::{Effect, Loss};
pub use matcher::Matcher;
pub use parser::{ParseError, Parser};
pub use span::{LineColumn, LineIndex, Span};
pub use syntax::Syntax;
pub use tree::Tree;
