//! JSONSchemaBench: real schemas with their instances.

use std::fmt::Write as _;

use larkspur_output::JsonReader;
use larkspur_schema::grammar::{Options, PropertyOrder};
use serde::Deserialize;
use serde_json::Value;

use super::{Made, Tally};
use crate::data;

#[derive(Deserialize)]
struct Case {
    id: String,
    schema: Value,
    tests: Vec<Test>,
    llguidance: Verdict,
}

#[derive(Deserialize)]
struct Test {
    valid: bool,
    data: Value,
}

#[derive(Deserialize)]
struct Verdict {
    verdict: String,
}

/// How the schemas of the bench are carried.
fn run(options: &Options) -> Tally {
    let cases: Vec<Case> = data::rows("jsonschemabench/schemas.jsonl");
    let mut tally = Tally::default();
    let mut wrong = String::new();
    for case in cases {
        tally.add(format!("llguidance {}", case.llguidance.verdict));
        let mut made = match Made::new(&case.schema, options) {
            Ok(made) => made,
            Err(error) => {
                tally.add("schemas refused");
                writeln!(wrong, "{}: {error}", case.id).unwrap();
                continue;
            }
        };
        let relaxed: Vec<String> = made.keywords().into_iter().map(str::to_owned).collect();
        tally.add(if relaxed.is_empty() {
            "schemas exact"
        } else {
            "schemas relaxed"
        });
        let mut keywords = relaxed.clone();
        keywords.sort_unstable();
        keywords.dedup();
        for keyword in keywords {
            tally.add(format!("relaxed {keyword}"));
        }
        for test in case.tests {
            match (made.accepts(&test.data.to_string()), test.valid) {
                (true, false) if relaxed.is_empty() => {
                    writeln!(wrong, "{}: accepts {}", case.id, test.data).unwrap();
                }
                (true, false) => tally.add("invalid accepted by a relaxation"),
                (false, true) if options.order == PropertyOrder::Declared => {
                    tally.add("valid, and in another order");
                }
                (false, true) => writeln!(wrong, "{}: REJECTS {}", case.id, test.data).unwrap(),
                (_, true) => tally.add("valid accepted"),
                (_, false) => tally.add("invalid rejected"),
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{wrong}", tally.lines());
    tally
}

#[test]
fn in_declaration_order_fewer_rules_are_relaxed() {
    let tally = run(&Options {
        order: PropertyOrder::Declared,
        ..Options::default()
    });
    insta::assert_snapshot!(tally.lines(), @r#"
invalid accepted by a relaxation: 10
invalid rejected: 2062
llguidance agrees: 651
llguidance disagrees: 2
llguidance unsupported: 127
relaxed $ref: 1
relaxed additionalProperties: 14
relaxed format: 38
relaxed not: 4
relaxed pattern: 1
relaxed patternProperties: 10
relaxed propertyNames: 4
relaxed uniqueItems: 10
schemas exact: 706
schemas relaxed: 74
valid accepted: 1078
valid, and in another order: 38
"#);
}

#[test]
fn no_valid_instance_is_rejected_in_any_order() {
    let tally = run(&Options::default());
    insta::assert_snapshot!(tally.lines(), @r#"
invalid accepted by a relaxation: 15
invalid rejected: 2057
llguidance agrees: 651
llguidance disagrees: 2
llguidance unsupported: 127
relaxed $ref: 1
relaxed additionalProperties: 14
relaxed format: 38
relaxed not: 4
relaxed pattern: 1
relaxed patternProperties: 10
relaxed propertyNames: 4
relaxed required: 48
relaxed uniqueItems: 10
schemas exact: 666
schemas relaxed: 114
valid accepted: 1116
"#);
}

#[test]
fn readers_judge_every_instance_as_it_is() {
    let cases: Vec<Case> = data::rows("jsonschemabench/schemas.jsonl");
    let mut tally = Tally::default();
    let mut wrong = String::new();
    for case in cases {
        let reader = match JsonReader::new(&case.schema) {
            Ok(reader) => reader,
            Err(error) => {
                writeln!(wrong, "{}: {error}", case.id).unwrap();
                continue;
            }
        };
        for test in case.tests {
            match (reader.read_node(&test.data.to_string()), test.valid) {
                (Ok(_), true) => tally.add("valid accepted"),
                (Err(_), false) => tally.add("invalid rejected"),
                (Ok(_), false) => writeln!(wrong, "{}: accepts {}", case.id, test.data).unwrap(),
                (Err(error), true) => {
                    writeln!(wrong, "{}: {error}: {}", case.id, test.data).unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{wrong}", tally.lines());
    insta::assert_snapshot!(tally.lines(), @r#"
invalid rejected: 2072
valid accepted: 1116
"#);
}
