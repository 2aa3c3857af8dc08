//! What cannot be a rule is told: where a reference leads nowhere, what is not kept, what is no schema.

use larkspur_json::Pointer;
use serde_json::Value;

use super::{
    document::{Dangling, SchemaId},
    maker::Maker,
};
use crate::{Diagnostic, Relaxation, lower::dangling_reference, references};

/// The longest value that is shown in a relaxation.
const LONGEST_VALUE: usize = 200;

impl Maker<'_> {
    /// Where a reference leads; `None`, with a note, where that is not here.
    pub(super) fn target(
        &mut self,
        id: SchemaId,
        keyword: &'static str,
        reference: &str,
    ) -> Option<SchemaId> {
        let found = match keyword {
            "$ref" => self.document.resolve(id, reference).map(Some),
            "$dynamicRef" => self.document.resolve_dynamic(id, reference),
            _ if self.document.has_recursive_anchor() => Ok(None),
            _ => self.document.resolve(id, reference).map(Some),
        };
        match found {
            Ok(Some(target)) => return Some(target),
            Ok(None) => self.relax(id, keyword, "where it leads depends on how one came here"),
            Err(Dangling::Remote) => {
                let value = Value::String(reference.to_owned());
                self.relax_value(
                    id,
                    keyword,
                    &value,
                    "it leads out of the schema, and nothing is fetched",
                );
            }
            Err(Dangling::Missing) => {
                let at = self.pointer(id).child(keyword);
                self.problem(dangling_reference(
                    &at,
                    reference,
                    references::Dangling::Missing,
                ));
            }
        }
        None
    }

    /// Notes that a rule is not kept.
    pub(super) fn relax(&mut self, id: SchemaId, keyword: &str, reason: &str) {
        let value = self
            .document
            .keywords(id)
            .and_then(|keywords| keywords.get(keyword));
        let value = value.cloned().unwrap_or_default();
        self.relax_value(id, keyword, &value, reason);
    }

    pub(super) fn relax_value(&mut self, id: SchemaId, keyword: &str, value: &Value, reason: &str) {
        let shown = value.to_string();
        let key = (
            id,
            format!(
                "{keyword} {}",
                if keyword == "required" {
                    shown.as_str()
                } else {
                    reason
                }
            ),
        );
        if !self.told.insert(key) {
            return;
        }
        let value = if shown.len() > LONGEST_VALUE {
            Value::Null
        } else {
            value.clone()
        };
        self.relaxations.push(Relaxation {
            pointer: self.pointer(id),
            keyword: keyword.to_owned(),
            value,
            reason: reason.to_owned(),
        });
    }

    pub(super) fn no_schema(&mut self, id: SchemaId) {
        let at = self.pointer(id);
        let problem = Diagnostic::error(
            "malformed-schema",
            &at,
            "a schema is an object or a boolean",
        );
        self.problem(problem);
    }

    pub(super) fn malformed(&mut self, id: SchemaId, keyword: &str, wanted: &str) {
        let at = self.pointer(id).child(keyword);
        let message = format!("`{keyword}` is {wanted}");
        let problem = Diagnostic::error("malformed-schema", &at, message);
        self.problem(problem);
    }

    fn problem(&mut self, problem: Diagnostic) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn pointer(&self, id: SchemaId) -> Pointer {
        let entry = self.document.entry(id);
        entry.map_or_else(Pointer::root, |entry| entry.pointer.clone())
    }
}
