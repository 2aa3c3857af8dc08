//! Pass 7: maps → arrays of entries; objects are closed.
//!
//! A map is an object without properties of its own, for which `additionalProperties` or `patternProperties` say what the values
//! look like. It becomes an array of `{key, value}` objects. An object with properties *and* others keeps its properties and gets
//! one more, which holds the others as entries. An object of which nothing is known at all is left to the next pass.
//!
//! An object that lists its properties and says nothing of others is closed. JSON Schema would let anything in, but that is
//! hardly ever meant, and closing it is what every strict-mode helper does. Who wants others says
//! `"additionalProperties": true`.
//!
//! After it every object is closed: it has these properties and no others.

use indexmap::IndexMap;
use larkspur_json::Pointer;
use serde_json::{Value, json};

use super::{
    graph::{Array, Graph, NodeId, Object, Property, Rest, Shape, Text, Union},
    open,
};
use crate::plan::{Action, JsonTextOf};

const KEY: &str = "key";
const VALUE: &str = "value";
const EXTRAS: &str = "additional_properties";

pub(super) fn list_entries(graph: &mut Graph) {
    for id in graph.ids() {
        if let Shape::Object(object) = graph.shape(id) {
            let object = object.clone();
            lower(graph, id, object);
        }
    }
}

fn lower(graph: &mut Graph, id: NodeId, object: Object) {
    let has_others =
        matches!(object.rest, Rest::Open | Rest::Each(_)) || !object.patterns.is_empty();
    let is_record = !object.properties.is_empty()
        || (!has_others && (object.listed || object.rest == Rest::Closed));
    if !is_record {
        return if matches!(object.rest, Rest::Each(_)) || !object.patterns.is_empty() {
            let origin = graph.node(id).origin.clone();
            let (shape, action) = entries(graph, id, &origin, &object);
            graph.set_shape(id, shape);
            let node = graph.node_mut(id);
            node.action = Some(action);
            node.notes
                .push("A list of entries, each key once.".to_owned());
        } else {
            relax_size(graph, id, &object);
            relax_names(graph, id, &object);
            open::write_as_text(graph, id, JsonTextOf::Object);
        };
    }
    relax_size(graph, id, &object);
    let mut properties = object.properties.clone();
    if has_others {
        let others = Object {
            min: None,
            max: None,
            ..object
        };
        let field = unused_name(&properties);
        let node = extras(graph, id, &others);
        properties.insert(
            field.clone(),
            Property {
                node,
                required: true,
            },
        );
        graph.node_mut(id).action = Some(Action::Extras { field });
    } else {
        relax_names(graph, id, &object);
    }
    graph.set_shape(id, Shape::Object(Object::closed(properties)));
}

/// The array that holds the members without a property of their own.
fn extras(graph: &mut Graph, id: NodeId, object: &Object) -> NodeId {
    let origin = graph.node(id).origin.clone();
    let (shape, action) = entries(graph, id, &origin, object);
    let node = graph.add_shape(&origin, shape);
    graph.node_mut(node).action = Some(action);
    graph
        .node_mut(node)
        .notes
        .push("Further properties of the object, each key once, if there are any.".to_owned());
    node
}

fn entries(graph: &mut Graph, id: NodeId, origin: &Pointer, object: &Object) -> (Shape, Action) {
    let key = key(graph, id, origin, object);
    let value = value(graph, id, origin, object);
    let property = |node| Property {
        node,
        required: true,
    };
    let entry = IndexMap::from([
        (KEY.to_owned(), property(key)),
        (VALUE.to_owned(), property(value)),
    ]);
    let items = graph.add_shape(origin, Shape::Object(Object::closed(entry)));
    let array = Array {
        min: object.min,
        max: object.max,
        ..Array::of(items)
    };
    (
        Shape::Array(array),
        Action::Entries {
            key: KEY.to_owned(),
            value: VALUE.to_owned(),
        },
    )
}

/// The schema of the keys: `propertyNames`, or the one pattern there is.
fn key(graph: &mut Graph, id: NodeId, origin: &Pointer, object: &Object) -> NodeId {
    let names = object.names.map(|names| graph.resolved(names).clone());
    let mut shape = match names {
        Some(shape @ Shape::Text(_)) => shape,
        Some(Shape::Enum(listed)) if listed.values.iter().all(Value::is_string) => {
            Shape::Enum(listed)
        }
        Some(Shape::Any) | None => Shape::Text(Text::default()),
        Some(_) => {
            relax_names(graph, id, object);
            Shape::Text(Text::default())
        }
    };
    if let [(pattern, _)] = object.patterns.as_slice()
        && !matches!(object.rest, Rest::Open | Rest::Each(_))
        && let Shape::Text(text) = &mut shape
    {
        text.pattern.get_or_insert_with(|| pattern.clone());
    }
    graph.add_shape(origin, shape)
}

/// The schema of the values: that of the others, or of any pattern.
fn value(graph: &mut Graph, id: NodeId, origin: &Pointer, object: &Object) -> NodeId {
    let mut values: Vec<NodeId> = object.patterns.iter().map(|(_, node)| *node).collect();
    match object.rest {
        Rest::Each(node) => values.push(node),
        Rest::Open => values.push(graph.add_shape(origin, Shape::Any)),
        Rest::Unsaid | Rest::Closed => {}
    }
    if let [only] = values.as_slice() {
        return *only;
    }
    let patterns: Vec<&str> = object
        .patterns
        .iter()
        .map(|(pattern, _)| pattern.as_str())
        .collect();
    let note = format!(
        "Keys that match {} each have values of their own kind, in this order.",
        patterns.join(", ")
    );
    let reason = "which key has which values is told in the description and checked in the answer";
    graph
        .node_mut(id)
        .relax("patternProperties", json!(patterns), reason, Some(note));
    if values
        .iter()
        .any(|value| matches!(graph.resolved(*value), Shape::Any))
    {
        return graph.add_shape(origin, Shape::Any);
    }
    graph.add_shape(origin, Shape::Union(Union::of(values)))
}

fn relax_size(graph: &mut Graph, id: NodeId, object: &Object) {
    let reason = "the server does not take this keyword; the rule is told in the description and checked in the answer";
    let limits = [
        ("minProperties", "least", object.min),
        ("maxProperties", "most", object.max),
    ];
    for (keyword, word, count) in limits {
        if let Some(count) = count {
            let note = format!("At {word} {count} properties.");
            graph
                .node_mut(id)
                .relax(keyword, count.into(), reason, Some(note));
        }
    }
}

fn relax_names(graph: &mut Graph, id: NodeId, object: &Object) {
    if object.names.is_some() {
        let reason = "the server does not take this keyword; the rule is checked in the answer";
        graph
            .node_mut(id)
            .relax("propertyNames", Value::Null, reason, None);
    }
}

fn unused_name(properties: &IndexMap<String, Property>) -> String {
    let mut name = EXTRAS.to_owned();
    while properties.contains_key(&name) {
        name.push('_');
    }
    name
}
