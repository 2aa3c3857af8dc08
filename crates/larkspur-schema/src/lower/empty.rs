//! Pass 5: what describes no value, and unions of one.
//!
//! A branch that nothing matches is dropped, and so is an optional property that can have no value; a union with a branch that
//! everything matches is that branch; a union of one branch is the branch. This goes on until nothing changes.
//!
//! After it [`Shape::Never`] is left only where the schema as a whole can have no value, and a union has at least two branches.

use super::graph::{Array, Graph, NodeId, Number, Object, Rest, Shape, Text, Union};
use super::unions::is_doubtful;

const EXCLUSIVE: &str =
    "the server takes `anyOf` only; that no more than one branch matches is checked in the answer";

/// Rounds after which a schema that still changes is left as it is. What is left of it the printer refuses.
const MOST_ROUNDS: usize = 32;

pub(super) fn drop_empty(graph: &mut Graph) {
    for _ in 0..MOST_ROUNDS {
        let mut changed = false;
        for id in graph.ids() {
            changed |= simplify(graph, id);
        }
        if !changed {
            return;
        }
    }
}

fn is_never(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.resolved(id), Shape::Never)
}

fn simplify(graph: &mut Graph, id: NodeId) -> bool {
    let simpler = match graph.shape(id) {
        Shape::Union(union) => return simplify_union(graph, id, union.clone()),
        Shape::Object(object) => simplify_object(graph, object),
        Shape::Array(array) => simplify_array(graph, array),
        Shape::Number(number) if is_empty_range(number) => Some(Shape::Never),
        Shape::Text(text) if is_empty_length(text) => Some(Shape::Never),
        _ => None,
    };
    let is_simpler = simpler.is_some();
    if let Some(simpler) = simpler {
        graph.set_shape(id, simpler);
    }
    is_simpler
}

fn simplify_object(graph: &Graph, object: &Object) -> Option<Shape> {
    let nevers = || {
        object
            .properties
            .values()
            .filter(|property| is_never(graph, property.node))
    };
    let rest_is_never = matches!(object.rest, Rest::Each(values) if is_never(graph, values));
    let most = object.max.unwrap_or(u64::MAX);
    let required = object
        .properties
        .values()
        .filter(|property| property.required)
        .count() as u64;
    if nevers().any(|property| property.required)
        || object.min.unwrap_or(0) > most
        || required > most
    {
        return Some(Shape::Never);
    }
    if nevers().next().is_none() && !rest_is_never {
        return None;
    }
    let mut object = object.clone();
    object
        .properties
        .retain(|_, property| !is_never(graph, property.node));
    if rest_is_never {
        object.rest = Rest::Closed;
    }
    Some(Shape::Object(object))
}

fn simplify_array(graph: &Graph, array: &Array) -> Option<Shape> {
    let mut simpler = array.clone();
    if matches!(array.rest, Rest::Each(items) if is_never(graph, items)) {
        simpler.rest = Rest::Closed;
    }
    if let Some(first) = array
        .prefix
        .iter()
        .position(|element| is_never(graph, *element))
    {
        simpler.prefix.truncate(first);
        simpler.rest = Rest::Closed;
    }
    if simpler.rest == Rest::Closed {
        let longest = simpler.prefix.len() as u64;
        simpler.max = Some(simpler.max.unwrap_or(longest).min(longest));
    }
    if simpler.min.unwrap_or(0) > simpler.max.unwrap_or(u64::MAX) {
        return Some(Shape::Never);
    }
    let is_simpler = simpler.rest != array.rest
        || simpler.max != array.max
        || simpler.prefix.len() != array.prefix.len();
    is_simpler.then_some(Shape::Array(simpler))
}

fn is_empty_range(number: &Number) -> bool {
    let float =
        |bound: &Option<serde_json::Number>| bound.as_ref().and_then(serde_json::Number::as_f64);
    let (min, max) = (float(&number.minimum), float(&number.maximum));
    let (above, below) = (
        float(&number.exclusive_minimum),
        float(&number.exclusive_maximum),
    );
    let is_past = |low: Option<f64>, high: Option<f64>, touching: bool| match (low, high) {
        (Some(low), Some(high)) => low > high || (touching && low >= high),
        _ => false,
    };
    is_past(min, max, false)
        || is_past(above, max, true)
        || is_past(min, below, true)
        || is_past(above, below, true)
}

fn is_empty_length(text: &Text) -> bool {
    text.min_length.unwrap_or(0) > text.max_length.unwrap_or(u64::MAX)
}

fn simplify_union(graph: &mut Graph, id: NodeId, union: Union) -> bool {
    if let Some(open) = union
        .branches
        .iter()
        .find(|branch| matches!(graph.resolved(**branch), Shape::Any))
    {
        let open = graph.node(*open).clone();
        let node = graph.node_mut(id);
        node.shape = Shape::Any;
        node.adopt(&open);
        if union.exclusive {
            node.relax("oneOf", serde_json::Value::Null, EXCLUSIVE, None);
        }
        return true;
    }
    let before = union.branches.len();
    let mut union = union;
    union.branches = flattened(graph, &union);
    if union.branches.iter().ne(&branches_of(graph, id)) && has_exclusive_branch(graph, id) {
        graph
            .node_mut(id)
            .relax("oneOf", serde_json::Value::Null, EXCLUSIVE, None);
    }
    let is_null = |branch: &&NodeId| matches!(graph.resolved(**branch), Shape::Null);
    if union.exclusive && union.branches.iter().filter(is_null).count() > 1 {
        graph
            .node_mut(id)
            .relax("oneOf", serde_json::Value::Null, EXCLUSIVE, None);
    }
    let mut has_null = false;
    union
        .branches
        .retain(|branch| match graph.resolved(*branch) {
            Shape::Never => false,
            Shape::Null => !std::mem::replace(&mut has_null, true),
            _ => true,
        });
    match union.branches.as_slice() {
        [] => graph.set_shape(id, Shape::Never),
        [only] => {
            let only = graph.node(*only).clone();
            let node = graph.node_mut(id);
            node.shape = only.shape.clone();
            node.adopt(&only);
        }
        branches if branches.len() == before => return false,
        _ => graph.set_shape(id, Shape::Union(union)),
    }
    true
}

fn branches_of(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    match graph.shape(id) {
        Shape::Union(union) => union.branches.clone(),
        _ => Vec::new(),
    }
}

/// Whether a branch that is about to be dissolved was written as a `oneOf` that may match twice.
fn has_exclusive_branch(graph: &Graph, id: NodeId) -> bool {
    branches_of(graph, id)
        .iter()
        .any(|branch| match graph.shape(*branch) {
            Shape::Union(_) => is_doubtful(graph, *branch) && !graph.node(*branch).is_annotated(),
            _ => false,
        })
}

/// The branches, with those of a union in place of a branch that is one and of which nothing else is said.
fn flattened(graph: &Graph, union: &Union) -> Vec<NodeId> {
    let mut branches = Vec::with_capacity(union.branches.len());
    for branch in &union.branches {
        match graph.shape(*branch) {
            Shape::Union(inner)
                if !graph.node(*branch).is_annotated() && !graph.is_type_list(inner) =>
            {
                branches.extend_from_slice(&inner.branches);
            }
            _ => branches.push(*branch),
        }
    }
    branches
}
