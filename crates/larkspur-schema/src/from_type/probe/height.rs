//! How deep the smallest value of a schema is: the way out of a recursive type.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// More than any value has: there is no finite one.
pub(super) const ENDLESS: usize = usize::MAX;

/// Heights of the definitions of one schema.
pub(super) struct Heights(BTreeMap<String, usize>);

impl Heights {
    /// Bellman-Ford: a definition is as high as the ones it needs, which are at most as many as there are.
    pub(super) fn of(root: &Value) -> Self {
        let empty = Map::new();
        let definitions = root
            .get("$defs")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let mut heights = Self(BTreeMap::new());
        for _ in 0..=definitions.len() {
            let next: BTreeMap<String, usize> = definitions
                .iter()
                .map(|(name, schema)| (format!("#/$defs/{name}"), heights.height(schema)))
                .collect();
            if next == heights.0 {
                break;
            }
            heights = Self(next);
        }
        heights
    }

    pub(super) fn height(&self, schema: &Value) -> usize {
        let Some(object) = schema.as_object() else {
            return if schema == &Value::Bool(false) {
                ENDLESS
            } else {
                0
            };
        };
        if object.contains_key("const") || object.contains_key("enum") {
            return 0;
        }
        let referred = object
            .get("$ref")
            .and_then(Value::as_str)
            .map(|name| self.0.get(name).copied());
        let branches = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|keyword| object.get(keyword)?.as_array());
        let lowest =
            branches.map(|branches| branches.iter().map(|branch| self.height(branch)).min());
        let all = object
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let parts = referred
            .into_iter()
            .chain(lowest)
            .map(|height| height.unwrap_or(ENDLESS))
            .chain(all.map(|part| self.height(part)))
            .chain(self.needed(object));
        parts.max().unwrap_or(0)
    }

    /// Heights of what a value of this type must hold, and one level for itself.
    fn needed<'a>(&'a self, object: &'a Map<String, Value>) -> impl Iterator<Item = usize> + 'a {
        let required = object
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let properties = required.filter_map(|name| object.get("properties")?.get(name.as_str()?));
        let has_items = object.get("minItems").and_then(Value::as_u64).unwrap_or(0) > 0;
        let prefix = object
            .get("prefixItems")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let items = prefix.chain(object.get("items")).filter(move |_| has_items);
        properties
            .chain(items)
            .map(|part| self.height(part).saturating_add(1))
    }
}
