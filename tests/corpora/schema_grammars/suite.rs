//! The official suite, draft 2020-12.

use std::fmt::Write as _;

use larkspur_schema::grammar::{Options, Spelling, WhiteSpace};
use serde::Deserialize;
use serde_json::Value;

use super::{Made, Tally};
use crate::data;

#[derive(Deserialize)]
struct Group {
    file: String,
    description: String,
    schema: Value,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    description: String,
    data: Value,
    valid: bool,
}

#[derive(Deserialize)]
struct Remote {
    uri: String,
    schema: Value,
}

/// In the suite `format` is a note.
fn options() -> Options {
    let remotes: Vec<Remote> = data::rows("json-schema-test-suite/remotes.jsonl");
    Options {
        formats: false,
        documents: remotes
            .into_iter()
            .map(|remote| (remote.uri, remote.schema))
            .collect(),
        ..Options::default()
    }
}

/// The suite with one way of writing grammars: what each relaxation lets in, by keyword; anything else fails.
fn run(options: &Options, text: impl Fn(&Value) -> String) -> Tally {
    let groups: Vec<Group> = data::rows("json-schema-test-suite/draft2020-12-required.jsonl");
    let mut wider = Tally::default();
    let mut wrong = String::new();
    for group in groups {
        let name = format!("{}: {}", group.file, group.description);
        let mut made = match Made::new(&group.schema, options) {
            Ok(made) => made,
            Err(error) => {
                writeln!(wrong, "{name}: refused: {error}").unwrap();
                continue;
            }
        };
        for test in group.tests {
            let accepted = made.accepts(&text(&test.data));
            if accepted == test.valid {
                wider.add("as the suite says");
            } else if accepted && !made.keywords().is_empty() {
                let mut keywords = made.keywords();
                keywords.sort_unstable();
                keywords.dedup();
                wider.add(format!("wider by {}", keywords.join(", ")));
            } else {
                let what = if accepted { "accepts" } else { "REJECTS" };
                writeln!(wrong, "{name}: {}: {what} {}", test.description, test.data).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{wrong}", wider.lines());
    wider
}

#[test]
fn the_suite_is_judged_as_it_says_or_a_relaxation_is_named() {
    let tally = run(&options(), Value::to_string);
    insta::assert_snapshot!(tally.lines(), @r#"
as the suite says: 1184
wider by $dynamicRef: 12
wider by $dynamicRef, unevaluatedItems: 1
wider by $dynamicRef, unevaluatedProperties: 2
wider by $ref: 2
wider by items, unevaluatedItems: 3
wider by multipleOf: 4
wider by multipleOf, unevaluatedItems: 1
wider by patternProperties, unevaluatedProperties: 5
wider by unevaluatedItems: 22
wider by unevaluatedProperties: 46
wider by uniqueItems: 17
"#);
}

#[test]
fn the_suite_holds_in_other_ways_of_writing() {
    let spread = Options {
        white_space: WhiteSpace::Everywhere,
        spelling: Spelling::Any,
        ..options()
    };
    let usual = run(&options(), Value::to_string);
    let pretty = run(&spread, |value| format!(" {value:#}\n"));
    assert_eq!(usual.lines(), pretty.lines());
    let escaped = run(&spread, escaped);
    assert_eq!(usual.lines(), escaped.lines());
}

/// Every character of every string as `\uXXXX`.
fn escaped(value: &Value) -> String {
    let string = |text: &str| {
        let units = text.encode_utf16().map(|unit| format!("\\u{unit:04X}"));
        format!("\"{}\"", units.collect::<String>())
    };
    match value {
        Value::String(text) => string(text),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(escaped).collect();
            format!("[{}]", elements.join(" ,\t"))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}:\r{}", string(name), escaped(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}
