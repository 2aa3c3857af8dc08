//! Pass 4: listed values.
//!
//! A strict `enum` holds scalars of one type. A list of mixed types becomes a union with a branch for each type, and a listed
//! object or array becomes the closed object or the tuple that describes just it. `null` may stay in a list of one
//! other type, as `{"type": ["string", "null"], "enum": ["a", null]}` is accepted and common.
//!
//! A dialect that lists any values keeps them together; one that lists strings only is told the others in the description.
//!
//! After it every [`Shape::Enum`] holds what the dialect can list, which is at least strings and at most one type beside `null`.

use indexmap::IndexMap;
use larkspur_json::Pointer;
use serde_json::Value;

use super::{
    graph::{Array, Enum, Graph, Node, NodeId, Object, Property, Rest, Shape, Union},
    limits::forget_list,
    read::kind,
};
use crate::{Dialect, dialect::Listed};

pub(super) fn split_lists(graph: &mut Graph, dialect: &Dialect) {
    if dialect.form.listed == Listed::Any {
        return;
    }
    for id in graph.ids() {
        let Shape::Enum(listed) = graph.shape(id) else {
            continue;
        };
        if is_plain(listed) {
            continue;
        }
        let origin = graph.node(id).origin.clone();
        let shape = split(graph, &origin, listed.clone());
        graph.set_shape(id, shape);
    }
    if dialect.form.listed == Listed::Strings {
        tell_others(graph);
    }
}

/// Lists of other values than strings become their type.
fn tell_others(graph: &mut Graph) {
    const REASON: &str = "the server lists strings only; the values are told in the description and checked in the answer";
    for id in graph.ids() {
        let Shape::Enum(listed) = graph.shape(id) else {
            continue;
        };
        if !listed.values.iter().any(Value::is_string) {
            let listed = listed.clone();
            forget_list(graph, id, &listed, REASON);
        }
    }
}

fn is_plain(listed: &Enum) -> bool {
    let mut kinds = listed
        .values
        .iter()
        .map(kind)
        .filter(|kind| *kind != "null");
    let is_distinct = || {
        let mut seen = std::collections::HashSet::with_capacity(listed.values.len());
        listed.values.iter().all(|value| seen.insert(value))
    };
    match kinds.next() {
        None => false,
        Some(first) => {
            !matches!(first, "array" | "object") && kinds.all(|kind| kind == first) && is_distinct()
        }
    }
}

fn split(graph: &mut Graph, origin: &Pointer, listed: Enum) -> Shape {
    let mut scalars: IndexMap<&'static str, Vec<Value>> = IndexMap::new();
    let mut composites = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for value in listed.values {
        if !seen.insert(value.clone()) {
            continue;
        }
        match kind(&value) {
            "array" | "object" => composites.push(value),
            kind => scalars.entry(kind).or_default().push(value),
        }
    }
    if scalars.len() == 2 && composites.is_empty() && scalars.shift_remove("null").is_some() {
        // `null` beside one other type stays in its list.
        let mut values = scalars
            .into_iter()
            .flat_map(|(_, values)| values)
            .collect::<Vec<_>>();
        values.push(Value::Null);
        return Shape::Enum(Enum {
            values,
            is_const: false,
        });
    }
    let mut shapes: Vec<Shape> = scalars
        .into_iter()
        .map(|(kind, values)| match kind {
            "null" => Shape::Null,
            _ => Shape::Enum(Enum {
                is_const: listed.is_const && values.len() == 1,
                values,
            }),
        })
        .collect();
    shapes.extend(
        composites
            .iter()
            .map(|value| constant(graph, origin, value)),
    );
    if shapes.len() == 1 {
        return shapes.pop().unwrap_or(Shape::Never);
    }
    let branches = shapes
        .into_iter()
        .map(|shape| graph.add_shape(origin, shape))
        .collect();
    Shape::Union(Union::of(branches))
}

/// The shape of one value. Recursion is as deep as the schema, which was checked.
fn constant(graph: &mut Graph, origin: &Pointer, value: &Value) -> Shape {
    match value {
        Value::Null => Shape::Null,
        Value::Array(elements) => {
            let prefix: Vec<NodeId> = elements
                .iter()
                .map(|element| add_constant(graph, origin, element))
                .collect();
            let length = prefix.len() as u64;
            let min = Some(length).filter(|length| *length > 0);
            Shape::Array(Array {
                prefix,
                rest: Rest::Closed,
                min,
                max: Some(length),
            })
        }
        Value::Object(members) => {
            let properties = members.iter().map(|(name, member)| {
                (
                    name.clone(),
                    Property {
                        node: add_constant(graph, origin, member),
                        required: true,
                    },
                )
            });
            Shape::Object(Object::closed(properties.collect()))
        }
        scalar => Shape::Enum(Enum {
            values: vec![scalar.clone()],
            is_const: true,
        }),
    }
}

fn add_constant(graph: &mut Graph, origin: &Pointer, value: &Value) -> NodeId {
    let shape = constant(graph, origin, value);
    graph.add(Node::new(origin, shape))
}
