//! `messages` of the Chat Completions API: roles, contents, and the pairing of tool calls with tool messages.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::fields::Fields;

const ROLES: [&str; 6] = [
    "system",
    "assistant",
    "user",
    "function",
    "tool",
    "developer",
];
const PARTS: [&str; 5] = ["text", "image_url", "input_audio", "refusal", "file"];

/// The messages of a request.
pub(super) fn check<'a>(body: &Fields<'a>) -> Result<&'a [Value], ApiError> {
    body.required("messages")?;
    let messages = body.array("messages")?.unwrap_or_default();
    if messages.is_empty() {
        let message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.";
        return Err(ApiError::invalid(message)
            .param("messages")
            .code("empty_array"));
    }
    for (place, item) in messages.iter().enumerate() {
        let fields = Fields::of(item, format!("messages[{place}]"))?;
        fields.required("role")?;
        let role = fields.one_of("role", &ROLES)?.unwrap_or_default();
        content(&fields, role)?;
        if role == "assistant" {
            calls(&fields)?;
        }
        if role == "tool" {
            fields.required_string("tool_call_id")?;
        }
    }
    pairing(messages)?;
    Ok(messages)
}

fn content(fields: &Fields<'_>, role: &str) -> Result<(), ApiError> {
    let path = fields.path("content");
    match fields.get("content") {
        Some(Value::String(_)) => Ok(()),
        Some(Value::Array(parts)) => {
            for (place, part) in parts.iter().enumerate() {
                let part = Fields::of(part, format!("{path}[{place}]"))?;
                part.required("type")?;
                if part.one_of("type", &PARTS)? == Some("text") {
                    part.required_string("text")?;
                }
            }
            Ok(())
        }
        None if role == "assistant"
            && ["tool_calls", "function_call", "refusal", "audio"]
                .iter()
                .any(|name| fields.get(name).is_some()) =>
        {
            Ok(())
        }
        None => {
            let message = "Invalid value for 'content': expected a string, got null.";
            Err(ApiError::invalid(message).param(path.replacen('[', ".[", 1)))
        }
        Some(other) => Err(ApiError::wrong_type(
            &path,
            "one of a string or array of objects",
            other,
        )),
    }
}

fn calls(fields: &Fields<'_>) -> Result<(), ApiError> {
    for (place, call) in fields
        .array("tool_calls")?
        .unwrap_or_default()
        .iter()
        .enumerate()
    {
        let call = Fields::of(call, format!("{}[{place}]", fields.path("tool_calls")))?;
        call.required_string("id")?;
        call.required("type")?;
        let kind = call
            .one_of("type", &["function", "custom"])?
            .unwrap_or_default();
        let inner = call
            .object(kind)?
            .ok_or_else(|| ApiError::missing(&call.path(kind)))?;
        inner.required_string("name")?;
        inner.required_string(if kind == "custom" {
            "input"
        } else {
            "arguments"
        })?;
    }
    Ok(())
}

/// Tool messages follow the assistant message whose calls they answer, and answer all of them.
fn pairing(messages: &[Value]) -> Result<(), ApiError> {
    let mut open: Vec<&str> = Vec::new();
    let mut opened_at = 0;
    let mut after_calls = false;
    for (place, message) in messages.iter().enumerate() {
        let text = |name: &str| message.get(name).and_then(Value::as_str);
        if text("role") == Some("tool") {
            if !after_calls {
                let message = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
                return Err(ApiError::invalid(message).param(format!("messages.[{place}].role")));
            }
            open.retain(|id| Some(*id) != text("tool_call_id"));
            continue;
        }
        unanswered(&open, opened_at)?;
        let calls = message.get("tool_calls").and_then(Value::as_array);
        after_calls = calls.is_some_and(|calls| !calls.is_empty());
        opened_at = place;
        open = calls
            .into_iter()
            .flatten()
            .filter_map(|call| call.get("id")?.as_str())
            .collect();
    }
    unanswered(&open, opened_at)
}

fn unanswered(open: &[&str], place: usize) -> Result<(), ApiError> {
    if open.is_empty() {
        return Ok(());
    }
    let message = format!(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
        open.join(", ")
    );
    Err(ApiError::invalid(message).param(format!("messages.[{place}].role")))
}
