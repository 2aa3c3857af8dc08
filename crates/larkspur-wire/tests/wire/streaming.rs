//! Streams: events out of bytes, answers out of events.

use larkspur_wire::{Delta, EventTooLong, SseDecoder, SseEvent, StreamError, chat, responses};
use proptest::prelude::*;
use serde_json::json;

fn data(text: &str) -> SseEvent {
    SseEvent {
        name: None,
        data: text.to_owned(),
    }
}

#[track_caller]
fn check_events(stream: &[u8], expected: &[&str]) {
    let mut decoder = SseDecoder::default();
    let found = decoder.push(stream).unwrap();
    let found: Vec<_> = found.iter().map(|event| event.data.as_str()).collect();
    assert_eq!(found, expected);
}

#[test]
fn lines_end_in_any_of_three_ways() {
    for end in ["\n", "\r\n", "\r"] {
        let stream = "data: 1||data: 2|data: 3||".replace('|', end);
        check_events(stream.as_bytes(), &["1", "2\n3"]);
    }
}

#[test]
fn what_is_no_data_is_no_event() {
    check_events(b": ping\n\nevent: x\n\nid: 1\nretry: 5\n\n\n\n", &[]);
    check_events("\u{feff}data: 1\n\n".as_bytes(), &["1"]);
    check_events(b"data\n\n", &[""]);
    check_events(b"data:1\n\ndata:  2\n\n", &["1", " 2"]);
    check_events(b"data: a\xffb\n\n", &["a\u{fffd}b"]);
    check_events(b"database: 1\n\n", &[]);
    // What is not ended is not there yet.
    check_events(b"data: 1\n", &[]);
}

#[test]
fn an_event_has_the_name_of_its_line() {
    let events = SseDecoder::default()
        .push(b"event: error\ndata: {}\n\ndata: 2\n\n")
        .unwrap();
    assert_eq!(events[0].name.as_deref(), Some("error"));
    assert_eq!(events[1].name, None);
}

#[test]
fn an_event_may_not_be_endless() {
    let mut decoder = SseDecoder::with_max_event_bytes(10);
    assert_eq!(
        decoder.push(b"data: 123456"),
        Err(EventTooLong { limit: 10 })
    );
    let mut decoder = SseDecoder::with_max_event_bytes(10);
    let events = decoder.push(b"data: 123\n\ndata: 456\n\n").unwrap();
    assert_eq!(events.len(), 2);
}

proptest! {
    #[test]
    fn cuts_make_no_difference(
        stream in "(data: [a-zé😀]{0,5}|event: [a-z]{1,3}|: x|)(\n|\r\n|\r){1,3}{0,1}.{0,3}\r\n\r\n",
        cuts in prop::collection::vec(0_usize..40, 0..6),
    ) {
        let stream = stream.repeat(3);
        let whole = SseDecoder::default().push(stream.as_bytes()).unwrap();
        let mut decoder = SseDecoder::default();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
        cuts.sort_unstable();
        let mut found = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([stream.len()]) {
            found.extend(decoder.push(&stream.as_bytes()[from..cut]).unwrap());
            from = cut;
        }
        prop_assert_eq!(found, whole);
    }
}

fn message(id: &str) -> serde_json::Value {
    json!({"type": "response.output_item.added", "output_index": 0,
        "item": {"type": "message", "id": id, "role": "assistant", "content": []}})
}

fn response(status: &str) -> serde_json::Value {
    json!({"type": format!("response.{status}"), "response": {"id": "resp_1", "status": status}})
}

/// What came of the events: the text of the answer, or the error.
fn accumulate(events: &[serde_json::Value]) -> Result<String, String> {
    let mut accumulator = responses::Accumulator::default();
    for event in events {
        let pushed = accumulator.push(&data(&event.to_string()));
        pushed.map_err(|error| error.to_string())?;
    }
    let response = accumulator.finish().map_err(|error| error.to_string())?;
    let calls = response.function_calls().map(|call| call.arguments.clone());
    let customs = response.custom_calls().map(|call| call.input.clone());
    let all = [response.output_text().into_owned()].into_iter();
    Ok(all
        .chain(calls)
        .chain(customs)
        .collect::<Vec<_>>()
        .join("|"))
}

#[test]
fn a_done_replaces_its_pieces() {
    let delta = json!({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Hel"});
    let done = json!({"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "Hello"});
    let found = accumulate(&[message("m"), delta, done, response("completed")]);
    assert_eq!(found.as_deref(), Ok("Hello"));
}

#[test]
fn calls_may_interleave() {
    let added = |index: u64, kind: &str, input: &str| {
        json!({"type": "response.output_item.added", "output_index": index,
            "item": {"type": kind, "id": format!("i{index}"), "call_id": "c", "name": "f", input: ""}})
    };
    let delta = |index: u64, kind: &str, delta: &str| json!({"type": format!("response.{kind}.delta"), "output_index": index, "item_id": format!("i{index}"), "delta": delta});
    let found = accumulate(&[
        added(0, "function_call", "arguments"),
        added(1, "custom_tool_call", "input"),
        delta(1, "custom_tool_call_input", "SEL"),
        delta(0, "function_call_arguments", "{\"a\""),
        delta(1, "custom_tool_call_input", "ECT"),
        delta(0, "function_call_arguments", ":1}"),
        response("completed"),
    ]);
    assert_eq!(found.as_deref(), Ok(r#"|{"a":1}|SELECT"#));
}

#[test]
fn news_are_skipped_and_holes_are_not() {
    let news = json!({"type": "response.telepathy.delta", "delta": 1});
    let found = accumulate(&[
        news,
        json!({"type": "keepalive", "sequence_number": 3}),
        response("completed"),
    ]);
    assert_eq!(found.as_deref(), Ok(""));

    let hole = json!({"type": "response.output_text.delta", "delta": 1});
    let found = accumulate(&[message("m"), hole, response("completed")]);
    assert_eq!(
        found.unwrap_err(),
        "event 1 of the stream: a `response.output_text.delta` that cannot be read"
    );
    let stray = json!({"type": "response.output_text.delta", "output_index": 3, "delta": "x"});
    assert_eq!(
        accumulate(&[message("m"), stray]).unwrap_err(),
        "event 1 of the stream: it is about item 3, which has not begun"
    );
    assert_eq!(
        accumulate(&[json!(1)]).unwrap_err(),
        "event 0 of the stream: it has no `type`"
    );
}

#[test]
fn a_server_that_does_not_count_is_understood_by_ids() {
    let delta = |id: &str, text: &str| json!({"type": "response.output_text.delta", "item_id": id, "delta": text});
    let found = accumulate(&[
        message("a"),
        message("b"),
        delta("b", "2"),
        delta("a", "1"),
        response("completed"),
    ]);
    assert_eq!(found.as_deref(), Ok("12"));
}

#[test]
fn errors_within_a_stream_are_errors() {
    for error in [
        json!({"type": "error", "code": "server_error", "message": "sorry", "param": null}),
        json!({"type": "error", "error": {"code": "server_error", "message": "sorry"}}),
        json!({"error": {"code": "server_error", "message": "sorry"}}),
    ] {
        assert_eq!(
            accumulate(&[message("m"), error]).unwrap_err(),
            "the server sent an error in the stream: sorry (code server_error)"
        );
    }
}

#[test]
fn a_stream_that_stops_is_cut() {
    assert_eq!(
        accumulate(&[response("created"), message("m")]).unwrap_err(),
        "the stream ended after 2 events, before the answer did"
    );
    assert_eq!(accumulate(&[response("incomplete")]).as_deref(), Ok(""));
}

fn chunks(chunks: &[serde_json::Value]) -> Result<(chat::Completion, Vec<Delta>), StreamError> {
    let mut accumulator = chat::Accumulator::default();
    let mut deltas = Vec::new();
    for chunk in chunks {
        deltas.extend(accumulator.push(&data(&chunk.to_string()))?);
    }
    Ok((accumulator.finish()?, deltas))
}

fn delta(index: u64, delta: &serde_json::Value) -> serde_json::Value {
    json!({"id": "c", "choices": [{"index": index, "delta": delta}]})
}

fn stop(index: u64) -> serde_json::Value {
    json!({"choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]})
}

#[test]
fn pieces_of_calls_are_joined_by_their_index() {
    let piece = |index: u64, text: &str| {
        delta(
            0,
            &json!({"tool_calls": [{"index": index, "function": {"arguments": text}}]}),
        )
    };
    let begin = |index: u64, id: &str| {
        delta(
            0,
            &json!({"tool_calls": [{"index": index, "id": id, "type": "function", "function": {"name": "f", "arguments": ""}}]}),
        )
    };
    let (completion, deltas) = chunks(&[
        begin(0, "a"),
        begin(1, "b"),
        piece(1, "{}"),
        piece(0, "[]"),
        stop(0),
    ])
    .unwrap();
    let calls: Vec<_> = completion
        .function_calls()
        .map(|call| (call.id.as_str(), call.function.arguments.as_str()))
        .collect();
    assert_eq!(calls, [("a", "[]"), ("b", "{}")]);
    let second = Delta::Call {
        index: 1,
        text: "{}".to_owned(),
    };
    assert_eq!(deltas.first(), Some(&second));
}

#[test]
fn calls_that_are_all_the_first_are_told_apart_by_their_ids() {
    let begin = |id: &str| {
        delta(
            0,
            &json!({"tool_calls": [{"id": id, "function": {"name": "f", "arguments": "{}"}}]}),
        )
    };
    let (completion, _) = chunks(&[begin("a"), begin("b"), stop(0)]).unwrap();
    assert_eq!(completion.function_calls().count(), 2);
}

#[test]
fn a_custom_call_has_its_input() {
    let begin = delta(
        0,
        &json!({"tool_calls": [{"index": 0, "id": "a", "type": "custom", "custom": {"name": "sql", "input": "SEL"}}]}),
    );
    let more = delta(
        0,
        &json!({"tool_calls": [{"index": 0, "custom": {"input": "ECT"}}]}),
    );
    let (completion, _) = chunks(&[begin, more, stop(0)]).unwrap();
    let call = completion.custom_calls().next().unwrap();
    assert_eq!(
        (call.custom.name.as_str(), call.custom.input.as_str()),
        ("sql", "SELECT")
    );
}

#[test]
fn the_other_answers_are_kept_apart() {
    let (completion, deltas) = chunks(&[
        delta(1, &json!({"content": "b"})),
        delta(0, &json!({"content": "a", "reasoning_content": "hm"})),
        json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}),
        stop(0),
        stop(1),
    ])
    .unwrap();
    assert_eq!(
        deltas,
        [
            Delta::Text("a".to_owned()),
            Delta::Reasoning("hm".to_owned())
        ]
    );
    assert_eq!(completion.choices.len(), 2);
    assert_eq!(completion.usage.unwrap().total_tokens, 3);
}

#[test]
fn chunks_without_an_end_are_cut() {
    let error = chunks(&[delta(0, &json!({"content": "a"}))]).unwrap_err();
    assert_eq!(error, StreamError::Cut { events: 1 });
    let error = chunks(&[
        delta(0, &json!({"content": "a"})),
        json!({"error": {"message": "sorry", "code": 500}}),
    ]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "the server sent an error in the stream: sorry (code 500)"
    );
    let error = chunks(&[json!({"choices": 1})]).unwrap_err().to_string();
    assert!(
        error.starts_with("event 0 of the stream: it is no chunk:"),
        "{error}"
    );
}

#[test]
fn a_server_cannot_make_up_endless_parts() {
    let many: Vec<_> = (0..1_001)
        .map(|index| delta(index, &json!({"content": "x"})))
        .collect();
    assert_eq!(
        chunks(&many).unwrap_err().to_string(),
        "event 1000 of the stream: more than 1000 answers"
    );
    let far = delta(0, &json!({"tool_calls": [{"index": u64::MAX}]}));
    assert_eq!(
        chunks(&[far]).unwrap_err().to_string(),
        "event 0 of the stream: more than 1000 calls"
    );
}

/// An event read from its text is the one that serde reads, and adds the same to an answer.
#[track_caller]
fn reads_as_serde(text: &str) {
    let by_serde: Result<responses::Event, _> = serde_json::from_str(text);
    let by_serde = by_serde.ok();
    assert_eq!(responses::Event::read(text).ok(), by_serde, "{text}");
    let mut pushed = responses::Accumulator::default();
    pushed.push(&data(&message("msg_1").to_string())).unwrap();
    let mut applied = pushed.clone();
    let delta = pushed.push(&data(text));
    match by_serde {
        Some(event) => assert_eq!(delta, applied.apply(event), "{text}"),
        None => assert!(delta.is_err(), "{text}"),
    }
    assert_eq!(pushed.response(), applied.response(), "{text}");
    assert_eq!(
        pushed.last_sequence_number(),
        applied.last_sequence_number()
    );
}

#[test]
fn events_are_read_as_serde_reads_them() {
    let delta = r#""delta":"a\u00e9\n","item_id":"msg_1","output_index":0,"news":[{}]"#;
    for text in [
        format!(r#"{{"type":"response.output_text.delta",{delta}}}"#),
        format!(r#"{{{delta},"type":"response.output_text.delta"}}"#),
        format!(r#"{{"type":"response.output_\u0074ext.delta",{delta}}}"#),
        format!(
            r#"{{"type":"response.output_text.delta","type":"response.refusal.delta",{delta}}}"#
        ),
        format!(r#"{{"type":"response.output_text.delta",{delta},"delta":"again"}}"#),
        format!(r#"{{"type":"response.output_text.delta",{delta},"delta":7}}"#),
        format!(r#"{{"type":"response.output_text.delta","delta":7,{delta}}}"#),
        format!(r#"{{"type":"response.output_text.delta",{delta},"sequence_number":-1}}"#),
        format!(r#"{{"type":"response.output_text.delta",{delta},"sequence_number":4}}"#),
        format!(r#"{{"type":"response.refusal.delta",{delta},"content_index":1}}"#),
        format!(r#"{{"type":"response.function_call_arguments.delta",{delta}}}"#),
        format!(r#"{{"type":"response.reasoning_text.delta",{delta},"summary_index":null}}"#),
        format!(r#"{{"type":"response.output_text.done",{delta},"text":"whole"}}"#),
        r#"{"type":"response.output_text.delta","output_index":0}"#.to_owned(),
        r#"{"type":"response.output_text.delta","output_index":7,"delta":"stray"}"#.to_owned(),
        format!(r#"{{"type":"response.telepathy.delta",{delta}}}"#),
        format!(r#"{{"type":7,{delta}}}"#),
        format!(r#"{{"type":null,{delta}}}"#),
        format!(r#"{{"type":"response.output_text.delta",{delta}}} x"#),
        format!(r#"{{"type":"response.output_text.delta",{delta}"#),
        r#"{"type":"response.created","response":{"id":"r","output":[]}}"#.to_owned(),
        r#"{"type":"response.created","response":7}"#.to_owned(),
        r#"{"type":"error","message":"no","code":429}"#.to_owned(),
        r#"["response.created"]"#.to_owned(),
        r#""response.created""#.to_owned(),
        "null".to_owned(),
        String::new(),
    ] {
        reads_as_serde(&text);
    }
}
