//! Pass 6: tuples → objects with a property for each position, where the dialect has no tuples.
//!
//! A position beyond `minItems` may be missing, and so may be `null` in its property. Where `minItems` is not said, all
//! positions are meant: the author of `"prefixItems": [latitude, longitude]` wants both.
//!
//! A dialect that has tuples of one length only gets those, and of others an array of whatever stands at any position.
//!
//! After it no array has a prefix that the dialect cannot say.

use indexmap::IndexMap;
use serde_json::Value;

use super::graph::{Array, Graph, Node, NodeId, Object, Property, Rest, Shape, Union};
use crate::{
    Dialect,
    dialect::{Silence, Tuples},
    plan::Action,
};

/// Property for the elements after the named positions.
const REST: &str = "rest";

/// Why a tuple is sent in full.
const ALL_MEANT: &str = "the tuple does not say how many positions are there, so all are meant";
/// Why a tuple is sent without more elements.
const NO_MORE: &str = "the tuple says nothing of elements after its positions, so none are meant";

pub(super) fn name_positions(graph: &mut Graph, dialect: &Dialect) {
    for id in graph.ids() {
        if let Shape::Array(array) = graph.shape(id)
            && !array.prefix.is_empty()
        {
            let array = array.clone();
            match dialect.form.tuples {
                Tuples::Any => settle_rest(graph, id, array, dialect),
                Tuples::Fixed => fix(graph, id, array),
                Tuples::No => name(graph, id, &array, dialect),
            }
        }
    }
}

/// Says what the server makes of a tuple that is silent about more elements.
fn settle_rest(graph: &mut Graph, id: NodeId, mut array: Array, dialect: &Dialect) {
    let length = array.prefix.len() as u64;
    if array.rest == Rest::Unsaid && dialect.form.silence == Silence::Closed {
        array.rest = Rest::Closed;
        if array.max.is_none_or(|max| max > length) {
            graph.node_mut(id).narrow("items", NO_MORE);
        }
    }
    if array.rest == Rest::Closed {
        array.max = Some(array.max.unwrap_or(length).min(length));
    }
    graph.set_shape(id, Shape::Array(array));
}

/// A tuple of one length as it is, any other as an array of whatever stands at any position.
fn fix(graph: &mut Graph, id: NodeId, mut array: Array) {
    let length = array.prefix.len() as u64;
    let most = array.max.unwrap_or(u64::MAX);
    let is_ended = matches!(array.rest, Rest::Closed | Rest::Unsaid) || most <= length;
    if is_ended && most >= length && array.min.unwrap_or(length) == length {
        let node = graph.node_mut(id);
        if array.min.is_none() {
            node.narrow("minItems", ALL_MEANT);
        }
        if array.rest == Rest::Unsaid && most > length {
            node.narrow("items", NO_MORE);
        }
        (array.min, array.max, array.rest) = (Some(length), Some(length), Rest::Closed);
        return graph.set_shape(id, Shape::Array(array));
    }
    let origin = graph.node(id).origin.clone();
    let mut branches = std::mem::take(&mut array.prefix);
    match array.rest {
        Rest::Each(rest) => branches.push(rest),
        Rest::Open | Rest::Unsaid if !is_ended || array.rest == Rest::Open => {
            branches.push(graph.add_shape(&origin, Shape::Any));
        }
        _ => {}
    }
    if is_ended {
        array.max = Some(most.min(length));
    }
    let any = branches
        .iter()
        .any(|branch| matches!(graph.resolved(*branch), Shape::Any));
    let items = match branches.as_slice() {
        [only] => *only,
        _ if any => graph.add_shape(&origin, Shape::Any),
        _ => graph.add_shape(&origin, Shape::Union(Union::of(branches))),
    };
    array.rest = Rest::Each(items);
    let reason = "the server has tuples of one length only; which element stands where is checked in the answer";
    let told = "Each position has elements of its own kind.".to_owned();
    let node = graph.node_mut(id);
    node.relax("prefixItems", Value::Null, reason, Some(told));
    node.shape = Shape::Array(array);
}

fn name(graph: &mut Graph, id: NodeId, array: &Array, dialect: &Dialect) {
    let bound = |bound: Option<u64>| bound.and_then(|bound| usize::try_from(bound).ok());
    let most = bound(array.max).unwrap_or(usize::MAX);
    let positions = array.prefix.len().min(most);
    let least = bound(array.min).unwrap_or(positions);
    let required = least.min(positions);
    let fields: Vec<String> = (0..positions)
        .map(|index| format!("item_{index}"))
        .collect();
    let mut properties: IndexMap<String, Property> = IndexMap::with_capacity(positions + 1);
    for (index, (field, node)) in fields.iter().zip(&array.prefix).enumerate() {
        let (node, required) = (*node, index < required);
        properties.insert(field.clone(), Property { node, required });
    }
    let has_rest = matches!(array.rest, Rest::Open | Rest::Each(_)) && most > positions;
    if has_rest {
        let after = behind(array, positions, least);
        let origin = graph.node(id).origin.clone();
        let node = graph.add_shape(&origin, Shape::Array(after));
        let required = true;
        properties.insert(REST.to_owned(), Property { node, required });
    }
    let node = graph.node_mut(id);
    if array.min.is_none() {
        node.narrow("minItems", ALL_MEANT);
    }
    if array.rest == Rest::Unsaid && most > positions {
        node.narrow("items", NO_MORE);
    }
    if positions - required + usize::from(has_rest) > 1 && required < positions {
        relax_order(node, dialect);
    }
    node.shape = Shape::Object(Object::closed(properties));
    node.action = Some(Action::Tuple {
        fields,
        required,
        rest: has_rest.then(|| REST.to_owned()),
    });
}

/// The elements behind the positions that have names.
fn behind(array: &Array, positions: usize, least: usize) -> Array {
    let min = least.saturating_sub(positions) as u64;
    Array {
        prefix: Vec::new(),
        rest: array.rest,
        min: (min > 0).then_some(min),
        max: array.max.map(|max| max - positions as u64),
    }
}

/// That only the last positions may be missing is no rule of an object.
fn relax_order(node: &mut Node, dialect: &Dialect) {
    let reason = "that no position is missing before one that is there, is told in the description and checked in the answer";
    let told = if dialect.form.all_required {
        "A position may be null only if all later ones are, and then says that they are missing."
    } else {
        "A position may be missing only if all later ones are."
    };
    node.relax("prefixItems", Value::Null, reason, Some(told.to_owned()));
}
