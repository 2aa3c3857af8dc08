//! `generationConfig`: what the text must be, how long it may get, how much the model thinks.

use std::borrow::Cow;

use larkspur_schema::{Dialect, check as check_schema};
use serde_json::{Map, Value, json};

use crate::api_error::ApiError;
use crate::ask::Output;
use crate::engine::Rule;

use super::super::{Context, schema::problem};
use super::message::{Message, camel};
use super::signs_thoughts;

/// Members (`GenerationConfig`).
const KNOWN: &[&str] = &[
    "audioTranscriptionConfig",
    "candidateCount",
    "enableEnhancedCivicAnswers",
    "frequencyPenalty",
    "imageConfig",
    "logprobs",
    "maxOutputTokens",
    "mediaResolution",
    "presencePenalty",
    "responseFormat",
    "responseJsonSchema",
    "responseLogprobs",
    "responseMimeType",
    "responseModalities",
    "responseSchema",
    "seed",
    "speechConfig",
    "stopSequences",
    "temperature",
    "thinkingConfig",
    "topK",
    "topP",
];

const LEVELS: &[&str] = &["MINIMAL", "LOW", "MEDIUM", "HIGH"];

/// What the configuration asks for.
pub(super) struct Config {
    pub(super) output: Output,
    pub(super) is_json: bool,
    pub(super) effort: Option<String>,
    pub(super) max_output_tokens: Option<u64>,
    pub(super) temperature: Option<f64>,
}

pub(super) fn check(
    request: &Message<'_>,
    model: &str,
    context: &Context<'_>,
) -> Result<Config, ApiError> {
    let none = Map::new();
    let config = request.message("generationConfig")?;
    let config = config.unwrap_or_else(|| Message::of(&none));
    config.only(KNOWN)?;
    let max_output_tokens = match config.integer("maxOutputTokens")? {
        Some(..=0) => {
            let message = "max_output_tokens must be positive.";
            return Err(config.invalid("maxOutputTokens", message));
        }
        most => most.map(i64::unsigned_abs),
    };
    if config
        .integer("candidateCount")?
        .is_some_and(|count| count != 1)
    {
        return Err(ApiError::invalid(
            "Multiple candidates is not enabled for this model",
        ));
    }
    ranges(&config)?;
    let mime = config.text("responseMimeType")?;
    Ok(Config {
        output: output(&config, mime, context)?,
        is_json: mime == Some("application/json"),
        effort: thinking(&config, model)?,
        max_output_tokens,
        temperature: config.number("temperature")?,
    })
}

/// Settings that are checked by type and range alone. The words are not published.
fn ranges(config: &Message<'_>) -> Result<(), ApiError> {
    for (name, most) in [("temperature", 2.0), ("topP", 1.0)] {
        let number = config.number(name)?;
        if number.is_some_and(|number| !(0.0..=most).contains(&number)) {
            let message = format_args!("must be in the range [0.0, {most:.1}].");
            return Err(config.invalid(name, message));
        }
    }
    Ok(())
}

fn output(
    config: &Message<'_>,
    mime: Option<&str>,
    context: &Context<'_>,
) -> Result<Output, ApiError> {
    match mime {
        None | Some("text/plain" | "application/json" | "text/x.enum") => {}
        Some(_) => {
            return Err(config.invalid(
                "responseMimeType",
                "allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.",
            ));
        }
    }
    let Some(schema) = schema(config)? else {
        return Ok(match mime {
            Some("application/json") => {
                constrained(Rule::Schema(json!({"type": ["object", "array"]})))
            }
            _ => Output::Text,
        });
    };
    if !matches!(mime, Some("application/json" | "text/x.enum")) {
        return Err(config.invalid(
            schema.field,
            "only allowed when `response_mime_type` is set to `application/json` or `text/x.enum`.",
        ));
    }
    let refuse = |cause: String| {
        if cause.starts_with("Unknown name") {
            ApiError::invalid(format!("Invalid JSON payload received. {cause}"))
        } else {
            config.invalid(schema.field, cause)
        }
    };
    if let Some(cause) = problem(check_schema(&schema.written, Some(schema.dialect))) {
        return Err(refuse(cause));
    }
    let rule = Rule::Schema(schema.rule);
    let possible = context.engine.check(&rule);
    possible.map_err(|error| refuse(error.to_string()))?;
    Ok(constrained(rule))
}

/// A schema in one of the two fields.
struct Schema<'a> {
    field: &'static str,
    written: Cow<'a, Value>,
    dialect: &'static Dialect,
    /// As JSON Schema.
    rule: Value,
}

fn schema<'a>(config: &Message<'a>) -> Result<Option<Schema<'a>>, ApiError> {
    match (
        config.get("responseSchema"),
        config.get("responseJsonSchema"),
    ) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "Only one of response_schema and response_json_schema can be set.",
        )),
        (Some(written), None) => {
            let written = as_named(written);
            Ok(Some(Schema {
                field: "responseSchema",
                rule: openapi(&written),
                written: Cow::Owned(written),
                dialect: Dialect::gemini_schema(),
            }))
        }
        (None, Some(written)) => Ok(Some(Schema {
            field: "responseJsonSchema",
            written: Cow::Borrowed(written),
            dialect: Dialect::gemini_json_schema(),
            rule: as_any_of(written),
        })),
    }
}

fn constrained(rule: Rule) -> Output {
    Output::Constrained {
        rule,
        name: "output".to_owned(),
    }
}

/// A keyword as the engine takes it, which has floating point for bounds, and 64 bits for their negatives: the outermost numbers that it
/// has are 1,024 from the ends.
fn held(keyword: &str, value: Value) -> Value {
    const LEAST: i64 = i64::MIN + 1_024;
    const GREATEST: i64 = i64::MAX - 1_023;
    // Where the ends begin, in floating point.
    const ENDS: f64 = 9_223_372_036_854_774_784.0;
    match (keyword, value.as_f64()) {
        ("minimum", Some(bound)) if bound < -ENDS => LEAST.into(),
        ("maximum", Some(bound)) if bound > ENDS => GREATEST.into(),
        _ => value,
    }
}

/// The schema as the server holds it: `oneOf` is read as `anyOf`.
///
/// Goes as deep as the schema, which is bounded by the depth to which a body is parsed.
pub(super) fn as_any_of(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let name = match (name.as_str(), value) {
                    ("oneOf", Value::Array(_)) if !members.contains_key("anyOf") => "anyOf",
                    (name, _) => name,
                };
                (name.to_owned(), held(name, as_any_of(value)))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(as_any_of).collect()),
        other => other.clone(),
    }
}

/// A schema in the server's own notation, which may be spelt as the message spells it (`any_of`), with its fields as JSON names them.
///
/// Goes as deep as the schema, which is bounded by the depth to which a body is parsed.
pub(super) fn as_named(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let members = members.iter().map(|(name, value)| {
        let name = camel(name);
        let value = match (name.as_str(), value) {
            ("items", items) => as_named(items),
            ("anyOf", Value::Array(branches)) => branches.iter().map(as_named).collect(),
            ("properties", Value::Object(known)) => {
                let known = known.iter();
                Value::Object(
                    known
                        .map(|(name, one)| (name.clone(), as_named(one)))
                        .collect(),
                )
            }
            (_, value) => value.clone(),
        };
        (name, value)
    });
    Value::Object(members.collect())
}

/// A schema in the notation of `OpenAPI` 3.0 as JSON Schema: types in small letters, closed objects in the order that is asked for, and
/// `null` where it is allowed.
///
/// Goes as deep as the schema, which is bounded by the depth to which a body is parsed.
pub(super) fn openapi(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let message = Message::of(members);
    let mut written = Map::new();
    for (name, value) in members {
        match name.as_str() {
            "type" => {
                let name = value.as_str().unwrap_or_default().to_ascii_lowercase();
                written.insert("type".to_owned(), Value::String(name));
            }
            "properties" => {
                let properties = properties(&message, value);
                written.insert("properties".to_owned(), properties);
            }
            "items" => {
                written.insert("items".to_owned(), openapi(value));
            }
            "anyOf" => {
                let branches = value.as_array().into_iter().flatten().map(openapi);
                written.insert("anyOf".to_owned(), branches.collect());
            }
            "enum" | "required" | "pattern" | "minimum" | "maximum" => {
                written.insert(name.clone(), held(name, value.clone()));
            }
            _ => {}
        }
    }
    for name in ["minItems", "maxItems", "minLength", "maxLength"] {
        if let Ok(Some(bound)) = message.integer(name) {
            written.insert(name.to_owned(), bound.into());
        }
    }
    if message.text("format").ok().flatten() == Some("date-time") {
        written.insert("format".to_owned(), json!("date-time"));
    }
    if message.get("nullable") == Some(&Value::Bool(true)) {
        return json!({"anyOf": [written, {"type": "null"}]});
    }
    Value::Object(written)
}

/// Properties in the order of `propertyOrdering`, then those that it does not name.
fn properties(schema: &Message<'_>, properties: &Value) -> Value {
    let Value::Object(known) = properties else {
        return properties.clone();
    };
    let order = schema.get("propertyOrdering").and_then(Value::as_array);
    let names = order.into_iter().flatten().filter_map(Value::as_str);
    let mut written = Map::new();
    for name in names.chain(known.keys().map(String::as_str)) {
        if let Some(property) = known.get(name).filter(|_| !written.contains_key(name)) {
            written.insert(name.to_owned(), openapi(property));
        }
    }
    Value::Object(written)
}

/// How much the model thinks, as other APIs say it.
fn thinking(config: &Message<'_>, model: &str) -> Result<Option<String>, ApiError> {
    let Some(thinking) = config.message("thinkingConfig")? else {
        return Ok(None);
    };
    thinking.only(&["includeThoughts", "thinkingBudget", "thinkingLevel"])?;
    let budget = thinking.integer("thinkingBudget")?;
    let level = thinking.word("thinkingLevel", "ThinkingConfig.ThinkingLevel", LEVELS)?;
    match (budget, level) {
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "You can only set only one of thinking budget and thinking level.",
        )),
        (None, Some(_)) if !signs_thoughts(model) => Err(ApiError::invalid(
            "Thinking level is not supported for this model.",
        )),
        (None, Some(level)) => Ok(Some(level.to_ascii_lowercase())),
        (Some(0), None) => Ok(None),
        (Some(..=-2), None) => Err(thinking.invalid("thinkingBudget", "must be -1 or more.")),
        (_, None) => Ok(Some("low".to_owned())),
    }
}
