//! Pass 7: maps → arrays of entries, where the dialect has no maps; objects say whether they are closed.
//!
//! A map is an object without properties of its own, for which `additionalProperties` or `patternProperties` say what the values
//! look like. It becomes an array of `{key, value}` objects. An object with properties *and* others keeps its properties and gets
//! one more, which holds the others as entries. An object of which nothing is known at all is left to the next pass.
//!
//! An object that lists its properties and says nothing of others is closed, unless the server takes it as JSON Schema does.
//! JSON Schema would let anything in, but that is hardly ever meant, and closing it is what every strict-mode helper does. Who
//! wants others says `"additionalProperties": true`. That it was closed is noted as a narrowing.
//!
//! After it every object says what the dialect needs: in a strict one, that it has these properties and no others.

use indexmap::IndexMap;
use larkspur_json::Pointer;
use serde_json::{Value, json};

use super::{
    graph::{Array, Graph, NodeId, Object, Property, Rest, Shape, Text, Union},
    open,
};
use crate::{
    Dialect,
    dialect::{NamePatterns, Others, Silence},
    plan::{Action, JsonTextOf},
};

const KEY: &str = "key";
const VALUE: &str = "value";
const EXTRAS: &str = "additional_properties";

/// Why an object is sent closed.
const CLOSED: &str = "the object says nothing of other properties, and is sent without any";

pub(super) fn list_entries(graph: &mut Graph, dialect: &Dialect) {
    for id in graph.ids() {
        if let Shape::Object(object) = graph.shape(id) {
            let object = object.clone();
            if dialect.form.others == Others::Any {
                settle(graph, id, object, dialect);
            } else {
                lower(graph, id, object, dialect);
            }
        }
    }
}

/// Whether the object has properties of its own, be they none.
fn is_record(object: &Object) -> bool {
    !object.properties.is_empty() || object.listed || object.rest == Rest::Closed
}

/// An object in a dialect that has maps: says what the server makes of its silence, and lets go of what it does not take.
fn settle(graph: &mut Graph, id: NodeId, mut object: Object, dialect: &Dialect) {
    let form = &dialect.form;
    if object.rest == Rest::Unsaid && form.silence == Silence::Closed {
        if is_record(&object) || !object.patterns.is_empty() {
            graph.node_mut(id).narrow("additionalProperties", CLOSED);
            object.rest = Rest::Closed;
        } else {
            object.rest = Rest::Open;
        }
    }
    let takes_patterns = match form.name_patterns {
        NamePatterns::No => object.patterns.is_empty(),
        NamePatterns::Alone => {
            object.patterns.len() <= 1
                && (object.patterns.is_empty()
                    || (object.properties.is_empty() && object.rest == Rest::Closed))
        }
        NamePatterns::One => object.patterns.len() <= 1,
        NamePatterns::Any => true,
    };
    let is_regular = |(pattern, _): &(String, NodeId)| super::is_regular(pattern);
    if !takes_patterns || !object.patterns.iter().all(is_regular) {
        forget_patterns(graph, id, &mut object);
    }
    if form.name_patterns == NamePatterns::Alone && !object.patterns.is_empty() {
        // That it lists none of its own is said by its patterns, and would be refused beside them.
        object.listed = false;
    }
    if object.names.is_some() && form.name_patterns != NamePatterns::Any {
        relax_names(graph, id, &object);
        object.names = None;
    }
    let required = object
        .properties
        .values()
        .filter(|one| one.required)
        .count();
    let has_optional = required < object.properties.len();
    let least_is_there = object.min.is_some_and(|min| min <= required as u64);
    let takes = |keyword| dialect.takes(keyword) && (form.counts_optional || !has_optional);
    let kept = (
        object.min.filter(|_| takes("minProperties")),
        object.max.filter(|_| takes("maxProperties")),
    );
    let lost = Object {
        min: object.min.filter(|_| kept.0.is_none() && !least_is_there),
        max: object.max.filter(|_| kept.1.is_none()),
        ..object.clone()
    };
    relax_size(graph, id, &lost);
    (object.min, object.max) = kept;
    graph.set_shape(id, Shape::Object(object));
}

/// Takes the schemas for names of a pattern as schemas for any other name.
fn forget_patterns(graph: &mut Graph, id: NodeId, object: &mut Object) {
    let origin = graph.node(id).origin.clone();
    let forgotten = std::mem::take(&mut object.patterns);
    let patterns: Vec<&str> = forgotten
        .iter()
        .map(|(pattern, _)| pattern.as_str())
        .collect();
    let told = format!(
        "Keys that match {} have values of their own kind.",
        patterns.join(", ")
    );
    let told = Some(told).filter(|told| told.len() < 400);
    let reason = "the server does not take these patterns of names; they are told in the description and checked in the answer";
    graph
        .node_mut(id)
        .relax("patternProperties", json!(patterns), reason, told);
    let mut values: Vec<NodeId> = forgotten.iter().map(|(_, values)| *values).collect();
    match object.rest {
        Rest::Each(others) => values.push(others),
        Rest::Open | Rest::Unsaid => values.push(graph.add_shape(&origin, Shape::Any)),
        Rest::Closed => {}
    }
    let any = graph.add_shape(&origin, Shape::Union(Union::of(values)));
    object.rest = Rest::Each(any);
}

fn lower(graph: &mut Graph, id: NodeId, object: Object, dialect: &Dialect) {
    let has_others =
        matches!(object.rest, Rest::Open | Rest::Each(_)) || !object.patterns.is_empty();
    let is_record = !object.properties.is_empty() || (!has_others && is_record(&object));
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
    let takes_counts = dialect.takes("minProperties") && !has_others;
    let (min, max) = (
        object.min.filter(|_| takes_counts),
        object.max.filter(|_| takes_counts),
    );
    if !takes_counts {
        relax_size(graph, id, &object);
    }
    if object.rest == Rest::Unsaid {
        graph.node_mut(id).narrow("additionalProperties", CLOSED);
    }
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
    let closed = Object {
        min,
        max,
        ..Object::closed(properties)
    };
    graph.set_shape(id, Shape::Object(closed));
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
