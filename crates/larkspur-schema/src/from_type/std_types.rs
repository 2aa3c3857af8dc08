//! Types of the standard library and of chrono for which `schemars` promises more than serde reads.

use serde_json::{Value, json};

use super::document::Document;

/// Seconds that the nanoseconds (a `u32`, so up to 4.29 s) can carry over without leaving the range of the type.
const CARRY: u64 = 4;

/// Named types: serde refuses unknown keys in all of them, and moments that do not fit.
pub(super) fn correct(document: &mut Document) {
    for (name, schema) in &mut document.definitions {
        let Some(id) = document.identities.id_of(name) else {
            continue;
        };
        if matches!(id, "std::time::Duration" | "std::time::SystemTime") || id.starts_with("Range<")
        {
            close(schema);
        } else if id.starts_with("Result<")
            || id.starts_with("Bound<")
            || id == "std::ffi::OsString"
        {
            let branches = schema.get_mut("oneOf").and_then(Value::as_array_mut);
            branches.into_iter().flatten().for_each(close);
        }
        match id {
            "std::time::Duration" => limit(schema, "/properties/secs", u64::MAX - CARRY),
            // Signed inside.
            "std::time::SystemTime" => {
                limit(
                    schema,
                    "/properties/secs_since_epoch",
                    i64::MAX.unsigned_abs() - CARRY,
                );
            }
            _ => {}
        }
    }
}

fn close(schema: &mut Value) {
    if let Some(object) = schema
        .as_object_mut()
        .filter(|object| object.contains_key("properties"))
    {
        object.insert("additionalProperties".to_owned(), false.into());
    }
}

fn limit(schema: &mut Value, pointer: &str, maximum: u64) {
    if let Some(Value::Object(number)) = schema.pointer_mut(pointer) {
        number.insert("maximum".to_owned(), maximum.into());
    }
}

/// `chrono::TimeDelta`, a pair of seconds and nanoseconds, holds milliseconds in an `i64`; any `i64` of seconds is too many.
pub(super) fn correct_time_delta(schema: &mut Value) {
    /// One second less than the longest, so that any nanoseconds fit beside it.
    const SECONDS: i64 = i64::MAX / 1000 - 1;
    let pair = json!([
        {"type": "integer", "format": "int64"},
        {"type": "integer", "minimum": 0, "exclusiveMaximum": 1_000_000_000}
    ]);
    if schema.get("prefixItems") == Some(&pair)
        && let Some(Value::Object(seconds)) = schema.pointer_mut("/prefixItems/0")
    {
        seconds.insert("minimum".to_owned(), (-SECONDS).into());
        seconds.insert("maximum".to_owned(), SECONDS.into());
    }
}
