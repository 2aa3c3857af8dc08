//! The metaschema.

use larkspur_json::Pointer;
use serde_json::Value;

use crate::{Diagnostic, vocabulary};

/// The most violations that are told of one schema.
const MOST_TOLD: usize = 100;

/// Where the schema breaks the rules for schemas of its draft.
pub(super) fn problems(schema: &Value) -> Vec<Diagnostic> {
    let named = schema.get("$schema").and_then(Value::as_str);
    let Ok(validator) = jsonschema::meta::validator_for(schema) else {
        let at = Pointer::root().child("$schema");
        let message = format!(
            "`{}` is no draft of JSON Schema that is known",
            named.unwrap_or_default()
        );
        let hint = "leave `$schema` out for draft 2020-12";
        return vec![Diagnostic::warning("unknown-draft", &at, message).hint(hint)];
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    for error in validator.iter_errors(schema).take(MOST_TOLD) {
        let at: Pointer = error.instance_path().as_str().parse().unwrap_or_default();
        // Each vocabulary of the metaschema says it again.
        if found.iter().all(|finding| finding.pointer != at) {
            let message =
                message(&at, error.instance()).unwrap_or_else(|| shortened(&error.to_string()));
            let mut problem = Diagnostic::error("not-a-schema", &at, message);
            let named = error.instance().as_str();
            if at.tokens().any(|token| token == "type")
                && let Some(meant) = named.and_then(vocabulary::type_like)
            {
                problem = problem.hint(format!("did you mean `{meant}`?"));
            }
            found.push(problem);
        }
    }
    found
}

/// What is wrong with the value of a keyword, or with the schema as a whole.
fn message(at: &Pointer, value: &Value) -> Option<String> {
    let value = shortened(&value.to_string());
    match at.last() {
        None => Some(format!("a schema is an object or a boolean, not `{value}`")),
        Some(keyword) => {
            let takes = taken_by(&keyword)?;
            Some(format!("`{keyword}` takes {takes}, not `{value}`"))
        }
    }
}

/// What the keywords take that people get wrong.
fn taken_by(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "type" => {
            "`string`, `number`, `integer`, `boolean`, `object`, `array`, `null`, or a list of these"
        }
        "properties" | "patternProperties" | "$defs" | "definitions" => "an object of schemas",
        "required" => "a list of distinct names",
        "enum" | "examples" => "a list of values",
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => "a list of schemas that is not empty",
        "items" | "additionalProperties" | "contains" | "not" | "propertyNames" => "a schema",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => "a number",
        "multipleOf" => "a number above 0",
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            "a whole number of at least 0"
        }
        "pattern" => "a regular expression",
        "format" | "$ref" | "title" | "description" => "a string",
        "uniqueItems" => "`true` or `false`",
        _ => return None,
    })
}

/// Values can be large.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 300;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
