//! Checking: is it a JSON Schema, and does a server accept it as it is?

pub(crate) mod budget;
mod context;
#[cfg(feature = "validate")]
mod metaschema;
mod rules;
pub(crate) mod size;
mod structure;
mod unknown;
pub(crate) mod walk;

use serde_json::Value;

pub use self::budget::{Weight, check_request};
use crate::{Diagnostic, Dialect};

/// Everything that is wrong with a schema.
///
/// Without a dialect: whether it is a JSON Schema that can be used at all. It follows its metaschema (with the feature
/// `validate`; drafts 4 to 2020-12, by `$schema`), every reference leads somewhere inside it and not only back to itself, and
/// it is not nested or large beyond reason.
///
/// Words that look like a keyword or a format and are none are told as warnings, with the one that was probably meant.
///
/// With a dialect: also every rule of the server, in the order in which the schema is written. Each diagnostic that the
/// server would answer with has that answer in [`Diagnostic::server_message`].
///
/// ```
/// use larkspur_schema::{Dialect, check};
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {"url": {"type": "string", "format": "uri"}}, "required": ["url"]});
/// assert!(check(&schema, None).is_empty());
///
/// let found = check(&schema, Some(Dialect::openai()));
/// let codes: Vec<_> = found.iter().map(|diagnostic| diagnostic.code).collect();
/// assert_eq!(codes, ["open-object", "format-not-permitted"]);
/// assert_eq!(found[1].pointer.to_string(), "/properties/url/format");
/// ```
pub fn check(schema: &Value, dialect: Option<&Dialect>) -> Vec<Diagnostic> {
    let oversized = size::problems(schema);
    if !oversized.is_empty() {
        // What walks the schema by recursion must not meet this one.
        return oversized;
    }
    let mut found = structure::problems(schema);
    #[cfg(feature = "validate")]
    found.extend(metaschema::problems(schema).into_iter().filter(|problem| {
        !dialect.is_some_and(|dialect| rules::is_own_name(schema, &problem.pointer, dialect))
    }));
    match dialect.filter(|dialect| !dialect.accepts_everything()) {
        Some(dialect) => found.extend(of_server(schema, dialect)),
        None => found.extend(unknown::problems(schema)),
    }
    found
}

/// What the server has against a schema that is one.
pub(crate) fn of_server(schema: &Value, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut found = rules::problems(schema, dialect);
    found.extend(budget::problems(schema, dialect));
    found
}
