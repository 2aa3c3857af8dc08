//! References, merged schemas, and how deep a value must at least be.

use serde_json::{Map, Value};

/// Schema nodes that one look-ahead may visit.
const LOOK_AHEAD: usize = 3_000;
/// References that one chain may follow.
const CHAIN: usize = 32;

/// The node that a local reference names.
pub(crate) fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.is_empty() {
        Some(root)
    } else {
        root.pointer(pointer)
    }
}

/// Follows references until a schema that is none. Siblings of a reference are left out of account.
pub(crate) fn follow<'a>(root: &'a Value, mut schema: &'a Value) -> Option<&'a Value> {
    for _ in 0..CHAIN {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => schema = target(root, reference)?,
            None => return Some(schema),
        }
    }
    None
}

/// A schema that asks for both, as far as a walk can use it: properties and `required` add up, of two bounds and of
/// any other keyword the second wins.
pub(crate) fn merged(first: &Value, second: &Value) -> Value {
    let (Value::Object(first), Value::Object(second)) = (first, second) else {
        return if second.is_object() {
            second.clone()
        } else {
            first.clone()
        };
    };
    let mut all: Map<String, Value> = first.clone();
    for (key, value) in second {
        let joined = match (key.as_str(), all.get(key), value) {
            (
                "properties" | "$defs" | "definitions",
                Some(Value::Object(old)),
                Value::Object(new),
            ) => {
                let mut both = old.clone();
                for (name, schema) in new {
                    let schema = both
                        .get(name)
                        .map_or_else(|| schema.clone(), |known| merged(known, schema));
                    both.insert(name.clone(), schema);
                }
                Value::Object(both)
            }
            ("required" | "allOf", Some(Value::Array(old)), Value::Array(new)) => {
                Value::Array(old.iter().chain(new).cloned().collect())
            }
            _ => value.clone(),
        };
        all.insert(key.clone(), joined);
    }
    Value::Object(all)
}

/// How many levels the smallest value of a schema has, as far as a bounded look ahead can tell.
pub(crate) fn height(root: &Value, schema: &Value) -> u32 {
    let mut budget = LOOK_AHEAD;
    depth_of(root, schema, 12, &mut budget)
}

const ENDLESS: u32 = 1_000;

fn depth_of(root: &Value, schema: &Value, fuel: u32, budget: &mut usize) -> u32 {
    let Some(rest) = budget.checked_sub(1) else {
        return ENDLESS;
    };
    *budget = rest;
    let Some(fuel) = fuel.checked_sub(1) else {
        return ENDLESS;
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return target(root, reference)
            .map_or(ENDLESS, |target| depth_of(root, target, fuel, budget));
    }
    if schema.get("const").is_some() || schema.get("enum").is_some() {
        return 0;
    }
    if let Some(branches) = branches(schema) {
        return branches
            .iter()
            .map(|branch| depth_of(root, branch, fuel, budget))
            .min()
            .unwrap_or(ENDLESS);
    }
    match main_type(schema) {
        Some("array") => match (
            schema.get("minItems").and_then(Value::as_u64),
            schema.get("items"),
        ) {
            (Some(1..), Some(items)) => 1 + depth_of(root, items, fuel, budget),
            _ => 1,
        },
        Some("object") => {
            let required = required(schema);
            let properties = schema.get("properties").and_then(Value::as_object);
            let deepest = properties
                .into_iter()
                .flatten()
                .filter(|(name, _)| required.contains(&name.as_str()))
                .map(|(_, property)| depth_of(root, property, fuel, budget))
                .max();
            1 + deepest.unwrap_or(0)
        }
        _ => 0,
    }
}

/// The branches of a union.
pub(crate) fn branches(schema: &Value) -> Option<&Vec<Value>> {
    schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(Value::as_array)
        .filter(|branches| !branches.is_empty())
}

/// The type of a schema where it has exactly one, or where its keywords say which.
pub(crate) fn main_type(schema: &Value) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => Some(name),
        Some(Value::Array(names)) => {
            if names.iter().any(|name| name == "null") {
                Some("null")
            } else {
                names.first().and_then(Value::as_str)
            }
        }
        _ if schema.get("properties").is_some() || schema.get("required").is_some() => {
            Some("object")
        }
        _ if schema.get("items").is_some() || schema.get("prefixItems").is_some() => Some("array"),
        _ if schema.get("pattern").is_some()
            || schema.get("format").is_some()
            || schema.get("minLength").is_some() =>
        {
            Some("string")
        }
        _ if schema.get("minimum").is_some() || schema.get("maximum").is_some() => Some("number"),
        _ => None,
    }
}

/// The names of properties that an object schema requires.
pub(super) fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
