//! Recorded streams: events as types, and the answers they add up to.

use larkspur_wire::{SseDecoder, SseEvent, chat, responses};
use serde_json::Value;

use crate::data;
use crate::wire::round_trip;

/// The events of a stream that comes in pieces of so many bytes.
fn events(stream: &str, piece: usize) -> Vec<SseEvent> {
    let mut decoder = SseDecoder::default();
    let events = stream
        .as_bytes()
        .chunks(piece)
        .flat_map(|piece| decoder.push(piece).unwrap())
        .collect();
    assert!(!decoder.is_mid_event(), "a recording ends within an event");
    events
}

fn streams(file: &str) -> Vec<String> {
    data::lines(file)
        .into_iter()
        .filter_map(|record| Some(record["sse"].as_str()?.to_owned()))
        // A recording may lack the empty line behind its last event.
        .map(|stream| format!("{}\n\n", stream.trim_end()))
        .collect()
}

/// The items, without what a server encrypts anew each time, and the ids that some recordings replace by numbers.
fn plain(items: &[responses::OutputItem]) -> Vec<Value> {
    let items = items.iter().map(|item| serde_json::to_value(item).unwrap());
    items
        .map(|mut item| {
            let members = item.as_object_mut().unwrap();
            members.remove("encrypted_content");
            members
                .retain(|_, value| !value.as_str().is_some_and(|text| text.contains("capture-")));
            item
        })
        .collect()
}

#[test]
fn responses_add_up_to_their_last_event() {
    let (mut whole, mut known) = (0, 0);
    for stream in streams("openai-recordings/responses.jsonl") {
        for piece in [1, 7, usize::MAX] {
            let mut accumulator = responses::Accumulator::default();
            let mut last = None;
            for event in events(&stream, piece) {
                let json: Value = serde_json::from_str(&event.data).unwrap();
                let typed: responses::Event = serde_json::from_value(json.clone()).unwrap();
                assert_eq!(serde_json::to_value(&typed).unwrap(), json);
                known += usize::from(!matches!(typed, responses::Event::Other(_)));
                match typed {
                    responses::Event::Completed(event)
                    | responses::Event::Incomplete(event)
                    | responses::Event::Failed(event) => {
                        last = Some(*event.response);
                        break;
                    }
                    event => drop(accumulator.apply(event).unwrap()),
                }
            }
            let Some(last) = last else {
                continue;
            };
            // What was put together from the pieces, without the help of the last event.
            assert_eq!(plain(&accumulator.response().output), plain(&last.output));
            assert!(accumulator.clone().finish().is_err());
            whole += 1;
        }
    }
    assert!(whole > 150, "{whole}");
    assert!(known > 5_000, "{known}");
}

#[test]
fn a_response_is_whole_with_its_last_event_only() {
    for stream in streams("openai-recordings/responses.jsonl") {
        let all = events(&stream, usize::MAX);
        let mut accumulator = responses::Accumulator::default();
        for event in &all {
            assert!(!accumulator.is_ended());
            if accumulator.push(event).is_err() {
                break;
            }
        }
        let last: Value = serde_json::from_str(&all.last().unwrap().data).unwrap();
        let whole = ["completed", "incomplete", "failed"]
            .iter()
            .any(|end| last["type"] == format!("response.{end}"));
        assert_eq!(accumulator.finish().is_ok(), whole);
    }
}

#[test]
fn chunks_add_up_to_their_texts_and_calls() {
    let mut whole = 0;
    for stream in streams("openai-recordings/chat-completions.jsonl") {
        for piece in [3, usize::MAX] {
            let mut accumulator = chat::Accumulator::default();
            let (mut text, mut arguments) = (String::new(), String::new());
            let mut usage = Value::Null;
            for event in events(&stream, piece) {
                accumulator.push(&event).unwrap();
                if event.is_done() {
                    continue;
                }
                let json: Value = serde_json::from_str(&event.data).unwrap();
                assert_eq!(round_trip::<chat::Chunk>(&json), Ok(()));
                for choice in json["choices"].as_array().into_iter().flatten() {
                    if choice["index"].as_u64().unwrap_or(0) == 0 {
                        let delta = &choice["delta"];
                        text.push_str(delta["content"].as_str().unwrap_or(""));
                        for call in delta["tool_calls"].as_array().into_iter().flatten() {
                            let piece = call["function"]["arguments"].as_str();
                            arguments.push_str(piece.unwrap_or(""));
                        }
                    }
                }
                if json["usage"].is_object() {
                    usage = json["usage"].clone();
                }
            }
            let completion = accumulator.finish().unwrap();
            assert_eq!(completion.text(), text);
            let calls = completion.function_calls();
            let joined: String = calls.map(|call| call.function.arguments.as_str()).collect();
            assert_eq!(joined, arguments);
            let found = completion
                .usage
                .map_or(Value::Null, |usage| serde_json::to_value(usage).unwrap());
            assert_eq!(found, usage);
            whole += 1;
        }
    }
    assert!(whole > 80, "{whole}");
}
