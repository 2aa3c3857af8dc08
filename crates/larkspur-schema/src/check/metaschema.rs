//! The metaschema.

use larkspur_json::Pointer;
use serde_json::Value;

use crate::Diagnostic;

/// The most violations that are told of one schema.
const MOST_TOLD: usize = 100;

/// Where the schema breaks the rules for schemas of its draft.
pub(super) fn problems(schema: &Value) -> Vec<Diagnostic> {
    let named = schema.get("$schema").and_then(Value::as_str);
    let Ok(validator) = jsonschema::meta::validator_for(schema) else {
        let at = Pointer::root().child("$schema");
        let message = format!(
            "`{}` is no draft of JSON Schema that is known",
            named.unwrap_or_default()
        );
        let hint = "leave `$schema` out for draft 2020-12";
        return vec![Diagnostic::warning("unknown-draft", &at, message).hint(hint)];
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    for error in validator.iter_errors(schema).take(MOST_TOLD) {
        let at = error.instance_path().as_str().parse().unwrap_or_default();
        found.push(Diagnostic::error(
            "not-a-schema",
            &at,
            shortened(&error.to_string()),
        ));
    }
    found
}

/// Violations quote the value, which can be the whole schema.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 300;
    match message.char_indices().nth(LONGEST) {
        None => message.to_owned(),
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
    }
}
