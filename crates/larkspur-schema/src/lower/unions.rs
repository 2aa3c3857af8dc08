//! Pass 12: unions that can be told apart.
//!
//! An answer in the lowered shape has to say which branch it means, or it could not be lifted: a string that holds JSON text looks
//! like any other string, and an empty array of entries like an empty array. And servers have refused unions of objects that begin
//! with the same key. Three things are done, in this order:
//!
//! 1. where the server looks at first keys, a property that holds a different constant in every object of the union (a *tag*)
//!    is put first;
//! 2. branches that could be taken for one another, though they are lifted differently, are *boxed*: put into an object with
//!    one property, named after the branch;
//! 3. so are objects that still begin with the same key, unless it is the tag.
//!
//! `oneOf` becomes a union like any other. That only one branch may match stays with the reader, and is noted where the branches
//! are not visibly disjoint.

mod overlap;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use self::overlap::{Overlap, both_objects, may_match_both};
use super::graph::{Graph, Node, NodeId, Object, Property, Shape, Union};
use crate::{Dialect, mangle_name, plan::Action};

/// The most branches that are compared with one another, for comparing is quadratic.
const MOST_COMPARED: usize = 100;

/// Takes lists of types for unions like all others, where the dialect knows no such lists.
pub(super) fn spell_out_type_lists(graph: &mut Graph, dialect: &Dialect) {
    if dialect.form.type_lists {
        return;
    }
    for id in graph.ids() {
        if let Shape::Union(union) = &mut graph.node_mut(id).shape {
            union.type_list = false;
        }
    }
}

pub(super) fn tell_apart(graph: &mut Graph, dialect: &Dialect) {
    let unions: Vec<NodeId> = graph
        .ids()
        .filter(|id| matches!(graph.shape(*id), Shape::Union(_)))
        .collect();
    for id in &unions {
        if let Shape::Union(union) = graph.shape(*id)
            && dialect.form.distinct_first_keys
        {
            let branches = union.branches.clone();
            put_tag_first(graph, &branches);
        }
    }
    // What a branch looks like is asked of the graph before any is boxed, so that the answer does not depend on the order.
    let overlap = Overlap::new(graph, dialect.form.all_required);
    let boxed: Vec<BTreeSet<usize>> = unions
        .iter()
        .map(|id| to_box(graph, *id, &overlap, dialect))
        .collect();
    let doubtful: Vec<bool> = unions.iter().map(|id| is_doubtful(graph, *id)).collect();
    for ((id, boxed), is_doubtful) in unions.into_iter().zip(boxed).zip(doubtful) {
        if is_doubtful {
            let reason = "the server takes `anyOf` only; that no more than one branch matches is checked in the answer";
            graph.node_mut(id).relax("oneOf", Value::Null, reason, None);
        }
        let Shape::Union(union) = graph.shape(id) else {
            continue;
        };
        let union = union.clone();
        let branches = box_branches(graph, &union, &boxed);
        let type_list = union.type_list && boxed.is_empty();
        graph.set_shape(
            id,
            Shape::Union(Union {
                branches,
                exclusive: false,
                type_list,
            }),
        );
    }
}

/// The constant that a property holds.
fn constant(graph: &Graph, property: Property) -> Option<&Value> {
    match graph.resolved(property.node) {
        Shape::Enum(listed) if property.required => match listed.values.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

fn objects(graph: &Graph, branches: &[NodeId]) -> Vec<NodeId> {
    let ends = branches.iter().map(|branch| graph.resolve(*branch));
    ends.filter(|end| matches!(graph.shape(*end), Shape::Object(_)))
        .collect()
}

fn put_tag_first(graph: &mut Graph, branches: &[NodeId]) {
    let objects = objects(graph, branches);
    let Some(tag) = tag(graph, &objects) else {
        return;
    };
    for id in objects {
        if let Shape::Object(object) = &mut graph.node_mut(id).shape
            && let Some(index) = object.properties.get_index_of(&tag)
        {
            object.properties.move_index(index, 0);
        }
    }
}

/// The first property that holds a different constant in every object.
fn tag(graph: &Graph, objects: &[NodeId]) -> Option<String> {
    let Shape::Object(first) = graph.shape(*objects.first()?) else {
        return None;
    };
    if objects.len() < 2 {
        return None;
    }
    let is_tag = |name: &str| {
        let mut seen = std::collections::HashSet::new();
        objects.iter().all(|id| match graph.shape(*id) {
            Shape::Object(object) => object
                .properties
                .get(name)
                .and_then(|tag| constant(graph, *tag))
                .is_some_and(|tag| seen.insert(tag)),
            _ => false,
        })
    };
    first.properties.keys().find(|name| is_tag(name)).cloned()
}

/// The branches that have to be boxed.
fn to_box(graph: &Graph, id: NodeId, overlap: &Overlap, dialect: &Dialect) -> BTreeSet<usize> {
    let Shape::Union(union) = graph.shape(id) else {
        return BTreeSet::new();
    };
    let branches = &union.branches;
    let mut boxed = BTreeSet::new();
    if branches.len() > MOST_COMPARED {
        return boxed;
    }
    for (later, b) in branches.iter().enumerate() {
        for (earlier, a) in branches.iter().enumerate().take(later) {
            let is_confused = overlap.confuses(graph, *a, *b);
            let begins_alike = dialect.form.distinct_first_keys && begin_alike(graph, *a, *b);
            if begins_alike || (is_confused && both_objects(graph, *a, *b)) {
                boxed.extend([earlier, later]);
            } else if is_confused {
                boxed.insert(if overlap.is_transformed(*b) {
                    later
                } else {
                    earlier
                });
            }
        }
    }
    boxed
}

/// Whether two objects begin with the same key and it does not tell them apart.
fn begin_alike(graph: &Graph, a: NodeId, b: NodeId) -> bool {
    let (Shape::Object(a), Shape::Object(b)) = (graph.resolved(a), graph.resolved(b)) else {
        return false;
    };
    match (a.properties.first(), b.properties.first()) {
        (Some((a_name, a)), Some((b_name, b))) if a_name == b_name => {
            match (constant(graph, *a), constant(graph, *b)) {
                (Some(a), Some(b)) => a == b,
                _ => true,
            }
        }
        _ => false,
    }
}

/// Whether a `oneOf` has branches that might match the same value.
pub(super) fn is_doubtful(graph: &Graph, id: NodeId) -> bool {
    let Shape::Union(union) = graph.shape(id) else {
        return false;
    };
    if !union.exclusive {
        return false;
    }
    union.branches.len() > MOST_COMPARED
        || union.branches.iter().enumerate().any(|(later, b)| {
            union
                .branches
                .iter()
                .take(later)
                .any(|a| may_match_both(graph, *a, *b))
        })
}

fn box_branches(graph: &mut Graph, union: &Union, boxed: &BTreeSet<usize>) -> Vec<NodeId> {
    let mut labels = BTreeSet::new();
    for branch in &union.branches {
        // A box must not look like a branch that begins with its label.
        if let Shape::Object(object) = graph.resolved(*branch) {
            labels.extend(object.properties.first().map(|(name, _)| name.clone()));
        }
    }
    let mut branches = Vec::with_capacity(union.branches.len());
    for (index, branch) in union.branches.iter().enumerate() {
        if !boxed.contains(&index) {
            branches.push(*branch);
            continue;
        }
        let mut label = label(graph, *branch);
        let stem = label.clone();
        let mut count = 1;
        while !labels.insert(label.clone()) {
            count += 1;
            label = format!("{stem}_{count}");
        }
        branches.push(put_into_object(graph, *branch, label));
    }
    branches
}

/// An object with one property that holds what the node describes.
pub(super) fn put_into_object(graph: &mut Graph, id: NodeId, field: String) -> NodeId {
    let origin = graph.node(id).origin.clone();
    let properties = IndexMap::from([(
        field.clone(),
        Property {
            node: id,
            required: true,
        },
    )]);
    let mut node = Node::new(&origin, Shape::Object(Object::closed(properties)));
    node.action = Some(Action::Unwrap { field });
    graph.add(node)
}

/// A name for a branch: that of its definition, its title, its tag, or its kind.
fn label(graph: &Graph, branch: NodeId) -> String {
    let end = graph.node(graph.resolve(branch));
    let is_definition = end
        .origin
        .parent()
        .and_then(|parent| parent.last().map(std::borrow::Cow::into_owned));
    let defined = match is_definition.as_deref() {
        Some("$defs" | "definitions" | "schemas") => {
            end.origin.last().map(std::borrow::Cow::into_owned)
        }
        _ => None,
    };
    let titled = || {
        graph
            .node(branch)
            .title
            .clone()
            .or_else(|| end.title.clone())
    };
    let tagged = || match &end.shape {
        Shape::Object(object) => object
            .properties
            .values()
            .find_map(|property| constant(graph, *property)?.as_str().map(str::to_owned)),
        _ => None,
    };
    let kind = || match (&end.action, &end.shape) {
        (Some(Action::JsonText { .. }), _) => "json",
        (Some(Action::Entries { .. }), _) => "entries",
        (Some(Action::Tuple { .. }), _) => "tuple",
        (_, Shape::Object(_)) => "object",
        (_, Shape::Array(_)) => "array",
        _ => "value",
    };
    let name = defined
        .or_else(titled)
        .or_else(tagged)
        .unwrap_or_else(|| kind().to_owned());
    mangle_name(&name)
}
