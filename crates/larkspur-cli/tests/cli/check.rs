use insta::assert_snapshot;
use serde_json::json;

use crate::support::{Files, larkspur};

const CLOSED: &str = r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}"#;
const OPEN: &str = r#"{"type": "object",
 "properties": {
  "id": {"type": "string", "format": "uri"},
  "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}
 },
 "required": ["id"]}"#;

#[test]
fn a_good_schema_is_ok() {
    let files = Files::new(&[("s.json", CLOSED)]);
    for args in [
        vec![],
        vec!["--dialect", "openai"],
        vec!["--dialect", "plain"],
    ] {
        let ran = larkspur(
            &[
                &["check", &files.path("s.json"), "--format", "json"],
                args.as_slice(),
            ]
            .concat(),
            "",
        );
        assert_eq!(
            (ran.code, ran.json()),
            (0, json!({"ok": true, "diagnostics": []})),
            "{args:?}"
        );
    }
}

#[test]
fn stdin_is_a_file_too() {
    let ran = larkspur(&["check", "-", "--format", "json"], CLOSED);
    assert_eq!((ran.code, ran.json()["ok"].clone()), (0, json!(true)));
}

#[test]
fn findings_are_shown_where_they_are() {
    let files = Files::new(&[("s.json", OPEN)]);
    let ran = larkspur(&["check", &files.path("s.json"), "--dialect", "openai"], "");
    assert_eq!(ran.code, 1);
    assert_snapshot!(files.strip(&ran.stdout), @r#"
error[open-object]: the object is not closed
 --> DIR/s.json:1:1
  |
1 | {"type": "object",
  | ^ at `(root)`
  |
  = help: say `additionalProperties: false`

error[optional-property]: `tags` is not required
 --> DIR/s.json:4:11
  |
4 |   "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}
  |           ^ at `/properties/tags`
  |
  = help: list it in `required` and let it be null

error[format-not-permitted]: `uri` is not a format of this server
 --> DIR/s.json:3:38
  |
3 |   "id": {"type": "string", "format": "uri"},
  |                                      ^^^^^ at `/properties/id/format`
  |
  = help: say it in the description, or as a `pattern`

error[keyword-not-permitted]: `uniqueItems` is not permitted
 --> DIR/s.json:4:73
  |
4 |   "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}
  |                                                                         ^^^^ at `/properties/tags/uniqueItems`
  |
  = help: say it in the description and check the answer, or lower the schema, which does both
"#);
}

#[test]
fn findings_have_the_keys_of_the_contract() {
    let ran = larkspur(
        &["check", "-", "--dialect", "openai", "--format", "json"],
        OPEN,
    );
    let found = ran.json();
    assert_eq!((ran.code, &found["ok"]), (1, &json!(false)));
    for finding in found["diagnostics"].as_array().unwrap() {
        let keys: Vec<_> = finding
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, ["severity", "code", "message", "hint", "pointer"]);
    }
}

#[test]
fn a_text_that_is_not_json_has_a_span() {
    let ran = larkspur(
        &["check", "-", "--format", "json"],
        "{\"a\": 1,\n \"b\": tru}",
    );
    let finding = ran.json()["diagnostics"][0].clone();
    assert_eq!(ran.code, 1);
    assert_eq!(finding["code"], "invalid-json");
    assert_eq!(
        finding["span"],
        json!({"start": 15, "end": 16, "line": 2, "column": 7})
    );
    assert!(finding.get("pointer").is_none());
}

#[track_caller]
fn finds(schema: &str, code: &str, pointer: &str) {
    let ran = larkspur(&["check", "-", "--format", "json"], schema);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let diagnostics = ran.json()["diagnostics"].clone();
    let found =
        |finding: &serde_json::Value| finding["code"] == code && finding["pointer"] == pointer;
    assert!(
        diagnostics.as_array().unwrap().iter().any(found),
        "{diagnostics:#}"
    );
}

#[test]
fn schemas_that_are_none_are_found() {
    finds(r#"{"type": "nonsense"}"#, "not-a-schema", "/type");
    finds(r##"{"$ref": "#/$defs/gone"}"##, "unresolved-ref", "/$ref");
    finds(
        r#"{"$ref": "https://example.com/s.json"}"#,
        "remote-ref",
        "/$ref",
    );
    finds(
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##,
        "cyclic-ref",
        "/$defs/a",
    );
}

#[test]
fn what_cannot_be_run_says_why() {
    let files = Files::new(&[("s.txt", "{}")]);
    let cases = [
        (
            vec!["check".to_owned(), files.path("gone.json")],
            "cannot read `DIR/gone.json`",
        ),
        (
            vec!["check".to_owned(), files.path("s.txt")],
            "cannot tell what `DIR/s.txt` holds",
        ),
        (
            vec![
                "check".to_owned(),
                "-".to_owned(),
                "--dialect".to_owned(),
                "opanai".to_owned(),
            ],
            "unknown dialect `opanai`",
        ),
        (vec!["chekc".to_owned()], "unrecognized subcommand"),
    ];
    for (args, expected) in cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = larkspur(&args, "{}");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(
            files.strip(&ran.stderr).contains(expected),
            "{args:?}: {}",
            ran.stderr
        );
    }
}
