//! Schemas: refused as OpenAI refuses them, and turned into the rule that the engine enforces.

use larkspur_schema::{Diagnostic, Dialect, check};
use serde_json::Value;

use crate::api_error::ApiError;
use crate::engine::Rule;

use super::{Api, Context};

/// What a schema belongs to: it decides the words, `param` and `code` of a refusal.
#[derive(Clone, Debug)]
pub(super) enum Owner<'a> {
    Format { api: Api, name: &'a str },
    Function { name: &'a str, param: String },
}

impl Owner<'_> {
    fn refusal(&self, cause: &str) -> ApiError {
        match self {
            Self::Format { api, name } => {
                let error = ApiError::invalid(format!(
                    "Invalid schema for response_format '{name}': {cause}"
                ));
                match api {
                    Api::Responses => error
                        .param("text.format.schema")
                        .code("invalid_json_schema"),
                    Api::Chat => error.param("response_format"),
                }
            }
            Self::Function { name, param } => {
                ApiError::invalid(format!("Invalid schema for function '{name}': {cause}"))
                    .param(param)
                    .code("invalid_function_parameters")
            }
        }
    }
}

/// The rule of a schema in strict mode. What the strict dialect or the engine does not take is refused.
pub(super) fn strict(
    schema: &Value,
    owner: &Owner<'_>,
    context: &Context<'_>,
) -> Result<Rule, ApiError> {
    if let Some(cause) = strict_problem(schema) {
        return Err(owner.refusal(&cause));
    }
    let rule = Rule::Schema(schema.clone());
    context
        .engine
        .check(&rule)
        .map_err(|error| owner.refusal(&error.to_string()))?;
    Ok(rule)
}

/// The rule of a schema outside strict mode, which is no promise: the schema is followed where the engine can follow
/// it, any object is written where it cannot. What is no schema of an object at all is refused.
pub(super) fn lenient(
    schema: &Value,
    owner: &Owner<'_>,
    context: &Context<'_>,
) -> Result<Rule, ApiError> {
    if matches!(owner, Owner::Function { .. }) {
        root_object(schema, owner)?;
    }
    if let Some(cause) = schema_problem(schema) {
        return Err(owner.refusal(&cause));
    }
    let rule = Rule::Schema(schema.clone());
    Ok(if context.engine.check(&rule).is_ok() {
        rule
    } else {
        Rule::any_object()
    })
}

/// Whether strict mode takes the schema as it stands.
pub(super) fn is_strict(schema: &Value, context: &Context<'_>) -> bool {
    strict_problem(schema).is_none() && context.engine.check(&Rule::Schema(schema.clone())).is_ok()
}

fn root_object(schema: &Value, owner: &Owner<'_>) -> Result<(), ApiError> {
    let found = match schema.get("type") {
        Some(Value::String(name)) if name == "object" => return Ok(()),
        Some(Value::String(name)) => name.as_str(),
        _ => "None",
    };
    Err(owner.refusal(&format!(
        "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{found}\"'."
    )))
}

/// What strict mode has against a schema, in the server's words where they are known.
fn strict_problem(schema: &Value) -> Option<String> {
    problem(check(schema, Some(Dialect::openai())))
}

/// Why a schema is none at all.
fn schema_problem(schema: &Value) -> Option<String> {
    problem(check(schema, None))
}

fn problem(found: Vec<Diagnostic>) -> Option<String> {
    let first = found.into_iter().find(Diagnostic::is_error)?;
    Some(first.server_message.unwrap_or(first.message))
}
