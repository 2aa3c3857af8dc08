//! The same client against the local server, which enforces what it is asked for.

use larkspur_client::{Client, Effort};
use larkspur_sim::Sim;

use crate::outputs::Total;
use crate::tools::yes_or_no;

fn start() -> (Sim, Client) {
    let sim = Sim::start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    (sim, client)
}

#[tokio::test]
async fn typed_answers_from_both_apis() {
    let (sim, client) = start();
    let reply = client
        .responses("gpt-5.2")
        .input("Total?")
        .effort(Effort::Low)
        .extract::<Total>()
        .await
        .unwrap();
    assert!(reply.text.contains("amount"));
    assert!(reply.usage().output_tokens > 0);
    assert!(reply.cost().is_complete());
    let reply = client
        .chat("gpt-5.2")
        .input("Total?")
        .extract::<Total>()
        .await
        .unwrap();
    assert!(reply.value.amount.is_finite());
    assert_eq!(sim.requests().len(), 2);
}

#[tokio::test]
async fn grammars_are_kept_to() {
    let (_sim, client) = start();
    let output = yes_or_no();
    for _ in 0..5 {
        let answer = client
            .responses("gpt-5.2")
            .input("Yes or no?")
            .reask(0)
            .ask(&output)
            .await
            .unwrap();
        assert!(answer.into_reply().is_ok());
        let answer = client
            .chat("gpt-5.2")
            .input("Yes or no?")
            .reask(0)
            .ask(&output)
            .await
            .unwrap();
        assert!(answer.into_reply().is_ok());
    }
}

#[tokio::test]
async fn a_cut_answer_is_a_cut_answer() {
    let sim = Sim::builder().max_output_bytes(5).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let error = client
        .responses("gpt-5.2")
        .input("x")
        .extract::<Total>()
        .await
        .unwrap_err();
    assert!(error.is_truncated(), "{error}");
    assert!(error.received().is_some_and(|text| text.len() <= 5));
    let error = client
        .chat("gpt-5.2")
        .input("x")
        .extract::<Total>()
        .await
        .unwrap_err();
    assert!(error.is_truncated(), "{error}");
}

#[tokio::test]
async fn the_models_it_has() {
    let (_sim, client) = start();
    assert!(!client.models().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn what_it_refuses() {
    let (_sim, client) = start();
    let error = client
        .responses("gpt-5.2")
        .input("x")
        .max_output_tokens(1)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(400), "{error}");
    assert_eq!(error.param(), Some("max_output_tokens"));
    let sim = Sim::builder().required_key("sk-right-key").start().unwrap();
    let client = Client::builder()
        .base_url(sim.base_url())
        .api_key("sk-wrong-key")
        .build()
        .unwrap();
    let error = client
        .responses("gpt-5.2")
        .input("x")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.status(), error.code()),
        (Some(401), Some("invalid_api_key"))
    );
}
