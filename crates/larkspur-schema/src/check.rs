//! Checking: is it a JSON Schema, and does a server accept it as it is?

pub(crate) mod budget;
mod context;
#[cfg(feature = "validate")]
mod metaschema;
pub(crate) mod size;
mod strict;
mod structure;
mod walk;

use serde_json::Value;

pub use self::budget::check_request;
use crate::{Diagnostic, Dialect};

/// Everything that is wrong with a schema.
///
/// Without a dialect: whether it is a JSON Schema that can be used at all. It follows its metaschema (with the feature
/// `validate`; drafts 4 to 2020-12, by `$schema`), every reference leads somewhere inside it and not only back to itself, and
/// it is not nested or large beyond reason.
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
    found.extend(metaschema::problems(schema));
    if let Some(dialect) = dialect.filter(|dialect| !dialect.accepts_everything()) {
        found.extend(strict::problems(schema, dialect));
        found.extend(budget::problems(schema, dialect));
    }
    found
}
