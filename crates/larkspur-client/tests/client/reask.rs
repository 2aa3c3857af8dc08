//! A rejected answer goes back to the model with what is wrong with it, within bounds.

use larkspur_client::ledger::AttemptKind;
use larkspur_client::{Budget, Cost};
use larkspur_output::Outcome;
use serde_json::{Value, json};

use crate::fixture::{Script, Server};
use crate::outputs::{Total, total};

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;
const BAD: &str = r#"{"amount": "one", "currency": "EUR"}"#;
const WORSE: &str = "one euro";

#[tokio::test]
async fn the_second_answer_counts_and_both_are_paid() {
    let server = Server::start([Script::says(BAD), Script::says(GOOD)]);
    let reply = server
        .client()
        .responses("gpt-5.2")
        .input("Total?")
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!(reply.text, GOOD);
    assert_eq!(reply.value.currency, "EUR");
    let kinds: Vec<_> = reply
        .attempts()
        .iter()
        .map(|attempt| attempt.kind)
        .collect();
    assert_eq!(kinds, [AttemptKind::First, AttemptKind::Reask]);
    assert_eq!(reply.usage().input_tokens, 200);
    assert_eq!(reply.cost().to_string(), "$0.000504");
    assert!(
        reply.attempts()[0]
            .failure
            .as_deref()
            .unwrap()
            .contains("amount")
    );
    assert_eq!(reply.attempts()[1].failure, None);
}

#[tokio::test]
async fn the_last_answer_goes_along_and_not_the_ones_before() {
    let server = Server::start([Script::says(BAD), Script::says(WORSE), Script::says(GOOD)]);
    server
        .client()
        .responses("gpt-5.2")
        .input("Total?")
        .reask(2)
        .extract::<Total>()
        .await
        .unwrap();
    let received = server.received();
    let first = received[0].json();
    for (request, last) in [(&received[1], BAD), (&received[2], WORSE)] {
        let request = request.json();
        let input = request["input"].as_array().unwrap();
        assert_eq!(input.len(), 3);
        assert_eq!(input[0], json!({"role": "user", "content": "Total?"}));
        assert_eq!(input[1], json!({"role": "assistant", "content": last}));
        assert_eq!(input[2]["role"], "user");
        assert!(input[2]["content"].as_str().unwrap().len() > 10);
        assert_eq!(
            request["text"], first["text"],
            "the schema goes along again"
        );
    }
}

#[tokio::test]
async fn chat_asks_again_too() {
    let completion = |text: &str| json!({"id": "c", "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]});
    let server = Server::start([
        Script::json(200, &completion(BAD)),
        Script::json(200, &completion(GOOD)),
    ]);
    server
        .client()
        .chat("m")
        .instructions("Be exact.")
        .input("Total?")
        .extract::<Total>()
        .await
        .unwrap();
    let request = server.received()[1].json();
    let roles: Vec<_> = request["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["role"].clone())
        .collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
    assert_eq!(request["messages"][2]["content"], BAD);
}

#[tokio::test]
async fn the_bound_holds_and_the_error_has_every_attempt() {
    for (times, attempts) in [(0, 1), (1, 2), (3, 4)] {
        let server = Server::start([Script::says(BAD)]);
        let error = server
            .client()
            .responses("gpt-5.2")
            .input("x")
            .reask(times)
            .extract::<Total>()
            .await
            .unwrap_err();
        assert!(error.is_rejected());
        assert_eq!(error.attempts().len(), attempts);
        assert_eq!(
            error.usage().output_tokens,
            10 * u64::try_from(attempts).unwrap()
        );
        assert!(
            error
                .attempts()
                .iter()
                .all(|attempt| attempt.failure.is_some())
        );
    }
}

#[tokio::test]
async fn budgets_stop_it() {
    // Each attempt uses 110 tokens and costs $0.000252.
    for (budget, attempts) in [
        (Budget::none().tokens(109), 1),
        (Budget::none().tokens(220), 2),
        (Budget::none().tokens(329), 2),
        (Budget::none().cost(Cost::from_picodollars(252_000_000)), 1),
        (Budget::none().cost(Cost::from_picodollars(756_000_000)), 3),
        (Budget::none(), 5),
    ] {
        let server = Server::start([Script::says(BAD)]);
        let request = server
            .client()
            .responses("gpt-5.2")
            .input("x")
            .reask(4)
            .budget(budget);
        let answer = request.ask(&total()).await.unwrap();
        assert!(
            matches!(answer.outcome, Outcome::Invalid(_)),
            "running out of budget is no error of its own"
        );
        assert_eq!(answer.attempts().len(), attempts, "{budget:?}");
    }
}

#[tokio::test]
async fn only_rejections_are_asked_again() {
    let refusal = json!({"id": "r", "status": "completed", "output": [
        {"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]});
    let cut = json!({"id": "r", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []});
    for body in [refusal, cut] {
        let server = Server::start([Script::json(200, &body)]);
        server
            .client()
            .responses("m")
            .input("x")
            .reask(5)
            .extract::<Total>()
            .await
            .unwrap_err();
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_failure_while_asking_again_keeps_the_ledger() {
    let server = Server::start([
        Script::says(BAD),
        Script::error(500, "server_error"),
        Script::error(400, "x"),
    ]);
    let error = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .extract::<Total>()
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(400));
    let kinds: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| (attempt.kind, attempt.status.unwrap()))
        .collect();
    assert_eq!(
        kinds,
        [
            (AttemptKind::First, 200),
            (AttemptKind::Reask, 500),
            (AttemptKind::Retry, 400)
        ]
    );
    assert_eq!(error.cost().to_string(), "$0.000252");
    let ledger: Value = serde_json::to_value(error.ledger()).unwrap();
    assert_eq!(ledger["attempts"][1]["kind"], "reask");
}
