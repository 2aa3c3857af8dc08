//! Before the passes: what is plainly too large.
//!
//! Whether a schema has too many properties shows only when it is printed, for passes drop and merge some. Of plain objects they
//! drop none that can have a value, so where those alone have too many, nobody has to wait for the passes.

use larkspur_json::Pointer;
use serde_json::{Map, Value};

use crate::{Diagnostic, Dialect};

/// Keywords that take no value away.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "examples",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "$schema",
    "$defs",
    "definitions",
];
/// How deep plain objects are looked into: less than any dialect allows.
const DEEPEST: usize = 4;

/// The problem of a schema that has more properties than the dialect allows in plain objects alone.
pub(super) fn problem(schema: &Value, dialect: &Dialect) -> Option<Diagnostic> {
    let most = dialect.limits.properties?;
    let properties = plain_object(schema)?;
    let count: usize = properties
        .values()
        .filter_map(|property| Some(1 + inside(property, 1)?))
        .sum();
    if count <= most {
        return None;
    }
    let message = format!("the schema has at least {count} properties, {most} are allowed");
    let problem = Diagnostic::error("too-many-properties", &Pointer::root(), message);
    Some(problem.hint("ask for less at a time"))
}

/// The properties inside a schema that are sent whatever the passes do. None where it is not plain that some value fits
/// the schema: what is impossible is not sent.
fn inside(schema: &Value, depth: usize) -> Option<usize> {
    let keywords = schema.as_object()?;
    if let Some(properties) = plain_object(schema) {
        return inside_object(keywords, properties, depth);
    }
    let kind = keywords.get("type").and_then(Value::as_str);
    let says_type = kind.is_some_and(|kind| kind != "object")
        || keywords.get("type").is_some_and(Value::is_array);
    let branches = keywords.get("anyOf").and_then(Value::as_array);
    let is_plain = |(keyword, value): (&String, &Value)| match keyword.as_str() {
        "type" => true,
        "items" => kind == Some("array"),
        "minimum" | "maximum" => is_range(kind, keywords),
        "enum" => kind == Some("string") && has_string(value),
        "anyOf" => !keywords.contains_key("type"),
        other => ANNOTATIONS.contains(&other),
    };
    if !(says_type || branches.is_some()) || !keywords.iter().all(is_plain) {
        return None;
    }
    if let Some(branches) = branches {
        let mut branches = branches.iter().filter(|_| depth < DEEPEST);
        return branches
            .any(|branch| inside(branch, depth + 1).is_some())
            .then_some(0);
    }
    // An array may be empty, whatever its elements are.
    let elements = keywords.get("items").filter(|_| depth < DEEPEST);
    Some(
        elements
            .and_then(|items| inside(items, depth + 1))
            .unwrap_or(0),
    )
}

fn has_string(list: &Value) -> bool {
    list.as_array()
        .is_some_and(|list| list.iter().any(Value::is_string))
}

/// Whether there is a whole number within the bounds.
fn is_range(kind: Option<&str>, keywords: &Map<String, Value>) -> bool {
    let bound = |keyword, none: f64| keywords.get(keyword).map_or(Some(none), Value::as_f64);
    let bounds = bound("minimum", f64::NEG_INFINITY).zip(bound("maximum", f64::INFINITY));
    matches!(kind, Some("integer" | "number"))
        && bounds.is_some_and(|(low, high)| low.ceil() <= high)
}

fn inside_object(
    keywords: &Map<String, Value>,
    properties: &Map<String, Value>,
    depth: usize,
) -> Option<usize> {
    if depth >= DEEPEST {
        return None;
    }
    let required = keywords.get("required").and_then(Value::as_array);
    let required: std::collections::HashSet<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut count = 0;
    for (name, property) in properties {
        match inside(property, depth + 1) {
            Some(below) => count += 1 + below,
            None if required.contains(name.as_str()) => return None,
            None => {}
        }
    }
    Some(count)
}

/// The properties of an object schema that says nothing else, and requires none that it does not have.
fn plain_object(schema: &Value) -> Option<&Map<String, Value>> {
    let keywords = schema.as_object()?;
    let properties = keywords.get("properties")?.as_object()?;
    let has_all = |names: &Value| {
        let mut names = names.as_array().into_iter().flatten().map(Value::as_str);
        names.all(|name| name.is_some_and(|name| properties.contains_key(name)))
    };
    let is_plain = keywords
        .iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "type" => value == "object",
            "additionalProperties" => *value == Value::Bool(false),
            "required" => has_all(value),
            "properties" => true,
            other => ANNOTATIONS.contains(&other),
        });
    (is_plain && keywords.contains_key("type")).then_some(properties)
}
