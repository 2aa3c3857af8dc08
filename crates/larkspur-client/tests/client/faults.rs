//! Every fault of the local server, by both APIs, streaming or not: a documented outcome in bounded time.

use std::time::Duration;

use larkspur_client::{Answer, Api, Client, Error, RequestBuilder};
use larkspur_output::{Outcome, grammar};
use larkspur_sim::{Fault, Sim};

use crate::fixture::fast;
use crate::outputs::Total;

fn start(fault: Fault) -> (Sim, Client) {
    let sim = Sim::builder().fault(fault).start().unwrap();
    let client = client(&sim);
    (sim, client)
}

fn client(sim: &Sim) -> Client {
    Client::builder()
        .base_url(sim.base_url())
        .retry(fast())
        .timeout(Duration::from_millis(1_500))
        .build()
        .unwrap()
}

async fn ask<A: Api<Input: From<&'static str>>>(
    request: RequestBuilder<A>,
    streams: bool,
) -> Result<Answer<Total>, Error> {
    let output = larkspur_output::json::<Total>();
    let output = larkspur_output::OutputType::prepare(&output, larkspur_output::Target::openai());
    let (request, output) = (request.input("Total?"), output.unwrap());
    if streams {
        request.ask_streaming(&output).await?.answer().await
    } else {
        request.ask(&output).await
    }
}

/// What came of it, in a word, and how many requests it took.
async fn outcome(fault: Fault, chat: bool, streams: bool) -> (&'static str, usize) {
    let (sim, client) = start(fault);
    let asked = if chat {
        ask(client.chat("gpt-5.2"), streams).await
    } else {
        ask(client.responses("gpt-5.2"), streams).await
    };
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
        (Fault::Quota, ("status", 1), ("status", 1)),
        (Fault::ServerError, ("status", 3), ("status", 3)),
        (Fault::Overloaded, ("status", 3), ("status", 3)),
        (Fault::Html, ("status", 3), ("status", 3)),
        (Fault::Garbage, ("unreadable", 1), ("unreadable", 1)),
        (Fault::Unknown, ("value", 1), ("value", 1)),
        (Fault::Cut, ("broken", 3), ("broken", 1)),
        (Fault::Stall, ("timeout", 3), ("timeout", 1)),
    ];
    for (fault, whole, streamed) in rows {
        for chat in [false, true] {
            assert_eq!(
                outcome(fault, chat, false).await,
                whole,
                "{fault}, chat {chat}"
            );
            assert_eq!(
                outcome(fault, chat, true).await,
                streamed,
                "{fault}, chat {chat}, streamed"
            );
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
        let answer = ask(client(&sim).responses("gpt-5.2"), false).await.unwrap();
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
