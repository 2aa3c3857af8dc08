//! A request to the Gemini API, refused in the words of Google's service where they are known.

mod config;
mod contents;
mod message;
mod tools;

use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::ask::Ask;

use super::Context;
use message::Message;

/// Members of a request (`GenerateContentRequest`).
const KNOWN: &[&str] = &[
    "cachedContent",
    "contents",
    "generationConfig",
    "model",
    "safetySettings",
    "serviceTier",
    "store",
    "systemInstruction",
    "toolConfig",
    "tools",
];

/// Checks a request, and says what it asks for.
pub(crate) fn gemini(
    model: &str,
    body: &Map<String, Value>,
    context: &Context<'_>,
) -> Result<Ask, ApiError> {
    let request = Message::of(body);
    request.only(KNOWN)?;
    let contents = contents::check(&request, signs_thoughts(model))?;
    let config = config::check(&request, model, context)?;
    let tools = tools::check(&request, context)?;
    let choice = tools::choice(&request, &tools)?;
    if config.is_json && !tools.is_empty() && !signs_thoughts(model) {
        return Err(ApiError::invalid(
            "Function calling with a response mime type: 'application/json' is unsupported",
        ));
    }
    Ok(Ask {
        model: model.to_owned(),
        effort: config.effort,
        dialogue: contents::dialogue(&request, contents),
        temperature: config.temperature,
        input_bytes: contents::bytes(&request),
        output: config.output,
        tools,
        choice,
        max_output_tokens: config.max_output_tokens,
        after_tool: contents.last().is_some_and(contents::has_outputs),
        tool_rounds: contents::tool_rounds(contents),
        parallel: true,
        wants_encrypted_reasoning: false,
        compact_threshold: None,
    })
}

/// Checks a request to count tokens: contents alone, or a whole request.
pub(crate) fn gemini_countable(
    model: &str,
    body: &Map<String, Value>,
    context: &Context<'_>,
) -> Result<Ask, ApiError> {
    let asked = Message::of(body);
    asked.only(&["contents", "generateContentRequest", "model"])?;
    match asked.message("generateContentRequest")? {
        None => gemini(model, body, context),
        Some(_) if asked.get("contents").is_some() => Err(ApiError::invalid(
            "* CountTokensRequest: only one of `contents` and `generate_content_request` may be set",
        )),
        Some(request) => gemini(model, request.members(), context),
    }
}

/// Whether calls of this model bear signatures of its thoughts, which have to come back: Gemini 3 and later (the guide "Thought
/// signatures").
pub(crate) fn signs_thoughts(model: &str) -> bool {
    model.starts_with("gemini-3")
}

/// Whether summaries of thoughts are asked for.
pub(crate) fn shows_thoughts(body: &Map<String, Value>) -> bool {
    let request = Message::of(body);
    let config = request.message("generationConfig").ok().flatten();
    let thinking = config.and_then(|config| config.message("thinkingConfig").ok().flatten());
    thinking.is_some_and(|thinking| thinking.get("includeThoughts") == Some(&Value::Bool(true)))
}
