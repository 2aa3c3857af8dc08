//! Schemas: refused as OpenAI refuses them, and turned into the rule that the engine enforces.

use larkspur_schema::{Diagnostic, Dialect, check};
use serde_json::{Value, json};

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
    /// The place of the schema, as refusals name it.
    pub(super) fn param(&self) -> &str {
        match self {
            Self::Format { api, .. } => match api {
                Api::Responses => "text.format.schema",
                Api::Chat => "response_format",
            },
            Self::Function { param, .. } => param,
        }
    }

    pub(super) fn refusal(&self, cause: &str) -> ApiError {
        let (what, name, code) = match self {
            Self::Format { api, name } => {
                let code = (*api == Api::Responses).then_some("invalid_json_schema");
                ("response_format", *name, code)
            }
            Self::Function { name, .. } => ("function", *name, Some("invalid_function_parameters")),
        };
        let error = ApiError::invalid(format!("Invalid schema for {what} '{name}': {cause}"))
            .param(self.param());
        match code {
            Some(code) => error.code(code),
            None => error,
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

/// The rule of a schema for which strict mode was neither asked for nor declined on the Responses API: that of the
/// schema put into strict form, or none where that does not make it one that strict mode takes.
///
/// Source: OpenAI guide "Function calling", section "Strict mode".
pub(super) fn strict_if_possible(schema: &Value, context: &Context<'_>) -> Option<Rule> {
    let mut schema = schema.clone();
    normalise(&mut schema);
    if strict_problem(&schema).is_some() {
        return None;
    }
    let rule = Rule::Schema(schema);
    context.engine.check(&rule).is_ok().then_some(rule)
}

/// Closes objects that say nothing of other properties, and requires every property. A schema that says otherwise
/// (an object that is declared open, a map) is left as it is.
///
/// Goes as deep as the schema, which is bounded by the depth to which a body is parsed.
fn normalise(schema: &mut Value) {
    let Some(keywords) = schema.as_object_mut() else {
        return;
    };
    for (keyword, inside) in keywords.iter_mut() {
        match (keyword.as_str(), inside) {
            ("properties" | "$defs" | "definitions", Value::Object(named)) => {
                named.values_mut().for_each(normalise);
            }
            ("anyOf", Value::Array(branches)) => branches.iter_mut().for_each(normalise),
            ("items", items) => normalise(items),
            _ => {}
        }
    }
    let Some(Value::Object(properties)) = keywords.get("properties") else {
        return;
    };
    let mut required: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
    if let Some(Value::Array(listed)) = keywords.get("required") {
        let is_property = |name: &Value| {
            let name = name.as_str();
            name.is_some_and(|name| properties.contains_key(name))
        };
        required.extend(listed.iter().filter(|name| !is_property(name)).cloned());
    }
    keywords.insert("required".to_owned(), Value::Array(required));
    keywords
        .entry("additionalProperties")
        .or_insert(Value::Bool(false));
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

/// What strict mode has against a schema.
fn strict_problem(schema: &Value) -> Option<String> {
    problem(check(schema, Some(Dialect::openai())))
}

/// Why a schema is none at all.
fn schema_problem(schema: &Value) -> Option<String> {
    problem(check(schema, None))
}

/// The first thing that is wrong, in the server's words where they are known.
pub(super) fn problem(found: Vec<Diagnostic>) -> Option<String> {
    let first = found.into_iter().find(Diagnostic::is_error)?;
    Some(first.server_message.unwrap_or(first.message))
}
