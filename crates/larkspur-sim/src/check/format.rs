//! The form of a message: `text.format` on Responses, `response_format` on Chat Completions.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::ask::Output;
use crate::engine::Rule;
use crate::fields::Fields;

use super::{Api, Context, budget::Budget, names, schema};

const KINDS: [&str; 3] = ["text", "json_object", "json_schema"];

/// The format of a request on the Responses API, and whether it asks for JSON mode.
pub(super) fn responses<'a>(
    body: &Fields<'a>,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
) -> Result<Output, ApiError> {
    let Some(text) = body.object("text")? else {
        return Ok(Output::Text);
    };
    text.only(&["format", "verbosity"])?;
    text.one_of("verbosity", &["low", "medium", "high"])?;
    let Some(format) = text.object("format")? else {
        return Ok(Output::Text);
    };
    let kind = format.required_string("type")?;
    match kind {
        "text" => format.only(&["type"]).map(|()| Output::Text),
        "json_object" => {
            format.only(&["type"])?;
            Ok(Output::Constrained {
                rule: Rule::any_object(),
                name: String::new(),
            })
        }
        "json_schema" => {
            let found = json_schema(&format, Api::Responses, context, budget)?;
            format.only(&["type", "name", "description", "schema", "strict"])?;
            Ok(found)
        }
        other => Err(ApiError::invalid_value(&format.path("type"), other, &KINDS)),
    }
}

/// The format of a request on the Chat Completions API.
pub(super) fn chat<'a>(
    body: &Fields<'a>,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
) -> Result<Output, ApiError> {
    let Some(format) = body.object("response_format")? else {
        return Ok(Output::Text);
    };
    match format.required_string("type")? {
        "text" => Ok(Output::Text),
        "json_object" => Ok(Output::Constrained {
            rule: Rule::any_object(),
            name: String::new(),
        }),
        "json_schema" => {
            let wrapper = format
                .object("json_schema")?
                .ok_or_else(|| ApiError::missing("response_format.json_schema"))?;
            let found = json_schema(&wrapper, Api::Chat, context, budget)?;
            format.only(&["type", "json_schema"])?;
            wrapper.only(&["name", "description", "schema", "strict"])?;
            Ok(found)
        }
        other => Err(ApiError::invalid_value(&format.path("type"), other, &KINDS)),
    }
}

fn json_schema<'a>(
    format: &Fields<'a>,
    api: Api,
    context: &Context<'_>,
    budget: &mut Budget<'a>,
) -> Result<Output, ApiError> {
    let name = names::name(format)?;
    format.string("description")?;
    // Left out, it is false on both APIs: only tools of the Responses API are made strict unasked.
    let strict = format.boolean("strict")?.unwrap_or(false);
    let owner = schema::Owner::Format { api, name };
    let schema = format.required("schema")?;
    if !schema.is_object() {
        return Err(ApiError::wrong_type(
            &format.path("schema"),
            "an object",
            schema,
        ));
    }
    let rule = if strict {
        let rule = schema::strict(schema, &owner, context)?;
        budget.add(owner, schema);
        rule
    } else {
        schema::lenient(schema, &owner, context)?
    };
    Ok(Output::Constrained {
        rule,
        name: name.to_owned(),
    })
}

/// JSON mode needs the word JSON in what the model reads, or the model would write white space for ever.
pub(super) fn json_word(body: &Fields<'_>, api: Api, read: &[String]) -> Result<(), ApiError> {
    let format = match api {
        Api::Responses => body.object("text")?.and_then(|text| text.get("format")),
        Api::Chat => body.get("response_format"),
    };
    let json_mode = format
        .and_then(|format| format.get("type"))
        .and_then(Value::as_str)
        == Some("json_object");
    if !json_mode || read.iter().any(|text| text.to_lowercase().contains("json")) {
        return Ok(());
    }
    Err(match api {
        Api::Responses => ApiError::invalid(
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
        )
        .param("input"),
        Api::Chat => ApiError::invalid(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        )
        .param("messages"),
    })
}
