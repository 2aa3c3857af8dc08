//! Functions, and which of them must be called.

use std::borrow::Cow;

use larkspur_schema::{Dialect, check as check_schema};
use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::ask::{Choice, Tool, ToolKind};
use crate::engine::Rule;

use super::super::{Context, schema::problem};
use super::config::{as_any_of, as_named, openapi};
use super::message::Message;

const MODES: &[&str] = &["AUTO", "ANY", "NONE", "VALIDATED"];

/// The functions of a request, in order. Tools of the server's own are taken and never called.
pub(super) fn check(request: &Message<'_>, context: &Context<'_>) -> Result<Vec<Tool>, ApiError> {
    let mut tools: Vec<Tool> = Vec::new();
    for tool in request.messages("tools")? {
        for declared in tool.messages("functionDeclarations")? {
            let function = function(&declared, context)?;
            if tools.iter().any(|known| known.name == function.name) {
                return Err(ApiError::invalid(format!(
                    "Duplicate function declaration found: {}",
                    function.name
                )));
            }
            tools.push(function);
        }
    }
    Ok(tools)
}

fn function(declared: &Message<'_>, context: &Context<'_>) -> Result<Tool, ApiError> {
    declared.only(&[
        "behavior",
        "description",
        "name",
        "parameters",
        "parametersJsonSchema",
        "response",
        "responseJsonSchema",
    ])?;
    let name = declared.text("name")?.unwrap_or_default();
    if !is_name(name) {
        return Err(ApiError::invalid(format!(
            "The GenerateContentRequest proto is invalid:\n  * {}: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.",
            declared.place("name")
        )));
    }
    let (own, json) = (
        declared.get("parameters"),
        declared.get("parametersJsonSchema"),
    );
    let (schema, place, dialect, rule) = match (own, json) {
        (Some(_), Some(_)) => {
            return Err(declared.invalid(
                "parameters",
                "only one of `parameters` and `parameters_json_schema` may be set.",
            ));
        }
        (Some(schema), None) => {
            let schema = as_named(schema);
            let rule = openapi(&schema);
            (
                Cow::Owned(schema),
                "parameters",
                Dialect::gemini_schema(),
                rule,
            )
        }
        (None, Some(schema)) => (
            Cow::Borrowed(schema),
            "parametersJsonSchema",
            Dialect::gemini_json_schema(),
            as_any_of(schema),
        ),
        (None, None) => return Ok(called(name, Rule::Schema(nothing()))),
    };
    if rule.get("type").and_then(Value::as_str) != Some("object") {
        return Err(declared.invalid(place, "schema should be of type OBJECT"));
    }
    if let Some(cause) = problem(check_schema(&schema, Some(dialect))) {
        return Err(declared.invalid(place, cause));
    }
    let rule = Rule::Schema(rule);
    // What the engine cannot follow is no promise, and any object is written.
    Ok(match context.engine.check(&rule) {
        Ok(()) => called(name, rule),
        Err(_) => called(name, Rule::any_object()),
    })
}

/// The schema of a function without arguments.
fn nothing() -> Value {
    json!({"type": "object", "properties": {}, "additionalProperties": false})
}

fn called(name: &str, rule: Rule) -> Tool {
    Tool {
        name: name.to_owned(),
        kind: ToolKind::Function(rule),
        strict: true,
    }
}

fn is_name(name: &str) -> bool {
    let begins = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    let goes_on = |letter: char| letter.is_ascii_alphanumeric() || "_.:-".contains(letter);
    name.len() <= 64 && name.starts_with(begins) && name.chars().all(goes_on)
}

/// Whether and what must be called.
pub(super) fn choice(request: &Message<'_>, tools: &[Tool]) -> Result<Choice, ApiError> {
    let config = request.message("toolConfig")?;
    let Some(config) = config
        .map(|config| config.message("functionCallingConfig"))
        .transpose()?
        .flatten()
    else {
        return Ok(Choice::Auto(None));
    };
    if tools.is_empty() {
        return Err(ApiError::invalid(
            "Function calling config is set without function_declarations.",
        ));
    }
    let mode = config.word("mode", "FunctionCallingConfig.Mode", MODES)?;
    let allowed = config.get("allowedFunctionNames").and_then(Value::as_array);
    let allowed: Option<Vec<String>> = allowed.map(|names| {
        let names = names.iter().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    });
    let allowed = allowed.filter(|names| !names.is_empty());
    // The words of these two are not published.
    if allowed.is_some() && !matches!(mode, Some("ANY" | "VALIDATED")) {
        return Err(config.invalid(
            "allowedFunctionNames",
            "only allowed when `mode` is ANY or VALIDATED.",
        ));
    }
    let is_known = |name: &&String| tools.iter().any(|tool| tool.name == **name);
    if let Some(unknown) = allowed.iter().flatten().find(|name| !is_known(name)) {
        let message = format_args!("`{unknown}` is not declared.");
        return Err(config.invalid("allowedFunctionNames", message));
    }
    Ok(match mode {
        Some("ANY") => Choice::Required(allowed),
        Some("NONE") => Choice::None,
        _ => Choice::Auto(allowed),
    })
}
