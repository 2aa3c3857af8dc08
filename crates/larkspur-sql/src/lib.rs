//! SQL that a model may be trusted to write.
//!
//! ```text
//!  database ──▶ Catalog ──Policy──▶ what a model may see ──▶ SelectGrammar ──▶ constraint of a request
//!                                          │                                        │
//!  rows ◀── run (read-only, limits) ◀── Query ◀── the database prepares ◀── Guard ◀── text, whoever wrote it
//! ```
//!
//! A [`Catalog`] says what a database holds, a [`Policy`] what of it may be read and how. The [`Guard`] judges any text by
//! both and tells all that is wrong with it, with places and hints; [`Sqlite`] and `Postgres` (feature `postgres`) add the word of the database
//! itself and run what was passed. A [`Dialect`] says whose SQL a text is. What is hidden does not exist for whoever writes the texts. [`SelectGrammar`] asks a model for a query: it
//! is an output that sends the grammar and has the answer judged so.
//!
//! The permissions of the database remain the boundary that holds when all else fails.

mod catalog;
#[cfg(feature = "guard")]
mod ddl;
mod dialect;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod error;
mod functions;
mod grammar;
#[cfg(feature = "guard")]
mod guard;
mod name;
mod pattern;
mod policy;
#[cfg(feature = "postgres")]
mod postgres;
mod rule;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod run;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "guard")]
pub mod tree;

#[cfg(feature = "postgres")]
pub use self::postgres::Postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use self::run::{
    Cancel, Plan, PlanStep, Rows, RunLimits, Selection, Truncated, Value, WithRows,
};
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use self::{catalog::samples::Sampling, error::Error};
pub use self::{
    catalog::{Catalog, Column, ForeignKey, Samples, Table, TableKind},
    dialect::Dialect,
    grammar::{Columns, GrammarError, Joins, Names, Receipt, SelectGrammar},
    name::{quote_name, quote_text},
    pattern::{InvalidPattern, Pattern, Visibility},
    policy::{Functions, LimitRule, MissingLimit, Policy, PolicyError},
    rule::Rule,
};
#[cfg(feature = "guard")]
pub use self::{
    ddl::{DdlError, PostgresDdl},
    guard::{Guard, Query},
};
