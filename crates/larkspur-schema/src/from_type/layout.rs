//! The order of keywords, for the reader of the schema: what a thing is comes before what it is made of, and names of properties
//! before what is said of them.

use serde_json::Value;

/// These come after all others, in this order.
const LAST: [&str; 8] = [
    "properties",
    "patternProperties",
    "propertyNames",
    "required",
    "additionalProperties",
    "allOf",
    "anyOf",
    "oneOf",
];

pub(super) fn correct(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    // Written for fields with `skip_serializing`; the schema only ever describes what is deserialized.
    object.shift_remove("writeOnly");
    for keyword in ["description", "title"] {
        if let Some(text) = object.shift_remove(keyword) {
            object.shift_insert(0, keyword.to_owned(), text);
        }
    }
    for keyword in LAST {
        if let Some(value) = object.shift_remove(keyword) {
            object.insert(keyword.to_owned(), value);
        }
    }
}
