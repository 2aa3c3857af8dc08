//! What is sent in place of a property, in the one form that lowering leaves as it is.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests: a literal reads better than a reference to one"
)]

use larkspur_schema::{Dialect, check, lower};
use serde_json::{Value, json};

fn dialect(name: &str) -> &'static Dialect {
    Dialect::named(name).expect("a dialect of this name")
}

/// What is sent in place of a property, which stays that when it is lowered once more.
#[track_caller]
fn sends(name: &str, property: Value, definitions: Value, expected: Value) {
    let schema = json!({"type": "object", "properties": {"x": property}, "required": ["x"], "additionalProperties": false, "$defs": definitions});
    let lowered = lower(&schema, dialect(name)).expect("it lowers");
    assert_eq!(lowered.schema["properties"]["x"], expected, "{schema}");
    let again = lower(&lowered.schema, dialect(name)).expect("it lowers again");
    assert_eq!(again.schema, lowered.schema);
    assert_eq!(check(&lowered.schema, Some(dialect(name))), []);
}

#[test]
fn a_union_in_a_union_is_dissolved_where_it_is_sent_in_place() {
    let definitions = json!({
        "two": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/again"}]},
        "again": {"anyOf": [{"type": "boolean"}, {"type": "string", "minLength": 3}, {"type": "null"}]},
        "told": {"description": "One of two", "anyOf": [{"type": "string"}, {"type": "boolean"}]},
    });
    let property = json!({"anyOf": [{"$ref": "#/$defs/two"}, {"type": "integer"}]});
    sends(
        "gemini-schema",
        property.clone(),
        definitions.clone(),
        json!({
            "anyOf": [{"type": "STRING"}, {"type": "BOOLEAN"}, {"type": "STRING", "minLength": 3}, {"type": "INTEGER"}],
            "nullable": true,
        }),
    );
    // A reference that is sent as one stays, and so does what has a description of its own.
    sends("openai", property.clone(), definitions.clone(), property);
    sends(
        "gemini-schema",
        json!({"anyOf": [{"$ref": "#/$defs/told"}, {"type": "integer"}]}),
        definitions,
        json!({"anyOf": [
            {"description": "One of two", "anyOf": [{"type": "STRING"}, {"type": "BOOLEAN"}]},
            {"type": "INTEGER"},
        ]}),
    );
}

#[test]
fn null_is_said_once() {
    for property in [
        json!({"anyOf": [{"type": ["string", "null"]}, {"type": "null"}]}),
        json!({"anyOf": [{"type": "null"}, {"anyOf": [{"type": "string"}, {"type": "null"}]}]}),
        json!({"anyOf": [{"$ref": "#/$defs/maybe"}, {"$ref": "#/$defs/maybe"}]}),
        json!({"oneOf": [{"type": ["string", "null"], "x-left-out": true}, {"type": "null"}]}),
    ] {
        sends(
            "gemini-schema",
            property,
            json!({"maybe": {"type": ["null", "string"]}}),
            json!({"type": "STRING", "nullable": true}),
        );
    }
}

/// Each of these definitions names the next one twice, so that dissolving them must not repeat what is the same.
#[test]
fn unions_that_double_are_dissolved_once() {
    let link = |number: usize| {
        let next = json!({"$ref": format!("#/$defs/d{}", number + 1)});
        json!({"anyOf": [next, next, {"type": "string", "maxLength": number + 1}]})
    };
    let mut definitions: serde_json::Map<String, Value> = (0..59)
        .map(|number| (format!("d{number}"), link(number)))
        .collect();
    definitions.insert("d59".to_owned(), json!({"type": ["boolean", "integer"]}));
    let schema = json!({"type": "object", "properties": {"x": {"$ref": "#/$defs/d0"}}, "required": ["x"], "$defs": definitions});
    let lowered = lower(&schema, dialect("gemini-schema")).expect("it lowers");
    let branches = lowered.schema["properties"]["x"]["anyOf"].as_array();
    assert_eq!(branches.map(Vec::len), Some(61));
}

#[test]
fn patterns_of_names_stand_alone_where_they_must() {
    let map = json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false});
    let mut listed = map.clone();
    listed["properties"] = json!({});
    sends("vllm", listed, json!({}), map);
}
