//! What the client adds to a request and to an event of a stream: beside `reqwest` with `serde_json` and no checks at all, and, with
//! `--features larkspur-benches/async-openai`, beside `async-openai`, against one server on the loopback interface.
//! Goal: at most 1.2 times the time of `reqwest`, and less than `async-openai`.
//!
//! Contenders run in turn and the best round of each counts, from the first byte sent to the typed value. The server is the same for
//! all; its time is in every figure. Memory is that of the process, server included, with many streams open and half read.
//! `-- requests`, `-- streams` or `-- memory` runs a part.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::expect_used, reason = "its own server answers")]

mod ours;
mod raw;
#[cfg(feature = "async-openai")]
mod rival;
mod server;

use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use tokio::runtime::Runtime;

use self::server::Server;

/// Requests of one round, and rounds.
const REQUESTS: usize = 300;
const ROUNDS: usize = 12;

/// Streams that are open at the same time.
const OPEN: usize = 200;

/// What is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Invoice {
    pub(crate) vendor: String,
    pub(crate) items: Vec<Item>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "read, and not looked at")]
pub(crate) struct Item {
    title: String,
    quantity: u32,
    price: f64,
    taxable: bool,
}

/// What the model is told.
pub(crate) const PROMPT: &str = "Acme Corp: three lamps of brass at 24.50, and a box of bulbs.";

/// The best of all rounds of each contender, which run in turn.
fn best<const N: usize>(mut contenders: [Box<dyn FnMut() + '_>; N]) -> [Duration; N] {
    let mut best = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (contender, best) in contenders.iter_mut().zip(&mut best) {
            let start = Instant::now();
            contender();
            *best = start.elapsed().min(*best);
        }
    }
    best
}

fn row(name: &str, took: Duration, of: usize, raw: Duration) {
    let each = took / u32::try_from(of).expect("a small number");
    let ratio = took.as_secs_f64() / raw.as_secs_f64();
    let rate = 1.0 / each.as_secs_f64();
    println!("| {name} | {each:.1?} | {rate:.0} | {ratio:.2} |");
}

fn requests(runtime: &Runtime, server: &Server) {
    let raw = raw::Raw::new(server);
    let ours = ours::Ours::new(server);
    #[cfg(feature = "async-openai")]
    let rival = rival::Rival::new(server);
    let times = |ask: &dyn Fn()| (0..REQUESTS).for_each(|_| ask());
    let took = best([
        Box::new(|| times(&|| runtime.block_on(raw.ask()))),
        Box::new(|| times(&|| runtime.block_on(ours.ask()))),
        Box::new(|| times(&|| runtime.block_on(ours.extract()))),
        #[cfg(feature = "async-openai")]
        Box::new(|| times(&|| runtime.block_on(rival.ask()))),
    ]);
    let names = [
        "reqwest, serde_json",
        "larkspur, `ask`: the output prepared once",
        "larkspur, `extract`: the output prepared each time",
        "async-openai, serde_json",
    ];
    println!("\n## Requests\n\n| | each | per s | time, reqwest = 1 |\n|---|---|---|---|");
    for (name, took_by) in names.iter().zip(took) {
        row(name, took_by, REQUESTS, took[0]);
    }
}

fn streams(runtime: &Runtime, server: &Server) {
    let raw = raw::Raw::new(server);
    let ours = ours::Ours::new(server);
    #[cfg(feature = "async-openai")]
    let rival = rival::Rival::new(server);
    let took = best([
        Box::new(|| runtime.block_on(raw.stream())),
        Box::new(|| runtime.block_on(ours.stream())),
        #[cfg(feature = "async-openai")]
        Box::new(|| runtime.block_on(rival.stream())),
    ]);
    let names = [
        "reqwest, serde_json",
        "larkspur, `stream`",
        "async-openai, serde_json",
    ];
    println!(
        "\n## A stream of {} events\n\n| | each | per s | time, reqwest = 1 |\n|---|---|---|---|",
        server::EVENTS
    );
    for (name, took_by) in names.iter().zip(took) {
        row(name, took_by, server::EVENTS, took[0]);
    }
}

/// Bytes of this process that are in memory.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What one open stream takes, server included.
fn held<S>(runtime: &Runtime, open: impl AsyncFn() -> S) -> Option<usize> {
    let before = resident()?;
    let mut streams = Vec::with_capacity(OPEN);
    runtime.block_on(async {
        for _ in 0..OPEN {
            streams.push(open().await);
        }
    });
    let after = resident()?;
    drop(streams);
    Some(after.saturating_sub(before) / OPEN)
}

fn memory(runtime: &Runtime, server: &Server) {
    let raw = raw::Raw::new(server);
    let ours = ours::Ours::new(server);
    // What the process keeps from the first ones counts for nobody.
    held(runtime, async || raw.half_a_stream().await);
    let rows = [
        ("reqwest", held(runtime, async || raw.half_a_stream().await)),
        (
            "larkspur, `stream`",
            held(runtime, async || ours.half_a_stream().await),
        ),
    ];
    println!("\n## {OPEN} open streams, server included\n\n| | kB each |\n|---|---|");
    for (name, bytes) in rows {
        let Some(bytes) = bytes else { continue };
        println!("| {name} | {} |", bytes / 1024);
    }
}

fn main() {
    // `reqwest` by itself takes the provider of the process; our client brings its own.
    let installed = rustls::crypto::ring::default_provider().install_default();
    assert!(installed.is_ok(), "nobody else installs one");
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wants = |part: &str| {
        let mut named = wanted
            .iter()
            .filter(|arg| !arg.starts_with("--"))
            .peekable();
        named.peek().is_none() || named.any(|arg| arg == part)
    };
    println!("# Speed of the client");
    if wants("requests") {
        requests(&runtime, &server);
    }
    if wants("streams") {
        streams(&runtime, &server);
    }
    if wants("memory") {
        memory(&runtime, &server);
    }
}
