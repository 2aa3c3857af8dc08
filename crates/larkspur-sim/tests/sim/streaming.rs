//! Answers as events: the same answers as without, in the order of the published examples.

use larkspur_sim::{Sim, Writer};
use larkspur_wire::{Delta, SseDecoder, chat, responses};
use serde_json::{Value, json};

use crate::support::{self, CHAT, RESPONSES};

/// The data of the events that answer a request.
fn stream(seed: u64, path: &str, body: &Value) -> Vec<larkspur_wire::SseEvent> {
    let sim = Sim::builder()
        .seed(seed)
        .writer(Writer::Random)
        .start()
        .unwrap();
    let mut body = body.clone();
    body["stream"] = json!(true);
    let answer = support::post(&sim, path, &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(
        answer.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    SseDecoder::default()
        .push(&support::dechunked(&answer))
        .unwrap()
}

fn whole(seed: u64, path: &str, body: &Value) -> Value {
    let sim = Sim::builder()
        .seed(seed)
        .writer(Writer::Random)
        .start()
        .unwrap();
    support::post(&sim, path, body).json()
}

fn bodies(of: impl Fn(Value) -> Value) -> Vec<Value> {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "integer"}}},
        "required": ["a", "b"], "additionalProperties": false});
    vec![of(Value::Null), of(schema)]
}

#[test]
fn a_response_in_events_is_the_response() {
    let of = |schema: Value| {
        let mut body = json!({"model": "gpt-5.2", "input": "Say äöü 😀."});
        if !schema.is_null() {
            body["text"] = json!({"format": {"type": "json_schema", "name": "n", "strict": true, "schema": schema}});
        }
        body
    };
    for (body, seed) in bodies(of).iter().zip(0..).cycle().take(12) {
        let mut accumulator = responses::Accumulator::default();
        let mut text = String::new();
        for event in stream(seed, RESPONSES, body) {
            let typed: responses::Event = serde_json::from_str(&event.data).unwrap();
            let kind = serde_json::from_str::<Value>(&event.data).unwrap()["type"].clone();
            assert_eq!(event.name.as_deref(), kind.as_str());
            if let Some(Delta::Text(more)) = accumulator.apply(typed).unwrap() {
                text.push_str(&more);
            }
        }
        let response = serde_json::to_value(accumulator.finish().unwrap()).unwrap();
        let expected = whole(seed, RESPONSES, body);
        assert_eq!(response["output"], expected["output"]);
        assert_eq!(response["usage"], expected["usage"]);
        assert_eq!(text, support::message(&expected));
    }
}

#[test]
fn events_have_the_published_order() {
    let body = json!({"model": "gpt-5.2", "input": "Hi.", "reasoning": {"effort": "none"}});
    let mut kinds: Vec<_> = stream(1, RESPONSES, &body)
        .into_iter()
        .filter_map(|event| event.name)
        .collect();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
}

#[test]
fn calls_come_in_pieces() {
    let body = json!({"model": "gpt-5.2", "input": "Hi.", "tool_choice": "required", "tools": [
        {"type": "custom", "name": "sql", "format": {"type": "grammar", "syntax": "lark", "definition": "start: /[a-z]{20,30}/"}}]});
    let mut accumulator = responses::Accumulator::default();
    let mut input = String::new();
    for event in stream(1, RESPONSES, &body) {
        if let Some(Delta::Call { index: 0, text }) = accumulator.push(&event).unwrap() {
            input.push_str(&text);
        }
    }
    let response = accumulator.finish().unwrap();
    assert_eq!(response.custom_calls().next().unwrap().input, input);
    assert!(input.len() >= 20, "{input}");
}

#[test]
fn a_completion_in_chunks_is_the_completion() {
    let of = |schema: Value| {
        let mut body = json!({"model": "gpt-5.2", "n": 2, "messages": [{"role": "user", "content": "Say äöü 😀."}]});
        if !schema.is_null() {
            body["response_format"] = json!({"type": "json_schema", "json_schema": {"name": "n", "strict": true, "schema": schema}});
        }
        body
    };
    for (body, seed) in bodies(of).iter().zip(0..).cycle().take(8) {
        let mut streamed = body.clone();
        streamed["stream_options"] = json!({"include_usage": true});
        let mut accumulator = chat::Accumulator::default();
        for event in stream(seed, CHAT, &streamed) {
            accumulator.push(&event).unwrap();
        }
        assert!(accumulator.is_ended());
        let completion = serde_json::to_value(accumulator.finish().unwrap()).unwrap();
        assert_eq!(completion["choices"].as_array().unwrap().len(), 2);
        assert!(completion["usage"]["total_tokens"].as_u64() > Some(0));
        for choice in completion["choices"].as_array().unwrap() {
            assert_eq!(choice["finish_reason"], "stop");
        }
    }
}

#[test]
fn usage_comes_only_where_it_is_asked_for() {
    let body = json!({"model": "gpt-5.2", "messages": [{"role": "user", "content": "Hi."}]});
    let events = stream(1, CHAT, &body);
    assert!(events.last().unwrap().is_done());
    assert!(events.iter().all(|event| !event.data.contains("usage")));
}

#[test]
fn padding_can_be_turned_off() {
    for (include, expected) in [(true, true), (false, false)] {
        let options = json!({"include_obfuscation": include});
        let body = json!({"model": "gpt-5.2", "input": "Hi.", "stream_options": options});
        let events = stream(1, RESPONSES, &body);
        assert_eq!(
            events
                .iter()
                .any(|event| event.data.contains("obfuscation")),
            expected
        );
    }
}

#[test]
fn a_refused_request_is_no_stream() {
    let sim = Sim::start().unwrap();
    let answer = support::post(
        &sim,
        RESPONSES,
        &json!({"model": "gpt-5.2", "stream": true}),
    );
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"]["param"], "input");
}
