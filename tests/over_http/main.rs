//! Every type of the table over real HTTP: lowered, sent, answered by the local server, lifted, validated, deserialized;
//! every shipped grammar, and the queries of a database.
#![expect(clippy::unwrap_used, reason = "tests are blunt")]

mod grammars;
mod queries;
mod soak;

use std::fmt::Debug;

use larkspur_client::Client;
use larkspur_output::{Outcome, OutputType as _, json};
use larkspur_schema::JsonSchema;
use larkspur_sim::{Sim, Writer};
use larkspur_tests::types::{Visitor, for_each_type};
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

/// Conversions of these types refuse what their schema cannot say, so that an honest writer can miss.
const CONVERTED: [&str; 2] = ["SocketAddr", "Word"];

/// Answers asked for per type and API.
const ANSWERS: usize = 3;

struct Asker {
    runtime: Runtime,
    client: Client,
    asked: usize,
    /// What came in place of values.
    missed: Vec<(&'static str, String)>,
}

impl Asker {
    fn new(sim: &Sim) -> Self {
        Self {
            runtime: Runtime::new().unwrap(),
            client: Client::builder().base_url(sim.base_url()).build().unwrap(),
            asked: 0,
            missed: Vec::new(),
        }
    }

    fn note<T>(&mut self, name: &'static str, outcome: Outcome<T>) {
        self.asked += 1;
        match outcome {
            Outcome::Value(_) => {}
            Outcome::Invalid(rejection) => self.missed.push((name, rejection.to_string())),
            Outcome::Truncated { received, .. } => {
                self.missed.push((name, format!("cut: {received}")))
            }
            _ => self.missed.push((name, "no value".to_owned())),
        }
    }
}

impl Visitor for Asker {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        _samples: Vec<serde_json::Value>,
    ) {
        let output = json::<T>()
            .prepare(self.client.target())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        for index in 0..ANSWERS {
            let prompt = format!("{name}, number {index}");
            let responses = self
                .client
                .responses("gpt-5.2")
                .input(prompt.as_str())
                .reask(0);
            let answer = self.runtime.block_on(responses.ask(&output)).unwrap();
            self.note(name, answer.outcome);
            let chat = self.client.chat("gpt-5.2").input(prompt.as_str()).reask(0);
            let answer = self.runtime.block_on(chat.ask(&output)).unwrap();
            self.note(name, answer.outcome);
        }
    }
}

#[test]
fn plausible_answers_are_values_of_every_type() {
    let sim = Sim::start().unwrap();
    let mut asker = Asker::new(&sim);
    for_each_type(&mut asker);
    asker.missed.retain(|(name, _)| !CONVERTED.contains(name));
    assert!(
        asker.missed.is_empty(),
        "{} of {}: {:#?}",
        asker.missed.len(),
        asker.asked,
        asker.missed
    );
    assert!(asker.asked >= 60 * 2 * ANSWERS, "{}", asker.asked);
}

/// Rules that a server cannot hold are in force in the reader: what the random writer makes of them is refused, with words.
#[test]
fn random_answers_are_values_or_break_a_rule_the_server_cannot_hold() {
    let sim = Sim::builder()
        .writer(Writer::Random)
        .seed(11)
        .start()
        .unwrap();
    let mut asker = Asker::new(&sim);
    for_each_type(&mut asker);
    let held = asker.asked - asker.missed.len();
    assert!(
        held * 100 >= asker.asked * 80,
        "{held} of {}: {:#?}",
        asker.asked,
        asker.missed
    );
}
