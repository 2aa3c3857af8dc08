//! The Messages API: what is built, what is read, what events add up to.

use larkspur_wire::anthropic::{
    Accumulator, Block, Content, JsonSchemaFormat, Message, OutputConfig, Request, Response, Tool,
    ToolChoice, ToolChoiceMode,
};
use larkspur_wire::{Delta, Ending, SseEvent, StreamError, Usage};
use serde_json::{Value, json};

fn response(value: &Value) -> Response {
    serde_json::from_value(value.clone()).unwrap()
}

/// As the service answers.
fn whole() -> Value {
    json!({
        "type": "message", "id": "msg_1", "role": "assistant", "model": "claude-opus-4-5",
        "content": [
            {"type": "thinking", "thinking": "Two and two.", "signature": "EqQB"},
            {"type": "text", "text": "Let me see. ", "citations": null},
            {"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"left": 2, "right": 2}},
            {"type": "text", "text": "So."},
            {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        ],
        "stop_reason": "tool_use", "stop_sequence": null,
        "usage": {"input_tokens": 10, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30,
                  "output_tokens": 5, "output_tokens_details": {"thinking_tokens": 3}, "service_tier": "standard"},
    })
}

#[test]
fn a_request_says_what_the_reference_asks_for() {
    let schema = json!({"type": "object", "properties": {}, "additionalProperties": false});
    let request = Request {
        system: Some("Be brief.".into()),
        output_config: Some(OutputConfig {
            format: Some(
                JsonSchemaFormat {
                    schema: schema.clone().into(),
                    ..JsonSchemaFormat::default()
                }
                .into(),
            ),
            ..OutputConfig::default()
        }),
        tools: Some(vec![
            Tool::new("add", schema.clone(), true),
            Tool::new("see", schema.clone(), false),
        ]),
        tool_choice: Some(ToolChoice::mode(ToolChoiceMode::Any)),
        ..Request::new(
            "claude-opus-4-5",
            100,
            vec![
                Message::user("2 + 2?"),
                Message::assistant(vec![Block::tool_use("toolu_1", "add", json!({"left": 2}))]),
                Message::user(vec![Block::tool_result("toolu_1", "4")]),
            ],
        )
    };
    let expected = json!({
        "model": "claude-opus-4-5", "max_tokens": 100, "system": "Be brief.",
        "messages": [
            {"role": "user", "content": "2 + 2?"},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"left": 2}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": "4"}]},
        ],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
        "tools": [{"name": "add", "input_schema": schema, "strict": true},
                  {"name": "see", "input_schema": schema}],
        "tool_choice": {"type": "any"},
    });
    assert_eq!(json!(request), expected);
    assert_eq!(
        serde_json::from_value::<Request>(expected).unwrap(),
        request
    );
}

#[test]
fn an_answer_is_read_and_written_again() {
    let read = response(&whole());
    assert_eq!(json!(read), whole());
    assert_eq!(read.text(), "Let me see. So.");
    let calls: Vec<_> = read.calls().map(|call| call.name.as_str()).collect();
    assert_eq!(calls, ["add"]);
    let usage = Usage::from(read.usage.as_ref().unwrap());
    let expected = Usage {
        input_tokens: 60,
        cached_input_tokens: 30,
        cache_write_tokens: 20,
        output_tokens: 5,
        reasoning_tokens: 3,
    };
    assert_eq!(usage, expected);
    let bare = json!({"type": "message", "content": [{"type": "text"}], "usage": {"input_tokens": "many"}});
    assert_eq!(response(&bare).text(), "");
    assert!(serde_json::from_value::<Response>(json!({"type": "error", "error": {}})).is_err());
}

#[test]
fn an_answer_ends_as_its_reason_says() {
    let check = |reason: Value, expected: Ending<'_>| {
        let mut answer = whole();
        answer["stop_reason"] = reason;
        assert_eq!(response(&answer).ending(), expected);
    };
    check(json!("end_turn"), Ending::Finished);
    check(json!("tool_use"), Ending::Finished);
    check(json!("stop_sequence"), Ending::Finished);
    check(json!("news"), Ending::Finished);
    check(json!("max_tokens"), Ending::Truncated("max_tokens"));
    check(
        json!("model_context_window_exceeded"),
        Ending::Truncated("model_context_window_exceeded"),
    );
    check(json!("refusal"), Ending::Refused("Let me see. So.".into()));
    let silent = json!({"stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "bio", "explanation": "No."}});
    assert_eq!(response(&silent).ending(), Ending::Refused("No.".into()));
    check(json!("pause_turn"), Ending::Unfinished("pause_turn"));
    check(Value::Null, Ending::Unfinished("in_progress"));
}

fn events(all: &[Value]) -> Result<(Vec<Delta>, Accumulator), StreamError> {
    let mut accumulator = Accumulator::default();
    let mut deltas = Vec::new();
    for event in all {
        deltas.extend(accumulator.push(&SseEvent {
            name: event["type"].as_str().map(str::to_owned),
            data: event.to_string(),
        })?);
    }
    Ok((deltas, accumulator))
}

fn begin() -> Value {
    json!({"type": "message_start", "message": {
        "type": "message", "id": "msg_1", "role": "assistant", "model": "claude-opus-4-5", "content": [],
        "stop_reason": null, "stop_sequence": null,
        "usage": {"input_tokens": 10, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30,
                  "output_tokens": 1, "service_tier": "standard"}}})
}

fn block(index: u64, block: &Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn delta(index: u64, delta: &Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn stop(index: u64) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

#[test]
fn events_add_up_to_the_answer() {
    let stream = [
        begin(),
        json!({"type": "ping"}),
        block(0, &json!({"type": "thinking", "thinking": ""})),
        delta(
            0,
            &json!({"type": "thinking_delta", "thinking": "Two and "}),
        ),
        delta(0, &json!({"type": "thinking_delta", "thinking": "two."})),
        delta(0, &json!({"type": "signature_delta", "signature": "EqQB"})),
        stop(0),
        block(1, &json!({"type": "text", "text": "", "citations": null})),
        delta(1, &json!({"type": "text_delta", "text": "Let me see. "})),
        delta(1, &json!({"type": "telepathy_delta", "thought": 1})),
        stop(1),
        block(
            2,
            &json!({"type": "tool_use", "id": "toolu_1", "name": "add", "input": {}}),
        ),
        delta(2, &json!({"type": "input_json_delta", "partial_json": ""})),
        delta(
            2,
            &json!({"type": "input_json_delta", "partial_json": "{\"left\": 2, \"ri"}),
        ),
        delta(
            2,
            &json!({"type": "input_json_delta", "partial_json": "ght\": 2}"}),
        ),
        stop(2),
        json!({"type": "telepathy", "of": 1}),
        block(3, &json!({"type": "text", "text": ""})),
        delta(3, &json!({"type": "text_delta", "text": "So."})),
        stop(3),
        block(
            4,
            &json!({"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}),
        ),
        stop(4),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null},
               "usage": {"output_tokens": 5, "output_tokens_details": {"thinking_tokens": 3}}}),
        json!({"type": "message_stop"}),
    ];
    let (deltas, accumulator) = events(&stream).unwrap();
    assert!(accumulator.is_ended());
    assert_eq!(json!(accumulator.finish().unwrap()), whole());
    let call = |text: &str| Delta::Call {
        index: 0,
        text: text.to_owned(),
    };
    let expected = [
        Delta::Reasoning("Two and ".to_owned()),
        Delta::Reasoning("two.".to_owned()),
        Delta::Text("Let me see. ".to_owned()),
        call("{\"left\": 2, \"ri"),
        call("ght\": 2}"),
        Delta::Text("So.".to_owned()),
    ];
    assert_eq!(deltas, expected);
}

#[test]
fn a_stream_that_breaks_off_is_no_answer() {
    let text = block(0, &json!({"type": "text", "text": ""}));
    let (_, accumulator) = events(&[begin(), text]).unwrap();
    assert_eq!(accumulator.finish(), Err(StreamError::Cut { events: 2 }));
    // Arguments that a limit cut are kept as the text that they are.
    let (_, accumulator) = events(&[
        begin(),
        block(
            0,
            &json!({"type": "tool_use", "id": "t", "name": "add", "input": {}}),
        ),
        delta(
            0,
            &json!({"type": "input_json_delta", "partial_json": "{\"left\": 2"}),
        ),
        stop(0),
        json!({"type": "message_delta", "delta": {"stop_reason": "max_tokens"}}),
        json!({"type": "message_stop"}),
    ])
    .unwrap();
    let answer = accumulator.finish().unwrap();
    assert_eq!(answer.calls().next().unwrap().input, json!("{\"left\": 2"));
    assert_eq!(answer.ending(), Ending::Truncated("max_tokens"));
}

#[test]
fn events_without_a_place_are_errors() {
    let text = || block(0, &json!({"type": "text", "text": ""}));
    let check = |stream: &[Value], expected: &str| {
        let error = events(stream).unwrap_err().to_string();
        assert_eq!(error, expected);
    };
    check(
        &[
            begin(),
            delta(0, &json!({"type": "text_delta", "text": "a"})),
        ],
        "event 1 of the stream: block 0 has not begun",
    );
    check(
        &[begin(), block(1, &json!({"type": "text", "text": ""}))],
        "event 1 of the stream: a block 1 after 0 others",
    );
    check(
        &[
            begin(),
            text(),
            delta(0, &json!({"type": "thinking_delta", "thinking": "a"})),
        ],
        "event 2 of the stream: block 0 is of another kind",
    );
    check(
        &[
            begin(),
            text(),
            json!({"type": "content_block_delta", "index": 0}),
        ],
        "event 2 of the stream: its members are no `content_block_delta`",
    );
    check(
        &[
            begin(),
            json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
        ],
        "the server sent an error in the stream: Overloaded",
    );
    let mut accumulator = Accumulator::default();
    let torn = SseEvent {
        name: None,
        data: "{".to_owned(),
    };
    assert!(matches!(
        accumulator.push(&torn),
        Err(StreamError::Malformed { event: 0, .. })
    ));
}

#[test]
fn a_text_becomes_the_first_of_several_blocks() {
    let mut content = Content::from("Hello.");
    content.push(Block::from("World.".to_owned()));
    let expected = json!([{"type": "text", "text": "Hello."}, {"type": "text", "text": "World."}]);
    assert_eq!(json!(content), expected);
}
