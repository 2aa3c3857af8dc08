//! Pass 13: the root is an object.
//!
//! A root that is a reference is the schema it refers to. A root that is not an object, or that is sent as something
//! else (a map is sent as an array), is put into an object with one property.

use super::{
    graph::{Graph, Shape},
    unions::put_into_object,
};
use crate::Dialect;

/// The property that holds the value of a root that is no object.
const FIELD: &str = "value";

/// Makes the root the schema that it refers to.
pub(super) fn enter_root(graph: &mut Graph) {
    let root = graph.root;
    let end = graph.resolve(root);
    if end == root {
        return;
    }
    let said = graph.node(root).clone();
    let node = graph.node_mut(end);
    node.title = said.title.or(node.title.take());
    node.description = said.description.or(node.description.take());
    node.notes.extend(said.notes);
    node.relaxed.extend(said.relaxed);
    node.kept.extend(said.kept);
    graph.root = end;
}

/// Wraps a root that is no object.
pub(super) fn wrap_root(graph: &mut Graph, dialect: &Dialect) {
    let root = graph.root;
    if dialect.form.root_object && !matches!(graph.shape(root), Shape::Object(_)) {
        graph.root = put_into_object(graph, root, FIELD.to_owned());
    }
}
