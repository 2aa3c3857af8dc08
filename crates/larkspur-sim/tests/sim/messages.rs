//! `POST /v1/messages`: what is refused, in which words, and what is answered.

use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::schemas;
use crate::support::{self, Answer};

const MESSAGES: &str = "/v1/messages";

fn person() -> Value {
    schemas::object(&json!({"name": {"type": "string"}, "age": {"type": "integer"}}))
}

/// A request that is fine, with some fields replaced; a null takes the field away.
fn post(sim: &Sim, changes: &Value) -> Answer {
    let mut body = json!({"model": "claude-opus-4-5", "max_tokens": 1000,
        "messages": [{"role": "user", "content": "Hello, Ann."}]});
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        }
    }
    support::post(sim, MESSAGES, &body)
}

fn tool(strict: bool) -> Value {
    json!({"name": "add", "input_schema": person(), "strict": strict})
}

/// Each change makes a request that is refused with this text.
fn refused(rows: &[(Value, &str)]) {
    let sim = Sim::start().unwrap();
    for (changes, message) in rows {
        let answer = post(&sim, changes);
        assert_eq!(answer.status, 400, "{changes}: {}", answer.body);
        let mut body = answer.json();
        let id = body.as_object_mut().unwrap().remove("request_id");
        assert_eq!(id.unwrap(), answer.header("request-id").unwrap());
        let error = json!({"type": "invalid_request_error", "message": message});
        assert_eq!(body, json!({"type": "error", "error": error}), "{changes}");
    }
}

#[test]
fn settings_are_refused_in_the_words_of_the_service() {
    let open = json!({"type": "object", "properties": {}});
    refused(&[
        (json!({"max_tokens": null}), "max_tokens: Field required"),
        (
            json!({"max_tokens": 0}),
            "max_tokens: Input should be greater than or equal to 1",
        ),
        (
            json!({"max_tokens": "1"}),
            "max_tokens: Input should be a valid integer",
        ),
        (json!({"model": null}), "model: Field required"),
        (json!({"messages": null}), "messages: Field required"),
        (
            json!({"messages": []}),
            "messages: at least one message is required",
        ),
        (
            json!({"input": "?"}),
            "input: Extra inputs are not permitted",
        ),
        (
            json!({"temperature": 1.5}),
            "temperature: Input should be less than or equal to 1",
        ),
        (
            json!({"stream": 1}),
            "stream: Input should be a valid boolean",
        ),
        (
            json!({"output_config": {"format": {"type": "json_schema", "schema": open}}}),
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
        ),
        (
            json!({"output_config": {"format": {"type": "text"}}}),
            "output_config.format: Input should have the type 'json_schema'",
        ),
        (
            json!({"thinking": {"type": "enabled", "budget_tokens": 100}}),
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        ),
        (
            json!({"thinking": {"type": "enabled", "budget_tokens": 2000}}),
            "`max_tokens` must be greater than `thinking.budget_tokens`.",
        ),
    ]);
}

#[test]
fn conversations_are_refused_in_the_words_of_the_service() {
    let user = |content: Value| json!({"role": "user", "content": content});
    let call = json!({"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "add", "input": {}}]});
    let result =
        |id: &str| user(json!([{"type": "tool_result", "tool_use_id": id, "content": "4"}]));
    refused(&[
        (
            json!({"messages": [{"role": "system", "content": "x"}]}),
            "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.",
        ),
        (
            json!({"messages": [user(json!(""))]}),
            "messages: text content blocks must be non-empty",
        ),
        (
            json!({"messages": [{"role": "user"}]}),
            "messages.0.content: Field required",
        ),
        (
            json!({"messages": [user(json!([{"type": "input_text", "text": "x"}]))]}),
            "messages.0.content.0: Input tag 'input_text' found using 'type' does not match any of the expected tags",
        ),
        (
            json!({"messages": [user(json!("?")), call, user(json!("?"))]}),
            "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
        ),
        (
            json!({"messages": [user(json!("?")), call, result("t2")]}),
            "messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t2. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
        ),
    ]);
}

#[test]
fn tools_are_refused_in_the_words_of_the_service() {
    refused(&[
        (
            json!({"tool_choice": {"type": "any"}}),
            "tool_choice may only be specified while providing tools.",
        ),
        (
            json!({"tools": [tool(true)], "tool_choice": {"type": "tool", "name": "sub"}}),
            "Tool 'sub' not found in provided tools",
        ),
        (
            json!({"tools": [tool(true), tool(false)]}),
            "tools: Tool names must be unique.",
        ),
        (
            json!({"tools": [{"name": "a b", "input_schema": person()}]}),
            "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
        ),
        (
            json!({"tools": [{"name": "a"}]}),
            "tools.0.custom.input_schema: Field required",
        ),
    ]);
}

#[test]
fn a_key_is_taken_where_this_api_sends_it() {
    let sim = Sim::builder().required_key("sk-ant").start().unwrap();
    let body =
        json!({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "?"}]})
            .to_string();
    let send = |headers: &[(&str, &str)]| {
        support::request(&sim, "POST", MESSAGES, headers, body.as_bytes())
    };
    assert_eq!(send(&[("x-api-key", "sk-ant")]).status, 200);
    let refused = send(&[("x-api-key", "sk-other")]);
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["error"]["type"], "authentication_error");
    assert_eq!(send(&[]).status, 401);
}

#[test]
fn answers_hold_their_schema() {
    let sim = Sim::start().unwrap();
    let format = json!({"type": "json_schema", "schema": person()});
    let answer = post(&sim, &json!({"output_config": {"format": format}})).json();
    let text = answer["content"][0]["text"].as_str().unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    assert!(value["name"].is_string() && value["age"].is_i64(), "{text}");
    assert_eq!(
        (&answer["type"], &answer["stop_reason"]),
        (&json!("message"), &json!("end_turn"))
    );
    let choice = json!({"type": "tool", "name": "add"});
    let answer = post(&sim, &json!({"tools": [tool(true)], "tool_choice": choice})).json();
    let block = &answer["content"][0];
    assert_eq!(
        (&block["type"], &answer["stop_reason"]),
        (&json!("tool_use"), &json!("tool_use"))
    );
    assert!(block["input"]["age"].is_i64(), "{block}");
}

/// The data of the events of a stream.
fn events(answer: &Answer) -> Vec<Value> {
    let body = String::from_utf8(support::dechunked(answer)).unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("data: "));
    lines
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[test]
fn a_stream_tells_of_the_same_answer() {
    let format = json!({"type": "json_schema", "schema": person()});
    let asked = json!({"output_config": {"format": format}});
    let whole = post(&Sim::start().unwrap(), &asked).json();
    let mut streamed = asked;
    streamed["stream"] = json!(true);
    let events = events(&post(&Sim::start().unwrap(), &streamed));
    let kinds: Vec<_> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.first(), Some(&"message_start"));
    let tail = ["content_block_stop", "message_delta", "message_stop"];
    assert_eq!(kinds[kinds.len() - 3..], tail);
    let text = events
        .iter()
        .filter_map(|event| event["delta"]["text"].as_str());
    let text: String = text.collect();
    assert_eq!(json!(text), whole["content"][0]["text"]);
    let end = &events[events.len() - 2];
    assert_eq!(end["delta"]["stop_reason"], whole["stop_reason"]);
    assert_eq!(
        end["usage"]["output_tokens"],
        whole["usage"]["output_tokens"]
    );
}

#[test]
fn faults_have_the_statuses_of_the_service() {
    for (fault, status, kind) in [
        (Fault::RateLimit, 429, "rate_limit_error"),
        (Fault::Quota, 400, "invalid_request_error"),
        (Fault::ServerError, 500, "api_error"),
        (Fault::Overloaded, 529, "overloaded_error"),
    ] {
        let sim = Sim::builder().fault(fault).start().unwrap();
        let answer = post(&sim, &json!({}));
        assert_eq!(answer.status, status);
        assert_eq!(answer.json()["error"]["type"], kind);
    }
    let sim = Sim::builder().fault(Fault::Refusal).start().unwrap();
    assert_eq!(post(&sim, &json!({})).json()["stop_reason"], "refusal");
    let sim = Sim::builder().fault(Fault::Truncation).start().unwrap();
    assert_eq!(post(&sim, &json!({})).json()["stop_reason"], "max_tokens");
}

#[test]
fn tokens_are_counted_as_they_are_read() {
    const COUNT: &str = "/v1/messages/count_tokens";
    let sim = Sim::start().unwrap();
    let asked = json!({"messages": [{"role": "user", "content": "Hello, Ann."}], "model": "claude-opus-4-5",
        "system": "Be brief.", "tools": [tool(true)], "thinking": {"type": "enabled", "budget_tokens": 5_000}});
    let counted = support::post(&sim, COUNT, &asked);
    let mut whole = asked.clone();
    whole["max_tokens"] = json!(6_000);
    let answered = support::post(&sim, MESSAGES, &whole).json();
    assert_eq!(
        counted.json(),
        json!({"input_tokens": answered["usage"]["input_tokens"]})
    );
    for (body, message) in [
        (whole, "max_tokens: Extra inputs are not permitted"),
        (json!({"model": "m"}), "messages: Field required"),
    ] {
        let refused = support::post(&sim, COUNT, &body);
        assert_eq!(
            (refused.status, &refused.json()["error"]["message"]),
            (400, &json!(message))
        );
    }
    // What is nowhere is told in the same words.
    let nowhere = support::post(&sim, "/v1/messages/batches", &asked);
    assert_eq!(
        (nowhere.status, &nowhere.json()["error"]["type"]),
        (404, &json!("not_found_error"))
    );
}
