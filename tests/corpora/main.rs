//! The suite on real schemas, recordings and instances. The data is not part of the repository: `LARKSPUR_DATA` says
//! where it is (default: `../shared/data` beside the repository).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod ambiguity;
#[expect(
    dead_code,
    reason = "its oracle for languages without a lexer is not used here"
)]
#[path = "../../crates/larkspur-grammar/tests/fuzz/case.rs"]
mod case;
mod convert;
mod data;
mod differential;
mod engine;
mod examples;
mod grammars;
#[path = "../../crates/larkspur-grammar/tests/support/large.rs"]
mod large;
mod lenient;
mod lowering;
#[path = "../../crates/larkspur-grammar/tests/engine/oracle.rs"]
mod oracle;
mod over_http;
mod partial;
mod postgres;
mod postgres_attacks;
mod postgres_ddl;
mod postgres_grammar;
mod postgres_http;
#[path = "../../crates/larkspur-grammar/tests/engine/walks.rs"]
mod random_texts;
mod requests;
mod schema_grammars;
mod server;
mod spelled;
mod sql;
mod streams;
#[path = "../../crates/larkspur-grammar/tests/engine/grammars.rs"]
mod test_grammars;
mod wire;
