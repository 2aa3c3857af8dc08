//! Schemas that visibly have no value in common: what makes a `oneOf` a plain choice.

use serde_json::Value;

use super::{
    Maker,
    cases::{Kind, Rule, Term, Todo, contradicts},
    document::SchemaId,
};

/// The most schemas that are looked at together.
const MOST: usize = 64;

impl<'s> Maker<'s> {
    /// Whether two schemas visibly have no value in common.
    pub(super) fn are_disjoint(&mut self, a: SchemaId, b: SchemaId) -> bool {
        if let Some(known) = self.disjoint.get(&(a, b)) {
            return *known;
        }
        self.disjoint.insert((a, b), false);
        let found = self.find_disjoint(a, b);
        self.disjoint.insert((a, b), found);
        self.disjoint.insert((b, a), found);
        found
    }

    fn find_disjoint(&mut self, a: SchemaId, b: SchemaId) -> bool {
        let (first, second) = (self.profile(a), self.profile(b));
        for (own, other) in [(&first, b), (&second, a)] {
            if let Some(values) = self.values_in(own) {
                return values
                    .iter()
                    .all(|value| self.verdict(value, Term::Schema(other, true), 0) == Some(false));
            }
        }
        Kind::ALL
            .into_iter()
            .all(|kind| self.are_disjoint_in(&first, &second, kind))
    }

    /// The schemas that hold together with this one, by `$ref` and `allOf`.
    fn profile(&mut self, id: SchemaId) -> Vec<SchemaId> {
        let mut all = vec![id];
        let mut next = 0;
        while let Some(&id) = all.get(next) {
            next += 1;
            let Some(keywords) = self.document.keywords(id) else {
                continue;
            };
            let mut found = self.list(id, keywords, "allOf").unwrap_or_default();
            if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
                found.extend(self.document.resolve(id, reference).ok());
            }
            found.retain(|id| !all.contains(id));
            all.extend(found);
            if all.len() > MOST {
                break;
            }
        }
        all
    }

    fn values_in(&self, profile: &[SchemaId]) -> Option<&'s [Value]> {
        profile.iter().find_map(|id| {
            let keywords = self.document.keywords(*id)?;
            match (keywords.get("const"), keywords.get("enum")) {
                (Some(value), _) => Some(std::slice::from_ref(value)),
                (None, Some(Value::Array(values))) => Some(values.as_slice()),
                _ => None,
            }
        })
    }

    fn are_disjoint_in(&mut self, first: &[SchemaId], second: &[SchemaId], kind: Kind) -> bool {
        let mut known: Vec<Rule<'s>> = Vec::new();
        let mut tables = [Vec::new(), Vec::new()];
        for (side, table) in [first, second].into_iter().zip(&mut tables) {
            for id in side {
                if self
                    .document
                    .entry(*id)
                    .is_some_and(|entry| *entry.value == Value::Bool(false))
                {
                    return true;
                }
                let Some(keywords) = self.document.keywords(*id) else {
                    continue;
                };
                let mut todo = Vec::new();
                if !self.has_type(*id, keywords, kind, &mut todo) {
                    return true;
                }
                self.ruled(*id, keywords, kind, &mut todo);
                for todo in todo {
                    let Todo::Rule(rule) = todo else { continue };
                    if contradicts(&known, &rule) {
                        return true;
                    }
                    table.push(rule.clone());
                    known.push(rule);
                }
            }
        }
        let [first, second] = tables;
        kind == Kind::Object
            && (self.members_differ(&first, &second) || self.members_differ(&second, &first))
    }

    /// Whether a property that one side asks for cannot be what the other side says of it.
    fn members_differ(&mut self, asking: &[Rule<'s>], other: &[Rule<'s>]) -> bool {
        let names: Vec<&str> = asking
            .iter()
            .filter_map(|rule| match rule {
                Rule::Required(name, _) => Some(*name),
                _ => None,
            })
            .collect();
        let terms = |maker: &mut Self, rules: &[Rule<'s>], name: &str| -> Vec<SchemaId> {
            let mut all = Vec::new();
            for rule in rules {
                if let Rule::Members(id) = rule {
                    let terms = maker.terms_for(*id, name).unwrap_or_default();
                    all.extend(terms.into_iter().filter_map(|term| match term {
                        Term::Schema(id, true) => Some(id),
                        _ => None,
                    }));
                }
            }
            all
        };
        names.into_iter().any(|name| {
            let (own, others) = (terms(self, asking, name), terms(self, other, name));
            let is_closed = |maker: &Self, id: &SchemaId| {
                maker
                    .document
                    .entry(*id)
                    .is_some_and(|entry| *entry.value == Value::Bool(false))
            };
            others.iter().any(|id| is_closed(self, id))
                || own
                    .iter()
                    .any(|own| others.iter().any(|other| self.are_disjoint(*own, *other)))
        })
    }
}
