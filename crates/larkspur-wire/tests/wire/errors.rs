//! Error bodies in all the shapes that servers send.

use larkspur_wire::{ErrorBody, ErrorObject};
use serde_json::json;

#[track_caller]
fn check(text: &str, message: &str, code: Option<&str>) {
    let body = ErrorBody::from_text(text).unwrap();
    assert_eq!(body.error.message, message);
    assert_eq!(
        body.error.code.map(|code| code.to_string()).as_deref(),
        code
    );
}

#[test]
fn every_shape_is_read() {
    check(
        r#"{"error":{"message":"m","type":"t","param":null,"code":"c"}}"#,
        "m",
        Some("c"),
    );
    check(
        r#"{"error":{"message":"m","code":429,"metadata":{"raw":"x"}}}"#,
        "m",
        Some("429"),
    );
    check(r#"{"error":{"message":"m","code":null}}"#, "m", None);
    check(
        r#"{"error":{"message":"m","code":{"deep":1}}}"#,
        "m",
        Some(r#"{"deep":1}"#),
    );
    check(
        r#"{"error":{"message":"m","param":["a"],"type":7}}"#,
        "m",
        None,
    );
    check(
        r#"{"error":{"message":{"nested":1},"code":"c"}}"#,
        "",
        Some("c"),
    );
    check(r#"{"error":"m"}"#, "m", None);
    check(r#""m""#, "m", None);
    check(
        r#"{"object":"error","message":"m","type":"BadRequestError","code":400}"#,
        "m",
        Some("400"),
    );
    check(r#"{"detail":"m"}"#, "m", None);
    check(
        r#"{"detail":[{"loc":["body"]}]}"#,
        r#"[{"loc":["body"]}]"#,
        None,
    );
}

#[test]
fn what_says_nothing_of_an_error_is_none() {
    for text in [
        "",
        "<html>502</html>",
        "{}",
        "[]",
        "7",
        "null",
        r#"{"error":null}"#,
        r#"{"error":7}"#,
        r#"{"id":"x"}"#,
    ] {
        assert_eq!(ErrorBody::from_text(text), None, "{text}");
    }
}

#[test]
fn what_is_built_has_all_four_members() {
    let body = ErrorBody::new(ErrorObject::new(
        "m",
        "invalid_request_error",
        None,
        Some("c"),
    ));
    assert_eq!(
        serde_json::to_value(&body).unwrap(),
        json!({"error": {"message": "m", "type": "invalid_request_error", "param": null, "code": "c"}})
    );
    let again: ErrorBody = serde_json::from_value(serde_json::to_value(&body).unwrap()).unwrap();
    assert_eq!(again, body);
}
