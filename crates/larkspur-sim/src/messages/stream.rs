//! An answer as events, in the order of the published examples.

use larkspur_wire::anthropic::{Block, Response};
use serde_json::{Value, json};

use crate::answer::Events;

use super::Said;

/// The events that tell of an answer.
pub(super) fn events(response: Response, blocks: Vec<Said>, seed: u64) -> Events {
    let mut events = Events::new(seed);
    let usage = response.usage.clone().unwrap_or_default();
    let reason = response.stop_reason.clone();
    let begun = Response {
        stop_reason: None,
        ..response
    };
    let mut begun = json!(begun);
    if let Some(begun) = begun.as_object_mut() {
        begun.insert("stop_reason".to_owned(), Value::Null);
        begun.insert(
            "usage".to_owned(),
            json!({"input_tokens": usage.input_tokens, "output_tokens": 1}),
        );
    }
    event(&mut events, "message_start", json!({"message": begun}));
    event(&mut events, "ping", json!({}));
    for (said, index) in blocks.into_iter().zip(0_u64..) {
        block(&mut events, &said, index);
    }
    let end = json!({"stop_reason": reason, "stop_sequence": null});
    let total = json!({"output_tokens": usage.output_tokens});
    event(
        &mut events,
        "message_delta",
        json!({"delta": end, "usage": total}),
    );
    event(&mut events, "message_stop", json!({}));
    events
}

fn block(events: &mut Events, said: &Said, index: u64) {
    let begun = json!({"index": index, "content_block": said.block});
    event(events, "content_block_start", begun);
    let (kind, member) = match said.block {
        Block::ToolUse(_) => ("input_json_delta", "partial_json"),
        _ => ("text_delta", "text"),
    };
    for piece in events.pieces(&said.text) {
        let delta = json!({"type": kind, member: piece});
        let delta = json!({"index": index, "delta": delta});
        event(events, "content_block_delta", delta);
    }
    event(events, "content_block_stop", json!({"index": index}));
}

fn event(events: &mut Events, kind: &str, members: Value) {
    let mut data = json!({"type": kind});
    if let (Some(data), Value::Object(members)) = (data.as_object_mut(), members) {
        data.extend(members);
    }
    events.push(Some(kind), &data);
}
