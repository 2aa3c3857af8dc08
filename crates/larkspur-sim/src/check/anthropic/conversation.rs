//! `messages`: roles, blocks, and the pairing of calls with results.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api_error::ApiError;

use super::invalid;

/// Kinds of blocks that a request may hold.
const BLOCKS: &[&str] = &[
    "text",
    "image",
    "document",
    "search_result",
    "thinking",
    "redacted_thinking",
    "tool_use",
    "tool_result",
    "server_tool_use",
    "web_search_tool_result",
];

/// The messages of a request.
pub(super) fn check(messages: &Value) -> Result<&[Value], ApiError> {
    let Some(messages) = messages.as_array() else {
        return Err(invalid("messages", "Input should be a valid list"));
    };
    if messages.is_empty() {
        return Err(invalid("messages", "at least one message is required"));
    }
    for (place, message) in messages.iter().enumerate() {
        role(message, place)?;
        content(message, place)?;
    }
    pairing(messages)?;
    Ok(messages)
}

/// How many times results have come since the user's last message of another kind.
pub(super) fn tool_rounds(messages: &[Value]) -> u32 {
    let is_user = |message: &&Value| message.get("role").and_then(Value::as_str) == Some("user");
    let of_user = messages.iter().rev().filter(is_user);
    of_user
        .take_while(|message| has_results(message))
        .map(|_| 1)
        .sum()
}

/// Whether a message has results of calls.
pub(super) fn has_results(message: &Value) -> bool {
    ids(message, "tool_result", "tool_use_id").next().is_some()
}

fn role(message: &Value, place: usize) -> Result<(), ApiError> {
    let place = format!("messages.{place}.role");
    match message.get("role").and_then(Value::as_str) {
        Some("user" | "assistant") => Ok(()),
        Some("system") => Err(invalid(
            "messages",
            "Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.",
        )),
        Some(_) => Err(invalid(&place, "Input should be 'user' or 'assistant'")),
        None => Err(invalid(&place, "Field required")),
    }
}

fn content(message: &Value, place: usize) -> Result<(), ApiError> {
    let path = format!("messages.{place}.content");
    let empty = || ApiError::invalid("messages: text content blocks must be non-empty");
    match message.get("content") {
        None => Err(invalid(&path, "Field required")),
        Some(Value::String(text)) if text.is_empty() => Err(empty()),
        Some(Value::String(_)) => Ok(()),
        Some(Value::Array(blocks)) => {
            for (place, block) in blocks.iter().enumerate() {
                let kind = block
                    .get("type")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                if !BLOCKS.contains(&kind) {
                    let path = format!("{path}.{place}");
                    let message = format_args!(
                        "Input tag '{kind}' found using 'type' does not match any of the expected tags"
                    );
                    return Err(invalid(&path, message));
                }
                if kind == "text"
                    && block
                        .get("text")
                        .and_then(Value::as_str)
                        .is_none_or(str::is_empty)
                {
                    return Err(empty());
                }
            }
            Ok(())
        }
        Some(_) => Err(invalid(&path, "Input should be a valid list")),
    }
}

/// The message behind one with calls has the results of all of them, and of nothing else.
fn pairing(messages: &[Value]) -> Result<(), ApiError> {
    let mut called: BTreeSet<&str> = BTreeSet::new();
    for (place, message) in messages.iter().enumerate() {
        let gave: BTreeSet<&str> = ids(message, "tool_result", "tool_use_id").collect();
        if let Some(unknown) = gave.difference(&called).next() {
            return Err(invalid(
                &format!("messages.{place}.content.0"),
                format_args!(
                    "unexpected `tool_use_id` found in `tool_result` blocks: {unknown}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
                ),
            ));
        }
        without_result(place, &called, &gave)?;
        called = ids(message, "tool_use", "id").collect();
    }
    without_result(messages.len(), &called, &BTreeSet::new())
}

fn without_result(
    place: usize,
    called: &BTreeSet<&str>,
    gave: &BTreeSet<&str>,
) -> Result<(), ApiError> {
    let alone: Vec<&str> = called.difference(gave).copied().collect();
    if alone.is_empty() {
        return Ok(());
    }
    Err(invalid(
        &format!("messages.{}", place.saturating_sub(1)),
        format_args!(
            "`tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
            alone.join(", ")
        ),
    ))
}

/// The ids in the blocks of a kind.
fn ids<'a>(message: &'a Value, kind: &'a str, member: &'a str) -> impl Iterator<Item = &'a str> {
    let blocks = message.get("content").and_then(Value::as_array);
    let blocks = blocks.into_iter().flatten();
    let of_kind =
        blocks.filter(move |block| block.get("type").and_then(Value::as_str) == Some(kind));
    of_kind.filter_map(move |block| block.get(member)?.as_str())
}
