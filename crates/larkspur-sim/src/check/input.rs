//! `input` of the Responses API: items, their parts, and the pairing of calls with their outputs.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::fields::Fields;

const ROLES: [&str; 4] = ["assistant", "system", "developer", "user"];
const USER_PARTS: [&str; 3] = ["input_text", "input_image", "input_file"];
const ASSISTANT_PARTS: [&str; 2] = ["output_text", "refusal"];
const PARTS: [&str; 7] = [
    "input_text",
    "input_image",
    "output_text",
    "refusal",
    "input_file",
    "computer_screenshot",
    "summary_text",
];
/// Item types, in the words of the server's messages.
const ITEMS: [&str; 31] = [
    "message",
    "function_call",
    "function_call_output",
    "custom_tool_call",
    "custom_tool_call_output",
    "reasoning",
    "item_reference",
    "compaction",
    "compaction_trigger",
    "additional_tools",
    "file_search_call",
    "web_search_call",
    "computer_call",
    "computer_call_output",
    "image_generation_call",
    "code_interpreter_call",
    "local_shell_call",
    "local_shell_call_output",
    "shell_call",
    "shell_call_output",
    "apply_patch_call",
    "apply_patch_call_output",
    "mcp_list_tools",
    "mcp_approval_request",
    "mcp_approval_response",
    "mcp_call",
    "tool_search_call",
    "tool_search_output",
    "program",
    "program_output",
    "context_compaction",
];
/// Characters of a tool's output.
const MAX_OUTPUT: usize = 10_485_760;
const MAX_CALL_ID: usize = 64;

/// The input as a list of items: a plain text is a user's message.
pub(super) fn items(body: &Fields<'_>) -> Result<Vec<Value>, ApiError> {
    items_in(body, "input")
}

/// The same for another member.
pub(super) fn items_in(body: &Fields<'_>, name: &str) -> Result<Vec<Value>, ApiError> {
    match body.get(name) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![
            serde_json::json!({"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}),
        ]),
        Some(Value::Array(items)) => {
            for (place, item) in items.iter().enumerate() {
                check(item, format!("{name}[{place}]"), place + 1 == items.len())?;
            }
            Ok(items.clone())
        }
        Some(other) => Err(ApiError::wrong_type(
            name,
            "one of a string or an array of input items",
            other,
        )),
    }
}

fn check(item: &Value, path: String, last: bool) -> Result<(), ApiError> {
    let fields = Fields::of(item, path.clone())?;
    let kind = match fields.string("type")? {
        Some(kind) => kind,
        None if fields.get("role").is_some() => "message",
        None if fields.get("id").is_some() => "item_reference",
        None => return Err(ApiError::missing(&fields.path("role"))),
    };
    match kind {
        "message" => message(&fields),
        "function_call" => {
            call_id(&fields)?;
            fields.required_string("name")?;
            fields.required_string("arguments").map(drop)
        }
        "custom_tool_call" => {
            call_id(&fields)?;
            fields.required_string("name")?;
            fields.required_string("input").map(drop)
        }
        "function_call_output" | "custom_tool_call_output" => {
            call_id(&fields)?;
            output(&fields)
        }
        "compaction" => fields.required_string("encrypted_content").map(drop),
        "item_reference" => fields.required_string("id").map(drop),
        "compaction_trigger" if !last => Err(ApiError::invalid(format!(
            "Invalid '{path}': a 'compaction_trigger' item must be the last item of the input."
        ))
        .param(path)),
        known if ITEMS.contains(&known) => Ok(()),
        other => Err(ApiError::invalid_value(&path, other, &ITEMS)),
    }
}

fn call_id(fields: &Fields<'_>) -> Result<(), ApiError> {
    let id = fields.required_string("call_id")?;
    if id.is_empty() {
        return Err(ApiError::empty_string(&fields.path("call_id")));
    }
    let length = id.chars().count();
    if length > MAX_CALL_ID {
        Err(ApiError::too_long(
            &fields.path("call_id"),
            MAX_CALL_ID,
            length,
        ))
    } else {
        Ok(())
    }
}

fn output(fields: &Fields<'_>) -> Result<(), ApiError> {
    match fields.required("output")? {
        Value::String(text) if text.chars().count() > MAX_OUTPUT => Err(ApiError::too_long(
            &fields.path("output"),
            MAX_OUTPUT,
            text.chars().count(),
        )),
        Value::String(_) => Ok(()),
        Value::Array(parts) => list(parts, fields, "output", &USER_PARTS),
        other => Err(ApiError::wrong_type(
            &fields.path("output"),
            "one of a string or an array of content parts",
            other,
        )),
    }
}

fn message(fields: &Fields<'_>) -> Result<(), ApiError> {
    fields.required("role")?;
    let role = fields.one_of("role", &ROLES)?;
    let parts: &[&str] = if role == Some("assistant") {
        &ASSISTANT_PARTS
    } else {
        &USER_PARTS
    };
    match fields.required("content")? {
        Value::String(_) => Ok(()),
        Value::Array(content) => list(content, fields, "content", parts),
        other => Err(ApiError::wrong_type(
            &fields.path("content"),
            "one of a string or an array of content parts",
            other,
        )),
    }
}

fn list(
    content: &[Value],
    fields: &Fields<'_>,
    name: &str,
    parts: &[&str],
) -> Result<(), ApiError> {
    content.iter().enumerate().try_for_each(|(place, part)| {
        self::part(part, &format!("{}[{place}]", fields.path(name)), parts)
    })
}

fn part(part: &Value, path: &str, supported: &[&str]) -> Result<(), ApiError> {
    let fields = Fields::of(part, path)?;
    let kind = fields.required_string("type")?;
    if !PARTS.contains(&kind) {
        return Err(ApiError::invalid_value(path, kind, &PARTS));
    }
    if !supported.contains(&kind) {
        return Err(ApiError::invalid_value(path, kind, supported));
    }
    match kind {
        "input_text" | "output_text" => fields.required_string("text").map(drop),
        "refusal" => fields.required_string("refusal").map(drop),
        "input_image" => {
            fields.one_of("detail", &["low", "high", "auto", "original"])?;
            either(&fields, &["image_url", "file_id"])
        }
        _ => either(&fields, &["file_id", "file_data", "file_url"]),
    }
}

fn either(fields: &Fields<'_>, names: &[&str]) -> Result<(), ApiError> {
    if names.iter().any(|name| fields.get(name).is_some()) {
        return Ok(());
    }
    Err(ApiError::missing(
        &fields.path(names.first().copied().unwrap_or_default()),
    ))
}

/// The kinds of calls whose outputs have to follow: item types and the words of the messages.
const CALLS: [(&str, &str, &str); 2] = [
    ("function_call", "function_call_output", "function call"),
    (
        "custom_tool_call",
        "custom_tool_call_output",
        "custom tool call",
    ),
];

/// Every call has its output, and every output its call, in the whole conversation.
pub(super) fn pairing(conversation: &[&Value]) -> Result<(), ApiError> {
    for (call, output, words) in CALLS {
        let ids = |kind: &str| -> Vec<&str> {
            let of_kind = conversation
                .iter()
                .filter(|item| item.get("type").and_then(Value::as_str) == Some(kind));
            of_kind
                .filter_map(|item| item.get("call_id")?.as_str())
                .collect()
        };
        let (calls, outputs) = (ids(call), ids(output));
        let called: std::collections::BTreeSet<&str> = calls.iter().copied().collect();
        let answered: std::collections::BTreeSet<&str> = outputs.iter().copied().collect();
        if let Some(id) = outputs.iter().find(|id| !called.contains(**id)) {
            let message = format!("No tool call found for {words} output with call_id {id}.");
            return Err(ApiError::invalid(message).param("input"));
        }
        if let Some(id) = calls.iter().find(|id| !answered.contains(**id)) {
            return Err(
                ApiError::invalid(format!("No tool output found for {words} {id}.")).param("input"),
            );
        }
    }
    Ok(())
}
