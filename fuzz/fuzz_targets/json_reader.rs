//! Any bytes as JSON, read strictly, leniently and in pieces.
#![no_main]

#[path = "../../crates/larkspur-json/tests/fuzz/json_reader.rs"]
mod json_reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| json_reader::run(bytes));
