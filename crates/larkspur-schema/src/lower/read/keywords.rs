//! Keywords that no shape holds.

use serde_json::{Map, Value};

use crate::{Dialect, Support, lower::graph::Node, vocabulary};

/// Keywords that the other files of this pass turn into shapes.
const READ: &[&str] = &[
    "$ref",
    "$dynamicRef",
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
    // The order of the properties, which is said anew.
    "propertyOrdering",
    // Names for references, which are resolved.
    "$anchor",
    "$dynamicAnchor",
];

/// Keywords that would mean something else in a schema whose parts have moved.
const BOUND: &[&str] = &[
    "$schema",
    "$id",
    "id",
    "$vocabulary",
    "components",
    "openapi",
];

/// The longest rule, in characters of JSON, that is put into a description.
const LONGEST_NOTE: usize = 400;

/// Keeps each keyword that is not read where the server takes it and it is no rule; notes the others as left out, with what
/// the model is told instead.
pub(super) fn note_unread(node: &mut Node, keywords: &Map<String, Value>, dialect: &Dialect) {
    for (keyword, value) in keywords {
        let keyword = keyword.as_str();
        match keyword {
            "unevaluatedProperties" | "unevaluatedItems" if value != &Value::Bool(false) => {
                node.relax(keyword, value.clone(), RULE, note(keyword, value));
            }
            "format" if is_number(keywords) => keep_number_format(node, value, dialect),
            _ if READ.contains(&keyword) => {}
            _ if is_kept(keyword, dialect) => {
                node.kept.insert(keyword.to_owned(), value.clone());
            }
            _ => leave_out(node, keyword, value, dialect),
        }
    }
}

fn is_number(keywords: &Map<String, Value>) -> bool {
    let kind = keywords.get("type").and_then(Value::as_str);
    matches!(kind, Some("integer" | "number"))
}

/// `int32`, `double`: names that JSON Schema knows no rule for.
fn keep_number_format(node: &mut Node, format: &Value, dialect: &Dialect) {
    if matches!(dialect.formats.numbers, Support::Taken | Support::Ignored) {
        node.kept.insert("format".to_owned(), format.clone());
    } else {
        node.leave_out("format", format.clone(), ANNOTATION, None);
    }
}

/// Whether the keyword says no rule and does no harm.
fn is_kept(keyword: &str, dialect: &Dialect) -> bool {
    let is_no_rule = vocabulary::ANNOTATIONS.contains(&keyword) || !vocabulary::is_keyword(keyword);
    is_no_rule
        && !BOUND.contains(&keyword)
        && matches!(
            dialect.support(keyword),
            Support::Taken | Support::Partly(_) | Support::Ignored
        )
}

const RULE: &str = "the server does not take this keyword; the rule is told in the description and checked in the answer";
const SKIPPED: &str = "the server skips this keyword without a word; the rule is told in the description and checked in the answer";
const TOLD: &str = "the server does not take this keyword; it is told in the description";
const ANNOTATION: &str = "the server does not take this keyword; it is no rule";
const MOVED: &str = "it is no rule, and means nothing in a schema that was rewritten";
const FOREIGN: &str = "not a keyword of JSON Schema; the server does not take it";

fn leave_out(node: &mut Node, keyword: &str, value: &Value, dialect: &Dialect) {
    let value = value.clone();
    match keyword {
        "default" | "examples" | "example" => {
            let told = note(keyword, &value);
            node.leave_out(keyword, value, TOLD, told);
        }
        _ if BOUND.contains(&keyword) => {
            let is_taken = dialect.takes(keyword);
            node.leave_out(
                keyword,
                value,
                if is_taken { MOVED } else { ANNOTATION },
                None,
            );
        }
        "contentEncoding" | "contentMediaType" | "contentSchema" => {
            let told = note(keyword, &value);
            node.relax(keyword, value, RULE, told);
        }
        _ if vocabulary::ANNOTATIONS.contains(&keyword) => {
            node.leave_out(keyword, value, ANNOTATION, None);
        }
        _ if vocabulary::is_keyword(keyword) => {
            let is_skipped = dialect.support(keyword) == Support::Ignored;
            let told = note(keyword, &value);
            node.relax(
                keyword,
                value,
                if is_skipped { SKIPPED } else { RULE },
                told,
            );
        }
        _ => node.leave_out(keyword, value, FOREIGN, None),
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
