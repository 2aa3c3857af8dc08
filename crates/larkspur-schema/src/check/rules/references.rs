//! References, and schemas that contain themselves.

use std::collections::{HashMap, HashSet};

use larkspur_json::Pointer;
use serde_json::Value;

use super::{Keywords, Rules};
use crate::{
    Diagnostic,
    check::{context::quoted, walk::subschemas},
    dialect::{Recursion, Refs},
    references::References,
};

impl Rules<'_> {
    pub(super) fn reference(&mut self, at: &Pointer, keywords: &Keywords) {
        if !self.dialect.form.refs.are_alone() {
            return;
        }
        let is_beside =
            |keyword: &&String| !matches!(keyword.as_str(), "$ref" | "$defs" | "definitions");
        let beside: Vec<String> = keywords
            .keys()
            .filter(is_beside)
            .map(|keyword| quoted(keyword))
            .collect();
        if !beside.is_empty() {
            let beside = beside.join(", ");
            let message = format!("keywords beside `$ref`: {beside}");
            let hint =
                "copy the schema that it refers to, or put the `$ref` into an `anyOf` of its own";
            let problem = Diagnostic::error("ref-siblings", at, message).hint(hint);
            self.find_in(problem, at, &[("keywords", &beside)]);
        }
        let target = keywords
            .get("$ref")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_definition = ["#/$defs/", "#/definitions/"].iter().any(|prefix| {
            target
                .strip_prefix(prefix)
                .is_some_and(|name| !name.contains('/'))
        });
        let is_root = target == "#" && self.dialect.form.refs != Refs::Named;
        if !is_root && !is_definition {
            let message = format!("`{target}` does not lead to a definition");
            let hint = "put the schema into `$defs` and refer to it by `#/$defs/NAME`";
            let problem =
                Diagnostic::error("ref-not-to-definition", &at.child("$ref"), message).hint(hint);
            self.find_in(problem, at, &[("target", target)]);
        }
    }

    /// Places where a schema contains itself though it must not.
    pub(super) fn recursion(&mut self, schema: &Value) {
        let through_optional = self.dialect.form.recursion == Recursion::Optional;
        for at in loops(schema, through_optional) {
            let (message, hint) = if through_optional {
                (
                    "the schema contains itself through a property that is required",
                    "leave the property out of `required`; that it may be null is not enough",
                )
            } else {
                (
                    "the schema contains itself, which the server does not take",
                    "say a few levels in full; lowering carries what is below as JSON text",
                )
            };
            let problem = Diagnostic::error("recursive-schema", &at, message).hint(hint);
            self.find_in(problem, &at, &[]);
        }
    }
}

/// References that lead back to where they are reached from. Optional properties are no way where they may be `skipped`.
fn loops(root: &Value, skipped: bool) -> Vec<Pointer> {
    let references = References::new(root);
    let mut edges: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
    let mut found = Vec::new();
    let (mut open, mut done) = (HashSet::new(), HashSet::new());
    let mut path = vec![(Pointer::root(), root, false, None::<Pointer>)];
    while let Some((at, schema, is_left, from)) = path.pop() {
        if is_left {
            open.remove(&at);
            done.insert(at);
        } else if open.contains(&at) {
            found.extend(from);
        } else if !done.contains(&at) {
            open.insert(at.clone());
            path.push((at.clone(), schema, true, None));
            let inside = edges.entry(at.clone()).or_default();
            for (below, schema) in subschemas(&at, schema) {
                let is_definition = ["/$defs/", "/definitions/"].iter().any(|word| {
                    below
                        .as_str()
                        .get(at.as_str().len()..)
                        .is_some_and(|rest| rest.starts_with(word))
                });
                let is_no_way = is_definition || (skipped && is_optional(root, &at, &below));
                if !is_no_way {
                    inside.push(below.clone());
                    path.push((below, schema, false, None));
                }
            }
            let target = schema.get("$ref").and_then(Value::as_str);
            if let Some(Ok((target, schema))) = target.map(|target| references.resolve(target)) {
                path.push((target, schema, false, Some(at.child("$ref"))));
            }
        }
    }
    found
}

/// Whether `below` is a property of the object at `at` that is not required.
fn is_optional(root: &Value, at: &Pointer, below: &Pointer) -> bool {
    let is_property = below
        .parent()
        .is_some_and(|parent| parent == at.child("properties"));
    let required = root
        .pointer(at.as_str())
        .and_then(|schema| schema.get("required"))
        .and_then(Value::as_array);
    let name = below.last().unwrap_or_default();
    let is_required = required.is_some_and(|names| {
        names
            .iter()
            .any(|required| required.as_str() == Some(name.as_ref()))
    });
    is_property && !is_required
}
