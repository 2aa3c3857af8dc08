//! Orders, white space, spellings, and what is printed.

use insta::assert_snapshot;
use larkspur_grammar::{Dialect, print};
use larkspur_schema::grammar::{Options, PropertyOrder, Spelling, WhiteSpace};
use serde_json::json;

use super::{check_with, made};

fn plain() -> Options {
    Options {
        order: PropertyOrder::Declared,
        white_space: WhiteSpace::None,
        spelling: Spelling::Plain,
        ..Options::default()
    }
}

#[test]
fn declared_order_asks_for_every_name() {
    let names: Vec<String> = (0..20).map(|index| format!("p{index}")).collect();
    let properties: serde_json::Map<_, _> = names
        .iter()
        .map(|name| (name.clone(), json!({"const": 0})))
        .collect();
    let schema = json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false});
    let text = |names: &[String]| {
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    let (whole, mut swapped) = (text(&names), names.clone());
    swapped.swap(3, 4);
    let (short, swapped) = (text(&names[1..]), text(&swapped));
    assert_eq!(
        check_with(&schema, &plain(), &[&whole], &[&short, &swapped, "{}"]),
        [""; 0]
    );
    let any = Options {
        order: PropertyOrder::Any,
        ..plain()
    };
    let relaxed = check_with(&schema, &any, &[&whole, &swapped], &["{}"]);
    assert_eq!(relaxed, ["required"; 14]);
}

#[test]
fn optional_properties_keep_their_order_too() {
    let schema = json!({"type": "object", "properties": {"a": true, "b": true, "c": true}, "required": ["b"], "additionalProperties": {"type": "null"}});
    let accepts = [
        r#"{"b":1}"#,
        r#"{"a":1,"b":1,"c":1}"#,
        r#"{"b":1,"c":1,"x":null,"y":null}"#,
        r#"{"b":1,"x":null}"#,
    ];
    let rejects = [
        r#"{"b":1,"a":1}"#,
        r#"{"a":1,"c":1}"#,
        r#"{"x":null,"b":1}"#,
        r#"{"b":1,"x":1}"#,
    ];
    assert_eq!(check_with(&schema, &plain(), &accepts, &rejects), [""; 0]);
    let counted = json!({"type": "object", "properties": {"a": true, "b": true, "c": true}, "maxProperties": 2, "minProperties": 1});
    let accepts = [r#"{"a":1,"c":1}"#, r#"{"b":1,"x":1}"#, r#"{"x":1}"#];
    let rejects = [
        "{}",
        r#"{"a":1,"b":1,"c":1}"#,
        r#"{"c":1,"a":1}"#,
        r#"{"a":1,"x":1,"y":1}"#,
    ];
    assert_eq!(check_with(&counted, &plain(), &accepts, &rejects), [""; 0]);
}

#[test]
fn white_space_is_where_it_may_be() {
    let schema = json!({"type": "array", "items": {"type": "integer"}});
    let with = |white_space| Options {
        white_space,
        ..Options::default()
    };
    check_with(
        &schema,
        &with(WhiteSpace::None),
        &["[1,2]", "[]"],
        &["[1, 2]", "[ ]", " []"],
    );
    check_with(
        &schema,
        &with(WhiteSpace::Between),
        &["[1,2]", "[\n  1 ,\t2\r\n]"],
        &[" []", "[]\n"],
    );
    check_with(
        &schema,
        &with(WhiteSpace::Everywhere),
        &[" [1, 2]\n", "[]"],
        &["[1 2]", " "],
    );
}

#[test]
fn spellings_are_as_wide_as_they_say() {
    let schema = json!({"type": "object", "properties": {"é/a": {"enum": ["x", 3]}}, "required": ["é/a"], "additionalProperties": false});
    let with = |spelling| Options {
        spelling,
        ..Options::default()
    };
    let (raw, usual, any) = (
        r#"{"é/a":3}"#,
        r#"{"\u00e9\/a":3.0}"#,
        r#"{"\u00e9\u002fa":"\u0078"}"#,
    );
    check_with(&schema, &with(Spelling::Plain), &[raw], &[usual, any]);
    check_with(&schema, &with(Spelling::Usual), &[raw, usual], &[any]);
    check_with(&schema, &with(Spelling::Any), &[raw, usual, any], &[]);
    let number = json!({"type": "number", "minimum": 1});
    check_with(&number, &with(Spelling::Plain), &["1.5"], &["1.5e0"]);
    check_with(&number, &with(Spelling::Usual), &["1.5", "1.5e0"], &["0.5"]);
}

#[test]
fn the_grammar_reads_well() {
    let schema = json!({"type": "object", "properties": {
        "name": {"type": "string", "minLength": 1}, "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}}, "parent": {"$ref": "#"}},
        "required": ["name"], "additionalProperties": false, "$defs": {"tag": {"enum": ["new", "old"]}}});
    let made = made(&schema, &plain());
    let lark = print::lark(&made.grammar, Dialect::openai());
    assert!(lark.losses.is_empty());
    assert_snapshot!(lark.text, @r#"
start: root
root: "{" "\"name\"" ":" /"(?:[^\x00-\x1F"\\]|\\"|\\\\|\\b|\\f|\\n|\\r|\\t|\\u000[0-7]|\\u000[bB]|\\u000[efEF]|\\u001[a-fA-F0-9])+"/ root_after_age "}"
root_after_age: ("," "\"age\"" ":" /[0-9]|[1-9][0-9]|1[0-4][0-9]|150|-0/)? root_after_tags
root_after_tags: ("," "\"tags\"" ":" tags)? root_after_parent
tags: "[]" | "[" /"new"|"old"/ ("," /"new"|"old"/)* "]"
root_after_parent: ("," "\"parent\"" ":" root)?

LBRACE: "{"
COLON: ":"
RBRACE: "}"
COMMA: ","
EMPTY_ARRAY: "[]"
LBRACKET: "["
RBRACKET: "]"
"#);
    let gbnf = print::gbnf(&made.grammar);
    assert!(gbnf.losses.is_empty(), "{:?}", gbnf.losses);
    assert_snapshot!(gbnf.text, @r#"
root ::= root-2

root-2 ::= lbrace "\"name\"" colon "\"" ([^\x00-\x1F"\\] | "\\\"" | "\\\\" | "\\b" | "\\f" | "\\n" | "\\r" | "\\t" | "\\u000" [0-7] | "\\u000" [bB] | "\\u000" [efEF] | "\\u001" [a-fA-F0-9])+ "\"" root-after-age rbrace

root-after-age ::= (comma "\"age\"" colon ([0-9] | [1-9] [0-9] | "1" [0-4] [0-9] | "150" | "-0"))? root-after-tags

root-after-tags ::= (comma "\"tags\"" colon tags)? root-after-parent

tags ::= empty-array | lbracket ("\"new\"" | "\"old\"") (comma ("\"new\"" | "\"old\""))* rbracket

root-after-parent ::= (comma "\"parent\"" colon root-2)?

lbrace ::= "{"

colon ::= ":"

rbrace ::= "}"

comma ::= ","

empty-array ::= "[]"

lbracket ::= "["

rbracket ::= "]"
"#);
}
