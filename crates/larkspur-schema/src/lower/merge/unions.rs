//! Conjunctions with unions.

use serde_json::{Value, json};

use super::Merger;
use crate::lower::graph::{NodeId, Relaxed, Rest, Shape, Union};

/// Most branches that a conjunction of unions is multiplied out to.
pub(super) const MOST_BRANCHES: usize = 64;

impl Merger<'_> {
    /// The union of what each branch describes together with something else.
    pub(super) fn distribute(
        &mut self,
        union: Union,
        mut with: impl FnMut(&mut Self, NodeId) -> NodeId,
    ) -> Shape {
        let branches = union
            .branches
            .into_iter()
            .map(|branch| with(self, branch))
            .collect();
        self.union(Union { branches, ..union })
    }

    /// A union of what is left of its branches.
    fn union(&self, mut union: Union) -> Shape {
        union
            .branches
            .retain(|branch| !matches!(self.graph.resolved(*branch), Shape::Never));
        match union.branches.as_slice() {
            [] => Shape::Never,
            [only] if !self.graph.node(*only).is_annotated() => self.graph.shape(*only).clone(),
            _ => Shape::Union(union),
        }
    }

    /// Every branch of one union with every branch of another, unless these are too many.
    pub(super) fn unions(
        &mut self,
        a: Union,
        b: &Union,
        b_id: NodeId,
        relaxed: &mut Vec<Relaxed>,
    ) -> Shape {
        if a.branches.len() * b.branches.len() > MOST_BRANCHES {
            let origin = self.graph.node(b_id).origin.clone();
            let reason = "two unions together have too many cases; one of them is checked in the answer only";
            let keyword = if b.exclusive { "oneOf" } else { "anyOf" };
            relaxed.push(Relaxed::rule(&origin, keyword, Value::Null, reason, None));
            return Shape::Union(a);
        }
        let type_list = a.type_list && b.type_list;
        let exclusive = a.exclusive || b.exclusive;
        let mut branches = Vec::new();
        for left in a.branches {
            for right in &b.branches {
                branches.push(self.both(left, *right));
            }
        }
        self.union(Union {
            branches,
            exclusive,
            type_list,
        })
    }

    /// Whether every branch of a union only asks an object for names, as in `"anyOf": [{"required": ["a"]}, …]`.
    pub(super) fn only_asks(&self, union: &Union, other: NodeId) -> bool {
        let is_object = matches!(self.graph.shape(other), Shape::Object(_));
        is_object
            && union
                .branches
                .iter()
                .all(|branch| self.asks(*branch).is_some())
    }

    fn asks(&self, branch: NodeId) -> Option<&[String]> {
        let shape = match self.graph.resolved(branch) {
            Shape::Implied(implied) => self.graph.resolved(*implied),
            other => other,
        };
        match shape {
            Shape::Object(object)
                if object.properties.is_empty()
                    && object.rest == Rest::Unsaid
                    && object.patterns.is_empty()
                    && object.names.is_none()
                    && !object.wanted.is_empty() =>
            {
                Some(&object.wanted)
            }
            _ => None,
        }
    }

    /// Leaves a union that only asks for names to the reader: said in full, it would repeat the object for every branch.
    pub(super) fn asked(
        &self,
        union: &Union,
        asking: NodeId,
        object: NodeId,
        relaxed: &mut Vec<Relaxed>,
    ) -> Shape {
        let sets: Vec<&[String]> = union
            .branches
            .iter()
            .filter_map(|branch| self.asks(*branch))
            .collect();
        let quantity = if union.exclusive {
            "exactly"
        } else {
            "at least"
        };
        let said: Vec<String> = sets
            .iter()
            .map(|names| format!("`{}`", names.join("` with `")))
            .collect();
        let keyword = if union.exclusive { "oneOf" } else { "anyOf" };
        let asked = sets
            .iter()
            .map(|names| json!({ "required": names }))
            .collect();
        relaxed.push(Relaxed::rule(
            &self.graph.node(asking).origin,
            keyword,
            asked,
            "which properties go together is told in the description and checked in the answer",
            Some(format!("Give {quantity} one of: {}.", said.join(", "))),
        ));
        self.graph.shape(object).clone()
    }
}
