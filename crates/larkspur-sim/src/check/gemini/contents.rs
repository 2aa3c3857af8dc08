//! `contents`: roles, parts, the pairing of calls with what they gave, and the signatures of thoughts.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::dialogue::{Dialogue, Said, Speaker};

use super::message::Message;

/// What a part may be, of which it is one.
const KINDS: &[&str] = &[
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
];

/// What a part may have besides.
const BESIDES: &[&str] = &[
    "mediaResolution",
    "partMetadata",
    "thought",
    "thoughtSignature",
    "videoMetadata",
];

/// The contents of a request.
pub(super) fn check<'a>(request: &Message<'a>, signed: bool) -> Result<&'a [Value], ApiError> {
    if let Some(instruction) = request.message("systemInstruction")? {
        parts(&instruction)?;
    }
    let contents = request.messages("contents")?;
    if contents.is_empty() {
        return Err(request.invalid("contents", "contents is not specified"));
    }
    for content in &contents {
        content.only(&["role", "parts"])?;
        match content.text("role")? {
            None | Some("user" | "model" | "function") => {}
            Some(_) => {
                return Err(ApiError::invalid("Please use a valid role: user, model."));
            }
        }
        parts(content)?;
    }
    let listed = match request.get("contents") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    pairing(listed)?;
    if signed {
        signatures(listed)?;
    }
    Ok(listed)
}

fn parts(content: &Message<'_>) -> Result<(), ApiError> {
    let parts = content.messages("parts")?;
    if parts.is_empty() {
        return Err(content.invalid("parts", "contents.parts must not be empty."));
    }
    for part in parts {
        let known: Vec<&str> = KINDS.iter().chain(BESIDES).copied().collect();
        part.only(&known)?;
        let mut kinds = KINDS.iter().filter(|kind| part.get(kind).is_some());
        let Some(kind) = kinds.next() else {
            return Err(part.invalid(
                "data",
                "required oneof field 'data' must have one initialized field",
            ));
        };
        if kinds.next().is_some() {
            return Err(ApiError::invalid(format!(
                "Invalid value at '{}' (oneof), oneof field 'data' is already set. Cannot set '{kind}'",
                part.place("").trim_end_matches('.')
            )));
        }
        members(&part)?;
    }
    Ok(())
}

/// What the kinds of parts must have.
fn members(part: &Message<'_>) -> Result<(), ApiError> {
    part.text("text")?;
    for (kind, required) in [
        ("functionCall", "name"),
        ("functionResponse", "name"),
        ("fileData", "fileUri"),
        ("inlineData", "data"),
    ] {
        let Some(inside) = part.message(kind)? else {
            continue;
        };
        if inside.text(required)?.is_none_or(str::is_empty) {
            let message = format_args!("{required} cannot be empty.");
            return Err(inside.invalid(required, message));
        }
    }
    if let Some(call) = part.message("functionCall")? {
        call.message("args")?;
    }
    if let Some(response) = part.message("functionResponse")? {
        response.message("response")?;
    }
    Ok(())
}

/// Members of a kind in the parts of a content.
fn of_kind<'a>(content: &'a Value, kind: &'static str) -> impl Iterator<Item = &'a Value> {
    let parts = match content.get("parts") {
        Some(Value::Array(parts)) => parts.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    parts.iter().filter(move |part| {
        part.as_object()
            .is_some_and(|part| Message::of(part).get(kind).is_some())
    })
}

/// Whether a content has what functions gave.
pub(super) fn has_outputs(content: &Value) -> bool {
    of_kind(content, "functionResponse").next().is_some()
}

fn is_model(content: &Value) -> bool {
    content.get("role").and_then(Value::as_str) == Some("model")
}

/// The content behind one with calls has as many responses; nothing else has any.
fn pairing(contents: &[Value]) -> Result<(), ApiError> {
    const UNEVEN: &str = "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
    let mut called = 0;
    let mut before: Option<&Value> = None;
    for content in contents {
        let gave = of_kind(content, "functionResponse").count();
        let calls = of_kind(content, "functionCall").count();
        if gave > 0 && called == 0 {
            return Err(ApiError::invalid(
                "Please ensure that function response turn comes immediately after a function call turn.",
            ));
        }
        if gave != called {
            return Err(ApiError::invalid(UNEVEN));
        }
        if calls > 0 && before.is_none_or(is_model) {
            return Err(ApiError::invalid(
                "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
            ));
        }
        called = calls;
        before = Some(content);
    }
    if called > 0 {
        return Err(ApiError::invalid(UNEVEN));
    }
    Ok(())
}

/// In the turn that goes on, the first call of each step has the signature that it came with.
fn signatures(contents: &[Value]) -> Result<(), ApiError> {
    let begins = |content: &Value| !is_model(content) && !has_outputs(content);
    let begun = contents.iter().rposition(begins).unwrap_or_default();
    for (at, content) in contents.iter().enumerate().skip(begun) {
        let first = of_kind(content, "functionCall").next();
        let Some(part) = first.and_then(Value::as_object).map(Message::of) else {
            continue;
        };
        if part
            .text("thoughtSignature")?
            .is_some_and(|text| !text.is_empty())
        {
            continue;
        }
        let call = part.message("functionCall")?;
        let name = call.and_then(|call| call.text("name").ok().flatten());
        return Err(ApiError::invalid(format!(
            "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{}` , position {}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
            name.unwrap_or_default(),
            at + 1
        )));
    }
    Ok(())
}

/// How many times responses of functions have come since the user's last content of another kind.
pub(super) fn tool_rounds(contents: &[Value]) -> u32 {
    let of_user = contents.iter().rev().filter(|content| !is_model(content));
    let rounds = of_user.take_while(|content| has_outputs(content));
    rounds.map(|_| 1).sum()
}

/// What was said so far.
pub(super) fn dialogue(request: &Message<'_>, contents: &[Value]) -> Dialogue {
    let told = |by, content: &Value| {
        let texts = of_kind(content, "text").filter_map(|part| part.get("text")?.as_str());
        let outputs = of_kind(content, "functionResponse").map(ToString::to_string);
        let text: Vec<String> = texts.map(str::to_owned).chain(outputs).collect();
        let text = text.join("\n");
        Said { by, text }
    };
    let speaker = |content: &Value| match () {
        () if is_model(content) => Speaker::Model,
        () if has_outputs(content) => Speaker::Tool,
        () => Speaker::User,
    };
    let instruction = request.get("systemInstruction");
    let instruction = instruction.map(|content| told(Speaker::Program, content));
    let rest = contents
        .iter()
        .map(|content| told(speaker(content), content));
    instruction.into_iter().chain(rest).collect()
}

/// Bytes of everything that the model would read.
pub(super) fn bytes(request: &Message<'_>) -> usize {
    let mut bytes = 0;
    for name in ["systemInstruction", "contents"] {
        let mut left: Vec<&Value> = request.get(name).into_iter().collect();
        while let Some(value) = left.pop() {
            match value {
                Value::Array(items) => left.extend(items),
                Value::Object(members) => {
                    let read = |(name, _): &(&String, &Value)| {
                        !["role", "thoughtSignature", "data", "mimeType"].contains(&name.as_str())
                    };
                    left.extend(members.iter().filter(read).map(|(_, value)| value));
                }
                Value::String(text) => bytes += text.len(),
                _ => bytes += 4,
            }
        }
    }
    let shown = ["tools", "generationConfig"].iter();
    let shown = shown.filter_map(|name| request.get(name));
    bytes + shown.map(|value| value.to_string().len()).sum::<usize>()
}
