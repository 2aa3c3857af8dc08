//! Input that no honest person sends.

use crate::support::{Files, larkspur};

#[test]
fn deep_json_is_refused_where_it_gets_too_deep() {
    let deep = "[".repeat(100_000);
    let ran = larkspur(&["check", "-"], deep.clone());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.len() < 10_000, "the frame is bounded");

    let files = Files::new(&[("any.json", "true"), ("deep.json", &deep)]);
    let ran = larkspur(
        &[
            "validate",
            &files.path("any.json"),
            &files.path("deep.json"),
        ],
        "",
    );
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("128") && ran.stderr.len() < 10_000,
        "{}",
        ran.stderr
    );

    let ran = larkspur(&["lower", &files.path("deep.json")], "");
    assert_eq!(ran.code, 2);
}

#[test]
fn ten_megabytes_are_read() {
    let files = Files::new(&[(
        "s.json",
        r#"{"type": "array", "items": {"type": "integer"}}"#,
    )]);
    let big = format!("[{}1]", "1, ".repeat(3_500_000));
    let ran = larkspur(&["validate", &files.path("s.json")], big);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));

    let big = format!(r#"["{}"]"#, "x".repeat(10_000_000));
    let ran = larkspur(&["validate", &files.path("s.json")], big);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.len() < 10_000, "the rejection is bounded");
}

#[test]
fn bytes_that_are_no_text_are_said_to_be_none() {
    let files = Files::new(&[("s.json", "true")]);
    let ran = larkspur(&["validate", &files.path("s.json")], vec![b'"', 0xff, b'"']);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("not UTF-8") && ran.stderr.contains("offset 1"),
        "{}",
        ran.stderr
    );

    let ran = larkspur(&["validate", &files.path("s.json")], "\"a\0b\"");
    assert_eq!(ran.code, 1, "a control character is no JSON");
}
