//! Sentences, near misses and shrinking of five shipped grammars, beside grammarinator and Hypothesis' Lark strategy in the same run.
//!
//! `benches/rivals/install` brings the rivals into `target/rivals`; without them their columns are empty and a line says so. All
//! numbers are of one thread. Ours include the recogniser's verdict on every text; the rivals give texts as they come, whose
//! lengths differ, so characters a second stand beside sentences a second. Shrinking begins with the first text that holds a
//! piece and ends with the smallest text that still does: texts tried after the first, milliseconds, characters that are left.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that measures, for people"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use larkspur_grammar::{Dialect, Grammar, lark};
use larkspur_proptest::{near_misses, sentences};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Names of the rivals' generators, files, and pieces that a failing text holds.
const GRAMMARS: [(&str, &str, &str); 5] = [
    ("Arithmetic", "arithmetic.lark", "(("),
    ("Json", "json.lark", "[\""),
    ("Semver", "semver.lark", "-a"),
    ("CsvRow", "csv-row.lark", "\"\"\"\""),
    ("SqlSelect", "sql-select.lark", " JOIN "),
];

/// How long one thing is measured.
const TIME: Duration = Duration::from_millis(1_500);
/// Shrinks that are measured.
const SHRINKS: u32 = 50;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Texts a second, and characters of one.
fn draw(strategy: &impl Strategy<Value = String>) -> (f64, f64) {
    let mut runner = TestRunner::deterministic();
    let (mut count, mut length) = (0_u32, 0_usize);
    let start = Instant::now();
    while start.elapsed() < TIME {
        length += strategy
            .new_tree(&mut runner)
            .expect("draws")
            .current()
            .chars()
            .count();
        count += 1;
    }
    let count = f64::from(count);
    (
        count / start.elapsed().as_secs_f64(),
        number(length) / count,
    )
}

/// Of one shrink: texts tried, seconds, characters that are left.
fn shrink(grammar: &Grammar, piece: &str) -> (f64, f64, f64) {
    let strategy = sentences(grammar);
    let mut runner = TestRunner::deterministic();
    let (mut tried, mut time, mut left) = (0, Duration::ZERO, 0);
    for _ in 0..SHRINKS {
        let mut tree = loop {
            let tree = strategy.new_tree(&mut runner).expect("draws");
            if tree.current().contains(piece) {
                break tree;
            }
        };
        let start = Instant::now();
        let mut going = tree.simplify();
        while going {
            tried += 1;
            going = if tree.current().contains(piece) {
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        time += start.elapsed();
        left += tree.current().chars().count();
    }
    let shrinks = f64::from(SHRINKS);
    (
        number(tried) / shrinks,
        time.as_secs_f64() / shrinks,
        number(left) / shrinks,
    )
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What the rivals have measured, by tool, grammar and what; nothing where they are not installed.
fn rivals() -> BTreeMap<(String, String, String), Vec<f64>> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let python = target.join("rivals").join("bin").join("python");
    if !python.exists() {
        eprintln!("the rivals are skipped: run benches/rivals/install to have them");
        return BTreeMap::new();
    }
    let arguments = GRAMMARS
        .iter()
        .flat_map(|(name, file, piece)| [*name, *file, *piece]);
    let output = Command::new(python)
        .arg(root().join("benches/rivals/sentences.py"))
        .arg(target.join("rivals").join("generators"))
        .arg(root().join("grammars"))
        .args(arguments)
        .output()
        .expect("can be run");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    lines
        .filter_map(|parts| {
            let [tool, grammar, what, numbers @ ..] = parts.as_slice() else {
                return None;
            };
            let key = (
                (*tool).to_owned(),
                (*grammar).to_owned(),
                (*what).to_owned(),
            );
            Some((
                key,
                numbers.iter().filter_map(|one| one.parse().ok()).collect(),
            ))
        })
        .collect()
}

fn main() {
    let rivals = rivals();
    let of = |tool: &str, grammar: &str, what: &str| {
        rivals.get(&(tool.to_owned(), grammar.to_owned(), what.to_owned()))
    };
    for (name, file, piece) in GRAMMARS {
        let text = std::fs::read_to_string(root().join("grammars").join(file)).expect("is there");
        let grammar = lark::compile(&text, Dialect::openai()).expect("compiles");
        let (rate, length) = draw(&sentences(&grammar));
        println!("{name}\n  sentences    {rate:>9.0}/s of {length:.0} characters");
        let (near, length_near) = draw(&near_misses(&grammar));
        println!("  near misses  {near:>9.0}/s of {length_near:.0} characters");
        for tool in ["grammarinator", "hypothesis"] {
            if let Some([theirs, their_length]) = of(tool, name, "draw").map(Vec::as_slice) {
                let (faster, more) = (rate / theirs, rate * length / (theirs * their_length));
                println!(
                    "    {tool:<13}{theirs:>7.0}/s of {their_length:.0} characters: ours {faster:.1} times the sentences, {more:.1} times the characters"
                );
            }
        }
        let (tried, seconds, left) = shrink(&grammar, piece);
        let milliseconds = seconds * 1e3;
        println!(
            "  shrinking to {piece:?}: {tried:.0} texts, {milliseconds:.1} ms, {left:.0} characters left"
        );
        if let Some([tried, theirs, left]) = of("hypothesis", name, "shrink").map(Vec::as_slice) {
            let (milliseconds, faster) = (theirs * 1e3, theirs / seconds);
            println!(
                "    hypothesis: {tried:.0} texts, {milliseconds:.0} ms, {left:.0} characters left: ours {faster:.0} times as fast"
            );
        }
    }
}
