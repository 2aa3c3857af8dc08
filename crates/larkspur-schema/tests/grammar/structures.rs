//! Arrays, objects, references, choices.

use larkspur_schema::grammar::Options;
use serde_json::json;

use super::{check, check_with};

#[test]
fn arrays_have_positions_and_counts() {
    check(
        &json!({"type": "array", "items": {"type": "integer"}}),
        &["[]", "[1]", "[1, 2 ,3]", "[ ]"],
        &["[\"a\"]", "[1,]", "1"],
    );
    check(
        &json!({"type": "array", "items": {"const": 0}, "minItems": 1, "maxItems": 3}),
        &["[0]", "[0,0,0]"],
        &["[]", "[0,0,0,0]", "[1]"],
    );
    let tuple = json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "items": {"type": "boolean"}});
    check(
        &tuple,
        &["[]", "[\"a\"]", "[\"a\",null]", "[\"a\",null,true,false]"],
        &["[null]", "[\"a\",true]", "[\"a\",null,1]"],
    );
    let closed = json!({"type": "array", "prefixItems": [{"const": 1}, {"const": 2}], "items": false, "minItems": 1});
    check(&closed, &["[1]", "[1,2]"], &["[]", "[2]", "[1,2,3]"]);
    let old = json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"const": 1}], "additionalItems": {"const": 2}});
    check(&old, &["[]", "[1,2,2]", "0"], &["[2]", "[1,1]"]);
}

#[test]
fn what_must_be_among_the_elements_is_counted() {
    check(
        &json!({"type": "array", "contains": {"const": 1}}),
        &["[1]", "[0,1,2]", "[1,1]"],
        &["[]", "[0]"],
    );
    let some = json!({"type": "array", "items": {"type": "integer"}, "contains": {"const": 1}, "minContains": 2, "maxContains": 3});
    check(
        &some,
        &["[1,1]", "[0,1,2,1,1]"],
        &["[1]", "[1,1,1,1]", "[1,1,\"a\"]"],
    );
    check(
        &json!({"type": "array", "not": {"contains": {"const": 1}}}),
        &["[]", "[0,2]"],
        &["[1]", "[0,1]"],
    );
    let unique = json!({"type": "array", "uniqueItems": true});
    assert_eq!(
        check_with(&unique, &Options::default(), &["[1,2]", "[1,1]"], &["1"]),
        ["uniqueItems"]
    );
    check(
        &json!({"type": "array", "uniqueItems": true, "maxItems": 1}),
        &["[1]"],
        &["[1,2]"],
    );
}

#[test]
fn objects_have_their_properties_in_any_order() {
    let person = json!({"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "note": {"type": "string"}},
        "required": ["name", "age"], "additionalProperties": false});
    check(
        &person,
        &[
            r#"{"name":"A","age":1}"#,
            r#"{"age" : 1 , "name" : "A"}"#,
            r#"{"note":"x","age":1,"name":"A"}"#,
            r#"{"age":1,"note":"x","name":"A"}"#,
        ],
        &[
            "{}",
            r#"{"name":"A"}"#,
            r#"{"name":"A","age":"1"}"#,
            r#"{"name":"A","age":1,"x":1}"#,
            r#"{"name":"A","age":1,}"#,
        ],
    );
    check(
        &json!({"type": "object"}),
        &["{}", r#"{"":1,"a":{}}"#],
        &["[]", "{1:2}"],
    );
    check(
        &json!({"properties": {"a": {"const": 1}}}),
        &["5", r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#],
        &[r#"{"a":2}"#, r#"{"b":1,"a":2}"#],
    );
    check(
        &json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        &["{}", r#"{"a":1,"b":2}"#],
        &[r#"{"a":"x"}"#],
    );
    check(
        &json!({"required": ["a"], "properties": {"a": false}}),
        &["1"],
        &["{}", r#"{"a":1}"#],
    );
}

#[test]
fn names_that_match_patterns_are_told_apart() {
    let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}},
        "patternProperties": {"^x-": {"type": "string"}, "n$": {"maxLength": 2}}, "additionalProperties": false});
    check(
        &schema,
        &[r#"{"id":1,"x-a":"long","x-n":"ab","n":7}"#, "{}"],
        &[
            r#"{"id":"1"}"#,
            r#"{"x-a":1}"#,
            r#"{"x-n":"abc"}"#,
            r#"{"other":1}"#,
            r#"{"x-n":1}"#,
        ],
    );
    check(
        &json!({"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "properties": {"A": true}}),
        &[r#"{"ab":1}"#],
        &[r#"{"A":1}"#, r#"{"B":1}"#],
    );
}

#[test]
fn members_are_counted() {
    check(
        &json!({"type": "object", "minProperties": 1, "maxProperties": 2}),
        &[r#"{"a":1}"#, r#"{"a":1,"b":2}"#],
        &["{}", r#"{"a":1,"b":2,"c":3}"#],
    );
    let schema = json!({"type": "object", "properties": {"a": true, "b": true}, "required": ["a"], "minProperties": 2});
    check(
        &schema,
        &[r#"{"a":1,"b":2}"#, r#"{"c":1,"a":2}"#],
        &[r#"{"a":1}"#, r#"{"b":1,"c":2}"#],
    );
}

#[test]
fn references_are_followed_and_may_recur() {
    let tree = json!({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "properties": {
        "value": {"type": "integer"}, "left": {"$ref": "#/$defs/tree"}, "next": {"$ref": "#/$defs/tree"}},
        "required": ["value"], "additionalProperties": false}}});
    check(
        &tree,
        &[
            r#"{"value":1}"#,
            r#"{"left":{"value":2,"next":{"value":3}},"value":1}"#,
        ],
        &["{}", r#"{"value":1,"left":{}}"#],
    );
    check(&json!({"$ref": "#", "type": "integer"}), &["1"], &["\"a\""]);
    check(
        &json!({"$id": "http://x/a/", "$ref": "b", "$defs": {"n": {"$id": "b", "$ref": "#/$defs/m", "$defs": {"m": {"const": 2}}}, "m": {"const": 1}}}),
        &["2"],
        &["1"],
    );
    check(
        &json!({"items": {"$ref": "#number"}, "$defs": {"n": {"$anchor": "number", "type": "number"}}}),
        &["[1]"],
        &["[\"a\"]"],
    );
    let endless =
        json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]});
    check(&endless, &[], &["{}", r#"{"next":{}}"#]);
    let remote = json!({"$ref": "https://elsewhere/schema.json", "type": "integer"});
    assert_eq!(
        check_with(&remote, &Options::default(), &["1"], &["\"a\""]),
        ["$ref"]
    );
    let known = Options {
        documents: vec![(
            "https://elsewhere/schema.json".to_owned(),
            json!({"minimum": 5}),
        )],
        ..Options::default()
    };
    assert_eq!(
        check_with(&remote, &known, &["5"], &["4", "\"a\""]),
        [""; 0]
    );
}

#[test]
fn conjunctions_are_merged() {
    let schema = json!({"allOf": [{"properties": {"a": {"minimum": 3}}}, {"properties": {"a": {"type": "integer"}}, "required": ["a"]}], "type": "object", "maxProperties": 1});
    check(
        &schema,
        &[r#"{"a":3}"#],
        &[r#"{"a":2}"#, r#"{"a":3.5}"#, "{}", r#"{"a":3,"b":1}"#],
    );
    check(
        &json!({"allOf": [{"enum": [1, 2, 3]}, {"enum": [2, 3, 4]}], "not": {"const": 3}}),
        &["2"],
        &["1", "3", "4"],
    );
    check(
        &json!({"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}, {"maxLength": 3}]}),
        &["\"az\"", "\"abz\""],
        &["\"a\"", "\"abcz\""],
    );
}

#[test]
fn choices_are_exclusive_where_they_say_so() {
    let overlapping = json!({"oneOf": [{"type": "integer"}, {"minimum": 2}]});
    check(&overlapping, &["1", "2.5", "\"a\""], &["3", "1.5"]);
    let tagged = json!({"oneOf": [
        {"type": "object", "properties": {"kind": {"const": "a"}, "n": {"type": "integer"}}, "required": ["kind", "n"], "additionalProperties": false},
        {"type": "object", "properties": {"kind": {"const": "b"}, "s": {"type": "string"}}, "required": ["kind"], "additionalProperties": false}]});
    check(
        &tagged,
        &[r#"{"kind":"a","n":1}"#, r#"{"s":"x","kind":"b"}"#],
        &[r#"{"kind":"a"}"#, r#"{"kind":"b","n":1}"#, "{}"],
    );
    check(
        &json!({"anyOf": [{"type": "null"}, {"type": "integer", "maximum": 0}, {"minLength": 1, "type": "string"}]}),
        &["null", "-1", "\"a\""],
        &["1", "\"\"", "true"],
    );
    check(
        &json!({"not": {"type": ["object", "array", "string"]}}),
        &["1", "null", "true"],
        &["{}", "[]", "\"\""],
    );
}

#[test]
fn conditions_choose() {
    let schema = json!({"type": "object", "properties": {"country": {"enum": ["NL", "US"]}, "code": {"type": "string"}}, "required": ["country", "code"],
        "if": {"properties": {"country": {"const": "NL"}}}, "then": {"properties": {"code": {"pattern": "^[A-Z]{2}$"}}}, "else": {"properties": {"code": {"pattern": "^[0-9]{2}$"}}}});
    check(
        &schema,
        &[
            r#"{"country":"NL","code":"AB"}"#,
            r#"{"code":"12","country":"US"}"#,
        ],
        &[
            r#"{"country":"NL","code":"12"}"#,
            r#"{"country":"US","code":"AB"}"#,
        ],
    );
    let dependent = json!({"type": "object", "dependentRequired": {"card": ["address"]}, "properties": {"card": true, "address": true}, "additionalProperties": false});
    check(
        &dependent,
        &[
            "{}",
            r#"{"address":1}"#,
            r#"{"card":1,"address":2}"#,
            r#"{"address":2,"card":1}"#,
        ],
        &[r#"{"card":1}"#],
    );
    let schemas =
        json!({"type": "object", "dependentSchemas": {"a": {"properties": {"b": {"const": 1}}}}});
    check(
        &schemas,
        &[r#"{"b":2}"#, r#"{"a":0,"b":1}"#],
        &[r#"{"a":0,"b":2}"#],
    );
}
