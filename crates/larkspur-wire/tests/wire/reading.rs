//! What servers send: read without complaint, written back as it came.

use larkspur_wire::{Effort, batches, chat, models, responses};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads and writes again: the same JSON.
#[track_caller]
fn survives<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    let read: T = serde_json::from_str(&value.to_string()).unwrap();
    assert_eq!(&serde_json::to_value(&read).unwrap(), value);
    read
}

#[track_caller]
fn refused<T: DeserializeOwned>(value: &Value, expected: &str) {
    let error = serde_json::from_value::<T>(value.clone()).err().unwrap();
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn unknown_fields_nulls_and_absences_survive() {
    survives::<responses::Response>(
        &json!({"id": "r", "output": [], "error": null, "usage": null, "new": {"a": [1]}}),
    );
    survives::<responses::Response>(
        &json!({"id": "r", "output": [], "created_at": 1.5, "tools": "echo"}),
    );
    survives::<chat::Completion>(&json!({"id": "c", "choices": [{
        "index": 0, "message": {"role": "assistant", "content": null, "refusal": null, "audio": {"id": 1}},
        "finish_reason": null, "content_filter_results": {}}]}));
    survives::<chat::CompletionUsage>(
        &json!({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": null}),
    );
}

#[test]
fn batches_survive() {
    let counts = json!({"total": 3, "completed": 1, "failed": 0});
    let batch = survives::<batches::Batch>(&json!({
        "id": "batch_1", "object": "batch", "endpoint": "/v1/responses", "input_file_id": "file-1", "completion_window": "24h",
        "status": "daydreaming", "output_file_id": null, "errors": null, "request_counts": counts, "metadata": null, "news": [1]}));
    let status = batch.status.unwrap();
    assert_eq!((status.as_str(), status.is_final()), ("daydreaming", false));
    survives::<batches::Batch>(&json!({"id": "batch_1", "status": 7, "request_counts": "many"}));
    let error = json!({"code": "batch_expired", "message": "Too late.", "param": null});
    let result = json!({"id": "x", "custom_id": "row-1", "response": null, "error": error});
    let result = survives::<batches::BatchResult>(&result);
    assert_eq!(
        result.error.unwrap().code.unwrap().to_string(),
        "batch_expired"
    );
    refused::<batches::BatchResult>(&json!({"id": "x"}), "custom_id");
    for (status, is_final) in [
        ("completed", true),
        ("expired", true),
        ("cancelling", false),
    ] {
        assert_eq!(batches::BatchStatus::from(status).is_final(), is_final);
    }
}

#[test]
fn missing_members_take_their_defaults() {
    let usage: responses::ResponseUsage =
        serde_json::from_value(json!({"output_tokens": 3})).unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (0, 3));
    let completion: chat::Completion = serde_json::from_value(json!({})).unwrap();
    assert_eq!(completion.choices, []);
    assert_eq!(completion.text(), "");
}

#[test]
fn unknown_values_of_enums_are_kept() {
    let choice: chat::Choice = survives(
        &json!({"index": 0, "message": {"role": "bot", "content": "x"}, "finish_reason": "eos"}),
    );
    assert_eq!(choice.finish_reason.unwrap().as_str(), "eos");
    let reasoning: responses::Reasoning = survives(&json!({"effort": "heroic", "mode": "pro"}));
    assert_eq!(reasoning.effort, Some(Effort::Other("heroic".into())));
}

#[test]
fn unknown_and_malformed_items_are_kept_whole() {
    let response: responses::Response = survives(&json!({"id": "r", "output": [
        {"type": "hologram", "x": 1},
        {"type": "function_call", "name": 7},
        {"no": "type"},
        {"id": "m", "type": "message", "role": "assistant", "content": [{"type": "smell"}, {"type": "output_text", "text": "hi"}]},
    ]}));
    assert_eq!(response.output_text(), "hi");
    assert_eq!(response.function_calls().count(), 0);
}

#[test]
fn numbers_and_strings_where_the_other_is_usual() {
    survives::<responses::Request>(&json!({"temperature": 1, "top_p": 0.1}));
    survives::<chat::Request>(
        &json!({"model": "m", "messages": [], "stop": "x", "temperature": 1.0}),
    );
    survives::<chat::Request>(&json!({"model": "m", "messages": [], "stop": ["x", "y"]}));
    survives::<models::ModelList>(
        &json!({"object": "list", "data": [{"id": "m", "shutdown_date": "2027-01-01"}]}),
    );
}

#[test]
fn input_items_are_told_apart() {
    let request: responses::Request = survives(&json!({"input": [
        {"role": "user", "content": "hi"},
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "x"}]},
        {"type": "message", "id": "m", "role": "assistant", "status": "completed",
         "content": [{"type": "output_text", "text": "t", "annotations": []}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "x"}]},
        {"type": "custom_tool_call_output", "call_id": "d", "output": "ok"},
        {"type": "item_reference", "id": "m"},
        {"type": "compaction_trigger"},
        {"type": "mcp_call", "id": "x"},
    ]}));
    let Some(responses::Input::Items(items)) = request.input else {
        panic!("items expected")
    };
    let kinds = items.iter().map(|item| match item {
        responses::InputItem::Message(_) => "message",
        responses::InputItem::Output(_) => "output",
        responses::InputItem::FunctionCallOutput(_) => "function output",
        responses::InputItem::CustomToolCallOutput(_) => "custom output",
        responses::InputItem::ItemReference(_) => "reference",
        responses::InputItem::CompactionTrigger(_) => "trigger",
        _ => "other",
    });
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            "message",
            "message",
            "output",
            "output",
            "function output",
            "custom output",
            "reference",
            "trigger",
            "other"
        ]
    );
}

#[test]
fn calls_of_both_apis_are_found() {
    let response: responses::Response = survives(&json!({"id": "r", "output": [
        {"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": null},
        {"type": "custom_tool_call", "id": "ctc", "call_id": "c", "name": "sql", "input": "SELECT 1"},
        {"type": "function_call", "id": "fc", "call_id": "d", "name": "f", "arguments": "{}", "caller": {"type": "direct"}},
    ]}));
    assert_eq!(response.custom_calls().next().unwrap().input, "SELECT 1");
    assert_eq!(response.function_calls().next().unwrap().call_id, "d");
    let completion: chat::Completion =
        survives(&json!({"id": "c", "choices": [{"index": 0, "message": {
        "role": "assistant", "content": null, "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            {"id": "b", "type": "custom", "custom": {"name": "sql", "input": "x"}},
            {"id": "c", "type": "teleport"}]}}]}));
    assert_eq!(
        completion.function_calls().next().unwrap().function.name,
        "f"
    );
    assert_eq!(completion.custom_calls().next().unwrap().custom.input, "x");
}

#[test]
fn fields_of_another_type_do_not_spoil_the_answer() {
    let response: responses::Response = survives(&json!({
        "id": "r", "status": "completed", "created_at": "yesterday", "error": "none", "usage": {"input_tokens": "12"},
        "service_tier": 3, "output": [{"type": "message", "id": "m", "content": [{"type": "output_text", "text": "hi"}]}]}));
    assert_eq!(
        (response.output_text().as_ref(), response.usage.is_none()),
        ("hi", true)
    );
    let completion: chat::Completion = survives(&json!({
        "id": "c", "created": true, "usage": [], "system_fingerprint": {},
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": 0}]}));
    assert_eq!(
        (completion.text().as_ref(), completion.usage.is_none()),
        ("hi", true)
    );
}

#[test]
fn what_is_not_the_object_at_all_is_refused() {
    refused::<responses::Response>(&json!([]), "a JSON object (Response)");
    refused::<responses::Response>(&json!({"output": {}}), "expected a sequence");
    refused::<chat::Request>(&json!({"messages": []}), "missing field `model`");
    refused::<chat::Request>(
        &json!({"model": "m", "messages": "hi"}),
        "expected a sequence",
    );
    refused::<responses::FunctionCall>(
        &json!({"type": "reasoning"}),
        "`type` is \"reasoning\", expected \"function_call\"",
    );
    refused::<models::Model>(&json!({}), "missing field `id`");
}
