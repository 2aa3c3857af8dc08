//! The wire types on recorded traffic.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use larkspur_wire::{ErrorBody, chat, responses};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::data;

const RECORDINGS: [&str; 2] = [
    "openai-recordings/responses.jsonl",
    "openai-recordings/chat-completions.jsonl",
];

/// Decodes as `T`, encodes again, and says what differs: nothing, or the first member that does.
pub(crate) fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Result<(), String> {
    let text = value.to_string();
    let typed: T =
        serde_json::from_str(&text).map_err(|error| format!("does not decode: {error}"))?;
    let again = serde_json::to_value(&typed).unwrap();
    difference("", value, &again).map_or(Ok(()), Err)
}

/// The first place where two values differ.
fn difference(at: &str, before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let keys = before
                .keys()
                .chain(after.keys().filter(|key| !before.contains_key(*key)));
            keys.into_iter()
                .find_map(|key| match (before.get(key), after.get(key)) {
                    (Some(old), Some(new)) => difference(&format!("{at}/{key}"), old, new),
                    (Some(_), None) => Some(format!("lost {at}/{key}")),
                    _ => Some(format!("added {at}/{key}")),
                })
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => before
            .iter()
            .zip(after)
            .find_map(|(old, new)| difference(&format!("{at}/*"), old, new)),
        _ => (before != after).then(|| format!("changed {at}")),
    }
}

/// How many of each reason there are, one a line.
fn tally(reasons: impl IntoIterator<Item = String>) -> String {
    let mut counts = BTreeMap::<String, usize>::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    counts
        .iter()
        .fold(String::new(), |mut text, (reason, count)| {
            writeln!(text, "{count} {reason}").unwrap();
            text
        })
}

fn compare_body(record: &Value) -> Result<(), String> {
    let body = &record["response"];
    let errored = record["status"]
        .as_u64()
        .is_some_and(|status| status >= 400);
    match record["endpoint"].as_str().unwrap() {
        _ if errored => round_trip::<ErrorBody>(body),
        "chat.completions" => round_trip::<chat::Completion>(body),
        _ if body["object"] == "response.input_tokens" => {
            round_trip::<responses::InputTokens>(body)
        }
        "responses" | "responses.get" | "responses.compact" => {
            round_trip::<responses::Response>(body)
        }
        other => panic!("unknown endpoint {other}"),
    }
}

fn compare_request(record: &Value) -> Result<(), String> {
    let body = &record["request"];
    match record["endpoint"].as_str().unwrap() {
        "chat.completions" => round_trip::<chat::Request>(body),
        _ => round_trip::<responses::Request>(body),
    }
}

/// Departures of decode → encode from the identity over all records that `pick` takes: `(records, departures)`.
fn departures(
    pick: impl Fn(&Value) -> bool,
    compare: impl Fn(&Value) -> Result<(), String>,
) -> (usize, String) {
    let records = RECORDINGS
        .iter()
        .flat_map(|file| data::lines(file))
        .filter(pick)
        .collect::<Vec<_>>();
    let reasons = records.iter().filter_map(|record| {
        let endpoint = record["endpoint"].as_str().unwrap();
        compare(record)
            .err()
            .map(|reason| format!("{endpoint}: {reason}"))
    });
    (records.len(), tally(reasons))
}

#[test]
fn recorded_answers_decode_and_encode_to_the_same_json() {
    let (count, reasons) = departures(|record| record["response"].is_object(), compare_body);
    assert_eq!(count, 431);
    assert_eq!(reasons, "");
}

#[test]
fn recorded_requests_decode_and_encode_to_the_same_json() {
    let (count, reasons) = departures(|record| record["request"].is_object(), compare_request);
    assert_eq!(count, 527);
    assert_eq!(reasons, "");
}

/// The last event of a recorded stream carries the whole response.
#[test]
fn final_objects_of_recorded_streams_decode_and_encode_to_the_same_json() {
    let mut count = 0;
    for record in data::lines(RECORDINGS[0]) {
        let Some(stream) = record["sse"].as_str() else {
            continue;
        };
        for line in stream
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
        {
            let Ok(event) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            if event["response"].is_object() {
                assert_eq!(
                    round_trip::<responses::Response>(&event["response"]),
                    Ok(())
                );
                count += 1;
            }
        }
    }
    assert_eq!(count, 181);
}

/// A kind that has a type here must be read as that type: kept as `Other`, it would be out of the reader's sight.
#[test]
fn known_kinds_of_recorded_items_are_read_as_their_types() {
    let mut unread = Vec::new();
    for record in RECORDINGS.iter().flat_map(|file| data::lines(file)) {
        if let Ok(request) = serde_json::from_value::<responses::Request>(record["request"].clone())
        {
            let items = match request.input {
                Some(responses::Input::Items(items)) => items,
                _ => Vec::new(),
            };
            unread.extend(items.into_iter().filter_map(|item| match item {
                responses::InputItem::Other(value) => Some(value),
                _ => None,
            }));
        }
        if let Ok(response) =
            serde_json::from_value::<responses::Response>(record["response"].clone())
        {
            unread.extend(response.output.into_iter().filter_map(|item| match item {
                responses::OutputItem::Other(value) => Some(value),
                _ => None,
            }));
        }
    }
    assert!(
        unread.len() > 50,
        "the recordings hold items of the server's own tools"
    );
    let typed = |kind: Option<&str>| {
        matches!(
            kind,
            None | Some(
                "message"
                    | "function_call"
                    | "function_call_output"
                    | "custom_tool_call"
                    | "custom_tool_call_output"
                    | "reasoning"
                    | "compaction"
                    | "item_reference"
            )
        )
    };
    unread.retain(|item| typed(item["type"].as_str()));
    assert_eq!(unread, Vec::<Value>::new());
}
