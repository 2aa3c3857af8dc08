//! An answer of 1 MB that comes in pieces of 64 bytes, with a snapshot after each, beside one reading of the whole text and beside
//! readers that begin anew with each piece: `jiter` in its mode for JSON that is cut off, and `serde_json` on the text with its open
//! strings, arrays and objects closed. Goal: at most three times one reading.
//!
//! Contenders run in turn and the best round of each counts, in time of the thread. Those that begin anew run once: they take long.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::expect_used, reason = "its own texts are JSON")]

use std::{hint::black_box, time::Duration};

use cpu_time::ThreadTime;
use jiter::{JsonValue, PartialMode};
use larkspur_derive::Partial;
use larkspur_json::Partial as Reader;
use larkspur_output::{OutputType as _, Target, json_schema, partial::Draft};
use serde_json::{Value, json};

const PIECE: usize = 64;

/// Rounds of what is quick.
const ROUNDS: usize = 9;

#[derive(Clone, Debug, serde::Deserialize, Partial)]
#[partial(crate = "larkspur_output::partial")]
#[expect(dead_code, reason = "only its companion is used")]
struct Invoice {
    vendor: String,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, serde::Deserialize, Partial)]
#[partial(crate = "larkspur_output::partial")]
#[expect(dead_code, reason = "only its companion is used")]
struct Line {
    title: String,
    quantity: u32,
    price: f64,
    taxable: bool,
    note: Option<String>,
}

/// An invoice of about so many bytes.
fn text(bytes: usize) -> String {
    let line = |index: usize| {
        let title = format!("Desk lamp \"No. {index}\", brass, with a shade of linen");
        let note = index.is_multiple_of(3).then_some("fragile");
        json!({"title": title, "quantity": index % 7, "price": 24.5, "taxable": index.is_multiple_of(2), "note": note})
    };
    let size = line(100).to_string().len() + 1;
    let lines: Vec<Value> = (0..bytes / size).map(line).collect();
    json!({"vendor": "Acme Corp", "lines": lines}).to_string()
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = ThreadTime::now();
    black_box(work());
    start.elapsed()
}

/// The pieces, each with the text up to its end.
fn pieces(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = (PIECE..text.len()).step_by(PIECE).chain([text.len()]);
    ends.scan(0, move |start, end| {
        let piece = text.get(*start..end)?;
        *start = end;
        Some((piece, text.get(..end)?))
    })
}

fn in_pieces(text: &str) -> usize {
    let mut reader = Reader::new();
    let mut seen = 0;
    for (piece, _) in pieces(text) {
        let snapshot = reader.push(piece).expect("JSON");
        seen += usize::from(black_box(snapshot).in_flight().is_some());
    }
    reader.finish().expect("JSON");
    seen
}

fn typed_in_pieces(text: &str) -> usize {
    let any = json_schema("any", json!(true));
    let output = any.prepare(Target::plain()).expect("a schema");
    let mut incoming = output.incoming();
    let mut draft = Draft::<Invoice>::new();
    let mut seen = 0;
    for (piece, _) in pieces(text) {
        incoming.push(piece).expect("JSON");
        seen += usize::from(black_box(draft.update(&incoming)).is_in_flight());
    }
    assert!(draft.progress().is_done());
    seen
}

fn with_jiter(text: &str) -> usize {
    let parse = |text: &str| {
        JsonValue::parse_with_config(text.as_bytes(), false, PartialMode::TrailingStrings).is_ok()
    };
    pieces(text)
        .map(|(_, so_far)| usize::from(black_box(parse(so_far))))
        .sum()
}

fn with_serde_json(text: &str) -> usize {
    let mut open = Open::default();
    let mut seen = 0;
    for (piece, so_far) in pieces(text) {
        open.take(piece);
        let closed = open.closed(so_far);
        seen += usize::from(black_box(serde_json::from_str::<Value>(&closed)).is_ok());
    }
    seen
}

/// What is open in a text.
#[derive(Default)]
struct Open {
    closers: Vec<char>,
    in_string: bool,
    escaped: bool,
}

impl Open {
    fn take(&mut self, piece: &str) {
        for character in piece.chars() {
            match character {
                _ if self.escaped => self.escaped = false,
                '\\' if self.in_string => self.escaped = true,
                '"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                '{' => self.closers.push('}'),
                '[' => self.closers.push(']'),
                '}' | ']' => drop(self.closers.pop()),
                _ => {}
            }
        }
    }

    /// The text with an end to everything that is open. Where it breaks off behind a key or a comma that is no JSON, and there is no
    /// snapshot.
    fn closed(&self, text: &str) -> String {
        let mut closed = text.to_owned();
        if self.escaped {
            closed.pop();
        }
        closed.extend(self.in_string.then_some('"'));
        closed.extend(self.closers.iter().rev());
        closed
    }
}

/// A name, what does the work and says how many snapshots there were, and whether it is quick.
type Contender = (&'static str, fn(&str) -> usize, bool);

const CONTENDERS: [Contender; 6] = [
    (
        "one reading of the whole text",
        |text| usize::from(larkspur_json::parse(text).is_ok()),
        true,
    ),
    (
        "serde_json, one reading of the whole text",
        |text| usize::from(serde_json::from_str::<Value>(text).is_ok()),
        true,
    ),
    ("`Partial`, a snapshot after each piece", in_pieces, true),
    (
        "`Draft`, the type brought up to date after each piece",
        typed_in_pieces,
        true,
    ),
    (
        "jiter, cut-off text read anew after each piece",
        with_jiter,
        false,
    ),
    (
        "serde_json, closed text read anew after each piece",
        with_serde_json,
        false,
    ),
];

fn race(bytes: usize) {
    let text = text(bytes);
    let pieces = text.len().div_ceil(PIECE);
    println!(
        "\n### {} bytes in {pieces} pieces of {PIECE}\n\n| | ms | snapshots | time, one reading = 1 |\n|---|---|---|---|",
        text.len()
    );
    let mut best = [(Duration::MAX, 0); CONTENDERS.len()];
    for round in 0..ROUNDS {
        for ((_, work, is_quick), best) in CONTENDERS.iter().zip(&mut best) {
            if *is_quick || round == 0 {
                let mut seen = 0;
                let took = timed(|| seen = work(&text));
                *best = (best.0.min(took), seen);
            }
        }
    }
    let first = best.first().map_or(1.0, |best| best.0.as_secs_f64());
    for ((name, ..), (took, seen)) in CONTENDERS.iter().zip(best) {
        let seconds = took.as_secs_f64();
        println!(
            "| {name} | {:.2} | {seen} | {:.2} |",
            seconds * 1e3,
            seconds / first
        );
    }
}

fn main() {
    race(10_000);
    race(100_000);
    race(1_000_000);
}
