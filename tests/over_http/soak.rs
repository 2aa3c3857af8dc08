//! Many requests at the same time, one in twenty of which fails: every answer comes, is the one that was asked for, and is
//! accounted for; memory stays as it is. `LARKSPUR_SOAK` says how many requests; `just soak` makes it 20,000.

use std::sync::Arc;
use std::time::Duration;

use larkspur_client::{Answer, Client, Error, RetryPolicy};
use larkspur_output::{Matched, Outcome, Output, OutputType as _, regex};
use larkspur_sim::{Fault, Sim};

/// Requests at the same time.
const AT_ONCE: usize = 200;

/// What goes wrong with one of a hundred requests each.
const FAULTS: [Fault; 5] = [
    Fault::RateLimit,
    Fault::ServerError,
    Fault::Overloaded,
    Fault::Garbage,
    Fault::Cut,
];

/// Bytes by which memory may grow in the second half of the run: the allocator's business, and none that adds up.
const GROWTH: usize = 24 * 1024 * 1024;

fn wanted() -> usize {
    std::env::var("LARKSPUR_SOAK").map_or(1_000, |wanted| wanted.parse().unwrap())
}

/// Bytes of this process that are in memory, where the system says so.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What one task saw.
#[derive(Debug, Default)]
struct Seen {
    answers: usize,
    attempts: usize,
    failures: usize,
}

impl Seen {
    /// Takes what came; whether it is the answer.
    fn note(&mut self, came: Result<Answer<Matched>, Error>, mark: &str) -> bool {
        match came {
            Ok(answer) => {
                self.attempts += answer.attempts().len();
                assert!(matches!(answer.outcome, Outcome::Value(_)), "{answer:?}");
                assert!(answer.text.starts_with(mark), "{} of {mark}", answer.text);
                assert!(answer.cost().picodollars() > 0);
                self.answers += 1;
                true
            }
            Err(error) => {
                // Garbage is no reason to ask again, and neither is what breaks off behind its first words.
                let known = error.is_decode() || error.is_broken() || error.is_stream();
                assert!(known, "{error}");
                self.attempts += error.attempts().len();
                self.failures += 1;
                false
            }
        }
    }
}

/// One request, in one of four ways.
async fn ask(
    client: &Client,
    output: &Output<Matched>,
    way: usize,
) -> Result<Answer<Matched>, Error> {
    match way % 4 {
        0 => {
            client
                .responses("gpt-5.2")
                .input("A code.")
                .ask(output)
                .await
        }
        1 => client.chat("gpt-5.2").input("A code.").ask(output).await,
        2 => {
            let request = client.responses("gpt-5.2").input("A code.");
            request.ask_streaming(output).await?.answer().await
        }
        _ => {
            let request = client.chat("gpt-5.2").input("A code.");
            request.ask_streaming(output).await?.answer().await
        }
    }
}

async fn work(client: Client, worker: usize, requests: usize) -> Seen {
    let mark = format!("w{worker}-");
    let output = regex(&format!("{mark}[0-9]{{3,9}}")).unwrap();
    let output = output.prepare(client.target()).unwrap();
    let mut seen = Seen::default();
    for way in 0..requests {
        while !seen.note(ask(&client, &output, way).await, &mark) {}
    }
    seen
}

async fn round(client: &Client, requests: usize) -> Seen {
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|worker| tokio::spawn(work(client.clone(), worker, requests / AT_ONCE)))
        .collect();
    let mut all = Seen::default();
    for worker in workers {
        let seen = worker.await.unwrap();
        all.answers += seen.answers;
        all.attempts += seen.attempts;
        all.failures += seen.failures;
    }
    all
}

#[test]
fn no_answer_is_lost_and_no_memory() {
    let mut sim = Sim::builder();
    for fault in FAULTS {
        sim = sim.fault_every(100, fault);
    }
    let sim = Arc::new(sim.start().unwrap());
    let patient = RetryPolicy::default()
        .max_retries(8)
        .base_delay(Duration::from_millis(2));
    let client = Client::builder().base_url(sim.base_url()).retry(patient);
    let client = client.build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let half = wanted() / 2;
    let first = runtime.block_on(round(&client, half));
    let between = resident();
    let second = runtime.block_on(round(&client, half));
    let after = resident();

    let asked = half / AT_ONCE * AT_ONCE;
    assert_eq!((first.answers, second.answers), (asked, asked));
    let counts = sim.counts();
    let attempts = u64::try_from(first.attempts + second.attempts).unwrap();
    assert_eq!(
        counts.answers + counts.refused,
        attempts,
        "every request is in a ledger"
    );
    let faults = attempts / 20;
    assert!(
        counts.refused * 5 / 3 + 5 >= faults,
        "{counts:?}, {faults} faults"
    );
    assert!(first.failures + second.failures > 0);
    if let (Some(between), Some(after)) = (between, after) {
        let grown = after.saturating_sub(between);
        assert!(grown < GROWTH, "{grown} bytes more after {asked} requests");
    }
}
