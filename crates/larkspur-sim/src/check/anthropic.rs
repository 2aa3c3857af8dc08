//! A request to `POST /v1/messages`, refused in the words of Anthropic's service where they are known.

mod conversation;
mod tools;

use larkspur_schema::{Dialect, Weight, check, check_request};
use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::ask::{Ask, Choice, Output, texts};
use crate::dialogue::Dialogue;
use crate::engine::Rule;

use super::{Context, schema::problem};

/// Parameters of the API ("Create a Message").
const KNOWN: &[&str] = &[
    "cache_control",
    "container",
    "context_management",
    "diagnostics",
    "inference_geo",
    "max_tokens",
    "messages",
    "metadata",
    "model",
    "output_config",
    "service_tier",
    "speed",
    "stop_sequences",
    "stream",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
    "user_profile_id",
    "workspace_id",
];

/// What of it can be counted ("Count tokens in a Message").
const COUNTED: &[&str] = &[
    "cache_control",
    "context_management",
    "messages",
    "model",
    "output_config",
    "system",
    "thinking",
    "tool_choice",
    "tools",
];

/// The least that thoughts may be bounded by.
const LEAST_THINKING: u64 = 1_024;

/// Checks a request, and says what it asks for.
pub(crate) fn anthropic(body: &Map<String, Value>, context: &Context<'_>) -> Result<Ask, ApiError> {
    if let Some(unknown) = body.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(invalid(unknown, "Extra inputs are not permitted"));
    }
    let model = required(body, "model")?
        .as_str()
        .ok_or_else(|| invalid("model", "Input should be a valid string"))?;
    let max_tokens = max_tokens(body)?;
    settings(body)?;
    let messages = conversation::check(required(body, "messages")?)?;
    let output = format(body, context)?;
    let tools = tools::check(body, context)?;
    budgets(body)?;
    let choice = tools::choice(body, &tools)?;
    let disabled = body
        .get("tool_choice")
        .and_then(|choice| choice.get("disable_parallel_tool_use"));
    thinking(body, max_tokens, &choice)?;
    let mut read = Vec::new();
    texts(body.get("system").unwrap_or(&Value::Null), &mut read);
    for message in messages {
        texts(message, &mut read);
    }
    let shown = ["output_config", "tools"].iter();
    let shown = shown.filter_map(|name| body.get(*name));
    let shown: usize = shown.map(|value| value.to_string().len()).sum();
    Ok(Ask {
        model: model.to_owned(),
        effort: None,
        dialogue: Dialogue::of(body.get("system"), messages),
        temperature: body.get("temperature").and_then(Value::as_f64),
        input_bytes: shown + read.iter().map(String::len).sum::<usize>(),
        output,
        tools,
        choice,
        max_output_tokens: Some(max_tokens),
        after_tool: messages.last().is_some_and(conversation::has_results),
        tool_rounds: conversation::tool_rounds(messages),
        parallel: disabled != Some(&Value::Bool(true)),
        wants_encrypted_reasoning: false,
        compact_threshold: None,
    })
}

/// The same for a request of which nothing is answered.
pub(crate) fn anthropic_countable(
    body: &Map<String, Value>,
    context: &Context<'_>,
) -> Result<Ask, ApiError> {
    if let Some(unknown) = body.keys().find(|name| !COUNTED.contains(&name.as_str())) {
        return Err(invalid(unknown, "Extra inputs are not permitted"));
    }
    // It has no bound on the answer, below which thoughts would have to be.
    let mut body = body.clone();
    body.insert("max_tokens".to_owned(), i64::MAX.into());
    anthropic(&body, context)
}

/// A refusal of this place.
fn invalid(place: &str, message: impl std::fmt::Display) -> ApiError {
    ApiError::invalid(format!("{place}: {message}"))
}

fn required<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a Value, ApiError> {
    body.get(name)
        .ok_or_else(|| invalid(name, "Field required"))
}

fn max_tokens(body: &Map<String, Value>) -> Result<u64, ApiError> {
    match required(body, "max_tokens")?.as_i64() {
        None => Err(invalid("max_tokens", "Input should be a valid integer")),
        Some(..=0) => Err(invalid(
            "max_tokens",
            "Input should be greater than or equal to 1",
        )),
        Some(most) => Ok(most.unsigned_abs()),
    }
}

/// Settings that are checked by type and range alone.
fn settings(body: &Map<String, Value>) -> Result<(), ApiError> {
    for name in ["temperature", "top_p"] {
        let Some(value) = body.get(name) else {
            continue;
        };
        match value.as_f64() {
            None => return Err(invalid(name, "Input should be a valid number")),
            Some(number) if number < 0.0 => {
                return Err(invalid(name, "Input should be greater than or equal to 0"));
            }
            Some(number) if number > 1.0 => {
                return Err(invalid(name, "Input should be less than or equal to 1"));
            }
            Some(_) => {}
        }
    }
    match body.get("stream") {
        None | Some(Value::Bool(_)) => Ok(()),
        Some(_) => Err(invalid("stream", "Input should be a valid boolean")),
    }
}

/// What the text must be.
fn format(body: &Map<String, Value>, context: &Context<'_>) -> Result<Output, ApiError> {
    const PLACE: &str = "output_config.format";
    let config = body.get("output_config");
    let Some(format) = config
        .and_then(|config| config.get("format"))
        .filter(|format| !format.is_null())
    else {
        return Ok(Output::Text);
    };
    if format.get("type").and_then(Value::as_str) != Some("json_schema") {
        return Err(invalid(PLACE, "Input should have the type 'json_schema'"));
    }
    let schema = format
        .get("schema")
        .ok_or_else(|| invalid("output_config.format.schema", "Field required"))?;
    Ok(Output::Constrained {
        rule: held(schema, "output_config.format.schema", context)?,
        name: "output".to_owned(),
    })
}

/// The rule of a schema that the server holds an answer to.
fn held(schema: &Value, place: &str, context: &Context<'_>) -> Result<Rule, ApiError> {
    if let Some(cause) = problem(check(schema, Some(Dialect::anthropic()))) {
        return Err(invalid(place, cause));
    }
    let rule = Rule::Schema(schema.clone());
    context
        .engine
        .check(&rule)
        .map_err(|error| invalid(place, error))?;
    Ok(rule)
}

/// Sizes that count over all schemas of a request.
fn budgets(body: &Map<String, Value>) -> Result<(), ApiError> {
    let format = body
        .get("output_config")
        .and_then(|config| config.get("format"));
    let schema = format.and_then(|format| format.get("schema"));
    let mut parts: Vec<(&str, Weight)> = schema
        .map(|schema| ("output_config.format", Weight::of(schema)))
        .into_iter()
        .collect();
    for tool in body
        .get("tools")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let is_strict = tool.get("strict") == Some(&Value::Bool(true));
        let name = tool.get("name").and_then(Value::as_str);
        if let (true, Some(name), Some(schema)) = (is_strict, name, tool.get("input_schema")) {
            parts.push((name, Weight::of(schema)));
        }
    }
    match problem(check_request(&parts, Dialect::anthropic())) {
        Some(cause) => Err(ApiError::invalid(cause)),
        None => Ok(()),
    }
}

/// Thoughts need room, and leave no room for a duty to call.
fn thinking(body: &Map<String, Value>, max_tokens: u64, choice: &Choice) -> Result<(), ApiError> {
    let thinking = body.get("thinking");
    let kind = thinking.and_then(|thinking| thinking.get("type")?.as_str());
    if kind != Some("enabled") {
        return Ok(());
    }
    let budget = thinking.and_then(|thinking| thinking.get("budget_tokens")?.as_u64());
    match budget {
        None => Err(invalid("thinking.enabled.budget_tokens", "Field required")),
        Some(budget) if budget < LEAST_THINKING => Err(invalid(
            "thinking.enabled.budget_tokens",
            format_args!("Input should be greater than or equal to {LEAST_THINKING}"),
        )),
        Some(budget) if budget >= max_tokens => Err(ApiError::invalid(
            "`max_tokens` must be greater than `thinking.budget_tokens`.",
        )),
        Some(_) if matches!(choice, Choice::Required(_)) => Err(ApiError::invalid(
            "Thinking may not be enabled when tool_choice forces tool use.",
        )),
        Some(_) => Ok(()),
    }
}
