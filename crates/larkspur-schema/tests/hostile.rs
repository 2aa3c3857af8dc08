//! Schemas and answers that are made to hurt: each ends in time, with a typed error or a result.
#![expect(clippy::panic, reason = "tests")]

use larkspur_schema::{Dialect, Lift, Lowered, check, lower};
use serde_json::{Map, Value, json};

/// The code of the first reason for which a schema is refused.
#[track_caller]
fn refusal(schema: &Value) -> &'static str {
    match lower(schema, Dialect::openai()) {
        Ok(lowered) => panic!(
            "it was lowered to {} bytes",
            lowered.schema.to_string().len()
        ),
        Err(error) => error
            .diagnostics()
            .first()
            .map_or("none", |first| first.code),
    }
}

/// Nests an array schema this deep. Leaks it, because dropping it would take as much stack as it is deep.
fn nested(depth: usize) -> &'static Value {
    let mut schema = json!({"type": "string"});
    for _ in 0..depth {
        let mut outer = Map::new();
        outer.insert("items".to_owned(), schema);
        schema = Value::Object(outer);
    }
    Box::leak(Box::new(schema))
}

#[test]
fn nesting_without_end() {
    let schema = nested(100_000);
    assert_eq!(refusal(schema), "nested-too-deep");
    assert_eq!(check(schema, None)[0].code, "nested-too-deep");
    assert_eq!(
        check(schema, Some(Dialect::openai()))[0].code,
        "nested-too-deep"
    );
}

#[test]
fn as_deep_as_is_read() {
    let lowered = lower(nested(100), Dialect::openai()).unwrap();
    assert!(check(&lowered.schema, Some(Dialect::openai())).is_empty());
}

/// An object with this many properties of one schema.
fn wide(count: usize, property: &Value) -> Value {
    let properties: Value = (0..count)
        .map(|number| (format!("p{number}"), property.clone()))
        .collect();
    json!({"type": "object", "properties": properties})
}

/// Refused before the passes where every property is plain, and after them where it takes the passes to see.
#[test]
fn fifty_thousand_properties() {
    let plain = json!({"type": ["string", "null"], "description": "x"});
    let byte = json!({"type": "integer", "minimum": 0, "maximum": 255});
    let maybe = json!({"anyOf": [wide(1, &byte), {"type": "null"}]});
    let pattern = json!({"type": "string", "pattern": "^a$"});
    let mut required = wide(50_000, &plain);
    required["required"] = (0..50_000).map(|number| format!("p{number}")).collect();
    for (schema, count) in [
        (wide(50_000, &plain), "at least 50000 properties"),
        (required, "at least 50000 properties"),
        (wide(100, &wide(500, &plain)), "at least 50100 properties"),
        (
            wide(10, &json!({"type": "array", "items": wide(600, &plain)})),
            "at least 6010 properties",
        ),
        (wide(50_000, &byte), "at least 50000 properties"),
        (wide(10_000, &maybe), "at least 10000 properties"),
        (wide(10_000, &pattern), "10000 properties"),
        (wide(5_001, &plain), "at least 5001 properties"),
    ] {
        let error = lower(&schema, Dialect::openai()).unwrap_err();
        let first = &error.diagnostics()[0];
        assert_eq!(first.code, "too-many-properties");
        let expected = format!("the schema has {count}, 5000 are allowed");
        assert_eq!(first.message, expected);
    }
}

/// What is not sent does not count.
#[test]
fn properties_that_are_not_sent() {
    let plain = json!({"type": "string"});
    assert!(lower(&wide(5_000, &plain), Dialect::openai()).is_ok());

    for impossible in [
        json!({"type": "object", "properties": {"x": false}, "required": ["x"]}),
        json!({"type": "integer", "minimum": 3, "maximum": 2}),
        json!({"anyOf": [false, {"type": "string", "enum": [7]}]}),
    ] {
        let lowered = lower(&wide(5_001, &impossible), Dialect::openai());
        assert_eq!(
            lowered.unwrap().schema["properties"],
            json!({}),
            "{impossible}"
        );
    }

    let mut unused = wide(10, &plain);
    unused["$defs"] = json!({"never": wide(6_000, &plain)});
    assert!(lower(&unused, Dialect::openai()).is_ok());

    let mut dropped = wide(6_000, &plain);
    dropped["properties"]["p7"] = json!(false);
    dropped["required"] = json!(["p7"]);
    let dropped = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": dropped}});
    let lowered = lower(&dropped, Dialect::openai()).unwrap();
    assert_eq!(lowered.schema["required"], json!(["a"]));
}

#[test]
fn a_long_list_becomes_a_description() {
    let values: Vec<String> = (0..50_000)
        .map(|number| format!("value {number}"))
        .collect();
    let schema = json!({"type": "object", "properties": {"x": {"enum": values}, "y": {"enum": ["a", "b"]}}, "required": ["x", "y"]});
    let lowered = lower(&schema, Dialect::openai()).unwrap();
    assert_eq!(lowered.schema["properties"]["x"]["type"], "string");
    assert_eq!(lowered.schema["properties"]["y"]["enum"], json!(["a", "b"]));
    assert_eq!(
        (
            lowered.relaxations[0].keyword.as_str(),
            lowered.relaxations[0].pointer.as_str()
        ),
        ("enum", "/properties/x")
    );
}

/// `d0` is made of two `d1`, `d1` of two `d2`, and so on.
fn bomb(levels: usize, of: impl Fn(Value) -> Value) -> Value {
    let mut definitions = Map::new();
    for level in 0..levels {
        definitions.insert(
            format!("d{level}"),
            of(json!(format!("#/$defs/d{}", level + 1))),
        );
    }
    definitions.insert(
        format!("d{levels}"),
        json!({"type": "object", "properties": {"end": {"type": "string"}}}),
    );
    json!({"$ref": "#/$defs/d0", "$defs": definitions})
}

#[test]
fn references_that_double() {
    // Printed in place, the described references would come to 2^60 schemas.
    let described = bomb(60, |next| {
        let link = json!({"$ref": next, "description": "again"});
        json!({"type": "object", "properties": {"a": link, "b": link}, "required": ["a", "b"]})
    });
    let lowered = lower(&described, Dialect::openai()).unwrap();
    assert!(lowered.schema.to_string().len() < 2_000_000);
    assert!(check(&lowered.schema, Some(Dialect::openai())).is_empty());

    let merged = bomb(60, |next| {
        let both = json!({"allOf": [{"$ref": next}, {"properties": {"x": {"type": "string"}}}]});
        json!({"type": "object", "properties": {"a": both, "b": {"allOf": [both, {"required": ["x"]}]}}})
    });
    let lowered = lower(&merged, Dialect::openai()).unwrap();
    assert!(lowered.schema.to_string().len() < 2_000_000);

    let unions = bomb(
        40,
        |next| json!({"anyOf": [{"$ref": next}, {"$ref": next}]}),
    );
    let lowered = lower(&unions, Dialect::openai()).unwrap();
    assert!(lowered.schema.to_string().len() < 100_000);
}

#[test]
fn references_that_lead_nowhere() {
    assert_eq!(refusal(&json!({"$ref": "#"})), "cyclic-ref");
    assert_eq!(
        refusal(&json!({"allOf": [{"$ref": "#"}, {"type": "object"}]})),
        "cyclic-ref"
    );
    assert_eq!(
        refusal(
            &json!({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"oneOf": [{"$ref": "#"}]}}})
        ),
        "cyclic-ref"
    );
    assert_eq!(
        refusal(&json!({"$ref": "#/properties/a"})),
        "unresolved-ref"
    );
    assert_eq!(
        refusal(&json!({"$ref": "#/$defs/%FF", "$defs": {}})),
        "unresolved-ref"
    );
    assert_eq!(
        refusal(&json!({"$ref": "file:///etc/passwd"})),
        "remote-ref"
    );
    assert_eq!(refusal(&json!({"$ref": 7})), "malformed-schema");
}

#[test]
fn a_chain_of_fifty_thousand_definitions() {
    let mut definitions = Map::new();
    for level in 0..50_000 {
        let next = format!("#/$defs/d{}", level + 1);
        definitions.insert(format!("d{level}"), json!({"$ref": next}));
    }
    definitions.insert("d50000".to_owned(), json!({"type": "string"}));
    let lowered = lower(
        &json!({"$ref": "#/$defs/d0", "$defs": definitions}),
        Dialect::openai(),
    )
    .unwrap();
    assert_eq!(
        lowered.schema["properties"]["value"],
        json!({"type": "string"})
    );
}

#[test]
fn a_chain_of_conjunctions() {
    let mut definitions = Map::new();
    for level in 0..20_000 {
        let next = format!("#/$defs/d{}", level + 1);
        definitions.insert(
            format!("d{level}"),
            json!({"allOf": [{"$ref": next}, {"required": ["a"]}]}),
        );
    }
    definitions.insert("d20000".to_owned(), json!({"type": "object"}));
    assert_eq!(
        refusal(&json!({"$ref": "#/$defs/d0", "$defs": definitions})),
        "merge-too-deep"
    );
}

#[test]
fn what_is_no_schema_is_refused_with_a_reason() {
    for schema in [
        json!(1),
        json!([]),
        json!({"type": 5}),
        json!({"type": ["object", {}]}),
        json!({"properties": []}),
        json!({"properties": {"a": 1}}),
        json!({"required": "a", "type": "object"}),
        json!({"required": [1], "type": "object"}),
        json!({"enum": 1}),
        json!({"anyOf": {}}),
        json!({"type": "string", "minLength": -1}),
        json!({"type": "number", "minimum": "0"}),
        json!({"description": 1}),
        json!(false),
        json!({"enum": []}),
        json!({"type": "string", "minLength": 2, "maxLength": 1}),
    ] {
        let error = lower(&schema, Dialect::openai()).unwrap_err();
        assert!(!error.diagnostics().is_empty(), "{schema}");
    }
}

/// A tree whose two branches cannot be told apart until its end, 100 deep.
#[test]
fn an_ambiguous_union_is_decided_in_time() {
    let schema = json!({
        "type": "object",
        "properties": {"t": {"$ref": "#/$defs/T"}},
        "required": ["t"],
        "$defs": {"T": {"anyOf": [
            {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/T"}, {"type": "object", "additionalProperties": {"type": "integer"}}]}},
            {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/T"}, {"type": "object", "additionalProperties": {"type": "string"}}]}},
            {"type": "null"},
        ]}},
    });
    let lowered = lower(&schema, Dialect::openai()).unwrap();
    let lift = Lift::new(&lowered).unwrap();
    let mut value = json!({"k": "v"});
    for _ in 0..50 {
        value = json!([value, null]);
    }
    let value = json!({ "t": value });
    let said = lift.lower_value(&value).unwrap();
    let text = said.to_string();
    let lifted = lift.lift(larkspur_json::parse(&text).unwrap()).unwrap();
    assert_eq!(lifted.to_value(), value);
}

#[test]
fn plans_that_were_edited_are_refused() {
    let plans = [
        json!([{"pointer": "/properties/y", "step": "optional"}]),
        json!([{"pointer": "", "step": "entries", "key": "key", "value": "value"}]),
        json!([{"pointer": "", "step": "unwrap", "field": "y"}]),
        json!([{"pointer": "", "step": "tuple", "fields": ["x"], "required": 2}]),
        json!([{"pointer": "/nowhere", "step": "json-text", "of": "any"}]),
    ];
    for plan in plans {
        let lowered: Lowered = serde_json::from_value(json!({
            "schema": {"type": "object", "properties": {"x": {"type": "string"}}},
            "plan": plan,
            "relaxations": [],
        }))
        .unwrap();
        assert!(Lift::new(&lowered).is_err(), "{plan}");
    }
    let cyclic: Lowered = serde_json::from_value(json!({
        "schema": {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
        "plan": [{"pointer": "/properties/x", "step": "optional"}],
        "relaxations": [],
    }))
    .unwrap();
    let lift = Lift::new(&cyclic).unwrap();
    let answer = larkspur_json::parse(r#"{"x": 1}"#).unwrap();
    assert!(lift.lift(answer).is_ok());
}

/// Every dialect says something in time to whatever it is given; what it lowers, it takes.
#[test]
fn no_dialect_is_stuck() {
    let deep = bomb(
        40,
        |next| json!({"type": "object", "properties": {"a": {"$ref": next}, "b": {"$ref": next}}}),
    );
    let unions = bomb(
        30,
        |next| json!({"anyOf": [{"$ref": next}, {"type": "array", "items": {"$ref": next}}]}),
    );
    let tuples = bomb(
        30,
        |next| json!({"type": "array", "prefixItems": [{"$ref": next}, {"$ref": next}]}),
    );
    let knot = json!({"$ref": "#/$defs/a", "$defs": {
        "a": {"type": "object", "additionalProperties": {"$ref": "#/$defs/b"}, "properties": {"b": {"$ref": "#/$defs/b"}}, "required": ["b"]},
        "b": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/a"}}, {"$ref": "#/$defs/a"}]},
    }});
    let old = json!({"items": [{"nullable": true, "items": [{"$ref": "#/items/0"}]}], "dependencies": {"a": {"nullable": true}}});
    for schema in [&deep, &unions, &tuples, &knot, &old, nested(120)] {
        for dialect in Dialect::all() {
            let name = dialect.name();
            match lower(schema, dialect) {
                Ok(lowered) => {
                    assert!(lowered.schema.to_string().len() < 20_000_000, "{name}");
                    let found = check(&lowered.schema, Some(dialect));
                    let errors: Vec<_> = found.iter().filter(|one| one.is_error()).collect();
                    assert!(
                        errors.is_empty() || name == "plain",
                        "{name}: {}",
                        errors[0]
                    );
                    assert!(Lift::new(&lowered).is_ok(), "{name}");
                }
                Err(error) => assert!(!error.diagnostics().is_empty(), "{name}"),
            }
        }
    }
}
