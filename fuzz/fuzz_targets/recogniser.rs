//! A grammar and a text from bytes, judged here and by an oracle.
#![no_main]

#[path = "../../crates/larkspur-grammar/tests/fuzz/case.rs"]
mod case;
#[path = "../../crates/larkspur-grammar/tests/fuzz/naive.rs"]
mod naive;
#[path = "../../crates/larkspur-grammar/tests/engine/oracle.rs"]
mod oracle;
#[path = "../../crates/larkspur-grammar/tests/fuzz/recogniser.rs"]
mod recogniser;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| recogniser::run(bytes));
