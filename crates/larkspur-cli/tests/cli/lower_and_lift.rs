use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Files, Ran, larkspur};

const SCHEMA: &str = r#"{"type": "object", "properties": {
    "scores": {"type": "object", "additionalProperties": {"type": "integer"}},
    "at": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "minItems": 2, "items": false},
    "site": {"type": "string", "format": "uri"}}, "required": ["scores", "at"], "additionalProperties": false}"#;

fn lower(schema: &str) -> Ran {
    larkspur(&["lower", "-", "--dialect", "openai"], schema)
}

#[test]
fn lower_prints_schema_plan_and_relaxations() {
    let ran = lower(SCHEMA);
    let lowered = ran.json();
    assert_eq!(ran.code, 0);
    assert_eq!(
        lowered.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["schema", "plan", "relaxations", "receipt"]
    );
    let relaxation = &lowered["relaxations"][0];
    assert_eq!(
        relaxation.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["pointer", "keyword", "value", "reason"]
    );
    assert_eq!(
        (
            &relaxation["pointer"],
            &relaxation["keyword"],
            &relaxation["value"]
        ),
        (&json!("/properties/site"), &json!("format"), &json!("uri"))
    );
    assert_eq!(lowered["schema"]["additionalProperties"], false);
}

#[test]
fn what_lower_printed_lifts_the_answer() {
    let files = Files::new(&[("plan.json", &lower(SCHEMA).stdout)]);
    let answer = r#"{"scores": [{"key": "Ann", "value": 3}], "at": {"item_0": 1.50, "item_1": 2}, "site": null}"#;
    let ran = larkspur(&["lift", &files.path("plan.json")], answer);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "{\"scores\":{\"Ann\":3},\"at\":[1.50,2]}\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_repeated_map_key_is_a_violation() {
    let files = Files::new(&[("plan.json", &lower(SCHEMA).stdout)]);
    let answer = r#"{"scores": [{"key": "Ann", "value": 3}, {"key": "Ann", "value": 4}], "at": {"item_0": 1, "item_1": 2}, "site": null}"#;
    let ran = larkspur(&["lift", &files.path("plan.json"), "-"], answer);
    assert_eq!(ran.stdout, "");
    assert_snapshot!(ran.told(), @r#"
exit 1
error: the key `Ann` is given twice
 --> line 1, column 49: /scores/1/key
  |
1 | …": [{"key": "Ann", "value": 3}, {"key": "Ann", "value": 4}], "at": {"item_0": 1, "item_1": 2}, "site…
  |                                          ^^^^^
"#);
}

#[test]
fn many_answers_in_one_process() {
    let files = Files::new(&[("plan.json", &lower(SCHEMA).stdout)]);
    let stdin = r#"{"scores": [], "at": {"item_0": 1, "item_1": 2}, "site": "x"}
{"scores": [}
{"scores": [{"key": "a", "value": 1}], "at": {"item_0": 0, "item_1": 0}, "site": null}
"#;
    let ran = larkspur(&["lift", &files.path("plan.json"), "--ndjson"], stdin);
    assert_eq!(ran.code, 1);
    let lines = ran.lines();
    assert_eq!(
        lines[0],
        json!({"ok": true, "value": {"scores": {}, "at": [1, 2], "site": "x"}})
    );
    assert_eq!(lines[1]["ok"], false);
    assert_eq!(
        lines[2],
        json!({"ok": true, "value": {"scores": {"a": 1}, "at": [0, 0]}})
    );
}

#[test]
fn a_schema_that_cannot_be_carried_is_a_no() {
    let ran = lower(r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}"##);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert_snapshot!(ran.stderr, @r##"
error[cyclic-ref]: a reference leads back to itself without a property or an element between
 --> stdin:1:38
  |
1 | {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}
  |                                      ^ at `/$defs/a`
  |
  = help: recursion needs a property or an array element to pass through
"##);

    let ran = larkspur(
        &["lower", "-", "--format", "json"],
        r#"{"$ref": "https://example.com/s.json"}"#,
    );
    let refused: Value = ran.json();
    assert_eq!((ran.code, &refused["ok"]), (1, &json!(false)));
    assert_eq!(refused["diagnostics"][0]["code"], "remote-ref");
}

#[test]
fn what_is_no_plan_is_said_to_be_none() {
    let files = Files::new(&[
        ("s.json", SCHEMA),
        ("list.json", "[1]"),
        ("cut.json", "{\"schema\": "),
    ]);
    for name in ["s.json", "list.json", "cut.json", "gone.json"] {
        let ran = larkspur(&["lift", &files.path(name)], "{}");
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{name}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
    }
}
