//! What the fuzzer runs, replayed on the seeds and regressions that are kept in `fuzz/seeds`.
//!
//! The bodies of the targets are plain functions, so that the normal test suite runs them without a nightly compiler. To fuzz:
//! `cargo +nightly fuzz run front_end` or `recogniser`, at the top of the repository.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod case;
mod front_end;
mod naive;
#[path = "../engine/oracle.rs"]
mod oracle;
mod recogniser;

use std::path::Path;

use case::Expr;

/// Runs a target on every file of its folder, in the order of their names; how many there were.
#[expect(clippy::disallowed_methods, reason = "seeds are files")]
fn replay(target: &str, run: fn(&[u8])) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in &files {
        run(&std::fs::read(file).unwrap());
    }
    files.len()
}

#[test]
fn seeds_of_the_front_end() {
    assert!(replay("front_end", front_end::run) > 10);
}

#[test]
fn seeds_of_the_recogniser() {
    assert!(replay("recogniser", recogniser::run) > 10);
}

/// The oracle itself, on languages that are easy to see through.
#[test]
fn the_naive_recogniser_knows_palindromes() {
    let around = |terminal: usize| {
        let terminal = || Expr::Terminal(&case::TERMINALS[terminal]);
        Expr::Seq(vec![terminal(), Expr::Rule(0), terminal()])
    };
    let palindromes = [Expr::Alt(vec![around(0), around(1), Expr::Seq(Vec::new())])];
    let is = |text: &str| {
        let odd = text.len() % 2 == 1;
        !odd && text.bytes().eq(text.bytes().rev())
    };
    for text in ["", "aa", "ab", "abba", "abab", "aaaa", "bb", "aab"] {
        assert_eq!(
            naive::sentences(&palindromes, text.as_bytes()) >> text.len() & 1 == 1,
            is(text),
            "{text}"
        );
    }
}
