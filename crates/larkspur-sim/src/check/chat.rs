//! A request to `POST /v1/chat/completions`.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::ask::{Ask, texts, tool_rounds};
use crate::dialogue::Dialogue;
use crate::fields::Fields;
use crate::models::Model;

use super::{
    Api, Context, budget::Budget, choice, format, limits, messages, metadata, reasoning, tools,
};

/// Parameters of the API (the published specification, `CreateChatCompletionRequest`).
const KNOWN: &[&str] = &[
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "modalities",
    "model",
    "moderation",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
];

/// Choices that one request may ask for.
const MAX_CHOICES: i64 = 128;

/// Checks a request, and says what it asks for and how many times.
pub(crate) fn chat(
    body: &Map<String, Value>,
    context: &Context<'_>,
) -> Result<(Ask, usize), ApiError> {
    let body = Fields::body(body);
    names(&body)?;
    let model_name = body.required_string("model")?;
    let model = Model::named(model_name);
    if model.is_some_and(|model| model.responses_only) {
        let message =
            "This model is only supported in v1/responses and not in v1/chat/completions.";
        return Err(ApiError::invalid(message)
            .param("model")
            .status(StatusCode::NOT_FOUND));
    }
    settings(&body)?;
    metadata::check(&body)?;
    let effort = reasoning::chat(&body, model)?;
    limits::sampling(&body, Api::Chat, model, effort)?;
    let max_tokens = lengths(&body, model)?;
    let messages = messages::check(&body)?;
    let mut budget = Budget::default();
    let output = format::chat(&body, context, &mut budget)?;
    format::json_word(&body, Api::Chat, &read_texts(messages))?;
    let tools = tools::check(&body, Api::Chat, context, &mut budget)?;
    budget.check()?;
    let choice = choice::check(&body, Api::Chat, &tools)?;
    let n = body.integer("n", 1, MAX_CHOICES)?.unwrap_or(1);
    let shown: usize = ["response_format", "tools"]
        .iter()
        .filter_map(|name| body.get(name))
        .map(|value| value.to_string().len())
        .sum();
    let input_bytes = shown + read_texts(messages).iter().map(String::len).sum::<usize>();
    limits::window(Api::Chat, model, input_bytes)?;
    let ask = Ask {
        model: model_name.to_owned(),
        effort: effort.map(str::to_owned),
        dialogue: Dialogue::of(None, messages),
        temperature: body.get("temperature").and_then(Value::as_f64),
        input_bytes,
        output,
        tools,
        choice,
        max_output_tokens: max_tokens,
        after_tool: messages
            .last()
            .and_then(|message| message.get("role"))
            .is_some_and(|role| role == "tool"),
        tool_rounds: tool_rounds(messages.iter()),
        compact_threshold: None,
        parallel: body.boolean("parallel_tool_calls")? != Some(false),
        wants_encrypted_reasoning: false,
    };
    Ok((ask, usize::try_from(n).unwrap_or(1)))
}

/// Unknown names: Chat Completions words them in its own way, and names all of them at once.
fn names(body: &Fields<'_>) -> Result<(), ApiError> {
    let unknown: Vec<&str> = body.names().filter(|name| !KNOWN.contains(name)).collect();
    match unknown.as_slice() {
        [] => Ok(()),
        [one] => Err(ApiError::invalid(format!(
            "Unrecognized request argument supplied: {one}"
        ))),
        several => Err(ApiError::invalid(format!(
            "Unrecognized request arguments supplied: {}",
            several.join(", ")
        ))),
    }
}

/// Settings that are checked by type and range alone.
fn settings(body: &Fields<'_>) -> Result<(), ApiError> {
    for name in ["prompt_cache_key", "user"] {
        body.string(name)?;
    }
    for name in ["parallel_tool_calls", "store", "logprobs"] {
        body.boolean(name)?;
    }
    limits::stream(body, &["include_usage", "include_obfuscation"])?;
    limits::service_tier(body)?;
    limits::short(body, "safety_identifier", 64)?;
    body.one_of("verbosity", &["low", "medium", "high"])?;
    body.decimal("frequency_penalty", -2.0, 2.0)?;
    body.decimal("presence_penalty", -2.0, 2.0)?;
    body.integer("seed", i64::MIN, i64::MAX)?;
    if body.integer("top_logprobs", 0, 20)?.is_some() && body.boolean("logprobs")? != Some(true) {
        let message = "Invalid value for 'top_logprobs': 'top_logprobs' is only allowed when 'logprobs' is enabled.";
        return Err(ApiError::invalid(message).param("top_logprobs"));
    }
    Ok(())
}

fn lengths(body: &Fields<'_>, model: Option<&Model>) -> Result<Option<u64>, ApiError> {
    let old = body.integer("max_tokens", 1, i64::MAX)?;
    let new = body.integer("max_completion_tokens", 1, i64::MAX)?;
    let reasons = model.is_some_and(Model::reasons);
    if old.is_some() && reasons {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
        return Err(ApiError::unsupported_parameter(message, "max_tokens"));
    }
    if body.get("stop").is_some() && reasons {
        let message = "Unsupported parameter: 'stop' is not supported with this model.";
        return Err(ApiError::unsupported_parameter(message, "stop"));
    }
    if old.is_some() && new.is_some() {
        let message =
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
        return Err(ApiError::invalid(message).code("invalid_parameter_combination"));
    }
    Ok(new.or(old).and_then(|most| u64::try_from(most).ok()))
}

fn read_texts(messages: &[Value]) -> Vec<String> {
    let mut read = Vec::new();
    for message in messages {
        texts(message, &mut read);
    }
    read
}
