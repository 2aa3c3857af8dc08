//! The keywords of each shape.

use serde_json::{Map, Number as JsonNumber, Value, json};

use super::{Place, Printer};
use crate::{
    Diagnostic,
    lower::graph::{Array, Enum, Graph, Node, NodeId, Number, Object, Rest, Shape, Text, Union},
    plan::{Action, Step},
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
            Shape::Null => typed("null", false),
            Shape::Boolean => typed("boolean", place.nullable),
            Shape::Number(number) => numeric(number, place.nullable),
            Shape::Text(text) => textual(text, place.nullable),
            Shape::Enum(listed) => enumerated(listed),
            Shape::Array(array) => self.array(array, place),
            Shape::Object(object) => self.object(object, place),
            Shape::Union(union) => self.union(union, place),
            Shape::Never | Shape::Any | Shape::All(_) | Shape::Implied(_) | Shape::Ref(_) => {
                let message = "no value can match this schema";
                let problem = Diagnostic::error("unsatisfiable", &node.origin, message)
                    .hint("its rules contradict each other; look at `allOf`, `required` and `additionalProperties: false`");
                self.problems.push(problem);
                typed("null", false)
            }
        }
    }

    fn array(&mut self, array: &Array, place: Place<'_>) -> Map<String, Value> {
        let mut body = typed("array", false);
        if let Rest::Each(items) = array.rest {
            let at = place.at.child("items");
            let items = self.schema(
                items,
                Place {
                    at: &at,
                    level: place.level + 1,
                    nullable: false,
                },
            );
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

    fn object(&mut self, object: &Object, place: Place<'_>) -> Map<String, Value> {
        let mut properties = Map::new();
        let inside = place.at.child("properties");
        for (name, property) in &object.properties {
            let at = inside.child(name);
            let nullable = !property.required;
            if nullable {
                let or_null = accepts_null(self.graph, property.node);
                self.plan.steps.push(Step {
                    pointer: at.clone(),
                    action: Action::Optional { or_null },
                });
            }
            let schema = self.schema(
                property.node,
                Place {
                    at: &at,
                    level: place.level + 1,
                    nullable,
                },
            );
            properties.insert(name.clone(), Value::Object(schema));
        }
        let required: Vec<&String> = object.properties.keys().collect();
        let mut body = typed("object", false);
        body.insert("properties".to_owned(), Value::Object(properties));
        body.insert("required".to_owned(), json!(required));
        body.insert("additionalProperties".to_owned(), Value::Bool(false));
        body
    }

    fn union(&mut self, union: &Union, place: Place<'_>) -> Map<String, Value> {
        let adds_null = place.nullable
            && !union
                .branches
                .iter()
                .any(|branch| accepts_null(self.graph, *branch));
        if self.graph.is_type_list(union) {
            return self.type_list(union, adds_null);
        }
        let inside = place.at.child("anyOf");
        let mut branches = Vec::with_capacity(union.branches.len() + 1);
        for (index, branch) in union.branches.iter().enumerate() {
            let at = inside.child(index);
            let branch = self.schema(
                *branch,
                Place {
                    at: &at,
                    level: place.level,
                    nullable: false,
                },
            );
            branches.push(Value::Object(branch));
        }
        if adds_null {
            branches.push(json!({"type": "null"}));
        }
        Map::from_iter([("anyOf".to_owned(), Value::Array(branches))])
    }

    /// One schema with a list of types, each of whose keywords speaks of its own type only.
    fn type_list(&mut self, union: &Union, adds_null: bool) -> Map<String, Value> {
        let mut types = Vec::new();
        let mut body = typed("", false);
        for branch in &union.branches {
            let node = self.graph.node(*branch);
            self.report(&node.relaxed);
            let said = match &node.shape {
                Shape::Null => typed("null", false),
                Shape::Boolean => typed("boolean", false),
                Shape::Number(number) => numeric(number, false),
                Shape::Text(text) => textual(text, false),
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
}

fn typed(kind: &str, nullable: bool) -> Map<String, Value> {
    let kind = if nullable {
        json!([kind, "null"])
    } else {
        json!(kind)
    };
    Map::from_iter([("type".to_owned(), kind)])
}

fn numeric(number: &Number, nullable: bool) -> Map<String, Value> {
    let mut body = typed(if number.integer { "integer" } else { "number" }, nullable);
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

fn textual(text: &Text, nullable: bool) -> Map<String, Value> {
    let mut body = typed("string", nullable);
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

fn enumerated(listed: &Enum) -> Map<String, Value> {
    let kind = listed
        .values
        .iter()
        .find(|value| !value.is_null())
        .map_or("null", |value| match value {
            Value::Number(_) if listed.values.iter().all(|value| !value.is_f64()) => "integer",
            other => crate::lower::read::kind(other),
        });
    let mut body = typed(kind, listed.values.contains(&Value::Null));
    match listed.values.as_slice() {
        [only] if listed.is_const => body.insert("const".to_owned(), only.clone()),
        values => body.insert("enum".to_owned(), Value::Array(values.to_vec())),
    };
    body
}
