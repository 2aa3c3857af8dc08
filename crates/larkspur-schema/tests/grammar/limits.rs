//! Schemas that are no schemas, and schemas that cost too much.

use larkspur_schema::grammar::{Options, to_grammar};
use serde_json::{Value, json};

use super::check_with;

#[track_caller]
fn refused(schema: &Value, code: &str) {
    let error = to_grammar(schema, &Options::default()).unwrap_err();
    assert_eq!(error.diagnostics()[0].code, code, "{schema}: {error}");
}

#[test]
fn what_is_no_schema_is_refused_with_its_place() {
    refused(&json!(3), "malformed-schema");
    refused(&json!({"properties": {"a": 3}}), "malformed-schema");
    refused(&json!({"anyOf": {}}), "malformed-schema");
    refused(
        &json!({"minLength": "2", "type": "string"}),
        "malformed-schema",
    );
    refused(&json!({"$ref": "#/$defs/gone"}), "unresolved-ref");
    let error = to_grammar(&json!({"items": {"type": 3}}), &Options::default()).unwrap_err();
    assert_eq!(error.diagnostics()[0].pointer.as_str(), "/items/type");
}

#[test]
fn counts_beyond_reason_are_relaxed() {
    let relaxed =
        |schema: Value, accepts: &[&str]| check_with(&schema, &Options::default(), accepts, &["1"]);
    assert_eq!(
        relaxed(
            json!({"type": "string", "minLength": 1_000_000_000}),
            &["\"a\""]
        ),
        ["minLength"]
    );
    assert_eq!(
        relaxed(json!({"type": "array", "minItems": 1_000_000_000}), &["[]"]),
        ["minItems"]
    );
    assert_eq!(
        relaxed(
            json!({"type": "array", "contains": {}, "minContains": 100_000}),
            &["[1]"]
        ),
        ["contains"]
    );
    assert_eq!(
        relaxed(
            json!({"type": "object", "minProperties": 1_000_000}),
            &["{}"]
        ),
        ["minProperties"]
    );
    let digits = json!({"type": "number", "minimum": -1e308, "maximum": 1e308});
    assert_eq!(
        check_with(&digits, &Options::default(), &["1", "-1e308"], &["true"]),
        ["minimum", "maximum"]
    );
}

#[test]
fn deep_and_wide_schemas_end() {
    let mut deep = json!({"type": "integer"});
    for _ in 0..60 {
        deep = json!({"type": "array", "items": deep, "minItems": 1});
    }
    let text = format!("{}7{}", "[".repeat(60), "]".repeat(60));
    assert_eq!(
        check_with(&deep, &Options::default(), &[&text], &["7"]),
        [""; 0]
    );
    let mut too_deep = json!({});
    for _ in 0..200 {
        too_deep = json!({"not": too_deep});
    }
    refused(&too_deep, "nested-too-deep");
    let pairs: Vec<Value> = (0..12)
        .map(|index| json!({"anyOf": [{"required": [format!("a{index}")]}, {"required": [format!("b{index}")]}]}))
        .collect();
    let options = Options {
        max_order_states: 2,
        ..Options::default()
    };
    let choices = check_with(
        &json!({"type": "object", "allOf": pairs}),
        &options,
        &[],
        &["1"],
    );
    assert!(choices.contains(&"anyOf".to_owned()), "{choices:?}");
}

#[test]
fn the_limits_of_the_options_hold() {
    let wide: serde_json::Map<_, _> = (0..100)
        .map(|index| (format!("p{index}"), json!({"minLength": index})))
        .collect();
    let options = Options {
        max_rules: 50,
        ..Options::default()
    };
    let error = to_grammar(&json!({"properties": wide}), &options).unwrap_err();
    assert_eq!(error.diagnostics()[0].code, "too-large");
}
