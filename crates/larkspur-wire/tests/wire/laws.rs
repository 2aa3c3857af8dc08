//! Whatever can be read keeps every member it came with.

use larkspur_wire::{ErrorBody, chat, gemini, models, responses};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Names and values that the types know, so that the trees come close to real bodies.
const NAMES: &[&str] = &[
    "type",
    "id",
    "role",
    "content",
    "text",
    "output",
    "input",
    "status",
    "usage",
    "error",
    "message",
    "code",
    "model",
    "messages",
    "choices",
    "name",
    "call_id",
    "arguments",
    "tools",
    "tool_choice",
    "function",
    "custom",
    "format",
    "refusal",
    "reasoning",
    "summary",
    "input_tokens",
    "prompt_tokens",
    "finish_reason",
    "index",
    "data",
    "candidates",
    "contents",
    "parts",
    "functionCall",
    "functionResponse",
    "args",
    "thought",
    "inlineData",
    "finishReason",
    "usageMetadata",
    "promptTokenCount",
    "generationConfig",
    "novelty",
];
const WORDS: &[&str] = &[
    "message",
    "function_call",
    "custom_tool_call",
    "reasoning",
    "output_text",
    "refusal",
    "input_text",
    "function",
    "custom",
    "grammar",
    "json_schema",
    "allowed_tools",
    "assistant",
    "user",
    "completed",
    "stop",
    "auto",
    "",
    "other",
];

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<u32>().prop_map(Value::from),
        (-10.0..10.0_f64).prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let member = (prop::sample::select(NAMES), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::Array),
            prop::collection::vec(member, 0..6).prop_map(|members| {
                Value::Object(
                    members
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

/// Whether everything in `before` is in `after`, which may have defaults besides.
fn keeps(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before
            .iter()
            .all(|(key, value)| after.get(key).is_some_and(|other| keeps(value, other))),
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|(value, other)| keeps(value, other))
        }
        _ => before == after,
    }
}

fn check<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(value: &Value) {
    let Ok(read) = serde_json::from_value::<T>(value.clone()) else {
        return;
    };
    let written = serde_json::to_value(&read).unwrap();
    assert!(keeps(value, &written), "{value}\n{written}");
    let again: T = serde_json::from_value(written).unwrap();
    assert_eq!(again, read);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_that_was_read_is_lost(value in json(), list in prop::collection::vec(json(), 0..4)) {
        let under = |key: &str| Value::Object(Map::from_iter([(key.to_owned(), Value::Array(list.clone()))]));
        for value in [value, under("output"), under("input"), under("choices"), under("tools"), under("data"), under("candidates"), under("contents"), under("parts"), under("models")] {
            check::<responses::Response>(&value);
            check::<responses::Request>(&value);
            check::<responses::InputItem>(&value);
            check::<responses::OutputItem>(&value);
            check::<responses::Tool>(&value);
            check::<responses::ToolChoice>(&value);
            check::<chat::Completion>(&value);
            check::<chat::Request>(&value);
            check::<chat::Message>(&value);
            check::<chat::ToolCall>(&value);
            check::<models::ModelList>(&value);
            check::<gemini::Response>(&value);
            check::<gemini::Candidate>(&value);
            check::<gemini::Request>(&value);
            check::<gemini::Content>(&value);
            check::<gemini::Part>(&value);
            check::<gemini::ModelList>(&value);
        }
    }

    #[test]
    fn no_error_body_makes_it_panic(value in json()) {
        if let Some(body) = ErrorBody::from_value(value) {
            let written = serde_json::to_value(&body).unwrap();
            prop_assert_eq!(ErrorBody::from_value(written).unwrap().error.message, body.error.message);
        }
    }
}
