//! Every fault of the local server, by every API, streaming or not: a documented outcome in bounded time.

use std::time::{Duration, Instant};

use larkspur_client::{
    Answer, Api, Client, ClientBuilder, Error, Provider, RequestBuilder, RetryPolicy,
};
use larkspur_output::{Outcome, OutputType as _, Target, grammar};
use larkspur_sim::{Fault, Sim};

use crate::fixture::fast;
use crate::outputs::Total;

/// The APIs, by the provider and the method that begins a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Through {
    Responses,
    Chat,
    Messages,
    GenerateContent,
}

impl Through {
    pub(crate) const ALL: [Self; 4] = [
        Self::Responses,
        Self::Chat,
        Self::Messages,
        Self::GenerateContent,
    ];
}

fn client(sim: &Sim) -> Client {
    builder(sim, Provider::openai()).build().unwrap()
}

pub(crate) fn builder(sim: &Sim, provider: Provider) -> ClientBuilder {
    Client::builder()
        .provider(provider)
        .base_url(sim.base_url())
        .retry(fast())
        .timeout(Duration::from_millis(1_500))
}

async fn ask<A: Api<Input: From<&'static str>>>(
    target: Target,
    request: RequestBuilder<A>,
    streams: bool,
) -> Result<Answer<Total>, Error> {
    let output = larkspur_output::json::<Total>().prepare(target);
    let (request, output) = (request.input("Total?"), output.unwrap());
    if streams {
        request.ask_streaming(&output).await?.answer().await
    } else {
        request.ask(&output).await
    }
}

pub(crate) fn provider(through: Through) -> Provider {
    match through {
        Through::Messages => Provider::anthropic(),
        Through::GenerateContent => Provider::gemini(),
        _ => Provider::openai(),
    }
}

pub(crate) async fn asked(
    client: &Client,
    through: Through,
    streams: bool,
) -> Result<Answer<Total>, Error> {
    let target = client.target();
    match through {
        Through::Responses => ask(target, client.responses("gpt-5.2"), streams).await,
        Through::Chat => ask(target, client.chat("gpt-5.2"), streams).await,
        Through::Messages => ask(target, client.messages("claude-opus-4-5"), streams).await,
        Through::GenerateContent => {
            let request = client.generate_content("gemini-3-pro-preview");
            ask(target, request, streams).await
        }
    }
}

/// What came of it, in a word, and how many requests it took.
async fn outcome(fault: Fault, through: Through, streams: bool) -> (&'static str, usize) {
    let sim = Sim::builder().fault(fault).start().unwrap();
    let client = builder(&sim, provider(through)).build().unwrap();
    let asked = asked(&client, through, streams).await;
    let (word, attempts) = match asked {
        Ok(answer) => {
            let word = match answer.outcome {
                Outcome::Value(_) => "value",
                Outcome::Refusal(_) => "refusal",
                Outcome::Truncated { .. } => "truncated",
                Outcome::ContentFilter { .. } => "content filter",
                Outcome::Invalid(_) => "invalid",
                _ => "other",
            };
            (word, answer.ledger.attempts().len())
        }
        Err(error) => {
            let signs = [
                (error.is_status(), "status"),
                (error.is_broken(), "broken"),
                (error.is_timeout(), "timeout"),
                (error.is_decode() || error.is_stream(), "unreadable"),
            ];
            let word = signs
                .iter()
                .find(|(holds, _)| *holds)
                .map_or("?", |(_, word)| word);
            (word, error.attempts().len())
        }
    };
    assert_eq!(sim.requests().len(), attempts, "{fault}");
    (word, attempts)
}

/// The word and the number of requests without and with streaming.
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_outcome() {
    let rows = [
        (Fault::Refusal, ("refusal", 1), ("refusal", 1)),
        (Fault::Truncation, ("truncated", 1), ("truncated", 1)),
        (
            Fault::ContentFilter,
            ("content filter", 1),
            ("content filter", 1),
        ),
        // Asked once more, without streaming.
        (Fault::ConstraintIgnored, ("invalid", 2), ("invalid", 1)),
        (Fault::RateLimit, ("status", 3), ("status", 3)),
        (Fault::RateLimitSeconds, ("status", 3), ("status", 3)),
        (Fault::RateLimitDate, ("status", 3), ("status", 3)),
        (Fault::Quota, ("status", 1), ("status", 1)),
        (Fault::ServerError, ("status", 3), ("status", 3)),
        (Fault::Overloaded, ("status", 3), ("status", 3)),
        (Fault::Html, ("status", 3), ("status", 3)),
        (Fault::Garbage, ("unreadable", 1), ("unreadable", 1)),
        (Fault::Unknown, ("value", 1), ("value", 1)),
        (Fault::Cut, ("broken", 3), ("broken", 1)),
        (Fault::CutCharacter, ("broken", 3), ("broken", 1)),
        (Fault::Stall, ("timeout", 3), ("timeout", 1)),
        (Fault::Silent, ("timeout", 3), ("timeout", 3)),
    ];
    // What comes slowly has a test of its own.
    assert_eq!(rows.len() + 1, Fault::ALL.len());
    for (fault, whole, streamed) in rows {
        let outcomes = Through::ALL.map(|through| {
            let found = |streams| tokio::spawn(outcome(fault, through, streams));
            (through, found(false), found(true))
        });
        for (through, found_whole, found_streamed) in outcomes {
            // Anthropic's filter is a refusal; Gemini has no refusals but blocks what it is asked.
            let said = |(word, count): (&'static str, usize)| match (through, word) {
                (Through::Messages, "content filter") => ("refusal", count),
                (Through::GenerateContent, "refusal") => ("content filter", count),
                _ => (word, count),
            };
            let found = (found_whole.await.unwrap(), found_streamed.await.unwrap());
            let expected = (said(whole), said(streamed));
            assert_eq!(found, expected, "{fault}, {through:?}: whole, and streamed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_slowly_takes_no_longer_than_it_may() {
    let sim = Sim::builder().fault(Fault::Slow).start().unwrap();
    for through in Through::ALL {
        for streams in [false, true] {
            let client = builder(&sim, provider(through)).retry(RetryPolicy::none());
            let client = client.timeout(Duration::from_millis(400)).build().unwrap();
            let begun = Instant::now();
            let error = asked(&client, through, streams).await.unwrap_err();
            assert!(error.is_timeout(), "{through:?}: {error}");
            assert!(begun.elapsed() < Duration::from_secs(5));
        }
    }
}

#[tokio::test]
async fn a_passing_fault_is_passed_over() {
    for fault in [
        Fault::RateLimit,
        Fault::ServerError,
        Fault::Html,
        Fault::Cut,
    ] {
        let sim = Sim::builder().fault_times(fault, 1).start().unwrap();
        let request = client(&sim).responses("gpt-5.2");
        let answer = ask(Target::openai(), request, false).await.unwrap();
        assert!(matches!(answer.outcome, Outcome::Value(_)), "{fault}");
        assert_eq!(answer.attempts().len(), 2, "{fault}");
    }
}

#[tokio::test]
async fn an_ignored_grammar_is_rejected_and_the_model_is_told_where() {
    let sim = Sim::builder()
        .fault_times(Fault::ConstraintIgnored, 1)
        .start()
        .unwrap();
    let output = grammar("start: \"on\" | \"off\"\n").unwrap();
    let reply = client(&sim)
        .responses("gpt-5.2")
        .input("?")
        .extract_with(&output)
        .await
        .unwrap();
    let again = sim.requests().last().unwrap().json().unwrap();
    let items = again["input"].as_array().unwrap();
    let told = items.last().unwrap()["output"].as_str().unwrap();
    let expected = "at the beginning: expected \"on\" or \"off\", found ";
    assert!(told.contains(expected), "{told}");
    assert_eq!(reply.attempts().len(), 2);
    assert!(reply.attempts()[0].failure.is_some());
}
