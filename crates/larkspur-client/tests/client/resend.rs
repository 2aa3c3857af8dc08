//! Retries as they happen: how often, how long after, and what the ledger keeps.

use std::time::{Duration, SystemTime};

use larkspur_client::ledger::AttemptKind;
use larkspur_client::retry::StopReason;

use crate::fixture::{Script, Server};

#[tokio::test]
async fn a_500_then_an_answer() {
    let server = Server::start([Script::error(500, "server_error"), Script::says("hi")]);
    let sent = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .send()
        .await
        .unwrap();
    assert_eq!(sent.response.output_text(), "hi");
    let kinds: Vec<_> = sent
        .attempts()
        .iter()
        .map(|attempt| (attempt.kind, attempt.status))
        .collect();
    assert_eq!(
        kinds,
        [
            (AttemptKind::First, Some(500)),
            (AttemptKind::Retry, Some(200))
        ]
    );
    assert!(
        sent.attempts()[0]
            .failure
            .as_deref()
            .unwrap()
            .starts_with("the server answered 500 (server_error)")
    );
    assert_eq!(sent.attempts()[1].failure, None);
    assert_eq!(sent.cost().to_string(), "$0.000252");
    let bodies: Vec<_> = server
        .received()
        .iter()
        .map(|request| request.body.clone())
        .collect();
    assert_eq!(bodies[0], bodies[1], "the same request goes out again");
}

#[tokio::test]
async fn every_form_of_the_header_is_kept() {
    let date = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(1));
    for (name, value) in [
        ("retry-after-ms", "5"),
        ("retry-after", "0.005"),
        ("retry-after", &date),
    ] {
        let busy = Script::error(429, "rate_limit_exceeded").header(name, value);
        let server = Server::start([busy, Script::says("hi")]);
        // Our own delay would be beyond all patience.
        let patience = larkspur_client::RetryPolicy::default()
            .base_delay(Duration::from_secs(3600))
            .max_delay(Duration::from_secs(3600));
        let client = server.builder().retry(patience).build().unwrap();
        assert_eq!(
            client.responses("m").send().await.unwrap().attempts().len(),
            2,
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_reported() {
    let server =
        Server::start([Script::error(429, "rate_limit_exceeded").header("retry-after", "3600")]);
    let error = server.client().responses("m").send().await.unwrap_err();
    let hour = Duration::from_secs(3600);
    assert_eq!(error.retry_after(), Some(hour));
    assert_eq!(error.stop_reason(), Some(StopReason::WaitTooLong(hour)));
    assert_eq!(server.received().len(), 1);
    insta::assert_snapshot!(error, @"the server answered 429 (rate_limit_exceeded) about `input`: Something is wrong [request req_1] (the server asks to wait 3600 s, which is too long)");
}

#[tokio::test]
async fn some_failures_are_final() {
    for script in [
        Script::error(429, "insufficient_quota"),
        Script::error(400, "invalid_json_schema"),
        Script::error(503, "server_is_overloaded").header("x-should-retry", "false"),
    ] {
        let server = Server::start([script]);
        server.client().responses("m").send().await.unwrap_err();
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn retries_end() {
    let server = Server::start([Script::error(503, "server_is_overloaded")]);
    let error = server.client().responses("m").send().await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::Exhausted));
    assert_eq!(server.received().len(), 3);
    assert_eq!(error.attempts().len(), 3);
}
