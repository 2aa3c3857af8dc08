//! Where schemas sit inside a schema.

use serde_json::Value;

/// Keywords of draft 2020-12 whose value is one schema.
const ONE: [&str; 11] = [
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords whose value is a list of schemas.
const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value maps names to schemas.
const NAMED: [&str; 4] = [
    "$defs",
    "dependentSchemas",
    "patternProperties",
    "properties",
];

/// Pushes the schemas directly below `schema`, in document order.
pub(super) fn push_children<'a>(schema: &'a mut Value, into: &mut Vec<&'a mut Value>) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    for (keyword, value) in object {
        let keyword = keyword.as_str();
        match value {
            value if ONE.contains(&keyword) => into.push(value),
            Value::Array(list) if LIST.contains(&keyword) => into.extend(list),
            Value::Object(named) if NAMED.contains(&keyword) => {
                into.extend(named.iter_mut().map(|(_, schema)| schema));
            }
            _ => {}
        }
    }
}

/// Calls `visit` on `schema` and every schema inside it, outer before inner.
pub(super) fn for_each(schema: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        visit(schema);
        push_children(schema, &mut open);
    }
}
