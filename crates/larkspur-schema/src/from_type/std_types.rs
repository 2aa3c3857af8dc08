//! Types of the standard library for which `schemars` writes an open object while serde refuses unknown keys.

use serde_json::Value;

use super::document::Document;

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
        if id == "std::time::SystemTime" {
            // Later moments do not fit: the seconds are signed inside.
            if let Some(Value::Object(seconds)) = schema.pointer_mut("/properties/secs_since_epoch")
            {
                seconds.insert("maximum".to_owned(), i64::MAX.into());
            }
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
