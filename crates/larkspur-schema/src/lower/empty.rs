//! Pass 5: what describes no value, and unions of one.
//!
//! A branch that nothing matches is dropped, and so is an optional property that can have no value; a union with a branch that
//! everything matches is that branch; a union of one branch is the branch; a union in a union, of which nothing else is said, is
//! dissolved, also behind a reference where the dialect has none. This goes on until nothing changes.
//!
//! After it [`Shape::Never`] is left only where the schema as a whole can have no value, and a union has at least two branches.

use std::collections::HashSet;

use super::graph::{Array, Graph, NodeId, Number, Object, Rest, Shape, Text, Union};
use super::unions::is_doubtful;
use crate::{Dialect, dialect::Refs};

const EXCLUSIVE: &str =
    "the server takes `anyOf` only; that no more than one branch matches is checked in the answer";

/// Rounds after which a schema that still changes is left as it is. What is left of it the printer refuses.
const MOST_ROUNDS: usize = 32;
/// Most branches of a union that is dissolved where a reference leads to it: each reference repeats them all.
const MOST_IN_PLACE: usize = 1_000;

pub(super) fn drop_empty(graph: &mut Graph, dialect: &Dialect) {
    for _ in 0..MOST_ROUNDS {
        let mut changed = false;
        for id in graph.ids() {
            changed |= simplify(graph, id, dialect);
        }
        if !changed {
            return;
        }
    }
}

fn is_never(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.resolved(id), Shape::Never)
}

fn simplify(graph: &mut Graph, id: NodeId, dialect: &Dialect) -> bool {
    let simpler = match graph.shape(id) {
        Shape::Union(union) => {
            let union = union.clone();
            return simplify_union(graph, id, &union, dialect);
        }
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

fn simplify_union(graph: &mut Graph, id: NodeId, union: &Union, dialect: &Dialect) -> bool {
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
    let dissolved = dissolved(graph, union, dialect);
    let is_new = dissolved.branches != union.branches;
    for gone in &dissolved.gone {
        let told = graph.node(*gone).relaxed.clone();
        let is_doubtful = is_doubtful(graph, *gone);
        let node = graph.node_mut(id);
        node.relaxed.extend(told);
        if is_doubtful {
            node.relax("oneOf", serde_json::Value::Null, EXCLUSIVE, None);
        }
    }
    if union.exclusive && dissolved.is_repeated {
        graph
            .node_mut(id)
            .relax("oneOf", serde_json::Value::Null, EXCLUSIVE, None);
    }
    match dissolved.branches.as_slice() {
        [] => graph.set_shape(id, Shape::Never),
        [only] => {
            let only = graph.node(*only).clone();
            let node = graph.node_mut(id);
            node.shape = only.shape.clone();
            node.adopt(&only);
        }
        _ if !is_new => return false,
        _ => {
            let branches = dissolved.branches;
            graph.set_shape(id, Shape::Union(Union { branches, ..*union }));
        }
    }
    true
}

/// What is left of a union when its branches that are unions are dissolved into it.
struct Dissolved {
    branches: Vec<NodeId>,
    /// The unions that were dissolved, and the references that led to them.
    gone: Vec<NodeId>,
    /// Whether something was there twice, and is now there once.
    is_repeated: bool,
}

fn dissolved(graph: &Graph, union: &Union, dialect: &Dialect) -> Dissolved {
    let mut dissolved = Dissolved {
        branches: Vec::with_capacity(union.branches.len()),
        gone: Vec::new(),
        is_repeated: false,
    };
    let mut seen = HashSet::new();
    let mut has_null = false;
    for branch in &union.branches {
        let parts = match dissolvable(graph, *branch, dialect) {
            Some((way, inner)) => {
                dissolved.gone.extend(way);
                inner.branches.as_slice()
            }
            None => std::slice::from_ref(branch),
        };
        for part in parts {
            let is_known = match graph.resolved(*part) {
                Shape::Never => continue,
                Shape::Null => std::mem::replace(&mut has_null, true),
                _ => !seen.insert(*part),
            };
            dissolved.is_repeated |= is_known;
            if !is_known {
                dissolved.branches.push(*part);
            }
        }
    }
    dissolved
}

/// The union that a branch is, or leads to where a reference is printed in place, if nothing is written beside it; and the
/// nodes on the way there.
fn dissolvable<'g>(
    graph: &'g Graph,
    branch: NodeId,
    dialect: &Dialect,
) -> Option<(Vec<NodeId>, &'g Union)> {
    let mut way = vec![branch];
    loop {
        let id = *way.last()?;
        match graph.shape(id) {
            _ if graph.node(id).is_worded() => return None,
            Shape::Union(union) if graph.is_type_list(union) => return None,
            Shape::Union(union) if id == branch || union.branches.len() <= MOST_IN_PLACE => {
                return Some((way, union));
            }
            Shape::Ref(target) if dialect.form.refs == Refs::None => way.push(*target),
            _ => return None,
        }
    }
}
