//! Keywords that no shape holds.

use serde_json::{Map, Value};

use crate::lower::graph::Node;

/// Keywords that the other files of this pass turn into shapes.
const READ: &[&str] = &[
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
    "allOf",
    "anyOf",
    "oneOf",
    "type",
    "enum",
    "const",
    "title",
    "description",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "items",
    "prefixItems",
    "additionalItems",
    "minItems",
    "maxItems",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "$defs",
    "definitions",
    // Says again what closing the object does.
    "unevaluatedProperties",
    "unevaluatedItems",
    // Names for references, which are resolved.
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
];

/// The longest rule, in characters of JSON, that is put into a description.
const LONGEST_NOTE: usize = 400;

/// Notes each keyword that is not read as left out, with what the model is told instead.
///
/// `only`, where it is not empty, is all that counts, as in old drafts beside a `$ref`.
pub(super) fn note_unread(node: &mut Node, keywords: &Map<String, Value>, only: &[&str]) {
    for (keyword, value) in keywords {
        let keyword = keyword.as_str();
        match keyword {
            "title" | "description" => {}
            "nullable" if value == &Value::Bool(true) => {
                node.relax(
                    keyword,
                    value.clone(),
                    "a word of OpenAPI 3.0, read as: or null",
                    None,
                );
            }
            "required" if value.is_boolean() => {
                node.relax(
                    keyword,
                    value.clone(),
                    "a word of draft 3, which means nothing in later drafts",
                    None,
                );
            }
            "unevaluatedProperties" | "unevaluatedItems" if value != &Value::Bool(false) => {
                node.relax(keyword, value.clone(), RULE, note(keyword, value));
            }
            _ if !only.is_empty() && !only.contains(&keyword) => {
                node.relax(
                    keyword,
                    value.clone(),
                    "means nothing beside `$ref` in this draft",
                    None,
                );
            }
            _ if READ.contains(&keyword) => {}
            _ => {
                let (reason, told) = unread(keyword, value);
                node.relax(keyword, value.clone(), reason, told);
            }
        }
    }
}

const RULE: &str = "the server does not take this keyword; the rule is told in the description and checked in the answer";
const TOLD: &str = "the server does not take this keyword; it is told in the description";
const ANNOTATION: &str = "the server does not take this keyword; it is no rule";

/// Why a keyword is left out and what the model is told.
fn unread(keyword: &str, value: &Value) -> (&'static str, Option<String>) {
    match keyword {
        "default" | "examples" | "example" => (TOLD, note(keyword, value)),
        "not" | "if" | "then" | "else" | "dependentRequired" | "dependentSchemas"
        | "dependencies" | "contains" | "minContains" | "maxContains" | "uniqueItems"
        | "contentEncoding" | "contentMediaType" | "contentSchema" => (RULE, note(keyword, value)),
        "$schema" | "$id" | "id" | "$comment" | "$vocabulary" | "deprecated" | "readOnly"
        | "writeOnly" => (ANNOTATION, None),
        _ => (
            "not a keyword of JSON Schema; the server does not take it",
            None,
        ),
    }
}

/// A sentence that tells the model a rule.
fn note(keyword: &str, value: &Value) -> Option<String> {
    let text = value.to_string();
    if text.len() > LONGEST_NOTE {
        return None;
    }
    let sentence = match (keyword, value) {
        ("default", Value::Null) | ("uniqueItems", Value::Bool(false)) => return None,
        ("default", _) => format!("Default: {text}."),
        ("example", _) => format!("Example: {text}."),
        ("examples", Value::Array(values)) if values.is_empty() => return None,
        ("examples", Value::Array(values)) => {
            let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("Examples: {}.", shown.join(", "))
        }
        ("uniqueItems", Value::Bool(true)) => "No element occurs twice.".to_owned(),
        ("contentEncoding", Value::String(name)) => format!("Encoded as {name}."),
        ("contentMediaType", Value::String(name)) => format!("Holds {name}."),
        ("not", _) => format!("Must not match the JSON Schema {text}."),
        ("contains", _) => format!("Some element matches the JSON Schema {text}."),
        ("if", _) => format!(
            "If it matches the JSON Schema {text}, the rule `then` holds, otherwise `else`."
        ),
        _ => format!("Rule `{keyword}` of JSON Schema: {text}."),
    };
    Some(sentence)
}
