//! Sizes beyond which a schema is not looked at.

use larkspur_json::Pointer;
use serde_json::Value;

use crate::Diagnostic;

/// Deepest nesting of JSON arrays and objects. `serde_json` and `larkspur-json` read no deeper text.
pub(crate) const DEEPEST: usize = 128;
/// Most JSON values.
const LARGEST: usize = 500_000;

/// Whether the schema is small enough to be walked. Does not recurse itself.
pub(crate) fn problems(schema: &Value) -> Vec<Diagnostic> {
    let mut open = Vec::with_capacity(32);
    open.push((schema, 0));
    let mut count = 0;
    while let Some((value, depth)) = open.pop() {
        count += 1;
        if depth > DEEPEST {
            let message = format!("the schema is nested deeper than {DEEPEST} levels of JSON");
            let hint = "name the inner schemas in `$defs` and refer to them";
            return vec![
                Diagnostic::error("nested-too-deep", &Pointer::root(), message).hint(hint),
            ];
        }
        if count > LARGEST {
            let message = format!("the schema has more than {LARGEST} JSON values");
            let hint = "ask for less at a time";
            return vec![Diagnostic::error("too-large", &Pointer::root(), message).hint(hint)];
        }
        match value {
            Value::Array(elements) => {
                open.extend(elements.iter().map(|element| (element, depth + 1)));
            }
            Value::Object(members) => {
                open.extend(members.values().map(|member| (member, depth + 1)));
            }
            _ => {}
        }
    }
    Vec::new()
}
