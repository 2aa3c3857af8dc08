//! From wire JSON to outcome, for both APIs.

use larkspur_client::{Answer, Error};
use larkspur_output::Outcome;
use serde_json::{Value, json};

use crate::fixture::{Script, Server, response, usage};
use crate::outputs::{Total, total};

const GOOD: &str = r#"{"amount": 12.5, "currency": "EUR"}"#;

async fn responses(body: Value) -> Result<Answer<Total>, Error> {
    let server = Server::start([Script::json(200, &body)]);
    server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .reask(0)
        .ask(&total())
        .await
}

async fn chat(message: Value, finish: Value) -> Result<Answer<Total>, Error> {
    let body = json!({"id": "c", "model": "gpt-5.2", "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                      "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}});
    let server = Server::start([Script::json(200, &body)]);
    server
        .client()
        .chat("gpt-5.2")
        .input("x")
        .reask(0)
        .ask(&total())
        .await
}

/// The outcome in one line.
fn said(answer: Result<Answer<Total>, Error>) -> String {
    match answer {
        Ok(answer) => match answer.outcome {
            Outcome::Value(value) => format!("value {} {}", value.amount, value.currency),
            Outcome::Refusal(text) => format!("refusal {text}"),
            Outcome::Truncated { received, reason } => format!("truncated {received} ({reason})"),
            Outcome::ContentFilter { received } => format!("filtered {received}"),
            Outcome::Invalid(_) => format!("invalid {}", answer.text),
            _ => "unknown".to_owned(),
        },
        Err(error) => format!("error {error}"),
    }
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = response(GOOD);
    change(&mut body);
    body
}

fn output(item: &Value) -> Value {
    with(|body| body["output"] = json!([item]))
}

#[tokio::test]
async fn outcomes_of_responses() {
    let refusal =
        json!({"type": "message", "content": [{"type": "refusal", "refusal": "I will not"}]});
    let commentary = |text: &str, phase: &str| json!({"type": "message", "phase": phase, "content": [{"type": "output_text", "text": text}]});
    let table = [
        (response(GOOD), "value 12.5 EUR"),
        (with(|body| body["status"] = Value::Null), "value 12.5 EUR"),
        (
            with(|body| {
                body.as_object_mut().unwrap().remove("status");
            }),
            "value 12.5 EUR",
        ),
        (output(&refusal), "refusal I will not"),
        (
            with(|body| {
                body["status"] = json!("incomplete");
                body["incomplete_details"] = json!({"reason": "max_output_tokens"});
            }),
            r#"truncated {"amount": 12.5, "currency": "EUR"} (max_output_tokens)"#,
        ),
        (
            with(|body| {
                body["status"] = json!("incomplete");
                body["incomplete_details"] = json!({"reason": "content_filter"});
            }),
            r#"filtered {"amount": 12.5, "currency": "EUR"}"#,
        ),
        (
            with(|body| {
                body["status"] = json!("failed");
                body["error"] = json!({"code": "server_error", "message": "oops"});
            }),
            "error the response failed (server_error): oops [request req_1]",
        ),
        (
            with(|body| body["status"] = json!("queued")),
            "error the response is not finished: its status is queued [request req_1]",
        ),
        (
            response(r#"{"amount": "12"}"#),
            r#"invalid {"amount": "12"}"#,
        ),
        (response(""), "invalid "),
        (with(|body| body["output"] = json!([])), "invalid "),
        (
            output(
                &json!({"type": "function_call", "call_id": "c", "name": "lookup", "arguments": "{}"}),
            ),
            "error the model calls lookup instead of answering [request req_1]; run the tools and send their outputs, or send none",
        ),
        (
            with(|body| {
                body["output"] = json!([
                    commentary("Let me see.", "commentary"),
                    commentary(GOOD, "final_answer")
                ]);
            }),
            "value 12.5 EUR",
        ),
    ];
    for (body, expected) in table {
        assert_eq!(said(responses(body.clone()).await), expected, "{body}");
    }
}

#[tokio::test]
async fn outcomes_of_chat() {
    let text = |text: &str| json!({"role": "assistant", "content": text});
    let calls = json!({"role": "assistant", "content": null, "tool_calls": [
        {"id": "a", "type": "function", "function": {"name": "lookup", "arguments": "{}"}}]});
    let table = [
        (text(GOOD), json!("stop"), "value 12.5 EUR"),
        (text(GOOD), json!(""), "value 12.5 EUR"),
        (
            json!({"role": "assistant", "content": [{"type": "text", "text": GOOD}]}),
            json!("stop"),
            "value 12.5 EUR",
        ),
        (
            text("{\"amount\":"),
            json!("length"),
            "truncated {\"amount\": (length)",
        ),
        (text(""), json!("content_filter"), "filtered "),
        (
            json!({"role": "assistant", "content": null, "refusal": "no"}),
            json!("stop"),
            "refusal no",
        ),
        (text("hello"), json!("stop"), "invalid hello"),
        (
            json!({"role": "assistant", "content": null}),
            json!("stop"),
            "invalid ",
        ),
        (
            calls,
            json!("tool_calls"),
            "error the model calls lookup instead of answering [request req_1]; run the tools and send their outputs, or send none",
        ),
    ];
    for (message, finish, expected) in table {
        assert_eq!(
            said(chat(message.clone(), finish).await),
            expected,
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_gateways_error_with_a_good_status() {
    let server = Server::start([Script::json(
        200,
        &json!({"error": {"message": "Provider returned error", "code": 502}}),
    )]);
    let error = server
        .client()
        .chat("m")
        .input("x")
        .ask(&total())
        .await
        .unwrap_err();
    assert!(error.is_failed());
    assert_eq!(error.message(), Some("Provider returned error"));
}

#[tokio::test]
async fn nothing_is_lost_on_the_way_to_an_error() {
    let cut = with(|body| {
        body["status"] = json!("incomplete");
        body["incomplete_details"] = json!({"reason": "max_output_tokens"});
    });
    let error = responses(cut).await.unwrap().into_reply().unwrap_err();
    assert!(error.is_truncated());
    assert_eq!(error.received(), Some(GOOD));
    assert_eq!(error.usage().output_tokens, 10);
    assert_eq!(error.cost().to_string(), "$0.000252");
    insta::assert_snapshot!(error, @"the answer was cut after 35 bytes (max_output_tokens) [request req_1]; raise `max_output_tokens`; reasoning counts");

    let error = chat(json!({"refusal": "I will not"}), json!("stop"))
        .await
        .unwrap()
        .into_reply()
        .unwrap_err();
    assert!(error.is_refusal());
    assert_eq!(error.received(), Some("I will not"));

    let error = responses(response("{}"))
        .await
        .unwrap()
        .into_reply()
        .unwrap_err();
    assert!(error.is_rejected());
    assert!(
        error.rejection().unwrap().to_string().contains("amount"),
        "{error}"
    );
}

#[tokio::test]
async fn a_reply_has_value_text_id_and_cost() {
    let server = Server::start([Script::says(GOOD)]);
    let reply = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!(
        reply.value,
        Total {
            amount: 12.5,
            currency: "EUR".to_owned()
        }
    );
    assert_eq!(reply.text, GOOD);
    assert_eq!(reply.response_id, "resp_1");
    assert_eq!(reply.cost().to_string(), "$0.000252");
    assert_eq!(
        reply.attempts()[0].model.as_deref(),
        Some("gpt-5.2-2025-12-11")
    );
    assert_eq!(reply.usage().cached_input_tokens, 40);
}

#[tokio::test]
async fn usage_that_is_missing_makes_the_cost_unknown() {
    let server = Server::start([Script::json(200, &with(|body| body["usage"] = Value::Null))]);
    let reply = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!(reply.cost().to_string(), "unknown");
    let server = Server::start([Script::json(
        200,
        &with(|body| {
            body["model"] = json!("house-model");
            body["usage"] = usage();
        }),
    )]);
    let reply = server
        .client()
        .responses("house-model")
        .input("x")
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!(
        (reply.usage().input_tokens, reply.cost().is_complete()),
        (100, false)
    );
}

#[tokio::test]
async fn requests_run_on_other_threads() {
    let server = Server::start([Script::says(GOOD)]);
    let client = server.client();
    let task =
        tokio::spawn(async move { client.responses("m").input("x").extract::<Total>().await });
    assert_eq!(task.await.unwrap().unwrap().value.currency, "EUR");
}
