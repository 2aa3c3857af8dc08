//! Older drafts and OpenAPI: what they say is what 2020-12 says in other words, with places in the original.
#![expect(clippy::expect_used, clippy::needless_pass_by_value, reason = "tests")]

use larkspur_schema::{Change, Dialect, lower};
use serde_json::{Value, json};

/// What a schema becomes in 2020-12.
#[track_caller]
fn becomes(schema: Value, expected: Value) {
    let lowered = lower(&schema, Dialect::plain()).expect("it lowers");
    assert_eq!(lowered.schema, expected);
    assert!(lowered.relaxations.is_empty());
    let was_changed = lowered.schema != schema;
    assert_eq!(
        was_changed,
        lowered
            .receipt
            .iter()
            .any(|entry| entry.change == Change::Kept)
    );
}

#[track_caller]
fn stays(schema: Value) {
    becomes(schema.clone(), schema);
}

#[test]
fn today_s_words_stay() {
    stays(
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "integer", "exclusiveMinimum": 3}),
    );
    stays(json!({"$defs": {"a": {"type": "null"}}, "$ref": "#/$defs/a", "description": "beside"}));
    stays(
        json!({"properties": {"nullable": {"type": "boolean"}, "items": {"type": "array"}, "id": {"type": "string"}}}),
    );
    stays(json!({"dependentRequired": {"a": ["b"]}, "not": {"type": "null"}}));
    stays(json!({"const": {"nullable": true}}));
}

#[test]
fn bounds_of_draft_4() {
    becomes(
        json!({"minimum": 1, "exclusiveMinimum": true}),
        json!({"exclusiveMinimum": 1}),
    );
    becomes(
        json!({"maximum": 1, "exclusiveMaximum": false}),
        json!({"maximum": 1}),
    );
    becomes(json!({"exclusiveMaximum": true}), json!({}));
    becomes(
        json!({"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://x/y", "type": "string"}),
        json!({"$id": "http://x/y", "type": "string"}),
    );
}

#[test]
fn tuples_before_2020() {
    becomes(
        json!({"items": [{"type": "string"}], "additionalItems": {"minimum": 1, "exclusiveMinimum": true}}),
        json!({"prefixItems": [{"type": "string"}], "items": {"exclusiveMinimum": 1}}),
    );
    // References into what moved are led to where it is now.
    becomes(
        json!({"items": [{"type": "string"}, {"$ref": "#/items/0"}]}),
        json!({"prefixItems": [{"type": "string"}, {"$ref": "#/prefixItems/0"}]}),
    );
}

#[test]
fn dependencies_are_split() {
    becomes(
        json!({"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}),
        json!({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}}),
    );
}

#[test]
fn neighbours_of_a_reference() {
    let beside = |schema: &str| json!({"$schema": schema, "definitions": {"a": {"type": "object"}}, "properties": {"x": {"$ref": "#/definitions/a", "maxProperties": 1, "description": "d"}}});
    becomes(
        beside("http://json-schema.org/draft-07/schema#"),
        json!({"definitions": {"a": {"type": "object"}}, "properties": {"x": {"$ref": "#/definitions/a", "description": "d"}}}),
    );
    stays(beside("https://json-schema.org/draft/2020-12/schema"));
}

#[test]
fn openapi_3_0() {
    becomes(
        json!({"type": "string", "nullable": true}),
        json!({"type": ["string", "null"]}),
    );
    becomes(
        json!({"type": "string", "nullable": false}),
        json!({"type": "string"}),
    );
    becomes(
        json!({"type": "string", "nullable": true, "enum": ["a"]}),
        json!({"type": ["string", "null"], "enum": ["a", null]}),
    );
    becomes(
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/A"}], "description": "d", "components": {"schemas": {"A": {"type": "INTEGER"}}}}),
        json!({"description": "d", "components": {"schemas": {"A": {"type": "integer"}}},
            "anyOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}, {"type": "null"}]}),
    );
    becomes(
        json!({"openapi": "3.0.3", "type": "string", "example": "a"}),
        json!({"openapi": "3.0.3", "type": "string", "examples": ["a"]}),
    );
}

#[test]
fn recursion_of_2019() {
    becomes(
        json!({"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "properties": {"next": {"$recursiveRef": "#"}}}),
        json!({"properties": {"next": {"$ref": "#"}}}),
    );
}

/// What is said of a schema is said of the place where its author wrote it.
#[test]
fn places_are_those_of_the_original() {
    let schema = json!({"type": "object", "properties": {
        "pair": {"type": "array", "items": [{"type": "string", "format": "uri"}, {"type": "object", "dependencies": {"a": ["b"]}}], "minItems": 2, "additionalItems": false},
        "maybe": {"nullable": true, "oneOf": [{"type": "string", "format": "uri"}, {"type": "integer"}]},
    }, "required": ["pair", "maybe"]});
    let lowered = lower(&schema, Dialect::openai()).expect("it lowers");
    let places: Vec<(&str, &str)> = lowered
        .relaxations
        .iter()
        .map(|rule| (rule.pointer.as_str(), rule.keyword.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("/properties/pair/items/0", "format"),
            ("/properties/pair/items/1", "dependencies"),
            ("/properties/maybe/oneOf/0", "format"),
        ]
    );
    for rule in &lowered.relaxations {
        assert!(
            schema
                .pointer(rule.pointer.as_str())
                .is_some_and(|place| place.get(&rule.keyword).is_some())
        );
    }
    let error = lower(&json!({"items": [{"$ref": "#/none"}]}), Dialect::openai())
        .expect_err("it leads nowhere");
    assert_eq!(error.diagnostics()[0].pointer.as_str(), "/items/0/$ref");
}
