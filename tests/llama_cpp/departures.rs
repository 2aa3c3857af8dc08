//! Where the server departs from `OpenAI`'s, and what of that a program sees.

use larkspur_client::{Client, Provider, Verdict};
use larkspur_output::{Carrier, Outcome, OutputType as _, Target, grammar, json, json_schema};
use larkspur_schema::{Dialect, JsonSchema, schemars};
use serde::Deserialize;
use serde_json::json as value;

use super::{Person, TEXTS, ask, known, server};

/// As for any server with `OpenAI`'s API.
fn unknown() -> Client {
    server().build().unwrap()
}

#[tokio::test]
async fn a_format_that_it_does_not_know_fails_with_its_words() {
    let error = ask(&unknown(), TEXTS[0]).extract::<Person>().await;
    let error = error.unwrap_err();
    assert_eq!(error.status(), Some(500));
    let text = error.to_string();
    assert!(
        text.contains("Input should be 'text' or 'json_object'"),
        "{text}"
    );
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("`Provider::llama_cpp()`"), "{hint}");
    // That it is the schema is found out.
    let found = unknown().chat("smollm2").max_output_tokens(60);
    let found = found.check_enforcement().await.unwrap();
    assert!(
        matches!(&found.schema, Verdict::Refused { message } if message.contains("json_object")),
        "{found:?}"
    );
}

#[tokio::test]
async fn the_newer_name_of_the_bound_is_skipped() {
    let ask = |client: &Client| {
        let request = client.chat("smollm2").input("Count from one to twenty.");
        request.temperature(0.0).max_output_tokens(5).send()
    };
    let said = ask(&unknown()).await.unwrap();
    assert!(said.ledger.usage().output_tokens > 5);
    let said = ask(&known()).await.unwrap();
    assert_eq!(said.ledger.usage().output_tokens, 5);
}

/// The converter in Python knows no bounds of integers, and no rule beside a list of types.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "no value of it comes")]
struct Elder {
    #[schemars(length(max = 40))]
    name: String,
    #[schemars(range(min = 100, max = 120))]
    age: u8,
}

#[tokio::test]
async fn a_rule_that_it_skips_is_noticed() {
    let client = known();
    let output = json::<Elder>().prepare(client.target()).unwrap();
    let answer = ask(&client, TEXTS[0]).ask(&output).await.unwrap();
    let Outcome::Invalid(rejection) = &answer.outcome else {
        panic!("{}", answer.text)
    };
    let [violation] = rejection.violations() else {
        panic!("{rejection}")
    };
    let place = violation.pointer.as_ref().map(ToString::to_string);
    assert_eq!(place.as_deref(), Some("/age"));
    assert!(answer.constraint_ignored());
}

#[tokio::test]
async fn a_schema_that_it_drops_is_noticed() {
    // The schema as it is, and not as it is lowered: the converter takes no `(?:`, and then any JSON goes.
    let target = Target::new(Dialect::plain(), Carrier::GrammarField);
    let client = server().provider(Provider::llama_cpp()).target(target);
    let client = client.build().unwrap();
    let schema = value!({
        "type": "object",
        "properties": {"code": {"type": "string", "pattern": "^(?:[XYZ][0-9]){3}$"}},
        "required": ["code"],
        "additionalProperties": false,
    });
    let output = json_schema("code", schema)
        .prepare(client.target())
        .unwrap();
    let answer = ask(&client, TEXTS[0]).ask(&output).await.unwrap();
    assert!(
        matches!(answer.outcome, Outcome::Invalid(_)),
        "{}",
        answer.text
    );
    assert!(answer.constraint_ignored());
}

#[tokio::test]
async fn a_grammar_in_a_field_that_it_does_not_read_is_noticed() {
    let target = Target::llama_cpp().with_carrier(Carrier::StructuredOutputs);
    let client = server().provider(Provider::llama_cpp()).target(target);
    let client = client.build().unwrap();
    let found = client.chat("smollm2").max_output_tokens(60);
    let found = found.check_enforcement().await.unwrap();
    assert_eq!(found.schema, Verdict::Enforced);
    assert!(
        matches!(&found.grammar, Verdict::Ignored { said } if !said.is_empty()),
        "{found:?}"
    );
    let word = grammar("start: \"vqx-4170-zu\"\n").unwrap();
    let error = ask(&client, TEXTS[0])
        .extract_with(&word)
        .await
        .unwrap_err();
    assert!(error.is_rejected(), "{error}");
    assert!(error.attempts()[0].constraint_ignored);
}

/// At least so many characters that the bound comes first: what an unbounded text is to a model that comes to no end.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "no value of it comes")]
struct Endless {
    #[schemars(length(min = 900))]
    text: String,
}

#[tokio::test]
async fn a_text_that_runs_away_is_said_to_be_cut() {
    let client = known();
    let request = ask(&client, TEXTS[0]).max_output_tokens(40);
    let error = request.clone().extract::<Endless>().await.unwrap_err();
    assert!(error.is_truncated(), "{error}");
    assert!(error.received().is_some_and(|text| text.starts_with('{')));
    assert_eq!(error.usage().output_tokens, 40);
    let stream = request.stream::<Endless>().await.unwrap();
    let error = stream.answer().await.unwrap().into_reply().unwrap_err();
    assert!(error.is_truncated(), "{error}");
}

#[tokio::test]
async fn what_it_streams_has_no_usage() {
    let stream = ask(&known(), TEXTS[0]).stream::<Person>().await.unwrap();
    let reply = stream.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.usage().total_tokens(), 0);
    assert!(!reply.cost().is_complete());
}
