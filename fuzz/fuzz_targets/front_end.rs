//! Any bytes as the text of a grammar.
#![no_main]

#[path = "../../crates/larkspur-grammar/tests/fuzz/front_end.rs"]
mod front_end;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| front_end::run(bytes));
