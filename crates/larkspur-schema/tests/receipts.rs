//! What each dialect makes of a schema, and the receipt for it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests: a literal reads better than a reference to one"
)]

use larkspur_schema::Change::{self, Described, Kept, Narrowed, Widened};
use larkspur_schema::Enforcer::{self, Check, Nobody, Server};
use larkspur_schema::{Dialect, Lift, lower};
use serde_json::{Value, json};

fn dialect(name: &str) -> &'static Dialect {
    Dialect::named(name).expect("a dialect of this name")
}

/// A closed object with one required property.
fn object(property: Value) -> Value {
    json!({"type": "object", "properties": {"x": property}, "required": ["x"], "additionalProperties": false})
}

/// What `x` is lowered to, and the receipt below it: rule, what happened, who enforces it.
#[track_caller]
fn lowers(name: &str, property: Value, expected: Value, receipt: &[(&str, Change, Enforcer)]) {
    let lowered = lower(&object(property), dialect(name)).expect("it lowers");
    assert_eq!(lowered.schema["properties"]["x"], expected, "{name}");
    let found: Vec<(&str, Change, Enforcer)> = lowered
        .receipt
        .iter()
        .map(|entry| (entry.rule.as_str(), entry.change, entry.by))
        .collect();
    assert_eq!(found, receipt, "{name}: {:#?}", lowered.receipt);
}

#[test]
fn each_dialect_says_it_in_its_own_way() {
    let open = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let closed = json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false});
    lowers(
        "llama-cpp",
        open.clone(),
        closed.clone(),
        &[("additionalProperties", Narrowed, Server)],
    );
    lowers(
        "vllm",
        open.clone(),
        closed,
        &[("additionalProperties", Narrowed, Server)],
    );
    lowers("llguidance", open.clone(), open, &[]);

    let exclusive = json!({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 9});
    lowers(
        "gemini-json-schema",
        exclusive.clone(),
        json!({"type": "integer", "minimum": 4, "maximum": 8}),
        &[],
    );
    lowers(
        "anthropic",
        exclusive,
        json!({"type": "integer", "description": "More than 3. Less than 9."}),
        &[
            ("exclusiveMinimum", Described, Check),
            ("exclusiveMaximum", Described, Check),
        ],
    );

    let nullable = json!({"type": ["string", "null"], "description": "A name", "maxLength": 5});
    lowers(
        "gemini-schema",
        nullable,
        json!({"description": "A name", "type": "STRING", "maxLength": 5, "nullable": true}),
        &[],
    );
    lowers(
        "gemini-schema",
        json!({"const": "a"}),
        json!({"type": "STRING", "enum": ["a"]}),
        &[],
    );
    lowers(
        "gemini-schema",
        json!({"enum": [1, 2]}),
        json!({"type": "INTEGER", "description": "One of 1, 2."}),
        &[("enum", Described, Check)],
    );

    let pair = json!({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "minItems": 2, "items": false});
    lowers(
        "llama-cpp",
        pair.clone(),
        json!({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "minItems": 2, "maxItems": 2}),
        &[],
    );
    lowers(
        "anthropic",
        pair,
        json!({"type": "object", "properties": {"item_0": {"type": "number"}, "item_1": {"type": "string"}}, "required": ["item_0", "item_1"], "additionalProperties": false}),
        &[("prefixItems", Kept, Server)],
    );

    lowers(
        "llama-cpp",
        json!({}),
        json!({"type": ["null", "boolean", "number", "string", "array", "object"]}),
        &[],
    );
    lowers(
        "llama-cpp",
        json!({"type": "string", "pattern": r"^\d{3}-\w+$"}),
        json!({"type": "string", "pattern": "^[0-9]{3}-[A-Za-z0-9_]+$"}),
        &[],
    );
    lowers(
        "llama-cpp",
        json!({"type": "number", "minimum": 0}),
        json!({"type": "number", "description": "At least 0."}),
        &[("minimum", Described, Check)],
    );
    lowers(
        "vllm",
        json!({"type": "string", "pattern": "^a+$", "maxLength": 3}),
        json!({"type": "string", "pattern": "^a+$", "description": "At most 3 characters."}),
        &[("maxLength", Described, Check)],
    );
    lowers(
        "openai",
        json!({"type": "integer", "maximum": u64::MAX, "x-order": 1}),
        json!({"type": "integer"}),
        &[("x-order", Widened, Nobody), ("maximum", Widened, Check)],
    );
}

#[test]
fn required_properties_come_first_where_the_server_writes_them_first() {
    let schema = object(
        json!({"type": "object", "properties": {"a": {"type": "null"}, "b": {"type": "null"}}, "required": ["b"], "additionalProperties": false}),
    );
    for name in ["anthropic", "llama-cpp"] {
        let lowered = lower(&schema, dialect(name)).expect("it lowers");
        let names: Vec<&String> = lowered.schema["properties"]["x"]["properties"]
            .as_object()
            .expect("an object")
            .keys()
            .collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(
            (lowered.receipt[0].rule.as_str(), lowered.receipt[0].change),
            ("properties", Narrowed)
        );
    }
    assert!(
        lower(&schema, Dialect::vllm())
            .expect("it lowers")
            .receipt
            .is_empty()
    );
}

#[test]
fn recursion_is_carried_as_text_where_it_is_not_taken() {
    let schema = json!({"type": "object", "properties": {
        "name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}},
    }, "required": ["name", "children"], "additionalProperties": false});
    let tree = json!({"name": "a", "children": [{"name": "b", "children": [{"name": "c", "children": []}]}]});
    for name in ["anthropic", "gemini-schema", "gemini-json-schema"] {
        let lowered = lower(&schema, dialect(name)).expect("it lowers");
        assert!(
            !lowered.schema.to_string().contains("$ref"),
            "{}",
            lowered.schema
        );
        let lift = Lift::new(&lowered).expect("a plan that fits");
        let said = lift.lower_value(&tree).expect("it can be said");
        assert!(said["children"][0].is_string(), "{name}: {said}");
        let text = said.to_string();
        let lifted = lift
            .lift(larkspur_json::parse(&text).expect("JSON"))
            .expect("it lifts");
        assert_eq!(lifted.to_value(), tree);
    }
    for name in ["openai", "vllm", "llguidance"] {
        let lowered = lower(&schema, dialect(name)).expect("it lowers");
        assert_eq!(lowered.schema, schema, "{name}");
    }
    let lowered = lower(&schema, dialect("llama-cpp")).expect("it lowers");
    let items = &lowered.schema["properties"]["children"]["items"];
    assert_eq!(items, &json!({"$ref": "#/$defs/root"}));
}

#[test]
fn the_receipt_names_the_type() {
    let schema = json!({"title": "Order", "type": "object", "properties": {
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
    }, "$defs": {"Item": {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}}}}});
    let lowered = lower(&schema, Dialect::openai()).expect("it lowers");
    let said: Vec<String> = lowered
        .receipt
        .iter()
        .map(|entry| {
            format!(
                "{} {} {}",
                entry.place.as_deref().unwrap_or("?"),
                entry.rule,
                entry.change
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "Order additionalProperties narrowed",
            "Order.items required kept in another form",
            "Item additionalProperties narrowed",
            "Item.tags required kept in another form",
            "Item.tags uniqueItems moved to the description",
        ]
    );
    let error = lower(
        &json!({"title": "Bad", "type": "object", "properties": {"a": {"$ref": "#/nowhere"}}}),
        Dialect::openai(),
    )
    .expect_err("it leads nowhere");
    let entry = &error.receipt()[0];
    assert_eq!(
        (entry.place.as_deref(), entry.change, entry.rule.as_str()),
        (Some("Bad.a"), Change::Refused, "unresolved-ref")
    );
}
