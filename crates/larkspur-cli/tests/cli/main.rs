//! The command as scripts use it: exit status, stdout, stderr, and the JSON keys of its contract.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests are blunt"
)]

mod batch;
mod catalogue;
mod check;
mod cost;
mod extract;
mod grammar;
mod hostile;
mod lower_and_lift;
mod models;
mod schema_grammar;
mod serve;
mod sql;
mod sql_ask;
mod support;
mod validate;
