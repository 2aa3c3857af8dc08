//! Lowering, pass by pass: the schema that is sent, the plan, and what is relaxed.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

use larkspur_schema::{Dialect, lower};
use serde_json::{Value, json};

/// Lowers `{"x": property}` with `x` required, and compares what becomes of `x`.
///
/// `steps` are pointers below `/properties/x` and names of steps; `relaxed` are pointers below it and keywords.
#[track_caller]
fn lowers(property: &Value, expected: &Value, steps: &[(&str, &str)], relaxed: &[(&str, &str)]) {
    let schema = json!({"type": "object", "properties": {"x": property}, "required": ["x"]});
    let lowered = match lower(&schema, Dialect::openai()) {
        Ok(lowered) => lowered,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(&lowered.schema["properties"]["x"], expected);
    let below = |pointer: &str| pointer.strip_prefix("/properties/x").map(str::to_owned);
    let plan = serde_json::to_value(&lowered.plan).expect("a plan is JSON");
    let found: Vec<(Option<String>, &str)> = plan
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| {
            (
                below(step["pointer"].as_str().unwrap_or_default()),
                step["step"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    let expected: Vec<(Option<String>, &str)> = steps
        .iter()
        .map(|(at, step)| (Some((*at).to_owned()), *step))
        .collect();
    assert_eq!(found, expected);
    let found: Vec<(Option<String>, &str)> = lowered
        .relaxations
        .iter()
        .map(|rule| (below(rule.pointer.as_str()), rule.keyword.as_str()))
        .collect();
    let expected: Vec<(Option<String>, &str)> = relaxed
        .iter()
        .map(|(at, rule)| (Some((*at).to_owned()), *rule))
        .collect();
    assert_eq!(found, expected);
}

/// A strict object.
fn object(properties: &Value) -> Value {
    let required: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

#[test]
fn strict_schemas_stay() {
    for property in [
        json!({"type": "string", "pattern": "^a$", "title": "A", "description": "An a"}),
        json!({"type": ["integer", "null"], "minimum": 0, "maximum": 9}),
        json!({"type": ["string", "null"], "enum": ["a", null]}),
        json!({"description": "b or nothing", "anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        json!({"type": "array", "items": object(&json!({"a": {"type": "number", "multipleOf": 0.01}})), "minItems": 1}),
        json!({"description": "the same", "anyOf": [{"$ref": "#"}, {"type": "null"}]}),
        object(&json!({})),
    ] {
        lowers(&property, &property, &[], &[]);
    }
}

#[test]
fn reading_settles_spellings() {
    lowers(&json!({"properties": {}}), &object(&json!({})), &[], &[]);
    lowers(
        &json!({"minimum": 1, "exclusiveMinimum": true}),
        &json!({"type": "number", "exclusiveMinimum": 1}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": ["number", "integer"]}),
        &json!({"type": "number"}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": ["string"]}),
        &json!({"type": "string"}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": "string", "nullable": true}),
        &json!({"type": ["string", "null"]}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": "integer", "enum": [1, "a", 2]}),
        &json!({"type": "integer", "enum": [1, 2]}),
        &[],
        &[],
    );
}

#[test]
fn annotations_are_told() {
    lowers(
        &json!({"type": "string", "description": "The city", "default": "Rome", "examples": ["Oslo"], "deprecated": true, "x-ui": 1}),
        &json!({"type": "string", "description": "The city. Default: \"Rome\". Examples: \"Oslo\"."}),
        &[],
        &[
            ("", "default"),
            ("", "examples"),
            ("", "deprecated"),
            ("", "x-ui"),
        ],
    );
}

#[test]
fn rules_the_server_lacks_are_told() {
    lowers(
        &json!({"type": "string", "format": "uri", "minLength": 1, "pattern": "^(?!x)"}),
        &json!({"type": "string", "pattern": "^[\\s\\S]{1,}$", "description": "Format: uri. Must match the regular expression ^(?!x)"}),
        &[],
        &[("", "format"), ("", "pattern")],
    );
    lowers(
        &json!({"type": "string", "pattern": "a", "maxLength": 9}),
        &json!({"type": "string", "pattern": "a", "description": "At most 9 characters."}),
        &[],
        &[("", "maxLength")],
    );
    lowers(
        &json!({"type": "string", "maxLength": 100_000}),
        &json!({"type": "string", "description": "At most 100000 characters."}),
        &[],
        &[("", "maxLength")],
    );
    lowers(
        &json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
        &json!({"type": "array", "items": {"type": "string"}, "description": "No element occurs twice."}),
        &[],
        &[("", "uniqueItems")],
    );
    lowers(
        &json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX}),
        &json!({"type": "integer"}),
        &[],
        &[("", "minimum"), ("", "maximum")],
    );
}

#[test]
fn conjunctions_are_computed() {
    lowers(
        &json!({"allOf": [{"type": "integer", "minimum": 1}, {"type": "number", "maximum": 5, "minimum": 0}]}),
        &json!({"type": "integer", "minimum": 1, "maximum": 5}),
        &[],
        &[],
    );
    lowers(
        &json!({"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "null"}}, "required": ["a"]}], "required": ["b"]}),
        &object(&json!({"a": {"type": "string"}, "b": {"type": "null"}})),
        &[],
        &[],
    );
    lowers(
        &json!({"enum": [1, 5, 9], "allOf": [{"minimum": 4}]}),
        &json!({"type": "integer", "enum": [5, 9]}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": "string", "anyOf": [{"const": "a"}, {"enum": ["b", 1]}]}),
        &json!({"anyOf": [{"type": "string", "const": "a"}, {"type": "string", "enum": ["b"]}]}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}),
        &json!({"description": "Give at least one of: `a`, `b`.", "type": "object", "properties": {"a": {"type": "string"}},
            "required": ["a"], "additionalProperties": false}),
        &[],
        &[("", "anyOf")],
    );
}

#[test]
fn optional_properties_are_null() {
    lowers(
        &json!({"type": "object", "properties": {
            "a": {"type": "string"}, "b": {"type": ["string", "null"]}, "c": {"enum": ["x"], "description": "c"}, "d": {"$ref": "#"},
        }}),
        &object(&json!({
            "a": {"type": ["string", "null"]}, "b": {"type": ["string", "null"]},
            "c": {"description": "c", "anyOf": [{"type": "string", "enum": ["x"]}, {"type": "null"}]},
            "d": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        })),
        &[
            ("/properties/a", "optional"),
            ("/properties/b", "optional"),
            ("/properties/c", "optional"),
            ("/properties/d", "optional"),
        ],
        &[],
    );
}

const ENTRIES: &str = "A list of entries, each key once.";

fn entries(value: &Value) -> Value {
    json!({"type": "array", "description": ENTRIES, "items": object(&json!({"key": {"type": "string"}, "value": value}))})
}

#[test]
fn maps_are_entries() {
    lowers(
        &json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        &entries(&json!({"type": "integer"})),
        &[("", "entries")],
        &[],
    );
    lowers(
        &json!({"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}}}),
        &entries(&entries(&json!({"type": "integer"}))),
        &[("", "entries"), ("/items/properties/value", "entries")],
        &[],
    );
    lowers(
        &json!({"type": "object", "patternProperties": {"^[0-9]+$": {"type": "string"}}, "additionalProperties": false, "minProperties": 2}),
        &json!({"type": "array", "description": ENTRIES, "minItems": 2, "items": object(&json!({
            "key": {"type": "string", "pattern": "^[0-9]+$"}, "value": {"type": "string"}}))}),
        &[("", "entries")],
        &[],
    );
    lowers(
        &json!({"type": "object", "propertyNames": {"enum": ["a", "b"]}, "additionalProperties": {"type": "null"}}),
        &json!({"type": "array", "description": ENTRIES, "items": object(&json!({
            "key": {"type": "string", "enum": ["a", "b"]}, "value": {"type": "null"}}))}),
        &[("", "entries")],
        &[],
    );
}

#[test]
fn other_properties_get_a_property() {
    let extras = json!({"type": "array", "description": "Further properties of the object, each key once, if there are any.",
        "items": object(&json!({"key": {"type": "string"}, "value": {"type": "integer"}}))});
    lowers(
        &json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": {"type": "integer"}}),
        &object(&json!({"a": {"type": "string"}, "additional_properties": extras})),
        &[
            ("", "extras"),
            ("/properties/additional_properties", "entries"),
        ],
        &[],
    );
}

#[test]
fn tuples_are_objects() {
    lowers(
        &json!({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "minItems": 2, "maxItems": 2}),
        &object(&json!({"item_0": {"type": "number"}, "item_1": {"type": "string"}})),
        &[("", "tuple")],
        &[],
    );
    lowers(
        &json!({"type": "array", "items": [{"type": "number"}], "additionalItems": {"type": "null"}, "minItems": 3}),
        &object(
            &json!({"item_0": {"type": "number"}, "rest": {"type": "array", "items": {"type": "null"}, "minItems": 2}}),
        ),
        &[("", "tuple")],
        &[],
    );
}

#[test]
fn unknown_values_are_text() {
    let any = r#"Give this as JSON text of any value, such as 12, "text" with its quotes, or {"key": [1, 2]}."#;
    lowers(
        &json!(true),
        &json!({"type": "string", "description": any}),
        &[("", "json-text")],
        &[],
    );
    lowers(
        &json!({"description": "Whatever"}),
        &json!({"type": "string", "description": format!("Whatever. {any}")}),
        &[("", "json-text")],
        &[],
    );
    lowers(
        &json!({"type": "array"}),
        &json!({"type": "string", "description": "Give this as JSON text of an array, such as [1, \"text\"]."}),
        &[("", "json-text")],
        &[],
    );
}

#[test]
fn tags_come_first() {
    lowers(
        &json!({"oneOf": [
            {"type": "object", "properties": {"n": {"type": "null"}, "t": {"const": "a"}}, "required": ["n", "t"]},
            {"type": "object", "properties": {"n": {"type": "null"}, "t": {"const": "b"}}, "required": ["n", "t"]},
        ]}),
        &json!({"anyOf": [
            object(&json!({"t": {"type": "string", "const": "a"}, "n": {"type": "null"}})),
            object(&json!({"t": {"type": "string", "const": "b"}, "n": {"type": "null"}})),
        ]}),
        &[],
        &[],
    );
}

#[test]
fn branches_that_begin_alike_are_boxed() {
    let branch = |title: &str, name: &str| json!({"title": title, "type": "object", "properties": {"id": {"type": "integer"}, name: {"type": "string"}}, "required": ["id", name]});
    let strict = |title: &str, name: &str| {
        let mut inner = object(&json!({"id": {"type": "integer"}, name: {"type": "string"}}));
        inner["title"] = json!(title);
        object(&json!({title: inner}))
    };
    lowers(
        &json!({"anyOf": [branch("Cat", "lives"), branch("Dog", "tricks")]}),
        &json!({"anyOf": [strict("Cat", "lives"), strict("Dog", "tricks")]}),
        &[("/anyOf/0", "unwrap"), ("/anyOf/1", "unwrap")],
        &[],
    );
}

#[test]
fn branches_that_look_alike_are_boxed() {
    lowers(
        &json!({"anyOf": [{"type": "string"}, {"type": "array"}]}),
        &json!({"anyOf": [
            {"type": "string"},
            object(&json!({"json": {"type": "string", "description": "Give this as JSON text of an array, such as [1, \"text\"]."}})),
        ]}),
        &[
            ("/anyOf/1", "unwrap"),
            ("/anyOf/1/properties/json", "json-text"),
        ],
        &[],
    );
}

#[test]
fn one_of_that_may_match_twice_is_relaxed() {
    lowers(
        &json!({"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]}),
        &json!({"anyOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]}),
        &[],
        &[("", "oneOf")],
    );
    // Two branches for the same value: no value matches just one.
    lowers(
        &json!({"oneOf": [{"type": "null"}, {"type": "null"}, {"type": "string"}]}),
        &json!({"anyOf": [{"type": "null"}, {"type": "string"}]}),
        &[],
        &[("", "oneOf")],
    );
}

#[test]
fn listed_values_of_all_kinds() {
    lowers(
        &json!({"enum": ["a", 1, {"k": [true]}]}),
        &json!({"anyOf": [
            {"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]},
            object(&json!({"k": object(&json!({"item_0": {"type": "boolean", "const": true}}))})),
        ]}),
        &[("/anyOf/2/properties/k", "tuple")],
        &[],
    );
}

#[test]
fn branches_without_values_are_dropped() {
    lowers(
        &json!({"anyOf": [{"type": "string"}, false, {"type": "integer", "minimum": 2, "maximum": 1}]}),
        &json!({"type": "string"}),
        &[],
        &[],
    );
    lowers(
        &json!({"type": "object", "properties": {"a": false, "b": {"type": "null"}}, "required": ["b"]}),
        &object(&json!({"b": {"type": "null"}})),
        &[],
        &[],
    );
}

/// What the whole document becomes.
#[track_caller]
fn document(schema: &Value, expected: &Value, plan: &Value) {
    match lower(schema, Dialect::openai()) {
        Ok(lowered) => {
            assert_eq!(&lowered.schema, expected);
            assert_eq!(
                &serde_json::to_value(&lowered.plan).expect("a plan is JSON"),
                plan
            );
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_root_that_is_no_object_is_wrapped() {
    let wrapped = |inner: Value| object(&json!({ "value": inner }));
    let unwrap = json!([{"pointer": "", "step": "unwrap", "field": "value"}]);
    document(
        &json!({"enum": ["a", "b"]}),
        &wrapped(json!({"type": "string", "enum": ["a", "b"]})),
        &unwrap,
    );
    document(
        &json!({"type": "array", "items": {"type": "null"}}),
        &wrapped(json!({"type": "array", "items": {"type": "null"}})),
        &unwrap,
    );
    document(
        &json!({"anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#"}}]}),
        &json!({"type": "object", "properties": {"value": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/root"}}]}},
            "required": ["value"], "additionalProperties": false,
            "$defs": {"root": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/root"}}]}}}),
        &unwrap,
    );
}

#[test]
fn a_root_that_is_a_reference_is_entered() {
    let node = json!({"type": "object", "properties": {"next": {"$ref": "#/definitions/Node<T>"}}});
    document(
        &json!({"$ref": "#/definitions/Node<T>", "definitions": {"Node<T>": node}}),
        &object(&json!({"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}})),
        &json!([{"pointer": "/properties/next", "step": "optional"}]),
    );
}

#[test]
fn names_of_definitions_are_mangled() {
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/Page<Item>"}}, "required": ["a"],
        "$defs": {"Page<Item>": {"type": "array", "items": {"$ref": "#/$defs/Page<Item>"}}}});
    let lowered = lower(&schema, Dialect::openai()).expect("it lowers");
    let names: Vec<&String> = lowered.schema["$defs"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .collect();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0], &larkspur_schema::mangle_name("Page<Item>"));
}

#[test]
fn what_is_too_deep_is_text() {
    let mut schema =
        json!({"type": "object", "properties": {"leaf": {"type": "string"}}, "required": ["leaf"]});
    for _ in 0..12 {
        schema = json!({"type": "object", "properties": {"x": schema}, "required": ["x"]});
    }
    let lowered = lower(&schema, Dialect::openai()).expect("it lowers");
    let at = "/properties/x".repeat(11);
    let cut = lowered.schema.pointer(&at).expect("it is there");
    assert_eq!(cut["type"], "string");
    assert_eq!(lowered.relaxations.len(), 1);
    assert_eq!(lowered.relaxations[0].pointer.as_str(), at);
}

#[test]
fn the_plain_dialect_changes_nothing() {
    let schema = json!({"oneOf": [{"prefixItems": [true]}, {"not": {}}]});
    let lowered = lower(&schema, Dialect::plain()).expect("it lowers");
    assert_eq!(lowered.schema, schema);
    assert!(lowered.plan.is_empty() && lowered.relaxations.is_empty());
}

#[test]
fn the_order_of_properties_is_kept() {
    let schema = json!({"type": "object", "properties": {"z": {"type": "string"}, "a": {}, "m": {"type": "null"}}, "required": ["m"]});
    let lowered = lower(&schema, Dialect::openai()).expect("it lowers");
    let names: Vec<&String> = lowered.schema["properties"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .collect();
    assert_eq!(names, ["z", "a", "m"]);
    assert_eq!(lowered.schema["required"], json!(["z", "a", "m"]));
}
