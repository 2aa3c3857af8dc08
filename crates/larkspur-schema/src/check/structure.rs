//! References.

use std::collections::{HashMap, HashSet};

use larkspur_json::Pointer;
use serde_json::Value;

use super::walk::each_schema;
use crate::{Diagnostic, lower::dangling_reference, references::References};

/// References that lead nowhere, out of the schema, or only to themselves.
pub(super) fn problems(schema: &Value) -> Vec<Diagnostic> {
    let references = References::new(schema);
    let mut found = Vec::new();
    let mut edges: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
    let mut starts = Vec::new();
    each_schema(schema, |at, schema| {
        let mut targets = Vec::new();
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(reference) = schema.get(keyword).and_then(Value::as_str) else {
                continue;
            };
            match references.resolve(reference) {
                Ok((target, _)) => targets.push(target),
                Err(dangling) => {
                    found.push(dangling_reference(&at.child(keyword), reference, dangling));
                }
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let count = schema
                .get(keyword)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            targets.extend((0..count).map(|index| at.child(keyword).child(index)));
        }
        if !targets.is_empty() {
            starts.push(at.clone());
            edges.insert(at.clone(), targets);
        }
    });
    found.extend(cycles(&starts, &edges));
    found
}

/// Places from which references lead back without entering a property or an element.
fn cycles(starts: &[Pointer], edges: &HashMap<Pointer, Vec<Pointer>>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (mut open, mut done) = (HashSet::new(), HashSet::new());
    for start in starts {
        let mut path = vec![(start, false)];
        while let Some((at, is_left)) = path.pop() {
            if is_left {
                open.remove(at);
                done.insert(at);
            } else if open.contains(at) {
                let message =
                    "a reference leads back to itself without a property or an element between";
                let hint = "recursion needs a property or an array element to pass through";
                found.push(Diagnostic::error("cyclic-ref", at, message).hint(hint));
            } else if !done.contains(at) {
                open.insert(at);
                path.push((at, true));
                path.extend(
                    edges
                        .get(at)
                        .into_iter()
                        .flatten()
                        .map(|next| (next, false)),
                );
            }
        }
    }
    found
}
