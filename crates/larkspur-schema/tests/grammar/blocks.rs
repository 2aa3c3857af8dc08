//! Schemas inside Lark: `%json` blocks as ordinary rules. llguidance is the judge.

use insta::assert_snapshot;
use larkspur_grammar::{Dialect, Grammar, lark, print};
use larkspur_schema::grammar::{Options, SchemaGrammar, expand_json};
use llguidance::ParserFactory;
use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};

use super::judge;

fn compiled(text: &str) -> Grammar {
    lark::compile(text, Dialect::llguidance()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn expanded(text: &str) -> SchemaGrammar {
    expand_json(&compiled(text), &Options::llguidance()).unwrap_or_else(|error| panic!("{error}"))
}

/// What llguidance says of a text.
fn oracle(grammar: &str, text: &str) -> bool {
    let env = ApproximateTokEnv::single_byte_env();
    let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[])
        .unwrap_or_else(|error| panic!("{error}"));
    factory.quiet();
    let grammar = TopLevelGrammar::from_lark(grammar.to_owned());
    let mut parser = factory
        .create_parser(grammar)
        .unwrap_or_else(|error| panic!("{error}"));
    parser.start_without_prompt();
    let is_read = parser.parser.apply_token(text.as_bytes(), 0).is_ok();
    is_read && parser.parser.is_accepting()
}

/// These texts are sentences and those are none, here and for llguidance.
#[track_caller]
fn check(grammar: &str, accepts: &[&str], rejects: &[&str]) {
    let made = expanded(grammar);
    assert!(made.relaxations.is_empty(), "{:?}", made.relaxations);
    let mut is_sentence = judge(&made.grammar);
    let texts = accepts.iter().map(|text| (text, true));
    for (text, expected) in texts.chain(rejects.iter().map(|text| (text, false))) {
        assert_eq!(is_sentence(text), expected, "{text}");
        assert_eq!(oracle(grammar, text), expected, "llguidance on {text}");
    }
}

#[test]
fn blocks_stand_where_rules_may() {
    check(
        r#"
        start: "add(" value ("," value)* ")"
        value: %json {"type": "integer", "minimum": -5}
        "#,
        &["add(1)", "add(1,-5)"],
        &["add()", "add(1,)", "add(-6)", "add(\"1\")"],
    );
    check(
        r#"
        start: "f" %json {"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"], "additionalProperties": false} ";"
        "#,
        &["f{\"a\":true};", "f{ \"a\" : false };"],
        &["f{};", "f{\"a\":1};", "f {\"a\":true};", "f{\"a\":true}"],
    );
}

#[test]
fn equal_blocks_are_one_and_names_do_not_clash() {
    let grammar = r##"
        start: root "|" %json {"enum": ["x"]} "|" %json {"enum": ["x"]} "|" %json {"type": "array", "items": {"$ref": "#"}}
        root: "r" | json
        json: COMMA | STRING
        COMMA: /c/
        STRING: "s"
    "##;
    check(
        grammar,
        &[
            "r|\"x\"|\"x\"|[[],[]]",
            "c|\"x\"|\"x\"|[]",
            "s|\"x\"|\"x\"|[]",
        ],
        &["r|\"x\"|\"y\"|[]", ",|\"x\"|\"x\"|[]", "r|\"x\"|\"x\"|[1]"],
    );
}

#[test]
fn options_of_a_block_are_followed() {
    let pair = |options: &str| {
        format!(
            r#"start: %json {{"type": "object", "properties": {{"a": {{"type": "integer"}}, "b": {{"type": "array", "items": {{"type": "null"}}}}}},
                "required": ["a", "b"], "additionalProperties": false, "x-guidance": {options}}}"#
        )
    };
    check(
        &pair(r#"{"whitespace_flexible": false}"#),
        &["{\"a\":1,\"b\":[]}", "{\"a\":1,\"b\":[null,null]}"],
        &["{\"a\": 1,\"b\":[]}", "{\"a\":1,\"b\":[ ]}"],
    );
    check(
        &pair(r#"{"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "}"#),
        &["{\"a\": 1, \"b\": [null, null]}"],
        &["{\"a\":1,\"b\":[]}", "{\"a\": 1, \"b\": [null,null]}"],
    );
    check(
        &pair(r#"{"whitespace_pattern": "[ ]{1,2}"}"#),
        &["{\"a\":1,\"b\":[]}", "{  \"a\" : 1, \"b\":[  ]}"],
        &["{   \"a\":1,\"b\":[]}", "{\n\"a\":1,\"b\":[]}"],
    );
    check(
        r#"start: %json {"type": "string", "maxLength": 1, "x-guidance": {"json_allow_general_unicode_escapes": true}}"#,
        &["\"a\"", "\"\\u0061\""],
        &["\"ab\"", "\"a\\u0061\""],
    );
}

#[test]
fn what_is_ignored_around_a_block_may_stand_inside() {
    let white = expanded("start: %json {\"type\": \"array\"} \";\"\n%ignore /[ \\n]+/");
    assert!(white.relaxations.is_empty());
    let comments = expanded("start: %json {\"type\": \"array\"} \";\"\n%ignore /#[a-z]*\\n/");
    assert_eq!(comments.relaxations[0].keyword, "%ignore");
    assert!(judge(&comments.grammar)("[1#c\n];"));
}

#[test]
fn a_block_that_is_no_schema_is_told_with_its_rule() {
    let told = |block: &str| {
        let grammar = compiled(&format!("start: value\nvalue: %json {block}"));
        let error = expand_json(&grammar, &Options::llguidance()).unwrap_err();
        error.diagnostics()[0].to_string()
    };
    assert_snapshot!(told(r#"{"type": 1}"#), @r#"error[malformed-schema]: in the `%json` of `value`: `type` is a name of a type or a list of names at `#/type`"#);
    assert_snapshot!(told(r##"{"items": {"$ref": "#/$defs/none"}}"##), @r#"error[unresolved-ref]: in the `%json` of `value`: `#/$defs/none` leads nowhere at `#/items/$ref` (a reference is written `#/$defs/NAME`, and the name has to be in `$defs`)"#);
    assert_snapshot!(told(r#"{"x-guidance": {"whitespace": true}}"#), @r#"error[malformed-schema]: in the `%json` of `value`: `x-guidance`: `whitespace` is no option of llguidance at `#`"#);
    assert_snapshot!(told(r#"{"x-guidance": {"whitespace_pattern": "["}}"#), @r#"
error[malformed-schema]: in the `%json` of `value`: `x-guidance`: `whitespace_pattern` is a regex: regex parse error:
    [
    ^
error: unclosed character class at `#`
"#);
}

#[test]
fn blocks_are_printed_as_rules() {
    let made = expanded(
        r#"start: "f(" %json {"enum": ["on", "off"]} ", " %json {"type": "array", "items": {"type": "integer", "minimum": 0}} ")""#,
    );
    let printed = print::lark(&made.grammar, Dialect::openai());
    assert!(printed.losses.is_empty(), "{:?}", printed.losses);
    assert_snapshot!(printed.text, @r#"
start: "f(" json ", " json_2 ")"
json: /"on"|"off"/
json_2: EMPTY_ARRAY | LBRACKET /[0-9]|[1-9][0-9]+|-0/ (COMMA /[0-9]|[1-9][0-9]+|-0/)* RBRACKET

EMPTY_ARRAY: /\[[\t\n\r ]*\]/
LBRACKET: /\[[\t\n\r ]*/
COMMA: /[\t\n\r ]*,[\t\n\r ]*/
RBRACKET: /[\t\n\r ]*\]/
"#);
    // What is printed means the same.
    let read = lark::compile(&printed.text, Dialect::openai()).unwrap();
    let mut again = judge(&read);
    assert!(again("f(\"on\", [1, 20])"));
    assert!(!again("f(\"in\", [])"));
}

#[test]
fn a_grammar_without_blocks_stays() {
    let made = expanded("start: \"a\"");
    assert!(made.relaxations.is_empty());
    assert!(judge(&made.grammar)("a"));
}
