//! Where schemas sit inside a schema.

use serde_json::Value;

use crate::vocabulary::{NAMED_SCHEMAS, ONE_SCHEMA, SCHEMA_LISTS};

/// Pushes the schemas directly below `schema`, in document order.
pub(super) fn push_children<'a>(schema: &'a mut Value, into: &mut Vec<&'a mut Value>) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    for (keyword, value) in object {
        let keyword = keyword.as_str();
        match value {
            value if ONE_SCHEMA.contains(&keyword) => into.push(value),
            Value::Array(list) if SCHEMA_LISTS.contains(&keyword) => into.extend(list),
            Value::Object(named) if NAMED_SCHEMAS.contains(&keyword) => {
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
