//! Schemas in the strict subset, from small to nasty.

use serde_json::{Value, json};

/// A closed object that requires all of its properties.
pub(crate) fn object(properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

pub(crate) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("empty", object(&json!({}))),
        (
            "person",
            object(
                &json!({"name": {"type": "string"}, "age": {"type": "integer"}, "city": {"type": "string"}}),
            ),
        ),
        ("order", order()),
        ("tree", tree()),
        ("list", list()),
        ("expression", expression()),
        ("numbers", numbers()),
        ("formats", formats()),
        ("patterns", patterns()),
        ("unions", unions()),
        ("bounds", bounds()),
        ("keys", keys()),
    ]
}

fn order() -> Value {
    object(&json!({
        "id": {"type": "string", "format": "uuid"},
        "placed": {"type": "string", "format": "date-time"},
        "email": {"type": "string", "format": "email"},
        "status": {"type": "string", "enum": ["new", "paid", "sent", "returned"]},
        "address": object(&json!({"street": {"type": "string"}, "city": {"type": "string"}})),
        "lines": {"type": "array", "items": object(&json!({
            "sku": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1}, "price": {"type": "number", "minimum": 0}}))},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }))
}

fn tree() -> Value {
    object(
        &json!({"label": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}}),
    )
}

fn list() -> Value {
    let mut schema = object(&json!({"head": {"$ref": "#/$defs/node"}}));
    schema["$defs"] = json!({"node": object(&json!({
        "value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}))});
    schema
}

fn expression() -> Value {
    let mut schema = object(&json!({"expression": {"$ref": "#/$defs/expression"}}));
    let expression = json!({"$ref": "#/$defs/expression"});
    schema["$defs"] = json!({"expression": {"anyOf": [
        object(&json!({"add": object(&json!({"left": expression, "right": expression}))})),
        object(&json!({"negate": expression})),
        object(&json!({"number": {"type": "number"}})),
    ]}});
    schema
}

fn numbers() -> Value {
    object(&json!({
        "small": {"type": "integer", "minimum": -3, "maximum": 3},
        "open": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "cents": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000},
        "dozens": {"type": "integer", "multipleOf": 12, "minimum": 1, "maximum": 200},
        "large": {"type": "integer", "minimum": 9_000_000_000_000_000_i64},
        "u64": {"type": "integer", "minimum": 0, "maximum": u64::MAX},
        "negative": {"type": "number", "maximum": -1000},
        "fixed": {"type": "integer", "const": 42},
        "any": {"type": "number"},
    }))
}

fn formats() -> Value {
    let format = |name: &str| json!({"type": "string", "format": name});
    object(&json!({
        "date": format("date"), "date_time": format("date-time"), "time": format("time"), "duration": format("duration"),
        "email": format("email"), "hostname": format("hostname"), "ipv4": format("ipv4"), "ipv6": format("ipv6"),
        "uuid": format("uuid"),
    }))
}

fn patterns() -> Value {
    let pattern = |text: &str| json!({"type": "string", "pattern": text});
    object(&json!({
        "code": pattern("^[A-Z]{3}-[0-9]{4}$"),
        "choice": pattern("^(red|green|blue)(,(red|green|blue)){0,3}$"),
        "phone": pattern(r"^\+[1-9]\d{6,14}$"),
        "words": pattern(r"^\w+( \w+)*$"),
        "umlaut": pattern("^[äöüß]{2,5}$"),
        "bounded": pattern("^[ -~]{1,20}$"),
    }))
}

fn unions() -> Value {
    object(&json!({
        "shape": {"anyOf": [
            object(&json!({"kind": {"type": "string", "const": "circle"}, "radius": {"type": "number"}})),
            object(&json!({"kind": {"type": "string", "const": "square"}, "side": {"type": "number"}})),
        ]},
        "scalar": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"type": "null"}]},
        "types": {"type": ["string", "number", "null"]},
        "mixed": {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "integer", "enum": [1, 2]}, {"type": "null"}]},
        "nothing": {"type": "null"},
        "flag": {"type": "boolean"},
    }))
}

fn bounds() -> Value {
    object(&json!({
        "exactly": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3},
        "none": {"type": "array", "items": {"type": "string"}, "maxItems": 0},
        "many": {"type": "array", "items": {"type": "boolean"}, "minItems": 12},
        "matrix": {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}},
        "short": {"type": "string", "pattern": r"^[\s\S]{2,5}$"},
        "long": {"type": "string", "pattern": r"^[\s\S]{60,}$"},
    }))
}

fn keys() -> Value {
    object(&json!({
        "with space": {"type": "string"}, "Größe": {"type": "number"}, "quote\"": {"type": "string"},
        "slash/~1": {"type": "boolean"}, "日本": {"type": "string", "enum": ["東京", "大阪", "emoji 🙂"]},
    }))
}
