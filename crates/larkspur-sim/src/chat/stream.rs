//! A completion as chunks.

use larkspur_wire::chat::{Choice, Completion, ToolCall};
use serde_json::{Map, Value, json};

use crate::answer::Events;

/// The chunks that tell of a completion.
pub(super) fn events(body: &Map<String, Value>, completion: &Completion, seed: u64) -> Events {
    let option = |name: &str| body.get("stream_options")?.get(name)?.as_bool();
    let mut telling = Telling {
        events: Events::new(seed),
        head: json!({
            "id": completion.id,
            "object": "chat.completion.chunk",
            "created": completion.created,
            "model": completion.model,
            "service_tier": completion.service_tier,
            "system_fingerprint": null,
        }),
        counts: option("include_usage").unwrap_or(false),
        obfuscates: option("include_obfuscation").unwrap_or(true),
    };
    for choice in &completion.choices {
        telling.choice(choice);
    }
    if telling.counts {
        telling.chunk(&json!({"choices": [], "usage": completion.usage}));
    }
    telling.events.done();
    telling.events
}

struct Telling {
    events: Events,
    /// What all chunks say.
    head: Value,
    /// The usage comes in a chunk of its own, and is `null` in all others.
    counts: bool,
    obfuscates: bool,
}

impl Telling {
    fn chunk(&mut self, own: &Value) {
        let mut chunk = self.head.clone();
        if let (Some(chunk), Some(own)) = (chunk.as_object_mut(), own.as_object()) {
            if self.counts {
                chunk.insert("usage".to_owned(), Value::Null);
            }
            chunk.extend(own.clone());
        }
        self.events.push(None, &chunk);
    }

    fn delta(&mut self, index: u64, delta: &Value, finish: &Value) {
        let choice =
            json!({"index": index, "delta": delta, "logprobs": null, "finish_reason": finish});
        let mut chunk = json!({"choices": [choice]});
        if self.obfuscates
            && let Some(chunk) = chunk.as_object_mut()
        {
            chunk.insert("obfuscation".to_owned(), json!(self.events.obfuscation()));
        }
        self.chunk(&chunk);
    }

    fn choice(&mut self, choice: &Choice) {
        let index = choice.index;
        let message = &choice.message;
        let calls = message.tool_calls.as_deref().unwrap_or_default();
        let text = message
            .content
            .as_ref()
            .map(larkspur_wire::chat::Content::text);
        let begun = if calls.is_empty() {
            json!("")
        } else {
            Value::Null
        };
        let begun = json!({"role": "assistant", "content": begun, "refusal": null});
        self.delta(index, &begun, &Value::Null);
        for piece in self.events.pieces(text.as_deref().unwrap_or_default()) {
            self.delta(index, &json!({"content": piece}), &Value::Null);
        }
        let refusal = message.refusal.as_deref().unwrap_or_default();
        for piece in self.events.pieces(refusal) {
            self.delta(index, &json!({"refusal": piece}), &Value::Null);
        }
        for (call, number) in calls.iter().zip(0_u64..) {
            self.call(index, call, number);
        }
        self.delta(index, &json!({}), &json!(choice.finish_reason));
    }

    /// The first piece names the call, the others have its input.
    fn call(&mut self, index: u64, call: &ToolCall, number: u64) {
        let (kind, member, name, id, input) = match call {
            ToolCall::Function(call) => {
                let called = &call.function;
                (
                    "function",
                    "arguments",
                    &called.name,
                    &call.id,
                    &called.arguments,
                )
            }
            ToolCall::Custom(call) => {
                let called = &call.custom;
                ("custom", "input", &called.name, &call.id, &called.input)
            }
            _ => return,
        };
        let begun =
            json!({"index": number, "id": id, "type": kind, kind: {"name": name, member: ""}});
        self.delta(index, &json!({"tool_calls": [begun]}), &Value::Null);
        for piece in self.events.pieces(input) {
            let piece = json!({"index": number, kind: {member: piece}});
            self.delta(index, &json!({"tool_calls": [piece]}), &Value::Null);
        }
    }
}
