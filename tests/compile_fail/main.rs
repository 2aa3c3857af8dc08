//! What a person is told who gets `derive(Syntax)` or `derive(Partial)` wrong: a file for each mistake, and beside it what the compiler says.
//!
//! `TRYBUILD=overwrite cargo test --workspace --test compile_fail` writes the messages down anew, to be read before they are kept.
//! They are those of the pinned toolchain.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("*/*.rs");
}
