//! Tools, and which of them must be called.

use larkspur_schema::check as check_schema;
use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::ask::{Choice, Tool, ToolKind};
use crate::engine::Rule;

use super::super::{Context, schema::problem};
use super::{held, invalid};

/// The tools of a request, in order. Tools of the server's own are taken and never called.
pub(super) fn check(
    body: &Map<String, Value>,
    context: &Context<'_>,
) -> Result<Vec<Tool>, ApiError> {
    let listed = match body.get("tools") {
        None => return Ok(Vec::new()),
        Some(Value::Array(tools)) => tools,
        Some(_) => return Err(invalid("tools", "Input should be a valid list")),
    };
    let mut tools: Vec<Tool> = Vec::new();
    for (place, tool) in listed.iter().enumerate() {
        let path = format!("tools.{place}");
        let kind = tool.get("type").and_then(Value::as_str);
        if kind.is_some_and(|kind| kind != "custom") {
            continue;
        }
        let tool = function(tool, &path, context)?;
        if tools.iter().any(|known| known.name == tool.name) {
            return Err(invalid("tools", "Tool names must be unique."));
        }
        tools.push(tool);
    }
    Ok(tools)
}

fn function(tool: &Value, path: &str, context: &Context<'_>) -> Result<Tool, ApiError> {
    let name = tool.get("name").and_then(Value::as_str);
    let name = name.ok_or_else(|| invalid(&format!("{path}.custom.name"), "Field required"))?;
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if name.is_empty() || name.len() > 128 || !name.chars().all(is_letter) {
        return Err(invalid(
            &format!("{path}.custom.name"),
            "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
        ));
    }
    let place = format!("{path}.custom.input_schema");
    let Some(schema) = tool.get("input_schema") else {
        return Err(invalid(&place, "Field required"));
    };
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err(invalid(
            &format!("{place}.type"),
            "Input should be 'object'",
        ));
    }
    let strict = tool.get("strict") == Some(&Value::Bool(true));
    let rule = if strict {
        held(schema, &place, context)?
    } else {
        followed(schema, &place, context)?
    };
    Ok(Tool {
        name: name.to_owned(),
        kind: ToolKind::Function(rule),
        strict,
    })
}

/// The rule of a schema that is no promise: it is followed where the engine can, and any object is written where it cannot.
fn followed(schema: &Value, place: &str, context: &Context<'_>) -> Result<Rule, ApiError> {
    if let Some(cause) = problem(check_schema(schema, None)) {
        return Err(invalid(place, cause));
    }
    let rule = Rule::Schema(schema.clone());
    Ok(if context.engine.check(&rule).is_ok() {
        rule
    } else {
        Rule::any_object()
    })
}

/// Whether and what must be called.
pub(super) fn choice(body: &Map<String, Value>, tools: &[Tool]) -> Result<Choice, ApiError> {
    let Some(choice) = body.get("tool_choice").filter(|choice| !choice.is_null()) else {
        return Ok(Choice::Auto(None));
    };
    if !body.contains_key("tools") {
        return Err(ApiError::invalid(
            "tool_choice may only be specified while providing tools.",
        ));
    }
    match choice.get("type").and_then(Value::as_str) {
        Some("auto") => Ok(Choice::Auto(None)),
        Some("none") => Ok(Choice::None),
        Some("any") => Ok(Choice::Required(None)),
        Some("tool") => {
            let name = choice.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| invalid("tool_choice.tool.name", "Field required"))?;
            if tools.iter().all(|tool| tool.name != name) {
                let message = format!("Tool '{name}' not found in provided tools");
                return Err(ApiError::invalid(message));
            }
            Ok(Choice::Required(Some(vec![name.to_owned()])))
        }
        _ => Err(invalid(
            "tool_choice",
            "Input tag found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'",
        )),
    }
}
