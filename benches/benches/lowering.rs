//! Lowering to OpenAI's strict subset, over every function schema of the corpus (`LARKSPUR_DATA`, default `../shared/data`).
//!
//! Criterion times the whole corpus; the line before it gives the figures per schema: median, 99th percentile, slowest.
//! Goals: median under 100 µs, no schema over 50 ms.

use std::{
    env, fs,
    hint::black_box,
    path::PathBuf,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use larkspur_schema::{Dialect, lower};
use serde_json::Value;

struct Named {
    name: String,
    schema: Value,
}

fn corpus() -> Vec<Named> {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = env::var_os("LARKSPUR_DATA").map_or(default, PathBuf::from);
    let path = folder.join("function-schemas/functions.jsonl");
    let text = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; set LARKSPUR_DATA", path.display()));
    text.lines()
        .map(|line| {
            let mut row: Value = serde_json::from_str(line).expect("a row is JSON");
            Named {
                name: row["name"].to_string(),
                schema: row["schema"].take(),
            }
        })
        .collect()
}

/// Best of five runs each: what the schema costs, not what the machine was doing.
fn per_schema(corpus: &[Named]) -> Vec<(Duration, &str)> {
    let mut times: Vec<_> = corpus
        .iter()
        .map(|named| {
            let best = (0..5)
                .map(|_| {
                    let start = Instant::now();
                    let _ = black_box(lower(&named.schema, Dialect::openai()));
                    start.elapsed()
                })
                .min();
            (best.unwrap_or_default(), named.name.as_str())
        })
        .collect();
    times.sort_unstable();
    times
}

fn lowering(criterion: &mut Criterion) {
    let corpus = corpus();
    let times = per_schema(&corpus);
    let (slowest, name) = times[times.len() - 1];
    println!(
        "lowering, {} schemas: median {:?}, p99 {:?}, slowest {slowest:?} ({name})",
        times.len(),
        times[times.len() / 2].0,
        times[times.len() * 99 / 100].0,
    );

    let mut group = criterion.benchmark_group("lowering");
    group.throughput(Throughput::Elements(corpus.len() as u64));
    group.bench_function("function-schemas", |bencher| {
        bencher.iter(|| {
            for named in &corpus {
                let _ = black_box(lower(&named.schema, Dialect::openai()));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, lowering);
criterion_main!(benches);
