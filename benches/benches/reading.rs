//! Reading a valid answer (parse, lift, validate against the original schema, deserialize), beside plain
//! `serde_json::from_str` of the same type on the same value in the same run. Goal: at most three times that.
//!
//! The validator and the lift are compiled once, as in a service. `prepare` has its own line: once cold, then from the cache.

use std::{collections::BTreeMap, hint::black_box, time::Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use larkspur_output::{Output, OutputType as _, Target, json};
use larkspur_schema::{Dialect, JsonSchema, Lift, lower, schema_for};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Invoice {
    vendor: String,
    number: String,
    currency: Currency,
    lines: Vec<Line>,
    payment: Payment,
    note: Option<String>,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
enum Currency {
    Eur,
    Usd,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Line {
    title: String,
    quantity: u32,
    price: f64,
    taxable: bool,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Payment {
    Card { digits: String },
    Transfer { iban: String },
}

/// As `Invoice`, with the parts that need a lift: a map, a tuple.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Lifted {
    invoice: Invoice,
    extra: BTreeMap<String, String>,
    position: (f64, f64),
}

/// A recursive tagged union, one of its forms with a part that needs a lift.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Shape {
    Circle { radius: f64 },
    Label { text: String, at: (i32, i32) },
    Group { parts: Vec<Shape> },
}

fn shapes(groups: usize) -> Vec<Shape> {
    let group = |index: usize| {
        let (radius, text) = (index as f64 + 0.5, format!("number {index}"));
        let at = (12, 2);
        Shape::Group {
            parts: vec![Shape::Circle { radius }, Shape::Label { text, at }],
        }
    };
    (0..groups).map(group).collect()
}

fn invoice(lines: usize) -> Invoice {
    let line = |index: usize| Line {
        title: format!("Desk lamp \"No. {index}\", brass, with a shade of linen"),
        quantity: 3,
        price: 24.5,
        taxable: index.is_multiple_of(2),
    };
    Invoice {
        vendor: "Acme Corp".to_owned(),
        number: "2026-118".to_owned(),
        currency: Currency::Eur,
        lines: (0..lines).map(line).collect(),
        payment: Payment::Transfer {
            iban: "PL61109010140000071219812874".to_owned(),
        },
        note: None,
    }
}

fn lifted(lines: usize) -> Lifted {
    let entry = |index: usize| (format!("field {index}"), format!("value {index}"));
    Lifted {
        invoice: invoice(lines),
        extra: (0..lines).map(entry).collect(),
        position: (54.35, 18.65),
    }
}

fn pair<T>(criterion: &mut Criterion, name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    let start = Instant::now();
    let output: Output<T> = json::<T>()
        .prepare(Target::openai())
        .expect("the type can be lowered");
    println!("{name}: prepared in {:?}", start.elapsed());

    let original = serde_json::to_string(value).expect("the value is JSON");
    let lowered = lower(&schema_for::<T>(), Dialect::openai()).expect("the type can be lowered");
    let lift = Lift::new(&lowered).expect("the plan fits");
    let value = serde_json::to_value(value).expect("the value is JSON");
    let answer = lift
        .lower_value(&value)
        .expect("the value can be said")
        .to_string();
    output.read(&answer).expect("the answer is valid");

    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(answer.len() as u64));
    group.bench_function("larkspur read", |bencher| {
        bencher.iter(|| output.read(black_box(&answer)))
    });
    group.bench_function("serde_json::from_str", |bencher| {
        bencher.iter(|| serde_json::from_str::<T>(black_box(&original)));
    });
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    pair(criterion, "invoice, 3 lines", &invoice(3));
    pair(criterion, "invoice, 300 lines", &invoice(300));
    pair(criterion, "map and tuple, 3 lines", &lifted(3));
    pair(criterion, "map and tuple, 300 lines", &lifted(300));
    pair(criterion, "tagged unions, 3 groups", &shapes(3));
    pair(criterion, "tagged unions, 300 groups", &shapes(300));
    let start = Instant::now();
    black_box(json::<Invoice>().prepare(Target::openai()).expect("cached"));
    println!("invoice: prepared again in {:?}", start.elapsed());
}

criterion_group!(benches, reading);
criterion_main!(benches);
