//! Schemas of all drafts, and of OpenAPI, mean the same to whoever reads them: the reader of answers, the grammar, and lowering.
#![expect(clippy::unwrap_used, reason = "tests")]

use larkspur_grammar::Compiled;
use larkspur_output::JsonReader;
use larkspur_schema::grammar::{Options, to_grammar};
use larkspur_schema::{Dialect, Lift, lower};
use serde_json::{Value, json};

/// Values that are valid and values that are not, for all who judge them.
#[track_caller]
fn check(schema: &Value, valid: &[Value], invalid: &[Value]) {
    let reader = JsonReader::new(schema).unwrap();
    let made = to_grammar(schema, &Options::default()).unwrap();
    assert!(made.relaxations.is_empty(), "{:?}", made.relaxations);
    let compiled = Compiled::new(&made.grammar).unwrap();
    let mut cache = compiled.cache();
    let values = valid.iter().map(|value| (value, true));
    for (value, expected) in values.chain(invalid.iter().map(|value| (value, false))) {
        let text = value.to_string();
        assert_eq!(
            reader.read_node(&text).is_ok(),
            expected,
            "the reader on {text}"
        );
        assert_eq!(
            compiled.accepts(&mut cache, &text).unwrap(),
            expected,
            "the grammar on {text}"
        );
    }
    for dialect in Dialect::all() {
        for value in valid {
            assert_eq!(
                travelled(schema, dialect, value).as_ref(),
                Ok(value),
                "{}",
                dialect.name()
            );
        }
        for value in invalid {
            let there = travelled(schema, dialect, value);
            assert!(there.is_err(), "{}: {value} is {there:?}", dialect.name());
        }
    }
}

/// A value as it comes back from a server that wrote it in the lowered form.
fn travelled(schema: &Value, dialect: &Dialect, value: &Value) -> Result<Value, String> {
    let lowered = lower(schema, dialect).map_err(|error| error.to_string())?;
    let lift = Lift::new(&lowered).map_err(|error| error.to_string())?;
    let said = lift
        .lower_value(value)
        .map_err(|problems| problems[0].to_string())?;
    let reader = JsonReader::lowered(schema, &lowered).map_err(|error| error.to_string())?;
    let text = said.to_string();
    let read = reader.read_node(&text);
    read.map(|node| node.to_value())
        .map_err(|error| error.to_string())
}

fn draft(number: &str, mut schema: Value) -> Value {
    let uri = format!("http://json-schema.org/draft-{number}/schema#");
    schema["$schema"] = json!(uri);
    schema
}

#[test]
fn nullable_of_openapi() {
    check(
        &json!({"type": "string", "nullable": true, "maxLength": 3}),
        &[json!("abc"), json!(null)],
        &[json!("abcd"), json!(1)],
    );
    check(
        &json!({"type": "string", "nullable": false}),
        &[json!("")],
        &[json!(null)],
    );
    check(
        &json!({"type": "string", "nullable": true, "enum": ["a", "b"]}),
        &[json!("a"), json!(null)],
        &[json!("c")],
    );
    check(
        &json!({"type": "integer", "nullable": true, "allOf": [{"minimum": 1}, {"type": "integer"}]}),
        &[json!(1), json!(null)],
        &[json!(0), json!("1")],
    );
    let member = json!({"type": "object", "properties": {"a": {"type": "INTEGER", "nullable": true}}, "required": ["a"], "additionalProperties": false});
    check(
        &member,
        &[json!({"a": 1}), json!({"a": null})],
        &[json!({}), json!({"a": "1"}), json!(null)],
    );
}

#[test]
fn nullable_beside_a_reference() {
    let parts = json!({"schemas": {"A": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": false}}});
    check(
        &json!({"type": "array", "items": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/A"}]}, "components": parts}),
        &[json!([]), json!([null, {"n": 1}])],
        &[json!([1]), json!([{"n": null}]), json!(null)],
    );
    // OpenAPI 3.0 says that nothing beside a reference counts.
    check(
        &json!({"openapi": "3.0.3", "type": "array", "items": {"nullable": true, "$ref": "#/components/schemas/A"}, "components": parts}),
        &[json!([{"n": 1}])],
        &[json!([null])],
    );
}

#[test]
fn drafts_4_and_6() {
    check(
        &draft(
            "04",
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 3, "exclusiveMaximum": false}),
        ),
        &[json!(2), json!(3)],
        &[json!(1), json!(4), json!("2")],
    );
    // Words that came later mean nothing yet.
    check(
        &draft("04", json!({"type": "integer", "const": 1})),
        &[json!(1), json!(2)],
        &[json!("1")],
    );
    check(
        &draft("06", json!({"type": "integer", "const": 1})),
        &[json!(1)],
        &[json!(2), json!("1")],
    );
    check(
        &draft(
            "06",
            json!({"type": "integer", "if": {"minimum": 2}, "then": {"maximum": 2}}),
        ),
        &[json!(3)],
        &[json!("3")],
    );
    check(
        &draft(
            "07",
            json!({"type": "integer", "if": {"minimum": 2}, "then": {"maximum": 2}}),
        ),
        &[json!(1), json!(2)],
        &[json!(3)],
    );
}

#[test]
fn neighbours_of_a_reference() {
    let schema = json!({"type": "array", "items": {"$ref": "#/definitions/a", "maxLength": 1}, "definitions": {"a": {"type": "string"}}});
    check(
        &draft("07", schema.clone()),
        &[json!(["a", "bc"])],
        &[json!([1])],
    );
    check(&schema, &[json!(["a"])], &[json!(["bc"]), json!([1])]);
}

#[test]
fn tuples_and_dependencies() {
    check(
        &draft(
            "07",
            json!({"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "additionalItems": false, "minItems": 2}),
        ),
        &[json!(["a", 1])],
        &[json!(["a"]), json!([1, "a"]), json!(["a", 1, 2])],
    );
    check(
        &draft(
            "07",
            json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "additionalProperties": false, "dependencies": {"a": ["b"]}}),
        ),
        &[json!({}), json!({"b": 1}), json!({"a": 1, "b": 2})],
        &[json!({"a": 1}), json!({"b": "1"})],
    );
}

#[test]
fn names_of_older_drafts() {
    check(
        &draft(
            "07",
            json!({"type": "array", "items": {"$ref": "#name"}, "definitions": {"a": {"$id": "#name", "type": "string"}}}),
        ),
        &[json!([]), json!(["a"])],
        &[json!([1])],
    );
    check(
        &draft(
            "04",
            json!({"id": "http://example.com/root", "type": "array", "items": {"$ref": "#name"}, "definitions": {"a": {"id": "#name", "type": "string"}}}),
        ),
        &[json!(["a"])],
        &[json!([1])],
    );
}

/// No keyword holds these schemas; a reference leads there.
#[test]
fn schemas_in_places_of_their_own() {
    check(
        &json!({"type": "array", "items": {"$ref": "#/models/a"}, "models": {"a": {"type": "integer", "nullable": true}}}),
        &[json!([1, null])],
        &[json!(["1"])],
    );
    let nested = json!({"pets": {"cat": {"type": "array", "items": [{"type": "string"}], "minItems": 1, "additionalItems": false}}});
    check(
        &draft(
            "07",
            json!({"type": "array", "items": {"$ref": "#/definitions/pets/cat"}, "definitions": nested}),
        ),
        &[json!([["a"]])],
        &[json!([[1]]), json!([["a", "b"]])],
    );
}

#[test]
fn recursion_of_2019() {
    check(
        &json!({"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "type": "object",
            "properties": {"next": {"$recursiveRef": "#"}}, "additionalProperties": false}),
        &[json!({}), json!({"next": {"next": {}}})],
        &[json!({"next": 1}), json!({"next": {"other": 1}})],
    );
}
