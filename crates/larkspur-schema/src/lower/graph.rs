//! The schema as a graph: what the passes work on.
//!
//! JSON Schema says one thing in many ways: `definitions` and `$defs`, a list of types and a union, a `$ref` with or
//! without neighbours. A rewrite on the JSON itself meets all of them at every step, and a map inside a union inside a
//! tuple becomes a case of its own. Here a schema is an arena of nodes, each of which has one [`Shape`]. A pass looks at
//! one node at a time and replaces it by simpler ones; because a node says nothing of its neighbours, the passes compose.
//!
//! What a pass does to the *values* is written on the node, as the [`Action`] that undoes it; what it had to leave out is
//! written on the node as [`Relaxed`]. Only the printer, which knows where everything ends up, turns these into the steps of the
//! plan and into relaxations. So nothing is reported for parts of a schema that are not sent.

use indexmap::IndexMap;
use larkspur_json::Pointer;
use serde_json::{Map, Number as JsonNumber, Value};

use crate::{Change, Diagnostic, Enforcer, plan::Action};

/// A node of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

impl NodeId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The schema as an arena of nodes.
#[derive(Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// The node of the whole schema.
    pub(crate) root: NodeId,
    /// What was found wrong on the way.
    pub(crate) problems: Vec<Diagnostic>,
    /// Stands in for a node that is not there, which no id can ask for.
    void: Node,
}

/// One schema.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where the original schema says this.
    pub(crate) origin: Pointer,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// Sentences that a pass adds to the description.
    pub(crate) notes: Vec<String>,
    pub(crate) relaxed: Vec<Relaxed>,
    /// Keywords without rules that the server takes, as they are.
    pub(crate) kept: Map<String, Value>,
    pub(crate) shape: Shape,
    /// How a value of this node is lifted.
    pub(crate) action: Option<Action>,
}

/// A rule that was left out, or said otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Relaxed {
    pub(crate) origin: Pointer,
    pub(crate) keyword: String,
    pub(crate) value: Value,
    pub(crate) reason: String,
    /// What the model is told instead.
    pub(crate) note: Option<String>,
    pub(crate) change: Change,
    pub(crate) by: Enforcer,
}

impl Relaxed {
    /// A rule that is left to the reader, and told where there are words for it.
    pub(crate) fn rule(
        origin: &Pointer,
        keyword: &str,
        value: Value,
        reason: impl Into<String>,
        note: Option<String>,
    ) -> Self {
        let change = if note.is_some() {
            Change::Described
        } else {
            Change::Widened
        };
        Self {
            origin: origin.clone(),
            keyword: keyword.to_owned(),
            value,
            reason: reason.into(),
            note,
            change,
            by: Enforcer::Check,
        }
    }

    /// Whether the lowered schema lacks it.
    pub(crate) fn is_relaxation(&self) -> bool {
        matches!(self.change, Change::Described | Change::Widened)
    }
}

/// The values that a schema describes.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// No value at all.
    Never,
    /// Every value.
    Any,
    Null,
    Boolean,
    Number(Number),
    Text(Text),
    Enum(Enum),
    Array(Array),
    Object(Object),
    Union(Union),
    /// What all of these describe.
    All(Vec<NodeId>),
    /// What the node describes, and every value of another type: a schema that says rules for a type but no `type`.
    Implied(NodeId),
    /// The same as another node, which is printed as a definition.
    Ref(NodeId),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Number {
    pub(crate) integer: bool,
    pub(crate) minimum: Option<JsonNumber>,
    pub(crate) exclusive_minimum: Option<JsonNumber>,
    pub(crate) maximum: Option<JsonNumber>,
    pub(crate) exclusive_maximum: Option<JsonNumber>,
    pub(crate) multiple_of: Option<JsonNumber>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
}

/// Values that are listed.
#[derive(Clone, Debug)]
pub(crate) struct Enum {
    pub(crate) values: Vec<Value>,
    /// Whether it was written as `const`.
    pub(crate) is_const: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Array {
    /// Schemas of the first elements.
    pub(crate) prefix: Vec<NodeId>,
    /// Schema of the elements after these.
    pub(crate) rest: Rest,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
}

/// What a schema says of members or elements that it does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing, which in JSON Schema lets everything in.
    Unsaid,
    /// That there may be any.
    Open,
    /// That there are none.
    Closed,
    /// What they look like.
    Each(NodeId),
}

#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) properties: IndexMap<String, Property>,
    /// Names in `required` without a property; after merging, each gets one.
    pub(crate) wanted: Vec<String>,
    pub(crate) rest: Rest,
    /// Schemas for names that match a pattern.
    pub(crate) patterns: Vec<(String, NodeId)>,
    /// Schema of the names.
    pub(crate) names: Option<NodeId>,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    /// Whether `properties` was there, be it empty.
    pub(crate) listed: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Property {
    pub(crate) node: NodeId,
    pub(crate) required: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Union {
    pub(crate) branches: Vec<NodeId>,
    /// Written as `oneOf`: a value may match one branch only.
    pub(crate) exclusive: bool,
    /// Written as a list of types.
    pub(crate) type_list: bool,
}

impl Node {
    pub(crate) fn new(origin: &Pointer, shape: Shape) -> Self {
        Self {
            origin: origin.clone(),
            title: None,
            description: None,
            notes: Vec::new(),
            relaxed: Vec::new(),
            kept: Map::new(),
            shape,
            action: None,
        }
    }

    /// Notes a rule of this node as left out.
    pub(crate) fn relax(
        &mut self,
        keyword: &str,
        value: Value,
        reason: impl Into<String>,
        note: Option<String>,
    ) {
        let rule = Relaxed::rule(&self.origin, keyword, value, reason, note);
        self.relaxed.push(rule);
    }

    /// Notes an annotation of this node as left out: no answer can break it.
    pub(crate) fn leave_out(
        &mut self,
        keyword: &str,
        value: Value,
        reason: impl Into<String>,
        note: Option<String>,
    ) {
        let mut rule = Relaxed::rule(&self.origin, keyword, value, reason, note);
        rule.by = Enforcer::Nobody;
        self.relaxed.push(rule);
    }

    /// Notes that the model may say less than the original allows.
    pub(crate) fn narrow(&mut self, keyword: &str, reason: impl Into<String>) {
        let mut rule = Relaxed::rule(&self.origin, keyword, Value::Null, reason, None);
        rule.change = Change::Narrowed;
        rule.by = Enforcer::Server;
        self.relaxed.push(rule);
    }

    /// Whether something is said of the node beside its shape.
    pub(crate) fn is_annotated(&self) -> bool {
        self.title.is_some()
            || self.description.is_some()
            || !self.notes.is_empty()
            || !self.kept.is_empty()
            || self.relaxed.iter().any(Relaxed::is_relaxation)
    }

    /// Whether something is written beside its shape. A rule that was left out without a word is not.
    pub(crate) fn is_worded(&self) -> bool {
        self.title.is_some()
            || self.description.is_some()
            || !self.notes.is_empty()
            || !self.kept.is_empty()
            || self.relaxed.iter().any(|rule| rule.note.is_some())
    }

    /// Puts what `other` says beside its shape to this node; what this node says itself stays.
    pub(crate) fn adopt(&mut self, other: &Self) {
        if self.title.is_none() {
            self.title.clone_from(&other.title);
        }
        if self.description.is_none() {
            self.description.clone_from(&other.description);
        }
        for (keyword, value) in &other.kept {
            self.kept.entry(keyword).or_insert_with(|| value.clone());
        }
        self.notes.extend_from_slice(&other.notes);
        self.relaxed.extend_from_slice(&other.relaxed);
    }
}

impl Array {
    pub(crate) fn of(items: NodeId) -> Self {
        Self {
            prefix: Vec::new(),
            rest: Rest::Each(items),
            min: None,
            max: None,
        }
    }
}

impl Object {
    /// An object with these properties and no others.
    pub(crate) fn closed(properties: IndexMap<String, Property>) -> Self {
        Self {
            properties,
            wanted: Vec::new(),
            rest: Rest::Closed,
            patterns: Vec::new(),
            names: None,
            min: None,
            max: None,
            listed: true,
        }
    }

    /// Marks the properties that are wanted as required; wanted names without a property stay wanted.
    pub(crate) fn settle_required(&mut self) {
        let properties = &mut self.properties;
        self.wanted.retain(|name| match properties.get_mut(name) {
            Some(property) => {
                property.required = true;
                false
            }
            None => true,
        });
    }
}

impl Union {
    pub(crate) fn of(branches: Vec<NodeId>) -> Self {
        Self {
            branches,
            exclusive: false,
            type_list: false,
        }
    }
}

impl Graph {
    /// Most nodes that a schema may come to. Merging and inlining stop here.
    pub(crate) const MOST_NODES: usize = 200_000;

    pub(crate) fn new() -> Self {
        let void = Node::new(&Pointer::root(), Shape::Never);
        Self {
            nodes: Vec::new(),
            root: NodeId(0),
            problems: Vec::new(),
            void,
        }
    }

    pub(crate) fn add(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    pub(crate) fn add_shape(&mut self, origin: &Pointer, shape: Shape) -> NodeId {
        self.add(Node::new(origin, shape))
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Every node there is now; those that are added meanwhile are not among them.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.index()).unwrap_or(&self.void)
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        self.nodes.get_mut(id.index()).unwrap_or(&mut self.void)
    }

    pub(crate) fn shape(&self, id: NodeId) -> &Shape {
        &self.node(id).shape
    }

    pub(crate) fn set_shape(&mut self, id: NodeId, shape: Shape) {
        self.node_mut(id).shape = shape;
    }

    /// The node that a chain of references ends at.
    ///
    /// Terminates after the reference pass has refused references that lead nowhere but to themselves; the bound is there so that
    /// it terminates before as well.
    pub(crate) fn resolve(&self, mut id: NodeId) -> NodeId {
        for _ in 0..self.nodes.len() {
            match self.shape(id) {
                Shape::Ref(target) => id = *target,
                _ => break,
            }
        }
        id
    }

    /// Whether a union can be said by a list of types in one schema, because each branch is a scalar type of which nothing else
    /// is said.
    pub(crate) fn is_type_list(&self, union: &Union) -> bool {
        union.type_list
            && union.branches.iter().all(|branch| {
                let node = self.node(*branch);
                let is_scalar = matches!(
                    node.shape,
                    Shape::Null | Shape::Boolean | Shape::Number(_) | Shape::Text(_)
                );
                is_scalar
                    && node.action.is_none()
                    && node.title.is_none()
                    && node.description.is_none()
            })
    }

    /// The shape behind references.
    pub(crate) fn resolved(&self, id: NodeId) -> &Shape {
        self.shape(self.resolve(id))
    }

    /// Calls `visit` with each node that this shape is made of, in order.
    pub(crate) fn for_each_child(shape: &Shape, mut visit: impl FnMut(NodeId)) {
        match shape {
            Shape::Array(array) => {
                array.prefix.iter().copied().for_each(&mut visit);
                if let Rest::Each(items) = array.rest {
                    visit(items);
                }
            }
            Shape::Object(object) => {
                object
                    .properties
                    .values()
                    .for_each(|property| visit(property.node));
                object.patterns.iter().for_each(|(_, node)| visit(*node));
                object.names.iter().copied().for_each(&mut visit);
                if let Rest::Each(values) = object.rest {
                    visit(values);
                }
            }
            Shape::Union(union) => union.branches.iter().copied().for_each(visit),
            Shape::All(parts) => parts.iter().copied().for_each(visit),
            Shape::Implied(node) | Shape::Ref(node) => visit(*node),
            Shape::Never
            | Shape::Any
            | Shape::Null
            | Shape::Boolean
            | Shape::Number(_)
            | Shape::Text(_)
            | Shape::Enum(_) => {}
        }
    }
}
