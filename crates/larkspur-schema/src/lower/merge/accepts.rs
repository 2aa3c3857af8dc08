//! Whether a listed value fits a shape.

use serde_json::{Number as JsonNumber, Value};

use crate::lower::{
    graph::{Graph, NodeId, Number, Rest, Shape, Text},
    read::is_of_type,
};

/// How deep a listed value is looked into.
const DEEPEST: usize = 32;

/// Whether the value fits, as far as this can be said without regular expressions; where it cannot, it fits.
pub(super) fn accepts(graph: &Graph, id: NodeId, value: &Value) -> bool {
    fits(graph, id, value, DEEPEST)
}

fn fits(graph: &Graph, id: NodeId, value: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    match graph.resolved(id) {
        Shape::Never => false,
        Shape::Any | Shape::Ref(_) => true,
        Shape::Null => value.is_null(),
        Shape::Boolean => value.is_boolean(),
        Shape::Number(number) => number_fits(number, value),
        Shape::Text(text) => value.as_str().is_some_and(|value| text_fits(text, value)),
        Shape::Enum(listed) => listed.values.iter().any(|one| same(one, value)),
        Shape::Array(array) => value.as_array().is_some_and(|elements| {
            elements.iter().enumerate().all(|(index, element)| {
                match array.prefix.get(index).map(|id| Rest::Each(*id)) {
                    Some(Rest::Each(id)) => fits(graph, id, element, depth),
                    _ => rest_fits(graph, array.rest, element, depth),
                }
            }) && count_fits(elements.len(), array.min, array.max)
        }),
        Shape::Object(object) => value.as_object().is_some_and(|members| {
            members
                .iter()
                .all(|(name, member)| match object.properties.get(name) {
                    Some(property) => fits(graph, property.node, member, depth),
                    None => {
                        !object.patterns.is_empty() || rest_fits(graph, object.rest, member, depth)
                    }
                })
                && object
                    .properties
                    .iter()
                    .all(|(name, property)| !property.required || members.contains_key(name))
                && object.wanted.iter().all(|name| members.contains_key(name))
                && count_fits(members.len(), object.min, object.max)
        }),
        Shape::Union(union) => union
            .branches
            .iter()
            .any(|branch| fits(graph, *branch, value, depth)),
        Shape::All(parts) => parts.iter().all(|part| fits(graph, *part, value, depth)),
        Shape::Implied(implied) => {
            super::kind(graph.shape(*implied)) != Some(super::value_kind(value))
                || fits(graph, *implied, value, depth)
        }
    }
}

fn rest_fits(graph: &Graph, rest: Rest, value: &Value, depth: usize) -> bool {
    match rest {
        Rest::Unsaid | Rest::Open => true,
        Rest::Closed => false,
        Rest::Each(id) => fits(graph, id, value, depth),
    }
}

fn count_fits(count: usize, min: Option<u64>, max: Option<u64>) -> bool {
    let count = count as u64;
    min.is_none_or(|min| min <= count) && max.is_none_or(|max| count <= max)
}

fn number_fits(number: &Number, value: &Value) -> bool {
    let Some(float) = value.as_f64() else {
        return false;
    };
    let bound = |bound: &Option<JsonNumber>, holds: fn(&f64, &f64) -> bool| {
        bound
            .as_ref()
            .and_then(JsonNumber::as_f64)
            .is_none_or(|bound| holds(&float, &bound))
    };
    (!number.integer || is_of_type(value, "integer"))
        && bound(&number.minimum, f64::ge)
        && bound(&number.maximum, f64::le)
        && bound(&number.exclusive_minimum, f64::gt)
        && bound(&number.exclusive_maximum, f64::lt)
}

fn text_fits(text: &Text, value: &str) -> bool {
    count_fits(value.chars().count(), text.min_length, text.max_length)
}

/// Whether JSON Schema takes two values for the same: numbers by value, objects without order.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}
