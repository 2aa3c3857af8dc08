//! What lowering did with each rule, and who holds the answer to it.

use std::fmt;

use larkspur_json::Pointer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Diagnostic;

/// What became of one rule, or of the shape, of a schema.
///
/// A rule that no entry names is sent as it is, and the server enforces it.
///
/// ```
/// use larkspur_schema::{Change, Dialect, Enforcer, lower};
/// use serde_json::json;
///
/// let schema = json!({"title": "Order", "type": "object", "properties": {
///     "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
/// }, "required": ["tags"], "additionalProperties": false});
/// let lowered = lower(&schema, Dialect::openai())?;
/// let entry = &lowered.receipt[0];
/// assert_eq!((entry.rule.as_str(), entry.change, entry.by), ("uniqueItems", Change::Described, Enforcer::Check));
/// assert_eq!(entry.place.as_deref(), Some("Order.tags"));
/// # Ok::<(), larkspur_schema::LowerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// The schema, in the original, that says the rule.
    pub pointer: Pointer,
    /// The same place as a person who wrote the type knows it, `Order.items[].price`, where the schema names its types.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The keyword, or the code of the finding for which the schema is refused.
    pub rule: String,
    /// What happened to it.
    pub change: Change,
    /// Who still enforces it.
    pub by: Enforcer,
    /// Why, in words for people.
    pub reason: String,
}

/// What happened to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Change {
    /// It is carried in another form, and the answer is put back.
    Kept,
    /// It is told to the model in a description.
    Described,
    /// The model can say less than the original allows.
    Narrowed,
    /// The model can say more than the original allows, and is not told.
    Widened,
    /// The schema cannot be carried because of it.
    Refused,
}

/// Who holds the answer to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Enforcer {
    /// The server, while the model writes.
    Server,
    /// Whoever reads the answer, by the original schema.
    Check,
    /// Nobody: it is no rule, or there is no answer.
    Nobody,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept in another form",
            Self::Described => "moved to the description",
            Self::Narrowed => "narrowed",
            Self::Widened => "widened",
            Self::Refused => "refused",
        })
    }
}

impl Entry {
    /// The entry of a finding for which a schema is refused.
    pub(crate) fn refused(schema: &Value, problem: &Diagnostic) -> Self {
        Self {
            pointer: problem.pointer.clone(),
            place: type_path(schema, &problem.pointer),
            rule: problem.code.to_owned(),
            change: Change::Refused,
            by: Enforcer::Nobody,
            reason: problem.message.clone(),
        }
    }
}

/// A place as the path of a type: the name of the nearest named schema, and the properties below it.
///
/// Schemas from Rust types name the root by its `title` and all other types by their definitions.
pub(crate) fn type_path(schema: &Value, at: &Pointer) -> Option<String> {
    let tokens: Vec<_> = at.tokens().collect();
    let is_group = |token: &str| matches!(token, "$defs" | "definitions" | "schemas");
    let named = tokens
        .iter()
        .rposition(|token| is_group(token))
        .filter(|group| group + 1 < tokens.len() && is_top(&tokens, *group));
    let (mut path, below) = match named {
        Some(group) => (
            tokens.get(group + 1)?.clone().into_owned(),
            tokens.get(group + 2..).unwrap_or_default(),
        ),
        None => (schema.get("title")?.as_str()?.to_owned(), tokens.as_slice()),
    };
    let mut below = below.iter();
    while let Some(token) = below.next() {
        match token.as_ref() {
            "properties" | "prefixItems" => {
                path.push('.');
                path.push_str(below.next()?);
            }
            "items" => path.push_str("[]"),
            "additionalProperties" => path.push_str(".*"),
            "anyOf" | "oneOf" | "allOf" => {
                below.next()?;
            }
            _ => break,
        }
    }
    Some(path)
}

/// Whether the group is one of definitions, and not a property of that name.
fn is_top(tokens: &[std::borrow::Cow<'_, str>], group: usize) -> bool {
    group
        .checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_none_or(|before| before != "properties")
}
