//! SQL that a model may be trusted to write.
//!
//! ```text
//!  database ──▶ Catalog ──Policy──▶ what a model may see ──▶ SelectGrammar ──▶ constraint of a request
//!                                          │                                        │
//!  rows ◀── run (read-only, limits) ◀── Query ◀── SQLite prepares, authorizer ◀── Guard ◀── text, whoever wrote it
//! ```
//!
//! A [`Catalog`] says what a database holds, a [`Policy`] what of it may be read and how. The [`Guard`] judges any text by
//! both and tells all that is wrong with it, with places and hints; [`Sqlite`] adds the word of the database itself and
//! runs what was passed. What is hidden does not exist for whoever writes the texts. [`SelectGrammar`] asks a model for a query: it
//! is an output that sends the grammar and has the answer judged so.
//!
//! The permissions of the database remain the boundary that holds when all else fails.

mod catalog;
#[cfg(feature = "sqlite")]
mod error;
mod functions;
mod grammar;
#[cfg(feature = "guard")]
mod guard;
mod name;
mod pattern;
mod policy;
mod rule;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "guard")]
pub mod tree;

#[cfg(feature = "sqlite")]
pub use self::error::Error;
#[cfg(feature = "guard")]
pub use self::guard::{Guard, Query};
#[cfg(feature = "sqlite")]
pub use self::sqlite::{Cancel, Plan, PlanStep, Rows, RunLimits, Sqlite, Truncated, Value};
pub use self::{
    catalog::{Catalog, Column, ForeignKey, Table, TableKind},
    grammar::{GrammarError, Joins, Receipt, SelectGrammar},
    name::{quote_name, quote_text},
    pattern::{InvalidPattern, Pattern, Visibility},
    policy::{Functions, LimitRule, MissingLimit, Policy, PolicyError},
    rule::Rule,
};
