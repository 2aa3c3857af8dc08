//! Formal languages: one representation of grammars, and what can be asked of it.
//!
//! ```text
//!  Lark text ──lark──▶ syntax tree with spans ──lower──▶ Grammar ──▶ engines
//! ```
//!
//! A *token* is always an LLM token; the pieces of a grammar are *terminals* and *rules*; the text a terminal matched is a
//! *lexeme*; a string of the language is a *sentence*.

pub mod diagnostic;
pub mod dialect;
pub mod grammar;
pub mod lark;
pub mod limits;
mod regex;
pub mod span;
mod suggest;

pub use diagnostic::{Diagnostic, Severity};
pub use dialect::Dialect;
pub use grammar::{Grammar, GrammarBuilder, Semantics};
pub use limits::Limits;
pub use span::{LineColumn, LineIndex, Span};
