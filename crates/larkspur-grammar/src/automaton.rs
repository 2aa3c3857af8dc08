//! Terminals as automata over bytes, built by derivatives.
//!
//! A pattern becomes a regular expression over bytes whose nodes are shared ([`Expr`], hash-consed). The state of an
//! automaton *is* such an expression: the texts that still complete the match. Reading a byte is taking the derivative
//! (Brzozowski, "Derivatives of Regular Expressions", JACM 11(4), 1964; Owens, Reppy and Turon, "Regular-expression
//! derivatives reexamined", JFP 19(2), 2009, whose similarity rules keep the number of derivatives small).
//!
//! Why derivatives and not subset construction: intersection and complement cost nothing to build, a counted repetition
//! such as `x{0,1000000}` stays one node that counts down as text arrives, and only the states that a text visits are ever
//! built. The price is a slower first visit of each state; visited states are rows of a table (see `engine::lexer`).
//!
//! Invariants:
//! - Two equal nodes have the same id, so comparing ids is comparing expressions (up to the similarity rules).
//! - An expression that matches nothing at all is [`Exprs::NEVER`] after [`Exprs::settle`]; without `&` and `~` below it the
//!   constructors already see to that.
//! - No function recurses deeper than patterns nest, which the grammar's limits bound; long sequences are walked in loops.

mod build;
mod bytes;
mod derive;
mod expr;

pub(crate) use build::{CharClass, PatternError, terminals};
pub(crate) use bytes::{ByteClasses, ByteSet};
pub(crate) use expr::{ExprRef, Exprs};
