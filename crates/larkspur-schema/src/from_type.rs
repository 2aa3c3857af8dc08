//! JSON Schema from Rust types.
//!
//! [`schema_for`] takes what `schemars` derives and makes it say what serde does. Where the derive is
//! right its schema is kept as it is; where it is not, one small pass corrects it, each in a file of its own:
//!
//! | pass | what `schemars` says | what the type means |
//! |---|---|---|
//! | `tagged` | a newtype variant of an internally tagged enum is a `$ref` beside the tag | one object, tag first |
//! | `std_types` | `Duration`, `Range`, `Result`, … take any further property | serde refuses unknown keys there |
//! | `numbers` | `format: int32`, no bounds | the exact range of the native type |
//! | `formats` | `ip`, `partial-time`, `partial-date-time` | standard formats, or a pattern |
//! | `maps` | integer keys are `^\d+$` | what serde reads back: no leading zero, ASCII digits |
//! | `layout` | the description after the properties | before them, as a reader wants it |
//! | `names` | two instances of `Page<T>` are `Page` and `Page2` | `Page_of_Item`, `Page_of_User` |
//! | `document` | a type that contains itself refers to `#` | it refers to its own entry in `$defs` |
//!
//! Properties come in declaration order: this crate turns on `serde_json/preserve_order`, and Cargo only ever
//! adds features. The contract is always the *deserialize* one: a model writes what the program reads.
//!
//! What `schemars` cannot know, `Deserialize` is asked for: [`schemas_of`].
//!
//! The table of every serde attribute, with the test behind each row:
#![doc = include_str!("../../../docs/serde-attributes.md")]

mod document;
mod formats;
mod identities;
mod layout;
mod learned;
mod maps;
mod names;
mod numbers;
mod pointer;
mod probe;
mod std_types;
mod tagged;
mod walk;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use document::Document;

/// The JSON Schema (draft 2020-12) of what `T` reads, ready to be lowered, embedded or printed.
///
/// References stay inside the document and go through `$defs`, also for a type that contains itself,
/// so that the schema can be put under a key of a larger document after its `$defs` are moved.
///
/// ```
/// use larkspur_schema::{JsonSchema, schema_for};
///
/// /// One line of a bill.
/// #[derive(JsonSchema)]
/// # #[allow(dead_code)]
/// struct Item {
///     /// What was sold.
///     name: String,
///     count: u16,
///     note: Option<String>,
/// }
///
/// let schema = schema_for::<Item>();
/// assert_eq!(schema["description"], "One line of a bill.");
/// assert_eq!(schema["properties"]["name"]["description"], "What was sold.");
/// assert_eq!(schema["properties"]["count"]["maximum"], 65535);
/// assert_eq!(schema["required"], serde_json::json!(["name", "count"]));
/// ```
pub fn schema_for<T: JsonSchema + ?Sized>() -> Value {
    let mut document = Document::generate::<T>();
    tagged::merge(&mut document);
    std_types::correct(&mut document);
    document.for_each_schema(&mut |schema| {
        std_types::correct_time_delta(schema);
        numbers::correct(schema);
        formats::correct(schema);
        maps::correct(schema);
        layout::correct(schema);
    });
    names::rename(&mut document);
    document.into_schema()
}

/// The two schemas of a type that is really read: see [`schemas_of`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TypeSchemas {
    /// What a model is asked to write: one spelling of everything. Lower this one.
    pub write: Value,
    /// What the type reads, aliases and other leniencies included. Check answers against this one.
    pub read: Value,
}

/// The schemas of `T`, completed by what its `Deserialize` knows and its `JsonSchema` does not.
///
/// Sample values are read as `T` to find out: about a hundred small ones for a usual type, so keep the result.
///
/// - Both schemas gain: what the keys of maps are (names of an enum, one character, the range of an integer), and
///   fields that must be there although they are an `Option`, because of `deserialize_with`.
/// - `read` alone gains: `alias` of fields and variants, any name where there is a variant with `other`, fields that
///   may be absent for a reason that `schemars` does not see, tuples whose last items have a default.
/// - `write` alone gains: a struct without fields is closed, since open it would look free-form.
///
/// Whatever is valid under `write`, with no unknown keys added, is valid under `read`.
///
/// Inside of `flatten`, of `untagged` and of the variants of an internally tagged enum serde hides what it reads; aliases there
/// are not found, and `read` refuses them.
///
/// ```
/// use larkspur_schema::{JsonSchema, schemas_of};
/// use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// # #[allow(dead_code)]
/// struct Person {
///     #[serde(alias = "full_name")]
///     name: String,
/// }
///
/// let schemas = schemas_of::<Person>();
/// assert!(schemas.write["properties"].get("full_name").is_none());
/// assert_eq!(schemas.read["properties"]["full_name"]["type"], "string");
/// ```
pub fn schemas_of<T: JsonSchema + DeserializeOwned>() -> TypeSchemas {
    /// The key of a map can be known only after the map that it is in can be written.
    const MAX_NESTED_MAPS: usize = 8;
    let mut write = schema_for::<T>();
    for _ in 0..MAX_NESTED_MAPS {
        let kinds = probe::key_kinds::<T>(&write);
        if !learned::apply_keys(&mut write, &kinds) {
            break;
        }
    }
    let facts = probe::facts::<T>(&write);
    learned::narrow(&mut write, &facts);
    let mut read = write.clone();
    learned::close_empty(&mut write, &facts);
    learned::widen(&mut read, &facts);
    TypeSchemas { write, read }
}
