//! The schemas inside a schema.

use larkspur_json::{Pointer, Token};
use serde_json::Value;

use crate::vocabulary::{NAMED_SCHEMAS, ONE_SCHEMA, SCHEMA_LISTS};

/// The way from a schema to one directly inside it.
#[derive(Clone, Copy)]
pub(super) struct Step<'s> {
    pub(super) keyword: &'s str,
    /// Its key or index, where the keyword holds several.
    inside: Option<Token<'s>>,
}

impl Step<'_> {
    /// The place that it leads to.
    pub(super) fn from(&self, at: &Pointer) -> Pointer {
        let below = at.child(Token::Key(self.keyword));
        self.inside
            .map_or_else(|| below.clone(), |inside| below.child(inside))
    }
}

/// The schemas directly inside a schema, in the order in which it is written.
pub(crate) fn subschemas<'s>(at: &Pointer, schema: &'s Value) -> Vec<(Pointer, &'s Value)> {
    let mut found = Vec::new();
    if let Value::Object(keywords) = schema {
        for (keyword, value) in keywords {
            each_inside(keyword, value, |step, schema| {
                found.push((step.from(at), schema));
            });
        }
    }
    found
}

/// Calls `visit` with the schemas that a keyword holds.
pub(super) fn each_inside<'s>(
    keyword: &'s str,
    value: &'s Value,
    mut visit: impl FnMut(Step<'s>, &'s Value),
) {
    let step = |inside| Step { keyword, inside };
    match value {
        Value::Object(_) | Value::Bool(_) if ONE_SCHEMA.contains(&keyword) => {
            visit(step(None), value);
        }
        Value::Array(schemas) if SCHEMA_LISTS.contains(&keyword) => {
            for (index, schema) in schemas.iter().enumerate() {
                visit(step(Some(Token::Index(index))), schema);
            }
        }
        Value::Object(schemas) if NAMED_SCHEMAS.contains(&keyword) => {
            for (name, schema) in schemas {
                visit(step(Some(Token::Key(name))), schema);
            }
        }
        _ => {}
    }
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
