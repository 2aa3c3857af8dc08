//! Conjunctions of arrays and of objects.

use indexmap::IndexMap;

use super::{Merger, scalars::smaller};
use crate::lower::graph::{Array, NodeId, Object, Property, Rest, Shape};

impl Merger<'_> {
    pub(super) fn arrays(&mut self, a: &Array, b: &Array) -> Shape {
        let length = a.prefix.len().max(b.prefix.len());
        let mut prefix = Vec::new();
        let mut rest = self.rests(a.rest, b.rest);
        for index in 0..length {
            match self.rests(element(a, index), element(b, index)) {
                Rest::Each(node) => prefix.push(node),
                Rest::Closed => {
                    rest = Rest::Closed;
                    break;
                }
                Rest::Unsaid | Rest::Open => break,
            }
        }
        Shape::Array(Array {
            prefix,
            rest,
            min: a.min.max(b.min),
            max: smaller(a.max, b.max),
        })
    }

    fn rests(&mut self, a: Rest, b: Rest) -> Rest {
        match (a, b) {
            (Rest::Closed, _) | (_, Rest::Closed) => Rest::Closed,
            (Rest::Each(a), Rest::Each(b)) => Rest::Each(self.both(a, b)),
            (Rest::Each(node), _) | (_, Rest::Each(node)) => Rest::Each(node),
            (Rest::Open, _) | (_, Rest::Open) => Rest::Open,
            (Rest::Unsaid, Rest::Unsaid) => Rest::Unsaid,
        }
    }

    pub(super) fn objects(&mut self, a: Object, b: Object) -> Shape {
        let mut properties = IndexMap::with_capacity(a.properties.len() + b.properties.len());
        for (name, left) in &a.properties {
            let merged = match b.properties.get(name) {
                Some(right) => Property {
                    node: self.both(left.node, right.node),
                    required: left.required || right.required,
                },
                None => Property {
                    node: self.among_others(left.node, &b),
                    ..*left
                },
            };
            properties.insert(name.clone(), merged);
        }
        for (name, right) in &b.properties {
            if !a.properties.contains_key(name) {
                let node = self.among_others(right.node, &a);
                properties.insert(name.clone(), Property { node, ..*right });
            }
        }
        let names = match (a.names, b.names) {
            (Some(a), Some(b)) => Some(self.both(a, b)),
            (a, b) => a.or(b),
        };
        let mut object = Object {
            properties,
            rest: self.rests(a.rest, b.rest),
            wanted: a.wanted,
            patterns: a.patterns,
            names,
            min: a.min.max(b.min),
            max: smaller(a.max, b.max),
            listed: a.listed || b.listed,
        };
        object.wanted.extend(b.wanted);
        object.patterns.extend(b.patterns);
        object.settle_required();
        Shape::Object(object)
    }

    /// A property together with what another object says of properties that it does not name.
    fn among_others(&mut self, node: NodeId, other: &Object) -> NodeId {
        match other.rest {
            Rest::Each(values) => self.both(node, values),
            Rest::Closed if other.patterns.is_empty() => {
                let origin = self.graph.node(node).origin.clone();
                self.graph.add_shape(&origin, Shape::Never)
            }
            Rest::Closed | Rest::Unsaid | Rest::Open => node,
        }
    }
}

/// What an array says of the element at an index.
fn element(array: &Array, index: usize) -> Rest {
    array
        .prefix
        .get(index)
        .map_or(array.rest, |node| Rest::Each(*node))
}
