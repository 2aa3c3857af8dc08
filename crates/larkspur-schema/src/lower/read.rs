//! Pass 1: JSON Schema → graph.
//!
//! After it, the many spellings of JSON Schema are gone: boolean schemas, lists of types, a missing `type` and `definitions`
//! are shapes like all others, a `$ref` is an edge, and what no shape can hold is noted as left out, or kept where the dialect
//! takes it. Older drafts were translated before. Still there: conjunctions ([`Shape::All`]), rules without a type
//! ([`Shape::Implied`]), lists of mixed or composite values, `oneOf`.
//!
//! Follows no reference by recursion, so the depth of the machine stack is the depth of the schema, which was checked.

mod keywords;
mod typed;

use std::collections::{HashMap, VecDeque};

use larkspur_json::{Pointer, Token};
use serde_json::{Map, Value};

use super::graph::{Enum, Graph, Node, NodeId, Shape, Union};
use crate::{
    Diagnostic, Dialect,
    references::{Dangling, References},
};

/// Reads a schema. What the dialect takes and no shape can hold is kept as it is.
pub(super) fn read<'s>(schema: &'s Value, dialect: &'s Dialect) -> Graph {
    let mut reader = Reader {
        references: References::new(schema),
        dialect,
        graph: Graph::new(),
        places: HashMap::new(),
        open: VecDeque::new(),
    };
    let root = reader.place(&Pointer::root(), schema);
    reader.graph.root = root;
    reader.run();
    reader.graph
}

struct Reader<'s> {
    references: References<'s>,
    dialect: &'s Dialect,
    graph: Graph,
    /// The node of each place that was asked for.
    places: HashMap<Pointer, NodeId>,
    /// Targets of references that are not read yet.
    open: VecDeque<(NodeId, Pointer, &'s Value)>,
}

impl<'s> Reader<'s> {
    fn run(&mut self) {
        while let Some((id, at, schema)) = self.open.pop_front() {
            self.fill(id, &at, schema);
        }
    }

    /// The node of a place that a reference leads to, read later.
    fn place(&mut self, at: &Pointer, schema: &'s Value) -> NodeId {
        if let Some(id) = self.places.get(at) {
            return *id;
        }
        let id = self.graph.add_shape(at, Shape::Never);
        self.places.insert(at.clone(), id);
        self.open.push_back((id, at.clone(), schema));
        id
    }

    /// Reads the schema at a place, now.
    fn schema(&mut self, at: &Pointer, schema: &'s Value) -> NodeId {
        if let Some(id) = self.places.get(at) {
            return *id;
        }
        let id = self.graph.add_shape(at, Shape::Never);
        self.places.insert(at.clone(), id);
        self.fill(id, at, schema);
        id
    }

    /// Reads the schema under a key, now.
    fn child<'k>(
        &mut self,
        at: &Pointer,
        token: impl Into<Token<'k>>,
        schema: &'s Value,
    ) -> NodeId {
        self.schema(&at.child(token), schema)
    }

    fn fill(&mut self, id: NodeId, at: &Pointer, schema: &'s Value) {
        if self.graph.len() > Graph::MOST_NODES {
            return;
        }
        let node = match schema {
            Value::Bool(true) => Node::new(at, Shape::Any),
            Value::Bool(false) => Node::new(at, Shape::Never),
            Value::Object(keywords) => self.object(at, keywords),
            other => {
                self.malformed(
                    at,
                    format!("a schema is an object or a boolean, not {}", kind(other)),
                );
                Node::new(at, Shape::Any)
            }
        };
        *self.graph.node_mut(id) = node;
    }

    fn object(&mut self, at: &Pointer, keywords: &'s Map<String, Value>) -> Node {
        let mut node = Node::new(at, Shape::Any);
        node.title = self.text(at, keywords, "title");
        node.description = self.text(at, keywords, "description");
        let reference = self.reference(at, keywords);
        let mut parts = Vec::new();
        parts.extend(self.local(at, keywords));
        parts.extend(reference);
        parts.extend(self.unions(at, keywords));
        self.conjunction(at, keywords, &mut parts);
        node.shape = self.all_of(at, parts);
        keywords::note_unread(&mut node, keywords, self.dialect);
        node
    }

    /// One shape for all of `parts` together.
    fn all_of(&mut self, at: &Pointer, mut parts: Vec<Shape>) -> Shape {
        match parts.len() {
            0 => Shape::Any,
            1 => parts.remove(0),
            _ => Shape::All(
                parts
                    .into_iter()
                    .map(|part| self.graph.add_shape(at, part))
                    .collect(),
            ),
        }
    }

    fn reference(&mut self, at: &Pointer, keywords: &'s Map<String, Value>) -> Option<Shape> {
        let (keyword, value) = ["$ref", "$dynamicRef"]
            .iter()
            .find_map(|key| Some((*key, keywords.get(*key)?)))?;
        let Some(reference) = value.as_str() else {
            self.malformed(
                &at.child(keyword),
                format!("`{keyword}` is a string, not {}", kind(value)),
            );
            return None;
        };
        match self.references.resolve(reference) {
            Ok((target, schema)) => Some(Shape::Ref(self.place(&target, schema))),
            Err(dangling) => {
                self.graph.problems.push(dangling_reference(
                    &at.child(keyword),
                    reference,
                    dangling,
                ));
                None
            }
        }
    }

    fn unions(&mut self, at: &Pointer, keywords: &'s Map<String, Value>) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) = self.schemas(at, keywords, keyword) {
                let exclusive = keyword == "oneOf" && branches.len() > 1;
                shapes.push(Shape::Union(Union {
                    branches,
                    exclusive,
                    type_list: false,
                }));
            }
        }
        shapes
    }

    fn conjunction(
        &mut self,
        at: &Pointer,
        keywords: &'s Map<String, Value>,
        parts: &mut Vec<Shape>,
    ) {
        let members = self.schemas(at, keywords, "allOf").unwrap_or_default();
        if let ([], [only]) = (parts.as_slice(), members.as_slice()) {
            parts.push(Shape::All(vec![*only]));
        } else if !members.is_empty() {
            parts.push(Shape::All(members));
        }
    }

    /// The schemas in the array under `keyword`.
    fn schemas(
        &mut self,
        at: &Pointer,
        keywords: &'s Map<String, Value>,
        keyword: &str,
    ) -> Option<Vec<NodeId>> {
        let value = keywords.get(keyword)?;
        let at = at.child(keyword);
        let Some(members) = value.as_array() else {
            self.malformed(
                &at,
                format!("`{keyword}` is an array of schemas, not {}", kind(value)),
            );
            return None;
        };
        Some(
            members
                .iter()
                .enumerate()
                .map(|(index, member)| self.child(&at, index, member))
                .collect(),
        )
    }

    /// What the keywords say themselves, without references, unions and conjunctions; nothing where they say nothing.
    fn local(&mut self, at: &Pointer, keywords: &'s Map<String, Value>) -> Option<Shape> {
        let types = self.types(at, keywords);
        if let Some(value) = keywords.get("const") {
            return Some(listed(vec![value.clone()], true, types.as_deref()));
        }
        if let Some(values) = keywords.get("enum") {
            let Some(values) = values.as_array() else {
                self.malformed(
                    &at.child("enum"),
                    format!("`enum` is an array, not {}", kind(values)),
                );
                return None;
            };
            return Some(listed(values.clone(), false, types.as_deref()));
        }
        self.typed(at, keywords, types)
    }

    fn text(
        &mut self,
        at: &Pointer,
        keywords: &Map<String, Value>,
        keyword: &str,
    ) -> Option<String> {
        let value = keywords.get(keyword)?;
        if value.as_str().is_none() {
            self.malformed(
                &at.child(keyword),
                format!("`{keyword}` is a string, not {}", kind(value)),
            );
        }
        value.as_str().map(str::to_owned)
    }

    fn malformed(&mut self, at: &Pointer, message: String) {
        let problem = Diagnostic::error("malformed-schema", at, message)
            .hint("write it as JSON Schema says, or leave the keyword out");
        self.graph.problems.push(problem);
    }
}

/// The diagnostic for a reference that leads nowhere.
pub(crate) fn dangling_reference(at: &Pointer, reference: &str, dangling: Dangling) -> Diagnostic {
    match dangling {
        Dangling::Remote => Diagnostic::error(
            "remote-ref",
            at,
            format!("`{reference}` leads out of the schema, and nothing is fetched"),
        )
        .hint("copy the schema it leads to into `$defs` and refer to it by `#/$defs/NAME`"),
        Dangling::Missing => {
            Diagnostic::error("unresolved-ref", at, format!("`{reference}` leads nowhere"))
                .hint("a reference is written `#/$defs/NAME`, and the name has to be in `$defs`")
        }
    }
}

/// The listed values that are of one of the types.
fn listed(mut values: Vec<Value>, is_const: bool, types: Option<&[&str]>) -> Shape {
    if let Some(types) = types {
        values.retain(|value| types.iter().any(|name| is_of_type(value, name)));
    }
    if values.is_empty() {
        Shape::Never
    } else {
        Shape::Enum(Enum { values, is_const })
    }
}

/// Whether JSON Schema calls the value one of this type.
pub(super) fn is_of_type(value: &Value, name: &str) -> bool {
    match value {
        Value::Number(number) if name == "integer" => {
            number.is_i64()
                || number.is_u64()
                || number.as_f64().is_some_and(|float| float.fract() == 0.0)
        }
        other => kind(other) == name,
    }
}

/// What JSON calls this kind of value.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
