//! What each serde attribute, and each type of the standard library, becomes in the schema.
#![expect(dead_code, reason = "the types are only looked at")]
#![expect(clippy::unwrap_used, reason = "tests")]

use larkspur_schema::{JsonSchema, schema_for};
use serde::Deserialize;
use serde_json::{Value, json};

/// The schema without the two lines that every one has.
#[track_caller]
fn check<T: JsonSchema>(expected: Value) {
    let mut schema = schema_for::<T>();
    let object = schema.as_object_mut().unwrap();
    assert_eq!(
        object.shift_remove("$schema"),
        Some(json!("https://json-schema.org/draft/2020-12/schema"))
    );
    object.shift_remove("title");
    let (actual, expected) = (pretty(&schema), pretty(&expected));
    assert!(
        actual == expected,
        "actual:\n{actual}\n\nexpected:\n{expected}"
    );
}

/// As text, so that the order of keys counts.
fn pretty(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).unwrap()
}

#[test]
fn a_field_keeps_its_comment_beside_a_reference() {
    /// A person.
    #[derive(Deserialize, JsonSchema)]
    struct Person {
        name: String,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Letter {
        /// Who wrote it.
        from: Person,
        /// Who reads it.
        to: Option<Person>,
    }
    check::<Letter>(json!({
        "type": "object",
        "properties": {
            "from": {"description": "Who wrote it.", "$ref": "#/$defs/Person"},
            "to": {
                "description": "Who reads it.",
                "anyOf": [{"$ref": "#/$defs/Person"}, {"type": "null"}]
            }
        },
        "required": ["from"],
        "$defs": {
            "Person": {
                "description": "A person.",
                "type": "object",
                "properties": {"name": {"type": "string"}},
                "required": ["name"]
            }
        }
    }));
}

#[test]
fn integers_have_the_range_of_their_type() {
    check::<u8>(json!({"type": "integer", "minimum": 0, "maximum": 255}));
    check::<i32>(json!({"type": "integer", "minimum": i32::MIN, "maximum": i32::MAX}));
    check::<u64>(json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}));
}
