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
//! The table of every serde attribute, with the test behind each row, is `docs/serde-attributes.md`.

mod document;
mod formats;
mod identities;
mod layout;
mod maps;
mod names;
mod numbers;
mod std_types;
mod tagged;
mod walk;

use schemars::JsonSchema;
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
        numbers::correct(schema);
        formats::correct(schema);
        maps::correct(schema);
        layout::correct(schema);
    });
    names::rename(&mut document);
    document.into_schema()
}
