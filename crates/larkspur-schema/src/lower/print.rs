//! Pass 14: graph → JSON Schema, plan and relaxations.
//!
//! Only here is known where everything ends up, so here the actions of the nodes become steps under pointers into the lowered
//! schema, and what was left out becomes relaxations.
//!
//! A reference is printed bare. Where something is said beside it, the schema that it leads to is printed in its place with
//! that description (which is what the official helpers do); where that would never end, or has been done too often, the
//! reference becomes the only branch of a union, which may have a description. Likewise, what merging has made part of several
//! schemas is printed in each, until that has been done too often.
//!
//! What would stand deeper than the server allows is carried as JSON text: an object at the last level keeps
//! its scalars, and what is below travels as text and is checked when the answer is read. So is a schema inside itself, where
//! the server takes no recursion.

mod body;
mod receipt;
mod recursion;

use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::IndexMap;
use larkspur_json::Pointer;
use serde_json::{Map, Value, json};

use super::{
    Relaxation,
    graph::{Graph, Node, NodeId, Relaxed, Shape, Union},
    open,
};
use crate::{
    Change, Diagnostic, Dialect, Entry,
    dialect::{Recursion, Refs},
    mangle_name,
    plan::{Action, JsonTextOf, Plan},
};

/// Most schemas that are printed again, or in place of references. Beyond, a reference is printed.
const MOST_REPEATED: usize = 2_000;

/// What is printed.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) schema: Value,
    pub(super) plan: Plan,
    pub(super) relaxations: Vec<Relaxation>,
    pub(super) receipt: Vec<Entry>,
    pub(super) problems: Vec<Diagnostic>,
}

pub(super) fn print(graph: &Graph, dialect: &Dialect) -> Printed {
    let recursive = recursion::recursive(graph, false);
    let endless = match dialect.form.recursion {
        Recursion::Yes => vec![false; graph.len()],
        Recursion::No => recursive.clone(),
        Recursion::Optional => recursion::recursive(graph, true),
    };
    let mut printer = Printer {
        graph,
        dialect,
        plan: Plan::default(),
        relaxations: IndexMap::new(),
        receipt: IndexMap::new(),
        problems: Vec::new(),
        names: HashMap::new(),
        taken: HashSet::new(),
        open: VecDeque::new(),
        recursive,
        endless,
        path: Vec::new(),
        printed: HashSet::new(),
        repeated: 0,
    };
    let schema = printer.document();
    Printed {
        schema,
        plan: printer.plan,
        relaxations: printer.relaxations.into_values().collect(),
        receipt: printer.receipt.into_values().collect(),
        problems: printer.problems,
    }
}

struct Printer<'g> {
    graph: &'g Graph,
    dialect: &'g Dialect,
    plan: Plan,
    relaxations: IndexMap<(Pointer, String), Relaxation>,
    receipt: IndexMap<(Pointer, String, Change), Entry>,
    problems: Vec<Diagnostic>,
    /// The names of the definitions that were referred to.
    names: HashMap<NodeId, String>,
    taken: HashSet<String>,
    /// Definitions that are not printed yet.
    open: VecDeque<NodeId>,
    /// Which nodes can be reached from themselves.
    recursive: Vec<bool>,
    /// Which of them the server does not take within themselves.
    endless: Vec<bool>,
    /// The nodes around what is printed.
    path: Vec<NodeId>,
    /// Nodes that were printed, other than in place of a reference.
    printed: HashSet<NodeId>,
    /// How often a node was printed again, or in place of a reference.
    repeated: usize,
}

/// Where and how a schema is printed.
#[derive(Clone, Copy)]
struct Place<'p> {
    at: &'p Pointer,
    /// Objects and arrays around it.
    level: usize,
    /// Whether `null` is allowed as well.
    nullable: bool,
}

impl Printer<'_> {
    fn document(&mut self) -> Value {
        let root = Pointer::root();
        let mut schema = self.schema(
            self.graph.root,
            Place {
                at: &root,
                level: 0,
                nullable: false,
            },
        );
        let mut definitions = Map::new();
        let at = root.child("$defs");
        while let Some(id) = self.open.pop_front() {
            let name = self.names.get(&id).cloned().unwrap_or_default();
            let at = at.child(&name);
            let definition = self.schema(
                id,
                Place {
                    at: &at,
                    level: 1,
                    nullable: false,
                },
            );
            definitions.insert(name, Value::Object(definition));
        }
        if !definitions.is_empty() {
            schema.insert("$defs".to_owned(), Value::Object(definitions));
        }
        Value::Object(schema)
    }

    /// Prints a schema. Recursion is as deep as the original schema, which was checked, and as what is printed in place
    /// of references, which is counted.
    fn schema(&mut self, id: NodeId, place: Place<'_>) -> Map<String, Value> {
        let node = self.graph.node(id);
        if let Shape::Ref(_) = node.shape {
            return self.reference(node, place);
        }
        if !self.printed.insert(id) {
            self.repeated += 1;
            if self.repeated > MOST_REPEATED && self.contains_structure(node) {
                return self.once_more(id, place);
            }
        }
        self.node(node, id, place)
    }

    /// A schema that was printed too often to be printed again.
    fn once_more(&mut self, id: NodeId, place: Place<'_>) -> Map<String, Value> {
        let is_endless = self.endless.get(id.index()).copied().unwrap_or(true);
        let why = if is_endless && self.path.contains(&id) {
            RECURSIVE
        } else {
            REPEATED
        };
        if is_endless || self.dialect.form.refs == Refs::None {
            let node = self.graph.node(id);
            return self.cut(node, node, text_of(node), place, why);
        }
        self.bare_reference(Map::new(), id, place)
    }

    /// Prints `node` with what is said of `said`, which is the same but for a reference that is printed in place.
    fn node(&mut self, said: &Node, id: NodeId, place: Place<'_>) -> Map<String, Value> {
        self.path.push(id);
        let schema = self.node_on_path(said, self.graph.node(id), place);
        self.path.pop();
        schema
    }

    fn node_on_path(&mut self, said: &Node, node: &Node, place: Place<'_>) -> Map<String, Value> {
        self.report(&node.relaxed);
        if let Some(of) = self.too_deep(node, place.level) {
            let most = self.dialect.limits.levels.unwrap_or_default();
            let why = format!(
                "deeper than the {most} levels the server takes: carried as JSON text and checked in the answer"
            );
            return self.cut(said, node, of, place, &why);
        }
        let mut schema = self.head(said, node, None);
        let needs_branch = place.nullable && !body::holds_null_in_place(self.graph, node);
        if needs_branch {
            let at = place.at.child("anyOf").child(0);
            self.step(&at, node);
            let body = self.body(
                node,
                Place {
                    at: &at,
                    nullable: false,
                    ..place
                },
            );
            schema.insert("anyOf".to_owned(), json!([body, {"type": "null"}]));
        } else {
            self.step(place.at, node);
            add_body(&mut schema, self.body(node, place));
        }
        schema
    }

    fn reference(&mut self, said: &Node, place: Place<'_>) -> Map<String, Value> {
        let end = match said.shape {
            Shape::Ref(target) => self.graph.resolve(target),
            _ => self.graph.root,
        };
        self.report(&said.relaxed);
        let is_recursive = self.recursive.get(end.index()).copied().unwrap_or(true);
        let is_endless = self.endless.get(end.index()).copied().unwrap_or(true);
        if is_endless && self.path.contains(&end) {
            let node = self.graph.node(end);
            return self.cut(said, node, text_of(node), place, RECURSIVE);
        }
        // A reference from one definition to another would close the circle unseen.
        let must_repeat = self.dialect.form.refs == Refs::None || is_endless;
        let may_repeat = said.is_annotated() && !is_recursive;
        if (must_repeat || may_repeat) && self.repeated < MOST_REPEATED {
            self.repeated += 1;
            return self.node(said, end, place);
        }
        if must_repeat {
            let node = self.graph.node(end);
            return self.cut(said, node, text_of(node), place, REPEATED);
        }
        let head = self.head(said, said, None);
        self.bare_reference(head, end, place)
    }

    /// A reference, beside nothing, or as the only branch beside what `schema` says.
    fn bare_reference(
        &mut self,
        mut schema: Map<String, Value>,
        end: NodeId,
        place: Place<'_>,
    ) -> Map<String, Value> {
        let target = Value::String(self.target(end));
        let is_nullable = place.nullable && !body::accepts_null(self.graph, end);
        if is_nullable {
            schema.insert(
                "anyOf".to_owned(),
                json!([{"$ref": target}, {"type": "null"}]),
            );
        } else if schema.is_empty() {
            schema.insert("$ref".to_owned(), target);
        } else {
            schema.insert("anyOf".to_owned(), json!([{"$ref": target}]));
        }
        schema
    }

    /// How a reference to a node is written; its definition is printed later.
    fn target(&mut self, id: NodeId) -> String {
        let refs = self.dialect.form.refs;
        if id == self.graph.root && refs != Refs::Named {
            return "#".to_owned();
        }
        if let Some(name) = self.names.get(&id) {
            return format!("#/$defs/{name}");
        }
        let node = self.graph.node(id);
        let origin = node.origin.last().map(std::borrow::Cow::into_owned);
        let named = origin
            .or_else(|| node.title.clone())
            .unwrap_or_else(|| "root".to_owned());
        let separator = if refs.may_name("_") { "_" } else { "-" };
        let stem = mangle_name(&named).replace('_', separator);
        let mut name = stem.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            // Cut so that the number fits into the 64 characters of a name.
            name = format!(
                "{}{separator}{count}",
                stem.get(..stem.len().min(56)).unwrap_or(&stem)
            );
        }
        self.names.insert(id, name.clone());
        self.open.push_back(id);
        format!("#/$defs/{name}")
    }

    /// Title and description.
    fn head(&self, said: &Node, node: &Node, extra: Option<&str>) -> Map<String, Value> {
        let mut head = Map::new();
        let takes = |keyword| self.dialect.takes(keyword);
        if let Some(title) = said.title.as_ref().or(node.title.as_ref())
            && takes("title")
        {
            head.insert("title".to_owned(), Value::String(title.clone()));
        }
        let mut sentences: Vec<&str> = node.notes.iter().map(String::as_str).collect();
        let told = |node: &'_ Node| {
            node.relaxed
                .iter()
                .filter_map(|rule| rule.note.clone())
                .collect::<Vec<_>>()
        };
        let mut rules = told(node);
        if !std::ptr::eq(said, node) {
            sentences.extend(said.notes.iter().map(String::as_str));
            rules.extend(told(said));
        }
        if let Shape::Union(union) = &node.shape
            && self.graph.is_type_list(union)
        {
            // Its branches have no description of their own.
            rules.extend(
                union
                    .branches
                    .iter()
                    .flat_map(|branch| told(self.graph.node(*branch))),
            );
        }
        sentences.extend(rules.iter().map(String::as_str));
        sentences.extend(extra);
        let description = said.description.as_deref().or(node.description.as_deref());
        if let Some(description) = describe(description, &sentences) {
            head.insert("description".to_owned(), Value::String(description));
        }
        for (keyword, value) in said.kept.iter().chain(&node.kept) {
            head.entry(keyword).or_insert_with(|| value.clone());
        }
        head
    }

    /// What the node has to be carried as, where it stands too deep.
    fn too_deep(&self, node: &Node, level: usize) -> Option<JsonTextOf> {
        let most = self.dialect.limits.levels?;
        // The objects in an array of entries are not values of the original, so the array goes as a whole.
        let needed = if matches!(node.action, Some(Action::Entries { .. })) {
            level + 1
        } else {
            level
        };
        if needed <= most || !self.contains_structure(node) {
            return None;
        }
        Some(text_of(node))
    }

    fn contains_structure(&self, node: &Node) -> bool {
        match &node.shape {
            Shape::Array(_) | Shape::Object(_) => true,
            Shape::Union(Union { branches, .. }) => branches
                .iter()
                .any(|branch| self.contains_structure(self.graph.node(*branch))),
            _ => false,
        }
    }

    /// Prints a node as a string that holds JSON text.
    fn cut(
        &mut self,
        said: &Node,
        node: &Node,
        of: JsonTextOf,
        place: Place<'_>,
        why: &str,
    ) -> Map<String, Value> {
        self.report(&[Relaxed::rule(&node.origin, "type", Value::Null, why, None)]);
        self.step_of_cut(place.at, of, &node.origin);
        let mut schema = self.head(said, node, Some(&open::note(of)));
        schema.extend(self.typed("string", place.nullable));
        schema
    }

    fn step_of_cut(&mut self, at: &Pointer, of: JsonTextOf, origin: &Pointer) {
        self.add_step(at, Action::JsonText { of }, origin);
    }
}

const RECURSIVE: &str =
    "the server takes no schema inside itself: carried as JSON text and checked in the answer";
const REPEATED: &str = "the server takes no references, and printed in place the schema would be too large: carried as JSON text and checked in the answer";

/// What a node is carried as, where it goes as text.
fn text_of(node: &Node) -> JsonTextOf {
    match (&node.action, &node.shape) {
        (Some(Action::Entries { .. }), _)
        | (None | Some(Action::Extras { .. }), Shape::Object(_)) => JsonTextOf::Object,
        (Some(Action::Tuple { .. }), _) | (None, Shape::Array(_)) => JsonTextOf::Array,
        _ => JsonTextOf::Any,
    }
}

/// Puts the keywords of a shape beside what is said of it. A shape that is printed in place of a union has a description of its own.
fn add_body(schema: &mut Map<String, Value>, body: Map<String, Value>) {
    for (keyword, value) in body {
        match (keyword.as_str(), schema.get(&keyword), &value) {
            ("title", Some(_), _) => {}
            ("description", Some(Value::String(outer)), Value::String(inner)) => {
                let both = describe(Some(outer), &[inner]);
                schema.insert(keyword, both.map_or(Value::Null, Value::String));
            }
            _ => {
                schema.insert(keyword, value);
            }
        }
    }
}

/// A description followed by sentences.
fn describe(description: Option<&str>, sentences: &[&str]) -> Option<String> {
    if sentences.is_empty() {
        return description.map(str::to_owned);
    }
    let mut text = description.unwrap_or_default().trim_end().to_owned();
    if !text.is_empty() {
        let ends = text.ends_with(['.', '!', '?', ':', ';', ')', '`']);
        text.push_str(if ends { " " } else { ". " });
    }
    text.push_str(&sentences.join(" "));
    Some(text)
}
