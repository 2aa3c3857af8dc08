//! Pass 6: tuples → objects with a property for each position.
//!
//! A position beyond `minItems` may be missing, and so may be `null` in its property. Where `minItems` is not said, all
//! positions are meant: the author of `"prefixItems": [latitude, longitude]` wants both.
//!
//! After it no array has a prefix.

use indexmap::IndexMap;
use serde_json::Value;

use super::graph::{Array, Graph, NodeId, Object, Property, Rest, Shape};
use crate::plan::Action;

/// Property for the elements after the named positions.
const REST: &str = "rest";

pub(super) fn name_positions(graph: &mut Graph) {
    for id in graph.ids() {
        if let Shape::Array(array) = graph.shape(id)
            && !array.prefix.is_empty()
        {
            let array = array.clone();
            name(graph, id, &array);
        }
    }
}

fn name(graph: &mut Graph, id: NodeId, array: &Array) {
    let most = array
        .max
        .and_then(|max| usize::try_from(max).ok())
        .unwrap_or(usize::MAX);
    let positions = array.prefix.len().min(most);
    let least = array
        .min
        .and_then(|min| usize::try_from(min).ok())
        .unwrap_or(positions);
    let required = least.min(positions);
    let fields: Vec<String> = (0..positions)
        .map(|index| format!("item_{index}"))
        .collect();
    let mut properties: IndexMap<String, Property> = IndexMap::with_capacity(positions + 1);
    for (index, (field, node)) in fields.iter().zip(&array.prefix).enumerate() {
        properties.insert(
            field.clone(),
            Property {
                node: *node,
                required: index < required,
            },
        );
    }
    let has_rest = matches!(array.rest, Rest::Open | Rest::Each(_)) && most > positions;
    if has_rest {
        let after = Array {
            prefix: Vec::new(),
            rest: array.rest,
            min: least
                .checked_sub(positions)
                .filter(|min| *min > 0)
                .map(|min| min as u64),
            max: array.max.map(|max| max - positions as u64),
        };
        let origin = graph.node(id).origin.clone();
        let node = graph.add_shape(&origin, Shape::Array(after));
        properties.insert(
            REST.to_owned(),
            Property {
                node,
                required: true,
            },
        );
    }
    let node = graph.node_mut(id);
    if positions - required + usize::from(has_rest) > 1 && required < positions {
        let reason = "that no position is missing before one that is there, is told in the description and checked in the answer";
        let told = "A position may be null only if all later ones are, and then says that they are missing.";
        node.relax("prefixItems", Value::Null, reason, Some(told.to_owned()));
    }
    node.shape = Shape::Object(Object::closed(properties));
    node.action = Some(Action::Tuple {
        fields,
        required,
        rest: has_rest.then(|| REST.to_owned()),
    });
}
