//! Events of each API, from their text to the answer that they add up to, without a server: beside the same by way of a tree of
//! `serde_json`.

use larkspur_client::wire::{SseEvent, anthropic, chat, gemini, responses};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Events of one stream.
pub(crate) const EVENTS: usize = 2_000;

/// An API, and the two ways to read the same stream of it.
pub(crate) struct Contest {
    pub(crate) api: &'static str,
    pub(crate) ours: Box<dyn Fn()>,
    pub(crate) by_tree: Box<dyn Fn()>,
}

macro_rules! contest {
    ($api:literal, $module:ident, $event:ty, $begin:expr, $piece:expr) => {{
        let events = events(&$begin, &$piece);
        let same = events.clone();
        Contest {
            api: $api,
            ours: Box::new(move || {
                let mut accumulator = $module::Accumulator::default();
                for event in &events {
                    accumulator.push(event).expect("an event");
                }
            }),
            by_tree: Box::new(move || {
                let mut accumulator = $module::Accumulator::default();
                for event in &same {
                    let event: $event = by_tree(&event.data);
                    accumulator.apply(event).expect("an event");
                }
            }),
        }
    }};
}

pub(crate) fn contests() -> [Contest; 4] {
    [
        contest!(
            "Responses",
            responses,
            responses::Event,
            json!({"type": "response.output_item.added", "output_index": 0, "sequence_number": 1, "item":
                {"type": "message", "id": "msg_1", "role": "assistant", "status": "in_progress", "content": []}}),
            json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": " lamp",
                "logprobs": [], "sequence_number": 7})
        ),
        contest!(
            "Chat",
            chat,
            chat::Chunk,
            piece_of_chat(json!({"role": "assistant", "content": ""})),
            piece_of_chat(json!({"content": " lamp"}))
        ),
        contest!(
            "Anthropic",
            anthropic,
            anthropic::Event,
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " lamp"}})
        ),
        contest!(
            "Gemini",
            gemini,
            gemini::Response,
            piece_of_gemini(""),
            piece_of_gemini(" lamp")
        ),
    ]
}

fn piece_of_chat(delta: Value) -> Value {
    json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_765_000_000, "model": "gpt-5.2-2025-12-11",
        "service_tier": "default", "system_fingerprint": null, "usage": null,
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": null}]})
}

fn piece_of_gemini(text: &str) -> Value {
    json!({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}],
        "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 7, "totalTokenCount": 107},
        "modelVersion": "gemini-3-pro", "responseId": "resp_1"})
}

/// A beginning, and then one piece after the other.
fn events(begin: &Value, piece: &Value) -> Vec<SseEvent> {
    let event = |data: &Value| SseEvent {
        data: data.to_string(),
        ..SseEvent::default()
    };
    let pieces = std::iter::repeat_n(event(piece), EVENTS - 1);
    std::iter::once(event(begin)).chain(pieces).collect()
}

fn by_tree<T: DeserializeOwned>(text: &str) -> T {
    let tree: Value = serde_json::from_str(text).expect("JSON");
    serde_json::from_value(tree).expect("an event")
}
