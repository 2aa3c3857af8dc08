//! Policies from JSON.

use larkspur_sql::Policy;

#[test]
fn what_is_left_out_is_the_default() {
    assert_eq!(Policy::from_json("{}").unwrap(), Policy::default());
    let policy = Policy::from_json(
        r#"{"max_joins": 2, "functions": ["Count"], "limit": {"max": 5, "missing": "refuse"}}"#,
    )
    .unwrap();
    assert_eq!(policy.max_joins, 2);
    assert!(policy.allows_function("COUNT") && !policy.allows_function("abs"));
    assert_eq!(policy.limit.map(|limit| limit.max), Some(5));
}

#[test]
fn what_is_no_policy() {
    for (json, error) in [
        (
            "",
            "expected a value, found an empty text at line 1, column 1",
        ),
        ("[]", "a policy is an object at line 1, column 1"),
        (
            r#"{"ctes": false, "ctes": true}"#,
            "a key stands twice in the same object at line 1, column 17",
        ),
        (
            "{\n  \"exclude\": [\"a.b.c\"]\n}",
            "a pattern has at most one dot outside of quotes at line 2, column 15",
        ),
        (
            r#"{"limit": {"max": -1}}"#,
            "invalid value: integer `-1`, expected u64 at line 1, column 19",
        ),
        (
            r#"{"limit": {"max": 1, "missing": "ignore"}}"#,
            "unknown variant `ignore`, expected one of `add`, `refuse` at line 1, column 33",
        ),
    ] {
        assert_eq!(
            Policy::from_json(json).unwrap_err().to_string(),
            error,
            "{json}"
        );
    }
    let unknown = Policy::from_json(r#"{"max_join": 1}"#).unwrap_err();
    assert!(
        unknown
            .message()
            .starts_with("unknown field `max_join`, expected one of `include`"),
        "{unknown}"
    );
}
