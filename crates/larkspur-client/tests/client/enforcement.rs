//! Whether the server holds its constraints is found out, and seen where it does not.

use larkspur_client::{Client, Enforcement, Provider, Verdict};
use larkspur_output::{Carrier, Output, OutputType as _, Rejection, Violation, grammar};
use larkspur_sim::{Fault, Sim};
use serde_json::json;

use crate::fixture::{Script, Server};
use crate::outputs::Total;
use crate::tools::yes_or_no;

fn client(sim: &Sim, provider: Provider) -> Client {
    let builder = Client::builder().provider(provider);
    builder.base_url(sim.base_url()).build().unwrap()
}

/// What is found out by either of `OpenAI`'s APIs.
async fn by_both(client: &Client) -> [Enforcement; 2] {
    let responses = client.responses("gpt-5.2").check_enforcement().await;
    let chat = client.chat("gpt-5.2").check_enforcement().await;
    [responses.unwrap(), chat.unwrap()]
}

#[tokio::test]
async fn a_server_that_holds_them() {
    let sim = Sim::start().unwrap();
    let client = client(&sim, Provider::openai());
    for found in by_both(&client).await {
        assert_eq!(
            (&found.schema, &found.grammar),
            (&Verdict::Enforced, &Verdict::Enforced)
        );
        assert!(found.is_good());
        assert_eq!(found.ledger.attempts().len(), 2);
    }
}

#[tokio::test]
async fn a_server_that_ignores_them() {
    let sim = Sim::builder()
        .fault(Fault::ConstraintIgnored)
        .start()
        .unwrap();
    let client = client(&sim, Provider::openai());
    for found in by_both(&client).await {
        for verdict in [&found.schema, &found.grammar] {
            assert!(
                matches!(verdict, Verdict::Ignored { said } if !said.is_empty()),
                "{verdict:?}"
            );
        }
        assert!(!found.is_good());
    }
}

#[tokio::test]
async fn a_server_that_knows_no_grammars() {
    let sim = Sim::start().unwrap();
    let client = client(&sim, Provider::anthropic());
    let request = client.messages("claude-opus-4-5");
    let found = request.check_enforcement().await.unwrap();
    assert_eq!(
        (found.schema, found.grammar),
        (Verdict::Enforced, Verdict::NotAsked)
    );
}

#[tokio::test]
async fn what_says_nothing_either_way() {
    let cut = json!({"id": "resp_1", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []});
    let server = Server::start([
        Script::error(400, "invalid_json_schema"),
        Script::json(200, &cut),
    ]);
    let found = server
        .client()
        .responses("m")
        .check_enforcement()
        .await
        .unwrap();
    let message = "Something is wrong.".to_owned();
    assert_eq!(found.schema, Verdict::Refused { message });
    assert!(
        matches!(&found.grammar, Verdict::Unclear { reason } if reason.contains("max_output_tokens"))
    );
    let server = Server::start([Script::error(401, "invalid_api_key")]);
    let error = server
        .client()
        .responses("m")
        .check_enforcement()
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.attempts().len()), (Some(401), 1));
}

#[tokio::test]
async fn a_failure_that_the_constraint_brings_is_a_refusal() {
    let failed = || Script::error(500, "internal_server_error");
    let [schema, word] = [r#"{"word": "vqx-4170-zu"}"#, "vqx-4170-zu"].map(Script::says);
    let server = Server::start([failed(), failed(), failed(), Script::says("Paris"), word]);
    let request = server.client().responses("m");
    let found = request.check_enforcement().await.unwrap();
    let message = "Something is wrong.".to_owned();
    assert_eq!(found.schema, Verdict::Refused { message });
    // The second server fails whatever it is asked.
    let server = Server::start([schema, failed()]);
    let request = server.client().responses("m");
    let error = request.check_enforcement().await.unwrap_err();
    assert_eq!((error.status(), error.attempts().len()), (Some(500), 7));
}

#[tokio::test]
async fn grammars_get_there_in_the_notation_of_the_server() {
    for (provider, field, text) in [
        (
            Provider::llama_cpp(),
            "/grammar",
            "root ::= \"vqx-4170-zu\"\n",
        ),
        (Provider::sglang(), "/ebnf", "root ::= \"vqx-4170-zu\"\n"),
        (
            Provider::vllm(),
            "/structured_outputs/grammar",
            "root ::= \"vqx-4170-zu\"\n",
        ),
    ] {
        let completion = json!({"id": "c", "choices": [{"message": {"role": "assistant", "content": "vqx-4170-zu"}, "finish_reason": "stop"}]});
        let server = Server::start([Script::json(200, &completion)]);
        let builder = Client::builder().provider(provider).base_url(&server.url);
        let found = builder
            .build()
            .unwrap()
            .chat("m")
            .check_enforcement()
            .await
            .unwrap();
        assert_eq!(found.grammar, Verdict::Enforced);
        assert!(matches!(found.schema, Verdict::Ignored { .. }));
        let asked = server.received()[1].json();
        assert_eq!(asked.pointer(field), Some(&json!(text)), "{asked}");
    }
}

/// Whether each attempt was seen to ignore its constraint.
async fn suspicion<V>(script: Script, output: &Output<V>) -> Vec<bool> {
    let server = Server::start([script]);
    let request = server.client().responses("gpt-5.2").input("?");
    let answer = request.ask(output).await.unwrap();
    assert_eq!(
        answer.constraint_ignored(),
        answer
            .attempts()
            .iter()
            .any(|attempt| attempt.constraint_ignored)
    );
    answer
        .attempts()
        .iter()
        .map(|attempt| attempt.constraint_ignored)
        .collect()
}

#[tokio::test]
async fn answers_that_break_what_was_sent_are_seen() {
    let schema = crate::outputs::total();
    let rows = [
        (r#"{"amount": 1, "currency": "EUR"}"#, vec![false]),
        (r#"{"amount": "one", "currency": "EUR"}"#, vec![true, true]),
        ("one euro", vec![true, true]),
        (
            "```json\n{\"amount\": 1, \"currency\": \"EUR\"}\n```",
            vec![true, true],
        ),
    ];
    for (said, expected) in rows {
        assert_eq!(
            suspicion(Script::says(said), &schema).await,
            expected,
            "{said}"
        );
    }
    // A rule that the reader has beside the schema is none that a server could have held.
    let stricter = schema.and_then(|text, total: Total| {
        let violation = Violation::new("the amount is not positive");
        let invalid = || Rejection::new(text, vec![violation]);
        if total.amount > 0.0 {
            Ok(total)
        } else {
            Err(invalid())
        }
    });
    let said = Script::says(r#"{"amount": -1, "currency": "EUR"}"#);
    assert_eq!(suspicion(said, &stricter).await, [false, false]);
}

#[tokio::test]
async fn streams_and_grammars_are_seen_too() {
    let sim = Sim::builder()
        .fault(Fault::ConstraintIgnored)
        .start()
        .unwrap();
    let client = client(&sim, Provider::openai());
    let stream = client
        .responses("gpt-5.2")
        .input("?")
        .stream::<Total>()
        .await
        .unwrap();
    assert!(stream.answer().await.unwrap().constraint_ignored());
    let answer = client
        .chat("gpt-5.2")
        .input("?")
        .ask(&yes_or_no())
        .await
        .unwrap();
    assert_eq!(answer.constraint_ignored(), cfg!(feature = "grammar"));
    let output = grammar("start: \"on\" | \"off\"\n").unwrap();
    let output = output.prepare(client.target()).unwrap();
    let answer = client
        .responses("gpt-5.2")
        .input("?")
        .ask(&output)
        .await
        .unwrap();
    assert_eq!(answer.constraint_ignored(), cfg!(feature = "grammar"));
    // A server that was not asked to hold it ignores nothing.
    let told = client.target().with_carrier(Carrier::Description);
    let output = grammar("start: \"on\" | \"off\"\n").unwrap();
    let output = output.prepare(told).unwrap();
    let request = client.responses("gpt-5.2").input("?").reask(0);
    let answer = request.ask(&output).await.unwrap();
    assert!(!answer.enforced && !answer.constraint_ignored());
}
