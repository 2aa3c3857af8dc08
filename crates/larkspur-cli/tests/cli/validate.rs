use insta::assert_snapshot;
use serde_json::json;

use crate::support::{Files, larkspur};

const SCHEMA: &str = r#"{"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"], "additionalProperties": false}"#;

#[test]
fn a_valid_text_is_printed_with_its_own_digits() {
    let schema = r#"{"type": "array", "items": {"type": "number"}}"#;
    let files = Files::new(&[
        ("s.json", schema),
        (
            "o.json",
            "[1.0, 340282366920938463463374607431768211455, 1e2]",
        ),
    ]);
    let ran = larkspur(
        &["validate", &files.path("s.json"), &files.path("o.json")],
        "",
    );
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "[1.0,340282366920938463463374607431768211455,1e2]\n")
    );
}

#[test]
fn all_violations_are_told_at_once() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let ran = larkspur(
        &["validate", &files.path("s.json")],
        r#"{"age": -1, "nmae": "Ann"}"#,
    );
    assert_eq!(ran.stdout, "");
    assert_snapshot!(ran.told(), @r#"
exit 1
error: missing field `name`
 --> line 1, column 1
  |
1 | {"age": -1, "nmae": "Ann"}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^
error: expected a number of at least 0, found the number -1
 --> line 1, column 9: /age
  |
1 | {"age": -1, "nmae": "Ann"}
  |         ^^
error: unknown field `nmae`; known fields are `name` and `age`
 --> line 1, column 13: /nmae
  |
1 | {"age": -1, "nmae": "Ann"}
  |             ^^^^^^
"#);
}

#[test]
fn violations_as_json() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let ran = larkspur(
        &["validate", &files.path("s.json"), "-", "--format", "json"],
        r#"{"name": "Ann", "age": "4"}"#,
    );
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.json()["error"]["violations"],
        json!([{
            "pointer": "/age",
            "span": {"start": 23, "end": 26},
            "expected": "an integer",
            "found": "the string \"4\"",
            "message": "expected an integer, found the string \"4\"",
        }])
    );
}

#[test]
fn many_texts_in_one_process() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let stdin = [
        r#""{\"name\": \"Ann\"}""#,
        r#""{\"name\": 7}""#,
        "not a JSON string",
        r#""not JSON""#,
        "",
        r#""{\"name\": \"Bob\", \"age\": 3}""#,
    ]
    .join("\n");
    let ran = larkspur(&["validate", &files.path("s.json"), "--ndjson"], stdin);
    let lines = ran.lines();
    assert_eq!(ran.code, 1);
    let ok: Vec<_> = lines
        .iter()
        .map(|line| line["ok"].as_bool().unwrap())
        .collect();
    assert_eq!(ok, [true, false, false, false, false, true]);
    assert_eq!(lines[0], json!({"ok": true, "value": {"name": "Ann"}}));
    assert_eq!(lines[1]["error"]["violations"][0]["pointer"], "/name");
    assert!(lines[2]["error"].get("violations").is_none());
    assert_eq!(
        lines[3]["error"]["violations"][0]["span"],
        json!({"start": 0, "end": 1})
    );
}

#[test]
fn a_run_of_good_lines_is_a_yes() {
    let files = Files::new(&[("s.json", "true")]);
    let ran = larkspur(
        &["validate", &files.path("s.json"), "--ndjson"],
        "\"1\"\n\"[]\"\n",
    );
    assert_eq!((ran.code, ran.lines().len()), (0, 2));
    let ran = larkspur(&["validate", &files.path("s.json"), "--ndjson"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn a_schema_that_is_none_cannot_be_used() {
    let files = Files::new(&[
        ("bad.json", r#"{"type": 3}"#),
        ("far.json", r#"{"$ref": "https://example.com/s"}"#),
        ("no.json", "{"),
    ]);
    for name in ["bad.json", "far.json", "no.json", "gone.json"] {
        let ran = larkspur(&["validate", &files.path(name)], "1");
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{name}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
    }
}

#[test]
fn what_is_almost_json_is_read_with_its_repairs() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let text = "Sure!\n```json\n{name: 'Ann', \"age\": 3,}\n```";
    let schema = files.path("s.json");
    let ran = larkspur(&["validate", &schema, "--lenient"], text);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "{\"name\":\"Ann\",\"age\":3}\n")
    );
    assert_snapshot!(ran.told(), @r#"
exit 0
repaired: left out text around the value (bytes 0..13)
repaired: put a key in quotes (bytes 15..19)
repaired: read other quotes as double quotes (bytes 21..22)
repaired: left out a trailing comma (bytes 36..37)
repaired: left out the marks of a code block (bytes 39..42)
"#);
    let ran = larkspur(
        &["validate", &schema, "--lenient", "--format", "json"],
        "{\"name\": 'Ann'}",
    );
    let repair = json!({"kind": "other-quotes", "span": {"start": 9, "end": 10}, "message": "read other quotes as double quotes"});
    assert_eq!(
        ran.json(),
        json!({"ok": true, "value": {"name": "Ann"}, "repairs": [repair]})
    );
    let ran = larkspur(&["validate", &schema], text);
    assert_eq!(ran.code, 1);
    let two = "{\"name\": \"Ann\"} or {\"name\": \"Bob\"}";
    let args = ["validate", &schema, "--lenient", "--in-doubt"];
    let ran = larkspur(&[&args[..], &["reject"]].concat(), two);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    let ran = larkspur(&[&args[..], &["first"]].concat(), two);
    assert_snapshot!(ran.told(), @r#"
exit 0
repaired: left out text around the value (bytes 16..34)
repaired: took the first of 2 values that fit and differ (bytes 19..34)
"#);
    let ran = larkspur(&["validate", &schema, "--in-doubt", "first"], two);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

#[test]
fn many_texts_that_are_almost_json() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let texts = [
        "{\"name\": \"Ann\"}",
        "{name: Ann",
        "{\"name\": \"A\"} {\"name\": \"B\"}",
        "{\"age\": 3,}",
    ];
    let stdin: Vec<_> = texts.iter().map(|text| json!(text).to_string()).collect();
    let ran = larkspur(
        &["validate", &files.path("s.json"), "--lenient", "--ndjson"],
        stdin.join("\n"),
    );
    let lines = ran.lines();
    assert_eq!(ran.code, 1);
    assert_eq!(
        lines[0],
        json!({"ok": true, "value": {"name": "Ann"}, "repairs": []})
    );
    assert_eq!(
        (&lines[1]["value"], &lines[1]["truncated"]),
        (&json!({"name": "Ann"}), &json!(true))
    );
    assert_eq!(lines[1]["repairs"].as_array().unwrap().len(), 3);
    let spans: Vec<_> = lines[2]["error"]["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| violation["span"]["start"].clone())
        .collect();
    assert_eq!(spans, [json!(0), json!(14)]);
    assert_eq!(lines[3]["error"]["message"], "missing field `name`");
}

#[test]
fn a_text_that_is_cut_off_is_shown_as_far_as_it_has_come() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let schema = files.path("s.json");
    let ran = larkspur(
        &["validate", &schema, "--partial"],
        "{\"age\": 3, \"name\": \"An",
    );
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "{\"age\":3,\"name\":\"An\"}\n")
    );
    assert_snapshot!(ran.told(), @r#"
exit 0
done: /age
in flight: /name
"#);
    let ran = larkspur(
        &["validate", &schema, "--partial"],
        "{\"age\": 3, \"name\": 7, ",
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (1, "{\"age\":3}\n"));
    assert_snapshot!(ran.told(), @r#"
exit 1
done: /age
in flight: the whole value
error: expected STRING, found "7"
 --> line 1, column 20
  |
1 | {"age": 3, "name": 7,
  |                    ^
  = hint: it could go on with "\"\""
"#);
    let ran = larkspur(
        &["validate", &schema, "--partial"],
        "{\"age\": 3, \"name\": \"Ann\"}",
    );
    assert_snapshot!(ran.told(), @r#"
exit 0
done: the whole value
"#);
    let ran = larkspur(&["validate", &schema, "--partial", "--lenient"], "{}");
    assert_eq!(ran.code, 2);
}

#[test]
fn many_texts_that_are_cut_off() {
    let files = Files::new(&[("s.json", SCHEMA)]);
    let texts = [
        "",
        "{\"name\": \"Ann\", \"age\": 1",
        "{\"name\": \"Ann\"}",
        "{\"name\": nix",
        "{\"name\": \"Ann\", \"age\": -",
        "{\"age\": 1}",
        "{\"name\": \"Ann\"} {",
    ];
    let stdin: Vec<_> = texts.iter().map(|text| json!(text).to_string()).collect();
    let ran = larkspur(
        &["validate", &files.path("s.json"), "--partial", "--ndjson"],
        stdin.join("\n"),
    );
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stdout, @r#"
{"ok":true,"complete":false,"done":[]}
{"ok":true,"complete":false,"value":{"name":"Ann"},"done":["/name"],"in_flight":""}
{"ok":true,"complete":true,"value":{"name":"Ann"},"done":[""]}
{"ok":false,"complete":false,"value":{},"done":[],"in_flight":"","error":{"message":"expected a value, found `nix`","violations":[{"span":{"start":9,"end":10},"message":"expected a value, found `nix`"}]}}
{"ok":true,"complete":false,"value":{"name":"Ann"},"done":["/name"],"in_flight":""}
{"ok":false,"complete":true,"value":{"age":1},"done":[""],"error":{"message":"missing field `name`","violations":[{"pointer":"","span":{"start":0,"end":10},"expected":"the field `name`","message":"missing field `name`"}]}}
{"ok":false,"complete":false,"value":{"name":"Ann"},"done":[""],"error":{"message":"expected nothing after the value, found `{`","violations":[{"span":{"start":16,"end":17},"message":"expected nothing after the value, found `{`"}]}}
"#);
}
