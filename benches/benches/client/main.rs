//! What the client adds to a request and to an event of a stream: beside `reqwest` with `serde_json` and no checks at all, and, with
//! `--features larkspur-benches/async-openai`, beside `async-openai`, against one server on the loopback interface.
//! Goal: at most 1.2 times the time of `reqwest`, and less than `async-openai`.
//!
//! Contenders run in turn and the best round of each counts, from making the request to the typed value. The server is the same for all and
//! has a thread of its own, whose work is in every time on the wall; the time of the processor is that of the client's thread alone, and is
//! steadier. All send the same body and read the same answer. Memory is that of the process, server included, with many streams open and half
//! read.
//! `-- requests`, `-- streams`, `-- events` or `-- memory` runs a part.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::expect_used, reason = "its own server answers")]

mod events;
mod ours;
mod raw;
#[cfg(feature = "async-openai")]
mod rival;
mod server;

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::runtime::Runtime;

use self::server::Server;

/// Requests of one round, and rounds.
const REQUESTS: usize = 200;
const ROUNDS: usize = 40;

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

/// What the best round took.
#[derive(Clone, Copy)]
struct Took {
    wall: Duration,
    /// Of the processor, in the client's thread.
    client: Duration,
}

/// The best of all rounds of each contender, which run in turn.
fn best<const N: usize>(mut contenders: [Box<dyn FnMut() + '_>; N]) -> [Took; N] {
    let never = Took {
        wall: Duration::MAX,
        client: Duration::MAX,
    };
    let mut best = [never; N];
    for _ in 0..ROUNDS {
        for (contender, best) in contenders.iter_mut().zip(&mut best) {
            let (wall, client) = (Instant::now(), ThreadTime::now());
            contender();
            best.client = client.elapsed().min(best.client);
            best.wall = wall.elapsed().min(best.wall);
        }
    }
    best
}

/// A row for each contender. The first one is the measure.
fn table(title: &str, names: &[&str], took: &[Took], of: usize) {
    println!(
        "\n## {title}\n\n| | each | per s | reqwest = 1 | client's thread alone | reqwest = 1 |\n|---|---|---|---|---|---|"
    );
    let parts = u32::try_from(of).expect("a small number");
    let raw = took[0];
    for (name, took) in names.iter().zip(took) {
        let (wall, client) = (took.wall / parts, took.client / parts);
        println!(
            "| {name} | {wall:.1?} | {:.0} | {:.2} | {client:.1?} | {:.2} |",
            1.0 / wall.as_secs_f64(),
            took.wall.as_secs_f64() / raw.wall.as_secs_f64(),
            took.client.as_secs_f64() / raw.client.as_secs_f64(),
        );
    }
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
        "larkspur, `extract`: the output looked up each time",
        "async-openai, serde_json",
    ];
    table("Requests", &names, &took, REQUESTS);
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
    let title = format!("A stream of {} events", server::EVENTS);
    table(&title, &names, &took, server::EVENTS);
}

/// What it takes to read an event, apart from getting it.
fn events() {
    println!("\n## Reading events\n\n| | by way of a tree | ours | tree = 1 |\n|---|---|---|---|");
    let parts = u32::try_from(events::EVENTS).expect("a small number");
    for contest in events::contests() {
        let [tree, ours] = best([contest.by_tree, contest.ours]).map(|took| took.client / parts);
        let ratio = ours.as_secs_f64() / tree.as_secs_f64();
        println!(
            "| {} | {} ns | {} ns | {ratio:.2} |",
            contest.api,
            tree.as_nanos(),
            ours.as_nanos()
        );
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
    if wants("events") {
        events();
    }
    if wants("memory") {
        memory(&runtime, &server);
    }
}
