//! The keywords of each shape.

use serde_json::{Map, Number as JsonNumber, Value, json};

use super::{Place, Printer};
use crate::{
    Change, Diagnostic, Enforcer,
    dialect::{Nulls, Others, Silence, Unknown},
    lower::graph::{
        Array, Enum, Graph, Node, NodeId, Number, Object, Property, Rest, Shape, Text, Union,
    },
    plan::Action,
    vocabulary::TYPES,
};

/// Whether the node as it is sent allows `null`.
///
/// Walks unions and references only, which ends, because a cycle of these was refused.
pub(super) fn accepts_null(graph: &Graph, id: NodeId) -> bool {
    match graph.resolved(id) {
        Shape::Null | Shape::Any => true,
        Shape::Enum(listed) => listed.values.contains(&Value::Null),
        Shape::Union(union) => union
            .branches
            .iter()
            .any(|branch| accepts_null(graph, *branch)),
        _ => false,
    }
}

/// Whether `null` can be allowed without putting the node into a union: it is allowed already, or is one more type.
pub(super) fn holds_null_in_place(graph: &Graph, node: &Node) -> bool {
    match &node.shape {
        Shape::Null | Shape::Boolean | Shape::Number(_) | Shape::Text(_) | Shape::Union(_) => true,
        Shape::Enum(listed) => listed.values.contains(&Value::Null),
        Shape::Ref(target) => accepts_null(graph, *target),
        _ => false,
    }
}

impl Printer<'_> {
    pub(super) fn body(&mut self, node: &Node, place: Place<'_>) -> Map<String, Value> {
        match &node.shape {
            Shape::Null => self.typed("null", false),
            Shape::Boolean => self.typed("boolean", place.nullable),
            Shape::Number(number) => self.numeric(number, place.nullable),
            Shape::Text(text) => self.textual(text, place.nullable),
            Shape::Enum(listed) => self.enumerated(listed),
            Shape::Array(array) => self.array(array, place),
            Shape::Object(object) => self.object(object, node, place),
            Shape::Union(union) => self.union(union, place),
            Shape::Any if self.dialect.form.unknown != Unknown::Text => self.any(),
            Shape::Never | Shape::Any | Shape::All(_) | Shape::Implied(_) | Shape::Ref(_) => {
                let message = "no value can match this schema";
                let problem = Diagnostic::error("unsatisfiable", &node.origin, message)
                    .hint("its rules contradict each other; look at `allOf`, `required` and `additionalProperties: false`");
                self.problems.push(problem);
                self.typed("null", false)
            }
        }
    }

    fn any(&self) -> Map<String, Value> {
        match self.dialect.form.unknown {
            Unknown::Types => {
                let types = TYPES.iter().filter(|name| **name != "integer");
                let types: Vec<&str> = types.copied().collect();
                Map::from_iter([("type".to_owned(), json!(types))])
            }
            Unknown::Text | Unknown::Open => Map::new(),
        }
    }

    fn inside<'p>(place: Place<'_>, at: &'p larkspur_json::Pointer) -> Place<'p> {
        Place {
            at,
            level: place.level + 1,
            nullable: false,
        }
    }

    fn array(&mut self, array: &Array, place: Place<'_>) -> Map<String, Value> {
        let mut body = self.typed("array", false);
        if !array.prefix.is_empty() {
            let at = place.at.child("prefixItems");
            let mut positions = Vec::with_capacity(array.prefix.len());
            for (index, position) in array.prefix.iter().enumerate() {
                let at = at.child(index);
                positions.push(Value::Object(
                    self.schema(*position, Self::inside(place, &at)),
                ));
            }
            body.insert("prefixItems".to_owned(), Value::Array(positions));
        }
        if let Rest::Each(items) = array.rest {
            let at = place.at.child("items");
            let items = self.schema(items, Self::inside(place, &at));
            body.insert("items".to_owned(), Value::Object(items));
        }
        for (keyword, count) in [
            ("minItems", array.min.filter(|min| *min > 0)),
            ("maxItems", array.max),
        ] {
            if let Some(count) = count {
                body.insert(keyword.to_owned(), count.into());
            }
        }
        body
    }

    fn object(&mut self, object: &Object, said: &Node, place: Place<'_>) -> Map<String, Value> {
        let form = &self.dialect.form;
        let ordered = self.in_order(object, said);
        let mut body = self.typed("object", false);
        let mut properties = Map::new();
        let inside = place.at.child("properties");
        for (name, property) in &ordered {
            let at = inside.child(name.as_str());
            let schema = self.property(*property, Self::inside(place, &at));
            properties.insert((*name).clone(), Value::Object(schema));
        }
        let is_listed = !properties.is_empty() || object.listed || form.others != Others::Any;
        if is_listed {
            body.insert("properties".to_owned(), Value::Object(properties));
        }
        let is_sent = |property: &Property| form.all_required || property.required;
        let names: Vec<&String> = ordered.iter().map(|(name, _)| *name).collect();
        let required: Vec<&String> = ordered
            .iter()
            .filter(|(_, property)| is_sent(property))
            .map(|(name, _)| *name)
            .collect();
        if form.all_required || !required.is_empty() {
            body.insert("required".to_owned(), json!(required));
        }
        if names.len() > 1 && form.nulls == Nulls::Keyword {
            // The fields of a message of Google's have no order of their own.
            body.insert("propertyOrdering".to_owned(), json!(names));
        }
        self.others(object, place, &mut body);
        let counts = [("minProperties", object.min), ("maxProperties", object.max)];
        for (keyword, count) in counts {
            if let Some(count) = count {
                body.insert(keyword.to_owned(), count.into());
            }
        }
        body
    }

    /// The properties in the order in which the model writes them.
    fn in_order<'o>(&mut self, object: &'o Object, said: &Node) -> Vec<(&'o String, Property)> {
        let all = object
            .properties
            .iter()
            .map(|(name, property)| (name, *property));
        let all: Vec<(&String, Property)> = all.collect();
        if !self.dialect.form.required_first {
            return all;
        }
        let (required, optional): (Vec<_>, Vec<_>) = all
            .iter()
            .copied()
            .partition(|(_, property)| property.required);
        let ordered: Vec<(&String, Property)> = required.into_iter().chain(optional).collect();
        let moves = all
            .iter()
            .zip(&ordered)
            .any(|(before, after)| before.0 != after.0);
        if moves {
            let why = "the server has required properties written before the others";
            self.enter(
                &said.origin,
                "properties",
                Change::Narrowed,
                Enforcer::Server,
                why,
            );
        }
        ordered
    }

    fn property(&mut self, property: Property, place: Place<'_>) -> Map<String, Value> {
        let nullable = self.dialect.form.all_required && !property.required;
        if nullable {
            let or_null = accepts_null(self.graph, property.node);
            let origin = self.graph.node(property.node).origin.clone();
            self.add_step(place.at, Action::Optional { or_null }, &origin);
        }
        self.schema(property.node, Place { nullable, ..place })
    }

    /// What is said of properties that are not listed.
    fn others(&mut self, object: &Object, place: Place<'_>, body: &mut Map<String, Value>) {
        let form = &self.dialect.form;
        if !object.patterns.is_empty() {
            let at = place.at.child("patternProperties");
            let mut patterns = Map::new();
            for (pattern, values) in &object.patterns {
                let at = at.child(pattern.as_str());
                let values = self.schema(*values, Self::inside(place, &at));
                patterns.insert(pattern.clone(), Value::Object(values));
            }
            body.insert("patternProperties".to_owned(), Value::Object(patterns));
        }
        let others = match (form.others, object.rest) {
            (Others::Unsaid, _) | (_, Rest::Unsaid) => None,
            (Others::Closed, _) | (_, Rest::Closed) => Some(Value::Bool(false)),
            (_, Rest::Open) if form.silence == Silence::Open => None,
            (_, Rest::Open) => Some(Value::Bool(true)),
            (_, Rest::Each(values)) => {
                let at = place.at.child("additionalProperties");
                let values = self.schema(values, Self::inside(place, &at));
                // What says nothing is said as nothing is: the passes do so, too, when they read it again.
                match self.dialect.form.silence {
                    Silence::Open if values.is_empty() => None,
                    _ if values.is_empty() => Some(Value::Bool(true)),
                    _ => Some(Value::Object(values)),
                }
            }
        };
        if let Some(others) = others {
            body.insert("additionalProperties".to_owned(), others);
        }
    }

    fn union(&mut self, union: &Union, place: Place<'_>) -> Map<String, Value> {
        let form = &self.dialect.form;
        let adds_null = place.nullable
            && !union
                .branches
                .iter()
                .any(|branch| accepts_null(self.graph, *branch));
        if form.nulls == Nulls::Keyword {
            return self.union_or_null(union, place);
        }
        if form.type_lists && self.graph.is_type_list(union) {
            return self.type_list(union, adds_null);
        }
        let mut branches = self.branches(&union.branches, place);
        if adds_null {
            branches.push(json!({"type": "null"}));
        }
        Map::from_iter([("anyOf".to_owned(), Value::Array(branches))])
    }

    fn branches(&mut self, branches: &[NodeId], place: Place<'_>) -> Vec<Value> {
        let inside = place.at.child("anyOf");
        let mut printed = Vec::with_capacity(branches.len() + 1);
        for (index, branch) in branches.iter().enumerate() {
            let at = inside.child(index);
            let place = Place {
                at: &at,
                level: place.level,
                nullable: false,
            };
            printed.push(Value::Object(self.schema(*branch, place)));
        }
        printed
    }

    /// A union in a dialect that says `null` by a keyword: one other branch is printed in place.
    fn union_or_null(&mut self, union: &Union, place: Place<'_>) -> Map<String, Value> {
        let is_null = |branch: &NodeId| matches!(self.graph.resolved(*branch), Shape::Null);
        let others: Vec<NodeId> = union
            .branches
            .iter()
            .copied()
            .filter(|one| !is_null(one))
            .collect();
        let has_null = others.len() < union.branches.len();
        let mut body = match others.as_slice() {
            [] => return self.typed("null", false),
            [only] => self.schema(
                *only,
                Place {
                    nullable: false,
                    ..place
                },
            ),
            _ => {
                let branches = self.branches(&others, place);
                Map::from_iter([("anyOf".to_owned(), Value::Array(branches))])
            }
        };
        if has_null {
            body.insert("nullable".to_owned(), Value::Bool(true));
        }
        body
    }

    /// One schema with a list of types, each of whose keywords speaks of its own type only.
    fn type_list(&mut self, union: &Union, adds_null: bool) -> Map<String, Value> {
        let mut types = Vec::new();
        let mut body = self.typed("", false);
        for branch in &union.branches {
            let node = self.graph.node(*branch);
            self.report(&node.relaxed);
            let said = match &node.shape {
                Shape::Null => self.typed("null", false),
                Shape::Boolean => self.typed("boolean", false),
                Shape::Number(number) => self.numeric(number, false),
                Shape::Text(text) => self.textual(text, false),
                _ => Map::new(),
            };
            types.extend(said.get("type").cloned());
            body.extend(said);
        }
        if adds_null {
            types.push("null".into());
        }
        body.insert("type".to_owned(), Value::Array(types));
        body
    }

    pub(super) fn typed(&self, kind: &str, nullable: bool) -> Map<String, Value> {
        let form = &self.dialect.form;
        let mut body = Map::new();
        let name = if form.upper_types {
            kind.to_uppercase()
        } else {
            kind.to_owned()
        };
        match (nullable, form.nulls) {
            (false, _) => body.insert("type".to_owned(), json!(name)),
            (true, Nulls::Type) => body.insert("type".to_owned(), json!([name, "null"])),
            (true, Nulls::Keyword) => {
                body.insert("type".to_owned(), json!(name));
                body.insert("nullable".to_owned(), json!(true))
            }
        };
        body
    }

    fn numeric(&self, number: &Number, nullable: bool) -> Map<String, Value> {
        let kind = if number.integer { "integer" } else { "number" };
        let mut body = self.typed(kind, nullable);
        let bounds: [(&str, &Option<JsonNumber>); 5] = [
            ("minimum", &number.minimum),
            ("exclusiveMinimum", &number.exclusive_minimum),
            ("maximum", &number.maximum),
            ("exclusiveMaximum", &number.exclusive_maximum),
            ("multipleOf", &number.multiple_of),
        ];
        for (keyword, bound) in bounds {
            if let Some(bound) = bound {
                body.insert(keyword.to_owned(), Value::Number(bound.clone()));
            }
        }
        body
    }

    fn textual(&self, text: &Text, nullable: bool) -> Map<String, Value> {
        let mut body = self.typed("string", nullable);
        for (keyword, value) in [("pattern", &text.pattern), ("format", &text.format)] {
            if let Some(value) = value {
                body.insert(keyword.to_owned(), Value::String(value.clone()));
            }
        }
        for (keyword, length) in [
            ("minLength", text.min_length),
            ("maxLength", text.max_length),
        ] {
            if let Some(length) = length {
                body.insert(keyword.to_owned(), length.into());
            }
        }
        body
    }

    fn enumerated(&self, listed: &Enum) -> Map<String, Value> {
        let has_null = listed.values.contains(&Value::Null);
        let mut body = match kind_of(&listed.values) {
            Some(kind) => self.typed(kind, has_null && kind != "null"),
            // The values say their types themselves.
            None => Map::new(),
        };
        let by_keyword = self.dialect.form.nulls == Nulls::Keyword;
        match listed.values.as_slice() {
            [only] if listed.is_const && self.dialect.takes("const") => {
                body.insert("const".to_owned(), only.clone());
            }
            values => {
                let values = values
                    .iter()
                    .filter(|value| !(by_keyword && value.is_null()));
                body.insert("enum".to_owned(), Value::Array(values.cloned().collect()));
            }
        }
        body
    }
}

/// The one type of the values beside `null`; nothing where there are several, or where the values are objects or arrays.
fn kind_of(values: &[Value]) -> Option<&'static str> {
    let mut kinds = values
        .iter()
        .filter(|value| !value.is_null())
        .map(crate::lower::read::kind);
    let Some(first) = kinds.next() else {
        return Some("null");
    };
    if kinds.any(|kind| kind != first) || matches!(first, "array" | "object") {
        return None;
    }
    let is_whole = first == "number" && values.iter().all(|value| !value.is_f64());
    Some(if is_whole { "integer" } else { first })
}
