//! Schemas as grammars: `convert`, `parse`, `sample`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Files, larkspur};

fn files() -> Files {
    let person = json!({"type": "object", "properties": {
        "name": {"type": "string", "pattern": "^[A-Z][a-z]{1,8}$"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "tags": {"type": "array", "items": {"enum": ["new", "old"]}, "uniqueItems": true},
    }, "required": ["name"], "additionalProperties": false});
    let exact = json!({"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2});
    Files::new(&[
        ("person.json", &person.to_string()),
        ("exact.json", &exact.to_string()),
        ("broken.json", r##"{"$ref": "#/$defs/gone"}"##),
        ("good.txt", "{\n  \"age\": 36, \"name\": \"\\u0041da\"\n}\n"),
        ("bad.txt", r#"{"name": "ada"}"#),
    ])
}

#[test]
fn a_schema_is_converted_and_tells_what_it_relaxes() {
    let files = files();
    let exact = larkspur(&["convert", &files.path("exact.json"), "--to", "lark"], "");
    assert_snapshot!(exact.stdout, @r#"
start: EMPTY_ARRAY | LBRACKET /"a"|"b"/ (COMMA /"a"|"b"/)? RBRACKET

EMPTY_ARRAY: /\[[\t\n\r ]*\]/
LBRACKET: /\[[\t\n\r ]*/
COMMA: /[\t\n\r ]*,[\t\n\r ]*/
RBRACKET: /[\t\n\r ]*\]/
"#);
    assert_eq!((exact.code, exact.stderr.as_str()), (0, ""));
    for target in ["gbnf", "ebnf"] {
        let ran = larkspur(&["convert", &files.path("exact.json"), "--to", target], "");
        assert_eq!(ran.told(), "exit 0\n");
        assert!(ran.stdout.starts_with("root ::="), "{}", ran.stdout);
    }
    let person = larkspur(&["convert", &files.path("person.json"), "--to", "lark"], "");
    assert_snapshot!(person.told(), @r#"
exit 1
relaxed: `uniqueItems` at `#/properties/tags`: a grammar does not compare elements (more is accepted)
"#);
    let lossy = larkspur(
        &[
            "convert",
            &files.path("person.json"),
            "--to",
            "lark",
            "--lossy",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!(lossy.code, 0);
    let value = lossy.json();
    assert_eq!(value["ok"], false);
    assert_eq!(value["relaxations"][0]["pointer"], "/properties/tags");
    assert_eq!(value["relaxations"][0]["keyword"], "uniqueItems");
    assert_eq!(value["losses"], json!([]));
}

#[test]
fn a_text_is_read_by_the_grammar_of_a_schema() {
    let files = files();
    let schema = files.path("person.json");
    assert_eq!(
        larkspur(&["parse", &schema, &files.path("good.txt")], "").code,
        0
    );
    let bad = larkspur(&["parse", &schema, &files.path("bad.txt")], "");
    assert_eq!(bad.code, 1);
    assert!(bad.stderr.contains("line 1, column 11"), "{}", bad.stderr);
    let lines = larkspur(
        &["parse", &schema, "--ndjson"],
        "\"{\\\"name\\\":\\\"Ada\\\"}\"\n\"{}\"\n",
    );
    let ok: Vec<Value> = lines
        .lines()
        .iter()
        .map(|line| line["ok"].clone())
        .collect();
    assert_eq!((lines.code, ok), (1, vec![json!(true), json!(false)]));
    let declared = larkspur(
        &[
            "parse",
            &schema,
            &files.path("good.txt"),
            "--order",
            "declared",
        ],
        "",
    );
    assert_eq!(declared.code, 1);
    let broken = larkspur(&["parse", &files.path("broken.json")], "1");
    assert_eq!(broken.code, 2);
    assert!(broken.stderr.contains("leads nowhere"), "{}", broken.stderr);
}

#[test]
fn samples_are_values_of_the_schema_and_near_misses_are_not() {
    let files = files();
    let schema = files.path("person.json");
    let sampled = larkspur(&["sample", &schema, "-n", "30", "--seed", "7"], "");
    assert_eq!(
        (sampled.code, sampled.stdout.lines().count()),
        (0, 30),
        "{}",
        sampled.stderr
    );
    let validator: Value =
        serde_json::from_str(&std::fs::read_to_string(&schema).unwrap()).unwrap();
    let properties = validator["properties"].as_object().unwrap();
    for value in sampled.lines() {
        let members = value.as_object().unwrap();
        assert!(members.contains_key("name"), "{value}");
        assert!(
            members.keys().all(|name| properties.contains_key(name)),
            "{value}"
        );
        let tags = members
            .get("tags")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        assert!(tags <= 2, "unique: {value}");
    }
    let missed = larkspur(
        &["sample", &schema, "-n", "10", "--near-miss", "--ndjson"],
        "",
    );
    assert_eq!(
        (missed.code, missed.lines().len()),
        (0, 10),
        "{}",
        missed.stderr
    );
    let judged = larkspur(&["validate", &schema, "--ndjson"], missed.stdout);
    assert!(
        judged.lines().iter().all(|line| line["ok"] == false),
        "{}",
        judged.stdout
    );
}

#[test]
fn schemas_inside_lark_are_rules_of_it() {
    let lark = r#"start: "call " %json {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}, "required": ["n"], "additionalProperties": false}"#;
    let files = Files::new(&[("call.lark", lark)]);
    let call = files.path("call.lark");
    assert_eq!(larkspur(&["check", &call], "").code, 0);
    // Nobody knows whether OpenAI takes such blocks.
    let checked = larkspur(&["check", &call, "--dialect", "openai"], "");
    assert!(checked.stdout.contains("%json"), "{}", checked.stdout);

    let converted = larkspur(&["convert", &call, "--to", "lark"], "");
    assert_eq!((converted.code, converted.stderr.as_str()), (0, ""));
    assert!(!converted.stdout.contains("%json"), "{}", converted.stdout);
    let files = Files::new(&[("made.lark", &converted.stdout), ("call.lark", lark)]);
    let checked = larkspur(
        &["check", &files.path("made.lark"), "--dialect", "openai"],
        "",
    );
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    // Who takes the block gets the block.
    let kept = larkspur(
        &[
            "convert",
            &files.path("call.lark"),
            "--to",
            "lark",
            "--for",
            "llguidance",
        ],
        "",
    );
    assert!(kept.stdout.contains("%json"), "{}", kept.told());

    for grammar in ["call.lark", "made.lark"] {
        let parse = |text| larkspur(&["parse", &files.path(grammar)], text).code;
        assert_eq!(parse("call { \"n\": 12 }"), 0);
        assert_eq!(parse("call {\"n\":0}"), 1);
        assert_eq!(parse("{\"n\":1}"), 1);
        let sampled = larkspur(&["sample", &files.path(grammar), "-n", "5"], "");
        assert_eq!((sampled.code, sampled.stdout.lines().count()), (0, 5));
        assert!(
            sampled
                .stdout
                .lines()
                .all(|line| line.starts_with("call {"))
        );
    }
}

#[test]
fn a_broken_schema_inside_lark_is_told() {
    let files = Files::new(&[("broken.lark", "start: value\nvalue: %json {\"type\": 1}")]);
    let ran = larkspur(&["parse", &files.path("broken.lark")], "1");
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("in the `%json` of `value`"),
        "{}",
        ran.stderr
    );
}
