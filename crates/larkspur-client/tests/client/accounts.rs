//! What every fault costs, by every API, streaming or not: to the token, where the server says how many; unknown, where it may have been billed;
//! and nothing, where it was refused.

use std::io::Write;
use std::sync::{Arc, Mutex};

use larkspur_client::ledger::Attempt;
use larkspur_client::{Cassette, Client, Cost, Usage};
use larkspur_sim::{Fault, Sim};
use serde_json::Value;

use crate::faults::{Through, asked, builder, provider};

/// A file in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Memory {
    /// The tokens in and out that each answer says, as its bytes have them. The last word counts.
    fn told(&self) -> Vec<(u64, u64)> {
        let tape = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        tape.lines()
            .filter_map(|line| {
                let exchange: Value = serde_json::from_str(line).unwrap();
                let pieces = exchange
                    .get("body")
                    .and_then(Value::as_array)
                    .unwrap()
                    .iter();
                let body: String = pieces.filter_map(Value::as_str).collect();
                tokens(&body)
            })
            .collect()
    }
}

fn tokens(body: &str) -> Option<(u64, u64)> {
    const PLACES: [(&str, &[&str], &[&str]); 4] = [
        ("/response/usage", &["input_tokens"], &["output_tokens"]),
        ("/message/usage", &["input_tokens"], &["output_tokens"]),
        (
            "/usage",
            &["input_tokens", "prompt_tokens"],
            &["output_tokens", "completion_tokens"],
        ),
        (
            "/usageMetadata",
            &["promptTokenCount"],
            &["candidatesTokenCount", "thoughtsTokenCount"],
        ),
    ];
    let events = body.lines().filter_map(|line| line.strip_prefix("data: "));
    let events = events.filter_map(|event| serde_json::from_str::<Value>(event).ok());
    let whole = serde_json::from_str::<Value>(body).ok();
    let (mut read, mut written) = (None, None);
    for json in whole.into_iter().chain(events) {
        for (place, reads, writes) in PLACES {
            let Some(usage) = json.pointer(place).filter(|usage| usage.is_object()) else {
                continue;
            };
            let sum = |names: &[&str]| {
                let counts = names.iter().filter_map(|name| usage.get(name)?.as_u64());
                counts.reduce(|one, other| one + other)
            };
            read = sum(reads).or(read);
            written = sum(writes).or(written);
        }
    }
    // Google's service leaves out what is none.
    Some((read?, written.unwrap_or(0)))
}

/// One attempt, as its status and its body have it.
fn accounted(client: &Client, attempt: &Attempt, name: &str) {
    match (attempt.status, attempt.usage) {
        (Some(200), Some(usage)) => {
            let model = attempt.model.as_deref();
            let model = model.and_then(|model| client.catalogue().get(model));
            let expected = model.map_or(Cost::UNKNOWN, |model| model.cost(&usage));
            assert_eq!(attempt.cost, expected, "{name}");
        }
        // Somebody may have billed what nobody counted.
        (Some(200) | None, None) => assert!(!attempt.cost.is_complete(), "{name}: {attempt:?}"),
        (Some(_), None) => assert_eq!(attempt.cost, Cost::ZERO, "{name}"),
        _ => assert_eq!(attempt.usage, None, "{name}: {attempt:?}"),
    }
}

async fn check(fault: Option<Fault>, through: Through, streams: bool) {
    let sim = match fault {
        Some(fault) => Sim::builder().fault(fault),
        None => Sim::builder(),
    };
    let sim = sim.start().unwrap();
    let memory = Memory::default();
    let client = builder(&sim, provider(through)).cassette(Cassette::record(memory.clone()));
    let client = client.build().unwrap();
    let (attempts, usage, cost) = match asked(&client, through, streams).await {
        Ok(answer) => (answer.attempts().to_vec(), answer.usage(), answer.cost()),
        Err(error) => (error.attempts().to_vec(), error.usage(), error.cost()),
    };
    let name = format!("{fault:?}, {through:?}, streams: {streams}");
    for attempt in &attempts {
        accounted(&client, attempt, &name);
    }
    let counted = |usage: Usage| (usage.input_tokens, usage.output_tokens);
    let known = attempts.iter().filter_map(|attempt| attempt.usage);
    let known: Vec<_> = known.map(counted).collect();
    // What breaks off may have said how many it were before: of those nothing is known.
    let is_whole = attempts.iter().all(|attempt| attempt.usage.is_some());
    if is_whole {
        assert_eq!(known, memory.told(), "{name}");
    }
    let sum = known
        .iter()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert_eq!(counted(usage), sum, "{name}");
    let whole = attempts.iter().all(|attempt| attempt.cost.is_complete());
    let picodollars: u64 = attempts
        .iter()
        .map(|attempt| attempt.cost.picodollars())
        .sum();
    assert_eq!(
        (cost.picodollars(), cost.is_complete()),
        (picodollars, whole),
        "{name}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_is_accounted_for() {
    let faults = Fault::ALL.iter().map(|(_, fault)| Some(*fault));
    let faults = faults.filter(|fault| *fault != Some(Fault::Slow));
    for fault in faults.chain([None]) {
        let cases = Through::ALL.map(|through| {
            [false, true].map(|streams| tokio::spawn(check(fault, through, streams)))
        });
        for case in cases.into_iter().flatten() {
            case.await.unwrap();
        }
    }
}
