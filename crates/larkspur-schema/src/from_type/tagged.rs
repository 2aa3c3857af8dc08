//! Newtype variants of internally tagged enums as one object.
//!
//! For `#[serde(tag = "kind")] enum Shape { Circle(Circle) }` `schemars` writes the properties of the tag beside a `$ref` to
//! `Circle`. Closing the two halves, as strict servers ask, makes the schema unsatisfiable: each half refuses the
//! other's properties (<https://github.com/GREsau/schemars/issues/355>). The definition is therefore copied into the variant.

use serde_json::{Map, Value};

use super::document::{Document, referenced};
use super::walk;

pub(super) fn merge(document: &mut Document) {
    let definitions = document.definitions.clone();
    let Document {
        root,
        definitions: corrected,
        ..
    } = document;
    for schema in std::iter::once(root).chain(corrected.values_mut()) {
        merge_below(schema, &definitions);
    }
}

/// Merges `schema` and all below it. What is copied in can hold such variants again; a definition is not copied into
/// a copy of itself (only a variant that holds its own enum asks for that, and no value has such a shape).
fn merge_below(schema: &mut Value, definitions: &Map<String, Value>) {
    let mut open: Vec<(&mut Value, Vec<String>)> = vec![(schema, Vec::new())];
    while let Some((schema, mut copied)) = open.pop() {
        merge_one(schema, definitions, &mut copied);
        let mut children = Vec::new();
        walk::push_children(schema, &mut children);
        open.extend(children.into_iter().map(|child| (child, copied.clone())));
    }
}

fn merge_one(schema: &mut Value, definitions: &Map<String, Value>, copied: &mut Vec<String>) {
    while schema.get("properties").is_some()
        && let Some(name) = referenced(schema).filter(|name| !copied.contains(name))
        && let Some(Value::Object(definition)) = definitions.get(&name)
        && let Some(variant) = schema.as_object_mut()
    {
        variant.shift_remove("$ref");
        merge_into(variant, definition);
        copied.push(name);
    }
}

/// Adds the keywords of `definition`; where both speak, the variant comes first and wins.
fn merge_into(variant: &mut Map<String, Value>, definition: &Map<String, Value>) {
    for (keyword, value) in definition {
        match (variant.get_mut(keyword), value) {
            (Some(Value::Object(own)), Value::Object(more)) if keyword == "properties" => {
                for (name, schema) in more {
                    own.entry(name.as_str()).or_insert_with(|| schema.clone());
                }
            }
            (Some(Value::Array(own)), Value::Array(more)) if keyword == "required" => {
                let new: Vec<Value> = more
                    .iter()
                    .filter(|name| !own.contains(name))
                    .cloned()
                    .collect();
                own.extend(new);
            }
            (Some(_), _) => {}
            (None, _) => {
                variant.insert(keyword.clone(), value.clone());
            }
        }
    }
}
