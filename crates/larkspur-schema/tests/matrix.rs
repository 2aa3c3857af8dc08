//! Which dialect takes which keyword, and what lowering makes of it: `docs/schema-dialects.md` is the table, and here is the proof of
//! each cell.
//!
//! To write the document anew: `LARKSPUR_BLESS=1 cargo test --workspace --test matrix`.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod document;

use std::fmt::Write as _;

use larkspur_schema::{Change, Dialect, Enforcer, Severity, Support, check, lower};
use serde_json::{Value, json};

/// Keywords that are no rules and stand nowhere but at the root, or are another name of a row.
const LEFT_OUT: &[&str] = &[
    "$schema",
    "$id",
    "$vocabulary",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$dynamicRef",
    "$recursiveRef",
    "$defs",
    "definitions",
    "$comment",
    "additionalItems",
    "dependencies",
    "then",
    "else",
    "minContains",
    "maxContains",
];

/// A property with the keyword, which means something there.
fn sample(keyword: &str) -> Value {
    let text = json!({"type": "string"});
    match keyword {
        "title" | "description" => json!({"type": "string", keyword: "text"}),
        "default" => json!({"type": "string", "default": "a"}),
        "examples" => json!({"type": "string", "examples": ["a"]}),
        "deprecated" | "readOnly" | "writeOnly" => json!({"type": "string", keyword: true}),
        "type" => text,
        "enum" => json!({"type": "string", "enum": ["a", "b"]}),
        "const" => json!({"type": "string", "const": "a"}),
        "allOf" => json!({"type": "integer", "allOf": [{"minimum": 1}, {"maximum": 5}]}),
        "anyOf" => json!({"anyOf": [text, {"type": "boolean"}]}),
        "oneOf" => {
            json!({"oneOf": [{"type": "integer", "minimum": 1}, {"type": "integer", "maximum": 5}]})
        }
        "not" => json!({"type": "string", "not": {"const": "a"}}),
        "if" => {
            json!({"type": "string", "if": {"const": "a"}, "then": {"maxLength": 1}, "else": {"minLength": 1}})
        }
        "$ref" => json!({"$ref": "#/$defs/a"}),
        "properties" => {
            json!({"type": "object", "properties": {"a": text}, "required": ["a"], "additionalProperties": false})
        }
        "required" => {
            json!({"type": "object", "properties": {"a": text, "b": text}, "required": ["a"], "additionalProperties": false})
        }
        "additionalProperties" => json!({"type": "object", "additionalProperties": text}),
        "patternProperties" => {
            json!({"type": "object", "properties": {"a": text}, "required": ["a"], "patternProperties": {"^x": text}, "additionalProperties": false})
        }
        "propertyNames" => {
            json!({"type": "object", "propertyNames": {"pattern": "^x"}, "additionalProperties": text})
        }
        "minProperties" | "maxProperties" => {
            json!({"type": "object", keyword: 1, "additionalProperties": text})
        }
        "dependentRequired" => {
            json!({"type": "object", "properties": {"a": text, "b": text}, "required": ["a", "b"], "additionalProperties": false, "dependentRequired": {"a": ["b"]}})
        }
        "dependentSchemas" => {
            json!({"type": "object", "properties": {"a": text}, "required": ["a"], "additionalProperties": false, "dependentSchemas": {"a": {"required": ["a"]}}})
        }
        "unevaluatedProperties" => {
            json!({"type": "object", "properties": {"a": text}, "required": ["a"], "unevaluatedProperties": false})
        }
        "unevaluatedItems" => {
            json!({"type": "array", "prefixItems": [text], "minItems": 1, "maxItems": 1, "unevaluatedItems": false})
        }
        "items" => json!({"type": "array", "items": text}),
        "prefixItems" => {
            json!({"type": "array", "prefixItems": [text, {"type": "null"}], "minItems": 2, "maxItems": 2})
        }
        "minItems" | "maxItems" => json!({"type": "array", "items": text, keyword: 3}),
        "uniqueItems" => json!({"type": "array", "items": text, "uniqueItems": true}),
        "contains" => json!({"type": "array", "items": text, "contains": {"const": "a"}}),
        "pattern" => json!({"type": "string", "pattern": "^[a-z]+$"}),
        "format" => json!({"type": "string", "format": "date-time"}),
        "minLength" | "maxLength" => json!({"type": "string", keyword: 3}),
        "contentEncoding" => json!({"type": "string", "contentEncoding": "base64"}),
        "contentMediaType" => json!({"type": "string", "contentMediaType": "text/html"}),
        "contentSchema" => {
            json!({"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "null"}})
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            json!({"type": "integer", keyword: 3})
        }
        "multipleOf" => json!({"type": "integer", "multipleOf": 5}),
        other => panic!("`{other}` needs a sample"),
    }
}

fn document_of(keyword: &str) -> Value {
    let mut schema = json!({"type": "object", "properties": {"x": sample(keyword)}, "required": ["x"], "additionalProperties": false});
    if keyword == "$ref" {
        schema["$defs"] = json!({"a": {"type": "string"}});
    }
    schema
}

fn keywords() -> Vec<&'static str> {
    Dialect::keywords()
        .filter(|keyword| !LEFT_OUT.contains(keyword))
        .collect()
}

/// What the check says of the keyword itself.
fn said(keyword: &str, dialect: &Dialect) -> Option<(Severity, &'static str)> {
    let place = format!("/properties/x/{keyword}");
    let found = check(&document_of(keyword), Some(dialect));
    let about = [
        "keyword-not-permitted",
        "keyword-ignored",
        "disputed-keyword",
    ];
    found
        .iter()
        .find(|one| one.pointer.as_str() == place && about.contains(&one.code))
        .map(|one| (one.severity, one.code))
}

#[test]
fn every_cell_is_what_the_check_says() {
    let mut wrong = String::new();
    for keyword in keywords() {
        for dialect in Dialect::all() {
            let is_rule = ![
                "title",
                "description",
                "default",
                "examples",
                "deprecated",
                "readOnly",
                "writeOnly",
            ]
            .contains(&keyword)
                && !keyword.starts_with("content");
            let expected = match dialect.support(keyword) {
                Support::Refused => Some((Severity::Error, "keyword-not-permitted")),
                Support::Disputed => Some((Severity::Warning, "disputed-keyword")),
                Support::Ignored if is_rule => Some((Severity::Warning, "keyword-ignored")),
                _ => None,
            };
            let said = said(keyword, dialect);
            if said != expected {
                let _ = writeln!(
                    wrong,
                    "`{keyword}`, {}: {said:?}, not {expected:?}",
                    dialect.name()
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What lowering makes of the sample: what is sent passes the check, and what it says of the keyword is the second half of a cell.
fn lowered(keyword: &str, dialect: &Dialect) -> &'static str {
    let lowered = lower(&document_of(keyword), dialect).expect("each sample can be carried");
    let found = check(&lowered.schema, Some(dialect));
    assert!(
        found.is_empty(),
        "`{keyword}`, {}: {}",
        dialect.name(),
        found[0]
    );
    // The conclusions are part of the condition.
    let of_rule = |rule: &str| rule == keyword;
    let entry = lowered
        .receipt
        .iter()
        .filter(|entry| entry.pointer.as_str().starts_with("/properties/x") && of_rule(&entry.rule))
        .max_by_key(|entry| entry.change);
    match entry.map(|entry| (entry.change, entry.by)) {
        Some((Change::Kept, _)) => "another form",
        Some((Change::Described, Enforcer::Check)) => "told, checked",
        Some((Change::Described, _)) => "told",
        Some((Change::Widened, Enforcer::Check)) => "checked",
        Some((Change::Widened, _)) => "left out",
        Some((Change::Narrowed, _)) => "narrowed",
        Some(_) => panic!("a sample is refused"),
        None if lowered.schema["properties"]["x"].get(keyword).is_some() => "as it is",
        None if !lowered.plan.is_empty() => "another form",
        None => "in other words",
    }
}

fn cell(keyword: &str, dialect: &Dialect) -> String {
    let support = match dialect.support(keyword) {
        Support::Taken => "yes",
        Support::Partly(_) => "in part",
        Support::Ignored => "skipped",
        Support::Disputed => "?",
        Support::Refused => "**no**",
        other => panic!("{other:?} needs a word"),
    };
    match lowered(keyword, dialect) {
        "as it is" if support == "yes" => support.to_owned(),
        made => format!("{support}: {made}"),
    }
}

const HEAD: &str = "\
# Keywords of JSON Schema by dialect

What each server does with a keyword, and what `larkspur lower SCHEMA --dialect D` makes of it. The first half of a cell is the table of the
dialect in `crates/larkspur-schema/src/dialect/`, which names its sources; the second half is what lowering did to a sample.
`crates/larkspur-schema/tests/matrix.rs` writes this page, and checks for every cell that `larkspur check` says the same, and that what is lowered is
taken.

Before the colon: *yes*: taken and enforced. *in part*: see the conditions below. *skipped*: taken, and the model is not held to it.
*?*: reports and documents differ, or say nothing. **no**: the request is refused.
After it: *as it is*; *in other words*: the same rule by other keywords; *another form*: the answer is put back by the plan; *told, checked*: moved to the
description, and checked in the answer; *checked*: checked in the answer only; *told*, *left out*: no rule is lost; *narrowed*: the model can
say less. The receipt of a lowering says which it was, for every place.

";

/// The document.
fn text() -> String {
    let mut out = String::from(HEAD);
    let titles: Vec<&str> = Dialect::all()
        .iter()
        .map(|dialect| dialect.title())
        .collect();
    let _ = writeln!(out, "| keyword | {} |", titles.join(" | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(titles.len()));
    for keyword in keywords() {
        let cells: Vec<String> = Dialect::all()
            .iter()
            .map(|dialect| cell(keyword, dialect))
            .collect();
        let _ = writeln!(out, "| `{keyword}` | {} |", cells.join(" | "));
    }
    out.push_str("\n## Conditions\n\n");
    for dialect in Dialect::all() {
        let conditions: Vec<String> = keywords()
            .into_iter()
            .filter_map(|keyword| match dialect.support(keyword) {
                Support::Partly(condition) => Some(format!("`{keyword}`: {condition}")),
                _ => None,
            })
            .collect();
        if !conditions.is_empty() {
            let _ = writeln!(out, "- **{}**: {}.", dialect.title(), conditions.join("; "));
        }
    }
    out.push_str("\n## Sources\n\n| dialect | `--dialect` | source | state |\n|---|---|---|---|\n");
    for dialect in Dialect::all() {
        let _ = writeln!(
            out,
            "| {} | `{}` | <{}> | {} |",
            dialect.title(),
            dialect.name(),
            dialect.source(),
            dialect.date()
        );
    }
    out
}

#[test]
fn the_document_is_the_table() {
    document::is_written("schema-dialects.md", &text());
}
