//! An answer as chunks, each of which is a response with the parts that are new.

use larkspur_wire::gemini::{Part, Response, UsageMetadata};
use serde_json::json;

use crate::answer::Events;

use super::Said;

/// The events that tell of an answer.
pub(super) fn events(mut said: Said, seed: u64) -> Events {
    let mut events = Events::new(seed);
    if said.is_blocked() {
        events.push(None, &json!(said.response));
        return events;
    }
    if let Some(part) = said.thought() {
        chunk(&mut events, &said, part);
    }
    for part in std::mem::take(&mut said.parts) {
        let Some(text) = &part.text else {
            chunk(&mut events, &said, part);
            continue;
        };
        for piece in events.pieces(text) {
            chunk(&mut events, &said, piece.into());
        }
    }
    // The signature of a text comes behind it, in a part without text.
    let last = Part {
        thought_signature: said.signature.take(),
        ..Part::from("")
    };
    let last = Response {
        candidates: vec![said.candidate(vec![last], true)],
        ..said.response
    };
    events.push(None, &json!(last));
    events
}

/// A chunk before the last one: what was written is counted there.
fn chunk(events: &mut Events, said: &Said, part: Part) {
    let read = said.response.usage_metadata.as_ref();
    let read = read.and_then(|usage| usage.prompt_token_count);
    let chunk = Response {
        candidates: vec![said.candidate(vec![part], false)],
        usage_metadata: Some(UsageMetadata {
            prompt_token_count: read,
            total_token_count: read,
            ..UsageMetadata::default()
        }),
        ..said.response.clone()
    };
    events.push(None, &json!(chunk));
}
