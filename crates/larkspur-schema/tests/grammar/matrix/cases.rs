//! A case of each keyword: a schema, a value that is valid, and one that only the keyword forbids (`null`: there is none).

use serde_json::{Value, json};

/// What becomes of a keyword in one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carried {
    Exact,
    Wider,
    Refused,
}

/// A schema with the keyword, a valid value, one that only the keyword forbids, and what becomes of it.
pub(super) struct Case {
    pub(super) keyword: &'static str,
    pub(super) when: &'static str,
    pub(super) schema: Value,
    pub(super) valid: Value,
    pub(super) invalid: Value,
    pub(super) carried: Carried,
}

fn case(
    keyword: &'static str,
    when: &'static str,
    schema: Value,
    (valid, invalid): (Value, Value),
    carried: Carried,
) -> Case {
    Case {
        keyword,
        when,
        schema,
        valid,
        invalid,
        carried,
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn cases() -> Vec<Case> {
    use Carried::{Exact, Refused, Wider};
    let many: Vec<String> = (0..7).map(|index| format!("p{index}")).collect();
    let all: Value = many.iter().map(|name| (name.clone(), json!(0))).collect();
    let one: Value = many
        .iter()
        .take(6)
        .map(|name| (name.clone(), json!(0)))
        .collect();
    let tail = json!({"$ref": "https://example.com/other.json"});
    let mut found = vec![
        case(
            "type",
            "",
            json!({"type": "integer"}),
            (json!(1), json!("1")),
            Exact,
        ),
        case(
            "enum",
            "",
            json!({"enum": ["a", {"b": [1]}]}),
            (json!({"b": [1]}), json!("c")),
            Exact,
        ),
        case(
            "const",
            "",
            json!({"const": 1}),
            (json!(1), json!(2)),
            Exact,
        ),
        case(
            "allOf",
            "",
            json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}),
            (json!(2), json!(3)),
            Exact,
        ),
        case(
            "anyOf",
            "",
            json!({"anyOf": [{"type": "null"}, {"minLength": 2, "type": "string"}]}),
            (json!("ab"), json!("a")),
            Exact,
        ),
        case(
            "oneOf",
            "also where branches overlap",
            json!({"oneOf": [{"type": "integer", "minimum": 1}, {"type": "integer", "maximum": 5}]}),
            (json!(7), json!(3)),
            Exact,
        ),
        case(
            "not",
            "of strings, numbers, types, and members by name",
            json!({"type": "string", "not": {"pattern": "^a"}}),
            (json!("ba"), json!("ab")),
            Exact,
        ),
        case(
            "not",
            "of what no grammar denies",
            json!({"type": "array", "not": {"uniqueItems": true}}),
            (json!([1, 1]), json!([1, 2])),
            Wider,
        ),
        case(
            "if",
            "with `then`, `else`",
            json!({"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 5}}),
            (json!(15), json!(11)),
            Exact,
        ),
        case(
            "$ref",
            "also recursion",
            json!({"type": "array", "items": {"$ref": "#"}}),
            (json!([[]]), json!([1])),
            Exact,
        ),
        case(
            "$ref",
            "to a document that is not here",
            tail,
            (json!(1), Value::Null),
            Wider,
        ),
        case(
            "$ref",
            "to nothing",
            json!({"$ref": "#/$defs/none"}),
            (Value::Null, Value::Null),
            Refused,
        ),
        case(
            "$dynamicRef",
            "to the only anchor of its name",
            json!({"$dynamicAnchor": "a", "type": "array", "items": {"$dynamicRef": "#a"}}),
            (json!([[]]), json!([1])),
            Exact,
        ),
        case(
            "$dynamicRef",
            "where several anchors have the name",
            json!({"$dynamicAnchor": "a", "type": "array", "items": {"$dynamicRef": "#a"}, "$defs": {"b": {"$id": "b", "$dynamicAnchor": "a"}}}),
            (json!([[]]), json!([1])),
            Wider,
        ),
        case(
            "$recursiveRef",
            "",
            json!({"$schema": "https://json-schema.org/draft/2019-09/schema", "type": "array", "items": {"$recursiveRef": "#"}}),
            (json!([[]]), json!([1])),
            Exact,
        ),
        case(
            "properties",
            "",
            json!({"type": "object", "properties": {"a": {"type": "null"}}}),
            (json!({"a": null, "b": 1}), json!({"a": 1})),
            Exact,
        ),
        case(
            "required",
            "of up to six names in any order",
            json!({"type": "object", "required": ["a"]}),
            (json!({"b": 1, "a": 1}), json!({"b": 1})),
            Exact,
        ),
        case(
            "required",
            "of more names in any order (in declaration order of any number)",
            json!({"type": "object", "required": many}),
            (all, one),
            Wider,
        ),
        case(
            "additionalProperties",
            "",
            json!({"properties": {"a": true}, "additionalProperties": {"type": "null"}}),
            (json!({"a": 1, "b": null}), json!({"b": 1})),
            Exact,
        ),
        case(
            "patternProperties",
            "",
            json!({"patternProperties": {"^x": {"type": "null"}, "y$": {"type": ["null", "integer"]}}}),
            (json!({"x": null, "y": 1}), json!({"xy": 1})),
            Exact,
        ),
        case(
            "patternProperties",
            "more than five patterns",
            json!({"patternProperties": {"a": false, "b": false, "c": false, "d": false, "e": false, "f": false}}),
            (json!({"x": 1}), json!({"a": 1})),
            Wider,
        ),
        case(
            "propertyNames",
            "",
            json!({"propertyNames": {"pattern": "^x"}}),
            (json!({"x": 1}), json!({"y": 1})),
            Exact,
        ),
        case(
            "minProperties",
            "",
            json!({"minProperties": 2}),
            (json!({"a": 1, "b": 1}), json!({"a": 1})),
            Exact,
        ),
        case(
            "maxProperties",
            "",
            json!({"maxProperties": 1}),
            (json!({"a": 1}), json!({"a": 1, "b": 1})),
            Exact,
        ),
        case(
            "maxProperties",
            "counts of thousands",
            json!({"maxProperties": 9000, "properties": {"a": {}}, "required": ["a"]}),
            (json!({"a": 1}), Value::Null),
            Wider,
        ),
        case(
            "dependentRequired",
            "",
            json!({"dependentRequired": {"a": ["b"]}}),
            (json!({"b": 1}), json!({"a": 1})),
            Exact,
        ),
        case(
            "dependentSchemas",
            "",
            json!({"dependentSchemas": {"a": {"required": ["b"]}}}),
            (json!({"a": 1, "b": 1}), json!({"a": 1})),
            Exact,
        ),
        case(
            "dependencies",
            "",
            json!({"dependencies": {"a": ["b"]}}),
            (json!({"b": 1}), json!({"a": 1})),
            Exact,
        ),
        case(
            "unevaluatedProperties",
            "",
            json!({"properties": {"a": {}}, "unevaluatedProperties": false}),
            (json!({"a": 1}), json!({"b": 1})),
            Wider,
        ),
        case(
            "unevaluatedItems",
            "",
            json!({"prefixItems": [{}], "unevaluatedItems": false}),
            (json!([1]), json!([1, 2])),
            Wider,
        ),
        case(
            "items",
            "",
            json!({"items": {"type": "null"}}),
            (json!([null]), json!([1])),
            Exact,
        ),
        case(
            "prefixItems",
            "",
            json!({"prefixItems": [{"type": "null"}], "items": false}),
            (json!([null]), json!([1])),
            Exact,
        ),
        case(
            "additionalItems",
            "beside a list of `items`",
            json!({"items": [{}], "additionalItems": false}),
            (json!([1]), json!([1, 2])),
            Exact,
        ),
        case(
            "minItems",
            "",
            json!({"minItems": 2}),
            (json!([1, 2]), json!([1])),
            Exact,
        ),
        case(
            "maxItems",
            "",
            json!({"maxItems": 1}),
            (json!([1]), json!([1, 2])),
            Exact,
        ),
        case(
            "uniqueItems",
            "",
            json!({"type": "array", "items": {"const": 1}, "uniqueItems": true}),
            (json!([1]), json!([1, 1])),
            Wider,
        ),
        case(
            "contains",
            "",
            json!({"contains": {"type": "null"}}),
            (json!([1, null]), json!([1])),
            Exact,
        ),
        case(
            "minContains",
            "",
            json!({"contains": {"type": "null"}, "minContains": 2}),
            (json!([null, 1, null]), json!([1, null])),
            Exact,
        ),
        case(
            "maxContains",
            "",
            json!({"contains": {"type": "null"}, "maxContains": 1}),
            (json!([1, null]), json!([null, null])),
            Exact,
        ),
        case(
            "pattern",
            "",
            json!({"type": "string", "pattern": "^[a-z]+$"}),
            (json!("ab"), json!("aB")),
            Exact,
        ),
        case(
            "pattern",
            "with look-around or back-references",
            json!({"type": "string", "pattern": "^(a|b)\\1$"}),
            (json!("aa"), json!("ab")),
            Wider,
        ),
        case(
            "format",
            "`date`, `duration`, `uuid`, `ipv4`, `ipv6`, `uri` and others",
            json!({"type": "string", "format": "uuid"}),
            (
                json!("67e55044-10b1-426f-9247-bb680e5fe0c8"),
                json!("67e55044"),
            ),
            Exact,
        ),
        case(
            "format",
            "`email`, `hostname`, `time`, `date-time` and others",
            json!({"type": "string", "format": "email"}),
            (json!("a@b.org"), json!("a@b..org")),
            Wider,
        ),
        case(
            "format",
            "of no standard",
            json!({"type": "string", "format": "colour"}),
            (json!("red"), Value::Null),
            Exact,
        ),
        case(
            "minLength",
            "",
            json!({"type": "string", "minLength": 2}),
            (json!("éé"), json!("é")),
            Exact,
        ),
        case(
            "maxLength",
            "",
            json!({"type": "string", "maxLength": 1}),
            (json!("😀"), json!("éé")),
            Exact,
        ),
        case(
            "maxLength",
            "beyond 100,000",
            json!({"type": "string", "maxLength": 100_001}),
            (json!("a"), Value::Null),
            Wider,
        ),
        case(
            "multipleOf",
            "2, 5, 10, 0.01 and others that last digits tell",
            json!({"type": "number", "multipleOf": 0.25}),
            (json!(1.75), json!(1.8)),
            Exact,
        ),
        case(
            "multipleOf",
            "others, such as 3",
            json!({"type": "integer", "multipleOf": 3}),
            (json!(9), json!(10)),
            Wider,
        ),
    ];
    for (keyword, valid, invalid) in [
        ("minimum", 3, 2),
        ("maximum", 3, 4),
        ("exclusiveMinimum", 4, 3),
        ("exclusiveMaximum", 2, 3),
    ] {
        let schema = json!({"type": "number", keyword: 3});
        found.push(case(
            keyword,
            "",
            schema,
            (json!(valid), json!(invalid)),
            Exact,
        ));
    }
    found
}
