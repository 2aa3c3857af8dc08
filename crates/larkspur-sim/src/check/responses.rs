//! A request to `POST /v1/responses`.

use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::ask::{Ask, texts, tool_rounds};
use crate::dialogue::Dialogue;
use crate::fields::Fields;
use crate::models::Model;

use super::{
    Api, Context, budget::Budget, choice, format, input, limits, metadata, reasoning, tools,
};

/// Parameters of the API (the published specification, `CreateResponse`).
const KNOWN: &[&str] = &[
    "background",
    "context_management",
    "conversation",
    "include",
    "input",
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "metadata",
    "model",
    "moderation",
    "parallel_tool_calls",
    "previous_response_id",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning",
    "safety_identifier",
    "service_tier",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "truncation",
    "user",
];

/// Parameters of `POST /v1/responses/compact` (`CompactResponseMethodPublicBody`).
const COMPACTED: &[&str] = &[
    "input",
    "instructions",
    "model",
    "previous_response_id",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "service_tier",
];

/// Parameters of `POST /v1/responses/input_tokens` (`TokenCountsBody`).
const COUNTED: &[&str] = &[
    "conversation",
    "input",
    "instructions",
    "model",
    "parallel_tool_calls",
    "personality",
    "previous_response_id",
    "reasoning",
    "text",
    "tool_choice",
    "tools",
    "truncation",
];

/// Names of Chat Completions, and where they went.
const MOVED: &[(&str, &str)] = &[
    ("messages", "input"),
    ("response_format", "text.format"),
    ("reasoning_effort", "reasoning.effort"),
    ("verbosity", "text.verbosity"),
];

const INCLUDE: [&str; 8] = [
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
];

/// Checks a request, and says what it asks for.
pub(crate) fn responses(body: &Map<String, Value>, context: &Context<'_>) -> Result<Ask, ApiError> {
    let body = Fields::body(body);
    names(&body)?;
    let model_name = body.required_string("model")?;
    let model = Model::named(model_name);
    settings(&body)?;
    metadata::check(&body)?;
    let effort = reasoning::responses(&body, model)?;
    limits::sampling(&body, Api::Responses, model, effort)?;
    let max_output_tokens = body.integer("max_output_tokens", 16, i64::MAX)?;
    if body.get("input").is_none()
        && body.get("prompt").is_none()
        && body.get("previous_response_id").is_none()
    {
        let message = "Missing required parameter: 'input'.";
        return Err(ApiError::invalid(message)
            .param("input")
            .code("missing_required_parameter"));
    }
    let items = input::items(&body)?;
    let conversation: Vec<&Value> = context.earlier.iter().chain(&items).collect();
    input::pairing(&conversation)?;
    let mut budget = Budget::default();
    let output = format::responses(&body, context, &mut budget)?;
    format::json_word(&body, Api::Responses, &read_texts(&body, &conversation))?;
    let input_bytes = read_bytes(&body, &conversation);
    let input_bytes = if body.string("truncation")? == Some("auto") {
        limits::within_window(model, input_bytes)
    } else {
        limits::window(Api::Responses, model, input_bytes)?;
        input_bytes
    };
    let tools = tools::check(&body, Api::Responses, context, &mut budget)?;
    budget.check()?;
    let choice = choice::check(&body, Api::Responses, &tools)?;
    Ok(Ask {
        model: model_name.to_owned(),
        effort: effort.map(str::to_owned),
        dialogue: Dialogue::of(body.get("instructions"), conversation.iter().copied()),
        temperature: body.get("temperature").and_then(Value::as_f64),
        input_bytes,
        output,
        tools,
        choice,
        max_output_tokens: max_output_tokens.and_then(|most| u64::try_from(most).ok()),
        after_tool: items.last().is_some_and(is_tool_output),
        tool_rounds: tool_rounds(conversation.iter().copied()),
        compact_threshold: compact_threshold(&body)?,
        parallel: body.boolean("parallel_tool_calls")? != Some(false),
        wants_encrypted_reasoning: wants_encrypted_reasoning(&body)?,
    })
}

/// Checks a conversation that is to be compacted, and gives what was sent of it.
pub(crate) fn compact(body: &Map<String, Value>) -> Result<Vec<Value>, ApiError> {
    let body = Fields::body(body);
    body.only(COMPACTED)?;
    body.required_string("model")?;
    for name in ["instructions", "previous_response_id"] {
        body.string(name)?;
    }
    limits::short(&body, "prompt_cache_key", 64)?;
    limits::service_tier(&body)?;
    if body.get("input").is_none() && body.get("previous_response_id").is_none() {
        return Err(ApiError::missing("input"));
    }
    input::items(&body)
}

/// Checks a request whose tokens are to be counted.
pub(crate) fn countable(body: &Map<String, Value>, context: &Context<'_>) -> Result<Ask, ApiError> {
    Fields::body(body).only(COUNTED)?;
    // Only this call knows it, and it is not counted.
    let mut body = body.clone();
    body.remove("personality");
    responses(&body, context)
}

/// When the conversation is to be compacted by the server.
fn compact_threshold(body: &Fields<'_>) -> Result<Option<u64>, ApiError> {
    let mut found = None;
    let entries = body.array("context_management")?.unwrap_or_default();
    for (place, entry) in entries.iter().enumerate() {
        let entry = Fields::of(entry, format!("context_management[{place}]"))?;
        entry.required("type")?;
        entry.one_of("type", &["compaction"])?;
        let threshold = entry.integer("compact_threshold", 1000, i64::MAX)?;
        found = threshold.and_then(|tokens| u64::try_from(tokens).ok());
    }
    Ok(found)
}

fn names(body: &Fields<'_>) -> Result<(), ApiError> {
    for (name, place) in MOVED {
        if body.get(name).is_some() {
            let message = format!(
                "Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{place}'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create."
            );
            return Err(ApiError::unsupported_parameter(message, name));
        }
    }
    body.only(KNOWN)
}

/// Settings that are checked by type and range alone.
fn settings(body: &Fields<'_>) -> Result<(), ApiError> {
    for name in [
        "instructions",
        "previous_response_id",
        "prompt_cache_key",
        "user",
    ] {
        body.string(name)?;
    }
    for name in ["parallel_tool_calls", "store", "background"] {
        body.boolean(name)?;
    }
    limits::stream(body, &["include_obfuscation"])?;
    limits::service_tier(body)?;
    limits::short(body, "safety_identifier", 64)?;
    body.one_of("truncation", &["auto", "disabled"])?;
    body.integer("max_tool_calls", 1, i64::MAX)?;
    body.integer("top_logprobs", 0, 20)?;
    for (place, value) in body
        .array("include")?
        .unwrap_or_default()
        .iter()
        .enumerate()
    {
        let param = format!("include[{place}]");
        let Some(text) = value.as_str() else {
            return Err(ApiError::wrong_type(&param, "a string", value));
        };
        if !INCLUDE.contains(&text) {
            return Err(ApiError::invalid_value(&param, text, &INCLUDE));
        }
    }
    if body.boolean("background")? == Some(true) && body.boolean("store")? == Some(false) {
        // The guide says that it is refused; its text is not public.
        let message = "Background mode requires 'store' to be true.";
        return Err(ApiError::invalid(message).param("background"));
    }
    if body.get("previous_response_id").is_some() && body.get("conversation").is_some() {
        let message = "Mutually exclusive parameters: 'previous_response_id' and 'conversation' cannot be used together.";
        return Err(ApiError::invalid(message).code("mutually_exclusive_parameters"));
    }
    Ok(())
}

fn read_texts(body: &Fields<'_>, conversation: &[&Value]) -> Vec<String> {
    let mut read = Vec::new();
    read.extend(
        body.get("instructions")
            .and_then(Value::as_str)
            .map(str::to_owned),
    );
    for item in conversation {
        texts(item, &mut read);
    }
    read
}

/// Bytes that the model would read: texts, the schema and the tools.
fn read_bytes(body: &Fields<'_>, conversation: &[&Value]) -> usize {
    let said: usize = read_texts(body, conversation).iter().map(String::len).sum();
    let shown = ["text", "tools"]
        .iter()
        .filter_map(|name| body.get(name))
        .map(|value| value.to_string().len());
    said + shown.sum::<usize>()
}

fn is_tool_output(item: &Value) -> bool {
    item.get("type")
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.ends_with("_output"))
}

fn wants_encrypted_reasoning(body: &Fields<'_>) -> Result<bool, ApiError> {
    let include = body.array("include")?.unwrap_or_default();
    Ok(include
        .iter()
        .any(|value| value == "reasoning.encrypted_content")
        || body.boolean("store")? == Some(false))
}
