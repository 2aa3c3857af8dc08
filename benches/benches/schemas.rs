//! JSON Schema → a reader that waits for the first byte, over every schema of JSONSchemaBench (`LARKSPUR_DATA`, default `../shared/data`), beside
//! llguidance in the same run; and how many schemas are taken, beside llguidance's and xgrammar's Python packages.
//!
//! `benches/rivals/install` brings the packages; without them a line says that they are skipped. Times are processor time of one
//! thread, the best of five. Goals: median and 99th percentile not above llguidance's, more schemas exact than it takes.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that measures, for people"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cpu_time::ThreadTime;
use larkspur_grammar::{Compiled, Matcher};
use larkspur_schema::grammar::{Options, to_grammar};
use llguidance::ParserFactory;
use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use serde_json::Value;

const REPEATS: usize = 5;

fn data() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("LARKSPUR_DATA").map_or(default, PathBuf::from);
    folder.join("jsonschemabench/schemas.jsonl")
}

fn schemas(path: &Path) -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; set LARKSPUR_DATA", path.display()));
    let row = |line: &str| {
        let mut row: Value = serde_json::from_str(line).expect("a row is JSON");
        (row["id"].to_string(), row["schema"].take())
    };
    text.lines().map(row).collect()
}

/// The best time of several; nothing where the schema is refused.
fn best(mut compile: impl FnMut() -> bool) -> Option<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..REPEATS {
        let start = ThreadTime::now();
        if !black_box(compile()) {
            return None;
        }
        best = best.min(start.elapsed());
    }
    Some(best)
}

/// The time of each schema, in the order of the schemas; nothing where it is refused.
type Times = Vec<Option<Duration>>;

fn times(schemas: &[(String, Value)], compile: impl Fn(&Value) -> bool) -> Times {
    let time = |(_, schema): &(String, Value)| best(|| compile(schema));
    schemas.iter().map(time).collect()
}

/// What a tool takes of each schema: of all those that it takes, or of those that `among` has a time for, too.
fn row(what: &str, schemas: &[(String, Value)], times: &Times, among: Option<&Times>) {
    let is_in = |at: usize| among.is_none_or(|among| among.get(at).is_some_and(Option::is_some));
    let taken = times.iter().zip(schemas).enumerate();
    let mut taken: Vec<(Duration, &str)> = taken
        .filter(|(at, _)| is_in(*at))
        .filter_map(|(_, (time, (id, _)))| Some(((*time)?, id.as_str())))
        .collect();
    taken.sort_unstable();
    let at = |share: usize| {
        let found = taken.get(taken.len() * share / 100).or(taken.last());
        found.map_or(0.0, |(time, _)| time.as_secs_f64() * 1e6)
    };
    println!(
        "| {what} | {} of {} | {:.0} | {:.0} | {:.0} |",
        taken.len(),
        schemas.len(),
        at(50),
        at(99),
        at(100),
    );
    let slowest = taken.iter().rev().take(8);
    let slowest: Vec<String> = slowest.map(|(time, id)| format!("{id} {time:?}")).collect();
    eprintln!("  slowest: {}", slowest.join(", "));
}

/// From the schema to where the first byte may come.
fn ours(options: &Options) -> impl Fn(&Value) -> bool + '_ {
    move |schema| {
        let made = to_grammar(schema, options);
        made.is_ok_and(|made| {
            Compiled::new(&made.grammar).is_ok_and(|compiled| {
                let mut cache = compiled.cache();
                Matcher::new(&compiled, &mut cache).is_ok()
            })
        })
    }
}

/// How many schemas are carried without a relaxation, with one, and not.
fn shares(what: &str, schemas: &[(String, Value)], options: &Options) {
    let (mut exact, mut relaxed, mut refused) = (0, 0, 0);
    for (_, schema) in schemas {
        match to_grammar(schema, options) {
            Ok(made) if made.relaxations.is_empty() => exact += 1,
            Ok(_) => relaxed += 1,
            Err(_) => refused += 1,
        }
    }
    println!("{what}: {exact} exact, {relaxed} with relaxations, {refused} refused");
}

fn rivals(path: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let python = target.join("rivals").join("bin").join("python");
    if !python.exists() {
        eprintln!("the Python packages are skipped: run benches/rivals/install to have them");
        return;
    }
    let output = Command::new(python)
        .arg(root.join("benches/rivals/schemas.py"))
        .arg(path)
        .output()
        .expect("can be run");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        if let [tool, taken, all, median, p99] = parts.as_slice() {
            println!("| {tool}, Python package | {taken} of {all} | {median} | {p99} | |");
        }
    }
}

fn main() {
    let path = data();
    let schemas = schemas(&path);
    let env = ApproximateTokEnv::single_byte_env();
    let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[])
        .expect("a factory for bytes");
    factory.quiet();
    factory.limits_mut().verbose_errors = false;
    println!("| | schemas | median, µs | p99, µs | slowest, µs |\n|---|---|---|---|---|");
    let declared = Options::llguidance();
    let any = Options::default();
    let as_declared = times(&schemas, ours(&declared));
    let theirs = times(&schemas, |schema| {
        let grammar = TopLevelGrammar::from_json_schema(schema.clone());
        factory.create_parser(grammar).is_ok()
    });
    let in_any_order = times(&schemas, ours(&any));
    let grammars = times(&schemas, |schema| to_grammar(schema, &declared).is_ok());
    row("larkspur, as llguidance", &schemas, &as_declared, None);
    row("llguidance", &schemas, &theirs, None);
    let both = Some(&theirs);
    row(
        "larkspur, as llguidance, where llguidance takes it",
        &schemas,
        &as_declared,
        both,
    );
    row("larkspur, any order", &schemas, &in_any_order, None);
    row("larkspur, the grammar alone", &schemas, &grammars, None);
    rivals(&path);
    shares("as llguidance", &schemas, &declared);
    shares("any order", &schemas, &any);
}
