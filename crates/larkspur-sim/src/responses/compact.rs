//! `POST /v1/responses/compact` and `POST /v1/responses/input_tokens`.

use larkspur_wire::Usage;
use larkspur_wire::responses::{CompactedResponse, Compaction, InputItem, InputTokens, OutputItem};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::{App, now};
use crate::ask::{texts, tokens};
use crate::check;
use crate::fault::Fault;

/// Makes a conversation short: what people said stays as it is, and everything else becomes one opaque item.
pub(crate) fn compact(
    app: &App,
    body: &Map<String, Value>,
    _fault: Option<Fault>,
) -> Result<Answer<CompactedResponse>, ApiError> {
    let mut conversation = super::earlier(app, body)?;
    conversation.extend(check::compact(body)?);
    let mut read = Vec::new();
    for item in &conversation {
        texts(item, &mut read);
    }
    let read = tokens(read.iter().map(String::len).sum());
    let mut output: Vec<InputItem> = conversation
        .iter()
        .filter(|item| is_kept(item))
        .filter_map(|item| serde_json::from_value(whole(app, item)).ok())
        .collect();
    output.push(OutputItem::from(compaction(app)).into());
    let usage = Usage {
        input_tokens: read.max(1),
        output_tokens: read / 10 + 1,
        ..Usage::default()
    };
    Ok(Answer::Whole(CompactedResponse {
        id: app.id("resp_"),
        object: Some("response.compaction".to_owned()),
        created_at: Some(now().into()),
        output,
        usage: Some(usage.into()),
        ..CompactedResponse::default()
    }))
}

/// An item that stands for what was compacted. Nobody can read it, this server neither: it knows no more than it said.
pub(super) fn compaction(app: &App) -> Compaction {
    Compaction {
        id: Some(app.id("cmp_")),
        encrypted_content: app.id("gAAAA"),
        ..Compaction::default()
    }
}

/// Messages of people stay; the model's words, calls, outputs and earlier compactions do not.
fn is_kept(item: &Value) -> bool {
    let role = item.get("role").and_then(Value::as_str);
    matches!(role, Some("user" | "developer" | "system"))
}

/// A message with every member that an answer has.
fn whole(app: &App, item: &Value) -> Value {
    let content = match item.get("content") {
        Some(Value::String(text)) => json!([{"type": "input_text", "text": text}]),
        Some(content) => content.clone(),
        None => json!([]),
    };
    json!({
        "type": "message",
        "id": app.id("msg_"),
        "role": item.get("role"),
        "status": "completed",
        "content": content,
    })
}

/// Says what a request would cost to read.
pub(crate) fn count_tokens(
    app: &App,
    body: &Map<String, Value>,
    _fault: Option<Fault>,
) -> Result<Answer<InputTokens>, ApiError> {
    let earlier = super::earlier(app, body)?;
    let context = check::Context {
        engine: &app.engine,
        earlier: &earlier,
    };
    let ask = check::countable(body, &context)?;
    Ok(Answer::Whole(InputTokens {
        object: Some("response.input_tokens".to_owned()),
        input_tokens: tokens(ask.input_bytes).max(1),
        ..InputTokens::default()
    }))
}
