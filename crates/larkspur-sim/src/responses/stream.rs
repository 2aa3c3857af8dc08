//! A response as events, in the order of the published examples.

use larkspur_wire::responses::{OutputItem, OutputMessage, OutputPart, Response, Status};
use serde_json::{Map, Value, json};

use crate::answer::Events;
use crate::store::Pace;

/// How the events of a request are cut.
pub(super) fn pace(body: &Map<String, Value>, seed: u64) -> Pace {
    let obfuscates = body
        .get("stream_options")
        .and_then(|options| options.get("include_obfuscation"))
        .and_then(Value::as_bool)
        .unwrap_or(true);
    Pace { seed, obfuscates }
}

/// The events that tell of a response: all, or those behind one.
pub(super) fn after(response: &Response, pace: Pace, after: Option<u64>) -> Events {
    let mut telling = Telling {
        events: Events::new(pace.seed),
        sequence: 0,
        after,
        obfuscates: pace.obfuscates,
    };
    telling.all(response);
    telling.events
}

struct Telling {
    events: Events,
    sequence: u64,
    /// The last event that is not told again.
    after: Option<u64>,
    obfuscates: bool,
}

impl Telling {
    fn all(&mut self, response: &Response) {
        let begun = json!(Response {
            status: Some(Status::InProgress),
            output: Vec::new(),
            usage: None,
            completed_at: None,
            incomplete_details: None,
            ..response.clone()
        });
        self.event("response.created", json!({"response": begun}));
        self.event("response.in_progress", json!({"response": begun}));
        for (item, index) in response.output.iter().zip(0..) {
            self.item(item, index);
        }
        let end = match response.status {
            Some(Status::Incomplete) => "response.incomplete",
            Some(Status::Failed) => "response.failed",
            _ => "response.completed",
        };
        self.event(end, json!({"response": response}));
    }

    fn event(&mut self, kind: &str, mut data: Value) {
        let told = self.after.is_none_or(|after| self.sequence > after);
        if told && let Some(members) = data.as_object_mut() {
            let mut all = Map::new();
            all.insert("type".to_owned(), json!(kind));
            all.insert("sequence_number".to_owned(), json!(self.sequence));
            all.append(members);
            self.events.push(Some(kind), &Value::Object(all));
        }
        self.sequence += 1;
    }

    fn item(&mut self, item: &OutputItem, index: u64) {
        let at = json!({"output_index": index});
        let added = |item: &Value| merged(&at, &json!({"item": item}));
        match item {
            OutputItem::Message(message) => {
                let begun = OutputMessage {
                    status: Some(Status::InProgress),
                    content: Vec::new(),
                    ..message.clone()
                };
                self.event(
                    "response.output_item.added",
                    added(&json!(OutputItem::from(begun))),
                );
                let at = merged(&json!({"item_id": message.id}), &at);
                for (part, content_index) in message.content.iter().zip(0_u64..) {
                    self.part(part, &merged(&at, &json!({"content_index": content_index})));
                }
            }
            OutputItem::FunctionCall(call) => {
                let begun = json!(item);
                let begun = merged(&begun, &json!({"arguments": "", "status": "in_progress"}));
                self.event("response.output_item.added", added(&begun));
                let at = merged(&json!({"item_id": call.id}), &at);
                self.text("response.function_call_arguments", &at, &call.arguments);
                let done = json!({"name": call.name, "arguments": call.arguments});
                self.event("response.function_call_arguments.done", merged(&at, &done));
            }
            OutputItem::CustomToolCall(call) => {
                let begun = merged(&json!(item), &json!({"input": "", "status": "in_progress"}));
                self.event("response.output_item.added", added(&begun));
                let at = merged(&json!({"item_id": call.id}), &at);
                self.text("response.custom_tool_call_input", &at, &call.input);
                let done = json!({"input": call.input});
                self.event("response.custom_tool_call_input.done", merged(&at, &done));
            }
            other => self.event("response.output_item.added", added(&json!(other))),
        }
        self.event("response.output_item.done", added(&json!(item)));
    }

    fn part(&mut self, part: &OutputPart, at: &Value) {
        let (kind, member, text) = match part {
            OutputPart::OutputText(part) => ("response.output_text", "text", &part.text),
            OutputPart::Refusal(part) => ("response.refusal", "refusal", &part.refusal),
            _ => return,
        };
        let begun = merged(&json!(part), &json!({member: ""}));
        self.event(
            "response.content_part.added",
            merged(at, &json!({"part": begun})),
        );
        self.text(kind, at, text);
        self.event(&format!("{kind}.done"), merged(at, &json!({member: text})));
        self.event(
            "response.content_part.done",
            merged(at, &json!({"part": part})),
        );
    }

    fn text(&mut self, kind: &str, at: &Value, text: &str) {
        let kind = format!("{kind}.delta");
        for piece in self.events.pieces(text) {
            let mut delta = merged(at, &json!({"delta": piece}));
            if self.obfuscates {
                delta = merged(&delta, &json!({"obfuscation": self.events.obfuscation()}));
            }
            self.event(&kind, delta);
        }
    }
}

/// The members of both; where both have one, the second's.
fn merged(first: &Value, second: &Value) -> Value {
    let members = [first, second].into_iter().filter_map(Value::as_object);
    let members = members.flatten();
    Value::Object(
        members
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}
