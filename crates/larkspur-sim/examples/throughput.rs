//! How many answers a second one thread writes, by schema and writer.
//!
//! `cargo run --release -p larkspur-sim --example throughput [ANSWERS]`

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program for the terminal"
)]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "../tests/sim/schemas.rs"]
mod schemas;
#[path = "../tests/sim/support.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

use std::time::Instant;

use larkspur_sim::{Sim, Writer};
use serde_json::json;

/// Answers of one request; their writing is one thread's work.
const BATCH: usize = 100;

fn main() {
    let wanted: usize = std::env::args()
        .nth(1)
        .map_or(1_000, |count| count.parse().unwrap());
    println!(
        "{:>10} {:>10} {:>10} {:>9} {:>8}",
        "schema", "writer", "answers/s", "mean B", "cut"
    );
    for (name, schema) in schemas::all() {
        for writer in [Writer::Plausible, Writer::Random] {
            let sim = Sim::builder().writer(writer).start().unwrap();
            let mut body = json!({
                "model": "gpt-5.2", "n": 1, "messages": [{"role": "user", "content": "Go."}],
                "response_format": {"type": "json_schema", "json_schema": {"name": name, "strict": true, "schema": schema}},
            });
            // The first answer compiles the schema.
            support::post(&sim, "/v1/chat/completions", &body);
            body["n"] = json!(BATCH);
            let begun = Instant::now();
            let (mut answers, mut bytes) = (0, 0);
            while answers < wanted {
                let answer = support::post(&sim, "/v1/chat/completions", &body).json();
                let choices = answer["choices"].as_array().unwrap();
                answers += choices.len();
                bytes += choices
                    .iter()
                    .map(|choice| choice["message"]["content"].as_str().unwrap().len())
                    .sum::<usize>();
            }
            let rate = answers as f64 / begun.elapsed().as_secs_f64();
            let writer = format!("{writer:?}").to_lowercase();
            println!(
                "{name:>10} {writer:>10} {rate:>10.0} {:>9} {:>8}",
                bytes / answers,
                sim.counts().incomplete
            );
        }
    }
}
