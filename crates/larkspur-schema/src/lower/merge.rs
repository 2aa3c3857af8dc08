//! Pass 3: conjunctions.
//!
//! `allOf`, keywords beside a `$ref`, `anyOf` beside `properties`: all of these are conjunctions, and a strict dialect
//! has none. The pass computes them. The result is exact, with these exceptions, each noted on the node: a second
//! `pattern`, `format` or uneven `multipleOf`; unions whose product would have more than [`MOST_BRANCHES`](unions::MOST_BRANCHES) branches; a union whose branches
//! only ask for names.
//!
//! A conjunction with a recursive reference is itself recursive: the result of each pair of nodes is made once, and met again as
//! a reference to it. What is made is counted, so a schema that doubles with every reference is refused and not computed.
//!
//! After it there is no [`Shape::All`], no [`Shape::Implied`], and no name wanted that has no property.

mod accepts;
mod scalars;
mod structures;
mod unions;

use std::collections::{HashMap, HashSet};

use larkspur_json::Pointer;
use serde_json::Value;

use self::accepts::accepts;
use super::graph::{Enum, Graph, Node, NodeId, Property, Relaxed, Rest, Shape, Union};
use crate::Diagnostic;

/// Most nodes that are made by merging one schema.
const MOST_MADE: usize = 20_000;
/// Deepest chain of conjunctions inside conjunctions.
const DEEPEST: usize = 100;

/// Computes every conjunction.
pub(super) fn merge(graph: &mut Graph) {
    let before = graph.len();
    let mut merger = Merger {
        graph,
        made: HashMap::new(),
        open: HashSet::new(),
        depth: 0,
        before,
        is_over: None,
    };
    for id in merger.graph.ids() {
        merger.settle(id);
    }
    if let Some((code, message)) = merger.is_over {
        let root = Pointer::root();
        let hint = "say the merged schema out loud, or merge fewer schemas with `allOf`";
        graph
            .problems
            .push(Diagnostic::error(code, &root, message).hint(hint));
    }
    for id in graph.ids() {
        say_wanted(graph, id);
        say_implied(graph, id);
    }
}

struct Merger<'g> {
    graph: &'g mut Graph,
    /// The conjunction of each pair that was asked for.
    made: HashMap<(NodeId, NodeId), NodeId>,
    /// Conjunctions that are being computed.
    open: HashSet<NodeId>,
    depth: usize,
    /// Nodes there were before.
    before: usize,
    is_over: Option<(&'static str, &'static str)>,
}

impl Merger<'_> {
    /// Replaces a conjunction by what it comes to.
    fn settle(&mut self, id: NodeId) {
        let Shape::All(parts) = self.graph.shape(id) else {
            return;
        };
        let parts = parts.clone();
        if !self.open.insert(id) {
            self.is_over
                .get_or_insert(("cyclic-ref", "an `allOf` contains itself"));
            return;
        }
        let merged = parts
            .into_iter()
            .reduce(|left, right| self.both(left, right));
        if let Some(merged) = merged {
            self.settle(merged);
            let merged = self.graph.node(merged).clone();
            let node = self.graph.node_mut(id);
            node.shape = merged.shape.clone();
            node.adopt(&merged);
        }
        self.open.remove(&id);
    }

    /// What two nodes describe together.
    fn both(&mut self, left: NodeId, right: NodeId) -> NodeId {
        if self.is_over.is_some() {
            return left;
        }
        if self.graph.len() - self.before > MOST_MADE {
            self.is_over = Some((
                "merge-too-large",
                "merging `allOf` and `$ref` makes more than 20,000 schemas",
            ));
            return left;
        }
        if self.depth >= DEEPEST {
            self.is_over = Some((
                "merge-too-deep",
                "`allOf` and `$ref` lead more than 100 schemas deep",
            ));
            return left;
        }
        self.depth += 1;
        let both = self.pair(left, right);
        self.depth -= 1;
        both
    }

    fn pair(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.settle(left);
        self.settle(right);
        let (left_end, right_end) = (self.graph.resolve(left), self.graph.resolve(right));
        self.settle(left_end);
        self.settle(right_end);
        if left_end == right_end || matches!(self.graph.shape(right_end), Shape::Any) {
            return self.annotated(left, right);
        }
        if matches!(self.graph.shape(left_end), Shape::Any) {
            return self.annotated_as(right, left, right);
        }
        let key = (left_end, right_end);
        if let Some(made) = self.made.get(&key) {
            let reference = Node::new(&self.graph.node(left).origin, Shape::Ref(*made));
            return self.graph.add(reference);
        }
        let made = self
            .graph
            .add(Node::new(&self.graph.node(left).origin, Shape::Never));
        self.made.insert(key, made);
        let mut node = Node::new(&self.graph.node(left).origin, Shape::Never);
        let mut speakers = vec![left, left_end, right, right_end];
        speakers.dedup();
        for speaker in speakers {
            adopt_once(&mut node, &self.graph.node(speaker).clone());
        }
        node.shape = self.shapes(left_end, right_end, &mut node.relaxed);
        *self.graph.node_mut(made) = node;
        made
    }

    /// `id` with what is said of both.
    fn annotated(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.annotated_as(left, left, right)
    }

    /// The shape of `of`, with what is said of both `left` and `right`, the left first.
    fn annotated_as(&mut self, of: NodeId, left: NodeId, right: NodeId) -> NodeId {
        let other = if of == left { right } else { left };
        if !self.graph.node(other).is_annotated() {
            return of;
        }
        let mut node = Node::new(&self.graph.node(of).origin, self.graph.shape(of).clone());
        node.adopt(&self.graph.node(left).clone());
        adopt_once(&mut node, &self.graph.node(right).clone());
        self.graph.add(node)
    }

    /// What two shapes, neither of which is a reference or a conjunction, describe together.
    fn shapes(&mut self, left: NodeId, right: NodeId, relaxed: &mut Vec<Relaxed>) -> Shape {
        let (a, b) = (
            self.graph.shape(left).clone(),
            self.graph.shape(right).clone(),
        );
        match (a, b) {
            (Shape::Any, other) | (other, Shape::Any) => other,
            (Shape::Union(a), Shape::Union(b)) => self.unions(a, &b, right, relaxed),
            (Shape::Union(union), _) if self.only_asks(&union, right) => {
                self.asked(&union, left, right, relaxed)
            }
            (_, Shape::Union(union)) if self.only_asks(&union, left) => {
                self.asked(&union, right, left, relaxed)
            }
            (Shape::Union(union), _) => {
                self.distribute(union, |merger, branch| merger.both(branch, right))
            }
            (_, Shape::Union(union)) => {
                self.distribute(union, |merger, branch| merger.both(left, branch))
            }
            (Shape::Implied(a), Shape::Implied(b)) => self.implied(a, b),
            (Shape::Implied(implied), other) => {
                self.implied_with(implied, &other, |merger| merger.both(implied, right))
            }
            (other, Shape::Implied(implied)) => {
                self.implied_with(implied, &other, |merger| merger.both(left, implied))
            }
            (Shape::Enum(listed), _) => {
                listed_where(listed, |value| accepts(self.graph, right, value))
            }
            (_, Shape::Enum(listed)) => {
                listed_where(listed, |value| accepts(self.graph, left, value))
            }
            (a, b) => self.of_one_type(a, b, right, relaxed),
        }
    }

    /// What two shapes of one type each describe together; `right` is the node of the second.
    fn of_one_type(
        &mut self,
        a: Shape,
        b: Shape,
        right: NodeId,
        relaxed: &mut Vec<Relaxed>,
    ) -> Shape {
        let origin = &self.graph.node(right).origin;
        match (a, b) {
            (Shape::Null, Shape::Null) => Shape::Null,
            (Shape::Boolean, Shape::Boolean) => Shape::Boolean,
            (Shape::Number(a), Shape::Number(b)) => {
                Shape::Number(scalars::numbers(a, b, origin, relaxed))
            }
            (Shape::Text(a), Shape::Text(b)) => Shape::Text(scalars::texts(a, b, origin, relaxed)),
            (Shape::Array(a), Shape::Array(b)) => self.arrays(&a, &b),
            (Shape::Object(a), Shape::Object(b)) => self.objects(a, b),
            _ => Shape::Never,
        }
    }

    fn implied(&mut self, left: NodeId, right: NodeId) -> Shape {
        if kind(self.graph.shape(left)) == kind(self.graph.shape(right)) {
            return Shape::Implied(self.both(left, right));
        }
        Shape::Union(Union {
            branches: vec![left, right],
            exclusive: false,
            type_list: true,
        })
    }

    /// Rules for one type together with a shape of some type.
    fn implied_with(
        &mut self,
        implied: NodeId,
        shape: &Shape,
        both: impl FnOnce(&mut Self) -> NodeId,
    ) -> Shape {
        let of = kind(self.graph.shape(implied));
        if let Shape::Enum(listed) = shape {
            return listed_where(listed.clone(), |value| {
                Some(value_kind(value)) != of || accepts(self.graph, implied, value)
            });
        }
        if kind(shape) != of {
            return shape.clone();
        }
        let both = both(self);
        let made = self.graph.node(both).clone();
        made.shape
    }
}

/// The listed values that fit.
fn listed_where(mut listed: Enum, fits: impl FnMut(&Value) -> bool) -> Shape {
    listed.values.retain(fits);
    if listed.values.is_empty() {
        Shape::Never
    } else {
        Shape::Enum(listed)
    }
}

/// Takes what `other` says, unless it is there already.
fn adopt_once(node: &mut Node, other: &Node) {
    let relaxed = node.relaxed.len();
    node.adopt(other);
    let (old, new) = node.relaxed.split_at(relaxed);
    let is_new = |rule: &&Relaxed| {
        !old.iter()
            .any(|told| told.origin == rule.origin && told.keyword == rule.keyword)
    };
    let kept: Vec<Relaxed> = new.iter().filter(is_new).cloned().collect();
    node.relaxed.truncate(relaxed);
    node.relaxed.extend(kept);
}

/// The one type of value that a shape describes.
fn kind(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Null => Some("null"),
        Shape::Boolean => Some("boolean"),
        Shape::Number(_) => Some("number"),
        Shape::Text(_) => Some("string"),
        Shape::Array(_) => Some("array"),
        Shape::Object(_) => Some("object"),
        _ => None,
    }
}

fn value_kind(value: &Value) -> &'static str {
    super::read::kind(value)
}

/// Gives every required name a property.
fn say_wanted(graph: &mut Graph, id: NodeId) {
    let Shape::Object(object) = graph.shape(id) else {
        return;
    };
    if object.wanted.is_empty() {
        return;
    }
    let mut object = object.clone();
    object.settle_required();
    let origin = graph.node(id).origin.clone();
    for name in std::mem::take(&mut object.wanted) {
        let node = match object.rest {
            Rest::Each(values) => values,
            Rest::Closed if object.patterns.is_empty() => graph.add_shape(&origin, Shape::Never),
            _ => graph.add_shape(&origin, Shape::Any),
        };
        object.properties.insert(
            name,
            Property {
                node,
                required: true,
            },
        );
    }
    graph.set_shape(id, Shape::Object(object));
}

/// Takes a schema that says rules for one type to mean that type: whoever writes `properties` means an object.
fn say_implied(graph: &mut Graph, id: NodeId) {
    let Shape::Implied(implied) = graph.shape(id) else {
        return;
    };
    let node = graph.node(*implied).clone();
    let kind = kind(&node.shape);
    graph.set_shape(id, node.shape.clone());
    let said = graph.node_mut(id);
    said.adopt(&node);
    if let Some(kind) = kind {
        said.narrow(
            "type",
            format!("its rules are for type `{kind}`, so values of other types are left out"),
        );
    }
}
