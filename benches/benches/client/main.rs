//! What the client adds to a request and to an event of a stream: beside `reqwest` with `serde_json` and no checks at all, and, with
//! `--features larkspur-benches/async-openai`, beside `async-openai`, against one server on the loopback interface.
//! Goal: at most 1.2 times the time of `reqwest`, and less than `async-openai`.
//!
//! Contenders run in turn in short rounds, from making the request to the typed value. Times are those of the best round. Ratios are to the
//! first contender's time in the same round, and the median of all rounds counts: a machine whose speed changes slows all alike. The server
//! is the same for all and has a thread of its own, whose work is in every time on the wall; the time of the processor is that of the
//! client's thread alone, and is steadier. All send the same body and the same key, and read the same answer. Memory is that of the process,
//! server included, with many streams open and half read.
//! `-- requests`, `-- streams`, `-- events` or `-- memory` runs a part.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::expect_used, reason = "its own server answers")]

mod events;
mod ours;
mod race;
mod raw;
#[cfg(feature = "async-openai")]
mod rival;
mod server;

use schemars::JsonSchema;
use serde::Deserialize;
use tokio::runtime::Runtime;

use self::race::{Outcome, Times, race};
use self::server::Server;

/// Requests: those of a round, and those before them that do not count.
const REQUESTS: Times = Times {
    rounds: 400,
    counted: 50,
    before: 5,
};

/// Streams, and events without a server.
const STREAMS: Times = Times {
    rounds: 60,
    counted: 1,
    before: 0,
};

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

/// As long as real ones are: ours looks for it in all that comes.
pub(crate) const KEY: &str =
    "sk-proj-0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";

/// What the model is told.
pub(crate) const PROMPT: &str = "Acme Corp: three lamps of brass at 24.50, and a box of bulbs.";

/// A row for each contender. The first one is the measure.
fn table(title: &str, names: &[&str], outcomes: &[Outcome], of: usize) {
    println!(
        "\n## {title}\n\n| | each | per s | reqwest = 1 | client's thread alone | reqwest = 1 |\n|---|---|---|---|---|---|"
    );
    let parts = u32::try_from(of).expect("a small number");
    for (name, outcome) in names.iter().zip(outcomes) {
        let (wall, client) = (outcome.wall / parts, outcome.client / parts);
        println!(
            "| {name} | {wall:.1?} | {:.0} | {:.2} | {client:.1?} | {:.2} |",
            1.0 / wall.as_secs_f64(),
            outcome.wall_ratio,
            outcome.client_ratio,
        );
    }
}

fn requests(runtime: &Runtime, server: &Server) {
    let raw = raw::Raw::new(server);
    let ours = ours::Ours::new(server);
    #[cfg(feature = "async-openai")]
    let rival = rival::Rival::new(server);
    let outcomes = race(
        REQUESTS,
        [
            Box::new(|| runtime.block_on(raw.ask())),
            Box::new(|| runtime.block_on(ours.ask())),
            Box::new(|| runtime.block_on(ours.extract())),
            #[cfg(feature = "async-openai")]
            Box::new(|| runtime.block_on(rival.ask())),
        ],
    );
    let names = [
        "reqwest, serde_json",
        "larkspur, `ask`: the output prepared once",
        "larkspur, `extract`: the output looked up each time",
        "async-openai, serde_json",
    ];
    table("Requests", &names, &outcomes, 1);
}

fn streams(runtime: &Runtime, server: &Server) {
    let raw = raw::Raw::new(server);
    let ours = ours::Ours::new(server);
    #[cfg(feature = "async-openai")]
    let rival = rival::Rival::new(server);
    let outcomes = race(
        STREAMS,
        [
            Box::new(|| runtime.block_on(raw.stream())),
            Box::new(|| runtime.block_on(ours.stream())),
            #[cfg(feature = "async-openai")]
            Box::new(|| runtime.block_on(rival.stream())),
        ],
    );
    let names = [
        "reqwest, serde_json",
        "larkspur, `stream`",
        "async-openai, serde_json",
    ];
    let title = format!("A stream of {} events", server::EVENTS);
    table(&title, &names, &outcomes, server::EVENTS);
}

/// What it takes to read an event, apart from getting it.
fn events() {
    println!("\n## Reading events\n\n| | by way of a tree | ours | tree = 1 |\n|---|---|---|---|");
    let parts = u32::try_from(events::EVENTS).expect("a small number");
    for contest in events::contests() {
        let outcomes = race(STREAMS, [contest.by_tree, contest.ours]);
        let [tree, ours] = outcomes.each_ref().map(|outcome| outcome.client / parts);
        println!(
            "| {} | {} ns | {} ns | {:.2} |",
            contest.api,
            tree.as_nanos(),
            ours.as_nanos(),
            outcomes[1].client_ratio,
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
