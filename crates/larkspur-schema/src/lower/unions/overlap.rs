//! Whether two schemas, as they are sent, may describe the same value.

use crate::{
    lower::graph::{Graph, Node, NodeId, Object, Rest, Shape},
    plan::{Action, JsonTextOf},
};

/// How deep two schemas are compared; what is deeper may overlap.
const DEEPEST: usize = 6;

const NULL: u8 = 1;
const BOOLEAN: u8 = 2;
const NUMBER: u8 = 4;
const STRING: u8 = 8;
const ARRAY: u8 = 16;
const OBJECT: u8 = 32;

/// What is known of each node for comparing.
#[derive(Debug)]
pub(super) struct Overlap {
    /// Whether a value of the node, or of one below it, is changed by lifting.
    transformed: Vec<bool>,
    /// Every property is sent, `null` where it is absent.
    all_required: bool,
}

impl Overlap {
    /// `all_required`: whether every property is sent, `null` where it is absent.
    pub(super) fn new(graph: &Graph, all_required: bool) -> Self {
        let mut parents: Vec<Vec<NodeId>> = vec![Vec::new(); graph.len()];
        let mut transformed = vec![false; graph.len()];
        let mut open = Vec::new();
        for id in graph.ids() {
            let node = graph.node(id);
            Graph::for_each_child(&node.shape, |child| {
                if let Some(parents) = parents.get_mut(child.index()) {
                    parents.push(id);
                }
            });
            let has_optional = all_required
                && matches!(&node.shape, Shape::Object(object) if object.properties.values().any(|property| !property.required));
            if node.action.is_some() || has_optional {
                open.push(id);
            }
        }
        while let Some(id) = open.pop() {
            if let Some(is_transformed) = transformed.get_mut(id.index())
                && !std::mem::replace(is_transformed, true)
            {
                open.extend(parents.get(id.index()).into_iter().flatten());
            }
        }
        Self {
            transformed,
            all_required,
        }
    }

    /// Whether lifting changes values of this node.
    pub(super) fn is_transformed(&self, id: NodeId) -> bool {
        self.transformed.get(id.index()).copied().unwrap_or(false)
    }

    /// Whether some value could be of either node and would be lifted differently.
    pub(super) fn confuses(&self, graph: &Graph, a: NodeId, b: NodeId) -> bool {
        self.confuses_at(graph, a, b, DEEPEST)
    }

    fn confuses_at(&self, graph: &Graph, a: NodeId, b: NodeId, depth: usize) -> bool {
        let (a, b) = (graph.resolve(a), graph.resolve(b));
        if a == b || (!self.is_transformed(a) && !self.is_transformed(b)) {
            return false;
        }
        if !self.overlaps(graph, a, b, depth) {
            return false;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        if let (Shape::Array(left), Shape::Array(right)) = (graph.shape(a), graph.shape(b))
            && graph.node(a).action == graph.node(b).action
            && let (Rest::Each(left), Rest::Each(right)) = (left.rest, right.rest)
        {
            // An array without elements is lifted to the same by both.
            return self.confuses_at(graph, left, right, depth);
        }
        true
    }
}

/// Whether a value that was said in one branch might, once lifted, match the other as well.
pub(super) fn may_match_both(graph: &Graph, a: NodeId, b: NodeId) -> bool {
    may_match(graph, a, b, DEEPEST)
}

fn may_match(graph: &Graph, a: NodeId, b: NodeId, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    if lifted_kinds(graph, a, DEEPEST) & lifted_kinds(graph, b, DEEPEST) == 0 {
        return false;
    }
    let (a, b) = (graph.node(graph.resolve(a)), graph.node(graph.resolve(b)));
    match (&a.shape, &b.shape) {
        (Shape::Enum(a), Shape::Enum(b)) => a.values.iter().any(|value| b.values.contains(value)),
        (Shape::Object(left), Shape::Object(right)) if is_record(a) && is_record(b) => {
            may_also_match(graph, (a, left), right, depth)
                || may_also_match(graph, (b, right), left, depth)
        }
        _ => true,
    }
}

/// Whether the original is an object with properties, too.
fn is_record(node: &Node) -> bool {
    matches!(node.action, None | Some(Action::Extras { .. }))
}

/// Whether a lifted value of one object has what another object requires, and nothing that contradicts it.
fn may_also_match(graph: &Graph, said: (&Node, &Object), other: &Object, depth: usize) -> bool {
    let (node, said) = said;
    other
        .properties
        .iter()
        .all(|(name, wanted)| match said.properties.get(name) {
            Some(said) if said.required && wanted.required => {
                may_match(graph, said.node, wanted.node, depth)
            }
            Some(_) => true,
            None => !wanted.required || node.action.is_some(),
        })
}

/// The JSON types that values of a node have once they are lifted.
fn lifted_kinds(graph: &Graph, id: NodeId, depth: usize) -> u8 {
    let Some(depth) = depth.checked_sub(1) else {
        return u8::MAX;
    };
    let node = graph.node(graph.resolve(id));
    match (&node.action, &node.shape) {
        (
            Some(
                Action::JsonText {
                    of: JsonTextOf::Any,
                }
                | Action::Unwrap { .. },
            ),
            _,
        ) => u8::MAX,
        (
            Some(
                Action::JsonText {
                    of: JsonTextOf::Object,
                }
                | Action::Entries { .. },
            ),
            _,
        ) => OBJECT,
        (
            Some(
                Action::JsonText {
                    of: JsonTextOf::Array,
                }
                | Action::Tuple { .. },
            ),
            _,
        ) => ARRAY,
        (_, Shape::Union(union)) => union
            .branches
            .iter()
            .fold(0, |all, branch| all | lifted_kinds(graph, *branch, depth)),
        _ => kinds(graph, id, depth),
    }
}

pub(super) fn both_objects(graph: &Graph, a: NodeId, b: NodeId) -> bool {
    kinds(graph, a, DEEPEST) & kinds(graph, b, DEEPEST) & OBJECT != 0
}

/// The JSON types that values of a node have.
fn kinds(graph: &Graph, id: NodeId, depth: usize) -> u8 {
    let Some(depth) = depth.checked_sub(1) else {
        return u8::MAX;
    };
    match graph.resolved(id) {
        Shape::Never => 0,
        Shape::Null => NULL,
        Shape::Boolean => BOOLEAN,
        Shape::Number(_) => NUMBER,
        Shape::Text(_) => STRING,
        Shape::Array(_) => ARRAY,
        Shape::Object(_) => OBJECT,
        Shape::Enum(listed) => listed.values.iter().fold(0, |kinds, value| {
            kinds
                | match value {
                    serde_json::Value::Null => NULL,
                    serde_json::Value::Bool(_) => BOOLEAN,
                    serde_json::Value::Number(_) => NUMBER,
                    serde_json::Value::String(_) => STRING,
                    _ => ARRAY | OBJECT,
                }
        }),
        Shape::Union(union) => union
            .branches
            .iter()
            .fold(0, |all, branch| all | kinds(graph, *branch, depth)),
        Shape::Any | Shape::All(_) | Shape::Implied(_) | Shape::Ref(_) => u8::MAX,
    }
}

impl Overlap {
    /// Whether some value, as it is sent, could be of either node.
    fn overlaps(&self, graph: &Graph, a: NodeId, b: NodeId, depth: usize) -> bool {
        if kinds(graph, a, DEEPEST) & kinds(graph, b, DEEPEST) == 0 {
            return false;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let any = |branches: &[NodeId], other: NodeId| {
            branches
                .iter()
                .any(|branch| self.overlaps(graph, *branch, other, depth))
        };
        match (graph.resolved(a), graph.resolved(b)) {
            (Shape::Union(union), _) => any(&union.branches, b),
            (_, Shape::Union(union)) => any(&union.branches, a),
            (Shape::Enum(a), Shape::Enum(b)) => {
                a.values.iter().any(|value| b.values.contains(value))
            }
            (Shape::Object(a), Shape::Object(b)) => {
                self.fits_into(graph, a, b, depth) && self.fits_into(graph, b, a, depth)
            }
            _ => true,
        }
    }

    /// Whether some object has what `a` always sends and is one of `b` as well.
    fn fits_into(&self, graph: &Graph, a: &Object, b: &Object, depth: usize) -> bool {
        let is_sent = |required: bool| required || self.all_required;
        a.properties
            .iter()
            .filter(|(_, left)| is_sent(left.required))
            .all(|(name, left)| match b.properties.get(name) {
                Some(right) => {
                    (self.all_required && !left.required && !right.required)
                        || self.overlaps(graph, left.node, right.node, depth)
                }
                None => b.rest != Rest::Closed || !b.patterns.is_empty(),
            })
    }
}
