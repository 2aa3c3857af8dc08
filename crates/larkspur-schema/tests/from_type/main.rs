//! What each serde attribute, and each type of the standard library, becomes in the schema.
#![expect(dead_code, reason = "the types are only looked at")]
#![expect(
    clippy::indexing_slicing,
    clippy::option_option,
    clippy::struct_excessive_bools,
    clippy::unwrap_used,
    reason = "tests, and types that show an attribute"
)]

mod corrections;
mod enums;
mod foreign;
mod names;
mod probing;
mod records;
mod text;

use larkspur_schema::{JsonSchema, schema_for, schemas_of};
use serde::de::DeserializeOwned;
use serde_json::Value;

const ATTRIBUTES: &str = include_str!("../../../../docs/serde-attributes.md");
const TESTS: [&str; 4] = [
    include_str!("enums.rs"),
    include_str!("foreign.rs"),
    include_str!("names.rs"),
    include_str!("records.rs"),
];

/// The schema without the line that every one has, short parts on one line.
fn schema<T: JsonSchema + ?Sized>() -> String {
    shown(schema_for::<T>())
}

/// What a model is asked to write for `T`, in the same form.
fn write<T: JsonSchema + DeserializeOwned>() -> String {
    shown(schemas_of::<T>().write)
}

/// What serde reads as `T`, in the same form.
fn read<T: JsonSchema + DeserializeOwned>() -> String {
    shown(schemas_of::<T>().read)
}

fn shown(mut schema: Value) -> String {
    let dialect = schema
        .as_object_mut()
        .unwrap()
        .shift_remove("$schema")
        .unwrap();
    assert_eq!(dialect, "https://json-schema.org/draft/2020-12/schema");
    text::pretty(&schema)
}

#[test]
fn every_row_of_the_table_has_its_test() {
    let rows = ATTRIBUTES
        .lines()
        .filter(|line| line.starts_with("| ") && !line.ends_with("| test |"));
    let named: Vec<&str> = rows.map(|row| row.rsplit('`').nth(1).unwrap()).collect();
    assert!(named.len() > 45, "{}", named.len());
    for name in named {
        let function = format!("fn {name}()");
        assert!(
            TESTS.iter().any(|tests| tests.contains(&function)),
            "{name}"
        );
    }
}
