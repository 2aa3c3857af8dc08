//! SQL: catalogs, the guard, runs, hostile input. All through the public API.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod attacks;
mod breakout;
mod catalog;
mod columns;
mod ddl;
mod features_page;
mod grammar;
mod guard;
mod hostile;
mod hostile_names;
mod large;
mod output;
mod policy;
mod policy_page;
mod postgres;
mod relaxed;
mod run;
mod samples;
mod support;
mod switches;
mod tree;
