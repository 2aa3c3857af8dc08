//! Lifting: places, tolerance, and what is refused.
#![expect(clippy::panic, clippy::expect_used, reason = "tests")]

use larkspur_schema::{Dialect, Lift, LiftProblem, lower};
use serde_json::{Value, json};

fn lift_for(schema: &Value) -> Lift {
    match lower(schema, Dialect::openai()) {
        Ok(lowered) => Lift::new(&lowered).expect("the plan fits"),
        Err(error) => panic!("{error}"),
    }
}

/// Lifts a text under `{"x": property}`.
#[track_caller]
fn lifts(property: &Value, text: &str, expected: &Value) {
    let schema = json!({"type": "object", "properties": {"x": property}});
    let answer = larkspur_json::parse(text).expect("the test's text is JSON");
    match lift_for(&schema).lift(answer) {
        Ok(lifted) => assert_eq!(lifted.to_value(), *expected),
        Err(problems) => panic!("{problems:#?}"),
    }
}

#[track_caller]
fn problems(property: &Value, text: &str) -> Vec<LiftProblem> {
    let schema = json!({"type": "object", "properties": {"x": property}, "required": ["x"]});
    let answer = larkspur_json::parse(text).expect("the test's text is JSON");
    match lift_for(&schema).lift(answer) {
        Ok(lifted) => panic!("it was lifted to {lifted}"),
        Err(problems) => problems,
    }
}

fn map() -> Value {
    json!({"type": "object", "additionalProperties": {"type": "object", "properties": {"n": {"type": "integer"}}}})
}

fn pair() -> Value {
    json!({"type": "array", "prefixItems": [{"type": "integer"}, map()], "minItems": 1, "items": false})
}

#[test]
fn the_lowered_shape_is_lifted() {
    lifts(&json!({"type": "string"}), r#"{"x": null}"#, &json!({}));
    lifts(
        &json!({"type": "string"}),
        r#"{"x": "a"}"#,
        &json!({"x": "a"}),
    );
    lifts(
        &map(),
        r#"{"x": [{"key": "a", "value": {"n": null}}, {"value": {"n": 1}, "key": "b"}]}"#,
        &json!({"x": {"a": {}, "b": {"n": 1}}}),
    );
    lifts(
        &pair(),
        r#"{"x": {"item_0": 1, "item_1": null}}"#,
        &json!({"x": [1]}),
    );
    lifts(
        &pair(),
        r#"{"x": {"item_1": [], "item_0": 1}}"#,
        &json!({"x": [1, {}]}),
    );
    lifts(
        &json!({}),
        r#"{"x": "[1, {\"a\": null}]"}"#,
        &json!({"x": [1, {"a": null}]}),
    );
    lifts(&json!({}), r#"{"x": "null"}"#, &json!({"x": null}));
}

#[test]
fn the_original_shape_is_taken_where_it_is_clear() {
    lifts(&json!({"type": "string"}), "{}", &json!({}));
    lifts(
        &map(),
        r#"{"x": {"a": {"n": null}, "b": {}}}"#,
        &json!({"x": {"a": {}, "b": {}}}),
    );
    lifts(
        &pair(),
        r#"{"x": [1, {"a": {"n": null}}]}"#,
        &json!({"x": [1, {"a": {}}]}),
    );
    lifts(&json!({}), r#"{"x": {"a": 1}}"#, &json!({"x": {"a": 1}}));
    lifts(
        &json!({}),
        r#"{"x": "just words"}"#,
        &json!({"x": "just words"}),
    );
    let union = json!({"anyOf": [{"type": "array", "items": {"type": "string"}}, map()]});
    lifts(
        &union,
        r#"{"x": {"a": {"n": null}}}"#,
        &json!({"x": {"a": {}}}),
    );
    let root = lift_for(&json!({"type": "array", "items": pair()}));
    for text in [
        r#"{"value": [{"item_0": 1, "item_1": null}]}"#,
        r#"[{"item_0": 1, "item_1": null}]"#,
        "[[1]]",
    ] {
        let answer = larkspur_json::parse(text).expect("the test's text is JSON");
        assert_eq!(
            root.lift(answer).expect("it is lifted").to_value(),
            json!([[1]])
        );
    }
}

#[test]
fn places_are_those_of_the_text() {
    let schema =
        json!({"type": "object", "properties": {"x": map(), "y": {}}, "required": ["x", "y"]});
    let text = r#"{"x": [{"key": "a", "value": {"n": 7}}], "y": "[10, 20]"}"#;
    let answer = larkspur_json::parse(text).expect("the test's text is JSON");
    let lifted = lift_for(&schema).lift(answer).expect("it is lifted");
    let at = |pointer: &str| {
        lifted
            .at(&pointer.parse().expect("a pointer"))
            .and_then(|node| node.span.of(text))
    };
    assert_eq!(at("/x/a/n"), Some("7"));
    assert_eq!(at("/x/a"), Some(r#"{"n": 7}"#));
    assert_eq!(at("/y/1"), Some("20"));
    let member = lifted
        .member_at(&"/x/a".parse().expect("a pointer"))
        .expect("it is there");
    assert_eq!(member.key_span.of(text), Some("\"a\""));
}

#[test]
fn text_with_escapes_has_the_place_of_the_string() {
    let schema = json!({"type": "object", "properties": {"y": {}}, "required": ["y"]});
    let text = r#"{"y": "{\"a\": 1}"}"#;
    let answer = larkspur_json::parse(text).expect("the test's text is JSON");
    let lifted = lift_for(&schema).lift(answer).expect("it is lifted");
    let inner = lifted
        .at(&"/y/a".parse().expect("a pointer"))
        .expect("it is there");
    assert_eq!(inner.span.of(text), Some(r#""{\"a\": 1}""#));
}

#[test]
fn keys_that_are_given_twice() {
    let text = r#"{"x": [{"key": "a", "value": {"n": 1}}, {"key": "a", "value": {"n": 2}}]}"#;
    let found = problems(&map(), text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].pointer.as_str(), "/x/1/key");
    assert_eq!(found[0].span.start, 48);
    assert_eq!(
        found[0].other_span.and_then(|span| span.of(text)),
        Some("\"a\"")
    );
    assert_eq!(found[0].message, "the key `a` is given twice");

    let extras = json!({"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"], "additionalProperties": {"type": "integer"}});
    let found = problems(
        &extras,
        r#"{"x": {"a": null, "additional_properties": [{"key": "a", "value": 1}]}}"#,
    );
    assert_eq!(found[0].message, "the key `a` is given twice");

    let found = problems(&json!({}), r#"{"x": "{\"a\": 1, \"a\": 2}"}"#);
    assert_eq!(found[0].message, "the key `a` is given twice");
}

#[test]
fn every_problem_is_told() {
    let text =
        r#"{"x": [1, {"key": 2, "value": {}}, {"key": "a"}, {"key": "b", "value": {"n": 1}}]}"#;
    let found = problems(&map(), text);
    let places: Vec<&str> = found
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(places, ["/x/0", "/x/1", "/x/2"]);
    let found = problems(&map(), r#"{"x": 7}"#);
    assert_eq!(
        (found[0].message.as_str(), found[0].found.as_str()),
        ("not an array of entries", "number")
    );
    let found = problems(&pair(), r#"{"x": {"item_1": []}}"#);
    assert_eq!(found[0].message, "`item_0` is missing");
}

#[test]
fn text_that_is_not_json() {
    let text = r#"{"x": "[1, 2"}"#;
    let found = problems(&json!({}), text);
    assert!(
        found[0]
            .message
            .starts_with("the string does not hold JSON text: "),
        "{}",
        found[0]
    );
    assert_eq!(found[0].span.start, 12);
    let found = problems(&json!({"type": "object"}), r#"{"x": "words"}"#);
    assert_eq!(found[0].span.start, 7);
}

#[test]
fn values_that_cannot_be_said() {
    let lift =
        lift_for(&json!({"type": "object", "properties": {"a": {"type": "string"}, "p": pair()}}));
    for (value, message) in [
        (json!({"b": 1}), "the schema does not name the property `b`"),
        (json!({"a": null}), "`a` may be absent but not null"),
        (json!({"p": []}), "the tuple has 0 elements"),
        (json!({"p": [1, {}, 3]}), "the tuple has 3 elements"),
    ] {
        let problems = lift.lower_value(&value).expect_err("it is not valid");
        assert_eq!(problems[0].message, message, "{value}");
    }
}

#[test]
fn a_strict_schema_lifts_to_the_same() {
    let strict = json!({"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"], "additionalProperties": false});
    let lift = lift_for(&strict);
    assert!(lift.is_identity());
    let answer =
        larkspur_json::parse(r#"{"a": null, "b": [null]}"#).expect("the test's text is JSON");
    assert_eq!(lift.lift(answer.clone()).expect("it is lifted"), answer);
}
