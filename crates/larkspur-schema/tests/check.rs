//! Checking: what is refused, with which code, where, and in the server's own words.
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests: a literal reads better than a reference to one"
)]

use larkspur_schema::{Dialect, Severity, SharedSchema, Weight, check, check_request};
use serde_json::{Value, json};

/// The one diagnostic that the schema gets for OpenAI, and what the server says.
#[track_caller]
fn refused(schema: Value, code: &str, pointer: &str, server: &str) {
    let found = check(&schema, Some(Dialect::openai()));
    let [only] = found.as_slice() else {
        panic!("expected one diagnostic, found {found:#?}")
    };
    assert_eq!(
        (only.code, only.pointer.as_str()),
        (code, pointer),
        "{only}"
    );
    assert_eq!(only.server_message.as_deref(), Some(server));
    assert_eq!(only.severity, Severity::Error);
    assert!(only.hint.is_some(), "{only} has no hint");
}

#[track_caller]
fn accepted(schema: Value) {
    assert_eq!(check(&schema, Some(Dialect::openai())), []);
    assert_eq!(check(&schema, None), []);
}

/// A strict object with one property.
fn object(property: Value) -> Value {
    json!({"type": "object", "properties": {"x": property}, "required": ["x"], "additionalProperties": false})
}

#[test]
fn what_the_guide_allows_is_accepted() {
    accepted(json!({"type": "object", "properties": {}, "additionalProperties": false}));
    accepted(object(json!({"type": "string", "pattern": "^[a-z]+$"})));
    accepted(object(
        json!({"type": ["string", "null"], "format": "date-time"}),
    ));
    accepted(object(
        json!({"type": ["string", "null"], "enum": ["a", null]}),
    ));
    accepted(object(
        json!({"type": "integer", "minimum": 1, "exclusiveMaximum": 9, "multipleOf": 2}),
    ));
    accepted(object(
        json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2}),
    ));
    accepted(object(
        json!({"type": "string", "const": "a", "title": "A", "description": "An a"}),
    ));
    accepted(object(
        json!({"anyOf": [object(json!({"type": "null"})), {"type": "null"}]}),
    ));
    accepted(object(json!({"anyOf": [{"$ref": "#"}, {"type": "null"}]})));
    let mut tree = object(json!({"$ref": "#/$defs/Tree"}));
    tree["$defs"] =
        json!({"Tree": object(json!({"type": "array", "items": {"$ref": "#/$defs/Tree"}}))});
    accepted(tree);
}

#[test]
fn objects_are_closed_and_all_is_required() {
    let mut open = object(json!({"type": "string"}));
    open["additionalProperties"] = json!(true);
    refused(
        open.clone(),
        "open-object",
        "",
        "In context=(), 'additionalProperties' is required to be supplied and to be false.",
    );
    refused(
        object(open),
        "open-object",
        "/properties/x",
        "In context=('properties', 'x'), 'additionalProperties' is required to be supplied and to be false.",
    );
    let mut optional = object(json!({"type": "string"}));
    optional["required"] = json!([]);
    refused(
        optional.clone(),
        "optional-property",
        "/properties/x",
        "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'x'.",
    );
    optional["required"] = json!(["x", "y"]);
    refused(
        optional,
        "unknown-required",
        "/required",
        "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Extra required key 'y' supplied.",
    );
    refused(
        object(json!({"type": "object"})),
        "object-without-properties",
        "/properties/x",
        "In context=('properties', 'x'), object schema missing properties.",
    );
}

#[test]
fn keywords_outside_the_subset() {
    let base = json!({"type": "array", "items": {"type": "string"}});
    for (keyword, value) in [
        ("uniqueItems", json!(true)),
        ("contains", json!({"type": "string"})),
        ("x-order", json!(1)),
    ] {
        let mut schema = base.clone();
        schema[keyword] = value;
        let server = format!("In context=('properties', 'x'), '{keyword}' is not permitted.");
        refused(
            object(schema),
            "keyword-not-permitted",
            &format!("/properties/x/{keyword}"),
            &server,
        );
    }
    for keyword in ["minLength", "maxLength"] {
        let server = format!("In context=('properties', 'x'), '{keyword}' is not permitted.");
        let schema = object(json!({"type": "string", keyword: 3}));
        refused(
            schema,
            "keyword-not-permitted",
            &format!("/properties/x/{keyword}"),
            &server,
        );
    }
    refused(
        object(json!({"type": "string", "format": "uri"})),
        "format-not-permitted",
        "/properties/x/format",
        "In context=('properties', 'x'), 'uri' is not a valid format.",
    );
    refused(
        object(json!({"type": "string", "pattern": "^(?=.*a).*$"})),
        "pattern-not-regular",
        "/properties/x/pattern",
        "Invalid JSON schema: regex lookaround is not supported. Found at $.properties.x.pattern.",
    );
}

#[test]
fn what_reports_differ_on_is_a_warning() {
    for (keyword, value) in [("default", json!("a")), ("examples", json!(["a"]))] {
        let found = check(
            &object(json!({"type": "string", keyword: value})),
            Some(Dialect::openai()),
        );
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].code, found[0].severity),
            ("disputed-keyword", Severity::Warning)
        );
    }
    let branch = |name: &str| {
        json!({"type": "object", "properties": {"id": {"type": "string"}, name: {"type": "string"}},
        "required": ["id", name], "additionalProperties": false})
    };
    let found = check(
        &object(json!({"anyOf": [branch("a"), branch("b")]})),
        Some(Dialect::openai()),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].code, found[0].pointer.as_str()),
        ("shared-first-key", "/properties/x/anyOf")
    );
    assert!(
        found[0]
            .server_message
            .as_ref()
            .is_some_and(|text| text.starts_with("Objects provided via 'anyOf' must not"))
    );
}

#[test]
fn the_root_is_an_object() {
    refused(
        json!({"type": "array", "items": {"type": "string"}}),
        "root-not-object",
        "",
        r#"schema must be a JSON Schema of 'type: "object"', got 'type: "array"'."#,
    );
    refused(
        json!({"anyOf": [object(json!({"type": "string"}))]}),
        "root-not-object",
        "",
        r#"schema must be a JSON Schema of 'type: "object"', got 'type: "None"'."#,
    );
    let mut both = object(json!({"type": "string"}));
    both["anyOf"] = json!([object(json!({"type": "string"}))]);
    refused(
        both,
        "root-union",
        "",
        "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
    );
}

#[test]
fn every_schema_says_what_it_is() {
    refused(
        object(json!({"description": "anything"})),
        "missing-type",
        "/properties/x",
        "In context=('properties', 'x'), schema must have a 'type' key.",
    );
    refused(
        object(json!({"type": "array"})),
        "array-without-items",
        "/properties/x",
        "In context=('properties', 'x'), array schema missing items.",
    );
    refused(
        object(json!({"enum": ["a", 1], "type": ["string", "integer"]})),
        "mixed-enum",
        "/properties/x/enum",
        "enum values must be of the same type",
    );
}

#[test]
fn references_stand_alone() {
    let mut schema = object(json!({"$ref": "#/$defs/A", "description": "an a"}));
    schema["$defs"] = json!({"A": {"type": "string"}});
    refused(
        schema,
        "ref-siblings",
        "/properties/x",
        "context=('properties', 'x'), $ref cannot have keywords {'description'}.",
    );
}

#[test]
fn sizes_are_limited() {
    let mut deep = object(json!({"type": "string"}));
    for _ in 0..11 {
        deep = object(deep);
    }
    let pointer = "/properties/x".repeat(11);
    refused(
        deep,
        "too-deep",
        &pointer,
        "11 levels of nesting exceeds limit of 10.",
    );

    let names: Vec<String> = (0..5_001).map(|number| format!("p{number}")).collect();
    let properties: Value = names
        .iter()
        .map(|name| (name.clone(), json!({"type": "string"})))
        .collect();
    let wide = json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false});
    refused(
        wide,
        "too-many-properties",
        "",
        "5001 parameters exceeds limit of 5000.",
    );

    let values: Vec<String> = (0..251).map(|number| format!("{number:060}")).collect();
    let found = check(
        &object(json!({"type": "string", "enum": values})),
        Some(Dialect::openai()),
    );
    assert_eq!(found[0].code, "enum-too-long");
    assert_eq!(
        found[0].server_message.as_deref(),
        Some(
            "Expected at most 15000 total characters across enum values when there are more than 250 enum values, but received 15060."
        )
    );
}

#[test]
fn listed_values_are_counted_each_time() {
    let list = |count: usize| json!({"type": "integer", "enum": (0..count).collect::<Vec<_>>()});
    let codes = |schema: &Value| {
        check(schema, Some(Dialect::openai()))
            .iter()
            .map(|found| found.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&object(list(999))), [""; 0]);
    assert_eq!(codes(&object(list(1_000))), ["many-enum-values"]);
    assert_eq!(codes(&object(list(1_001))), ["too-many-enum-values"]);
    let twice = json!({"type": "object", "properties": {"x": list(600), "y": list(600)}, "required": ["x", "y"], "additionalProperties": false});
    assert_eq!(codes(&twice), ["too-many-enum-values"]);
}

#[test]
fn a_request_is_counted_as_a_whole() {
    let list =
        |count: usize| object(json!({"type": "integer", "enum": (0..count).collect::<Vec<_>>()}));
    let [small, large] = [400, 700].map(|count| Weight::of(&list(count)));
    let fits = [("small", small), ("again", small)];
    assert_eq!(check_request(&fits, Dialect::openai()), []);
    let exceeds = [("small", small), ("large", large)];
    let found = check_request(&exceeds, Dialect::openai());
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "the request lists 1100 enum values, 1000 are allowed; the heaviest part is `large` with 700"
    );
    assert_eq!(check_request(&exceeds, Dialect::plain()), []);
    // What nobody looks into weighs nothing, and is refused by itself.
    let nested = (0..200).fold(list(700), |inner, _| json!({"not": inner}));
    assert_eq!(Weight::of(&nested), Weight::of(&json!(true)));
    assert_eq!(check(&nested, None)[0].code, "nested-too-deep");
    let shared = SharedSchema::from(list(700));
    assert_eq!([shared.weight(), shared.clone().weight()], [large; 2]);
}

#[test]
fn everything_is_told_at_once() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "format": "uri"}, "b": {"oneOf": []}}});
    let codes: Vec<_> = check(&schema, Some(Dialect::openai()))
        .iter()
        .map(|found| found.code)
        .collect();
    assert_eq!(
        codes,
        [
            "not-a-schema",
            "open-object",
            "optional-property",
            "optional-property",
            "format-not-permitted",
            "keyword-not-permitted"
        ]
    );
}

/// Without a dialect: the code and the pointer of the first diagnostic.
#[track_caller]
fn unusable(schema: Value, code: &str, pointer: &str) {
    let found = check(&schema, None);
    assert!(!found.is_empty(), "{schema} is taken");
    assert_eq!(
        (found[0].code, found[0].pointer.as_str()),
        (code, pointer),
        "{}",
        found[0]
    );
}

#[test]
fn a_schema_has_to_be_one() {
    unusable(json!({"type": "strin"}), "not-a-schema", "/type");
    unusable(json!(3), "not-a-schema", "");
    unusable(
        json!({"properties": {"a": {"minimum": "1"}}}),
        "not-a-schema",
        "/properties/a/minimum",
    );
    unusable(json!({"$ref": "#/$defs/A"}), "unresolved-ref", "/$ref");
    unusable(
        json!({"properties": {"a": {"$ref": "https://example.com/a.json"}}}),
        "remote-ref",
        "/properties/a/$ref",
    );
    unusable(
        json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}),
        "cyclic-ref",
        "/$defs/A",
    );
    unusable(json!({"anyOf": [{"$ref": "#"}]}), "cyclic-ref", "");
    unusable(
        json!({"$schema": "https://example.com/own", "type": "object"}),
        "unknown-draft",
        "/$schema",
    );
}

#[test]
fn every_draft_is_a_schema() {
    for schema in [
        json!({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true}),
        json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "definitions": {}}),
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "prefixItems": [true]}),
        json!({"properties": {"next": {"$ref": "#"}}}),
        json!({"$ref": "#a", "$defs": {"A": {"$anchor": "a", "type": "object"}}}),
        json!(true),
    ] {
        assert_eq!(check(&schema, None), [], "{schema}");
    }
}
