//! The schemas inside a schema.

use larkspur_json::{Pointer, Token};
use serde_json::Value;

use crate::vocabulary::{NAMED_SCHEMAS, ONE_SCHEMA, SCHEMA_LISTS};

/// The schemas directly inside a schema, in the order in which it is written.
pub(crate) fn subschemas<'s>(at: &Pointer, schema: &'s Value) -> Vec<(Pointer, &'s Value)> {
    let mut found = Vec::new();
    let Value::Object(keywords) = schema else {
        return found;
    };
    for (keyword, value) in keywords {
        let below = || at.child(Token::Key(keyword));
        match value {
            Value::Object(_) | Value::Bool(_) if ONE_SCHEMA.contains(&keyword.as_str()) => {
                found.push((below(), value));
            }
            Value::Array(schemas) if SCHEMA_LISTS.contains(&keyword.as_str()) => {
                let at = below();
                found.extend(
                    schemas
                        .iter()
                        .enumerate()
                        .map(|(index, schema)| (at.child(index), schema)),
                );
            }
            Value::Object(schemas) if NAMED_SCHEMAS.contains(&keyword.as_str()) => {
                let at = below();
                found.extend(
                    schemas
                        .iter()
                        .map(|(name, schema)| (at.child(Token::Key(name)), schema)),
                );
            }
            _ => {}
        }
    }
    found
}

/// Calls `visit` with the schema and every schema inside it, in the order in which they are written.
pub(crate) fn each_schema<'s>(schema: &'s Value, mut visit: impl FnMut(&Pointer, &'s Value)) {
    let mut open = vec![(Pointer::root(), schema)];
    while let Some((at, schema)) = open.pop() {
        visit(&at, schema);
        let mut inside = subschemas(&at, schema);
        inside.reverse();
        open.extend(inside);
    }
}
