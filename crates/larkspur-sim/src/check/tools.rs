//! Tools: functions with a schema, custom tools with a grammar, and hosted tools, which nobody hosts here.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::ask::{Tool, ToolKind};
use crate::engine::Rule;
use crate::fields::Fields;

use super::{Api, Context, budget::Budget, names, schema};

/// Tools in one request, and tools in one namespace.
const MAX_TOOLS: usize = 128;

/// The parameters of a function that states none.
static NO_PARAMETERS: LazyLock<Value> = LazyLock::new(
    || json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false}),
);

/// Kinds that the Responses API names in its messages.
const KINDS: [&str; 16] = [
    "function",
    "custom",
    "namespace",
    "file_search",
    "web_search",
    "web_search_preview",
    "computer",
    "computer_use_preview",
    "mcp",
    "code_interpreter",
    "programmatic_tool_calling",
    "image_generation",
    "local_shell",
    "shell",
    "tool_search",
    "apply_patch",
];

/// The tools of a request, in order. Hosted tools are taken and never called.
pub(super) fn check<'a>(
    body: &Fields<'a>,
    api: Api,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
) -> Result<Vec<Tool>, ApiError> {
    let Some(list) = body.array("tools")? else {
        return Ok(Vec::new());
    };
    if list.len() > MAX_TOOLS {
        let message = format!(
            "Invalid 'tools': array too long. Expected an array with maximum length {MAX_TOOLS}, but got an array with length {} instead.",
            list.len()
        );
        return Err(ApiError::invalid(message)
            .param("tools")
            .code("array_above_max_length"));
    }
    if list.is_empty() && api == Api::Chat {
        let message = "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.";
        return Err(ApiError::invalid(message)
            .param("tools")
            .code("empty_array"));
    }
    let mut tools = Vec::new();
    for (place, tool) in list.iter().enumerate() {
        let fields = Fields::of(tool, format!("tools[{place}]"))?;
        match api {
            Api::Responses => flat(&fields, context, budget, &mut tools)?,
            Api::Chat => tools.push(nested(&fields, context, budget)?),
        }
    }
    Ok(tools)
}

/// A tool as the Responses API writes it: everything at one level.
fn flat<'a>(
    tool: &Fields<'a>,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
    tools: &mut Vec<Tool>,
) -> Result<(), ApiError> {
    match tool.required_string("type")? {
        "function" => {
            let found = function(tool, Api::Responses, context, budget)?;
            tool.only(&[
                "type",
                "name",
                "description",
                "parameters",
                "strict",
                "output_schema",
                "defer_loading",
                "allowed_callers",
            ])?;
            tools.push(found);
        }
        "custom" => {
            let found = custom(tool, context, |format| Ok(Some(format.clone())))?;
            tool.only(&[
                "type",
                "name",
                "description",
                "format",
                "defer_loading",
                "allowed_callers",
            ])?;
            tools.push(found);
        }
        "namespace" => {
            names::name(tool)?;
            for (place, inner) in tool.array("tools")?.unwrap_or_default().iter().enumerate() {
                let inner = Fields::of(inner, format!("{}[{place}]", tool.path("tools")))?;
                if inner.string("type")? != Some("namespace") {
                    flat(&inner, context, budget, tools)?;
                }
            }
        }
        hosted if KINDS.contains(&hosted) => {}
        other => return Err(ApiError::invalid_value(&tool.path("type"), other, &KINDS)),
    }
    Ok(())
}

/// A tool as the Chat Completions API writes it: its definition under a key named like its type.
fn nested<'a>(
    tool: &Fields<'a>,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
) -> Result<Tool, ApiError> {
    let kind = tool.required_string("type")?;
    let inner = |name| {
        tool.object(name)?
            .ok_or_else(|| ApiError::missing(&tool.path(name)))
    };
    match kind {
        "function" => {
            let inner = inner("function")?;
            let found = function(&inner, Api::Chat, context, budget)?;
            inner.only(&["name", "description", "parameters", "strict"])?;
            tool.only(&["type", "function"])?;
            Ok(found)
        }
        "custom" => {
            let inner = inner("custom")?;
            let found = custom(&inner, context, |format| format.object("grammar"))?;
            inner.only(&["name", "description", "format"])?;
            tool.only(&["type", "custom"])?;
            Ok(found)
        }
        other => Err(ApiError::invalid_value(
            &tool.path("type"),
            other,
            &["function", "custom"],
        )),
    }
}

fn function<'a>(
    tool: &Fields<'a>,
    api: Api,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
) -> Result<Tool, ApiError> {
    let name = names::name(tool)?;
    tool.string("description")?;
    let strict = tool.boolean("strict")?;
    let owner = schema::Owner::Function {
        name,
        param: tool.path("parameters"),
    };
    let parameters = match tool.get("parameters") {
        Some(value) if !value.is_object() => {
            return Err(ApiError::wrong_type(owner.param(), "an object", value));
        }
        Some(schema) => schema,
        None => &NO_PARAMETERS,
    };
    let unasked = if strict.is_none() && api == Api::Responses {
        schema::strict_if_possible(parameters, context)
    } else {
        None
    };
    let is_strict = strict == Some(true) || unasked.is_some();
    let rule = match unasked {
        Some(rule) => rule,
        None if is_strict => {
            let rule = schema::strict(parameters, &owner, context)?;
            budget.add(owner, parameters);
            rule
        }
        None => schema::lenient(parameters, &owner, context)?,
    };
    Ok(Tool {
        name: name.to_owned(),
        kind: ToolKind::Function(rule),
        strict: is_strict,
    })
}

/// A custom tool. `grammar` finds the fields of the grammar in the format: the two APIs keep them at different levels.
fn custom<'a>(
    tool: &Fields<'a>,
    context: &Context<'_>,
    grammar: impl Fn(&Fields<'a>) -> Result<Option<Fields<'a>>, ApiError>,
) -> Result<Tool, ApiError> {
    let name = names::name(tool)?.to_owned();
    tool.string("description")?;
    let of_kind = |rule| Tool {
        name: name.clone(),
        kind: ToolKind::Custom(rule),
        strict: false,
    };
    let Some(format) = tool.object("format")? else {
        return Ok(of_kind(None));
    };
    match format.required_string("type")? {
        "text" => Ok(of_kind(None)),
        "grammar" => {
            let fields =
                grammar(&format)?.ok_or_else(|| ApiError::missing(&format.path("grammar")))?;
            let rule = grammar_rule(&name, &fields, context)?;
            Ok(of_kind(Some(rule)))
        }
        other => Err(ApiError::invalid_value(
            &format.path("type"),
            other,
            &["text", "grammar"],
        )),
    }
}

fn grammar_rule(tool: &str, fields: &Fields<'_>, context: &Context<'_>) -> Result<Rule, ApiError> {
    let definition = fields.required_string("definition")?.to_owned();
    let syntax = fields.required_string("syntax")?;
    let rule = match syntax {
        "lark" => Rule::Lark(definition),
        "regex" => Rule::Regex(definition),
        other => {
            return Err(ApiError::invalid_value(
                &fields.path("syntax"),
                other,
                &["lark", "regex"],
            ));
        }
    };
    // No report of OpenAI's text for a grammar that does not compile is public; this one follows the form of the
    // text for schemas and carries the engine's own diagnosis.
    context.engine.check(&rule).map_err(|error| {
        ApiError::invalid(format!(
            "Invalid {syntax} grammar for custom tool '{tool}': {error}"
        ))
        .param(fields.path("definition"))
        .code("invalid_grammar")
    })?;
    Ok(rule)
}

/// A tool that a request refers to by type and name, in either spelling.
pub(super) fn reference(value: &Value, path: String, api: Api) -> Result<(&str, &str), ApiError> {
    let fields = Fields::of(value, path)?;
    let kind = fields.required_string("type")?;
    if !matches!(kind, "function" | "custom") {
        return Ok((kind, ""));
    }
    match api {
        Api::Responses => Ok((kind, fields.required_string("name")?)),
        Api::Chat => {
            let inner = fields
                .object(kind)?
                .ok_or_else(|| ApiError::missing(&fields.path(kind)))?;
            Ok((kind, inner.required_string("name")?))
        }
    }
}
