//! `tool_choice`: which of the tools may or must be called.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::ask::{Choice, Tool, ToolKind};
use crate::fields::Fields;

use super::{Api, tools};

const WORDS: [&str; 3] = ["none", "auto", "required"];

/// The choice of a request whose tools are known.
pub(super) fn check(body: &Fields<'_>, api: Api, tools: &[Tool]) -> Result<Choice, ApiError> {
    let has_tools = body.array("tools")?.is_some_and(|tools| !tools.is_empty());
    let Some(choice) = body.get("tool_choice") else {
        if api == Api::Chat && !has_tools && body.get("parallel_tool_calls").is_some() {
            return Err(only_with_tools("parallel_tool_calls"));
        }
        return Ok(Choice::Auto(None));
    };
    if api == Api::Chat && !has_tools {
        return Err(only_with_tools("tool_choice"));
    }
    match choice {
        Value::String(word) => self::word(word, api, has_tools),
        Value::Object(_) => object(choice, api, tools, body),
        other => Err(ApiError::wrong_type(
            "tool_choice",
            "one of a string or an object",
            other,
        )),
    }
}

fn only_with_tools(name: &str) -> ApiError {
    ApiError::invalid(format!(
        "Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified."
    ))
    .param(name)
}

fn word(word: &str, api: Api, has_tools: bool) -> Result<Choice, ApiError> {
    match word {
        "none" => Ok(Choice::None),
        "auto" => Ok(Choice::Auto(None)),
        "required" if api == Api::Responses && !has_tools => {
            let message = "Tool choice 'required' must be specified with 'tools' parameter.";
            Err(ApiError::invalid(message).param("tool_choice"))
        }
        "required" => Ok(Choice::Required(None)),
        other => Err(ApiError::invalid_value("tool_choice", other, &WORDS)),
    }
}

fn object(choice: &Value, api: Api, known: &[Tool], body: &Fields<'_>) -> Result<Choice, ApiError> {
    let fields = Fields::of(choice, "tool_choice")?;
    if fields.required_string("type")? == "allowed_tools" {
        let inner = match api {
            Api::Responses => fields,
            Api::Chat => fields
                .object("allowed_tools")?
                .ok_or_else(|| ApiError::missing("tool_choice.allowed_tools"))?,
        };
        return allowed(&inner, api, known);
    }
    let (kind, name) = tools::reference(choice, "tool_choice".to_owned(), api)?;
    let is_kind = |tool: &Value| tool.get("type").and_then(Value::as_str) == Some(kind);
    if name.is_empty() && body.array("tools")?.unwrap_or_default().iter().any(is_kind) {
        // A hosted tool: nobody hosts it here, so the answer goes on without it.
        return Ok(Choice::Auto(None));
    }
    find(kind, name, known)?;
    Ok(Choice::Required(Some(vec![name.to_owned()])))
}

fn allowed(fields: &Fields<'_>, api: Api, known: &[Tool]) -> Result<Choice, ApiError> {
    fields.required("mode")?;
    let mode = fields.one_of("mode", &["auto", "required"])?;
    let list = fields
        .array("tools")?
        .ok_or_else(|| ApiError::missing(&fields.path("tools")))?;
    let mut names = Vec::new();
    for (place, tool) in list.iter().enumerate() {
        let (kind, name) =
            tools::reference(tool, format!("{}[{place}]", fields.path("tools")), api)?;
        find(kind, name, known)?;
        names.push(name.to_owned());
    }
    Ok(if mode == Some("required") {
        Choice::Required(Some(names))
    } else {
        Choice::Auto(Some(names))
    })
}

/// A named tool has to be among the tools of the request.
fn find(kind: &str, name: &str, known: &[Tool]) -> Result<(), ApiError> {
    let fits = |tool: &&Tool| {
        tool.name == name
            && match tool.kind {
                ToolKind::Function(_) => kind == "function",
                ToolKind::Custom(_) => kind == "custom",
            }
    };
    if known.iter().any(|tool| fits(&tool)) {
        return Ok(());
    }
    // The text of the Responses API; Chat Completions is not known to word it otherwise.
    Err(ApiError::invalid(format!(
        "Tool choice '{kind}' not found in 'tools' parameter."
    ))
    .param("tool_choice"))
}
