//! Every type of the table over real HTTP: lowered, sent, answered by the local server, lifted, validated, deserialized;
//! every shipped grammar, and the queries of a database.
#![expect(clippy::unwrap_used, reason = "tests are blunt")]

mod grammars;
mod queries;
mod soak;

use std::collections::BTreeSet;
use std::fmt::Debug;

use larkspur_client::{Api, Client, Provider, RequestBuilder};
use larkspur_output::{Outcome, Output, OutputType as _, json};
use larkspur_schema::JsonSchema;
use larkspur_sim::{Sim, Writer};
use larkspur_tests::types::{Visitor, for_each_type};
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

/// Conversions of these types refuse what their schema cannot say, so that an honest writer can miss.
const CONVERTED: [&str; 2] = ["SocketAddr", "Word"];

/// Types with rules that Gemini's dialect cannot carry (lengths, patterns, formats, names of members, multiples), or with variants whose
/// objects say nothing of other members: what the writer makes of them is rejected here. May only become shorter.
const LOOSE_FOR_GEMINI: [&str; 13] = [
    "AllFour",
    "Expression",
    "KeyedMaps",
    "Logic",
    "Map_of_bools",
    "Map_of_sizes",
    "Meeting",
    "NaiveDateTime",
    "NaiveTime",
    "Url",
    "Uuid",
    "With",
    "char",
];

/// Answers asked for per type and API.
const ANSWERS: usize = 3;

struct Asker {
    runtime: Runtime,
    client: Client,
    /// The same server by the Gemini API, with that service's dialect of schemas.
    gemini: Client,
    asked: usize,
    /// What came in place of values.
    missed: Vec<(&'static str, String)>,
    /// The types of which something came in place of values by the Gemini API.
    missed_by_gemini: BTreeSet<&'static str>,
}

impl Asker {
    fn new(sim: &Sim) -> Self {
        Self {
            runtime: Runtime::new().unwrap(),
            client: Client::builder().base_url(sim.base_url()).build().unwrap(),
            gemini: Client::builder()
                .provider(Provider::gemini())
                .base_url(sim.base_url())
                .build()
                .unwrap(),
            asked: 0,
            missed: Vec::new(),
            missed_by_gemini: BTreeSet::new(),
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

impl Asker {
    fn ask<A: Api<Input: From<String>>, T>(
        &mut self,
        name: &'static str,
        request: RequestBuilder<A>,
        output: &Output<T>,
        index: usize,
    ) {
        let prompt = format!("{name}, number {index}");
        let request = request.input(prompt).reask(0);
        let answer = self.runtime.block_on(request.ask(output)).unwrap();
        self.note(name, answer.outcome);
    }

    /// As [`ask`](Self::ask), with the misses apart.
    fn ask_gemini<T>(&mut self, name: &'static str, output: &Output<T>, index: usize) {
        let before = self.missed.len();
        let request = self.gemini.generate_content("gemini-3-pro-preview");
        self.ask(name, request, output, index);
        if self.missed.len() > before && !CONVERTED.contains(&name) {
            self.missed_by_gemini.insert(name);
            if LOOSE_FOR_GEMINI.contains(&name) {
                self.missed.truncate(before);
            }
        }
    }
}

impl Visitor for Asker {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        _samples: Vec<serde_json::Value>,
    ) {
        let prepared = |client: &Client| {
            let output = json::<T>().prepare(client.target());
            output.unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let (output, of_gemini) = (prepared(&self.client), prepared(&self.gemini));
        for index in 0..ANSWERS {
            self.ask(name, self.client.responses("gpt-5.2"), &output, index);
            self.ask(name, self.client.chat("gpt-5.2"), &output, index);
            self.ask_gemini(name, &of_gemini, index);
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
    assert_eq!(
        asker.missed_by_gemini,
        BTreeSet::from(LOOSE_FOR_GEMINI),
        "the list of what Gemini's dialect does not hold"
    );
    assert!(asker.asked >= 60 * 3 * ANSWERS, "{}", asker.asked);
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
